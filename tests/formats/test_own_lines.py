"""Itemised lines of our own file, each against a formula written again here in fractions."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.errors import CrosswalkError
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.formats import read
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.load import load
from tests.formats.everything import EVERYTHING, LINES
from tests.formats.test_own_activity import file, refusal, schema_errors


def stated(footprint: Footprint) -> dict[str, Disclosure]:
    return {disclosure.path: disclosure for disclosure in footprint.disclosures}


def lines(catalogue: Catalogue, **sections: Any) -> dict[str, Disclosure]:
    return stated(read(file(**sections), catalogue))


def exact(value: str, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "exact": True}


def test_every_section_is_read_and_nothing_is_left(catalogue: Catalogue) -> None:
    footprint = read(EVERYTHING, catalogue)
    assert footprint.unused == ()
    heads = {path.partition(".")[0] for path in stated(footprint)}
    assert heads >= set(LINES)


# Capital goods


def test_capital_goods_are_burden_over_lifetime_output_by_kind(catalogue: Catalogue) -> None:
    # By hand, per 2 kg: 1 000 t CO2e over 50 000 t of product are 0.02 kg/kg, 10 kg over 1 000 kg are 0.01.
    found = stated(read(EVERYTHING, catalogue))
    goods, overheads = found["capital_goods.capital-goods"], found["capital_goods.overheads"]
    assert (goods.quantity.value, overheads.quantity.value) == (Fraction(4, 100), Fraction(2, 100))
    assert (goods.field, goods.on.activities) == ("capital-goods", ("capital-goods",))
    assert goods.under == ("capital-goods.included",)
    assert overheads.on.activities == ("overheads",)
    assert goods.limit is None


def test_items_of_a_kind_add_up_with_their_rounding(catalogue: Catalogue) -> None:
    item = {"kind": "capital-goods", "burden": "10.0 kg CO2e", "lifetime_output": exact("100", "kg")}
    found = lines(catalogue, capital_goods=[item, item])["capital_goods.capital-goods"].quantity
    assert (found.value, found.half) == (Fraction(1, 5), Fraction(1, 1000))


# Air transport


def leg(**more: Any) -> dict[str, Any]:
    return {"aircraft": [more]}


def test_a_leg_without_uplift_and_its_uplift(catalogue: Catalogue) -> None:
    given = leg(co2e=exact("0.11", "kg CO2e"), co2=exact("0.1", "kg CO2"), multiplier="1.9")
    found = lines(catalogue, **given)
    assert found["aircraft.aircraft"].quantity.value == Fraction("0.11")
    assert found["aircraft.aircraft-co2"].quantity.value == Fraction("0.1")
    assert found["aircraft.aircraft-co2"].basis == "mass"
    # (1.9 - 1) times the CO2; a multiplier is taken as written.
    uplift = found["aircraft.aircraft-uplift"]
    assert (uplift.quantity.value, uplift.quantity.half) == (Fraction("0.09"), 0)
    assert uplift.on.activities == ("aircraft-uplift",)
    assert read(file(**given), catalogue).method["aircraft"] == ("aircraft.multiplier",)


def test_a_leg_that_holds_its_uplift_already(catalogue: Catalogue) -> None:
    # OP-AIR: what a multiplier k adds to combustion CO2 reported with it is 1 - 1/k of it.
    given = leg(co2e=exact("0.21", "kg CO2e"), co2=exact("0.19", "kg CO2"), multiplier="1.9", multiplied=True)
    found = lines(catalogue, **given)
    assert found["aircraft.aircraft-uplift"].quantity.value == Fraction("0.19") * (1 - 1 / Fraction("1.9"))
    assert found["aircraft.aircraft-co2"].quantity.value == Fraction("0.1")
    assert found["aircraft.aircraft"].quantity.value == Fraction("0.12")


@given(
    st.integers(1, 500),
    st.integers(1, 500),
    st.fractions("1.1", "3", max_denominator=10),
)
def test_both_ways_to_state_a_leg_agree(carbon: int, other: int, k: Fraction) -> None:
    k = Fraction(f"{float(k):.1f}")
    plain = {"co2e": exact(str(carbon + other), "kg CO2e"), "co2": exact(str(carbon), "kg CO2")}
    whole = Fraction(carbon) * k
    held = {
        "co2e": exact(f"{float(whole + other):.1f}", "kg CO2e"),
        "co2": exact(f"{float(whole):.1f}", "kg CO2"),
        "multiplied": True,
    }
    one = lines(load(), **leg(**plain, multiplier=f"{float(k):.1f}"))
    two = lines(load(), **leg(**held, multiplier=f"{float(k):.1f}"))
    for path in ("aircraft.aircraft", "aircraft.aircraft-co2", "aircraft.aircraft-uplift"):
        assert one[path].quantity.value == two[path].quantity.value


def test_without_the_co2_the_uplift_is_a_limit(catalogue: Catalogue) -> None:
    found = lines(catalogue, **leg(co2e=exact("0.2", "kg CO2e"), multiplier="2"))
    most = found["aircraft.aircraft-uplift.most"]
    assert (most.limit, most.quantity.value, most.quantity.text) == ("most", Fraction("0.2"), "≤ 0.2")
    assert found["aircraft.aircraft"].quantity.value == Fraction("0.2")
    assert not [path for path in found if "co2." in path]
    held = lines(catalogue, **leg(co2e=exact("0.2", "kg CO2e"), multiplier="2", multiplied=True))
    assert held["aircraft.aircraft.most"].quantity.value == Fraction("0.2")
    assert held["aircraft.aircraft.least"].quantity.value == Fraction("0.1")
    assert held["aircraft.aircraft.least"].limit == "least"
    assert held["aircraft.aircraft-uplift.most"].quantity.value == Fraction("0.1")


def test_without_a_multiplier_nothing_is_said_of_uplift(catalogue: Catalogue) -> None:
    footprint = read(file(**leg(co2e="0.2 kg CO2e")), catalogue)
    assert [path for path in stated(footprint) if path.startswith("aircraft")] == ["aircraft.aircraft"]
    assert "aircraft" not in footprint.method
    one = read(file(**leg(co2e="0.2 kg CO2e", multiplier=1)), catalogue)
    assert stated(one)["aircraft.aircraft-uplift"].quantity.value == 0
    assert one.method["aircraft"] == ("aircraft.no-multiplier",)


# Exclusions


def test_what_was_left_out_is_at_most_the_sum(catalogue: Catalogue) -> None:
    # By hand: 1.05 g at 20.5 kg/kg and 0.0105 kg at most.
    found = stated(read(EVERYTHING, catalogue))["exclusions.most"]
    assert found.limit == "most"
    assert found.quantity.value == Fraction("0.00105") * Fraction("20.5") + Fraction("0.0105")
    assert (found.quantity.half, found.on.activities) == (0, ("exempted",))


# Land use change

PALM = {
    "carbon_before": exact("110", "t C/ha"),
    "carbon_after": exact("10", "t C/ha"),
    "period": "20 years",
    "yield": exact("3", "t/ha/year"),
    "mass": exact("1", "kg"),
}


def land(catalogue: Catalogue, **more: Any) -> dict[str, Disclosure]:
    row = {name: value for name, value in {**PALM, **more}.items() if value is not None}
    return lines(catalogue, land_use_change=[row])


def test_the_published_vector_of_land_use_change(catalogue: Catalogue) -> None:
    # regimes-core §10: 100 t C/ha over 20 years at 3 t/ha a year are 6.11 kg CO2 a kg.
    found = land(catalogue)
    assert round(float(found["land_use_change.20"].quantity.value), 2) == 6.11
    assert found["land_use_change.20"].quantity.half == 0
    assert found["land_use_change.20"].under == ("dluc.included",)
    assert "land_use_change" not in found


@given(
    st.integers(20, 300),
    st.integers(0, 20),
    st.integers(1, 60),
    st.integers(1, 20),
    st.integers(0, 500),
    st.sampled_from(["0.25", "0.5", "1"]),
)
def test_land_use_change_by_the_formula(
    before: int, after: int, years: int, crop: int, other: int, share: str
) -> None:
    found = land(
        load(),
        carbon_before=exact(str(before), "t C/ha"),
        carbon_after=exact(str(after), "t C/ha"),
        other_gases=exact(str(other), "kg CO2e/ha"),
        period=f"{years} years",
        allocation={"value": share, "exact": True},
        since="0 years",
        **{"yield": exact(str(crop), "t/ha/year")},
    )

    def over(period: int) -> Fraction:
        released = Fraction(44, 12) * 1000 * (before - after) + other
        return released / (period * crop * 1000) * Fraction(share)

    assert found["land_use_change.20"].quantity.value == over(20)
    own = found.get("land_use_change")
    assert (own is None) == (years == 20)
    if own is not None:
        # OP-LUC: another period scales the value by the ratio of the periods.
        assert own.quantity.value == over(years) == over(20) * Fraction(20, years)
        assert own.under == ("dluc.other-period",)


def test_a_conversion_outside_the_shorter_window_is_nothing_there(catalogue: Catalogue) -> None:
    own = Fraction(44, 12) * 100 / (30 * 3)
    inside = land(catalogue, period="30 years", since="12 years")
    outside = land(catalogue, period="30 years", since="25 years")
    unknown = land(catalogue, period="30 years")
    for found in (inside, outside, unknown):
        assert found["land_use_change"].quantity.value == own
    assert inside["land_use_change.20"].quantity.value == own * Fraction(30, 20)
    assert outside["land_use_change.20"].quantity.value == 0
    assert unknown["land_use_change.20.most"].quantity.value == own * Fraction(30, 20)
    assert unknown["land_use_change.20.most"].limit == "most"


def test_a_shorter_period_than_that_of_an_option_holds_the_conversion(catalogue: Catalogue) -> None:
    found = land(catalogue, period="10 years")
    assert found["land_use_change.20"].quantity.value * 2 == found["land_use_change"].quantity.value
    assert found["land_use_change.20"].limit is None


def test_another_period_is_an_option_of_its_own(catalogue: Catalogue) -> None:
    row = {**PALM, "period": "30 years"}
    found = read(file(land_use_change=[row]), catalogue)
    assert found.method["dluc"] == ("dluc.other-period",)
    excluded = read(file(land_use_change=[row], method={"dluc": "excluded"}), catalogue)
    assert excluded.method["dluc"] == ("dluc.excluded",)


# Credits


def test_what_was_deducted_is_a_line_and_a_choice(catalogue: Catalogue) -> None:
    found = read(file(credits=[{"kind": "avoided", "deducted": "0.10 kg CO2e"}]), catalogue)
    line = stated(found)["credits.avoided-deducted"]
    assert (line.quantity.value, line.quantity.text) == (Fraction("-0.1"), "-0.10")
    assert line.under == ("avoided-emissions.deducted",)
    assert found.method["avoided-emissions"] == ("avoided-emissions.deducted",)


GOODS = {"kind": "overheads", "burden": "1 kg CO2e", "lifetime_output": "100 kg"}
#: What is wrong, under which code, where; and whether the schema sees it too.
WRONG: list[tuple[dict[str, Any], str, str, bool]] = [
    ({"capital_goods": [{**GOODS, "kind": "goods"}]}, "footprint-choice", "capital_goods[0].kind", True),
    (
        {"capital_goods": [{**GOODS, "burden": "1 kg CO2e/kg"}]},
        "footprint-unit-place",
        "capital_goods[0].burden",
        False,
    ),
    (
        {"capital_goods": [{**GOODS, "lifetime_output": "9 kWh"}]},
        "footprint-unit-place",
        "capital_goods[0].lifetime_output",
        False,
    ),
    (
        {"capital_goods": [{**GOODS, "lifetime_output": "0 kg"}]},
        "footprint-zero",
        "capital_goods[0].lifetime_output",
        False,
    ),
    ({"capital_goods": [{"kind": "overheads"}]}, "footprint-several", "", True),
    (leg(multiplier=2), "footprint-missing", "aircraft[0].co2e", True),
    (leg(co2="1 kg", multiplied=True), "footprint-missing", "aircraft[0].multiplier", False),
    (leg(co2="1 kg", multiplier="0.5"), "footprint-multiplier", "aircraft[0].multiplier", False),
    (leg(co2="1 kg CO2e"), "footprint-unit-place", "aircraft[0].co2", False),
    (
        {**leg(co2="1 kg", multiplier=2), "method": {"aircraft": "no-multiplier"}},
        "footprint-implied",
        "aircraft",
        False,
    ),
    ({"exclusions": [{"name": "dust"}]}, "footprint-exclusion", "exclusions[0]", True),
    ({"exclusions": [{"mass": "1 kg"}]}, "footprint-missing", "exclusions[0].largest_factor", True),
    (
        {"exclusions": [{"estimate": "1 kg CO2e", "mass": "1 kg", "largest_factor": "1 kg CO2e/kg"}]},
        "footprint-exclusion",
        "exclusions[0]",
        True,
    ),
    (
        {"land_use_change": [{**PALM, "carbon_after": "200 t C/ha"}]},
        "footprint-negative",
        "land_use_change.20",
        False,
    ),
    (
        {"land_use_change": [{**PALM, "yield": "3 t/ha"}]},
        "footprint-unit-place",
        "land_use_change[0].yield",
        False,
    ),
    (
        {"land_use_change": [{**PALM, "period": "20 h"}]},
        "footprint-unit-place",
        "land_use_change[0].period",
        False,
    ),
    (
        {"land_use_change": [{**PALM, "period": "30 years"}], "method": {"dluc": "included"}},
        "footprint-implied",
        "land_use_change",
        False,
    ),
    (
        {"credits": [{"kind": "offsets", "deducted": "-1 kg CO2e"}]},
        "footprint-below-zero",
        "credits[0].deducted",
        True,
    ),
    (
        {"credits": [{"kind": "offsets", "deducted": "1 kg CO2e"}], "method": {"offsets": "excluded"}},
        "footprint-implied",
        "credits.offsets-deducted",
        False,
    ),
    ({"credits": [{"kind": "gifts", "deducted": "1 kg CO2e"}]}, "footprint-choice", "credits[0].kind", True),
]


@pytest.mark.parametrize(("sections", "code", "where", "seen"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_understood_is_named(
    sections: dict[str, Any], code: str, where: str, seen: bool, catalogue: Catalogue
) -> None:
    found = refusal(catalogue, **sections)
    assert (found.code, found.where) == (code, f"payload: {where}" if where else "payload")
    assert bool(schema_errors(file(**sections))) == seen


def test_a_file_of_items_alone_says_something(catalogue: Catalogue) -> None:
    payload = file(credits=[{"kind": "offsets", "deducted": "0.1 kg CO2e"}])
    del payload["total"]
    assert schema_errors(payload) == []
    assert read(payload, catalogue).disclosures
    nothing = copy.deepcopy(payload)
    nothing["credits"] = []
    assert schema_errors(nothing)
    with pytest.raises(CrosswalkError):
        read(nothing, catalogue)

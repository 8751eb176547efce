"""Methods of sharing recycling, against the formulas written again with fractions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.engine.operations import operations, recycling
from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds
from crosswalk.engine.operations.situation import Situation
from crosswalk.footprint.activity import Activity, Burden, RecycledMaterial
from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.catalogue import Catalogue
from tests.engine.operations.conftest import Make, burden, make, q
from tests.engine.operations.joint import asking, exact, found

READ = ("recycled-content", "closed-loop", "open-loop", "cff", "upstream-expansion")


def metal(method: str | None = "recycled-content", **changes: Any) -> RecycledMaterial:
    """The vector of the notes on core regimes: E_V 10, E_R 2, E_D 0.1, R1 0.3, R2 0.9, Q 1."""
    given = {
        "name": "metal",
        "path": "recycled[0]",
        "mass": q("1"),
        "method": method,
        "recycled_content": q("0.3"),
        "recycled_output": q("0.9"),
        "energy_recovered": q("0"),
        "virgin": burden("10"),
        "recycling": burden("2"),
        "disposal": burden("0.1"),
        "quality_out": q("1"),
    }
    return RecycledMaterial(**{**given, **changes})


def towards(situation: Situation, *options: str, **changes: Any) -> Situation:
    return asking(situation, "recycling", *(f"recycling.{one}" for one in options), **changes)


def at_the_gate(situation: Situation) -> Situation:
    gate = {"boundary": "boundary.cradle-to-gate"}
    return replace(situation, source={**situation.source, **gate}, target={**situation.target, **gate})


def test_it_is_an_operation() -> None:
    assert operations()["OP-RECYC"] is recycling


def test_closed_loop_for_recycled_content(situation: Make) -> None:
    # Notes on core regimes, section 10: 7.61 by recycled content, 2.81 by closed loop, a change of -4.80.
    content = Fraction("0.7") * 10 + Fraction("0.3") * 2 + Fraction("0.1") * Fraction("0.1")
    closed = 10 + Fraction("0.9") * (2 - 10) + Fraction("0.1") * Fraction("0.1")
    assert (content, closed) == (Fraction("7.61"), Fraction("2.81"))
    for used, wanted, delta in (
        ("recycled-content", "closed-loop", closed - content),
        ("closed-loop", "recycled-content", content - closed),
    ):
        outcome = found(recycling.apply(towards(situation(Activity(recycled=(metal(used),))), wanted)))
        assert outcome.delta == Bounds.point(delta)
        assert not outcome.lacks
        assert outcome.tight
        assert outcome.to == (f"recycling.{wanted}",)


def test_a_target_of_ours_asks_for_it(situation: Make) -> None:
    # PACT 3.0 permits recycled content alone.
    made = situation(Activity(recycled=(metal("closed-loop", mass=q("2.5")),)), target="PACT:3.0")
    assert found(recycling.apply(made)).delta == Bounds.point(Fraction("2.5") * Fraction("4.80"))


def test_what_the_target_permits_is_kept(situation: Make) -> None:
    made = situation(Activity(recycled=(metal("closed-loop", virgin=None),)), target="GHGP:PRODUCT-2011")
    outcome = found(recycling.apply(made))
    assert outcome.delta == NOTHING
    assert not outcome.lacks


def test_a_study_that_does_not_say_may_have_used_what_its_regime_permits(situation: Make) -> None:
    material = metal(None)
    made = situation(Activity(recycled=(material,)), source="GHGP:PRODUCT-2011", target="PACT:3.0")
    # Recycled content is kept; closed loop becomes recycled content.
    assert found(recycling.apply(made)).delta == Bounds(Fraction(0), Fraction("4.80"))


# C.3 of the notes on wider regimes: E_V 2.0, E_rec 0.8, R1 0.3, Qs/Qp 0.9: 1.640 by cut-off; with A 0.5,
# 1.790 on the input side.
PLASTIC = {"virgin": burden("2.0"), "recycling": burden("0.8"), "quality_in": q("0.9")}


def test_the_input_side_of_the_circular_formula(situation: Make) -> None:
    cut_off = Fraction("0.7") * 2 + Fraction("0.3") * Fraction("0.8")
    half = Fraction("0.5")
    circular = Fraction("0.7") * 2 + Fraction("0.3") * (half * Fraction("0.8") + half * 2 * Fraction("0.9"))
    assert (cut_off, circular) == (Fraction("1.640"), Fraction("1.790"))
    made = situation(Activity(recycled=(metal(allocation=q("0.5"), **PLASTIC),)), target="EU:PEF-2021")
    outcome = found(recycling.apply(at_the_gate(made)))
    assert outcome.delta == Bounds.point(Fraction("0.150"))
    assert not outcome.lacks


def test_a_factor_nobody_gave_takes_the_values_the_regime_fixes(situation: Make) -> None:
    made = situation(Activity(recycled=(metal(**PLASTIC),)), target="EU:PEF-2021")
    outcome = found(recycling.apply(at_the_gate(made)))
    # R1 (1 - A)(E_V Qs/Qp - E_rec) for A of 0.8 and 0.2.
    each = [Fraction("0.3") * (1 - Fraction(a)) * Fraction("1.0") for a in ("0.2", "0.5", "0.8")]
    assert outcome.delta == Bounds(min(each), max(each))
    assert [lack.path for lack in outcome.lacks] == ["recycled[0].allocation"]
    assert outcome.lacks[0].label.zh == "循环足迹公式的分配因子 A"


def test_where_no_regime_fixes_the_factor_it_is_any_share(situation: Make) -> None:
    made = towards(situation(Activity(recycled=(metal(**PLASTIC),))), "cff")
    outcome = found(recycling.apply(at_the_gate(made)))
    assert outcome.delta == Bounds(Fraction(0), Fraction("0.3"))
    assert [lack.path for lack in outcome.lacks] == ["recycled[0].allocation"]


def test_the_regime_of_the_study_fixes_the_factor_it_used(situation: Make) -> None:
    made = situation(Activity(recycled=(metal("cff", **PLASTIC),)), source="EU:PEF-2021", target="PACT:3.0")
    outcome = found(recycling.apply(at_the_gate(made)))
    assert outcome.delta == Bounds(Fraction("-0.24"), Fraction("-0.06"))


FULL = {
    "recycled_output": q("0.5"),
    "energy_recovered": q("0.3"),
    "recycling_at_end": burden("1.1"),
    "virgin_replaced": burden("1.8"),
    "quality_in": q("0.9"),
    "quality_out": q("0.7"),
    "allocation": q("0.2"),
    "energy_allocation": q("0"),
    "open_loop": q("0.6"),
    "credit": q("0.4"),
    "energy_recovery": burden("2.5"),
    "heating_value": q("30"),
    "heat_efficiency": q("0.4"),
    "power_efficiency": q("0.2"),
    "heat_displaced": burden("0.06"),
    "power_displaced": burden("0.15"),
    "virgin": burden("2.0"),
    "recycling": burden("0.8"),
    "disposal": burden("0.05"),
}


def worked(method: str, v: dict[str, Fraction], burnt: str = "cut-off") -> Fraction:
    """What a kg bears over its whole life, from the notes (core 5.1; wider F13)."""
    r1, r2, r3 = v["recycled_content"], v["recycled_output"], v["energy_recovered"]
    heat = v["heat_efficiency"] * v["heat_displaced"] + v["power_efficiency"] * v["power_displaced"]
    saved = v["heating_value"] * heat
    borne = {
        "cut-off": Fraction(0),
        "reverse-cut-off": v["energy_recovery"],
        "substitution": v["energy_recovery"] - saved,
    }[burnt]
    rest = (1 - r2 - r3) * v["disposal"] + r3 * borne
    content = (1 - r1) * v["virgin"] + r1 * v["recycling"]
    if method == "recycled-content":
        return content + rest
    if method == "upstream-expansion":
        return content + rest - v["credit"]
    if method == "closed-loop":
        return v["virgin"] + r2 * (v["recycling_at_end"] - v["quality_out"] * v["virgin"]) + rest
    if method == "open-loop":
        return v["virgin"] + r2 * v["recycling_at_end"] - r2 * v["open_loop"] * v["virgin"] + rest
    a, b = v["allocation"], v["energy_allocation"]
    return (
        (1 - r1) * v["virgin"]
        + r1 * (a * v["recycling"] + (1 - a) * v["virgin"] * v["quality_in"])
        + (1 - a) * r2 * (v["recycling_at_end"] - v["virgin_replaced"] * v["quality_out"])
        + (1 - b) * r3 * (v["energy_recovery"] - saved)
        + (1 - r2 - r3) * v["disposal"]
    )


def numbers(material: RecycledMaterial) -> dict[str, Fraction]:
    found = {}
    for name in (*FULL, "recycled_content"):
        given = getattr(material, name)
        quantity = given.co2e if isinstance(given, Burden) else given
        found[name] = quantity.value
    return found


@pytest.mark.parametrize(("used", "wanted"), list(permutations(READ, 2)))
@pytest.mark.parametrize("burnt", ["cut-off", "reverse-cut-off", "substitution"])
def test_each_method_from_each(situation: Make, used: str, wanted: str, burnt: str) -> None:
    material = metal(used, **FULL)
    made = situation(
        Activity(recycled=(material,)), method={"waste-to-energy": (f"waste-to-energy.{burnt}",)}
    )
    outcome = found(recycling.apply(towards(made, wanted)))
    v = numbers(material)
    assert outcome.delta == Bounds.point(worked(wanted, v, burnt) - worked(used, v, burnt))
    assert not outcome.lacks


def test_the_circular_formula_replaces_one_way_to_burn(situation: Make) -> None:
    material = metal("cff", **FULL)
    made = situation(Activity(recycled=(material,)), source="EU:PEF-2021", target="CATENAX:4")
    v = numbers(material)
    # Catena-X wants cut-off, with waste burnt for energy by reverse cut-off.
    expected = worked("recycled-content", v, "reverse-cut-off") - worked("cff", v)
    assert found(recycling.apply(made)).delta == Bounds.point(expected)


def test_a_target_that_leaves_the_burning_open_gives_the_hull(situation: Make) -> None:
    material = metal("cff", **FULL)
    made = situation(Activity(recycled=(material,)), source="EU:PEF-2021")
    made = asking(
        towards(made, "recycled-content"),
        "waste-to-energy",
        "waste-to-energy.cut-off",
        "waste-to-energy.reverse-cut-off",
    )
    v = numbers(material)
    ends = [worked("recycled-content", v, way) - worked("cff", v) for way in ("cut-off", "reverse-cut-off")]
    assert found(recycling.apply(made)).delta == Bounds(min(ends), max(ends))


@pytest.mark.parametrize("unread", ["split-50-50", "cut-off-plus"])
def test_a_method_nobody_read_leaves_it_open(situation: Make, unread: str) -> None:
    for used, wanted in ((unread, "recycled-content"), ("closed-loop", unread)):
        outcome = found(recycling.apply(towards(situation(Activity(recycled=(metal(used),))), wanted)))
        assert outcome.delta == UNKNOWN
        (lack,) = outcome.lacks
        assert lack.path == "recycled[0].method"
        assert lack.label.en != unread


def test_a_credit_for_chemical_recycling_is_added_back(situation: Make) -> None:
    # Row 3 of Annex A 4 of the Catena-X rulebook: no upstream system expansion in the final value.
    for credit, delta in ((q("0.4"), Bounds.point(Fraction("0.8"))), (None, UNKNOWN)):
        material = metal("upstream-expansion", credit=credit, mass=q("2"))
        made = situation(Activity(recycled=(material,)), source="TFS:3.0", target="CATENAX:4")
        outcome = found(recycling.apply(made))
        assert outcome.delta == delta
        assert [lack.path for lack in outcome.lacks] == ([] if credit else ["recycled[0].credit"])


def test_a_method_that_credits_the_end_needs_the_end(situation: Make) -> None:
    made = situation(Activity(recycled=(metal("closed-loop"),)), target="PACT:3.0")
    outcome = found(recycling.apply(at_the_gate(made)))
    assert outcome.delta == UNKNOWN
    assert [lack.label.en for lack in outcome.lacks] == [
        "end of life within the boundary, for a method that credits it"
    ]


def test_only_what_has_a_say_is_asked_for(situation: Make) -> None:
    bare = metal("closed-loop", disposal=None, energy_recovered=None, recycled_content=None, quality_out=None)
    outcome = found(recycling.apply(situation(Activity(recycled=(bare,)), target="PACT:3.0")))
    # Disposal and burning are counted alike by both methods.
    assert [lack.path for lack in outcome.lacks] == [
        "recycled[0].quality_out",
        "recycled[0].recycled_content",
    ]
    assert outcome.delta == UNKNOWN


def test_a_share_nobody_gave_is_between_none_and_all(situation: Make) -> None:
    made = situation(Activity(recycled=(metal("closed-loop", recycled_content=None),)), target="PACT:3.0")
    outcome = found(recycling.apply(made))
    # Recycled content less closed loop: R2 (Q E_V - E_R) - R1 (E_V - E_R), for R1 from 0 to 1.
    assert outcome.delta == Bounds(Fraction("7.2") - 8, Fraction("7.2"))
    assert [lack.path for lack in outcome.lacks] == ["recycled[0].recycled_content"]


def test_materials_add_up(situation: Make) -> None:
    one, two = metal("closed-loop"), metal("closed-loop", path="recycled[1]", mass=q("2"))
    outcome = found(recycling.apply(situation(Activity(recycled=(one, two)), target="PACT:3.0")))
    assert outcome.delta == Bounds.point(3 * Fraction("4.80"))
    assert dict(outcome.parts) == {
        "recycled[0]": Bounds.point(Fraction("4.80")),
        "recycled[1]": Bounds.point(Fraction("9.60")),
    }


def test_without_materials_there_is_no_operation(situation: Make) -> None:
    assert recycling.apply(situation(Activity())) is None


# Laws.
share = st.decimals("0", "1", places=2).map(str)
number = st.decimals("-2", "40", places=2).map(str)
positive = st.decimals("0.01", "3", places=2).map(str)


@st.composite
def materials(draw: st.DrawFn, half: str | None = "0") -> RecycledMaterial:
    burnt = Fraction(draw(share))
    recycled = (1 - burnt) * Fraction(draw(share))
    changes: dict[str, Any] = {"recycled_output": exact(recycled), "energy_recovered": exact(burnt)}
    for name in ("recycled_content", "allocation", "energy_allocation"):
        changes[name] = Quantity.of(draw(share), half=half)
    for name in FULL:
        if name in changes:
            continue
        if isinstance(FULL[name], Burden):
            changes[name] = Burden(path="", co2e=Quantity.of(draw(number), half=half))
        else:
            changes[name] = Quantity.of(draw(positive), half=half)
    return metal(**changes)


@settings(max_examples=25, deadline=None)
@given(materials())
def test_closed_loop_less_recycled_content(catalogue: Catalogue, material: RecycledMaterial) -> None:
    """Notes on core regimes: E_CL - E_RC = R1 (E_V - E_R) - R2 (Q E_V - E_R), with one E_R."""
    material = msgspec.structs.replace(material, recycling_at_end=None)
    made = towards(make(catalogue, Activity(recycled=(material,))), "closed-loop")
    v = numbers(msgspec.structs.replace(material, recycling_at_end=material.recycling))
    r1, r2, q_out = v["recycled_content"], v["recycled_output"], v["quality_out"]
    expected = r1 * (v["virgin"] - v["recycling"]) - r2 * (q_out * v["virgin"] - v["recycling"])
    assert found(recycling.apply(made)).delta == Bounds.point(expected)


@settings(max_examples=25, deadline=None)
@given(
    materials(), st.sampled_from(READ), st.sampled_from(READ), st.sampled_from(["cut-off", "substitution"])
)
def test_there_and_back_is_nothing(
    catalogue: Catalogue, material: RecycledMaterial, one: str, other: str, burnt: str
) -> None:
    method = {"waste-to-energy": (f"waste-to-energy.{burnt}",)}

    def change(used: str, wanted: str) -> Bounds:
        given = msgspec.structs.replace(material, method=used)
        made = make(catalogue, Activity(recycled=(given,)), method=method)
        return found(recycling.apply(towards(made, wanted))).delta

    assert change(one, one) == NOTHING
    assert change(one, other) + change(other, one) == NOTHING


@settings(max_examples=25, deadline=None)
@given(materials(half=None), st.permutations(READ), st.data())
def test_the_enclosure_holds_the_value_inside_the_rounding_and_reaches_it(
    catalogue: Catalogue, material: RecycledMaterial, methods: list[str], data: st.DataObject
) -> None:
    used, wanted = methods[:2]
    made = make(
        catalogue,
        Activity(recycled=(msgspec.structs.replace(material, method=used),)),
        method={"waste-to-energy": ("waste-to-energy.substitution",)},
    )
    outcome = found(recycling.apply(towards(made, wanted)))
    low, high = outcome.delta.ends
    assert low is not None
    assert high is not None
    v = {}
    for name in (*FULL, "recycled_content"):
        given = getattr(material, name)
        quantity = given.co2e if isinstance(given, Burden) else given
        v[name] = quantity.value + quantity.half * data.draw(st.fractions(-1, 1, max_denominator=8))
        if name in ("recycled_content", "allocation", "energy_allocation"):
            v[name] = min(max(v[name], Fraction(0)), Fraction(1))
    value = worked(wanted, v, "substitution") - worked(used, v, "substitution")
    assert low <= value <= high
    assert outcome.tight


@settings(max_examples=15, deadline=None)
@given(materials(), positive)
def test_it_scales_with_mass(catalogue: Catalogue, material: RecycledMaterial, mass: str) -> None:
    def change(kg: str) -> Bounds:
        given = msgspec.structs.replace(material, method="cff", mass=q(kg))
        return found(
            recycling.apply(towards(make(catalogue, Activity(recycled=(given,))), "closed-loop"))
        ).delta

    assert change(mass) == change("1") * Bounds.point(Fraction(mass))

"""Two footprints of one product: what the methods explain, what is left, and what is refused."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crosswalk
from crosswalk.errors import UnknownNameError, UsageError
from crosswalk.knowledge.load import load
from crosswalk.results import Figure, Reconciliation, Series

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT.parent / "shared" / "samples" / "cases"
needs_samples = pytest.mark.skipif(not CASES.is_dir(), reason="the shared samples are not here")

PLAIN = {
    "boundary": "cradle-to-gate",
    "ghg-set": "ipcc-all",
    "gwp-set": "ar5-28",
    "capital-goods": "excluded",
    "overheads": "excluded",
    "packaging": "included",
    "cut-off": "numeric",
}
NOTHING_ELSE = ["biogenic", "land-use", "aircraft", "captured", "technical-removal"]
NOTHING_ELSE += ["offsets-deducted", "avoided-deducted", "delayed-deducted"]


def made(total: str | None, gases: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """A plain fossil product; gases are all it emits, and fossil."""
    method = {**PLAIN, **more.pop("method", {})}
    found = {
        "crosswalk": "footprint/1",
        "declared_unit": "kg",
        "regime": "GBT:24067-2024",
        "method": method,
        "absent": NOTHING_ELSE,
        "exempted_share": 0,
        **more,
    }
    if total is not None:
        found["total"] = total
    if gases is not None:
        found["gases"] = [{"gas": gas, "origin": "fossil", "mass": mass} for gas, mass in gases.items()]
        found["gases_complete"] = True
    return found


def exact(figure: Figure) -> Fraction:
    assert figure.exact is not None
    return Fraction(figure.exact)


def ends(figure: Figure) -> tuple[float | None, float | None]:
    return figure.low, figure.high


# Laws

GASES = ("CO2", "CH4", "N2O", "SF6", "NF3", "HFC-134a")
SETS = ("ar4", "ar5-28", "ar5-30", "ar6-t715", "ar6-7sm7")
LISTS = {"kyoto6": {"NF3"}, "kyoto7": set(), "ipcc-all": set()}


def factor(gas: str, gwp: str) -> Fraction:
    """The factor of a fossil gas, read from the knowledge itself."""
    catalogue = load()
    name = next(e.characterised_by for e in catalogue.options[f"gwp-set.{gwp}"].effects)
    values = catalogue.gwp_sets[name or ""].values[gas]
    return Fraction(values.get("fossil", values.get("", "")))


masses = st.decimals(min_value="0.0001", max_value="5", places=4).map(str)
totals = st.decimals(min_value="-20", max_value="200000", places=3).map(str)


@settings(max_examples=40, deadline=None)
@given(
    gases=st.dictionaries(st.sampled_from(GASES), masses, min_size=1),
    sets=st.tuples(st.sampled_from(SETS), st.sampled_from(SETS)),
    lists=st.tuples(st.sampled_from(sorted(LISTS)), st.sampled_from(sorted(LISTS))),
    packaging=st.booleans(),
    second=totals,
)
def test_shares_and_residual_are_the_difference_to_the_last_digit(
    gases: dict[str, str], sets: tuple[str, str], lists: tuple[str, str], packaging: bool, second: str
) -> None:
    """With every gas listed: by hand from the factors, whatever the second total is."""

    def counted(gwp: str, ghg: str) -> Fraction:
        kept = {gas: mass for gas, mass in gases.items() if gas not in LISTS[ghg]}
        return sum((Fraction(mass) * factor(gas, gwp) for gas, mass in kept.items()), Fraction(0))

    here, there = counted(sets[0], lists[0]), counted(sets[1], lists[1])
    stated = str(Decimal(round(here * 1000)).scaleb(-3))
    absent = [*NOTHING_ELSE, "packaging"]
    one = made(stated, gases, absent=absent, method={"gwp-set": sets[0], "ghg-set": lists[0]})
    # There is no packaging, so whether it is counted explains nothing.
    changed = {"gwp-set": sets[1], "ghg-set": lists[1], "packaging": "excluded" if packaging else "included"}
    positive = second if Decimal(second) > 0 else second.lstrip("-")
    found = crosswalk.reconcile(one, made(positive, absent=absent, method=changed), basis="first")
    assert found.answered
    assert exact(found.difference) == Fraction(positive) - Fraction(stated)
    assert exact(found.explained) == there - here
    assert sum((exact(s.delta) for s in found.shares), Fraction(0)) == there - here
    assert exact(found.explained) + exact(found.residual) == exact(found.difference)
    assert {s.dimension for s in found.shares} <= {"gwp-set", "ghg-set"}
    for figure in (found.explained, found.residual, *(s.delta for s in found.shares)):
        assert figure.low is not None
        assert figure.high is not None
        assert (
            figure.low - 1e-9 * abs(figure.low) <= (figure.value or 0.0) <= figure.high * (1 + 1e-9) + 1e-12
        )


def test_another_set_of_factors_alone_is_the_difference_gas_by_gas() -> None:
    # By hand: 0.0110 · (29.8 − 28) + 0.00005 · (273 − 265) = 0.0202.
    gases = {"CO2": "2.949", "CH4": "0.0110", "N2O": "0.00005"}
    found = crosswalk.reconcile(made("3.27", gases), made("3.35", method={"gwp-set": "ar6-t715"}))
    (share,) = found.shares
    assert (share.dimension, share.class_, found.class_) == ("gwp-set", "exact", "exact")
    assert (share.from_, share.to) == (("gwp-set.ar5-28",), ("gwp-set.ar6-t715",))
    assert exact(share.delta) == Fraction("0.0202")
    assert exact(found.residual) == Fraction("0.0598")
    # Rounding: ± half a unit in the last digit of both masses; the totals have no part in it.
    low = Fraction("0.01095") * Fraction("1.8") + Fraction("0.000045") * 8
    assert share.delta.low == float(low)


@pytest.mark.parametrize("file", sorted(p.name for p in (ROOT / "examples").glob("*.json")))
def test_a_footprint_and_itself_leave_nothing_to_explain(file: str, tmp_path: Path) -> None:
    first = ROOT / "examples" / file
    if "inconsistent" in file:
        return
    copy = tmp_path / "copy.json"
    copy.write_bytes(first.read_bytes())
    for second in (first, copy):
        found = crosswalk.reconcile(first, second)
        assert found.answered
        assert (found.shares, found.suspects, found.unsettled) == ((), (), ())
        assert [f.exact for f in (found.difference, found.explained, found.residual)] == ["0", "0", "0"]
        assert ends(found.residual) == (0.0, 0.0)


def test_the_order_in_which_methods_are_stated_does_not_matter() -> None:
    gases = {"CO2": "2.0", "CH4": "0.05", "NF3": "0.001"}
    method = {"gwp-set": "ar6-t715", "ghg-set": "kyoto6", "packaging": "excluded"}
    one, other = made("24.5", gases, lines={"packaging": "0.5"}), made("5.0", method=method)
    found = crosswalk.reconcile(one, other)
    turned = [{**f, "method": dict(reversed(f["method"].items()))} for f in (one, other)]
    again = crosswalk.reconcile(*turned)
    assert again.shares == found.shares
    assert (again.explained, again.residual) == (found.explained, found.residual)
    assert [s.dimension for s in found.shares] == ["packaging", "ghg-set", "gwp-set"]


def test_the_unit_is_converted_exactly() -> None:
    gases = {"CO2": "2949", "CH4": "11.0", "N2O": "0.05"}
    per_tonne = made("3270", gases, declared_unit="t")
    per_kilogram = made("3.35", method={"gwp-set": "ar6-t715"})
    found = crosswalk.reconcile(per_tonne, per_kilogram)
    assert found.declared_unit == "t"
    assert exact(found.explained) == Fraction("20.2")
    assert exact(found.difference) == 80
    assert [caution.en for caution in found.cautions] == [
        "The declared units differ: t; kg. Values are compared per t; the conversion is exact."
    ]
    back = crosswalk.reconcile(per_kilogram, per_tonne)
    assert (back.basis, back.declared_unit) == ("second", "kg")
    assert exact(back.explained) == Fraction("-0.0202")
    assert exact(back.residual) == Fraction("-0.0598")
    ten = crosswalk.reconcile({**per_tonne, "declared_unit": {"amount": 10, "unit": "t"}}, per_tonne)
    assert exact(ten.difference) == 29430


def test_numbers_that_agree_only_by_their_rounding_give_an_interval_and_no_value() -> None:
    # By hand: 1.0 + 28 · 0.1 is 3.8, not 3.0; methane can only be (2.95 − 1.05)/28 to (3.05 − 0.95)/28.
    found = crosswalk.reconcile(
        made("3.0", {"CO2": "1.0", "CH4": "0.1"}), made("3.5", method={"gwp-set": "ar6-t715"}), basis="first"
    )
    (share,) = found.shares
    low, high = (Fraction(end) / 28 * Fraction("1.8") for end in ("1.90", "2.10"))
    assert ends(share.delta) == (float(low), float(high))
    assert (share.delta.value, found.explained.value, found.residual.value) == (None, None, None)
    assert (found.answered, found.class_) == (True, "bounded")


# What ends in the residual


def test_a_new_data_release_is_left_unexplained() -> None:
    found = crosswalk.reconcile(made("3.27"), made("3.01"))
    assert (found.shares, found.class_, found.answered) == ((), "exact", True)
    assert exact(found.residual) == Fraction("-0.26")
    assert ends(found.residual) == (-0.27, -0.25)


def test_the_basis_is_whichever_says_more() -> None:
    gases = {"CO2": "2.949", "CH4": "0.0110", "N2O": "0.00005"}
    bare, full = made("3.20", method={"gwp-set": "ar6-t715"}), made("3.27", gases)
    found = crosswalk.reconcile(bare, full)
    assert found.basis == "second"
    assert "second" in found.basis_reason.en
    # From AR6 to AR5 the second study's own inventory loses what it would gain the other way.
    assert exact(found.explained) == Fraction("-0.0202")
    assert exact(found.residual) == Fraction("0.07") + Fraction("0.0202")
    forced = crosswalk.reconcile(bare, full, basis="first")
    assert (forced.basis, forced.basis_reason.en) == ("first", "as asked for")
    assert forced.explained.value is None
    with pytest.raises(UsageError, match="first"):
        crosswalk.reconcile(bare, full, basis="third")


def test_a_total_that_is_not_stated_is_made_from_the_other_numbers() -> None:
    gases = {"CO2": "2.949", "CH4": "0.0110", "N2O": "0.00005"}
    found = crosswalk.reconcile(made(None, gases), made(None, gases, method={"gwp-set": "ar6-t715"}))
    assert found.first.stated is None
    assert found.first.total.exact == str(Fraction("3.27025"))
    assert exact(found.difference) == exact(found.explained) == Fraction("0.0202")
    assert exact(found.residual) == 0


# Refusals


def test_units_that_measure_different_things_are_refused() -> None:
    found = crosswalk.reconcile(made("3.27"), made("3.27", declared_unit="m3"))
    assert not found.answered
    assert found.refusal is not None
    assert "kg" in found.refusal.en
    assert "m³" in found.refusal.en
    assert ends(found.difference) == (None, None)


@pytest.mark.parametrize("place", [0, 1])
def test_an_inconsistent_file_is_refused_and_its_fields_are_named(place: int) -> None:
    broken = ROOT / "examples" / "polyethylene-inconsistent.json"
    pair = [made("3.27"), made("3.27")]
    pair[place] = json.loads(broken.read_text("utf-8"))
    found = crosswalk.reconcile(*pair)
    assert not found.answered
    assert [which for which, _ in found.inconsistencies] == [("first", "second")[place]]
    assert set(found.inconsistencies[0][1].fields) == {"total", "CO2 fossil", "CH4 fossil", "N2O fossil"}
    assert found.refusal is not None
    assert "CH4 fossil" in found.refusal.en


def test_what_nothing_limits_is_refused_and_says_what_to_ask_for() -> None:
    found = crosswalk.reconcile(made("3.27"), made("3.35", method={"gwp-set": "ar6-t715"}))
    assert not found.answered
    assert found.class_ == "unbridgeable"
    assert found.refusal is not None
    assert "gas.other" in [one.item for one in found.wanted]
    assumed = crosswalk.reconcile(
        made("3.27"), made("3.35", method={"gwp-set": "ar6-t715"}), assume="fossil-polymer"
    )
    assert assumed.answered
    assert assumed.class_ == "estimated"
    assert "fossil-polymer.methane" in [one.code for one in assumed.assumptions]
    with pytest.raises(UnknownNameError):
        crosswalk.reconcile(made("3.27"), made("3.35"), assume="no such profile")


BARE = {"crosswalk": "footprint/1", "declared_unit": "kg", "regime": "ISO:14067-2018", "total": "3.27"}


def test_too_many_open_choices_are_refused_unless_they_are_taken_to_be_the_same() -> None:
    later = {**BARE, "total": "3.50"}
    found = crosswalk.reconcile(BARE, later)
    assert not found.answered
    assert found.refusal is not None
    assert "gwp-set" in found.refusal.en
    assert exact(found.difference) == Fraction("0.23")
    same = crosswalk.reconcile(BARE, later, same=True)
    assert (same.answered, same.class_) == (True, "estimated")
    assert exact(same.residual) == Fraction("0.23")
    (assumption,) = same.assumptions
    assert assumption.code == "same-choices"
    assert assumption.note is not None
    assert "capital goods" in assumption.note.en


def test_a_choice_that_is_open_and_matters_is_named_with_what_each_option_explains() -> None:
    gases = {"CO2": "1.000", "CH4": "0.1000"}
    found = crosswalk.reconcile(made("3.80", gases), made("4.00", method={"gwp-set": ["ar5-30", "ar6-t715"]}))
    (choice,) = found.unsettled
    assert (choice.which, choice.dimension, choice.deciding) == ("second", "gwp-set", True)
    assert [option for option, _ in choice.results] == ["gwp-set.ar5-30", "gwp-set.ar6-t715"]
    (share,) = found.shares
    assert share.delta.value is None
    # By hand: 0.1 · (30 − 28) and 0.1 · (29.8 − 28), each with half a unit in the last digit of the mass.
    assert ends(share.delta) == (float(Fraction("0.09995") * Fraction("1.8")), float(Fraction("0.10005") * 2))


# Cautions


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"product": "steel"}, "products"),
        ({"period": "2023"}, "periods"),
        ({"place": "DE"}, "places"),
        ({"method": {"boundary": "cradle-to-grave"}}, "boundaries"),
        ({"declared_unit": "t", "total": "3270"}, "units"),
    ],
)
def test_what_should_match_and_does_not_is_cautioned(change: dict[str, Any], word: str) -> None:
    base = {"product": "polyethylene", "period": "2021", "place": "CN"}
    total = change.pop("total", "3.27")
    found = crosswalk.reconcile(made("3.27", **base), made(total, **{**base, **change}))
    (caution,) = found.cautions
    assert word in caution.en


def test_what_reads_otherwise_but_means_the_same_is_no_caution() -> None:
    one = made("3.27", product="Poly ethylene", period="2021", place="CN")
    period = {"start": "2021-01-01", "end": "2021-12-31"}
    other = made("3.27", product="polyethylene", period=period, place={"country": "CN", "region": "CN-SD"})
    assert crosswalk.reconcile(one, other).cautions == ()
    assert crosswalk.reconcile(made("3.27"), other).cautions == ()


# Series


def test_a_series_adds_up_from_first_to_last() -> None:
    gases = {"CO2": "2.949", "CH4": "0.0110", "N2O": "0.00005"}
    new = {"CO2": "2.800", "CH4": "0.0100", "N2O": "0.00005"}
    versions = [
        made("3.27", gases),
        made("3.29", gases, method={"gwp-set": "ar6-t715"}),
        made("3.11", new, method={"gwp-set": "ar6-t715"}),
        made("3050", method={"gwp-set": "ar4"}, declared_unit="t"),
    ]
    found = crosswalk.reconcile(*versions)
    assert isinstance(found, Series)
    assert found.answered
    assert [exact(pair.explained) for pair in found.pairs] == [
        Fraction("0.0202"),
        0,
        Fraction("0.0100") * (25 - Fraction("29.8")) + Fraction("0.00005") * (298 - 273),
    ]
    assert [pair.declared_unit for pair in found.pairs] == ["kg", "kg", "kg"]
    for name in ("difference", "explained", "residual"):
        whole = sum((exact(getattr(pair, name)) for pair in found.pairs), Fraction(0))
        assert exact(getattr(found, name)) == whole
    assert exact(found.difference) == Fraction("3.05") - Fraction("3.27")
    assert exact(found.explained) + exact(found.residual) == exact(found.difference)
    # The versions between are rounded too, and that has no part in how far apart first and last are.
    assert ends(found.difference) == (3.0495 - 3.275, pytest.approx(3.0505 - 3.265))
    (share,) = found.shares
    assert (share.from_, share.to) == (("gwp-set.ar5-28",), ("gwp-set.ar4",))
    frame = found.to_frame()
    assert set(frame["step"]) == {"1 → 2", "2 → 3", "3 → 4", "1 → 4"}


def test_a_step_that_is_refused_is_named() -> None:
    found = crosswalk.reconcile(made("3.27"), made("3.30"), made("3.40", method={"gwp-set": "ar6-t715"}))
    assert isinstance(found, Series)
    assert not found.answered
    assert found.refusal is not None
    assert found.refusal.en.startswith("From version 2 to 3")
    assert exact(found.difference) == Fraction("0.13")
    assert found.explained.exact is None


# Published cases


def literature(code: str) -> dict[str, Any]:
    found = json.loads((CASES / "literature.json").read_text("utf-8"))
    return next(one for one in found if one["id"] == code)


def board(regime: str, total: Any, carbon: str | None = None, **method: str) -> dict[str, Any]:
    """Medium density fibreboard per m3 with the choices the paper states; what it leaves out is ours."""
    stated = {"boundary": "cradle-to-gate", "capital-goods": "excluded", "delayed-emissions": "no-weighting"}
    stated |= {"ghg-set": "ipcc-all", "aircraft": "no-multiplier"}
    found: dict[str, Any] = {
        "crosswalk": "footprint/1",
        "declared_unit": "m3",
        "regime": regime,
        "method": {**stated, "gwp-set": "ar5-28", **method},
        "total": str(total),
    }
    return found if carbon is None else {**found, "carbon": {"biogenic_content": carbon}}


def uptake(found: Reconciliation) -> tuple[float | None, float | None]:
    return next(ends(one.delta) for one in found.shares if one.dimension == "uptake-at-gate")


@needs_samples
def test_stored_carbon_explains_what_it_can_and_no_more() -> None:
    """MDF from China (L01, doi:10.3390/ijerph15102060): GHG Protocol −658.42, ISO 14067 +816.92.

    The paper credits the carbon in the board under the one and not under the other, and gives no content.
    """
    case = literature("L01-MDF")["results"]
    credited, apart = {"uptake-at-gate": "in-total"}, {"uptake-at-gate": "not-in-total"}
    sides = ("GHGP:PRODUCT-2011", case["GHG Protocol"]), ("ISO:14067-2018", case["ISO 14067"])
    bare = [board(*side, **method) for side, method in zip(sides, (credited, apart), strict=True)]
    found = crosswalk.reconcile(*bare, same=True)
    assert exact(found.difference) == Fraction("1475.34")
    assert not found.answered
    assert "biogenic-carbon-content" in [one.item for one in found.wanted]
    assert uptake(found) == (0.0, None)
    # If nothing else is taken up, what was credited is at least what brings the total below nothing.
    nothing = ["uptake-along-chain", "land-removals", "captured", "technical-removals"]
    found = crosswalk.reconcile(*({**one, "absent": nothing} for one in bare), same=True)
    assert uptake(found) == (658.415, None)
    # With a content (illustrative: 350 kg C) it explains 44/12 of it, and the rest is left.
    told = crosswalk.reconcile(board(*sides[0], "350", **credited), bare[1], same=True)
    share = next(one for one in told.shares if one.dimension == "uptake-at-gate")
    assert exact(share.delta) == Fraction(44, 12) * 350
    assert exact(told.explained) == exact(share.delta)
    assert exact(told.residual) == Fraction("1475.34") - Fraction(44, 12) * 350
    # The paper's own reckoning: all of it, if the board held 402.36 kg C; two decimals of it are left.
    implied = str(literature("L01-MDF")["derived"]["implied_stored_carbon_kgC_if_all_storage"])
    whole = crosswalk.reconcile(board(*sides[0], implied, **credited), bare[1], same=True)
    assert abs(exact(whole.residual)) <= Fraction("0.02")


@needs_samples
def test_where_both_credit_the_carbon_the_cut_off_may_explain_the_rest() -> None:
    """PAS 2050 −667.75 and GHG Protocol −658.42: the paper gives cut-off and exclusions for 9.33."""
    case = literature("L01-MDF")["results"]
    credited = {"uptake-at-gate": "in-total", "biogenic-co2": "minus1-plus1"}
    first = board("BSI:PAS2050-2011", case["PAS 2050"], "402.36", **credited)
    second = board("GHGP:PRODUCT-2011", case["GHG Protocol"], "402.36", **credited, **{"cut-off": "none"})
    found = crosswalk.reconcile(first, second, same=True)
    assert exact(found.difference) == Fraction("9.33")
    (share,) = found.shares
    assert (share.dimension, share.delta.low, share.delta.high) == ("cut-off", 0.0, None)
    assert not found.answered
    # With 5 % at most left out (stated) of fossil emissions alone (illustrative: 807.57), by hand:
    # at most 807.575 · 0.055 / 0.945, half a unit in the last digit of both included.
    nothing = ["biogenic-emissions", "uptake-along-chain", "land", "air", "captured", "offset", "avoided"]
    gross = {"lines": {"fossil": "807.57"}, "exempted_share": "0.05", "absent": ["aircraft", *nothing]}
    told = crosswalk.reconcile({**first, **gross}, second, same=True, basis="first")
    (share,) = told.shares
    most = Fraction("807.575") * Fraction("0.055") / (1 - Fraction("0.055"))
    assert share.delta.low == 0.0
    assert share.delta.high == pytest.approx(float(most))
    assert told.answered
    assert told.residual.low is not None
    assert told.residual.low < 0 < 9.33 < (told.residual.high or 0.0)


EVERYTHING_BUT_CREDITS = ["process", "electricity", "packaging", "aircraft", "biogenic", "land", "air"]
EVERYTHING_BUT_CREDITS += ["land-management", "captured", "offset", "delayed"]


def declarations() -> dict[str, dict[tuple[str, str], str]]:
    """Module values of the declarations that give an indicator of A1 and of A2, as printed."""
    found: dict[str, dict[tuple[str, str], str]] = {}
    with (CASES / "epd_gwp_by_standard.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            text = row["raw_string"].replace(",", ".").replace("‐", "-")
            found.setdefault(row["epd_file"], {})[row["indicator"], row["module"]] = text
    return {name: values for name, values in found.items() if ("GWP(A1)", "D") in values}


@needs_samples
def test_a_module_d_that_no_set_of_factors_explains_is_left_unexplained() -> None:
    """Module D by both editions of EN 15804: its credits are no gas, so no GWP moves them."""
    known = declarations()
    assert len(known) >= 4
    for values in known.values():
        before, after = values["GWP-total", "D"], values["GWP(A1)", "D"]

        def side(regime: str, value: str, gwp: str) -> dict[str, Any]:
            return {
                "crosswalk": "footprint/1",
                "declared_unit": "m3",
                "regime": regime,
                "method": {**PLAIN, "avoided-emissions": "deducted", "gwp-set": gwp},
                "total": value,
                "lines": {"avoided": value},
                "absent": EVERYTHING_BUT_CREDITS,
            }

        sides = side("EN:15804-A2", before, "ef-3.1"), side("EN:15804-A1", after, "ar5-28")
        found = crosswalk.reconcile(*sides)
        assert found.answered
        assert found.shares == ()
        assert exact(found.residual) == exact(found.difference) == Fraction(after) - Fraction(before)


@needs_samples
def test_gases_of_an_api_response_split_exactly() -> None:
    """Climatiq (L07): AR4, 112.5 kg CO2e from three gases and 2.005 kg CO2e of others nobody names."""
    case = literature("L07-CLIMATIQ-GASES")
    given = {gas.upper(): str(mass) for gas, mass in case["gases_kg"].items()}
    # By hand, AR4 to AR5: methane 25 → 28, nitrous oxide 298 → 265.
    moved = Fraction(given["CH4"]) * 3 - Fraction(given["N2O"]) * 33
    three = made("110.6", given, method={"gwp-set": "ar4"})
    found = crosswalk.reconcile(three, made("111.0", method={"gwp-set": "ar5-28"}))
    assert exact(found.explained) == moved == Fraction("0.4707")
    # With the others, whose factors may move by whatever gas they are, it is an interval around that.
    others = {"family": "HFC", "origin": "fossil", "co2e": str(case["co2e_other"])}
    whole = made(str(case["co2e"]), given, method={"gwp-set": "ar4"})
    whole["gases"] = [*whole["gases"], others]
    found = crosswalk.reconcile(whole, made("113.0", method={"gwp-set": "ar5-28"}))
    assert found.explained.value is None
    low, high = ends(found.explained)
    assert low is None or low < float(moved)
    assert high is None or high > float(moved)


def test_a_record_says_itself_in_a_frame_and_in_words() -> None:
    gases = {"CO2": "2.949", "CH4": "0.0110", "N2O": "0.00005"}
    found = crosswalk.reconcile(made("3.27", gases), made("3.35", method={"gwp-set": "ar6-t715"}))
    assert isinstance(found, Reconciliation)
    frame = found.to_frame()
    assert list(frame["dimension"]) == ["gwp-set", "explained", "residual", "difference"]
    assert list(frame["value"]) == [0.0202, 0.0202, 0.0598, 0.08]
    assert "explained 0.0202, left 0.0598" in repr(found)
    assert found.explain().startswith(
        "3.35 is 0.08 above 3.27 (kg CO2e per kg): 0.0202 because of global warming"
    )
    assert "0.0598 is left unexplained." in found.explain()
    assert "0.0598 未得到解释。" in found.explain("zh")
    assert json.loads(json.dumps(found.to_dict()))["shares"][0]["delta"]["exact"] == "101/5000"

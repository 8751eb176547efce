"""Border adjustment from an installation inventory, through a whole conversion."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from crosswalk import convert, read
from crosswalk.engine.operations import cbam, operations
from crosswalk.footprint.activity import (
    Activity,
    BorderConditions,
    Installation,
    MassBalanced,
    Precursor,
    ProductionProcess,
    SourceStream,
)
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import DeclaredUnit, Footprint
from crosswalk.knowledge.load import load
from crosswalk.results import Conversion
from tests.engine.operations.conftest import METHOD, burden, q

NOW, BEFORE = "EU:CBAM-2025-2547", "EU:CBAM-2023-1773"
STEEL, PELLETS, HYDROGEN, CEMENT = "7207 11", "2601 12 00", "2804 10 00", "2523 29 00"
UNIT = DeclaredUnit(amount=Fraction(1), unit="kilogram")


def precursor(goods: str | None, amount: str, direct: str, indirect: str) -> Precursor:
    return Precursor(
        name="b",
        path="precursors[0]",
        amount=q(amount),
        direct=q(direct),
        indirect=q(indirect),
        goods=goods,
    )


def plant(goods: str | None = STEEL, *precursors: Precursor, **given: object) -> Installation:
    """1.0 direct and 0.5 indirect of its own."""
    base = {
        "name": "p",
        "path": "processes[0]",
        "activity_level": q("100"),
        "direct": q("100"),
        "electricity": q("100"),
        "electricity_factor": q("0.5"),
        "goods": goods,
        "precursors": precursors,
        "complete": True,
    }
    made = ProductionProcess(**{**base, **given})
    return Installation(path="installation", product="p", processes=(made,))


def footprint(activity: Activity, unit: DeclaredUnit = UNIT, regime: str = "ISO:14067-2018") -> Footprint:
    return Footprint(
        source="made",
        format="crosswalk",
        id="",
        product="",
        declared_unit=unit,
        regime=regime,
        standards=(regime,),
        method=METHOD,
        disclosures=(),
        activity=activity,
    )


def crossed(installation: Installation, to: str = NOW, unit: DeclaredUnit = UNIT) -> Conversion:
    return convert(footprint(Activity(installation=installation), unit), to=to, allow="estimated")


def ends(answer: Conversion) -> tuple[float | None, float | None]:
    assert answer.assumed is not None
    return answer.assumed.low, answer.assumed.high


def test_it_is_an_operation() -> None:
    assert operations()["F21"] is cbam
    assert load().operations["F21"].statement is not None


@pytest.mark.parametrize(
    ("goods", "to", "wanted"),
    [
        (STEEL, NOW, 1.0),
        (HYDROGEN, NOW, 1.0),
        (CEMENT, NOW, 1.5),
        (PELLETS, NOW, 1.5),
        ("Iron or steel products", NOW, 1.0),
        ("混合肥料", NOW, 1.5),
        (STEEL, BEFORE, 1.5),
        (None, BEFORE, 1.5),
    ],
)
def test_which_goods_count_indirect_emissions(goods: str | None, to: str, wanted: float) -> None:
    answer = crossed(plant(goods), to)
    assert answer.answered
    assert answer.class_ == "estimated"
    assert ends(answer) == (wanted, wanted)
    # Nothing of it is guaranteed, and it is not the value of the target.
    assert (answer.guaranteed.low, answer.guaranteed.high, answer.value) == (None, None, None)


@pytest.mark.parametrize("goods", [None, "3901 10", "7204 10 00", "7202", "bricks"])
def test_goods_the_rules_do_not_name_leave_both_open(goods: str | None) -> None:
    answer = crossed(plant(goods))
    assert ends(answer) == (1.0, 1.5)
    assert answer.steps[0].to == ("boundary.installation-direct", "boundary.installation-total")
    assert [gap.item for gap in answer.gaps] == ["processes[0].goods"]


@pytest.mark.parametrize("regime", ["ISO:14067-2018", "GBT:24067-2024", "EN:15804-A2"])
def test_a_study_that_says_nothing_of_itself(regime: str) -> None:
    # Many methods are possible, and none of them matters: both ends of the target's choice are there.
    silent = msgspec.structs.replace(footprint(Activity(installation=plant(None)), regime=regime), method={})
    answer = convert(silent, to=NOW, allow="estimated")
    assert answer.answered
    assert ends(answer) == (1.0, 1.5)


@pytest.mark.parametrize(
    ("good", "of", "wanted"),
    [
        # Direct 1.0; of the precursor 2 t/t with 0.1 direct and 0.02 indirect.
        (STEEL, PELLETS, 1.0 + 2 * 0.12),
        (STEEL, HYDROGEN, 1.0 + 2 * 0.1),
        (CEMENT, HYDROGEN, 1.5 + 2 * 0.1),
        (CEMENT, "2523 10 00", 1.5 + 2 * 0.12),
    ],
)
def test_indirect_emissions_of_precursors_go_by_the_precursor(good: str, of: str, wanted: float) -> None:
    # Annex I 3.1 of the regulation of 2025, in both directions.
    found = ends(crossed(plant(good, precursor(of, "200", "0.1", "0.02"))))
    assert found == (pytest.approx(wanted), pytest.approx(wanted))


def test_a_precursor_of_unknown_kind_leaves_its_indirect_emissions_open() -> None:
    answer = crossed(plant(STEEL, precursor(None, "200", "0.1", "0.02")))
    assert ends(answer) == (pytest.approx(1.2), pytest.approx(1.24))
    assert [gap.item for gap in answer.gaps] == ["precursors[0].goods"]


def test_the_step_the_rules_it_rests_on_and_the_note() -> None:
    answer = crossed(plant(STEEL, waste_gas_out=q("1")))
    (step,) = [one for one in answer.steps if one.class_ != "documentary"]
    assert (step.operation, step.dimension, step.class_) == ("F21", "boundary", "estimated")
    assert {one.clause for one in step.clauses} >= {
        "Art. 3(2); Annex I 3.1",
        "2023/1773 Annex III F.1",
    }
    weak = {one.about for one in answer.provisional_reasons}
    assert {"F21 natural-gas", "F21 waste-gas-correction"} <= weak
    assert "carbon-to-co2" not in " ".join(weak)
    direct = 1 - 56.1 * 0.667 / 100
    assert f"{direct:.6g}" in answer.notes[-1].en
    assert f"{direct:.6g}" in answer.notes[-1].zh


def test_the_mass_of_a_declared_unit_is_needed() -> None:
    piece = DeclaredUnit(amount=Fraction(1), unit="piece")
    answer = crossed(plant(), unit=piece)
    assert not answer.answered
    assert [gap.item for gap in answer.gaps][:1] == ["declared_unit.mass"]
    weighed = msgspec.structs.replace(piece, mass=Quantity.of("2.5"))
    assert ends(crossed(plant(), unit=weighed)) == (2.5, 2.5)
    ten = DeclaredUnit(amount=Fraction(10), unit="tonne")
    assert ends(crossed(plant(), unit=ten)) == (10000.0, 10000.0)


def test_what_is_missing_is_named_and_nothing_is_answered() -> None:
    answer = crossed(plant(STEEL, direct=None, complete=False))
    assert not answer.answered
    assert ends(answer) == (0.0, None)
    assert {"processes[0].complete", "processes[0].direct"} <= {gap.item for gap in answer.gaps}
    other = msgspec.structs.replace(plant(), product="else")
    assert "installation.product" in {gap.item for gap in crossed(other).gaps}


def test_streams_that_contradict_a_stated_number_are_refused() -> None:
    burnt = SourceStream(name="s", path="s", amount=q("1"), factor=q("1"), method="process")
    answer = crossed(msgspec.structs.replace(plant(), streams=(burnt,)))
    assert not answer.answered
    assert answer.refusal is not None
    assert "processes[0].direct" in answer.refusal.en
    assert "源流" in answer.refusal.zh


def test_rounding_widens() -> None:
    found = ends(crossed(plant(STEEL, direct=Quantity.of("100"))))
    assert found == (pytest.approx(0.995), pytest.approx(1.005))


def test_it_is_an_estimate_that_has_to_be_asked_for() -> None:
    answer = convert(footprint(Activity(installation=plant())), to=NOW)
    assert not answer.answered
    assert answer.assumed is None


def test_a_file_may_be_stated_under_the_target_itself() -> None:
    study = msgspec.structs.replace(footprint(Activity(installation=plant(STEEL)), regime=NOW), method={})
    assert ends(convert(study, to=NOW, allow="estimated")) == (1.0, 1.0)
    stated = read({"crosswalk": "footprint/1", "declared_unit": "kg", "regime": NOW, "total": "1.3"})
    both = msgspec.structs.replace(stated, activity=Activity(installation=plant(STEEL)))
    assert convert(both, to=NOW).value == 1.3


def test_the_code_of_the_product_stands_in_for_that_of_its_process() -> None:
    coded = msgspec.structs.replace(footprint(Activity(installation=plant(None))), goods="72071114")
    answer = convert(coded, to=NOW, allow="estimated")
    assert ends(answer) == (1.0, 1.0)
    assert not answer.gaps


def test_other_targets_are_left_alone() -> None:
    answer = convert(footprint(Activity(installation=plant())), to="PACT:3.0", allow="estimated")
    assert "F21" not in {step.operation for step in answer.steps}


def test_other_operations_do_not_add_to_what_is_worked_out_anew() -> None:
    balanced = MassBalanced(
        path="m",
        method="mass-balance.credits",
        conventional=burden("2"),
        alternative=burden("0.5"),
        assigned=q("1"),
        physical=q("0"),
    )
    both = Activity(installation=plant(), mass_balanced=(balanced,))
    answer = convert(footprint(both), to=NOW, allow="estimated")
    assert ends(answer) == (1.0, 1.0)
    assert "OP-MASSBAL" not in {step.operation for step in answer.steps}


### The one-sided bound

STUDY = {
    "crosswalk": "footprint/1",
    "declared_unit": "kg",
    "regime": "ISO 14067:2018",
    "method": {
        "boundary": "cradle-to-gate",
        "gwp-set": "ar5-28",
        "ghg-set": "ipcc-all",
        "capital-goods": "excluded",
        "overheads": "excluded",
        "packaging": "excluded",
    },
    "gases": [
        {"gas": "CO2", "origin": "fossil", "mass": {"value": "1.6", "exact": True}},
        {"gas": "CH4", "origin": "fossil", "mass": {"value": "0.01", "exact": True}},
        {"gas": "CO2", "origin": "biogenic", "mass": {"value": "0.4", "exact": True}},
    ],
    "gases_complete": True,
    "absent": ["land", "aircraft", "captured", "technical-removal", "offsets", "avoided"],
    "exempted_share": 0,
}
ALL = BorderConditions(
    path="border",
    actual_values=True,
    same_product_and_period=True,
    no_credits=True,
    biomass_zero_rated=True,
    share_no_larger=True,
)


def bounded(conditions: BorderConditions, goods: str | None = STEEL) -> Conversion:
    study = msgspec.structs.replace(read(STUDY), activity=Activity(border=conditions), goods=goods)
    return convert(study, to=NOW, allow="estimated")


def test_a_footprint_bounds_direct_emissions_if_all_conditions_are_stated() -> None:
    answer = bounded(ALL)
    assert answer.answered
    assert answer.class_ == "estimated"
    # Fossil gases up to the gate, with the factors of the regulation: 1.6 + 28 · 0.01.
    assert ends(answer) == (0.0, pytest.approx(1.88))


@pytest.mark.parametrize(
    "missing",
    ["actual_values", "same_product_and_period", "no_credits", "biomass_zero_rated", "share_no_larger"],
)
def test_one_condition_less_and_there_is_no_bound(missing: str) -> None:
    answer = bounded(msgspec.structs.replace(ALL, **{missing: False}))
    assert not answer.answered
    assert answer.guaranteed.high is None


def test_indirect_emissions_have_no_such_bound() -> None:
    assert not bounded(ALL, CEMENT).answered
    assert not bounded(ALL, None).answered

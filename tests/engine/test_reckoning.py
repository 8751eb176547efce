"""Lines beside a total that leaves out what they are about, and numbers of carbon that are balances."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import crosswalk
from crosswalk.engine.cells import Universe
from crosswalk.engine.envelope import Envelope
from crosswalk.engine.reckoning import asked
from crosswalk.engine.study import Study
from crosswalk.formats import read
from crosswalk.knowledge.catalogue import Catalogue, Field, Selection
from crosswalk.results import Conversion

F = Fraction


def payload(**more: Any) -> dict[str, Any]:
    plain = {
        "crosswalk": "footprint/2",
        "declared_unit": "kg",
        "regime": "EN:15804-A1",
        "total": {"value": "2.000", "exact": True},
        "exempted_share": 0,
    }
    method = {
        "boundary": "cradle-to-gate",
        "cut-off": "none",
        "capital-goods": "excluded",
        "overheads": "excluded",
        "packaging": "included",
        "ghg-set": "pact-list",
        "gwp-set": "ar6-t715",
        "biogenic-co2": "product-uptake",
        "uptake-at-gate": "in-total",
        "biogenic-methane": "non-fossil",
        "carbon-not-released": "not-credited",
        "dluc": "excluded",
        "iluc": "not-in-total",
        "land-management": "in-total",
        "aircraft": "no-multiplier",
        "delayed-emissions": "no-weighting",
        "offsets": "excluded",
        "avoided-emissions": "excluded",
        "ccs": "physical-flows",
        **more.pop("method", {}),
    }
    return {**plain, "method": method, **more}


NOTHING = ["captured", "technical-removal", "land-removal", "uptake"]
OTHERS = [*NOTHING, "land-management", "indirect-land-use-change"]


def ends(answer: Conversion) -> tuple[float | None, float | None]:
    return answer.guaranteed.low, answer.guaranteed.high


# Every line beside every option


def lines(catalogue: Catalogue) -> Iterator[tuple[str, Field, Selection]]:
    """Lines of our own format, and gas amounts narrowed to each activity and stage they may be about."""
    for field in catalogue.formats["crosswalk"].fields.values():
        if field.headline or field.relation_only:
            continue
        if field.code not in ("gas-mass", "gas-co2e"):
            yield field.code, field, field.on
            continue
        foreign = {activity for one in field.on.excepts for activity in one.activities}
        for code, activity in catalogue.activities.items():
            if code not in foreign and activity.broader not in foreign:
                yield f"{field.code} {code}", field, Selection(activities=(code,), excepts=field.on.excepts)
        for code in catalogue.stages:
            yield f"{field.code} {code}", field, Selection(stages=(code,), excepts=field.on.excepts)


def left_out(line: str, option: str) -> bool:
    """What may not be stated beside a total: a deduction from it, and parts of what is no footprint."""
    if option.startswith("boundary.installation"):
        return True
    # Deducted for the use stage or the end of life of a product, by a study that looks at neither.
    return line == "delayed-deducted" and option in ("boundary.cradle-to-gate", "boundary.gate-to-gate")


def test_every_line_counts_beside_a_total_that_leaves_it_out(
    universe: Universe, catalogue: Catalogue
) -> None:
    plain = {"gwp-set": catalogue.dimensions["gwp-set"].options[0]}
    numeric = [d.code for d in catalogue.dimensions.values() if d.family == "convention"]
    lost, tried = [], 0
    for name, field, on in lines(catalogue):
        mask = universe.mask(on)
        counts = universe.weights(plain)
        for dimension in numeric:
            for option in catalogue.dimensions[dimension].options:
                weights = universe.weights(asked(universe, field, on, {**plain, dimension: option}))
                base = counts.value != 0 if field.basis == "co2e" else counts.scope
                told = weights.value != 0 if field.basis == "co2e" else weights.scope
                tried += 1
                if (mask & base).any() and not (mask & told).any() and not left_out(name, option):
                    lost.append((name, option))
    assert tried > 1000
    assert lost == []


def test_no_field_of_a_format_is_lost_under_an_option_its_regime_permits(
    universe: Universe, catalogue: Catalogue
) -> None:
    plain = {"gwp-set": catalogue.dimensions["gwp-set"].options[0]}
    for form in catalogue.formats.values():
        if form.regime is None:
            continue
        for field in form.fields.values():
            if field.relation_only:
                continue
            mask = universe.mask(field.on)
            for dimension, requirement in catalogue.regimes[form.regime].requirements.items():
                if catalogue.dimensions[dimension].family != "convention" or field.basis != "co2e":
                    continue
                for option in requirement.permits:
                    method = asked(universe, field, field.on, {**plain, dimension: option})
                    assert (universe.weights(method).value[mask] != 0).any(), (field.code, option)


# Beside, and inside


def test_a_line_beside_the_total_adds_where_the_target_counts_it() -> None:
    given = payload(lines={"land-use-change": {"value": "0.060", "exact": True}}, absent=OTHERS)
    answer = crosswalk.convert(given, to="PACT:3.0")
    assert (answer.value, answer.class_) == (2.06, "exact")


def test_the_same_line_inside_the_total_does_not() -> None:
    given = payload(
        lines={"land-use-change": {"value": "0.060", "exact": True}},
        absent=[*OTHERS, "land-use-change-other-period"],
        method={"dluc": "included"},
    )
    assert crosswalk.convert(given, to="PACT:3.0").value == 2.0


def test_a_study_that_does_not_say_may_have_counted_it_or_not() -> None:
    given = payload(
        lines={"land-use-change": {"value": "0.060", "exact": True}},
        absent=[*OTHERS, "land-use-change-other-period"],
        method={"dluc": ["included", "excluded"]},
    )
    assert ends(crosswalk.convert(given, to="PACT:3.0")) == (2.0, 2.06)


def test_over_another_period_it_is_another_amount() -> None:
    """The line of such a study is over its own period: nothing says what it is over 20 years."""
    given = payload(
        lines={"land-use-change": {"value": "0.060", "exact": True}},
        absent=OTHERS,
        method={"dluc": "other-period"},
    )
    answer = crosswalk.convert(given, to="PACT:3.0")
    assert ends(answer) == (1.94, None)


def test_exactly_nothing_beside_a_total_says_nothing() -> None:
    """Zero may be what such a total counts of it; that there is none is said under "absent"."""
    given = payload(lines={"land-use-change": 0}, absent=OTHERS)
    answer = crosswalk.convert(given, to="PACT:3.0")
    assert ends(answer) == (2.0, None)
    assert "land-use-change" in [gap.item for gap in answer.gaps]
    none = payload(absent=[*OTHERS, "land-use-change"])
    assert crosswalk.convert(none, to="PACT:3.0").value == 2.0


@pytest.mark.parametrize(
    "gas",
    [
        {"gas": "CO2", "origin": "land", "activity": "land-use-change", "co2e": "0.060"},
        {"family": ["CO2"], "origin": "land", "activity": "land-use-change", "co2e": "0.060"},
    ],
)
def test_a_gas_amount_narrowed_to_what_the_total_leaves_out_is_beside_it(gas: dict[str, Any]) -> None:
    rest = [{"gas": ["CH4", "N2O"], "origin": "land", "activity": "land-use-change", "mass": 0}]
    if "family" in gas:
        gas = {**gas, "family": "carbon-dioxide"}
    given = payload(gases=[{**gas, "co2e": {"value": "0.060", "exact": True}}, *rest], absent=OTHERS)
    assert crosswalk.convert(given, to="PACT:3.0").value == 2.06


def test_a_mass_of_an_activity_that_was_not_looked_at_is_beside_the_total() -> None:
    goods = {
        "gas": "CO2",
        "origin": "fossil",
        "activity": "capital-goods",
        "mass": {"value": "0.1", "exact": True},
    }
    given = payload(gases=[goods], absent=[*OTHERS, "land-use-change"])
    assert crosswalk.convert(given, to="PACT:3.0").value == 2.0


def test_raw_materials_beside_a_total_from_gate_to_gate() -> None:
    given = payload(
        regime="ISO:14067-2018",
        stages={"raw": {"value": "0.50", "exact": True}},
        absent=[*OTHERS, "land-use-change", "biogenic", "aircraft"],
        method={"boundary": "gate-to-gate", "dluc": "included"},
    )
    answer = crosswalk.convert(given, to="PACT:3.0")
    assert answer.value == 2.5


@pytest.mark.parametrize("excluded", [True, False])
def test_bounds_over_all_options_at_once_read_lines_alike(
    universe: Universe, catalogue: Catalogue, excluded: bool
) -> None:
    given = payload(
        lines={"land-use-change": {"value": "0.060", "exact": True}},
        carbon={
            "residues": {"value": "0.02", "exact": True},
            "total_content": {"value": "0.6", "exact": True},
        },
        absent=["captured", "technical-removal", "land-removal", "indirect-land-use-change"],
        method={"dluc": "excluded" if excluded else "included"},
    )
    footprint = read(given, catalogue)
    study = Study(footprint, catalogue.regimes["EN:15804-A1"], universe)
    wide = Envelope(study, catalogue.regimes["PACT:3.0"], None).interval(study.footprint)
    answer = crosswalk.convert(given, to="PACT:3.0", catalogue=catalogue)
    assert wide is not None
    low, high = ends(answer)
    assert (wide.low is None) or (low is not None and float(wide.low) <= low + 1e-12)
    assert (wide.high is None) or (high is not None and float(wide.high) >= high - 1e-12)


# Carbon


def carbon(**more: Any) -> dict[str, Any]:
    gases = [
        {"gas": "CH4", "origin": "biogenic", "mass": {"value": "0.004", "exact": True}},
        {"gas": "CO2", "origin": "biogenic", "mass": {"value": "0.3", "exact": True}},
    ]
    plain = {"regime": "PACT:3.0", "gases": gases, "absent": NOTHING[:3]}
    method = {
        "biogenic-co2": "zero-zero",
        "gwp-set": "ef-3.1",
        "ghg-set": "ipcc-all",
        "dluc": "included",
        "land-management": "in-total",
    }
    return payload(**{**plain, **more}, method=method)


def test_residues_close_the_balance_of_carbon() -> None:
    """By the formula, with P the content, R the residues, m the methane: what is released cancels."""
    content, residues, methane = F("0.45"), F("0.02"), F("0.004")
    given = carbon(
        carbon={
            "biogenic_content": {"value": "0.45", "exact": True},
            "residues": {"value": "0.02", "exact": True},
        }
    )
    answer = crosswalk.convert(given, to="EN:15804-A2")
    expected = 2 - F(44, 12) * (content + residues) - F(44, 16) * methane + methane * (F("29.8") - 27)
    assert answer.class_ == "exact"
    assert answer.value == pytest.approx(float(expected), abs=1e-12)


def test_no_residues_is_a_balance_as_well() -> None:
    given = carbon(carbon={"biogenic_content": {"value": "0.45", "exact": True}, "residues": 0})
    answer = crosswalk.convert(given, to="EN:15804-A2")
    expected = 2 - F(44, 12) * F("0.45") - F(44, 16) * F("0.004") + F("0.004") * (F("29.8") - 27)
    assert answer.value == pytest.approx(float(expected), abs=1e-12)


def test_residues_that_contradict_the_uptake_are_found() -> None:
    given = carbon(
        carbon={
            "biogenic_content": {"value": "0.45", "exact": True},
            "residues": {"value": "0.02", "exact": True},
        },
        lines={"uptake-along-chain": {"value": "-0.2", "exact": True}},
    )
    answer = crosswalk.convert(given, to="EN:15804-A2")
    (clash,) = answer.inconsistencies
    assert {"uptake-along-chain", "carbon-in-residues"} <= set(clash.fields)


def test_none_of_it_is_stated_as_a_number_not_as_an_absence() -> None:
    """Without residues there is an uptake along the chain all the same."""
    given = carbon(absent=[*NOTHING[:3], "carbon-in-residues"])
    with pytest.raises(crosswalk.CrosswalkError) as caught:
        crosswalk.convert(given, to="EN:15804-A2")
    assert "carbon-in-residues" in str(caught.value)


def test_the_row_of_residues_is_the_balance(universe: Universe, catalogue: Catalogue) -> None:
    given = carbon(carbon={"residues": {"value": "0.02", "exact": True}})
    study = Study(read(given, catalogue), catalogue.regimes["PACT:3.0"], universe)
    method = {code: choice.options[0] for code, choice in study.choices.items()}
    (row,) = [row for row in study.rows(method, {}) if row.name == "carbon-in-residues"]
    told = sum((part.vector() for part in row.parts), np.zeros(len(universe)))
    assert row.low == row.high == F(44, 12) * F("0.02")
    wanted = {("CO2", "uptake-chain"): 1.0, ("CO2", "process"): -1.0, ("CH4", "process"): -2.75}
    for (gas, activity), coefficient in wanted.items():
        on = Selection(stages=("production",), activities=(activity,), gases=(gas,), origins=("biogenic",))
        assert set(told[universe.mask(on)]) == {coefficient}
    late = Selection(stages=("distribution", "use", "end-of-life"))
    assert not told[universe.mask(late)].any()


def test_all_carbon_is_an_upper_limit_of_the_biogenic() -> None:
    given = carbon(carbon={"total_content": {"value": "0.60", "exact": True}, "residues": 0})
    answer = crosswalk.convert(given, to="EN:15804-A2")
    methane = F("0.004")
    most = 2 - F(44, 16) * methane + methane * (F("29.8") - 27)
    assert ends(answer) == pytest.approx((float(most - F(44, 12) * F("0.60")), float(most)), abs=1e-12)
    assert answer.class_ == "bounded"


def test_a_product_without_carbon_holds_no_biogenic_carbon() -> None:
    given = carbon(carbon={"total_content": 0, "residues": 0})
    assert crosswalk.convert(given, to="EN:15804-A2").class_ == "exact"


def test_more_biogenic_carbon_than_carbon_is_a_contradiction() -> None:
    given = carbon(
        carbon={
            "biogenic_content": {"value": "0.45", "exact": True},
            "total_content": {"value": "0.40", "exact": True},
        }
    )
    (clash,) = crosswalk.convert(given, to="EN:15804-A2").inconsistencies
    assert set(clash.fields) == {"biogenic-carbon-content", "total-carbon-content"}


def test_carbon_kept_after_the_gate_is_stated_beside_a_total_that_ends_there() -> None:
    given = carbon(
        carbon={"biogenic_content": {"value": "0.45", "exact": True}, "stored": "0.10", "residues": 0}
    )
    assert crosswalk.convert(given, to="EN:15804-A2").class_ == "exact"

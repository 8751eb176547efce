"""Electricity in whole conversions: the total crosses by convention, the factors by the operation."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import pytest

from crosswalk import convert
from crosswalk.footprint.activity import Activity, Burden, ElectricityUse, Grid
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Footprint
from crosswalk.results import Conversion
from tests.engine import conftest as made
from tests.engine.operations.conftest import q

F = Fraction
LIFE = "electricity-scope.life-cycle"
PLANT = "electricity-scope.generation-only"
NATIONAL = "electricity-grid.national-average"
RESIDUAL = "electricity-grid.consumption-mix-excl-claimed"
FIVE = "electricity-instruments.five-criteria"


def ef(value: str, scope: str = LIFE) -> Burden:
    return Burden(path="ef", co2e=q(value), scope=scope)


def study(
    *uses: ElectricityUse, grids: tuple[Grid, ...] = (), regime: str = "GHGP:PRODUCT-2011"
) -> Footprint:
    """A product of 2 kg of fossil CO2 and no other gas, so that its total crosses without a change."""
    plain = made.footprint(
        regime,
        [msgspec.structs.replace(made.mass("CO2", "fossil", "2"), quantity=q("2"))],
        method={**made.PLAIN, "gwp-set": "ar6-t715", "cut-off": "none", "biogenic-co2": "zero-zero"},
        absences=(*made.NOTHING_ELSE, made.absent("capital-goods", "overheads", "exempted")),
        complete=True,
    )
    return msgspec.structs.replace(plain, activity=Activity(electricity=uses, grids=grids))


def use(factor: str | None, **given: Any) -> ElectricityUse:
    burden = None if factor is None else ef(factor, given.pop("scope", LIFE))
    at = {"path": "electricity[0]", "amount": q("0.5"), "grid": "CN", "year": 2024, **given}
    return ElectricityUse(factor=burden, **at)


def ends(answer: Conversion) -> tuple[float | None, float | None]:
    assert answer.assumed is not None
    return answer.assumed.low, answer.assumed.high


def step(answer: Conversion) -> Any:
    (found,) = [one for one in answer.steps if one.operation == "OP-ELEC"]
    return found


def test_a_sold_certificate_goes_to_the_residual_mix_and_is_called_an_estimate() -> None:
    grid = Grid(path="grids[0]", place="CN", year=2024, factors={RESIDUAL: ef("0.7")})
    sold = study(use("0.03", connection="own", sold=True), grids=(grid,))
    answer = convert(sold, to="ISO:14067-2018", allow="estimated")
    assert answer.class_ == "estimated"
    assert answer.answered
    assert answer.value is None
    # By hand: 2 + 0.5 · (0.7 − 0.03).
    assert ends(answer) == (pytest.approx(2.335), pytest.approx(2.335))
    assert (step(answer).delta.low, step(answer).class_) == (pytest.approx(0.335), "estimated")
    assert step(answer).dimension == "electricity-own"


def test_without_leave_to_estimate_it_is_refused() -> None:
    grid = Grid(path="grids[0]", place="CN", year=2024, factors={RESIDUAL: ef("0.7")})
    sold = study(use("0.03", connection="own", sold=True), grids=(grid,))
    answer = convert(sold, to="ISO:14067-2018")
    assert not answer.answered
    assert answer.refusal is not None


def test_power_as_the_target_asks_leaves_the_answer_as_it_was() -> None:
    kept = study(use("0.7", grid_factor=RESIDUAL), regime="ISO:14067-2018")
    bare = msgspec.structs.replace(kept, activity=None)
    answer, plain = (convert(one, to="PACT:3.0", allow="estimated") for one in (kept, bare))
    assert answer.class_ == plain.class_
    assert answer.guaranteed == plain.guaranteed
    assert not [one for one in answer.steps if one.operation == "OP-ELEC"]
    # What was kept as one condition among others is now known to be met.
    assert {one.dimension for one in answer.open_options}.isdisjoint({"electricity-grid", "electricity-own"})


def test_a_chinese_study_with_the_wrong_series_gets_the_right_one_from_the_tables() -> None:
    # 0.5306 kg CO2/kWh (emission factor, generation) to 0.6205 kg CO2e/kWh (footprint factor), both of 2023.
    wrong = study(use("0.5306", scope=PLANT, grid_factor=NATIONAL, year=2023))
    answer = convert(wrong, to="PACT:3.0", allow="estimated")
    middle = F(2) + F("0.5") * (F("0.6205") - F("0.5306"))
    half = F("0.5") * F("0.00005")
    assert ends(answer) == (pytest.approx(float(middle - half)), pytest.approx(float(middle + half)))
    assert step(answer).dimension == "electricity-scope"
    assert any("0.6205 kg CO2e/kWh" in note.en for note in answer.notes)
    assert any("does not state the GWP set" in note.en for note in answer.notes)
    assert any(cited.about == "cn.electricity.cfp.2023.national" for cited in step(answer).clauses)


def test_a_residual_mix_china_does_not_publish_is_a_rough_range() -> None:
    answer = convert(
        study(use("0.6205", grid_factor=NATIONAL, year=2023)), to="ISO:14067-2018", allow="estimated"
    )
    low, high = ends(answer)
    assert low is not None
    assert high is not None
    added, scaled = F("0.6096") - F("0.5306"), F("0.6205") * (F("0.6096") / F("0.5306") - 1)
    assert low == pytest.approx(float(2 + F("0.5") * added), abs=2e-4)
    assert high == pytest.approx(float(2 + F("0.5") * scaled), abs=2e-4)
    assert low < 2 + 0.5 * float(added)
    assert high > 2 + 0.5 * float(scaled)
    assert any(note.en.startswith("rough:") for note in answer.notes)
    assert any(note.zh.startswith("粗略估计") for note in answer.notes)
    assert answer.provisional


def test_where_no_factor_is_known_the_answer_is_a_gap_that_is_named() -> None:
    answer = convert(
        study(use("0.6", grid_factor=NATIONAL, grid="XY")), to="ISO:14067-2018", allow="estimated"
    )
    assert not answer.answered
    assert answer.class_ == "unbridgeable"
    assert "grids[XY 2024].factors.consumption-mix-excl-claimed" in [gap.item for gap in answer.gaps]


def test_two_grids_and_ten_uses_add_up() -> None:
    uses = tuple(
        use(
            "0.6" if n % 2 else "0.4",
            path=f"electricity[{n}]",
            amount=Quantity.of("0.10"),
            grid="A" if n % 2 else "B",
            grid_factor=NATIONAL,
        )
        for n in range(10)
    )
    grids = tuple(
        Grid(path=f"grids[{n}]", place=place, year=2024, factors={RESIDUAL: ef(value)})
        for n, (place, value) in enumerate([("A", "0.7"), ("B", "0.3")])
    )
    answer = convert(study(*uses, grids=grids), to="ISO:14067-2018", allow="estimated")
    # Half a kWh each way, each use known to 0.005 kWh: 0.05 more there, 0.05 less here.
    assert ends(answer) == (pytest.approx(2 - 0.005), pytest.approx(2 + 0.005))

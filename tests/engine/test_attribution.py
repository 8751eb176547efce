"""Shares of dimensions: against the mean over all orders, worked out again here in fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.engine.attribution import Objective, shapley, without_rounding
from crosswalk.engine.cells import Mask, Universe
from crosswalk.engine.parts import Part, Parts, Row
from crosswalk.engine.program import Program
from crosswalk.engine.split import bounded
from crosswalk.engine.study import Study
from crosswalk.knowledge.catalogue import Catalogue, Selection
from crosswalk.knowledge.load import load
from crosswalk.lookup import universe_of
from tests.engine.conftest import NOTHING_ELSE, PLAIN, footprint, mass, over_all_orders, total, worth

CATALOGUE = load()
UNIVERSE = universe_of(CATALOGUE)
NUMERIC = [d for d in CATALOGUE.dimensions.values() if d.family == "convention"]
#: Options that hang on one another, and the two dimensions that decide with which factor methane counts.
TANGLED = {
    "boundary": ("boundary.cradle-to-grave", "boundary.cradle-to-gate"),
    "uptake-at-gate": ("uptake-at-gate.in-total", "uptake-at-gate.not-in-total"),
    "biogenic-methane": ("biogenic-methane.non-fossil", "biogenic-methane.fossil"),
    "gwp-set": ("gwp-set.ar5-28", "gwp-set.ar6-t715"),
}


@st.composite
def methods(draw: st.DrawFn, most: int = 5) -> tuple[dict[str, str], dict[str, str]]:
    """Two methods that differ in up to ``most`` dimensions, tangled ones more often than not."""
    before = {d.code: draw(st.sampled_from(d.options)) for d in NUMERIC}
    after = dict(before)
    tangled = draw(st.sets(st.sampled_from(sorted(TANGLED)), max_size=most))
    before |= {d: TANGLED[d][0] for d in tangled}
    after |= {d: TANGLED[d][1] for d in tangled}
    left = [d for d in NUMERIC if d.code not in tangled]
    for dimension in draw(st.lists(st.sampled_from(left), unique=True, max_size=most - len(tangled))):
        before[dimension.code], after[dimension.code] = draw(st.permutations(dimension.options))[:2]
    return before, after


def on_cell(objective: Objective, universe: Universe, cell: int) -> Fraction:
    return sum((part.exact(universe, cell) for part in objective.up), Fraction(0))


def every(universe: Universe) -> Mask:
    return np.ones(len(universe), dtype=bool)


def some_cells(universe: Universe, changed: Mask, seed: int) -> list[int]:
    """A few cells at random, most of which the change touches."""
    rng = np.random.default_rng(seed)
    touched = np.flatnonzero(changed)
    picked = rng.choice(len(universe), size=8).tolist()
    return [*picked, *(rng.choice(touched, size=25).tolist() if touched.size else [])]


@settings(max_examples=25, deadline=None)
@given(pair=methods(), seed=st.integers(0, 2**32 - 1))
def test_a_share_is_the_mean_over_all_orders(pair: tuple[dict[str, str], dict[str, str]], seed: int) -> None:
    before, after = pair
    found = shapley(UNIVERSE, before, after, every(UNIVERSE))
    changed = UNIVERSE.weights(before).value != UNIVERSE.weights(after).value
    assert list(found) == [d for d in before if before[d] != after[d]]
    for cell in some_cells(UNIVERSE, changed, seed):
        wanted = over_all_orders(UNIVERSE, before, after, cell)
        assert {d: on_cell(one, UNIVERSE, cell) for d, one in found.items()} == wanted


@settings(max_examples=25, deadline=None)
@given(pair=methods(most=10), seed=st.integers(0, 2**32 - 1))
def test_shares_add_up_to_the_change_on_every_cell(
    pair: tuple[dict[str, str], dict[str, str]], seed: int
) -> None:
    before, after = pair
    found = shapley(UNIVERSE, before, after, every(UNIVERSE))
    changed = UNIVERSE.weights(before).value != UNIVERSE.weights(after).value
    for cell in some_cells(UNIVERSE, changed, seed):
        whole = worth(UNIVERSE, after, cell) - worth(UNIVERSE, before, cell)
        assert sum((on_cell(one, UNIVERSE, cell) for one in found.values()), Fraction(0)) == whole


@settings(max_examples=20, deadline=None)
@given(pair=methods(most=8), seed=st.integers(0, 2**32 - 1), data=st.data())
def test_neither_the_order_nor_the_direction_matters(
    pair: tuple[dict[str, str], dict[str, str]], seed: int, data: st.DataObject
) -> None:
    before, after = pair
    order = data.draw(st.permutations(list(before)))
    one = shapley(UNIVERSE, before, after, every(UNIVERSE))
    other = shapley(UNIVERSE, {d: before[d] for d in order}, {d: after[d] for d in order}, every(UNIVERSE))
    back = shapley(UNIVERSE, after, before, every(UNIVERSE))
    assert set(one) == set(other) == set(back)
    changed = UNIVERSE.weights(before).value != UNIVERSE.weights(after).value
    for cell in some_cells(UNIVERSE, changed, seed):
        for dimension in one:
            here = on_cell(one[dimension], UNIVERSE, cell)
            assert here == on_cell(other[dimension], UNIVERSE, cell)
            assert here == -on_cell(back[dimension], UNIVERSE, cell)


@pytest.fixture
def plain() -> dict[str, str]:
    return {d.code: d.options[0] for d in NUMERIC}


def test_a_dimension_that_treats_the_cells_alike_gets_nothing(plain: dict[str, str]) -> None:
    before = {**plain, "gwp-set": "gwp-set.ar5-28", "packaging": "packaging.included"}
    after = {**before, "gwp-set": "gwp-set.ar6-t715", "packaging": "packaging.excluded"}
    carbon_dioxide = UNIVERSE.mask(Selection(gases=("CO2",), activities=("process",)))
    assert {d: one.up for d, one in shapley(UNIVERSE, before, after, carbon_dioxide).items()} == {
        "gwp-set": (),
        "packaging": (),
    }


def test_two_dimensions_share_what_they_do_together(plain: dict[str, str]) -> None:
    # By hand: packaging dropped is −28 before the set changes and −29.8 after; the set +1.8 before packaging
    # is dropped and nothing after.
    before = {**plain, "gwp-set": "gwp-set.ar5-28", "packaging": "packaging.included"}
    after = {**before, "gwp-set": "gwp-set.ar6-t715", "packaging": "packaging.excluded"}
    methane = UNIVERSE.mask(Selection(gases=("CH4",), activities=("packaging",), origins=("fossil",)))
    cell = int(np.flatnonzero(methane & UNIVERSE.weights(before).scope)[0])
    found = shapley(UNIVERSE, before, after, every(UNIVERSE))
    assert on_cell(found["packaging"], UNIVERSE, cell) == Fraction("-28.9")
    assert on_cell(found["gwp-set"], UNIVERSE, cell) == Fraction("0.9")


def _study(disclosures: list[object], universe: Universe, catalogue: Catalogue) -> Study:
    made = footprint("ISO:14067-2018", disclosures, method=PLAIN, absences=NOTHING_ELSE)
    return Study(made, catalogue.regimes["ISO:14067-2018"], universe)


@pytest.mark.parametrize("turned", [False, True])
def test_a_gas_without_a_factor_leaves_its_end_open(
    universe: Universe, catalogue: Catalogue, turned: bool
) -> None:
    """A set that lacks a gas may count it by any factor: more if it enters the total, less if it leaves."""
    study = _study([total("2.000")], universe, catalogue)
    sets = {code: one.values for code, one in catalogue.gwp_sets.items()}
    gas = sorted(set(sets["AR6-T7.15"]) - set(sets["AR4"]))[0]
    base = {d: study.choices[d].options[0] for d in study.numeric}
    included = {**base, "gwp-set": "gwp-set.ar6-t715", "packaging": "packaging.included"}
    excluded = {**base, "gwp-set": "gwp-set.ar4", "packaging": "packaging.excluded"}
    only = universe.mask(Selection(gases=(gas,), activities=("packaging",), stages=("production",)))
    live = only | universe.mask(Selection(gases=("CO2",), activities=("process",), stages=("production",)))
    before = included if not turned else {**excluded, "gwp-set": "gwp-set.ar6-t715"}
    after = excluded if not turned else {**included, "gwp-set": "gwp-set.ar4"}
    found = shapley(universe, before, after, live)
    rows = study.rows(before, {})
    intervals = bounded(study, rows, ~live, list(found.values()))
    assert intervals is not None
    shares = dict(zip(found, intervals, strict=True))
    if turned:
        # Included only once the set has no factor for it, or before: both ways it adds.
        assert shares["packaging"].high is None
        assert shares["packaging"].low == 0
    else:
        assert shares["packaging"].low is None
        assert shares["packaging"].high == 0
    assert shares["gwp-set"].high is None
    assert all(one.value is None for one in intervals)


def test_values_without_rounding_belong_to_one_inventory(universe: Universe, catalogue: Catalogue) -> None:
    """What is stated more than once counts once, the finer number first; values add up as objectives do."""
    masses = [mass("CO2", "fossil", "1.600"), mass("CH4", "fossil", "0.0120")]
    study = _study([*masses, total("1.95")], universe, catalogue)
    gases = universe.mask(Selection(gases=("CO2", "CH4"), origins=("fossil",), activities=("process",)))
    live = gases & universe.mask(Selection(stages=("production",)))
    method = {d: study.choices[d].options[0] for d in study.numeric} | {"gwp-set": "gwp-set.ar5-28"}
    other = {**method, "gwp-set": "gwp-set.ar6-t715"}
    asked: list[Parts] = [
        study.total(method, method),
        study.total(method, other),
        study.change(method, other),
    ]
    rows = sorted(study.rows(method, {}), key=lambda row: (row.name == "total", row.name != "CO2 fossil"))
    found = without_rounding(universe, rows, ~live, asked)
    assert found == [Fraction("1.936"), Fraction("1.9576"), Fraction("0.0216")]


def test_a_value_that_is_not_determined_is_none(universe: Universe, catalogue: Catalogue) -> None:
    study = _study([total("1.95")], universe, catalogue)
    method = {d: study.choices[d].options[0] for d in study.numeric} | {"gwp-set": "gwp-set.ar5-28"}
    other = {**method, "gwp-set": "gwp-set.ar6-t715"}
    dead = np.zeros(len(universe), dtype=bool)
    asked: list[Parts] = [study.total(method, method), study.change(method, other), ()]
    found = without_rounding(universe, study.rows(method, {}), dead, asked)
    assert found == [Fraction("1.95"), None, 0]


def test_the_sum_of_the_shares_is_bounded_more_tightly_than_they_are(
    universe: Universe, catalogue: Catalogue
) -> None:
    """Two shares that make up for one another are wide, their sum is not."""
    study = _study([total("2.000")], universe, catalogue)
    base = {d: study.choices[d].options[0] for d in study.numeric}
    before = {**base, "gwp-set": "gwp-set.ar5-28", "packaging": "packaging.included"}
    after = {**before, "gwp-set": "gwp-set.ar6-t715", "packaging": "packaging.excluded"}
    live = universe.mask(
        Selection(
            gases=("CO2", "CH4"),
            origins=("fossil",),
            activities=("process", "packaging"),
            stages=("production",),
        )
    )
    found = shapley(universe, before, after, live)
    whole = Objective(study.change(before, after))
    intervals = bounded(study, study.rows(before, {}), ~live, [*found.values(), whole])
    assert intervals is not None
    *shares, together = intervals
    lows, highs = [one.low or Fraction(0) for one in shares], [one.high or Fraction(0) for one in shares]
    assert together.low is not None
    assert together.high is not None
    assert sum(lows) < together.low
    assert together.high <= sum(highs)


def test_shares_that_do_not_add_up_are_not_returned(
    universe: Universe, plain: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from crosswalk.engine import attribution

    before = {**plain, "packaging": "packaging.included"}
    after = {**plain, "packaging": "packaging.excluded"}
    monkeypatch.setattr(attribution, "_worth", lambda game, effects, changed: Fraction(len(changed), 3))
    with pytest.raises(ArithmeticError, match="add up"):
        shapley(universe, before, after, every(universe))


def test_rows_that_repeat_each_other_do_not_spoil_the_values(universe: Universe) -> None:
    one = universe.mask(
        Selection(gases=("CO2",), activities=("process",), stages=("raw",), origins=("fossil",))
    )
    row = Row("a", "a", (Part(one),), Fraction(1), Fraction(3))
    twice = Row("b", "b", (Part(one, None, Fraction(2)),), Fraction(3), Fraction(4))
    objective: Parts = (Part(one, None, Fraction(1, 3)),)
    assert without_rounding(universe, [row, twice], ~one, [objective]) == [Fraction(2, 3)]
    assert without_rounding(universe, [twice, row], ~one, [objective]) == [Fraction(7, 12)]
    interval = Program(universe, [row, twice], ~one, [objective]).interval(0)
    assert interval is not None
    assert (interval.low, interval.high) == (Fraction(1, 2), Fraction(2, 3))

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from crosswalk.engine.cells import Universe
from crosswalk.knowledge.catalogue import Catalogue, Selection
from tests.engine.weights import weight


def _value(universe: Universe, method: dict[str, str], cell: tuple[str, str, str, str]) -> Fraction:
    return universe.exact(universe.weights(method), universe.cells.index(cell))


def test_cells_are_sorted_and_distinct(universe: Universe) -> None:
    assert list(universe.cells) == sorted(set(universe.cells))


def test_a_broader_activity_covers_the_narrower_ones(universe: Universe) -> None:
    mask = universe.mask(Selection(activities=("uptake",)))
    assert {universe.cells[i][1] for i in np.flatnonzero(mask)} == {"uptake-product", "uptake-chain"}


def test_gases_and_families_of_one_selection_are_alternatives(universe: Universe) -> None:
    mask = universe.mask(Selection(gases=("CO2",), families=("methane",), stages=("production",)))
    assert {universe.cells[i][2] for i in np.flatnonzero(mask)} == {"CO2", "CH4"}


def test_exceptions_are_taken_out(universe: Universe) -> None:
    rest = Selection(excepts=(Selection(stages=("use",)), Selection(gases=("CO2",))))
    mask = universe.mask(rest)
    assert not any(
        universe.cells[i][0] == "use" or universe.cells[i][2] == "CO2" for i in np.flatnonzero(mask)
    )


def test_weights_multiply(universe: Universe) -> None:
    uptake = ("raw", "uptake-product", "CO2", "biogenic")
    full = {"biogenic-co2": "biogenic-co2.minus1-plus1", "gwp-set": "gwp-set.ar6-t715"}
    assert _value(universe, full, uptake) == -1
    gate = {**full, "uptake-at-gate": "uptake-at-gate.not-in-total"}
    assert _value(universe, gate, uptake) == -1, "the option holds for cradle-to-gate studies only"
    gate["boundary"] = "boundary.cradle-to-gate"
    assert _value(universe, gate, uptake) == 0


def test_methane_follows_its_origin(universe: Universe) -> None:
    biogenic = ("production", "process", "CH4", "biogenic")
    fossil = ("production", "process", "CH4", "fossil")
    method = {"gwp-set": "gwp-set.ar6-t715"}
    assert (_value(universe, method, fossil), _value(universe, method, biogenic)) == (
        Fraction("29.8"),
        Fraction(27),
    )
    closed = {**method, "biogenic-methane": "biogenic-methane.fossil"}
    assert _value(universe, closed, biogenic) == Fraction("29.8")


def test_exact_weights_equal_the_floats(universe: Universe, catalogue: Catalogue) -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        method = {
            d.code: str(rng.choice(d.options))
            for d in catalogue.dimensions.values()
            if d.family == "convention"
        }
        weights = universe.weights(method)
        for cell in rng.integers(0, len(universe), 50).tolist():
            assert float(universe.exact(weights, cell)) == pytest.approx(weights.value[cell], rel=1e-15)


def test_weights_are_those_of_the_knowledge_written_out_again(
    universe: Universe, catalogue: Catalogue
) -> None:
    rng = np.random.default_rng(4)
    dimensions = [d for d in catalogue.dimensions.values() if d.family == "convention"]
    common = [i for i, c in enumerate(universe.cells) if c[2] in ("CO2", "CH4", "N2O", "CO2e")]
    for _ in range(60):
        method = {d.code: str(rng.choice(d.options)) for d in dimensions}
        weights = universe.weights(method)
        places = [*rng.integers(0, len(universe), 15), *rng.choice(common, 15)]
        for place in map(int, places):
            wanted = weight(method, universe.cells[place], catalogue)
            assert universe.exact(weights, place) == wanted
            assert weights.value[place] == pytest.approx(float(wanted), rel=1e-15)


def test_a_gas_without_a_factor_is_not_known(universe: Universe) -> None:
    weights = universe.weights({"gwp-set": "gwp-set.ef-3.1"})
    cell = universe.cells.index(("production", "process", "CO", "fossil"))
    assert not weights.known[cell]
    assert weights.value[cell] == 0

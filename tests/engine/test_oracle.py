"""The kernel against one linear program a row, on ten thousand random problems of every shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest

from crosswalk.engine.cells import Floats, Universe
from crosswalk.engine.kernel import Kernel, Status
from crosswalk.engine.parts import Part, Parts, Row
from crosswalk.engine.program import Program
from crosswalk.knowledge.catalogue import Catalogue, Selection
from tests.engine.linear import by_fractions, by_scipy, exactly

#: Data rows that share a matrix, matrices of one shape.
DATA, MATRICES = 25, 20

Rng = np.random.Generator


class Problem(NamedTuple):
    """One matrix and objective, with as many pairs of ends as there are data rows."""

    matrix: Floats
    objective: Floats
    low: Floats
    high: Floats


def _matrix(rng: Rng, rows: int, columns: int) -> Floats:
    return rng.choice([0.0, 0.0, 1.0, 1.0, -1.0, 2.5, 28.0, 265.0], size=(rows, columns))


def _inside(rng: Rng, columns: int) -> Floats:
    """Inventories, in sixty-fourths: sums of them are exact in floats, so that redundant rows agree."""
    return rng.integers(0, 200, (DATA, columns)) / 64 * rng.choice([0, 1, 1], (DATA, columns))


def _objective(rng: Rng, columns: int) -> Floats:
    return np.round(rng.normal(size=columns) * rng.choice([0, 1, 1, 30], columns), 3)


def _sizes(rng: Rng) -> tuple[int, int]:
    return int(rng.integers(1, 6)), int(rng.integers(1, 14))


def _around(rng: Rng, matrix: Floats, objective: Floats, half: Floats) -> Problem:
    centre = _inside(rng, matrix.shape[1]) @ matrix.T
    return Problem(matrix, objective, centre - half, centre + half)


def equality(rng: Rng) -> Problem:
    rows, columns = _sizes(rng)
    return _around(rng, _matrix(rng, rows, columns), _objective(rng, columns), np.zeros(rows))


def rounding_box(rng: Rng) -> Problem:
    rows, columns = _sizes(rng)
    return _around(
        rng,
        _matrix(rng, rows, columns),
        _objective(rng, columns),
        rng.choice([0.0005, 0.005, 0.05, 0.5], rows),
    )


def nothing_removed(rng: Rng) -> Problem:
    """As a report without removals: all weights and factors are positive, the first row is a total."""
    rows, columns = _sizes(rng)
    matrix = np.abs(_matrix(rng, rows, columns))
    matrix[0] = rng.choice([1.0, 28.0, 29.75, 265.0, 23500.0], columns)
    objective = matrix[0] * rng.choice([0.875, 1.0, 1.0, 1.0625], columns)
    return _around(rng, matrix, objective, rng.choice([0.0, 0.005], rows))


def one_sided(rng: Rng) -> Problem:
    problem = rounding_box(rng)
    low, high = problem.low.copy(), problem.high.copy()
    open_end = rng.random(low.shape)
    low[open_end < 0.3] = -np.inf
    high[open_end > 0.6] = np.inf
    return problem._replace(low=low, high=high)


def no_ends(rng: Rng) -> Problem:
    """Rows without any end say nothing, and must not disturb."""
    problem = nothing_removed(rng)
    silent = rng.random(problem.low.shape) < 0.4
    return problem._replace(
        low=np.where(silent, -np.inf, problem.low), high=np.where(silent, np.inf, problem.high)
    )


def exactly_nothing(rng: Rng) -> Problem:
    """Rows that state nothing at all: every basic solution is degenerate."""
    problem = equality(rng)
    nothing = rng.random(problem.matrix.shape[0]) < 0.6
    return problem._replace(
        low=np.where(nothing, 0.0, problem.low), high=np.where(nothing, 0.0, problem.high)
    )


def degenerate(rng: Rng) -> Problem:
    """Ties everywhere: few distinct columns, objective a combination of the rows, sparse inventories."""
    rows, columns = int(rng.integers(2, 6)), int(rng.integers(3, 14))
    kinds = _matrix(rng, rows, 3)
    matrix = kinds[:, rng.integers(0, 3, columns)]
    centre = (_inside(rng, columns) * (rng.random((DATA, columns)) < 0.3)) @ matrix.T
    return Problem(matrix, rng.integers(-2, 3, rows) @ matrix, centre, centre)


def proportional(rng: Rng) -> Problem:
    """Columns that are multiples of each other, as cells of one gas in several stages are."""
    problem = nothing_removed(rng)
    factors = rng.choice([0.5, 1.0, 2.0, 4.0], 3 * problem.objective.size)
    matrix = np.tile(problem.matrix, 3) * factors
    return _around(rng, matrix, np.tile(problem.objective, 3) * factors, np.full(matrix.shape[0], 0.25))


def redundant(rng: Rng) -> Problem:
    """Rows twice, rows that are sums of others, the same and slightly other ends."""
    problem = rounding_box(rng)
    more = rng.integers(-1, 3, (3, problem.matrix.shape[0])).astype(float)
    matrix = np.vstack([problem.matrix, problem.matrix, more @ problem.matrix])
    centre = _inside(rng, matrix.shape[1]) @ matrix.T
    half = rng.choice([0.0, 0.25], matrix.shape[0])
    return Problem(matrix, problem.objective, centre - half, centre + half)


def contradicting(rng: Rng) -> Problem:
    """Half of the data rows state something that cannot be: a sum of rows off by more than rounding."""
    problem = redundant(rng)
    off = np.zeros(problem.low.shape)
    which = rng.integers(0, off.shape[1], DATA)
    off[np.arange(DATA), which] = rng.choice([0.0, 0.0, 3.0, -7.0], DATA)
    return problem._replace(low=problem.low + off, high=problem.high + off)


def contradicting_and_open(rng: Rng) -> Problem:
    """What cannot be, beside columns in no row: a direction to grow in is no proof that a point exists."""
    problem = contradicting(rng)
    matrix = problem.matrix.copy()
    matrix[:, rng.random(matrix.shape[1]) < 0.4] = 0.0
    centre = _inside(rng, matrix.shape[1]) @ matrix.T
    off = (problem.low + problem.high) / 2 - _inside(rng, matrix.shape[1]) @ problem.matrix.T
    wrong = np.where(rng.random((DATA, 1)) < 0.5, np.rint(off), 0.0)
    return problem._replace(matrix=matrix, low=centre + wrong, high=centre + wrong)


def impossible(rng: Rng) -> Problem:
    """Ends below nothing where all weights are positive, and ends that are the wrong way round."""
    problem = nothing_removed(rng)
    low, high = problem.low.copy(), problem.high.copy()
    low[::3], high[::3] = -3.0, -2.0
    low[1::3, -1], high[1::3, -1] = 2.0, 1.0
    return problem._replace(low=low, high=high)


def open_ended(rng: Rng) -> Problem:
    """Columns in no row, and rows in which growth cancels."""
    problem = equality(rng)
    columns = problem.objective.size
    matrix, objective = problem.matrix.copy(), problem.objective.copy()
    matrix[:, rng.random(columns) < 0.3] = 0.0
    return _around(rng, matrix, objective, np.zeros(matrix.shape[0]))


def single_cell(rng: Rng) -> Problem:
    rows = int(rng.integers(1, 4))
    matrix = rng.choice([0.0, 1.0, -1.0, 28.0], (rows, 1))
    centre = _inside(rng, 1) @ matrix.T + rng.choice([0.0, 0.0, 0.25], (DATA, rows))
    half = rng.choice([0.0, 0.125, 0.5], rows)
    return Problem(matrix, rng.choice([1.0, -1.0, 0.0, 29.8], 1), centre - half, centre + half)


def single_row(rng: Rng) -> Problem:
    columns = int(rng.integers(1, 14))
    return _around(rng, _matrix(rng, 1, columns), _objective(rng, columns), rng.choice([0.0, 0.005], 1))


def no_rows(rng: Rng) -> Problem:
    columns = int(rng.integers(1, 6))
    nothing = np.zeros((DATA, 0))
    return Problem(np.zeros((0, columns)), _objective(rng, columns), nothing, nothing)


def no_objective(rng: Rng) -> Problem:
    """Only whether something fits."""
    problem = contradicting(rng)
    return problem._replace(objective=np.zeros_like(problem.objective))


def tall(rng: Rng) -> Problem:
    """More rows than columns."""
    columns = int(rng.integers(1, 5))
    rows = columns + int(rng.integers(1, 6))
    return _around(rng, _matrix(rng, rows, columns), _objective(rng, columns), rng.choice([0.0, 0.25], rows))


def wide(rng: Rng) -> Problem:
    rows, columns = int(rng.integers(2, 9)), int(rng.integers(20, 45))
    matrix = _matrix(rng, rows, columns)
    matrix[0] = rng.choice([1.0, 28.0, 265.0], columns)
    return _around(rng, matrix, _objective(rng, columns), rng.choice([0.0, 0.05], rows))


def small_numbers(rng: Rng) -> Problem:
    """Milligrams: every amount about a millionth (a power of two, so that data stay exact)."""
    problem = nothing_removed(rng)
    return problem._replace(low=problem.low * 2.0**-20, high=problem.high * 2.0**-20)


def large_numbers(rng: Rng) -> Problem:
    problem = nothing_removed(rng)
    return problem._replace(low=problem.low * 2.0**20, high=problem.high * 2.0**20)


def badly_scaled(rng: Rng) -> Problem:
    """Rows and columns in units from a millionth to a million (powers of two, so that data stay exact)."""
    problem = nothing_removed(rng)
    row, column = (2.0 ** rng.integers(-20, 21, size) for size in problem.matrix.shape)
    return Problem(
        problem.matrix * row[:, None] * column,
        problem.objective * column,
        problem.low * row,
        problem.high * row,
    )


SHAPES: tuple[Callable[[Rng], Problem], ...] = (
    equality,
    rounding_box,
    nothing_removed,
    one_sided,
    no_ends,
    exactly_nothing,
    degenerate,
    proportional,
    redundant,
    contradicting,
    contradicting_and_open,
    impossible,
    open_ended,
    single_cell,
    single_row,
    no_rows,
    no_objective,
    tall,
    wide,
    small_numbers,
    large_numbers,
    badly_scaled,
)


#: Units that tolerances without a unit are no judge of: here fractions are.
_UNITS = (small_numbers, large_numbers, badly_scaled)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_batch_equals_one_linear_program_a_row(shape: Callable[[Rng], Problem]) -> None:
    """Same status, same value to 1e-9. Where two solvers in floats differ, fractions decide; rarely."""
    rng = np.random.default_rng([SHAPES.index(shape), 4])
    decided = 0
    for _ in range(MATRICES):
        problem = shape(rng)
        found = Kernel(problem.matrix).maximum(problem.objective, problem.low, problem.high)
        for index in range(DATA):
            given = problem.matrix, problem.objective, problem.low[index], problem.high[index]
            came = int(found.status[index]), float(found.value[index])
            if shape in _UNITS or not by_scipy(*given).same(*came):
                decided += 1
                exact = by_fractions(*given)
                assert exact.same(*came, noise=0.0 if shape in _UNITS else 1e-12), (exact, came)
    assert shape in _UNITS or decided <= 0.05 * MATRICES * DATA


def test_every_status_is_met() -> None:
    """The shapes are what their names say: each status is common among them."""
    seen: Counter[int] = Counter()
    for index, shape in enumerate(SHAPES):
        problem = shape(np.random.default_rng([index, 4]))
        found = Kernel(problem.matrix).maximum(problem.objective, problem.low, problem.high)
        seen.update(found.status.tolist())
    assert min(seen[status] for status in Status) >= 0.1 * sum(seen.values())


def test_both_oracles_agree() -> None:
    """The judge is judged: fractions against SciPy where numbers are of one size."""
    rng = np.random.default_rng(8)
    for _ in range(12):
        for shape in (equality, rounding_box, one_sided, contradicting, exactly_nothing):
            problem = shape(rng)
            given = problem.matrix, problem.objective, problem.low[0], problem.high[0]
            floats, exact = by_scipy(*given), by_fractions(*given)
            assert exact.same(floats.status, floats.value)


def test_the_order_of_data_rows_changes_nothing_but_the_way() -> None:
    rng = np.random.default_rng(11)
    for shape in (nothing_removed, contradicting, one_sided):
        problem = shape(rng)
        turned = rng.permutation(DATA)
        one = Kernel(problem.matrix).maximum(problem.objective, problem.low, problem.high)
        other = Kernel(problem.matrix).maximum(problem.objective, problem.low[turned], problem.high[turned])
        assert (one.status[turned] == other.status).all()
        fits = other.status == Status.OPTIMAL
        assert other.value[fits] == pytest.approx(one.value[turned][fits], rel=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_intervals_on_real_cells_are_those_of_exact_arithmetic(
    seed: int, universe: Universe, catalogue: Catalogue
) -> None:
    """Methods, fields and cells of the knowledge; both ends equal as fractions, open ends and none alike."""
    rng = np.random.default_rng(seed)
    dimensions = [d for d in catalogue.dimensions.values() if d.family == "convention"]
    method, target = ({d.code: str(rng.choice(d.options)) for d in dimensions} for _ in range(2))
    weights = universe.weights(method)
    alive = rng.choice(len(universe), int(rng.integers(4, 40)), replace=False)
    common = [i for i, c in enumerate(universe.cells) if c[2] in ("CO2", "CH4", "N2O", "CO2e")]
    alive = np.union1d(alive, rng.choice(common, 12, replace=False))
    dead = np.ones(len(universe), dtype=bool)
    dead[alive] = False
    held = rng.integers(0, 5000, len(universe)) * (rng.random(len(universe)) < 0.7) * ~dead
    every = np.ones(len(universe), dtype=bool)
    parts = [(Part(every, weights),)]
    for gas in rng.choice(["CO2", "CH4", "N2O", "SF6"], int(rng.integers(0, 4)), replace=False):
        parts.append((Part(universe.mask(Selection(gases=(str(gas),))) & weights.scope),))
    for stage in rng.choice(["raw", "production", "use"], int(rng.integers(0, 3)), replace=False):
        parts.append((Part(universe.mask(Selection(stages=(str(stage),))), weights),))
    if rng.random() < 0.5:
        fossil = universe.mask(Selection(origins=("fossil",)))
        parts.append((Part(fossil, weights), Part(every, weights, Fraction(-1, 3))))

    def exact(sums: Parts, cell: int) -> Fraction:
        return sum((part.exact(universe, cell) for part in sums), Fraction(0))

    rows = []
    for index, sums in enumerate(parts):
        value = sum((exact(sums, c) * int(held[c]) for c in alive.tolist()), Fraction(0)) / 1000
        half = Fraction(int(rng.integers(0, 3)), 2000)
        off = Fraction(int(rng.choice([0, 0, 0, 0, 40])))
        low, high = value + off - half, value + off + half
        one_sided = rng.random()
        rows.append(
            Row(str(index), "", sums, None if one_sided < 0.15 else low, None if one_sided > 0.9 else high)
        )
    goal = (Part(every, universe.weights(target)),)
    found = Program(universe, rows, dead, [goal]).interval(0)
    table = [[exact(row.parts, cell) for cell in alive.tolist()] for row in rows]
    ends = [row.low for row in rows], [row.high for row in rows]
    cost = [exact(goal, cell) for cell in alive.tolist()]
    up, down = exactly(table, cost, *ends), exactly(table, [-value for value in cost], *ends)
    if up[0] == Status.INFEASIBLE:
        assert found is None
        return
    assert found is not None
    assert found.high == (sum(up[1], Fraction(0)) if up[0] == Status.OPTIMAL else None)
    assert found.low == (-sum(down[1], Fraction(0)) if down[0] == Status.OPTIMAL else None)

"""One linear program after the other over one matrix, by HiGHS: the part that is not our own.

A solve starts from scratch each time, so that a result never depends on what was solved before.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from crosswalk.engine.cells import Floats

Ints = npt.NDArray[np.int64]

_DUAL_SIMPLEX, _PRIMAL_SIMPLEX = 1, 4
#: Tolerance and method of each attempt; where one ends without a status, the next is made.
_ATTEMPTS = ((1e-10, _DUAL_SIMPLEX), (1e-10, _PRIMAL_SIMPLEX), (1e-7, _PRIMAL_SIMPLEX))
#: How far a basis may miss a limit, relative to the terms that add up to it.
_NOISE = 1e-11
#: How large the objective may be where ends differ much: the larger, the smaller the parts that still count.
_REACH = (1e5, 1.0)


#: So many programs stay with the solver.
_LOADED = 64


class Status(IntEnum):
    """How a bound came out."""

    OPTIMAL = 0
    UNBOUNDED = 1
    INFEASIBLE = 2


@dataclass(frozen=True)
class Vertex:
    """An optimal basis: which columns are basic, which rows bind, which of these at their upper end."""

    columns: Ints
    rows: Ints
    upper: npt.NDArray[np.bool_]
    inverse: Floats


#: A status, with the optimal basis, or a ray where there is no maximum.
_Outcome = tuple[Status, Vertex | Floats | None]


class Solver:
    """Maximises over ``{x >= 0 : lo <= A x <= hi}`` for one ``A`` and many ``lo``, ``hi`` and objectives."""

    def __init__(self, matrix: Floats) -> None:
        self.matrix = matrix
        self._highs: Any = None

    def maximum(self, objective: Floats, lo: Floats, hi: Floats, *, even: bool = False) -> _Outcome:
        """Return the status with the optimal basis, or with a ray where there is no maximum.

        The solver has one tolerance for all rows: a milligram of a strong gas beside a tonne may be lost
        in it. Where it was, or ``even`` says so, the program is solved with all ends and amounts about one.
        """
        rows, columns = self.matrix.shape
        if columns == 0 or not rows:
            return _without_rows(objective, lo, hi)
        highs = self._loaded()
        ends = np.maximum(*(np.where(np.isfinite(end), np.abs(end), 0.0) for end in (lo, hi)))
        unit = float(ends.max()) or 1.0
        first = self._outcome(highs, objective, lo / unit, hi / unit)
        if not even and self._stands(first, objective, lo, hi):
            return first
        row, column = self._units(ends)
        evened, cost = _load(self.matrix * row[:, None] * column), objective * column
        size = float(np.abs(cost).max()) or 1.0
        for reach in _REACH:
            found = self._outcome(evened, cost * (reach / size), lo * row, hi * row)
            if found[0] is not Status.UNBOUNDED and self._stands(found, objective, lo, hi):
                return found
        return first

    def _loaded(self) -> Any:
        """Return the matrix as the solver has it; the ones used last are kept, each takes much memory."""
        if self._highs is None:
            self._highs = _load(self.matrix)
        _loaded.pop(id(self), None)
        _loaded[id(self)] = self
        while len(_loaded) > _LOADED:
            _loaded.popitem(last=False)[1]._highs = None
        return self._highs

    def _outcome(self, highs: Any, objective: Floats, lo: Floats, hi: Floats) -> _Outcome:
        import highspy

        rows, columns = self.matrix.shape
        highs.changeRowsBounds(rows, np.arange(rows, dtype=np.int32), lo, hi)
        highs.changeColsCost(columns, np.arange(columns, dtype=np.int32), objective)
        status = highspy.HighsModelStatus
        outcome = None
        for tolerance, strategy in _ATTEMPTS:
            highs.setOptionValue("primal_feasibility_tolerance", tolerance)
            highs.setOptionValue("dual_feasibility_tolerance", tolerance)
            highs.setOptionValue("simplex_strategy", strategy)
            highs.clearSolver()
            highs.run()
            outcome = highs.getModelStatus()
            if outcome not in (status.kUnknown, status.kNotset):
                break
        if outcome == status.kOptimal:
            return Status.OPTIMAL, self._vertex(highs.getBasis())
        if outcome == status.kUnbounded:
            _, present, ray = highs.getPrimalRay()
            # The solver may report a ray without having found a feasible point.
            return Status.UNBOUNDED, np.maximum(np.asarray(ray), 0.0) if present else np.zeros(columns)
        if outcome == status.kInfeasible:
            return Status.INFEASIBLE, None
        raise ArithmeticError(f"linear program ended with status {outcome}")

    def _vertex(self, found: Any) -> Vertex:
        import highspy

        basic, at_top = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kUpper
        columns = np.array([j for j, s in enumerate(found.col_status) if s == basic], dtype=np.int64)
        rows = np.array([i for i, s in enumerate(found.row_status) if s != basic], dtype=np.int64)
        upper = np.array([found.row_status[i] == at_top for i in rows.tolist()], dtype=bool)
        return Vertex(columns, rows, upper, _inverted(self.matrix[np.ix_(rows, columns)]))

    def _units(self, ends: Floats) -> tuple[Floats, Floats]:
        """Return what to multiply rows and columns by, so that all ends and amounts are about one."""
        size = np.abs(self.matrix)
        row = 1.0 / np.where(ends > 0, ends, np.inf)
        most = (size * row[:, None]).max(axis=0)
        column = 1.0 / _or(_or(most, size.max(axis=0)), 1.0)
        # A row of no end, or of nothing, is as large as its terms.
        return np.where(ends > 0, row, 1.0 / _or((size * column).max(axis=1), 1.0)), column

    def _stands(self, found: _Outcome, objective: Floats, lo: Floats, hi: Floats) -> bool:
        """Whether a basis is feasible and optimal, each limit held to the size of its own terms."""
        vertex = found[1]
        if not isinstance(vertex, Vertex):
            return True
        matrix, rows, columns, inverse = self.matrix, vertex.rows, vertex.columns, vertex.inverse
        multipliers, noise = objective[columns] @ inverse, np.abs(objective[columns]) @ np.abs(inverse)
        tops = np.where(np.abs(multipliers) > _NOISE * noise, multipliers > 0, vertex.upper)
        ends = np.where(tops, hi[rows], lo[rows])
        if not np.isfinite(ends).all():
            return False
        amounts, size = inverse @ ends, np.abs(inverse) @ np.abs(ends)
        sums, width = matrix[:, columns] @ amounts, np.abs(matrix[:, columns]) @ size * _NOISE
        reached, terms = multipliers @ matrix[rows], noise @ np.abs(matrix[rows]) + np.abs(objective)
        return bool(
            (amounts >= -_NOISE * size).all()
            and (sums >= lo - width).all()
            and (sums <= hi + width).all()
            and (reached >= objective - _NOISE * terms).all()
        )


def _load(matrix: Floats) -> Any:
    import highspy

    rows, columns = matrix.shape
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the package has no stubs
    for option, setting in (
        ("output_flag", False),
        ("presolve", "off"),
        ("solver", "simplex"),
        ("threads", 1),
        ("allow_unbounded_or_infeasible", False),
    ):
        highs.setOptionValue(option, setting)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns, rows
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = np.zeros(columns)
    program.col_lower_ = np.zeros(columns)
    program.col_upper_ = np.full(columns, highspy.kHighsInf)
    program.row_lower_ = np.zeros(rows)
    program.row_upper_ = np.zeros(rows)
    places, filled = np.nonzero(matrix.T)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=columns))])
    program.a_matrix_.index_, program.a_matrix_.value_ = filled, matrix.T[places, filled]
    highs.passModel(program)
    return highs


def _inverted(matrix: Floats) -> Floats:
    """Return the inverse of a basis; entries that are nothing but rounding are nothing."""
    row = 1.0 / _or(np.abs(matrix).max(axis=1, initial=0.0), 1.0)
    column = 1.0 / _or((np.abs(matrix) * row[:, None]).max(axis=0, initial=0.0), 1.0)
    even = matrix * row[:, None] * column
    found = np.linalg.inv(even).astype(np.float64)
    size = np.abs(found)
    found = np.where(size > 1e-14 * (size @ np.abs(even) @ size), found, 0.0)
    return found * column[:, None] * row


def _or(sizes: Floats, other: Floats | float) -> Floats:
    """Return sizes, or another where there is none."""
    return np.where(sizes > 0, sizes, other)


def _without_rows(objective: Floats, lo: Floats, hi: Floats) -> _Outcome:
    if ((lo > 0) | (hi < 0)).any():
        return Status.INFEASIBLE, None
    if (objective > 0).any():
        return Status.UNBOUNDED, np.where(objective > 0, 1.0, 0.0)
    none = np.zeros(0, dtype=np.int64)
    return Status.OPTIMAL, Vertex(none, none, np.zeros(0, dtype=bool), np.zeros((0, 0)))


_loaded: OrderedDict[int, Solver] = OrderedDict()

"""One linear program after the other over one matrix, by HiGHS: the part that is not our own.

A solve starts from scratch each time, so that a result never depends on what was solved before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from crosswalk.engine.cells import Floats

Ints = npt.NDArray[np.int64]

_DUAL_SIMPLEX, _PRIMAL_SIMPLEX = 1, 4
#: Tolerance and method of each attempt; a status that stays unknown is tried with the next.
_ATTEMPTS = ((1e-10, _DUAL_SIMPLEX), (1e-10, _PRIMAL_SIMPLEX), (1e-7, _PRIMAL_SIMPLEX))


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


class Solver:
    """Maximises over ``{x >= 0 : lo <= A x <= hi}`` for one ``A`` and many ``lo``, ``hi`` and objectives."""

    def __init__(self, matrix: Floats) -> None:
        self.matrix = matrix
        self._highs: Any = None

    def maximum(self, objective: Floats, lo: Floats, hi: Floats) -> tuple[Status, Vertex | Floats | None]:
        """Return the status with the optimal basis, or with a ray where there is no maximum."""
        import highspy

        rows, columns = self.matrix.shape
        if columns == 0 or not rows:
            return _without_rows(objective, lo, hi)
        row, column = self._units(lo, hi)
        highs = self._load(row, column, lo, hi)
        outcome = self._run(objective * column)
        if outcome == highspy.HighsModelStatus.kOptimal:
            return Status.OPTIMAL, _vertex(highs.getBasis())
        if outcome == highspy.HighsModelStatus.kUnbounded:
            _, present, ray = highs.getPrimalRay()
            # The solver may report a ray without having found a feasible point.
            return Status.UNBOUNDED, np.maximum(np.asarray(ray), 0.0) * column if present else np.zeros(
                columns
            )
        if outcome == highspy.HighsModelStatus.kInfeasible:
            return Status.INFEASIBLE, None
        raise ArithmeticError(f"linear program ended with status {outcome}")

    def _run(self, objective: Floats) -> Any:
        import highspy

        highs, columns = self._highs, self.matrix.shape[1]
        unit = float(np.abs(objective).max(initial=0.0)) or 1.0
        highs.changeColsCost(columns, np.arange(columns, dtype=np.int32), objective / unit)
        outcome = None
        for tolerance, strategy in _ATTEMPTS:
            highs.setOptionValue("primal_feasibility_tolerance", tolerance)
            highs.setOptionValue("dual_feasibility_tolerance", tolerance)
            highs.setOptionValue("simplex_strategy", strategy)
            highs.clearSolver()
            highs.run()
            outcome = highs.getModelStatus()
            if outcome != highspy.HighsModelStatus.kUnknown:
                break
        return outcome

    def _units(self, lo: Floats, hi: Floats) -> tuple[Floats, Floats]:
        """Return what to multiply rows and columns by, so that all ends and amounts are about one.

        The solver has one tolerance for all: a milligram of a strong gas beside a tonne would be lost in it.
        """
        size = np.abs(self.matrix)
        ends = np.maximum(*(np.where(np.isfinite(end), np.abs(end), 0.0) for end in (lo, hi)))
        row = 1.0 / np.where(ends > 0, ends, np.inf)
        most = (size * row[:, None]).max(axis=0)
        column = 1.0 / _or(_or(most, size.max(axis=0)), 1.0)
        # A row of no end, or of nothing, is as large as its terms.
        return np.where(ends > 0, row, 1.0 / _or((size * column).max(axis=1), 1.0)), column

    def _load(self, row: Floats, column: Floats, lo: Floats, hi: Floats) -> Any:
        import highspy

        if self._highs is None:
            self._highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the package has no stubs
            for option, setting in (
                ("output_flag", False),
                ("presolve", "off"),
                ("solver", "simplex"),
                ("threads", 1),
                ("allow_unbounded_or_infeasible", False),
            ):
                self._highs.setOptionValue(option, setting)
        rows, columns = self.matrix.shape
        matrix = (self.matrix * row[:, None] * column).T
        places, filled = np.nonzero(matrix)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = columns, rows
        program.sense_ = highspy.ObjSense.kMaximize
        program.col_cost_ = np.zeros(columns)
        program.col_lower_ = np.zeros(columns)
        program.col_upper_ = np.full(columns, highspy.kHighsInf)
        program.row_lower_, program.row_upper_ = lo * row, hi * row
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=columns))])
        program.a_matrix_.index_, program.a_matrix_.value_ = filled, matrix[places, filled]
        self._highs.passModel(program)
        return self._highs


def _or(sizes: Floats, other: Floats | float) -> Floats:
    """Return sizes, or another where there is none."""
    return np.where(sizes > 0, sizes, other)


def _without_rows(objective: Floats, lo: Floats, hi: Floats) -> tuple[Status, Vertex | Floats | None]:
    if ((lo > 0) | (hi < 0)).any():
        return Status.INFEASIBLE, None
    if (objective > 0).any():
        return Status.UNBOUNDED, np.where(objective > 0, 1.0, 0.0)
    none = np.zeros(0, dtype=np.int64)
    return Status.OPTIMAL, Vertex(none, none, np.zeros(0, dtype=bool))


def _vertex(found: Any) -> Vertex:
    import highspy

    basic, at_top = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kUpper
    columns = np.array([j for j, s in enumerate(found.col_status) if s == basic], dtype=np.int64)
    rows = np.array([i for i, s in enumerate(found.row_status) if s != basic], dtype=np.int64)
    upper = np.array([found.row_status[i] == at_top for i in rows.tolist()], dtype=bool)
    return Vertex(columns, rows, upper)

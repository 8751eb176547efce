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
        highs = self._ready()
        finite = np.concatenate([lo[np.isfinite(lo)], hi[np.isfinite(hi)]])
        unit = float(np.abs(finite).max(initial=0.0)) or 1.0
        highs.changeRowsBounds(rows, np.arange(rows, dtype=np.int32), lo / unit, hi / unit)
        outcome = self._run(objective)
        if outcome == highspy.HighsModelStatus.kOptimal:
            return Status.OPTIMAL, _vertex(highs.getBasis())
        if outcome == highspy.HighsModelStatus.kUnbounded:
            _, present, ray = highs.getPrimalRay()
            # The solver may report a ray without having found a feasible point.
            return Status.UNBOUNDED, np.maximum(np.asarray(ray), 0.0) if present else np.zeros(columns)
        if outcome == highspy.HighsModelStatus.kInfeasible:
            return Status.INFEASIBLE, None
        raise ArithmeticError(f"linear program ended with status {outcome}")

    def _run(self, objective: Floats) -> Any:
        import highspy

        highs = self._ready()
        columns = self.matrix.shape[1]
        highs.changeColsCost(columns, np.arange(columns, dtype=np.int32), objective)
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

    def _ready(self) -> Any:
        if self._highs is None:
            import highspy

            rows, columns = self.matrix.shape
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
            filled = [np.flatnonzero(self.matrix[:, column]) for column in range(columns)]
            program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
            program.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(f) for f in filled])])
            program.a_matrix_.index_ = np.concatenate(filled)
            program.a_matrix_.value_ = np.concatenate(
                [self.matrix[rows_, column] for column, rows_ in enumerate(filled)]
            )
            highs.passModel(program)
            self._highs = highs
        return self._highs


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

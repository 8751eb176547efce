"""The kernel: sharp bounds on linear objectives over inventories, arrays in, arrays out.

For rows of data ``lo <= A x <= hi`` with ``x >= 0`` it finds the smallest and the largest ``w @ x``.
The dual feasible set does not depend on the data, so an optimal basis found for one row of data is
optimal for every row for which its basic solution is feasible: bases are kept and tried first, and a
linear program is solved only for rows that none of them covers. A single conversion is a batch of one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from crosswalk.engine.cells import Floats

Ints = npt.NDArray[np.int64]

_FEASIBLE = 1e-9
_DUAL_SIMPLEX, _PRIMAL_SIMPLEX = 1, 4


class Status(IntEnum):
    """How a bound came out."""

    OPTIMAL = 0
    UNBOUNDED = 1
    INFEASIBLE = 2


@dataclass(frozen=True)
class Basis:
    """A dual feasible basis: ``columns`` basic, ``rows`` binding, and the dual ``multipliers`` of these.

    For the maximum, a positive multiplier leans on the upper end of its row, a negative one on the
    lower end; the bound it proves is ``sum(multiplier * end)``. ``upper`` tells at which end a row
    with multiplier zero sits.
    """

    columns: Ints
    rows: Ints
    multipliers: Floats
    inverse: Floats
    upper: npt.NDArray[np.bool_]

    def ends(self, lo: Floats, hi: Floats) -> Floats:
        """Return the end of each binding row that the basis leans on, per row of data."""
        at_top = (self.multipliers > 0) | ((self.multipliers == 0) & self.upper)
        return np.where(at_top, hi[:, self.rows], lo[:, self.rows])


@dataclass(frozen=True)
class Extremes:
    """The maximum of one objective for every row of data.

    ``basis[i]`` points into ``bases``; -1 where there is none. ``rays[i]`` is a direction, per column,
    along which an unbounded row can grow for ever.
    """

    value: Floats
    status: npt.NDArray[np.int8]
    basis: Ints
    bases: list[Basis]
    rays: dict[int, Floats]


@dataclass
class Kernel:
    """Bounds over ``{x >= 0 : lo <= A x <= hi}`` for many ``lo``, ``hi`` and objectives.

    ``matrix`` is (rows, columns). Bases are pooled per objective, in the order in which they were
    found, so that the same data in the same order give the same result.
    """

    matrix: Floats
    _pool: dict[bytes, list[Basis]] = field(default_factory=dict)
    _solver: Any = None

    def maximum(self, objective: Floats, lo: Floats, hi: Floats) -> Extremes:
        """Return the maximum of ``objective @ x`` for each data row (``lo``, ``hi``: n by m)."""
        count = lo.shape[0]
        value = np.full(count, np.nan)
        status = np.full(count, Status.INFEASIBLE, dtype=np.int8)
        chosen = np.full(count, -1, dtype=np.int64)
        rays: dict[int, Floats] = {}
        bases = self._pool.setdefault(objective.tobytes(), [])
        open_rows = np.arange(count)
        tried = 0
        while open_rows.size:
            for index in range(tried, len(bases)):
                done = self._covered(bases[index], lo[open_rows], hi[open_rows])
                rows = open_rows[done]
                value[rows] = _bound(bases[index], lo[rows], hi[rows])
                status[rows] = Status.OPTIMAL
                chosen[rows] = index
                open_rows = open_rows[~done]
            tried = len(bases)
            if not open_rows.size:
                break
            first, open_rows = int(open_rows[0]), open_rows[1:]
            outcome, found = self._solve(objective, lo[first], hi[first])
            status[first] = outcome
            if isinstance(found, Basis):
                bases.append(found)
                value[first] = _bound(found, lo[first : first + 1], hi[first : first + 1])[0]
                chosen[first] = len(bases) - 1
            elif outcome is Status.UNBOUNDED:
                value[first] = np.inf
                assert found is not None
                rays[first] = found
        return Extremes(value, status, chosen, bases, rays)

    def _covered(self, basis: Basis, lo: Floats, hi: Floats) -> npt.NDArray[np.bool_]:
        """For which data rows the basic solution of ``basis`` is feasible, hence optimal."""
        ends = basis.ends(lo, hi)
        good = np.isfinite(ends).all(axis=1)
        ends = np.where(np.isfinite(ends), ends, 0.0)
        basic = ends @ basis.inverse.T
        scale = _FEASIBLE * np.maximum(1e-30, np.abs(ends).max(axis=1, initial=0.0))[:, None]
        ok: npt.NDArray[np.bool_] = good & (basic >= -scale).all(axis=1)
        others = np.setdiff1d(np.arange(self.matrix.shape[0]), basis.rows)
        if others.size:
            sums = basic @ self.matrix[np.ix_(others, basis.columns)].T
            width = scale * max(1.0, float(np.abs(self.matrix[others]).max(initial=0.0)))
            ok &= ((sums >= lo[:, others] - width) & (sums <= hi[:, others] + width)).all(axis=1)
        return ok

    def _solve(self, objective: Floats, lo: Floats, hi: Floats) -> tuple[Status, Basis | Floats | None]:
        import highspy

        rows, columns = self.matrix.shape
        if columns == 0 or not rows:
            return self._without_rows(objective, lo, hi)
        solver = self._ready()
        finite = np.concatenate([lo[np.isfinite(lo)], hi[np.isfinite(hi)]])
        unit = float(np.abs(finite).max(initial=0.0)) or 1.0
        solver.changeRowsBounds(rows, np.arange(rows, dtype=np.int32), lo / unit, hi / unit)
        outcome = self._run(objective)
        if outcome == highspy.HighsModelStatus.kOptimal:
            return Status.OPTIMAL, self._basis(objective, solver.getBasis())
        if outcome == highspy.HighsModelStatus.kUnbounded:
            _, present, ray = solver.getPrimalRay()
            direction = np.maximum(np.asarray(ray), 0.0) if present else np.zeros(columns)
            # The solver may report a ray without having found a feasible point.
            if self._run(np.zeros(columns)) != highspy.HighsModelStatus.kOptimal:
                return Status.INFEASIBLE, None
            return Status.UNBOUNDED, direction
        if outcome == highspy.HighsModelStatus.kInfeasible:
            return Status.INFEASIBLE, None
        raise ArithmeticError(f"linear program ended with status {outcome}")

    def _run(self, objective: Floats) -> Any:
        """Solve from scratch, so that a result never depends on what was solved before."""
        import highspy

        solver = self._ready()
        columns = self.matrix.shape[1]
        solver.changeColsCost(columns, np.arange(columns, dtype=np.int32), objective)
        outcome = None
        for tolerance, strategy in (
            (1e-10, _DUAL_SIMPLEX),
            (1e-10, _PRIMAL_SIMPLEX),
            (1e-7, _PRIMAL_SIMPLEX),
        ):
            solver.setOptionValue("primal_feasibility_tolerance", tolerance)
            solver.setOptionValue("dual_feasibility_tolerance", tolerance)
            solver.setOptionValue("simplex_strategy", strategy)
            solver.clearSolver()
            solver.run()
            outcome = solver.getModelStatus()
            if outcome != highspy.HighsModelStatus.kUnknown:
                break
        return outcome

    def _without_rows(
        self, objective: Floats, lo: Floats, hi: Floats
    ) -> tuple[Status, Basis | Floats | None]:
        if ((lo > 0) | (hi < 0)).any():
            return Status.INFEASIBLE, None
        if (objective > 0).any():
            return Status.UNBOUNDED, np.where(objective > 0, 1.0, 0.0)
        none = np.zeros(0, dtype=np.int64)
        return Status.OPTIMAL, Basis(none, none, np.zeros(0), np.zeros((0, 0)), np.zeros(0, dtype=bool))

    def _ready(self) -> Any:
        if self._solver is None:
            import highspy

            rows, columns = self.matrix.shape
            solver = highspy.Highs()  # type: ignore[no-untyped-call]  # the package has no stubs
            for option, setting in (
                ("output_flag", False),
                ("presolve", "off"),
                ("solver", "simplex"),
                ("threads", 1),
                ("allow_unbounded_or_infeasible", False),
            ):
                solver.setOptionValue(option, setting)
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
            solver.passModel(program)
            self._solver = solver
        return self._solver

    def _basis(self, objective: Floats, found: Any) -> Basis:
        import highspy

        basic = highspy.HighsBasisStatus.kBasic
        columns = np.array([j for j, s in enumerate(found.col_status) if s == basic], dtype=np.int64)
        rows = np.array([i for i, s in enumerate(found.row_status) if s != basic], dtype=np.int64)
        inverse: Floats = np.linalg.inv(self.matrix[np.ix_(rows, columns)]).astype(np.float64)
        at_top = highspy.HighsBasisStatus.kUpper
        upper = np.array([found.row_status[i] == at_top for i in rows.tolist()], dtype=bool)
        return Basis(columns, rows, objective[columns] @ inverse, inverse, upper)


def _bound(basis: Basis, lo: Floats, hi: Floats) -> Floats:
    return np.where(basis.multipliers != 0, basis.ends(lo, hi), 0.0) @ basis.multipliers

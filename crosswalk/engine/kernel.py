"""The kernel: sharp bounds on linear objectives over inventories, arrays in, arrays out.

For rows of data ``lo <= A x <= hi`` with ``x >= 0`` it finds the smallest and the largest ``w @ x``.
The dual feasible set does not depend on the data, so an optimal basis found for one row of data is
optimal for every row for which its basic solution is feasible: bases are kept and tried first, and a
linear program is solved only for rows that none of them covers. Directions without a bound, and proofs
that nothing fits, are kept and tried likewise. A single conversion is a batch of one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from crosswalk.engine.cells import Floats, Mask
from crosswalk.engine.certificate import Certificate
from crosswalk.engine.solver import Ints, Solver, Status, Vertex

__all__ = ["Basis", "Extremes", "Kernel", "Status"]

#: How far, relative to the sizes that go into it, a basic amount may fall below nothing by rounding alone.
ROUNDING = 1e-11
#: How far outside its own row, relatively, a program is looked for where nothing fits by less than that.
_RELAXED = (1e-8, 1e-6, 1e-4)
#: Rows of data looked at together: what fits into the caches of a processor.
_BLOCK = 16_384


@dataclass(frozen=True)
class Basis:
    """A dual feasible basis: ``columns`` basic, ``rows`` binding, and the dual ``multipliers`` of these.

    For the maximum, a positive multiplier leans on the upper end of its row, a negative one on the
    lower end; the bound it proves is ``sum(multiplier * end)``. ``upper`` tells at which end a row
    with multiplier zero sits. ``exact`` is the certificate, once it has one.
    """

    columns: Ints
    rows: Ints
    multipliers: Floats
    inverse: Floats
    upper: Mask
    exact: Certificate | None = None

    @cached_property
    def tops(self) -> Mask:
        """Which binding rows the basis leans on at their upper end."""
        found: Mask = (self.multipliers > 0) | ((self.multipliers == 0) & self.upper)
        return found

    @cached_property
    def leaning(self) -> Ints:
        """Which binding rows carry the bound."""
        return np.flatnonzero(self.multipliers)

    def ends(self, lo: Floats, hi: Floats) -> Floats:
        """Return the end of each binding row that the basis leans on (binding rows, rows of data)."""
        found = lo[self.rows]
        found[self.tops] = hi[self.rows[self.tops]]
        return found


@dataclass(frozen=True)
class Extremes:
    """The maximum of one objective for every row of data.

    ``value`` is an upper bound proven for the data as given: ``margin`` more than what the certificate
    says in exact arithmetic at most, and never less. ``basis[i]`` points into ``bases``; -1 where there is
    none. ``directions`` are such, per column, along which the rows given with each can grow for ever.
    """

    value: Floats
    margin: Floats
    status: npt.NDArray[np.int8]
    basis: Ints
    bases: list[Basis]
    directions: list[tuple[Ints, Floats]]

    @property
    def rays(self) -> dict[int, Floats]:
        """The direction of each unbounded row."""
        return {row: ray for rows, ray in self.directions for row in rows.tolist()}


#: Returns the certificate of a basis, or raises if it proves nothing.
Certifier = Callable[[Basis], Certificate]


@dataclass
class _Pool:
    """What is known of one objective: bases, and directions without a bound."""

    bases: list[Basis] = field(default_factory=list)
    rays: list[Floats] = field(default_factory=list)


@dataclass
class Kernel:
    """Bounds over ``{x >= 0 : lo <= A x <= hi}`` for many ``lo``, ``hi`` and objectives.

    ``matrix`` is (rows, columns). ``prove`` certifies that nothing fits: it is asked for the multipliers of
    the rows where each has two more columns, +1 and -1, that cost 1 each. Bases are pooled per objective,
    in the order in which they were found, so that the same data in the same order give the same result.
    """

    matrix: Floats
    prove: Certifier | None = None
    _pools: dict[bytes, _Pool] = field(default_factory=dict)
    _checks: dict[int, tuple[Basis, Floats, Floats, Ints]] = field(default_factory=dict)
    _solver: Solver = field(init=False)
    _elastic: Kernel | None = None

    def __post_init__(self) -> None:
        self._solver = Solver(self.matrix)

    def maximum(
        self, objective: Floats, lo: Floats, hi: Floats, certify: Certifier | None = None
    ) -> Extremes:
        """Return the maximum of ``objective @ x`` for each data row (``lo``, ``hi``: n by m).

        ``certify`` is asked once for every basis that enters the pool; what it returns replaces the
        multipliers, so that a bound never rests on what a solver calls optimal.
        """
        count = lo.shape[0]
        # The ends of one row of the matrix lie side by side, for all rows of data.
        low, high = np.ascontiguousarray(lo.T), np.ascontiguousarray(hi.T)
        found = Extremes(
            value=np.full(count, np.nan),
            margin=np.zeros(count),
            status=np.full(count, Status.INFEASIBLE, dtype=np.int8),
            basis=np.full(count, -1, dtype=np.int64),
            bases=self._pool(objective).bases,
            directions=[],
        )
        for start in range(0, count, _BLOCK):
            self._block(objective, low, high, np.arange(start, min(start + _BLOCK, count)), found, certify)
        return found

    def _pool(self, objective: Floats) -> _Pool:
        return self._pools.setdefault(objective.tobytes(), _Pool())

    def _block(
        self,
        objective: Floats,
        lo: Floats,
        hi: Floats,
        left: Ints,
        found: Extremes,
        certify: Certifier | None,
    ) -> None:
        pool = self._pool(objective)
        if certify is not None:
            certified = [one if one.exact else _certified(one, certify) for one in pool.bases]
            pool.bases[:] = [one for one in certified if one is not None]
        # Ends the wrong way round hold nothing, whatever the matrix says.
        left = left[(_some(lo, left) <= _some(hi, left)).all(axis=0)]
        tried = 0
        while left.size:
            for index in range(tried, len(pool.bases)):
                left = self._settle(pool.bases[index], index, lo, hi, left, found)
            tried = len(pool.bases)
            left = self._without_end(pool, lo, hi, left, found)
            left = self._without_point(lo, hi, left)
            if not left.size:
                return
            first, left = int(left[0]), left[1:]
            self._first(objective, lo, hi, first, found, certify)

    def _settle(self, basis: Basis, index: int, lo: Floats, hi: Floats, left: Ints, found: Extremes) -> Ints:
        """Take the rows of data for which ``basis`` is optimal; return the others."""
        if not left.size:
            return left
        low, high = _some(lo, left), _some(hi, left)
        done = self._covered(basis, low, high)
        if not done.any():
            return left
        rows = left
        if not done.all():
            rows, low, high = left[done], low[:, done], high[:, done]
        found.value[rows], found.margin[rows] = proven(basis, low, high)
        found.status[rows] = Status.OPTIMAL
        found.basis[rows] = index
        return left[~done]

    def _without_end(self, pool: _Pool, lo: Floats, hi: Floats, left: Ints, found: Extremes) -> Ints:
        """Take the rows of data that have a point and a known direction to grow in for ever."""
        for ray in pool.rays:
            if not left.size:
                break
            open_ended = self._grows(ray, _some(lo, left), _some(hi, left))
            rows = left[open_ended]
            if not rows.size:
                continue
            nothing = np.zeros(self.matrix.shape[1])
            open_ended[open_ended] = (
                self.maximum(nothing, _some(lo, rows).T, _some(hi, rows).T).status == Status.OPTIMAL
            )
            inside = left[open_ended]
            found.value[inside] = np.inf
            found.status[inside] = Status.UNBOUNDED
            found.directions.append((inside, ray))
            left = left[~open_ended]
        return left

    def _grows(self, ray: Floats, lo: Floats, hi: Floats) -> Mask:
        """For which rows of data ``ray`` leads nowhere out of bounds."""
        moves = self.matrix @ ray
        size = np.abs(self.matrix) @ np.abs(ray)
        up, down = moves > 1e-9 * size, moves < -1e-9 * size
        bounded = np.isfinite(hi[up]).any(axis=0) | np.isfinite(lo[down]).any(axis=0)
        return np.logical_not(bounded)

    def _without_point(self, lo: Floats, hi: Floats, left: Ints) -> Ints:
        """Leave out the rows of data that a kept certificate proves to have no point at all."""
        if self._elastic is None or not left.size:
            return left
        for basis in self._elastic._pool(self._slack).bases:
            low, high = lo[:, left], hi[:, left]
            usable = np.isfinite(basis.ends(low, high)[basis.leaning]).all(axis=0)
            value, margin = proven(basis, low, high)
            left = left[~(usable & (value < -margin))]
            if not left.size:
                break
        return left

    @cached_property
    def _slack(self) -> Floats:
        rows, columns = self.matrix.shape
        return np.concatenate([np.zeros(columns), np.full(2 * rows, -1.0)])

    def _fits(self, lo: Floats, hi: Floats) -> bool:
        """Whether a point exists, if only just outside what rounding can tell.

        Every row gets two columns that stretch it either way, at a price: the best price is nothing if a
        point exists. If it is not, its dual is the proof, and serves other rows of data as well.
        """
        rows = self.matrix.shape[0]
        if self._elastic is None:
            self._elastic = Kernel(np.hstack([self.matrix, np.eye(rows), -np.eye(rows)]))
        found = self._elastic.maximum(self._slack, lo[None, :], hi[None, :], self.prove)
        return bool(found.value[0] >= -found.margin[0])

    def refutation(self, lo: Floats, hi: Floats, prove: Certifier) -> Certificate | None:
        """Return multipliers that prove that no point fits one row of data; ``None`` where none are found."""
        rows = self.matrix.shape[0]
        elastic = Kernel(np.hstack([self.matrix, np.eye(rows), -np.eye(rows)]))
        found = elastic.maximum(self._slack, lo[None, :], hi[None, :], prove)
        return found.bases[int(found.basis[0])].exact if found.status[0] == Status.OPTIMAL else None

    def _stretched(self, objective: Floats, lo: Floats, hi: Floats) -> tuple[Status, Vertex | Floats | None]:
        """Solve for rows that miss one another by less than rounding can tell.

        What bounds the stretched rows is a certificate for these too.
        """
        wide = np.maximum(np.abs(lo), np.abs(hi))
        wide = np.where(np.isfinite(wide), wide, 0.0)
        for share in _RELAXED:
            status, taught = self._solver.maximum(objective, lo - share * wide, hi + share * wide)
            if status is not Status.INFEASIBLE:
                return status, taught
        return Status.UNBOUNDED, np.zeros(self.matrix.shape[1])

    def _first(
        self,
        objective: Floats,
        lo: Floats,
        hi: Floats,
        row: int,
        found: Extremes,
        certify: Certifier | None,
    ) -> None:
        """Solve a linear program for one row of data, and keep what it teaches."""
        low, high = lo[:, row], hi[:, row]
        status, taught = self._solver.maximum(objective, low, high)
        if status is Status.INFEASIBLE and self.matrix.size:
            if not self._fits(low, high):
                return
            status, taught = self._solver.maximum(objective, low, high, even=True)
            if status is Status.INFEASIBLE:
                status, taught = self._stretched(objective, low, high)
        found.status[row] = status
        basis = self._basis(objective, taught, certify) if isinstance(taught, Vertex) else None
        if isinstance(taught, Vertex) and basis is None:
            # What a solver calls optimal, and exact arithmetic does not, bounds nothing: the end stays open.
            found.status[row], taught = Status.UNBOUNDED, np.zeros(self.matrix.shape[1])
        if basis is not None:
            pool = self._pool(objective)
            pool.bases.append(basis)
            value, margin = proven(basis, low[:, None], high[:, None])
            found.value[row], found.margin[row] = value[0], margin[0]
            found.basis[row] = len(pool.bases) - 1
        elif taught is not None and not isinstance(taught, Vertex):
            found.value[row] = np.inf
            found.directions.append((np.array([row]), taught))
            if taught.any():
                self._pool(objective).rays.append(taught)

    def _basis(self, objective: Floats, vertex: Vertex, certify: Certifier | None) -> Basis | None:
        inverse = vertex.inverse
        basis = Basis(
            columns=vertex.columns,
            rows=vertex.rows,
            multipliers=objective[vertex.columns] @ inverse,
            inverse=inverse,
            upper=vertex.upper,
        )
        return basis if certify is None else _certified(basis, certify)

    def _covered(self, basis: Basis, lo: Floats, hi: Floats) -> Mask:
        """For which rows of data the basic solution of ``basis`` is feasible, hence optimal."""
        reach, size, others = self.check(basis)
        ends = basis.ends(lo, hi)
        finite = np.isfinite(ends)
        good = finite.all(axis=0)
        if not good.all():
            ends[~finite] = 0.0
        amounts, slack = reach @ ends, size @ np.abs(ends) * ROUNDING
        basic = basis.columns.size
        ok: Mask = np.logical_and(good, (amounts[:basic] >= -slack[:basic]).all(axis=0))
        if others.size:
            sums, width = amounts[basic:], slack[basic:]
            ok &= ((sums >= lo[others] - width) & (sums <= hi[others] + width)).all(axis=0)
        return ok

    def check(self, basis: Basis) -> tuple[Floats, Floats, Ints]:
        """From the ends leant on to the basic amounts and the sums of all other rows; kept per basis."""
        known = self._checks.get(id(basis))
        if known is None:
            others = np.setdiff1d(np.arange(self.matrix.shape[0]), basis.rows)
            part = self.matrix[np.ix_(others, basis.columns)]
            reach = np.vstack([basis.inverse, part @ basis.inverse])
            size = np.vstack([np.abs(basis.inverse), np.abs(part) @ np.abs(basis.inverse)])
            known = self._checks[id(basis)] = (basis, reach, size, others)
        return known[1], known[2], known[3]


def _some(data: Floats, rows: Ints) -> Floats:
    """The rows of data asked for; without a copy if they are all of them."""
    return data if rows.size == data.shape[1] else data[:, rows]


def _certified(basis: Basis, certify: Certifier) -> Basis | None:
    """Return a basis with its certificate, and the multipliers this gives; ``None`` if it proves nothing."""
    try:
        exact = certify(basis)
    except ArithmeticError:
        return None
    multipliers = np.array([float(exact.multipliers[row]) for row in basis.rows.tolist()])
    return Basis(basis.columns, basis.rows, multipliers, basis.inverse, basis.upper, exact)


def proven(basis: Basis, lo: Floats, hi: Floats) -> tuple[Floats, Floats]:
    """Return the bound ``basis`` proves for each row of data, and how far rounding may have moved it.

    ``lo`` and ``hi`` are (rows, rows of data).
    The margin covers the rounding of the multipliers, of the data and of every product and sum.
    """
    lean = basis.leaning
    ends = basis.ends(lo, hi)[lean]
    weights = basis.multipliers[lean]
    return weights @ ends, np.abs(weights) @ np.abs(ends) * ((lean.size + 4) * 2.0**-52)

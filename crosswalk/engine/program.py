"""From what is disclosed to a linear program, and from the program to proven intervals.

A ``Row`` is one equation or inequality on the cells, an objective a weighting of them; both are sums
of ``Part``: a coefficient times the weights of a method over a mask. Cells that no row and no objective
tells apart are lumped (their columns are multiples of one another), which changes no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from crosswalk.engine.cells import Floats, Mask, Universe, Weights
from crosswalk.engine.certificate import bound, certify
from crosswalk.engine.kernel import Kernel, Status


@dataclass(frozen=True)
class Part:
    """``coefficient`` times the weights of a method (1 where there is none) over the cells of ``mask``.

    ``blind`` marks cells that count here by a factor nobody knows.
    """

    mask: Mask
    weights: Weights | None = None
    coefficient: Fraction = Fraction(1)
    blind: Mask | None = None

    def vector(self) -> Floats:
        """Return the part on all cells, in floats."""
        values = 1.0 if self.weights is None else self.weights.value
        return np.where(self.mask, values, 0.0) * float(self.coefficient)

    def exact(self, universe: Universe, cell: int) -> Fraction:
        """Return the part on one cell, exactly."""
        if not self.mask[cell]:
            return Fraction(0)
        weight = Fraction(1) if self.weights is None else universe.exact(self.weights, cell)
        return self.coefficient * weight


Parts = tuple[Part, ...]


def blind(weights: Weights, known: Weights) -> Mask:
    """Cells that ``known`` characterises and ``weights`` would count, but has no factor for.

    What neither has a factor for counts in neither, by the convention of the sets.
    """
    found: Mask = weights.scope & (weights.factor != 0) & ~weights.known & known.known
    return found


@dataclass(frozen=True)
class Row:
    """``low <= sum(parts) <= high`` on the cells; ``None`` leaves an end open.

    ``name`` and ``path`` say where it comes from; ``stated`` tells a disclosed value from an assumption
    or a limit.
    """

    name: str
    path: str
    parts: Parts
    low: Fraction | None
    high: Fraction | None
    stated: bool = True


#: Cells that can grow for ever together, in groups that nothing tells apart.
Ray: TypeAlias = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Interval:
    """A proven interval; ``None`` is an open end, whose cells are in ``low_ray`` or ``high_ray``.

    ``holds`` gives, for each row by name, how far the bounds move per unit of that row's value.
    """

    low: Fraction | None
    high: Fraction | None
    low_ray: Ray = ()
    high_ray: Ray = ()
    low_holds: tuple[Fraction, ...] = ()
    high_holds: tuple[Fraction, ...] = ()
    exact: bool = False
    value: Fraction | None = None

    @property
    def finite(self) -> bool:
        """Whether both ends are bounded."""
        return self.low is not None and self.high is not None


def vector(parts: Parts, size: int) -> Floats:
    """Return the sum of ``parts`` on all cells."""
    total = np.zeros(size)
    for part in parts:
        total += part.vector()
    return total


def _blind(parts: Parts, size: int) -> Mask:
    found = np.zeros(size, dtype=bool)
    for part in parts:
        if part.blind is not None:
            found |= part.mask & part.blind
    return found


def _where(masks: list[Mask]) -> list[int]:
    return [index for index, mask in enumerate(masks) if mask.any()]


@dataclass
class Program:
    """All inventories that satisfy ``rows`` and hold nothing in the ``dead`` cells.

    ``objectives`` must be known beforehand, so that cells they tell apart are not lumped. Where an
    objective counts a gas its GWP set has no factor for, the factor may be anything above nothing: the
    upper end is open unless the cell must be empty.
    """

    universe: Universe
    rows: Sequence[Row]
    dead: Mask
    objectives: Sequence[Parts]
    cells: list[int] = field(init=False)
    members: list[tuple[int, ...]] = field(init=False)
    kernel: Kernel = field(init=False)
    costs: Floats = field(init=False)
    low: Floats = field(init=False)
    high: Floats = field(init=False)
    _blind: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.universe)
        stack = [vector(row.parts, size) for row in self.rows]
        stack += [vector(parts, size) for parts in self.objectives]
        unknown = [_blind(parts, size) & ~self.dead for parts in self.objectives]
        self._blind = {index: len(self.objectives) + n for n, index in enumerate(_where(unknown))}
        stack += [unknown[index].astype(np.float64) for index in self._blind]
        live = np.flatnonzero(~self.dead)
        columns = np.array(stack).reshape(len(stack), size)[:, live]
        scale = np.abs(columns).max(axis=0, initial=0.0)
        live, columns, scale = live[scale > 0], columns[:, scale > 0], scale[scale > 0]
        shape = np.round(columns / scale, 13) + 0.0
        _, first, group = np.unique(shape.T, axis=0, return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")
        rank = np.empty_like(order)
        rank[order] = np.arange(order.size)
        group = rank[group.reshape(-1)]
        kept = np.sort(first)
        self.cells = live[kept].tolist()
        by_group: list[list[int]] = [[] for _ in kept]
        for cell, index in zip(live.tolist(), group.tolist(), strict=True):
            by_group[index].append(cell)
        self.members = [tuple(cells) for cells in by_group]
        matrix = columns[:, kept] / scale[kept]
        self._scale = scale[kept]
        self.costs = matrix[len(self.rows) :]
        self.kernel = Kernel(matrix[: len(self.rows)])
        self._unscaled = self.kernel.matrix * self._scale
        self._ends = [(row.low, row.high) for row in self.rows]
        self.low = np.array([-np.inf if low is None else float(low) for low, _ in self._ends])
        self.high = np.array([np.inf if high is None else float(high) for _, high in self._ends])
        self._known: dict[int, Interval | None] = {}

    def interval(self, objective: int) -> Interval | None:
        """Return the proven interval of one objective; ``None`` if no inventory fits at all."""
        if objective not in self._known:
            self._known[objective] = self._interval(objective)
        return self._known[objective]

    def _interval(self, objective: int) -> Interval | None:
        upper = self._maximum(objective, 1)
        if upper is None:
            return None
        lower = self._maximum(objective, -1)
        if lower is None:
            return None
        high, high_ray, high_holds = upper
        if objective in self._blind and high is not None:
            high, high_ray = self._unless_empty(self._blind[objective], high)
        low, low_ray, low_holds = lower
        holds = tuple(-multiplier for multiplier in low_holds)
        low = None if low is None else -low
        value = self._nominal(objective, low, high, holds, high_holds)
        return Interval(
            low=low,
            high=high,
            low_ray=low_ray,
            high_ray=high_ray,
            low_holds=holds,
            high_holds=high_holds,
            exact=value is not None,
            value=value,
        )

    def _unless_empty(self, blind: int, high: Fraction) -> tuple[Fraction | None, Ray]:
        """Open the upper end if cells without a factor may hold something."""
        found = self.kernel.maximum(self.costs[blind], self.low[None, :], self.high[None, :])
        if found.status[0] == Status.OPTIMAL and found.value[0] <= 0:
            return high, ()
        columns = np.flatnonzero(self.costs[blind])
        return None, tuple(self.members[column] for column in columns.tolist())

    def _maximum(self, objective: int, sign: int) -> tuple[Fraction | None, Ray, tuple[Fraction, ...]] | None:
        cost = sign * self.costs[objective]
        found = self.kernel.maximum(cost, self.low[None, :], self.high[None, :])
        if found.status[0] == Status.INFEASIBLE:
            return None
        if found.status[0] == Status.UNBOUNDED:
            ray = np.flatnonzero(found.rays[0] > 1e-9 * max(1.0, float(found.rays[0].max(initial=0.0))))
            return None, tuple(self.members[column] for column in ray.tolist()), ()
        parts = self.objectives[objective]
        multipliers = certify(
            found.bases[int(found.basis[0])],
            self._unscaled,
            cost * self._scale,
            lambda row, column: self._exact(self.rows[row].parts, column),
            lambda column: sign * self._exact(parts, column),
        )
        lows, highs = zip(*self._ends, strict=True) if self._ends else ((), ())
        return bound(multipliers, lows, highs), (), multipliers

    def _exact(self, parts: Parts, column: int) -> Fraction:
        cell = self.cells[column]
        return sum((part.exact(self.universe, cell) for part in parts), Fraction(0))

    def _nominal(
        self,
        objective: int,
        low: Fraction | None,
        high: Fraction | None,
        lower: Sequence[Fraction],
        upper: Sequence[Fraction],
    ) -> Fraction | None:
        """The value without rounding, if the rows determine the objective; else ``None``."""
        if low is None or high is None:
            return None
        if low == high:
            return low
        for row, ends in enumerate(self._ends):
            if None not in ends and np.array_equal(self.kernel.matrix[row], self.costs[objective]):
                return self._at_centre([Fraction(int(row == other)) for other in range(len(self.rows))])
        for multipliers in (upper, lower):
            if self._determines(objective, multipliers):
                return self._at_centre(multipliers)
        return (low + high) / 2 if self._spanned(objective) else None

    def _spanned(self, objective: int) -> bool:
        """Whether the objective is a combination of rows that state a value."""
        stated = [i for i, (low, high) in enumerate(self._ends) if low is not None and high is not None]
        if not stated:
            return False
        rows, cost = self.kernel.matrix[stated].T, self.costs[objective]
        multipliers, *_ = np.linalg.lstsq(rows, cost, rcond=None)
        return bool(np.abs(rows @ multipliers - cost).max(initial=0.0) <= 1e-9)

    def _determines(self, objective: int, multipliers: Sequence[Fraction]) -> bool:
        """Whether the rows, so combined, are the objective and not just a bound on it."""
        if any(m != 0 and None in self._ends[i] for i, m in enumerate(multipliers)):
            return False
        approximate = np.array([float(m) for m in multipliers])
        slack = np.abs(self.kernel.matrix.T @ approximate - self.costs[objective])
        size = np.abs(self.kernel.matrix).T @ np.abs(approximate) + np.abs(self.costs[objective])
        return bool((slack <= size * 1e-12).all())

    def _at_centre(self, multipliers: Sequence[Fraction]) -> Fraction:
        total = Fraction(0)
        for multiplier, (low, high) in zip(multipliers, self._ends, strict=True):
            if multiplier != 0:
                assert low is not None
                assert high is not None
                total += multiplier * (low + high) / 2
        return total

    def contradiction(self) -> tuple[Row, ...]:
        """Return a smallest set of rows that no inventory satisfies together (empty if one does).

        Rows are left out one after the other; what cannot be left out is the contradiction.
        """
        kept = list(range(len(self.rows)))
        if self._fits(kept):
            return ()
        for row in list(kept):
            rest = [other for other in kept if other != row]
            if not self._fits(rest):
                kept = rest
        return tuple(self.rows[row] for row in kept)

    def _fits(self, rows: list[int]) -> bool:
        kernel = Kernel(self.kernel.matrix[rows])
        nothing = np.zeros(len(self.cells))
        found = kernel.maximum(nothing, self.low[None, rows], self.high[None, rows])
        return bool(found.status[0] == Status.OPTIMAL)

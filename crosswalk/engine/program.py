"""From what is disclosed to a linear program, and from the program to proven intervals.

A ``Row`` is one equation or inequality on the cells, an objective a weighting of them. Cells that no row and
no objective tells apart are lumped (their columns are multiples of one another), which changes no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from crosswalk.engine.cells import Floats, Mask, Universe, shared
from crosswalk.engine.certificate import Certificate, certify
from crosswalk.engine.held import Bracket, Data, Held, Ray
from crosswalk.engine.kernel import Basis, Extremes, Kernel, Status
from crosswalk.engine.parts import Parts, Row, vector


@dataclass(frozen=True)
class Interval:
    """A proven interval; ``None`` is an open end, whose cells are in ``low_ray`` or ``high_ray``.

    ``value`` is the figure without rounding, where the rows determine it.
    """

    low: Fraction | None
    high: Fraction | None
    low_ray: Ray = ()
    high_ray: Ray = ()
    value: Fraction | None = None

    @property
    def finite(self) -> bool:
        """Whether both ends are bounded."""
        return self.low is not None and self.high is not None


def _blind(parts: Parts, size: int) -> Mask:
    found = np.zeros(size, dtype=bool)
    for part in parts:
        if part.blind is not None:
            found |= part.mask & part.blind
    return found


def _where(masks: list[Mask]) -> list[int]:
    return [index for index, mask in enumerate(masks) if mask.any()]


#: What makes the figure without rounding from the rows: a combination of them, or the middle of the ends.
_Rule: TypeAlias = Certificate | Literal["middle"] | None


@dataclass
class Program:
    """All inventories that satisfy ``rows`` and hold nothing in the ``dead`` cells.

    ``objectives`` must be known beforehand, so that cells they tell apart are not lumped. Where an
    objective counts a gas its GWP set has no factor for, the factor may be anything above nothing: the
    upper end is open unless the cell must be empty. The ends of the rows are those of ``rows`` unless a
    question brings other ``Data``: what was learnt from one file serves the next of the same structure.
    """

    universe: Universe
    rows: Sequence[Row]
    dead: Mask
    objectives: Sequence[Parts]
    cells: list[int] = field(init=False)
    kernel: Kernel = field(init=False)
    costs: Floats = field(init=False)
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
        column = np.full(size, -1, dtype=np.int16)
        column[live] = group
        self._column = shared(column)
        matrix = columns[:, kept] / scale[kept]
        self._scale = scale[kept]
        self.costs = matrix[len(self.rows) :]
        self._unscaled = matrix[: len(self.rows)] * self._scale
        self.kernel = Kernel(matrix[: len(self.rows)], self._prove)
        self._rules: dict[tuple[int, int, int], _Rule] = {}
        self._kept: dict[tuple[int, ...], Held | None] = {}
        self._own: dict[int, Interval | None] = {}

    @cached_property
    def members(self) -> list[tuple[int, ...]]:
        """The cells of each column."""
        found: list[list[int]] = [[] for _ in self.cells]
        for cell in np.flatnonzero(self._column >= 0).tolist():
            found[self._column[cell]].append(cell)
        return [tuple(cells) for cells in found]

    @cached_property
    def data(self) -> Data:
        """The ends as the rows themselves state them."""
        return Data([(row.low, row.high) for row in self.rows])

    @cached_property
    def shape(self) -> tuple[bytes, bytes, tuple[int, ...]]:
        """What the bounds of this program depend on besides data: programs alike in it have the same."""
        table = np.vstack([self.kernel.matrix, self.costs])
        order = np.lexsort(table)
        fixed = [(row.low, row.high) for row in self.rows]
        stated = [None if row.stated else ends for row, ends in zip(self.rows, fixed, strict=True)]
        return table[:, order].tobytes(), repr(stated).encode(), tuple(sorted(self._blind))

    @property
    def low(self) -> Floats:
        """Lower ends of the rows."""
        return self.data.low

    @property
    def high(self) -> Floats:
        """Upper ends of the rows."""
        return self.data.high

    def interval(self, objective: int, data: Data | None = None) -> Interval | None:
        """Return the proven interval of one objective; ``None`` if no inventory fits at all."""
        if data is not None:
            return self._interval(objective, data)
        if objective not in self._own:
            self._own[objective] = self._interval(objective, self.data)
        return self._own[objective]

    def intervals(self, objectives: Sequence[int], data: Data) -> list[Interval | None]:
        """Return the proven intervals of several objectives.

        The bases that were optimal for the last file asked the same are tried first, all at once.
        """
        key = tuple(objectives)
        if not key:
            return []
        held = self._kept.get(key)
        if held is not None and held.covers(data):
            return [
                self._between(one, bracket, data) for one, bracket in zip(key, held.brackets, strict=True)
            ]
        brackets = [self.bracket(one, data) for one in key]
        fitting = [one for one in brackets if one is not None]
        if fitting and len(fitting) == len(brackets):
            self._kept[key] = Held.of(self.kernel, fitting, data)
        return [
            None if bracket is None else self._between(one, bracket, data)
            for one, bracket in zip(key, brackets, strict=True)
        ]

    def bounds(self, objective: int, low: Floats, high: Floats) -> tuple[Floats, Floats, Mask]:
        """Return both ends of one objective for many rows of data, and whether anything fits each.

        ``low`` and ``high`` are (files, rows). Ends are rounded outwards, so that they hold what exact
        arithmetic would give; an open end is infinite, both are NaN where nothing fits.
        """
        top, bottom = (self._extremes(objective, sign, low, high) for sign in (1, -1))
        fits = np.logical_and(top.status != Status.INFEASIBLE, bottom.status != Status.INFEASIBLE)
        upper, lower = top.value + top.margin, -(bottom.value + bottom.margin)
        if objective in self._blind:
            empty = self.kernel.maximum(self.costs[self._blind[objective]], low, high)
            upper = np.where((empty.status == Status.OPTIMAL) & (empty.value <= 0), upper, np.inf)
        return np.where(fits, lower, np.nan), np.where(fits, upper, np.nan), fits

    def _extremes(self, objective: int, sign: int, low: Floats, high: Floats) -> Extremes:
        cost, parts = sign * self.costs[objective], self.objectives[objective]
        return self.kernel.maximum(cost, low, high, lambda basis: self._certify(basis, cost, sign, parts))

    def _interval(self, objective: int, data: Data) -> Interval | None:
        bracket = self.bracket(objective, data)
        return None if bracket is None else self._between(objective, bracket, data)

    def bracket(self, objective: int, data: Data) -> Bracket | None:
        """Find what holds an objective at either end; ``None`` if nothing fits the data."""
        low, high = data.low[None, :], data.high[None, :]
        top = self._extremes(objective, 1, low, high)
        if top.status[0] == Status.INFEASIBLE:
            return None
        bottom = self._extremes(objective, -1, low, high)
        if bottom.status[0] == Status.INFEASIBLE:
            return None
        below, low_ray = self._end(bottom)
        above, high_ray = self._end(top)
        if objective not in self._blind or above is None:
            return Bracket(below, above, low_ray, high_ray)
        blind = self.costs[self._blind[objective]]
        unseen = self.kernel.maximum(blind, low, high)
        cells = tuple(self.members[column] for column in np.flatnonzero(blind).tolist())
        if unseen.status[0] == Status.OPTIMAL:
            return Bracket(below, above, low_ray, cells, unseen.bases[int(unseen.basis[0])])
        return Bracket(below, None, low_ray, cells)

    def _end(self, found: Extremes) -> tuple[Basis | None, Ray]:
        if found.status[0] == Status.OPTIMAL:
            return found.bases[int(found.basis[0])], ()
        ray = np.flatnonzero(found.rays[0] > 1e-9 * max(1.0, float(found.rays[0].max(initial=0.0))))
        return None, tuple(self.members[column] for column in ray.tolist())

    def _between(self, objective: int, bracket: Bracket, data: Data) -> Interval:
        """The interval that certified bases prove for the data."""
        below, above = bracket.below, bracket.above
        if bracket.empty is not None and not bracket.holds_nothing(data):
            above = None
        low = None if below is None else -_certificate(below).bound(data.exact)
        high = None if above is None else _certificate(above).bound(data.exact)
        if below is None or above is None or low is None or high is None:
            return Interval(low, high, bracket.low_ray, bracket.high_ray if high is None else ())
        value: Fraction | None = low
        if low != high:
            rule = self._rule(objective, below, above, data)
            value = (low + high) / 2 if rule == "middle" else rule.centre(data.exact) if rule else None
        # Other rows may rule out the figure as printed, within its rounding: the nearest that fits stands.
        return Interval(low, high, value=None if value is None else min(max(value, low), high))

    def refutation(self, data: Data) -> Certificate | None:
        """Return multipliers under which the rows contradict one another; ``None`` if none are found."""
        return self.kernel.refutation(data.low, data.high, self._prove)

    def emptiness(self, objective: int, basis: Basis) -> Certificate:
        """Certify a basis that bounds the cells an objective has no factor for."""
        blind = self.costs[self._blind[objective]]
        return certify(
            basis.rows,
            basis.columns,
            self._unscaled,
            blind * self._scale,
            lambda row, column: self._exact(self.rows[row].parts, column),
            lambda column: Fraction(int(blind[column] != 0)),
        )

    def _certify(self, basis: Basis, cost: Floats, sign: int, parts: Parts) -> Certificate:
        return certify(
            basis.rows,
            basis.columns,
            self._unscaled,
            cost * self._scale,
            lambda row, column: self._exact(self.rows[row].parts, column),
            lambda column: sign * self._exact(parts, column),
        )

    def _prove(self, basis: Basis) -> Certificate:
        """Certify that nothing fits: after the columns of the cells come those that stretch a row."""
        rows, cells = self._unscaled.shape

        def entry(row: int, column: int) -> Fraction:
            if column < cells:
                return self._exact(self.rows[row].parts, column)
            stretched, way = (column - cells) % rows, 1 if column < cells + rows else -1
            return Fraction(way if stretched == row else 0)

        matrix = np.hstack([self._unscaled, np.eye(rows), -np.eye(rows)])
        cost = np.concatenate([np.zeros(cells), np.full(2 * rows, -1.0)])
        return certify(
            basis.rows,
            basis.columns,
            matrix,
            cost,
            entry,
            lambda column: Fraction(-1 if column >= cells else 0),
        )

    def _exact(self, parts: Parts, column: int) -> Fraction:
        cell = self.cells[column]
        return sum((part.exact(self.universe, cell) for part in parts), Fraction(0))

    def _rule(self, objective: int, below: Basis, above: Basis, data: Data) -> _Rule:
        """How the figure without rounding follows from the rows, if they determine it."""
        key = (objective, id(below), id(above))
        if key not in self._rules:
            self._rules[key] = self._determined(objective, below, above, data)
        return self._rules[key]

    def _determined(self, objective: int, below: Basis, above: Basis, data: Data) -> _Rule:
        stated = np.isfinite(data.low) & np.isfinite(data.high)
        for row in np.flatnonzero(stated).tolist():
            if np.array_equal(self.kernel.matrix[row], self.costs[objective]):
                return Certificate(tuple(Fraction(int(row == other)) for other in range(stated.size)))
        turned = Certificate(tuple(-one for one in _certificate(below).multipliers))
        for one in (_certificate(above), turned):
            if self._is(objective, one.multipliers, stated):
                return one
        return "middle" if self._spanned(objective, stated) else None

    def _spanned(self, objective: int, stated: Mask) -> bool:
        """Whether the objective is a combination of rows that state a value."""
        if not stated.any():
            return False
        rows, cost = self.kernel.matrix[stated].T, self.costs[objective]
        multipliers, *_ = np.linalg.lstsq(rows, cost, rcond=None)
        return bool(np.abs(rows @ multipliers - cost).max(initial=0.0) <= 1e-9)

    def _is(self, objective: int, multipliers: Sequence[Fraction], stated: Mask) -> bool:
        """Whether the rows, so combined, are the objective and not just a bound on it."""
        if any(m != 0 and not stated[i] for i, m in enumerate(multipliers)):
            return False
        approximate = np.array([float(m) for m in multipliers])
        slack = np.abs(self.kernel.matrix.T @ approximate - self.costs[objective])
        size = np.abs(self.kernel.matrix).T @ np.abs(approximate) + np.abs(self.costs[objective])
        return bool((slack <= size * 1e-12).all())

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


def _certificate(basis: Basis) -> Certificate:
    assert basis.exact is not None
    return basis.exact

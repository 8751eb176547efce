"""How much of the difference of two methods each dimension explains: Shapley values, on cells.

The change from one method to another depends on the order in which the dimensions change: dropping
packaging is worth something else before the GWP set changes than after. The Shapley value of a dimension
is the mean of its change over all orders (Shapley 1953), by subsets of the ``n`` dimensions that differ

    share_d(c) = sum over S without d of |S|! (n - |S| - 1)! / n! * (w_{S + d}(c) - w_S(c))

where ``w_S`` are the weights when the dimensions of ``S`` have changed. It is linear in the weights, so a
share is an objective on cells like any other, and the shares add up to the change on every cell. A
dimension that treats a cell alike before and after gets nothing of it and does not alter what the others
get (the axiom of the null player): each cell asks for the subsets of the few dimensions that touch it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import factorial
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from crosswalk.engine.cells import Floats, Mask, Method, Universe, Weights
from crosswalk.engine.certificate import solve
from crosswalk.engine.parts import Part, Parts, Row, blind, vector
from crosswalk.knowledge.catalogue import Effect

Ints: TypeAlias = npt.NDArray[np.int64]
#: A share: weights of methods with coefficients.
Weighed: TypeAlias = tuple[Part, ...]

#: What a share may miss of the change, in floats, before it is taken for wrong.
_ROUNDING = 1e-9


class Objective(NamedTuple):
    """Something to be bounded: as it is for its upper end and, where the factor of a gas is not known and
    the gas counts against it, turned round for its lower end too."""

    up: Parts
    down: Parts | None = None


def shapley(universe: Universe, before: Method, after: Method, live: Mask) -> dict[str, Objective]:
    """Return the share of every dimension in which two methods differ, as an objective on the live cells.

    ``before`` and ``after`` give one option a dimension. The objectives are in kg CO2e per declared unit;
    they add up to the weights of ``after`` less those of ``before``, cell by cell, and do not depend on
    the order of the dimensions. Raises ``ArithmeticError`` if they should not add up.
    """
    game = _Game(universe, before, after, live)
    found: dict[str, dict[tuple[frozenset[str], Fraction], list[int]]] = {d: {} for d in game.differing}
    for index, first in enumerate(game.first.tolist()):
        for dimension, by_set in _shares(game, game.effects_on(first), game.moved_by_gwp(first)).items():
            for characterised, coefficient in by_set.items():
                found[dimension].setdefault((characterised, coefficient), []).append(index)
    shares = {
        dimension: tuple(
            Part(game.mask(classes), game.gwp(changed), coefficient, blind=game.unknown(changed))
            for (changed, coefficient), classes in pieces.items()
        )
        for dimension, pieces in found.items()
    }
    game.check(shares)
    return {dimension: signed(parts, live) for dimension, parts in shares.items()}


def signed(parts: Weighed, live: Mask) -> Objective:
    """Return an objective whose ends both know which gases have no factor."""
    up = tuple(_seen(part, part.coefficient > 0) for part in parts)
    lost = [part.blind & part.mask for part in parts if part.coefficient < 0 and part.blind is not None]
    if not any((mask & live).any() for mask in lost):
        return Objective(up)
    down = tuple(
        Part(part.mask, part.weights, -part.coefficient, part.blind if part.coefficient < 0 else None)
        for part in parts
    )
    return Objective(up, down)


def _seen(part: Part, counts: bool) -> Part:
    return part if counts or part.blind is None else Part(part.mask, part.weights, part.coefficient)


@dataclass(frozen=True)
class _Acting:
    """One effect of an option that is in play, and whether it is there before and after the change."""

    dimension: str
    effect: Effect
    before: bool
    after: bool


@dataclass(frozen=True)
class _Game:
    """The dimensions that differ as players; cells that no effect tells apart are looked at once."""

    universe: Universe
    before: Method
    after: Method
    live: Mask

    @cached_property
    def differing(self) -> tuple[str, ...]:
        return tuple(d for d in self.before if self.before[d] != self.after[d])

    @cached_property
    def characterising(self) -> tuple[str, ...]:
        """Dimensions that decide with which factor a gas counts; they act through the set of GWPs."""
        options = self.universe.catalogue.options
        return tuple(
            d
            for d in self.before
            if any(
                effect.characterised_by or effect.as_origin
                for option in (self.before[d], self.after[d])
                for effect in options[option].effects
            )
        )

    @cached_property
    def acting(self) -> list[_Acting]:
        """Effects that put cells out of scope or weigh them, each once."""
        options = self.universe.catalogue.options
        found = []
        for dimension in self.before:
            if dimension in self.characterising:
                continue
            here, there = (options[m[dimension]].effects for m in (self.before, self.after))
            for effect in dict.fromkeys((*here, *there)):
                idle = effect.weight is not None and Fraction(effect.weight) == 1
                if not idle and (self.universe.mask(effect.on) & self.live).any():
                    found.append(_Acting(dimension, effect, effect in here, effect in there))
        return found

    @cached_property
    def _changed_sets(self) -> tuple[frozenset[str], ...]:
        """Every subset of the characterising dimensions that differ."""
        return tuple(_subsets([d for d in self.characterising if d in self.differing]))

    def gwp(self, changed: frozenset[str]) -> Weights:
        """Weights of characterisation alone, once the dimensions of ``changed`` have changed."""
        return self.universe.weights(
            {d: self.after[d] if d in changed else self.before[d] for d in self.characterising}
        )

    def unknown(self, changed: frozenset[str]) -> Mask | None:
        """Cells whose gas the set after the change has no factor for, and the one before has."""
        found = blind(self.gwp(changed), self.gwp(frozenset()))
        return found if found.any() else None

    @cached_property
    def _moved(self) -> dict[str, Mask]:
        """For each characterising dimension, the cells whose factor it can change."""
        moved = {}
        for dimension in [d for d in self.characterising if d in self.differing]:
            mask = np.zeros(len(self.universe), dtype=bool)
            for changed in self._changed_sets:
                if dimension not in changed:
                    one, other = self.gwp(changed), self.gwp(changed | {dimension})
                    mask |= (one.value != other.value) | (one.known != other.known)
            moved[dimension] = mask
        return moved

    @cached_property
    def _classes(self) -> tuple[Mask, Ints, Ints]:
        """A table of what acts on the live cells, their first members, and the class of each."""
        masks = [self.universe.mask(one.effect.on) for one in self.acting] + list(self._moved.values())
        table = np.array(masks, dtype=bool).reshape(len(masks), len(self.universe))[:, self.live]
        packed = np.packbits(table, axis=0)
        words = np.zeros((-(-max(len(packed), 1) // 8) * 8, table.shape[1]), dtype=np.uint8)
        words[: len(packed)] = packed
        keys = np.ascontiguousarray(words.T).view(np.uint64)
        if keys.shape[1] == 1:
            _, first, inverse = np.unique(keys[:, 0], return_index=True, return_inverse=True)
        else:
            _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        return table, first.astype(np.int64), inverse.reshape(-1).astype(np.int64)

    @property
    def first(self) -> Ints:
        """One cell of every class, as its place among the live cells."""
        return self._classes[1]

    def effects_on(self, cell: int) -> list[_Acting]:
        table = self._classes[0]
        return [one for row, one in enumerate(self.acting) if table[row, cell]]

    def moved_by_gwp(self, cell: int) -> list[str]:
        table = self._classes[0]
        return [d for row, d in enumerate(self._moved, start=len(self.acting)) if table[row, cell]]

    def mask(self, classes: Sequence[int]) -> Mask:
        """All live cells of some classes."""
        chosen = np.zeros(len(self.first), dtype=bool)
        chosen[list(classes)] = True
        mask = np.zeros(len(self.universe), dtype=bool)
        mask[self.live] = chosen[self._classes[2]]
        return mask

    def check(self, shares: dict[str, Weighed]) -> None:
        """Raise ``ArithmeticError`` unless the shares add up to the change on every live cell."""
        size = len(self.universe)
        before, after = (self.universe.weights(method).value for method in (self.before, self.after))
        left = after - before
        for parts in shares.values():
            left = left - vector(parts, size)
        scale = np.abs(after) + np.abs(before)
        if (np.abs(left) > _ROUNDING * np.maximum(scale, 1.0))[self.live].any():
            raise ArithmeticError("the shares of the dimensions do not add up to the change of the weights")


def _shares(
    game: _Game, effects: Sequence[_Acting], moved: Sequence[str]
) -> dict[str, dict[frozenset[str], Fraction]]:
    """The shares on one class of cells: per dimension, how often each set of factors counts.

    A key is the set of characterising dimensions that have changed; only those that move the factor of
    these cells are told apart.
    """
    hung = {one.effect.when for one in effects if one.effect.when is not None}
    players = [
        d
        for d in game.differing
        if d in moved
        or not hung.isdisjoint((game.before[d], game.after[d]))
        or any(one.dimension == d and one.before != one.after for one in effects)
    ]
    count = len(players)
    found: dict[str, dict[frozenset[str], Fraction]] = {}
    worth = {changed: _worth(game, effects, changed) for changed in _subsets(players)}
    for dimension in players:
        share: dict[frozenset[str], Fraction] = {}
        for changed in _subsets([d for d in players if d != dimension]):
            chance = Fraction(factorial(len(changed)) * factorial(count - len(changed) - 1), factorial(count))
            for after, sign in ((changed | {dimension}, 1), (changed, -1)):
                if worth[after]:
                    key = after.intersection(moved)
                    share[key] = share.get(key, Fraction(0)) + sign * chance * worth[after]
        found[dimension] = {key: value for key, value in share.items() if value}
    return found


def _worth(game: _Game, effects: Sequence[_Acting], changed: frozenset[str]) -> Fraction:
    """What the options multiply to, without characterisation, once ``changed`` have changed."""
    options = game.universe.catalogue.options
    product = Fraction(1)
    for one in effects:
        if not (one.after if one.dimension in changed else one.before):
            continue
        if one.effect.when is not None:
            beside = options[one.effect.when].dimension
            method = game.after if beside in changed else game.before
            if method.get(beside) != one.effect.when:
                continue
        if one.effect.weight is None:
            return Fraction(0)
        product *= Fraction(one.effect.weight)
    return product


def _subsets(items: Sequence[str]) -> Iterator[frozenset[str]]:
    for size in range(len(items) + 1):
        for chosen in combinations(items, size):
            yield frozenset(chosen)


def without_rounding(
    universe: Universe, rows: Sequence[Row], dead: Mask, objectives: Sequence[Parts]
) -> list[Fraction | None]:
    """Return what each objective is worth if every number meant exactly what it says.

    ``None`` where the rows do not determine it. Where more is stated than needed, the rows that come
    first count. All values belong to one inventory, so that what adds up as objectives adds up as values.
    """
    size, live = len(universe), np.flatnonzero(~dead)
    stated = [row for row in rows if row.stated and row.low is not None and row.high is not None]
    table = np.array([vector(row.parts, size)[live] for row in stated]).reshape(len(stated), live.size)
    chosen, pivots = _independent(table)
    kept = [stated[row] for row in chosen]
    cells = live[pivots].tolist()
    centre = [(row.low + row.high) / 2 for row in kept if row.low is not None and row.high is not None]
    amounts = solve([[_exact(universe, row.parts, cell) for cell in cells] for row in kept], centre)
    base = table[chosen]
    square = base[:, pivots]
    found: list[Fraction | None] = []
    for parts in objectives:
        wanted = vector(parts, size)[live]
        multipliers = np.linalg.solve(square.T, wanted[pivots]) if chosen else np.zeros(0)
        reached = base.T @ multipliers
        slack = np.abs(base).T @ np.abs(multipliers) + np.abs(wanted)
        blinded = any(p.blind is not None and (p.blind & p.mask & ~dead).any() for p in parts)
        if blinded or (np.abs(reached - wanted) > _ROUNDING * slack).any():
            found.append(None)
            continue
        terms = (a * _exact(universe, parts, c) for a, c in zip(amounts, cells, strict=True))
        found.append(sum(terms, Fraction(0)))
    return found


def _exact(universe: Universe, parts: Parts, cell: int) -> Fraction:
    return sum((part.exact(universe, cell) for part in parts), Fraction(0))


def _independent(table: Floats) -> tuple[list[int], list[int]]:
    """Rows of a table none of which the others make, the first ones first, and a column for each."""
    rows: list[int] = []
    columns: list[int] = []
    left = table / np.maximum(np.abs(table).max(axis=1, initial=0.0), 1e-300)[:, None]
    for row in range(len(left)):
        column = int(np.argmax(np.abs(left[row]))) if left.shape[1] else 0
        if not left.shape[1] or abs(left[row, column]) <= _ROUNDING:
            continue
        rows.append(row)
        columns.append(column)
        left[row + 1 :] -= np.outer(left[row + 1 :, column] / left[row, column], left[row])
    return rows, columns

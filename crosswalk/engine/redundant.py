"""Numbers that say the same thing twice: what becomes of them when some are drawn.

The numbers of a report hang together: a total is the sum of its parts. Drawn one by one they would
contradict one another in every draw, though nothing is wrong with the file. So rows are looked at from
those about the fewest cells to those about the most; a row that is a combination of such before it is a
*sum* of these *parts*, and not free any more:

* If it states no distribution, it was added up from its parts, and moves as they do.
* If it states one, it keeps it, at the rank that its parts give it in each draw, for it is the sum of the
  same things. What is then missing between the sum and its parts has to be in one of them, or in
  several: each may be off by up to all of it. Nothing is missing where the distributions agree.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from crosswalk.engine.cells import Floats
from crosswalk.engine.solver import Ints

#: A row counts as a combination of others if less than this share of it is left.
_LEFT = 1e-9

#: The parts of a sum, with their coefficients.
Parts = dict[int, float]


@dataclass(frozen=True)
class Table:
    """Every number in every draw (draws, numbers): both ends, rounding included.

    ``slip`` is how much further or less far a number may have moved than its middle did, for what it was
    before rounding.
    """

    low: Floats
    high: Floats
    slip: Floats

    def middle(self, row: int) -> Floats:
        """Return the middle of a number in every draw."""
        found: Floats = (self.low[:, row] + self.high[:, row]) / 2
        return found

    def room(self, row: int) -> Floats:
        """Return how far a number may be off its middle in every draw."""
        found: Floats = (self.high[:, row] - self.low[:, row]) / 2
        return found

    def implied(self, parts: Parts) -> Floats:
        """Return the middle of a sum of ``parts`` in every draw."""
        return sum((c * self.middle(one) for one, c in parts.items()), np.zeros(len(self.low)))


@dataclass(frozen=True)
class Sums:
    """The rows that are sums of others, from those about the fewest cells to those about the most."""

    parts: dict[int, Parts]
    uncertain: frozenset[int]

    @property
    def stated(self) -> dict[int, Parts]:
        """Sums that state a distribution of their own."""
        return {row: parts for row, parts in self.parts.items() if row in self.uncertain and parts}

    @property
    def following(self) -> frozenset[int]:
        """Sums without a distribution that move as their parts do."""
        moving = set(self.uncertain)
        for row, parts in self.parts.items():
            if moving & parts.keys():
                moving.add(row)
        return frozenset(moving & self.parts.keys()) - self.uncertain

    @property
    def eased(self) -> frozenset[int]:
        """Parts, and their parts in turn, of sums that state a distribution."""
        found: set[int] = set()
        for row in reversed(self.parts):
            if row in found or row in self.uncertain:
                found |= self.parts[row].keys()
        return frozenset(found)


def sums(matrix: Floats, equations: Collection[int], uncertain: Collection[int]) -> Sums:
    """Return which rows of ``matrix`` are sums of others, among those that are ``equations``.

    ``uncertain`` ones state a distribution.
    """
    scale = np.abs(matrix).max(axis=1, initial=0.0)
    rows = matrix / np.where(scale > 0, scale, 1.0)[:, None]
    earlier: list[int] = []
    found: dict[int, Parts] = {}
    for row in sorted(equations, key=lambda row: (int(np.count_nonzero(rows[row])), row)):
        parts = _combined(rows, row, earlier)
        if parts is not None:
            found[row] = {one: c * float(scale[row] / scale[one]) for one, c in parts.items()}
        earlier.append(row)
    return Sums(found, frozenset(uncertain))


def _combined(rows: Floats, row: int, earlier: list[int]) -> Parts | None:
    """Return a row as a combination of earlier ones, the largest first; ``None`` if it is independent.

    Rows about nothing but what the row is about are tried before all others.
    """
    wanted = rows[row]
    if not wanted.any():
        return {}
    inside = [one for one in earlier if not rows[one][wanted == 0].any()]
    for tried in (inside, earlier):
        basis: list[int] = []
        spanned = np.empty((0, rows.shape[1]))
        for one in reversed(tried):
            rest = rows[one] - spanned.T @ (spanned @ rows[one])
            rest -= spanned.T @ (spanned @ rest)
            size = np.linalg.norm(rest)
            if size > _LEFT:
                basis.append(one)
                spanned = np.vstack([spanned, rest / size])
        if np.abs(wanted - spanned.T @ (spanned @ wanted)).max() <= _LEFT:
            coefficients, *_ = np.linalg.lstsq(rows[basis].T, wanted, rcond=None)
            return {one: c for one, c in zip(basis, coefficients.tolist(), strict=True) if abs(c) > _LEFT}
    return None


def settled(stated: Table, drawn: Table, found: Sums, tied: Collection[int]) -> tuple[Floats, Floats]:
    """Return the ends of all rows in every draw (draws, rows), such that sums and parts go together.

    ``stated`` is the file itself, as a single draw. ``tied`` rows move with other numbers, and keep the
    rank that these give them.
    """
    table = Table(drawn.low.copy(), drawn.high.copy(), drawn.slip.copy())
    following = found.following
    for row, parts in found.parts.items():
        if row in found.uncertain:
            if row not in tied:
                _rank(table, row, parts)
        elif row in following:
            _follow(stated, table, row, parts)
    down, up = np.zeros_like(table.low), np.zeros_like(table.high)
    for row, parts in reversed(found.parts.items()):
        least, most = down[:, row].copy(), up[:, row].copy()
        if row in found.uncertain:
            missing, blur = _missing(stated, table, row, parts)
            least, most = least + missing - blur, most + missing + blur
        for one, coefficient in parts.items():
            ends = least / coefficient, most / coefficient
            down[:, one] += np.minimum(np.minimum(*ends), 0)
            up[:, one] += np.maximum(np.maximum(*ends), 0)
    for row, parts in found.parts.items():
        if row not in found.uncertain:
            ways = [(c * down[:, one], c * up[:, one]) for one, c in parts.items()]
            down[:, row] = np.minimum(down[:, row], sum(np.minimum(*way) for way in ways))
            up[:, row] = np.maximum(up[:, row], sum(np.maximum(*way) for way in ways))
    return table.low + down, table.high + up


def _rank(table: Table, row: int, parts: Parts) -> None:
    """Put the draws of a sum in the order that gives each the rank its parts have there."""
    implied = table.implied(parts)
    if np.ptp(implied) == 0:
        return
    places: Ints = np.empty(len(implied), dtype=np.int64)
    places[np.argsort(implied, kind="stable")] = np.arange(len(implied))
    order = np.argsort(table.middle(row), kind="stable")[places]
    for column in (table.low, table.high, table.slip):
        column[:, row] = column[order, row]


def _follow(stated: Table, table: Table, row: int, parts: Parts) -> None:
    """Move a sum by as much as its parts moved: what it was before rounding is known as well as ever."""
    change = table.implied(parts) - stated.implied(parts)
    slip = sum((abs(c) * table.slip[:, one] for one, c in parts.items()), np.zeros(len(change)))
    table.low[:, row] = stated.low[0, row] + change - slip
    table.high[:, row] = stated.high[0, row] + change + slip
    table.slip[:, row] = slip


def _missing(stated: Table, table: Table, row: int, parts: Parts) -> tuple[Floats, Floats]:
    """What is missing between a sum and its parts in every draw, and how far rounding blurs it.

    What rounding hides at the stated values is not missing; it grows as rounding does.
    """
    whole = {row: 1.0, **parts}
    hidden = stated.middle(row)[0] - stated.implied(parts)[0]
    full = sum(abs(c) * float(stated.room(one)[0]) for one, c in whole.items())
    room = sum((abs(c) * table.room(one) for one, c in whole.items()), np.zeros(len(table.low)))
    growth = room / full if full > 0 else np.ones(len(room))
    blur = sum((abs(c) * table.slip[:, one] for one, c in whole.items()), full * np.abs(growth - 1))
    return table.middle(row) - table.implied(parts) - hidden * growth, blur

"""How claims stand, kind by kind: what was found of one claim serves all that no rule can tell from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from crosswalk.batch.columns import distinct
from crosswalk.engine.cells import Mask
from crosswalk.engine.solver import Ints
from crosswalk.recognition.alike import Marks, Numbers
from crosswalk.recognition.ladder import Outcomes

#: So many kinds of claims, and settings, are kept for the claims to come.
_KEPT = 20_000
#: So many settings of one table are looked into; of the others, every number counts.
_LOOKED_INTO = 256

#: So many claims are judged at once.
_PIECE = 16_384

#: The outcome of a rule that a setting leaves open.
OPEN = 255


class Setting(NamedTuple):
    """What follows of all that claims say in words: the outcome of each rule, and the fields that some still
    ask about."""

    outcomes: Outcomes
    asked: frozenset[str]


#: Returns the settings of the claims of some rows.
Settings = Callable[[Ints], list[Setting]]
#: Returns how the claims of some rows stand, each judged by itself; their settings are given where known.
Judged = Callable[[Ints, Sequence[Setting | None]], pl.DataFrame]


class Standings:
    """How claims stand, by kind, as far as such have been met."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], dict[bytes, int]] = {}
        self._settings: list[Setting | None] = []
        self._kinds: dict[bytes, int] = {}
        self._found: pl.DataFrame | None = None

    def of(self, marks: Marks, judged: Judged, settings: Settings) -> pl.DataFrame:
        """Return how claims stand, in their order."""
        places, first = distinct(one.numbers for one in marks.setting.values())
        rest = list(marks.rest.values())
        if first.size > _KEPT:
            return self._afresh((places, *rest), judged)
        if len(self._settings) + first.size > _KEPT:
            self._forget()
        numbers = self._numbered(marks, first)
        self._look_into(numbers, first, settings)
        known = [self._settings[number] for number in numbers.tolist()]
        for place, names in enumerate(marks.rest):
            counts = np.array([one is None or not one.asked.isdisjoint(names) for one in known], dtype=bool)
            rest[place] = _if(counts, places, rest[place])
        kinds, first = distinct((places, *rest))
        if first.size > _KEPT:
            return self._afresh((kinds,), judged)
        if self._found is not None and self._found.height + first.size > _KEPT:
            self._kinds.clear()
            self._found = None
        keys = _keys((numbers[places[first]], *(one[first] for one in rest)))
        found = np.array([self._kinds.get(key, -1) for key in keys], dtype=np.int64)
        new = np.flatnonzero(found < 0)
        if new.size or self._found is None:
            rows = first[new]
            made = judged(rows, [known[place] for place in places[rows].tolist()])
            before = 0 if self._found is None else self._found.height
            found[new] = np.arange(before, before + new.size)
            self._kinds.update((keys[one], int(found[one])) for one in new.tolist())
            self._found = made if self._found is None else pl.concat([self._found, made], rechunk=True)
        return self._found[found[kinds]]

    def _afresh(self, marks: Sequence[Numbers], judged: Judged) -> pl.DataFrame:
        """Judge claims of so many kinds that none is kept."""
        kinds, first = distinct(marks)
        cuts = range(_PIECE, first.size, _PIECE)
        pieces = [judged(rows, [None] * rows.size) for rows in np.split(first, cuts)]
        return pl.concat(pieces)[kinds]

    def _numbered(self, marks: Marks, first: Ints) -> Ints:
        """Return numbers of the settings of some claims, the same in every table."""
        known = self._numbers.setdefault((*marks.setting, None, *marks.rest), {})
        keys = _keys([one.of(first) for one in marks.setting.values()])
        numbers = [known.setdefault(key, len(self._settings) + place) for place, key in enumerate(keys)]
        self._settings += [None] * (max(numbers, default=-1) + 1 - len(self._settings))
        return np.array(numbers, dtype=np.int64)

    def _look_into(self, numbers: Ints, first: Ints, settings: Settings) -> None:
        """Find what follows of settings of which that is not known yet."""
        new = [place for place, number in enumerate(numbers.tolist()) if self._settings[number] is None]
        new = new[:_LOOKED_INTO]
        for place, one in zip(new, settings(first[new]) if new else [], strict=True):
            self._settings[numbers[place]] = one

    def _forget(self) -> None:
        self._numbers.clear()
        self._settings.clear()
        self._kinds.clear()
        self._found = None


def _if(counts: Mask, settings: Ints, numbers: Numbers) -> Numbers:
    """Return numbers where they count, nothing elsewhere."""
    if counts.all():
        return numbers
    return numbers * counts[settings] if counts.any() else np.zeros(1, np.int64).repeat(len(numbers))


def _keys(numbers: Sequence[Numbers]) -> list[bytes]:
    """Return of each claim all of its numbers in one."""
    table = np.ascontiguousarray(np.stack(numbers, axis=1), np.int32)
    found: list[bytes] = table.view(np.dtype((np.void, 4 * table.shape[1])))[:, 0].tolist()
    return found

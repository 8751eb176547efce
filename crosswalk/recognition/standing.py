"""How claims stand, kind by kind: what was found of one claim serves all that no rule can tell from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from crosswalk.batch.columns import distinct
from crosswalk.engine.cells import Mask
from crosswalk.engine.solver import Ints
from crosswalk.recognition.alike import Marks, Numbers

#: So many kinds of claims, and settings, are kept for the claims to come.
_KEPT = 20_000
#: So many settings of one table are looked into; of the others, every number counts.
_LOOKED_INTO = 256

#: What a table of claims is asked: how the claims of some rows stand, each judged by itself, and which fields
#: rules still ask about once their settings are known.
Judged = Callable[[Ints], pl.DataFrame]
Asked = Callable[[Ints], list[frozenset[str]]]


class Standings:
    """How claims stand, by kind, as far as such have been met."""

    def __init__(self) -> None:
        self._settings: dict[tuple[object, ...], dict[bytes, int]] = {}
        self._counting: list[Mask | None] = []
        self._kinds: dict[bytes, int] = {}
        self._found: pl.DataFrame | None = None

    def of(self, marks: Marks, judged: Judged, asked: Asked) -> pl.DataFrame:
        """Return how claims stand, in their order."""
        settings, first = distinct(one.numbers for one in marks.setting.values())
        rest = list(marks.rest.values())
        if first.size > _KEPT:
            kinds, first = distinct((settings, *rest))
            return judged(first)[kinds]
        if len(self._counting) + first.size > _KEPT:
            self._forget()
        numbers = self._numbers(marks, first)
        counting = self._count(marks, numbers, first, asked)
        rest = [_if(counting[:, place], settings, one) for place, one in enumerate(rest)]
        kinds, first = distinct((settings, *rest))
        if first.size > _KEPT:
            return judged(first)[kinds]
        if self._found is not None and self._found.height + first.size > _KEPT:
            self._kinds.clear()
            self._found = None
        keys = _keys((numbers[settings[first]], *(one[first] for one in rest)))
        places = np.array([self._kinds.get(key, -1) for key in keys], dtype=np.int64)
        new = np.flatnonzero(places < 0)
        if new.size or self._found is None:
            made = judged(first[new])
            before = 0 if self._found is None else self._found.height
            places[new] = np.arange(before, before + new.size)
            self._kinds.update((keys[one], int(places[one])) for one in new.tolist())
            self._found = made if self._found is None else pl.concat([self._found, made], rechunk=True)
        return self._found[places[kinds]]

    def _numbers(self, marks: Marks, first: Ints) -> Ints:
        """Return numbers of the settings of some claims, the same in every table."""
        known = self._settings.setdefault((*marks.setting, None, *marks.rest), {})
        keys = _keys([one.of(first) for one in marks.setting.values()])
        numbers = [known.setdefault(key, len(self._counting) + place) for place, key in enumerate(keys)]
        self._counting += [None] * (max(numbers, default=-1) + 1 - len(self._counting))
        return np.array(numbers, dtype=np.int64)

    def _count(self, marks: Marks, numbers: Ints, first: Ints, asked: Asked) -> Mask:
        """Return which of the other marks count in each setting (settings, marks)."""
        new = [place for place, number in enumerate(numbers.tolist()) if self._counting[number] is None]
        new = new[:_LOOKED_INTO]
        for place, fields in zip(new, asked(first[new]) if new else [], strict=True):
            counts = [not fields.isdisjoint(names) for names in marks.rest]
            self._counting[numbers[place]] = np.array(counts, dtype=bool)
        every = np.ones(len(marks.rest), dtype=bool)
        found = (self._counting[number] for number in numbers.tolist())
        return np.array([every if one is None else one for one in found]).reshape(-1, len(marks.rest))

    def _forget(self) -> None:
        self._settings.clear()
        self._counting.clear()
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

"""Which claims no rule can tell apart, so that each kind of them is judged once.

Rules see of a claim no more than how each of their tests on it comes out, which fields it states, and the
facts worked out of it. Claims that agree in all of that have one verdict, the same reasons and the same
asks; what differs besides are their own numbers.

What claims say in words, and which fields they state, is their *setting*: suppliers have few. Of what they
say in numbers only that counts which a rule still asks once the setting is known.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from crosswalk.engine.solver import Ints
from crosswalk.knowledge.recognition import ClaimField, Rule, Test, demands_of
from crosswalk.recognition.expressions import demanded
from crosswalk.recognition.table import Coded, Column, Table

#: Small numbers, one a claim.
Numbers: TypeAlias = npt.NDArray[np.integer[Any]]

#: Of so many values that mean different things, places stand for what they mean until kinds are told apart.
_FEW = 64
#: So many tests are told of in one mark.
_TESTS = 30
#: Kinds of fields whose values are many, and are told apart by tests only.
MANY = ("decimal", "share", "integer", "date")


class Mark(NamedTuple):
    """Something that tells claims apart: a number a claim, and what these stand for in every table.

    ``None`` where they stand for themselves.
    """

    numbers: Numbers
    meaning: Ints | None = None

    def of(self, rows: Ints) -> Numbers:
        """Return the numbers of some claims, such as mean the same in every table."""
        some = self.numbers[rows]
        return some if self.meaning is None else self.meaning[some]


class Marks(NamedTuple):
    """What tells claims apart.

    ``setting`` has a mark for each field stated and each word said, ``rest`` the others, with the fields a
    rule must ask about for them to count; these stand for themselves.
    """

    setting: dict[str, Mark]
    rest: dict[tuple[str, ...], Numbers]


class Marker:
    """Marks claims; numbers mean the same in every table."""

    def __init__(
        self,
        rules: Iterable[Rule],
        watched: Iterable[str],
        whole: Iterable[str],
        fields: Mapping[str, ClaimField],
    ) -> None:
        """``watched`` are fields of which it matters whether they are stated, ``whole`` those of closed lists
        of which every word does."""
        self._fields = fields
        self._tests: dict[str, list[Test]] = {name: [] for name in sorted({*watched, *whole})}
        self._pairs: list[Test] = []
        conditions = (one for rule in rules for one in (rule.when, rule.requires) if one is not None)
        for test in dict.fromkeys(one for condition in conditions for one in demands_of(condition)):
            if test.other is not None:
                self._pairs.append(test)
            elif test.operator != "stated":
                self._tests.setdefault(test.field, []).append(test)
        self._whole = frozenset(whole)
        self._kept: dict[str, tuple[pl.Series, dict[str, Ints]]] = {}
        self._facts = frozenset(name for name, field in fields.items() if field.derived)

    @property
    def compared(self) -> list[str]:
        """Fields that rules compare with one another."""
        return sorted({name for test in self._pairs for name in (test.field, test.other) if name is not None})

    def marks(self, table: Table, common: Ints, facts: Mapping[str, Column], own: Iterable[str]) -> Marks:
        """Return the marks of claims.

        ``common`` are numbers of what a claim has in common with others, ``facts`` columns besides: those
        that are ``own`` belong to no setting.
        """
        columns = {**table.columns, **facts}
        outside = {*own, *(name for name in columns if self._many(name))}
        found = Marks({"common": Mark(common)}, {})
        plain: dict[str, pl.Series] = {}
        asked: list[pl.Expr] = []
        for name, column in columns.items():
            if name not in self._tests:
                continue
            if isinstance(column, Coded):
                for mark, meaning in self._of_values(name, column.values, outside).items():
                    apart = len(meaning) <= _FEW and 2 * np.unique(meaning).size >= len(meaning)
                    made = Mark(column.places, meaning) if apart else Mark(meaning[column.places])
                    self._add(found, mark, made)
            else:
                plain[name] = column
                asked += self._asked(name, outside)
        for place, test in enumerate(self._pairs):
            pair = [name for name in (test.field, test.other) if name in columns]
            if len(pair) == 2:
                for name in pair:
                    whole = columns[name]
                    plain[name] = whole.at() if isinstance(whole, Coded) else whole
                held = demanded(test, self._fields).fill_null(False)
                asked.append(held.cast(pl.UInt8).alias(f"pair {place}"))
        if asked:
            frame = pl.DataFrame([column.alias(name) for name, column in plain.items()])
            for one in frame.lazy().select(asked).collect():
                self._add(found, one.name, Mark(one.to_numpy()))
        return found

    def _many(self, name: str) -> bool:
        return name in self._fields and self._fields[name].kind in MANY

    def _add(self, marks: Marks, name: str, mark: Mark) -> None:
        kind, _, what = name.partition(" ")
        if kind == "setting":
            marks.setting[what] = mark
        elif kind == "pair":
            test = self._pairs[int(what)]
            marks.rest[test.field, test.other or ""] = mark.numbers
        else:
            marks.rest[what.partition(" ")[0], what] = mark.of(np.arange(len(mark.numbers)))

    def _of_values(self, name: str, values: pl.Series, outside: Container[str]) -> dict[str, Ints]:
        """Return what distinct values mean."""
        if name not in self._kept or self._kept[name][0] is not values:
            made = values.alias(name).to_frame().select(self._asked(name, outside))
            self._kept[name] = values, {one.name: one.to_numpy().astype(np.int64) for one in made}
        return self._kept[name][1]

    def _asked(self, name: str, outside: Container[str]) -> Iterator[pl.Expr]:
        """How the tests on a field come out, and whether it is stated, as numbers."""
        column, tests = pl.col(name), self._tests[name]
        fact = name in self._facts and name in outside
        kind = "rest" if fact else "setting"
        if name in self._whole or (self._fields[name].kind == "boolean"):
            yield (column.to_physical().cast(pl.UInt8) + 1).fill_null(0).alias(f"{kind} {name}")
            return
        stated = column.is_not_null().cast(pl.UInt8)
        if not tests or (name in outside and not fact):
            yield stated.alias(f"{kind} {name}")
            kind = "rest"
            stated = pl.lit(0, pl.UInt8)
        for start in range(0, len(tests), _TESTS):
            told = stated if not start else pl.lit(0, pl.UInt8)
            some = tests[start : start + _TESTS]
            size = pl.UInt8 if len(some) < 8 else pl.UInt32
            for place, test in enumerate(some, start=1):
                told = told.cast(size) + demanded(test, self._fields).fill_null(False).cast(size) * 2**place
            yield told.alias(f"{kind} {name} {start}" if start else f"{kind} {name}")

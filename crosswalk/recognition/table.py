"""A table of claims, column by column: text once for each distinct spelling, and where each row has which.

Suppliers say the same in the same words, so a column of text has few distinct values. What is worked out of
a value is worked out once for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from crosswalk.batch.columns import PolarsColumns, Words, factorize
from crosswalk.engine.cells import Mask
from crosswalk.engine.solver import Ints

#: The number of a row among those given.
ROW = "row"
#: Comparing with so many words is faster than looking each value up.
_FEW = 8
#: A column whose first values are so many different ones is not taken apart.
_LOOKED_AT, _DISTINCT = 512, 256


class Coded(NamedTuple):
    """A column as values, among them nothing (null), and the place of each row's among them.

    A value may be there more than once, or that of no row.
    """

    places: npt.NDArray[np.integer[Any]]
    values: pl.Series

    @classmethod
    def nothing(cls, height: int, kind: pl.DataType) -> Coded:
        """Return a column without any value."""
        return cls(np.zeros(height, dtype=np.uint8), pl.Series([None], dtype=kind))

    def at(self, rows: Ints | None = None) -> pl.Series:
        """Return the values of some rows, or of all."""
        places = self.places if rows is None else self.places[rows]
        if len(self.values) == 1:
            return self.values.new_from_index(0, len(places))
        return self.values.gather(pl.Series(places.astype(np.uint32)))


class Spelt(NamedTuple):
    """A column of text as spellings, some of which may be nowhere, and the place of each row's, from 1.

    0 stands for nothing.
    """

    places: npt.NDArray[np.integer[Any]]
    spellings: list[str]

    def nothing(self) -> int:
        """Return in how many rows nothing stands."""
        return len(self.places) - int(np.count_nonzero(self.places))

    def words(self) -> Words:
        """Return the place of each row's spelling from 0 (-1: none), and the spellings."""
        return self.places.astype(np.int64) - 1, self.spellings


#: A column with a value a row, or as distinct values.
Column: TypeAlias = "pl.Series | Coded"


class Coder:
    """Takes columns of text apart into distinct spellings, and looks for those of one table in the next."""

    def __init__(self) -> None:
        self._seen: dict[str, list[str]] = {}
        self._many: set[str] = set()

    def words(self, columns: Sequence[pl.Series]) -> dict[str, Spelt]:
        """Return the columns, by name, without those of so many spellings that it would be of no use."""
        known = [column for column in columns if column.name in self._seen]
        found: dict[str, Spelt] = {}
        if known:
            places = (_places(pl.col(column.name), self._seen[column.name]) for column in known)
            for column in pl.DataFrame(known).lazy().select(places).collect():
                found[column.name] = Spelt(column.to_numpy(), self._seen[column.name])
        for column in columns:
            name = column.name
            # A spelling that was not looked for has no place.
            if name in found and found[name].nothing() == column.null_count():
                continue
            one = self._read(column)
            if one is None:
                found.pop(name, None)
            else:
                found[name] = one
        return found

    def _read(self, column: pl.Series) -> Spelt | None:
        name = column.name
        if name not in self._seen and column.head(_LOOKED_AT).n_unique() > _DISTINCT:
            self._many.add(name)
        if name in self._many:
            return None
        places, spelt = PolarsColumns(column.to_frame()).words(name)
        self._seen.pop(name, None)
        if 0 < len(spelt) <= _FEW:
            self._seen[name] = spelt
        elif 4 * len(spelt) > len(column) > _LOOKED_AT:
            self._many.add(name)
        return Spelt(places + 1, spelt)


def _places(column: pl.Expr, spelt: Sequence[str]) -> pl.Expr:
    """Return the place of each value among few spellings, from 1; 0 of what is none of them."""
    found = pl.lit(0, pl.UInt8)
    for place, one in reversed(list(enumerate(spelt, start=1))):
        found = pl.when(column == one).then(pl.lit(place, pl.UInt8)).otherwise(found)
    return found.alias(column.meta.output_name())


def coded(column: pl.Series) -> Coded:
    """Return a column of lists as its distinct lists."""
    escaped = pl.element().cast(pl.String).str.replace_all(r"[\\;]", r"\$0")
    written = column.list.eval(escaped).list.join(";").alias(column.name)
    kinds, first = factorize(PolarsColumns(written.to_frame()).words(column.name)[0] + 1)
    return Coded(kinds, column.gather(first))


class Table:
    """Claims as rules can be put to them: the fields that are stated, by name, and the numbers of their rows.

    ``written`` are the columns of a footprint table as they were given, digits and all: those in ``spelt``
    as their spellings.
    """

    def __init__(
        self,
        rows: pl.Series,
        columns: Mapping[str, Column],
        written: pl.DataFrame,
        spelt: Mapping[str, Spelt],
    ) -> None:
        self.rows = rows
        self.height = len(rows)
        self.columns = dict(columns)
        self.written = written
        self.spelt = dict(spelt)
        self._words: dict[str, Words] = {}

    def kept(self, keep: Mask) -> Table:
        """Return the table with some of its rows only."""
        some = pl.Series(keep)
        columns = {
            name: Coded(one.places[keep], one.values) if isinstance(one, Coded) else one.filter(some)
            for name, one in self.columns.items()
        }
        spelt = {name: Spelt(one.places[keep], one.spellings) for name, one in self.spelt.items()}
        # A frame without columns has no rows to take some of.
        written = self.written.filter(some) if self.written.width else self.written
        return Table(self.rows.filter(some), columns, written, spelt)

    def put(self, name: str, column: Column) -> None:
        """Set a column."""
        self.columns[name] = column
        self._words.pop(name, None)

    def fill(self, name: str, value: str) -> None:
        """Set a column where it states nothing."""
        column = self.columns[name]
        if isinstance(column, Coded):
            self.put(name, Coded(column.places, column.values.fill_null(value)))
        else:
            self.put(name, column.fill_null(value))

    def column(self, name: str, rows: Ints | None = None) -> pl.Series:
        """Return a column, of some rows or of all."""
        column = self.columns[name]
        if isinstance(column, Coded):
            return column.at(rows).alias(name)
        return (column if rows is None else column.gather(rows)).alias(name)

    def listed(self, name: str) -> pl.Series:
        """Return a column of text as one of a list of distinct words."""
        column = self.columns[name]
        if isinstance(column, Coded):
            return Coded(column.places, column.values.cast(pl.Categorical)).at().alias(name)
        return column.cast(pl.Categorical).alias(name)

    def frame(self, names: Iterable[str] | None = None, rows: Ints | None = None) -> pl.DataFrame:
        """Return columns, all or some, of some rows or of all, with the numbers of the rows before them."""
        numbers = (self.rows if rows is None else self.rows.gather(rows)).alias(ROW)
        wanted = self.columns if names is None else names
        return pl.DataFrame([numbers, *(self.column(name, rows) for name in wanted)])

    def words(self, name: str) -> Words:
        """Return the place of each row's value among the values of a column of text (-1: none), and these."""
        if name not in self._words:
            column = self.columns[name]
            self._words[name] = (
                _stated(column)
                if isinstance(column, Coded)
                else PolarsColumns(column.alias(name).to_frame()).words(name)
            )
        return self._words[name]

    def states(self, name: str) -> bool:
        """Whether a row may state a field; not where it is sure that none does."""
        column = self.columns.get(name)
        if column is None:
            return False
        values = column.values if isinstance(column, Coded) else column
        return values.null_count() < len(values)


def _stated(column: Coded) -> Words:
    given = column.values.is_not_null().to_numpy()
    among = np.where(given, np.cumsum(given) - 1, -1)
    return among[column.places], column.values.drop_nulls().cast(pl.String).to_list()

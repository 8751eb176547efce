"""Tables of footprints as columns, whichever library holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from crosswalk.batch.numbers import Numbers, numbers, written
from crosswalk.engine.solver import Ints

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


#: The place of each row's word among the words of a column (-1: none), and the words.
Words: TypeAlias = tuple[Ints, list[str]]


def factorize(keys: Ints) -> tuple[Ints, Ints]:
    """Return the place of every row's key among the distinct keys, and the first row of each of these.

    >>> [part.tolist() for part in factorize(np.array([7, 7, 3, 7, 9]))]
    [[0, 0, 1, 0, 2], [0, 2, 4]]
    """
    import pandas as pd

    if keys.size and (keys == keys[0]).all():
        return np.zeros(keys.size, dtype=np.int64), np.zeros(1, dtype=np.int64)
    codes = pd.factorize(keys)[0].astype(np.int64, copy=False)
    # Keys are numbered as they come: a first one is higher than all before it.
    return codes, np.flatnonzero(np.diff(np.maximum.accumulate(codes), prepend=-1) > 0)


class Columns(Protocol):
    """The columns of a table, by name."""

    @property
    def names(self) -> Sequence[str]:
        """Names of all columns."""
        ...

    @property
    def height(self) -> int:
        """How many rows there are."""
        ...

    def numbers(self, name: str) -> Numbers:
        """Return a column as numbers, with the rounding they come with."""
        ...

    def words(self, name: str) -> tuple[Ints, list[str]]:
        """Return the place of each row's word among the words of a column (-1: none), and the words."""
        ...


class PandasColumns:
    """The columns of a pandas data frame."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._columns = {str(name): frame.iloc[:, place] for place, name in enumerate(frame.columns)}
        self.names = list(self._columns)
        self.height = len(frame)

    def numbers(self, name: str) -> Numbers:
        """Return a column as numbers; text means what its digits say."""
        column = self._columns[name]
        if column.dtype.kind in "iuf":
            return numbers(column.to_numpy())
        return written(*self.words(name))

    def words(self, name: str) -> tuple[Ints, list[str]]:
        """Return the place of each row's word among the words of a column (-1: none), and the words."""
        import pandas as pd

        column: pd.Series[Any] = self._columns[name]
        codes, spellings = pd.factorize(column.astype("object"))
        return codes.astype(np.int64), [str(one) for one in spellings]


class PolarsColumns:
    """The columns of a polars data frame."""

    def __init__(self, frame: pl.DataFrame, words: Mapping[str, Words] | None = None) -> None:
        """``words`` are those of columns of which they are known already."""
        self._frame = frame
        self._words = dict(words or {})
        self.names = frame.columns
        self.height = frame.height

    def numbers(self, name: str) -> Numbers:
        """Return a column as numbers; text means what its digits say."""
        import polars as pl

        column = self._frame[name]
        if column.dtype.is_float():
            return numbers(column.cast(pl.Float64).to_numpy())
        if column.dtype.is_integer() and not column.has_nulls():
            return numbers(column.to_numpy())
        return written(*self.words(name))

    def words(self, name: str) -> tuple[Ints, list[str]]:
        """Return the place of each row's word among the words of a column (-1: none), and the words."""
        if name not in self._words:
            self._words[name] = self._read(name)
        return self._words[name]

    def _read(self, name: str) -> tuple[Ints, list[str]]:
        import polars as pl

        column = self._frame[name].cast(pl.String)
        if column.null_count() == self.height:
            return np.full(self.height, -1, dtype=np.int64), []
        kinds = column.cast(pl.Categorical).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
        codes, first = factorize(kinds)
        if (kinds[first] >= 0).all():
            return codes, column[first].to_list()
        # Nothing is no word: the others move up.
        nothing = int(np.flatnonzero(kinds[first] < 0)[0])
        places = np.arange(first.size, dtype=np.int64) - (np.arange(first.size) > nothing)
        places[nothing] = -1
        return places[codes], column[np.delete(first, nothing)].to_list()

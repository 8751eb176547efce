"""Tables of footprints as columns, whichever library holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from crosswalk.batch.numbers import Numbers, numbers, written
from crosswalk.engine.solver import Ints

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


#: The place of each row's word among the words of a column (-1: none), and the words.
Words: TypeAlias = tuple[Ints, list[str]]

#: Keys up to here are looked up in a table, however few rows there are.
_SMALL = 1 << 16


def factorize(keys: Ints) -> tuple[Ints, Ints]:
    """Return the place of every row's key among the distinct keys, and the first row of each of these.

    Keys are nothing or more.

    >>> [part.tolist() for part in factorize(np.array([7, 7, 3, 7, 9]))]
    [[1, 1, 0, 1, 2], [2, 0, 4]]
    """
    most = int(keys.max(initial=0))
    if most > max(4 * keys.size, _SMALL):
        _, first, places = np.unique(keys, return_index=True, return_inverse=True)
        return places, first
    # Written backwards, the first row is what is left standing.
    first = np.full(most + 1, -1, dtype=np.int64)
    first[keys[::-1]] = np.arange(keys.size - 1, -1, -1)
    found = first >= 0
    return (np.cumsum(found) - 1)[keys], first[found]


def distinct(numbers: Iterable[npt.NDArray[np.integer[Any]]]) -> tuple[Ints, Ints]:
    """Return the place of every row's kind, what all ``numbers`` say of it, and the first row of each kind.

    >>> kinds, first = distinct([np.array([0, 1, 0, 1]), np.array([2, 2, 2, 0])])
    >>> kinds.tolist(), first.tolist()
    ([0, 2, 0, 1], [0, 3, 1])
    """
    columns = list(numbers)
    size = columns[0].size if columns else 0
    key: npt.NDArray[np.integer[Any]] = np.zeros(size, dtype=np.int32)
    room, most = 1, _SMALL
    for one in columns:
        span = int(one.max(initial=0)) + 1
        if span == 1:
            continue
        if room * span > most:
            key, room = _closer(key, room)
            most = max(_SMALL, 16 * room)
            # Small numbers are the faster ones.
            key = key.astype(np.int32 if max(most, room * span) < 2**31 else np.int64)
        key *= span
        key += one.astype(key.dtype)
        room *= span
    return factorize(key.astype(np.int64))


def _closer(key: npt.NDArray[np.integer[Any]], room: int) -> tuple[npt.NDArray[np.integer[Any]], int]:
    """Return keys below ``room`` numbered without gaps, and how many there are."""
    if room > max(4 * key.size, _SMALL):
        values, places = np.unique(key, return_inverse=True)
        return places, values.size
    found = np.zeros(room, dtype=bool)
    found[key] = True
    numbers = np.cumsum(found) - 1
    return numbers[key], int(numbers[-1]) + 1


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
        kinds = column.cast(pl.Categorical).to_physical().cast(pl.Int64)
        # What is nothing comes first, if there is any.
        codes, first = factorize((kinds + 1).fill_null(0).to_numpy())
        if not column.has_nulls():
            return codes, column[first].to_list()
        return codes - 1, column[first[1:]].to_list()

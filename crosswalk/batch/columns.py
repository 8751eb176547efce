"""Tables of footprints as columns, whichever library holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from crosswalk.batch.numbers import Numbers, numbers, written
from crosswalk.engine.solver import Ints

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


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

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame
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
        import polars as pl

        column = self._frame[name].cast(pl.String)
        known = column.drop_nulls().unique(maintain_order=True)
        if known.is_empty():
            return np.full(self.height, -1, dtype=np.int64), []
        places = pl.Series(np.arange(known.len(), dtype=np.int64))
        return column.replace_strict(known, places, default=-1).to_numpy(), known.to_list()

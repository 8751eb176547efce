"""What is done with a chunk of rows: a description of it that travels, from which each process makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    import polars as pl


class Where(NamedTuple):
    """Where the rows of a table stand.

    ``file`` is the path as the user gave it; ``rows`` (``UInt64``, as many as the table has rows) their
    numbers over all inputs, from 0; ``lines`` (``UInt64``) the lines on which they begin in a CSV or JSONL
    file, or their numbers in a Parquet file, from 1.
    """

    file: str
    rows: pl.Series
    lines: pl.Series


#: From raw rows to the verdicts on some, and the errors that cost the others: ``row`` is a column of both,
#: and every row given is in exactly one of the two (in the second, once or more).
Judge: TypeAlias = "Callable[[pl.DataFrame, Where], tuple[pl.DataFrame, pl.DataFrame]]"


class Work(Protocol):
    """What is to be done, as plain values that travel to other processes and machines."""

    def judge(self) -> Judge:
        """Return the function that judges; called once in each process, so it may be costly."""

    def columns(self, names: Sequence[str]) -> Sequence[str]:
        """Return those of the names of columns that judging reads."""

    def identity(self) -> Mapping[str, str]:
        """Return all that decides the verdicts besides the rows (knowledge, target, date, ...)."""

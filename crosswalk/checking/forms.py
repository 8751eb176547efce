"""Tables as bytes: what a part holds, and how parts make a whole.

Bytes depend on the table alone: the same rows in the same chunks give the same file, on any machine.

A cell of CSV that a spreadsheet would take for a formula (text that begins with ``=``, ``+``, ``-``, ``@``,
a tab or a carriage return, and is no number) is given an apostrophe in front, as OWASP recommends against CSV
injection. Parquet and JSONL hold the text as it was.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from crosswalk.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

Form = Literal["parquet", "csv", "jsonl"]
_FORMS: dict[str, Form] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$"


def form_of(path: str) -> Form:
    """Return the form a file is to have, by its name; a name without suffix is a folder of Parquet files.

    >>> form_of("verdicts.csv")
    'csv'
    """
    suffix = Path(path).suffix.lower()
    if not suffix:
        return "parquet"
    if suffix not in _FORMS:
        raise UsageError("check-out-format", where=path, known=", ".join(_FORMS))
    return _FORMS[suffix]


def part(frame: pl.DataFrame, form: Form) -> bytes:
    """Return the bytes of a part; of CSV without the header."""
    buffer = io.BytesIO()
    if form == "parquet":
        # One row group to a part, so that parts can be joined without being read again.
        size = max(1, frame.height)
        frame.rechunk().write_parquet(
            buffer, compression="zstd", compression_level=1, statistics=False, row_group_size=size
        )
    elif form == "csv":
        harmless(frame).write_csv(buffer, include_header=False, line_terminator="\n")
    else:
        frame.write_ndjson(buffer)
    return buffer.getvalue()


def head(frame: pl.DataFrame, form: Form) -> bytes:
    """Return what stands before the first part: the header of CSV."""
    if form != "csv":
        return b""
    buffer = io.BytesIO()
    frame.clear().write_csv(buffer, line_terminator="\n")
    return buffer.getvalue()


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the table with an apostrophe before each text that a spreadsheet would run."""
    import polars as pl

    # Words of a closed list are ours, and safe.
    texts = [name for name, kind in frame.schema.items() if kind in (pl.String, pl.Categorical)]
    if not texts:
        return frame
    columns = pl.col(texts).cast(pl.String)
    risky = columns.str.contains(_FORMULA) & ~columns.str.contains(_NUMBER)
    return frame.with_columns(pl.when(risky).then(pl.lit("'") + columns).otherwise(columns).name.keep())

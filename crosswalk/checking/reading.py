"""Read one chunk: its rows as a table of columns that are known, and what cannot be read as errors.

Of CSV and JSONL every value is text with the digits it was written with; an empty one is null. Of Parquet,
values keep their types, and structures are columns with dotted names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from crosswalk.checking.chunks import Chunk, blank
from crosswalk.checking.inputs import Source
from crosswalk.checking.records import LONGEST, scan
from crosswalk.checking.work import Work
from crosswalk.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from crosswalk.checking.records import Flags, Positions

#: Bytes a value may have. Part of the result: a longer one costs its row.
LARGEST = 1 << 20


class Fault(NamedTuple):
    """What costs a row: its place in the chunk, the field (if it is one), the sentence and its values."""

    at: int
    field: str
    code: str
    values: dict[str, object]


class Read(NamedTuple):
    """Rows that could be read, their places in the chunk and lines; what costs the others; unused columns."""

    raw: pl.DataFrame
    at: Positions
    lines: Positions
    faults: list[Fault]
    fault_lines: list[int]
    unused: tuple[str, ...] = ()


def read(chunk: Chunk, source: Source, work: Work) -> Read:
    """Return the rows of a chunk. Raises ``InputError`` where the file is no longer what it was."""
    import numpy as np
    import polars as pl

    nothing = np.zeros(0, np.int64)
    if chunk.lost:
        fault = Fault(0, "", "check-row-long", {"most": LONGEST >> 20})
        return Read(pl.DataFrame(), nothing, nothing, [fault], [chunk.line])
    if source.format == "parquet":
        found = _parquet(chunk, source)
    else:
        with open(source.path, "rb") as file:
            file.seek(chunk.offset)
            data = file.read(chunk.length)
        found = _csv(data, source, chunk) if source.format == "csv" else _jsonl(data, source, chunk, work)
    if len(found.at) + len(found.faults) != chunk.rows:
        raise InputError("check-changed", where=source.path)
    if source.fixed and found.raw.width:
        values = [pl.lit(value, pl.String).alias(name) for name, value in source.fixed.items()]
        found = found._replace(raw=found.raw.with_columns(values))
    return _without_giants(found)


def _without_giants(found: Read) -> Read:
    """Cost rows that hold a value longer than may be."""
    import numpy as np
    import polars as pl

    texts = [name for name, kind in found.raw.schema.items() if kind == pl.String]
    if not texts or not found.raw.height:
        return found
    longest = found.raw.select(pl.col(texts).str.len_bytes().max()).row(0)
    over = [name for name, size in zip(texts, longest, strict=True) if size is not None and size > LARGEST]
    if not over:
        return found
    keep = np.ones(found.raw.height, bool)
    faults, lines = list(found.faults), list(found.fault_lines)
    for name in over:
        large = (found.raw[name].str.len_bytes() > LARGEST).fill_null(False).to_numpy()
        for index in np.flatnonzero(large & keep).tolist():
            faults.append(Fault(int(found.at[index]), name, "check-value-long", {"most": LARGEST >> 20}))
            lines.append(int(found.lines[index]))
        keep &= ~large
    return found._replace(
        raw=found.raw.filter(pl.Series(keep)),
        at=found.at[keep],
        lines=found.lines[keep],
        faults=faults,
        fault_lines=lines,
    )


class _Rows:
    """Records of a buffer that are still good, with their places and lines; faulty ones are cut out."""

    def __init__(self, data: bytes, ends: Positions, at: Positions, lines: Positions) -> None:
        self.data, self.ends, self.at, self.lines = data, ends, at, lines
        self.faults: list[Fault] = []
        self.fault_lines: list[int] = []

    @property
    def starts(self) -> Positions:
        import numpy as np

        return np.concatenate([np.zeros(1, np.int64), self.ends[:-1]])[: self.ends.size]

    def cost(self, bad: Flags, code: str, values: Sequence[dict[str, object]] | None = None) -> None:
        """Make faults of the records flagged."""
        import numpy as np

        if not bad.any():
            return
        for number, index in enumerate(np.flatnonzero(bad).tolist()):
            self.faults.append(Fault(int(self.at[index]), "", code, values[number] if values else {}))
            self.fault_lines.append(int(self.lines[index]))
        self.keep(~bad)

    def keep(self, good: Flags) -> None:
        """Cut all other records out."""
        import numpy as np

        sizes = (self.ends - self.starts)[good]
        # Runs of neighbours are copied together.
        turns = np.flatnonzero(np.diff(good.astype(np.int8), prepend=0, append=0))
        firsts, lasts = turns[0::2], turns[1::2]
        whole = np.concatenate([np.zeros(1, np.int64), self.ends])
        self.data = b"".join(
            self.data[whole[a] : whole[b]] for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True)
        )
        self.ends, self.at, self.lines = np.cumsum(sizes), self.at[good], self.lines[good]


def _rows(data: bytes, separator: str | None, chunk: Chunk) -> tuple[_Rows, Flags]:
    """Return the records of a chunk that are not blank, and which of them are not well formed."""
    import numpy as np

    found = scan(data, separator)
    empty = blank(data, found.ends)
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
    starts = np.concatenate([np.zeros(1, np.int64), found.ends[:-1]])[: found.ends.size]
    lines = chunk.line + np.searchsorted(breaks, starts)
    rows = _Rows(data, found.ends, np.cumsum(~empty) - 1, lines)
    if empty.any():
        rows.keep(~empty)
    return rows, found.wrong[~empty]


def _csv(data: bytes, source: Source, chunk: Chunk) -> Read:
    import io

    import numpy as np
    import polars as pl

    rows, wrong = _rows(data, source.separator, chunk)
    rows.cost(wrong, "check-row-quotes")
    counts = _fields(rows, source.separator)
    ragged = counts != source.width
    given = [{"found": count, "expected": source.width} for count in counts[ragged].tolist()]
    rows.cost(ragged, "check-row-ragged", given)
    _nul(rows)
    rows.data = _decoded(rows, source.encoding)
    if rows.at.size:
        raw = pl.read_csv(
            io.BytesIO(rows.data),
            has_header=False,
            separator=source.separator,
            infer_schema=False,
            columns=list(source.wanted),
            null_values="",
        )
        raw.columns = list(source.names)
        if raw.height != rows.at.size:
            raise InputError("check-changed", where=source.path)
    else:
        raw = pl.DataFrame(schema=dict.fromkeys(source.names, pl.String))
    return Read(raw, rows.at, np.asarray(rows.lines), rows.faults, rows.fault_lines)


def _fields(rows: _Rows, separator: str) -> Positions:
    """Return how many fields each record has; all are well formed."""
    import numpy as np

    buffer = np.frombuffer(rows.data, np.uint8)
    marks = np.flatnonzero(buffer == ord(separator))
    if b'"' in rows.data:
        marks = marks[np.searchsorted(np.flatnonzero(buffer == 34), marks) % 2 == 0]
    return np.diff(np.searchsorted(marks, rows.ends), prepend=0) + 1


def _nul(rows: _Rows) -> None:
    import numpy as np

    if b"\0" in rows.data:
        bad = np.zeros(rows.at.size, bool)
        zeros = np.flatnonzero(np.frombuffer(rows.data, np.uint8) == 0)
        bad[np.searchsorted(rows.ends, zeros, side="right")] = True
        rows.cost(bad, "check-row-nul")


def _decoded(rows: _Rows, encoding: str) -> bytes:
    """Return the records in UTF-8; those that cannot be are faults."""
    import numpy as np

    if rows.data.isascii():
        return rows.data
    try:
        text = rows.data.decode(encoding)
    except UnicodeDecodeError:
        starts, ends = rows.starts.tolist(), rows.ends.tolist()
        bad = np.array([not _reads(rows.data[a:b], encoding) for a, b in zip(starts, ends, strict=True)])
        rows.cost(bad, "check-row-encoding", [{"encoding": encoding}] * int(bad.sum()))
        text = rows.data.decode(encoding)
    return rows.data if encoding == "utf-8" else text.encode()


def _reads(record: bytes, encoding: str) -> bool:
    try:
        record.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _jsonl(data: bytes, source: Source, chunk: Chunk, work: Work) -> Read:
    import numpy as np
    import polars as pl

    from crosswalk.checking.objects import Objects

    rows, _ = _rows(data, None, chunk)
    _nul(rows)
    starts, ends = rows.starts.tolist(), rows.ends.tolist()
    objects = Objects(work, source.fixed)
    bad = np.zeros(rows.at.size, bool)
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        fault = objects.add(rows.data[start:end], source.encoding)
        if fault is not None:
            bad[index] = True
            field, code, values = fault
            rows.faults.append(Fault(int(rows.at[index]), field, code, values))
            rows.fault_lines.append(int(rows.lines[index]))
    columns = objects.columns()
    raw = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    at = rows.at[~bad]
    if not columns and at.size:
        # Objects without any column that is known are rows all the same.
        raw = pl.DataFrame({"id": [None] * at.size}, schema={"id": pl.String})
    return Read(raw, at, np.asarray(rows.lines[~bad]), rows.faults, rows.fault_lines, objects.unused())


def _parquet(chunk: Chunk, source: Source) -> Read:
    import numpy as np
    import polars as pl

    wanted = set(source.names)
    frame = pl.scan_parquet(source.path, hive_partitioning=False)
    schema = frame.collect_schema()
    picked = [
        leaf.alias(name)
        for column, kind in schema.items()
        for name, leaf in _leaves(column, pl.col(column), kind)
        if name in wanted
    ]
    try:
        raw = frame.slice(chunk.offset, chunk.length).select(picked).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError("check-parquet", where=source.path, problem=str(error)) from error
    at = np.arange(raw.height, dtype=np.int64)
    return Read(raw, at, chunk.line + at, [], [])


def _leaves(name: str, found: pl.Expr, kind: object) -> list[tuple[str, pl.Expr]]:
    import polars as pl

    if not isinstance(kind, pl.Struct):
        return [(name, found)]
    return [
        leaf
        for field in kind.fields
        for leaf in _leaves(f"{name}.{field.name}", found.struct.field(field.name), field.dtype)
    ]

"""Cut the inputs into chunks, of a size that is part of the result and not of the machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from crosswalk.checking.inputs import Source
from crosswalk.checking.records import Block, walk
from crosswalk.knowledge.records import Record

if TYPE_CHECKING:
    from crosswalk.checking.records import Flags, Positions

#: Rows of a chunk of Parquet. Smaller ones cost more: a row group is unpacked for each chunk that it is in.
ROWS = 131_072
#: Rows of a chunk of text, and its bytes, whichever comes first.
TEXT_ROWS = 65_536
TEXT_BYTES = 32 << 20


class Chunk(Record):
    """Rows of one file that are judged together.

    ``offset`` and ``length`` count rows of Parquet, else bytes. ``row`` is the number of the first row
    over all inputs, ``line`` where it begins in the file. ``lost``: one row on a line too long to be read.
    """

    index: int
    source: int
    offset: int
    length: int
    rows: int
    row: int
    line: int
    lost: bool = False


def chunks(sources: Sequence[Source]) -> Iterator[Chunk]:
    """Yield all chunks in order; text is read as they are asked for."""
    index = row = 0
    for number, source in enumerate(sources):
        pieces = _parquet(source) if source.format == "parquet" else _text(source)
        for offset, length, rows, line, lost in pieces:
            yield Chunk(
                index=index,
                source=number,
                offset=offset,
                length=length,
                rows=rows,
                row=row,
                line=line,
                lost=lost,
            )
            index, row = index + 1, row + rows
    if not index:
        # A table without rows is one part all the same, which has the columns of a verdict.
        yield Chunk(index=0, source=0, offset=sources[0].start, length=0, rows=0, row=0, line=1)


_Piece = tuple[int, int, int, int, bool]


def _parquet(source: Source) -> Iterator[_Piece]:
    assert source.rows is not None
    for offset in range(0, source.rows, ROWS):
        count = min(ROWS, source.rows - offset)
        yield offset, count, count, offset + 1, False


def _text(source: Source) -> Iterator[_Piece]:
    start, line = source.start, source.line
    length = rows = breaks = 0
    with open(source.path, "rb") as file:
        if source.format == "jsonl":
            start = 3 if file.read(3) == b"\xef\xbb\xbf" else 0
        file.seek(start)
        for block in walk(file, source.separator if source.format == "csv" else None):
            if block.lost:
                if rows:
                    yield start, length, rows, line, False
                start, line = start + length, line + breaks
                yield start, block.length, 1, line, True
                start, line = start + block.length, line + 1
                length = rows = breaks = 0
                continue
            for size, count, lines in _runs(block, TEXT_ROWS - rows, TEXT_BYTES - length):
                length, rows, breaks = length + size, rows + count, breaks + lines
                if rows == TEXT_ROWS or length >= TEXT_BYTES:
                    if rows:
                        yield start, length, rows, line, False
                    start, line = start + length, line + breaks
                    length = rows = breaks = 0
    if rows:
        yield start, length, rows, line, False


def _runs(block: Block, room: int, space: int) -> Iterator[tuple[int, int, int]]:
    """Yield bytes, rows and breaks of runs of records: the first fills the room left, the others a chunk."""
    import numpy as np

    ends = block.records.ends
    rows = np.cumsum(~blank(block.data, ends))
    start = done = first = 0
    while first < ends.size:
        by_rows = int(np.searchsorted(rows, done + room, side="left"))
        by_bytes = int(np.searchsorted(ends, start + space, side="left"))
        last = min(by_rows, by_bytes, ends.size - 1)
        end = int(ends[last])
        yield end - start, int(rows[last]) - done, block.data.count(b"\n", start, end)
        start, done, first = end, int(rows[last]), last + 1
        room, space = TEXT_ROWS, TEXT_BYTES


def blank(data: bytes, ends: Positions) -> Flags:
    """Return which records are blank lines, which count as no row."""
    import numpy as np

    lengths = np.diff(ends, prepend=0)
    result: Flags = lengths == 1
    buffer = np.frombuffer(data, np.uint8)
    two = np.flatnonzero(lengths == 2)
    result[two] = (buffer[ends[two] - 2] == 13) & (buffer[ends[two] - 1] == 10)
    one = np.flatnonzero(result)
    result[one] &= buffer[ends[one] - 1] == 10
    return result

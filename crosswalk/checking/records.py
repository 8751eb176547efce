"""Where the records of a text file end: lines of JSONL, records of CSV (RFC 4180) with breaks in quotes.

A record of CSV is well formed if each field is free of quotes, or is quoted as a whole with quotes inside
doubled. Any other record costs its first line, and reading goes on at the next: one stray quote never
swallows the rest of a file. So does a record longer than ``LONGEST``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Positions: TypeAlias = npt.NDArray[np.int64]
    Flags: TypeAlias = npt.NDArray[np.bool_]

#: Bytes a record may have. Part of the result: a longer one is an error.
LONGEST = 4 << 20
_BLOCK = 4 << 20


class Records(NamedTuple):
    """Ends of records, one after the last byte of each, and which of them are not well formed."""

    ends: Positions
    wrong: Flags


class Block(NamedTuple):
    """Records that follow each other from ``offset``. ``lost``: one single line too long to be read."""

    offset: int
    data: bytes
    records: Records
    lost: bool = False
    length: int = 0


def scan(data: bytes, separator: str | None, *, final: bool = True, longest: int = LONGEST) -> Records:
    r"""Return the records ``data`` begins with; without ``final``, only those that end for sure.

    ``separator`` is ``None`` for lines without quoting.

    >>> scan(b'a,"b\n"\nc"d\ne', ",").ends.tolist()
    [7, 11, 12]
    >>> scan(b'a,"b\n"\nc"d\ne', ",").wrong.tolist()
    [False, True, False]
    """
    import numpy as np

    buffer = np.frombuffer(data, np.uint8)
    breaks = np.flatnonzero(buffer == 10)
    fault = len(data)
    if separator is not None and b'"' in data:
        quotes = np.flatnonzero(buffer == 34)
        fault = _fault(buffer, quotes, ord(separator), final)
        breaks = breaks[np.searchsorted(quotes, breaks) % 2 == 0]
    ends = breaks + 1
    if final and (not ends.size or ends[-1] < len(data)) and data:
        ends = np.append(ends, len(data))
    if separator is None:
        return Records(ends, np.zeros(ends.size, bool))
    long = np.flatnonzero(np.diff(ends, prepend=0) > longest)
    if long.size:
        fault = min(fault, int(ends[long[0] - 1]) if long[0] else 0)
    if fault >= len(data):
        return Records(ends, np.zeros(ends.size, bool))
    good = ends[: np.searchsorted(ends, fault, side="right")]
    start = int(good[-1]) if good.size else 0
    more, wrong = _slowly(data, start, separator, final, longest)
    return Records(
        np.concatenate([good, np.array(more, np.int64)]),
        np.concatenate([np.zeros(good.size, bool), np.array(wrong, bool)]),
    )


def _fault(buffer: npt.NDArray[np.uint8], quotes: Positions, separator: int, final: bool) -> int:
    """Return where the first quote stands that no well-formed record has there, or the length."""
    import numpy as np

    size = buffer.size
    opening, closing = quotes[0::2], quotes[1::2]
    before = np.where(opening > 0, buffer[opening - 1], 10)
    # A quote that opens right behind one that closes is the second of a pair inside a quoted field.
    bad = opening[~np.isin(before, (separator, 10, 34))]
    at = np.minimum(closing + 1, size - 1)
    after = np.where(closing + 1 < size, buffer[at], 10)
    then = np.where(closing + 2 < size, buffer[np.minimum(closing + 2, size - 1)], 10)
    broken = closing[~(np.isin(after, (separator, 10, 34)) | ((after == 13) & (then == 10)))]
    found = [int(one[0]) for one in (bad, broken) if one.size]
    if final and quotes.size % 2:
        found.append(int(quotes[-1]))
    return min(found, default=size)


@cache
def _patterns(separator: str) -> tuple[re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]]:
    sep = re.escape(separator).encode()
    field = rb'(?:"(?:[^"]++|"")*+"|[^"\n' + sep + rb"]*+)"
    fields = field + rb"(?:" + sep + field + rb")*+"
    begun = rb"(?:" + field + sep + rb')*+(?:"(?:[^"]++|"")*+(?:"\r?)?|[^"\n' + sep + rb"]*+)\Z"
    return re.compile(fields + rb"\r?\n"), re.compile(fields + rb"\r?\Z"), re.compile(begun)


def _slowly(
    data: bytes, start: int, separator: str, final: bool, longest: int
) -> tuple[list[int], list[bool]]:
    """Return the records from ``start`` one by one, taking no quote on trust."""
    whole, last, begun = _patterns(separator)
    ends: list[int] = []
    wrong: list[bool] = []
    while start < len(data):
        found = whole.match(data, start) or (last.match(data, start) if final else None)
        good = found is not None and found.end() - start <= longest
        if found is not None and good:
            end = found.end()
        else:
            if not final and found is None and begun.match(data, start):
                break
            end = data.find(b"\n", start) + 1
            if not end:
                if not final:
                    break
                end = len(data)
        ends.append(end)
        wrong.append(not good)
        start = end
    return ends, wrong


def walk(
    file: BinaryIO,
    separator: str | None,
    *,
    longest: int = LONGEST,
    block: int = _BLOCK,
) -> Iterator[Block]:
    """Yield all records from where ``file`` stands to its end, a block of a few megabytes at a time."""
    offset, data = file.tell(), b""
    while True:
        more = file.read(block)
        data += more
        found = scan(data, separator, final=not more, longest=longest)
        if not found.ends.size and len(data) > longest and more:
            end = data.find(b"\n") + 1
            if not end or end > longest:
                length = end or _skip(file, len(data), block)
                yield Block(offset, b"", found, lost=True, length=length)
                offset += length
                data = data[length:]
                continue
            # A quote was opened that is not closed within the longest record: it costs its line.
            yield _block(offset, data[:end], [end], [True])
            offset, data = offset + end, data[end:]
            continue
        if found.ends.size:
            yield from _apart(offset, data, found, longest)
            done = int(found.ends[-1])
            offset, data = offset + done, data[done:]
        if not more:
            return


def _apart(offset: int, data: bytes, found: Records, longest: int) -> Iterator[Block]:
    """Yield a block, with lines that are too long apart from the others."""
    import numpy as np

    long = np.flatnonzero(np.diff(found.ends, prepend=0) > longest).tolist()
    first = start = 0
    for index in long:
        end = int(found.ends[index - 1]) if index else 0
        if end > start:
            ends = found.ends[first:index] - start
            yield Block(offset + start, data[start:end], Records(ends, found.wrong[first:index]))
        start, first = int(found.ends[index]), index + 1
        yield Block(offset + end, b"", found, lost=True, length=start - end)
    if first < found.ends.size:
        stop = int(found.ends[-1])
        yield Block(
            offset + start, data[start:stop], Records(found.ends[first:] - start, found.wrong[first:])
        )


def _block(offset: int, data: bytes, ends: list[int], wrong: list[bool]) -> Block:
    import numpy as np

    return Block(offset, data, Records(np.array(ends, np.int64), np.array(wrong, bool)))


def _skip(file: BinaryIO, read: int, block: int) -> int:
    """Read on to the end of the line; return its length, ``read`` bytes of which were read already."""
    length = read
    while more := file.readline(block):
        length += len(more)
        if more.endswith(b"\n"):
            break
    return length

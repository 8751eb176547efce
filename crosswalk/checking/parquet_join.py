"""Join Parquet files of one schema into one: pages are copied as they are, the footer is written anew.

Writing verdicts a second time would cost as much as writing them once. The format allows better: a file is
the row groups one after the other and, behind them, a footer (Thrift, compact protocol) that says where each
column begins (https://parquet.apache.org/docs/file-format/). Joining moves these positions and nothing else.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol

_MAGIC = b"PAR1"
_BLOCK = 1 << 20
# Types of the compact protocol.
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
# Fields of the footer, by number, that joining reads or moves.
_SCHEMA, _ROWS, _GROUPS, _PAIRS = 2, 3, 4, 5
_COLUMNS, _GROUP_OFFSET, _ORDINAL = 1, 5, 7
_CHUNK_OFFSET, _META, _OFFSET_INDEX, _COLUMN_INDEX = 2, 3, 4, 6
_META_OFFSETS = (9, 10, 11, 14)

Struct = list[list[Any]]


class Sink(Protocol):
    """Something to write to."""

    def write(self, data: bytes | bytearray, /) -> int:
        """Take bytes."""


def join(parts: Sequence[Path], out: Sink) -> None:
    """Write one file with all rows of ``parts`` in order; raises ``ValueError`` if their schemas differ.

    ``out`` is at its beginning. A row group of the whole is a row group of a part.
    """
    out.write(_MAGIC)
    position = len(_MAGIC)
    whole: Struct | None = None
    groups: list[Struct] = []
    rows = 0
    for path in parts:
        with path.open("rb") as file:
            length, footer = _footer(file)
            shift = position - len(_MAGIC)
            if whole is None:
                whole = footer
            elif any(_get(footer, one) != _get(whole, one) for one in (_SCHEMA, _PAIRS)):
                raise ValueError(f"{path}: not the schema of the first part")
            found = _get(footer, _GROUPS)
            for group in found[1] if found else []:
                _move(group, shift, len(groups))
                groups.append(group)
            rows += _get(footer, _ROWS)
            file.seek(len(_MAGIC))
            left = length - len(_MAGIC)
            while left:
                block = file.read(min(_BLOCK, left))
                if not block:
                    raise ValueError(f"{path}: ends too early")
                out.write(block)
                left -= len(block)
            position += length - len(_MAGIC)
    if whole is None:
        raise ValueError("no parts")
    _set(whole, _ROWS, rows)
    _set(whole, _GROUPS, (_STRUCT, groups))
    encoded = bytearray()
    _write_struct(encoded, whole)
    out.write(encoded)
    out.write(struct.pack("<I", len(encoded)) + _MAGIC)


def _footer(file: BinaryIO) -> tuple[int, Struct]:
    """Return where the footer begins, and the footer."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 8))
    tail = file.read(8)
    if size < 12 or tail[4:] != _MAGIC:
        raise ValueError("not a Parquet file")
    (length,) = struct.unpack("<I", tail[:4])
    start = size - 8 - length
    file.seek(start)
    return start, _Reader(file.read(length)).struct()


def _move(group: Struct, shift: int, ordinal: int) -> None:
    """Add ``shift`` to every position a row group names."""
    _add(group, _GROUP_OFFSET, shift)
    if _get(group, _ORDINAL) is not None:
        # A 16-bit number: beyond it, the field is left out, which the format allows.
        if ordinal < 1 << 15:
            _set(group, _ORDINAL, ordinal)
        else:
            group[:] = [one for one in group if one[0] != _ORDINAL]
    for column in _get(group, _COLUMNS)[1]:
        if _get(column, _CHUNK_OFFSET):
            _add(column, _CHUNK_OFFSET, shift)
        for field in (_OFFSET_INDEX, _COLUMN_INDEX):
            _add(column, field, shift)
        for field in _META_OFFSETS:
            _add(_get(column, _META), field, shift)


def _get(of: Struct, number: int) -> Any:
    return next((value for field, _, value in of if field == number), None)


def _set(of: Struct, number: int, value: Any) -> None:
    next(one for one in of if one[0] == number)[2] = value


def _add(of: Struct, number: int, shift: int) -> None:
    for one in of:
        if one[0] == number:
            one[2] += shift


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def struct(self) -> Struct:
        found: Struct = []
        number = 0
        while True:
            head = self._byte()
            if head == 0:
                return found
            kind, step = head & 15, head >> 4
            number = number + step if step else self._zigzag()
            value = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind)
            found.append([number, kind, value])

    def _value(self, kind: int) -> Any:
        if kind in (_I16, _I32, _I64):
            return self._zigzag()
        if kind == _BINARY:
            return self._take(self._varint())
        if kind == _STRUCT:
            return self.struct()
        if kind in (_LIST, _SET):
            head = self._byte()
            size = head >> 4 if head >> 4 < 15 else self._varint()
            return (head & 15, [self._value(head & 15) for _ in range(size)])
        if kind in (_BYTE, _TRUE, _FALSE):
            return self._byte()
        if kind == _DOUBLE:
            return self._take(8)
        raise ValueError(f"type {kind} is not one a Parquet footer has")

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _take(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)


def _write_struct(out: bytearray, of: Struct) -> None:
    last = 0
    for number, kind, value in of:
        written = (_TRUE if value else _FALSE) if kind in (_TRUE, _FALSE) else kind
        step = number - last
        if 0 < step < 16:
            out.append(step << 4 | written)
        else:
            out.append(written)
            _varint(out, _zigzag(number))
        last = number
        if kind not in (_TRUE, _FALSE):
            _write(out, kind, value)
    out.append(0)


def _write(out: bytearray, kind: int, value: Any) -> None:
    if kind in (_I16, _I32, _I64):
        _varint(out, _zigzag(value))
    elif kind == _BINARY:
        _varint(out, len(value))
        out += value
    elif kind == _STRUCT:
        _write_struct(out, value)
    elif kind in (_LIST, _SET):
        inner, values = value
        if len(values) < 15:
            out.append(len(values) << 4 | inner)
        else:
            out.append(0xF0 | inner)
            _varint(out, len(values))
        for one in values:
            _write(out, inner, one)
    elif kind == _DOUBLE:
        out += value
    else:
        out.append(value)


def _zigzag(value: int) -> int:
    return (value << 1) ^ (value >> 63)


def _varint(out: bytearray, value: int) -> None:
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)

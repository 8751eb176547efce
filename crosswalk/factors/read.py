"""The one door for factor tables: a CSV file in, factors and faults by row out.

Built-in tables and those a user brings pass the same checks. A bad row costs itself, never the table.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from crosswalk.errors import InputError
from crosswalk.factors.records import Factor, FactorTable, RowFault
from crosswalk.factors.rows import COLUMNS, REQUIRED, Known, RowReader
from crosswalk.messages import both

_CELL = 100_000


def read_table(path: str | os.PathLike[str], known: Known, *, rank: int = 0, name: str = "") -> FactorTable:
    """Read a factor table (``name`` is how messages call it).

    Raises ``InputError`` where the file cannot be read at all or lacks a required column; whatever is
    wrong with a row is a :class:`RowFault` of the table returned.
    """
    shown = name or os.fspath(path)
    return parse_table(decode(path, shown), shown, known, rank=rank)


def decode(path: str | os.PathLike[str], shown: str) -> str:
    """Return the text of a file. Raises ``InputError`` where there is none, or none in UTF-8."""
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("file-encoding", where=shown, byte=error.start) from error
    except FileNotFoundError as error:
        raise InputError("file-missing", where=shown) from error
    except OSError as error:
        raise InputError("file-unreadable", where=shown, problem=error.strerror or str(error)) from error


def parse_table(text: str, shown: str, known: Known, *, rank: int = 0) -> FactorTable:
    """Read the text of a factor table; see :func:`read_table`."""
    lines = list(rows(text, shown))
    header = lines[0][1] if lines else []
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        raise InputError("factor-columns", where=shown, missing=", ".join(missing))
    faults = list(_header(header, shown))
    factors: list[Factor] = []
    codes: dict[str, int] = {}
    keys: dict[tuple[str | int, ...], int] = {}
    series = Path(shown).stem
    for number, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        reader = RowReader(dict(zip(header, cells, strict=False)), shown, number, known)
        if len(cells) > len(header):
            reader.fault(header[-1], both("factor-row.long", cells=len(cells), columns=len(header)))
        factor = reader.factor(series, rank)
        if factor is not None:
            twin = codes.get(factor.code) or keys.get(factor.key)
            if twin is None:
                codes[factor.code] = keys[factor.key] = number
                factors.append(factor)
            else:
                reader.fault("code", both("factor-row.twice", name=factor.code, other=twin))
        faults.extend(reader.faults)
    return FactorTable(factors=tuple(factors), faults=tuple(faults))


def rows(text: str, shown: str) -> Iterator[tuple[int, list[str]]]:
    """Yield every row with the line it starts in. Raises ``InputError`` where the CSV is broken."""
    first = text.partition("\n")[0]
    # A spreadsheet writes semicolons or tabs where the comma is the decimal sign.
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = csv.field_size_limit(_CELL)
    try:
        start = 1
        for cells in reader:
            yield start, [cell.strip() for cell in cells] if start == 1 else cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputError("factor-csv", where=f"{shown}:{reader.line_num}", problem=str(error)) from error
    finally:
        csv.field_size_limit(before)


def _header(header: list[str], shown: str) -> Iterator[RowFault]:
    for column in dict.fromkeys(header):
        if column not in COLUMNS and column:
            near = ", ".join(get_close_matches(column.lower(), COLUMNS, n=2, cutoff=0.6)) or "–"
            message = both("factor-row.column", given=column, near=near)
            yield RowFault(file=shown, row=1, column=column, message=message, lost=False)
        elif header.count(column) > 1:
            message = both("factor-row.column-twice", given=column)
            yield RowFault(file=shown, row=1, column=column, message=message, lost=False)

"""The files of a run: found, told apart, hashed, and their columns looked at, before anything is judged."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import msgspec

from crosswalk.checking.encoding import survey
from crosswalk.checking.records import LONGEST, scan
from crosswalk.checking.work import Work
from crosswalk.errors import InputError, UsageError
from crosswalk.knowledge.records import Record

Format = Literal["csv", "jsonl", "parquet"]
SUFFIXES: Mapping[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}
#: Folders of a partitioned data set that stand for no value.
_NULL = "__HIVE_DEFAULT_PARTITION__"


class Source(Record):
    """A file to read: what it is, and which of its columns are read.

    ``path`` is what the user gave, and the name of the file in errors. ``wanted`` are the positions (CSV) and
    ``names`` the names of the columns read; of JSONL they are known only as it is read. ``start`` is the byte
    where the rows begin, on line ``line``. ``fixed`` are values all rows share, from the names of the
    folders of a partitioned data set.
    """

    path: str
    format: Format
    size: int
    sha256: str
    changed: int
    encoding: str = ""
    separator: str = ","
    width: int = 0
    wanted: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    start: int = 0
    line: int = 1
    rows: int | None = None
    fixed: dict[str, str | None] = msgspec.field(default_factory=dict)


def sources(given: Sequence[str], work: Work, *, out: str, encoding: str | None = None) -> list[Source]:
    """Return what the files, folders and patterns given hold, in the order given (folders sorted).

    Raises ``InputError`` for a file that is missing, empty, in a format not known or without any column that
    is known, and ``UsageError`` for one given twice, or that is also where the verdicts go.
    """
    found: list[Source] = []
    seen: set[Path] = set()
    target = Path(out).resolve()
    for path, fixed in _files(given, target):
        where = Path(path)
        if where.resolve() in seen:
            raise UsageError("check-twice", where=path)
        if where.resolve() == target:
            raise UsageError("check-onto-itself", where=path)
        seen.add(where.resolve())
        try:
            found.append(_source(where, path, fixed, work, encoding))
        except OSError as error:
            raise InputError("file-unreadable", where=path, problem=error.strerror or str(error)) from error
    return found


def _files(given: Sequence[str], target: Path) -> Iterator[tuple[str, dict[str, str | None]]]:
    for one in given:
        path = Path(one)
        if path.is_dir():
            inside = [file for file in sorted(path.rglob("*")) if _counts(file, path, target)]
            if not inside:
                raise InputError("check-folder-empty", where=one, known=", ".join(SUFFIXES))
            for file in inside:
                yield str(file), _fixed(file.relative_to(path))
        elif path.exists():
            yield one, {}
        else:
            matched = sorted(glob.glob(one, recursive=True))
            if not matched:
                raise InputError("file-missing", where=one)
            yield from ((file, {}) for file in matched if not Path(file).is_dir())


def _counts(file: Path, folder: Path, target: Path) -> bool:
    inside = file.relative_to(folder).parts
    ours = file.resolve().parent == target.parent and file.name.startswith(target.name)
    parted = any(part == f"{target.name}.parts" for part in inside) or target in file.resolve().parents
    hidden = any(part.startswith((".", "_")) for part in inside)
    return file.is_file() and file.suffix.lower() in SUFFIXES and not (ours or parted or hidden)


def _fixed(inside: Path) -> dict[str, str | None]:
    named = [re.fullmatch(r"([^=]+)=(.*)", part) for part in inside.parent.parts]
    pairs = [(unquote(one[1]), unquote(one[2])) for one in named if one]
    return {name: None if value == _NULL else value for name, value in pairs}


def _source(path: Path, given: str, fixed: dict[str, str | None], work: Work, encoding: str | None) -> Source:
    form = SUFFIXES.get(path.suffix.lower())
    if form is None:
        raise InputError("check-format", where=given, known=", ".join(SUFFIXES))
    before = path.stat()
    read = survey(path, given, text=form != "parquet", encoding=encoding)
    if not read.size:
        raise InputError("file-empty", where=given)
    kept = set(work.columns(list(fixed)))
    base = Source(
        path=given,
        format=form,
        size=read.size,
        sha256=read.sha256,
        changed=before.st_mtime_ns,
        encoding=read.encoding,
        fixed={name: value for name, value in fixed.items() if name in kept},
    )
    if form == "csv":
        return _csv(base, work)
    return _parquet(base, work) if form == "parquet" else base


def _csv(source: Source, work: Work) -> Source:
    """Read the header: the first line that is not blank."""
    with open(source.path, "rb") as file:
        head = file.read(3)
        start, line = (3, 1) if head == b"\xef\xbb\xbf" else (0, 1)
        file.seek(start)
        data = file.read(LONGEST)
    blank = re.match(rb"(?:\r?\n)*", data)
    skipped = blank.end() if blank else 0
    start, line, data = start + skipped, line + data.count(b"\n", 0, skipped), data[skipped:]
    if b"\n" not in data and b"\r" in data:
        raise InputError("check-line-ends", where=source.path)
    first = data.split(b"\n", 1)[0]
    if b"\0" in first:
        raise InputError("check-not-text", where=source.path)
    separator = next((one for one in ",\t;" if one.encode() in first), ",")
    records = scan(data, separator, final=len(data) < LONGEST)
    if not records.ends.size or records.wrong[0]:
        raise InputError("check-header", where=source.path)
    end = int(records.ends[0])
    try:
        names = _cells(data[:end], separator, source.encoding)
    except UnicodeDecodeError:
        raise InputError("check-header", where=source.path) from None
    kept, wanted = _wanted(names, source, work)
    return msgspec.structs.replace(
        source,
        separator=separator,
        width=len(names),
        wanted=wanted,
        names=kept,
        unused=tuple(name for name in dict.fromkeys(names) if name not in set(kept)),
        start=start + end,
        line=line + data.count(b"\n", 0, end),
    )


def _cells(record: bytes, separator: str, encoding: str) -> list[str]:
    import csv

    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    rows = list(csv.reader([record.decode(encoding)], delimiter=separator, strict=True))
    return [name.strip() for name in rows[0]]


def _wanted(names: Sequence[str], source: Source, work: Work) -> tuple[tuple[str, ...], tuple[int, ...]]:
    kept = set(work.columns(list(dict.fromkeys(names))))
    if not kept and not source.fixed:
        raise InputError("check-columns", where=source.path)
    found = [(name, index) for index, name in enumerate(names) if name in kept]
    seen: set[str] = set()
    for name, _ in found:
        if name in seen or name in source.fixed:
            raise InputError("check-column-twice", where=source.path, name=name)
        seen.add(name)
    return tuple(name for name, _ in found), tuple(index for _, index in found)


def _parquet(source: Source, work: Work) -> Source:
    import polars as pl

    try:
        frame = pl.scan_parquet(source.path, hive_partitioning=False)
        schema = frame.collect_schema()
        rows = int(frame.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError("check-parquet", where=source.path, problem=str(error)) from error
    leaves = [leaf for name, kind in schema.items() for leaf in leaves_of(name, kind)]
    kept, _ = _wanted(leaves, source, work)
    return msgspec.structs.replace(
        source,
        rows=rows,
        names=kept,
        unused=tuple(name for name in leaves if name not in set(kept)),
    )


def leaves_of(name: str, kind: object) -> list[str]:
    """Return the dotted names of what a column holds: its own, or those of the fields of a structure."""
    import polars as pl

    if not isinstance(kind, pl.Struct):
        return [name]
    return [leaf for field in kind.fields for leaf in leaves_of(f"{name}.{field.name}", field.dtype)]

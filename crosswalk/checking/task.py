"""Judge one chunk and write its part: the one function that all engines map over the chunks.

It may be run again, or twice at once: it writes the same bytes under the same names, each file whole or not
at all, and the record that says the part is done comes last.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crosswalk.checking.chunks import Chunk
from crosswalk.checking.files import put, speaking
from crosswalk.checking.forms import Form, head, part
from crosswalk.checking.inputs import Source
from crosswalk.checking.reading import Read, read
from crosswalk.checking.work import Judge, Where, Work
from crosswalk.errors import CrosswalkError, InputError, KnowledgeError
from crosswalk.knowledge.records import Record
from crosswalk.messages import say

if TYPE_CHECKING:
    import polars as pl

#: Rows judged at once.
JUDGED = 131_072
#: Rows of a chunk that judging may fail on before the run gives up.
_FAILURES = 100
#: Names of columns not used that a part of JSONL remembers.
_UNUSED = 100_000
#: Columns of the verdicts whose values are counted, and those that hold several, parted by ``;``.
_COUNTED = ("verdict", "level", "open", "because", "value", "value_status", "provisional")
_LISTED = ("reasons", "asks")


class Job(Record):
    """What all tasks share."""

    work: Work
    sources: tuple[Source, ...]
    folder: str
    form: Form
    errors_form: Form
    lang: str = "en"


class Written(Record):
    """A file of a part."""

    name: str
    size: int
    sha256: str


class Done(Record):
    """A part that is written: of which chunk, its files, and what it holds.

    ``verdicts`` and ``failed`` are rows, ``errors`` lines of the file of errors (a row may have several).
    ``header`` is what stands above the verdicts in CSV.
    """

    chunk: Chunk
    verdicts: int
    failed: int
    errors: int
    written: Written
    errors_written: Written | None = None
    counts: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    codes: dict[str, int] = msgspec.field(default_factory=dict)
    unused: tuple[str, ...] = ()
    header: str = ""


def errors_schema() -> dict[str, pl.DataType]:
    """Return the columns of the file of errors."""
    import polars as pl

    text, number = pl.String(), pl.UInt64()
    return {
        "file": text,
        "line": number,
        "row": number,
        "field": text,
        "code": text,
        "value": text,
        "reason": text,
    }


def record_of(folder: Path, index: int) -> Path:
    """Return the file that says a part is done."""
    return folder / f"{index + 1:06d}.json"


def check(job: Job, judge: Judge, chunk: Chunk) -> Done:
    """Judge a chunk and write its part. Raises a ``CrosswalkError`` for what ends the run."""
    source = job.sources[chunk.source]
    try:
        found = read(chunk, source, job.work)
    except OSError as error:
        problem = error.strerror or str(error)
        raise InputError("file-unreadable", where=source.path, problem=problem) from error
    verdicts, errors = judged(found, source, chunk, judge, job.lang)
    unused = found.unused[:_UNUSED]
    del found  # The rows are the most of what is in memory.
    failed = chunk.rows - verdicts.height
    _whole(verdicts, errors, chunk, source)
    folder = Path(job.folder)
    stem = f"{chunk.index + 1:06d}"
    with speaking(job.folder):
        written = _put(folder, f"{stem}.{job.form}", part(verdicts, job.form))
        also = None
        if errors.height:
            also = _put(folder, f"{stem}.errors.{job.errors_form}", part(errors, job.errors_form))
        done = Done(
            chunk=chunk,
            verdicts=verdicts.height,
            failed=failed,
            errors=errors.height,
            written=written,
            errors_written=also,
            counts=_counts(verdicts),
            codes=dict(sorted(Counter(errors["code"].to_list()).items())),
            unused=unused,
            header=head(verdicts, job.form).decode(),
        )
        put(record_of(folder, chunk.index), msgspec.json.encode(done))
    return done


def _put(folder: Path, name: str, data: bytes) -> Written:
    put(folder / name, data)
    return Written(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def judged(
    found: Read, source: Source, chunk: Chunk, judge: Judge, lang: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the verdicts and the errors of what was read of a chunk, unreadable rows among the errors."""
    import polars as pl

    good: list[pl.DataFrame] = []
    bad = [_faults(found, source, chunk, lang)]
    rows = pl.Series("row", found.at, pl.UInt64) + chunk.row
    lines = pl.Series("line", found.lines, pl.UInt64)
    # Even of no rows, so that each part has the columns of a verdict.
    for start in range(0, max(1, found.raw.height), JUDGED):
        piece = slice(start, start + JUDGED)
        where = Where(source.path, rows[piece], lines[piece])
        verdicts, errors = _surely(judge, found.raw[piece], where, lang, [_FAILURES])
        good.append(verdicts)
        bad.append(_placed(errors, where))
    return pl.concat(good), pl.concat(bad).sort("row", maintain_order=True)


def _surely(
    judge: Judge, raw: pl.DataFrame, where: Where, lang: str, left: list[int]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Judge; where judging itself breaks, find the rows it breaks on, which cost themselves only."""
    import polars as pl

    try:
        return judge(raw, where)
    except (CrosswalkError, MemoryError, OSError):
        # Not the fault of a row.
        raise
    except Exception as error:
        if raw.height == 0 or left[0] <= 0:
            raise
        if raw.height == 1:
            left[0] -= 1
            problem = f"{type(error).__name__}: {error}"
            row = {
                "file": where.file,
                "row": where.rows[0],
                "field": None,
                "code": "check-row-judging",
                "value": None,
                "reason": say("error.check-row-judging", lang, problem=" ".join(problem.split())),
            }
            schema = {name: kind for name, kind in errors_schema().items() if name != "line"}
            empty, _ = judge(raw.clear(), Where(where.file, where.rows.clear(), where.lines.clear()))
            return empty, pl.DataFrame([row], schema=schema)
        half = raw.height // 2
        found = [
            _surely(judge, raw[one], Where(where.file, where.rows[one], where.lines[one]), lang, left)
            for one in (slice(0, half), slice(half, raw.height))
        ]
        return pl.concat([one for one, _ in found]), pl.concat([one for _, one in found])


def _faults(found: Read, source: Source, chunk: Chunk, lang: str) -> pl.DataFrame:
    """Return what could not be read as rows of the errors."""
    import polars as pl

    rows = [
        {
            "file": source.path,
            "line": line,
            "row": chunk.row + fault.at,
            "field": fault.field or None,
            "code": fault.code,
            "value": None,
            "reason": say(f"error.{fault.code}", lang, **fault.values),
        }
        for fault, line in zip(found.faults, found.fault_lines, strict=True)
    ]
    return pl.DataFrame(rows, schema=errors_schema())


def _placed(errors: pl.DataFrame, where: Where) -> pl.DataFrame:
    """Return errors of judging with the lines on which their rows begin."""
    import numpy as np
    import polars as pl

    if not errors.height:
        return pl.DataFrame(schema=errors_schema())
    at = np.searchsorted(where.rows.to_numpy(), errors["row"].to_numpy())
    lines = where.lines.gather(np.minimum(at, len(where.lines) - 1)).alias("line")
    return errors.with_columns(lines).select(
        pl.col(name).cast(kind) for name, kind in errors_schema().items()
    )


def _whole(verdicts: pl.DataFrame, errors: pl.DataFrame, chunk: Chunk, source: Source) -> None:
    """See to it that no row is lost or doubled."""
    import numpy as np

    judged = verdicts["row"].to_numpy()
    failed = np.unique(errors["row"].to_numpy()) if errors.height else np.zeros(0, judged.dtype)
    if failed.size:
        both = np.sort(np.concatenate([judged, failed]))
        ordered = bool((np.diff(judged) > 0).all())
    else:
        both, ordered = judged, True
    if not (ordered and np.array_equal(both, np.arange(chunk.row, chunk.row + chunk.rows, dtype=both.dtype))):
        raise KnowledgeError(
            "check-rows-differ",
            where=source.path,
            rows=chunk.rows,
            verdicts=verdicts.height,
            errors=int(failed.size),
        )


def _counts(verdicts: pl.DataFrame) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for name in (*_COUNTED, *_LISTED):
        if name not in verdicts.columns:
            continue
        found: Counter[str] = Counter()
        for value, count in _tally(verdicts[name]):
            text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            for one in text.split(";") if name in _LISTED else (text,):
                found[one] += count
        counts[name] = dict(sorted(found.items()))
    return counts


def _tally(column: pl.Series) -> Iterator[tuple[object, int]]:
    """Yield the distinct values of a column, and how many rows have each."""
    import numpy as np
    import polars as pl

    if not isinstance(column.dtype, pl.Enum):
        yield from column.value_counts().iter_rows()
        return
    # Words of a closed list are numbered.
    words = [*column.dtype.categories.to_list(), None]
    counts = np.bincount(column.to_physical().fill_null(len(words) - 1).to_numpy(), minlength=len(words))
    yield from (pair for pair in zip(words, counts.tolist(), strict=True) if pair[1])

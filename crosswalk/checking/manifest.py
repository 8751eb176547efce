"""What was run on what, and what came of it: the same to the byte whenever and wherever it is run."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from crosswalk.checking import chunks, reading, records, task
from crosswalk.checking.forms import Form
from crosswalk.checking.inputs import Source
from crosswalk.checking.task import Done
from crosswalk.knowledge.records import Record

#: Number of this form of parts, and of what is written about them.
FORMAT = 1
#: Names of columns not used that are listed, of each input.
_UNUSED = 100


class Input(Record):
    """A file that was read: what it was called, and what it held."""

    path: str
    format: str
    size: int
    sha256: str
    encoding: str = ""
    separator: str = ""
    fixed: dict[str, str | None] = msgspec.field(default_factory=dict)


class Identity(Record):
    """All that decides the bytes of the output; a run is resumed only where none of it has changed."""

    inputs: tuple[Input, ...]
    work: dict[str, str]
    options: dict[str, str]
    versions: dict[str, str]
    sizes: dict[str, int]
    format: int = FORMAT


class Output(Record):
    """A file that was written."""

    path: str
    size: int
    sha256: str


class Unused(Record):
    """Columns of an input that judging does not know: how many, and the names of the first."""

    path: str
    count: int
    names: tuple[str, ...]


class Manifest(Record):
    """A run that is complete: ``rows`` = ``verdicts`` + ``failed``; ``errors`` counts lines, not rows.

    ``counts`` is by column of the verdicts and value; ``codes`` by code of error.
    """

    run: Identity
    rows: int
    verdicts: int
    failed: int
    errors: int
    counts: dict[str, dict[str, int]]
    codes: dict[str, int]
    unused: tuple[Unused, ...]
    outputs: tuple[Output, ...]


def identity(
    sources: Sequence[Source], work: Mapping[str, str], form: Form, errors_form: Form, lang: str
) -> Identity:
    """Return what decides the output."""
    from importlib.metadata import version

    from crosswalk.knowledge.cache import package_version

    return Identity(
        inputs=tuple(
            Input(
                path=one.path,
                format=one.format,
                size=one.size,
                sha256=one.sha256,
                encoding=one.encoding,
                separator=one.separator if one.format == "csv" else "",
                fixed=one.fixed,
            )
            for one in sources
        ),
        work=dict(sorted(work.items())),
        options={"form": form, "errors": errors_form, "lang": lang},
        versions={
            "carbon-crosswalk": package_version(),
            "polars": version("polars"),
            "python": platform.python_version(),
        },
        sizes={
            "chunk": chunks.ROWS,
            "chunk of text": chunks.TEXT_ROWS,
            "bytes of a chunk of text": chunks.TEXT_BYTES,
            "longest record": records.LONGEST,
            "largest value": reading.LARGEST,
            "judged at once": task.JUDGED,
        },
    )


def changes(before: Identity, now: Identity) -> list[str]:
    """Return the names of what differs between two runs.

    >>> one = Identity(inputs=(), work={"to": "PACT:3.0"}, options={}, versions={}, sizes={})
    >>> changes(one, msgspec.structs.replace(one, work={"to": "ISO:14067-2018"}))
    ['to']
    """
    found: list[str] = []
    if before.inputs != now.inputs:
        # Of the same files in another order, all that can be said is that the inputs have changed.
        differing = _inputs(before) ^ _inputs(now)
        found.extend(sorted({path for path, _ in differing}) or ["inputs"])
    for group in ("work", "options", "versions", "sizes"):
        old, new = getattr(before, group), getattr(now, group)
        found.extend(name for name in sorted({*old, *new}) if old.get(name) != new.get(name))
    if before.format != now.format:
        found.append("format")
    return found


def _inputs(of: Identity) -> set[tuple[str, bytes]]:
    return {(one.path, msgspec.json.encode(one)) for one in of.inputs}


def manifest(
    run: Identity, sources: Sequence[Source], done: Iterable[Done], outputs: Sequence[Output]
) -> Manifest:
    """Add up what the parts say."""
    rows = verdicts = failed = errors = 0
    counts: dict[str, Counter[str]] = {}
    codes: Counter[str] = Counter()
    unused: list[dict[str, None]] = [dict.fromkeys(one.unused) for one in sources]
    for part in done:
        rows += part.chunk.rows
        verdicts += part.verdicts
        failed += part.failed
        errors += part.errors
        codes.update(part.codes)
        for name, found in part.counts.items():
            counts.setdefault(name, Counter()).update(found)
        unused[part.chunk.source].update(dict.fromkeys(part.unused))
    return Manifest(
        run=run,
        rows=rows,
        verdicts=verdicts,
        failed=failed,
        errors=errors,
        counts={name: dict(sorted(found.items())) for name, found in counts.items()},
        codes=dict(sorted(codes.items())),
        unused=tuple(
            Unused(path=source.path, count=len(names), names=tuple(names)[:_UNUSED])
            for source, names in zip(sources, unused, strict=True)
            if names
        ),
        outputs=tuple(outputs),
    )

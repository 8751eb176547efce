"""Check claims of recognition: what is proven, what fails, what is unknown, and what would decide it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosswalk.errors import UsageError
from crosswalk.results import ClaimError, KnowledgeId, Verdicts

if TYPE_CHECKING:
    import polars as pl

    from crosswalk.checking.work import Judge as Judging
    from crosswalk.knowledge.catalogue import Catalogue
    from crosswalk.recognition.judge import Judge

#: What of an error is told.
_ERROR = ("row", "field", "code", "value", "reason")


def check(
    claims: Any,
    *,
    to: str | None = None,
    as_of: date | str | None = None,
    assume: str | Sequence[str] = (),
    lang: str = "en",
    catalogue: Catalogue | None = None,
) -> Verdicts:
    """Return the verdicts on claims: a mapping, a list of them, a table, or a file (CSV, JSONL, Parquet).

    A claim is flat: ``regime``, ``claimed`` (what is claimed: reference, method, rule, verification, value or
    label), ``total``, ``asserted`` and whatever else it states, named as the columns in ``docs/claims.md``;
    nested mappings are taken as dotted names. ``to`` is the target of claims that name none. They are judged
    as of a day (today). ``assume`` adds the assumptions of profiles to the numeric leg, shown apart.
    ``lang`` is the language of what errors say.

    A claim that cannot be read is in ``errors``, and costs nobody else anything. For many claims use the
    command ``crosswalk check``, which gives the same verdicts. Raises ``UsageError`` for something that is no
    table, ``UnknownNameError`` for a target or a profile that is not known.

    >>> claim = {"regime": "PACT 3.0", "claimed": "method", "calculated": "2026-03-01"}
    >>> found = check(claim, to="PACT:3.0", as_of="2026-11-22").verdicts[0]
    >>> found.verdict, found.level
    ('recognised', 2)
    """
    from crosswalk.convert import listed, profiles
    from crosswalk.knowledge.load import load
    from crosswalk.recognition.explain import Explainer
    from crosswalk.recognition.facts import Knowledge
    from crosswalk.recognition.judge import Asked, Judge
    from crosswalk.recognition.work import day, target

    known = catalogue if catalogue is not None else load()
    when = as_of if isinstance(as_of, date) else day(as_of)
    judge = Judge(known, Asked(target(to, known), when, lang=lang), profiles(listed(assume), known))
    if isinstance(claims, str | os.PathLike):
        verdicts, errors, unused = _file(Path(claims), judge, known, lang)
    else:
        verdicts, errors, unused = _table(claims, judge)
    explainer = Explainer(Knowledge(known, when))
    return Verdicts(
        verdicts=tuple(explainer.verdicts(verdicts)),
        errors=tuple(ClaimError(**row) for row in errors.select(_ERROR).iter_rows(named=True)),
        as_of=when.isoformat(),
        knowledge=KnowledgeId(version=known.version, hash=known.hash),
        unused=unused,
    )


class _Given:
    """Judging by a judge that is at hand, as reading a file wants it described."""

    def __init__(self, judge: Judge, catalogue: Catalogue) -> None:
        from crosswalk.recognition.claims import Schema

        self._judge, self._schema = judge, Schema.of(catalogue.recognition)

    def judge(self) -> Judging:
        return self._judge.judge

    def columns(self, names: Sequence[str]) -> Sequence[str]:
        return [name for name in names if self._schema.has(name)]

    def identity(self) -> Mapping[str, str]:
        return {}


def _table(claims: Any, judge: Judge) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
    """Judge claims that are at hand, as mappings or as a table of any library."""
    import polars as pl

    from crosswalk.checking.work import Where

    if isinstance(claims, Mapping):
        claims = [claims]
    raw = _rows(claims) if isinstance(claims, list | tuple) else _frame(claims)
    rows = pl.Series("row", range(raw.height), dtype=pl.UInt64)
    return (*judge.judge(raw, Where("", rows, rows + 1)), tuple(judge.unread))


def _rows(claims: Sequence[Any]) -> pl.DataFrame:
    """Return mappings as columns of text, every digit as it is written, as JSONL is read."""
    import polars as pl

    rows = []
    for one in claims:
        if not isinstance(one, Mapping):
            raise UsageError("table-kind", kind=type(one).__name__)
        rows.append(dict(_flat(one)))
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pl.DataFrame({name: [row.get(name) for row in rows] for name in names}, schema_overrides={})


def _flat(claim: Mapping[str, Any], head: str = "") -> Iterator[tuple[str, str | list[str] | None]]:
    for name, value in claim.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{head}{name}.")
        elif isinstance(value, list | tuple):
            yield f"{head}{name}", ";".join(str(one) for one in value)
        elif value is None:
            yield f"{head}{name}", None
        else:
            yield f"{head}{name}", ("true" if value else "false") if isinstance(value, bool) else str(value)


def _frame(claims: Any) -> pl.DataFrame:
    import narwhals
    import polars as pl

    try:
        table = narwhals.from_native(claims, eager_only=True)
    except TypeError:
        raise UsageError("table-kind", kind=type(claims).__name__) from None
    if isinstance(claims, pl.DataFrame):
        return claims
    columns = {name: table[name].to_list() for name in table.columns}
    return pl.DataFrame({name: _series(values) for name, values in columns.items()})


def _series(values: list[Any]) -> pl.Series:
    """A column of another library: numbers stay numbers, the rest is text; what is missing is null."""
    import polars as pl

    given = [None if one is None or one != one else one for one in values]
    if all(isinstance(one, float | int | date | None) for one in given):
        return pl.Series(given)
    return pl.Series([None if one is None else str(one) for one in given], dtype=pl.String)


def _file(
    path: Path, judge: Judge, catalogue: Catalogue, lang: str
) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
    """Judge the claims of a file, all at once."""
    import polars as pl

    from crosswalk.checking.chunks import chunks
    from crosswalk.checking.inputs import sources
    from crosswalk.checking.reading import read
    from crosswalk.checking.task import judged

    if path.suffix == ".json":
        from crosswalk.formats._each import load

        payload = load(str(path), str(path))
        return _table(payload if isinstance(payload, list) else [payload], judge)
    reading = _Given(judge, catalogue)
    files = sources((str(path),), reading, out="")
    found, unused = [], dict[str, None]()
    for chunk in chunks(files):
        raw = read(chunk, files[chunk.source], reading)
        unused |= dict.fromkeys(raw.unused)
        found.append(judged(raw, files[chunk.source], chunk, judge.judge, lang))
    verdicts, errors = (pl.concat(parts) for parts in zip(*found, strict=True))
    return verdicts, errors, tuple(unused)

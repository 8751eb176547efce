"""Check claims of recognition: what is proven, what fails, what is unknown, and what would decide it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from crosswalk.errors import InputError, UsageError
from crosswalk.results import ClaimError, KnowledgeId, Unused, Verdicts

if TYPE_CHECKING:
    import polars as pl

    from crosswalk.checking.work import Judge as Judging
    from crosswalk.knowledge.catalogue import Catalogue
    from crosswalk.recognition.judge import Judge

#: So many claims of files are judged in memory; more are for the command, with ``--out``.
MOST = 200_000
#: What of an error is told.
_ERROR = ("row", "field", "code", "value", "reason", "file", "line")


def check(
    claims: Any,
    *,
    to: str | None = None,
    as_of: date | str | None = None,
    assume: str | Sequence[str] = (),
    encoding: str | None = None,
    lang: str = "en",
    catalogue: Catalogue | None = None,
) -> Verdicts:
    """Return the verdicts on claims: a mapping, a list of them, a table, or files.

    A file is a table (CSV, JSONL, Parquet), a folder of tables, or JSON that holds a claim or a list of them.

    A claim is flat: ``regime``, ``claimed`` (what is claimed: reference, method, rule, verification, value or
    label), ``total``, ``asserted`` and whatever else it states, named as the columns in ``docs/claims.md``;
    nested mappings are taken as dotted names. ``to`` is the target of claims that name none. They are judged
    as of a day (today). ``assume`` adds the assumptions of profiles to the numeric leg, shown apart.
    ``encoding`` is that of files of text, where it cannot be told, ``lang`` the language of what errors say.

    A claim that cannot be read is in ``errors``, and costs nobody else anything. For many claims use the
    command ``crosswalk check --out``, which gives the same verdicts. Raises ``UsageError`` for something that
    is no table or holds too many claims, ``InputError`` for a file that cannot be read, ``UnknownNameError``
    for a target or a profile that is not known.

    >>> claim = {"regime": "PACT 3.0", "claimed": "method", "calculated": "2026-03-01"}
    >>> found = check(claim, to="PACT:3.0", as_of="2026-11-22").verdicts[0]
    >>> found.verdict, found.level
    ('recognised', 2)
    """
    from crosswalk.convert import listed, profiles
    from crosswalk.knowledge.load import load
    from crosswalk.recognition.claims import Schema
    from crosswalk.recognition.explain import Explainer
    from crosswalk.recognition.facts import Knowledge
    from crosswalk.recognition.judge import Asked, Judge
    from crosswalk.recognition.work import day, target

    known = catalogue if catalogue is not None else load()
    when = as_of if isinstance(as_of, date) else day(as_of)
    judge = Judge(known, Asked(target(to, known), when, lang=lang), profiles(listed(assume), known))
    if isinstance(claims, str | os.PathLike):
        claims = [claims]
    if isinstance(claims, list | tuple) and claims and all(isinstance(x, str | os.PathLike) for x in claims):
        verdicts, errors, unused = _files([str(one) for one in claims], judge, known, lang, encoding)
    else:
        verdicts, errors, unused = _table(claims, judge)
    explainer, schema = Explainer(Knowledge(known, when)), Schema.of(known.recognition)
    told = errors.select(name for name in _ERROR if name in errors.columns)
    return Verdicts(
        verdicts=tuple(explainer.verdicts(verdicts)),
        errors=tuple(ClaimError(**row) for row in told.iter_rows(named=True)),
        as_of=when.isoformat(),
        knowledge=KnowledgeId(version=known.version, hash=known.hash),
        unused=tuple(Unused(path=name, likely=near) for name, near in schema.unread(unused)),
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


def _table(claims: Any, judge: Judge, file: str = "") -> tuple[pl.DataFrame, pl.DataFrame, list[str]]:
    """Judge claims that are at hand, as mappings or as a table of any library."""
    import polars as pl

    from crosswalk.checking.work import Where

    if isinstance(claims, Mapping):
        claims = [claims]
    raw = rows_of(claims) if isinstance(claims, list | tuple) else _frame(claims)
    rows = pl.Series("row", range(raw.height), dtype=pl.UInt64)
    verdicts, errors = judge.judge(raw, Where(file, rows, rows + 1))
    return verdicts, errors, list(judge.unread)


def _claims(given: Sequence[Any], where: str) -> None:
    """Raise ``InputError`` where JSON holds something that is no claim: a footprint, or no object at all."""
    from crosswalk.formats import readers

    for one in given:
        if not isinstance(one, Mapping):
            raise InputError("claims-json", where=where)
        if any(reader.claims(one) for reader in readers().values()):
            raise InputError("claims-footprint", where=where)


def rows_of(claims: Sequence[Any]) -> pl.DataFrame:
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


def _files(
    paths: Sequence[str], judge: Judge, catalogue: Catalogue, lang: str, encoding: str | None
) -> tuple[pl.DataFrame, pl.DataFrame, list[str]]:
    """Judge the claims of files, one after the other; rows are numbered through."""
    import polars as pl

    verdicts, errors, unused, rows = [], [], dict[str, None](), 0
    for path in paths:
        some, wrong, names = _file(path, judge, catalogue, lang, encoding)
        number = (pl.col("row") + rows).cast(pl.UInt64)
        verdicts.append(some.with_columns(number))
        errors.append(wrong.with_columns(number))
        unused |= dict.fromkeys(names)
        rows += some.height + wrong["row"].n_unique()
    return pl.concat(verdicts), pl.concat(errors, how="diagonal"), list(unused)


def _file(
    path: str, judge: Judge, catalogue: Catalogue, lang: str, encoding: str | None
) -> tuple[pl.DataFrame, pl.DataFrame, list[str]]:
    """Judge the claims of a file, or of the tables in a folder; ``-`` is JSON on standard input."""
    import polars as pl

    from crosswalk.checking.chunks import chunks
    from crosswalk.checking.inputs import sources
    from crosswalk.checking.reading import read
    from crosswalk.checking.task import judged
    from crosswalk.checking.work import Where

    if path == "-" or path.lower().endswith(".json"):
        from crosswalk.formats._each import load

        name = "stdin" if path == "-" else path
        payload = load(sys.stdin.buffer.read() if path == "-" else path, name)
        given = payload if isinstance(payload, list) else [payload]
        _claims(given, name)
        return _table(given, judge, "" if path == "-" else path)
    reading = _Given(judge, catalogue)
    files = sources((path,), reading, out=os.devnull, encoding=encoding)
    found, unused, rows = [], dict[str, None](), 0
    for chunk in chunks(files):
        rows += chunk.rows
        if rows > MOST:
            raise UsageError("check-many", where=path, most=f"{MOST:,}")
        raw = read(chunk, files[chunk.source], reading)
        unused |= dict.fromkeys((*files[chunk.source].unused, *raw.unused))
        found.append(judged(raw, files[chunk.source], chunk, judge.judge, lang))
    if not found:
        return (*judge.judge(pl.DataFrame(), Where(path, *[pl.Series(dtype=pl.UInt64)] * 2)), list(unused))
    verdicts, errors = (pl.concat(parts) for parts in zip(*found, strict=True))
    return verdicts, errors, list(unused)

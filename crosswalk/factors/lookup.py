"""Find the most specific factor that is valid, and tell the way to it.

The ladder goes from the place asked for to the wider places around it; on each rung the year asked for
is tried first, then the rule for years. The kind never changes on the way: a life-cycle request is not
answered with a CO2-only factor, nor the other way round.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, get_args

from crosswalk.errors import InputError, RefusedError, UnknownNameError, UsageError
from crosswalk.factors.answer import found as answer
from crosswalk.factors.found import FactorFound, Rung
from crosswalk.factors.ladder import ladder
from crosswalk.factors.load import load_factors
from crosswalk.factors.names import find_kind, find_place, find_subject
from crosswalk.factors.nearest import nearest, none_here
from crosswalk.factors.records import Factor, FactorBase, QuantityKind
from crosswalk.factors.units import Ratio, parse_ratio
from crosswalk.knowledge.records import Text
from crosswalk.messages import both

YearFallback = Literal["earlier", "nearest", "none"]


class Request(NamedTuple):
    """A request in the words of whoever asks; see :func:`factor`."""

    kind: str
    place: str
    year: int | None = None
    subject: str | None = None
    domain: str = ""
    boundary: str | None = None
    series: str | None = None
    origin: str | None = None
    unit: str | None = None
    year_fallback: YearFallback = "earlier"
    weak: bool = False


class Wanted(NamedTuple):
    """A request with every name resolved, and the rows it is about.

    ``rows`` are all rows of kind and subject, ``pool`` those that are not ruled out by boundary, series,
    origin or unit.
    """

    kind: QuantityKind
    subject: str
    place: str
    year: int | None
    fallback: YearFallback
    weak: bool
    unit: Ratio | None
    unit_text: str
    rows: list[Factor]
    pool: list[Factor]


def factor(
    kind: str,
    *,
    place: str,
    year: int | None = None,
    subject: str | None = None,
    boundary: str | None = None,
    series: str | None = None,
    origin: str | None = None,
    unit: str | None = None,
    year_fallback: YearFallback = "earlier",
    weak: bool = False,
    tables: Sequence[str | os.PathLike[str]] = (),
    knowledge: Sequence[str | os.PathLike[str]] = (),
) -> FactorFound:
    """Return the most specific factor of ``kind`` for ``place`` and ``year``.

    ``kind`` is the code of a quantity kind, or its domain and short name (``electricity:life-cycle``).
    ``place`` is a code or a name; ``subject`` (a fuel, a product, a way of generating) may be left out
    where the kind means one. Without ``year`` the latest is taken. A year that is not there falls back to
    the latest ``"earlier"`` one, to the ``"nearest"``, or to ``"none"``. ``unit`` converts the answer.
    ``weak`` admits rows that default look-ups leave out; ``tables`` are factor tables of one's own, which
    go before the built-in ones on each rung.

    Raises ``UnknownNameError`` for a name that is not known, ``UsageError`` where several factors fit
    equally (it lists them) or the request is not complete, and ``RefusedError``, naming the nearest
    things there are, where nothing fits.

    >>> found = factor("electricity:life-cycle", place="山东", year=2023)
    >>> found.unit, found.place, [rung.found for rung in found.rungs]
    ('kg CO2e/kWh', 'CN', [False, False, True])
    """
    asked = Request(
        kind=kind,
        place=place,
        year=year,
        subject=subject,
        boundary=boundary,
        series=series,
        origin=origin,
        unit=unit,
        year_fallback=year_fallback,
        weak=weak,
    )
    return look_up(asked, load_factors(tables, knowledge))


def look_up(asked: Request, base: FactorBase) -> FactorFound:
    """Answer a request from ``base``; see :func:`factor`."""
    wanted = _wanted(base, asked)
    rungs: list[Rung] = []
    for level in ladder(wanted.place, base.places):
        usable = [one for one in wanted.pool if one.place in level and (wanted.weak or one.default)]
        if usable and len(level) == 1:
            chosen, reason = _on_rung(usable, wanted)
        else:
            nothing = none_here(base, wanted.kind, wanted.rows, wanted.pool, level)
            chosen, reason = [], both("factor-rung.open") if usable else nothing
        rungs.append(_rung(base, level, bool(chosen), reason))
        if chosen:
            best = _only(chosen)
            return answer(
                best, base, wanted.place, wanted.year, wanted.unit, wanted.unit_text, rungs, wanted.rows
            )
    raise RefusedError(
        "factor-none",
        kind=_kind_of(wanted),
        place=_where(wanted, base),
        near=nearest(base, wanted.kind, wanted.rows, wanted.pool, wanted.place),
    )


def _where(wanted: Wanted, base: FactorBase) -> Text:
    label, year = base.places[wanted.place].label, wanted.year
    return Text(
        en=f"{wanted.place} ({label.en})" + (f", {year}" if year else ""),
        zh=f"{wanted.place}({label.zh})" + (f"{year} 年" if year else ""),
    )


def _kind_of(wanted: Wanted) -> Text:
    label = wanted.kind.label
    if wanted.subject == wanted.kind.subject or not wanted.rows:
        return label
    of = wanted.rows[0].label
    return Text(en=f"{label.en} ({of.en})", zh=f"{label.zh}({of.zh})")


def _wanted(base: FactorBase, asked: Request) -> Wanted:
    kind = find_kind(asked.kind, base.kinds, asked.domain)
    place = find_place(asked.place, base.places)
    if asked.year is not None and not 1900 <= asked.year < 2200:
        raise UsageError("factor-year", name=asked.year)
    if asked.year_fallback not in get_args(YearFallback):
        raise UsageError("factor-year-fallback", name=asked.year_fallback)
    if asked.boundary is not None and asked.boundary not in kind.boundaries:
        known = ", ".join(kind.boundaries)
        raise UnknownNameError("factor-boundary", name=asked.boundary, kind=kind.label, known=known)
    of_kind = [one for one in base.factors if one.kind == kind.code]
    subject = _subject(kind, asked.subject, of_kind)
    rows = [one for one in of_kind if one.subject == subject]
    listed = sorted({one.series for one in rows})
    if asked.series is not None and asked.series not in listed:
        raise UnknownNameError("factor-series", name=asked.series, known=", ".join(listed) or "–")
    unit = parse_ratio(asked.unit) if asked.unit else None
    if unit and (unit.counts not in kind.numerators or unit.per not in kind.denominators):
        wanted = f"{' | '.join(kind.numerators)} / {' | '.join(kind.denominators)}"
        raise InputError("factor-unit-kind", given=asked.unit, kind=kind.label, wanted=wanted)
    return Wanted(
        kind=kind,
        subject=subject,
        place=place,
        year=asked.year,
        fallback=asked.year_fallback,
        weak=asked.weak,
        unit=unit,
        unit_text=asked.unit or "",
        rows=rows,
        pool=[one for one in rows if _fits(one, asked, unit)],
    )


def _fits(one: Factor, asked: Request, unit: Ratio | None) -> bool:
    return (
        asked.boundary in (None, one.boundary)
        and asked.series in (None, one.series)
        and asked.origin in (None, one.origin)
        and (unit is None or (one.counts, one.per) == (unit.counts, unit.per))
    )


def _subject(kind: QuantityKind, name: str | None, rows: list[Factor]) -> str:
    if name is not None:
        return find_subject(name, rows)
    subjects = sorted({one.subject for one in rows})
    if kind.subject or len(subjects) == 1:
        return kind.subject or subjects[0]
    raise UsageError("factor-subject-needed", subjects=", ".join(subjects))


def _rung(base: FactorBase, level: tuple[str, ...], found: bool, reason: Text) -> Rung:
    labels = [base.places[code].label for code in level]
    label = Text(en=", ".join(one.en for one in labels), zh="、".join(one.zh for one in labels))
    return Rung(places=level, label=label, found=found, reason=reason)


def _on_rung(rows: list[Factor], wanted: Wanted) -> tuple[list[Factor], Text]:
    """Return what a rung gives: the user's own rows first, but a year that fits before any fallback."""
    tried = [
        _by_year([one for one in rows if one.rank == rank], wanted)
        for rank in sorted({one.rank for one in rows})
    ]
    for chosen, reason in tried:
        if any(one.year == wanted.year for one in chosen):
            return chosen, reason
    return next((one for one in tried if one[0]), tried[-1])


def _by_year(rows: list[Factor], wanted: Wanted) -> tuple[list[Factor], Text]:
    """Return the rows of each series for the year asked for, or for the year the rule falls back to."""
    year = wanted.year
    valid = [one for one in rows if year is None or _valid(one, year)]
    if not valid:
        return [], both("factor-rung.not-valid", codes=", ".join(one.code for one in rows), asked=year)
    chosen: list[Factor] = []
    for series in sorted({one.series for one in valid}):
        of_series = [one for one in valid if one.series == series]
        best = _year([one.year for one in of_series], year, wanted.fallback)
        chosen += [one for one in of_series if one.year == best]
    if not chosen:
        years = sorted({one.year for one in valid})
        code = "factor-rung.later-only" if years[0] > (year or 0) else "factor-rung.year-none"
        return [], both(code, years=", ".join(map(str, years)), asked=year)
    taken = ", ".join(map(str, sorted({one.year for one in chosen})))
    if year is None:
        return chosen, both("factor-rung.latest", year=taken)
    if any(one.year == year for one in chosen):
        return chosen, both("factor-rung.exact", year=year)
    code = "factor-rung.nearest" if wanted.fallback == "nearest" else "factor-rung.earlier"
    return chosen, both(code, asked=year, year=taken)


def _year(years: Iterable[int], asked: int | None, fallback: YearFallback) -> int | None:
    there = sorted(set(years))
    if asked is None:
        return there[-1]
    if asked in there:
        return asked
    if fallback == "none":
        return None
    if fallback == "nearest":
        # Of two years equally far the earlier one: it was known at the time asked for.
        return min(there, key=lambda one: (abs(one - asked), one))
    return max((one for one in there if one < asked), default=None)


def _valid(one: Factor, year: int) -> bool:
    first, last = one.valid_from[:4], one.valid_to[:4]
    return (not first or int(first) <= year) and (not last or year <= int(last))


def _only(rows: list[Factor]) -> Factor:
    """Return the one row, or the strongest of several that say the same. Raises ``UsageError``."""
    meanings = {
        (one.number, one.numerator, one.denominator, one.origin, one.gwp_set, one.boundary) for one in rows
    }
    if len(meanings) > 1:
        listed = "; ".join(
            f"{one.code} = {one.value} {one.unit} (series {one.series}, {one.year}, {one.boundary})"
            for one in sorted(rows, key=lambda one: one.code)
        )
        narrow = [
            name
            for name in ("series", "boundary", "origin", "unit")
            if len({getattr(one, name) for one in rows}) > 1
        ]
        raise UsageError(
            "factor-ambiguous", count=len(rows), candidates=listed, narrow=", ".join(narrow) or "series"
        )
    return min(rows, key=lambda one: (not one.firm, -one.year, one.code))

"""Factors for people: one that was found, with its ladder, and lists of what there is."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crosswalk.factors.found import Alternative, FactorFound
from crosswalk.factors.records import Factor, FactorBase
from crosswalk.report.layout import bullets, knowledge, section, table
from crosswalk.report.speaker import Speaker

if TYPE_CHECKING:
    from rich.console import RenderableType

_WIDTH = 110


def found_report(found: FactorFound, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield one factor: the value, what it is, where it comes from, the ladder, and the alternatives."""
    from rich.text import Text

    value = f"{found.value:.10g} {found.unit}"
    kind = speaker.text(found.kind_label)
    yield Text(speaker.say("report.factor", kind=kind, value=value), style="bold")
    yield from bullets(_facts(found, speaker))
    rungs = (
        speaker.say(
            "report.factor-rung",
            mark="✓" if rung.found else "–",
            place=speaker.text(rung.label),
            codes=speaker.join(rung.places),
            reason=speaker.text(rung.reason),
        )
        for rung in found.rungs
    )
    yield from section(speaker.say("report.factor-ladder"), *bullets(rungs))
    shown = found.alternatives if speaker.full else found.alternatives[:5]
    lines = [_alternative(one, speaker) for one in shown]
    left = len(found.alternatives) - len(shown)
    if left:
        lines.append(speaker.say("report.and-more", count=left))
    yield from section(speaker.say("report.factor-alternatives"), *bullets(lines))
    faults = [fault.show(speaker.lang) for fault in found.faults] if speaker.full else []
    yield from section(speaker.say("report.factor-faults", count=len(faults)), *bullets(faults))
    yield from knowledge(found.knowledge, speaker)


def _facts(found: FactorFound, speaker: Speaker) -> Iterable[str]:
    year = str(found.year)
    yield speaker.say(
        "report.factor-of",
        label=speaker.text(found.label),
        place=f"{speaker.text(found.place_label)} [{found.place}]",
        year=year,
    )
    if f"{found.value:.10g} {found.unit}" != found.printed:
        yield speaker.say("report.factor-printed", printed=found.printed)
    if found.low is not None or found.high is not None:
        ends = (f"{end:.10g}" if end is not None else "?" for end in (found.low, found.high))
        yield speaker.say("report.factor-bounds", bounds=" – ".join(ends), meaning=found.bounds or "?")
    yield speaker.say("report.factor-boundary", boundary=speaker.text(found.boundary_label))
    if found.gwp_set:
        unknown = found.gwp_set == "unknown"
        yield speaker.say(
            "report.factor-gwp", name=speaker.say("report.not-stated") if unknown else found.gwp_set
        )
    yield speaker.say(
        "report.factor-source",
        source=found.source,
        clause=speaker.clause(found.clause) if found.clause == "unknown" else found.clause,
        evidence=speaker.word("evidence", found.evidence),
    )
    if found.url:
        yield found.url
    if found.valid_from or found.valid_to:
        yield speaker.say("report.factor-valid", first=found.valid_from or "…", last=found.valid_to or "…")
    if found.note is not None:
        yield speaker.text(found.note)
    if found.provisional:
        yield speaker.say("report.factor-provisional")


def _alternative(one: Alternative, speaker: Speaker) -> str:
    return speaker.say(
        "report.factor-alternative",
        value=f"{one.value:.10g} {one.unit}",
        place=one.place,
        year=one.year,
        name=one.code,
        why=speaker.text(one.why),
    )


def rows_report(rows: Sequence[Factor], base: FactorBase, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield a table of single factors."""
    names = ("code", "factor-value", "place", "year", "boundary", "series", "evidence", "name")
    lines = (
        (
            one.code,
            f"{one.value} {one.unit}",
            one.place,
            str(one.year),
            speaker.text(base.boundaries[one.boundary]),
            one.series,
            speaker.word("evidence", one.evidence) + ("" if one.default else " *"),
            speaker.text(one.label),
        )
        for one in rows
    )
    yield from table([speaker.say(f"report.head-{name}") for name in names], lines)
    if any(not one.default for one in rows):
        yield speaker.say("report.factor-weak")


def summary_report(base: FactorBase, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield a table of kinds and series: how many rows, places, and which years."""
    groups: dict[tuple[str, str, str], list[Factor]] = {}
    for one in base.factors:
        kind = base.kinds[one.kind]
        groups.setdefault((kind.domain, kind.short, one.series), []).append(one)
    names = ("domain", "kind", "series", "rows", "places", "years", "evidence")
    lines = (
        (
            domain,
            speaker.told(short, speaker.text(base.kinds[rows[0].kind].label)),
            series,
            str(len(rows)),
            str(len({one.place for one in rows})),
            _years(sorted({one.year for one in rows})),
            speaker.join(speaker.word("evidence", name) for name in dict.fromkeys(r.evidence for r in rows)),
        )
        for (domain, short, series), rows in sorted(groups.items())
    )
    yield from table([speaker.say(f"report.head-{name}") for name in names], lines)


def _years(years: Sequence[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"


def as_text(parts: Iterable[RenderableType], *, colour: bool = False) -> str:
    """Return what was yielded as text, as wide as the terminal."""
    from rich.console import Console

    width = max(60, shutil.get_terminal_size((_WIDTH, 24)).columns)
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
    )
    for part in parts:
        console.print(part, markup=False, highlight=False)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().split("\n"))

"""The regimes that are described, and one of them in full, for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crosswalk.knowledge.catalogue import Assumption, Regime, Requirement
from crosswalk.report.layout import bullets, knowledge, section, table
from crosswalk.report.speaker import Speaker
from crosswalk.results import ProfileList, RegimeList

if TYPE_CHECKING:
    from rich.console import RenderableType


def list_report(found: RegimeList, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the table of regimes."""
    heads = [
        speaker.say(f"report.head-{name}")
        for name in ("code", "name", "status", "dated", "described", "firm")
    ]
    rows = (
        (
            one.code,
            speaker.text(one.label),
            speaker.status(one.status),
            one.effective or speaker.say("report.unknown"),
            speaker.say("report.of", some=one.known, all=one.dimensions),
            speaker.say("report.of", some=one.firm, all=one.known),
        )
        for one in found.regimes
    )
    yield from table(heads, rows)
    yield from knowledge(found.knowledge, speaker)


def regime_report(regime: Regime, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield one regime: what it is, its dates, and what it asks for, dimension by dimension."""
    from rich.text import Text

    yield Text(speaker.named(speaker.text(regime.label), regime.code), style="bold")
    yield Text(
        speaker.say(
            "report.regime",
            authority=regime.authority,
            edition=regime.edition,
            status=speaker.status(regime.status),
        )
    )
    if regime.builds_on:
        yield Text(speaker.say("report.builds-on", codes=speaker.join(regime.builds_on)))
    if regime.note is not None:
        yield Text(speaker.text(regime.note))
    dates = (
        speaker.say(
            "report.date",
            event=speaker.word("event", one.event),
            date=one.date,
            evidence=speaker.word("evidence", one.statement.evidence),
            sources=speaker.join(one.statement.sources) or speaker.say("report.none"),
        )
        for one in regime.dates
    )
    yield from section(speaker.say("report.dates"), *bullets(dates))
    heads = [speaker.say(f"report.head-{name}") for name in ("dimension", "permits", "modality", "rests-on")]
    ordered = sorted(regime.requirements.values(), key=lambda one: (_order(one, speaker), one.dimension))
    yield from section(
        speaker.say("report.requirements"), *table(heads, (_requirement(one, speaker) for one in ordered))
    )


def _order(one: Requirement, speaker: Speaker) -> int:
    known = speaker.catalogue.dimensions.get(one.dimension) if speaker.catalogue else None
    return known.order if known else 0


def _requirement(one: Requirement, speaker: Speaker) -> tuple[str, ...]:
    permits = [speaker.options(one.permits) if one.permits else speaker.say("report.permits-unknown")]
    if one.prefers is not None and len(one.permits) > 1:
        permits.append(speaker.say("report.prefers", option=speaker.option(one.prefers)))
    if one.limit is not None:
        permits.append(speaker.say("report.limit", percent=f"{float(one.limit) * 100:g}"))
    if one.lines:
        permits.append(speaker.say("report.asks-lines", lines=speaker.join(one.lines)))
    rests = [
        speaker.clause(one.statement.clause),
        speaker.word("evidence", one.statement.evidence),
        speaker.join(one.statement.sources),
    ]
    note = [speaker.text(one.statement.note)] if one.statement.note is not None and speaker.full else []
    return (
        speaker.dimension(one.dimension),
        "\n".join([*permits, *note]),
        speaker.word("modality", one.modality),
        "\n".join(line for line in rests if line),
    )


def profile_report(found: ProfileList, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the assumption profiles with what each assumes and where that comes from."""
    from rich.text import Text

    for profile in found.profiles:
        yield Text(speaker.named(speaker.text(profile.label), profile.code), style="bold")
        yield from bullets(assumption(one, speaker) for one in profile.assumptions)
        yield Text()
    yield from knowledge(found.knowledge, speaker)


def assumption(one: Assumption, speaker: Speaker) -> list[str]:
    """Return one assumption with clause, evidence and sources."""
    rests = speaker.say(
        "report.assumption-rests",
        clause=speaker.clause(one.statement.clause),
        evidence=speaker.word("evidence", one.statement.evidence),
        sources=speaker.join(one.statement.sources) or speaker.say("report.none"),
    )
    note = [speaker.text(one.statement.note)] if one.statement.note is not None else []
    return [speaker.named(speaker.text(one.label), one.code), rests, *note]

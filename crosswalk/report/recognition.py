"""Verdicts on claims, for people: one in full, many as a table with what kept them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crosswalk.report.figures import interval
from crosswalk.report.layout import bullets, knowledge, section, table
from crosswalk.report.speaker import Speaker
from crosswalk.results import Cited, ClaimError, ClaimVerdict, Reason, Verdicts

if TYPE_CHECKING:
    from rich.console import RenderableType

#: So many claims are told in full; more are a table.
_FULL = 3
#: So many rows of a table are shown unless everything is asked for.
_ROWS = 40


def report(record: Verdicts, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the report on some claims."""
    from rich.text import Text

    if len(record.verdicts) <= _FULL or speaker.full:
        for one in record.verdicts:
            yield from _one(one, speaker)
            yield Text()
    else:
        yield from _many(record, speaker)
    yield from section(speaker.say("claim.errors"), *bullets(_error(one, speaker) for one in record.errors))
    if record.unused:
        yield from section(speaker.say("claim.unused"), Text(speaker.join(record.unused)))
    yield Text(speaker.say("claim.as-of", day=record.as_of), style="dim")
    yield from knowledge(record.knowledge, speaker)


def lines(record: Verdicts, speaker: Speaker) -> Iterable[str]:
    """Yield what matters of verdicts, in plain lines."""
    for one in record.verdicts[:_FULL]:
        yield _head(one, speaker)
        yield _ladder(one, speaker)
    yield from (
        speaker.say("claim.count", verdict=_word(code, speaker), count=count)
        for code, count in record.counts.items()
        if len(record.verdicts) > _FULL
    )
    if record.errors:
        yield speaker.say("claim.error-count", count=len(record.errors))


def _one(one: ClaimVerdict, speaker: Speaker) -> Iterable[RenderableType]:
    from rich.text import Text

    yield Text(_head(one, speaker), style="bold")
    yield Text(_ladder(one, speaker))
    yield from section(
        speaker.say("claim.levels"),
        *table(
            [speaker.say("claim.level"), speaker.say("claim.outcome")],
            [(f"{x.rank} {speaker.text(x.label)}", speaker.say(f"claim.{x.outcome}")) for x in one.levels],
        ),
    )
    for outcome in ("fail", "unknown"):
        found = [reason for reason in one.reasons if reason.outcome == outcome]
        yield from section(speaker.say(f"claim.{outcome}s"), *bullets(_reason(r, speaker) for r in found))
    if one.guaranteed is not None or one.assumed is not None or one.value is not None:
        yield from section(speaker.say("claim.value"), *map(Text, _value(one, speaker)))
    asks = (speaker.named(speaker.text(ask.label), ask.code) for ask in one.asks)
    yield from section(speaker.say("claim.asks"), *bullets(asks))
    weak = [cited for cited in one.rests_on if cited.evidence not in ("read", "secondary")]
    if one.provisional:
        yield from section(speaker.say("claim.provisional"), *bullets(_cited(c, speaker) for c in weak))


def _many(record: Verdicts, speaker: Speaker) -> Iterable[RenderableType]:
    from rich.text import Text

    rows = [(_word(code, speaker), str(count)) for code, count in record.counts.items()]
    yield from section(
        speaker.say("claim.summary"),
        *table([speaker.say("claim.verdict"), speaker.say("claim.claims")], rows),
    )
    shown = record.verdicts[:_ROWS]
    heads = (
        "claim.claim",
        "claim.crossing",
        "claim.claimed",
        "claim.verdict",
        "claim.level",
        "claim.because",
    )
    yield from table(
        [speaker.say(head) for head in heads],
        [
            (
                one.id or str(one.row),
                f"{one.source or '–'} → {one.target or '–'}",
                one.claimed or "–",
                _word(one.verdict, speaker) + ("*" if one.provisional else ""),
                str(one.level),
                one.because or "–",
            )
            for one in shown
        ],
    )
    left = len(record.verdicts) - len(shown)
    if left:
        yield Text(speaker.say("claim.left", count=left), style="dim")


def _head(one: ClaimVerdict, speaker: Speaker) -> str:
    claimed = speaker.say(f"claimed.{one.claimed}") if one.claimed else speaker.say("claimed.nothing")
    return speaker.say(
        "claim.head",
        name=one.id or f"#{one.row}",
        source=one.source or "–",
        target=one.target or "–",
        claimed=claimed,
        verdict=_word(one.verdict, speaker),
    )


def _ladder(one: ClaimVerdict, speaker: Speaker) -> str:
    proven = [level for level in one.levels if level.rank == one.level]
    told = speaker.say("claim.proven", rank=one.level, level=speaker.text(proven[0].label))
    if one.because is None:
        return told
    reason = next((reason for reason in one.reasons if reason.rule == one.because), None)
    what = speaker.text(reason.label) if reason else ""
    return f"{told} {speaker.say('claim.next', rule=one.because, what=what)}"


def _reason(one: Reason, speaker: Speaker) -> list[str]:
    severity = speaker.say(f"claim.severity-{one.severity}")
    return [
        speaker.named(speaker.text(one.label), one.rule),
        f"{severity}; {_rests(one.cited, speaker)}",
    ]


def _cited(one: Cited, speaker: Speaker) -> str:
    return f"{one.about}: {_rests(one, speaker)}"


def _rests(one: Cited, speaker: Speaker) -> str:
    return speaker.say(
        "report.assumption-rests",
        clause=speaker.clause(one.clause),
        evidence=speaker.word("evidence", one.evidence),
        sources=speaker.join(one.sources) or speaker.say("report.none"),
    )


def _value(one: ClaimVerdict, speaker: Speaker) -> Iterable[str]:
    for name, found in (("guaranteed", one.guaranteed), ("assumed", one.assumed)):
        if found is not None:
            yield speaker.say(f"claim.{name}", value=interval(found.low, found.high, speaker.lang))
    if one.value is not None:
        yield speaker.say(f"report.{one.value}")


def _error(one: ClaimError, speaker: Speaker) -> str:
    return speaker.say("claim.error", row=one.row, reason=one.reason)


def _word(code: str, speaker: Speaker) -> str:
    return speaker.say(f"decision.{code}")

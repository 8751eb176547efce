"""Verdicts on claims, for people: a few in full, many as a table with what keeps them and what to ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crosswalk.report.figures import interval
from crosswalk.report.layout import bullets, knowledge, section, table
from crosswalk.report.speaker import Speaker
from crosswalk.results import Cited, ClaimError, ClaimVerdict, LevelOutcome, Reason, Verdicts

if TYPE_CHECKING:
    from rich.console import RenderableType

#: So many claims are told in full; more are a table.
_IN_FULL = 3
#: So many rows of the table, and items of a list, are shown unless everything is asked for.
_ROWS, _ITEMS = 40, 8
#: So many codes of rules stand in a row.
_CODES = 3
_STYLES = {"recognised": "bold green", "refused": "bold red"}


def report(record: Verdicts, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the report on some claims."""
    from rich.rule import Rule
    from rich.text import Text

    if not record.verdicts and not record.errors:
        yield Text(speaker.say("claim.no-claims"))
    if len(record.verdicts) <= _IN_FULL or speaker.full:
        for index, one in enumerate(record.verdicts):
            if index:
                yield from (Text(), Rule(style="dim"), Text())
            yield from claim_report(one, speaker)
    else:
        yield from _many(record, speaker)
    errors = [error_line(one, speaker) for one in record.errors]
    yield from section(speaker.say("claim.errors"), *_list(errors, speaker))
    unused = [
        speaker.say("report.unused-likely", path=one.path, likely=one.likely) if one.likely else one.path
        for one in record.unused
    ]
    yield from section(speaker.say("claim.unused"), *_list(unused, speaker))
    yield from (Text(), Text(speaker.say("claim.as-of", day=record.as_of), style="dim"))
    yield from knowledge(record.knowledge, speaker)


def claim_report(one: ClaimVerdict, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the verdict on one claim in full."""
    from rich.text import Text

    for line in head(one, speaker):
        yield Text(line, style="bold")
    yield from section(
        speaker.text(one.label).upper(),
        Text(speaker.say(f"decision-meaning.{one.verdict}"), style=_STYLES.get(one.verdict, "bold yellow")),
        Text(proven(one, speaker)),
    )
    heads = [speaker.say("claim.level"), speaker.say("claim.outcome"), speaker.say("claim.by")]
    yield from section(
        speaker.say("claim.levels"), *table(heads, (_level(x, one, speaker) for x in one.levels))
    )
    for outcome in ("fail", "unknown"):
        found = [reason_lines(reason, speaker) for reason in one.reasons if reason.outcome == outcome]
        yield from section(speaker.say(f"claim.{outcome}s"), *_list(found, speaker))
    asks = [speaker.named(speaker.text(ask.label), ask.code) for ask in one.asks]
    yield from section(speaker.say("claim.asks"), *_list(asks, speaker))
    yield from section(speaker.say("claim.value"), *map(Text, value_lines(one, speaker)))
    yield from section(speaker.say("claim.provisional"), *_list(weak_lines(one, speaker), speaker))


def lines(record: Verdicts, speaker: Speaker) -> Iterable[str]:
    """Yield what matters of verdicts, in plain lines."""
    if len(record.verdicts) > _IN_FULL:
        for code, count in record.counts.items():
            yield speaker.say("claim.count", verdict=verdict_word(code, speaker), count=count)
    else:
        for one in record.verdicts:
            yield short(one, speaker)
            yield proven(one, speaker)
    if not record.verdicts and not record.errors:
        yield speaker.say("claim.no-claims")
    if record.errors:
        yield speaker.say("claim.error-count", count=len(record.errors))


def claim_lines(one: ClaimVerdict, speaker: Speaker) -> Iterable[str]:
    """Yield what matters of one verdict, in plain lines."""
    yield short(one, speaker)
    yield proven(one, speaker)
    for outcome in ("fail", "unknown"):
        found = [reason.rule for reason in one.reasons if reason.outcome == outcome]
        if found:
            names = speaker.some(found, _ITEMS)
            yield speaker.say("claim.brief", what=speaker.say(f"claim.{outcome}s"), names=names)
    if one.asks:
        names = speaker.some([ask.code for ask in one.asks], _ITEMS)
        yield speaker.say("claim.brief", what=speaker.say("claim.asks"), names=names)
    yield from value_lines(one, speaker)
    if one.provisional:
        yield speaker.say("claim.provisional")


def name_of(one: ClaimVerdict, speaker: Speaker) -> str:
    """Return what a claim is called: its id, else the number of its row."""
    return one.id or speaker.say("claim.row", row=one.row)


def head(one: ClaimVerdict, speaker: Speaker) -> list[str]:
    """Return the claim in three lines: whose, from what to what, what is claimed."""
    return [
        name_of(one, speaker),
        f"{party(one.source, speaker)} → {party(one.target, speaker)}",
        claimed_line(one, speaker),
    ]


def claimed_line(one: ClaimVerdict, speaker: Speaker) -> str:
    """Return what is claimed, as a sentence without a full stop."""
    return speaker.say("claim.claims-that", what=speaker.say(f"claimed.{one.claimed or 'nothing'}"))


def party(code: str | None, speaker: Speaker) -> str:
    """Return a regime or a scheme by label and code; a dash where none is named."""
    bodies = speaker.catalogue.recognition.bodies if speaker.catalogue else {}
    body = bodies.get((code or "").removeprefix("body:"))
    if code is None:
        return "–"
    return speaker.named(speaker.text(body.label), code) if body else speaker.regime(code)


def short(one: ClaimVerdict, speaker: Speaker) -> str:
    """Return a claim and its verdict in one line."""
    return speaker.say(
        "claim.head",
        name=name_of(one, speaker),
        source=one.source or "–",
        target=one.target or "–",
        claimed=speaker.say(f"claimed.{one.claimed or 'nothing'}"),
        verdict=speaker.text(one.label),
    )


def proven(one: ClaimVerdict, speaker: Speaker) -> str:
    """Return how far a claim is proven, and which rule keeps it from the next level."""
    reached: LevelOutcome | None = next(
        (level for level in one.levels if level.rank == one.level and level.outcome == "pass"), None
    )
    if reached is None:
        told = speaker.say("claim.proven-none")
    else:
        told = speaker.say("claim.proven", rank=reached.rank, level=speaker.text(reached.label))
    reason = because(one, speaker)
    if reason is None:
        return told
    what = speaker.text(reason.label).rstrip(".。")
    return told + speaker.say("claim.next", rule=reason.rule, what=what)


def reason_lines(one: Reason, speaker: Speaker) -> list[str]:
    """Return a rule that does not hold or is not known: the sentence, and what it rests on."""
    severity = speaker.say(f"claim.severity-{one.severity}")
    return [
        speaker.named(speaker.text(one.label).rstrip(".。"), one.rule),
        speaker.say("claim.rests", severity=severity, cited=rests(one.cited, speaker)),
    ]


def rests(one: Cited, speaker: Speaker) -> str:
    """Return evidence, clause and sources of a statement."""
    return speaker.say(
        "report.assumption-rests",
        clause=speaker.clause(one.clause),
        evidence=speaker.word("evidence", one.evidence),
        sources=speaker.join(one.sources) or speaker.say("report.none"),
    )


def value_lines(one: ClaimVerdict, speaker: Speaker) -> list[str]:
    """Return where the value lies, and whether that proves the asserted one; nothing without numbers."""
    found = []
    for name, where, judged in (
        ("guaranteed", one.guaranteed, one.value),
        ("assumed", one.assumed, one.value_assumed),
    ):
        if where is not None:
            found.append(speaker.say(f"claim.{name}", value=interval(where.low, where.high, speaker.lang)))
        if judged is not None:
            found.append(speaker.say("claim.judged", verdict=speaker.say(f"report.{judged}")))
    if not found and one.value_status not in ("answered", "none"):
        found.append(speaker.say(f"value-status.{one.value_status}"))
    return found


def weak_lines(one: ClaimVerdict, speaker: Speaker) -> list[list[str]]:
    """Return what makes a verdict provisional: each statement with how it is known."""
    if not one.provisional:
        return []
    found = [[_statement(cited, speaker), rests(cited, speaker)] for cited in one.weak]
    both = speaker.say("claim.provisional-comparison", source=one.source or "–", target=one.target or "–")
    return found or [[both]]


def error_line(one: ClaimError, speaker: Speaker) -> str:
    """Return a claim that could not be read: where it stands, and why."""
    place = speaker.say("claim.row", row=one.row)
    if one.line is not None and one.file:
        place = speaker.say("claim.line", file=one.file, line=one.line)
    if not one.field:
        return speaker.say("claim.error", place=place, reason=one.reason)
    what = speaker.say("claim.field", field=one.field, value=one.value or "")
    return speaker.say("claim.error-field", place=place, what=what, reason=one.reason)


def verdict_word(code: str, speaker: Speaker) -> str:
    """Return a verdict in words."""
    return speaker.say(f"decision.{code}")


def asked(record: Verdicts, speaker: Speaker) -> list[str]:
    """Return the fields that would decide claims, with how many claims, the most frequent first."""
    found = Counter(ask for one in record.verdicts for ask in one.asks)
    told = sorted(found.items(), key=lambda item: (-item[1], item[0].code))
    return [f"{speaker.named(speaker.text(ask.label), ask.code)} × {count}" for ask, count in told]


def because(one: ClaimVerdict, speaker: Speaker) -> Reason | None:
    """Return the rule that keeps a claim from its next level, also where the claim does not rest on it."""
    for reason in one.reasons:
        if reason.rule == one.because:
            return reason
    rule = speaker.catalogue.recognition.rules.get(one.because or "") if speaker.catalogue else None
    if rule is None:
        return None
    return Reason(
        rule=rule.code,
        level=rule.level,
        severity=rule.severity,
        outcome=next((level.outcome for level in one.levels if level.code == rule.level), "unknown"),
        label=rule.label,
        cited=Cited.of(rule.code, rule.statement),
    )


def deciding(one: ClaimVerdict, speaker: Speaker) -> list[Reason]:
    """Return the rules a verdict comes from: those that fail, else the one that keeps it from more."""
    blocking = {"refused": "block", "conditional": "condition"}.get(one.verdict)
    failing = [reason for reason in one.reasons if reason.outcome == "fail" and reason.severity == blocking]
    keeps = because(one, speaker)
    return failing or ([keeps] if keeps is not None else [])


def keeping(record: Verdicts, speaker: Speaker) -> list[list[str]]:
    """Return the rules verdicts come from, with how many do, the most frequent first."""
    found: dict[str, tuple[Reason, int]] = {}
    for one in record.verdicts:
        for reason in deciding(one, speaker):
            found[reason.rule] = (reason, found.get(reason.rule, (reason, 0))[1] + 1)
    told = []
    for reason, count in sorted(found.values(), key=lambda item: (-item[1], item[0].rule)):
        first, *more = reason_lines(reason, speaker)
        told.append([f"{first} × {count}", *more])
    return told


def deciding_codes(one: ClaimVerdict, speaker: Speaker) -> str:
    """Return the codes of the rules a verdict comes from, the first few; a dash where there is none."""
    codes = [reason.rule for reason in deciding(one, speaker)]
    more = speaker.say("report.more", count=len(codes) - _CODES) if len(codes) > _CODES else ""
    return (speaker.join(codes[:_CODES]) + more) or "–"


def claimed_word(one: ClaimVerdict, speaker: Speaker) -> str:
    """Return the word of what is claimed, as the knowledge has it."""
    field = speaker.catalogue.recognition.fields.get("claimed") if speaker.catalogue else None
    label = field.values.get(one.claimed or "") if field else None
    return speaker.text(label) if label else one.claimed or speaker.say("claimed.nothing")


def _many(record: Verdicts, speaker: Speaker) -> Iterable[RenderableType]:
    from rich.text import Text

    counts = [(verdict_word(code, speaker), str(count)) for code, count in record.counts.items()]
    yield from table([speaker.say("claim.verdict"), speaker.say("claim.claims")], counts)
    yield Text()
    names = ("claim", "crossing", "verdict", "level", "because")
    shown = record.verdicts[:_ROWS]
    yield from table([speaker.say(f"claim.{name}") for name in names], (_row(one, speaker) for one in shown))
    if any(one.provisional for one in shown):
        yield Text(speaker.say("claim.starred"), style="dim")
    if len(record.verdicts) > len(shown):
        left = len(record.verdicts) - len(shown)
        yield Text(speaker.say("claim.left", count=left), style="dim")
    yield from section(speaker.say("claim.keeping"), *_list(keeping(record, speaker), speaker))
    yield from section(speaker.say("claim.asked-most"), *_list(asked(record, speaker), speaker))


def _row(one: ClaimVerdict, speaker: Speaker) -> tuple[str, ...]:
    return (
        f"{name_of(one, speaker)}\n{claimed_word(one, speaker)}",
        f"{one.source or '–'}\n→ {one.target or '–'}",
        verdict_word(one.verdict, speaker) + (" *" if one.provisional else ""),
        str(one.level),
        deciding_codes(one, speaker),
    )


def _level(level: LevelOutcome, one: ClaimVerdict, speaker: Speaker) -> tuple[str, ...]:
    by = [reason.rule for reason in one.reasons if reason.level == level.code]
    return (
        f"{level.rank} {speaker.text(level.label)}",
        speaker.say(f"claim.{level.outcome}"),
        speaker.join(by),
    )


def _statement(cited: Cited, speaker: Speaker) -> str:
    """Return the sentence of a rule, or the name of an arrangement, with its code."""
    known = speaker.catalogue.recognition if speaker.catalogue else None
    found = (known.rules.get(cited.about) or known.arrangements.get(cited.about)) if known else None
    if found is None:
        return speaker.about(cited)
    return speaker.named(speaker.text(found.label).rstrip(".。"), cited.about)


def _list(items: Sequence[str | Sequence[str]], speaker: Speaker) -> list[RenderableType]:
    """Return a list, its first items only unless everything is asked for."""
    if speaker.full or len(items) <= _ITEMS:
        return bullets(items)
    more = speaker.say("claim.more", count=len(items) - _ITEMS)
    return bullets([*items[:_ITEMS], more])

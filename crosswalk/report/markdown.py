"""Verdicts on claims in Markdown, to paste into a mail, an issue or a minute."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crosswalk.report.recognition import (
    asked,
    claimed_line,
    claimed_word,
    deciding_codes,
    error_line,
    keeping,
    name_of,
    party,
    proven,
    reason_lines,
    value_lines,
    verdict_word,
    weak_lines,
)
from crosswalk.report.speaker import Speaker
from crosswalk.results import ClaimVerdict, Verdicts

#: So many claims are told in full; of more, each has a line.
_IN_FULL = 3
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def verdicts_markdown(record: Verdicts, speaker: Speaker) -> str:
    """Return the verdicts in Markdown; of more than three claims a table, unless in full."""
    return "\n".join(_lines(record, speaker)).rstrip() + "\n"


def _lines(record: Verdicts, speaker: Speaker) -> Iterator[str]:
    if len(record.verdicts) <= _IN_FULL or speaker.full:
        for one in record.verdicts:
            yield from _one(one, speaker)
    else:
        yield from _many(record, speaker)
    yield from _list(speaker.say("claim.errors"), [[error_line(one, speaker)] for one in record.errors])
    yield from _list(speaker.say("claim.unused"), [[one.path] for one in record.unused])
    known = record.knowledge
    last = speaker.say("report.knowledge", version=known.version, hash=known.hash[:12])
    yield f"{_safe(speaker.say('claim.as-of', day=record.as_of))} {_safe(last)}"


def _one(one: ClaimVerdict, speaker: Speaker) -> Iterator[str]:
    yield f"## {_safe(speaker.told(name_of(one, speaker), speaker.text(one.label)))}"
    yield ""
    crossing = f"{_safe(party(one.source, speaker))} → {_safe(party(one.target, speaker))}"
    yield f"{crossing}; {claimed_line(one, speaker)}"
    yield ""
    yield f"**{_safe(speaker.say(f'decision-meaning.{one.verdict}'))}** {_safe(proven(one, speaker))}"
    yield ""
    yield from _row([speaker.say(f"claim.{head}") for head in ("level", "outcome", "by")])
    yield "| --- | --- | --- |"
    for level in one.levels:
        by = speaker.join(reason.rule for reason in one.reasons if reason.level == level.code)
        yield from _row(
            [f"{level.rank} {speaker.text(level.label)}", speaker.say(f"claim.{level.outcome}"), by]
        )
    yield ""
    for outcome in ("fail", "unknown"):
        found = [reason_lines(reason, speaker) for reason in one.reasons if reason.outcome == outcome]
        yield from _list(speaker.say(f"claim.{outcome}s"), found)
    asks = [[speaker.named(speaker.text(ask.label), ask.code)] for ask in one.asks]
    yield from _list(speaker.say("claim.asks"), asks)
    yield from _list(speaker.say("claim.value"), [[line] for line in value_lines(one, speaker)])
    yield from _list(speaker.say("claim.provisional"), weak_lines(one, speaker))


def _many(record: Verdicts, speaker: Speaker) -> Iterator[str]:
    heads = ("claim", "crossing", "claimed", "verdict", "level", "because")
    yield from _row([speaker.say(f"claim.{head}") for head in heads])
    yield "| --- | --- | --- | --- | --- | --- |"
    for one in record.verdicts:
        yield from _row(
            [
                name_of(one, speaker),
                f"{one.source or '–'} → {one.target or '–'}",
                claimed_word(one, speaker),
                verdict_word(one.verdict, speaker) + (" *" if one.provisional else ""),
                str(one.level),
                deciding_codes(one, speaker),
            ]
        )
    yield ""
    if any(one.provisional for one in record.verdicts):
        yield _safe(speaker.say("claim.starred"))
        yield ""
    yield from _list(speaker.say("claim.keeping"), keeping(record, speaker))
    yield from _list(speaker.say("claim.asked-most"), [[line] for line in asked(record, speaker)])


def _list(title: str, items: Iterable[list[str]]) -> Iterator[str]:
    found = list(items)
    if found:
        yield f"**{_safe(title)}**"
        yield ""
        for first, *more in found:
            yield f"- {_safe(first)}" + "".join(f"  \n  {_safe(line)}" for line in more)
        yield ""


def _row(cells: list[str]) -> Iterator[str]:
    yield f"| {' | '.join(_safe(cell) for cell in cells)} |"


def _safe(text: str) -> str:
    """Return text that says in Markdown just what it is; codes of fields and rules stay readable.

    >>> _safe("<script>a|b</script>")
    '\\\\<script\\\\>a\\\\|b\\\\</script\\\\>'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))

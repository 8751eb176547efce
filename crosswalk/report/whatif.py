"""What was changed, for people: inputs before and after, answers before and after, how far it moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosswalk.report.figures import figure, interval
from crosswalk.report.layout import bullets, section
from crosswalk.report.speaker import Speaker
from crosswalk.results import Conversion, Outcome, Shift, WhatIf

if TYPE_CHECKING:
    from rich.console import RenderableType


def report(answer: Conversion, speaker: Speaker) -> list[RenderableType]:
    """Return the section on what was changed; nothing where nothing was."""
    from rich.text import Text

    told = answer.changed
    if told is None:
        return []
    return section(
        speaker.say("report.what-if"), *bullets(changes(told, speaker)), *map(Text, moved(answer, speaker))
    )


def changes(told: WhatIf, speaker: Speaker) -> list[str]:
    """Return the inputs that were changed, a line each."""
    nothing = speaker.say("word.nothing")
    return [
        speaker.say(
            "report.what-if-change",
            path=one.path,
            before=one.before or nothing,
            after=one.after or nothing,
        )
        for one in told.changes
    ]


def moved(answer: Conversion, speaker: Speaker) -> list[str]:
    """Return the answer before, the answer after, and the difference."""
    told = answer.changed
    assert told is not None
    after = _said(answer, speaker)
    if told.before is None:
        reason = speaker.text(told.reason) if told.reason else "–"
        lines = [speaker.say("report.what-if-unread", reason=reason)]
        return [*lines, speaker.say("report.what-if-after", answer=after)]
    return [
        speaker.say("report.what-if-before", answer=_said(told.before, speaker)),
        speaker.say("report.what-if-after", answer=after),
        *_differences(told.moved, speaker),
    ]


def _said(found: Conversion | Outcome, speaker: Speaker) -> str:
    low, high = found.guaranteed.low, found.guaranteed.high
    shown = interval(low, high, speaker.lang)
    if found.value is not None and low is not None and high is not None:
        shown = speaker.say("report.rounded", value=figure(found.value), interval=shown)
    if not found.answered:
        shown = f"{speaker.say('report.no-answer')}; {shown}"
    if found.assumed is not None:
        ends = interval(found.assumed.low, found.assumed.high, speaker.lang)
        shown = speaker.say("report.what-if-assumed", answer=shown, interval=ends)
    return shown


def _differences(found: Shift, speaker: Speaker) -> list[str]:
    lines = []
    if found.value is not None:
        what, low = speaker.say("word.value"), _signed(found.value)
        lines.append(speaker.say("report.what-if-moved", what=what, low=low))
    for what, low_end, high_end in (
        ("guaranteed", found.low, found.high),
        ("assumed", found.assumed_low, found.assumed_high),
    ):
        if low_end is not None or high_end is not None:
            ends = {"low": _signed(low_end), "high": _signed(high_end)}
            word = speaker.say(f"word.{what}-interval")
            lines.append(speaker.say("report.what-if-moved-ends", what=word, **ends))
    return lines


def _signed(value: float | None) -> str:
    if value is None:
        return "–"
    return f"+{figure(value)}" if value > 0 else figure(value)

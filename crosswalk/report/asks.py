"""What to ask for, and whether a value is near enough, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosswalk.engine.tolerance import Tolerance
from crosswalk.report.figures import ends, figure
from crosswalk.report.layout import bullets, section
from crosswalk.report.speaker import Speaker
from crosswalk.results import Ask, Asks, Flip, Within

if TYPE_CHECKING:
    from rich.console import RenderableType


def within(found: Within | None, speaker: Speaker) -> list[RenderableType]:
    """Return the section on whether the value is near an asserted one; nothing where none was."""
    from rich.text import Text

    if found is None:
        return []
    low, high = ends(found.low, found.high)
    lines = [
        speaker.say(
            "report.within-stated" if found.stated else "report.within-asserted",
            value=found.asserted,
            tolerance=found.tolerance,
            low=low,
            high=high,
        ),
        speaker.say(f"report.{found.verdict}"),
    ]
    if found.assumed is not None:
        verdict = speaker.say(f"report.{found.assumed}")
        lines.append(speaker.say("report.within-assumed", verdict=verdict))
    return section(speaker.say("report.within"), *map(Text, lines))


def flips(found: tuple[Flip, ...], speaker: Speaker) -> list[RenderableType]:
    """Return the section on how far inputs would have to be off; nothing where that was not asked."""
    return section(speaker.say("report.flips"), *bullets(_flip(one, speaker) for one in found))


def _flip(one: Flip, speaker: Speaker) -> list[str]:
    basis = speaker.say(f"word.{one.basis}-interval")
    verdict = speaker.say(f"word.{one.verdict}")
    lines = [speaker.say("report.flip", path=one.path, value=one.value, verdict=verdict, basis=basis)]
    for turn in one.turns:
        lines.append(
            speaker.say(
                f"report.flip-{turn.direction}",
                value=turn.value,
                change=("+" if turn.change > 0 else "") + figure(turn.change),
                verdict=speaker.say(f"word.{turn.verdict}"),
                before=turn.before,
            )
        )
    lines += [speaker.text(reason) for reason in one.reasons]
    return [*lines, speaker.say("report.flip-search")] if one.method == "search" else lines


def report(found: Asks | None, speaker: Speaker) -> list[RenderableType]:
    """Return the section on what to ask for; nothing where no tolerance was given."""
    from rich.text import Text

    if found is None:
        return []
    exactly = Tolerance.of(found.tolerance).nothing
    title = speaker.say("report.asks-exactly" if exactly else "report.asks", tolerance=found.tolerance)
    reasons = [speaker.text(reason) for reason in found.stays_open]
    if found.enough and not found.items:
        return section(title, Text(speaker.say("report.asks-none")))
    if not found.enough:
        return section(title, Text(speaker.say("report.asks-not-enough")), *map(Text, reasons))
    lines = [speaker.say("report.asks-at-best"), *reasons] if reasons else []
    return section(
        title,
        *map(Text, lines),
        *bullets(_ask(one, speaker) for one in found.items),
        Text(_result(found, speaker)),
        *([] if found.smallest else [Text(speaker.say("report.asks-maybe-fewer"))]),
    )


def _ask(one: Ask, speaker: Speaker) -> list[str]:
    label = speaker.text(one.label)
    label = label if one.kind == "choice" else speaker.named(label, one.code)
    lines = [speaker.say("report.ask", label=label, path=one.path)]
    return [*lines, speaker.say("report.ask-nothing")] if one.if_nothing else lines


def _result(found: Asks, speaker: Speaker) -> str:
    if found.width_at_most is None:
        return speaker.say("report.asks-enough")
    code = "report.asks-exact" if found.exact else "report.asks-width"
    if found.width_at_most == 0:
        code = "report.asks-determined"
    return speaker.say(code, width=figure(found.width_at_most))

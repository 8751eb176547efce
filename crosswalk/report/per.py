"""Which unit an answer is per, for people, and by what it was taken there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosswalk.report.figures import figure, interval
from crosswalk.report.layout import bullets, section
from crosswalk.report.speaker import Speaker
from crosswalk.results import Conversion, PerUnit, PropertyUsed

if TYPE_CHECKING:
    from rich.console import RenderableType


def declared_unit(answer: Conversion) -> str:
    """Return what the value stated is per."""
    return answer.declared_unit if answer.per_unit is None else answer.per_unit.declared


def report(found: PerUnit | None, speaker: Speaker) -> list[RenderableType]:
    """Return the section on the unit asked for; nothing where none was."""
    from rich.text import Text

    if found is None:
        return []
    return section(
        speaker.say("report.per"),
        *map(Text, lines(found, speaker)),
        *bullets(_property(one, speaker) for one in found.by),
    )


def lines(found: PerUnit, speaker: Speaker) -> list[str]:
    """Return how many declared units are in the unit asked for, and whether that is exact."""
    count = figure(found.count)
    if found.low < found.high:
        count = speaker.say(
            "report.rounded", value=count, interval=interval(found.low, found.high, speaker.lang)
        )
    how = "property" if found.by else "exact"
    return [speaker.say(f"report.per-{how}", asked=found.asked, declared=found.declared, count=count)]


def _property(one: PropertyUsed, speaker: Speaker) -> list[str]:
    head = speaker.say("report.per-by", label=speaker.text(one.label), value=one.value, path=one.path)
    source = speaker.say("report.per-source", source=one.source or speaker.say("report.per-unsourced"))
    return [head, source, *([one.comment] if one.comment else [])]

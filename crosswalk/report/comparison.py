"""Two regimes side by side, and the plan of a conversion, for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crosswalk.comparison import Comparison, Difference, Plan, Planned
from crosswalk.report.layout import bullets, knowledge, section, table
from crosswalk.report.speaker import Speaker

if TYPE_CHECKING:
    from rich.console import RenderableType


def compared(found: Comparison, speaker: Speaker) -> list[str]:
    """Return what is compared and how much differs, in two plain lines."""
    first = speaker.named(speaker.text(found.first_label), found.first)
    second = speaker.named(speaker.text(found.second_label), found.second)
    counts = speaker.say("report.compared", different=len(found.differences), same=len(found.same))
    return [f"{first} ↔ {second}", counts]


def planned(found: Plan, speaker: Speaker) -> list[str]:
    """Return what is planned, in two plain lines."""
    source = speaker.named(speaker.text(found.source_label), found.source)
    target = speaker.named(speaker.text(found.target_label), found.target)
    counts = speaker.say("report.planned", steps=len(found.steps), kept=len(found.kept))
    return [f"{source} → {target}", counts]


def compare_report(found: Comparison, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the parts of a comparison, in order."""
    from rich.text import Text

    head = compared(found, speaker)
    yield Text(head[0], style="bold")
    yield Text(head[1])
    if found.provisional:
        yield Text(speaker.say("report.compared-provisional"), style="yellow")
    heads = [
        speaker.say("report.head-dimension"),
        found.first,
        found.second,
        speaker.say("report.head-relation"),
        speaker.say("report.head-bridge"),
    ]
    yield from section(
        speaker.say("report.differences"), *table(heads, (_difference(d, speaker) for d in found.differences))
    )
    yield from _kept(speaker.say("report.same"), found.same, speaker)
    yield from knowledge(found.knowledge, speaker)


def plan_report(found: Plan, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the parts of a plan, in order."""
    from rich.text import Text

    head = planned(found, speaker)
    yield Text(head[0], style="bold")
    yield Text(head[1])
    yield from section(speaker.say("report.steps"), *bullets(_planned(step, speaker) for step in found.steps))
    yield from _kept(speaker.say("report.kept"), found.kept, speaker)
    yield from knowledge(found.knowledge, speaker)


def _kept(title: str, dimensions: tuple[str, ...], speaker: Speaker) -> list[RenderableType]:
    from rich.text import Text

    names = speaker.join(speaker.dimension(code) for code in dimensions)
    return section(title, Text(names)) if dimensions else []


def _difference(one: Difference, speaker: Speaker) -> tuple[str, ...]:
    return (
        speaker.text(one.label),
        _permitted(one.first, speaker),
        _permitted(one.second, speaker),
        speaker.word("relation", one.relation),
        "\n".join(
            [
                _bridge(one, speaker),
                *([one.operation] if one.operation else []),
                *(speaker.resting(cited) for cited in one.clauses),
            ]
        ),
    )


def _permitted(options: tuple[str, ...], speaker: Speaker) -> str:
    return speaker.options(options) if options else speaker.say("report.permits-unknown")


def _bridge(one: Difference | Planned, speaker: Speaker) -> str:
    name = speaker.word("class", one.class_)
    if one.without == one.class_:
        return name
    return speaker.say("report.class-without", name=name, without=speaker.word("class", one.without))


def _planned(step: Planned, speaker: Speaker) -> list[str]:
    operation = speaker.named(speaker.text(step.operation_label), step.operation)
    lines = [
        speaker.say("report.planned-step", label=speaker.text(step.label), operation=operation),
        f"{speaker.option(step.from_)} → {speaker.options(step.to)}",
        speaker.say("report.planned-class", name=_bridge(step, speaker), why=speaker.text(step.why)),
    ]
    if step.inputs:
        lines.append(
            speaker.say("report.inputs", names=speaker.join(speaker.text(one) for one in step.inputs))
        )
    lines += [
        speaker.say("report.not-taken", option=_target(one.to, speaker), why=speaker.text(one.why))
        for one in step.not_taken
    ]
    return [*lines, *(speaker.resting(cited) for cited in step.clauses)]


def _target(code: str, speaker: Speaker) -> str:
    return speaker.option(code)

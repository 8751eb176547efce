"""Two regimes side by side, and the plan of a conversion, for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crosswalk.report.layout import bullets, knowledge, section
from crosswalk.report.speaker import Speaker
from crosswalk.results import Cited, Comparison, Difference, Plan, Planned

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
    differences = (_difference(one, found, speaker) for one in found.differences)
    yield from section(speaker.say("report.differences"), *bullets(differences))
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


def _difference(one: Difference, found: Comparison, speaker: Speaker) -> list[str]:
    bridge = _bridge(one, speaker)
    return [
        speaker.say(
            "report.difference",
            label=speaker.text(one.label),
            relation=speaker.word("relation", one.relation),
            bridge=speaker.named(bridge, one.operation) if one.operation else bridge,
        ),
        _one_side(found.first, one.first, one.clauses, speaker),
        _one_side(found.second, one.second, one.clauses, speaker),
    ]


def _one_side(regime: str, options: tuple[str, ...], clauses: tuple[Cited, ...], speaker: Speaker) -> str:
    shown = _permitted(options, speaker)
    cited = next((one for one in clauses if one.about.partition(" ")[0] == regime), None)
    if cited is None:
        return speaker.say("report.difference-side-bare", regime=regime, options=shown)
    return speaker.say(
        "report.difference-side",
        regime=regime,
        options=shown,
        clause=speaker.clause(cited.clause),
        evidence=speaker.word("evidence", cited.evidence),
    )


def _permitted(options: tuple[str, ...], speaker: Speaker) -> str:
    return speaker.options(options) if options else speaker.say("report.permits-unknown")


def _bridge(one: Difference | Planned, speaker: Speaker) -> str:
    name = speaker.word("class", one.class_)
    if one.without == one.class_:
        return name
    return speaker.say("report.class-without", name=name, without=speaker.word("class", one.without))


def _planned(step: Planned, speaker: Speaker) -> list[str]:
    lines = [
        speaker.say(
            "report.planned-step", label=speaker.text(step.label), operation=_operation(step, speaker)
        ),
        f"{speaker.option(step.from_)} → {speaker.options(step.to)}",
        speaker.say("report.planned-class", name=_bridge(step, speaker), why=speaker.text(step.why)),
    ]
    if step.inputs:
        lines.append(
            speaker.say("report.inputs", names=speaker.parts(speaker.text(one) for one in step.inputs))
        )
    return [*lines, *_not_taken(step, speaker), *(speaker.resting(cited) for cited in step.clauses)]


def _operation(step: Planned, speaker: Speaker) -> str:
    if step.operation:
        return speaker.named(speaker.text(step.operation_label), step.operation)
    if step.family == "document":
        return speaker.text(step.operation_label)
    return speaker.say("report.no-operation")


def _not_taken(step: Planned, speaker: Speaker) -> list[str]:
    """One line a reason, with the options it holds for."""
    reasons: dict[str, list[str]] = {}
    for one in step.not_taken:
        reasons.setdefault(speaker.text(one.why), []).append(speaker.option(one.to))
    return [
        speaker.say("report.not-taken", options=speaker.some(options), why=why)
        for why, options in reasons.items()
    ]

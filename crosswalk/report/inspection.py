"""An inspection for people: what a file says, under which choices, and whether it holds together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crosswalk.report.conversion import contradiction, unused
from crosswalk.report.figures import figure
from crosswalk.report.layout import bullets, knowledge, section, table
from crosswalk.report.speaker import Speaker
from crosswalk.results import Behind, Chosen, IdentityCheck, Inspection, Understood

if TYPE_CHECKING:
    from rich.console import RenderableType

#: So many rows of a kind of activity data are shown; with ``full`` all of them.
_ROWS = 12
#: Choices in the order in which they ask for attention.
_ORDER = ("open", "unknown", "stated", "regime")


def headline(found: Inspection, speaker: Speaker) -> list[str]:
    """Return what the file is, in three plain lines."""
    names = [name for name in (found.product, found.id, found.file) if name]
    regime = speaker.regime(found.regime) if found.regime else speaker.say("report.regime-unknown")
    return [
        speaker.join(names),
        speaker.say("report.inspected", regime=regime, format=found.format, unit=found.declared_unit),
        speaker.say("report.consistent" if found.consistent else "report.inconsistent"),
    ]


def report(found: Inspection, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the parts of the report, in order."""
    from rich.text import Text

    for index, line in enumerate(headline(found, speaker)):
        yield Text(line, style=("bold", "", "green" if found.consistent else "red")[index])
    if found.standards:
        yield Text(speaker.say("report.standards", names=speaker.join(found.standards)))
    yield from section(
        speaker.say("report.contradictions"),
        *bullets(contradiction(c, speaker) for c in found.inconsistencies),
    )
    yield from _disclosed(found, speaker)
    if found.absent:
        yield from section(
            speaker.say("report.absent"),
            *bullets([speaker.join(speaker.thing(code) for code in found.absent)]),
        )
    yield from _behind(found.behind, speaker)
    yield from _method(found.method, speaker)
    yield from _identities(found.identities, speaker)
    yield from section(
        speaker.say("report.unused"),
        *bullets(unused(one.path, one.likely, speaker) for one in found.unused_fields),
    )
    yield from section(speaker.say("report.notes"), *bullets(speaker.text(note) for note in found.notes))
    yield from knowledge(found.knowledge, speaker)


def _disclosed(found: Inspection, speaker: Speaker) -> list[RenderableType]:
    heads = [speaker.say(f"report.head-{name}") for name in ("path", "value", "meaning")]
    rows = [
        (one.path, speaker.say("report.value-unit", value=one.value, unit=one.unit), speaker.text(one.label))
        for one in found.disclosed
    ]
    return section(speaker.say("report.disclosed", count=len(rows)), *table(heads, rows))


def _behind(sections: tuple[Behind, ...], speaker: Speaker) -> list[RenderableType]:
    """What stands behind the numbers: a table a kind of data, a row an entry."""
    from rich.text import Text

    heads = [speaker.say(f"report.head-{name}") for name in ("path", "understood")]
    body: list[RenderableType] = []
    for one in sections:
        label = speaker.text(one.label)
        body.append(Text(speaker.say("report.behind-section", label=label, count=one.count), style="italic"))
        shown = one.items if speaker.full else one.items[:_ROWS]
        body += table(heads, [(item.path, _said(item, speaker)) for item in shown])
        if len(shown) < len(one.items):
            body.append(Text(speaker.say("report.and-more", count=len(one.items) - len(shown))))
    return section(speaker.say("report.behind"), *body)


def _said(item: Understood, speaker: Speaker) -> str:
    return " | ".join(
        speaker.say("report.said", field=one.field, value=speaker.text(one.value)) for one in item.says
    )


def _method(method: tuple[Chosen, ...], speaker: Speaker) -> list[RenderableType]:
    ordered = sorted(method, key=lambda one: _ORDER.index(one.how))
    heads = [speaker.say(f"report.head-{name}") for name in ("dimension", "how", "options")]
    rows = [
        (speaker.text(one.label), speaker.word("how", one.how), speaker.options(one.options))
        for one in ordered
    ]
    return section(speaker.say("report.method"), *table(heads, rows))


def _identities(checks: tuple[IdentityCheck, ...], speaker: Speaker) -> list[RenderableType]:
    order = ("breaks", "holds", "untestable")
    shown = sorted(checks, key=lambda one: order.index(one.verdict))
    return section(speaker.say("report.identities"), *bullets(_identity(one, speaker) for one in shown))


def _identity(one: IdentityCheck, speaker: Speaker) -> list[str]:
    head = speaker.say(
        "report.identity",
        verdict=speaker.word("verdict", one.verdict),
        label=speaker.text(one.label),
        evidence=speaker.word("evidence", one.evidence),
    )
    lines = [head]
    if one.verdict == "breaks" and one.residual is not None and one.tolerance is not None:
        off, room = figure(one.residual), figure(one.tolerance)
        lines.append(speaker.say("report.identity-off", residual=off, tolerance=room))
    if one.missing:
        lines.append(speaker.say("report.identity-missing", fields=speaker.join(one.missing)))
    if one.alternative is not None:
        lines.append(speaker.say("report.identity-rival"))
    return lines

"""The few shapes a report is built of: headings, bullets with hanging indents, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

    from crosswalk.report.speaker import Speaker
    from crosswalk.results import AssumptionUsed, KnowledgeId


def section(title: str, *body: RenderableType) -> list[RenderableType]:
    """Return a heading with what stands under it, indented; nothing where there is no body."""
    from rich.padding import Padding
    from rich.text import Text

    if not body:
        return []
    return [Text(), Text(title, style="bold"), *(Padding(part, (0, 0, 0, 2)) for part in body)]


def bullets(items: Iterable[str | Sequence[str]]) -> list[RenderableType]:
    """Return a list; an item of several lines keeps them under one bullet."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for item in items:
        grid.add_row(Text("•"), Text(item if isinstance(item, str) else "\n".join(item)))
    return [grid] if grid.row_count else []


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, folded: bool = True
) -> list[RenderableType]:
    """Return a table; cells wrap, and are never cut."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    built = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    for head in heads:
        built.add_column(Text(head), overflow="fold" if folded else "ellipsis", vertical="top")
    for row in rows:
        built.add_row(*(Text(cell) for cell in row))
    return [built] if built.row_count else []


def assumptions(used: Iterable[AssumptionUsed], speaker: Speaker) -> list[RenderableType]:
    """Return assumptions as a list, each with where it comes from and how it is known."""
    return bullets(
        [
            speaker.named(speaker.text(one.label), one.code),
            speaker.say(
                "report.assumption-rests",
                clause=speaker.clause(one.clause),
                evidence=speaker.word("evidence", one.evidence),
                sources=speaker.join(one.sources) or speaker.say("report.none"),
            ),
            *([speaker.text(one.note)] if one.note else []),
        ]
        for one in used
    )


def knowledge(known: KnowledgeId, speaker: Speaker) -> list[RenderableType]:
    """Return the last line of every report: which knowledge it rests on."""
    from rich.text import Text

    line = speaker.say("report.knowledge", version=known.version, hash=known.hash[:12])
    return [Text(), Text(line, style="dim")]

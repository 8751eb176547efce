"""The coverage matrix as text, Markdown and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from crosswalk.errors import UsageError
from crosswalk.report.layout import knowledge, section, table
from crosswalk.report.speaker import Speaker
from crosswalk.results.coverage import Coverage

if TYPE_CHECKING:
    from rich.console import RenderableType

#: How a cell of the matrix looks, firmest first; the last is for what is missing.
SYMBOLS = {
    "read": "●",
    "secondary": "◐",
    "draft": "◔",
    "inferred": "△",
    "memory": "○",
    "presumed": "≈",
    "unknown": "?",
    "": "·",
}
BEGIN, END = "<!-- coverage: begin -->", "<!-- coverage: end -->"


def coverage_report(found: Coverage, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the totals of each regime, and the matrix with one column a regime."""
    from rich.text import Text

    yield from table(*_totals(found, speaker))
    yield from section(speaker.say("report.coverage-legend"), Text(_legend(speaker)))
    matrix = Text("\n".join(_matrix(found, speaker)), no_wrap=True, overflow="ignore")
    yield from section(speaker.say("report.coverage-matrix"), matrix)
    yield from knowledge(found.knowledge, speaker)


def coverage_lines(found: Coverage, speaker: Speaker) -> list[str]:
    """Return the totals in a few lines."""
    counts = [
        f"{SYMBOLS[name]} {speaker.word('evidence', name)} {count}" for name, count in found.counts.items()
    ]
    head = speaker.say("report.coverage-total", count=sum(found.counts.values()), regimes=len(found.regimes))
    return [head, *counts]


def coverage_markdown(found: Coverage, speaker: Speaker) -> str:
    """Return totals, legend and matrix in Markdown."""
    heads, rows = _totals(found, speaker)
    numbers = [str(number) for number in range(1, len(found.regimes) + 1)]
    matrix = [
        [speaker.text(dimension.label), *(SYMBOLS[cell] for cell in cells)]
        for dimension, cells in zip(found.dimensions, _cells(found), strict=True)
    ]
    head = coverage_lines(found, speaker)[0]
    dimension = speaker.say("report.head-dimension")
    right = ["--:", "---", *["--:"] * (len(heads) - 2)]
    return "\n".join(
        [
            head,
            "",
            *_grid([heads, right, *rows]),
            "",
            _legend(speaker),
            "",
            *_grid([[dimension, *numbers], ["---", *[":-:"] * len(numbers)], *matrix]),
            "",
        ]
    )


def coverage_csv(found: Coverage) -> str:
    """Return one line a regime and dimension: evidence class, clause, sources, options permitted."""
    text = io.StringIO()
    rows = found.to_rows()
    names = ["regime", "dimension", "evidence", "clause", "sources", "permits"]
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def between_markers(page: str, matrix: str, where: str = "", markers: tuple[str, str] = (BEGIN, END)) -> str:
    """Return a page with ``matrix`` between its two markers. Raises ``UsageError`` where they are missing.

    >>> between_markers(f"a\\n{BEGIN}\\nold\\n{END}\\nb\\n", "new\\n").split("\\n")[2]
    'new'
    """
    before, after = markers
    start, end = page.find(before), page.find(after)
    if start < 0 or end < start:
        raise UsageError("coverage-markers", where=where, begin=before, end=after)
    return f"{page[: start + len(before)]}\n{matrix}{page[end:]}"


def _totals(found: Coverage, speaker: Speaker) -> tuple[list[str], list[list[str]]]:
    shown = [speaker.word("evidence", name) for name in found.counts]
    heads = ["#", speaker.say("report.head-code"), *shown, speaker.say("report.head-missing")]
    rows = [
        [str(number), one.code, *(str(count or "") for count in one.counts.values()), str(one.missing or "")]
        for number, one in enumerate(found.regimes, 1)
    ]
    total = [str(count) for count in found.counts.values()]
    rows.append(["", speaker.say("report.coverage-all"), *total, str(found.missing)])
    return heads, rows


def _legend(speaker: Speaker) -> str:
    missing = speaker.say("report.head-missing")
    named = (
        f"{sign} {speaker.word('evidence', name) if name else missing}" for name, sign in SYMBOLS.items()
    )
    return "   ".join(named)


def _cells(found: Coverage) -> Iterator[list[str]]:
    known = [{one.dimension: one.evidence for one in regime.cells} for regime in found.regimes]
    for dimension in found.dimensions:
        yield [one.get(dimension.code, "") for one in known]


def _matrix(found: Coverage, speaker: Speaker) -> Iterator[str]:
    from rich.cells import cell_len

    labels = [speaker.text(one.label) for one in found.dimensions]
    width = max(map(cell_len, labels), default=0)
    numbers = [f"{number:>2}" for number in range(1, len(found.regimes) + 1)]
    for digit in (0, 1):
        yield " " * width + "".join(f" {number[digit]}" for number in numbers)
    for label, cells in zip(labels, _cells(found), strict=True):
        yield label + " " * (width - cell_len(label)) + "".join(f" {SYMBOLS[cell]}" for cell in cells)


def _grid(rows: list[list[str]]) -> list[str]:
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]

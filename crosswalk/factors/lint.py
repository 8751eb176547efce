"""Faults of factor tables as findings of ``crosswalk lint``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from crosswalk.factors.load import load_factors
from crosswalk.knowledge.finding import Finding
from crosswalk.knowledge.records import Text


def table_findings(knowledge: Sequence[str | os.PathLike[str]] = ()) -> Iterator[Finding]:
    """Yield a finding for each fault of the tables, built in and of the folders in ``knowledge``.

    Raises what :func:`crosswalk.factors.load.load_factors` raises where a file cannot be read at all.
    """
    for fault in load_factors(knowledge=knowledge).faults:
        what, fix = zip(*(_split(fault.message.get(lang), lang) for lang in ("en", "zh")), strict=True)
        yield Finding(
            file=f"{fault.file}:{fault.row}",
            subject=fault.column,
            rule="factor-table",
            severity="error" if fault.lost else "warning",
            message=Text(en=what[0], zh=what[1]),
            fix=Text(en=fix[0], zh=fix[1]),
        )


def _split(sentence: str, lang: str) -> tuple[str, str]:
    """Divide a sentence of ours into what is wrong and what to do."""
    what, _, fix = sentence.rpartition("；" if lang == "zh" else "; ")
    if not what:
        return sentence, ""
    return what, f"{fix[:1].upper()}{fix[1:]}" + ("。" if lang == "zh" else ".")

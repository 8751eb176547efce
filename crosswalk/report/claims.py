"""The columns of a claims table, in Markdown, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crosswalk.messages import say

if TYPE_CHECKING:
    from crosswalk.knowledge.recognition import ClaimField, Recognition

BEGIN, END = "<!-- fields: begin -->", "<!-- fields: end -->"


def fields_markdown(recognition: Recognition) -> str:
    """Return one table of what a claim may state, and one of what is worked out."""
    fields = recognition.fields.values()
    stated = _table([one for one in fields if not one.derived])
    derived = _table([one for one in fields if one.derived])
    return "\n".join(["", *stated, "", *_both("report.claims-derived"), "", *derived, ""])


def _table(fields: Iterable[ClaimField]) -> list[str]:
    codes = ("report.head-column", "report.head-kind", "report.head-meaning", "report.head-words")
    heads = [" / ".join(_both(code)) for code in codes]
    rows = [[f"`{one.code}`", _kind(one), _meaning(one), _words(one)] for one in fields]
    return [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows)]


def _kind(one: ClaimField) -> str:
    return " / ".join(_both(f"word.value-{one.kind}"))


def _meaning(one: ClaimField) -> str:
    parts = [f"{one.label.en} / {one.label.zh}"]
    if one.definition is not None:
        parts += [one.definition.en, one.definition.zh]
    if one.unit not in ("", "1"):
        parts.append(one.unit)
    return "<br>".join(part.replace("|", "\\|") for part in parts)


def _words(one: ClaimField) -> str:
    if one.names:
        return " / ".join(_both(f"report.claims-names-{one.names}"))
    return "<br>".join(f"`{code}` {label.en} / {label.zh}" for code, label in one.values.items())


def _both(code: str) -> list[str]:
    return [say(code, lang) for lang in ("en", "zh")]

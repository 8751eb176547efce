"""What a query found, as a table for people, CSV, JSON (SPARQL 1.1 results) or Turtle."""

from __future__ import annotations

import csv
import io
from typing import Any, Literal

from crosswalk.errors import UsageError
from crosswalk.knowledge.index import Value, curie
from crosswalk.knowledge.query import Found
from crosswalk.messages import say

FoundForm = Literal["table", "csv", "json", "turtle"]


def found_text(found: Found, form: FoundForm, lang: str = "en") -> str:
    """Return what was found as text. Raises ``UsageError`` for Turtle of anything but statements."""
    match form:
        case "table":
            return _table(found, lang)
        case "csv":
            return _csv(found)
        case "json":
            return _json(found)
        case "turtle":
            return _turtle(found)


def _table(found: Found, lang: str) -> str:
    from crosswalk.report.layout import table
    from crosswalk.report.out import printed

    if found.truth is not None:
        return say("report.query-yes" if found.truth else "report.query-no", lang) + "\n"
    rows = [[_shown(cell) for cell in row] for row in found.rows]
    parts = table(found.columns, rows) if found.columns else []
    return printed([*parts, say("report.query-rows", lang, count=len(rows))])


def _shown(cell: Value | None) -> str:
    if cell is None:
        return ""
    return curie(cell.text) if cell.is_ref else cell.text


def _csv(found: Found) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if found.truth is not None:
        writer.writerows([["answer"], [str(found.truth).lower()]])
    else:
        writer.writerow(found.columns)
        writer.writerows([["" if cell is None else cell.text for cell in row] for row in found.rows])
    return text.getvalue()


def _json(found: Found) -> str:
    from crosswalk.report.out import as_json

    if found.truth is not None:
        return as_json({"head": {}, "boolean": found.truth})
    rows = [
        {name: _cell(cell) for name, cell in zip(found.columns, row, strict=True) if cell is not None}
        for row in found.rows
    ]
    return as_json({"head": {"vars": list(found.columns)}, "results": {"bindings": rows}})


def _cell(cell: Value) -> dict[str, Any]:
    if cell.is_ref:
        blank = cell.text.startswith("_:")
        return {"type": "bnode" if blank else "uri", "value": cell.text[2:] if blank else cell.text}
    plain = {"type": "literal", "value": cell.text}
    if cell.lang:
        return {**plain, "xml:lang": cell.lang}
    return plain if cell.datatype.endswith("#string") else {**plain, "datatype": cell.datatype}


def _turtle(found: Found) -> str:
    from crosswalk.knowledge.write import turtle

    if found.kind != "construct":
        raise UsageError("query-form")
    triples = []
    for subject, predicate, value in found.rows:
        assert subject is not None
        assert predicate is not None
        assert value is not None
        triples.append((subject.text, predicate.text, value))
    return turtle(triples)

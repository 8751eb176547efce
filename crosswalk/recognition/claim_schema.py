"""The JSON Schema of a claim, from what the knowledge says its fields are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crosswalk.recognition.claims import FOOTPRINT, Schema

if TYPE_CHECKING:
    from crosswalk.knowledge.recognition import ClaimField, Kind, Recognition

_NUMBER = r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\s*$"
_SHARE = r"^\s*(0*\.[0-9]+|0+\.?|0*1(\.0*)?|\+?([0-9]+\.?[0-9]*|\.[0-9]+)\s?[%％])\s*$"
_SHAPES: dict[Kind, list[dict[str, Any]]] = {
    "text": [{"type": "string"}],
    "word": [{"type": "string"}],
    "decimal": [{"type": "number"}, {"type": "string", "pattern": _NUMBER}],
    "share": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": _SHARE}],
    "integer": [{"type": "integer"}],
    "boolean": [{"type": "boolean"}],
    "date": [{"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}],
}


def claim_schema(recognition: Recognition) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a claim: one object, a line of a JSONL file.

    A field whose name has a dot may stand in an object of its own (``{"verification": {"kind": …}}``) or
    under its whole name. Words are those of the closed lists as they stand; other spellings that are read in
    a table, such as labels, are not part of it. ``null`` is the same as nothing.

    >>> from crosswalk.knowledge.recognition import Recognition
    >>> claim_schema(Recognition())["type"]
    'object'
    """
    fields = Schema.of(recognition).fields
    properties: dict[str, Any] = {}
    for code, one in fields.items():
        properties[code] = _value(one)
        head, _, rest = code.partition(".")
        if rest and head not in fields:
            properties.setdefault(head, _object())["properties"][rest] = _value(one)
    for name in FOOTPRINT:
        properties.setdefault(name.rstrip("."), {})
    # Columns of a footprint, as docs/footprint.md has them; an amount may say its unit.
    heads = "|".join(name.rstrip(".") for name in FOOTPRINT if name.endswith("."))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Claim of recognition",
        "type": "object",
        "properties": properties,
        "patternProperties": {rf"^({heads})\.": {}},
        "additionalProperties": False,
    }


def _object() -> dict[str, Any]:
    return {"type": ["object", "null"], "properties": {}, "additionalProperties": False}


def _value(one: ClaimField) -> dict[str, Any]:
    words: dict[str, Any] = {"enum": list(one.values)} if one.values else {"type": "string"}
    if one.kind == "list":
        shapes = [{"type": "array", "items": words}]
    elif one.values:
        shapes = [words]
    else:
        shapes = _SHAPES[one.kind]
    said = [f"{one.label.en} / {one.label.zh}"]
    if one.definition is not None:
        said.append(f"{one.definition.en} / {one.definition.zh}")
    return {"description": ". ".join(said), "anyOf": [*shapes, {"type": "null"}]}

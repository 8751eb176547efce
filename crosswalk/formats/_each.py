"""Every footprint of a file, one by one: a bad one costs only itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crosswalk.errors import CrosswalkError
from crosswalk.footprint.records import Footprint
from crosswalk.formats import _json, parse, readers
from crosswalk.knowledge.catalogue import Catalogue


def load(source: str | bytes, where: str) -> Any:
    """Decode a file, given by path or as bytes; ``where`` names bytes in messages."""
    return _json.loads(source, where) if isinstance(source, bytes) else _json.load_file(Path(source))


def each(payload: Any, where: str, catalogue: Catalogue) -> list[Footprint | CrosswalkError]:
    """Read a decoded payload; what cannot be read stands as its error in its place.

    ``where`` names it in messages. Raises ``InputError`` where the payload as a whole cannot be read, or
    holds one footprint and that one is bad.
    """
    items = _items(payload)
    try:
        return list(parse(payload, where, catalogue))
    except CrosswalkError:
        if len(items) < 2 or not any(_claimed(item) for item in items):
            raise
    return [_one(item, f"{where}#{number}", catalogue) for number, item in enumerate(items, start=1)]


def _one(item: Any, where: str, catalogue: Catalogue) -> Footprint | CrosswalkError:
    try:
        return parse(item, where, catalogue)[0]
    except CrosswalkError as error:
        return error


def _claimed(item: Any) -> bool:
    return any(reader.claims(item) for reader in readers().values())


def _items(payload: Any) -> list[Any]:
    """Return the members of a list, or of the one list of objects an envelope holds."""
    if isinstance(payload, list):
        return payload
    if not isinstance(payload, dict):
        return []
    lists = [value for value in payload.values() if isinstance(value, list) and _objects(value)]
    return lists[0] if len(lists) == 1 else []


def _objects(found: list[Any]) -> bool:
    return bool(found) and all(isinstance(one, dict) for one in found)

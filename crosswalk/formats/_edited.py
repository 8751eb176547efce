"""Footprints of a payload before and after its inputs were changed."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

from crosswalk.errors import CrosswalkError
from crosswalk.footprint.records import Footprint
from crosswalk.formats import _json, readers
from crosswalk.formats._each import each
from crosswalk.formats._edit import Changed, change
from crosswalk.formats._shape import Shape, of_format, of_schema
from crosswalk.knowledge.catalogue import Catalogue


class Edited(NamedTuple):
    """One footprint as the file has it, and as it is once changed; an error where it cannot be read."""

    before: Footprint | CrosswalkError
    after: Footprint | CrosswalkError
    changes: tuple[Changed, ...]


def edited(payload: Any, where: str, settings: Mapping[str, Any], catalogue: Catalogue) -> list[Edited]:
    """Read every footprint of a payload twice: as it is, and with each path of ``settings`` set.

    The paths are followed in their order, from each footprint on. Raises ``UsageError``, ``InputError``
    or ``UnknownNameError`` where a path cannot be followed.
    """
    befores = _each(payload, where, catalogue)
    changed = copy.deepcopy(payload)
    reader = _reader(payload)
    told: list[tuple[Changed, ...]] = []
    for index, part in enumerate(_parts(changed, reader)):
        before = befores[index] if index < len(befores) else befores[0]
        shape = _shape(before, reader, catalogue)
        try:
            told.append(_change(part, settings, shape))
        except CrosswalkError as error:
            at = f"{where}: {error.where}" if error.where else where
            raise type(error)(error.code, where=at, **error.values) from None
    _json.check(changed, where)
    afters = _each(changed, where, catalogue)
    if len(afters) != len(told):
        return [Edited(before, afters[0], ()) for before in befores]
    return [
        Edited(befores[index] if len(befores) == len(told) else befores[0], after, changes)
        for index, (after, changes) in enumerate(zip(afters, told, strict=True))
    ]


def _each(payload: Any, where: str, catalogue: Catalogue) -> list[Footprint | CrosswalkError]:
    try:
        return each(payload, where, catalogue)
    except CrosswalkError as error:
        return [error]


def _change(part: Any, settings: Mapping[str, Any], shape: Shape | None) -> tuple[Changed, ...]:
    if not isinstance(part, dict):
        return ()
    made: Any = part
    changes: list[Changed] = []
    for path, value in settings.items():
        made, found = change(made, path, value, shape)
        changes += found
    part.clear()
    part.update(made)
    return tuple(changes)


def _reader(payload: Any) -> ModuleType | None:
    return next((one for one in readers().values() if one.claims(payload)), None)


def _parts(payload: Any, reader: ModuleType | None) -> list[Any]:
    """Return the footprints of a payload: those a reader finds in its envelopes, else a list's entries."""
    if reader is not None and hasattr(reader, "parts"):
        return [part for _, part in reader.parts(payload)]
    return payload if isinstance(payload, list) else [payload]


def _shape(
    footprint: Footprint | CrosswalkError, reader: ModuleType | None, catalogue: Catalogue
) -> Shape | None:
    if reader is not None and hasattr(reader, "schema"):
        return _of_reader(reader)
    if isinstance(footprint, Footprint):
        return of_format(catalogue.formats[footprint.format])
    # What cannot be read yet may be of any version of its format.
    found = Shape()
    for described in catalogue.formats.values():
        one = of_format(described)
        if one is not None:
            found.merge(one)
    return found


@lru_cache(maxsize=8)
def _of_reader(reader: ModuleType) -> Shape:
    return of_schema(reader.schema())

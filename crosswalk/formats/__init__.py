"""Files in, footprints out: one module a format, found by listing this package.

To add a format, add a module here (its name without a leading underscore) with

* ``claims(payload) -> bool``: whether the payload is in this format, and
* ``read(payload, where, catalogue) -> list[Footprint]``: its footprints, or an ``InputError``.

What the fields of a format mean stands in ``ontologies/formats``; a reader only finds them in a file.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from crosswalk.errors import InputError
from crosswalk.footprint.records import Footprint

if TYPE_CHECKING:
    from crosswalk.knowledge.catalogue import Catalogue

#: A footprint, or where to read one: a file, or a payload decoded from JSON.
Given = Footprint | str | os.PathLike[str] | dict[str, Any]
Source = str | os.PathLike[str] | dict[str, Any] | list[Any]


@cache
def readers() -> dict[str, ModuleType]:
    """Return the modules that read formats, by name.

    >>> sorted(readers())
    ['catenax', 'ilcd_epd', 'own', 'pact']
    """
    from importlib import import_module
    from pkgutil import iter_modules

    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    return {name: import_module(f"{__name__}.{name}") for name in names}


def read(source: Source, catalogue: Catalogue | None = None, *, which: int | str | None = None) -> Footprint:
    """Read one footprint from a file or a decoded payload.

    Where there are several, ``which`` says which one: its number, counted from 1, or its id.
    Raises ``InputError`` naming file and field where anything in it cannot be understood.
    """
    found = read_all(source, catalogue)
    if which is None:
        if len(found) == 1:
            return found[0]
        raise InputError("file-several", where=_where(source), count=len(found), ids=_ids(found))
    if isinstance(which, int) and 1 <= which <= len(found):
        return found[which - 1]
    for footprint in found:
        if footprint.id == str(which):
            return footprint
    raise InputError("file-several", where=_where(source), count=len(found), ids=_ids(found))


def given(footprint: Given, catalogue: Catalogue | None = None) -> Footprint:
    """Return a footprint as it is, or the one a file or payload holds."""
    return footprint if isinstance(footprint, Footprint) else read(footprint, catalogue)


def read_all(source: Source, catalogue: Catalogue | None = None) -> list[Footprint]:
    """Read every footprint of a file or a decoded payload, in the order in which it lists them."""
    from crosswalk.formats import _json

    where = _where(source)
    if isinstance(source, (dict, list)):
        payload: Any = source
        _json.check(payload, where)
    else:
        payload = _json.load_file(Path(source))
    if catalogue is None:
        from crosswalk.knowledge.load import load

        catalogue = load()
    return parse(payload, where, catalogue)


def parse(payload: Any, where: str, catalogue: Catalogue) -> list[Footprint]:
    """Read a decoded payload with the first reader that claims it; ``where`` names it in messages."""
    for reader in readers().values():
        if reader.claims(payload):
            found: list[Footprint] = reader.read(payload, where, catalogue)
            if not found:
                raise InputError("file-none", where=where)
            return found
    known = ", ".join(one.label.en for one in catalogue.formats.values())
    raise InputError("file-format", where=where, formats=known)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of our own footprint file."""
    from crosswalk.formats.own import schema

    return schema()


def _where(source: Source) -> str:
    return "payload" if isinstance(source, (dict, list)) else os.fspath(source)


def _ids(found: list[Footprint]) -> str:
    shown = [f"{number}: {one.id or '–'}" for number, one in enumerate(found[:5], start=1)]
    return ", ".join([*shown, *(["…"] if len(found) > 5 else [])])

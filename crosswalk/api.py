"""The jobs Crosswalk does, each in one call, with whatever a user has at hand.

These are the functions of the public face (``crosswalk.convert`` and so on). Everything they need
loads when it is needed; only the records load with the package.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Loading a submodule binds its name in the package, and some share the name of a function of the
# public face: they load here, before crosswalk/__init__.py binds the functions over them.
from crosswalk.comparison import compare as compare_regimes
from crosswalk.comparison import plan as plan_conversion
from crosswalk.convert import convert as convert_footprint
from crosswalk.footprint.records import Footprint
from crosswalk.inspection import inspect as inspect_footprint
from crosswalk.regimes import list_regimes

if TYPE_CHECKING:
    from rdflib import Graph

    from crosswalk.comparison import Comparison, Plan
    from crosswalk.inspection import Inspection
    from crosswalk.knowledge.catalogue import Catalogue
    from crosswalk.regimes import RegimeList
    from crosswalk.results import Conversion

#: A footprint, or where to read one: a file, or a payload decoded from JSON.
Given = Footprint | str | os.PathLike[str] | dict[str, Any]


def load(knowledge: Sequence[str | os.PathLike[str]] = ()) -> Catalogue:
    """Return the catalogue of the built-in knowledge and of further folders of Turtle.

    Raises ``KnowledgeError`` where a folder is missing or a file in it is broken.

    >>> "PACT:3.0" in load().regimes
    True
    """
    from crosswalk.knowledge.load import load as load_catalogue

    return load_catalogue([Path(folder) for folder in knowledge])


def graph(knowledge: Sequence[str | os.PathLike[str]] = ()) -> Graph:
    """Return the same knowledge as a new rdflib graph, to query and to extend."""
    from crosswalk.knowledge.graph import graph as make_graph

    return make_graph([Path(folder) for folder in knowledge])


def read(
    source: str | os.PathLike[str] | dict[str, Any],
    *,
    which: int | str | None = None,
    catalogue: Catalogue | None = None,
) -> Footprint:
    """Read one footprint from a file or a decoded payload, in any format that is known.

    Where there are several, ``which`` says which one: its number, counted from 1, or its id.
    Raises ``InputError`` naming file and field where anything in it cannot be understood.
    """
    from crosswalk.formats import read as read_one

    return read_one(source, catalogue, which=which)


def read_all(
    source: str | os.PathLike[str] | dict[str, Any] | list[Any], *, catalogue: Catalogue | None = None
) -> list[Footprint]:
    """Read every footprint of a file or a decoded payload, in the order in which it lists them."""
    from crosswalk.formats import read_all as read_every

    return read_every(source, catalogue)


def convert(
    footprint: Given,
    *,
    to: str,
    source: str | None = None,
    assume: Sequence[str] = (),
    allow: Sequence[str] = (),
    catalogue: Catalogue | None = None,
) -> Conversion:
    """Return a footprint, a file or a payload as the regime ``to`` would state it.

    ``source`` overrides the regime the file names. ``assume`` names assumption profiles; what they add
    is shown apart. ``allow=("estimated",)`` admits estimates. A refusal is a result (``answered`` is
    false), not an exception. Values are kg CO2e per declared unit. Raises ``InputError`` for a file that
    cannot be read, ``UnknownNameError`` for a name that is not known, and ``UsageError`` if no source
    regime is known.
    """
    given = _footprint(footprint, catalogue)
    return convert_footprint(given, to=to, source=source, assume=assume, allow=allow, catalogue=catalogue)


def inspect(footprint: Given, *, catalogue: Catalogue | None = None) -> Inspection:
    """Return what a footprint, a file or a payload discloses, and whether it holds together."""
    return inspect_footprint(_footprint(footprint, catalogue), catalogue=catalogue)


def compare(first: str, second: str, *, catalogue: Catalogue | None = None) -> Comparison:
    """Return the dimensions in which two regimes differ, with how each difference may be bridged."""
    return compare_regimes(first, second, catalogue=catalogue)


def plan(source: str, target: str, *, catalogue: Catalogue | None = None) -> Plan:
    """Return the operations a conversion from ``source`` to ``target`` would use, in order."""
    return plan_conversion(source, target, catalogue=catalogue)


def regimes(*, catalogue: Catalogue | None = None) -> RegimeList:
    """Return the regimes that are described, with how much is known of each.

    >>> regimes().regimes[0].code
    'GBT:24067-2024'
    """
    return list_regimes(catalogue if catalogue is not None else load())


def _footprint(given: Given, catalogue: Catalogue | None) -> Footprint:
    return given if isinstance(given, Footprint) else read(given, catalogue=catalogue)

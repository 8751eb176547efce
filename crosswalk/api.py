"""The doors of the public face that are not jobs of their own: knowledge in, footprints in.

Everything they need loads when it is needed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rdflib import Graph

    from crosswalk.footprint.records import Footprint
    from crosswalk.knowledge.catalogue import Catalogue


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

"""Find the knowledge, and load it as a Catalogue."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from crosswalk.errors import KnowledgeError
from crosswalk.knowledge.index import Document, documents, turtle_files

if TYPE_CHECKING:
    from crosswalk.knowledge.catalogue import Catalogue

#: Installed packages add knowledge under this entry-point group; each entry point gives a folder.
ENTRY_POINTS = "crosswalk.knowledge"
#: Turtle no conversion needs: large, and read only by the loaders of products and of metric values.
APART = ("factors/gwp-other.ttl", "products/products.ttl")
_PACKAGE = Path(__file__).resolve().parents[1]


class Folder(NamedTuple):
    """A folder of Turtle and the name to show for it."""

    path: Path
    shown: str


def knowledge_dirs(extra: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Return the folders knowledge is read from: built in, from installed packages, then ``extra``.

    Raises ``KnowledgeError`` where the built-in knowledge or a folder given is missing.

    >>> [path.name for path in knowledge_dirs()][:2]
    ['ontologies', 'mappings']
    """
    return tuple(folder.path for folder in _folders(tuple(os.fspath(path) for path in extra)))


def knowledge_documents(extra: Sequence[Path] = ()) -> list[Document]:
    """Read every Turtle file of :func:`knowledge_dirs`, in a stable order."""
    return documents(_folders(tuple(os.fspath(path) for path in extra)))


def load(extra: Sequence[Path] = ()) -> Catalogue:
    """Return the Catalogue of the built-in knowledge and the folders in ``extra``.

    The same folders give the same object for as long as the process lives. Raises
    ``KnowledgeError`` naming file and subject where a file does not parse or a statement is
    incomplete.
    """
    return _load(tuple(os.path.abspath(path) for path in extra))


@lru_cache(maxsize=8)
def _load(extra: tuple[str, ...]) -> Catalogue:
    from crosswalk.knowledge import cache

    found = [one for one in documents(_folders(extra)) if not one.name.endswith(APART)]
    key = cache.content_hash(found)
    catalogue = cache.fetch(key)
    if catalogue is None:
        from crosswalk.knowledge.compile import compile_catalogue
        from crosswalk.knowledge.index import build

        catalogue = compile_catalogue(build(found), version=cache.package_version(), content_hash=key)
        cache.store(key, catalogue)
    return catalogue


def _folders(extra: tuple[str, ...]) -> list[Folder]:
    given = [Folder(Path(path), _shown(path)) for path in extra]
    for folder in given:
        if next(turtle_files(folder.path), None) is None and not any(folder.path.rglob("*.sssom.tsv")):
            raise KnowledgeError("knowledge-folder", where=str(folder.path))
    return [*_built_in(_PACKAGE), *_installed(), *given]


def _shown(path: str) -> str:
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


def _built_in(package: Path) -> list[Folder]:
    # A wheel carries the folders inside the package; in a source checkout they stand beside it.
    for root in (package / "_data", package.parent):
        if (root / "ontologies" / "crosswalk.ttl").is_file():
            names = ["ontologies", *(["mappings"] if (root / "mappings").is_dir() else [])]
            return [Folder(root / name, name) for name in names]
    raise KnowledgeError("knowledge-absent", where=str(package))


def _installed() -> list[Folder]:
    from importlib.metadata import entry_points

    found = []
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: (point.name, point.value)):
        try:
            path = _as_path(entry.load())
        except Exception as error:
            # Whatever a foreign package raises on import, the user needs to know which package it was.
            where = f"{entry.name} = {entry.value}"
            raise KnowledgeError("knowledge-entry-point", where=where, problem=str(error)) from error
        found.append(Folder(path, f"{entry.name}:{path.name}"))
    return found


def _as_path(given: Any) -> Path:
    if callable(given):
        given = given()
    if isinstance(given, ModuleType):
        return Path(next(iter(given.__path__)))
    return Path(given)

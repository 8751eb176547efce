"""Load products and mappings, apart from the Catalogue: only what asks for them pays for them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from crosswalk.errors import KnowledgeError
from crosswalk.knowledge import cache
from crosswalk.knowledge.index import Document
from crosswalk.knowledge.load import knowledge_dirs, knowledge_documents
from crosswalk.mappings.records import Mappings

SUFFIX = ".sssom.tsv"
_CACHED = ".mappings"
_HERE = Path(__file__).parent


def load_mappings(extra: Sequence[str | os.PathLike[str]] = ()) -> Mappings:
    """Return products and mappings of the built-in knowledge and of further folders.

    The same folders give the same object for as long as the process lives. Raises
    ``KnowledgeError`` with file, line and column where a mapping set has a fault.

    >>> len(load_mappings().products)
    77
    """
    return _load(tuple(os.path.abspath(path) for path in extra))


def mapping_documents(extra: Sequence[str | os.PathLike[str]] = ()) -> list[Document]:
    """Read every ``*.sssom.tsv`` below the folders of knowledge, in a stable order."""
    found = []
    for number, folder in enumerate(knowledge_dirs([Path(path) for path in extra])):
        if not folder.is_dir():
            continue
        paths = sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*" + SUFFIX))
        for relative, path in paths:
            try:
                content = path.read_bytes()
            except OSError as error:
                raise KnowledgeError("knowledge-unreadable", where=str(path), problem=str(error)) from error
            found.append(Document(f"{number}/{relative}", f"{folder.name}/{relative}", content))
    return found


@lru_cache(maxsize=8)
def _load(extra: tuple[str, ...]) -> Mappings:
    turtle = knowledge_documents([Path(path) for path in extra])
    sheets = mapping_documents(extra)
    key = cache.content_hash([*turtle, *sheets], _schema())
    found = _fetch(key)
    if found is None:
        found = compile_documents(turtle, sheets, key)
        cache.write_entry(key + _CACHED, msgspec.msgpack.encode(found))
    return found


def _fetch(key: str) -> Mappings | None:
    data = cache.read_entry(key + _CACHED)
    if data is None:
        return None
    try:
        found = msgspec.msgpack.decode(data, type=Mappings)
    except msgspec.MsgspecError:
        return None
    return found if found.hash == key else None


def _schema() -> bytes:
    # The code that makes the records is part of the key, as for the Catalogue.
    digest = hashlib.sha256()
    for path in (*sorted(_HERE.glob("*.py")), _HERE.parent / "knowledge" / "catalogue.py"):
        digest.update(path.read_bytes())
    return digest.digest()


def compile_documents(turtle: Iterable[Document], sheets: Iterable[Document], key: str) -> Mappings:
    """Make the records of files already read. Raises ``KnowledgeError`` at the first fault."""
    from crosswalk.knowledge.index import build
    from crosswalk.mappings.compile import compile_mappings

    return compile_mappings(build(turtle), list(sheets), key)

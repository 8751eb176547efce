"""The compiled Catalogue, kept between runs as plain data under the hash of what it came from.

A cache must never change an answer: an entry that is damaged, foreign or unreadable counts as
absent, and a folder that cannot be written to is left alone without a word.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.index import Document

#: Folder of the cache, or ``off``.
VARIABLE = "CROSSWALK_CACHE"
#: How many entries stay when a new one is written.
KEEP = 6
_SUFFIX = ".catalogue"
_SOURCES = (
    "catalogue.py",
    "index.py",
    "load.py",
    "compile.py",
    "compile_formats.py",
    "compile_recognition.py",
    "compile_shapes.py",
    "compile_uncertainty.py",
    "reader.py",
    "recognition.py",
    "records.py",
)


@cache
def package_version() -> str:
    """Return the version of the installed package, ``"0"`` in a checkout that is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("carbon-crosswalk")
    except PackageNotFoundError:
        return "0"


@cache
def _schema() -> bytes:
    # The code that makes the records is part of the key: a changed compiler never meets old entries.
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for name in _SOURCES:
        with contextlib.suppress(OSError):
            digest.update((here / name).read_bytes())
    return digest.digest()


def content_hash(documents: Iterable[Document], schema: bytes | None = None) -> str:
    """Return the hash of names and contents, of the package version and of the schema of the records."""
    digest = hashlib.sha256((_schema() if schema is None else schema) + package_version().encode())
    for key, _, content in sorted(documents):
        # Lengths go in as well, so that no byte can move from one file to its neighbour unseen.
        digest.update(f"\n{len(key)} {len(content)} {key}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def folder() -> Path | None:
    """Return the folder of the cache, or ``None`` where it is switched off."""
    given = os.environ.get(VARIABLE)
    if given:
        return None if given.lower() == "off" else Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("carbon-crosswalk", appauthor=False)


def fetch(key: str) -> Catalogue | None:
    """Return the Catalogue kept under ``key``, or ``None`` where there is none that is whole."""
    data = read_entry(key + _SUFFIX)
    if data is None:
        return None
    try:
        found = msgspec.msgpack.decode(data, type=Catalogue)
    except msgspec.MsgspecError:
        return None
    return found if found.hash == key else None


def store(key: str, catalogue: Catalogue) -> None:
    """Keep ``catalogue`` under ``key`` where that is possible, and drop the oldest entries."""
    if folder() is not None:
        write_entry(key + _SUFFIX, msgspec.msgpack.encode(catalogue))


def read_entry(name: str) -> bytes | None:
    """Return what is kept under the file name ``name``, or ``None`` where there is nothing whole."""
    where = folder()
    if where is None:
        return None
    try:
        data = (where / name).read_bytes()
    except OSError:
        return None
    return data[32:] if hashlib.sha256(data[32:]).digest() == data[:32] else None


def write_entry(name: str, payload: bytes) -> None:
    """Keep ``payload`` under ``name`` where that is possible; of its suffix, drop the oldest entries."""
    import tempfile

    where = folder()
    if where is None:
        return
    with contextlib.suppress(OSError):
        where.mkdir(parents=True, exist_ok=True)
        # Written beside its place and moved there at once: another process sees all of it or nothing.
        handle, temporary = tempfile.mkstemp(prefix="new-", suffix=".tmp", dir=where)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(payload).digest() + payload)
            os.replace(temporary, where / name)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        _prune(where, Path(name).suffix)


def _prune(where: Path, suffix: str) -> None:
    def age(path: Path) -> float:
        try:
            return -path.stat().st_mtime
        except OSError:
            return 0.0

    for stale in sorted(where.glob("*" + suffix), key=age)[KEEP:]:
        with contextlib.suppress(OSError):
            stale.unlink()

"""Packs as folders: written whole or not at all, read without trusting what is in them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from crosswalk.errors import InputError, UsageError
from crosswalk.evidence.records import Manifest, Packed
from crosswalk.formats import _json

MANIFEST, SIGNATURE = "manifest.json", "signature.json"
#: A pack has a dozen files; what has many more is none.
MOST_FILES = 64
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}(\.[a-z0-9]{1,8}){1,2}", re.ASCII)


def compact(plain: Any) -> bytes:
    """Return plain data as JSON in few bytes, the same for the same input."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def readable(plain: Any) -> bytes:
    """Return plain data as JSON for people, the same for the same input."""
    from crosswalk.report.out import as_json

    return as_json(plain).encode()


def payload(value: Any) -> bytes:
    """Return a decoded payload as JSON again, every number spelled as it was.

    >>> from decimal import Decimal
    >>> payload({"pcf": Decimal("2.30"), "unit": ["kg", None]})
    b'{"pcf": 2.30, "unit": ["kg", null]}'
    """
    return _spelled(value).encode()


def _spelled(value: Any) -> str:
    match value:
        case dict():
            inner = (f"{json.dumps(key, ensure_ascii=False)}: {_spelled(one)}" for key, one in value.items())
            return "{" + ", ".join(inner) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_spelled, value)) + "]"
        case Decimal():
            return str(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def packed(name: str, content: bytes) -> Packed:
    """Return what a manifest says of a file."""
    return Packed(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def hashed(path: Path) -> Packed:
    """Return what a manifest says of a file that is read for it, by its last name."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Packed(name=path.name, size=path.stat().st_size, sha256=digest)


def free(where: str | os.PathLike[str]) -> Path:
    """Return the folder a pack can go to. Raises ``UsageError`` where something is there already."""
    target = Path(where)
    try:
        taken = target.is_symlink() or (
            target.exists() and (not target.is_dir() or next(target.iterdir(), None) is not None)
        )
    except (OSError, ValueError) as error:
        raise UsageError("out-unwritable", where=str(where), problem=_problem(error)) from error
    if taken:
        raise UsageError("evidence-exists", where=str(where))
    return target


def write_folder(where: str | os.PathLike[str], files: Mapping[str, bytes]) -> Path:
    """Write a folder with ``files``, whole or not at all. Raises ``UsageError`` where it cannot be."""
    target = free(where)
    try:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.absolute().parent))
        try:
            for name, content in files.items():
                with (temporary / name).open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            temporary.chmod(0o777 & ~_umask())
            # Takes the place of an empty folder, and of nothing else.
            temporary.rename(target)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
    except OSError as error:
        raise UsageError("out-unwritable", where=str(where), problem=_problem(error)) from error
    return target


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _problem(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the bytes of a manifest: those that are signed."""
    from crosswalk.results import to_plain

    return readable(to_plain(manifest))


def read_manifest(where: Path) -> tuple[Manifest, bytes]:
    """Return the manifest of a pack, and its bytes. Raises ``InputError`` where there is none, or is broken.

    No name in it leads out of the folder.
    """
    path = where / MANIFEST
    if not where.is_dir():
        raise InputError("evidence-none", where=str(where))
    content = read_regular(path)
    payload = _json.loads(content, str(path))
    try:
        manifest = msgspec.convert(payload, Manifest)
    except msgspec.ValidationError as error:
        raise InputError("evidence-manifest", where=str(path), problem=str(error)) from error
    names = [one.name for one in manifest.files]
    for name in names:
        if not _NAME.fullmatch(name) or name in (MANIFEST, SIGNATURE) or names.count(name) > 1:
            raise InputError("evidence-name", where=str(path), name=_json.short(name))
    asked = manifest.question if manifest.kind == "conversion" else manifest.check
    if asked is None or len(names) > MOST_FILES:
        raise InputError("evidence-manifest", where=str(path), problem=manifest.kind)
    return manifest, content


def read_regular(path: Path) -> bytes:
    """Return a file that is one: no link, no device. Raises ``InputError``."""
    require_regular(path)
    return _json.read_bytes(path)


def require_regular(path: Path) -> None:
    """Raise ``InputError`` for what is no file: a link, a folder, a device, or nothing at all."""
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        raise InputError("file-missing", where=str(path)) from None
    except (OSError, ValueError) as error:
        raise InputError("file-unreadable", where=str(path), problem=_problem(error)) from error
    if not stat.S_ISREG(kind):
        raise InputError("evidence-link", where=str(path))


def listed(where: Path) -> set[str]:
    """Return all names in the folder, but for those every pack may have."""
    found = set()
    with os.scandir(where) as entries:
        for entry in entries:
            if entry.name not in (MANIFEST, SIGNATURE):
                found.add(entry.name)
    return found

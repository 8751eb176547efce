"""Files that appear whole or not at all, and errors of the disk in words."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from crosswalk.errors import UsageError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_BLOCK = 1 << 20


@contextlib.contextmanager
def speaking(where: str) -> Iterator[None]:
    """Turn an error of the system while writing into one of ours."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, where) from error


def disk_error(error: OSError, where: str) -> UsageError:
    """Return what an error while writing means for the user."""
    problem = error.strerror or str(error)
    code = "check-disk-full" if error.errno in _FULL else "out-unwritable"
    return UsageError(code, where=where, problem=problem)


def put(path: Path, data: bytes, *, sync: bool = False) -> None:
    """Write a file whole or not at all; the same bytes may be put by two processes at once."""
    temporary = path.with_name(f".{path.name}.{socket.gethostname()}-{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def sha256(path: Path) -> str:
    """Return the hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(path: Path) -> None:
    """See to it that names in a folder outlive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""One run at a time on one output."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from crosswalk.checking.files import disk_error
from crosswalk.errors import UsageError


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file ``path``; raises ``UsageError`` where another run holds it.

    The lock of a process that is gone, however it ended, holds nobody up: the system lets go of it. One that
    was taken on another machine is believed, since not every shared file system tells.
    """
    handle = _open(path)
    try:
        content = os.pread(handle, 4096, 0)
        host = _holder(content)[1]
        if content and host != socket.gethostname():
            raise _refused(path, content)
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode(), 0)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                path.unlink()
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    import fcntl

    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise disk_error(error, str(path)) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The file may have been removed between opening and locking, by the run that held it.
            if os.fstat(handle).st_ino == os.stat(path).st_ino:
                return handle
        except BlockingIOError:
            content = os.pread(handle, 4096, 0)
            os.close(handle)
            raise _refused(path, content) from None
        except FileNotFoundError:
            pass
        except OSError as error:
            os.close(handle)
            raise disk_error(error, str(path)) from error
        os.close(handle)


def _holder(content: bytes) -> tuple[str, str]:
    try:
        found = json.loads(content)
        return str(found["pid"]), str(found["host"])
    except (ValueError, KeyError, TypeError):
        # Cut off while it was written: by a process of this machine, whose lock we hold by now.
        return "?", socket.gethostname()


def _refused(path: Path, content: bytes) -> UsageError:
    pid, host = _holder(content)
    return UsageError("check-locked", where=str(path), pid=pid, host=host)

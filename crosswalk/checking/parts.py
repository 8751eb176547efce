"""The folder of an unfinished run: what is done, and how it becomes the files that were asked for."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from crosswalk.checking.chunks import Chunk
from crosswalk.checking.files import put, sha256, sync_folder
from crosswalk.checking.forms import Form, head, part
from crosswalk.checking.manifest import Identity
from crosswalk.checking.parquet_join import join
from crosswalk.checking.task import Done, Written, errors_schema, record_of
from crosswalk.errors import UsageError

_RUN = "run.json"
_BLOCK = 1 << 20
#: Names in the folder of parts, and in a folder of verdicts.
_OURS = re.compile(r"run\.json|\d{6,}(\.errors)?\.(json|jsonl|csv|parquet)|\..*\.tmp|\w+\.whole|replaced")
_PARTS = re.compile(r"part-\d{6,}\.parquet")


def own_only(folder: Path, names: re.Pattern[str] = _PARTS) -> None:
    """Raise ``UsageError`` if a folder that is to be replaced holds anything that no run has written."""
    if folder.is_dir():
        for file in sorted(folder.iterdir()):
            if not names.fullmatch(file.name):
                raise UsageError("check-foreign", where=str(folder), name=file.name)


class Parts:
    """The folder ``OUT.parts``: ``run.json``, and for each part its files and the record that it is done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, identity: Identity) -> None:
        """Make the folder anew. Raises ``OSError``, and ``UsageError`` where it holds what is not ours."""
        own_only(self.folder, _OURS)
        self.remove()
        self.folder.mkdir()
        put(self.folder / _RUN, msgspec.json.encode(identity), sync=True)
        sync_folder(self.folder.parent)

    def identity(self) -> Identity | None:
        """Return what the unfinished run is of; ``None`` where there is none, or it had not begun."""
        try:
            return msgspec.json.decode((self.folder / _RUN).read_bytes(), type=Identity)
        except (OSError, msgspec.MsgspecError):
            return None

    def sweep(self) -> None:
        """Remove what processes that died have left half written."""
        for file in self.folder.glob(".*.tmp"):
            with contextlib.suppress(OSError):
                file.unlink()

    def done(self, chunk: Chunk) -> Done | None:
        """Return the record of a part if it is of this chunk and all its files are what they were."""
        try:
            found = msgspec.json.decode(record_of(self.folder, chunk.index).read_bytes(), type=Done)
        except (OSError, msgspec.MsgspecError):
            return None
        files = [one for one in (found.written, found.errors_written) if one is not None]
        return found if found.chunk == chunk and all(self._sound(one) for one in files) else None

    def _sound(self, file: Written) -> bool:
        path = self.folder / file.name
        try:
            return path.stat().st_size == file.size and sha256(path) == file.sha256
        except OSError:
            return False

    def remove(self) -> None:
        """Take the folder away: at once by its name, then what was in it."""
        old = self.folder.with_name(self.folder.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        if self.folder.exists():
            self.folder.rename(old)
            shutil.rmtree(old, ignore_errors=True)

    def verdicts(self, done: Sequence[Done], form: Form) -> tuple[Path, str, int]:
        """Put the verdicts together; returns the file, its hash and its size. Raises ``OSError``."""
        return self._whole("verdicts", [one.written for one in done], form, done[0].header)

    def errors(self, done: Sequence[Done], form: Form) -> tuple[Path, str, int]:
        """Put the errors together; a file without rows where there are none."""
        import polars as pl

        files = [one.errors_written for one in done if one.errors_written]
        empty = pl.DataFrame(schema=errors_schema())
        if files or form == "csv":
            return self._whole("errors", files, form, head(empty, form).decode())
        return self._alone("errors", part(empty, form))

    def _whole(self, name: str, files: Sequence[Written], form: Form, header: str) -> tuple[Path, str, int]:
        self._still(files)
        target = self.folder / f"{name}.whole"
        with target.open("wb") as raw:
            out = _Hashed(raw)
            if form == "parquet":
                join([self.folder / one.name for one in files], out)
            else:
                out.write(header.encode())
                for block in self._blocks(files):
                    out.write(block)
            raw.flush()
            os.fsync(raw.fileno())
        return target, out.digest.hexdigest(), out.size

    def _still(self, files: Sequence[Written]) -> None:
        """See to it that parts are what was written: a process of a run before may have outlived it."""
        for one in files:
            if not self._sound(one):
                raise UsageError("check-part-changed", where=str(self.folder / one.name))

    def _alone(self, name: str, data: bytes) -> tuple[Path, str, int]:
        target = self.folder / f"{name}.whole"
        put(target, data, sync=True)
        return target, hashlib.sha256(data).hexdigest(), len(data)

    def _blocks(self, files: Iterable[Written]) -> Iterator[bytes]:
        for one in files:
            with (self.folder / one.name).open("rb") as file:
                while block := file.read(_BLOCK):
                    yield block

    def folder_of(self, done: Sequence[Done]) -> tuple[Path, list[tuple[str, Written]]]:
        """Gather the verdicts in a folder of Parquet files, a part each; returns it and what is in it."""
        self._still([one.written for one in done])
        target = self.folder / "verdicts.whole"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        held: list[tuple[str, Written]] = []
        for one in done:
            name = f"part-{one.written.name}"
            try:
                os.link(self.folder / one.written.name, target / name)
            except OSError:
                shutil.copyfile(self.folder / one.written.name, target / name)
            held.append((name, one.written))
        sync_folder(target)
        return target, held


class _Hashed:
    """A file to write to, hashed on the way."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes | bytearray) -> int:
        """Write and hash."""
        self._out.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)

"""Reports out: as text or JSON, to the terminal or, whole or not at all, to a file."""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosswalk.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from crosswalk.knowledge.catalogue import Catalogue
    from crosswalk.report.text import Reportable

#: Width of a report where there is no terminal to ask.
_WIDTH = 110


def as_text(
    records: Sequence[Reportable],
    lang: str,
    catalogue: Catalogue,
    *,
    full: bool = False,
    colour: bool = False,
) -> str:
    """Return the reports of all records, one after the other."""
    from crosswalk.report.text import render

    console = _console(colour)
    for index, record in enumerate(records):
        if index:
            console.rule()
        render(record, lang, console, catalogue, full=full)
    return _text(console)


def printed(parts: Iterable[RenderableType], *, colour: bool = False) -> str:
    """Return the parts of a report, one below the other, as text."""
    console = _console(colour)
    for part in parts:
        console.print(part, highlight=False)
    return _text(console)


def _console(colour: bool) -> Console:
    from rich.console import Console

    return Console(
        file=io.StringIO(),
        width=max(60, shutil.get_terminal_size((_WIDTH, 24)).columns),
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
    )


def _text(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    # A table pads its cells to the full width: nothing anyone needs in a file.
    return "\n".join(line.rstrip() for line in console.file.getvalue().split("\n"))


def as_json(plain: Any) -> str:
    """Return plain data as JSON, the same for the same input."""
    return json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def write(text: str, path: str) -> None:
    """Write a file whole or not at all. Raises ``UsageError`` where that is not possible."""
    target = Path(path).resolve()
    if target.is_dir():
        raise UsageError("out-directory", where=path)
    try:
        if target.exists() and not target.is_file():
            # A device or a pipe: there is nothing to keep whole, and it must not be replaced.
            target.write_text(text, "utf-8")
        else:
            _replace(target, text)
    except OSError as error:
        raise UsageError("out-unwritable", where=path, problem=error.strerror or str(error)) from error


def _replace(target: Path, text: str) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

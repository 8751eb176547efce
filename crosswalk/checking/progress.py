"""How far a run is, on standard error: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from crosswalk.messages import say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

#: Seconds between lines where there is no terminal.
_EVERY = 10.0


class Progress:
    """Says nothing; the base of those that do."""

    def start(self, size: int) -> None:
        """Begin; ``size`` bytes are to be read."""

    def advance(self, size: int, rows: int, *, kept: bool = False) -> None:
        """``size`` bytes more are judged, that were ``rows`` rows; ``kept``: by an earlier run."""

    def stop(self) -> None:
        """End, in success or not."""


class Lines(Progress):
    """A line now and then."""

    def __init__(self, lang: str, every: float = _EVERY) -> None:
        self._lang, self._every = lang, every
        self._size = self._done = self._fresh = self._rows = self._judged = 0
        self._begin = self._last = time.monotonic()

    def start(self, size: int) -> None:
        """Begin."""
        self._size = size
        self._begin = self._last = time.monotonic()

    def advance(self, size: int, rows: int, *, kept: bool = False) -> None:
        """Print a line if it is time for one."""
        self._done, self._rows = self._done + size, self._rows + rows
        if not kept:
            self._fresh, self._judged = self._fresh + size, self._judged + rows
        now = time.monotonic()
        if now - self._last < self._every:
            return
        self._last = now
        spent = now - self._begin
        left = (self._size - self._done) / self._fresh * spent if self._fresh else 0.0
        text = say(
            "check.progress",
            self._lang,
            rows=f"{self._rows:,}",
            percent=round(100 * self._done / self._size) if self._size else 100,
            rate=f"{self._judged / spent:,.0f}",
            left=round(left),
        )
        print(text, file=sys.stderr, flush=True)


class Terminal(Progress):
    """A bar with rows a second and the time left."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._rows = self._judged = 0
        self._begin = time.monotonic()

    def start(self, size: int) -> None:
        """Show the bar."""
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._begin = time.monotonic()
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task("", total=size)

    def advance(self, size: int, rows: int, *, kept: bool = False) -> None:
        """Move the bar."""
        self._rows += rows
        self._judged += 0 if kept else rows
        rate = self._judged / max(time.monotonic() - self._begin, 1e-6)
        if self._bar is not None and self._task is not None:
            text = say("check.rate", self._lang, rows=f"{self._rows:,}", rate=f"{rate:,.0f}")
            self._bar.update(self._task, advance=size, description=text)

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


def progress(lang: str, *, quiet: bool = False) -> Progress:
    """Return what suits standard error."""
    if quiet:
        return Progress()
    return Terminal(lang) if sys.stderr.isatty() else Lines(lang)

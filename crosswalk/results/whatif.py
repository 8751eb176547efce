"""What a conversion becomes when an input is changed: the change, the answer before, how far it moved."""

from __future__ import annotations

import msgspec

from crosswalk.knowledge.records import Record, Text
from crosswalk.results.base import Class, Range


class Change(Record):
    """One input that was changed, by its place in the file and as written.

    ``before`` is ``None`` where the file had nothing there, ``after`` where it was taken away.
    """

    path: str
    before: str | None
    after: str | None


class Outcome(Record):
    """What a conversion said: its value or intervals, or why there is none."""

    answered: bool
    class_: Class = msgspec.field(name="class")
    value: float | None
    guaranteed: Range
    assumed: Range | None
    refusal: Text | None


class Shift(Record):
    """How far the value, and the ends of both intervals, moved; ``None`` where one of two is not closed."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    assumed_low: float | None = None
    assumed_high: float | None = None


class WhatIf(Record):
    """What was changed, what the conversion said before, and how far it moved.

    ``before`` is ``None`` where the file could not be read, or converted, as it is: ``reason`` says why.
    The answer after the change is the conversion this stands in.
    """

    changes: tuple[Change, ...]
    before: Outcome | None
    moved: Shift
    reason: Text | None = None

"""What takes an answer from the declared unit to the one asked for."""

from __future__ import annotations

from crosswalk.knowledge.records import Record, Text


class PropertyUsed(Record):
    """A property of the product, as the file states it: its number with unit, and where that stands.

    ``source`` and ``comment`` are the file's own words on where it is from and what it holds for.
    """

    label: Text
    value: str
    path: str
    source: str = ""
    comment: str = ""


class PerUnit(Record):
    """An answer per ``asked`` of a footprint per ``declared``: so many declared units are in one asked for.

    ``count`` is their number, from ``low`` to ``high`` where a property it rests on is rounded. All values
    of the answer are per ``asked``; the value stated (``Conversion.source``) is as the file has it.
    """

    asked: str
    declared: str
    count: float
    low: float
    high: float
    by: tuple[PropertyUsed, ...] = ()

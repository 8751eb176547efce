"""What every answer is made of: classes, intervals, citations; and what every answer can do."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Literal

import msgspec

from crosswalk.knowledge.records import Record, Statement, Text

#: How good a step or a result is, best first. A documentary gap has no numeric effect.
Class = Literal["exact", "documentary", "bounded", "estimated", "unbridgeable"]
ORDER: tuple[Class, ...] = ("exact", "documentary", "bounded", "estimated", "unbridgeable")

#: Who turns an answer into a few lines for a prompt. Named, not imported: answers know no report.
_PRINTER = ("crosswalk.report.text", "brief")


class Answer(Record):
    """Base of all answers: plain data on demand, and a readable ``repr``."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with every field present, as the JSON output has it."""
        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain

    def __repr__(self) -> str:
        module, function = _PRINTER
        return str(getattr(import_module(module), function)(self))


class Range(Record):
    """An interval. ``low_reason`` and ``high_reason`` say why an end is open (``None``)."""

    low: float | None
    high: float | None
    low_reason: Text | None = None
    high_reason: Text | None = None

    @property
    def width(self) -> float | None:
        """Width, or ``None`` if an end is open."""
        return None if self.low is None or self.high is None else self.high - self.low


class Cited(Record):
    """A statement a result rests on: what it is about, clause, sources, and how it is known."""

    about: str
    iri: str
    clause: str
    evidence: str
    sources: tuple[str, ...] = ()
    note: Text | None = None

    @classmethod
    def of(cls, about: str, statement: Statement) -> Cited:
        """Return a statement as a citation."""
        return cls(
            about=about,
            iri=statement.iri,
            clause=statement.clause,
            evidence=statement.evidence,
            sources=statement.sources,
            note=statement.note,
        )


class KnowledgeId(Record):
    """Which knowledge an answer rests on."""

    version: str
    hash: str


class Unused(Record):
    """A field read and kept but not used, with the field it is likely meant as."""

    path: str
    likely: str | None = None


class Inconsistency(Record):
    """Fields that contradict one another, with their values, and by how much they miss."""

    fields: tuple[str, ...]
    paths: tuple[str, ...]
    values: tuple[str, ...]
    off_by: float | None = None


def to_plain(value: Any) -> Any:
    """Turn a record into plain data, keeping fields that hold their default."""
    if isinstance(value, msgspec.Struct):
        names = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
        return {encoded: to_plain(getattr(value, name)) for name, encoded in names}
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    return value

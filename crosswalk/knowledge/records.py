"""The base of all records of the knowledge: plain, frozen data; a text in two languages; a statement."""

from __future__ import annotations

from typing import Literal, dataclass_transform

import msgspec

EvidenceClass = Literal["read", "secondary", "draft", "inferred", "memory", "presumed", "unknown"]

#: Evidence that carries a verdict without making it provisional.
FIRM: frozenset[str] = frozenset({"read", "secondary"})


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all records: frozen, keyword-only, plain data."""


class Text(Record):
    """A label in both languages.

    >>> Text(en="stage", zh="阶段").get("zh")
    '阶段'
    """

    en: str
    zh: str

    def get(self, lang: str) -> str:
        """Return the label in ``lang`` (``"en"`` or ``"zh"``)."""
        return self.zh if lang == "zh" else self.en


class Statement(Record):
    """Where a statement comes from: clause or ``"unknown"``, sources by code, and how it is known."""

    iri: str
    clause: str = "unknown"
    sources: tuple[str, ...] = ()
    evidence: EvidenceClass = "unknown"
    note: Text | None = None

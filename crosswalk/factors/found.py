"""What a look-up answers with: the factor, the ladder that led to it, and what else there is."""

from __future__ import annotations

from typing import Any

from crosswalk.factors.records import RowFault
from crosswalk.knowledge.records import EvidenceClass, Record, Text
from crosswalk.results import KnowledgeId, to_plain


class Rung(Record):
    """One step of the ladder: where was looked (several places side by side), and what came of it."""

    places: tuple[str, ...]
    label: Text
    found: bool
    reason: Text


class Alternative(Record):
    """Another factor of the same kind and subject that was not taken, and why it is another."""

    code: str
    place: str
    year: int
    value: float
    unit: str
    series: str
    why: Text


class FactorFound(Record):
    """A factor, with everything needed to use and to question it.

    ``value``, ``low`` and ``high`` are in ``unit``; ``printed`` is the number and the unit as the table
    has them. ``gwp_set`` is empty unless the value is in CO2e, and ``"unknown"`` where the source does
    not say. ``place`` and ``year`` are those of the factor, ``asked_place`` and ``asked_year`` those that
    were asked for; ``rungs`` tells how one led to the other.
    """

    kind: str
    kind_label: Text
    code: str
    subject: str
    label: Text
    value: float
    low: float | None
    high: float | None
    bounds: str
    unit: str
    printed: str
    gas: str
    origin: str
    gwp_set: str
    boundary: str
    boundary_label: Text
    place: str
    place_label: Text
    asked_place: str
    year: int
    asked_year: int | None
    valid_from: str
    valid_to: str
    series: str
    method: str
    source: str
    clause: str
    url: str
    evidence: EvidenceClass
    provisional: bool
    licence: str
    note: Text | None
    table: str
    rungs: tuple[Rung, ...]
    alternatives: tuple[Alternative, ...]
    faults: tuple[RowFault, ...]
    knowledge: KnowledgeId

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with every field present."""
        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit} ({self.label.en}, {self.place} {self.year}, {self.source})"

    def __repr__(self) -> str:
        return str(self)

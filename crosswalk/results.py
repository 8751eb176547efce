"""What Crosswalk answers with: plain records, the same content for people, JSON and data frames.

An open end of an interval is ``None``, never a huge number; the reason stands beside it. Values are
kg CO2e per declared unit unless a field says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from crosswalk.knowledge.catalogue import Record, Text

if TYPE_CHECKING:
    import pandas as pd

#: How good a step or a result is, best first. A documentary gap has no numeric effect.
Class = Literal["exact", "documentary", "bounded", "estimated", "unbridgeable"]
ORDER: tuple[Class, ...] = ("exact", "documentary", "bounded", "estimated", "unbridgeable")


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


class Assumed(Record):
    """What follows when the assumptions named are added: never mixed with what is guaranteed."""

    low: float | None
    high: float | None
    assumptions: tuple[AssumptionUsed, ...]
    low_reason: Text | None = None
    high_reason: Text | None = None


class AssumptionUsed(Record):
    """An assumption with where it comes from and how it is known."""

    code: str
    label: Text
    evidence: str
    clause: str
    sources: tuple[str, ...] = ()
    note: Text | None = None


class Side(Record):
    """One end of a conversion: the regime, and the value stated under it, as given."""

    code: str | None
    label: Text
    value: str | None = None
    field: str | None = None


class Cited(Record):
    """A statement a result rests on: what it is about, clause, sources, and how it is known."""

    about: str
    iri: str
    clause: str
    evidence: str
    sources: tuple[str, ...] = ()
    note: Text | None = None


class Step(Record):
    """One dimension crossed: from which options to which, by which operation, how well, by how much."""

    dimension: str
    label: Text
    from_: tuple[str, ...] = msgspec.field(name="from")
    to: tuple[str, ...]
    operation: str | None
    class_: Class = msgspec.field(name="class")
    delta: Range
    clauses: tuple[Cited, ...] = ()
    evidence: str = "unknown"
    note: Text | None = None


class Gap(Record):
    """Something not disclosed, and what knowing it would do.

    ``narrows_to`` is the interval if the item, and those above it while an end is open, turned out to be
    nothing; ``width_at_most``, given where no choice of the study is open, the widest the answer could
    still be once the item is known, whatever its value. Items stand in the order in which they help most.
    """

    item: str
    label: Text
    narrows_to: Range
    width_at_most: float | None = None
    cells: tuple[str, ...] = ()


class Inconsistency(Record):
    """Fields that contradict one another, with their values, and by how much they miss."""

    fields: tuple[str, ...]
    paths: tuple[str, ...]
    values: tuple[str, ...]
    off_by: float | None = None


class OpenOption(Record):
    """A choice the study does not state, or states ambiguously.

    ``results`` gives the interval for each option; ``deciding`` tells whether it changes the answer.
    A model choice is kept as the study made it: the answer holds if it is one the target permits.
    """

    dimension: str
    label: Text
    family: str
    options: tuple[str, ...]
    stated: bool
    deciding: bool
    permitted: tuple[str, ...] = ()
    results: tuple[tuple[str, Range], ...] = ()


class Line(Record):
    """A value the target regime wants beside or instead of the total, by the name of its own field."""

    field: str
    label: Text
    low: float | None
    high: float | None
    value: float | None = None


class Unused(Record):
    """A field read and kept but not used, with the field it is likely meant as."""

    path: str
    likely: str | None = None


class KnowledgeId(Record):
    """Which knowledge an answer rests on."""

    version: str
    hash: str


class Conversion(Record):
    """A footprint under another regime.

    ``class_`` is the class of the weakest numeric step. ``value`` is the figure without rounding where
    the disclosure determines it. ``answered`` is false when there is no defensible answer; ``refusal``
    says why. ``guaranteed`` follows from the disclosure alone, ``assumed`` adds assumptions asked for.
    """

    source: Side
    target: Side
    file: str
    id: str
    product: str
    declared_unit: str
    class_: Class = msgspec.field(name="class")
    answered: bool
    guaranteed: Range
    assumed: Assumed | None
    value: float | None
    steps: tuple[Step, ...]
    gaps: tuple[Gap, ...]
    inconsistencies: tuple[Inconsistency, ...]
    open_options: tuple[OpenOption, ...]
    lines: tuple[Line, ...]
    provisional: bool
    provisional_reasons: tuple[Cited, ...]
    unused_fields: tuple[Unused, ...]
    notes: tuple[Text, ...]
    refusal: Text | None
    knowledge: KnowledgeId

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with every field present, as the JSON output has it."""
        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain

    def to_frame(self) -> pd.DataFrame:
        """Return the steps as a data frame: one row a dimension crossed, and a last row for the result."""
        import pandas as pd

        rows: list[dict[str, Any]] = [
            {
                "dimension": step.dimension,
                "from": " | ".join(step.from_),
                "to": " | ".join(step.to),
                "operation": step.operation,
                "class": step.class_,
                "low": step.delta.low,
                "high": step.delta.high,
                "evidence": step.evidence,
            }
            for step in self.steps
        ]
        rows.append(
            {
                "dimension": "total",
                "from": self.source.code,
                "to": self.target.code,
                "operation": None,
                "class": self.class_,
                "low": self.guaranteed.low,
                "high": self.guaranteed.high,
                "evidence": "provisional" if self.provisional else "firm",
            }
        )
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        from crosswalk.report.text import brief

        return brief(self)


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

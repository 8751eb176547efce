"""A footprint under another regime: the value or interval, the steps, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from crosswalk.knowledge.records import Record, Text
from crosswalk.results.asks import Asks, Within
from crosswalk.results.base import Answer, Cited, Class, Inconsistency, KnowledgeId, Range, Unused
from crosswalk.results.flip import Flip
from crosswalk.results.per import PerUnit
from crosswalk.results.uncertainty import Uncertainty
from crosswalk.results.whatif import WhatIf

if TYPE_CHECKING:
    import pandas as pd

    from crosswalk.knowledge.catalogue import Profile


class AssumptionUsed(Record):
    """An assumption with where it comes from and how it is known."""

    code: str
    label: Text
    evidence: str
    clause: str
    sources: tuple[str, ...] = ()
    note: Text | None = None

    @classmethod
    def all_of(cls, profile: Profile | None) -> tuple[AssumptionUsed, ...]:
        """Return the assumptions of a profile, if there is one."""
        return tuple(
            cls(
                code=one.code,
                label=one.label,
                evidence=one.statement.evidence,
                clause=one.statement.clause,
                sources=one.statement.sources,
                note=one.statement.note,
            )
            for one in (profile.assumptions if profile else ())
        )


class Assumed(Record):
    """What follows when the assumptions named are added: never mixed with what is guaranteed."""

    low: float | None
    high: float | None
    assumptions: tuple[AssumptionUsed, ...]
    low_reason: Text | None = None
    high_reason: Text | None = None


class Side(Record):
    """One end of a conversion: the regime, and the value stated under it, as given."""

    code: str | None
    label: Text
    value: str | None = None
    field: str | None = None


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
    still be once the item is known, whatever its value (but for the rounding it is told with);
    ``typical_width`` what it would be if the item is what it is in the middle of the inventories that fit:
    the mean of 32 extreme ones, found with seeded random weights. ``closes`` are the ends (``low``,
    ``high``) that are open now and closed once the item and those above it are known. Items stand in the
    order in which they help most.
    """

    item: str
    label: Text
    narrows_to: Range
    width_at_most: float | None = None
    typical_width: float | None = None
    closes: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


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
    """A value the target regime wants beside or instead of the total, by the name of its own field.

    A share that is reported, in ``%``, goes by the option it is stated under.
    """

    field: str
    label: Text
    low: float | None
    high: float | None
    value: float | None = None
    unit: str = "kg CO2e"


class Conversion(Answer, dict=True):
    """A footprint under another regime.

    ``class_`` is the class of the weakest numeric step. ``value`` is the figure without rounding where
    the disclosure determines it. ``answered`` is false when there is no defensible answer; ``refusal``
    says why. ``guaranteed`` follows from the disclosure alone, ``assumed`` adds assumptions asked for.
    ``uncertainty``, where draws were asked for, is what the stated distributions mean: another thing than
    the width of an interval, and never mixed with it.
    ``asks`` and ``within_tolerance`` are there where a tolerance was given: what to ask for so that the
    answer is that near, and whether it is that near an asserted value. ``changed`` tells which inputs were
    changed, where any were; ``flips`` how far inputs would have to be off for the verdict to be another,
    where that was asked for. Values are kg CO2e per ``declared_unit``, which is that of the file unless
    another was asked for: then ``per_unit`` tells how one turned into the other.
    """

    #: The footprint and all that was asked of it, for what is asked next; no part of the answer itself.
    question: ClassVar[Any] = None

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
    uncertainty: Uncertainty | None = None
    asks: Asks | None = None
    within_tolerance: Within | None = None
    flips: tuple[Flip, ...] = ()
    changed: WhatIf | None = None
    per_unit: PerUnit | None = None

    def what_if(self, changes: Mapping[str, Any]) -> Conversion:
        """Return the conversion with inputs of the file changed: ``{"total": "3.1"}``, by path.

        What is given counts as if it stood in the file: half a unit in its last digit, ``"3.1±0"`` for
        exactly that, ``None`` for nothing. Raises as ``crosswalk.convert`` does with ``set``, and
        ``UsageError`` for a conversion that was read back from plain data.
        """
        found: Conversion = import_module("crosswalk.whatif").again(self, changes)
        return found

    def flip(self, path: str, between: tuple[str, str] | None = None) -> Flip:
        """Return the smallest change of the number at ``path`` after which the verdict is another.

        The conversion must have been given a tolerance. ``between`` are the least and the largest value
        looked at (``("0", "0.1")``); without it, from nothing to ten times what the file has. Raises
        ``UsageError`` without a tolerance, ``UnknownNameError`` where no number stands at ``path``.
        """
        found: Flip = import_module("crosswalk.flip").flip(self, path, between)
        return found

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

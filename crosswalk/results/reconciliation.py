"""Why footprints of one product differ: what each choice of method explains, and what is left."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from crosswalk.knowledge.records import Record, Text
from crosswalk.results.base import Answer, Cited, Class, Inconsistency, KnowledgeId, Range
from crosswalk.results.conversion import AssumptionUsed

if TYPE_CHECKING:
    import pandas as pd

#: Who puts a reconciliation into sentences. Named, not imported: answers know no report.
_TELLER = ("crosswalk.report.reconciliation", "sentences")

Which = Literal["first", "second"]


class Figure(Range):
    """An interval and, where what is disclosed determines it, the value without rounding.

    ``exact`` is that value as an exact fraction (``"101/5000"``), so that sums can be checked to the last
    digit; ``value`` is the same as a float.
    """

    value: float | None = None
    exact: str | None = None


class Compared(Record):
    """One of the footprints, in its own words, and its total per declared unit of the reconciliation.

    ``stated`` and ``field`` are the number as the file has it and where (``None``: it has no total, and
    ``total`` is what its other numbers make), ``declared_unit`` what that number is per.
    """

    file: str
    id: str
    product: str
    regime: str | None
    label: Text
    stated: str | None
    field: str | None
    declared_unit: str
    total: Figure


class Share(Record):
    """What one dimension explains: from the options of the first footprint to those of the second.

    ``delta`` is the Shapley value of the dimension, in kg CO2e per declared unit, second less first. A
    modelling choice has the change its ``operation`` works out instead, which is an estimate. ``clauses``
    are what choices rest on that a file does not state itself, ``evidence`` the weakest way they are known
    (empty where both files state theirs).
    """

    dimension: str
    label: Text
    family: str
    from_: tuple[str, ...] = msgspec.field(name="from")
    to: tuple[str, ...]
    class_: Class = msgspec.field(name="class")
    delta: Figure
    operation: str | None = None
    clauses: tuple[Cited, ...] = ()
    evidence: str = ""


class Suspect(Record):
    """A modelling choice in which the footprints differ, or may differ, and to which no number belongs.

    ``certain`` tells whether they do differ; ``lacks`` are the inputs without which an operation that has
    some of its data cannot say by how much.
    """

    dimension: str
    label: Text
    first: tuple[str, ...]
    second: tuple[str, ...]
    first_stated: bool
    second_stated: bool
    certain: bool
    lacks: tuple[Text, ...] = ()


class Unsettled(Record):
    """A choice of method one of the files leaves open; ``results`` is what the methods explain for each."""

    which: Which
    dimension: str
    label: Text
    options: tuple[str, ...]
    stated: bool
    deciding: bool
    results: tuple[tuple[str, Range], ...] = ()


class Wanted(Record):
    """Something not disclosed that would narrow what the methods explain, most helpful first."""

    item: str
    label: Text
    width_at_most: float | None = None


class Reconciliation(Answer):
    """Why two footprints of one product differ. All values are second less first.

    ``explained`` is what all ``shares`` come to together (its interval is narrower than theirs added up),
    ``residual`` what no difference of method explains: ``explained`` and ``residual`` make ``difference``,
    exactly where values are given and for every inventory where intervals are. ``basis`` is the footprint
    whose disclosure was used. ``assumptions`` are those asked for: with any, nothing here is guaranteed.
    ``answered`` is false where the split has an open end; ``refusal`` says why.
    """

    first: Compared
    second: Compared
    declared_unit: str
    class_: Class = msgspec.field(name="class")
    answered: bool
    basis: Which
    basis_reason: Text
    difference: Figure
    explained: Figure
    shares: tuple[Share, ...]
    residual: Figure
    suspects: tuple[Suspect, ...]
    unsettled: tuple[Unsettled, ...]
    wanted: tuple[Wanted, ...]
    cautions: tuple[Text, ...]
    assumptions: tuple[AssumptionUsed, ...]
    inconsistencies: tuple[tuple[Which, Inconsistency], ...]
    provisional: bool
    provisional_reasons: tuple[Cited, ...]
    notes: tuple[Text, ...]
    refusal: Text | None
    knowledge: KnowledgeId

    def explain(self, lang: str = "en") -> str:
        """Return the reconciliation in sentences, in English or Chinese (``"zh"``)."""
        return _told(self, lang)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a share, then what is explained, what is left, and the difference."""
        import pandas as pd

        return pd.DataFrame(_rows(self))


class Series(Answer):
    """Versions of one footprint, each reconciled with the one before, and the way from first to last.

    ``pairs`` are in the unit of the first version. ``shares`` sum those of the pairs by dimension;
    ``explained``, ``residual`` and ``difference`` are sums too, and add up from first to last.
    """

    pairs: tuple[Reconciliation, ...]
    declared_unit: str
    class_: Class = msgspec.field(name="class")
    answered: bool
    difference: Figure
    explained: Figure
    shares: tuple[Share, ...]
    residual: Figure
    refusal: Text | None
    knowledge: KnowledgeId

    def explain(self, lang: str = "en") -> str:
        """Return the series in sentences, in English or Chinese (``"zh"``)."""
        return _told(self, lang)

    def to_frame(self) -> pd.DataFrame:
        """Return the frames of all pairs and of the whole, with a column that says from which to which."""
        import pandas as pd

        frames = [
            pair.to_frame().assign(step=f"{number} → {number + 1}")
            for number, pair in enumerate(self.pairs, start=1)
        ]
        whole = pd.DataFrame(_rows(self)).assign(step=f"1 → {len(self.pairs) + 1}")
        return pd.concat([*frames, whole], ignore_index=True)


def _rows(found: Reconciliation | Series) -> list[dict[str, Any]]:
    sums = {"explained": found.explained, "residual": found.residual, "difference": found.difference}
    shares = [
        _row(s.dimension, " | ".join(s.from_), " | ".join(s.to), s.class_, s.delta, s.evidence)
        for s in found.shares
    ]
    return shares + [_row(name, "", "", found.class_, figure, "") for name, figure in sums.items()]


def _row(name: str, before: str, after: str, class_: Class, delta: Figure, evidence: str) -> dict[str, Any]:
    return {
        "dimension": name,
        "from": before,
        "to": after,
        "class": class_,
        "low": delta.low,
        "high": delta.high,
        "value": delta.value,
        "evidence": evidence,
    }


def _told(found: Reconciliation | Series, lang: str) -> str:
    module, function = _TELLER
    return "\n".join(getattr(import_module(module), function)(found, lang))

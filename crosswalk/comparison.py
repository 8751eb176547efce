"""Where two regimes differ, and which operations lead from one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from crosswalk.knowledge.catalogue import Record, Text
from crosswalk.results import Cited, Class, KnowledgeId, to_plain

if TYPE_CHECKING:
    import pandas as pd

    from crosswalk.knowledge.catalogue import Catalogue

#: How the options two regimes permit relate; ``unknown`` where one of them is not known.
Relation = Literal["same", "within", "wider", "overlapping", "disjoint", "unknown"]


class Difference(Record):
    """One dimension of a comparison.

    ``relation`` says how what the first permits relates to what the second permits: ``within`` means
    that whatever a study under the first does, the second permits. ``class_`` is the class of the
    bridge once the ``inputs`` are at hand, ``without`` the class if they are not.
    """

    dimension: str
    label: Text
    family: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    relation: Relation
    class_: Class = msgspec.field(name="class")
    without: Class
    operation: str | None
    inputs: tuple[Text, ...]
    clauses: tuple[Cited, ...]
    evidence: str


class Comparison(Record):
    """Two regimes, dimension by dimension; ``differences`` leaves out dimensions that are the same."""

    first: str
    second: str
    first_label: Text
    second_label: Text
    differences: tuple[Difference, ...]
    same: tuple[str, ...]
    provisional: bool
    knowledge: KnowledgeId

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with every field present."""
        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain

    def to_frame(self) -> pd.DataFrame:
        """Return the differences as a data frame, one row a dimension."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "dimension": d.dimension,
                    "family": d.family,
                    self.first: " | ".join(d.first),
                    self.second: " | ".join(d.second),
                    "relation": d.relation,
                    "class": d.class_,
                    "without data": d.without,
                    "operation": d.operation,
                    "evidence": d.evidence,
                }
                for d in self.differences
            ]
        )

    def __repr__(self) -> str:
        from crosswalk.report.text import brief

        return brief(self)


class Candidate(Record):
    """A way to cross a dimension that is not taken, and why."""

    to: str
    why: Text


class Planned(Record):
    """What a conversion does in one dimension if the study used ``from_``."""

    dimension: str
    label: Text
    family: str
    from_: str = msgspec.field(name="from")
    to: tuple[str, ...]
    operation: str
    operation_label: Text
    class_: Class = msgspec.field(name="class")
    without: Class
    inputs: tuple[Text, ...]
    why: Text
    not_taken: tuple[Candidate, ...]
    clauses: tuple[Cited, ...]
    evidence: str


class Plan(Record):
    """The operations a conversion would use, in order of application, and what it would keep.

    ``kept`` lists dimensions in which the target permits whatever the source permits.
    """

    source: str
    target: str
    source_label: Text
    target_label: Text
    steps: tuple[Planned, ...]
    kept: tuple[str, ...]
    knowledge: KnowledgeId

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with every field present."""
        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain

    def to_frame(self) -> pd.DataFrame:
        """Return the planned operations as a data frame."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "dimension": s.dimension,
                    "from": s.from_,
                    "to": " | ".join(s.to),
                    "operation": s.operation,
                    "class": s.class_,
                    "without data": s.without,
                    "evidence": s.evidence,
                }
                for s in self.steps
            ]
        )

    def __repr__(self) -> str:
        from crosswalk.report.text import brief

        return brief(self)


def compare(first: str, second: str, *, catalogue: Catalogue | None = None) -> Comparison:
    """Return the dimensions in which two regimes, or two editions of one, differ.

    Raises ``UnknownNameError`` if a name denotes no regime described here.

    >>> found = compare("GB/T 24067-2024", "ISO 14067:2018")
    >>> found.first, found.second, found.provisional
    ('GBT:24067-2024', 'ISO:14067-2018', True)
    """
    from crosswalk.engine.bridges import differences
    from crosswalk.engine.plan import weak
    from crosswalk.knowledge.load import load
    from crosswalk.lookup import find_regime, universe_of

    known = catalogue if catalogue is not None else load()
    one, other = find_regime(first, known), find_regime(second, known)
    found = differences(one, other, universe_of(known))
    differing = tuple(d for d in found if d.relation != "same")
    return Comparison(
        first=one.code,
        second=other.code,
        first_label=one.label,
        second_label=other.label,
        differences=differing,
        same=tuple(d.dimension for d in found if d.relation == "same"),
        provisional=any(weak(d.clauses) for d in found),
        knowledge=KnowledgeId(version=known.version, hash=known.hash),
    )


def plan(source: str, target: str, *, catalogue: Catalogue | None = None) -> Plan:
    """Return the operations a conversion from ``source`` to ``target`` would use, in order.

    Raises ``UnknownNameError`` if a name denotes no regime described here.

    >>> steps = plan("PACT:3.0", "ISO:14067-2018").steps
    >>> [step.to for step in steps if step.from_ == "biogenic-co2.zero-zero"]
    [('biogenic-co2.minus1-plus1',)]
    """
    from crosswalk.engine.bridges import planned
    from crosswalk.knowledge.load import load
    from crosswalk.lookup import find_regime, universe_of

    known = catalogue if catalogue is not None else load()
    one, other = find_regime(source, known), find_regime(target, known)
    steps = planned(one, other, universe_of(known))
    crossed = {step.dimension for step in steps}
    return Plan(
        source=one.code,
        target=other.code,
        source_label=one.label,
        target_label=other.label,
        steps=steps,
        kept=tuple(code for code in known.dimensions if code not in crossed),
        knowledge=KnowledgeId(version=known.version, hash=known.hash),
    )

"""Two regimes side by side, and the operations that lead from one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from crosswalk.knowledge.records import Record, Text
from crosswalk.results.base import Answer, Cited, Class, KnowledgeId

if TYPE_CHECKING:
    import pandas as pd


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


class Comparison(Answer):
    """Two regimes, dimension by dimension; ``differences`` leaves out dimensions that are the same."""

    first: str
    second: str
    first_label: Text
    second_label: Text
    differences: tuple[Difference, ...]
    same: tuple[str, ...]
    provisional: bool
    knowledge: KnowledgeId

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


class Plan(Answer):
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

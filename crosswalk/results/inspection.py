"""What a file discloses: values, method, identities, contradictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from crosswalk.knowledge.records import Record, Text
from crosswalk.results.base import Answer, Inconsistency, KnowledgeId, Unused, to_plain

if TYPE_CHECKING:
    import pandas as pd


#: How the option of a dimension is known: stated by the file, fixed by its regime (one option only),
#: open (several are possible), or unknown (no regime to go by).
How = Literal["stated", "regime", "open", "unknown"]
Verdict = Literal["holds", "breaks", "untestable"]


class Disclosed(Record):
    """One number the file states, with what rounding leaves open, and what it means.

    ``None`` is the open end of a number that is a limit.
    """

    field: str
    path: str
    value: str
    low: float | None
    high: float | None
    unit: str
    label: Text


class Said(Record):
    """One field of the activity data, and what was understood: number and unit, or words."""

    field: str
    value: Text


class Understood(Record):
    """One entry of the activity data: its place in the file, and what it says."""

    path: str
    says: tuple[Said, ...]


class Behind(Record):
    """One kind of activity data behind a footprint: how many entries, and all they say."""

    section: str
    label: Text
    count: int
    items: tuple[Understood, ...]


class Chosen(Record):
    """The options of one dimension, and how they are known."""

    dimension: str
    label: Text
    family: str
    options: tuple[str, ...]
    how: How


class IdentityCheck(Record):
    """An identity of the format, checked within rounding.

    ``residual`` is how far the sum is from zero, ``tolerance`` how far rounding allows it to be, both
    with ``missing`` fields taken as nothing; where one of these could make up for the residual the
    identity is untestable. Checks of one ``alternative`` group are rival readings.
    """

    code: str
    label: Text
    verdict: Verdict
    fields: tuple[str, ...]
    missing: tuple[str, ...] = ()
    residual: float | None = None
    tolerance: float | None = None
    alternative: str | None = None
    evidence: str = "unknown"


class Inspection(Answer):
    """Everything that can be said of a file without converting it."""

    file: str
    id: str
    product: str
    format: str
    declared_unit: str
    regime: str | None
    standards: tuple[str, ...]
    disclosed: tuple[Disclosed, ...]
    absent: tuple[str, ...]
    method: tuple[Chosen, ...]
    identities: tuple[IdentityCheck, ...]
    inconsistencies: tuple[Inconsistency, ...]
    unused_fields: tuple[Unused, ...]
    notes: tuple[Text, ...]
    knowledge: KnowledgeId
    behind: tuple[Behind, ...] = ()

    @property
    def consistent(self) -> bool:
        """Whether some inventory fits everything the file states."""
        return not self.inconsistencies

    def to_frame(self) -> pd.DataFrame:
        """Return the disclosed values as a data frame."""
        import pandas as pd

        return pd.DataFrame([to_plain(d) | {"label": d.label.en} for d in self.disclosed])

"""What a file discloses, under which method, which identities hold or break, and what is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from crosswalk.knowledge.catalogue import Record, Text
from crosswalk.messages import both
from crosswalk.results import Inconsistency, KnowledgeId, Unused, to_plain

if TYPE_CHECKING:
    import pandas as pd

    from crosswalk.footprint.records import Footprint
    from crosswalk.knowledge.catalogue import Catalogue

#: How the option of a dimension is known: stated by the file, fixed by its regime (one option only),
#: open (several are possible), or unknown (no regime to go by).
How = Literal["stated", "regime", "open", "unknown"]
Verdict = Literal["holds", "breaks", "untestable"]


class Disclosed(Record):
    """One number the file states, with what rounding leaves open, and what it means."""

    field: str
    path: str
    value: str
    low: float
    high: float
    unit: str
    label: Text


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


class Inspection(Record):
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

    @property
    def consistent(self) -> bool:
        """Whether some inventory fits everything the file states."""
        return not self.inconsistencies

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with every field present."""
        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain

    def to_frame(self) -> pd.DataFrame:
        """Return the disclosed values as a data frame."""
        import pandas as pd

        return pd.DataFrame([to_plain(d) | {"label": d.label.en} for d in self.disclosed])

    def __repr__(self) -> str:
        from crosswalk.report.text import brief

        return brief(self)


def inspect(footprint: Footprint, *, catalogue: Catalogue | None = None) -> Inspection:
    """Return what ``footprint`` discloses and whether it holds together.

    Contradictions are looked for under every method the study may have used and every reading of its
    fields: a file is called inconsistent only if none of them fits.
    """
    from crosswalk.engine.disclosure import chosen, clashes, disclosed, identities
    from crosswalk.knowledge.load import load
    from crosswalk.lookup import universe_of

    known = catalogue if catalogue is not None else load()
    regime = known.regimes.get(footprint.regime or "")
    found, remarks = clashes(footprint, regime, universe_of(known))
    return Inspection(
        file=footprint.source,
        id=footprint.id,
        product=footprint.product,
        format=footprint.format,
        declared_unit=str(footprint.declared_unit),
        regime=footprint.regime,
        standards=footprint.standards,
        disclosed=disclosed(footprint, known),
        absent=tuple(absence.name for absence in footprint.absences),
        method=chosen(footprint, regime, known),
        identities=identities(footprint, known),
        inconsistencies=found,
        unused_fields=tuple(Unused(path=u.path, likely=u.likely) for u in footprint.unused),
        notes=(*(both(f"note.{n.code}", **n.values) for n in footprint.notes), *remarks),
        knowledge=KnowledgeId(version=known.version, hash=known.hash),
    )

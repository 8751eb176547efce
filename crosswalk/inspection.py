"""What a file discloses, under which method, which identities hold or break, and what is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosswalk.formats import Given, given
from crosswalk.messages import both
from crosswalk.results import Inspection, KnowledgeId, Unused

if TYPE_CHECKING:
    from crosswalk.knowledge.catalogue import Catalogue


def inspect(footprint: Given, *, catalogue: Catalogue | None = None) -> Inspection:
    """Return what a footprint, a file or a payload discloses, and whether it holds together.

    Contradictions are looked for under every method the study may have used and every reading of its
    fields: a file is called inconsistent only if none of them fits.
    """
    from crosswalk.engine.behind import behind, properties
    from crosswalk.engine.disclosure import chosen, clashes, disclosed, identities
    from crosswalk.knowledge.load import load
    from crosswalk.lookup import universe_of

    known = catalogue if catalogue is not None else load()
    footprint = given(footprint, known)
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
        behind=(*behind(footprint.activity, known), *properties(footprint)),
    )

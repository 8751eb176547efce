"""Terms of one standard matched to terms of another, in Chinese and English. No definitions."""

from __future__ import annotations

from crosswalk.errors import UnknownNameError
from crosswalk.footprint.names import normalise
from crosswalk.mappings.load import load_mappings
from crosswalk.mappings.records import Mapping, Mappings

_SETS = "/mappings/terms/"


def find_term(name: str, *, mappings: Mappings | None = None) -> tuple[Mapping, ...]:
    """Return every match of the term ``name``, whichever end it stands at, in the order of the files.

    Raises ``UnknownNameError`` where no term is called so.

    >>> [row.object_label for row in find_term("鉴定性评审")]
    ['critical review']
    """
    known = mappings if mappings is not None else load_mappings()
    rows = [row for row in known.rows if _SETS in row.set]
    wanted = normalise(name)
    found = tuple(
        row for row in rows if wanted in (normalise(row.subject_label), normalise(row.object_label))
    )
    if not found:
        from difflib import get_close_matches

        labels = sorted({label for row in rows for label in (row.subject_label, row.object_label) if label})
        near = ", ".join(get_close_matches(name, labels, n=3, cutoff=0.6)) or "–"
        raise UnknownNameError("term-unknown", name=name, near=near)
    return found

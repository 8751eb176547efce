"""Select factors by what they are, for lists."""

from __future__ import annotations

from crosswalk.factors.names import find_kind, find_place, find_subject
from crosswalk.factors.records import Factor, FactorBase


def select(
    base: FactorBase,
    *,
    domain: str | None = None,
    kind: str | None = None,
    place: str | None = None,
    subject: str | None = None,
    series: str | None = None,
) -> tuple[Factor, ...]:
    """Return the factors that pass every filter given, in the order of the tables.

    Raises ``UnknownNameError`` for a kind, a place or a subject that is not known.
    """
    rows = [one for one in base.factors if domain in (None, base.kinds[one.kind].domain)]
    if kind is not None:
        code = find_kind(kind, base.kinds, domain or "").code
        rows = [one for one in rows if one.kind == code]
    if place is not None:
        at = find_place(place, base.places)
        rows = [one for one in rows if one.place == at]
    if subject is not None:
        of = find_subject(subject, rows)
        rows = [one for one in rows if one.subject == of]
    return tuple(one for one in rows if series in (None, one.series))

"""The ladder of places: from the one asked for to the wider places around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crosswalk.factors.records import Place


def ladder(place: str, places: Mapping[str, Place]) -> Iterator[tuple[str, ...]]:
    """Yield the place, then what is around it, level by level.

    A place that lies in several gives a level of several; each place comes once.

    >>> from crosswalk.factors.load import load_factors
    >>> list(ladder("CN-NM", load_factors().places))
    [('CN-NM',), ('CN-grid-north', 'CN-grid-northeast'), ('CN',), ('001',)]
    """
    level: tuple[str, ...] = (place,)
    seen: set[str] = set()
    while level:
        yield level
        seen.update(level)
        wider = (code for one in level for code in places[one].broader)
        level = tuple(code for code in dict.fromkeys(wider) if code not in seen)

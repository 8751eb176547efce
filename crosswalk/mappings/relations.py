"""The closed list of relations between two categories, and what a chain of them still says.

A relation is read from left to right: ``px broad 34110`` says that 34110 is the broader of the two.
Chains follow one table. Where it has no entry the relation of the ends cannot be decided, and the
chain stops. ``close`` and ``related`` never take part in a chain.

>>> compose("exact", "broad"), compose("broad", "narrow")
('broad', None)
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Literal, get_args

Relation = Literal["exact", "broad", "narrow", "overlap", "close", "related"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)

#: Predicates a mapping set may use. SKOS has no "overlaps": it is a related match that says so.
PREDICATES: dict[str, Relation] = {
    "http://www.w3.org/2004/02/skos/core#exactMatch": "exact",
    "http://www.w3.org/2004/02/skos/core#closeMatch": "close",
    "http://www.w3.org/2004/02/skos/core#broadMatch": "broad",
    "http://www.w3.org/2004/02/skos/core#narrowMatch": "narrow",
    "http://www.w3.org/2004/02/skos/core#relatedMatch": "related",
}
#: The more, the weaker: how much of what is known of one end still holds at the other.
WEAKNESS: dict[Relation | None, int] = {
    "exact": 0,
    "broad": 1,
    "narrow": 1,
    "overlap": 2,
    "close": 3,
    "related": 3,
    None: 4,
}
_INVERSE: dict[Relation, Relation] = {"broad": "narrow", "narrow": "broad"}
_TABLE: dict[tuple[Relation, Relation], Relation] = {
    ("exact", "exact"): "exact",
    ("exact", "broad"): "broad",
    ("exact", "narrow"): "narrow",
    ("exact", "overlap"): "overlap",
    ("broad", "exact"): "broad",
    ("broad", "broad"): "broad",
    ("narrow", "exact"): "narrow",
    ("narrow", "narrow"): "narrow",
    ("overlap", "exact"): "overlap",
}


def compose(first: Relation | None, second: Relation | None) -> Relation | None:
    """Return the relation of the ends of two steps, or ``None`` where it cannot be decided."""
    return None if first is None or second is None else _TABLE.get((first, second))


def compose_all(relations: Iterable[Relation]) -> Relation | None:
    """Return the relation of the ends of a chain; a single step keeps its own.

    >>> compose_all(["exact", "broad", "broad"]), compose_all(["related"]), compose_all(["exact", "close"])
    ('broad', 'related', None)
    """
    return reduce(compose, relations)


def inverse(relation: Relation) -> Relation:
    """Return the relation seen from the other end.

    >>> inverse("broad"), inverse("overlap")
    ('narrow', 'overlap')
    """
    return _INVERSE.get(relation, relation)


def weakest(relations: Iterable[Relation]) -> Relation:
    """Return the weakest link of a chain; of two that are equally weak, the one that comes first.

    >>> weakest(["exact", "narrow", "exact"])
    'narrow'
    """
    return max(relations, key=lambda one: WEAKNESS[one])

"""What a value of one category may say of another: rules 1 to 5 and 8 of chained matches.

A match of categories never changes boundary, allocation, unit or factor set: those are steps of their
own, each with its own loss. Values go in and come out in the unit they had.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from crosswalk.errors import InputError, RefusedError
from crosswalk.knowledge.records import Record, Text
from crosswalk.mappings.map import carries
from crosswalk.mappings.relations import Relation

How = Literal["same", "specific for generic", "generic for specific", "weighted"]


class Carried(Record):
    """A value of one category, used for another: ``low`` to ``high`` in ``unit``, always the one given.

    ``bounded`` is false where the value is known but not how far the true one may lie from it.
    """

    low: float
    high: float
    unit: str
    relation: Relation
    how: How
    bounded: bool
    note: Text


def carry(
    value: float,
    unit: str,
    relation: Relation | None,
    *,
    proxy: bool = False,
    siblings: Sequence[float] = (),
) -> Carried:
    """Return what a value of A says of B, where A stands in ``relation`` to B.

    Exact passes through. Broad and narrow give a stand-in, and only where ``proxy`` asks for one:
    ``siblings`` are values of the other members of A, whose spread is added if A is the larger. All
    else is refused. Raises ``RefusedError``.

    >>> carry(1.5, "kg CO2e/kg", "exact").how
    'same'
    >>> carry(1.5, "kg CO2e/kg", "narrow", proxy=True, siblings=[1.1, 2.0]).high
    2.0
    """
    if relation == "exact":
        return _carried(value, value, unit, relation, "same", True)
    if relation not in ("broad", "narrow"):
        raise RefusedError("carry-undecided")
    if not proxy:
        raise RefusedError("carry-proxy", carries=carries(relation))
    if relation == "broad":
        # One member of a larger class: it stands for it, and bounds nothing.
        return _carried(value, value, unit, relation, "specific for generic", False)
    low, high = min([value, *siblings]), max([value, *siblings])
    return _carried(low, high, unit, relation, "generic for specific", bool(siblings))


def combine(members: Mapping[str, tuple[float, str]], weights: Mapping[str, float] | None) -> Carried:
    """Return the value of a group from those of all its members and weights that sum to 1.

    Weights are shares in the declared unit: of mass for values per kg. Raises ``RefusedError`` without
    weights, ``InputError`` where they do not cover the members, do not sum to 1, or units differ.

    >>> combine({"a": (1.0, "kg/kg"), "b": (3.0, "kg/kg")}, {"a": 0.5, "b": 0.5}).low
    2.0
    """
    if not weights:
        raise RefusedError("carry-weights", members=", ".join(sorted(members)))
    if set(weights) != set(members) or any(weight < 0 for weight in weights.values()):
        raise InputError("carry-members", members=", ".join(sorted(members)))
    total = math.fsum(weights.values())
    if not math.isclose(total, 1.0, rel_tol=0.0, abs_tol=1e-9):
        raise InputError("carry-sum", total=f"{total:g}")
    units = sorted({unit for _, unit in members.values()})
    if len(units) != 1:
        raise InputError("carry-units", units=", ".join(units))
    value = math.fsum(weights[name] * members[name][0] for name in sorted(members))
    return _carried(value, value, units[0], "broad", "weighted", True)


def _carried(low: float, high: float, unit: str, relation: Relation, how: How, bounded: bool) -> Carried:
    note = carries(relation)
    return Carried(low=low, high=high, unit=unit, relation=relation, how=how, bounded=bounded, note=note)

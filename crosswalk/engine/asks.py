"""The smallest set of things to ask for that brings an answer under a tolerance, whatever they are.

A set is enough if no two ways in which the study may have been done, and no two inventories, that agree on
all of it are further apart than the tolerance (see ``twins``). Where a set is not enough, two such
inventories are at hand, and any set that is enough must hold something they differ in. The smallest set
that meets all of these demands is tried next, until one is enough: it is then the smallest there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import msgspec

from crosswalk.engine.items import ease, items
from crosswalk.engine.study import Study
from crosswalk.engine.tolerance import Tolerance
from crosswalk.engine.twins import Way
from crosswalk.engine.ways import Fault, Ways
from crosswalk.knowledge.catalogue import Field
from crosswalk.messages import both
from crosswalk.results.asks import Ask, Asks

#: More ways in which a study may have been done than this are not looked at; with more pairs of them than
#: this, its open choices are asked for first.
_WAYS, _PAIRS = 64, 100
#: More sets than this are not listed to find the smallest; then one of which nothing can be left out does.
_SETS = 100_000
#: More items than this are not taken as nothing: that would be another product.
_NOTHING = 8


def ask_for(study: Study, fitting: Sequence[Way], tolerance: Tolerance, *, assumed: bool = False) -> Asks:
    """Return what to ask for, over all ways in which the study may have been done.

    Where nothing is enough whatever it turns out to be, the items are looked for that would have to be
    nothing (a gas without a factor, say), and what is enough besides.
    """
    found = Asks(
        tolerance=tolerance.text, items=(), enough=False, exact=False, width_at_most=None, assumed=assumed
    )
    if len(fitting) > _WAYS:
        why = both("reason.asks-too-many", count=len(fitting))
        return msgspec.structs.replace(found, stays_open=(why,))
    ways = Ways(study, fitting, tolerance)
    fault = ways.fault(ways.all)
    if fault is None:
        return _told(found, ways)
    reasons = ways.reasons()
    nothing = _nothing(ways, fault)
    if nothing is not None:
        found = _told(found, nothing)
    return msgspec.structs.replace(found, stays_open=reasons)


def _told(found: Asks, ways: Ways) -> Asks:
    """Return the answer once it is clear that all candidates together are enough."""
    chosen, proven = smallest(ways)
    width = ways.width(chosen)
    asks = [Ask(kind="item", code=i.code, label=i.label, path=i.path, if_nothing=True) for i in ways.nothing]
    return msgspec.structs.replace(
        found,
        items=(*asks, *(ways.candidates[index].ask for index in sorted(chosen))),
        enough=True,
        exact=ways.exact(chosen),
        width_at_most=None if width is None else float(width),
        smallest=proven,
    )


def smallest(ways: Ways) -> tuple[frozenset[int], bool]:
    """Return the smallest set of candidates that is enough, and whether it is known to be the smallest.

    Among sets of one size it is the first in the order of the candidates. All together must be enough.
    """
    forced: frozenset[int] = frozenset()
    if sum(1 for _ in ways.pairs(())) > _PAIRS:
        forced = ways.choices
    demands: list[frozenset[int]] = []
    chosen: frozenset[int] | None = forced
    while chosen is not None:
        fault = ways.fault(chosen) or ways.fault(chosen, proven=True)
        if fault is None:
            return chosen, not forced
        demands.append(ways.demand(fault, chosen) or ways.all - chosen)
        chosen = _meeting(demands, forced)
    return _irreducible(ways, forced), False


def _meeting(demands: Sequence[frozenset[int]], forced: frozenset[int]) -> frozenset[int] | None:
    """Return the first smallest set that holds one of each demand; ``None`` if there are too many to try."""
    able = sorted(frozenset().union(*demands) - forced)
    tried = 0
    for size in range(1, len(demands) + 1):
        for picked in combinations(able, size):
            tried += 1
            if tried > _SETS:
                return None
            chosen = forced.union(picked)
            if all(not demand.isdisjoint(chosen) for demand in demands):
                return chosen
    return None


def _irreducible(ways: Ways, forced: frozenset[int]) -> frozenset[int]:
    """Return a set that is enough and of which nothing can be left out: what is hard to get goes first."""
    chosen = ways.all
    for index in sorted(chosen - forced, reverse=True):
        if ways.fault(chosen - {index}) is None:
            chosen = chosen - {index}
    return chosen


def _nothing(ways: Ways, fault: Fault) -> Ways | None:
    """Return the ways left if as few items as need be are nothing; ``None`` if that would not do either.

    What may well be nothing is taken as nothing where two inventories differ in it that everything else
    does not tell apart, or where a gas without a factor may be; none of it can then be left out.
    """
    universe = ways.study.universe
    able = [item for item in items(universe.catalogue) if item.may_be_nothing]
    able.sort(key=lambda item: (ease(item), int(universe.mask(item.on).sum()), item.code))
    found = ways
    left: Fault | None = fault
    while left is not None:
        cells = found.blind(left)
        cells = cells if cells.any() else found.apart_in(left)
        held = {item.code for item in found.nothing}
        fit = (one for one in able if one.code not in held and (universe.mask(one.on) & cells).any())
        item = next(fit, None)
        emptied = None if item is None else _emptied(ways, [*found.nothing, item])
        if emptied is None or len(emptied.nothing) > _NOTHING:
            return None
        found = emptied
        left = found.fault(found.all)
    for item in found.nothing[:-1]:
        fewer = _emptied(ways, [one for one in found.nothing if one.code != item.code])
        if fewer is not None and fewer.fault(fewer.all) is None:
            found = fewer
    return found


def _emptied(ways: Ways, nothing: Sequence[Field]) -> Ways | None:
    """Return the ways left if some items are nothing, if any is."""
    found = Ways(ways.study, ways.fitting, ways.tolerance, nothing)
    fits = any(found.twins((i, i), ()).width().fits for i in range(len(ways.fitting)))
    return found if fits else None

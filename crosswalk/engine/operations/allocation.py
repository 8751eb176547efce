"""One way of sharing out joint processes replaced by another: keys, substitution, rules of a sector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import prod

from crosswalk.engine.operations.allocation_rules import (
    CO_PRODUCTS,
    CONDITIONS,
    DIMENSION,
    OPERATION,
    PRICES,
    USED,
    WANTED,
    Change,
    changes,
)
from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds
from crosswalk.engine.operations.enclosure import Box, Slope, enclose
from crosswalk.engine.operations.joint import CREDIT, Chain, Rule, Rules, Values
from crosswalk.engine.operations.situation import Lack, Outcome, Situation

CODE = OPERATION

#: Above this many combinations of choices, each process that has a choice may bear any share.
_COMBINATIONS = 128


def apply(situation: Situation) -> Outcome | None:
    """Add what a declared unit bears of all joint processes under the target, less what it bore.

    Several choices, on either side, give the hull over them. A key whose values are not given may hand on
    any share, from none to all: that is a bound as long as the burden is known.
    """
    chain = Chain(situation.activity.joint)
    if not chain.processes or DIMENSION not in situation.asked:
        return None
    each = [changes(process, situation) for process in chain.processes]
    moving = [at for at, found in enumerate(each) if not all(one.kept for one in found)]
    fault = chain.fault() if moving else None
    if fault is not None:
        return Outcome((DIMENSION,), (), UNKNOWN, lacks=(Lack(fault, situation.input(CODE, "chain")),))
    delta, tight = _change(chain, each, chain.box(situation)) if moving else (NOTHING, True)
    return Outcome(
        dimensions=tuple(_settled(chain, each, situation)),
        to=tuple(dict.fromkeys(one.to for at in moving for one in each[at] if not one.kept)),
        delta=delta,
        lacks=tuple(dict.fromkeys(_lacks(chain, each, moving, situation))),
        parts=((chain.ends[0].path, delta),) if len(chain.ends) == 1 else (),
        tight=tight,
    )


def shares(situation: Situation) -> Mapping[str, tuple[Bounds, Bounds]]:
    """Return what turns an amount per run of a joint process into an amount per declared unit.

    By name of the process: under the rules of the study, and under those the target asks for (the same
    object where these keep all of them). Where several are possible it is the hull over them; where an
    amount it hangs on is missing, it is open.
    """
    chain = Chain(situation.activity.joint)
    if DIMENSION not in situation.asked or chain.fault() is not None:
        return {one.name: (UNKNOWN, UNKNOWN) for one in chain.processes}
    each = [changes(process, situation) for process in chain.processes]
    kept = all(one.kept for of in each for one in of)
    box = chain.box(situation)
    found = {}
    for at, process in enumerate(chain.processes):
        alone = chain.unit_of(box, at)
        before = _factor(chain, [[one.before for one in of] for of in each], alone)
        after = before if kept else _factor(chain, [[one.after for one in of] for of in each], alone)
        found[process.name] = before, after
    return found


def _factor(chain: Chain, rules: Sequence[Sequence[Rule]], box: Box) -> Bounds:
    choices = [tuple(dict.fromkeys(of)) for of in rules]
    if prod(map(len, choices)) > _COMBINATIONS:
        choices = [of if len(of) == 1 else (USED,) for of in choices]
    numbers = tuple(box.items())
    return Bounds.hull(_enclosed(chain, None, picked, numbers)[0] for picked in product(*choices))


def _change(chain: Chain, each: Sequence[Sequence[Change]], box: Box) -> tuple[Bounds, bool]:
    """Return the hull of the change over all combinations of choices, and whether its ends are reached."""
    whole = prod(map(len, each)) <= _COMBINATIONS
    if not whole:
        if any(CREDIT in (one.before, one.after) for of in each for one in of):
            return UNKNOWN, False
        each = [of if len(of) == 1 else (Change(USED, WANTED, of[0].to),) for of in each]
    numbers = tuple(box.items())
    found = [
        _enclosed(chain, tuple(one.before for one in picked), tuple(one.after for one in picked), numbers)
        for picked in product(*each)
    ]
    return Bounds.hull(bounds for bounds, _ in found), whole and all(reached for _, reached in found)


@lru_cache(maxsize=1024)
def _enclosed(
    chain: Chain, before: Rules | None, after: Rules, numbers: tuple[tuple[str, Bounds], ...]
) -> tuple[Bounds, bool]:
    """Return what a unit bears more under ``after`` than under ``before``, or under ``after`` alone.

    Kept, as the scenarios of a conversion differ in much that does not touch these numbers.
    """
    free = {**chain.shares(before or ()), **chain.shares(after)}

    def formula(values: Values) -> Slope:
        return chain.total(after, values) if before is None else chain.change(before, after, values)

    bounds, reached = enclose(formula, {**dict(numbers), **free}, chain.linear())
    return bounds, reached and not free


def _settled(chain: Chain, each: Sequence[Sequence[Change]], situation: Situation) -> Iterator[str]:
    """Yield the dimensions that are answered for: those that have a say in the processes listed."""
    rules = [rule for of in each for one in of for rule in (one.before, one.after)]
    plays = {
        DIMENSION: True,
        CO_PRODUCTS: any(one.group for process in chain.processes for one in process.outputs),
        CONDITIONS: CREDIT in rules,
        PRICES: any(rule.key.partition(":")[0] == "economic" for rule in rules),
    }
    return (code for code, said in plays.items() if said and code in situation.asked)


def _lacks(
    chain: Chain, each: Sequence[Sequence[Change]], moving: Sequence[int], situation: Situation
) -> Iterator[Lack]:
    """Yield what is missing where something changes, behind it, and on the way to the declared unit."""
    changing = {chain.processes[at].name for at in moving}
    feeding = frozenset().union(*(chain.behind(name) for name in changing))
    for process, found in zip(chain.processes, each, strict=True):
        ahead = changing & chain.behind(process.name)
        if process.name in feeding and process.burden is None:
            yield Lack(f"{process.path}.burden", situation.input(CODE, "burden"))
        if ahead and process.used is None and process in chain.ends:
            yield Lack(f"{process.path}.used", situation.input(CODE, "used"))
        if process.name in feeding or ahead:
            yield from (lack for one in found for lack in one.lacks)

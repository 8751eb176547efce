"""Attributes assigned by mass balance, replaced by what the product physically holds, or the reverse."""

from __future__ import annotations

from fractions import Fraction

from crosswalk.engine.operations.bounds import NOTHING, Bounds, total
from crosswalk.engine.operations.burdens import worth
from crosswalk.engine.operations.situation import Lack, Outcome, Situation
from crosswalk.footprint.activity import Burden, MassBalanced
from crosswalk.footprint.quantity import Quantity

CODE = "OP-MASSBAL"
DIMENSION = "mass-balance"
PHYSICAL = "mass-balance.physical"


def apply(situation: Situation) -> Outcome | None:
    """Add (share wanted less share counted) times (alternative less conventional), for each input.

    A share not given may be anything: what is physically held, from nothing to what was assigned.
    """
    inputs = situation.activity.mass_balanced
    if not inputs or DIMENSION not in situation.asked:
        return None
    asked = situation.asked[DIMENSION]
    changes: list[tuple[str, Bounds]] = []
    lacks: list[Lack] = []
    to: list[str] = []
    for one in inputs:
        used = one.method or (asked.used[0] if len(asked.used) == 1 else None)
        wanted = asked.wanted(used)
        to += wanted
        changes.append((one.path, _change(one, used, wanted, situation, lacks)))
    return Outcome(
        dimensions=(DIMENSION,),
        to=tuple(dict.fromkeys(to)),
        delta=total(change for _, change in changes),
        lacks=tuple(lacks),
        parts=tuple(changes),
    )


def _change(
    one: MassBalanced, used: str | None, wanted: tuple[str, ...], situation: Situation, lacks: list[Lack]
) -> Bounds:
    before = {PHYSICAL} if used == PHYSICAL else {"credits"} if used is not None else {PHYSICAL, "credits"}
    after = {PHYSICAL if option == PHYSICAL else "credits" for option in wanted}
    if before == after and len(before) == 1:
        return NOTHING
    wide = [_needed(one, name, situation, lacks) for name in ("assigned", "conventional", "alternative")]
    if not all(wide):
        return Bounds(None, None)
    assigned, physical = _shares(one)
    differences = [
        (physical if there == PHYSICAL else assigned) - (physical if here == PHYSICAL else assigned)
        if here != there
        else NOTHING
        for here in sorted(before)
        for there in sorted(after)
    ]
    apart = worth(one.alternative, situation, "process") - worth(one.conventional, situation, "process")
    return Bounds.hull(differences) * apart


def _shares(one: MassBalanced) -> tuple[Bounds, Bounds]:
    assert one.assigned is not None
    assigned = Bounds.share(one.assigned)
    if one.physical is not None:
        return assigned, Bounds.share(one.physical)
    return assigned, Bounds(Fraction(0), assigned.high)


def _needed(one: MassBalanced, name: str, situation: Situation, lacks: list[Lack]) -> bool:
    given: Quantity | Burden | None = getattr(one, name)
    if given is None:
        lacks.append(Lack(f"{one.path}.{name}", situation.input(CODE, name)))
    return given is not None

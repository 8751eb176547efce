"""Attributes assigned by mass balance, replaced by what the product physically holds, or the reverse."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from crosswalk.engine.operations.bounds import NOTHING, Bounds
from crosswalk.engine.operations.burdens import worth
from crosswalk.engine.operations.enclosure import Box, Formula, Slope
from crosswalk.engine.operations.itemwise import itemwise
from crosswalk.engine.operations.situation import Outcome, Situation
from crosswalk.footprint.activity import MassBalanced

CODE = "OP-MASSBAL"
DIMENSION = "mass-balance"
PHYSICAL = "mass-balance.physical"
CONDITIONAL = "mass-balance.credits-conditional"

_ANY = Bounds(Fraction(0), Fraction(1))


def apply(situation: Situation) -> Outcome | None:
    """Add (share wanted less share counted) times (alternative less conventional), for each input.

    A share not given may be anything: what is physically held, from nothing to what was assigned. What
    conditions leave of credits that were taken without them lies between the two.
    """
    if not situation.activity.mass_balanced or DIMENSION not in situation.asked:
        return None

    def change(one: MassBalanced, used: str, wanted: str) -> tuple[Formula, Box] | Bounds:
        formula = _change(used, wanted, one.physical is None)
        return NOTHING if formula is None else (formula, _box(one, situation))

    return itemwise(situation, CODE, DIMENSION, situation.activity.mass_balanced, change)


def _box(one: MassBalanced, situation: Situation) -> Box:
    """Return the numbers of an input; ``left`` is the part of a credit that conditions leave."""
    return {
        "conventional": worth(one.conventional, situation, "process"),
        "alternative": worth(one.alternative, situation, "process"),
        "assigned": _ANY if one.assigned is None else Bounds.share(one.assigned),
        "physical": _ANY if one.physical is None else Bounds.share(one.physical),
        "left": _ANY,
    }


def _change(used: str, wanted: str, bound: bool) -> Formula | None:
    """Return the formula of a change; ``bound`` where what is held is known to be part of what was assigned.

    Credits the target takes under conditions only may shrink to what is held.
    """
    if used == wanted or (used == CONDITIONAL and wanted != PHYSICAL):
        return None

    def change(v: Mapping[str, Slope]) -> Slope:
        assigned = v["assigned"]
        held = v["physical"] * assigned if bound else v["physical"]

        def counted(option: str) -> Slope:
            if option == PHYSICAL:
                return held
            if option == CONDITIONAL and option != used:
                return held + v["left"] * (assigned - held)
            return assigned

        return (counted(wanted) - counted(used)) * (v["alternative"] - v["conventional"])

    return change

"""Who bears waste burnt for energy: who delivers the waste, or who uses the energy.

Per kg of waste, who delivers it bears nothing under cut-off, its burning under reverse cut-off, and that
less the energy displaced under substitution; who uses the energy bears the rest of the burning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds
from crosswalk.engine.operations.burdens import amount, worth
from crosswalk.engine.operations.enclosure import Box, Formula, Slope, number
from crosswalk.engine.operations.itemwise import itemwise
from crosswalk.engine.operations.situation import Outcome, Situation
from crosswalk.footprint.activity import WasteBurnt

CODE = "OP-WTE"
DIMENSION = "waste-to-energy"
#: What who delivers the waste bears of it.
BORNE: Mapping[str, tuple[Literal["burning", "displaced"], ...]] = {
    "waste-to-energy.cut-off": (),
    "waste-to-energy.reverse-cut-off": ("burning",),
    "waste-to-energy.substitution": ("burning", "displaced"),
}


def apply(situation: Situation) -> Outcome | None:
    """Add, for each waste, its mass times what a kg puts on the product under the target, less before.

    What recycled materials say of burning at the end of their life is theirs, and no waste of this list.
    """
    if not situation.activity.burnt or DIMENSION not in situation.asked:
        return None

    def change(one: WasteBurnt, used: str, wanted: str) -> tuple[Formula, Box] | Bounds:
        formula = _change(one, used, wanted)
        if used == wanted or formula is None:
            return NOTHING if used == wanted else UNKNOWN
        box = {name: worth(getattr(one, name), situation, "process") for name in ("burning", "displaced")}
        return formula, box | {name: amount(getattr(one, name)) for name in ("mass", "energy")}

    return itemwise(situation, CODE, DIMENSION, situation.activity.burnt, change)


def _change(one: WasteBurnt, used: str, wanted: str) -> Formula | None:
    """Return the formula of a change, ``None`` for an option that none is known for."""
    if used not in BORNE or wanted not in BORNE:
        return None

    def change(v: Mapping[str, Slope]) -> Slope:
        worths = {"burning": v["burning"], "displaced": -(v["energy"] * v["displaced"])}
        found = number(0)
        for name in ("burning", "displaced"):
            if name in BORNE[wanted] and name not in BORNE[used]:
                found = found + worths[name]
            elif name in BORNE[used] and name not in BORNE[wanted]:
                found = found - worths[name]
        return v["mass"] * (found if one.side == "delivers" else -found)

    return change

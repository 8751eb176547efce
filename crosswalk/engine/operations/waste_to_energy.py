"""Who bears waste burnt for energy: who delivers the waste, or who uses the energy.

Per kg of waste, who delivers it bears nothing under cut-off, its burning under reverse cut-off, and that
less the energy displaced under substitution; who uses the energy bears the rest of the burning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds, total
from crosswalk.engine.operations.burdens import amount, worth
from crosswalk.engine.operations.enclosure import Formula, Slope, enclose, matters, number
from crosswalk.engine.operations.situation import Lack, Outcome, Situation
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
    parts: list[tuple[str, Bounds]] = []
    lacks: list[Lack] = []
    to: list[str] = []
    tight = True
    for one in situation.activity.burnt:
        found = []
        missing: set[str] = set()
        for used, wanted in situation.asked[DIMENSION].pairs(one.method):
            formula = _change(one, used, wanted)
            if used == wanted or formula is None:
                found.append(NOTHING if used == wanted else UNKNOWN)
                continue
            box = {name: worth(getattr(one, name), situation, "process") for name in ("burning", "displaced")}
            box |= {name: amount(getattr(one, name)) for name in ("mass", "energy")}
            delta, reached = enclose(formula, box, affine=box)
            found.append(delta)
            to.append(wanted)
            tight = tight and reached
            missing |= {name for name in matters(formula, box) if getattr(one, name) is None}
        parts.append((one.path, Bounds.hull(found)))
        lacks += [Lack(f"{one.path}.{name}", situation.input(CODE, name)) for name in sorted(missing)]
    return Outcome(
        dimensions=(DIMENSION,),
        to=tuple(dict.fromkeys(to)),
        delta=total(delta for _, delta in parts),
        lacks=tuple(lacks),
        parts=tuple(parts),
        tight=tight,
    )


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

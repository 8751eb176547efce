"""Captured CO2 that is used in a product: the credit for it undone, or taken.

CO2 that is captured and stored has cells of its own, and options of ``ccs`` that weigh them: it needs no
model. What is used instead crosses from one product to another, and may be counted on both sides.
"""

from __future__ import annotations

from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds, total
from crosswalk.engine.operations.situation import Asked, Lack, Outcome, Situation
from crosswalk.footprint.activity import CapturedCarbon

CODE = "OP-CCU"
DIMENSION = "ccu"
CREDIT = "ccu.credit"
CUT_OFF = "ccu.cut-off"
_COUNTED = {"credited": CREDIT, "not-credited": CUT_OFF, None: None}


def apply(situation: Situation) -> Outcome | None:
    """Take off, or add back, the CO2 each product took up; the other sign for who delivered it.

    A credit that the study did not take needs a certificate.
    """
    used = [one for one in situation.activity.captured if one.fate == "used"]
    if not used or DIMENSION not in situation.asked:
        return None
    asked = situation.asked[DIMENSION]
    found = [(one, *_change(one, asked)) for one in used]
    label = situation.input(CODE, "certificate")
    return Outcome(
        dimensions=(DIMENSION,),
        to=tuple(dict.fromkeys(b for one in used for a, b in asked.pairs(_COUNTED[one.counted]) if a != b)),
        delta=total(delta for _, delta, _ in found),
        lacks=tuple(Lack(f"{one.path}.certificate", label) for one, _, bare in found if bare),
        parts=tuple((one.path, delta) for one, delta, _ in found),
    )


def _change(one: CapturedCarbon, asked: Asked) -> tuple[Bounds, bool]:
    """Return the change for one amount of CO2, and whether a certificate is wanting."""
    taken = Bounds.of(one.carbon_dioxide)
    credit = -taken if one.side == "takes" else taken
    found, bare = [], False
    for used, wanted in asked.pairs(_COUNTED[one.counted]):
        if used == wanted:
            found.append(NOTHING)
        elif wanted == CREDIT and not one.certificate:
            found.append(UNKNOWN)
            bare = True
        else:
            found.append(credit if wanted == CREDIT else -credit)
    return Bounds.hull(found), bare

"""Factors of one database replaced by those of another, where the file names the factors wanted.

No dimension asks for this: regimes differ in the databases they accept, but which factor of a database
stands for which activity is for the study to say. What has no other factor keeps its own.
"""

from __future__ import annotations

from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds, total
from crosswalk.engine.operations.burdens import number, recharacterised, worth
from crosswalk.engine.operations.situation import Lack, Outcome, Situation
from crosswalk.footprint.activity import Burden
from crosswalk.messages import both

CODE = "OP-FACTOR"


def apply(situation: Situation) -> Outcome | None:
    """Add amount times (factor wanted less factor used), for each use that names another factor.

    Towards its own regime a study keeps its factors.
    """
    if situation.own:
        return None
    # One factor in many uses moves all of them at once.
    apart: dict[tuple[Burden | None, Burden], Bounds] = {}
    sums: dict[tuple[Burden | None, Burden], Bounds] = {}
    parts, lacks = [], []
    tight = True
    for one in situation.activity.factors:
        if one.other is None:
            continue
        if one.factor is None:
            lacks.append(Lack(f"{one.path}.factor", situation.input(CODE, "factor")))
        pair = (None if one.factor is None else number(one.factor), number(one.other))
        apart.setdefault(pair, _apart(*pair, situation))
        sums[pair] = sums.get(pair, NOTHING) + Bounds.of(one.amount)
        parts.append((one.path, apart[pair] * Bounds.of(one.amount)))
        tight &= not any(recharacterised(burden, situation, "process") for burden in pair)
    if not parts:
        return None
    return Outcome(
        dimensions=(),
        to=(),
        delta=total(amount * apart[pair] for pair, amount in sums.items()),
        lacks=tuple(lacks),
        parts=tuple(parts),
        tight=tight,
        notes=(both("note.factor-wanted", count=len(parts)),),
    )


def _apart(factor: Burden | None, other: Burden, situation: Situation) -> Bounds:
    if factor == other:
        return NOTHING
    if factor is None:
        return UNKNOWN
    return worth(other, situation, "process") - worth(factor, situation, "process")

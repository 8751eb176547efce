"""What a stricter target would still accept of a study that left out more than it allows.

A declared share is the most that was left out, so an answer reaches from what was counted to the whole. If
it is just what was left out, the whole is known, and the target may leave out its own limit of it: said
beside the answer, never added to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from crosswalk.engine.methods import CUT_OFF, exceeds
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.program import Program
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Regime
from crosswalk.knowledge.records import Text
from crosswalk.messages import both

if TYPE_CHECKING:
    from crosswalk.engine.compiled import Solved
    from crosswalk.engine.study import Study


def notes(study: Study, footprint: Footprint, target: Regime, solved: Sequence[Solved]) -> tuple[Text, ...]:
    """Return which values would do, where more was left out than the target allows."""
    asked, given = target.requirements.get(CUT_OFF), footprint.exempted
    if asked is None or asked.limit is None or given is None or not exceeds(footprint, asked):
        return ()
    limit = Fraction(asked.limit)
    found = []
    for one in solved:
        row = study.admissible(one.scenario.source, limit)
        total = study.total(one.scenario.source, one.scenario.target)
        rows = one.rows if row is None else [*one.rows, row]
        interval = Program(study.universe, rows, one.dead, [total]).interval(0)
        if interval is not None:
            found.append(Bounds(interval.low, interval.high))
    low, high = Bounds.hull(found).ends if found else (None, None)
    if low is None or high is None:
        return ()
    note = both(
        "note.exempted-exceeds",
        regime=target.code,
        share=f"{float(given.value) * 100:g}",
        limit=f"{float(limit) * 100:g}",
        low=f"{float(low):.6g}",
        high=f"{float(high):.6g}",
    )
    return (note,)

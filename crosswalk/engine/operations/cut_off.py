"""What a stricter target would still accept of a study that left out more than it allows, or may have.

A declared share is the most that was left out, so an answer reaches from what was counted to the whole. If
it is just what was left out, the whole is known, and the target may leave out its own limit of it: said
beside the answer, never added to it. Where no share is declared, the one that the regime of the study
permits is the most. If it permits none that is known, the answer holds on a condition, which is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from crosswalk.engine.items import items
from crosswalk.engine.methods import COUNT_ALL, CUT_OFF, exceeds
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.program import Program
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Catalogue, Field, Regime
from crosswalk.knowledge.records import Text
from crosswalk.messages import both

if TYPE_CHECKING:
    from crosswalk.engine.compiled import Solved
    from crosswalk.engine.study import Study


def remarks(study: Study, target: Regime) -> tuple[Text, ...]:
    """Return what an answer rests on where nobody says how much was left out."""
    asked, own = target.requirements.get(CUT_OFF), study.regime
    if asked is None or asked.limit is None or own is None or study.tells_left_out():
        return ()
    limit = _percent(Fraction(asked.limit))
    if on_condition(study, target):
        return (both("note.exempted-unlimited", source=own.code, limit=limit, regime=target.code),)
    if study.permitted is None or not exceeds(study.footprint, asked):
        return (both("note.exempted-undisclosed", limit=limit, regime=target.code),)
    share = _percent(Fraction(study.permitted.limit or "0"))
    return (both("note.exempted-permitted", source=own.code, share=share, limit=limit, regime=target.code),)


def on_condition(study: Study, target: Regime) -> bool:
    """Whether an answer holds only if no more was left out than the target allows, which nothing tells."""
    asked = target.requirements.get(CUT_OFF)
    if asked is None or asked.limit is None or study.regime is None or study.regime.code == target.code:
        return False
    return study.permitted is None and not study.tells_left_out()


def listed(catalogue: Catalogue) -> list[Field]:
    """Return the items that say what was left out: those reckoned as if nothing were."""
    return [item for item in items(catalogue) if COUNT_ALL in item.under]


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
        share=_percent(given.value),
        limit=_percent(limit),
        low=f"{float(low):.6g}",
        high=f"{float(high):.6g}",
        unit=str(footprint.declared_unit),
    )
    return (note,)


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:g}"

"""Where two regimes differ, and which operations lead from one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosswalk.results import Comparison, KnowledgeId, Plan

if TYPE_CHECKING:
    from crosswalk.knowledge.catalogue import Catalogue


def compare(first: str, second: str, *, catalogue: Catalogue | None = None) -> Comparison:
    """Return the dimensions in which two regimes, or two editions of one, differ.

    Raises ``UnknownNameError`` if a name denotes no regime described here.

    >>> found = compare("GB/T 24067-2024", "ISO 14067:2018")
    >>> found.first, found.second, found.provisional
    ('GBT:24067-2024', 'ISO:14067-2018', True)
    """
    from crosswalk.engine.bridges import differences
    from crosswalk.engine.plan import weak
    from crosswalk.knowledge.load import load
    from crosswalk.lookup import find_regime, universe_of

    known = catalogue if catalogue is not None else load()
    one, other = find_regime(first, known), find_regime(second, known)
    found = differences(one, other, universe_of(known))
    differing = tuple(d for d in found if d.relation != "same")
    return Comparison(
        first=one.code,
        second=other.code,
        first_label=one.label,
        second_label=other.label,
        differences=differing,
        same=tuple(d.dimension for d in found if d.relation == "same"),
        provisional=any(weak(d.clauses) for d in found),
        knowledge=KnowledgeId(version=known.version, hash=known.hash),
    )


def plan(source: str, target: str, *, catalogue: Catalogue | None = None) -> Plan:
    """Return the operations a conversion from ``source`` to ``target`` would use, in order.

    Raises ``UnknownNameError`` if a name denotes no regime described here.

    >>> steps = plan("PACT:3.0", "ISO:14067-2018").steps
    >>> [step.to for step in steps if step.from_ == "biogenic-co2.zero-zero"]
    [('biogenic-co2.minus1-plus1',)]
    """
    from crosswalk.engine.bridges import planned
    from crosswalk.knowledge.load import load
    from crosswalk.lookup import find_regime, universe_of

    known = catalogue if catalogue is not None else load()
    one, other = find_regime(source, known), find_regime(target, known)
    steps = planned(one, other, universe_of(known))
    crossed = {step.dimension for step in steps}
    return Plan(
        source=one.code,
        target=other.code,
        source_label=one.label,
        target_label=other.label,
        steps=steps,
        kept=tuple(code for code in known.dimensions if code not in crossed),
        knowledge=KnowledgeId(version=known.version, hash=known.hash),
    )

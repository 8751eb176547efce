"""How firmly the regimes are known, counted from the catalogue."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from crosswalk.knowledge.catalogue import Catalogue, Regime
from crosswalk.knowledge.records import EvidenceClass
from crosswalk.results import Coverage, KnowledgeId
from crosswalk.results.coverage import Asked, Covered, RegimeCoverage

_CLASSES: tuple[EvidenceClass, ...] = get_args(EvidenceClass)


def coverage(*, catalogue: Catalogue | None = None) -> Coverage:
    """Return regime by dimension by evidence class, with totals.

    >>> found = coverage()
    >>> sum(found.counts.values()) == sum(len(one.cells) for one in found.regimes)
    True
    """
    from crosswalk.knowledge.load import load

    known = catalogue if catalogue is not None else load()
    dimensions = sorted(known.dimensions.values(), key=lambda one: (one.order, one.code))
    order = [one.code for one in dimensions]
    regimes = tuple(_regime(known.regimes[code], order) for code in sorted(known.regimes))
    return Coverage(
        dimensions=tuple(Asked(code=one.code, label=one.label) for one in dimensions),
        regimes=regimes,
        counts={name: sum(one.counts[name] for one in regimes) for name in _CLASSES},
        missing=sum(one.missing for one in regimes),
        knowledge=KnowledgeId(version=known.version, hash=known.hash),
    )


def _regime(regime: Regime, order: list[str]) -> RegimeCoverage:
    said = [regime.requirements[code] for code in order if code in regime.requirements]
    counted = Counter(one.statement.evidence for one in said)
    return RegimeCoverage(
        code=regime.code,
        label=regime.label,
        cells=tuple(
            Covered(
                dimension=one.dimension,
                evidence=one.statement.evidence,
                clause=one.statement.clause,
                sources=one.statement.sources,
                permits=one.permits,
            )
            for one in said
        ),
        counts={name: counted[name] for name in _CLASSES},
        missing=len(order) - len(said),
    )

"""The regimes that are described, at a glance: what is known of each, and how firmly."""

from __future__ import annotations

from crosswalk.knowledge.catalogue import Catalogue, Regime
from crosswalk.knowledge.records import FIRM
from crosswalk.results import KnowledgeId, RegimeEntry, RegimeList


def regimes(*, catalogue: Catalogue | None = None) -> RegimeList:
    """Return the regimes that are described, with how much is known of each.

    >>> "PACT:3.0" in [one.code for one in regimes().regimes]
    True
    """
    from crosswalk.knowledge.load import load

    known = catalogue if catalogue is not None else load()
    return RegimeList(
        regimes=tuple(_entry(known.regimes[code], known) for code in sorted(known.regimes)),
        knowledge=KnowledgeId(version=known.version, hash=known.hash),
    )


def _entry(regime: Regime, catalogue: Catalogue) -> RegimeEntry:
    known = [one for one in regime.requirements.values() if one.permits]
    dates = sorted({one.date for one in regime.dates if one.event == "effective"})
    return RegimeEntry(
        code=regime.code,
        label=regime.label,
        authority=regime.authority,
        edition=regime.edition,
        status=regime.status,
        effective=" / ".join(dates),
        dimensions=len(catalogue.dimensions),
        known=len(known),
        firm=sum(one.statement.evidence in FIRM for one in known),
    )

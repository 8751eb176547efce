"""The regimes that are described, at a glance: what is known of each, and how firmly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crosswalk.knowledge.catalogue import FIRM, Catalogue, Record, Regime, Text
from crosswalk.results import KnowledgeId, to_plain

if TYPE_CHECKING:
    import pandas as pd


class RegimeEntry(Record):
    """One regime in the list.

    Of ``dimensions`` methodological questions, ``known`` are those for which we know what it permits,
    and ``firm`` of these rest on a text that was read or on a secondary source. ``effective`` is a
    date, or empty; where sources disagree, all dates stand in it.
    """

    code: str
    label: Text
    authority: str
    edition: str
    status: str
    effective: str
    dimensions: int
    known: int
    firm: int


class RegimeList(Record):
    """All regimes that are described, by code."""

    regimes: tuple[RegimeEntry, ...]
    knowledge: KnowledgeId

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with every field present."""
        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain

    def to_frame(self) -> pd.DataFrame:
        """Return the list as a data frame, one row a regime."""
        import pandas as pd

        return pd.DataFrame([to_plain(one) | {"label": one.label.en} for one in self.regimes])

    def __repr__(self) -> str:
        from crosswalk.report.text import brief

        return brief(self)


def list_regimes(catalogue: Catalogue) -> RegimeList:
    """Return the regimes ``catalogue`` describes."""
    return RegimeList(
        regimes=tuple(_entry(catalogue.regimes[code], catalogue) for code in sorted(catalogue.regimes)),
        knowledge=KnowledgeId(version=catalogue.version, hash=catalogue.hash),
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

"""How firmly the regimes are known: regime by dimension by evidence class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosswalk.knowledge.records import Record, Text
from crosswalk.results.base import Answer, KnowledgeId

if TYPE_CHECKING:
    import pandas as pd


class Covered(Record):
    """What a regime says in a dimension: how that is known, where it stands, what it permits."""

    dimension: str
    evidence: str
    clause: str
    sources: tuple[str, ...]
    permits: tuple[str, ...]


class RegimeCoverage(Record):
    """One regime. ``counts`` are requirements by evidence class; ``missing`` dimensions have none."""

    code: str
    label: Text
    cells: tuple[Covered, ...]
    counts: dict[str, int]
    missing: int


class Asked(Record):
    """A dimension, as a row of the matrix."""

    code: str
    label: Text


class Coverage(Answer):
    """The matrix: dimensions in their order, regimes by code, and the totals of each class."""

    dimensions: tuple[Asked, ...]
    regimes: tuple[RegimeCoverage, ...]
    counts: dict[str, int]
    missing: int
    knowledge: KnowledgeId

    def to_frame(self) -> pd.DataFrame:
        """Return one row a requirement, and one for each that is missing."""
        import pandas as pd

        return pd.DataFrame(list(self.to_rows()))

    def to_rows(self) -> list[dict[str, str]]:
        """Return one row a regime and dimension, as texts; what is missing has empty ones."""
        rows = []
        for regime in self.regimes:
            known = {one.dimension: one for one in regime.cells}
            for dimension in self.dimensions:
                cell = known.get(dimension.code)
                rows.append(
                    {
                        "regime": regime.code,
                        "dimension": dimension.code,
                        "evidence": cell.evidence if cell else "",
                        "clause": cell.clause if cell else "",
                        "sources": " ".join(cell.sources) if cell else "",
                        "permits": " ".join(cell.permits) if cell else "",
                    }
                )
        return rows

"""What there is: the regimes that are described, the profiles one may assume."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosswalk.knowledge.catalogue import Profile
from crosswalk.knowledge.recognition import Arrangement, Pack, Rule
from crosswalk.knowledge.records import Record, Text
from crosswalk.results.base import Answer, KnowledgeId, to_plain

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


class RegimeList(Answer):
    """All regimes that are described, by code."""

    regimes: tuple[RegimeEntry, ...]
    knowledge: KnowledgeId

    def to_frame(self) -> pd.DataFrame:
        """Return the list as a data frame, one row a regime."""
        import pandas as pd

        return pd.DataFrame([to_plain(one) | {"label": one.label.en} for one in self.regimes])


class ProfileList(Answer):
    """All assumption profiles, by code, with their assumptions and how each is known."""

    profiles: tuple[Profile, ...]
    knowledge: KnowledgeId

    def to_frame(self) -> pd.DataFrame:
        """Return the list as a data frame, one row an assumption of a profile."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "profile": profile.code,
                    "assumption": one.code,
                    "label": one.label.en,
                    "evidence": one.statement.evidence,
                    "clause": one.statement.clause,
                }
                for profile in self.profiles
                for one in profile.assumptions
            ]
        )


class RuleList(Answer):
    """Packs of rules of recognition, their rules by level and code, and arrangements between schemes."""

    packs: tuple[Pack, ...]
    rules: tuple[Rule, ...]
    arrangements: tuple[Arrangement, ...]
    knowledge: KnowledgeId

    def to_frame(self) -> pd.DataFrame:
        """Return the rules as a data frame, one row a rule."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "code": one.code,
                    "pack": one.pack,
                    "level": one.level,
                    "severity": one.severity,
                    "label": one.label.en,
                    "evidence": one.statement.evidence,
                    "clause": one.statement.clause,
                }
                for one in self.rules
            ]
        )

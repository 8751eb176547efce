"""What becomes of claims: how far recognition is proven, what fails, what is unknown, what to ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from crosswalk.knowledge.records import FIRM, Record, Text
from crosswalk.results.asks import Judged
from crosswalk.results.base import Answer, Cited, KnowledgeId, Range, Unused

if TYPE_CHECKING:
    import pandas as pd

Standing = Literal["pass", "unknown", "fail"]
Decision = Literal["recognised", "conditional", "undecided", "refused", "not-assessable", "not-applicable"]

#: The source of what this project defines itself.
_OWN = ("INFERENCE",)


class Reason(Record):
    """One rule that fails or is unknown: ``label`` says what must hold."""

    rule: str
    level: str
    severity: str
    outcome: Standing
    label: Text
    cited: Cited


class AskField(Record):
    """A field of a claim to ask for; ``code`` is the name of its column."""

    code: str
    label: Text


class LevelOutcome(Record):
    """How a claim stands at one level."""

    code: str
    label: Text
    rank: int
    outcome: Standing


class ClaimVerdict(Answer):
    """What becomes of one claim.

    ``level`` is the highest level with all beneath it proven (0: none), ``open`` the first above it that is
    not, ``because`` the rule that keeps it so. ``levels`` stand each by itself: verification may be
    equivalent where rules are not. ``guaranteed`` and ``assumed`` are where the value lies under the target,
    in kg CO2e per declared unit, ``value`` what that proves of the asserted one. ``rests_on`` are the
    statements behind what is proven, ``arrangements`` among them; ``provisional`` tells that one of them is
    weaker than a secondary source. ``asks`` is the smallest list of fields that would decide the claim.
    """

    row: int
    id: str | None
    source: str | None
    target: str | None
    claimed: str | None
    verdict: Decision
    label: Text
    level: int
    levels: tuple[LevelOutcome, ...]
    open: str | None
    because: str | None
    reasons: tuple[Reason, ...]
    asks: tuple[AskField, ...]
    guaranteed: Range | None
    assumed: Range | None
    value: Judged | None
    value_assumed: Judged | None
    value_status: str
    provisional: bool
    rests_on: tuple[Cited, ...] = ()

    @property
    def weak(self) -> tuple[Cited, ...]:
        """What it rests on that is weaker than a secondary source; what the levels mean is our own."""
        return tuple(one for one in self.rests_on if one.evidence not in FIRM and one.sources != _OWN)


class ClaimError(Record):
    """A claim that could not be read: which row, which field, and why; in a text file, on which line."""

    row: int
    field: str | None
    code: str
    value: str | None
    reason: str
    file: str = ""
    line: int | None = None


class Verdicts(Answer):
    """The verdicts on some claims, in their order, and the claims that could not be read.

    ``unused`` are the columns that mean nothing, with the field each was likeliest meant to be.
    """

    verdicts: tuple[ClaimVerdict, ...]
    errors: tuple[ClaimError, ...]
    as_of: str
    knowledge: KnowledgeId
    unused: tuple[Unused, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many claims came out how, the most frequent first."""
        found: dict[str, int] = {}
        for one in self.verdicts:
            found[one.verdict] = found.get(one.verdict, 0) + 1
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def to_frame(self) -> pd.DataFrame:
        """Return the verdicts as a data frame, one row a claim."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "row": one.row,
                    "id": one.id,
                    "source": one.source,
                    "target": one.target,
                    "claimed": one.claimed,
                    "verdict": one.verdict,
                    "level": one.level,
                    **{level.code: level.outcome for level in one.levels},
                    "because": one.because,
                    "asks": ";".join(ask.code for ask in one.asks),
                    "low": one.guaranteed.low if one.guaranteed else None,
                    "high": one.guaranteed.high if one.guaranteed else None,
                    "value": one.value,
                    "provisional": one.provisional,
                }
                for one in self.verdicts
            ]
        )

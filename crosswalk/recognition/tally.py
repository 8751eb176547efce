"""Verdicts as they come, part by part, until the table of them is whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from crosswalk.engine.cells import Mask
from crosswalk.engine.solver import Ints
from crosswalk.knowledge.records import FIRM
from crosswalk.recognition.asks import Asking, Stated, Told
from crosswalk.recognition.claims import ROW
from crosswalk.recognition.enrich import Part
from crosswalk.recognition.ladder import CLAIMED, OUTCOMES, PASS, VERDICTS, Climbed, Ladder, Outcomes
from crosswalk.recognition.value import JUDGED, STATUSES, Values, words

_LEVELS = ("assessable", "reference", "method", "rule", "verification", "result", "label")
#: The columns of verdicts, in order.
COLUMNS: tuple[str, ...] = (
    *("row", "id", "source", "target", "claimed", "verdict", "level", *_LEVELS, "open", "because"),
    *("reasons", "asks", "low", "high", "assumed_low", "assumed_high", "value", "value_assumed"),
    *("value_status", "provisional"),
)
#: Verdicts that nothing more can change, as far as what is stated stays.
_DECIDED = [VERDICTS.index(one) for one in ("recognised", "refused", "not-applicable")]


class Tally:
    """The verdicts on a table of claims."""

    def __init__(self, ladder: Ladder, stated: pl.DataFrame) -> None:
        self._ladder = ladder
        self._stated = stated
        self._known = Stated(stated)
        claims = stated.height
        self._kinds = list(CLAIMED)
        claimed = stated["claimed"]
        assert isinstance(claimed.dtype, pl.Enum)
        places = np.array([*(self._kinds.index(one) for one in claimed.dtype.categories), -1])
        self._claimed = places[claimed.to_physical().cast(pl.Int64).fill_null(-1).to_numpy()]
        self._levels = np.zeros((len(ladder.levels), claims), dtype=np.uint8)
        self._height = np.zeros(claims, dtype=np.int64)
        self._verdict = np.zeros(claims, dtype=np.int64)
        self._because = np.full(claims, -1, dtype=np.int64)
        self._provisional = np.zeros(claims, dtype=bool)
        self._told = Told(len(ladder.levels), claims)

    def put(self, part: Part, claims: pl.DataFrame, outcomes: Outcomes, asking: Asking) -> None:
        """Add the claims of a part, with the outcome of every rule (rules, claims)."""
        kinds, claimed = self._kinds, self._claimed[part.rows]
        climbed = self._ladder.climb(outcomes, kinds, claimed)
        needed = self._needed(climbed, kinds, claimed)
        decided = np.isin(climbed.verdict, _DECIDED)
        asking.tell(self._told, part.rows, outcomes, self._known, needed, decided)
        self._levels[:, part.rows] = climbed.levels
        self._height[part.rows] = climbed.height
        self._verdict[part.rows] = climbed.verdict
        self._because[part.rows] = climbed.because
        self._provisional[part.rows] = self._weak(part, claims, outcomes, climbed, needed)

    def frame(self, values: Values, rows: pl.Series) -> pl.DataFrame:
        """Return the verdicts on all claims, in their order; ``rows`` are the numbers of those given."""
        levels, stated = self._ladder.levels, self._stated
        return pl.DataFrame(
            {
                "row": rows.gather(stated[ROW]),
                "id": stated["id"],
                "source": stated["regime"],
                "target": stated["target"],
                "claimed": stated["claimed"],
                "verdict": words(self._verdict, VERDICTS),
                "level": pl.Series(np.maximum(self._height, 0).astype(np.uint8)),
                **{one.code: words(self._levels[one.rank], OUTCOMES) for one in levels},
                "open": words(self._height + 1, (*_LEVELS, "")),
                "because": words(self._because + 1, ("", *(rule.code for rule in self._ladder.rules))),
                "reasons": self._told.reasons(),
                "asks": self._told.asks(),
                "low": pl.Series(values.low, nan_to_null=True),
                "high": pl.Series(values.high, nan_to_null=True),
                "assumed_low": pl.Series(values.assumed_low, nan_to_null=True),
                "assumed_high": pl.Series(values.assumed_high, nan_to_null=True),
                "value": words(values.judged, JUDGED),
                "value_assumed": words(values.assumed, JUDGED),
                "value_status": words(values.status, STATUSES),
                "provisional": pl.Series(self._provisional),
            }
        ).select(COLUMNS)

    def _needed(self, climbed: Climbed, claimed: Sequence[str], codes: Ints) -> Mask:
        """Return which levels a claim rests on; of one that claims nothing, the ones up to the next."""
        ranks = np.arange(len(_LEVELS))[:, None]
        needed: Mask = ranks <= np.minimum(climbed.height + 1, len(_LEVELS) - 1)
        for place, word in enumerate(claimed):
            rows = codes == place
            if rows.any():
                needed[:, rows] = np.isin(ranks, self._ladder.needs(CLAIMED[word]))
        return needed

    def _weak(
        self, part: Part, claims: pl.DataFrame, outcomes: Outcomes, climbed: Climbed, needed: Mask
    ) -> Mask:
        """Claims whose proven levels rest on something weaker than a secondary source."""
        within = np.arange(len(_LEVELS))[:, None] <= climbed.height
        used = (climbed.levels == PASS) & (within | needed)
        weak = np.zeros(claims.height, dtype=bool)
        own = {name for name in claims.columns if name.startswith("weak.")}
        for place, rule in enumerate(self._ladder.rules):
            fields = self._ladder.mentioned[place]
            unsure = [name for name in sorted(own) if name.removeprefix("weak.") in fields]
            whole = rule.statement.evidence not in FIRM or not part.weak.isdisjoint(fields)
            if whole or unsure:
                passed = (outcomes[place] == PASS) & used[self._ladder.rank(rule)]
                for name in unsure if not whole else ():
                    passed &= claims[name].to_numpy()
                weak |= passed
        return weak

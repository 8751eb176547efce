"""From the outcomes of rules to the columns of verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

import numpy as np
import polars as pl

from crosswalk.engine.cells import Mask
from crosswalk.engine.solver import Ints
from crosswalk.knowledge.records import FIRM
from crosswalk.recognition.asks import Asking, Stated, Told
from crosswalk.recognition.enrich import Division
from crosswalk.recognition.ladder import CLAIMED, OUTCOMES, PASS, VERDICTS, Climbed, Ladder, Outcomes
from crosswalk.recognition.table import Table
from crosswalk.recognition.value import JUDGED, STATUSES, Values, words

_LEVELS = ("assessable", "reference", "method", "rule", "verification", "result", "label")
#: The columns of verdicts, in order.
COLUMNS: tuple[str, ...] = (
    *("row", "id", "source", "target", "claimed", "verdict", "level", *_LEVELS, "open", "because"),
    *("reasons", "asks", "low", "high", "assumed_low", "assumed_high", "value", "value_assumed"),
    *("value_status", "provisional"),
)
#: Those of them that claims have in common that no rule tells apart.
STANDING: tuple[str, ...] = (
    *("verdict", "level", *_LEVELS, "open", "because", "reasons", "asks", "provisional"),
)
#: Verdicts that nothing more can change, as far as what is stated stays.
_DECIDED = [VERDICTS.index(one) for one in ("recognised", "refused", "not-applicable")]


def standing(
    stated: pl.DataFrame, division: Division, outcomes: Outcomes, ladder: Ladder, asking: Asking
) -> pl.DataFrame:
    """Return how claims stand, in their order, from the outcome of every rule (rules, claims)."""
    kinds = list(CLAIMED)
    claimed = stated["claimed"]
    assert isinstance(claimed.dtype, pl.Enum)
    places = np.array([*(kinds.index(one) for one in claimed.dtype.categories), -1])
    codes = places[claimed.to_physical().cast(pl.Int64).fill_null(-1).to_numpy()]
    climbed = ladder.climb(outcomes, kinds, codes)
    needed = _needed(ladder, climbed, kinds, codes)
    told = Told(len(ladder.levels), stated.height)
    decided = np.isin(climbed.verdict, _DECIDED)
    asking.tell(told, outcomes, Stated(stated), needed, decided)
    return pl.DataFrame(
        {
            "verdict": words(climbed.verdict, VERDICTS),
            "level": pl.Series(np.maximum(climbed.height, 0).astype(np.uint8)),
            **{one.code: words(climbed.levels[one.rank], OUTCOMES) for one in ladder.levels},
            "open": words(climbed.height + 1, (*_LEVELS, "")),
            "because": words(climbed.because + 1, ("", *(rule.code for rule in ladder.rules))),
            "reasons": told.reasons().cast(pl.Categorical),
            "asks": told.asks().cast(pl.Categorical),
            "provisional": pl.Series(_weak(ladder, stated, division, outcomes, climbed, needed)),
        }
    ).select(STANDING)


def _needed(ladder: Ladder, climbed: Climbed, claimed: Sequence[str], codes: Ints) -> Mask:
    """Return which levels a claim rests on; of one that claims nothing, the ones up to the next."""
    ranks = np.arange(len(_LEVELS))[:, None]
    needed: Mask = ranks <= np.minimum(climbed.height + 1, len(_LEVELS) - 1)
    for place, word in enumerate(claimed):
        rows = codes == place
        if rows.any():
            needed[:, rows] = np.isin(ranks, ladder.needs(CLAIMED[word]))
    return needed


def _weak(
    ladder: Ladder,
    stated: pl.DataFrame,
    division: Division,
    outcomes: Outcomes,
    climbed: Climbed,
    needed: Mask,
) -> Mask:
    """Claims whose proven levels rest on something weaker than a secondary source."""
    within = np.arange(len(_LEVELS))[:, None] <= climbed.height
    used = (climbed.levels == PASS) & (within | needed)
    found = np.zeros(stated.height, dtype=bool)
    own = {
        name.removeprefix("weak."): stated[name].fill_null(False).to_numpy()
        for name in stated.columns
        if name.startswith("weak.")
    }
    for place, rule in enumerate(ladder.rules):
        fields = ladder.mentioned[place]
        if rule.statement.evidence in FIRM:
            shared = np.array([not one.weak.isdisjoint(fields) for one in division.common], dtype=bool)
            unsure = [own[name] for name in sorted(own.keys() & fields)]
            if not shared.any() and not unsure:
                continue
            rests = reduce(or_, unsure, shared[division.places])
        else:
            rests = np.ones_like(found)
        found |= (outcomes[place] == PASS) & used[ladder.rank(rule)] & rests
    return found


def verdicts_of(rows: pl.Series, table: Table, standing: pl.DataFrame, values: Values) -> pl.DataFrame:
    """Return the verdicts on claims: the numbers of their ``rows``, what they are about, how they stand."""
    own = {
        "row": rows,
        "id": table.column("id"),
        "source": table.listed("regime"),
        "target": table.listed("target"),
        "claimed": table.column("claimed"),
        "low": pl.Series(values.low, nan_to_null=True),
        "high": pl.Series(values.high, nan_to_null=True),
        "assumed_low": pl.Series(values.assumed_low, nan_to_null=True),
        "assumed_high": pl.Series(values.assumed_high, nan_to_null=True),
        "value": words(values.judged, JUDGED),
        "value_assumed": words(values.assumed, JUDGED),
        "value_status": words(values.status, STATUSES),
    }
    return pl.DataFrame([(own[name] if name in own else standing[name]).alias(name) for name in COLUMNS])

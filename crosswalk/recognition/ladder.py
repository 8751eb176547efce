"""From the outcomes of rules to levels, the ladder and the verdict, for many claims at once.

A level is proven if every rule of it that applies holds, and at least one applies; it is refuted if a
rule that blocks fails. A condition that is not met leaves it open: it can still be met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crosswalk.engine.cells import Mask
from crosswalk.knowledge.recognition import Level, Recognition, Rule, mentioned

Outcomes = npt.NDArray[np.uint8]
#: Outcomes of a rule, and of a level.
NOT_APPLICABLE, PASS, UNKNOWN, FAIL = range(4)
OUTCOMES = ("", "pass", "unknown", "fail")
#: What becomes of a claim.
VERDICTS = ("recognised", "conditional", "undecided", "refused", "not-assessable", "not-applicable")
_RECOGNISED, _CONDITIONAL, _UNDECIDED, _REFUSED, _NOT_ASSESSABLE, _NOT_APPLICABLE = range(len(VERDICTS))
#: What one claims, and the level it is.
CLAIMED = {
    "reference": "reference",
    "method": "method",
    "rule": "rule",
    "verification": "verification",
    "value": "result",
    "label": "label",
}


@dataclass(frozen=True)
class Climbed:
    """What follows for each claim: outcomes by level (levels, claims), the ladder, the verdict.

    ``height`` is the rank of the highest level with all beneath it proven, -1 if not even the first is;
    ``because`` the place, among the rules, of the first that keeps the next level from being proven (-1:
    none).
    """

    levels: Outcomes
    height: npt.NDArray[np.int64]
    verdict: npt.NDArray[np.int64]
    because: npt.NDArray[np.int64]


class Ladder:
    """The levels of a catalogue, and its rules by level."""

    def __init__(self, recognition: Recognition) -> None:
        self.levels: list[Level] = sorted(recognition.levels.values(), key=lambda one: one.rank)
        self.rules: list[Rule] = sorted(
            recognition.rules.values(), key=lambda one: (recognition.levels[one.level].rank, one.code)
        )
        #: The fields each rule asks about.
        self.mentioned = [mentioned(rule) for rule in self.rules]
        self._rank = {level.code: level.rank for level in self.levels}
        self._needs = {level.code: sorted(self._beneath(level, recognition)) for level in self.levels}

    def rank(self, rule: Rule) -> int:
        """Return the rank of the level of a rule."""
        return self._rank[rule.level]

    def needs(self, level: str) -> list[int]:
        """Return the ranks of a level and of all it rests on, lowest first."""
        return self._needs[level]

    def counted(self, rank: int) -> list[int]:
        """Return the places of the rules that count for a level: all but those that only inform."""
        return [
            place
            for place, rule in enumerate(self.rules)
            if self._rank[rule.level] == rank and rule.severity != "information"
        ]

    def climb(self, outcomes: Outcomes, claimed: Sequence[str], codes: npt.NDArray[np.int64]) -> Climbed:
        """Return what follows from the outcomes of all rules (rules, claims).

        ``codes`` tell what each claim claims, as a place in ``claimed``, words of ``CLAIMED``; -1 where it
        does not say.
        """
        shape = (len(self.levels), outcomes.shape[1])
        levels = np.full(shape, UNKNOWN, dtype=np.uint8)
        unmet, open_else = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        for level in self.levels:
            places = self.counted(level.rank)
            blocks = [place for place in places if self.rules[place].severity == "block"]
            conditions = [place for place in places if self.rules[place].severity == "condition"]
            applies = (outcomes[places] != NOT_APPLICABLE).any(axis=0)
            failed = (outcomes[blocks] == FAIL).any(axis=0)
            unmet[level.rank] = (outcomes[conditions] == FAIL).any(axis=0)
            open_else[level.rank] = (outcomes[places] == UNKNOWN).any(axis=0) | ~applies
            proven = applies & ~failed & ~unmet[level.rank] & ~open_else[level.rank]
            levels[level.rank, failed] = FAIL
            levels[level.rank, proven] = PASS
        height = np.cumprod(levels == PASS, axis=0).sum(axis=0).astype(np.int64) - 1
        verdict = self._verdict(outcomes, levels, unmet, open_else, claimed, codes)
        return Climbed(levels, height, verdict, self._because(outcomes, height))

    def _verdict(
        self,
        outcomes: Outcomes,
        levels: Outcomes,
        unmet: Mask,
        open_else: Mask,
        claimed: Sequence[str],
        codes: npt.NDArray[np.int64],
    ) -> npt.NDArray[np.int64]:
        verdict = np.full(outcomes.shape[1], _UNDECIDED, dtype=np.int64)
        for place, word in enumerate(claimed):
            rows = codes == place
            ranks = self.needs(CLAIMED[word])
            asked = levels[ranks]
            proven = rows & (asked == PASS).all(axis=0)
            refuted = rows & (asked == FAIL).any(axis=0)
            waiting = rows & unmet[ranks].any(axis=0) & ~open_else[ranks].any(axis=0)
            verdict[waiting] = _CONDITIONAL
            verdict[refuted] = _REFUSED
            verdict[proven] = _RECOGNISED
        verdict[levels[0] != PASS] = _NOT_ASSESSABLE
        for place in self.counted(0):
            if self.rules[place].verdict == "not-applicable":
                verdict[outcomes[place] == FAIL] = _NOT_APPLICABLE
        return verdict

    def _because(self, outcomes: Outcomes, height: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The first rule of the next level that fails, else the first that is unknown."""
        because = np.full(outcomes.shape[1], -1, dtype=np.int64)
        for level in self.levels:
            rows = np.flatnonzero(height + 1 == level.rank)
            places = np.array(self.counted(level.rank), dtype=np.int64)
            if not rows.size or not places.size:
                continue
            found = outcomes[np.ix_(places, rows)]
            for wanted in (UNKNOWN, FAIL):
                hit = found == wanted
                some = hit.any(axis=0)
                because[rows[some]] = places[hit.argmax(axis=0)[some]]
        return because

    def _beneath(self, level: Level, recognition: Recognition) -> set[int]:
        found = {level.rank}
        for code in level.rests_on:
            found |= self._beneath(recognition.levels[code], recognition)
        return found

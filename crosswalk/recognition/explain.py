"""From a row of verdicts to a verdict one can read: sentences, clauses, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.recognition import AllOf, AnyOf, Condition, Rule, Test, mentioned
from crosswalk.messages import both
from crosswalk.recognition.facts import SETTLED, Knowledge
from crosswalk.recognition.ladder import CLAIMED
from crosswalk.results import AskField, Cited, ClaimVerdict, LevelOutcome, Range, Reason

_LIMIT = "fact.cut_off_limit"


class Explainer:
    """Tells verdicts in full, for a catalogue as it stands on a day."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._catalogue: Catalogue = knowledge.catalogue
        self._recognition = knowledge.catalogue.recognition
        self._ranked = sorted(self._recognition.levels.values(), key=lambda one: one.rank)

    def verdicts(self, frame: pl.DataFrame) -> Iterator[ClaimVerdict]:
        """Yield a verdict a row; see ``recognition.judge.COLUMNS``."""
        for row in frame.iter_rows(named=True):
            yield self._verdict(row)

    def _verdict(self, row: dict[str, Any]) -> ClaimVerdict:
        levels = tuple(
            LevelOutcome(code=one.code, label=one.label, rank=one.rank, outcome=row[one.code])
            for one in self._ranked
        )
        return ClaimVerdict(
            row=row["row"],
            id=row["id"],
            source=row["source"],
            target=row["target"],
            claimed=row["claimed"],
            verdict=row["verdict"],
            label=both(f"decision.{row['verdict']}"),
            level=row["level"],
            levels=levels,
            open=row["open"],
            because=row["because"],
            reasons=tuple(self._reasons(row["reasons"])),
            asks=tuple(self._asks(row["asks"])),
            guaranteed=_range(row["low"], row["high"]),
            assumed=_range(row["assumed_low"], row["assumed_high"]),
            value=row["value"],
            value_assumed=row["value_assumed"],
            value_status=row["value_status"],
            provisional=row["provisional"],
            rests_on=tuple(self._rests_on(row)),
        )

    def _reasons(self, told: str | None) -> Iterator[Reason]:
        for one in filter(None, (told or "").split(";")):
            code, _, outcome = one.rpartition(":")
            rule = self._recognition.rules[code]
            yield Reason(
                rule=code,
                level=rule.level,
                severity=rule.severity,
                outcome=outcome,  # type: ignore[arg-type]  # one of the words of the ladder
                label=rule.label,
                cited=Cited.of(code, rule.statement),
            )

    def _asks(self, told: str | None) -> Iterator[AskField]:
        for code in filter(None, (told or "").split(";")):
            yield AskField(code=code, label=self._recognition.fields[code].label)

    def _rests_on(self, row: dict[str, Any]) -> Iterator[Cited]:
        """The arrangements between the two, and the rules of proven levels that are weakly known."""
        pair = self._knowledge.pair(row["source"], row["target"])
        seen = set()
        for level in SETTLED:
            standing = pair.standings.get(f"fact.arrangement.{level}")
            for one in standing.path if standing else ():
                if one.code not in seen:
                    seen.add(one.code)
                    yield Cited.of(one.code, one.statement)
        limited = False
        for rule in self._proven(row):
            limited |= _LIMIT in mentioned(rule)
            yield Cited.of(rule.code, rule.statement)
        if limited and _LIMIT in pair.facts:
            asked = self._catalogue.regimes[row["target"]].requirements["cut-off"]
            yield Cited.of(f"{row['target']} cut-off", asked.statement)

    def _proven(self, row: dict[str, Any]) -> Iterator[Rule]:
        """The rules that may apply of the levels proven: of the ladder, and those the claim rests on."""
        needed = self._needed(CLAIMED.get(row["claimed"] or ""))
        proven = {
            one.code
            for one in self._ranked
            if row[one.code] == "pass" and (one.rank <= row["level"] or one.code in needed)
        }
        known = {"regime": row["source"], "target": row["target"], "claimed": row["claimed"]}
        for rule in self._recognition.rules.values():
            if rule.level in proven and rule.severity != "information" and _may_apply(rule.when, known):
                yield rule

    def _needed(self, level: str | None) -> set[str]:
        """A level, and all it rests on."""
        found: set[str] = set()
        todo = [level] if level is not None else []
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo.extend(self._recognition.levels[one].rests_on)
        return found


def _may_apply(when: Condition | None, known: Mapping[str, str | None]) -> bool:
    """Whether a condition may hold, as far as the fields of a claim that its verdict repeats tell."""
    match when:
        case AllOf(of=of):
            return all(_may_apply(one, known) for one in of)
        case AnyOf(of=of):
            return any(_may_apply(one, known) for one in of)
        case Test(field=field, operator="in", values=values) if field in known:
            return known[field] in values
        case Test(field=field, operator="not-in", values=values) if known.get(field) is not None:
            return known[field] not in values
    return True


def _range(low: float | None, high: float | None) -> Range | None:
    if low is None or high is None:
        return None
    return Range(low=None if low == float("-inf") else low, high=None if high == float("inf") else high)

"""What the knowledge says about a claim before any rule looks at it: the ``fact.*`` fields.

A fact nobody knows is absent: a rule that needs it is then unknown, never failed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from crosswalk.knowledge.catalogue import Catalogue, Regime
from crosswalk.knowledge.records import FIRM
from crosswalk.recognition.network import BODY, Network, Standing

#: Levels an arrangement may settle, below each of which nothing is asked of one.
SETTLED = ("reference", "method", "rule", "verification", "result", "label")
#: Of so many goods it is kept what scopes they are in.
_GOODS = 50_000


@dataclass(frozen=True)
class Pair:
    """Facts about a source and a target, and what they rest on, by fact.

    ``weak`` are the facts that rest on a statement weaker than a secondary source.
    """

    facts: dict[str, Any]
    standings: dict[str, Standing]
    weak: frozenset[str]


class Knowledge:
    """What is asked of a catalogue again and again while claims are judged on one day."""

    def __init__(self, catalogue: Catalogue, day: date) -> None:
        self.catalogue = catalogue
        self.day = day
        self.network = Network(catalogue.recognition, day)
        self._scopes: dict[str, dict[str, bool | None]] = {}
        self._pairs: dict[tuple[str | None, str | None, tuple[str, ...]], Pair] = {}

    def pair(self, source: str | None, target: str | None, scope: Iterable[str] = ()) -> Pair:
        """Return the facts about two regimes (or schemes) by code; ``None`` stands for none named."""
        key = (source, target, tuple(sorted(scope)))
        if key not in self._pairs:
            self._pairs[key] = self._pair(*key)
        return self._pairs[key]

    def accreditor(self, accreditor: str, target: str, scope: Iterable[str] = ()) -> Standing:
        """Return how verification under an accreditation body stands with a target, for what is in scope."""
        return self.network.standing(BODY + accreditor, target, "verification", scope)

    def limited(self, target: str) -> bool:
        """Return whether an arrangement with a target is limited to some goods."""
        arrangements = self.catalogue.recognition.arrangements.values()
        return any(one.scope and target in one.takers for one in arrangements)

    def scopes(self, goods: str) -> dict[str, bool | None]:
        """Return of each scope whether goods are in it; ``None`` where their code does not decide."""
        if goods not in self._scopes:
            from crosswalk.mappings import load_mappings
            from crosswalk.mappings.scope import in_scope, scopes

            if len(self._scopes) >= _GOODS:
                self._scopes.clear()
            mappings = load_mappings()
            found = {scope.casefold(): in_scope(goods, mappings, scope).listed for scope in scopes(mappings)}
            self._scopes[goods] = found
        return self._scopes[goods]

    def _pair(self, source: str | None, target: str | None, scope: tuple[str, ...]) -> Pair:
        known = self.catalogue.regimes
        one, other = known.get(source or ""), known.get(target or "")
        facts: dict[str, Any] = {
            f"fact.{side}": code in known or self._is_body(code)
            for side, code in (("source", source), ("target", target))
            if code is not None
        }
        weak: set[str] = set()
        standings: dict[str, Standing] = {}
        if source is not None and target is not None:
            facts["fact.same_regime"] = source == target
            for level in SETTLED:
                found = self.network.standing(source, target, level, scope)
                fact = f"fact.arrangement.{level}"
                if found.status is not None:
                    facts[fact] = found.status
                    standings[fact] = found
                    if found.provisional:
                        weak.add(fact)
            facts["fact.chained"] = any(found.chained for found in standings.values())
        if other is not None:
            limit = other.requirements.get("cut-off")
            if limit is not None and limit.limit is not None:
                facts["fact.cut_off_limit"] = float(limit.limit)
                if limit.statement.evidence not in FIRM:
                    weak.add("fact.cut_off_limit")
        if one is not None and other is not None:
            if shared_parents(one, other, self.catalogue):
                facts["fact.shared_parent"] = True
            elif one.builds_on and other.builds_on:
                facts["fact.shared_parent"] = False
            differing, unsure = _differences(one, other, self.catalogue)
            if differing is not None:
                facts["fact.open_differences"] = differing
                if unsure:
                    weak.add("fact.open_differences")
        facts["fact.weak"] = bool(weak)
        return Pair(facts, standings, frozenset(weak))

    def _is_body(self, code: str) -> bool:
        return code.startswith(BODY) and code.removeprefix(BODY) in self.catalogue.recognition.bodies

    def years(self, code: str | None) -> int | None:
        """Return how long a value under a regime may be used, in years; ``None`` where no number is known."""
        regime = self.catalogue.regimes.get(code or "")
        requirement = regime.requirements.get("validity") if regime else None
        return requirement.years if requirement else None


def shared_parents(one: Regime, other: Regime, catalogue: Catalogue) -> frozenset[str]:
    """Return the standards both regimes go back to, themselves included."""
    return _ancestors(one.code, catalogue) & _ancestors(other.code, catalogue)


def _ancestors(code: str, catalogue: Catalogue) -> frozenset[str]:
    found: set[str] = set()
    todo = [code]
    while todo:
        current = todo.pop()
        if current not in found:
            found.add(current)
            regime = catalogue.regimes.get(current)
            todo.extend(regime.builds_on if regime else ())
    return frozenset(found)


def _differences(one: Regime, other: Regime, catalogue: Catalogue) -> tuple[int | None, bool]:
    """Count the dimensions of method in which the second does not permit all that the first does.

    ``None`` where none is known to differ, but not all are known. The flag tells that a statement the
    count rests on is weak.
    """
    if one.code == other.code:
        return 0, False
    count, known, weak = 0, True, False
    for code, asked in other.requirements.items():
        if catalogue.dimensions[code].family == "document":
            continue
        given = one.requirements.get(code)
        if not asked.permits or given is None or not given.permits:
            known = False
            continue
        count += not set(given.permits) <= set(asked.permits)
        weak |= any(r.statement.evidence not in FIRM for r in (given, asked))
    return (count if count or known else None), weak

"""What to say of a claim, and what to ask for: worked out once for claims that stand alike.

A claim is decided once every rule that is still unknown, at the levels its claim rests on, is known. What is
not stated of their fields is what to ask for; of alternatives, the one that asks for least.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from crosswalk.engine.cells import Mask
from crosswalk.engine.solver import Ints
from crosswalk.knowledge.recognition import AllOf, Condition, Recognition, Rule, Test
from crosswalk.recognition.ladder import FAIL, OUTCOMES, UNKNOWN, Ladder, Outcomes

if TYPE_CHECKING:
    import polars as pl

#: More ways to meet all rules of a level than this are not compared; the first way of each does.
_WAYS = 4_096
#: As many bits as a key may have.
_BITS = 62


class Asking:
    """Reasons and asks of many claims; see ``told``."""

    def __init__(self, ladder: Ladder, recognition: Recognition) -> None:
        self._ladder = ladder
        self._derived = frozenset(code for code, field in recognition.fields.items() if field.derived)
        self._levels = []
        for level in ladder.levels:
            places = ladder.counted(level.rank)
            rules = [ladder.rules[place] for place in places]
            self._levels.append(_Level(places, rules, sorted(self._stated(rules))))
        self._joined: dict[tuple[frozenset[str], ...], str] = {}

    def told(
        self, outcomes: Outcomes, missing: Mapping[str, Mask], needed: Mask, decided: Mask
    ) -> tuple[pl.Series, pl.Series]:
        """Return the reasons and the asks of every claim, codes parted by ``;``.

        ``outcomes`` are those of the rules (rules, claims); ``missing`` tells of each field which claims do
        not state it; ``needed`` (levels, claims) which levels a claim rests on; what is ``decided`` needs
        nothing more.
        """
        import polars as pl

        count = outcomes.shape[1]
        reasons, sets = [], []
        key = np.zeros(count, dtype=np.int64)
        for rank, level in enumerate(self._levels):
            wanted = needed[rank] & ~decided
            found = level.codes(outcomes, missing, needed[rank], wanted)
            known, places = _distinct(found)
            told = [level.told(outcomes, missing, row, needed[rank], wanted, self) for row in known]
            reasons.append(pl.Series([one for one, _ in told], dtype=pl.String).gather(pl.Series(places)))
            named = sorted({asks for _, asks in told}, key=sorted)
            number = {asks: place for place, asks in enumerate(named)}
            of_known = np.array([number[asks] for _, asks in told], dtype=np.int64)
            sets.append(named)
            key = key * max(len(named), 1) + (of_known[places] if told else 0)
        frame = pl.DataFrame(reasons, schema=[f"r{rank}" for rank in range(len(reasons))])
        joined = frame.select(
            pl.concat_str(pl.all().replace("", None), separator=";", ignore_nulls=True)
        ).to_series()
        known, places = _distinct(key)
        asks = [self._ask(_split(int(key[row]), sets)) for row in known]
        return joined, pl.Series(asks, dtype=pl.String).gather(pl.Series(places))

    def of(self, rule: Rule, missing: Collection[str]) -> frozenset[str]:
        """Return what to ask for where a rule is unknown and these of its fields are not stated."""
        if rule.asks:
            asked = frozenset(rule.asks)
            return (asked & frozenset(missing)) or asked
        ways = list(_ways(rule.requires, missing, self._derived))
        when = fields_of(rule.when) - self._derived if rule.when is not None else frozenset()
        smallest = min(ways, key=lambda way: (len(way), sorted(way)), default=frozenset[str]())
        return smallest | (when & frozenset(missing))

    def _stated(self, rules: Iterable[Rule]) -> set[str]:
        found: set[str] = set()
        for rule in rules:
            found |= mentioned(rule) | set(rule.asks)
        return found - self._derived

    def _ask(self, sets: tuple[frozenset[str], ...]) -> str:
        if sets not in self._joined:
            self._joined[sets] = ";".join(dict.fromkeys(one for asks in sets for one in sorted(asks)))
        return self._joined[sets]


class _Level:
    """The rules that count for a level, and the fields they may lack."""

    def __init__(self, places: list[int], rules: list[Rule], fields: list[str]) -> None:
        self.places, self.rules, self.fields = places, rules, fields
        self._kept: dict[tuple[object, ...], tuple[str, frozenset[str]]] = {}

    def codes(self, outcomes: Outcomes, missing: Mapping[str, Mask], needed: Mask, wanted: Mask) -> Ints:
        """Number the claims that stand alike at this level."""
        key = needed.astype(np.int64) * 2 + wanted
        bits = 2
        parts = [(outcomes[place].astype(np.int64), 2) for place in self.places]
        parts += [((missing[name] & wanted).astype(np.int64), 1) for name in self.fields if name in missing]
        for part, width in parts:
            if bits + width > _BITS:
                key = np.unique(key, return_inverse=True)[1].astype(np.int64)
                bits = max(int(key.max(initial=0)).bit_length(), 1)
            key = (key << width) | part
            bits += width
        return key

    def told(
        self,
        outcomes: Outcomes,
        missing: Mapping[str, Mask],
        row: int,
        needed: Mask,
        wanted: Mask,
        asking: Asking,
    ) -> tuple[str, frozenset[str]]:
        """Return the reasons and the asks of one claim at this level."""
        found = tuple(int(outcomes[place, row]) for place in self.places)
        lacking = frozenset(name for name in self.fields if name not in missing or missing[name][row])
        key = (found, lacking, bool(needed[row]), bool(wanted[row]))
        if key not in self._kept:
            kept = (FAIL, UNKNOWN) if needed[row] else (FAIL,)
            told = zip(self.rules, found, strict=True)
            reasons = ";".join(f"{rule.code}:{OUTCOMES[one]}" for rule, one in told if one in kept)
            asks: frozenset[str] = frozenset()
            if wanted[row]:
                unknown = [r for r, one in zip(self.rules, found, strict=True) if one == UNKNOWN]
                asks = asks.union(*(asking.of(rule, lacking) for rule in unknown))
            self._kept[key] = (reasons, asks)
        return self._kept[key]


def _distinct(codes: Ints) -> tuple[Ints, Ints]:
    """Return a row of each distinct code, and the place of every row's code among them."""
    _, rows, places = np.unique(codes, return_index=True, return_inverse=True)
    return rows, places


def _split(key: int, sets: Sequence[Sequence[frozenset[str]]]) -> tuple[frozenset[str], ...]:
    found = []
    for named in reversed(sets):
        key, place = divmod(key, max(len(named), 1))
        found.append(named[place] if named else frozenset())
    return tuple(reversed(found))


def mentioned(rule: Rule) -> frozenset[str]:
    """Return the fields a rule asks about."""
    when = fields_of(rule.when) if rule.when is not None else frozenset[str]()
    return when | fields_of(rule.requires)


def fields_of(condition: Condition) -> frozenset[str]:
    """Return the fields a condition asks about."""
    if isinstance(condition, Test):
        return frozenset({condition.field} | ({condition.other} if condition.other else set()))
    return frozenset().union(*(fields_of(one) for one in condition.of))


def _ways(
    condition: Condition, missing: Collection[str], derived: frozenset[str]
) -> Iterable[frozenset[str]]:
    """Yield the sets of fields that would show an unknown condition to hold, if they say the right thing.

    What is stated already holds in a conjunction that is not refuted, and does not hold in an alternative
    that is not proven.
    """
    if isinstance(condition, Test):
        wanted = fields_of(condition)
        lacking = frozenset(one for one in wanted if one in missing)
        return [lacking] if not wanted & derived else []
    parts = [list(_ways(one, missing, derived)) for one in condition.of]
    if isinstance(condition, AllOf):
        able = [ways for ways in parts if ways]
        size = 1
        for ways in able:
            size *= len(ways)
        combined = product(*able) if size <= _WAYS else [tuple(ways[0] for ways in able)]
        return [frozenset().union(*chosen) for chosen in combined]
    return [way for ways in parts for way in ways if way]

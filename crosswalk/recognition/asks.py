"""What to say of a claim, and what to ask for: worked out once for claims that stand alike.

A claim is decided once every rule that is still unknown, at the levels its claim rests on, is known. What is
not stated of their fields is what to ask for; of alternatives, the one that asks for least.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import product

import numpy as np
import polars as pl

from crosswalk.batch.columns import factorize
from crosswalk.engine.cells import Mask
from crosswalk.engine.solver import Ints
from crosswalk.knowledge.recognition import (
    AllOf,
    Condition,
    Recognition,
    Rule,
    Test,
    fields_of,
    mentioned,
)
from crosswalk.recognition.ladder import FAIL, OUTCOMES, UNKNOWN, Ladder, Outcomes

#: More ways to meet all demands of a rule than this are not compared; the first way of each does.
_WAYS = 4_096
#: So many ways in which claims stand are kept for the claims to come.
_KEPT = 20_000
#: As many bits as a key may have.
_BITS = 62


class Stated:
    """Which fields the claims of a table state."""

    def __init__(self, claims: pl.DataFrame) -> None:
        self._claims = claims
        self._missing: dict[str, Mask | None] = {}

    def missing(self, name: str) -> Mask | None:
        """Return which claims do not state a field; ``None`` where none does."""
        if name not in self._missing:
            column = self._claims[name] if name in self._claims.columns else None
            nowhere = column is None or column.null_count() == len(column)
            self._missing[name] = None if column is None or nowhere else column.is_null().to_numpy()
        return self._missing[name]


class Told:
    """Reasons and asks of claims, level by level, as places in lists of what is said."""

    def __init__(self, levels: int, claims: int) -> None:
        self._reasons = [np.zeros(claims, dtype=np.int64) for _ in range(levels)]
        self._asks = [np.zeros(claims, dtype=np.int64) for _ in range(levels)]
        self._said: list[dict[str, int]] = [{"": 0} for _ in range(levels)]
        self._sets: list[dict[frozenset[str], int]] = [{frozenset(): 0} for _ in range(levels)]

    def put(self, rank: int, places: Ints, told: Sequence[tuple[str, frozenset[str]]]) -> None:
        """Note what is said of all claims at a level: ``places`` are those of each in ``told``."""
        said, sets = self._said[rank], self._sets[rank]
        reasons = np.array([said.setdefault(one, len(said)) for one, _ in told], dtype=np.int64)
        asks = np.array([sets.setdefault(one, len(sets)) for _, one in told], dtype=np.int64)
        self._reasons[rank], self._asks[rank] = reasons[places], asks[places]

    def reasons(self) -> pl.Series:
        """Return the reasons of all claims, parted by ``;``."""
        parts = [
            pl.Series(f"{rank}", [None, *list(said)[1:]], dtype=pl.String).gather(pl.Series(codes))
            for rank, (codes, said) in enumerate(zip(self._reasons, self._said, strict=True))
            if len(said) > 1
        ]
        if not parts:
            return pl.repeat("", self._reasons[0].size, dtype=pl.String, eager=True)
        joined = pl.concat_str(pl.all(), separator=";", ignore_nulls=True)
        return pl.DataFrame(parts).select(joined).to_series()

    def asks(self) -> pl.Series:
        """Return the fields to ask for of all claims, parted by ``;``, each once."""
        key = np.zeros(self._asks[0].size, dtype=np.int64)
        for codes, sets in zip(self._asks, self._sets, strict=True):
            if len(sets) > 1:
                key = factorize(key)[0] * len(sets) + codes
        places, rows = factorize(key)
        listed = [list(sets) for sets in self._sets]
        told = []
        for row in rows.tolist():
            wanted = (sorted(listed[rank][codes[row]]) for rank, codes in enumerate(self._asks))
            told.append(";".join(dict.fromkeys(name for names in wanted for name in names)))
        return pl.Series(told, dtype=pl.String).gather(pl.Series(places))


class Asking:
    """Says of claims why they stand as they do, and what would decide them."""

    def __init__(self, ladder: Ladder, recognition: Recognition) -> None:
        self._ladder = ladder
        self._derived = frozenset(code for code, field in recognition.fields.items() if field.derived)
        self._levels = [
            _Level([(place, ladder.rules[place]) for place in ladder.counted(level.rank)], self)
            for level in ladder.levels
        ]

    def fields(self, rule: Rule) -> frozenset[str]:
        """Return the fields one may ask for so that a rule is decided."""
        return (mentioned(rule) | frozenset(rule.asks)) - self._derived

    def tell(self, told: Told, outcomes: Outcomes, stated: Stated, needed: Mask, decided: Mask) -> None:
        """Note the reasons and the asks of claims.

        ``outcomes`` are those of the rules (rules, claims); ``needed`` (levels, claims) tells which levels a
        claim rests on; what is ``decided`` needs nothing more.
        """
        for rank, level in enumerate(self._levels):
            wanted = needed[rank] & ~decided
            found, lacking = level.codes(outcomes, stated, needed[rank], wanted)
            places, at = factorize(found)
            said = [
                level.told(outcomes[:, row], {n for n, m in lacking.items() if m is None or m[row]}, *flags)
                for row, *flags in zip(
                    at.tolist(), needed[rank][at].tolist(), wanted[at].tolist(), strict=True
                )
            ]
            told.put(rank, places, said)

    def of(self, rule: Rule, missing: Collection[str]) -> frozenset[str]:
        """Return what to ask for where a rule is unknown and these of its fields are not stated."""
        if rule.asks:
            asked = frozenset(rule.asks)
            return (asked & frozenset(missing)) or asked
        ways = list(_ways(rule.requires, missing, self._derived))
        when = fields_of(rule.when) - self._derived if rule.when is not None else frozenset()
        smallest = min(ways, key=lambda way: (len(way), sorted(way)), default=frozenset[str]())
        return smallest | (when & frozenset(missing))


class _Level:
    """The rules that count for a level, with their places, and the fields they may lack."""

    def __init__(self, rules: Sequence[tuple[int, Rule]], asking: Asking) -> None:
        self._rules = rules
        self._asking = asking
        self._fields = {place: sorted(asking.fields(rule)) for place, rule in rules}
        self._kept: dict[tuple[object, ...], tuple[str, frozenset[str]]] = {}

    def codes(
        self,
        outcomes: Outcomes,
        stated: Stated,
        needed: Mask,
        wanted: Mask,
    ) -> tuple[Ints, dict[str, Mask | None]]:
        """Number the claims that stand alike at this level; say of which fields it matters if they lack.

        A field that no claim states is ``None``.
        """
        key = needed.astype(np.int64) * 2 + wanted
        bits = 2
        lacking: dict[str, Mask | None] = {}
        parts: list[tuple[Outcomes | Mask, int]] = []
        for place, _ in self._rules:
            found = outcomes[place]
            if (found != found[:1]).any():
                parts.append((found, 2))
            if wanted.any() and (found == UNKNOWN).any():
                for name in self._fields[place]:
                    lacking[name] = stated.missing(name)
        parts += [(mask & wanted, 1) for mask in lacking.values() if mask is not None]
        for part, width in parts:
            if bits + width > _BITS:
                key = factorize(key)[0]
                bits = max(int(key.max(initial=0)).bit_length(), 1)
            key = (key << width) | part
            bits += width
        return key, lacking

    def told(
        self, outcomes: Outcomes, lacking: set[str], needed: bool, wanted: bool
    ) -> tuple[str, frozenset[str]]:
        """Return the reasons and the asks of one claim at this level."""
        found = outcomes[[place for place, _ in self._rules]].tobytes()
        key = (found, frozenset(lacking) if wanted else None, needed, wanted)
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            kept = (FAIL, UNKNOWN) if needed else (FAIL,)
            each = list(zip((rule for _, rule in self._rules), found, strict=True))
            reasons = ";".join(f"{rule.code}:{OUTCOMES[one]}" for rule, one in each if one in kept)
            asks: frozenset[str] = frozenset()
            if wanted:
                asks = asks.union(*(self._asking.of(rule, lacking) for rule, one in each if one == UNKNOWN))
            self._kept[key] = (reasons, asks)
        return self._kept[key]


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

"""The ways in which a study may have been done, and what could be asked for to tell them apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from crosswalk.engine.cells import Floats, Mask
from crosswalk.engine.explain import joined
from crosswalk.engine.items import Number, ease, items
from crosswalk.engine.study import Study
from crosswalk.engine.tolerance import Tolerance
from crosswalk.engine.twins import Apart, Side, Twins, Way, side
from crosswalk.knowledge.catalogue import Field
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results.asks import Ask

#: Amounts of a witness that differ by less than this share of the largest are taken as alike.
_ALIKE = 1e-7
#: How far a distance in floats may pass the tolerance, relative to it; what is told is proven.
_SLACK = Fraction(1, 10**9)


class Candidate(NamedTuple):
    """One thing that could be asked for: an item, or a choice of the study (a dimension)."""

    ask: Ask
    ease: int


class Fault(NamedTuple):
    """Why a set is not enough: two ways, and how far apart their values can be."""

    first: int
    second: int
    apart: Apart


@dataclass
class Ways:
    """All ways that fit, as sides of :class:`Twins`; cells of the items of ``nothing`` are empty.

    Candidates are sorted: choices of the study first, then items by how easily they are got.
    """

    study: Study
    fitting: Sequence[Way]
    tolerance: Tolerance
    nothing: Sequence[Field] = ()
    candidates: list[Candidate] = field(init=False)

    def __post_init__(self) -> None:
        universe = self.study.universe
        taken = {item.code for item in self.nothing}
        gone = np.zeros(len(universe), dtype=bool)
        for item in self.nothing:
            gone |= universe.mask(item.on)
        self._emptied = [replace(one, dead=one.dead | gone) for one in self.fitting]
        live = ~np.logical_and.reduce([one.dead for one in self._emptied])
        self._asked = [
            item
            for item in items(universe.catalogue)
            if item.code not in taken and (universe.mask(item.on) & live).any()
        ]
        found = [_choice(self.study, code) for code in self._open()]
        found += [_item(item) for item in self._asked]
        self.candidates = sorted(found, key=lambda one: (one.ease, one.ask.code))
        ends = [one.modelled.add(one.interval).ends for one in self.fitting if one.interval is not None]
        self._size = max((abs(end) for pair in ends for end in pair if end is not None), default=Fraction(1))
        self._least = _least(ends)
        self._sides: dict[int, Side] = {}
        self._known: dict[tuple[int, int, frozenset[str]], Twins] = {}
        self._last: tuple[int, int] | None = None

    def side(self, index: int) -> Side:
        """Return one way, with the numbers it would report."""
        if index not in self._sides:
            self._sides[index] = side(self.study.universe, self._emptied[index], self._asked)
        return self._sides[index]

    def _open(self) -> list[str]:
        """Dimensions in which the ways differ by what the study did."""
        used: dict[str, set[str]] = {}
        for one in self.fitting:
            for dimension, option in one.scenario.source.items():
                used.setdefault(dimension, set()).add(option)
        return [dimension for dimension, options in used.items() if len(options) > 1]

    @property
    def all(self) -> frozenset[int]:
        """Every candidate, by its place."""
        return frozenset(range(len(self.candidates)))

    @property
    def choices(self) -> frozenset[int]:
        """The candidates that are choices of the study."""
        return frozenset(i for i, one in enumerate(self.candidates) if one.ask.kind == "choice")

    def pairs(self, known: Collection[int]) -> Iterator[tuple[int, int]]:
        """Yield the pairs of ways that agree on the known choices; the one that failed last comes first."""
        dimensions = [self.candidates[i].ask.code for i in sorted(known) if i in self.choices]
        methods = [one.scenario.source for one in self.fitting]
        alike: dict[tuple[str, ...], list[int]] = {}
        for index, method in enumerate(methods):
            alike.setdefault(tuple(method[d] for d in dimensions), []).append(index)
        found = [(i, j) for ways in alike.values() for i in ways for j in ways]
        if self._last in found:
            yield self._last
        yield from (pair for pair in found if pair != self._last)

    def twins(self, pair: tuple[int, int], known: Collection[int]) -> Twins:
        """Return the program of two ways that agree on the known items."""
        codes = frozenset(self.candidates[i].ask.code for i in known if i not in self.choices)
        key = (*pair, codes)
        if key not in self._known:
            first, second = self.side(pair[0]), self.side(pair[1])
            told = dict.fromkeys([*first.told, *second.told])
            self._known[key] = Twins(first, second, [number for number in told if number[0] in codes])
        return self._known[key]

    def fault(self, known: Collection[int], *, proven: bool = False) -> Fault | None:
        """Return why knowing a set is not enough, ``None`` if it is."""
        for pair in self.pairs(known):
            apart = self._apart(self.twins(pair, known), proven)
            if apart is not None:
                self._last = pair
                return Fault(*pair, apart)
        return None

    def _apart(self, twins: Twins, proven: bool) -> Apart | None:
        """Return how two ways are too far apart, ``None`` if they are not."""
        slack = 0 if proven else _SLACK
        if self.tolerance.share:
            # Where all values are far enough from zero, the width says it, and that is to be told anyway.
            found = twins.width(proven=True) if proven else None
            if (
                found is not None
                and found.most is not None
                and found.most <= self.tolerance.share * self._least
            ):
                return None
            found, most = twins.beyond(self.tolerance.share, proven=proven), slack * self._size
        else:
            found, most = twins.width(proven=proven), (self.tolerance.amount or Fraction(0)) * (1 + slack)
        if not found.fits or (found.most is not None and found.most <= most):
            return None
        if found.most is None or not self.tolerance.nothing:
            return found
        loose = twins.loose()
        return None if loose is None else found._replace(witness=loose)

    def width(self, known: Collection[int]) -> Fraction | None:
        """Return the widest the answer can be once a set is known; ``None``: an end may be open."""
        widest = Fraction(0)
        for pair in self.pairs(known):
            found = self.twins(pair, known).width(proven=True)
            if found.fits and found.most is None:
                return None
            if found.fits and found.most is not None:
                widest = max(widest, found.most)
        return widest

    def exact(self, known: Collection[int]) -> bool:
        """Whether, once a set is known, nothing but rounding is left."""
        for pair in self.pairs(known):
            twins = self.twins(pair, known)
            found = twins.width(proven=True)
            if found.fits and (found.most is None or (found.most > 0 and twins.loose() is not None)):
                return False
        return True

    def demand(self, fault: Fault, known: Collection[int]) -> frozenset[int]:
        """Return the candidates of which any set that is enough must hold one: what tells the two apart."""
        first, second = self.side(fault.first), self.side(fault.second)
        one, other = self.fitting[fault.first].scenario, self.fitting[fault.second].scenario
        found = set()
        for index, candidate in enumerate(self.candidates):
            code = candidate.ask.code
            if index in known:
                continue
            if candidate.ask.kind == "choice":
                if one.source[code] != other.source[code]:
                    found.add(index)
            elif fault.apart.witness is not None and _differ(first, second, fault.apart.witness, code):
                found.add(index)
        return frozenset(found)

    def blind(self, fault: Fault) -> Mask:
        """Cells that may hold a gas the target has no factor for."""
        found = np.zeros(len(self.study.universe), dtype=bool)
        for one in (self.side(fault.first), self.side(fault.second)):
            for part in one.total if one.blind else ():
                if part.blind is not None:
                    found |= part.mask & part.blind & ~one.dead
        return found

    def apart_in(self, fault: Fault) -> Mask:
        """Cells in which the two inventories of a fault differ."""
        found = np.zeros(len(self.study.universe), dtype=bool)
        if fault.apart.witness is None:
            return found
        sides = (self.side(fault.first), self.side(fault.second))
        held: list[dict[int, float]] = [
            dict(zip(one.cells, amounts.tolist(), strict=True))
            for one, amounts in zip(sides, fault.apart.witness, strict=True)
        ]
        for cell in {*held[0], *held[1]}:
            one, other = held[0].get(cell, 0.0), held[1].get(cell, 0.0)
            found[cell] = abs(one - other) > _ALIKE * max(abs(one), abs(other))
        return found

    def reasons(self) -> tuple[Text, ...]:
        """Say why not even everything that could be asked for is enough."""
        fault = self.fault(self.all)
        return () if fault is None else (self._reason(fault),)

    def _reason(self, fault: Fault) -> Text:
        catalogue = self.study.universe.catalogue
        one, other = self.fitting[fault.first].scenario, self.fitting[fault.second].scenario
        if any(self.blind(fault)):
            return both("reason.asks-factor")
        lacks = {
            lack.path: lack.label
            for index in (fault.first, fault.second)
            for outcome in self.fitting[index].modelled.outcomes.values()
            for lack in outcome.lacks
        }
        if lacks:
            return joined("reason.asks-model", "inputs", list(lacks.values()))
        if fault.apart.most is not None and self.exact(self.all):
            return both("reason.asks-rounding")
        if one.source == other.source and one.target != other.target:
            apart = [d for d in one.target if one.target[d] != other.target[d]]
            return joined("reason.asks-target", "dimensions", [catalogue.dimensions[d].label for d in apart])
        if one.source == other.source and one.reading != other.reading:
            return both("reason.asks-reading", fields=", ".join(sorted(one.reading)))
        return both("reason.asks-cells")


def _least(ends: Sequence[tuple[Fraction | None, Fraction | None]]) -> Fraction:
    """Return how near to zero a value can be, if all of them have one sign; else zero."""
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    for bounds, sign in ((lows, 1), (highs, -1)):
        near = [sign * bound for bound in bounds if bound is not None]
        if near and len(near) == len(bounds) and min(near) > 0:
            return min(near)
    return Fraction(0)


def _differ(first: Side, second: Side, witness: tuple[Floats, Floats], code: str) -> bool:
    """Whether two inventories would report different numbers for an item."""
    for number in dict.fromkeys([*first.told, *second.told]):
        if number[0] == code:
            here = _value(first, number, witness[0])
            there = _value(second, number, witness[1])
            if abs(here - there) > _ALIKE * max(
                _size(first, number, witness[0]), _size(second, number, witness[1])
            ):
                return True
    return False


def _value(side: Side, number: Number, amounts: Floats) -> float:
    return float(side.told[number].values @ amounts) if number in side.told else 0.0


def _size(side: Side, number: Number, amounts: Floats) -> float:
    if number not in side.told:
        return 0.0
    return float(np.abs(side.told[number].values) @ np.abs(amounts))


def _choice(study: Study, code: str) -> Candidate:
    label = study.universe.catalogue.dimensions[code].label
    return Candidate(Ask(kind="choice", code=code, label=label, path=f"method.{code}"), -1)


def _item(item: Field) -> Candidate:
    return Candidate(Ask(kind="item", code=item.code, label=item.label, path=item.path), ease(item))

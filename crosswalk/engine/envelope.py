"""Bounds over all open options at once, where they are too many to be looked at one by one.

Each cell gets the smallest and the largest weight it can have under any combination of the options. If a
value is ``sum(w x)`` with ``low <= w <= high`` and ``x >= 0``, then ``sum(low x)`` is at most, and
``sum(high x)`` at least, that value: every equation becomes a pair of inequalities that each combination
satisfies. What follows holds for all of them. It is not tight, since each cell may take another option.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from crosswalk.engine.cells import Floats, Mask, Universe, lookup, unlooked
from crosswalk.engine.held import Data
from crosswalk.engine.methods import COUNT_ALL, CUT_OFF, target_options
from crosswalk.engine.operations.bounds import NOTHING, Bounds
from crosswalk.engine.parts import Row
from crosswalk.engine.program import Interval, Program
from crosswalk.engine.reckoning import balanced, beside, counting, nothing
from crosswalk.engine.study import Study, ends, states_nothing
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.knowledge.catalogue import Effect, Option, Profile, Regime, Selection

#: Possible options of each dimension.
Open = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Coefficients:
    """One coefficient a cell, as a term of a program; ``blind`` cells count by an unknown factor."""

    values: Mapping[int, Fraction]
    mask: Mask
    blind: Mask | None = None

    def vector(self) -> Floats:
        """Return the coefficients in floats."""
        found = np.zeros(self.mask.size)
        for cell, value in self.values.items():
            found[cell] = float(value)
        return found

    def exact(self, universe: Universe, cell: int) -> Fraction:
        """Return the coefficient of one cell."""
        return self.values.get(cell, Fraction(0))


@dataclass(frozen=True)
class Range:
    """Smallest and largest weight of cells; those that may have no factor, and those that may have one."""

    low: dict[int, Fraction]
    high: dict[int, Fraction]
    unknown: Mask
    known: Mask


class Envelope:
    """Everything about one structure when all its open options are looked at together."""

    def __init__(self, study: Study, target: Regime, profile: Profile | None) -> None:
        self.study = study
        self.profile = profile
        self.universe = study.universe
        self.own: Open = {code: study.choices[code].options for code in study.numeric}
        self.wanted: Open = {
            code: tuple(
                dict.fromkeys(
                    asked
                    for option in options
                    for asked in target_options(code, option, target, study.footprint)
                )
            )
            for code, options in self.own.items()
        }

    def interval(self, footprint: Footprint) -> Interval | None:
        """Return bounds on the target value, whichever options were used; ``None`` if nothing fits.

        Of a profile, only what it says is nothing is used; its shares and balances would narrow further.
        """
        least, most = self.program.intervals((0, 1), self.data(footprint))
        if least is None or most is None:
            return None
        return Interval(least.low, most.high, least.low_ray, most.high_ray)

    def data(self, footprint: Footprint) -> Data:
        """Return the ends of all rows for one file of this structure."""
        pairs: list[tuple[Fraction | None, Fraction | None]] = []
        for disclosure in footprint.disclosures:
            low, high = ends(disclosure)
            pairs += [(None, high), (low, None)]
        return Data(pairs + [(row.low, row.high) for row in self._limit])

    def bounds(self, low: Floats, high: Floats) -> tuple[Floats, Floats, Mask]:
        """Return the same for many files: ``low`` and ``high`` are (files, disclosures)."""
        lows, highs = (
            np.full((len(low), 2 * low.shape[1] + len(self._limit)), end) for end in (-np.inf, np.inf)
        )
        lows[:, 1 : 2 * low.shape[1] : 2] = low
        highs[:, 0 : 2 * low.shape[1] : 2] = high
        highs[:, 2 * low.shape[1] :] = 0.0
        least, _, fits = self.program.bounds(0, lows, highs)
        return least, self.program.bounds(1, lows, highs)[1], fits

    @cached_property
    def program(self) -> Program:
        """The program of both ends: one objective for the value at least, one for the value at most."""
        rows = [row for one in self.study.footprint.disclosures for row in self._pair(one)]
        wanted, own = self._weights(self.wanted, self._live), self._weights(self.own, self._live)
        everything = self.universe.mask(Selection())
        objectives = [
            (Coefficients(wanted.low, everything),),
            (Coefficients(wanted.high, everything, wanted.unknown & own.known),),
        ]
        return Program(self.universe, [*rows, *self._limit], ~self._live, objectives)

    @cached_property
    def _live(self) -> Mask:
        """Cells that may hold something under some combination."""
        dead = self.study.absent()
        if self.study.footprint.complete is not None:
            looked = np.ones(len(self.universe), dtype=bool)
            for options in self.own.values():
                for option in options:
                    looked &= ~unlooked(self.universe, option)
            dead = dead | (self.study.unlisted() & looked)
        for disclosure in self.study.footprint.disclosures:
            if states_nothing(disclosure):
                dead = dead | self._emptied(disclosure)
        if self.profile is not None:
            dead = dead | self.study.emptied(self.profile)
        return ~dead

    def _emptied(self, disclosure: Disclosure) -> Mask:
        every = np.ones(len(self.universe), dtype=bool)
        low, high = self._of(disclosure, disclosure.on, every)
        found = np.zeros(len(self.universe), dtype=bool)
        if min(low.values(), default=Fraction(0)) >= 0:
            found[[cell for cell, value in low.items() if value > 0]] = True
        elif max(high.values(), default=Fraction(0)) <= 0:
            found[[cell for cell, value in high.items() if value < 0]] = True
        return found

    def _pair(self, disclosure: Disclosure) -> Iterator[Row]:
        """A disclosed value as two inequalities; where it can be read in several ways, over all of them."""
        readings = [self._of(disclosure, on, self._live) for on in (disclosure.on, *disclosure.readings)]
        cells = {cell for low, _ in readings for cell in low}
        nil = Fraction(0)
        low = {cell: min(one[0].get(cell, nil) for one in readings) for cell in cells}
        high = {cell: max(one[1].get(cell, nil) for one in readings) for cell in cells}
        every = self.universe.mask(Selection())
        least, most = ends(disclosure)
        yield Row(disclosure.name, disclosure.path, (Coefficients(low, every),), None, most)
        yield Row(disclosure.name, disclosure.path, (Coefficients(high, every),), least, None)

    def _of(
        self, disclosure: Disclosure, on: Selection, live: Mask
    ) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
        universe, options = self.universe, self.universe.catalogue.options
        under = {options[option].dimension: (option,) for option in disclosure.under}
        open_ = {**self.own, **under}
        for option in beside(disclosure):
            code = options[option].dimension
            open_[code] = tuple(
                dict.fromkeys(counting(universe, disclosure, own, option, on) for own in open_[code])
            )
        masses = disclosure.basis != "co2e"
        found = self._weights(open_, universe.mask(on) & live, masses=masses)
        for by, mask in balanced(universe, disclosure) if masses else ():
            more = self._weights(open_, mask & live, masses=True)
            for cell in more.low:
                ends_ = Bounds(more.low[cell], more.high[cell]) * Bounds.point(by)
                assert ends_.low is not None
                assert ends_.high is not None
                found.low[cell] = found.low.get(cell, Fraction(0)) + ends_.low
                found.high[cell] = found.high.get(cell, Fraction(0)) + ends_.high
        return found.low, found.high

    @cached_property
    def _limit(self) -> list[Row]:
        """What was left out is at most a share of what was counted."""
        exempted = self.study.footprint.exempted
        if exempted is None or nothing(exempted) or exempted.value + exempted.half >= 1:
            return []
        share = exempted.value + exempted.half
        ratio = share / (1 - share)
        out = self.study.left_out() & self._live
        gross = {
            code: options
            for code, options in self.own.items()
            if any(
                effect.characterised_by or effect.as_origin
                for option in options
                for effect in self.universe.catalogue.options[option].effects
            )
        }
        # Only what the study would count, whichever options it used, is surely part of the share.
        counted = self._weights({**self.own, CUT_OFF: (COUNT_ALL,)}, out).low
        least = {
            cell: weight if counted[cell] > 0 else Fraction(0)
            for cell, weight in self._weights(gross, out).low.items()
        }
        most = self._weights(gross, self._live & ~self.study.left_out()).high
        values = {**least, **{cell: -ratio * value for cell, value in most.items()}}
        terms = (Coefficients(values, self.universe.mask(Selection())),)
        return [Row("exempted", "exempted_share", terms, None, Fraction(0), stated=False)]

    def _weights(self, options: Open, on: Mask, *, masses: bool = False) -> Range:
        """Smallest and largest weight of each cell of ``on``.

        With ``masses`` only the scope counts: a mass is disclosed of what a study looks at.
        """
        universe, catalogue = self.universe, self.universe.catalogue
        sets = [] if masses else _sets(options, catalogue.options)
        settled = {found[0] for found in options.values() if len(found) == 1}
        effects = [[catalogue.options[option].effects for option in found] for found in options.values()]
        cells = np.flatnonzero(on)
        flat = [effect for several in effects for one in several for effect in one]
        inside = np.array([universe.mask(effect.on)[cells] for effect in flat]).reshape(len(flat), cells.size)
        _, first, alike = np.unique(inside, axis=1, return_index=True, return_inverse=True)
        kinds = [self._factors(effects, int(cells[place]), settled, masses) for place in first.tolist()]
        low: dict[int, Fraction] = {}
        high: dict[int, Fraction] = {}
        unknown, known = (np.zeros(len(universe), dtype=bool) for _ in range(2))
        gwps: dict[tuple[str, frozenset[str]], tuple[Bounds, bool, bool]] = {}
        for cell, kind in zip(cells.tolist(), alike.reshape(-1).tolist(), strict=True):
            bounds, moved = kinds[kind]
            if sets:
                _, _, gas, origin = universe.cells[cell]
                key = (gas, moved | {origin})
                if key not in gwps:
                    gwps[key] = self._gwp(sets, *key)
                gwp, may_lack, may_have = gwps[key]
                unknown[cell], known[cell] = may_lack and bounds != NOTHING, may_have
                bounds = bounds * gwp
            assert bounds.low is not None
            assert bounds.high is not None
            low[cell], high[cell] = bounds.low, bounds.high
        return Range(low, high, unknown, known)

    def _factors(
        self,
        effects: Sequence[Sequence[tuple[Effect, ...]]],
        cell: int,
        settled: set[str],
        masses: bool,
    ) -> tuple[Bounds, frozenset[str]]:
        """What all dimensions together may multiply a cell by, and the origins they may give it."""
        bounds, origins = Bounds.point(1), set()
        for several in effects:
            factors: set[Fraction] = set()
            for one in several:
                possible = {Fraction(1)}
                for effect in one:
                    if not self.universe.mask(effect.on)[cell]:
                        continue
                    if effect.as_origin is not None:
                        origins.add(effect.as_origin)
                    by = _by(effect, masses)
                    applied = {value * by for value in possible}
                    hangs = effect.when is not None and effect.when not in settled
                    possible = applied | possible if hangs else applied
                factors |= possible
            bounds = bounds * Bounds(min(factors), max(factors))
        return bounds, frozenset(origins)

    def _gwp(self, sets: Sequence[str], gas: str, origins: frozenset[str]) -> tuple[Bounds, bool, bool]:
        """The factors a gas may have, whether some set has none, and whether some set has one.

        What a set has no factor for counts as nothing there.
        """
        known = self.universe.catalogue.gwp_sets
        found = [lookup(known[code].values, gas, origin) for code in sets for origin in sorted(origins)]
        factors = [Fraction(factor or "0") for factor in found]
        return Bounds(min(factors), max(factors)), None in found, any(one is not None for one in found)


def _by(effect: Effect, masses: bool) -> Fraction:
    """What an effect multiplies the weight of its cells by; of masses only the scope counts."""
    if effect.out_of_scope:
        return Fraction(0)
    return Fraction(1) if masses or effect.weight is None else Fraction(effect.weight)


def _sets(options: Open, known: Mapping[str, Option]) -> list[str]:
    """The GWP sets that may characterise."""
    found: dict[str, None] = {}
    for several in options.values():
        for option in several:
            for effect in known[option].effects:
                if effect.characterised_by is not None:
                    found.setdefault(effect.characterised_by)
    return list(found)

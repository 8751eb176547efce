"""What a conversion makes of everything but the numbers of a file: kept, and used for the next file alike.

Files that state the same fields under the same method, between the same two regimes and under the same
assumptions, have the same scenarios, the same linear programs and the same certificates; only the ends of
the rows differ. One ``Compiled`` serves them all, one by one or as a table.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise

import msgspec
import numpy as np

from crosswalk.engine.cells import Floats, Mask, Universe, shared
from crosswalk.engine.envelope import Envelope
from crosswalk.engine.held import Data
from crosswalk.engine.methods import goods, target_options
from crosswalk.engine.parts import Parts, Row
from crosswalk.engine.plan import (
    Crossing,
    cite,
    crossings,
    fields_of,
    live,
    matters,
    path,
    rests_on,
    unstated,
    weak,
)
from crosswalk.engine.program import Interval, Program
from crosswalk.engine.reckoning import asked, nothing
from crosswalk.engine.scenarios import Group, Scenario, count, groups, prune, scenarios
from crosswalk.engine.study import Study, ends
from crosswalk.errors import RefusedError
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Field, Profile, Regime, Requirement
from crosswalk.results import Cited

#: Above this many scenarios, steps and lines are worked out for those only that decide an end.
DETAILED = 48
#: How many scenarios are kept for files to come; each takes up to a megabyte.
KEPT = 128


@dataclass(frozen=True)
class Structure:
    """One kind of file on its way to one regime; equal where everything but the numbers is.

    Numbers that stand in the coefficients of a row (the share left out), or that empty cells (exactly
    nothing), belong to the kind.
    """

    key: Hashable
    footprint: Footprint = field(compare=False)
    source: Regime = field(compare=False)
    target: Regime = field(compare=False)
    profile: Profile | None = field(compare=False)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.key)

    @classmethod
    def of(cls, footprint: Footprint, source: Regime, target: Regime, profile: Profile | None) -> Structure:
        """Return the structure of a file between two regimes."""
        stated = tuple(
            (
                (d.path, d.name, d.on, d.basis, d.scale, d.under, d.beside, d.balance, d.readings),
                (d.headline, d.limit, nothing(d.quantity)),
            )
            for d in footprint.disclosures
        )
        key = (
            source.code,
            target.code,
            profile,
            tuple(sorted(footprint.method.items())),
            stated,
            tuple(absence.on for absence in footprint.absences),
            footprint.complete,
            footprint.mixed,
            footprint.exempted,
            goods(footprint),
        )
        bare = msgspec.structs.replace(footprint, raw=None, activity=None, goods=goods(footprint))
        return cls(key, bare, source, target, profile)


@dataclass
class Problem:
    """One scenario of a structure, with what it asks: the total, then each step, then each field."""

    study: Study
    scenario: Scenario
    rows: list[Row]
    dead: Mask
    order: tuple[str, ...]
    fields: tuple[Field, ...]

    @cached_property
    def total(self) -> Program:
        """The program of the total alone."""
        return self._program([self.study.total(self.scenario.source, self.scenario.target)])

    @cached_property
    def detailed(self) -> Program:
        """The program of the total, of every dimension crossed and of every field of the target."""
        methods = path(self.study.universe.catalogue, self.order, self.scenario)
        objectives = [self.study.total(self.scenario.source, self.scenario.target)]
        objectives += [self.study.change(before, after) for before, after in pairwise(methods)]
        for one in self.fields:
            under = asked(self.study.universe, one, one.on, self.scenario.target)
            objectives.append(self.study.field(one.on, self.scenario.source, under))
        return self._program(objectives)

    def bounds(self, low: Floats, high: Floats) -> tuple[Floats, Floats, Mask]:
        """Return both ends of the total for many files; see ``Compiled.bounds``."""
        return self.total.bounds(0, *beside(low, high, self.rows))

    def _program(self, objectives: list[Parts]) -> Program:
        return Program(self.study.universe, self.rows, self.dead, objectives)


class Compiled:
    """Everything about converting one structure that does not depend on the numbers."""

    def __init__(self, structure: Structure, universe: Universe) -> None:
        self.study = Study(structure.footprint, structure.source, universe)
        self.target = structure.target
        self.profile = structure.profile
        alive = live(self.study, self.target)
        self.alive = shared(alive) if self.profile is None else alive & ~self.study.emptied(self.profile)
        self.parts: dict[str, tuple[Group, ...]] = groups(self.study, self.target, self.alive)
        self.count = count(self.study, self.parts)
        self._problems: list[Problem] = []
        self._coming = self._enumerate()
        self._refusal: RefusedError | None = None

    @property
    def many(self) -> bool:
        """Whether the scenarios are too many to explain each."""
        return self.count > DETAILED

    @cached_property
    def crossings(self) -> list[Crossing]:
        """The dimensions in which the target asks for something else."""
        return crossings(self.study, self.target, self.parts)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the target's own formats."""
        return tuple(fields_of(self.study.universe.catalogue, self.target))

    @cached_property
    def envelope(self) -> Envelope:
        """Bounds over all open options at once, for when they are too many."""
        return Envelope(self.study, self.target, self.profile)

    @cached_property
    def blended(self) -> tuple[str, ...]:
        """Dimensions in which the study mixed options and the target does not keep all of them."""
        footprint, choices = self.study.footprint, self.study.choices
        return tuple(
            code
            for code in footprint.mixed
            if any(
                target_options(code, option, self.target, footprint) != (option,)
                for option in choices[code].options
            )
        )

    @cached_property
    def weak(self) -> tuple[Cited, ...]:
        """Statements weaker than a secondary source on which an answer rests, those missing included."""
        study, target = self.study, self.target
        used: list[Requirement] = []
        absent: list[Cited] = []
        for code, choice in study.choices.items():
            family = study.universe.catalogue.dimensions[code].family
            if family == "model" or (family == "convention" and matters(study.universe, code, self.alive)):
                used += rests_on(study, target, code)
                if code not in target.requirements:
                    absent.append(unstated(target, code))
                if study.regime is not None and not choice.declared and choice.requirement is None:
                    absent.append(unstated(study.regime, code))
        return weak((*cite(used), *absent))

    def problems(self) -> Iterator[Problem]:
        """Yield the scenarios, each made once. Raises ``RefusedError`` once there are too many."""
        place = 0
        while True:
            if place == len(self._problems):
                if self._refusal is not None:
                    raise self._refusal
                try:
                    found = next(self._coming, None)
                except RefusedError as error:
                    self._refusal = error
                    raise
                if found is None:
                    return
                self._problems.append(found)
            yield self._problems[place]
            place += 1

    def _enumerate(self) -> Iterator[Problem]:
        parts = self.parts
        if self.many:
            parts = prune(self.study, parts, self.alive, self.profile)
        order = tuple(crossing.dimension.code for crossing in self.crossings)
        for scenario in scenarios(self.study, parts):
            rows = self.study.rows(scenario.source, scenario.reading)
            dead = self.study.dead(scenario.source)
            if self.profile is not None:
                more, empty = self.study.assumed(self.profile, scenario.source, scenario.target)
                rows, dead = rows + more, dead | empty
            yield Problem(self.study, scenario, rows, shared(dead), order, self.fields)

    def data(self, footprint: Footprint) -> Data:
        """Return the ends of all rows for one file of this structure."""
        first = next(self.problems())
        stated = [ends(disclosure) for disclosure in footprint.disclosures]
        return Data(stated + [(row.low, row.high) for row in first.rows[len(stated) :]])

    def bounds(self, low: Floats, high: Floats) -> tuple[Floats, Floats, Mask]:
        """Return both ends of the target value for many files, and whether anything fits each.

        ``low`` and ``high`` are (files, disclosures): the ends of each disclosed value, scaled as the rows
        are. Ends hold what exact arithmetic gives; an open one is infinite, both are NaN where a file
        contradicts itself. Where more choices are open than can be looked at, the ends are not tight.
        """
        try:
            return self._bounds(low, high)
        except RefusedError:
            return self.envelope.bounds(low, high)

    def _bounds(self, low: Floats, high: Floats) -> tuple[Floats, Floats, Mask]:
        count = len(low)
        bottom, top, any_fits = np.full(count, np.inf), np.full(count, -np.inf), np.zeros(count, dtype=bool)
        left = np.arange(count)
        seen = set()
        for problem in self.problems():
            if not left.size:
                break
            if problem.total.shape in seen:
                continue
            seen.add(problem.total.shape)
            whole = left.size == count
            some = (low, high) if whole else (low.T[:, left].T, high.T[:, left].T)
            lower, upper, fits = problem.bounds(*some)
            bottom[left] = np.where(fits, np.minimum(bottom[left], lower), bottom[left])
            top[left] = np.where(fits, np.maximum(top[left], upper), top[left])
            any_fits[left] |= fits
            # No further choice can change what is open at both ends.
            left = left[np.isfinite(bottom[left]) | np.isfinite(top[left]) | ~any_fits[left]]
        return np.where(any_fits, bottom, np.nan), np.where(any_fits, top, np.nan), any_fits


def beside(low: Floats, high: Floats, rows: Sequence[Row]) -> tuple[Floats, Floats]:
    """Return the ends of all ``rows`` for many files, of which ``low`` and ``high`` give the first ones."""
    fixed = rows[low.shape[1] :]
    if not fixed:
        return low, high
    lows = np.array([-np.inf if row.low is None else float(row.low) for row in fixed])
    highs = np.array([np.inf if row.high is None else float(row.high) for row in fixed])
    shape = (len(fixed), len(low))
    below = np.vstack([low.T, np.broadcast_to(lows[:, None], shape)])
    return below.T, np.vstack([high.T, np.broadcast_to(highs[:, None], shape)]).T


@lru_cache(maxsize=4)
def _shelf(universe: Universe) -> OrderedDict[Structure, Compiled]:
    return OrderedDict()


def compiled(structure: Structure, universe: Universe) -> Compiled:
    """Return what is kept of a structure, compiled on first use.

    The structures used last are kept, as many as hold ``KEPT`` scenarios together.
    """
    shelf = _shelf(universe)
    found = shelf.get(structure)
    if found is None:
        found = shelf[structure] = Compiled(structure, universe)
    shelf.move_to_end(structure)
    held = sum(1 + len(one._problems) for one in shelf.values())
    while held > KEPT and len(shelf) > 1:
        held -= 1 + len(shelf.popitem(last=False)[1]._problems)
    return found


@dataclass(frozen=True)
class Solved:
    """One scenario with the numbers of a file, and the interval of its total; ``None`` where nothing fits."""

    problem: Problem
    data: Data
    interval: Interval | None

    @property
    def scenario(self) -> Scenario:
        """The methods and the reading."""
        return self.problem.scenario

    @property
    def dead(self) -> Mask:
        """Cells that are empty."""
        return self.problem.dead

    @cached_property
    def rows(self) -> list[Row]:
        """The rows with the ends of this file."""
        return [
            Row(row.name, row.path, row.parts, low, high, row.stated)
            for row, (low, high) in zip(self.problem.rows, self.data.pairs, strict=True)
        ]

"""How uncertain a conversion is: every draw of the stated distributions is one more file of the structure.

A draw gives each number a value; all draws go through the programs of the conversion as one batch, and each
comes back as an interval, for rounding and gaps are no less there. What is known of the value is then a
p-box: its distribution lies between that of the lower and that of the upper ends (Ferson et al. 2003,
SAND2002-4015). Draws that no inventory fits keep their probability, as not known (Yager 1987), instead of
handing it to the others. Where the method of the study is open, the p-box holds those of all choices: the
method is not known, but not random.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
import numpy as np

from crosswalk.engine.activity_draws import Activities
from crosswalk.engine.cells import Floats, Universe
from crosswalk.engine.climate import Climate
from crosswalk.engine.compiled import Compiled, Problem, Structure, beside, compiled
from crosswalk.engine.draws import Move, Stream, drawn
from crosswalk.engine.held import Data
from crosswalk.engine.modelled import model
from crosswalk.engine.operations.situation import Factors
from crosswalk.engine.pbox import around, pbox, percentiles
from crosswalk.engine.program import Program
from crosswalk.engine.redundant import Sums, Table, settled, sums
from crosswalk.errors import RefusedError
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Footprint
from crosswalk.footprint.spreads import stated, without
from crosswalk.knowledge.catalogue import Profile, Regime
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import Cited, Conversion
from crosswalk.results.uncertainty import Drawn, Moved, PBox, Percentiles, Role, Uncertainty


def propagate(
    found: Conversion,
    footprint: Footprint,
    source: Regime,
    target: Regime,
    universe: Universe,
    profile: Profile | None = None,
    factors: Factors | None = None,
    *,
    draws: int,
    seed: int = 0,
    gwp: bool = False,
) -> Uncertainty:
    """Return what the distributions a file states mean for ``found``, its conversion.

    The same ``draws`` and ``seed`` give the same percentiles. ``gwp`` adds the ranges of the target's
    global warming potentials, apart. Scenarios that the stated numbers refute stay refuted.
    """
    case = _Case(footprint, target, universe, factors, Stream(draws, seed))
    plain = compiled(Structure.of(footprint, source, target, None), universe)
    remodelled = any(step.note is not None for step in found.steps)
    guaranteed = assumed = climate = None
    if not (remodelled or found.inconsistencies or plain.blended):
        guaranteed = case.box(plain)
        climate = case.climate(plain) if gwp else None
    if found.assumed is not None:
        assumed = case.estimate(compiled(Structure.of(footprint, source, target, profile), universe))
    return Uncertainty(
        draws=draws,
        seed=seed,
        guaranteed=guaranteed,
        assumed=assumed,
        numbers=case.numbers(),
        moved=case.moved(),
        climate=climate,
        climate_tight=climate is not None and case.tight,
        unranged=tuple(sorted(case.unranged)),
        rests_on=case.rests_on(),
        notes=tuple(case.notes),
    )


@dataclass
class _Case:
    """One file with its draws; what it learns about the numbers on the way is told at the end."""

    footprint: Footprint
    target: Regime
    universe: Universe
    factors: Factors | None
    stream: Stream
    tight: bool = True
    unranged: set[str] = field(default_factory=set)
    notes: list[Text] = field(default_factory=list)
    _sums: list[Sums] = field(default_factory=list)
    _cited: list[Cited] = field(default_factory=list)
    _modelled: bool = False

    def __post_init__(self) -> None:
        disclosed = self.footprint.disclosures
        self.uncertain = [row for row, one in enumerate(disclosed) if one.quantity.spread is not None]
        self.equations = [row for row, one in enumerate(disclosed) if one.limit is None]
        self.tied = [row for row in self.uncertain if _tied(disclosed[row].quantity)]
        self.activities = Activities.of(self.footprint)
        self.plain = msgspec.structs.replace(self.footprint, activity=without(self.footprint.activity))
        # Scaled exactly before they are drawn: what has no spread is what it is in the conversion.
        scaled = [(one.quantity.scaled(one.scale), one.path) for one in disclosed]
        self.draws = self._table([drawn(*one, self.stream) for one in scaled], self.stream.draws)
        self.stated = self._table([drawn(without(one), at, Stream(1, 0)) for one, at in scaled], 1)

    def _table(self, moves: list[Move], draws: int) -> Table:
        """The moves of all numbers side by side; what is at most or at least something has one end."""
        shape = (draws, 0)
        low, high, slip = (
            np.column_stack([move[which] for move in moves]) if moves else np.empty(shape)
            for which in range(3)
        )
        for row, one in enumerate(self.footprint.disclosures):
            if one.limit == "most":
                low[:, row] = -np.inf
            elif one.limit == "least":
                high[:, row] = np.inf
        return Table(low, high, slip)

    def box(self, of: Compiled) -> PBox | None:
        """Return the p-box of what the disclosure alone determines."""
        try:
            return around(pbox(*problem.bounds(*self._ends(problem))) for problem, _ in self._fitting(of))
        except RefusedError:
            return self._none(both("note.uncertainty-many"))

    def climate(self, of: Compiled) -> PBox | None:
        """Return the same with the ranges of the target's factors on top."""
        try:
            return around(self._climate(problem, data) for problem, data in self._fitting(of))
        except RefusedError:
            return self._none(both("note.uncertainty-many"))

    def estimate(self, of: Compiled) -> PBox | None:
        """Return the p-box under assumptions, with what model operations add."""
        try:
            return around(self._estimate(problem) for problem, _ in self._fitting(of))
        except RefusedError:
            return self._none(both("note.uncertainty-many"))

    def _fitting(self, of: Compiled) -> Iterator[tuple[Problem, Data]]:
        """Yield the scenarios that the stated numbers fit."""
        data = of.data(self.footprint)
        for problem in of.problems():
            if problem.total.interval(0, data) is not None:
                yield problem, data

    def _ends(self, problem: Problem) -> tuple[Floats, Floats]:
        """Both ends of every disclosed number in every draw, as far as it holds there in this scenario."""
        found = sums(problem.total.kernel.matrix, self.equations, self.uncertain)
        self._sums.append(found)
        return settled(self.stated, self.draws, found, self.tied)

    def _climate(self, problem: Problem, data: Data) -> PBox | None:
        climate = Climate.of(problem, data)
        if climate is None:
            return self._none(both("note.uncertainty-no-ranges"))
        low, high = self._ends(problem)
        self.tight = self.tight and climate.tight(data) and not self._sums[-1].eased
        self.unranged |= climate.unranged
        self._cited += climate.cited
        return pbox(*climate.bounds(low, high, self.stream))

    def _estimate(self, problem: Problem) -> PBox | None:
        study, scenario = problem.study, problem.scenario
        base = model(study, self.plain, self.target, scenario, self.factors)
        low, high = self._ends(problem)
        if not base.outcomes:
            return pbox(*problem.bounds(low, high))
        if not base.rows:
            lower, upper, fits = problem.bounds(low, high)
        elif self.activities.numbers:
            # What an operation states of cells would be another program in every draw.
            return self._none(both("note.uncertainty-rows"))
        else:
            rows = [*problem.rows, *base.rows]
            total = study.total(scenario.source, scenario.target)
            program = Program(self.universe, rows, problem.dead, [total])
            lower, upper, fits = program.bounds(0, *beside(low, high, rows))
        self._modelled = self._modelled or bool(self.activities.numbers)
        least, most = self.activities.deltas(
            base.delta,
            lambda one: model(study, one, self.target, scenario, self.factors).delta,
            self.stream,
        )
        return pbox(lower + least, upper + most, fits)

    def _none(self, why: Text) -> PBox | None:
        """Say why there is no p-box."""
        self.notes += [] if why in self.notes else [why]
        return None

    def numbers(self) -> tuple[Drawn, ...]:
        """Return every number that states a distribution, and what became of it."""
        found = [self._number(row) for row in self.uncertain]
        role: Role = "drawn" if self._modelled else "unused"
        found += [_drawn(quantity, path, path, role) for path, quantity in self.activities.numbers]
        exempted = self.footprint.exempted
        if exempted is not None and exempted.spread is not None:
            # It stands in a coefficient of the program, not in the ends of a row.
            found.append(_drawn(exempted, "exempted_share", "exempted_share", "unused"))
        return tuple(found)

    def _number(self, row: int) -> Drawn:
        one = self.footprint.disclosures[row]
        role: Role = "drawn" if self._sums else "unused"
        parts = next((found.stated[row] for found in self._sums if row in found.stated), None)
        if parts is None:
            return _drawn(one.quantity, one.path, one.name, role)
        both_ways = self.draws.middle(row), self.draws.implied(parts)
        points = (percentiles(found / float(one.scale)) for found in both_ways)
        return _drawn(one.quantity, one.path, one.name, role, *points)

    def moved(self) -> tuple[Moved, ...]:
        """Return the numbers without a distribution that could not stay as they are in every scenario."""
        eased = {row for one in self._sums for row in one.eased} - {*self.uncertain}
        follows = {row for one in self._sums for row in one.following}
        disclosed = self.footprint.disclosures
        return tuple(
            Moved(
                path=disclosed[row].path,
                name=disclosed[row].name,
                value=disclosed[row].quantity.text,
                how="follows" if row in follows else "eased",
            )
            for row in sorted(eased | follows)
        )

    def rests_on(self) -> tuple[Cited, ...]:
        """Return the statements behind what was drawn: pedigree matrices, ranges of factors."""
        known = self.universe.catalogue.pedigrees
        used = {one.pedigree for one in stated(self.footprint) if one.pedigree is not None}
        codes = sorted(used & known.keys())
        cited = []
        for code in codes:
            statement = known[code].statement
            cited.append(Cited.of(code, statement))
        return tuple(dict.fromkeys((*cited, *self._cited)))


def _tied(quantity: Quantity) -> bool:
    """Whether a number moves with a group, or with the numbers it was reckoned from."""
    spread = quantity.spread
    return spread is not None and (spread.group is not None or bool(spread.terms))


def _drawn(
    quantity: Quantity,
    path: str,
    name: str,
    role: Role,
    stated: Percentiles | None = None,
    implied: Percentiles | None = None,
) -> Drawn:
    spread = quantity.spread
    assert spread is not None
    sigma, below, low, high = (
        None if one is None else float(one) for one in (spread.sigma, spread.below, spread.low, spread.high)
    )
    return Drawn(
        path=path,
        name=name,
        value=quantity.text,
        distribution=spread.kind,
        role=role,
        sigma=sigma,
        below=below,
        low=low,
        high=high,
        group=spread.group,
        pedigree=spread.pedigree,
        ranged=spread.ranged,
        stated=stated,
        implied=implied,
    )

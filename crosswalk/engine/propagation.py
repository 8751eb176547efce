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
from crosswalk.knowledge.catalogue import Profile, Regime, Text
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


def states(footprint: Footprint) -> bool:
    """Whether a file states a distribution for any number at all."""
    return next(_spread(footprint), None) is not None


def _spread(footprint: Footprint) -> Iterator[Quantity]:
    """Every number that states a distribution, the terms of sums included."""
    found = [one.quantity for one in footprint.disclosures if one.quantity.spread is not None]
    found += [quantity for _, quantity in Activities.of(footprint).numbers]
    if footprint.exempted is not None and footprint.exempted.spread is not None:
        found.append(footprint.exempted)
    for quantity in found:
        assert quantity.spread is not None
        yield quantity
        yield from (term for term in quantity.spread.terms if term.spread is not None)


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
        stated = self.footprint.disclosures
        self.uncertain = [row for row, one in enumerate(stated) if one.quantity.spread is not None]
        self.tied = [row for row in self.uncertain if _grouped(stated[row].quantity)]
        self.activities = Activities.of(self.footprint)
        # Scaled exactly before they are drawn: what has no spread is what it is in the conversion.
        scaled = [(one.quantity.scaled(one.scale), one.path) for one in stated]
        self.draws = _table([drawn(*one, self.stream) for one in scaled], self.stream.draws)
        plain = [(msgspec.structs.replace(one, spread=None), path) for one, path in scaled]
        self.stated = _table([drawn(*one, Stream(1, 0)) for one in plain], 1)

    def box(self, of: Compiled) -> PBox | None:
        """Return the p-box of what the disclosure alone determines."""
        try:
            return around(pbox(*problem.bounds(*self._ends(problem))) for problem, _ in self._fitting(of))
        except RefusedError:
            return None

    def climate(self, of: Compiled) -> PBox | None:
        """Return the same with the ranges of the target's factors on top."""
        try:
            return around(self._climate(problem, data) for problem, data in self._fitting(of))
        except RefusedError:
            return None

    def estimate(self, of: Compiled) -> PBox | None:
        """Return the p-box under assumptions, with what model operations add."""
        try:
            return around(self._estimate(problem) for problem, _ in self._fitting(of))
        except RefusedError:
            return None

    def _fitting(self, of: Compiled) -> Iterator[tuple[Problem, Data]]:
        """Yield the scenarios that the stated numbers fit."""
        data = of.data(self.footprint)
        for problem in of.problems():
            if problem.total.interval(0, data) is not None:
                yield problem, data

    def _ends(self, problem: Problem) -> tuple[Floats, Floats]:
        """Both ends of every disclosed number in every draw, as far as it holds there in this scenario."""
        found = sums(problem.total.kernel.matrix[: len(self.footprint.disclosures)], self.uncertain)
        self._sums.append(found)
        return settled(self.stated, self.draws, found, self.tied)

    def _climate(self, problem: Problem, data: Data) -> PBox | None:
        climate = Climate.of(problem, data)
        if climate is None:
            self._note(both("note.uncertainty-no-ranges"))
            return None
        low, high = self._ends(problem)
        self.tight = self.tight and climate.tight(data) and not self._sums[-1].eased
        self.unranged |= climate.unranged
        self._cited += climate.cited
        return pbox(*climate.bounds(low, high, self.stream))

    def _estimate(self, problem: Problem) -> PBox | None:
        study, scenario = problem.study, problem.scenario
        base = model(study, self.footprint, self.target, scenario, self.factors)
        low, high = self._ends(problem)
        if not base.outcomes:
            return pbox(*problem.bounds(low, high))
        if not base.rows:
            lower, upper, fits = problem.bounds(low, high)
        elif self.activities.numbers:
            # What an operation states of cells would be another program in every draw.
            self._note(both("note.uncertainty-rows"))
            return None
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

    def _note(self, note: Text) -> None:
        if note not in self.notes:
            self.notes.append(note)

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
        stated = self.footprint.disclosures
        return tuple(
            Moved(
                path=stated[row].path,
                name=stated[row].name,
                value=stated[row].quantity.text,
                how="follows" if row in follows else "eased",
            )
            for row in sorted(eased | follows)
        )

    def rests_on(self) -> tuple[Cited, ...]:
        """Return the statements behind what was drawn: pedigree matrices, ranges of factors."""
        spreads = [one.spread for one in _spread(self.footprint) if one.spread is not None]
        known = self.universe.catalogue.pedigrees
        codes = sorted({one.pedigree for one in spreads if one.pedigree is not None} & known.keys())
        cited = []
        for code in codes:
            statement = known[code].statement
            cited.append(
                Cited(
                    about=code,
                    iri=statement.iri,
                    clause=statement.clause,
                    evidence=statement.evidence,
                    sources=statement.sources,
                    note=statement.note,
                )
            )
        return tuple(dict.fromkeys((*cited, *self._cited)))


def _table(moves: list[Move], draws: int) -> Table:
    """The moves of all numbers side by side."""
    low, high, slip = (
        np.column_stack([move[which] for move in moves]) if moves else np.empty((draws, 0))
        for which in range(3)
    )
    return Table(low, high, slip)


def _grouped(quantity: Quantity) -> bool:
    """Whether a number, or a term of it, moves with a group."""
    spread = quantity.spread
    return spread is not None and (spread.group is not None or any(map(_grouped, spread.terms)))


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

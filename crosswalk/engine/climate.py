"""The ranges of global warming potentials on top of a conversion: how uncertain the effect on the climate is.

No regime counts them: a footprint is the masses times the factors a set prints. They enter as weights, so
they cannot be drawn as numbers of the file are. A factor ``f`` times its own value adds ``(f - 1) T`` to the
total, where ``T`` is what the gas contributes with the factor as printed; the same is ``f T`` and what all
other gases contribute. Where the file determines every ``T``, either is exact; otherwise the bounds added up
are outer bounds, and the narrower one at each end is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

import numpy as np

from crosswalk.engine.cells import Floats, Mask, Universe, Weights
from crosswalk.engine.compiled import Problem, beside
from crosswalk.engine.draws import Stream
from crosswalk.engine.held import Data
from crosswalk.engine.parts import Part, Row, blind
from crosswalk.engine.program import Program
from crosswalk.knowledge.catalogue import GwpSet, MetricRange
from crosswalk.results import Cited


@dataclass(frozen=True)
class _Ranged:
    """One range: the cells it is about, and its standard deviation as a share of the factor."""

    gas: str
    mask: Mask
    deviation: float


@dataclass(frozen=True)
class Climate:
    """One scenario with the contributions of the gases whose factors have a range.

    ``unranged`` are gases that may be there and whose factor has none, ``cited`` the ranges used.
    """

    program: Program
    rows: list[Row]
    ranged: tuple[_Ranged, ...]
    unranged: frozenset[str]
    cited: tuple[Cited, ...]

    @classmethod
    def of(cls, problem: Problem, data: Data) -> Climate | None:
        """Return the contributions of a scenario, or ``None`` where its target set has no ranges."""
        universe, scenario = problem.study.universe, problem.scenario
        weights = universe.weights(scenario.target)
        ranges = universe.catalogue.metric_ranges.get(weights.gwp_set, ())
        if not ranges:
            return None
        gwp_set = universe.catalogue.gwp_sets[weights.gwp_set]
        counted = ~problem.dead & (weights.value != 0)
        found = [(one, _cells(one, ranges, universe, weights) & counted) for one in ranges]
        ranged = tuple(_Ranged(one.gas, mask, _deviation(one, gwp_set)) for one, mask in found if mask.any())
        others = np.ones(len(universe), dtype=bool)
        for one in ranged:
            others &= ~one.mask
        rest = counted & others & ~_reference(universe, gwp_set)
        total = problem.study.total(scenario.source, scenario.target)
        objectives = [total, *((Part(one.mask, weights),) for one in ranged)]
        unknown = blind(weights, universe.weights(scenario.source))
        objectives += [(Part(others, weights, blind=unknown),), (Part(rest),)]
        program = Program(universe, problem.rows, problem.dead, objectives)
        left = program.interval(len(objectives) - 1, data)
        gases = {universe.cells[cell][2] for cell in np.flatnonzero(rest).tolist()}
        return cls(
            program,
            problem.rows,
            ranged,
            frozenset() if left is not None and left.high == 0 else frozenset(gases),
            tuple(_cite(one, gwp_set) for one, mask in found if mask.any()),
        )

    def tight(self, data: Data) -> bool:
        """Whether the file determines what every gas contributes, but for rounding."""
        found = [self.program.interval(place, data) for place in range(1, 1 + len(self.ranged))]
        return all(one is not None and one.value is not None for one in found)

    def bounds(self, low: Floats, high: Floats, stream: Stream) -> tuple[Floats, Floats, Mask]:
        """Return both ends of the total in every draw of the numbers and of the factors."""
        ends = beside(low, high, self.rows)
        lower, upper, fits = self.program.bounds(0, *ends)
        bottom, top, _ = self.program.bounds(1 + len(self.ranged), *ends)
        for place, one in enumerate(self.ranged, start=1):
            least, most, _ = self.program.bounds(place, *ends)
            off = one.deviation * stream.normal(f"gwp {one.gas}")
            more, whole = (_times(by, least, most) for by in (off, 1 + off))
            lower, upper = lower + more[0], upper + more[1]
            bottom, top = bottom + whole[0], top + whole[1]
        # What the total tells of the gases together, and what is known of each: both hold.
        return np.maximum(lower, bottom), np.minimum(upper, top), fits


def _times(by: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Both ends of a multiple of an interval; nothing of an open end is nothing, which floats do not know."""
    ends = [np.where(by == 0, 0.0, by * np.where(by == 0, 0.0, end)) for end in (low, high)]
    return np.minimum(*ends), np.maximum(*ends)


def _cells(one: MetricRange, ranges: tuple[MetricRange, ...], universe: Universe, weights: Weights) -> Mask:
    """Cells a range is about: of its gas, characterised as of its origin."""
    own = {other.origin for other in ranges if other.gas == one.gas}
    return np.array(
        [
            cell[2] == one.gas and (origin == one.origin if one.origin else origin not in own)
            for cell, origin in zip(universe.cells, weights.origin, strict=True)
        ]
    )


def _reference(universe: Universe, gwp_set: GwpSet) -> Mask:
    """Cells of gases whose factor is 1 by definition: the reference gas."""
    one = {gas for gas, values in gwp_set.values.items() if {Fraction(v) for v in values.values()} == {1}}
    return np.array([cell[2] in one for cell in universe.cells])


def _deviation(one: MetricRange, gwp_set: GwpSet) -> float:
    """The standard deviation as a share of the factor: the ranges are symmetric, hence taken as normal."""
    z = NormalDist().inv_cdf(float(1 + Fraction(one.coverage)) / 2)
    if one.relative is not None:
        return float(Fraction(one.relative)) / z
    values = gwp_set.values[one.gas]
    # A range for any origin of a gas whose origins differ is widest, as a share, about the smallest factor.
    factor = values.get(one.origin) or values.get("") or min(values.values(), key=Fraction)
    assert one.half is not None
    return float(Fraction(one.half) / Fraction(factor)) / z


def _cite(one: MetricRange, gwp_set: GwpSet) -> Cited:
    about = f"{gwp_set.code}: {one.gas}" + (f" ({one.origin})" if one.origin else "")
    return Cited.of(about, one.statement)

"""The difference of two footprints split over what their methods do otherwise, from one side's inventory.

Everything here is seen from the study whose disclosure is used, per its own declared unit: the change is
that of its inventory, from its own method to the other's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from crosswalk.engine.attribution import Objective, shapley, without_rounding
from crosswalk.engine.cells import Mask
from crosswalk.engine.held import Data
from crosswalk.engine.methods import Choice, asking
from crosswalk.engine.modelled import Applied, Modelled, applied, model
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.operations.situation import Factors
from crosswalk.engine.pairs import Pairs, Party, joint
from crosswalk.engine.parts import Parts, Row
from crosswalk.engine.program import Interval, Program
from crosswalk.engine.reckoning import nothing
from crosswalk.engine.scenarios import Scenario
from crosswalk.engine.study import Study
from crosswalk.knowledge.catalogue import Profile

#: Above this many pairs of methods only the sum of the shares is worked out, not each.
_DETAILED = 48

NOTHING = Interval(Fraction(0), Fraction(0), value=Fraction(0))


@dataclass(frozen=True)
class Solved:
    """One pair of methods: the share of each dimension, all of them together, and the total reached.

    ``explained`` and ``reached`` hold the model operations too. Without ``shares`` they were not worked out.
    """

    scenario: Scenario
    rows: list[Row]
    dead: Mask
    shares: dict[str, Interval] | None
    explained: Interval
    reached: Interval


@dataclass(frozen=True)
class Split:
    """All pairs of methods that some inventory fits, and what the model operations do over them.

    ``models`` have a number, ``lacking`` would have one if inputs were not missing. Not all pairs are
    looked at (``whole``) where some leave both ends open anyway.
    """

    own: Party
    pairs: Pairs
    solved: tuple[Solved, ...]
    models: tuple[Applied, ...]
    lacking: tuple[Applied, ...]
    whole: bool = True

    @property
    def detailed(self) -> bool:
        """Whether the share of each dimension was worked out."""
        return all(one.shares is not None for one in self.solved)

    def dimensions(self) -> tuple[str, ...]:
        """Dimensions that differ in some pair of methods, in order of application."""
        differing = {
            d
            for one in self.solved
            for d, option in one.scenario.source.items()
            if one.scenario.target[d] != option
        }
        return tuple(d for d in self.own.study.numeric if d in differing)


def split(own: Party, other: Party, found: Pairs, profile: Profile | None, factors: Factors | None) -> Split:
    """Return the split from the inventory of ``own``, under every pair of methods that fits it."""
    study = own.study
    wanted = modelling(other.study) if study.footprint.activity is not None else {}
    if found.one and not wanted:
        (alone,) = found.scenarios
        same = Solved(alone, [], study.dead(alone.source), {}, NOTHING, own.total)
        return Split(own, found, (same,) if own.methods else (), (), ())
    every = {
        index: model(study, study.footprint, asking(wanted), scenario, factors) if wanted else Modelled({})
        for index, scenario in enumerate(found.scenarios)
    }
    done = [one for one in applied(list(every.values())) if not wanted.keys().isdisjoint(one.dimensions)]
    models = tuple(one for one in done if one.delta.closed)
    codes = {one.code for one in models}
    detailed = len(found.scenarios) <= _DETAILED
    lacking = tuple(one for one in done if not one.delta.closed)
    solved: list[Solved] = []
    for index, scenario in enumerate(found.scenarios):
        kept = Modelled({code: one for code, one in every[index].outcomes.items() if code in codes})
        one = _solve(study, scenario, found, profile, kept, detailed=detailed)
        if one is None:
            continue
        solved.append(one)
        ends = joint([one.explained for one in solved])
        if not detailed and ends.low is None and ends.high is None:
            # Nothing that follows can close an end again.
            return Split(own, found, tuple(solved), models, lacking, whole=False)
    return Split(own, found, tuple(solved), models, lacking)


def modelling(study: Study) -> dict[str, Choice]:
    """Return the modelling choices a study states, one option each, by dimension."""
    dimensions = study.universe.catalogue.dimensions
    return {
        code: choice
        for code, choice in study.choices.items()
        if dimensions[code].family == "model" and choice.declared and not choice.open
    }


def _solve(
    study: Study,
    scenario: Scenario,
    found: Pairs,
    profile: Profile | None,
    models: Modelled,
    *,
    detailed: bool,
) -> Solved | None:
    rows = [*study.rows(scenario.source, scenario.reading), *models.rows]
    dead = study.dead(scenario.source)
    if profile is not None:
        more, empty = study.assumed(profile, scenario.source, scenario.target)
        rows, dead = rows + more, dead | empty
    key = None if models.rows else _structure(study, scenario, found.live, dead, profile, detailed)
    compiled = _kept.pop(key, None) if key is not None else None
    if compiled is None:
        compiled = _compile(study, scenario, found.live, rows, dead, detailed=detailed)
    if key is not None:
        _kept[key] = compiled
        while len(_kept) > _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
    intervals = compiled.intervals(study, rows, dead)
    if intervals is None:
        return None
    explained, reached, *each = intervals
    return Solved(
        scenario=scenario,
        rows=rows,
        dead=dead,
        shares=dict(zip(compiled.dimensions, each, strict=True)) if detailed else None,
        explained=plus(explained, models.delta),
        reached=plus(reached, models.delta),
    )


@dataclass(frozen=True)
class _Compiled:
    """Everything about some objectives that does not depend on the numbers stated.

    ``turned`` are the places in the program of those that stand there a second time, turned round;
    ``dimensions`` those whose shares the last of them are.
    """

    objectives: tuple[Objective, ...]
    program: Program
    turned: dict[int, int]
    dimensions: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        study: Study,
        rows: list[Row],
        dead: Mask,
        objectives: Sequence[Objective],
        dimensions: Sequence[str] = (),
    ) -> _Compiled:
        asked: list[Parts] = [one.up for one in objectives]
        turned: dict[int, int] = {}
        for index, one in enumerate(objectives):
            if one.down is not None:
                turned[index] = len(asked)
                asked.append(one.down)
        program = Program(study.universe, rows, dead, asked)
        return cls(tuple(objectives), program, turned, tuple(dimensions))

    def intervals(self, study: Study, rows: list[Row], dead: Mask) -> list[Interval] | None:
        asked = [one.up for one in self.objectives]
        values = without_rounding(study.universe, _finest_first(study, rows), dead, asked)
        data = Data([(row.low, row.high) for row in rows])
        found = []
        for index, value in enumerate(values):
            interval = self.program.interval(index, data)
            if interval is None:
                return None
            if index in self.turned:
                lower = self.program.interval(self.turned[index], data)
                if lower is not None and lower.high is None:
                    interval = replace(interval, low=None, low_ray=lower.high_ray)
            if interval.low is not None and interval.low == interval.high:
                value = interval.low
            found.append(replace(interval, value=value if holds(interval, value) else None))
        return found


def holds(interval: Interval, value: Fraction | None) -> bool:
    """Whether a value can be: numbers that agree only by their rounding may give one that cannot."""
    if value is None or interval.low is None or interval.high is None:
        return False
    return interval.low <= value <= interval.high


def bounded(
    study: Study, rows: list[Row], dead: Mask, objectives: Sequence[Objective]
) -> list[Interval] | None:
    """Return the interval of every objective with its value without rounding; ``None`` if nothing fits."""
    return _Compiled.of(study, rows, dead, objectives).intervals(study, rows, dead)


#: Compiled pairs of methods by what they depend on, the latest last: files of one structure share them.
_kept: dict[tuple[object, ...], _Compiled] = {}
_MOST_KEPT = 16


def _structure(
    study: Study, scenario: Scenario, live: Mask, dead: Mask, profile: Profile | None, detailed: bool
) -> tuple[object, ...]:
    """What a compiled pair of methods depends on."""
    catalogue, footprint = study.universe.catalogue, study.footprint
    return (
        (catalogue.hash, catalogue.version, profile, detailed),
        tuple(
            (d.path, d.on, d.basis, d.scale, d.under, d.beside, d.balance, d.limit, nothing(d.quantity))
            for d in footprint.disclosures
        ),
        footprint.exempted,
        tuple(scenario.source.items()),
        tuple(scenario.target.items()),
        tuple(scenario.reading.items()),
        live.tobytes(),
        dead.tobytes(),
    )


def _compile(
    study: Study, scenario: Scenario, live: Mask, rows: list[Row], dead: Mask, *, detailed: bool
) -> _Compiled:
    source, target = scenario.source, scenario.target
    shares = shapley(study.universe, source, target, live & ~dead) if detailed else {}
    change, total = study.change(source, target), study.total(source, target)
    objectives = [Objective(change), Objective(total), *shares.values()]
    return _Compiled.of(study, rows, dead, objectives, tuple(shares))


def _finest_first(study: Study, rows: list[Row]) -> list[Row]:
    """Rows that state a value: masses first, the total last, since it is the most rounded."""
    by_path = {one.path: one for one in study.footprint.disclosures}

    def key(row: Row) -> tuple[bool, bool]:
        stated = by_path.get(row.path)
        return (stated is not None and stated.headline > 0, stated is not None and stated.basis == "co2e")

    return sorted(rows, key=key)


def plus(interval: Interval, by: Bounds) -> Interval:
    """Return an interval with something added; the value stays known if what is added is one number."""
    total = Bounds(interval.low, interval.high) + by
    point = by.low if by.low == by.high else None
    value = None if interval.value is None or point is None else interval.value + point
    return replace(interval, low=total.low, high=total.high, value=value)


def times(interval: Interval, factor: Fraction) -> Interval:
    """Return an interval in another unit or, with a negative factor, seen from the other side."""
    low, high = (None if end is None else end * factor for end in (interval.low, interval.high))
    rays = interval.low_ray, interval.high_ray
    if factor < 0:
        low, high, rays = high, low, rays[::-1]
    return Interval(low, high, *rays, value=None if interval.value is None else interval.value * factor)

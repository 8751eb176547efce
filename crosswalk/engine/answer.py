"""From a footprint and two regimes to an answer: hulls over scenarios, steps, gaps, refusals."""

from __future__ import annotations

from dataclasses import dataclass

from crosswalk.engine.case import Case, Estimate
from crosswalk.engine.cells import Universe
from crosswalk.engine.compiled import Compiled, Solved, Structure, compiled
from crosswalk.engine.explain import Explainer, hull, joined
from crosswalk.engine.modelled import Modelled, applied, model
from crosswalk.engine.operations import capital_goods
from crosswalk.engine.operations.situation import Factors
from crosswalk.engine.program import Program
from crosswalk.engine.scenarios import Scenario, by_target
from crosswalk.engine.twins import Way
from crosswalk.engine.wanted import Wanted, judged
from crosswalk.errors import RefusedError
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Profile, Regime
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import (
    Conversion,
)


def answer(
    footprint: Footprint,
    source: Regime,
    target: Regime,
    universe: Universe,
    profile: Profile | None,
    allow: frozenset[str],
    factors: Factors | None = None,
    wanted: Wanted | None = None,
) -> Conversion:
    """Return the conversion of ``footprint`` from ``source`` to ``target``; see ``crosswalk.convert``."""
    footprint = capital_goods.with_line(footprint)
    plain = compiled(Structure.of(footprint, source, target, None), universe)
    if plain.blended:
        reason = both("reason.mixed", dimensions=", ".join(plain.blended))
        return Case(footprint, Explainer(plain, allow, False)).refused(reason)
    more = plain if profile is None else compiled(Structure.of(footprint, source, target, profile), universe)
    try:
        solved, whole = solve_all(plain, footprint)
        base, every = (solved, whole) if profile is None else solve_all(more, footprint)
    except RefusedError as error:
        return _all_at_once(plain, more, footprint, allow, error, factors, wanted)
    fitting = [s for s in solved if s.interval is not None]
    if not fitting:
        return Case(footprint, Explainer(plain, allow, False)).inconsistent(solved)
    try:
        estimates = all_estimates(footprint, more, base, every, factors)
    except RefusedError as error:
        return Case(footprint, Explainer(plain, allow, False)).refused(_said(error))
    models = applied([modelled for _, modelled in estimates])
    case = Case(footprint, Explainer(plain, allow, whole, models))
    answered = case.conversion(fitting, estimates, profile)
    ways = [Way.of(one) for one in base if one.interval is not None] if wanted else []
    intervals = [one.interval for one in fitting]
    return judged(answered, wanted, footprint, plain.study, intervals, ways, estimates)


def _all_at_once(
    plain: Compiled,
    more: Compiled,
    footprint: Footprint,
    allow: frozenset[str],
    error: RefusedError,
    factors: Factors | None,
    wanted: Wanted | None,
) -> Conversion:
    """Answer with bounds over all open options together, or refuse where even these are open."""
    case = Case(footprint, Explainer(plain, allow, False))
    found, assumed = plain.envelope.interval(footprint), more.envelope.interval(footprint)
    if found is None or assumed is None:
        return case.refused(both("reason.inconsistent-row"))
    try:
        anew = _each_anew(footprint, more, factors)
    except RefusedError as other:
        return case.refused(_said(other))
    if anew:
        models = applied([modelled for _, modelled in anew])
        anew_case = Case(footprint, Explainer(plain, allow, False, models))
        answered = anew_case.conversion([], anew, more.profile, found)
        return judged(answered, wanted, footprint, plain.study, [found], [], anew)
    if not assumed.finite:
        return case.refused(_said(error))
    estimates: list[Estimate] = [(assumed, Modelled({}))]
    answered = case.conversion([], estimates, more.profile, found)
    return judged(answered, wanted, footprint, plain.study, [found], [], estimates)


def _said(error: RefusedError) -> Text:
    return both(f"error.{error.code}", **error.values)


@dataclass(frozen=True)
class Structural:
    """What holds of every file of a structure: a refusal, or whether a forbidden model choice is kept."""

    refusal: Text | None
    remodelled: bool


def structural(compiled: Compiled, allow: frozenset[str]) -> Structural:
    """Return what can be said of a structure whatever its numbers, without activity data."""
    if compiled.blended:
        return Structural(both("reason.mixed", dimensions=", ".join(compiled.blended)), False)
    steps = [step for step in Explainer(compiled, allow, False).other_steps() if step.note is not None]
    if any(step.class_ == "unbridgeable" for step in steps):
        return Structural(joined("reason.model", "dimensions", [step.label for step in steps], ", "), True)
    return Structural(None, bool(steps))


def solve_all(compiled: Compiled, footprint: Footprint, *, hurried: bool = True) -> tuple[list[Solved], bool]:
    """Solve all scenarios; tell whether all were.

    Many are looked at, if ``hurried``, until both ends are open anyway.
    """
    data = compiled.data(footprint)
    solved: list[Solved] = []
    for problem in compiled.problems():
        program = problem.total if compiled.many else problem.detailed
        solved.append(Solved(problem, data, program.intervals((0,), data)[0]))
        low, high = hull(s.interval for s in solved if s.interval is not None)
        if hurried and compiled.many and low is None and high is None:
            return solved, False
    return solved, True


def all_estimates(
    footprint: Footprint, compiled: Compiled, solved: list[Solved], every: bool, factors: Factors | None
) -> list[Estimate]:
    """Return all scenarios that fit, with what the model operations do to them.

    Where scenarios were left out because nothing limits them anyway, what a model states may.
    """
    target = compiled.target
    found = [_estimate(footprint, target, one, factors) for one in solved if one.interval is not None]
    if every or not any(modelled.rows for _, modelled in found):
        return found
    anew = _each_anew(footprint, compiled, factors)
    if anew:
        return anew
    solved = solve_all(compiled, footprint, hurried=False)[0]
    return [_estimate(footprint, target, one, factors) for one in solved if one.interval is not None]


def _each_anew(footprint: Footprint, compiled: Compiled, factors: Factors | None) -> list[Estimate]:
    """Return what a model states for each method of the target, where nothing else matters to it."""
    found = stated_anew(footprint, compiled, factors)
    return [(program.interval(0), modelled) for _, modelled, program in found]


def stated_anew(
    footprint: Footprint, compiled: Compiled, factors: Factors | None
) -> list[tuple[Scenario, Modelled, Program]]:
    """Return the program of what a model states, for each method of the target; none where more matters."""
    if footprint.activity is None:
        return []
    study, found = compiled.study, []
    for scenario in by_target(study, compiled.parts):
        modelled = model(study, footprint, compiled.target, scenario, factors)
        if not modelled.whole:
            return []
        total = study.total(scenario.source, scenario.target)
        program = Program(study.universe, modelled.rows, study.absent(), [total])
        found.append((scenario, modelled, program))
    return found


def _estimate(footprint: Footprint, target: Regime, solved: Solved, factors: Factors | None) -> Estimate:
    """Return a scenario with its model operations, solved again where these state cells of the target."""
    modelled = model(solved.problem.study, footprint, target, solved.scenario, factors)
    if not modelled.rows:
        return solved.interval, modelled
    return restated(solved, modelled).interval(0), modelled


def restated(solved: Solved, modelled: Modelled) -> Program:
    """Return the program of a scenario with what model operations state of the cells of the target."""
    study, scenario = solved.problem.study, solved.scenario
    total = study.total(scenario.source, scenario.target)
    return Program(study.universe, [*solved.rows, *modelled.rows], solved.dead, [total])

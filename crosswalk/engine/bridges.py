"""Regime against regime, without a footprint: which dimensions differ, and what crosses them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from crosswalk.engine.cells import Method, Universe
from crosswalk.engine.parts import Part, Row
from crosswalk.engine.plan import cite, weakest
from crosswalk.engine.program import Program
from crosswalk.knowledge.catalogue import Catalogue, Dimension, Regime, Requirement
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import ORDER, Candidate, Class, Difference, Planned, Relation

#: What stands for the operation where a dimension has none.
_NO_OPERATION = {
    "document": "plan.report",
    "model": "report.no-operation",
    "convention": "report.no-operation",
}


def differences(first: Regime, second: Regime, universe: Universe) -> tuple[Difference, ...]:
    """Return every dimension, in order of application, with how the two regimes relate in it."""
    catalogue = universe.catalogue
    found = []
    for dimension in _ordered(catalogue):
        one, other = first.requirements.get(dimension.code), second.requirements.get(dimension.code)
        cited = cite(r for r in (one, other) if r is not None)
        relation = relate(one, other)
        crossed = _moves(one, other, dimension)
        grades = [_grades(universe, first, dimension, before, after) for before, after in crossed]
        found.append(
            Difference(
                dimension=dimension.code,
                label=dimension.label,
                family=dimension.family,
                first=one.permits if one else (),
                second=other.permits if other else (),
                relation=relation,
                class_=_worst(with_data for with_data, _ in grades),
                without=_worst(bare for _, bare in grades),
                operation=dimension.operation,
                inputs=_inputs(catalogue, dimension) if crossed else (),
                clauses=cited,
                evidence=weakest(cited),
            )
        )
    return tuple(found)


def planned(source: Regime, target: Regime, universe: Universe) -> tuple[Planned, ...]:
    """Return what a conversion does for every option of the source that the target does not keep."""
    catalogue = universe.catalogue
    found = []
    for dimension in _ordered(catalogue):
        one, other = source.requirements.get(dimension.code), target.requirements.get(dimension.code)
        if other is None:
            continue
        for before, after in _moves(one, other, dimension):
            cited = cite(r for r in (one, other) if r is not None)
            with_data, bare = _grades(universe, source, dimension, before, after)
            operation = catalogue.operations.get(dimension.operation or "")
            found.append(
                Planned(
                    dimension=dimension.code,
                    label=dimension.label,
                    family=dimension.family,
                    from_=before,
                    to=after,
                    operation=dimension.operation or "",
                    operation_label=operation.label if operation else both(_NO_OPERATION[dimension.family]),
                    class_=with_data,
                    without=bare,
                    inputs=_inputs(catalogue, dimension),
                    why=_why(other, after),
                    not_taken=_not_taken(dimension, before, after, other),
                    clauses=cited,
                    evidence=weakest(cited),
                )
            )
    return tuple(found)


def relate(one: Requirement | None, other: Requirement | None) -> Relation:
    """Return how the options two requirements permit relate."""
    if one is None or other is None or not one.permits or not other.permits:
        return "unknown"
    a, b = set(one.permits), set(other.permits)
    if a == b:
        return "same"
    if a < b:
        return "within"
    if a > b:
        return "wider"
    return "overlapping" if a & b else "disjoint"


def _ordered(catalogue: Catalogue) -> list[Dimension]:
    return sorted(catalogue.dimensions.values(), key=lambda d: (d.order, d.code))


def _moves(
    one: Requirement | None, other: Requirement | None, dimension: Dimension
) -> list[tuple[str, tuple[str, ...]]]:
    """The options the first may use and the second does not permit, with what the second asks instead."""
    if other is None or not other.permits:
        return []
    possible = one.permits if one and one.permits else dimension.options
    asked = (other.prefers,) if other.prefers else other.permits
    return [(option, asked) for option in possible if option not in other.permits]


def _inputs(catalogue: Catalogue, dimension: Dimension) -> tuple[Text, ...]:
    operation = catalogue.operations.get(dimension.operation or "")
    return tuple(one.label for one in operation.inputs) if operation else ()


def _worst(classes: Iterable[Class]) -> Class:
    return max(classes, key=ORDER.index, default="exact")


def _grades(
    universe: Universe, source: Regime, dimension: Dimension, before: str, after: tuple[str, ...]
) -> tuple[Class, Class]:
    """The class of a step with all its inputs, and with a total alone that holds no removals or credits."""
    if dimension.family == "document":
        return "documentary", "documentary"
    if dimension.family == "model":
        return "estimated", "unbridgeable"
    base = _base(universe.catalogue, source)
    alone = [_alone(universe, {**base, dimension.code: before}, dimension.code, to) for to in after]
    return ("bounded" if len(after) > 1 else "exact"), _worst(alone)


def _base(catalogue: Catalogue, regime: Regime) -> dict[str, str]:
    base = {}
    for dimension in catalogue.dimensions.values():
        if dimension.family == "convention":
            asked = regime.requirements.get(dimension.code)
            permitted = asked.permits if asked and asked.permits else dimension.options
            base[dimension.code] = asked.prefers if asked and asked.prefers else permitted[0]
    return base


def _alone(universe: Universe, method: Method, dimension: str, after: str) -> Class:
    before, then = universe.weights(method), universe.weights({**method, dimension: after})
    every = np.ones(len(universe), dtype=bool)
    total = Row("total", "total", (Part(every, before),), Fraction(1), Fraction(1))
    change = (Part(every, then), Part(every, before, Fraction(-1)))
    interval = Program(universe, [total], before.value < 0, [change]).interval(0)
    if interval is None or not interval.finite:
        return "unbridgeable"
    return "exact" if interval.value is not None else "bounded"


def _why(asked: Requirement, after: tuple[str, ...]) -> Text:
    if asked.prefers is not None:
        return both("plan.preferred")
    return both("plan.only") if len(after) == 1 else both("plan.several")


def _not_taken(
    dimension: Dimension, before: str, after: tuple[str, ...], asked: Requirement
) -> tuple[Candidate, ...]:
    found = [Candidate(to=before, why=both("plan.not-permitted"))]
    for option in dimension.options:
        if option == before or option in after:
            continue
        reason = "plan.not-preferred" if option in asked.permits else "plan.not-permitted"
        found.append(Candidate(to=option, why=both(reason)))
    return tuple(found)

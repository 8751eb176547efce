"""What proves the ends of an answer: for every scenario a linear program, its numbers, and multipliers.

Nothing is worked out anew that the answer did not: the same scenarios, programs and bases serve both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from crosswalk.engine.answer import restated, solve_all, stated_anew
from crosswalk.engine.cells import Mask, Universe
from crosswalk.engine.certificate import Certificate
from crosswalk.engine.compiled import Compiled, Solved, Structure, compiled
from crosswalk.engine.held import Data, Ray
from crosswalk.engine.modelled import Modelled, model
from crosswalk.engine.operations import capital_goods
from crosswalk.engine.operations.bounds import NOTHING, Bounds
from crosswalk.engine.operations.situation import Factors
from crosswalk.engine.parts import Part, Parts, vector
from crosswalk.engine.program import Program
from crosswalk.engine.scenarios import Scenario
from crosswalk.errors import RefusedError
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Profile, Regime


@dataclass(frozen=True)
class End:
    """One end of an objective: what proves it, or the cells that can grow for ever where it is open.

    ``empty`` proves that cells nobody knows a factor for hold nothing; without it the end is open.
    """

    proof: Certificate | None
    ray: Ray = ()
    empty: Certificate | None = None


@dataclass(frozen=True)
class Proof:
    """One scenario: its program and numbers, and what proves both ends, or that nothing fits.

    ``objectives`` are those bounded from below and from above. ``delta`` is what model ``operations`` add.
    Without a ``scenario`` the program bounds all of them together.
    """

    scenario: Scenario | None
    program: Program
    data: Data
    objectives: tuple[int, int]
    low: End | None = None
    high: End | None = None
    refutation: Certificate | None = None
    delta: Bounds = NOTHING
    operations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proofs:
    """All scenarios behind the guaranteed interval, and those behind the one under assumptions.

    ``whole`` and ``assumed_whole`` tell whether all scenarios were looked at: not once both ends were open.
    """

    guaranteed: tuple[Proof, ...] = ()
    assumed: tuple[Proof, ...] = ()
    whole: bool = True
    assumed_whole: bool = True


@dataclass(frozen=True)
class Column:
    """Cells that no row and no objective tells apart, with their exact coefficients.

    ``blind`` tells of each objective whether it counts the cells by a factor nobody knows.
    """

    cells: tuple[int, ...]
    rows: dict[int, Fraction]
    objectives: tuple[Fraction, ...]
    blind: tuple[bool, ...]


def proofs(
    footprint: Footprint,
    source: Regime,
    target: Regime,
    universe: Universe,
    profile: Profile | None,
    factors: Factors | None = None,
    *,
    assumed: bool = True,
) -> Proofs:
    """Return what proves the answer to the same question; see ``engine.answer.answer``.

    Without ``assumed`` only the guaranteed interval is looked at.
    """
    footprint = capital_goods.with_line(footprint)
    plain = compiled(Structure.of(footprint, source, target, None), universe)
    if plain.blended:
        return Proofs()
    more = plain if profile is None else compiled(Structure.of(footprint, source, target, profile), universe)
    try:
        solved, whole = solve_all(plain, footprint)
        base, every = (solved, whole) if profile is None else solve_all(more, footprint)
    except RefusedError:
        return _together(plain, more, footprint, factors, assumed)
    guaranteed = tuple(_proof(one.scenario, _asked(plain, one), one.data, (0, 0)) for one in solved)
    if not assumed or all(one.interval is None for one in solved):
        return Proofs(guaranteed, whole=whole)

    def changed(one: Solved) -> Modelled | None:
        fits = one.interval is not None
        return model(more.study, footprint, target, one.scenario, factors) if fits else None

    modelled = [changed(one) for one in base]
    if not every and any(one is not None and one.rows for one in modelled):
        again = _anew(footprint, more, factors)
        if again:
            return Proofs(guaranteed, again, whole)
        base, every = solve_all(more, footprint, hurried=False)
        modelled = [changed(one) for one in base]
    found = []
    for one, changes in zip(base, modelled, strict=True):
        if changes is None or not changes.rows:
            program, data = _asked(more, one), one.data
        else:
            program = restated(one, changes)
            data = program.data
        found.append(_proof(one.scenario, program, data, (0, 0), changes))
    return Proofs(guaranteed, tuple(found), whole, every)


def _asked(compiled: Compiled, one: Solved) -> Program:
    """The program the answer was made with."""
    return one.problem.total if compiled.many else one.problem.detailed


def _together(
    plain: Compiled, more: Compiled, footprint: Footprint, factors: Factors | None, assumed: bool
) -> Proofs:
    """What bounds all open options at once."""

    def bounds(one: Compiled) -> tuple[Proof, ...]:
        return (_proof(None, one.envelope.program, one.envelope.data(footprint), (0, 1)),)

    guaranteed = bounds(plain)
    if not assumed:
        return Proofs(guaranteed)
    return Proofs(guaranteed, _anew(footprint, more, factors) or bounds(more))


def _anew(footprint: Footprint, more: Compiled, factors: Factors | None) -> tuple[Proof, ...]:
    return tuple(
        _proof(scenario, program, program.data, (0, 0), modelled)
        for scenario, modelled, program in stated_anew(footprint, more, factors)
    )


def _proof(
    scenario: Scenario | None,
    program: Program,
    data: Data,
    objectives: tuple[int, int],
    modelled: Modelled | None = None,
) -> Proof:
    """Return what proves both ends of a program, or that nothing fits it."""
    brackets = [program.bracket(objective, data) for objective in objectives]
    below, above = brackets
    if below is None or above is None:
        return Proof(scenario, program, data, objectives, refutation=program.refutation(data))
    low = End(None if below.below is None else below.below.exact, below.low_ray)
    proof = None if above.above is None else above.above.exact
    empty = None
    if above.empty is not None:
        empty = program.emptiness(objectives[1], above.empty)
        if empty.bound(data.exact) > 0:
            proof = empty = None
    return Proof(
        scenario,
        program,
        data,
        objectives,
        low,
        End(proof, above.high_ray, empty),
        delta=NOTHING if modelled is None else modelled.delta,
        operations=() if modelled is None else tuple(sorted(modelled.outcomes)),
    )


def columns(program: Program, objectives: Sequence[int]) -> list[Column]:
    """Return the live cells of a program by what rows and ``objectives`` say of them, in exact numbers.

    Cells are told apart wherever a coefficient differs, not only by a multiple of all of them.
    """
    universe, asked = program.universe, [program.objectives[one] for one in objectives]
    size = len(universe)
    every: list[Parts] = [*(row.parts for row in program.rows), *asked]
    blind = [_blind(parts, size) & ~program.dead for parts in asked]
    values = np.array([vector(parts, size) for parts in every] + [one.astype(float) for one in blind])
    values = values.reshape(len(every) + len(blind), size)
    # The same product of other factors may be another fraction.
    weighed = [part.weights for parts in every for part in parts if isinstance(part, Part)]
    beside = [one.factor for one in weighed if one is not None]
    live = np.flatnonzero(~program.dead & (values != 0).any(axis=0))
    keys = np.vstack([values, *beside])[:, live] + 0.0
    _, group = np.unique(keys.T, axis=0, return_inverse=True)
    nil, cells = Fraction(0), dict[int, list[int]]()
    for cell, one in zip(live.tolist(), group.reshape(-1).tolist(), strict=True):
        cells.setdefault(one, []).append(cell)
    found: dict[tuple[object, ...], Column] = {}
    for several in cells.values():
        first = several[0]
        # What is zero is zero exactly: weights are decimals.
        exact = [
            sum((part.exact(universe, first) for part in parts), nil) if values[place, first] else nil
            for place, parts in enumerate(every)
        ]
        rows = {row: value for row, value in enumerate(exact[: len(program.rows)]) if value}
        wanted = tuple(exact[len(program.rows) :])
        unknown = tuple(bool(one[first]) for one in blind)
        key = (tuple(rows.items()), wanted, unknown)
        known = found.get(key)
        merged = several if known is None else sorted([*known.cells, *several])
        found[key] = Column(tuple(merged), rows, wanted, unknown)
    return sorted(found.values(), key=lambda column: column.cells)


def _blind(parts: Parts, size: int) -> Mask:
    found: Mask = np.zeros(size, dtype=bool)
    for part in parts:
        if part.blind is not None:
            found |= part.mask & part.blind
    return found

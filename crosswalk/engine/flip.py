"""Where the verdict on an asserted value may turn when one input of a file is another.

An input that stands on the right-hand side of rows, as any stated amount does, can be made a variable of
the program: for every way in which the study may have been done, the values of the input for which some
inventory reaches a limit of the tolerance form an interval, and two linear programs give its ends. Between
two neighbouring ends of all such intervals the verdict does not change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from crosswalk.engine.answer import all_estimates, solve_all
from crosswalk.engine.cells import Floats, Universe
from crosswalk.engine.compiled import Compiled, Solved, Structure, compiled
from crosswalk.engine.explain import hull
from crosswalk.engine.kernel import Kernel, Status
from crosswalk.engine.operations import capital_goods
from crosswalk.engine.operations.situation import Factors
from crosswalk.engine.parts import Row, vector
from crosswalk.engine.program import Program
from crosswalk.engine.tolerance import judge
from crosswalk.engine.twins import Side, Way, solution
from crosswalk.engine.wanted import Wanted, ends
from crosswalk.errors import RefusedError
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Profile, Regime
from crosswalk.results.asks import Judged


@dataclass(frozen=True)
class Judge:
    """Judges footprints that differ in one input, without working out why.

    ``assumed`` tells to judge the interval under assumptions: of the ``profile``, and of models.
    """

    source: Regime
    target: Regime
    universe: Universe
    profile: Profile | None
    wanted: Wanted
    assumed: bool
    factors: Factors | None = None

    def verdict(self, footprint: Footprint, wanted: Wanted) -> Judged | None:
        """Return the verdict; ``None`` where the footprint contradicts itself, or is refused.

        ``wanted`` is what is wanted of this footprint: per another unit it is not the same for all.
        """
        footprint = capital_goods.with_line(footprint)
        kind = self._kind(footprint)
        if kind.blended:
            return None
        try:
            solved, whole = solve_all(kind, footprint)
            intervals = [one.interval for one in solved if one.interval is not None]
            low, high = hull(intervals)
            if self.assumed and intervals:
                low, high = ends(all_estimates(footprint, kind, solved, whole, self.factors))
        except RefusedError:
            loose = kind.envelope.interval(footprint)
            intervals = [] if loose is None or self.assumed else [loose]
            low, high = hull(intervals)
        if not intervals:
            return None
        assert wanted.against is not None
        return judge(low, high, wanted.against, wanted.tolerance)

    def _kind(self, footprint: Footprint) -> Compiled:
        profile = self.profile if self.assumed else None
        return compiled(Structure.of(footprint, self.source, self.target, profile), self.universe)

    def _ways(self, footprint: Footprint) -> list[Solved]:
        """Return every way in which a study may have been done."""
        footprint = capital_goods.with_line(footprint)
        return solve_all(self._kind(footprint), footprint, hurried=False)[0]

    def linear(self, footprint: Footprint) -> bool:
        """Whether the interval is a linear program in what is stated: no model adds to it, none is open."""
        if self.assumed and footprint.activity is not None:
            return False
        try:
            ways = self._ways(footprint)
        except RefusedError:
            return False
        return not any(Side(self.universe, one.rows, one.dead, Way.of(one).wanted, {}).blind for one in ways)

    def turns(self, here: Footprint, other: Footprint, by: int, low: int, high: int) -> list[float]:
        """Return where the verdict may turn, in steps from ``here``, between ``low`` and ``high``.

        ``other`` is the same footprint with the input ``by`` steps up; stated amounts alone may differ.
        """
        assert self.wanted.against is not None
        value, tolerance = self.wanted.against, self.wanted.tolerance
        asserted = (value.value - value.half, value.value + value.half, Fraction(0))
        near = (tolerance, tolerance.widest)
        limits = sorted({end for one in asserted for within in near for end in within.around(one)})
        found: set[float] = set()
        for one, next_ in zip(self._ways(here), self._ways(other), strict=True):
            program = Program(self.universe, one.rows, one.dead, [Way.of(one).wanted])
            steps = [_step(a, b) / by for a, b in zip(one.rows, next_.rows, strict=True)]
            line = _Line(program, steps, low, high)
            found.update(line.between(None, None))
            for limit in limits:
                found.update(line.between(float(limit), None))
                found.update(line.between(None, float(limit)))
        return sorted(found)


class _Line:
    """The program of one way with the input as a variable: steps up and steps down, one of them zero."""

    def __init__(self, program: Program, moves: list[Fraction], low: int, high: int) -> None:
        size = len(program.universe)
        rows = np.array([vector(row.parts, size)[program.cells] for row in program.rows])
        rows = rows.reshape(len(program.rows), len(program.cells))
        wanted = vector(program.objectives[0], size)[program.cells]
        steps = np.array([float(move) for move in moves]).reshape(-1, 1)
        stack = np.vstack([np.hstack([rows, -steps, steps]), np.append(wanted, [0.0, 0.0])])
        bounds = np.zeros((1, stack.shape[1]))
        bounds[0, -2:] = 1.0, -1.0
        self._scale = np.abs(np.vstack([stack, bounds])).max(axis=0)
        self._scale[self._scale == 0] = 1.0
        self._matrix = np.vstack([stack, bounds]) / self._scale
        self._low = np.array([-np.inf if row.low is None else float(row.low) for row in program.rows])
        self._high = np.array([np.inf if row.high is None else float(row.high) for row in program.rows])
        self._reach = float(low), float(high)
        self._kernel = Kernel(self._matrix)

    def between(self, at_least: float | None, at_most: float | None) -> list[float]:
        """Return the least and the most steps for which some inventory has such a value; none if none has."""
        low = np.concatenate([self._low, [-np.inf if at_least is None else at_least, self._reach[0]]])
        high = np.concatenate([self._high, [np.inf if at_most is None else at_most, self._reach[1]]])
        return [end for sign in (-1.0, 1.0) for end in self._end(sign, low, high)]

    def _end(self, sign: float, low: Floats, high: Floats) -> Sequence[float]:
        cost = sign * self._matrix[-1]
        found = self._kernel.maximum(cost, low[None, :], high[None, :])
        if found.status[0] != Status.OPTIMAL:
            return ()
        amounts = solution(found.bases[int(found.basis[0])], low, high, cost.size)
        return (float(self._matrix[-1] @ amounts),)


def _step(row: Row, moved: Row) -> Fraction:
    """How far a row has moved: both ends of it alike."""
    if row.low is not None and moved.low is not None:
        return moved.low - row.low
    return moved.high - row.high if row.high is not None and moved.high is not None else Fraction(0)

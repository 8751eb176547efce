"""A typical case: the inventory in the middle of those that fit, and what knowing an item there would do.

The middle is the mean of extreme inventories. Each of them is where a random weighting of all masses is
largest (or, where nothing limits it, where the sizes of the weights, taken off, are): the weights are drawn
with a fixed seed, so that the same file gives the same middle. It fits, since all of them do. It is no
statement about products: nothing is known of which inventory is likely, and every gas counts alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from crosswalk.engine.cells import Floats
from crosswalk.engine.items import Number
from crosswalk.engine.kernel import Kernel, Status
from crosswalk.engine.twins import Side, solution

#: How many extreme inventories the middle is the mean of, and the seed of their weights.
DRAWS, SEED = 32, 20_240_701
#: How far a number may be off its value in the middle, relative to its size: rounding of floats.
_SLACK = 1e-9


class Middle:
    """The middle inventory of one side, and the widths it leaves."""

    def __init__(self, side: Side) -> None:
        """Find the middle of ``side``."""
        rows = [one.values for one in side.stated]
        stack = np.array([*rows, side.wanted.values, *(one.values for one in side.told.values())])
        self._scale = np.abs(stack).max(axis=0, initial=0.0)
        self._scale[self._scale == 0] = 1.0
        self._side = side
        self._matrix = np.array(rows).reshape(-1, self._scale.size) / self._scale
        self._cost = side.wanted.values / self._scale
        ends = side.ends
        self._low = np.array([-np.inf if low is None else float(low) for low, _ in ends])
        self._high = np.array([np.inf if high is None else float(high) for _, high in ends])
        self.amounts = self._find()

    def _find(self) -> Floats | None:
        kernel = Kernel(self._matrix)
        generator = np.random.default_rng(SEED)
        found = []
        for _ in range(DRAWS):
            weights = generator.standard_normal(self._scale.size)
            extreme = self._extreme(kernel, weights)
            if extreme is None:
                extreme = self._extreme(kernel, -np.abs(weights))
            if extreme is None:
                return None
            found.append(extreme)
        middle: Floats = np.mean(found, axis=0)
        return middle

    def _extreme(self, kernel: Kernel, weights: Floats) -> Floats | None:
        found = kernel.maximum(weights, self._low[None, :], self._high[None, :])
        if found.status[0] != Status.OPTIMAL:
            return None
        basis = found.bases[int(found.basis[0])]
        return solution(basis, self._low, self._high, self._scale.size)

    def value(self, number: Number) -> float | None:
        """Return what a number is in the middle, in the unit of its field."""
        told = self._side.told.get(number)
        if told is None or self.amounts is None:
            return None
        return float(told.values / self._scale @ self.amounts)

    def width(self, known: Iterable[Number]) -> float | None:
        """Return the width left if the known numbers are what they are in the middle; ``None``: open."""
        if self.amounts is None or self._side.blind:
            return None
        told = [self._side.told[n].values / self._scale for n in known if n in self._side.told]
        rows = np.array(told).reshape(-1, self._scale.size)
        values = rows @ self.amounts
        slack = _SLACK * np.maximum(np.abs(values), float(np.abs(values).max(initial=0.0)) * 1e-3)
        return self._between(rows, values - slack, values + slack)

    def _between(self, rows: Floats, low: Floats, high: Floats) -> float | None:
        kernel = Kernel(np.vstack([self._matrix, rows]))
        lows, highs = np.concatenate([self._low, low])[None, :], np.concatenate([self._high, high])[None, :]
        found = [kernel.maximum(sign * self._cost, lows, highs) for sign in (1, -1)]
        if any(one.status[0] != Status.OPTIMAL for one in found):
            return None
        size = self._scale.size
        tops = [solution(one.bases[int(one.basis[0])], lows[0], highs[0], size) for one in found]
        return max(0.0, float(self._cost @ (tops[0] - tops[1])))


def closing(side: Side, known: Sequence[Number]) -> tuple[bool, bool]:
    """Whether the lower and the upper end are bounded once the ``known`` numbers are told, whatever they are.

    An end is open where the masses can grow for ever without a stated or known number noticing.
    """
    rows = [one.values for one in side.stated] + [side.told[n].values for n in known if n in side.told]
    stack = np.array([*rows, side.wanted.values])
    scale = np.abs(stack).max(axis=0, initial=0.0)
    live = scale > 0
    stack = stack[:, live] / scale[live]
    ends = [*side.ends, *([(0, 0)] * (len(rows) - len(side.stated)))]
    low = np.array([-np.inf if end is None else 0.0 for end, _ in ends])
    high = np.array([np.inf if end is None else 0.0 for _, end in ends])
    kernel = Kernel(stack[:-1])
    below, above = (
        kernel.maximum(sign * stack[-1], low[None, :], high[None, :]).status[0] == Status.OPTIMAL
        for sign in (-1, 1)
    )
    return bool(below), bool(above) and not side.blind

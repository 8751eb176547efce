"""Certificates: a bound is believed only when its dual multipliers are checked in exact arithmetic.

For the maximum of ``w @ x`` over ``lo <= A x <= hi``, ``x >= 0``, multipliers ``y`` with
``A.T @ y >= w`` in every column prove ``w @ x <= sum(y+ * hi) - sum(y- * lo)`` for every inventory
that fits, whatever a solver's tolerances were (weak duality).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TypeAlias

import numpy as np

from crosswalk.engine.cells import Floats
from crosswalk.engine.solver import Ints

#: Exact entry of the constraint matrix, and exact objective of a column.
Entry = Callable[[int, int], Fraction]
Cost = Callable[[int], Fraction]


#: Both ends of a row; ``None`` is open.
End: TypeAlias = Fraction | None


@dataclass(frozen=True)
class Ends:
    """Both ends of every row as whole numbers over one denominator, so that sums of them are quick.

    >>> Ends.of([(Fraction(1, 2), None)]).high
    (None,)
    """

    low: tuple[int | None, ...]
    high: tuple[int | None, ...]
    denominator: int

    @classmethod
    def of(cls, ends: Sequence[tuple[End, End]]) -> Ends:
        """Return the ends of all rows."""
        over = lcm(*(end.denominator for pair in ends for end in pair if end is not None))
        low, high = (
            tuple(
                None if end is None else end.numerator * (over // end.denominator)
                for end in (pair[side] for pair in ends)
            )
            for side in (0, 1)
        )
        return cls(low, high, over)


@dataclass(frozen=True)
class Certificate:
    """Multipliers, one a row, that are proven to bound one objective from above.

    >>> Certificate((Fraction(1, 2), Fraction(0))).bound(Ends.of([(None, Fraction(3)), (None, None)]))
    Fraction(3, 2)
    """

    multipliers: tuple[Fraction, ...]

    @cached_property
    def _whole(self) -> tuple[tuple[tuple[int, int], ...], int]:
        """The multipliers that are not zero, by row, as whole numbers over one denominator."""
        over = lcm(*(value.denominator for value in self.multipliers))
        terms = ((row, value) for row, value in enumerate(self.multipliers) if value)
        return tuple((row, value.numerator * (over // value.denominator)) for row, value in terms), over

    def bound(self, ends: Ends) -> Fraction:
        """Return the upper bound. Raises ``ArithmeticError`` where it leans on an open end."""
        terms, over = self._whole
        found = 0
        for row, weight in terms:
            end = ends.high[row] if weight > 0 else ends.low[row]
            if end is None:
                raise ArithmeticError("a certificate leans on an open end")
            found += weight * end
        return Fraction(found, over * ends.denominator)

    def centre(self, ends: Ends) -> Fraction:
        """Return the same combination of the middles of the rows, none of which may be open."""
        terms, over = self._whole
        found = 0
        for row, weight in terms:
            low, high = ends.low[row], ends.high[row]
            assert low is not None
            assert high is not None
            found += weight * (low + high)
        return Fraction(found, 2 * over * ends.denominator)


def certify(
    rows: Ints, columns: Ints, matrix: Floats, objective: Floats, entry: Entry, cost: Cost
) -> Certificate:
    """Return the certificate of a basis (``rows`` binding, ``columns`` basic) after checking all columns.

    Columns that hold by more than the rounding error of the check in floats are accepted as they are;
    the others are checked in fractions. Raises ``ArithmeticError`` if one fails: the bound would be unproven.
    """
    binding, basic = rows.tolist(), columns.tolist()
    # What is zero is zero exactly: weights are decimals.
    holds = (matrix[np.ix_(binding, basic)] != 0).T.tolist()
    zero = Fraction(0)
    system = [
        [entry(row, column) if held else zero for row, held in zip(binding, holding, strict=True)]
        for column, holding in zip(basic, holds, strict=True)
    ]
    solved = solve(system, [cost(column) for column in basic])
    exact = [Fraction(0)] * matrix.shape[0]
    for row, multiplier in zip(binding, solved, strict=True):
        exact[row] = multiplier
    approximate = np.array([float(value) for value in exact])
    slack = matrix.T @ approximate - objective
    size = np.abs(matrix).T @ np.abs(approximate) + np.abs(objective)
    unsure = np.flatnonzero((slack <= size * (matrix.shape[0] + 8) * 2.0**-50) & (size > 0))
    leaning = [row for row in binding if exact[row] != 0]
    for column in unsure.tolist():
        held = [row for row in leaning if matrix[row, column] != 0]
        reached = sum((exact[row] * entry(row, column) for row in held), Fraction(0))
        if reached < cost(column):
            raise ArithmeticError("a dual certificate failed its exact check")
    return Certificate(tuple(exact))


def solve(system: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction]:
    """Solve a square system exactly by elimination; raises ``ArithmeticError`` if it is singular.

    The sparsest equation comes next, for the unknown that fewest others hold: the systems of bases are
    sparse, and fractions grow with every equation they are added to.

    >>> solve([[Fraction(2), Fraction(1)], [Fraction(0), Fraction(3)]], [Fraction(5), Fraction(3)])
    [Fraction(2, 1), Fraction(1, 1)]
    """
    left = {index: {j: value for j, value in enumerate(row) if value} for index, row in enumerate(system)}
    values = dict(enumerate(right))
    holding: list[set[int]] = [set() for _ in right]
    for index, row in left.items():
        for unknown in row:
            holding[unknown].add(index)
    solved: list[tuple[int, dict[int, Fraction], Fraction]] = []
    while left:
        index = min(left, key=lambda one: (len(left[one]), one))
        row, value = left.pop(index), values.pop(index)
        if not row:
            raise ArithmeticError("singular system")
        pivot = min(row, key=lambda unknown: (len(holding[unknown]), unknown))
        for unknown in row:
            holding[unknown].discard(index)
        head = row.pop(pivot)
        row = {unknown: factor / head for unknown, factor in row.items()}
        value /= head
        for other in sorted(holding[pivot]):
            share = left[other].pop(pivot)
            values[other] -= share * value
            for unknown, factor in row.items():
                changed = left[other].get(unknown, Fraction(0)) - share * factor
                if changed:
                    left[other][unknown] = changed
                    holding[unknown].add(other)
                else:
                    left[other].pop(unknown, None)
                    holding[unknown].discard(other)
        holding[pivot] = set()
        solved.append((pivot, row, value))
    found = [Fraction(0)] * len(right)
    for pivot, row, value in reversed(solved):
        found[pivot] = value - sum((factor * found[unknown] for unknown, factor in row.items()), Fraction(0))
    return found

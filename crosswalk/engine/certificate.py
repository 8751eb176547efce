"""Certificates: a bound is believed only when its dual multipliers are checked in exact arithmetic.

For the maximum of ``w @ x`` over ``lo <= A x <= hi``, ``x >= 0``, multipliers ``y`` with
``A.T @ y >= w`` in every column prove ``w @ x <= sum(y+ * hi) - sum(y- * lo)`` for every inventory
that fits, whatever a solver's tolerances were (weak duality).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from crosswalk.engine.cells import Floats
from crosswalk.engine.kernel import Basis

#: Exact entry of the constraint matrix, and exact objective of a column.
Entry = Callable[[int, int], Fraction]
Cost = Callable[[int], Fraction]


def certify(
    basis: Basis, matrix: Floats, objective: Floats, entry: Entry, cost: Cost
) -> tuple[Fraction, ...]:
    """Return the exact multipliers of ``basis``, one per row of ``matrix``, after checking all columns.

    Columns that hold by more than the rounding error of the check in floats are accepted as they are;
    the others are checked in fractions. Raises ``ArithmeticError`` if one fails: the bound would be unproven.
    """
    rows, columns = basis.rows.tolist(), basis.columns.tolist()
    system = [[entry(row, column) for row in rows] for column in columns]
    solved = solve(system, [cost(column) for column in columns])
    exact = [Fraction(0)] * matrix.shape[0]
    for row, multiplier in zip(rows, solved, strict=True):
        exact[row] = multiplier
    approximate = np.array([float(value) for value in exact])
    slack = matrix.T @ approximate - objective
    size = np.abs(matrix).T @ np.abs(approximate) + np.abs(objective)
    # A column that is zero throughout is zero exactly: weights are decimals.
    unsure = np.flatnonzero((slack <= size * (matrix.shape[0] + 8) * 2.0**-50) & (size > 0))
    leaning = [row for row in rows if exact[row] != 0]
    for column in unsure.tolist():
        reached = sum((exact[row] * entry(row, column) for row in leaning), Fraction(0))
        if reached < cost(column):
            raise ArithmeticError("a dual certificate failed its exact check")
    return tuple(exact)


def bound(
    multipliers: Sequence[Fraction], lo: Sequence[Fraction | None], hi: Sequence[Fraction | None]
) -> Fraction:
    """Return the upper bound the multipliers prove; ``None`` is an open end of a row."""
    total = Fraction(0)
    for multiplier, low, high in zip(multipliers, lo, hi, strict=True):
        if multiplier == 0:
            continue
        end = high if multiplier > 0 else low
        if end is None:
            raise ArithmeticError("a certificate leans on an open end")
        total += multiplier * end
    return total


def solve(system: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction]:
    """Solve a square system exactly by elimination; raises ``ArithmeticError`` if it is singular.

    >>> solve([[Fraction(2), Fraction(1)], [Fraction(0), Fraction(3)]], [Fraction(5), Fraction(3)])
    [Fraction(2, 1), Fraction(1, 1)]
    """
    size = len(right)
    table = [[*row, value] for row, value in zip(system, right, strict=True)]
    for step in range(size):
        pivot = next((row for row in range(step, size) if table[row][step] != 0), None)
        if pivot is None:
            raise ArithmeticError("singular system")
        table[step], table[pivot] = table[pivot], table[step]
        head = table[step][step]
        table[step] = [value / head for value in table[step]]
        for row in range(size):
            share = table[row][step]
            if row != step and share != 0:
                table[row] = [a - share * b for a, b in zip(table[row], table[step], strict=True)]
    return [row[size] for row in table]

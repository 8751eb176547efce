"""Linear programs solved by others, to hold the kernel against: SciPy in floats, and a tableau in fractions.

Both find ``max objective @ x`` over ``low <= matrix @ x <= high``, ``x >= 0``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

from crosswalk.engine.cells import Floats
from crosswalk.engine.kernel import Status

Table = list[list[Fraction]]


class Found(NamedTuple):
    """A maximum, and ``gross``, the size of the terms that add up to it."""

    status: Status
    value: float = 0.0
    gross: float = 0.0

    def same(self, status: int, value: float, noise: float = 1e-12) -> bool:
        """Whether another solver found the same to 1e-9 of what was added up; ``noise`` is that of zero."""
        if self.status != Status.OPTIMAL:
            return status == self.status
        return status == self.status and abs(value - self.value) <= 1e-9 * self.gross + noise


def by_scipy(matrix: Floats, objective: Floats, low: Floats, high: Floats) -> Found:
    """One linear program; infeasible and unbounded are told apart by a second one without an objective.

    Data are given in units of their largest number, as the tolerances of the solver have no unit.
    """
    right = np.concatenate([high, -low])
    finite = np.isfinite(right)
    unit = float(np.abs(right[finite]).max(initial=0.0)) or 1.0
    upper, ends = np.vstack([matrix, -matrix])[finite], right[finite] / unit

    def run(cost: Floats):
        return linprog(-cost, A_ub=upper, b_ub=ends, bounds=(0, None), method="highs")

    found = run(objective)
    if found.status == 0:
        return Found(
            Status.OPTIMAL, -float(found.fun) * unit, float(np.abs(objective) @ np.abs(found.x)) * unit
        )
    fits = run(np.zeros_like(objective)).status == 0
    return Found(Status.UNBOUNDED if fits else Status.INFEASIBLE)


def by_fractions(matrix: Floats, objective: Floats, low: Floats, high: Floats) -> Found:
    """The same in exact arithmetic, every float taken as the fraction it is."""
    ends = [
        [Fraction(end) if np.isfinite(end) else None for end in side]
        for side in (low.tolist(), high.tolist())
    ]
    status, terms = exactly(
        [[Fraction(value) for value in row] for row in matrix.tolist()],
        [Fraction(value) for value in objective.tolist()],
        *ends,
    )
    return Found(status, float(sum(terms)), float(sum(map(abs, terms))))


def exactly(
    matrix: Table, objective: list[Fraction], low: Sequence[Fraction | None], high: Sequence[Fraction | None]
) -> tuple[Status, list[Fraction]]:
    """Return the terms that add up to the maximum: two phases, Bland's rule; ``None`` is an open end."""
    rows: Table = []
    right: list[Fraction] = []
    for row, floor, ceiling in zip(matrix, low, high, strict=True):
        for end, sign in ((ceiling, 1), (floor, -1)):
            if end is not None:
                rows.append([sign * value for value in row])
                right.append(sign * end)
    size, columns = len(rows), len(objective)
    real = columns + size
    # One slack a row; a row with a negative right side is turned round and gets an artificial column.
    turned = [index for index in range(size) if right[index] < 0]
    table: Table = []
    for index in range(size):
        line = [*rows[index], *(Fraction(int(index == other)) for other in range(size)), right[index]]
        if index in turned:
            line = [-value for value in line]
        table.append([*line[:-1], *(Fraction(int(index == other)) for other in turned), line[-1]])
    basis = [real + turned.index(index) if index in turned else columns + index for index in range(size)]
    _maximise(table, basis, [Fraction(-int(column >= real)) for column in range(real + len(turned))])
    if any(column >= real and line[-1] > 0 for column, line in zip(basis, table, strict=True)):
        return Status.INFEASIBLE, []
    for index, column in enumerate(basis):
        entering = next((other for other in range(real) if table[index][other] != 0), None)
        if column >= real and entering is not None:
            _turn(table, basis, index, entering)
    # A row that is still artificial says nothing that the others do not say.
    kept = [index for index, column in enumerate(basis) if column < real]
    table = [[*table[index][:real], table[index][-1]] for index in kept]
    basis = [basis[index] for index in kept]
    cost = [*objective, *([Fraction(0)] * size)]
    if not _maximise(table, basis, cost):
        return Status.UNBOUNDED, []
    return Status.OPTIMAL, [cost[column] * line[-1] for column, line in zip(basis, table, strict=True)]


def _maximise(table: Table, basis: list[int], cost: list[Fraction]) -> bool:
    """Go from a feasible table to the best one, in place; false if there is no maximum."""
    while True:
        worth = [cost[column] for column in basis]
        gains = (
            column
            for column in range(len(cost))
            if cost[column] > sum(w * line[column] for w, line in zip(worth, table, strict=True) if w)
        )
        entering = next(gains, None)
        if entering is None:
            return True
        ratios = [
            (line[-1] / line[entering], basis[index], index)
            for index, line in enumerate(table)
            if line[entering] > 0
        ]
        if not ratios:
            return False
        _turn(table, basis, min(ratios)[2], entering)


def _turn(table: Table, basis: list[int], leaving: int, entering: int) -> None:
    head = table[leaving][entering]
    table[leaving] = [value / head for value in table[leaving]]
    for index, line in enumerate(table):
        share = line[entering]
        if index != leaving and share != 0:
            table[index] = [a - share * b for a, b in zip(line, table[leaving], strict=True)]
    basis[leaving] = entering

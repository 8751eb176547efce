"""How far apart two inventories can be that fit the same file and agree on what is known besides.

That distance is the widest the answer can still be once the known numbers are told, whatever they turn
out to be: if a study done in one of its possible ways can give the value ``u`` and one done in another
``v``, and both would report the same numbers, then no report of these numbers tells ``u`` from ``v``.
It is a linear program of twice the size, and its bound is certified like any other. Masses that both
report alike, gas by gas, are one column of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crosswalk.engine.cells import Floats, Mask, Universe
from crosswalk.engine.certificate import Ends, certify
from crosswalk.engine.compiled import Solved
from crosswalk.engine.items import Number, numbers
from crosswalk.engine.kernel import Basis, Kernel, Status
from crosswalk.engine.modelled import Modelled
from crosswalk.engine.operations.bounds import NOTHING, Bounds
from crosswalk.engine.parts import Part, Parts, Row, vector
from crosswalk.engine.program import Interval, Program
from crosswalk.engine.scenarios import Scenario
from crosswalk.knowledge.catalogue import Field


@dataclass(frozen=True)
class Way:
    """One way in which a study may have been done: its rows, its empty cells, the value ``wanted``.

    ``interval`` is what that value can be, ``modelled`` what models add to it.
    """

    scenario: Scenario
    rows: Sequence[Row]
    dead: Mask
    wanted: Parts
    interval: Interval | None = None
    modelled: Modelled = field(default_factory=lambda: Modelled({}))

    @classmethod
    def of(cls, solved: Solved) -> Way:
        """Return a scenario that was solved."""
        scenario = solved.scenario
        total = solved.problem.study.total(scenario.source, scenario.target)
        return cls(scenario, solved.rows, solved.dead, total, solved.interval)


class Sum(NamedTuple):
    """A weighted sum of cells: exactly, and in floats on the columns of its side."""

    parts: Parts
    values: Floats


#: Relative to what was added, what is less than this is the rounding of floats.
_NOISE = 1e-13


@dataclass(frozen=True)
class Side:
    """One way in which a study may have been done, and what it would then report.

    ``total`` is the value wanted, ``shift`` what models add to it, ``numbers`` what could be asked for.
    ``blind`` tells that some cell may hold a gas the target counts by a factor nobody knows.
    """

    universe: Universe
    rows: Sequence[Row]
    dead: Mask
    total: Parts
    numbers: Mapping[Number, Parts]
    shift: Bounds = NOTHING
    cells: list[int] = field(init=False)
    stated: list[Sum] = field(init=False)
    wanted: Sum = field(init=False)
    told: dict[Number, Sum] = field(init=False)
    blind: bool = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.universe)
        blind = np.zeros(size, dtype=bool)
        for part in self.total:
            if part.blind is not None:
                blind |= part.mask & part.blind
        wanted: list[Parts] = [self.total, (Part(blind),), *self._told_apart()]
        program = Program(self.universe, self.rows, self.dead, wanted)
        cells = program.cells

        def summed(parts: Parts) -> Sum:
            alone = parts[0] if len(parts) == 1 else None
            if isinstance(alone, Part) and alone.weights is None:
                return Sum(parts, np.where(alone.mask[cells], float(alone.coefficient), 0.0))
            return Sum(parts, vector(parts, size)[cells])

        told = {number: summed(parts) for number, parts in self.numbers.items()}
        made = {
            "cells": cells,
            "stated": [summed(row.parts) for row in self.rows],
            "wanted": summed(self.total),
            "told": {number: one for number, one in told.items() if one.values.any()},
            "blind": _may_be(program, 1),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def _told_apart(self) -> list[Parts]:
        """Return a few sums that tell apart whatever the numbers tell apart.

        Masses of single gases are many: one sum an item says which cells it covers, and two sums, of the
        gases' own integers and of their squares, tell the gases apart (no column is a multiple of another
        in both).
        """
        sums: list[Parts] = []
        covered: dict[str, Mask] = {}
        gases: dict[tuple[str, str], Mask] = {}
        for (item, gas, origin), parts in self.numbers.items():
            if not gas:
                sums.append(parts)
                continue
            for part in parts:
                covered[item] = covered.get(item, False) | part.mask
                gases[gas, origin] = gases.get((gas, origin), False) | part.mask
        sums += [(Part(mask),) for mask in covered.values()]
        named = list(enumerate(gases.values(), start=2))
        for power in (1, 2):
            sums.append(tuple(Part(mask, None, Fraction(number**power)) for number, mask in named))
        return sums

    def columns(self, known: Sequence[Number]) -> list[int]:
        """Return one column for all that neither a row, the total nor a known number tells apart."""
        sums = [*self.stated, self.wanted, *(self.told[number] for number in known if number in self.told)]
        stack = np.array([one.values for one in sums])
        scale = np.abs(stack).max(axis=0, initial=0.0)
        live = np.flatnonzero(scale > 0)
        shape = np.round(stack[:, live] / scale[live], 13) + 0.0
        first = np.unique(shape.T, axis=0, return_index=True)[1]
        return sorted(live[first].tolist())

    @property
    def ends(self) -> list[tuple[Fraction | None, Fraction | None]]:
        """Both ends of every row."""
        return [(row.low, row.high) for row in self.rows]

    def entry(self, parts: Parts, column: int | None) -> Fraction:
        """Return a sum on one column, exactly; nothing where the column is not of this side."""
        if column is None:
            return Fraction(0)
        cell = self.cells[column]
        return sum((part.exact(self.universe, cell) for part in parts), Fraction(0))


def _may_be(program: Program, objective: int) -> bool:
    """Whether some inventory that fits holds anything of an objective that is nothing or more."""
    cost = program.costs[objective]
    if not cost.any():
        return False
    found = program.kernel.maximum(cost, program.low[None, :], program.high[None, :])
    if found.status[0] != Status.OPTIMAL:
        return bool(found.status[0] == Status.UNBOUNDED)
    basis = found.bases[int(found.basis[0])]
    return bool(cost @ solution(basis, program.low, program.high, cost.size) > 0)


def side(universe: Universe, one: Way, asked: Sequence[Field]) -> Side:
    """Return one way with the numbers that could be asked for."""
    told: dict[Number, Parts] = {}
    for item in asked:
        told |= numbers(universe, item, one.scenario.source, ~one.dead)
    return Side(universe, one.rows, one.dead, one.wanted, told, one.modelled.delta)


class Apart(NamedTuple):
    """The largest distance: ``fits`` is false where no two such inventories are; ``None`` is no bound.

    ``witness`` are two inventories so far apart (or how they grow apart for ever), on the columns of the
    two sides: whatever they agree on does not bring them nearer.
    """

    fits: bool
    most: Fraction | None
    witness: tuple[Floats, Floats] | None = None


class _Line(NamedTuple):
    """A row of the program: sums on either side, ``slack`` times a free number, and its ends."""

    first: Sum | None
    second: Sum | None
    times: tuple[Fraction, Fraction]
    slack: int
    low: Fraction | None
    high: Fraction | None


@dataclass
class Twins:
    """Inventories of ``first`` and of ``second`` that agree on the ``known`` numbers.

    Distances are worked out in floats, which will do for a search; with ``proven`` their bound is certified
    in exact arithmetic, which is what may be told.
    """

    first: Side
    second: Side
    known: Sequence[Number]

    def __post_init__(self) -> None:
        one, two = self.first, self.second
        self._found: dict[tuple[object, bool], Apart] = {}
        self._here = one.columns(self.known)
        self._there = self._here if two is one else two.columns(self.known)
        self._columns, merged = self._merge()
        zero = Fraction(0)
        plain = (Fraction(1), Fraction(1))
        self._lines = [
            _Line(row, None, plain, 0, *ends) for row, ends in zip(one.stated, one.ends, strict=True)
        ]
        self._lines += [
            _Line(None, row, plain, 0, *ends) for row, ends in zip(two.stated, two.ends, strict=True)
        ]
        opposed = (Fraction(1), Fraction(-1))
        for number in self.known:
            here, there = one.told.get(number), two.told.get(number)
            if number not in merged and (here is not None or there is not None):
                self._lines.append(_Line(here, there, opposed, 0, zero, zero))

    def _merge(self) -> tuple[list[tuple[int | None, int | None]], set[Number]]:
        """Pair the columns that known numbers make equal; the others stand alone."""
        partner: dict[int, int] = {}
        taken: set[int] = set()
        merged: set[Number] = set()
        for number in self.known:
            here = self._alone(self.first, self._here, number)
            there = self._alone(self.second, self._there, number)
            if here is None or there is None or here in partner or there in taken:
                continue
            partner[here] = there
            taken.add(there)
            merged.add(number)
        columns: list[tuple[int | None, int | None]] = [
            (column, partner.get(column)) for column in self._here
        ]
        columns += [(None, column) for column in self._there if column not in taken]
        return columns, merged

    def _alone(self, side: Side, columns: list[int], number: Number) -> int | None:
        """The column a known mass is, if it is one column and counts once."""
        told = side.told.get(number)
        if told is None:
            return None
        held = [column for column in columns if told.values[column]]
        return held[0] if len(held) == 1 and side.entry(told.parts, held[0]) == 1 else None

    def width(self, *, proven: bool = False) -> Apart:
        """Return how far the value of ``first`` can lie above that of ``second``."""
        found = self._once(None, proven)
        over = self.first.shift - self.second.shift
        if not found.fits:
            return found
        if over.high is None or self.first.blind or self.second.blind:
            return Apart(True, None)
        return found if found.most is None else found._replace(most=found.most + over.high)

    def beyond(self, share: Fraction, *, proven: bool = False) -> Apart:
        """Return by how much the distance passes ``share`` of the midpoint, at worst.

        Nothing or less means that it never does. The midpoint ``m`` of two values ``u >= v`` may have
        either sign: ``u - v > share * |m|`` means that both ``u - v - share * m`` and
        ``u - v + share * m`` are above 0, so that the smaller of the two is to be as large as can be.
        """
        if self.first.blind or self.second.blind:
            return Apart(True, None)
        return self._once(share, proven)

    def _once(self, share: Fraction | None, proven: bool) -> Apart:
        key = (share, proven)
        if key not in self._found:
            self._found[key] = self._width(proven) if share is None else self._beyond(share, proven)
        return self._found[key]

    def _width(self, proven: bool) -> Apart:
        return self._most(self._lines, ((Fraction(1), Fraction(-1)), 0), proven)

    def _beyond(self, share: Fraction, proven: bool) -> Apart:
        high, low = self.first.shift.high, self.second.shift.low
        if high is None or low is None:
            return Apart(True, None)
        lines = list(self._lines)
        for sign in (1, -1):
            times = (1 - sign * share / 2, -(1 + sign * share / 2))
            constant = times[0] * high + times[1] * low
            lines.append(_Line(self.first.wanted, self.second.wanted, times, -1, -constant, None))
        return self._most(lines, ((Fraction(0), Fraction(0)), 1), proven)

    def loose(self) -> tuple[Floats, Floats] | None:
        """Return how two inventories can part with all numbers kept, rounding aside; ``None`` if not.

        Where they cannot, the value follows from the numbers but for their rounding, and is the same for
        both sides.
        """
        lines = [line for line in self._lines if line.low is not None and line.high is not None]
        rows = self._floats(lines)[:, :-2]
        cost = self._floats([self._aim((Fraction(1), Fraction(-1)))])[0, :-2]
        scale = np.abs(np.vstack([rows, cost])).max(axis=0, initial=0.0)
        live = np.flatnonzero(scale > 0)
        rows, cost = rows[:, live] / scale[live], cost[live] / scale[live]
        multipliers, apart = _project(rows, cost)
        if np.abs(apart).max(initial=0.0) > 1e-9:
            return self._sides(apart / scale[live], live)
        middle = np.array([float((one.low or 0) + (one.high or 0)) / 2 for one in lines])
        size = max(1.0, float(np.abs(multipliers) @ np.abs(middle)))
        if abs(float(multipliers @ middle) + self._shifted()) > 1e-9 * size:
            return np.zeros(len(self.first.cells)), np.zeros(len(self.second.cells))
        return None

    def _shifted(self) -> float:
        over = self.first.shift - self.second.shift
        if over.low is None or over.high is None:
            return float("inf")
        return float((over.low + over.high) / 2)

    def _aim(self, times: tuple[Fraction, Fraction]) -> _Line:
        return _Line(self.first.wanted, self.second.wanted, times, 0, None, None)

    def _floats(self, lines: Sequence[_Line]) -> Floats:
        """Return rows on all columns, and on the two parts of the free number at the end."""
        here = np.array([-1 if one is None else one for one, _ in self._columns], dtype=np.int64)
        there = np.array([-1 if two is None else two for _, two in self._columns], dtype=np.int64)
        built = np.zeros((len(lines), len(self._columns) + 2))
        for index, line in enumerate(lines):
            for one, columns, times in (
                (line.first, here, line.times[0]),
                (line.second, there, line.times[1]),
            ):
                if one is not None:
                    added = float(times) * np.append(one.values, 0.0)[columns]
                    total = built[index, :-2] + added
                    # Weights are decimals of few digits: what is left of two equal ones is no weight.
                    total[np.abs(total) <= _NOISE * np.abs(added)] = 0.0
                    built[index, :-2] = total
            built[index, -2:] = line.slack, -line.slack
        return built

    def _most(
        self, lines: Sequence[_Line], aim: tuple[tuple[Fraction, Fraction], int], proven: bool
    ) -> Apart:
        """Maximise an aim over the lines."""
        times, slack = aim
        goal = self._aim(times)._replace(slack=slack)
        unscaled = self._floats([*lines, goal])
        used = np.flatnonzero(np.abs(unscaled).max(axis=0, initial=0.0) > 0)
        unscaled = unscaled[:, used]
        scale = np.abs(unscaled).max(axis=0, initial=0.0)
        matrix, cost = unscaled[:-1] / scale, unscaled[-1] / scale
        low = np.array([-np.inf if line.low is None else float(line.low) for line in lines])
        high = np.array([np.inf if line.high is None else float(line.high) for line in lines])
        kernel = Kernel(matrix)
        found = kernel.maximum(cost, low[None, :], high[None, :])
        if found.status[0] == Status.INFEASIBLE:
            return Apart(False, None)
        if found.status[0] == Status.UNBOUNDED:
            # A direction may be known before it is known whether any two inventories fit at all.
            point = kernel.maximum(np.zeros(used.size), low[None, :], high[None, :])
            if point.status[0] != Status.OPTIMAL:
                return Apart(False, None)
            return Apart(True, None, self._sides(found.rays[0] / scale, used))
        basis = found.bases[int(found.basis[0])]
        amounts = solution(basis, low, high, used.size)
        witness = self._sides(amounts / scale, used)
        if not proven:
            return Apart(True, Fraction(float(cost @ amounts)), witness)
        certificate = certify(
            basis.rows,
            basis.columns,
            unscaled[:-1],
            unscaled[-1],
            lambda row, column: self._entry(lines[row], int(used[column])),
            lambda column: self._entry(goal, int(used[column])),
        )
        most = certificate.bound(Ends.of([(line.low, line.high) for line in lines]))
        return Apart(True, most, witness)

    def _sides(self, amounts: Floats, used: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return amounts on the used columns as an inventory of either side."""
        first, second = np.zeros(len(self.first.cells)), np.zeros(len(self.second.cells))
        for amount, column in zip(amounts.tolist(), used.tolist(), strict=True):
            here, there = self._columns[column] if column < len(self._columns) else (None, None)
            if here is not None:
                first[here] = amount
            if there is not None:
                second[there] = amount
        return first, second

    def _entry(self, line: _Line, column: int) -> Fraction:
        if column >= len(self._columns):
            return Fraction(line.slack if column == len(self._columns) else -line.slack)
        here, there = self._columns[column]
        total = Fraction(0)
        if line.first is not None:
            total += line.times[0] * self.first.entry(line.first.parts, here)
        if line.second is not None:
            total += line.times[1] * self.second.entry(line.second.parts, there)
        return total


def solution(basis: Basis, low: Floats, high: Floats, columns: int) -> Floats:
    """Return the amounts at which a basis takes its value.

    A row that holds nothing up has a multiplier that is nothing but the rounding of floats: the end it
    sits at is the one the solver says.
    """
    size = float(np.abs(basis.multipliers).max(initial=0.0))
    sure = np.where(np.abs(basis.multipliers) > _NOISE * 100 * size, basis.multipliers, 0.0)
    at_top = (sure > 0) | ((sure == 0) & basis.upper)
    ends = np.where(at_top, high[basis.rows], low[basis.rows])
    ends = np.where(np.isfinite(ends), ends, np.where(at_top, low[basis.rows], high[basis.rows]))
    amounts = np.zeros(columns)
    amounts[basis.columns] = basis.inverse @ ends
    return np.maximum(amounts, 0.0)


def _project(rows: Floats, cost: Floats) -> tuple[Floats, Floats]:
    """Return the combination of rows nearest to ``cost``, and what is left of it."""
    multipliers, left = np.zeros(len(rows)), cost
    norms = np.linalg.norm(rows, axis=1)
    norms[norms == 0] = 1.0
    unit = rows / norms[:, None]
    # Twice, since the products of rows lose half the digits, which the second time brings back.
    for _ in range(2 if len(rows) else 0):
        step = np.linalg.lstsq(unit @ unit.T, unit @ left, rcond=1e-12)[0]
        multipliers = multipliers + step / norms
        left = cost - rows.T @ multipliers
    return multipliers, left

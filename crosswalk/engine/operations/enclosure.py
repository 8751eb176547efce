"""The range of a formula over a box of rounded inputs, from its slopes.

An input may stand several times in a formula (the same amounts in two shares), and the ends of its range
need not lie at ends of the inputs. Each formula is worked out once on intervals together with the slope
in every input (forward differentiation in interval arithmetic; R. E. Moore, Methods and Applications of
Interval Analysis, 1979). An input in which the slope has one sign throughout the box is set to an end;
where none is left, the end of the range is exact. Otherwise the box is split.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import TypeAlias

from crosswalk.engine.operations.bounds import NOTHING, Bounds

#: How many boxes one end of a range is looked for in.
_BOXES = 64
#: Bits an end inside a formula is kept to, outwards, once it has grown to twice as many.
_BITS = 64
_ONE = Bounds.point(1)

Box: TypeAlias = dict[str, Bounds]


@dataclass(frozen=True, eq=False)
class Slope:
    """What a formula can be worth over a box, and its slope in each input by name (none given: zero)."""

    value: Bounds
    slopes: Mapping[str, Bounds] = field(default_factory=dict)

    def __add__(self, other: Slope) -> Slope:
        return Slope(_short(self.value + other.value), _merged(self, _ONE, other, _ONE))

    def __sub__(self, other: Slope) -> Slope:
        return self + -other

    def __neg__(self) -> Slope:
        return Slope(-self.value, {name: -slope for name, slope in self.slopes.items()})

    def __mul__(self, other: Slope) -> Slope:
        return Slope(_short(self.value * other.value), _merged(self, other.value, other, self.value))

    def __truediv__(self, other: Slope) -> Slope:
        """Divide; a divisor that may be zero leaves nothing known."""
        value = _short(self.value / other.value)
        inverse = _short(_ONE / other.value)
        return Slope(value, _merged(self, inverse, other, -value * inverse))


Formula: TypeAlias = Callable[[Mapping[str, Slope]], Slope]


def number(value: Fraction | int) -> Slope:
    """Return a constant of a formula."""
    return Slope(Bounds.point(value))


def enclose(formula: Formula, box: Mapping[str, Bounds], affine: Collection[str] = ()) -> tuple[Bounds, bool]:
    """Return what ``formula`` can be worth over ``box``, and whether both ends are reached.

    In the inputs named ``affine`` the formula is linear as long as all others stand still: there it is
    enough to look at the two ends. An end that is open stays open.

    >>> x = {"x": Bounds(Fraction(1), Fraction(2))}
    >>> enclose(lambda v: v["x"] - v["x"] * v["x"], x)[0].ends
    (Fraction(-2, 1), Fraction(0, 1))
    """
    high, reached = _highest(formula, dict(box), affine)
    low, met = _highest(lambda inputs: -formula(inputs), dict(box), affine)
    return Bounds(None if low is None else -low, high), reached and met


def matters(formula: Formula, box: Mapping[str, Bounds]) -> frozenset[str]:
    """Return the inputs of a box on which ``formula`` may hang.

    >>> box = {"x": Bounds(None, None), "y": Bounds(None, None)}
    >>> matters(lambda v: v["x"] * number(2) + v["y"] * number(0), box)
    frozenset({'x'})
    """
    found = formula({name: _variable(name, bounds) for name, bounds in box.items()})
    return frozenset(name for name, slope in found.slopes.items() if slope != NOTHING)


def _highest(formula: Formula, box: Box, affine: Collection[str]) -> tuple[Fraction | None, bool]:
    """Return an upper end of a formula and whether it is reached, best box first."""
    order = count()
    box, found = _narrowed(formula, box)
    heap = [_entry(found, next(order), box)]
    for _ in range(_BOXES):
        _, _, box, found = heap[0]
        name = _splittable(box, found)
        if found.value.high is None or name is None:
            break
        heapq.heappop(heap)
        for half in _halves(box[name], name in affine):
            narrowed, part = _narrowed(formula, {**box, name: half})
            heapq.heappush(heap, _entry(part, next(order), narrowed))
    _, _, box, found = heap[0]
    return found.value.high, found.value.high is not None and _splittable(box, found) is None


def _entry(found: Slope, order: int, box: Box) -> tuple[tuple[bool, Fraction], int, Box, Slope]:
    """Return an entry of the queue: the highest upper end comes first, an open one before all."""
    high = found.value.high
    return (high is not None, -(high or Fraction(0))), order, box, found


def _narrowed(formula: Formula, box: Box) -> tuple[Box, Slope]:
    """Set every input in which the formula only rises, or only falls, to the end where it is highest."""
    while True:
        found = formula({name: _variable(name, bounds) for name, bounds in box.items()})
        ends = {}
        for name, bounds in box.items():
            if bounds.low == bounds.high and bounds.closed:
                continue
            slope = found.slopes.get(name, NOTHING)
            if slope == NOTHING:
                # What does not matter is set to any value; an input without one is left alone.
                end = bounds.high if bounds.high is not None else bounds.low
            elif slope.low is not None and slope.low >= 0:
                end = bounds.high
            elif slope.high is not None and slope.high <= 0:
                end = bounds.low
            else:
                continue
            if end is not None:
                ends[name] = Bounds.point(end)
        if not ends:
            return box, found
        box = {**box, **ends}


def _variable(name: str, bounds: Bounds) -> Slope:
    fixed = bounds.closed and bounds.low == bounds.high
    return Slope(bounds) if fixed else Slope(bounds, {name: _ONE})


def _splittable(box: Box, found: Slope) -> str | None:
    """Return the input whose width matters most to a formula, if any is left that has one."""
    widths = {}
    for name, bounds in box.items():
        slope = found.slopes.get(name, NOTHING)
        if bounds.low is None or bounds.high is None or slope == NOTHING:
            continue
        steep = None if slope.low is None or slope.high is None else max(-slope.low, slope.high)
        widths[name] = (steep is None, (bounds.high - bounds.low) * (steep or 1))
    return max(widths, key=lambda name: (widths[name], name)) if widths else None


def _halves(bounds: Bounds, ends: bool) -> tuple[Bounds, Bounds]:
    assert bounds.low is not None
    assert bounds.high is not None
    if ends:
        return Bounds.point(bounds.low), Bounds.point(bounds.high)
    middle = (bounds.low + bounds.high) / 2
    return Bounds(bounds.low, middle), Bounds(middle, bounds.high)


def _merged(one: Slope, by: Bounds, other: Slope, times: Bounds) -> dict[str, Bounds]:
    """Return the slopes of a sum: those of ``one`` taken ``by`` so much, those of ``other`` ``times``."""
    found = {name: _short(slope * by) for name, slope in one.slopes.items()}
    for name, slope in other.slopes.items():
        more = _short(slope * times)
        found[name] = found[name] + more if name in found else more
    return found


def _short(bounds: Bounds) -> Bounds:
    """Round a true interval outwards where its ends have grown long; a point stays what it is."""
    if bounds.low == bounds.high:
        return bounds
    return Bounds(
        None if bounds.low is None else _floor(bounds.low),
        None if bounds.high is None else -_floor(-bounds.high),
    )


def _floor(value: Fraction) -> Fraction:
    above, below = value.numerator, value.denominator
    if below.bit_length() + above.bit_length() <= 2 * _BITS:
        return value
    shift = _BITS - above.bit_length() + below.bit_length()
    if shift < 0:
        return Fraction((above // (below << -shift)) << -shift)
    return Fraction((above << shift) // below, 1 << shift)

"""The range of a formula over a box of rounded inputs, from its slopes.

An input may stand several times in a formula (the same amounts in two shares), and the ends of its range
need not lie at ends of the inputs. A formula is worked out once on intervals, together with the slope in
every input (differentiation in interval arithmetic; R. E. Moore, Methods and Applications of Interval
Analysis, 1979). An input in which the slope has one sign throughout the box is set to an end; where none
is left, the formula is worked out there in fractions, and the end of the range is exact. Otherwise the box
is split. Intervals in between are floats rounded outwards, so that no rounding makes a range too narrow.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from itertools import count
from math import copysign, inf, isinf, nextafter
from typing import NamedTuple, TypeAlias

from crosswalk.engine.operations.bounds import Bounds

#: How many boxes one end of a range is looked for in.
_BOXES = 64
_TINY = 5e-324

Box: TypeAlias = dict[str, Bounds]


class Span(NamedTuple):
    """An interval of floats that holds the true one; infinite ends are open.

    Sums that are exact and products with one or zero are not widened, so that what cancels is zero.
    """

    low: float
    high: float

    def add(self, other: Span) -> Span:
        """Return the sum."""
        return Span(_sum(self.low, other.low, -inf), _sum(self.high, other.high, inf))

    def turned(self) -> Span:
        """Return the interval with the other sign."""
        return Span(-self.high, -self.low)

    def times(self, other: Span) -> Span:
        """Return the product."""
        for one, another in ((self, other), (other, self)):
            if one == _ONE or another == _ZERO:
                return another
            if one == _LESS:
                return another.turned()
        corners = [_product(a, b) for a in self for b in other]
        low, high = min(corners), max(corners)
        return Span(low and nextafter(low, -inf), high and nextafter(high, inf))

    def inverse(self) -> Span:
        """Return one divided by it; an interval that holds zero, or is open, says nothing."""
        if self.low <= 0 <= self.high or isinf(self.low) or isinf(self.high):
            return _ALL
        return Span(nextafter(1 / self.high, -inf), nextafter(1 / self.low, inf))


_ZERO, _ONE, _LESS, _ALL = Span(0.0, 0.0), Span(1.0, 1.0), Span(-1.0, -1.0), Span(-inf, inf)


class Slope:
    """What a formula can be worth over a box, and what it is made of: its parts, each with its slope in it.

    ``exact`` is its value where all that it is made of is known. ``name`` is that of an input; constants and
    what is worked out have none.
    """

    __slots__ = ("exact", "name", "parts", "span")

    def __init__(
        self,
        span: Span,
        exact: Fraction | None = None,
        name: str = "",
        parts: tuple[tuple[Slope, Span], ...] = (),
    ) -> None:
        self.span, self.exact, self.name, self.parts = span, exact, name, parts

    def __add__(self, other: Slope) -> Slope:
        if self.exact is not None and other.exact is not None:
            return _known(self.exact + other.exact)
        return Slope(self.span.add(other.span), parts=((self, _ONE), (other, _ONE)))

    def __neg__(self) -> Slope:
        if self.exact is not None:
            return _known(-self.exact)
        return Slope(self.span.turned(), parts=((self, _LESS),))

    def __sub__(self, other: Slope) -> Slope:
        return self + -other

    def __mul__(self, other: Slope) -> Slope:
        if 0 in (self.exact, other.exact):
            return _known(Fraction(0))
        if self.exact is not None and other.exact is not None:
            return _known(self.exact * other.exact)
        return Slope(self.span.times(other.span), parts=((self, other.span), (other, self.span)))

    def __truediv__(self, other: Slope) -> Slope:
        """Divide; a divisor that may be zero leaves nothing known."""
        if self.exact is not None and other.exact:
            return _known(self.exact / other.exact)
        inverse = other.span.inverse()
        if inverse == _ALL:
            return Slope(_ALL, parts=((self, _ALL), (other, _ALL)))
        value = self.span.times(inverse)
        return Slope(value, parts=((self, inverse), (other, value.turned().times(inverse))))

    def slopes(self) -> dict[str, Span]:
        """Return the slope in each input it is made of, worked out from the whole down to the parts."""
        carried = {id(self): _ONE}
        found: dict[str, Span] = {}
        for one in reversed(self._ordered()):
            slope = carried[id(one)]
            if one.name:
                found[one.name] = found.get(one.name, _ZERO).add(slope)
            for part, steep in one.parts:
                if part.exact is None:
                    more = slope.times(steep)
                    carried[id(part)] = carried.get(id(part), _ZERO).add(more)
        return found

    def _ordered(self) -> list[Slope]:
        """Return all it is made of that is not known, each after its own parts."""
        found: list[Slope] = []
        seen: set[int] = set()
        todo = [(self, False)]
        while todo:
            one, done = todo.pop()
            if done:
                found.append(one)
            elif id(one) not in seen:
                seen.add(id(one))
                todo.append((one, True))
                todo += [(part, False) for part, _ in one.parts if part.exact is None]
        return found


Formula: TypeAlias = Callable[[Mapping[str, Slope]], Slope]


def number(value: Fraction | int) -> Slope:
    """Return a constant of a formula."""
    return _known(Fraction(value))


def unknown() -> Slope:
    """Return what may be worth anything."""
    return Slope(_ALL)


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
    slopes = formula({name: _input(name, bounds) for name, bounds in box.items()}).slopes()
    return frozenset(name for name, slope in slopes.items() if slope != _ZERO)


class _Part(NamedTuple):
    """A part of a box, narrowed as far as slopes allow; ``split`` is the input to split it by, if any."""

    rank: float
    order: int
    box: Box
    found: Slope
    split: str | None


def _highest(formula: Formula, box: Box, affine: Collection[str]) -> tuple[Fraction | None, bool]:
    """Return an upper end of a formula and whether it is reached, the part that may be highest first."""
    order = count()
    heap = [_narrowed(formula, box, next(order))]
    for _ in range(_BOXES):
        part = heap[0]
        if part.split is None:
            break
        heapq.heappop(heap)
        for half in _halves(part.box[part.split], part.split in affine):
            heapq.heappush(heap, _narrowed(formula, {**part.box, part.split: half}, next(order)))
    top = heap[0].found
    if top.exact is not None:
        return top.exact, True
    return (None if isinf(top.span.high) else Fraction(top.span.high)), False


def _narrowed(formula: Formula, box: Box, order: int) -> _Part:
    """Set every input in which the formula only rises, or only falls, to the end where it is highest."""
    while True:
        found = formula({name: _input(name, bounds) for name, bounds in box.items()})
        slopes = found.slopes()
        ends = {}
        for name, slope in slopes.items():
            bounds = box[name]
            end = None
            if slope == _ZERO:
                # What does not matter is set to any value.
                end = next((one for one in (*bounds.ends, Fraction(1)) if one is not None), None)
            elif slope.low >= 0:
                end = bounds.high
            elif slope.high <= 0:
                end = bounds.low
            if end is not None:
                ends[name] = Bounds.point(end)
        if not ends:
            break
        box = {**box, **ends}
    if found.exact is not None:
        # Never before a part that may reach as high.
        return _Part(-nextafter(found.span.low, -inf), order, box, found, None)
    split = None if isinf(found.span.high) else _widest(box, slopes)
    return _Part(-found.span.high, order, box, found, split)


def _widest(box: Box, slopes: Mapping[str, Span]) -> str | None:
    """Return the input whose width matters most, if any is left that has one."""
    widths = {}
    for name, slope in slopes.items():
        bounds = box[name]
        if bounds.low is not None and bounds.high is not None:
            widths[name] = float(bounds.high - bounds.low) * max(-slope.low, slope.high)
    return max(widths, key=lambda name: (widths[name], name)) if widths else None


def _halves(bounds: Bounds, ends: bool) -> tuple[Bounds, Bounds]:
    assert bounds.low is not None
    assert bounds.high is not None
    if ends:
        return Bounds.point(bounds.low), Bounds.point(bounds.high)
    middle = (bounds.low + bounds.high) / 2
    return Bounds(bounds.low, middle), Bounds(middle, bounds.high)


def _input(name: str, bounds: Bounds) -> Slope:
    if bounds.low is not None and bounds.low == bounds.high:
        return _known(bounds.low)
    low = -inf if bounds.low is None else _rounded(bounds.low).low
    high = inf if bounds.high is None else _rounded(bounds.high).high
    return Slope(Span(low, high), name=name)


def _known(value: Fraction) -> Slope:
    return Slope(_rounded(value), value)


def _rounded(value: Fraction) -> Span:
    """Return the floats next to a fraction; the same one twice where it is a float itself."""
    try:
        near = float(value)
    except OverflowError:
        return _ALL
    if near.as_integer_ratio() == (value.numerator, value.denominator):
        return Span(near, near)
    return Span(nextafter(near, -inf), nextafter(near, inf))


def _sum(one: float, other: float, way: float) -> float:
    found = one + other
    if isinf(found):
        return found if found == way or isinf(one) or isinf(other) else nextafter(found, way)
    # What rounding took away (Knuth): nothing, where the sum is exact.
    moved = found - one
    lost = (one - (found - moved)) + (other - moved)
    return found if lost == 0 else nextafter(found, way)


def _product(one: float, other: float) -> float:
    if one == 0 or other == 0:
        return 0.0
    return one * other or copysign(_TINY, one) * copysign(1.0, other)

"""Intervals of exact fractions: what a formula can be worth when its inputs are known to a rounding.

An end of ``None`` is open. Sums and products enclose every value the inputs can take; where one input
stands twice in a formula the enclosure may be wider than the range, never narrower.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from crosswalk.footprint.quantity import Quantity


@dataclass(frozen=True)
class Bounds:
    """``low <= value <= high``; ``None`` is an open end.

    >>> two, three = Bounds.point(2), Bounds.point(3)
    >>> (two * three - Bounds(Fraction(0), Fraction(1))).ends
    (Fraction(5, 1), Fraction(6, 1))
    """

    low: Fraction | None
    high: Fraction | None

    @classmethod
    def point(cls, value: Fraction | int) -> Bounds:
        """Return the interval that holds one value."""
        return cls(Fraction(value), Fraction(value))

    @classmethod
    def of(cls, quantity: Quantity) -> Bounds:
        """Return what a number as given stands for, rounding included."""
        return cls(quantity.value - quantity.half, quantity.value + quantity.half)

    @classmethod
    def share(cls, quantity: Quantity) -> Bounds:
        """Return a share as given: rounding does not take it below 0 or above 1."""
        found = cls.of(quantity)
        assert found.low is not None
        assert found.high is not None
        return cls(max(found.low, Fraction(0)), min(found.high, Fraction(1)))

    @classmethod
    def hull(cls, parts: Iterable[Bounds]) -> Bounds:
        """Return the smallest interval that holds all ``parts``, of which there must be one."""
        every = list(parts)
        lows = [one.low for one in every if one.low is not None]
        highs = [one.high for one in every if one.high is not None]
        return cls(
            min(lows) if len(lows) == len(every) else None,
            max(highs) if len(highs) == len(every) else None,
        )

    @property
    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        """Both ends."""
        return self.low, self.high

    @property
    def closed(self) -> bool:
        """Whether both ends are known."""
        return self.low is not None and self.high is not None

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(_sum(self.low, other.low), _sum(self.high, other.high))

    def __neg__(self) -> Bounds:
        return Bounds(
            None if self.high is None else -self.high,
            None if self.low is None else -self.low,
        )

    def __sub__(self, other: Bounds) -> Bounds:
        return self + -other

    def __mul__(self, other: Bounds) -> Bounds:
        if NOTHING in (self, other):
            return NOTHING
        corners = [_product(a, b) for a in self._signed() for b in other._signed()]
        lows = [value for value, sign in corners if value is not None or sign < 0]
        highs = [value for value, sign in corners if value is not None or sign > 0]
        return Bounds(
            None if None in lows else min(value for value in lows if value is not None),
            None if None in highs else max(value for value in highs if value is not None),
        )

    def __truediv__(self, other: Bounds) -> Bounds:
        """Divide; an interval that holds zero, or touches it, says nothing of the quotient."""
        if other.low is None or other.high is None or other.low <= 0 <= other.high:
            return UNKNOWN
        return self * Bounds(1 / other.high, 1 / other.low)

    def _signed(self) -> tuple[tuple[Fraction | None, int], tuple[Fraction | None, int]]:
        return (self.low, -1), (self.high, 1)


NOTHING = Bounds.point(0)
UNKNOWN = Bounds(None, None)


def total(parts: Iterable[Bounds]) -> Bounds:
    """Return the sum of intervals."""
    found = NOTHING
    for part in parts:
        found = found + part
    return found


def _sum(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _product(
    one: tuple[Fraction | None, int], other: tuple[Fraction | None, int]
) -> tuple[Fraction | None, int]:
    """The product of two ends, each with the sign of infinity that an open one stands for."""
    a, b = one[0], other[0]
    if a is not None and b is not None:
        return a * b, 0
    if 0 in (a, b):
        return Fraction(0), 0
    sign_a = one[1] if a is None else (1 if a > 0 else -1)
    sign_b = other[1] if b is None else (1 if b > 0 else -1)
    return None, sign_a * sign_b

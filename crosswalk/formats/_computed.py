"""Numbers worked out from numbers as given: the best value, and a width that holds every other one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import msgspec

from crosswalk.footprint.quantity import Quantity, Spread
from crosswalk.formats._read import digits


def between(low: Fraction, high: Fraction, value: Fraction | None = None) -> Quantity:
    """Return a number that may be anything from ``low`` to ``high``; ``value`` is the best one.

    >>> between(Fraction(1), Fraction(4), Fraction(2)).half
    Fraction(2, 1)
    """
    best = (low + high) / 2 if value is None else value
    half = max(high - best, best - low, Fraction(0))
    return Quantity(text=digits(best), value=best, half=half)


@dataclass(frozen=True)
class Reckoned:
    """A number worked out; ``loose`` where its width is no rounding: anything in it may be the value."""

    number: Quantity
    loose: bool = False

    @classmethod
    def total(cls, parts: Iterable[Reckoned]) -> Reckoned:
        """Return the sum, loose where any part is."""
        every = list(parts)
        return cls(total(one.number for one in every), any(one.loose for one in every))


def limit(end: Fraction, sign: str) -> Quantity:
    """Return a number that is a limit.

    >>> limit(Fraction(1, 8), "≤").text
    '≤ 0.125'
    """
    return Quantity(text=f"{sign} {digits(end)}", value=end, half=Fraction(0))


def ends(given: Quantity) -> tuple[Fraction, Fraction]:
    """Return the least and the most a number may be, rounding included."""
    return given.value - given.half, given.value + given.half


def total(parts: Iterable[Quantity]) -> Quantity:
    """Return the sum of numbers; one alone stays as it was given."""
    every = list(parts)
    if len(every) == 1:
        return every[0]
    value = sum((one.value for one in every), Fraction(0))
    half = sum((one.half for one in every), Fraction(0))
    return _with(between(value - half, value + half, value), Spread.made("sum", *every))


def product(one: Quantity, other: Quantity) -> Quantity:
    """Return the product of two numbers."""
    corners = [a * b for a in ends(one) for b in ends(other)]
    found = between(min(corners), max(corners), one.value * other.value)
    return _with(found, Spread.made("product", one, other))


def quotient(one: Quantity, other: Quantity) -> Quantity:
    """Return ``one`` divided by a number that is above zero whatever its rounding."""
    corners = [a / b for a in ends(one) for b in ends(other)]
    found = between(min(corners), max(corners), one.value / other.value)
    return _with(found, Spread.made("quotient", one, other))


def _with(found: Quantity, spread: Spread | None) -> Quantity:
    """Return a number with the spread of what it was reckoned from."""
    return msgspec.structs.replace(found, spread=spread)

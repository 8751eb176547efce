"""A kilowatt hour: what it is worth, what of its supply that covers, and how far two are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds
from crosswalk.engine.operations.burdens import number
from crosswalk.footprint.activity import Burden

GENERATION = "electricity-scope.generation-only"
#: What a factor covers: each scope holds those before it.
SCOPES = (GENERATION, "electricity-scope.life-cycle", "electricity-scope.life-cycle-with-plants")


@dataclass(frozen=True)
class Power:
    """Kilograms CO2e per kWh under the target.

    ``base`` is a burden it rests on: ``plain`` if it is nothing else; otherwise an end that ``rises``
    gains at least as much as the base does, so that rounding the two share is counted once.
    """

    value: Bounds
    base: Burden | None = None
    plain: bool = False
    low_rises: bool = False
    high_rises: bool = False

    def less(self, other: Power) -> Bounds:
        """Return this less ``other``.

        >>> average = Power(Bounds(Fraction(1), Fraction(2)), Burden(path="grid"), plain=True)
        >>> twice = Bounds(Fraction(2), Fraction(4))
        >>> Power(twice, average.base, low_rises=True, high_rises=True).less(average).ends
        (Fraction(1, 1), Fraction(2, 1))
        """
        if self is other:
            return NOTHING
        if self.base is None or other.base is None or number(self.base) != number(other.base):
            return self.value - other.value
        if self.plain and other.plain:
            return NOTHING
        if self.plain:
            return -other.less(self)
        if not other.plain:
            return self.value - other.value
        low = other.value.low if self.low_rises else other.value.high
        high = other.value.high if self.high_rises else other.value.low
        return Bounds(_less(self.value.low, low), _less(self.value.high, high))


def hull(powers: Sequence[Power]) -> Power:
    """Return what any of ``powers`` may be, of which there must be one."""
    first = powers[0]
    if all(one is first for one in powers):
        return first
    return Power(Bounds.hull(one.value for one in powers))


def widened(power: Power, scope: str, wanted: Sequence[str], brought: Bounds) -> Power:
    """Return what a factor of a scope ``wanted`` can be, given one of ``scope``.

    What covers more is worth at least as much, per kWh delivered at that (``brought``); what covers less,
    at most. Nothing is known of scopes that stand in no such order.

    >>> widened(Power(Bounds.point(2)), SCOPES[0], SCOPES[1:], Bounds.point(3)).value.ends
    (Fraction(3, 1), None)
    """
    base = power.base if power.plain else None
    if scope in wanted:
        return power
    if scope not in SCOPES or not set(wanted) <= set(SCOPES):
        return Power(UNKNOWN)
    place, places = SCOPES.index(scope), [SCOPES.index(one) for one in wanted]
    if min(places) > place:
        return Power(Bounds(brought.low, None), base, low_rises=True)
    if max(places) < place:
        return Power(Bounds(None, power.value.high), base, high_rises=True)
    return Power(UNKNOWN)


def delivered(value: Bounds, losses: Bounds) -> Bounds:
    """Return a value per kWh generated as one per kWh delivered; losses nobody gave are none at least.

    >>> delivered(Bounds.point(1), Bounds.point(Fraction(1, 5))).ends
    (Fraction(5, 4), Fraction(5, 4))
    """
    return value / (Bounds.point(1) - losses)


def _less(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one - other

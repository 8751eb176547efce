"""A kilowatt hour: what it is worth, what of its supply that covers, and how far two are apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def fits(scopes: Iterable[str], wanted: Sequence[str]) -> bool:
    """Whether a factor covers what is wanted, whichever of ``scopes`` it has; no wish is always met."""
    return not wanted or set(scopes) <= set(wanted)


def widened(power: Power, scopes: Sequence[str], wanted: Sequence[str], delivered: Bounds) -> Power:
    """Return what a factor of the scope wanted can be, given one that may have another.

    What covers more is worth at least as much, per kWh ``delivered`` at that; what covers less, at most.
    """
    parts = [_rescoped(power.value, scope, wanted, delivered) for scope in scopes]
    base = power.base if power.plain else None
    return Power(Bounds.hull(parts), base, low_rises=True, high_rises=True)


def _rescoped(value: Bounds, scope: str, wanted: Sequence[str], delivered: Bounds) -> Bounds:
    if scope in wanted:
        return value
    if scope not in SCOPES or not set(wanted) <= set(SCOPES):
        return UNKNOWN
    place, places = SCOPES.index(scope), [SCOPES.index(one) for one in wanted]
    if min(places) > place:
        return Bounds(delivered.low, None)
    return Bounds(None, value.high) if max(places) < place else UNKNOWN


def delivered(value: Bounds, losses: Bounds) -> Bounds:
    """Return a value per kWh generated as one per kWh delivered; losses nobody gave are none at least.

    >>> delivered(Bounds.point(1), Bounds.point(Fraction(1, 5))).ends
    (Fraction(5, 4), Fraction(5, 4))
    """
    return value / (Bounds.point(1) - losses)


def _less(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one - other

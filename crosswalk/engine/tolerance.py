"""How near is near enough: a tolerance, and what an interval says of an asserted value within it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from crosswalk.errors import UsageError
from crosswalk.footprint.quantity import Quantity
from crosswalk.results.asks import Judged

_NUMBER = r"\+?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?"
_TOLERANCE = re.compile(rf"\s*({_NUMBER})\s*([%％]?)\s*", re.ASCII)
_ASSERTED = re.compile(rf"\s*(-?{_NUMBER})\s*(?:(?:±|\+-)\s*({_NUMBER})\s*)?", re.ASCII)


@dataclass(frozen=True)
class Tolerance:
    """A share of a value (``5%``), or an amount in kg CO2e per declared unit (``0.1``).

    An amount that was asked for per another unit is an interval where the property between the two is
    rounded: from ``amount`` to ``most``.

    >>> Tolerance.of("5 %").share, Tolerance.of("0.1").amount
    (Fraction(1, 20), Fraction(1, 10))
    """

    text: str
    share: Fraction | None = None
    amount: Fraction | None = None
    most: Fraction | None = None

    @classmethod
    def of(cls, given: str | float | Decimal | Tolerance) -> Tolerance:
        """Read a tolerance. Raises ``UsageError`` for what is neither a share nor an amount, or below 0."""
        if isinstance(given, Tolerance):
            return given
        text = str(given).strip()
        found = _TOLERANCE.fullmatch(text)
        if found is None or isinstance(given, bool):
            raise UsageError("tolerance", text=text[:40])
        value = Fraction(Decimal(found[1]))
        return cls(text=text, share=value / 100) if found[2] else cls(text=text, amount=value)

    @property
    def nothing(self) -> bool:
        """Whether only the value itself is near enough."""
        return not self.share and not self.amount

    @property
    def widest(self) -> Tolerance:
        """The tolerance with the largest amount it may be."""
        return self if self.most is None else replace(self, amount=self.most, most=None)

    def over(self, low: Fraction, high: Fraction) -> Tolerance:
        """Return the tolerance per declared unit of one per a unit that is ``low`` to ``high`` of these."""
        if self.amount is None:
            return self
        return replace(self, amount=self.amount / high, most=self.amount / low)

    def around(self, value: Fraction) -> tuple[Fraction, Fraction]:
        """Return the ends of what is near enough to ``value``."""
        reach = abs(value) * self.share if self.share is not None else self.amount or Fraction(0)
        return value - reach, value + reach


def asserted(given: str | float | Decimal | Quantity) -> Quantity:
    """Read an asserted value: the number it is, for rounding is what a tolerance is for; or ``3.3±0.05``.

    >>> asserted("3.30").half, asserted("3.30±0.05").half
    (Fraction(0, 1), Fraction(1, 20))
    """
    if isinstance(given, Quantity):
        return given
    found = _ASSERTED.fullmatch(str(given))
    if found is None or isinstance(given, bool):
        raise UsageError("against", text=str(given).strip()[:40])
    return Quantity.of(found[1], half=found[2] or "0")


def judge(low: Fraction | None, high: Fraction | None, value: Quantity, tolerance: Tolerance) -> Judged:
    """Return what an interval (``None``: an open end) proves of an asserted value.

    *Proven within*: every value in the interval is near enough to every value asserted. *Proven outside*:
    none is near enough to any. Everything else is *undecided*.

    >>> judge(Fraction(3), Fraction(4), asserted("3.4"), Tolerance.of("20%"))
    'proven-within'
    """
    stated = [value.value - value.half, value.value + value.half]
    if stated[0] < 0 < stated[1]:
        stated.append(Fraction(0))
    bottoms, tops = zip(*map(tolerance.around, stated), strict=True)
    if low is not None and high is not None and max(bottoms) <= low and high <= min(tops):
        return "proven-within"
    bottoms, tops = zip(*map(tolerance.widest.around, stated), strict=True)
    if (low is not None and low > max(tops)) or (high is not None and high < min(bottoms)):
        return "proven-outside"
    return "undecided"

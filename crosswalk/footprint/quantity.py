"""Numbers as they were given: exact value, rounding, and stated uncertainty."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from crosswalk.knowledge.catalogue import Record


class Spread(Record):
    """The distribution a source states for a number whose best value is given.

    ``lognormal`` has the geometric standard deviation ``sigma`` (1 or more; the number is the median),
    ``normal`` the standard deviation ``sigma`` in the unit of the number, ``triangular`` and ``uniform``
    the ends ``low`` and ``high`` (the number is the mode). Numbers of one ``group`` move together.
    """

    kind: Literal["lognormal", "normal", "triangular", "uniform"]
    sigma: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    group: str | None = None


class Quantity(Record):
    """A number as given: its exact value and how far rounding may have moved it.

    ``half`` is half a unit in the last digit given; an integer zero counts as exactly nothing. ``spread``
    is how uncertain the number is by its source: another thing than rounding, and never mixed with it.

    >>> Quantity.of("2.30").half, Quantity.of("0").half, Quantity.of("275").half
    (Fraction(1, 200), Fraction(0, 1), Fraction(1, 2))
    """

    text: str
    value: Fraction
    half: Fraction
    spread: Spread | None = None

    @classmethod
    def of(cls, given: str | int | Decimal, half: str | None = None) -> Quantity:
        """Read a decimal as written. Raises ``ValueError`` for anything but a finite number."""
        text = str(given).strip()
        number = Decimal(text)
        if not number.is_finite():
            raise ValueError(text)
        exponent = number.as_tuple().exponent
        assert isinstance(exponent, int)
        if half is not None:
            width = Fraction(Decimal(half))
        elif number == 0 and exponent >= 0:
            width = Fraction(0)
        else:
            width = Fraction(10) ** exponent / 2
        return cls(text=text, value=Fraction(number), half=width)

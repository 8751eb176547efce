"""Numbers as they were given: exact value, rounding, and stated uncertainty."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import msgspec

from crosswalk.knowledge.records import Record


class Spread(Record):
    """The distribution a source states for a number whose best value is given.

    ``lognormal`` has the geometric standard deviation ``sigma`` (1 or more; the number is the median),
    ``normal`` the standard deviation ``sigma`` in the unit of the number, ``triangular`` and ``uniform``
    the ends ``low`` and ``high`` (the number is the mode of a triangular one). ``below`` is the
    ``sigma`` below the median where it is another than above: then both halves keep the median. A ``sum``,
    ``product`` or ``quotient`` is that of its ``terms``, each with a spread of its own or none. Numbers of
    one ``group`` move together: all are at the same quantile of their distributions. ``path`` is where the
    number stands in the file: what was reckoned from one number moves with it. ``pedigree`` is the code of
    the matrix a ``sigma`` was reckoned by, ``ranged`` whether it was reckoned from a range.
    """

    kind: Literal["lognormal", "normal", "triangular", "uniform", "sum", "product", "quotient"]
    sigma: Fraction | None = None
    below: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    group: str | None = None
    terms: tuple[Quantity, ...] = ()
    path: str = ""
    pedigree: str | None = None
    ranged: bool = False

    @classmethod
    def made(cls, kind: Literal["sum", "product", "quotient"], *terms: Quantity) -> Spread | None:
        """Return the distribution of what is reckoned from numbers; ``None`` where none has one."""
        if all(term.spread is None for term in terms):
            return None
        return cls(kind=kind, terms=terms)

    def scaled(self, by: Fraction) -> Spread:
        """Return the distribution of the number times ``by``.

        >>> Spread(kind="normal", sigma=Fraction(1, 10)).scaled(Fraction(-2)).sigma
        Fraction(1, 5)
        """
        turned = by < 0
        if self.kind == "sum":
            return msgspec.structs.replace(self, terms=tuple(term.scaled(by) for term in self.terms))
        if self.kind in ("product", "quotient"):
            first, *others = self.terms
            return msgspec.structs.replace(self, terms=(first.scaled(by), *others))
        if self.kind == "lognormal":
            return self
        if self.kind == "normal":
            above, below = _times(self.sigma, abs(by)), _times(self.below, abs(by))
            if turned and below is not None:
                above, below = below, above
            return msgspec.structs.replace(self, sigma=above, below=below)
        low, high = _times(self.low, by), _times(self.high, by)
        return msgspec.structs.replace(self, low=high if turned else low, high=low if turned else high)

    def leaves(self) -> Iterator[Spread]:
        """Yield the distributions that were stated, of which this one was made, or itself."""
        if not self.terms:
            yield self
        for term in self.terms:
            if term.spread is not None:
                yield from term.spread.leaves()


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

    def scaled(self, by: Fraction) -> Quantity:
        """Return the number times ``by``, its rounding and its spread with it; the text stays as given."""
        spread = None if self.spread is None else self.spread.scaled(by)
        return Quantity(text=self.text, value=self.value * by, half=self.half * abs(by), spread=spread)

    def plus(self, other: Quantity) -> Quantity:
        """Return the sum, with the rounding and the spread of both.

        >>> Quantity.of("1.50").plus(Quantity.of("0.25")).text
        '1.50 + 0.25'
        """
        return Quantity(
            text=f"{self.text} + {other.text}",
            value=self.value + other.value,
            half=self.half + other.half,
            spread=Spread.made("sum", self, other),
        )


def _times(value: Fraction | None, by: Fraction) -> Fraction | None:
    return None if value is None else value * by

"""Units of factors: something per something, both from the closed list of units."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from crosswalk.errors import InputError
from crosswalk.footprint import units
from crosswalk.knowledge.catalogue import Catalogue


class Ratio(NamedTuple):
    """A unit of a factor: unit codes, and the dimensions they measure."""

    numerator: str
    denominator: str
    counts: str
    per: str

    @property
    def gas(self) -> str:
        """What the numerator counts, as the ``gas`` column of a table spells it.

        >>> parse_ratio("kg CO2/kWh").gas, parse_ratio("kgCO2e/t").gas, parse_ratio("GJ/t").gas
        ('CO2', 'CO2e', '')
        """
        if self.counts == "CO2 equivalent":
            return "CO2e"
        substance = self.counts.removeprefix("mass of ")
        return "" if substance == self.counts else {"carbon": "C"}.get(substance, substance)


def parse_ratio(text: str, catalogue: Catalogue | None = None) -> Ratio:
    """Return the unit that ``text`` spells.

    Raises ``InputError`` where it is not one thing per another, or where a bare mass stands for an
    emission, and what :func:`crosswalk.footprint.units.parse_unit` raises for either part.

    >>> parse_ratio("kg CO2e per kWh")[:2], parse_ratio("千克二氧化碳当量/千瓦时")[:2]
    (('kilogram CO2e', 'kilowatt hour'), ('kilogram CO2e', 'kilowatt hour'))
    """
    parts = units.split(text)
    if len(parts) != 2 or not all(parts):
        raise InputError("factor-unit-ratio", name=text)
    numerator, denominator = (units.parse_unit(part, catalogue) for part in parts)
    counts, per = units.dimension(numerator, catalogue), units.dimension(denominator, catalogue)
    if counts == "mass":
        raise InputError("factor-unit-mass", name=text)
    return Ratio(numerator, denominator, counts, per)


def scale(given: Ratio, wanted: Ratio, catalogue: Catalogue | None = None) -> Fraction:
    """Return the exact number that turns a value in ``given`` into one in ``wanted``.

    Raises ``InputError`` where they measure different things: CO2 never turns into CO2e.

    >>> scale(parse_ratio("kg CO2/kWh"), parse_ratio("g CO2/MJ"))
    Fraction(2500, 9)
    """
    up = units.factor(given.numerator, wanted.numerator, catalogue)
    return up / units.factor(given.denominator, wanted.denominator, catalogue)

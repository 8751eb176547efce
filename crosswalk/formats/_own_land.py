"""Direct land use change in our own file, reckoned from carbon stocks.

A conversion that took the carbon of a hectare from ``before`` to ``after``, and released other gases,
is spread over a number of years and the yield of the land::

    (44/12 · (before - after) + other) / (period · yield) · allocation

kg CO2e per kg of crop (regimes-core OP-LUC). Over another number of years it is another amount: the
same where the period is that of an option, nothing where the conversion is longer ago than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from crosswalk.footprint.quantity import Quantity
from crosswalk.formats import _read
from crosswalk.formats._computed import Reckoned, between, ends, product, quotient, total
from crosswalk.formats._own_row import Row
from crosswalk.formats._own_values import Unit, as_written

#: Mass of CO2 per mass of carbon.
CO2_PER_CARBON = Fraction(44, 12)
_STOCK = Unit("kilogram carbon", ("hectare",), also=("kilogram",))
_YEARS = Unit("year")


@dataclass(frozen=True)
class Conversion:
    """What one conversion of land comes to per declared unit, spread over one year, and when it was."""

    path: str
    period: Quantity
    yearly: Quantity
    since: Quantity | None

    def own(self) -> Reckoned:
        """Return it spread over the period of the study."""
        return Reckoned(quotient(self.yearly, self.period))

    def over(self, years: int) -> Reckoned:
        """Return it spread over a number of years.

        Without the time since the conversion a period shorter than that of the study may hold it or not.
        """
        spread = _read.scaled(self.yearly, Fraction(1, years))
        # The study counted it, so it lies within the period of the study.
        earliest, latest = ends(self.period) if self.since is None else ends(self.since)
        if latest <= years:
            return Reckoned(spread)
        if self.since is not None and earliest > years:
            return Reckoned(_read.scaled(spread, Fraction(0)))
        low, high = ends(spread)
        return Reckoned(between(min(low, Fraction(0)), max(high, Fraction(0))), loose=True)


def conversion(row: Row) -> Conversion:
    """Read one conversion."""
    row.text("name")
    before = row.needed_amount("carbon_before", _STOCK)
    after = row.needed_amount("carbon_after", _STOCK)
    other = row.amount("other_gases", Unit("kilogram CO2e", ("hectare",)))
    period = as_written(row.needed_amount("period", _YEARS, above=True))
    crop = row.needed_amount("yield", Unit("kilogram", ("hectare", "year")), above=True)
    share = row.share("allocation")
    mass = row.needed_amount("mass", Unit("kilogram", declared=True))
    since = row.amount("since", _YEARS)
    since = None if since is None else as_written(since)
    carbon = total([before, _read.scaled(after, Fraction(-1))])
    released = total([_read.scaled(carbon, CO2_PER_CARBON), *([other] if other is not None else [])])
    yearly = product(quotient(released, crop), mass)
    if share is not None:
        yearly = product(yearly, share)
    return Conversion(path=row.path, period=period, yearly=yearly, since=since)

"""Checks for databases that label rows wrongly: a suspect row is set apart, with what it looks like.

Every check compares with the factors we have: no row of any database is listed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from crosswalk.factors.records import Factor, FactorBase
from crosswalk.factors.units import Ratio, parse_ratio, scale
from crosswalk.footprint.names import normalise
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.records import Text
from crosswalk.messages import both

#: How far two values may differ and still be the same number, rounded differently.
_SAME = Fraction(1, 200)
#: A footprint that is less than this share of the direct emissions known leaves something out.
_LOW = Fraction(1, 2)
#: Units in which values are compared.
_HEAT, _MASS = "kg CO2/GJ", "kg CO2/kg"


class Quarantine:
    """The checks, with what they compare with collected once."""

    def __init__(self, base: FactorBase, catalogue: Catalogue) -> None:
        """Collect the reference rows of ``base``."""
        self.catalogue = catalogue
        self.ratios: dict[str, Ratio] = {}
        self.scales: dict[tuple[str, str, str], Fraction] = {}
        own = [one for one in base.factors if one.rank]
        burnt = [one for one in own if one.kind == "fuel-co2-emission-factor" and one.per == "energy"]
        power = [one for one in own if one.kind == "electricity-co2-emission-factor" and one.default]
        self.carbon = [(one, one.number) for one in own if one.kind == "carbon-content"]
        self.burnt = self._all(burnt, _HEAT)
        self.power = self._all(power, _HEAT)
        self.process = self._all([one for one in own if one.kind == "carbonate-co2-emission-factor"], _MASS)
        self.direct = self._all([one for one in own if one.boundary == "cbam-direct"], _MASS)
        self.names: dict[str, set[str]] = {}
        for one in own:
            self.names.setdefault(one.subject, set()).add(normalise(one.label.zh))
        self.lowest = min((value for _, value in self.burnt), default=Fraction(0))

    def _all(self, rows: list[Factor], unit: str) -> list[tuple[Factor, Fraction]]:
        return [(one, self.value(one, unit)) for one in rows]

    def _ratio(self, unit: str) -> Ratio:
        if unit not in self.ratios:
            self.ratios[unit] = parse_ratio(unit, self.catalogue)
        return self.ratios[unit]

    def value(self, one: Factor, unit: str) -> Fraction:
        """Return the value in another unit, whatever the numerator counts: that is what is in doubt."""
        key = (one.numerator, one.denominator, unit)
        if key not in self.scales:
            mass = one.numerator.partition(" ")[0]
            wanted = self._ratio(unit)
            other = wanted.numerator.partition(" ")[2]
            self.scales[key] = scale(self._ratio(f"{mass} {other}/{one.denominator}"), wanted, self.catalogue)
        return one.number * self.scales[key]

    def named(self, one: Factor, other: Factor) -> bool:
        """Whether the label of ``one`` names the subject of ``other``."""
        name = normalise(one.label.zh)
        return any(label and label in name for label in self.names.get(other.subject, ()))

    def suspicions(self, one: Factor) -> Iterator[tuple[str, Text]]:
        """Yield (column, what is wrong and what to do) for everything suspect about ``one``."""
        if one.gas in ("CO2", "CO2e"):
            if one.per == "energy":
                yield from self._carbon(one)
                yield from self._co2(one)
            if one.per == "mass":
                yield from self._process(one)
                yield from self._low(one)

    def _carbon(self, one: Factor) -> Iterator[tuple[str, Text]]:
        """Whether 44/12 is missing: a carbon content where CO2 should be."""
        # Electricity is not burnt: only what is stated per joule can be a fuel's carbon.
        if not one.denominator.endswith("joule"):
            return
        value = self.value(one, _HEAT)
        for other, carbon in self.carbon:
            if _same(value, carbon) and (value < self.lowest or self.named(one, other)):
                shown = f"{other.label.zh} ({other.label.en})"
                yield "value", both("factor-row.quarantine-carbon", given=one.value, other=shown)
                return

    def _co2(self, one: Factor) -> Iterator[tuple[str, Text]]:
        """Whether a factor that counts CO2 alone is labelled CO2e."""
        if one.gas != "CO2e":
            return
        value = self.value(one, _HEAT)
        # A fuel is named as well; of electricity the number alone must do, so it must be the very same.
        if one.denominator.endswith("joule"):
            same = (other for other, known in self.burnt if _same(value, known) and self.named(one, other))
        else:
            same = (other for other, known in self.power if value == known and other.year == one.year)
        for other in same:
            yield "unit", both("factor-row.quarantine-co2", given=one.value, other=other.code)
            return

    def _process(self, one: Factor) -> Iterator[tuple[str, Text]]:
        value = self.value(one, _MASS)
        for other, known in self.process:
            if _same(value, known):
                yield "value", both("factor-row.quarantine-process", given=one.value, other=other.subject)
                return

    def _low(self, one: Factor) -> Iterator[tuple[str, Text]]:
        value = self.value(one, _MASS)
        for other, known in self.direct:
            if other.place == one.place and 0 <= value < _LOW * known and self.named(one, other):
                shown = f"{float(known):g} {other.unit}, {other.code}"
                text = both("factor-row.quarantine-low", given=one.value, other=other.label, reference=shown)
                yield "value", text
                return


def _same(one: Fraction, other: Fraction) -> bool:
    return abs(one - other) <= _SAME * other

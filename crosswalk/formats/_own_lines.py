"""Sections of our own file that are itemised lines: each becomes disclosures on the cells it is about.

Capital goods and overheads, air transport, what was left out, land use change, and what was deducted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Disclosure
from crosswalk.formats import _read
from crosswalk.formats._own_values import Row, Unit, Values, as_written
from crosswalk.knowledge.catalogue import Field

CO2E = Unit("kilogram CO2e", declared=True)
SECTIONS = ("capital_goods", "aircraft", "exclusions", "land_use_change", "credits")
#: Which line an item belongs to, by its kind.
_GOODS = ("capital-goods", "overheads")
_CREDITS = {"offsets": "offsets-deducted", "avoided": "avoided-deducted", "delayed": "delayed-deducted"}


class Lines:
    """Reads these sections; ``disclosures`` are what they state, ``method`` the options they imply."""

    def __init__(self, values: Values, fields: dict[str, Field]) -> None:
        self.values = values
        self.fields = fields
        self.disclosures: list[Disclosure] = []
        self.method: dict[str, str] = {}

    def read(self, payload: dict[str, Any]) -> None:
        """Read every section of ``payload``."""
        self._capital_goods(payload.get("capital_goods"))
        self._aircraft(payload.get("aircraft"))
        self._exclusions(payload.get("exclusions"))
        self._land_use_change(payload.get("land_use_change"))
        self._credits(payload.get("credits"))

    def _rows(self, given: Any, name: str, make: Callable[[Row], None]) -> None:
        for row in self.values.rows(given, name):
            make(row)
            row.close()

    def _disclose(self, code: str, value: Quantity, path: str) -> None:
        field = self.fields[code]
        kept = _read.signed(value, field, path, self.values.problems)
        if kept is not None:
            self.disclosures.append(_read.disclosure(field, kept, path))

    # Capital goods and overheads

    def _capital_goods(self, given: Any) -> None:
        """Add up burden over lifetime output, per declared unit; one line a kind."""
        parts: dict[str, list[Quantity]] = {}

        def item(row: Row) -> None:
            kind = row.needed_choice("kind", _GOODS)
            row.text("name")
            burden = row.needed_amount("burden", Unit("kilogram CO2e"))
            declared = self.values.declared
            output = row.needed_amount("lifetime_output", Unit(declared.unit), above=True)
            if output.value > output.half:
                one = _read.scaled(_quotient(burden, output), declared.amount)
                parts.setdefault(kind, []).append(one)

        self._rows(given, "capital_goods", item)
        for kind in sorted(parts):
            self._disclose(kind, _sum(parts[kind]), f"capital_goods.{kind}")

    # Air transport

    def _aircraft(self, given: Any) -> None:
        """Split every leg into emissions and uplift: with a multiplier k, k - 1 times the CO2 is uplift."""
        plain: list[Quantity | None] = []
        carbon_dioxide: list[Quantity | None] = []
        uplift: list[Quantity | None] = []

        def leg(row: Row) -> None:
            row.text("name")
            co2e = row.amount("co2e", CO2E)
            co2 = row.amount("co2", Unit("kilogram CO2", also=("kilogram",), declared=True))
            if not row.has("co2e") and not row.has("co2"):
                self.values.problems.add(row.at("co2e"), "footprint-missing", name="co2e")
            multiplier = row.chosen("multiplier")
            inside = row.truth("multiplied")
            if multiplier is not None and multiplier.value < 1:
                self.values.problems.add(row.at("multiplier"), "footprint-multiplier", value=multiplier.text)
                return
            if inside and multiplier is None and not row.has("multiplier"):
                self.values.problems.add(row.at("multiplier"), "footprint-missing", name="multiplier")
            made = _leg(co2e, co2, multiplier, inside is True)
            plain.append(made[0])
            carbon_dioxide.append(made[1])
            uplift.append(made[2])

        if given is None or not _read.typed(given, list, "aircraft", self.values.problems):
            return
        self._rows(given, "aircraft", leg)
        stated = {"aircraft": plain, "aircraft-co2": carbon_dioxide, "aircraft-uplift": uplift}
        for code, parts in stated.items():
            known = [part for part in parts if part is not None]
            if known and len(known) == len(parts):
                self._disclose(code, _sum(known), f"aircraft.{code}")
        if uplift and all(part is not None for part in uplift):
            counted = any(part is not None and part.value + part.half > 0 for part in uplift)
            self.method["aircraft"] = "aircraft.multiplier" if counted else "aircraft.no-multiplier"

    # What was left out

    def _exclusions(self, given: Any) -> None:
        """What was left out is at most the estimates, or mass times the largest factor, together."""
        most: list[Fraction] = []

        def item(row: Row) -> None:
            row.text("name")
            ways = [row.has("estimate"), row.has("mass") or row.has("largest_factor")]
            if ways.count(True) != 1:
                self.values.problems.add(row.path, "footprint-exclusion")
                for name in ("estimate", "mass", "largest_factor"):
                    row.take(name)
                return
            if ways[0]:
                estimate = row.needed_amount("estimate", CO2E)
                most.append(estimate.value + estimate.half)
                return
            mass = row.needed_amount("mass", Unit("kilogram", declared=True))
            factor = row.needed_amount("largest_factor", Unit("kilogram CO2e", ("kilogram",)))
            most.append((mass.value + mass.half) * (factor.value + factor.half))

        self._rows(given, "exclusions", item)
        if most:
            self._disclose("exclusions", _at_most(sum(most, Fraction(0))), "exclusions")

    # Land use change

    def _land_use_change(self, given: Any) -> None:
        """Spread what a conversion of land released over the years and the yield of the land."""
        found: list[Quantity] = []
        per_hectare = Unit("kilogram carbon", ("hectare",), also=("kilogram",))

        def conversion(row: Row) -> None:
            row.text("name")
            before = row.needed_amount("carbon_before", per_hectare)
            after = row.needed_amount("carbon_after", per_hectare)
            other = row.amount("other_gases", Unit("kilogram CO2e", ("hectare",)))
            period = as_written(row.needed_amount("period", Unit("year"), above=True))
            crop = row.needed_amount("yield", Unit("kilogram", ("hectare", "year")), above=True)
            share = row.share("allocation")
            mass = row.needed_amount("mass", Unit("kilogram", declared=True))
            if period.value > period.half and crop.value > crop.half:
                carbon = _sum([before, _read.scaled(after, Fraction(-1))])
                released = _sum([_read.scaled(carbon, Fraction(44, 12)), *([other] if other else [])])
                per_kilogram = _quotient(_quotient(released, period), crop)
                one = _product(per_kilogram, mass)
                found.append(_product(one, share) if share is not None else one)

        self._rows(given, "land_use_change", conversion)
        if found:
            self._disclose("land-use-change", _sum(found), "land_use_change")

    # What was deducted

    def _credits(self, given: Any) -> None:
        """What was taken off the total, by kind."""
        parts: dict[str, list[Quantity]] = {}

        def credit(row: Row) -> None:
            kind = row.needed_choice("kind", tuple(_CREDITS))
            row.text("name")
            row.text("registry")
            deducted = row.needed_amount("deducted", CO2E)
            parts.setdefault(_CREDITS[kind], []).append(_read.scaled(deducted, Fraction(-1)))

        self._rows(given, "credits", credit)
        for code in sorted(parts):
            self._disclose(code, _sum(parts[code]), f"credits.{code}")
            for option in self.fields[code].under:
                self.method[self.values.catalogue.options[option].dimension] = option


def _leg(
    co2e: Quantity | None, co2: Quantity | None, multiplier: Quantity | None, inside: bool
) -> tuple[Quantity | None, Quantity | None, Quantity | None]:
    """Return CO2e and CO2 without uplift, and the uplift, each as far as it is known.

    ``inside`` tells that the numbers given hold the uplift already. Where the CO2 is not given it is
    anything up to the CO2e.
    """
    if multiplier is None:
        return co2e, co2, None
    k = multiplier
    least, most = max(k.value - k.half, Fraction(1)), k.value + k.half
    if co2 is None:
        assert co2e is not None
        low, high = co2e.value - co2e.half, co2e.value + co2e.half
        if inside:
            return _between(low / most, high), None, _between(Fraction(0), high * (1 - 1 / most))
        return co2e, None, _between(Fraction(0), high * (most - 1))
    low, high = co2.value - co2.half, co2.value + co2.half
    if not inside:
        return co2e, co2, _between(low * (least - 1), high * (most - 1), co2.value * (k.value - 1))
    without = _between(low / most, high / least, co2.value / k.value)
    uplift = _between(low * (1 - 1 / least), high * (1 - 1 / most), co2.value * (1 - 1 / k.value))
    plain = None if co2e is None else _sum([co2e, _read.scaled(uplift, Fraction(-1))])
    return plain, without, uplift


def _between(low: Fraction, high: Fraction, value: Fraction | None = None) -> Quantity:
    """A computed number that holds everything from ``low`` to ``high``; ``value`` is the best one."""
    if value is None:
        value = (low + high) / 2
    half = max(high - value, value - low, Fraction(0))
    return Quantity(text=f"{float(value):.6g}", value=value, half=half)


def _at_most(most: Fraction) -> Quantity:
    return Quantity(text=f"≤ {float(most):.6g}", value=most / 2, half=most / 2)


def _sum(parts: Iterable[Quantity]) -> Quantity:
    every = list(parts)
    if len(every) == 1:
        return every[0]
    value = sum((one.value for one in every), Fraction(0))
    half = sum((one.half for one in every), Fraction(0))
    return _between(value - half, value + half, value)


def _product(one: Quantity, other: Quantity) -> Quantity:
    ends = [a * b for a in _ends(one) for b in _ends(other)]
    return _between(min(ends), max(ends), one.value * other.value)


def _quotient(one: Quantity, other: Quantity) -> Quantity:
    """Divide by a number above zero, whatever its rounding."""
    ends = [a / b for a in _ends(one) for b in _ends(other)]
    return _between(min(ends), max(ends), one.value / other.value)


def _ends(given: Quantity) -> tuple[Fraction, Fraction]:
    return given.value - given.half, given.value + given.half

"""Sections of our own file that are itemised lines: each becomes disclosures on the cells it is about.

Capital goods and overheads, air transport, what was left out, land use change, and what was deducted.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import msgspec

from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Disclosure
from crosswalk.formats import _own_land, _read
from crosswalk.formats._computed import Reckoned, between, ends, limit, quotient, total
from crosswalk.formats._own_row import Row
from crosswalk.formats._own_values import Unit
from crosswalk.knowledge.catalogue import Field

CO2 = Unit("kilogram CO2", also=("kilogram",), declared=True)
CO2E = Unit("kilogram CO2e", declared=True)
#: Which line an item belongs to, by its kind.
_GOODS = ("capital-goods", "overheads")
#: What a leg states, in the order of its three numbers.
_AIR = ("aircraft", "aircraft-co2", "aircraft-uplift")
_LAND = "dluc"
_OTHER_PERIOD = "dluc.other-period"
_CREDITS = {"offsets": "offsets-deducted", "avoided": "avoided-deducted", "delayed": "delayed-deducted"}


class Lines:
    """Reads these sections; ``disclosures`` are what they state, ``method`` the options they imply.

    ``stated`` are the options the file states itself: they go before what is implied, and must not
    contradict it.
    """

    def __init__(self, file: Row, fields: dict[str, Field], stated: dict[str, tuple[str, ...]]) -> None:
        self.fields = fields
        self.stated = stated
        self.problems = file.problems
        self.catalogue = file.values.catalogue
        self.disclosures: list[Disclosure] = []
        self.method: dict[str, tuple[str, ...]] = {}
        self._capital_goods(file)
        self._aircraft(file)
        self._exclusions(file)
        self._land_use_change(file)
        self._credits(file)

    def _disclose(self, code: str, value: Reckoned, path: str, under: str | None = None) -> None:
        """State what a field comes to: a value, or where it is loose, what it is at most and at least."""
        field, number = self.fields[code], value.number
        if _read.signed(number, field, path, self.problems) is None:
            return
        low, high = ends(number)
        stated: list[tuple[str, Quantity, Literal["most", "least"] | None]] = [(path, number, None)]
        if value.loose:
            stated = [(f"{path}.most", limit(high, "≤"), "most"), (f"{path}.least", limit(low, "≥"), "least")]
        for at, quantity, which in stated[: 1 if low <= 0 else 2]:
            made = _read.disclosure(field, quantity, at)
            options = field.under if under is None else (*field.under, under)
            self.disclosures.append(msgspec.structs.replace(made, under=options, limit=which))

    def _implies(self, path: str, option: str, agree: tuple[str, ...]) -> None:
        """Take it that the study used ``option``, unless it states one that agrees with what was read."""
        dimension = self.catalogue.options[option].dimension
        stated = self.stated.get(dimension, ())
        if not stated:
            self.method[dimension] = (option,)
        elif set(stated).isdisjoint(agree):
            shown = ", ".join(stated)
            self.problems.add(path, "footprint-implied", option=option, stated=shown)

    def _capital_goods(self, file: Row) -> None:
        """Add up burden over lifetime output, per declared unit; one line a kind."""
        declared = file.values.declared
        parts: dict[str, list[Quantity]] = {}
        for row in file.rows("capital_goods"):
            row.text("name")
            kind = row.needed_choice("kind", _GOODS)
            burden = row.needed_amount("burden", Unit("kilogram CO2e"))
            output = row.needed_amount("lifetime_output", Unit(declared.unit), above=True)
            one = _read.scaled(quotient(burden, output), declared.amount)
            parts.setdefault(kind, []).append(one)
        for kind in sorted(parts):
            self._disclose(kind, Reckoned(total(parts[kind])), f"capital_goods.{kind}")

    def _aircraft(self, file: Row) -> None:
        """Split every leg into emissions and uplift: with a multiplier k, k - 1 times the CO2 is uplift."""
        legs = [_leg(row) for row in file.rows("aircraft")]
        for place, code in enumerate(_AIR):
            parts = [leg[place] for leg in legs]
            known = [part for part in parts if part is not None]
            if known and len(known) == len(parts):
                self._disclose(code, Reckoned.total(known), f"aircraft.{code}")
        uplift = [leg[-1] for leg in legs]
        known = [part for part in uplift if part is not None]
        if known and len(known) == len(uplift):
            counted = any(ends(part.number)[1] > 0 for part in known)
            option = "aircraft.multiplier" if counted else "aircraft.no-multiplier"
            self._implies("aircraft", option, ("aircraft.multiplier", option))

    def _exclusions(self, file: Row) -> None:
        """What was left out is at most the estimates, or mass times the largest factor, together."""
        most = [_largest(row) for row in file.rows("exclusions")]
        if most:
            whole = between(Fraction(0), sum(most, Fraction(0)))
            self._disclose("exclusions", Reckoned(whole, loose=True), "exclusions")

    def _land_use_change(self, file: Row) -> None:
        """State what the conversions come to over the period of every option, and over their own."""
        found = [_own_land.conversion(row) for row in file.rows("land_use_change")]
        if not found:
            return
        options = [self.catalogue.options[code] for code in self.catalogue.dimensions[_LAND].options]
        known = {option.years: option.code for option in options if option.years is not None}
        for years in sorted(known):
            value = Reckoned.total(each.over(years) for each in found)
            self._disclose("land-use-change", value, f"land_use_change.{years}", under=known[years])
        if any(each.period.value not in known or each.period.half for each in found):
            value = Reckoned.total(each.own() for each in found)
            self._disclose("land-use-change", value, "land_use_change", under=_OTHER_PERIOD)
            without = tuple(option.code for option in options if option.years is None)
            self._implies("land_use_change", _OTHER_PERIOD, without)

    def _credits(self, file: Row) -> None:
        """What was taken off the total, by kind."""
        parts: dict[str, list[Quantity]] = {}
        for row in file.rows("credits"):
            row.text("name")
            row.text("registry")
            kind = row.needed_choice("kind", tuple(_CREDITS))
            deducted = row.needed_amount("deducted", CO2E)
            parts.setdefault(_CREDITS[kind], []).append(_read.scaled(deducted, Fraction(-1)))
        for code in sorted(parts):
            self._disclose(code, Reckoned(total(parts[code])), f"credits.{code}")
            for option in self.fields[code].under:
                self._implies(f"credits.{code}", option, (option,))


def _largest(row: Row) -> Fraction:
    """The most that something left out can emit."""
    row.text("name")
    if row.has("estimate") == (row.has("mass") or row.has("largest_factor")):
        row.take("estimate", "mass", "largest_factor")
        row.problems.add(row.path, "footprint-exclusion")
        return Fraction(0)
    if row.has("estimate"):
        return ends(row.needed_amount("estimate", CO2E))[1]
    mass = row.needed_amount("mass", Unit("kilogram", declared=True))
    factor = row.needed_amount("largest_factor", Unit("kilogram CO2e", ("kilogram",)))
    return ends(mass)[1] * ends(factor)[1]


def _leg(row: Row) -> tuple[Reckoned | None, Reckoned | None, Reckoned | None]:
    """Read one leg; return its CO2e and its CO2, both without uplift, and the uplift, where known."""
    row.text("name")
    co2e = row.amount("co2e", CO2E)
    co2 = row.amount("co2", CO2)
    multiplier = row.chosen("multiplier")
    inside = row.truth("multiplied")
    if not row.has("co2e") and not row.has("co2"):
        row.needed("co2e")
    if inside:
        row.needed("multiplier")
    if multiplier is not None and multiplier.value < 1:
        row.problems.add(row.at("multiplier"), "footprint-multiplier", value=multiplier.text)
        return None, None, None
    if multiplier is None:
        return _known(co2e), _known(co2), None
    # A multiplier that was rounded is one or more all the same.
    low, high = ends(multiplier)
    return _split(co2e, co2, (max(low, Fraction(1)), high), multiplier.value, inside is True)


def _known(given: Quantity | None) -> Reckoned | None:
    return None if given is None else Reckoned(given)


def _split(
    co2e: Quantity | None,
    co2: Quantity | None,
    multipliers: tuple[Fraction, Fraction],
    best: Fraction,
    inside: bool,
) -> tuple[Reckoned | None, Reckoned | None, Reckoned | None]:
    """Split CO2e and CO2 of a leg from the uplift, which they hold already if ``inside``.

    Where the CO2 is not given it is anything up to the CO2e.
    """
    least, most = multipliers
    none = Fraction(0)
    if co2 is None:
        if co2e is None:
            return None, None, None
        low, high = ends(co2e)
        if most == 1:
            return Reckoned(co2e), None, Reckoned(between(none, none))
        if inside:
            plain = between(low / most, high)
            return Reckoned(plain, True), None, Reckoned(between(none, high * (1 - 1 / most)), True)
        return Reckoned(co2e), None, Reckoned(between(none, high * (most - 1)), True)
    low, high = ends(co2)
    if not inside:
        uplift = between(low * (least - 1), high * (most - 1), co2.value * (best - 1))
        return _known(co2e), Reckoned(co2), Reckoned(uplift)
    without = between(low / most, high / least, co2.value / best)
    uplift = between(low * (1 - 1 / least), high * (1 - 1 / most), co2.value * (1 - 1 / best))
    rest = None if co2e is None else total([co2e, _read.scaled(uplift, Fraction(-1))])
    return _known(rest), Reckoned(without), Reckoned(uplift)

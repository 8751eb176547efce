"""Numbers of our own file, with and without a unit.

A number with a unit is ``{"value": "4.0", "unit": "kWh"}`` or the text ``"4.0 kWh"``. Its unit must be
on the closed list and measure what the place asks for; the number comes back in the unit of the record.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, NamedTuple

import msgspec

from crosswalk.errors import CrosswalkError, InputError
from crosswalk.footprint import units
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import DeclaredUnit, UnusedField
from crosswalk.formats import _read, _uncertainty
from crosswalk.formats._json import short
from crosswalk.formats._read import Problems
from crosswalk.knowledge.catalogue import Catalogue

_WITH_UNIT = re.compile(
    r"\s*(?P<value>[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?)\s*(?P<unit>[^\s\d.].*)", re.ASCII
)
#: Keys of a number that is an object; ``unit`` stands beside them where the number has one.
NUMBER = ("value", "plus_minus", "exact", "uncertainty")
#: What a message names where any unit will do.
_ANY = "kg, kWh, m3"


class Unit(NamedTuple):
    """The unit a place of a record is in, and what it is per (all are codes of the list).

    ``also`` are units a number may be in besides those of the dimension of ``unit``, each one for one:
    a mass of CO2 is also a mass. An amount with ``declared`` is per declared unit and may be stated per
    any unit of its kind.
    """

    unit: str
    per: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    declared: bool = False


class Measured(NamedTuple):
    """A number as given, its unit as spelled, and the path where the unit stands."""

    value: Quantity
    unit: str
    path: str


class Values:
    """Reads numbers; what is wrong is collected in ``problems``, what means nothing in ``unused``.

    ``spreads`` are the paths of the numbers that state a distribution.

    ``declared`` is the declared unit of the footprint, once it is read.
    """

    def __init__(self, problems: Problems, catalogue: Catalogue) -> None:
        self.problems = problems
        self.catalogue = catalogue
        self.unused: list[UnusedField] = []
        self.spreads: list[str] = []
        self.declared = DeclaredUnit(amount=Fraction(1), unit="kilogram")

    def number(self, given: Any, path: str) -> Quantity | None:
        """Read a number without a unit: digits, or an object that says how exact they are."""
        if not isinstance(given, dict):
            return _read.quantity(given, path, self.problems)
        self.leave(given, NUMBER, path)
        value = _read.quantity(given.get("value"), f"{path}.value", self.problems)
        if value is None:
            return None
        value = _uncertainty.with_spread(given, value, path, self.problems, self.catalogue)
        self.spreads += [] if value.spread is None else [path]
        if given.get("exact") is True:
            return msgspec.structs.replace(value, half=Fraction(0))
        if "plus_minus" not in given:
            return value
        half = _read.quantity(given["plus_minus"], f"{path}.plus_minus", self.problems)
        if half is None or half.value < 0:
            self.problems.add(f"{path}.plus_minus", "footprint-number", value=short(given["plus_minus"]))
            return None
        return msgspec.structs.replace(value, half=half.value)

    def leave(self, given: dict[str, Any], known: Sequence[str], path: str) -> None:
        """Note the keys of an object that are not ``known`` as unused, with the likeliest name."""
        for name in given:
            if name not in known:
                near = get_close_matches(name.casefold(), known, n=1, cutoff=0.7)
                self.unused.append(UnusedField(path=f"{path}.{name}", likely=near[0] if near else None))

    def measured(self, given: Any, path: str, wanted: str) -> Measured | None:
        """Read a number with a unit; ``wanted`` is the unit that the message names where there is none."""
        if isinstance(given, str) and (match := _WITH_UNIT.fullmatch(given)):
            value = self.number(match["value"], path)
            return None if value is None else Measured(value, match["unit"], path)
        if not isinstance(given, dict):
            if _read.quantity(given, path, self.problems) is not None:
                self.problems.add(path, "footprint-unit-missing", wanted=wanted)
            return None
        value = self.number({name: one for name, one in given.items() if name != "unit"}, path)
        at = f"{path}.unit"
        if given.get("unit") is None:
            self.problems.add(at, "footprint-unit-missing", wanted=wanted)
        elif _read.typed(given["unit"], str, at, self.problems) and value is not None:
            return Measured(value, given["unit"], at)
        return None

    def amount(self, given: Any, path: str, wanted: Unit) -> Quantity | None:
        """Read a number with a unit and return it in the unit ``wanted``."""
        found = self.measured(given, path, self.spelled(wanted))
        return None if found is None else self.turned(found, wanted)

    def turned(self, found: Measured, wanted: Unit) -> Quantity | None:
        """Return a number in the unit ``wanted``; notes a problem where it measures something else."""
        try:
            return _read.scaled(found.value, self._factor(found.unit, wanted))
        except CrosswalkError as error:
            self.problems.add_error(found.path, error)
            return None

    def free(self, given: Any, path: str, *, declared: bool = False) -> tuple[Quantity, str] | None:
        """Read an amount in any unit, zero or more: return it in the main unit of its kind, and that unit."""
        found = None if given is None else self.measured(given, path, _ANY)
        if found is None:
            return None
        try:
            code = units.parse_unit(units.split(found.unit)[0], self.catalogue)
            main = units.main(code, self.catalogue)
        except CrosswalkError as error:
            self.problems.add_error(found.path, error)
            return None
        amount = self.turned(found, Unit(main, declared=declared))
        if amount is not None and amount.value < 0:
            self.problems.add(path, "footprint-below-zero", value=amount.text)
        return None if amount is None else (amount, main)

    def spelled(self, wanted: Unit) -> str:
        """Return how a unit is written."""
        return "/".join(units.label(code, catalogue=self.catalogue) for code in (wanted.unit, *wanted.per))

    def _factor(self, text: str, wanted: Unit) -> Fraction:
        """Return what turns a number in the unit ``text`` into one in ``wanted``."""
        codes = [units.parse_unit(part, self.catalogue) for part in units.split(text)]
        found = next(
            (up for other in (wanted.unit, *wanted.also) if (up := self._ratio(codes[0], other))), None
        )
        below = [*wanted.per]
        if wanted.declared and len(codes) == len(below) + 2:
            # Stated per another amount than the declared unit: as much as there is of it in one.
            below.append(self.declared.unit)
            found = None if found is None else found * self.declared.amount
        if found is None or len(codes) != len(below) + 1:
            raise self._misplaced(text, wanted)
        for code, other in zip(codes[1:], below, strict=True):
            down = self._ratio(code, other)
            if down is None:
                raise self._misplaced(text, wanted)
            found /= down
        return found

    def _misplaced(self, text: str, wanted: Unit) -> InputError:
        return InputError("footprint-unit-place", given=short(text), wanted=self.spelled(wanted))

    def _ratio(self, code: str, other: str) -> Fraction | None:
        """How much of one unit the other is; ``None`` where they measure different things."""
        if units.dimension(code, self.catalogue) != units.dimension(other, self.catalogue):
            return None
        return units.factor(code, other, self.catalogue)


def as_written(given: Quantity) -> Quantity:
    """Return a number without rounding, where no other width than that of its digits was stated."""
    plain = given.text and given.half == Quantity.of(given.text).half
    return msgspec.structs.replace(given, half=Fraction(0)) if plain else given

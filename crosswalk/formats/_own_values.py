"""Numbers with units, shares, names and burdens out of one object of our own file.

A number with a unit is ``{"value": "4.0", "unit": "kWh"}`` or the text ``"4.0 kWh"``. Its unit must be
on the closed list and measure what the place asks for; the number comes back in the unit of the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, NamedTuple

import msgspec

from crosswalk.errors import CrosswalkError, InputError
from crosswalk.footprint import names, units
from crosswalk.footprint.activity import Burden, GasMass
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import DeclaredUnit, UnusedField
from crosswalk.formats import _read
from crosswalk.formats._json import short
from crosswalk.formats._read import Problems
from crosswalk.knowledge.catalogue import Catalogue

_WITH_UNIT = re.compile(
    r"\s*(?P<value>[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?)\s*(?P<unit>[^\s\d.].*)", re.ASCII
)
_NUMBER = ("value", "plus_minus", "exact")
_STAND_IN = Quantity(text="", value=Fraction(1), half=Fraction(0))
_BURDEN = ("co2e", "gwp_set", "gases", "scope", "source", "comment")


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


class Values:
    """Reads values; what is wrong is collected in ``problems``, what means nothing in ``unused``."""

    def __init__(self, problems: Problems, catalogue: Catalogue) -> None:
        self.problems = problems
        self.catalogue = catalogue
        self.unused: list[UnusedField] = []
        self.declared = DeclaredUnit(amount=Fraction(1), unit="kilogram")

    def number(self, given: Any, path: str) -> Quantity | None:
        """Read a number without a unit: digits, or an object that says how exact they are."""
        if not isinstance(given, dict):
            return _read.quantity(given, path, self.problems)
        self.leave(given, _NUMBER, path)
        value = _read.quantity(given.get("value"), f"{path}.value", self.problems)
        if value is None:
            return None
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
                where = f"{path}.{name}" if path else name
                self.unused.append(UnusedField(path=where, likely=near[0] if near else None))

    def amount(self, given: Any, path: str, wanted: Unit) -> Quantity | None:
        """Read a number with a unit and return it in the unit ``wanted``."""
        found = self.measured(given, path, self.spelled(wanted))
        if found is None:
            return None
        value, unit, at = found
        try:
            return _read.scaled(value, self._factor(unit, wanted))
        except CrosswalkError as error:
            self.problems.add_error(at, error)
            return None

    def free(self, given: Any, path: str) -> tuple[Quantity, str] | None:
        """Read an amount in any unit, zero or more; return it in the main unit of its kind, and that unit."""
        found = None if given is None else self.measured(given, path, "kg, kWh, m3")
        if found is None:
            return None
        value, unit, at = found
        try:
            code = units.parse_unit(unit, self.catalogue)
            main = units.main(code, self.catalogue)
            amount = _read.scaled(value, units.factor(code, main, self.catalogue))
        except CrosswalkError as error:
            self.problems.add_error(at, error)
            return None
        if amount.value < 0:
            self.problems.add(path, "footprint-below-zero", value=amount.text)
        return amount, main

    def measured(self, given: Any, path: str, wanted: str) -> tuple[Quantity, str, str] | None:
        """Read a number with a unit: the number, the unit as spelled, and the path of the unit.

        ``wanted`` is the unit that the message names where there is none.
        """
        if isinstance(given, str) and (match := _WITH_UNIT.fullmatch(given)):
            value = self.number(match["value"], path)
            return None if value is None else (value, match["unit"], path)
        if not isinstance(given, dict):
            if _read.quantity(given, path, self.problems) is not None:
                self.problems.add(path, "footprint-unit-missing", wanted=wanted)
            return None
        value = self.number({name: one for name, one in given.items() if name != "unit"}, path)
        if given.get("unit") is None:
            self.problems.add(f"{path}.unit", "footprint-unit-missing", wanted=wanted)
        elif _read.typed(given["unit"], str, f"{path}.unit", self.problems) and value is not None:
            return value, given["unit"], f"{path}.unit"
        return None

    def spelled(self, wanted: Unit) -> str:
        """Return how a unit is written."""
        return "/".join(units.label(code, catalogue=self.catalogue) for code in (wanted.unit, *wanted.per))

    def _factor(self, text: str, wanted: Unit) -> Fraction:
        """Return what turns a number in the unit ``text`` into one in ``wanted``."""
        codes = [units.parse_unit(part, self.catalogue) for part in units.split(text)]
        found = self._one_for_one(codes[0], wanted)
        below = [*wanted.per]
        if wanted.declared and len(codes) == len(below) + 2:
            # Stated per another amount than the declared unit: as much as there is of it in one.
            below.append(self.declared.unit)
            found = None if found is None else found * self.declared.amount
        if found is None or len(codes) != len(below) + 1:
            raise self._misplaced(text, wanted)
        for code, other in zip(codes[1:], below, strict=True):
            down = self._between(code, other)
            if down is None:
                raise self._misplaced(text, wanted)
            found /= down
        return found

    def _misplaced(self, text: str, wanted: Unit) -> InputError:
        return InputError("footprint-unit-place", given=short(text), wanted=self.spelled(wanted))

    def _one_for_one(self, code: str, wanted: Unit) -> Fraction | None:
        for other in (wanted.unit, *wanted.also):
            found = self._between(code, other)
            if found is not None:
                return found
        return None

    def _between(self, code: str, other: str) -> Fraction | None:
        if units.dimension(code, self.catalogue) != units.dimension(other, self.catalogue):
            return None
        return units.factor(code, other, self.catalogue)

    def rows(self, given: Any, path: str) -> Iterator[Row]:
        """Yield the objects of a list."""
        if given is None or not _read.typed(given, list, path, self.problems):
            return
        for index, one in enumerate(given):
            at = f"{path}[{index}]"
            if _read.typed(one, dict, at, self.problems):
                yield Row(self, one, at)

    def burden(self, given: Any, path: str, wanted: Unit) -> Burden | None:
        """Read a burden: a number in kg CO2e per ``wanted.per``, or an object with the gases behind it."""
        plain = not isinstance(given, dict)
        if plain:
            co2e = self._co2e(given, path, wanted)
            return None if co2e is None else Burden(path=path, co2e=co2e)
        before = len(self.problems.found)
        row = Row(self, given, path)
        number = {name: one for name, one in row.given.items() if name not in _BURDEN}
        if number.keys() & {"value", "unit"}:
            if row.has("co2e"):
                self.problems.add(path, "footprint-burden-twice")
            co2e = self._co2e(number, path, wanted)
            row.known.update(number)
        else:
            co2e = self._co2e(row.take("co2e"), row.at("co2e"), wanted) if row.has("co2e") else None
        row.known.add("co2e")
        gases = self._gases(row, wanted)
        made = Burden(
            path=path,
            co2e=co2e,
            gwp_set=row.option("gwp_set", "gwp-set"),
            gases=gases,
            scope=row.option("scope", "electricity-scope"),
            source=row.text("source"),
        )
        row.close()
        if co2e is None and not gases and len(self.problems.found) == before:
            self.problems.add(path, "footprint-burden-empty", wanted=self.spelled(wanted))
        return made

    def _co2e(self, given: Any, path: str, wanted: Unit) -> Quantity | None:
        found = self.measured(given, path, self.spelled(wanted))
        if found is None:
            return None
        value, unit, at = found
        try:
            head = units.parse_unit(units.split(unit)[0], self.catalogue)
            if units.dimension(head, self.catalogue).startswith("mass of "):
                raise InputError("footprint-burden-gas", given=short(unit), wanted=self.spelled(wanted))
            return _read.scaled(value, self._factor(unit, wanted))
        except CrosswalkError as error:
            self.problems.add_error(at, error)
            return None

    def _gases(self, row: Row, wanted: Unit) -> tuple[GasMass, ...]:
        found: dict[tuple[str, str], GasMass] = {}
        for one in self.rows(row.take("gases"), row.at("gases")):
            made = self._gas(one, wanted)
            if made is None:
                continue
            other = found.get((made.gas, made.origin))
            if other is not None:
                self.problems.add(one.path, "footprint-twice", name=f"{made.gas} {made.origin}")
            found[made.gas, made.origin] = made
        return tuple(found[key] for key in sorted(found))

    def _gas(self, row: Row, wanted: Unit) -> GasMass | None:
        row.needed("gas")
        gas = row.named("gas", "gas")
        origin = row.named("origin", "origin")
        text = row.take("unit")
        mass = None
        if gas is not None:
            unit = Unit("kilogram", wanted.per, self._kilogram_of(gas), wanted.declared)
            given = row.needed("mass")
            if given is not None:
                if text is not None:
                    given = {**(given if isinstance(given, dict) else {"value": given}), "unit": text}
                mass = self.amount(given, row.at("mass"), unit)
                if mass is not None and mass.value < 0:
                    self.problems.add(row.at("mass"), "footprint-below-zero", value=mass.text)
        row.known.add("mass")
        if gas is not None and not row.has("origin"):
            origin = self._only_origin(gas)
            if origin is None:
                self.problems.add(row.at("origin"), "footprint-missing", name="origin")
        row.close()
        if gas is None or origin is None or mass is None:
            return None
        return GasMass(gas=gas, mass=mass, origin=origin)

    def _kilogram_of(self, gas: str) -> tuple[str, ...]:
        """The kilogram that counts one gas alone, if the list has one."""
        return tuple(
            unit.code
            for unit in self.catalogue.units.values()
            if unit.dimension == f"mass of {gas}" and unit.expression == "kilogram"
        )

    def _only_origin(self, gas: str) -> str | None:
        """The one origin a gas can have; ``None`` if it has several."""
        families = {*self.catalogue.gases[gas].families}
        found = {
            origin
            for cells in self.catalogue.cell_families
            if gas in cells.gases or not families.isdisjoint(cells.families)
            for origin in cells.origins
        }
        return found.pop() if len(found) == 1 else None


class Row:
    """One object of a file, key by key; ``close`` notes the keys nobody asked for."""

    def __init__(self, values: Values, given: dict[str, Any], path: str) -> None:
        # JSON null says no more than a field left out.
        self.given = {name: value for name, value in given.items() if value is not None}
        self.path = path
        self.known: set[str] = {"comment", *(name for name, value in given.items() if value is None)}
        self._values = values
        self._problems = values.problems

    def at(self, name: str) -> str:
        """Return the path of a key."""
        return f"{self.path}.{name}"

    def has(self, name: str) -> bool:
        """Whether the key is there and not null."""
        return name in self.given

    def take(self, name: str) -> Any:
        """Return what stands under a key, as it is."""
        self.known.add(name)
        return self.given.get(name)

    def needed(self, name: str) -> Any:
        """Return what stands under a key; notes a problem where nothing does."""
        if not self.has(name):
            self._problems.add(self.at(name), "footprint-missing", name=name)
        return self.take(name)

    def close(self) -> None:
        """Note the keys that nobody asked for."""
        self._values.leave(self.given, sorted(self.known), self.path)

    def amount(self, name: str, wanted: Unit, *, signed: bool = False) -> Quantity | None:
        """Read a number with a unit, zero or more unless ``signed``."""
        given = self.take(name)
        found = None if given is None else self._values.amount(given, self.at(name), wanted)
        return found if signed else self._least(name, found)

    def number(self, name: str) -> Quantity | None:
        """Read a plain number, zero or more."""
        given = self.take(name)
        return None if given is None else self._least(name, self._values.number(given, self.at(name)))

    def chosen(self, name: str) -> Quantity | None:
        """Read a number that somebody chose: exactly what is written, unless the file says otherwise."""
        found = self.number(name)
        return None if found is None else as_written(found)

    def share(self, name: str) -> Quantity | None:
        """Read a share from 0 to 1."""
        given = self.take(name)
        found = None if given is None else self._values.number(given, self.at(name))
        if found is not None and not 0 <= found.value <= 1:
            self._problems.add(self.at(name), "footprint-share", value=found.text)
            return None
        return found

    # Where something needed is missing or wrong, a problem is noted, no footprint is made, and what
    # stands in its place is never seen.

    def needed_amount(self, name: str, wanted: Unit, *, above: bool = False) -> Quantity:
        """Read a number with a unit that has to be there, zero or more, or ``above`` zero."""
        self.needed(name)
        found = self.amount(name, wanted)
        if above and found is not None and found.value - found.half <= 0:
            self._problems.add(self.at(name), "footprint-zero", value=found.text)
        return found or _STAND_IN

    def needed_share(self, name: str) -> Quantity:
        """Read a share that has to be there."""
        self.needed(name)
        return self.share(name) or _STAND_IN

    def needed_text(self, name: str) -> str:
        """Read a text that has to be there."""
        self.needed(name)
        found = self.text(name)
        if not found and self.has(name) and isinstance(self.given[name], str):
            self._problems.add(self.at(name), "footprint-missing", name=name)
        return found

    def needed_choice(self, name: str, words: Sequence[str]) -> str:
        """Read one of a few words that has to be there."""
        self.needed(name)
        return self.choice(name, words) or words[0]

    def burden(self, name: str, wanted: Unit) -> Burden | None:
        """Read a burden in kg CO2e, or the gases behind it."""
        given = self.take(name)
        return None if given is None else self._values.burden(given, self.at(name), wanted)

    def text(self, name: str) -> str:
        """Read a text; empty where there is none."""
        given = self.take(name)
        if given is None or not _read.typed(given, str, self.at(name), self._problems):
            return ""
        return " ".join(given.split())

    def truth(self, name: str) -> bool | None:
        """Read true or false."""
        given = self.take(name)
        if given is None or not _read.typed(given, bool, self.at(name), self._problems):
            return None
        return bool(given)

    def year(self, name: str) -> int | None:
        """Read a year of four digits."""
        given = self.take(name)
        if given is None:
            return None
        text = str(given)
        if isinstance(given, bool) or not re.fullmatch(r"(19|20|21)\d\d", text, re.ASCII):
            self._problems.add(self.at(name), "footprint-year", value=short(given))
            return None
        return int(text)

    def choice(self, name: str, words: Sequence[str]) -> str | None:
        """Read one of a few words."""
        given = self.take(name)
        if given is None or not _read.typed(given, str, self.at(name), self._problems):
            return None
        wanted = names.normalise(given)
        for word in words:
            if names.normalise(word) == wanted:
                return word
        known = ", ".join(words)
        self._problems.add(self.at(name), "footprint-choice", value=short(given), known=known)
        return None

    def option(self, name: str, dimension: str) -> str | None:
        """Read an option of a dimension, by code, short code, label or alias."""
        given = self.take(name)
        if given is None or not _read.typed(given, str, self.at(name), self._problems):
            return None
        try:
            found = names.resolve_option(dimension, given, self._values.catalogue)
        except CrosswalkError as error:
            self._problems.add_error(self.at(name), error)
            return None
        return self._single(name, given, found)

    def named(self, name: str, kind: str) -> str | None:
        """Read the name of a gas, an origin, a stage: its code."""
        given = self.take(name)
        if given is None or not _read.typed(given, str, self.at(name), self._problems):
            return None
        try:
            found = names.resolve(kind, given, self._values.catalogue)
        except CrosswalkError as error:
            self._problems.add_error(self.at(name), error)
            return None
        return self._single(name, given, found)

    def _single(self, name: str, given: str, found: tuple[str, ...]) -> str | None:
        if len(found) == 1:
            return found[0]
        self._problems.add(
            self.at(name), "footprint-several-codes", name=short(given), codes=", ".join(found)
        )
        return None

    def _least(self, name: str, found: Quantity | None) -> Quantity | None:
        if found is not None and found.value < 0:
            self._problems.add(self.at(name), "footprint-below-zero", value=found.text)
            return None
        return found


def as_written(given: Quantity) -> Quantity:
    """Return a number without rounding, where no other width than that of its digits was stated."""
    plain = given.half == Quantity.of(given.text).half
    return msgspec.structs.replace(given, half=Fraction(0)) if plain else given

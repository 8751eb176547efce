"""Burdens of our own file: what one unit of something emits, in kg CO2e or by the gases behind it."""

from __future__ import annotations

from typing import Any

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import units
from crosswalk.footprint.activity import Burden, GasMass
from crosswalk.footprint.quantity import Quantity
from crosswalk.formats._json import short
from crosswalk.formats._own_row import Row
from crosswalk.formats._own_values import NUMBER, Unit, Values

#: Keys of a burden that is itself a number.
_PLAIN = (*NUMBER, "unit")


def burden(row: Row, name: str, wanted: Unit) -> Burden | None:
    """Read the burden under a key, in ``wanted``: kg CO2e, per unit of something or by itself."""
    given = row.take(name)
    return None if given is None else one(row.values, given, row.at(name), wanted)


def one(values: Values, given: Any, path: str, wanted: Unit) -> Burden | None:
    """Read a burden: a number with its unit, or an object with the gases behind it."""
    if not isinstance(given, dict):
        plain = _co2e(values, given, path, wanted)
        return None if plain is None else Burden(path=path, co2e=plain)
    before = len(values.problems.found)
    row = Row(values, given, path)
    co2e = _stated(row, wanted)
    made = Burden(
        path=path,
        co2e=co2e,
        gwp_set=row.option("gwp_set", "gwp-set"),
        gases=_gases(row, wanted),
        scope=row.option("scope", "electricity-scope"),
        source=row.text("source"),
    )
    row.close()
    if co2e is None and not made.gases and len(values.problems.found) == before:
        values.problems.add(path, "footprint-burden-empty", wanted=values.spelled(wanted))
    return made


def _stated(row: Row, wanted: Unit) -> Quantity | None:
    """The CO2e of a burden: the number the object is itself, or the one under ``co2e``."""
    number = {name: value for name, value in row.given.items() if name in _PLAIN}
    if not number.keys() & {"value", "unit"}:
        given = row.take("co2e")
        return None if given is None else _co2e(row.values, given, row.at("co2e"), wanted)
    if row.has("co2e"):
        row.problems.add(row.path, "footprint-burden-twice")
    row.take("co2e", *_PLAIN)
    return _co2e(row.values, number, row.path, wanted)


def _co2e(values: Values, given: Any, path: str, wanted: Unit) -> Quantity | None:
    found = values.measured(given, path, values.spelled(wanted))
    if found is None:
        return None
    try:
        counted = units.parse_unit(units.split(found.unit)[0], values.catalogue)
    except CrosswalkError as error:
        values.problems.add_error(found.path, error)
        return None
    if units.dimension(counted, values.catalogue).startswith("mass of "):
        shown = values.spelled(wanted)
        values.problems.add(found.path, "footprint-burden-gas", given=short(found.unit), wanted=shown)
        return None
    return values.turned(found, wanted)


def _gases(row: Row, wanted: Unit) -> tuple[GasMass, ...]:
    found: dict[tuple[str, str], GasMass] = {}
    for each in row.rows("gases"):
        made = _gas(each, wanted)
        if made is None:
            continue
        if (made.gas, made.origin) in found:
            row.problems.add(each.path, "footprint-twice", name=f"{made.gas} {made.origin}")
        found[made.gas, made.origin] = made
    return tuple(found[key] for key in sorted(found))


def _gas(row: Row, wanted: Unit) -> GasMass | None:
    row.needed("gas")
    row.needed("mass")
    gas = row.named("gas", "gas")
    origin = row.named("origin", "origin")
    unit = row.take("unit")
    if gas is None:
        return None
    if not row.has("origin"):
        origin = _only_origin(gas, row.values)
        if origin is None:
            row.problems.add(row.at("origin"), "footprint-missing", name="origin")
    if unit is not None and row.has("mass"):
        mass = row.given["mass"]
        if isinstance(mass, dict) and "unit" in mass:
            row.problems.add(row.at("unit"), "footprint-twice", name="unit")
        row.given["mass"] = {**(mass if isinstance(mass, dict) else {"value": mass}), "unit": unit}
    weighed = Unit("kilogram", wanted.per, _kilogram_of(gas, row.values), wanted.declared)
    amount = row.amount("mass", weighed)
    return None if origin is None or amount is None else GasMass(gas=gas, mass=amount, origin=origin)


def _kilogram_of(gas: str, values: Values) -> tuple[str, ...]:
    """The kilogram that counts one gas alone, if the list has one."""
    return tuple(
        unit.code
        for unit in values.catalogue.units.values()
        if unit.dimension == f"mass of {gas}" and unit.expression == "kilogram"
    )


def _only_origin(gas: str, values: Values) -> str | None:
    """The one origin a gas can have; ``None`` if it has several."""
    families = {*values.catalogue.gases[gas].families}
    found = {
        origin
        for cells in values.catalogue.cell_families
        if gas in cells.gases or not families.isdisjoint(cells.families)
        for origin in cells.origins
    }
    return found.pop() if len(found) == 1 else None

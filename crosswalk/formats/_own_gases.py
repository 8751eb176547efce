"""The amounts of gases in our own file, each narrowed to the cells it is about."""

from __future__ import annotations

from typing import Any

import msgspec

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import names
from crosswalk.footprint.records import Disclosure
from crosswalk.formats import _read
from crosswalk.formats._json import short
from crosswalk.formats._own_about import AXES, in_kilograms
from crosswalk.formats._own_values import Values
from crosswalk.knowledge.catalogue import Field, Selection


def read(
    payload: dict[str, Any], fields: dict[str, Field], values: Values
) -> tuple[list[Disclosure], Selection | None]:
    """Return the gas amounts, and the cells they are complete for, if the file says so."""
    found: list[Disclosure] = []
    families = []
    given = payload.get("gases", [])
    if not _read.typed(given, list, "gases", values.problems):
        return found, None
    for index, row in enumerate(given):
        path = f"gases[{index}]"
        if not _read.typed(row, dict, path, values.problems):
            continue
        made = _gas(row, path, fields, values)
        if made is None:
            continue
        _add(found, made)
        if made.basis != "mass":
            families.append(made.on)
    complete = payload.get("gases_complete", False)
    if not _read.typed(complete, bool, "gases_complete", values.problems) or not complete:
        return found, None
    # A family given as CO2e is listed too, though none of its gases has a mass here.
    on = fields["gas-mass"].on
    return found, msgspec.structs.replace(on, excepts=(*on.excepts, *families))


def _gas(row: dict[str, Any], path: str, fields: dict[str, Field], values: Values) -> Disclosure | None:
    known = ("gas", "family", "origin", "stage", "activity", "mass", "unit", "co2e", "comment")
    values.leave(row, known, path)
    kinds = [kind for kind in ("gas", "family") if row.get(kind)]
    amounts = [name for name in ("mass", "co2e") if row.get(name) is not None]
    if len(kinds) != 1 or len(amounts) != 1 or (kinds, amounts) == (["family"], ["mass"]):
        values.problems.add(path, "footprint-gas-amount")
        return None
    field = fields[f"gas-{amounts[0]}"]
    on = _narrowed(field, row, path, values)
    value = values.number(row[amounts[0]], f"{path}.{amounts[0]}")
    if value is not None:
        value = _read.signed(value, field, f"{path}.{amounts[0]}", values.problems)
    if value is not None and amounts == ["mass"]:
        value = in_kilograms(value, row.get("unit", "kg"), f"{path}.unit", values)
    if on is None or value is None:
        return None
    said = [str(row[key]) for key in ("gas", "family", "origin", "stage", "activity") if row.get(key)]
    return _read.disclosure(field, value, f"{path}.{amounts[0]}", name=short(" ".join(said)), on=on)


def _add(found: list[Disclosure], made: Disclosure) -> None:
    """Add a gas amount; rows about the same cells are parts of one amount, and add up."""
    for place, other in enumerate(found):
        if (other.field, other.on) == (made.field, made.on):
            total, path = other.quantity.plus(made.quantity), f"{other.path} + {made.path}"
            found[place] = msgspec.structs.replace(other, quantity=total, path=path)
            return
    found.append(made)


def _narrowed(field: Field, row: dict[str, Any], path: str, values: Values) -> Selection | None:
    catalogue = values.catalogue
    found: dict[str, tuple[str, ...]] = {}
    for kind, axis in AXES.items():
        key = "family" if kind == "gas family" else kind
        codes: list[str] = []
        for text in _read.texts(row.get(key) or [], f"{path}.{key}", values.problems):
            try:
                codes.extend(names.resolve(kind, text, catalogue))
            except CrosswalkError as error:
                values.problems.add_error(f"{path}.{key}", error)
                return None
        found[axis] = tuple(dict.fromkeys(codes))
    foreign = {activity for taken_out in field.on.excepts for activity in taken_out.activities}
    for activity in found["activities"]:
        if activity in foreign or catalogue.activities[activity].broader in foreign:
            values.problems.add(f"{path}.activity", "footprint-gas-activity", name=activity)
            return None
    return msgspec.structs.replace(Selection(excepts=field.on.excepts), **found)

"""What a footprint of ours is about: product, declared unit, regime, method, what is absent."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import names, units
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Absence, DeclaredUnit, Note
from crosswalk.formats import _read
from crosswalk.formats._json import short
from crosswalk.formats._own_values import Values
from crosswalk.knowledge.catalogue import Catalogue, Field, Selection

#: Classifications of customs whose codes begin alike.
_CUSTOMS = ("HS", "CN")
#: In which order a word is looked up that says what is absent or which cells a gas belongs to.
AXES = {
    "activity": "activities",
    "origin": "origins",
    "gas family": "families",
    "gas": "gases",
    "stage": "stages",
}


def product(payload: dict[str, Any]) -> str:
    """Return the name of the product, in both languages where it has two."""
    given = payload.get("product", "")
    name = given.get("name", "") if isinstance(given, dict) else given
    if isinstance(name, dict):
        return " / ".join(str(name[lang]) for lang in ("en", "zh") if name.get(lang))
    return str(name)


def goods(payload: dict[str, Any]) -> str | None:
    """Return the customs code of the product, the longest where it has several that go together."""
    given = payload.get("product")
    rows = given.get("codes") if isinstance(given, dict) else None
    codes = {
        "".join(filter(str.isdigit, str(one.get("code", ""))))
        for one in (rows if isinstance(rows, list) else ())
        if isinstance(one, dict) and str(one.get("scheme", "")).partition(" ")[0].upper() in _CUSTOMS
    }
    longest = max(codes, key=len, default="")
    return longest if longest and all(longest.startswith(code) for code in codes) else None


def declared_unit(payload: dict[str, Any], values: Values) -> DeclaredUnit:
    """Return what the values are per; one kilogram, never seen, where a problem was noted."""
    given = payload.get("declared_unit")
    fallback = values.declared
    if given is None:
        values.problems.add("declared_unit", "footprint-missing", name="declared_unit")
        return fallback
    if isinstance(given, str):
        given = {"unit": given}
    if not _read.typed(given, dict, "declared_unit", values.problems):
        return fallback
    values.leave(given, ("amount", "unit", "mass", "comment"), "declared_unit")
    unit = _unit(given.get("unit"), "declared_unit.unit", values)
    amount = values.number(given.get("amount", 1), "declared_unit.amount")
    if amount is not None and amount.value <= 0:
        values.problems.add("declared_unit.amount", "footprint-unit-zero", value=amount.text)
        return fallback
    if unit is None or amount is None:
        return fallback
    mass = _mass(given, amount.value, unit, values)
    return DeclaredUnit(amount=amount.value, unit=unit, mass=mass, mass_path="declared_unit.mass")


def _unit(given: Any, path: str, values: Values) -> str | None:
    if given is None:
        values.problems.add(path, "footprint-missing", name="unit")
    elif _read.typed(given, str, path, values.problems):
        try:
            return units.parse_unit(given, values.catalogue)
        except CrosswalkError as error:
            values.problems.add_error(path, error)
    return None


def _mass(given: dict[str, Any], amount: Fraction, unit: str, values: Values) -> Quantity | None:
    mass, path = given.get("mass"), "declared_unit.mass"
    if mass is None:
        return _read.weighed(amount, unit, values.catalogue)
    if isinstance(mass, dict) and isinstance(mass.get("value"), dict):
        # The number may be an object of its own, that says how exact it is.
        mass = {**mass["value"], **{name: one for name, one in mass.items() if name != "value"}}
    if isinstance(mass, dict):
        mass = {"unit": "kg", **{name: one for name, one in mass.items() if one is not None}}
    elif _read.plain(mass):
        mass = {"value": mass, "unit": "kg"}
    found = values.measured(mass, path, "kg")
    if found is None:
        return None
    if found.value.value <= found.value.half:
        code = "footprint-zero" if found.value.value > 0 else "footprint-unit-zero"
        values.problems.add(f"{path}.value", code, value=found.value.text)
        return None
    weighed = in_kilograms(found.value, found.unit, found.path, values)
    return None if weighed is None else msgspec.structs.replace(weighed, spread=None)


def in_kilograms(value: Quantity, unit: Any, path: str, values: Values) -> Quantity | None:
    """Return a mass in kg; notes a problem where ``unit`` measures something else."""
    if not _read.typed(unit, str, path, values.problems):
        return None
    try:
        code = units.parse_unit(unit, values.catalogue)
        return _read.scaled(value, units.factor(code, "kilogram", values.catalogue))
    except CrosswalkError as error:
        if error.code == "unit-dimension":
            values.problems.add(path, "footprint-gas-unit", unit=short(unit))
        else:
            values.problems.add_error(path, error)
        return None


def regimes(payload: dict[str, Any], values: Values) -> tuple[str | None, tuple[str, ...], tuple[Note, ...]]:
    """Return the regime the file is stated under, and all standards it names, as codes where known."""
    standards: list[str] = []
    notes: list[Note] = []
    for text in _read.texts(payload.get("standards", []), "standards", values.problems):
        found = names.find("regime", text, values.catalogue)
        if not found:
            notes.append(Note(code="standard-unknown", values={"name": short(text)}))
        standards.extend((*found.codes, *found.undescribed) or (text,))
    given = payload.get("regime")
    if given is None or not _read.typed(given, str, "regime", values.problems):
        return None, tuple(dict.fromkeys(standards)), tuple(notes)
    found = names.find("regime", given, values.catalogue)
    standards = [*found.codes, *found.undescribed, *standards]
    if len(found.codes) > 1:
        codes = ", ".join(found.codes)
        values.problems.add("regime", "footprint-several-codes", name=short(given), codes=codes)
    elif not found:
        values.problems.add_error("regime", names.unknown("regime", short(given), values.catalogue))
    elif not found.codes:
        told = {"name": short(given), "codes": ", ".join(found.undescribed)}
        notes.append(Note(code="regime-undescribed", values=told))
    one = found.codes[0] if len(found.codes) == 1 else None
    return one, tuple(dict.fromkeys(standards)), tuple(notes)


def method(payload: dict[str, Any], values: Values) -> dict[str, tuple[str, ...]]:
    """Return the options the study states, by dimension."""
    given = payload.get("method", {})
    if not _read.typed(given, dict, "method", values.problems):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for key, stated in given.items():
        path = f"method.{short(key)}"
        if stated is None:
            continue
        if stated == []:
            values.problems.add(path, "footprint-method-empty")
            continue
        try:
            dimensions = names.resolve("dimension", key, values.catalogue)
            options = [
                code
                for text in _read.texts(stated, path, values.problems)
                for code in names.resolve_option(dimensions[0], text, values.catalogue)
            ]
        except CrosswalkError as error:
            values.problems.add_error(path, error)
            continue
        if options:
            found[dimensions[0]] = tuple(dict.fromkeys(options))
    return found


def absences(payload: dict[str, Any], fields: dict[str, Field], values: Values) -> tuple[Absence, ...]:
    """Return what the file says there is none of."""
    found = []
    for index, text in enumerate(_read.texts(payload.get("absent", []), "absent", values.problems)):
        path = f"absent[{index}]"
        on = _absent(text, fields, values.catalogue)
        if on is None:
            near = [code for kind in AXES for code in names.near(kind, text, values.catalogue)]
            shown = ", ".join(near[:3]) or "–"
            values.problems.add(path, "footprint-absent-unknown", name=short(text), near=shown)
        else:
            found.append(Absence(name=text, path=path, on=on))
    return tuple(found)


def _absent(text: str, fields: dict[str, Field], catalogue: Catalogue) -> Selection | None:
    for kind, axis in AXES.items():
        codes = names.find(kind, text, catalogue).codes
        if codes:
            return msgspec.structs.replace(Selection(), **{axis: codes})
    field = _read.by_name(fields.values()).get(text)
    if field is None or field.balance is not None or field.on == Selection():
        return None
    return field.on


def exempted(payload: dict[str, Any], values: Values) -> Quantity | None:
    """Return the share of emissions left out under a cut-off."""
    if "exempted_share" not in payload:
        return None
    share = values.number(payload["exempted_share"], "exempted_share")
    if share is not None and not 0 <= share.value <= 1:
        values.problems.add("exempted_share", "footprint-exempted", value=share.text, most="1")
    return share


def facts(payload: dict[str, Any]) -> dict[str, str]:
    """Return what the file says in words."""
    found = _read.facts(payload, ("regime", "period", "place", "comment"))
    for name in ("period", "place", "documents", "source"):
        section = payload.get(name)
        if isinstance(section, dict):
            found.update(_read.facts(section, section, f"{name}."))
    return found

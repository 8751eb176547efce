"""Our own footprint file: one JSON object a footprint, described in ``footprint-1.schema.json``.

What its lines mean stands in ``ontologies/formats/crosswalk.ttl``. A number is a JSON number or a
decimal string, and means what its digits say: half a unit in the last place either way;
``{"value": .., "plus_minus": ..}`` and ``{"value": .., "exact": true}`` say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import msgspec

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import names, units
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Absence, DeclaredUnit, Disclosure, Footprint, Note, UnusedField
from crosswalk.formats import _read
from crosswalk.formats._json import short
from crosswalk.formats._read import Problems
from crosswalk.knowledge.catalogue import Catalogue, Field, Selection

FORMAT = "crosswalk"
VERSION = "footprint/1"
#: In which order a word is looked up that says what is absent or which cells a gas belongs to.
_AXES = {
    "activity": "activities",
    "origin": "origins",
    "gas family": "families",
    "gas": "gases",
    "stage": "stages",
}


def claims(payload: Any) -> bool:
    """Whether ``payload`` is one of our files, or a list of them."""
    first = payload[0] if isinstance(payload, list) and payload else payload
    return isinstance(first, dict) and ("crosswalk" in first or {"declared_unit", "total"} <= first.keys())


def read(payload: Any, where: str, catalogue: Catalogue) -> list[Footprint]:
    """Read one of our files. Raises ``InputError`` naming file, field and remedy."""
    return _read.each(
        payload, where, lambda one, problems, source: _Reader(one, problems, catalogue).footprint(source)
    )


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the format."""
    import json
    from importlib.resources import files

    text = files("crosswalk.formats").joinpath("footprint-1.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


class _Reader:
    """Reads one footprint of ours."""

    def __init__(self, payload: dict[str, Any], problems: Problems, catalogue: Catalogue) -> None:
        # JSON null says no more than a field left out.
        self.payload = {name: value for name, value in payload.items() if value is not None}
        self.raw = payload
        self.problems = problems
        self.catalogue = catalogue
        self.described = catalogue.formats[FORMAT]
        self.fields = self.described.fields
        self.disclosures: list[Disclosure] = []
        self.notes: list[Note] = []
        self.unused: list[UnusedField] = []

    def footprint(self, source: str) -> Footprint:
        version = self.payload.get("crosswalk", VERSION)
        if version != VERSION:
            self.problems.add("crosswalk", "footprint-version", version=short(version), known=VERSION)
            self.problems.settle()
        regime, standards = self._regimes()
        declared_unit = self._declared_unit()
        self._total()
        self._section("lines", self._line)
        self._section("stages", self._stage)
        self._section("carbon", self._carbon)
        complete = self._gases()
        made = Footprint(
            source=source,
            format=FORMAT,
            id=str(self.payload.get("id", "")),
            product=self._product(),
            declared_unit=declared_unit,
            regime=regime,
            standards=standards,
            method=self._method(),
            disclosures=tuple(self.disclosures),
            absences=self._absences(),
            complete=complete,
            exempted=self._exempted(),
            unused=self._unused(),
            notes=tuple(self.notes),
            facts=self._facts(),
            raw=self.raw,
        )
        if not self.disclosures and not self.problems.found:
            self.problems.add("", "footprint-empty")
        self.problems.settle()
        return made

    # Numbers

    def _number(self, given: Any, path: str) -> Quantity | None:
        if not isinstance(given, dict):
            return _read.quantity(given, path, self.problems)
        for name in given:
            if name not in ("value", "plus_minus", "exact"):
                self.unused.append(UnusedField(path=f"{path}.{name}"))
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

    def _disclose(self, field: Field, given: Any, path: str) -> None:
        value = self._number(given, path)
        if value is not None:
            value = _read.signed(value, field, path, self.problems)
        if value is not None:
            self.disclosures.append(_read.disclosure(field, value, path))

    def _total(self) -> None:
        if "total" in self.payload:
            self._disclose(self.fields["total"], self.payload["total"], "total")

    def _section(self, name: str, read_one: Callable[[str, Any, str], bool]) -> None:
        given = self.payload.get(name)
        if given is None or not _read.typed(given, dict, name, self.problems):
            return
        for key, value in given.items():
            path = f"{name}.{key}"
            if value is not None and not read_one(key, value, path):
                self.unused.append(_read.unused(key, path, self.described))

    def _line(self, name: str, given: Any, path: str) -> bool:
        lines = _read.by_name(field for field in self.fields.values() if field.path.startswith("lines."))
        if name in lines:
            self._disclose(lines[name], given, path)
        return name in lines

    def _stage(self, name: str, given: Any, path: str) -> bool:
        codes = names.find("stage", name, self.catalogue).codes
        field = self.fields.get(f"stage.{codes[0]}") if len(codes) == 1 else None
        if field is not None:
            self._disclose(field, given, path)
        return field is not None

    def _carbon(self, name: str, given: Any, path: str) -> bool:
        field = next((field for field in self.fields.values() if field.path == path), None)
        if field is not None:
            self._disclose(field, given, path)
        return field is not None

    # Gases

    def _gases(self) -> Selection | None:
        """Read the gas amounts; returns the cells they are complete for, if the file says so."""
        given = self.payload.get("gases", [])
        if not _read.typed(given, list, "gases", self.problems):
            return None
        families = []
        for index, row in enumerate(given):
            path = f"gases[{index}]"
            if _read.typed(row, dict, path, self.problems):
                made = self._gas(row, path)
                if made is not None and made.basis != "mass":
                    families.append(made.on)
        complete = self.payload.get("gases_complete", False)
        if not _read.typed(complete, bool, "gases_complete", self.problems) or not complete:
            return None
        # A family given as CO2e is listed too, though none of its gases has a mass here.
        on = self.fields["gas-mass"].on
        return msgspec.structs.replace(on, excepts=(*on.excepts, *families))

    def _gas(self, row: dict[str, Any], path: str) -> Disclosure | None:
        known = {"gas", "family", "origin", "stage", "activity", "mass", "unit", "co2e", "comment"}
        self.unused.extend(UnusedField(path=f"{path}.{name}") for name in row if name not in known)
        kinds = [kind for kind in ("gas", "family") if row.get(kind)]
        amounts = [name for name in ("mass", "co2e") if row.get(name) is not None]
        if len(kinds) != 1 or len(amounts) != 1 or (kinds, amounts) == (["family"], ["mass"]):
            self.problems.add(path, "footprint-gas-amount")
            return None
        field = self.fields[f"gas-{amounts[0]}"]
        on = self._narrowed(field, row, path)
        value = self._number(row[amounts[0]], f"{path}.{amounts[0]}")
        if value is not None:
            value = _read.signed(value, field, f"{path}.{amounts[0]}", self.problems)
        if value is not None and amounts == ["mass"]:
            value = self._in_kg(value, row.get("unit", "kg"), f"{path}.unit")
        if on is None or value is None:
            return None
        said = [str(row[key]) for key in ("gas", "family", "origin", "stage", "activity") if row.get(key)]
        made = _read.disclosure(field, value, f"{path}.{amounts[0]}", name=short(" ".join(said)), on=on)
        self._add(made)
        return made

    def _add(self, made: Disclosure) -> None:
        """Add a gas amount; rows about the same cells are parts of one amount, and add up."""
        for place, other in enumerate(self.disclosures):
            if (other.field, other.on) == (made.field, made.on):
                one, two = other.quantity, made.quantity
                total = Quantity(
                    text=f"{one.text} + {two.text}", value=one.value + two.value, half=one.half + two.half
                )
                path = f"{other.path} + {made.path}"
                self.disclosures[place] = msgspec.structs.replace(other, quantity=total, path=path)
                return
        self.disclosures.append(made)

    def _in_kg(self, value: Quantity, unit: Any, path: str) -> Quantity | None:
        if not _read.typed(unit, str, path, self.problems):
            return None
        try:
            code = units.parse_unit(unit, self.catalogue)
            return _read.scaled(value, units.factor(code, "kilogram", self.catalogue))
        except CrosswalkError as error:
            if error.code == "unit-dimension":
                self.problems.add(path, "footprint-gas-unit", unit=short(unit))
            else:
                self.problems.add_error(path, error)
            return None

    def _narrowed(self, field: Field, row: dict[str, Any], path: str) -> Selection | None:
        found: dict[str, tuple[str, ...]] = {}
        for kind, axis in _AXES.items():
            key = "family" if kind == "gas family" else kind
            codes: list[str] = []
            for text in _read.texts(row.get(key) or [], f"{path}.{key}", self.problems):
                try:
                    codes.extend(names.resolve(kind, text, self.catalogue))
                except CrosswalkError as error:
                    self.problems.add_error(f"{path}.{key}", error)
                    return None
            found[axis] = tuple(dict.fromkeys(codes))
        foreign = {activity for taken_out in field.on.excepts for activity in taken_out.activities}
        for activity in found["activities"]:
            if activity in foreign or self.catalogue.activities[activity].broader in foreign:
                self.problems.add(f"{path}.activity", "footprint-gas-activity", name=activity)
                return None
        return msgspec.structs.replace(Selection(excepts=field.on.excepts), **found)

    # What the study is about

    def _product(self) -> str:
        product = self.payload.get("product", "")
        name = product.get("name", "") if isinstance(product, dict) else product
        if isinstance(name, dict):
            return " / ".join(str(name[lang]) for lang in ("en", "zh") if name.get(lang))
        return str(name)

    def _declared_unit(self) -> DeclaredUnit:
        given = self.payload.get("declared_unit")
        fallback = DeclaredUnit(amount=Fraction(1), unit="kilogram")
        if given is None:
            self.problems.add("declared_unit", "footprint-missing", name="declared_unit")
            return fallback
        if isinstance(given, str):
            given = {"unit": given}
        if not _read.typed(given, dict, "declared_unit", self.problems):
            return fallback
        known = ("amount", "unit", "mass", "comment")
        self.unused.extend(UnusedField(path=f"declared_unit.{name}") for name in given if name not in known)
        unit = self._unit(given.get("unit"), "declared_unit.unit")
        amount = self._number(given.get("amount", 1), "declared_unit.amount")
        if amount is not None and amount.value <= 0:
            self.problems.add("declared_unit.amount", "footprint-unit-zero", value=amount.text)
        if unit is None or amount is None:
            return fallback
        return DeclaredUnit(amount=amount.value, unit=unit, mass_kg=self._mass(given, amount.value, unit))

    def _unit(self, given: Any, path: str) -> str | None:
        if given is None:
            self.problems.add(path, "footprint-missing", name="unit")
        elif _read.typed(given, str, path, self.problems):
            try:
                return units.parse_unit(given, self.catalogue)
            except CrosswalkError as error:
                self.problems.add_error(path, error)
        return None

    def _mass(self, given: dict[str, Any], amount: Fraction, unit: str) -> Fraction | None:
        mass = given.get("mass")
        if mass is None:
            if units.dimension(unit, self.catalogue) == "mass":
                return amount * units.factor(unit, "kilogram", self.catalogue)
            return None
        mass = mass if isinstance(mass, dict) else {"value": mass}
        value = self._number(mass.get("value"), "declared_unit.mass.value")
        if value is not None and value.value <= 0:
            self.problems.add("declared_unit.mass.value", "footprint-unit-zero", value=value.text)
            return None
        path = "declared_unit.mass.unit"
        in_kg = self._in_kg(value, mass.get("unit", "kg"), path) if value is not None else None
        return in_kg.value if in_kg is not None else None

    def _regimes(self) -> tuple[str | None, tuple[str, ...]]:
        """The regime the file is stated under, and all standards it names, as codes where known."""
        standards: list[str] = []
        for text in _read.texts(self.payload.get("standards", []), "standards", self.problems):
            found = names.find("regime", text, self.catalogue)
            if not found:
                self.notes.append(Note(code="standard-unknown", values={"name": short(text)}))
            standards.extend((*found.codes, *found.undescribed) or (text,))
        given = self.payload.get("regime")
        if given is None or not _read.typed(given, str, "regime", self.problems):
            return None, tuple(dict.fromkeys(standards))
        found = names.find("regime", given, self.catalogue)
        standards = [*found.codes, *found.undescribed, *standards]
        if len(found.codes) > 1:
            codes = ", ".join(found.codes)
            self.problems.add("regime", "footprint-regime-several", name=short(given), codes=codes)
        elif not found:
            self.problems.add_error("regime", names.unknown("regime", short(given), self.catalogue))
        elif not found.codes:
            values = {"name": short(given), "codes": ", ".join(found.undescribed)}
            self.notes.append(Note(code="regime-undescribed", values=values))
        return (found.codes[0] if len(found.codes) == 1 else None), tuple(dict.fromkeys(standards))

    def _method(self) -> dict[str, tuple[str, ...]]:
        given = self.payload.get("method", {})
        if not _read.typed(given, dict, "method", self.problems):
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for key, stated in given.items():
            path = f"method.{short(key)}"
            if stated is None:
                continue
            if stated == []:
                self.problems.add(path, "footprint-method-empty")
                continue
            try:
                dimensions = names.resolve("dimension", key, self.catalogue)
                options = [
                    code
                    for text in _read.texts(stated, path, self.problems)
                    for code in names.resolve_option(dimensions[0], text, self.catalogue)
                ]
            except CrosswalkError as error:
                self.problems.add_error(path, error)
                continue
            if options:
                found[dimensions[0]] = tuple(dict.fromkeys(options))
        return found

    def _absences(self) -> tuple[Absence, ...]:
        found = []
        for index, text in enumerate(_read.texts(self.payload.get("absent", []), "absent", self.problems)):
            path = f"absent[{index}]"
            on = self._absent(text)
            if on is None:
                near = self._near_absent(text)
                self.problems.add(path, "footprint-absent-unknown", name=short(text), near=near)
            else:
                found.append(Absence(name=text, path=path, on=on))
        return tuple(found)

    def _absent(self, text: str) -> Selection | None:
        for kind, axis in _AXES.items():
            codes = names.find(kind, text, self.catalogue).codes
            if codes:
                return msgspec.structs.replace(Selection(), **{axis: codes})
        field = _read.by_name(self.fields.values()).get(text)
        return field.on if field is not None and field.on != Selection() else None

    def _near_absent(self, text: str) -> str:
        found = [code for kind in _AXES for code in names.near(kind, text, self.catalogue)]
        return ", ".join(found[:3]) or "–"

    def _exempted(self) -> Quantity | None:
        if "exempted_share" not in self.payload:
            return None
        share = self._number(self.payload["exempted_share"], "exempted_share")
        if share is not None and not 0 <= share.value <= 1:
            self.problems.add("exempted_share", "footprint-exempted", value=share.text, most="1")
        return share

    def _unused(self) -> tuple[UnusedField, ...]:
        known = {*self.described.administrative, "total"}
        top = [_read.unused(name, name, self.described) for name in self.payload if name not in known]
        return (*top, *self.unused)

    def _facts(self) -> dict[str, str]:
        found = _read.facts(self.payload, ("regime", "period", "place", "comment"))
        for name in ("period", "place", "documents", "source"):
            section = self.payload.get(name)
            if isinstance(section, dict):
                found.update(_read.facts(section, section, f"{name}."))
        return found

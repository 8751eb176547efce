"""PACT data exchange protocol 2.0 to 2.3 and 3.0: ProductFootprint, alone, in lists, in API envelopes.

Which property says what of the inventory stands in ``ontologies/formats/pact-*.ttl``; here is only
where to find unit, method, standards and the rest. Every property is kept in ``raw``; one that is
not used is listed as such, with the property it may have been meant as.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import names, units
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Absence, DeclaredUnit, Disclosure, Footprint, Note, UnusedField
from crosswalk.formats import _read
from crosswalk.formats._json import short
from crosswalk.formats._read import Problems
from crosswalk.knowledge.catalogue import Catalogue, Format, Selection
from crosswalk.messages import both


class _Version(NamedTuple):
    """Where a major version of the protocol keeps what is not an amount of gas."""

    format: str
    unit: str
    amount: str
    gwp: tuple[str, ...]
    standards: tuple[str, ...]
    telltale: str


_VERSIONS = {
    "2": _Version(
        format="PACT-2",
        unit="declaredUnit",
        amount="unitaryProductAmount",
        gwp=("ipccCharacterizationFactorsSources", "characterizationFactors"),
        standards=("crossSectoralStandardsUsed", "crossSectoralStandards"),
        telltale="pCfExcludingBiogenic",
    ),
    "3": _Version(
        format="PACT-3.0",
        unit="declaredUnitOfMeasurement",
        amount="declaredUnitAmount",
        gwp=("ipccCharacterizationFactors",),
        standards=("crossSectoralStandards",),
        telltale="pcfExcludingBiogenicUptake",
    ),
}
#: Version 1 had the properties of version 2; its totals belong to no regime that is described.
_READ_AS = {"1": "2"}
_MASS = "productMassPerDeclaredUnit"


def claims(payload: Any) -> bool:
    """Whether there is a ProductFootprint in ``payload``."""
    return any(True for _ in parts(payload))


def read(payload: Any, where: str, catalogue: Catalogue) -> list[Footprint]:
    """Read every ProductFootprint. Raises ``InputError`` naming file and property."""
    found = list(parts(payload))
    several = len(found) > 1
    return [
        _Reader(one, Problems(where, prefix), catalogue).footprint(f"{where}#{number}" if several else where)
        for number, (prefix, one) in enumerate(found, start=1)
    ]


def parts(payload: Any, prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield footprints with the path to each: bare, in a list, under ``data``, in an event's ``pfs``."""
    if isinstance(payload, list):
        for index, item in enumerate(payload):
            yield from parts(item, f"{prefix.rstrip('.')}[{index}].")
    elif isinstance(payload, dict):
        if "pcf" in payload:
            yield prefix, payload
            return
        for name in ("data", "pfs"):
            if isinstance(payload.get(name), (dict, list)):
                yield from parts(payload[name], f"{prefix}{name}.")


class _Reader:
    """Reads one ProductFootprint."""

    def __init__(self, payload: dict[str, Any], problems: Problems, catalogue: Catalogue) -> None:
        self.payload = payload
        self.problems = problems
        self.catalogue = catalogue
        self.notes: list[Note] = []
        self.mixed: tuple[str, ...] = ()
        self.pcf: dict[str, Any] = {}

    def footprint(self, source: str) -> Footprint:
        if not _read.typed(self.payload["pcf"], dict, "pcf", self.problems):
            self.problems.settle()
        # JSON null says no more than a property left out.
        self.pcf = {name: value for name, value in self.payload["pcf"].items() if value is not None}
        major, version = self._version()
        described = self.catalogue.formats[version.format]
        declared_unit = self._declared_unit(version, described)
        disclosures = self._disclosures(described)
        made = Footprint(
            source=source,
            format=described.code,
            id=str(self.payload.get("id", "")),
            product=self._product(),
            declared_unit=declared_unit,
            regime=described.regime if major in _VERSIONS else None,
            standards=self._standards(version),
            method=self._method(version),
            mixed=self.mixed,
            disclosures=disclosures,
            absences=self._absences(described),
            exempted=self._exempted(),
            unused=self._unused(described),
            notes=tuple(self.notes),
            facts=self._facts(described),
            raw=self.payload,
        )
        self.problems.settle()
        return made

    def _version(self) -> tuple[str, _Version]:
        given = self.payload.get("specVersion")
        if given is None:
            for major, version in _VERSIONS.items():
                if version.telltale in self.pcf:
                    self.notes.append(_note("spec-version", version="–", format=version.format))
                    return major, version
            self.problems.add("specVersion", "footprint-missing", name="specVersion")
            self.problems.settle()
        major = str(given).partition(".")[0].strip()
        known = _VERSIONS.get(_READ_AS.get(major, major))
        if known is None:
            self.problems.add("specVersion", "footprint-version", version=short(given), known="2.0–2.3, 3.0")
            self.problems.settle()
            raise AssertionError
        if major in _READ_AS:
            self.notes.append(_note("spec-version", version=short(given), format=known.format))
        return major, known

    def _product(self) -> str:
        name, description = self.payload.get("productNameCompany"), self.payload.get("productDescription")
        return str(name or description or "")

    def _declared_unit(self, version: _Version, described: Format) -> DeclaredUnit:
        unit = self._unit(version.unit)
        amount = self._amount(version.amount)
        if described.code == "PACT-2" and amount != 1:
            # In 2.x the values are per one declared unit; the amount tells how much a sold product holds.
            value, one = str(self.pcf.get(version.amount)), units.label(unit, "en", self.catalogue)
            self.notes.append(_note("unitary-amount", value=value, unit=one))
            amount = Fraction(1)
        return DeclaredUnit(amount=amount, unit=unit, mass=self._mass(amount, unit), mass_path=f"pcf.{_MASS}")

    def _unit(self, name: str) -> str:
        given = self.pcf.get(name)
        if given is None:
            self.problems.add(f"pcf.{name}", "footprint-missing", name=name)
        elif _read.typed(given, str, f"pcf.{name}", self.problems):
            try:
                return units.parse_unit(given, self.catalogue)
            except CrosswalkError as error:
                self.problems.add_error(f"pcf.{name}", error)
        # Any unit will do: the problem noted above ends the reading.
        return next(code for code, unit in self.catalogue.units.items() if not unit.trap)

    def _amount(self, name: str) -> Fraction:
        if name not in self.pcf:
            self.problems.add(f"pcf.{name}", "footprint-missing", name=name)
            return Fraction(1)
        amount = _read.quantity(self.pcf[name], f"pcf.{name}", self.problems)
        if amount is not None and amount.value <= 0:
            self.problems.add(f"pcf.{name}", "footprint-unit-zero", value=amount.text)
        return amount.value if amount is not None else Fraction(1)

    def _mass(self, amount: Fraction, unit: str) -> Quantity | None:
        """Mass of the declared unit in kg; a stated 0 means that mass is beside the point."""
        if _MASS in self.pcf:
            mass = _read.quantity(self.pcf[_MASS], f"pcf.{_MASS}", self.problems)
            if mass is not None and mass.value > 0:
                return mass
        return _read.weighed(amount, unit, self.catalogue)

    def _disclosures(self, described: Format) -> tuple[Disclosure, ...]:
        found = []
        known = _read.by_name(described.fields.values())
        for name, given in self.pcf.items():
            field = known.get(name)
            if field is None:
                continue
            path = f"pcf.{name}"
            value = _read.quantity(given, path, self.problems)
            if value is not None:
                value = _read.signed(value, field, path, self.problems)
            if value is not None and not field.relation_only:
                found.append(_read.disclosure(field, value, path))
        if not any(one.headline for one in found) and not self.problems.found:
            self._no_headline(described)
        return tuple(found)

    def _no_headline(self, described: Format) -> None:
        wanted = min((f for f in described.fields.values() if f.headline), key=lambda f: f.headline)
        meant = sorted(name for name in self.pcf if name in wanted.hints)
        likely = both("word.likely", name=meant[0]) if meant else ""
        self.problems.add(wanted.path, "footprint-headline", name=wanted.code, likely=likely)

    def _standards(self, version: _Version) -> tuple[str, ...]:
        found: list[str] = []
        for name in version.standards:
            for text in _read.texts(self.pcf.get(name, []), f"pcf.{name}", self.problems):
                known = names.find("regime", text, self.catalogue)
                if not known:
                    self.notes.append(_note("standard-unknown", name=short(text)))
                found.extend((*known.codes, *known.undescribed) or (text,))
        return tuple(dict.fromkeys(found))

    def _method(self, version: _Version) -> dict[str, tuple[str, ...]]:
        method: dict[str, tuple[str, ...]] = {"boundary": ("boundary.cradle-to-gate",)}
        sets = self._gwp_sets(version)
        if sets:
            method["gwp-set"] = sets
        included = self.pcf.get("packagingEmissionsIncluded")
        if isinstance(included, bool):
            method["packaging"] = ("packaging.included" if included else "packaging.excluded",)
            if not included and "packagingGhgEmissions" in self.pcf:
                self.notes.append(_note("packaging-contradiction"))
        return method

    def _gwp_sets(self, version: _Version) -> tuple[str, ...]:
        found: list[str] = []
        labels: list[str] = []
        for name in version.gwp:
            for text in _read.texts(self.pcf.get(name, []), f"pcf.{name}", self.problems):
                try:
                    found.extend(names.resolve_option("gwp-set", text, self.catalogue))
                    labels.append(text)
                except CrosswalkError as error:
                    self.problems.add_error(f"pcf.{name}", error)
        codes = tuple(dict.fromkeys(found))
        if len(codes) > 1:
            shown, may_be = ", ".join(dict.fromkeys(labels)), ", ".join(codes)
            self.notes.append(_note("alternatives-gwp", field=version.gwp[0], names=shown, codes=may_be))
        if len(set(labels)) > 1:
            self.mixed = ("gwp-set",)
        return codes

    def _absences(self, described: Format) -> tuple[Absence, ...]:
        name = "ccsTechnologicalCO2CaptureIncluded"
        if self.pcf.get(name) is not False:
            return ()
        fields = ("ccsTechnologicalCO2Capture", "technologicalCO2Removals")
        activities = {code for field in fields for code in described.fields[field].on.activities}
        on = Selection(activities=tuple(sorted(activities)))
        return (Absence(name=name, path=f"pcf.{name}", on=on),)

    def _exempted(self) -> Quantity | None:
        name = "exemptedEmissionsPercent"
        if name not in self.pcf:
            return None
        percent = _read.quantity(self.pcf[name], f"pcf.{name}", self.problems)
        if percent is not None and not 0 <= percent.value <= 100:
            self.problems.add(f"pcf.{name}", "footprint-exempted", value=percent.text, most="100")
        return _read.scaled(percent, Fraction(1, 100)) if percent is not None else None

    def _unused(self, described: Format) -> tuple[UnusedField, ...]:
        known = {*described.administrative, *_read.by_name(described.fields.values())}
        here = [(name, name) for name in self.payload] + [(name, f"pcf.{name}") for name in self.pcf]
        return tuple(_read.unused(name, path, described) for name, path in here if name not in known)

    def _facts(self, described: Format) -> dict[str, str]:
        related = [field.code for field in described.fields.values() if field.relation_only]
        inside = _read.facts(self.pcf, (*described.administrative, *described.unusable, *related))
        return {**_read.facts(self.payload, described.administrative), **inside}


def _note(code: str, **values: str) -> Note:
    return Note(code=code, values=values)

"""Catena-X product carbon footprint: semantic models 5.0.0 to 7.0.0 and 9.0.0, alone or in a list.

Model 9.0.0 wraps every group of properties in a list of one; here the groups are opened, and each
property keeps its path. What the properties say of the inventory stands in
``ontologies/formats/catena-x-*.ttl``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import names, units
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Absence, DeclaredUnit, Disclosure, Footprint, Note, UnusedField
from crosswalk.formats import _read
from crosswalk.formats._catenax import group, leaves
from crosswalk.formats._json import short
from crosswalk.formats._read import Problems
from crosswalk.knowledge.catalogue import Catalogue, Field, Format
from crosswalk.messages import both


class _Version(NamedTuple):
    """Where a model keeps what is not an amount of gas; ``stages`` are its flags and what they are for."""

    format: str
    product: str
    unit: str
    amount: str
    gwp: str
    standards: str
    stages: dict[str, tuple[str, ...]]


_VERSIONS = {
    "7": _Version(
        format="CATENAX-7",
        product="productName",
        unit="declaredUnit",
        amount="unitaryProductAmount",
        gwp="extWBCSD_characterizationFactors",
        standards="crossSectoralStandardsUsed",
        stages={"extWBCSD_packagingEmissionsIncluded": ("extWBCSD_packagingGhgEmissions",)},
    ),
    "9": _Version(
        format="CATENAX-9",
        product="productNameCompany",
        unit="declaredUnitOfMeasurement",
        amount="declaredUnitAmount",
        gwp="ipccCharacterizationFactors",
        standards="crossSectoralStandards",
        stages={
            "packagingEmissionsIncluded": ("packagingStage[0]",),
            "distributionStageIncluded": ("distributionStage[0]",),
        },
    ),
}
#: Models 5.0.0 and 6.0.0 have the properties of 7.0.0; under which rulebook they were used is not known.
#: Their payloads give the version of the data exchange protocol they followed instead of their own.
_READ_AS = {"5": "7", "6": "7", "pact 2.0.1": "7"}
_KNOWN = "5.0.0–7.0.0, 9.0.0"
_URN = re.compile(r"urn:(?:io\.catenax\.pcf:datamodel:version|samm:io\.catenax\.pcf):(\d{1,3})\b.*", re.ASCII)

_TELLTALES = frozenset({"scopeOfPcfForm", "productLifeCycleStagesAndEmissions"})
_PREFIXES = ("extWBCSD_", "extTFS_", "distributionStage", "biogenicCarbonEmissionsOtherThan")
#: The two halves into which the list of units of model 9.0.0 breaks "megabit second".
_BROKEN_UNIT = ("megabit", "second")
_BOUNDARIES = {
    "Cradle-to-gate": ("boundary.cradle-to-gate",),
    # No property holds the use stage or the end of life: which extent the total has stays open.
    "Cradle-to-grave": ("boundary.cradle-to-gate", "boundary.cradle-to-grave"),
}
#: What a file writes where it does not say which factors it used.
_UNSPECIFIED = "unspecified"
_MASS = "productMassPerDeclaredUnit"


def claims(payload: Any) -> bool:
    """Whether ``payload`` is a Catena-X footprint of any model, or a list that begins with one."""
    first = payload[0] if isinstance(payload, list) and payload else payload
    if not isinstance(first, dict):
        return False
    if _TELLTALES & first.keys() or _battery(first) or _URN.fullmatch(str(first.get("specVersion", ""))):
        return True
    pcf = first.get("pcf")
    return isinstance(pcf, dict) and (
        any(name.startswith(_PREFIXES) for name in pcf) or _wrapped(pcf.get("crossSectoralStandardsUsed"))
    )


def read(payload: Any, where: str, catalogue: Catalogue) -> list[Footprint]:
    """Read every footprint. Raises ``InputError`` naming file, property and remedy."""
    return _read.each(
        payload, where, lambda one, problems, source: _Reader(one, problems, catalogue).footprint(source)
    )


def _battery(payload: dict[str, Any]) -> bool:
    """Whether this is the aspect for suppliers of battery components: it names no gas and no method."""
    values = payload.get("pcfValues")
    return isinstance(values, dict) and "sharesPerStage" in values


def _wrapped(standards: Any) -> bool:
    """Whether standards are listed as objects: models 2.0.0 to 7.0.0 do so, PACT does not."""
    return isinstance(standards, list) and any(
        isinstance(one, dict) and "crossSectoralStandard" in one for one in standards
    )


class _Reader:
    """Reads one footprint."""

    def __init__(self, payload: dict[str, Any], problems: Problems, catalogue: Catalogue) -> None:
        self.payload = payload
        self.problems = problems
        self.catalogue = catalogue
        self.notes: list[Note] = []
        self.unused: list[UnusedField] = []
        #: Every property by name, and its path.
        self.values: dict[str, Any] = {}
        self.paths: dict[str, str] = {}

    def footprint(self, source: str) -> Footprint:
        major, version = self._version()
        described = self.catalogue.formats[version.format]
        self._open(described)
        declared_unit = self._declared_unit(version)
        method = self._method(version)
        disclosures = self._disclosures(described, version)
        made = Footprint(
            source=source,
            format=described.code,
            id=str(self.values.get("id", "")),
            product=str(self.values.get(version.product) or self.values.get("productDescription") or ""),
            declared_unit=declared_unit,
            regime=described.regime if major in _VERSIONS else None,
            standards=self._standards(version),
            method=method,
            disclosures=disclosures,
            absences=self._absences(described),
            exempted=self._exempted(),
            unused=tuple(self.unused),
            notes=tuple(self.notes),
            facts=self._facts(described),
            raw=self.payload,
        )
        self.problems.settle()
        return made

    # Finding the properties

    def _version(self) -> tuple[str, _Version]:
        given, path = self.payload.get("specVersion"), "specVersion"
        if "scopeOfPcfForm" in self.payload:
            path = "scopeOfPcfForm[0].specVersion"
            given = next(
                (v for name, _, v in leaves(self.payload, self.problems) if name == "specVersion"), given
            )
            self.problems.settle()
        if given is None and _battery(self.payload):
            path, given = "pcfValues", "pcf_for_battery_component_supplier"
        if given is None:
            self.problems.add(path, "footprint-missing", name="specVersion")
            self.problems.settle()
        text = str(given).strip()
        urn = _URN.fullmatch(text)
        major = urn.group(1) if urn else f"pact {text.partition('-')[0]}"
        known = _VERSIONS.get(_READ_AS.get(major, major))
        if known is None:
            self.problems.add(path, "footprint-version", version=short(text), known=_KNOWN)
            self.problems.settle()
            raise AssertionError
        if major in _READ_AS:
            self.notes.append(_note("spec-version", version=short(text), format=known.format))
        return major, known

    def _open(self, described: Format) -> None:
        if described.code == "CATENAX-9":
            found = list(leaves(self.payload, self.problems))
        else:
            pcf = self.payload.get("pcf")
            if not _read.typed(pcf, dict, "pcf", self.problems) or pcf is None:
                self.problems.settle()
                raise AssertionError
            found = [(name, name, value) for name, value in self.payload.items() if name != "pcf"]
            found += [(name, f"pcf.{name}", value) for name, value in pcf.items()]
        known = {*described.administrative, *_read.by_name(described.fields.values())}
        for name, path, value in found:
            # JSON null says no more than a property left out.
            if value is None:
                continue
            field = described.fields.get(name)
            misplaced = field is not None and group(field.path) != group(path)
            if name not in known or misplaced or name in self.values:
                self.unused.append(_read.unused(name, path, described))
                if misplaced or name in known:
                    continue
            self.values[name] = value
            self.paths[name] = path

    def _at(self, name: str) -> str:
        return self.paths.get(name, name)

    # Unit and method

    def _declared_unit(self, version: _Version) -> DeclaredUnit:
        unit = self._unit(version.unit)
        amount = self._positive(version.amount)
        if version.format == "CATENAX-7" and amount != 1:
            # As in PACT 2 the values are per one declared unit; the amount tells what a product holds.
            value, one = (
                str(self.values.get(version.amount)),
                unit and units.label(unit, "en", self.catalogue),
            )
            self.notes.append(_note("unitary-amount", value=value, unit=one))
            amount = Fraction(1)
        return DeclaredUnit(
            amount=amount, unit=unit, mass=self._mass(amount, unit), mass_path=self._at(_MASS)
        )

    def _unit(self, name: str) -> str:
        given = self.values.get(name)
        path = self._at(name)
        if given is None:
            self.problems.add(path, "footprint-missing", name=name)
        elif _read.typed(given, str, path, self.problems):
            if given.strip().casefold() in _BROKEN_UNIT:
                self.notes.append(_note("broken-unit", value=short(given)))
                given = " ".join(_BROKEN_UNIT)
            try:
                return units.parse_unit(short(given), self.catalogue)
            except CrosswalkError as error:
                self.problems.add_error(path, error)
        # A problem is noted, so that nothing made with it is ever returned.
        return ""

    def _positive(self, name: str) -> Fraction:
        if name not in self.values:
            self.problems.add(self._at(name), "footprint-missing", name=name)
            return Fraction(1)
        amount = _read.quantity(self.values[name], self._at(name), self.problems)
        if amount is not None and amount.value <= 0:
            self.problems.add(self._at(name), "footprint-unit-zero", value=amount.text)
        return amount.value if amount is not None else Fraction(1)

    def _mass(self, amount: Fraction, unit: str) -> Quantity | None:
        """Mass of what the values refer to, in kg; a stated 0 means that mass is beside the point."""
        if _MASS in self.values:
            mass = _read.quantity(self.values[_MASS], self._at(_MASS), self.problems)
            if mass is not None and mass.value > 0:
                return mass
        return _read.weighed(amount, unit, self.catalogue) if unit else None

    def _method(self, version: _Version) -> dict[str, tuple[str, ...]]:
        method = {"boundary": self._boundary()}
        sets = self._gwp_sets(version.gwp)
        if sets:
            method["gwp-set"] = sets
        included = self.values.get(next(iter(version.stages)))
        if isinstance(included, bool):
            method["packaging"] = ("packaging.included" if included else "packaging.excluded",)
        return method

    def _boundary(self) -> tuple[str, ...]:
        given = self.values.get("partialFullPcf", "Cradle-to-gate")
        found = _BOUNDARIES.get(given) if isinstance(given, str) else None
        if found is None:
            known = ", ".join(_BOUNDARIES)
            self.problems.add(self._at("partialFullPcf"), "footprint-choice", value=short(given), known=known)
            return _BOUNDARIES["Cradle-to-gate"]
        if len(found) > 1:
            self.notes.append(_note("catenax-grave"))
        return found

    def _gwp_sets(self, name: str) -> tuple[str, ...]:
        text = self.values.get(name)
        if text is None or not _read.typed(text, str, self._at(name), self.problems):
            return ()
        if text.strip().casefold() == _UNSPECIFIED:
            return ()
        try:
            codes = tuple(dict.fromkeys(names.resolve_option("gwp-set", short(text), self.catalogue)))
        except CrosswalkError as error:
            self.problems.add_error(self._at(name), error)
            return ()
        if len(codes) > 1:
            self.notes.append(
                _note("alternatives-gwp", field=name, names=short(text), codes=", ".join(codes))
            )
        return codes

    def _standards(self, version: _Version) -> tuple[str, ...]:
        given, path = self.values.get(version.standards, []), self._at(version.standards)
        if isinstance(given, list):
            given = [one["crossSectoralStandard"] if _wrapped([one]) else one for one in given]
        found: list[str] = []
        for text in _read.texts(given, path, self.problems):
            known = names.find("regime", text, self.catalogue)
            if not known:
                self.notes.append(_note("standard-unknown", name=short(text)))
            found.extend((*known.codes, *known.undescribed) or (text,))
        return tuple(dict.fromkeys(found))

    # Numbers

    def _disclosures(self, described: Format, version: _Version) -> tuple[Disclosure, ...]:
        left_out = self._left_out(version)
        found = []
        for name, field in _ordered(self.values, described):
            value = self._number(name, field)
            if value is None or field.relation_only:
                continue
            if value.value == 0 and any(part in field.path for part in left_out):
                # Nothing was looked at, so nothing is no finding.
                self.unused.append(UnusedField(path=self.paths[name]))
            else:
                found.append(_read.disclosure(field, value, self.paths[name]))
        if not any(one.headline for one in found) and not self.problems.found:
            wanted = min((f for f in described.fields.values() if f.headline), key=lambda f: f.headline)
            meant = sorted(name for name in self.values if name in wanted.hints)
            likely = both("word.likely", name=meant[0]) if meant else ""
            self.problems.add(wanted.path, "footprint-headline", name=wanted.code, likely=likely)
        return tuple(found)

    def _number(self, name: str, field: Field) -> Quantity | None:
        given, path = self.values[name], self.paths[name]
        if isinstance(given, bool) and field.relation_only and field.basis == "mass":
            return None
        value = _read.quantity(given, path, self.problems)
        return _read.signed(value, field, path, self.problems) if value is not None else None

    def _left_out(self, version: _Version) -> tuple[str, ...]:
        """Return where the values stand of stages that the file says it does not include."""
        found: list[str] = []
        for flag, where in version.stages.items():
            included = self.values.get(flag, True)
            if _read.typed(included, bool, self._at(flag), self.problems) and not included:
                found.extend(where)
                if any(self._amounts(part) for part in where):
                    self.notes.append(_note("stage-contradiction", name=flag))
        return tuple(found)

    def _amounts(self, where: str) -> bool:
        """Whether any number that is not 0 stands at ``where``."""
        return any(
            where in path and not isinstance(self.values[name], (bool, str)) and self.values[name] != 0
            for name, path in self.paths.items()
        )

    def _absences(self, described: Format) -> tuple[Absence, ...]:
        """A property that answers no, where an amount would stand, says that there is none."""
        return tuple(
            Absence(name=name, path=self.paths[name], on=field.on)
            for name, field in _ordered(self.values, described)
            if self.values[name] is False and field.basis == "mass"
        )

    def _exempted(self) -> Quantity | None:
        name = "exemptedEmissionsPercent"
        if name not in self.values:
            return None
        percent = _read.quantity(self.values[name], self._at(name), self.problems)
        if percent is not None and not 0 <= percent.value <= 100:
            self.problems.add(self._at(name), "footprint-exempted", value=percent.text, most="100")
        return _read.scaled(percent, Fraction(1, 100)) if percent is not None else None

    def _facts(self, described: Format) -> dict[str, str]:
        related = [field.code for field in described.fields.values() if field.relation_only]
        facts = _read.facts(self.values, (*described.administrative, *described.unusable, *related))
        self.unused.extend(UnusedField(path=self.paths[n]) for n in described.unusable if n in self.values)
        return facts


def _ordered(values: dict[str, Any], described: Format) -> Iterator[tuple[str, Field]]:
    """Yield the fields a file has, in its own order."""
    known = _read.by_name(described.fields.values())
    return ((name, known[name]) for name in values if name in known)


def _note(code: str, **values: str) -> Note:
    return Note(code=code, values=values)

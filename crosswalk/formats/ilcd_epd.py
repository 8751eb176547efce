"""Environmental product declarations as ILCD+EPD data sets in JSON, one data set a file or a list of them.

A declaration states dozens of indicators, module by module. The climate ones are found by the identifier
of the indicator data set; which they are, what they cover and what each module is stands in
``ontologies/formats/en15804-*.ttl``. The total is that of modules A1 to A3, cradle to gate; every other
module is kept and stated beside it, module D too, which is never added to anything.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import names, units
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import DeclaredUnit, Disclosure, Footprint, Note, UnusedField
from crosswalk.formats import _ilcd, _read
from crosswalk.formats._ilcd import Modules, Place
from crosswalk.formats._json import short
from crosswalk.formats._read import Problems
from crosswalk.knowledge.catalogue import Catalogue, Field, Format

#: The editions, the one whose indicators are preferred first.
_FORMATS = ("EN15804-A2", "EN15804-A1")
_RESULTS = "LCIAResults.LCIAResult"
_EXCHANGES = "exchanges.exchange"
#: How a result says that no distribution is stated for it.
_NO_DISTRIBUTION = frozenset({"", "undefined"})
#: Ends the path of a value that was added up.
_SUMMED = " A1+A2+A3"
_COMPLIANCE = "modellingAndValidation.complianceDeclarations.compliance"
#: The flow property "mass", kg per one of the reference property.
_MASS = "93a60a56-a3c8-11da-a746-0800200b9a66"
_PACKAGING_CARBON = "262a541b-209e-44cc-a426-33bce30de7b1"
#: Material properties that turn the reference unit into kg: by name, their unit, the unit they are per.
_DENSITIES = {"gross density": ("kg/m^3", "cubic metre"), "grammage": ("kg/m^2", "square metre")}
_FACTS = {
    "UUID": "processInformation.dataSetInformation.UUID",
    "referenceYear": "processInformation.time.referenceYear",
    "dataSetValidUntil": "processInformation.time.dataSetValidUntil",
    "location": "processInformation.geography.locationOfOperationSupplyOrProduction.location",
    "typeOfDataSet": "modellingAndValidation.LCIMethodAndAllocation.typeOfDataSet",
    "source": "source",
}


class _Indicator(NamedTuple):
    """One climate indicator of the file: its field, its identifier, and its values by module."""

    field: Field
    uuid: str
    path: str
    modules: Modules


def claims(payload: Any) -> bool:
    """Whether ``payload`` is an ILCD process data set, or a list that begins with one."""
    first = payload[0] if isinstance(payload, list) and payload else payload
    return isinstance(first, dict) and "processInformation" in first


def read(payload: Any, where: str, catalogue: Catalogue) -> list[Footprint]:
    """Read every data set. Raises ``InputError`` naming file, field and remedy."""
    return _read.each(
        payload, where, lambda one, problems, source: _Reader(one, problems, catalogue).footprint(source)
    )


class _Reader:
    """Reads one data set."""

    def __init__(self, payload: dict[str, Any], problems: Problems, catalogue: Catalogue) -> None:
        self.payload = payload
        self.problems = problems
        self.catalogue = catalogue
        self.notes: list[Note] = []
        self.unused: list[UnusedField] = []
        self.facts: dict[str, str] = {}
        self.disclosures: list[Disclosure] = []
        self.numbers: dict[str, Quantity | None] = {}

    def footprint(self, source: str) -> Footprint:
        described, indicators = self._indicators()
        headline = next(one for one in indicators if one.field.headline)
        self._totals(indicators)
        declared_unit = self._declared_unit(described)
        self._modules(described, indicators)
        product = _ilcd.text(_ilcd.dig(self.payload, "processInformation.dataSetInformation.name.baseName"))
        self._plain_facts()
        made = Footprint(
            source=source,
            format=described.code,
            id=self.facts.get("UUID", ""),
            product=product,
            declared_unit=declared_unit,
            regime=described.regime,
            standards=self._standards(described),
            method=self._method(headline),
            disclosures=tuple(self.disclosures),
            unused=tuple(self.unused),
            notes=tuple(self.notes),
            facts=self.facts,
            raw=self.payload,
        )
        self.problems.settle()
        return made

    # Indicators

    def _indicators(self) -> tuple[Format, list[_Indicator]]:
        """Return the edition and its indicators, all reckoned with the factors of the first total."""
        results = self._list(_RESULTS)
        found: dict[str, list[_Indicator]] = {code: [] for code in _FORMATS}
        for index, result in enumerate(results):
            path = f"{_RESULTS}[{index}]"
            uuid = str(_ilcd.dig(result, "referenceToLCIAMethodDataSet.refObjectId")).casefold()
            for code in _FORMATS:
                fields = _read.by_name(self.catalogue.formats[code].fields.values())
                if uuid in fields:
                    self._distribution(result, path)
                    modules = _ilcd.modules(result, f"{path}.other.anies", self.problems)
                    found[code].append(_Indicator(fields[uuid], uuid, path, modules))
        for code, indicators in found.items():
            if any(one.field.headline for one in indicators):
                self._others(found, code, len(results))
                return self.catalogue.formats[code], self._one_set(indicators)
        self.problems.add(_RESULTS, "footprint-no-indicator")
        self.problems.settle()
        raise AssertionError

    def _distribution(self, result: Any, path: str) -> None:
        """Note a distribution: it is about the mean amount, not about the modules that are read."""
        kind = _ilcd.dig(result, "uncertaintyDistributionType")
        if isinstance(kind, str) and kind.strip().casefold() not in _NO_DISTRIBUTION:
            self.unused.append(UnusedField(path=f"{path}.uncertaintyDistributionType"))

    def _others(self, found: dict[str, list[_Indicator]], used: str, results: int) -> None:
        """Note what is kept and not used: other editions' indicators one by one, the rest by number."""
        for code, indicators in found.items():
            if code != used:
                self.unused.extend(UnusedField(path=one.path) for one in indicators)
        rest = results - sum(len(indicators) for indicators in found.values())
        rest += max(len(self._list(_EXCHANGES)) - 1, 0)
        if rest:
            self.notes.append(_note("epd-other-indicators", count=str(rest)))

    def _one_set(self, indicators: list[_Indicator]) -> list[_Indicator]:
        chosen: dict[str, _Indicator] = {}
        wanted = self._sets(next(one for one in indicators if one.field.headline))
        dropped: list[str] = []
        for one in indicators:
            sets = self._sets(one)
            if sets and sets != wanted:
                self.unused.append(UnusedField(path=one.path))
                dropped.extend(sets)
            elif one.field.code in chosen:
                self.problems.add(one.path, "footprint-entries", count=2)
            else:
                chosen[one.field.code] = one
        if dropped:
            self.notes.append(_note("epd-two-sets", names=", ".join(dict.fromkeys((*wanted, *dropped)))))
        return list(chosen.values())

    def _sets(self, indicator: _Indicator) -> tuple[str, ...]:
        """Return the sets of factors an identifier may stand for; none where it says nothing of them."""
        options = self.catalogue.dimensions["gwp-set"].options
        found = names.find("option", indicator.uuid, self.catalogue).codes
        return tuple(code for code in found if code in options)

    # Values

    def _totals(self, indicators: list[_Indicator]) -> None:
        summed: list[str] = []
        for one in indicators:
            value, path = self._total(one)
            if value is None:
                continue
            if path.endswith(_SUMMED):
                summed.append(one.field.code)
            if one.field.relation_only:
                self.facts[one.field.code] = value.text
            else:
                self.disclosures.append(_read.disclosure(one.field, value, path))
        if summed:
            self.notes.append(_note("epd-summed", names=", ".join(summed)))

    def _total(self, indicator: _Indicator) -> tuple[Quantity | None, str]:
        """Return the value of A1 to A3: as stated, or the three added up, rounding included."""
        default = _ilcd.default_scenario(self.payload)
        for module in ("A1-A3", "A1-A2-A3"):
            place = indicator.modules.find(module, default, self.problems)
            if place is not None:
                return self._number(place), place.path
        parts = [indicator.modules.find(module, default, self.problems) for module in ("A1", "A2", "A3")]
        stated = [place for place in parts if place is not None]
        if len(stated) < len(parts):
            self._without_total(indicator)
            return None, ""
        values = [self._number(place) for place in stated]
        if any(value is None for value in values):
            return None, ""
        return _ilcd.added([value for value in values if value is not None]), f"{indicator.path}{_SUMMED}"

    def _number(self, place: Place) -> Quantity | None:
        """Read a value once, so that one that is no number is told once."""
        if place.path not in self.numbers:
            self.numbers[place.path] = _read.quantity(place.value, place.path, self.problems)
        return self.numbers[place.path]

    def _without_total(self, indicator: _Indicator) -> None:
        declared = ", ".join(indicator.modules.declared()) or "–"
        if indicator.field.headline:
            code = indicator.field.code
            self.problems.add(indicator.path, "footprint-modules", name=code, modules=declared)
        else:
            self.unused.append(UnusedField(path=indicator.path))

    def _modules(self, described: Format, indicators: list[_Indicator]) -> None:
        """Keep every module of every indicator as a fact; those of the total under their own names."""
        declared: dict[str, None] = {}
        for one in indicators:
            for place in one.modules.places:
                value = self._number(place)
                if one.field.headline:
                    declared[place.label] = None
                if value is None or place.module.startswith("A1-"):
                    continue
                name = place.label if one.field.headline else f"{one.field.code} {place.label}"
                self.facts[name] = value.text
                if place.module not in described.fields:
                    self.unused.append(UnusedField(path=place.path))
        self.notes.append(_note("epd-modules", modules=", ".join(declared)))

    # The declared unit

    def _declared_unit(self, described: Format) -> DeclaredUnit:
        flow, path = self._reference()
        properties = [one for one in _ilcd.rows(flow.get("flowProperties")) if isinstance(one, dict)]
        reference = next((one for one in properties if one.get("referenceFlowProperty") is True), None)
        name = "resultingAmount" if flow.get("resultingAmount") is not None else "meanAmount"
        amount = _read.quantity(flow.get(name), f"{path}.{name}", self.problems)
        given = reference.get("referenceUnit") if reference else None
        if reference is None or given is None:
            self.problems.add(f"{path}.flowProperties", "footprint-reference-flow")
        per = self._per(reference, f"{path}.flowProperties")
        unit = self._unit(given, f"{path}.flowProperties")
        total = amount.value * per if amount is not None else Fraction(1)
        if total <= 0:
            self.problems.add(f"{path}.{name}", "footprint-unit-zero", value=short(flow.get(name)))
            total = Fraction(1)
        flows = amount.value if amount is not None else Fraction(1)
        self._carbon(described, properties, flows, path)
        mass = self._mass(flow, properties, total, flows, unit)
        return DeclaredUnit(amount=total, unit=unit, mass=mass, mass_path=f"{path}.flowProperties")

    def _reference(self) -> tuple[dict[str, Any], str]:
        wanted = _ilcd.rows(
            _ilcd.dig(self.payload, "processInformation.quantitativeReference.referenceToReferenceFlow")
        )
        flows = [
            (one, f"{_EXCHANGES}[{index}]")
            for index, one in enumerate(self._list(_EXCHANGES))
            if isinstance(one, dict)
        ]
        named = [
            flow for flow in flows if flow[0].get("dataSetInternalID") in [w for w in wanted if w is not None]
        ]
        marked = named or [flow for flow in flows if flow[0].get("referenceFlow") is True]
        if len(marked) == 1:
            return marked[0]
        if marked:
            self.problems.add(_EXCHANGES, "footprint-entries", count=len(marked))
        else:
            self.problems.add(_EXCHANGES, "footprint-reference-flow")
        self.problems.settle()
        raise AssertionError

    def _per(self, reference: dict[str, Any] | None, path: str) -> Fraction:
        if reference is None or reference.get("meanValue") is None:
            return Fraction(1)
        value = _read.quantity(reference["meanValue"], f"{path}.meanValue", self.problems)
        return value.value if value is not None else Fraction(1)

    def _unit(self, given: Any, path: str) -> str:
        if given is not None and _read.typed(given, str, path, self.problems):
            try:
                return units.parse_unit(short(given), self.catalogue)
            except CrosswalkError as error:
                self.problems.add_error(path, error)
        # A problem is noted, so that nothing made with it is ever returned.
        return ""

    def _mass(
        self,
        flow: dict[str, Any],
        properties: list[dict[str, Any]],
        total: Fraction,
        flows: Fraction,
        unit: str,
    ) -> Quantity | None:
        """Mass in kg: of the unit itself, as a flow property, or by a density the file states."""
        if not unit:
            return None
        own = _read.weighed(total, unit, self.catalogue)
        if own is not None:
            return own
        for one in properties:
            mass = _ilcd.quantity(one.get("meanValue")) if one.get("uuid") == _MASS else None
            if mass is not None and mass.value > 0:
                return _read.scaled(mass, flows)
        for one in _ilcd.rows(flow.get("materialProperties")):
            name = one.get("name") if isinstance(one, dict) else None
            in_unit, base = _DENSITIES.get(name, ("", "")) if isinstance(name, str) else ("", "")
            density = _ilcd.quantity(one["value"]) if in_unit and one.get("unit") == in_unit else None
            same = in_unit and units.dimension(unit, self.catalogue) == units.dimension(base, self.catalogue)
            if density is not None and density.value > 0 and same:
                return _read.scaled(density, total * units.factor(unit, base, self.catalogue))
        return None

    def _carbon(
        self, described: Format, properties: list[dict[str, Any]], flows: Fraction, path: str
    ) -> None:
        known = _read.by_name(described.fields.values())
        for index, one in enumerate(properties):
            uuid, at = str(one.get("uuid")), f"{path}.flowProperties[{index}].meanValue"
            field = known.get(uuid)
            if field is None and uuid != _PACKAGING_CARBON:
                continue
            value = _read.quantity(one.get("meanValue"), at, self.problems)
            if value is not None and field is None:
                self.facts["packagingBiogenicCarbonContent"] = value.text
                self.unused.append(UnusedField(path=at))
            elif value is not None and field is not None:
                value = _read.signed(_read.scaled(value, flows), field, at, self.problems)
                if value is not None:
                    self.disclosures.append(_read.disclosure(field, value, at))

    # The rest

    def _method(self, headline: _Indicator) -> dict[str, tuple[str, ...]]:
        method: dict[str, tuple[str, ...]] = {"boundary": ("boundary.cradle-to-gate",)}
        sets = self._sets(headline)
        if sets:
            method["gwp-set"] = sets
        if len(sets) > 1:
            may_be = ", ".join(sets)
            self.notes.append(
                _note("alternatives-gwp", field=headline.path, names=headline.uuid, codes=may_be)
            )
        return method

    def _standards(self, described: Format) -> tuple[str, ...]:
        found: list[str] = []
        for one in self._list(_COMPLIANCE, needed=False):
            system = _ilcd.dig(one, "referenceToComplianceSystem")
            said = _ilcd.text(_ilcd.dig(system, "shortDescription"))
            known = names.find("regime", str(_ilcd.dig(system, "refObjectId")), self.catalogue)
            known = known or names.find("regime", said, self.catalogue)
            if not known and said:
                self.notes.append(_note("standard-unknown", name=short(said)))
            found.extend((*known.codes, *known.undescribed) or ((said,) if said else ()))
        if found and described.regime not in found:
            told = ", ".join(dict.fromkeys(found))
            self.notes.append(_note("epd-compliance", regime=str(described.regime), names=told))
        return tuple(dict.fromkeys(found))

    def _plain_facts(self) -> None:
        for name, path in _FACTS.items():
            self.facts.update(_read.facts({name: _ilcd.dig(self.payload, path)}, (name,)))

    def _list(self, path: str, *, needed: bool = True) -> list[Any]:
        found = _ilcd.dig(self.payload, path)
        if found is None and not needed:
            return []
        if found is None:
            section, _, name = path.rpartition(".")
            self.problems.add(section, "footprint-missing", name=name)
        elif _read.typed(found, list, path, self.problems):
            return list(found)
        self.problems.settle()
        raise AssertionError


def _note(code: str, **values: str) -> Note:
    return Note(code=code, values=values)

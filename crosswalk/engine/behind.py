"""What stands behind a footprint, listed: every number of its activity data with path and unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crosswalk.footprint.activity import Activity, Burden, JointProcess
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.records import Record, Text
from crosswalk.messages import both, say
from crosswalk.results import Behind, Said, Understood

_CO2E = "kilogram CO2e"
_PER_KWH, _PER_KG, _PER_MJ = (
    (_CO2E, "kilowatt hour"),
    (_CO2E, "kilogram"),
    (_CO2E, "megajoule"),
)
_TONNE, _TJ, _MWH = ("tonne",), ("terajoule",), ("megawatt hour",)
_EMISSIONS = ("tonne CO2e",)
#: Units of the numbers of each record, as ``footprint.activity`` defines them; a share has none.
_UNITS: dict[str, dict[str, tuple[str, ...]]] = {
    "ElectricityUse": {"amount": ("kilowatt hour",), "factor": _PER_KWH},
    "ClaimedPower": {"factor": _PER_KWH},
    "Grid": {"factors": _PER_KWH, "generation": _PER_KWH, "upstream": _PER_KWH},
    "JointProcess": {"burden": (_CO2E,)},
    "RecycledMaterial": {
        "mass": ("kilogram",),
        "heating_value": ("megajoule", "kilogram"),
        "credit": _PER_KG,
        "heat_displaced": _PER_MJ,
        "power_displaced": _PER_MJ,
        **dict.fromkeys(
            (
                *("virgin", "recycling", "disposal", "recycling_at_end"),
                *("virgin_replaced", "energy_recovery"),
            ),
            _PER_KG,
        ),
    },
    "WasteBurnt": {
        "mass": ("kilogram",),
        "burning": _PER_KG,
        "energy": ("megajoule", "kilogram"),
        "displaced": _PER_MJ,
    },
    "MassBalanced": {"conventional": (_CO2E,), "alternative": (_CO2E,)},
    "CapturedCarbon": {"carbon_dioxide": ("kilogram CO2",), "process": (_CO2E,)},
    "PrimaryShare": {"uptake": (_CO2E,)},
    "SourceStream": {
        "amount": _TONNE,
        "heating_value": (*_TJ, *_TONNE),
        "carbon": ("tonne carbon", *_TONNE),
    },
    "Precursor": {
        "amount": _TONNE,
        "direct": (*_EMISSIONS, *_TONNE),
        "indirect": (*_EMISSIONS, *_TONNE),
        "electricity": (*_MWH, *_TONNE),
    },
    "ProductionProcess": {
        "activity_level": _TONNE,
        "direct": _EMISSIONS,
        **dict.fromkeys(("heat_in", "heat_out", "waste_gas_in", "waste_gas_out"), _TJ),
        **dict.fromkeys(
            ("heat_in_factor", "heat_out_factor", "waste_gas_in_factor", "waste_gas_out_factor"),
            (*_EMISSIONS, *_TJ),
        ),
        **dict.fromkeys(("electricity", "electricity_out"), _MWH),
        **dict.fromkeys(("electricity_factor", "electricity_out_factor"), (*_EMISSIONS, *_MWH)),
    },
}
#: What one unit of an output holds of each key.
_KEYS = {"mass": "kilogram", "energy": "megajoule", "mole": "mole", "carbon": "kilogram carbon"}
_NOT_SHOWN = {"path", "unit"}
#: What stands in a record where the file says nothing.
_PLAIN = {("waste", False), ("default", False), ("exempt", False), ("complete", False)}


def behind(activity: Activity | None, catalogue: Catalogue) -> tuple[Behind, ...]:
    """Return every section of the activity data that holds something, in the order of the record."""
    if activity is None:
        return ()
    lister = _Lister(activity, catalogue)
    found = []
    for name in activity.__struct_fields__:
        held = getattr(activity, name)
        records = held if isinstance(held, tuple) else () if held is None else (held,)
        if records:
            items = tuple(item for record in records for item in lister.record(record, record.path))
            section = Behind(section=name, label=both(f"activity.{name}"), count=len(records), items=items)
            found.append(section)
    return tuple(found)


def properties(footprint: Footprint) -> tuple[Behind, ...]:
    """Return the properties of the product a file states, as one section."""
    items = []
    for one in footprint.properties:
        words = {one.kind: one.text, "source": one.source, "comment": one.comment}
        said = tuple(Said(field=name, value=Text(en=text, zh=text)) for name, text in words.items() if text)
        items.append(Understood(path=one.path, says=said))
    name = "product_properties"
    section = Behind(section=name, label=both(f"activity.{name}"), count=len(items), items=tuple(items))
    return (section,) if items else ()


class _Lister:
    def __init__(self, activity: Activity, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.outputs = {
            (process.name, output.name): output.unit
            for process in activity.joint
            for output in process.outputs
        }

        self.currencies = {
            output.path: process.currency for process in activity.joint for output in process.outputs
        }

    def record(self, record: Record, path: str) -> Iterator[Understood]:
        """Yield what a record says, then what the records in it say."""
        said: list[Said] = []
        inside: list[Record] = []
        for name in record.__struct_fields__:
            value = getattr(record, name)
            if isinstance(value, tuple):
                inside += value
            elif isinstance(value, dict):
                said += [self.said(record, name, key, value[key]) for key in value]
            elif (name, value) in _PLAIN:
                continue
            elif name not in _NOT_SHOWN and value is not None and value != "":
                said.append(self.said(record, name, name, value))
        yield Understood(path=path, says=tuple(said))
        for one in inside:
            yield from self.record(one, getattr(one, "path", path))

    def said(self, record: Record, name: str, key: str, value: Any) -> Said:
        """Return what one field says; ``key`` is the field, or the key of the object in it."""
        if isinstance(value, (Burden, Quantity)):
            unit = self.unit(record, key if name == "keys" else name)
            spoken = self.burden(value, unit) if isinstance(value, Burden) else self.number(value, unit)
        elif isinstance(value, bool):
            spoken = both("word.yes" if value else "word.no")
        else:
            spoken = self.word(str(value))
        return Said(field=key.partition(".")[2] or key, value=spoken)

    def unit(self, record: Record, name: str) -> tuple[str, ...]:
        """Return the unit of a field, as codes: what, and what it is per."""
        own = getattr(record, "unit", None)
        if own is not None:
            if name.partition(":")[0] == "economic":
                return (self.currencies.get(getattr(record, "path", ""), ""), own)
            if name in _KEYS:
                return (_KEYS[name], own)
            return (own,) if name == "amount" else (_CO2E, own)
        kind = type(record).__name__
        if kind == "SourceStream" and name == "factor":
            per = _TONNE if getattr(record, "heating_value", None) is None else _TJ
            return (*_EMISSIONS, *per)
        if kind == "JointInput":
            named = (getattr(record, "process", ""), getattr(record, "output", ""))
            return (self.outputs[named],) if named in self.outputs else ()
        if isinstance(record, JointProcess) and name == "used":
            key = (record.name, record.product)
            return (self.outputs[key],) if key in self.outputs else ()
        return _UNITS.get(kind, {}).get(name, ())

    def number(self, value: Quantity, unit: tuple[str, ...]) -> Text:
        """Return a number with its unit."""
        return Text(en=self._spoken(value, unit, "en"), zh=self._spoken(value, unit, "zh"))

    def burden(self, value: Burden, unit: tuple[str, ...]) -> Text:
        """Return a burden in one line: CO2e, the set behind it, the gases."""
        spoken = {}
        for lang in ("en", "zh"):
            parts = [] if value.co2e is None else [self._spoken(value.co2e, unit, lang)]
            parts += [
                self.word(option).get(lang) for option in (value.gwp_set, value.scope) if option is not None
            ]
            for one in value.gases:
                gas = self.catalogue.gases[one.gas].label.get(lang)
                origin = self.catalogue.origins[one.origin].label.get(lang)
                parts.append(f"{gas} ({origin}) {self._spoken(one.mass, ('kilogram', *unit[1:]), lang)}")
            parts += [value.source] if value.source else []
            spoken[lang] = say("report.list-separator", lang).join(parts)
        return Text(en=spoken["en"], zh=spoken["zh"])

    def word(self, code: str) -> Text:
        """Return the label of an option, a stage; any other text as it is."""
        known = self.catalogue.options.get(code) or self.catalogue.stages.get(code)
        return known.label if known is not None else Text(en=code, zh=code)

    def _spoken(self, number: Quantity, unit: tuple[str, ...], lang: str) -> str:
        """A number with its unit, and with its distribution where it states one."""
        # A currency is spelled by its code.
        known = self.catalogue.units
        spelled = "/".join(known[code].label.get(lang) if code in known else code for code in unit)
        told = say("report.value-unit", lang, value=number.text, unit=spelled) if unit else number.text
        if number.spread is None:
            return told
        return say("report.distributed", lang, value=told, name=both(f"distribution.{number.spread.kind}"))

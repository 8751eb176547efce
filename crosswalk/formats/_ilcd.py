"""Pieces of ILCD data sets in JSON: texts in several languages, values by module and scenario."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from crosswalk.footprint.quantity import Quantity
from crosswalk.formats import _read
from crosswalk.formats._read import Problems

#: What stands in place of a number where a module is not declared or not relevant.
_NOT_DECLARED = frozenset({"", "-", "–", "nd", "mnd", "mna", "mnr", "ina", "n/a"})
#: Enough digits to add any numbers a file may hold without rounding.
_EXACT = Context(prec=400)


class Place(NamedTuple):
    """The value of one module, maybe under one scenario, and where it stands."""

    module: str
    scenario: str
    value: Any
    path: str

    @property
    def label(self) -> str:
        """Module and scenario as people see them."""
        return f"{self.module} [{self.scenario}]" if self.scenario else self.module


class Modules(NamedTuple):
    """The values of one indicator, in the order of the file."""

    places: tuple[Place, ...]

    def declared(self) -> list[str]:
        """Return the modules that are declared, each once."""
        return list(dict.fromkeys(place.label for place in self.places))

    def find(self, module: str, default: str, problems: Problems) -> Place | None:
        """Return the value of a module: without scenario, else of the only one, else of the default."""
        found = [place for place in self.places if place.module == module]
        if len(found) > 1:
            plain = [place for place in found if not place.scenario]
            found = plain or [place for place in found if place.scenario == default] or found
        if len(found) > 1:
            problems.add(found[0].path, "footprint-entries", count=len(found))
        return found[0] if found else None


def modules(result: Any, path: str, problems: Problems) -> Modules:
    """Return the values of an indicator or inventory flow by module."""
    found = []
    for index, one in enumerate(rows(dig(result, "other.anies"))):
        if not isinstance(one, dict) or not isinstance(one.get("module"), str) or one.get("value") is None:
            continue
        value, at = one["value"], f"{path}[{index}]"
        if isinstance(value, str) and value.strip().casefold() in _NOT_DECLARED:
            continue
        scenario = one.get("scenario") or ""
        if _read.typed(scenario, str, f"{at}.scenario", problems):
            module = "".join(one["module"].split()).upper().replace("–", "-").replace("—", "-")
            found.append(Place(module, " ".join(scenario.split()), value, f"{at}.value"))
    return Modules(tuple(found))


def default_scenario(payload: Any) -> str:
    """Return the scenario the data set marks as its default; empty if it marks none or several."""
    found = [
        str(scenario.get("name"))
        for one in rows(dig(payload, "processInformation.dataSetInformation.other.anies"))
        for scenario in rows(dig(one, "scenario"))
        if isinstance(scenario, dict) and scenario.get("default") is True
    ]
    return found[0] if len(found) == 1 else ""


def added(values: list[Quantity]) -> Quantity:
    """Return the sum, exactly, with the rounding of all terms.

    >>> added([Quantity.of("1.50"), Quantity.of("0.250")]).text
    '1.750'
    """
    total = Decimal(0)
    for value in values:
        total = _EXACT.add(total, Decimal(value.text))
    return Quantity(
        text=str(total),
        value=sum((value.value for value in values), Fraction(0)),
        half=sum((value.half for value in values), Fraction(0)),
    )


def dig(payload: Any, path: str) -> Any:
    """Return what stands at ``path``, ``None`` where anything on the way is missing or no object."""
    for name in path.split("."):
        if not isinstance(payload, dict):
            return None
        payload = payload.get(name)
    return payload


def rows(given: Any) -> list[Any]:
    """Return a list as it is, anything else as no rows."""
    return given if isinstance(given, list) else []


def text(given: Any) -> str:
    """Return a text given in several languages: in English, else in the first language that has one.

    >>> text([{"lang": "da", "value": "beton"}, {"lang": "en", "value": "concrete"}])
    'concrete'
    """
    found = [one for one in rows(given) if isinstance(one, dict) and isinstance(one.get("value"), str)]
    english = [one for one in found if one.get("lang") == "en"]
    return str((english or found)[0]["value"]).strip() if found else ""


def quantity(given: Any) -> Quantity | None:
    """Return a number as given, ``None`` for anything that is none."""
    return _read.quantity(given, "", Problems(""))

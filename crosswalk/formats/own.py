"""Our own footprint file: one JSON object a footprint, described in ``footprint-2.schema.json``.

What its lines mean stands in ``ontologies/formats/crosswalk.ttl``. A number is a JSON number or a
decimal string, and means what its digits say: half a unit in the last place either way;
``{"value": .., "plus_minus": ..}`` and ``{"value": .., "exact": true}`` say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from crosswalk.footprint import names
from crosswalk.footprint.records import Disclosure, Footprint, UnusedField
from crosswalk.footprint.spreads import stated as stated_spreads
from crosswalk.formats import _own_about, _own_activity, _own_gases, _own_lines, _own_properties, _read
from crosswalk.formats._json import short
from crosswalk.formats._own_row import Row
from crosswalk.formats._own_values import Values
from crosswalk.formats._read import Problems
from crosswalk.knowledge.catalogue import Catalogue, Field

FORMAT = "crosswalk"
#: Every version that is read; each later one only adds sections.
VERSIONS = ("footprint/1", "footprint/2")
SCHEMA = "footprint-2.schema.json"


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

    text = files("crosswalk.formats").joinpath(SCHEMA).read_text("utf-8")
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
        self.values = Values(problems, catalogue)
        self.disclosures: list[Disclosure] = []

    def footprint(self, source: str) -> Footprint:
        payload, values = self.payload, self.values
        version = payload.get("crosswalk", VERSIONS[-1])
        if version not in VERSIONS:
            known = ", ".join(VERSIONS)
            self.problems.add("crosswalk", "footprint-version", version=short(version), known=known)
            self.problems.settle()
        regime, standards, notes = _own_about.regimes(payload, values)
        values.declared = _own_about.declared_unit(payload, values)
        if "total" in payload:
            self._disclose(self.fields["total"], payload["total"], "total")
        self._section("lines", self._line)
        self._section("stages", self._stage)
        self._section("carbon", self._carbon)
        gases, complete = _own_gases.read(payload, self.fields, values)
        stated = _own_about.method(payload, values)
        file = Row(values, payload, "")
        lines = _own_lines.Lines(file, self.fields, stated)
        self.disclosures += [*gases, *lines.disclosures]
        activity = _own_activity.read(file)
        made = Footprint(
            source=source,
            format=FORMAT,
            id=str(payload.get("id", "")),
            product=_own_about.product(payload),
            declared_unit=values.declared,
            regime=regime,
            standards=standards,
            method={**stated, **lines.method},
            disclosures=tuple(self.disclosures),
            absences=_own_about.absences(payload, self.fields, values),
            complete=complete,
            exempted=_own_about.exempted(payload, values),
            activity=activity,
            properties=_own_properties.read(file),
            goods=_own_about.goods(payload),
            unused=self._unused(),
            notes=notes,
            facts=_own_about.facts(payload),
            raw=self.raw,
        )
        inventory = activity is not None and activity.installation is not None
        if not self.disclosures and not inventory and not self.problems.found:
            self.problems.add("", "footprint-empty")
        self.problems.settle()
        return self._told(made)

    def _told(self, made: Footprint) -> Footprint:
        """Return the footprint with the distributions that reached no number of it among what is unused."""
        used = {spread.path for spread in stated_spreads(made)}
        lost = [UnusedField(path=f"{path}.uncertainty") for path in self.values.spreads if path not in used]
        return msgspec.structs.replace(made, unused=(*made.unused, *lost)) if lost else made

    def _disclose(self, field: Field, given: Any, path: str) -> None:
        value = self.values.number(given, path)
        if value is not None:
            value = _read.signed(value, field, path, self.problems)
        if value is not None:
            self.disclosures.append(_read.disclosure(field, value, path))

    def _section(self, name: str, find: Callable[[str, str], Field | None]) -> None:
        given = self.payload.get(name)
        if given is None or not _read.typed(given, dict, name, self.problems):
            return
        for key, value in given.items():
            path = f"{name}.{key}"
            field = find(key, path)
            if value is None:
                continue
            if field is None:
                self.values.unused.append(_read.unused(key, path, self.described))
            else:
                self._disclose(field, value, path)

    def _line(self, name: str, path: str) -> Field | None:
        lines = _read.by_name(field for field in self.fields.values() if field.path.startswith("lines."))
        return lines.get(name)

    def _stage(self, name: str, path: str) -> Field | None:
        codes = names.find("stage", name, self.catalogue).codes
        return self.fields.get(f"stage.{codes[0]}") if len(codes) == 1 else None

    def _carbon(self, name: str, path: str) -> Field | None:
        return next((field for field in self.fields.values() if field.path == path), None)

    def _unused(self) -> tuple[UnusedField, ...]:
        known = {*self.described.administrative, "total"}
        top = [_read.unused(name, name, self.described) for name in self.payload if name not in known]
        return (*top, *self.values.unused)

"""Properties of the product that take a value from one unit to another: density, heating value, contents."""

from __future__ import annotations

from typing import Any

import msgspec

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import units
from crosswalk.footprint.properties import KINDS, PART, Property
from crosswalk.formats import _read
from crosswalk.formats._json import short
from crosswalk.formats._own_row import Row
from crosswalk.formats._own_values import Measured, Values

_SECTION = "product_properties"
#: What may stand beside the number and its unit.
_WORDS = ("source", "comment")


def read(file: Row) -> tuple[Property, ...]:
    """Return the properties a file states, in the order of ``KINDS``."""
    row = file.object(_SECTION)
    if row is None:
        return ()
    found: list[Property] = []
    for kind in KINDS:
        given = row.take(kind)
        if given is None:
            continue
        path = row.at(kind)
        several = kind == "content" and isinstance(given, list)
        entries = [(one, f"{path}[{i}]") for i, one in enumerate(given)] if several else [(given, path)]
        found += [made for one, at in entries if (made := _property(kind, one, at, row.values)) is not None]
    row.close()
    _once(found, row.values)
    return tuple(found)


def _property(kind: str, given: Any, path: str, values: Values) -> Property | None:
    written = " / ".join(KINDS[kind].written)
    words = {}
    if isinstance(given, dict):
        words = {name: given[name] for name in _WORDS if given.get(name) is not None}
        given = {name: one for name, one in given.items() if name not in _WORDS and one is not None}
    for name, one in words.items():
        _read.typed(one, str, f"{path}.{name}", values.problems)
    found = values.measured(given, path, written)
    if found is None:
        return None
    codes = _codes(kind, found, values)
    number = msgspec.structs.replace(found.value, spread=None)
    if codes is None:
        return None
    if number.value <= number.half:
        values.problems.add(path, "footprint-zero", value=number.text)
        return None
    if kind == "content":
        in_one = units.factor(codes[0], units.main(codes[0], values.catalogue), values.catalogue)
        share = number.value * in_one / units.factor(codes[1], "kilogram", values.catalogue)
        if share > 1:
            values.problems.add(path, "footprint-share", value=f"{number.text} {found.unit}")
            return None
    return Property(
        kind=kind,
        path=path,
        text=f"{number.text} {' '.join(found.unit.split())}",
        amount=number,
        unit=codes[0],
        per=codes[1],
        source=" ".join(str(words.get("source", "")).split()),
        comment=" ".join(str(words.get("comment", "")).split()),
    )


def _codes(kind: str, found: Measured, values: Values) -> tuple[str, str] | None:
    """Return the two units of a quotient; notes a problem where it is none, or one of other things."""
    known, parts = values.catalogue, units.split(found.unit)
    try:
        codes = [units.parse_unit(part, known) for part in parts]
    except CrosswalkError as error:
        values.problems.add_error(found.path, error)
        return None
    of, per, written = KINDS[kind]
    kinds = [units.dimension(code, known) for code in codes]
    if len(kinds) == 2 and (kinds[0] == of or (not of and kinds[0].startswith(PART))) and kinds[1] in per:
        return codes[0], codes[1]
    wanted = " / ".join(written) if of else "kg N/kg"
    values.problems.add(found.path, "footprint-unit-place", given=short(found.unit), wanted=wanted)
    return None


def _once(found: list[Property], values: Values) -> None:
    """Note a problem where two contents are of one constituent."""
    seen: dict[str, str] = {}
    for one in found:
        if one.kind != "content":
            continue
        part = units.dimension(one.unit, values.catalogue)
        if part in seen:
            values.problems.add(one.path, "footprint-content-twice", unit=one.unit, other=seen[part])
        seen.setdefault(part, one.path)

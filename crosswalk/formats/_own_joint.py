"""Joint processes of our own file: outputs with their keys, and how one process feeds another."""

from __future__ import annotations

import re
from typing import Any

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import names, units
from crosswalk.footprint.activity import JointInput, JointProcess, Output
from crosswalk.footprint.quantity import Quantity
from crosswalk.formats import _read
from crosswalk.formats._json import short
from crosswalk.formats._own_values import Row, Unit, Values

#: What one unit of an output holds of each key, where that can be weighed: kg, MJ, mol, kg C.
_HELD = {
    "mass": Unit("kilogram"),
    "energy": Unit("megajoule"),
    "mole": Unit("mole"),
    "carbon": Unit("kilogram carbon", also=("kilogram",)),
}
_VALUE = "economic"
#: An ISO 4217 code before the stroke.
_CURRENCY = re.compile(r"\s*([A-Z]{3})\s*", re.ASCII)
_ONE = Quantity.of("1", half="0")


def read(given: Any, values: Values) -> tuple[JointProcess, ...]:
    """Return the joint processes of a file, each with its outputs known by name."""
    found: dict[str, JointProcess] = {}
    for row in values.rows(given, "joint_processes"):
        made = _process(row, values)
        row.close()
        if made.name in found:
            values.problems.add(row.at("name"), "footprint-twice", name=short(made.name))
        found[made.name] = made
    for process in found.values():
        for one in process.inputs:
            _check(one, found, values)
    return tuple(found.values())


def _process(row: Row, values: Values) -> JointProcess:
    name = row.needed_text("name")
    currencies: dict[str, str] = {}
    outputs: dict[str, Output] = {}
    for one in values.rows(row.take("outputs"), row.at("outputs")):
        output = _output(one, values, currencies)
        one.close()
        if output is None:
            continue
        if output.name in outputs:
            values.problems.add(one.at("name"), "footprint-twice", name=short(output.name))
        outputs[output.name] = output
    if len(currencies) > 1:
        values.problems.add(row.at("outputs"), "footprint-currencies", names=", ".join(sorted(currencies)))
    product = row.needed_text("product")
    if outputs and product and product not in outputs:
        known = ", ".join(outputs)
        values.problems.add(row.at("product"), "footprint-reference", name=short(product), known=known)
    of_product = outputs[product].unit if product in outputs else None
    return JointProcess(
        name=name,
        path=row.path,
        product=product,
        burden=row.burden("burden", Unit("kilogram CO2e")),
        key=_key(row, values),
        outputs=tuple(outputs.values()),
        inputs=tuple(_inputs(row, values)),
        used=_used(row, values, of_product),
    )


def _used(row: Row, values: Values, unit: str | None) -> Quantity | None:
    if unit is not None:
        return row.amount("used", Unit(unit, declared=True))
    found = values.free(row.take("used"), row.at("used"))
    return None if found is None else found[0]


def _key(row: Row, values: Values) -> str | None:
    """An option of ``allocation``, or the name of a key of the outputs."""
    given = row.take("key")
    if given is None or not _read.typed(given, str, row.at("key"), values.problems):
        return None
    try:
        return names.resolve_option("allocation", given, values.catalogue)[0]
    except CrosswalkError as error:
        wanted = names.normalise(given)
        plain = next((key for key in _HELD if names.normalise(key) == wanted), None)
        if plain is None:
            values.problems.add_error(row.at("key"), error)
        return plain


def _output(row: Row, values: Values, currencies: dict[str, str]) -> Output | None:
    name = row.needed_text("name")
    found = values.free(row.needed("amount"), row.at("amount"))
    if found is None:
        for key in ("keys", "group", "waste", "displaced"):
            row.take(key)
        return None
    amount, unit = found
    return Output(
        name=name,
        path=row.path,
        amount=amount,
        keys=_keys(row, values, unit, currencies),
        group=row.text("group") or None,
        waste=row.truth("waste") or False,
        displaced=row.burden("displaced", Unit("kilogram CO2e", (unit,))),
        unit=unit,
    )


def _keys(row: Row, values: Values, unit: str, currencies: dict[str, str]) -> dict[str, Quantity]:
    found: dict[str, Quantity] = {}
    given = row.take("keys")
    if given is not None and _read.typed(given, dict, row.at("keys"), values.problems):
        keys = Row(values, given, row.at("keys"))
        for name, wanted in _HELD.items():
            held = keys.amount(name, wanted._replace(per=(unit,)))
            if held is not None:
                found[name] = held
        price = _price(keys, values, unit, currencies)
        if price is not None:
            found[_VALUE] = price
        keys.close()
    # An amount in kg has a mass of one kg per kg, whatever it is.
    for name, wanted in _HELD.items():
        if unit == wanted.unit:
            found.setdefault(name, _ONE)
    return dict(sorted(found.items()))


def _price(keys: Row, values: Values, unit: str, currencies: dict[str, str]) -> Quantity | None:
    """A value in one currency per unit of an output; of currencies no rate is known."""
    given = keys.take(_VALUE)
    path = keys.at(_VALUE)
    wanted = f"CNY/{units.label(unit, catalogue=values.catalogue)}"
    found = None if given is None else values.measured(given, path, wanted)
    if found is None:
        return None
    value, text, at = found
    parts = units.split(text)
    match = _CURRENCY.fullmatch(parts[0])
    try:
        if match is None or len(parts) != 2:
            values.problems.add(at, "footprint-unit-place", given=short(text), wanted=wanted)
            return None
        per = units.parse_unit(parts[1], values.catalogue)
        price = _read.scaled(value, 1 / units.factor(per, unit, values.catalogue))
    except CrosswalkError as error:
        values.problems.add_error(at, error)
        return None
    currencies.setdefault(match[1], at)
    if price.value < 0:
        values.problems.add(path, "footprint-below-zero", value=price.text)
        return None
    return price


def _inputs(row: Row, values: Values) -> list[JointInput]:
    found = []
    for one in values.rows(row.take("inputs"), row.at("inputs")):
        process, output = one.needed_text("process"), one.needed_text("output")
        amount = values.free(one.needed("amount"), one.at("amount"))
        one.close()
        if amount is not None:
            made = JointInput(process=process, output=output, amount=amount[0], path=one.path)
            found.append(made)
    return found


def _check(one: JointInput, processes: dict[str, JointProcess], values: Values) -> None:
    """An input has to be an output of another process that is listed."""
    process = processes.get(one.process)
    listed = processes if process is None else [output.name for output in process.outputs]
    at, name = ("process", one.process) if process is None else ("output", one.output)
    if name not in listed:
        known = ", ".join(listed) or "–"
        values.problems.add(f"{one.path}.{at}", "footprint-reference", name=short(name), known=known)

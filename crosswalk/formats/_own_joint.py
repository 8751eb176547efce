"""Joint processes of our own file: outputs with their keys, and how one process feeds another."""

from __future__ import annotations

import re

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import names, units
from crosswalk.footprint.activity import JointInput, JointProcess, Output
from crosswalk.footprint.quantity import Quantity
from crosswalk.formats import _read
from crosswalk.formats._json import short
from crosswalk.formats._own_burden import burden
from crosswalk.formats._own_row import Row
from crosswalk.formats._own_values import Unit
from crosswalk.formats._read import Problems

#: What one unit of an output holds of each key, where that can be weighed: kg, MJ, mol, kg C.
_HELD = {
    "mass": Unit("kilogram"),
    "energy": Unit("megajoule"),
    "mole": Unit("mole"),
    "carbon": Unit("kilogram carbon", also=("kilogram",)),
}
_VALUE = "economic"
#: Its options are the periods prices may be averaged over, where a target asks for another one.
_PERIODS = "price-averaging"
#: An ISO 4217 code before the stroke.
_CURRENCY = re.compile(r"\s*([A-Z]{3})\s*", re.ASCII)
_ONE = Quantity.of("1", half="0")


def read(file: Row) -> tuple[JointProcess, ...]:
    """Return the joint processes of a file, each with its outputs known by name."""
    found: dict[str, JointProcess] = {}
    for row in file.rows("joint_processes"):
        made = _process(row)
        if made.name in found:
            file.problems.add(row.at("name"), "footprint-twice", name=short(made.name))
        found[made.name] = made
    for process in found.values():
        for one in process.inputs:
            _check(one, found, file.problems)
    return tuple(found.values())


def _process(row: Row) -> JointProcess:
    currencies: set[str] = set()
    outputs: dict[str, Output] = {}
    for one in row.rows("outputs"):
        output = _output(one, currencies)
        if output is not None and output.name in outputs:
            row.problems.add(one.at("name"), "footprint-twice", name=short(output.name))
        if output is not None:
            outputs[output.name] = output
    if len(currencies) > 1:
        row.problems.add(row.at("outputs"), "footprint-currencies", names=", ".join(sorted(currencies)))
    product = row.listed("product", [*outputs]) if outputs else row.needed_text("product")
    return JointProcess(
        name=row.needed_text("name"),
        path=row.path,
        product=product,
        burden=burden(row, "burden", Unit("kilogram CO2e")),
        key=_key(row),
        outputs=tuple(outputs.values()),
        inputs=tuple(made for one in row.rows("inputs") if (made := _input(one)) is not None),
        currency=min(currencies, default=""),
        used=_used(row, outputs[product].unit if product in outputs else None),
    )


def _used(row: Row, unit: str | None) -> Quantity | None:
    """How much of the product a declared unit takes, in the unit that output is counted in."""
    if unit is not None:
        return row.amount("used", Unit(unit, declared=True))
    found = row.values.free(row.take("used"), row.at("used"), declared=True)
    return None if found is None else found[0]


def _key(row: Row) -> str | None:
    """An option of ``allocation``, or the name of a key of the outputs."""
    given = row.take("key")
    if given is None or not _read.typed(given, str, row.at("key"), row.problems):
        return None
    try:
        return names.resolve_option("allocation", given, row.values.catalogue)[0]
    except CrosswalkError as error:
        wanted = names.normalise(given)
        plain = next((key for key in _HELD if names.normalise(key) == wanted), None)
        if plain is None:
            row.problems.add_error(row.at("key"), error)
        return plain


def _output(row: Row, currencies: set[str]) -> Output | None:
    name = row.needed_text("name")
    found = row.values.free(row.needed("amount"), row.at("amount"))
    if found is None:
        row.take("keys", "group", "waste", "displaced")
        return None
    amount, unit = found
    return Output(
        name=name,
        path=row.path,
        amount=amount,
        keys=_keys(row, unit, currencies),
        group=row.text("group") or None,
        waste=row.truth("waste") or False,
        displaced=burden(row, "displaced", Unit("kilogram CO2e", (unit,))),
        unit=unit,
    )


def _keys(row: Row, unit: str, currencies: set[str]) -> dict[str, Quantity]:
    found: dict[str, Quantity] = {}
    keys = row.object("keys")
    if keys is not None:
        for name, wanted in _HELD.items():
            held = keys.amount(name, wanted._replace(per=(unit,)))
            if held is not None:
                found[name] = held
        periods = keys.values.catalogue.dimensions[_PERIODS].options
        for name in (_VALUE, *(f"{_VALUE}:{one.partition('.')[2]}" for one in periods)):
            price = _price(keys, name, unit, currencies)
            if price is not None:
                found[name] = price
        keys.close()
    # An amount in kg has a mass of one kg per kg, whatever it is.
    for name, wanted in _HELD.items():
        if unit == wanted.unit:
            found.setdefault(name, _ONE)
    return dict(sorted(found.items()))


def _price(keys: Row, name: str, unit: str, currencies: set[str]) -> Quantity | None:
    """A value in one currency per unit of an output; no rate between currencies is known."""
    values, given = keys.values, keys.take(name)
    wanted = f"CNY/{units.label(unit, catalogue=values.catalogue)}"
    found = None if given is None else values.measured(given, keys.at(name), wanted)
    if found is None:
        return None
    head, *below = units.split(found.unit)
    match = _CURRENCY.fullmatch(head)
    if match is None or len(below) != 1:
        keys.problems.add(found.path, "footprint-unit-place", given=short(found.unit), wanted=wanted)
        return None
    currencies.add(match[1])
    try:
        per = units.parse_unit(below[0], values.catalogue)
        price = _read.scaled(found.value, 1 / units.factor(per, unit, values.catalogue))
    except CrosswalkError as error:
        keys.problems.add_error(found.path, error)
        return None
    if price.value < 0:
        keys.problems.add(keys.at(name), "footprint-below-zero", value=price.text)
    return price


def _input(row: Row) -> JointInput | None:
    process, output = row.needed_text("process"), row.needed_text("output")
    amount = row.values.free(row.needed("amount"), row.at("amount"))
    if amount is None:
        return None
    return JointInput(process=process, output=output, amount=amount[0], path=row.path)


def _check(one: JointInput, processes: dict[str, JointProcess], problems: Problems) -> None:
    """An input has to be an output of a process that is listed."""
    process = processes.get(one.process)
    listed = processes if process is None else [output.name for output in process.outputs]
    at, name = ("process", one.process) if process is None else ("output", one.output)
    if name and name not in listed:
        known = short(", ".join(listed) or "–", 80)
        problems.add(f"{one.path}.{at}", "footprint-reference", name=short(name), known=known)

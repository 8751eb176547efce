"""From the declared unit to the one asked for: kinds of units, chains of properties, what is missing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from crosswalk.errors import CrosswalkError, InconsistentError, RefusedError, UsageError
from crosswalk.footprint.per import asked, count
from crosswalk.footprint.records import DeclaredUnit, Footprint
from crosswalk.formats import read
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.load import load

CATALOGUE: Catalogue = load()


def made(declared: Any, **properties: Any) -> Footprint:
    payload = {"crosswalk": "footprint/2", "declared_unit": declared, "total": "1.0"}
    return read({**payload, "product_properties": properties}, CATALOGUE)


def ends(declared: Any, wanted: str, **properties: Any) -> tuple[Fraction, Fraction, Fraction]:
    found = count(made(declared, **properties), asked(wanted, CATALOGUE), CATALOGUE)
    return found.value, found.low, found.high


def exactly(value: str, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "exact": True}


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("kg", 1, "kilogram"),
        (" 1 t ", 1, "tonne"),
        ("2.5kWh", Fraction(5, 2), "kilowatt hour"),
        ("1e3 kg", 1000, "kilogram"),
        ("+.5 m3", Fraction(1, 2), "cubic metre"),
        ("t N", 1, "tonne nitrogen"),
        ("1 千克氮", 1, "kilogram nitrogen"),
        ("10公斤", 10, "kilogram"),
    ],
)
def test_an_amount_of_a_unit_is_read(text: str, amount: Fraction, unit: str) -> None:
    assert asked(text, CATALOGUE) == DeclaredUnit(amount=Fraction(amount), unit=unit)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "per"),
        ("5", "per"),
        ("1,5 kg", "per"),
        ("1..5 kg", "per"),
        ("- kg", "per"),
        ("0 kg", "per-zero"),
        ("0.000 kg", "per-zero"),
        ("-1 kg", "per-zero"),
        ("furlong", "unit-unknown"),
        ("1 kg/kWh", "unit-unknown"),
        ("1e999 kg", "unit-unknown"),
        ("ton", "unit-trap"),
        ("3 Nm3", "unit-trap"),
    ],
)
def test_what_is_no_amount_of_a_unit_is_told(text: str, code: str) -> None:
    with pytest.raises(CrosswalkError) as found:
        asked(text, CATALOGUE)
    assert found.value.code == code


@pytest.mark.parametrize(
    ("declared", "wanted", "number"),
    [
        ("t", "kg", Fraction(1, 1000)),
        ({"amount": 25, "unit": "kg"}, "1 t", 40),
        ("kWh", "MJ", Fraction(10, 36)),
        ("m3", "5 L", Fraction(1, 200)),
        ("t", "t", 1),
    ],
)
def test_units_of_one_kind_are_exact(declared: Any, wanted: str, number: Fraction) -> None:
    assert ends(declared, wanted) == (number, number, number)


def test_properties_that_are_not_needed_change_nothing() -> None:
    assert ends("t", "kg", density="0.9 kg/L", content="0.4 kg N/kg") == (Fraction(1, 1000),) * 3


def test_a_property_is_what_its_digits_say() -> None:
    middle, low, high = ends("m3", "kg", density="0.0899 kg/m3")
    assert middle == 1 / Fraction("0.0899")
    assert (low, high) == (1 / Fraction("0.08995"), 1 / Fraction("0.08985"))
    middle, low, high = ends("kg", "L", density="0.745 kg/L")
    assert (middle, low, high) == (Fraction("0.745"), Fraction("0.7445"), Fraction("0.7455"))


def test_a_chain_multiplies_the_roundings() -> None:
    """A litre of a fuel per kWh: 3.6 / (heat · density), both rounded."""
    middle, low, high = ends("L", "kWh", density="0.745 kg/L", net_calorific_value="42.5 MJ/kg")
    assert middle == Fraction("3.6") / (Fraction("0.745") * Fraction("42.5"))
    assert low == Fraction("3.6") / (Fraction("0.7455") * Fraction("42.55"))
    assert high == Fraction("3.6") / (Fraction("0.7445") * Fraction("42.45"))


@pytest.mark.parametrize(
    ("declared", "wanted", "properties", "number"),
    [
        ("kg", "1 t N", {"content": exactly("0.4665", "kg N/kg")}, 1000 / Fraction("0.4665")),
        ("t", "kg N", {"content": [exactly("466.5", "g N/kg")]}, 1 / Fraction("466.5")),
        ("t N", "kg", {"content": exactly("0.5", "t N/t")}, Fraction(1, 2000)),
        ("m2", "kg", {"mass_per_area": exactly("200", "g/m2")}, 5),
        ("piece", "t", {"mass_per_piece": exactly("1.25", "kg/piece")}, 800),
        ("kmol", "kg", {"molar_mass": exactly("2.5", "g/mol")}, Fraction(2, 5)),
        ("m3", "MWh", {"net_calorific_value": exactly("36", "MJ/m3")}, 100),
        ("kg", "kg C", {"content": exactly("0.8", "kg C/kg")}, Fraction(5, 4)),
        (
            {"amount": 2, "unit": "piece", "mass": exactly("5", "kg")},
            "t dry matter",
            {"content": exactly("0.8", "kg DM/kg")},
            250,
        ),
    ],
)
def test_each_property_leads_both_ways(
    declared: Any, wanted: str, properties: dict[str, Any], number: Fraction
) -> None:
    assert ends(declared, wanted, **properties) == (number, number, number)


@pytest.mark.parametrize(
    ("declared", "wanted", "properties", "lacks"),
    [
        ("kg", "kWh", {}, "product_properties.net_calorific_value (MJ/kg)"),
        ("m3", "kWh", {}, "product_properties.net_calorific_value (MJ/m3)"),
        ("kg", "t N", {"content": "0.8 kg C/kg"}, "product_properties.content (kg N/kg)"),
        ("m3", "kg", {}, "declared_unit.mass (kg) or product_properties.density (kg/m3)"),
        ("piece", "kg", {}, "declared_unit.mass (kg) or product_properties.mass_per_piece (kg/piece)"),
        (
            "m3",
            "kWh",
            {"net_calorific_value": "42.5 MJ/kg"},
            "declared_unit.mass (kg) or product_properties.density (kg/m3)",
        ),
        ("t N", "kg", {}, "declared_unit.mass (kg) or product_properties.content (kg N/kg)"),
    ],
)
def test_what_is_missing_is_named_and_never_assumed(
    declared: Any, wanted: str, properties: dict[str, Any], lacks: str
) -> None:
    with pytest.raises(RefusedError) as found:
        ends(declared, wanted, **properties)
    assert found.value.code == "per-property"
    assert str(found.value.values["lacks"].en) == lacks


def test_a_format_without_the_field_is_said_to_be_one() -> None:
    pcf = {"declaredUnitOfMeasurement": "cubic meter", "declaredUnitAmount": "1"}
    pcf |= {"pcfExcludingBiogenicUptake": "1.85", "pcfIncludingBiogenicUptake": "1.85"}
    payload: dict[str, Any] = {"id": "one", "specVersion": "3.0.0", "pcf": pcf}
    footprint = read(payload, CATALOGUE)
    with pytest.raises(RefusedError) as found:
        count(footprint, asked("kWh", CATALOGUE), CATALOGUE)
    assert found.value.code == "per-property-elsewhere"
    with pytest.raises(RefusedError) as found:
        count(footprint, asked("kg", CATALOGUE), CATALOGUE)
    assert found.value.code == "per-property"
    assert found.value.values["lacks"].en == "pcf.productMassPerDeclaredUnit (kg)"
    payload["pcf"]["productMassPerDeclaredUnit"] = "0.80"
    number = count(read(payload, CATALOGUE), asked("kg", CATALOGUE), CATALOGUE)
    assert (number.value, number.low, number.high) == (
        Fraction("1.25"),
        1 / Fraction("0.805"),
        1 / Fraction("0.795"),
    )


def test_two_ways_have_to_agree_and_the_narrower_counts() -> None:
    weighed = {"unit": "m3", "mass": "0.09 kg"}
    assert ends(weighed, "kg", density="0.0899 kg/m3") == ends("m3", "kg", density="0.0899 kg/m3")
    with pytest.raises(InconsistentError) as found:
        ends({"unit": "m3", "mass": "0.9 kg"}, "kg", density="0.0899 kg/m3")
    assert "declared_unit.mass = 0.9 kg" in str(found.value)
    assert "product_properties.density = 0.0899 kg/m3" in str(found.value)


@pytest.mark.parametrize("wanted", ["h", "tkm", "kg CO2e", "year"])
def test_no_property_leads_everywhere(wanted: str) -> None:
    with pytest.raises(UsageError) as found:
        ends("kg", wanted)
    assert found.value.code == "per-kind"

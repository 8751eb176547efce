"""Properties of the product in our own file: what is read, and every way in which one can be wrong."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import jsonschema
import pytest

from crosswalk.errors import CrosswalkError
from crosswalk.footprint.records import Footprint
from crosswalk.formats import read, schema
from crosswalk.inspection import inspect
from crosswalk.knowledge.catalogue import Catalogue

EVERY: dict[str, Any] = {
    "density": {"value": "0.745", "unit": "kg/L", "source": " data  sheet ", "comment": "at 15 °C"},
    "net_calorific_value": {"value": "42.5", "unit": "MJ/kg", "plus_minus": "0.2"},
    "molar_mass": "60.06 g/mol",
    "mass_per_area": "0.200 kg/m2",
    "mass_per_piece": "1.25 kg/piece",
    "content": ["0.4665 kg N/kg", {"value": "0.86", "unit": "kg dry matter/kg", "exact": True}],
    "comment": "none of it is true",
}


def payload(properties: Any, **fields: Any) -> dict[str, Any]:
    return {
        "crosswalk": "footprint/2",
        "declared_unit": "kg",
        "total": "1.0",
        "product_properties": properties,
        **fields,
    }


def made(properties: Any, catalogue: Catalogue) -> Footprint:
    given = payload(properties)
    jsonschema.validate(given, schema())
    return read(given, catalogue)


def test_every_property_is_read(catalogue: Catalogue) -> None:
    footprint = made(EVERY, catalogue)
    assert footprint.unused == ()
    found = {one.path: one for one in footprint.properties}
    assert list(found) == [
        f"product_properties.{name}"
        for name in (
            "density",
            "net_calorific_value",
            "molar_mass",
            "mass_per_area",
            "mass_per_piece",
            "content[0]",
            "content[1]",
        )
    ]
    density = found["product_properties.density"]
    assert (density.text, density.source, density.comment) == ("0.745 kg/L", "data sheet", "at 15 °C")
    assert (density.amount.value, density.amount.half) == (Fraction("0.745"), Fraction("0.0005"))
    assert found["product_properties.net_calorific_value"].amount.half == Fraction("0.2")
    assert found["product_properties.content[1]"].amount.half == 0
    (section,) = inspect(footprint, catalogue=catalogue).behind
    assert (section.section, section.count) == ("product_properties", 7)
    assert [said.value.en for said in section.items[0].says] == ["0.745 kg/L", "data sheet", "at 15 °C"]


def test_null_and_nothing_say_nothing(catalogue: Catalogue) -> None:
    assert made(None, catalogue).properties == ()
    assert made({"density": None, "content": []}, catalogue).properties == ()


def test_what_means_nothing_is_listed(catalogue: Catalogue) -> None:
    found = read(payload({"densty": "1 kg/L", "density": {"value": 1, "unit": "kg/L", "at": 15}}), catalogue)
    unused = {one.path: one.likely for one in found.unused}
    assert unused["product_properties.densty"] == "density"
    assert "product_properties.density.at" in unused


def test_a_distribution_of_a_property_is_not_drawn_and_said_to_be_unused(catalogue: Catalogue) -> None:
    spread = {"distribution": "normal", "relative_sd": "0.05"}
    given = {"density": {"value": "0.745", "unit": "kg/L", "uncertainty": spread}}
    found = read(payload(given), catalogue)
    assert [one.path for one in found.unused] == ["product_properties.density.uncertainty"]


@pytest.mark.parametrize(
    ("properties", "code", "where"),
    [
        ([], "footprint-type", "product_properties"),
        ({"density": 5}, "footprint-unit-missing", "product_properties.density"),
        ({"density": "0.7"}, "footprint-unit-missing", "product_properties.density"),
        ({"density": {"value": "0.7"}}, "footprint-unit-missing", "product_properties.density.unit"),
        ({"density": "0.7 kg"}, "footprint-unit-place", "product_properties.density"),
        ({"density": "0.7 L/kg"}, "footprint-unit-place", "product_properties.density"),
        ({"density": "0.7 stone/L"}, "unit-unknown", "product_properties.density"),
        ({"density": "0.7 kg/bbl"}, "unit-trap", "product_properties.density"),
        ({"density": "0 kg/L"}, "footprint-zero", "product_properties.density"),
        ({"density": "-1 kg/L"}, "footprint-zero", "product_properties.density"),
        (
            {"density": {"value": "1", "unit": "kg/L", "plus_minus": "1"}},
            "footprint-zero",
            "product_properties.density",
        ),
        ({"density": {"value": "x", "unit": "kg/L"}}, "footprint-number", "product_properties.density.value"),
        (
            {"density": {"value": "1", "unit": "kg/L", "source": 5}},
            "footprint-type",
            "product_properties.density.source",
        ),
        (
            {"net_calorific_value": "42 kg/MJ"},
            "footprint-unit-place",
            "product_properties.net_calorific_value",
        ),
        ({"content": "0.4 kg/kg"}, "footprint-unit-place", "product_properties.content"),
        ({"content": ["0.4 kg N/L"]}, "footprint-unit-place", "product_properties.content[0]"),
        ({"content": "46.65 kg N/kg"}, "footprint-share", "product_properties.content"),
        ({"content": "1100 g N/kg"}, "footprint-share", "product_properties.content"),
        (
            {"content": ["0.4 kg N/kg", "400 g N/kg"]},
            "footprint-content-twice",
            "product_properties.content[1]",
        ),
    ],
)
def test_what_cannot_be_understood_is_named(
    properties: Any, code: str, where: str, catalogue: Catalogue
) -> None:
    with pytest.raises(CrosswalkError) as found:
        read(payload(properties), catalogue)
    assert (found.value.code, found.value.where) == (code, f"payload: {where}")
    assert found.value.message("zh") != found.value.message("en")


@pytest.mark.parametrize(
    ("mass", "value", "half"),
    [
        ("2.5", "2.5", "0.05"),
        (2, "2", "0.5"),
        ("2.5 t", "2500", "50"),
        ({"value": "2500", "unit": "g"}, "2.5", "0.0005"),
        ({"value": "2.5", "exact": True}, "2.5", "0"),
        ({"value": {"value": "2.5", "plus_minus": "0.2"}, "unit": "kg"}, "2.5", "0.2"),
    ],
)
def test_the_mass_of_the_declared_unit_keeps_its_rounding(
    mass: Any, value: str, half: str, catalogue: Catalogue
) -> None:
    given = payload(None, declared_unit={"unit": "piece", "mass": mass})
    jsonschema.validate(given, schema())
    found = read(given, catalogue).declared_unit.mass
    assert found is not None
    assert (found.value, found.half) == (Fraction(value), Fraction(half))

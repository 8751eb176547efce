"""The inventory of an installation in our own file: what each stream is, and what goods are meant."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from crosswalk.errors import CrosswalkError
from crosswalk.footprint.records import Footprint
from crosswalk.formats import read
from crosswalk.formats.own import schema
from crosswalk.knowledge.catalogue import Catalogue

TONNES: dict[str, Any] = {"value": 10, "unit": "t"}
PER_TONNE = {"value": 0.5, "unit": "t CO2/t"}


def plant(*streams: dict[str, Any], **process: Any) -> dict[str, Any]:
    made = {"name": "p", "activity_level": {"value": 100, "unit": "t"}, **process}
    return {
        "crosswalk": "footprint/2",
        "declared_unit": "kg",
        "installation": {"product": "p", "processes": [made], "streams": list(streams)},
    }


def installed(payload: dict[str, Any], catalogue: Catalogue) -> Footprint:
    jsonschema.validate(payload, schema())
    return read(payload, catalogue)


@pytest.mark.parametrize(
    ("given", "method"),
    [
        ({"factor": PER_TONNE}, "process"),
        (
            {"heating_value": {"value": 25, "unit": "GJ/t"}, "factor": {"value": 95, "unit": "t CO2/TJ"}},
            "combustion",
        ),
        ({"carbon": {"value": 0.8, "unit": "t C/t"}}, "mass-balance"),
        ({"carbon": {"value": 0.8, "unit": "t C/t"}, "amount": {"value": -3, "unit": "t"}}, "mass-balance"),
        ({"gas": "N2O"}, "measured"),
    ],
)
def test_what_is_given_tells_the_method(given: dict[str, Any], method: str, catalogue: Catalogue) -> None:
    stream = {"name": "s", "amount": TONNES, **given}
    activity = installed(plant(stream), catalogue).activity
    assert activity is not None
    assert activity.installation is not None
    (found,) = activity.installation.streams
    assert found.method == method
    assert (found.factor is None) == (method in ("mass-balance", "measured"))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "footprint-missing"),
        ({"factor": PER_TONNE, "amount": {"value": -3, "unit": "t"}}, "footprint-below-zero"),
        ({"factor": PER_TONNE, "process": "q"}, "footprint-reference"),
        ({"factor": {"value": 95, "unit": "t CO2/TJ"}}, "footprint-unit-place"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any], code: str, catalogue: Catalogue) -> None:
    with pytest.raises(CrosswalkError) as caught:
        read(plant({"name": "s", "amount": TONNES, **given}), catalogue)
    assert caught.value.code == code


def test_goods_and_what_is_complete(catalogue: Catalogue) -> None:
    precursor = {
        "name": "ore",
        "amount": TONNES,
        "goods": "2601 12 00",
        "electricity": {"value": 0.1, "unit": "MWh/t"},
        "exempt": True,
    }
    payload = plant(goods="7201", complete=True, precursors=[precursor])
    activity = installed(payload, catalogue).activity
    assert activity is not None
    assert activity.installation is not None
    (process,) = activity.installation.processes
    assert (process.goods, process.complete) == ("7201", True)
    (found,) = process.precursors
    assert (found.goods, found.exempt) == ("2601 12 00", True)
    assert found.electricity is not None
    assert float(found.electricity.value) == 0.1


@pytest.mark.parametrize(
    ("codes", "wanted"),
    [
        ([{"scheme": "CN", "code": "2804 10 00"}, {"scheme": "HS 2022", "code": "2804.10"}], "28041000"),
        ([{"scheme": "HS", "code": "2804.10"}, {"scheme": "HS", "code": "2814"}], None),
        ([{"scheme": "CPC", "code": "34210"}], None),
        ([], None),
    ],
)
def test_the_customs_code_of_the_product(
    codes: list[dict[str, str]], wanted: str | None, catalogue: Catalogue
) -> None:
    payload = {**plant(), "product": {"name": "x", "codes": codes}}
    assert installed(payload, catalogue).goods == wanted


def test_conditions_for_a_bound(catalogue: Catalogue) -> None:
    payload = {**plant(), "border_conditions": {"actual_values": True, "no_credits": None}}
    activity = installed(payload, catalogue).activity
    assert activity is not None
    assert activity.border is not None
    assert activity.border.actual_values
    assert not activity.border.no_credits
    assert not installed(payload, catalogue).unused

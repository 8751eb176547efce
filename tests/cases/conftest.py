"""Published cases that lie beside a checkout; where they do not, the tests that read them are skipped."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.load import load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture(scope="session")
def extended() -> Catalogue:
    """The knowledge, with an indicator and a profile that only these tests need."""
    return load([ROOT / "tests" / "cases" / "knowledge"])


@pytest.fixture(scope="session")
def cases() -> Path:
    folder = ROOT.parent / "shared" / "samples" / "cases"
    if not folder.is_dir():
        pytest.skip("the published cases are not beside this checkout")
    return folder


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(given: str | float) -> Fraction:
    """A number of a spreadsheet, as the decimal it is shown as."""
    return Fraction(Decimal(given if isinstance(given, str) else repr(given)))


def exactly(value: Fraction) -> Quantity:
    """A number without rounding."""
    return Quantity(text=str(value), value=value, half=Fraction(0))


#: Identifiers of indicators: of EN 15804+A2 by the factors they were reckoned with, and of +A1.
INDICATORS = {
    "ef-3.0": {
        "gwp-total": "6a37f984-a4b3-458a-a20a-64418c145fa2",
        "gwp-fossil": "5f635281-343e-44fb-83df-1971b155e6b6",
        "gwp-biogenic": "2356e1ab-0185-4db5-86e5-16de51c7485c",
        "gwp-luluc": "4331bbdb-978a-490d-8707-eeb047f01a55",
    },
    "ef-3.1": {
        "gwp-total": "a7ea142a-9749-11ed-a8fc-0242ac120002",
        "gwp-fossil": "a7ea19c0-9749-11ed-a8fc-0242ac120002",
        "gwp-biogenic": "a7ea186c-9749-11ed-a8fc-0242ac120002",
        "gwp-luluc": "a7ea1ae2-9749-11ed-a8fc-0242ac120002",
    },
    # The one indicator of EN 15804+A1, which says nothing of its factors.
    "A1": {"gwp": "77e416eb-a363-4258-a04e-171d843a6460"},
}


def declaration(
    values: Mapping[str, Mapping[str, str]], factors: str = "ef-3.1", name: str = "declaration"
) -> dict[str, Any]:
    """An ILCD+EPD data set per cubic metre that states values by indicator and module."""
    results = [
        {
            "referenceToLCIAMethodDataSet": {"refObjectId": INDICATORS[factors][indicator]},
            "other": {"anies": [{"module": module, "value": value} for module, value in modules.items()]},
        }
        for indicator, modules in values.items()
    ]
    flow = {
        "dataSetInternalID": 0,
        "referenceFlow": True,
        "meanAmount": 1.0,
        "flowProperties": [
            {"uuid": "v", "referenceFlowProperty": True, "meanValue": 1.0, "referenceUnit": "m3"}
        ],
    }
    return {
        "processInformation": {
            "dataSetInformation": {"UUID": name, "name": {"baseName": [{"value": name, "lang": "en"}]}},
            "quantitativeReference": {"referenceToReferenceFlow": [0]},
        },
        "exchanges": {"exchange": [flow]},
        "LCIAResults": {"LCIAResult": results},
    }

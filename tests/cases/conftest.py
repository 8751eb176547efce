"""Published cases that lie beside a checkout; where they do not, the tests that read them are skipped."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.load import load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


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

from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = (
    "code,quantity_kind,subject,place,year,value,low,high,unit,gas,"
    "origin,gwp_set,boundary,series,source,default"
)
GOOD = "mine.1,electricity-co2-emission-factor,,CN-SD,2023,0.6,,,kg CO2/kWh,,,,generation,mine,measured,"


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Write a factor table of the rows given and return its path."""

    def write(*rows: str, header: str = HEADER, name: str = "mine.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write

"""The factor tables as operations see them: two series, never mixed, and nothing borrowed unsaid."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from crosswalk.engine.operations.situation import Factor
from crosswalk.factors.for_operations import Tables
from crosswalk.footprint.activity import GasMass
from crosswalk.knowledge.load import load

ROOT = Path(__file__).resolve().parents[2]
AVERAGE = "electricity-grid.consumption-mix"
RESIDUAL = "electricity-grid.consumption-mix-excl-claimed"
FOSSIL = "electricity-grid.fossil-mix"
REGIONAL = "electricity-grid.regional-average"
NATIONAL = "electricity-grid.national-average"
LIFE = "electricity-scope.life-cycle"
PLANT = "electricity-scope.generation-only"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables(load())


def found(tables: Tables, place: str, year: int | None, kind: str) -> Factor:
    factor = tables.electricity(place, year, kind)
    assert factor is not None
    return factor


# Published by the Ministry of Ecology and Environment: carbon footprint factors of 2023 and 2024, CO2
# emission factors of 2023 (announcement 2025 No. 47). The latter count CO2 of generation and nothing else.


def test_the_footprint_factor_goes_first_and_the_emission_factor_stands_beside(tables: Tables) -> None:
    factor = found(tables, "CN", 2023, NATIONAL)
    assert factor.burden.co2e is not None
    assert (factor.burden.co2e.text, factor.burden.scope) == ("0.6205", LIFE)
    (beside,) = factor.beside
    assert beside.burden.co2e is None
    assert beside.burden.scope == PLANT
    assert [(one.gas, one.mass.value) for one in beside.burden.gases] == [("CO2", Fraction("0.5306"))]


def test_an_emission_factor_is_never_given_as_one_of_the_life_cycle(tables: Tables) -> None:
    for kind, printed in ((RESIDUAL, "0.6096"), (FOSSIL, "0.8273")):
        factor = found(tables, "CN", 2023, kind)
        (gas,) = factor.burden.gases
        assert isinstance(gas, GasMass)
        assert (gas.gas, gas.mass.text, factor.burden.scope) == ("CO2", printed, PLANT)
        assert not factor.beside


def test_the_national_average_of_a_province_is_that_of_the_country(tables: Tables) -> None:
    assert found(tables, "CN-SD", 2023, NATIONAL) == found(tables, "CN", 2023, NATIONAL)
    assert found(tables, "山东", 2023, REGIONAL).burden.scope == PLANT


@pytest.mark.parametrize(
    ("place", "year", "kind"),
    [
        ("CN", 2022, "electricity-grid.unheard-of"),
        # The footprint factors begin in 2023, the emission factors in 2021: no year stands for another.
        ("CN", 2019, NATIONAL),
        ("CN", 2031, NATIONAL),
        ("CN", None, NATIONAL),
        ("Atlantis", 2023, NATIONAL),
        # Of which region is not said.
        ("CN", 2023, REGIONAL),
        # A residual mix of a province is not that of the country.
        ("CN-SD", 2023, RESIDUAL),
        # India printed two values for one year.
        ("IN", 2023, AVERAGE),
    ],
)
def test_what_is_not_known_is_not_borrowed(tables: Tables, place: str, year: int | None, kind: str) -> None:
    assert tables.electricity(place, year, kind) is None


def test_no_statistical_intensity_stands_for_a_factor(tables: Tables) -> None:
    assert any(
        row.kind == "electricity-generation-intensity" and row.place == "JP" for row in tables.base.factors
    )
    assert tables.electricity("JP", 2024, AVERAGE) is None


def test_each_factor_says_where_it_was_read(tables: Tables) -> None:
    cited = found(tables, "CN", 2024, NATIONAL).cited
    assert cited.evidence == "read"
    assert cited.note is not None
    assert "0.5777 kg CO2e/kWh" in cited.note.en
    assert "0.5777 kg CO2e/kWh" in cited.note.zh


def test_a_conversion_without_electricity_loads_no_tables() -> None:
    program = (
        "import sys\n"
        "from crosswalk import convert\n"
        "convert('examples/polyethylene.json', to='PACT:3.0')\n"
        "print('crosswalk.factors.load' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"

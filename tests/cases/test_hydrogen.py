"""242 published hydrogen footprints in four units, and what they are in two others.

Source: data set of journal articles with the value and unit as found, gCO2e/MJ and kgCO2e/kg. It does not
say which heating value it converts with; its own columns give 120 MJ/kg in every row, a net value: the
knowledge has 119.95 MJ/kg for the pure substance, and the gross one is near 142.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from crosswalk.footprint.units import dimension, factor, parse_unit
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.mappings import load_mappings
from tests.cases.conftest import number, table

CLOSE = Fraction(1, 10**12)


@pytest.fixture(scope="module")
def rows(cases: Path) -> list[dict[str, str]]:
    found = table(cases / "hydrogen_carbon_intensity.csv")
    assert len(found) == 242
    return found


@pytest.fixture(scope="module")
def used(rows: list[dict[str, str]]) -> Fraction:
    """The heating value the data set converts with, MJ/kg, as its own columns give it: one for every row."""
    found = {
        round(1000 * number(row["adjusted_kgCO2e_per_kgH2"]) / number(row["adjusted_gCO2e_per_MJ"]), 9)
        for row in rows
        if number(row["adjusted_gCO2e_per_MJ"])
    }
    (only,) = found
    return Fraction(only)


@pytest.fixture(scope="module")
def known() -> Fraction:
    """The net heating value of hydrogen in the knowledge, MJ/kg."""
    (only,) = (
        one
        for one in load_mappings().products["hydrogen"].properties
        if one.quantity == "net-calorific-value"
    )
    assert only.unit == "MJ/kg"
    return Fraction(only.value)


def parts(unit: str, catalogue: Catalogue) -> tuple[str, str]:
    """``kgCO2e/MWh H2`` is CO2e per energy: the substance after the unit is no part of it."""
    above, below = unit.split("/")
    return parse_unit(above, catalogue), parse_unit(below.removesuffix(" H2"), catalogue)


def converted(value: Fraction, unit: str, wanted: str, heat: Fraction, catalogue: Catalogue) -> Fraction:
    """A footprint in another unit; between mass and energy by a net heating value in MJ/kg."""
    above, below = parts(unit, catalogue)
    top, bottom = parts(wanted, catalogue)
    amount = value * factor(above, top, catalogue)
    kinds = dimension(below, catalogue), dimension(bottom, catalogue)
    if kinds == ("mass", "energy"):
        per_mj = amount / factor(below, "kilogram", catalogue) / heat
        return per_mj * factor(bottom, "megajoule", catalogue)
    if kinds == ("energy", "mass"):
        per_kg = amount / factor(below, "megajoule", catalogue) * heat
        return per_kg * factor(bottom, "kilogram", catalogue)
    return amount / factor(below, bottom, catalogue)


def near(got: Fraction, wanted: Fraction) -> bool:
    return abs(got - wanted) <= CLOSE * abs(wanted)


def test_one_net_heating_value_was_used(used: Fraction, known: Fraction) -> None:
    assert used == 120
    assert abs(used / known - 1) < Fraction("0.0005")


def test_every_row_in_both_units(rows: list[dict[str, str]], used: Fraction, catalogue: Catalogue) -> None:
    missed = []
    for place, row in enumerate(rows, start=2):
        value, unit = number(row["original_ci"]), row["original_unit"]
        per_energy = converted(value, unit, "gCO2e/MJ", used, catalogue)
        per_mass = converted(value, unit, "kgCO2e/kg H2", used, catalogue)
        if not near(per_energy, number(row["adjusted_gCO2e_per_MJ"])) or not near(
            per_mass, number(row["adjusted_kgCO2e_per_kgH2"])
        ):
            missed.append((place, row["original_ci"], unit))
    assert missed == []


def test_where_no_heating_value_is_needed_the_conversion_is_exact(
    rows: list[dict[str, str]], catalogue: Catalogue
) -> None:
    # CO2e per energy to CO2e per energy, and per mass to per mass: whatever the heating value.
    odd = Fraction(1, 3)
    seen = set()
    for row in rows:
        unit = row["original_unit"]
        kind = dimension(parts(unit, catalogue)[1], catalogue)
        wanted = "gCO2e/MJ" if kind == "energy" else "kgCO2e/kg H2"
        column = "adjusted_gCO2e_per_MJ" if kind == "energy" else "adjusted_kgCO2e_per_kgH2"
        assert near(converted(number(row["original_ci"]), unit, wanted, odd, catalogue), number(row[column]))
        seen.add(unit)
    assert seen == {"kgCO2e/kg H2", "gCO2e/MJ", "kgCO2e/MWh H2", "kgCO2e/GJ H2"}


def test_the_value_of_the_knowledge_moves_mass_to_energy_by_their_ratio(
    rows: list[dict[str, str]], used: Fraction, known: Fraction, catalogue: Catalogue
) -> None:
    for row in rows:
        wanted = number(row["adjusted_gCO2e_per_MJ"])
        if row["original_unit"] == "kgCO2e/kg H2" and wanted:
            got = converted(number(row["original_ci"]), "kgCO2e/kg H2", "gCO2e/MJ", known, catalogue)
            assert abs(got / wanted - used / known) < CLOSE


def test_there_and_back_again(known: Fraction, catalogue: Catalogue) -> None:
    for unit in ("kgCO2e/kg H2", "gCO2e/MJ", "kgCO2e/MWh H2", "kgCO2e/GJ H2", "tCO2e/t", "gCO2e/kWh"):
        for wanted in ("gCO2e/MJ", "kgCO2e/kg H2"):
            there = converted(Fraction(7), unit, wanted, known, catalogue)
            assert converted(there, wanted, unit, known, catalogue) == 7

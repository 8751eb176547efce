"""Units of factors: something per something, and never one quantity for another."""

from fractions import Fraction

import pytest

from crosswalk.errors import CrosswalkError
from crosswalk.factors.units import parse_ratio, scale


@pytest.mark.parametrize(
    ("text", "counts", "per", "gas"),
    [
        ("kg CO2/kWh", "mass of CO2", "energy", "CO2"),
        ("kgCO2e per kWh", "CO2 equivalent", "energy", "CO2e"),
        ("t CO₂e / t", "CO2 equivalent", "mass", "CO2e"),
        ("g CH4/MJ", "mass of CH4", "energy", "CH4"),
        ("kg N2O/TJ", "mass of N2O", "energy", "N2O"),
        ("kg C/GJ", "mass of carbon", "energy", "C"),
        ("kg C/kg C", "mass of carbon", "mass of carbon", "C"),
        ("GJ/t", "energy", "mass", ""),
        ("MJ/m³", "energy", "volume", ""),
        ("kg standard coal/kg", "standard coal", "mass", ""),
        ("千克二氧化碳/千瓦时", "mass of CO2", "energy", "CO2"),
    ],
)
def test_units_are_read(text: str, counts: str, per: str, gas: str) -> None:
    ratio = parse_ratio(text)
    assert (ratio.counts, ratio.per, ratio.gas) == (counts, per, gas)


@pytest.mark.parametrize(
    "text", ["", "kg", "kg/kWh", "kg CO2/kWh/t", "kgCO2e/ton", "CO2/kWh", "/kWh", "kg CO2e"]
)
def test_what_is_no_unit_of_a_factor_is_refused(text: str) -> None:
    with pytest.raises(CrosswalkError):
        parse_ratio(text)


@pytest.mark.parametrize(
    ("given", "wanted", "by"),
    [
        ("kg CO2e/kWh", "t CO2e/MWh", Fraction(1)),
        ("kg CO2/TJ", "kg CO2/GJ", Fraction(1, 1000)),
        ("t CO2/t", "kg CO2/kg", Fraction(1)),
        ("GJ/t", "MJ/kg", Fraction(1)),
    ],
)
def test_scales_are_exact(given: str, wanted: str, by: Fraction) -> None:
    assert scale(parse_ratio(given), parse_ratio(wanted)) == by


@pytest.mark.parametrize("wanted", ["kg CO2e/kWh", "kg CH4/kWh", "kg C/kWh", "kg CO2/kg", "MJ/kWh"])
def test_co2_is_nothing_else(wanted: str) -> None:
    with pytest.raises(CrosswalkError):
        scale(parse_ratio("kg CO2/kWh"), parse_ratio(wanted))

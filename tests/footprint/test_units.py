import csv
from fractions import Fraction
from pathlib import Path

import pytest

from crosswalk.errors import InputError, UnknownNameError
from crosswalk.footprint import units
from crosswalk.footprint.records import DeclaredUnit
from crosswalk.knowledge.load import load

LIST = Path(__file__).resolve().parents[3] / "shared" / "research" / "classifications" / "units.csv"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kg", "kilogram"),
        ("KG", "kilogram"),
        (" Kilogram ", "kilogram"),
        ("公斤", "kilogram"),
        ("t", "tonne"),
        ("吨", "tonne"),
        ("metric ton", "tonne"),
        ("liter", "litre"),
        ("L", "litre"),
        ("m³", "cubic metre"),
        ("cubic meter", "cubic metre"),
        ("kilowatt hour", "kilowatt hour"),
        ("kWh", "kilowatt hour"),
        ("度电", "kilowatt hour"),
        ("MJ", "megajoule"),
        ("ton kilometer", "tonne kilometre"),
        ("t·km", "tonne kilometre"),
        ("吨公里", "tonne kilometre"),
        ("square meter", "square metre"),
        ("piece", "piece"),
        ("hour", "hour"),
        ("megabit second", "megabit second"),
        ("kgCO2e", "kilogram CO2e"),
        ("kg CO₂e", "kilogram CO2e"),
        ("吨二氧化碳当量", "tonne CO2e"),
    ],
)
def test_spellings(text: str, code: str) -> None:
    assert units.parse_unit(text) == code


@pytest.mark.parametrize(
    "text", ["ton", "Tons", "bbl", "barrel", "kt", "Nm3", "tce", "吨标准煤", "mJ", "mWh", "ML"]
)
def test_traps_are_refused_with_the_reason(text: str) -> None:
    with pytest.raises(InputError) as caught:
        units.parse_unit(text)
    assert caught.value.code == "unit-trap"
    assert "?" in str(caught.value)
    assert text in caught.value.message("zh")


@pytest.mark.parametrize("text", ["", "stone", "kilogrammes per year", "石", "kg/kg"])
def test_what_is_not_on_the_list_is_refused(text: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        units.parse_unit(text)
    assert caught.value.code == "unit-unknown"


def test_a_near_spelling_is_suggested() -> None:
    with pytest.raises(UnknownNameError) as caught:
        units.parse_unit("kilowat hour")
    assert "kilowatt hour" in caught.value.values["near"]


@pytest.mark.parametrize(
    ("given", "wanted", "factor"),
    [
        ("tonne", "kilogram", Fraction(1000)),
        ("gram", "kilogram", Fraction(1, 1000)),
        ("kilowatt hour", "megajoule", Fraction(18, 5)),
        ("gigajoule", "kilowatt hour", Fraction(2500, 9)),
        ("litre", "cubic metre", Fraction(1, 1000)),
        ("millilitre", "litre", Fraction(1, 1000)),
        ("tonne CO2e", "kilogram CO2e", Fraction(1000)),
        ("gram CO2e", "tonne CO2e", Fraction(1, 10**6)),
        ("piece", "piece", Fraction(1)),
    ],
)
def test_factors_are_exact(given: str, wanted: str, factor: Fraction) -> None:
    assert units.factor(given, wanted) == factor
    assert units.factor(wanted, given) == 1 / factor


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("kilogram", "kilogram CO2e"), ("litre", "kilogram"), ("hour", "piece"), ("kilowatt hour", "kilogram")],
)
def test_nothing_crosses_dimensions(given: str, wanted: str) -> None:
    with pytest.raises(InputError) as caught:
        units.factor(given, wanted)
    assert caught.value.code == "unit-dimension"


def test_codes_only_where_codes_are_asked_for() -> None:
    for code in ("kg", "ton", "nothing"):
        with pytest.raises(UnknownNameError):
            units.factor(code, "kilogram")
        with pytest.raises(UnknownNameError):
            units.label(code)


def test_every_unit_is_whole() -> None:
    seen: dict[str, str] = {}
    for unit in load().units.values():
        assert unit.label.en
        assert unit.label.zh
        for spelling in unit.spellings:
            assert seen.setdefault(spelling, unit.code) == unit.code, spelling
        if not unit.trap:
            assert unit.dimension
            assert unit.ucum
            assert units.parse_unit(unit.code) == unit.code
            assert units.factor(unit.code, unit.code) == 1


def test_units_of_one_dimension_convert_into_each_other() -> None:
    known = [unit for unit in load().units.values() if not unit.trap]
    for one in known:
        for other in known:
            if one.dimension == other.dimension:
                assert units.factor(one.code, other.code) * units.factor(other.code, one.code) == 1


@pytest.mark.skipif(not LIST.is_file(), reason="the comparison of unit lists is not beside this checkout")
def test_every_unit_of_the_exchange_formats_is_read() -> None:
    read = 0
    with LIST.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            for column in ("pact_v2", "pact_v3_0_3", "catena_x_pcf"):
                name = row[column].partition(" (")[0]
                if name and not name.startswith(("absent", "implied", "split")):
                    units.parse_unit(name)
                    read += 1
    assert read > 20


def test_a_declared_unit_reads_well() -> None:
    assert str(DeclaredUnit(amount=Fraction(1), unit="litre")) == "L"
    assert str(DeclaredUnit(amount=Fraction(12), unit="kilogram")) == "12 kg"

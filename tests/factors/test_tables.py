"""The tables we ship: whole, sourced, told apart, and true to where they come from."""

import csv
import json
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from crosswalk.factors.load import description, load_factors
from crosswalk.factors.rows import COLUMNS, REQUIRED
from crosswalk.factors.units import parse_ratio
from crosswalk.knowledge.load import load

ROOT = Path(__file__).resolve().parents[2]
TABLES = sorted((ROOT / "ontologies" / "factors" / "tables").glob("*.csv"))
NOTES = ROOT.parent / "shared" / "research" / "factors"
BASE = load_factors()
ROWS = {one.code: one for one in BASE.factors}


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_row_is_valid() -> None:
    assert [fault.show() for fault in BASE.faults] == []
    assert len(ROWS) == len(BASE.factors) == sum(len(cells(path)) for path in TABLES)
    assert len(ROWS) >= 1200


@pytest.mark.parametrize("path", TABLES, ids=[path.name for path in TABLES])
def test_a_table_has_all_columns_and_says_everything_twice(path: Path) -> None:
    for row in cells(path):
        assert tuple(row) == COLUMNS
        for column in ("subject", "label_en", "label_zh", "boundary", "clause_or_table", "evidence"):
            assert row[column], (row["code"], column)
        for column in ("series", "licence", "method", "default"):
            assert row[column], (row["code"], column)
        assert bool(row["note_en"]) == bool(row["note_zh"]), row["code"]
        assert row["note_zh"] == "" or any("\u4e00" <= letter <= "\u9fff" for letter in row["note_zh"])
        assert bool(row["low"] or row["high"]) == bool(row["bounds"]), row["code"]


def test_no_two_rows_say_the_same() -> None:
    assert [key for key, count in Counter(one.key for one in BASE.factors).items() if count > 1] == []


def test_units_are_on_the_closed_list_and_kinds_and_boundaries_fit() -> None:
    for one in BASE.factors:
        assert parse_ratio(one.unit) == (one.numerator, one.denominator, one.counts, one.per)
        kind = BASE.kinds[one.kind]
        assert one.counts in kind.numerators
        assert one.per in kind.denominators
        assert one.boundary in kind.boundaries
        assert one.place in BASE.places


def test_bounds_bracket_the_value() -> None:
    bounded = [one for one in BASE.factors if one.low or one.high]
    assert len(bounded) > 50
    for one in bounded:
        assert Fraction(one.low) <= one.number <= Fraction(one.high)


def test_a_gwp_set_is_told_of_co2e_only() -> None:
    known = {"unknown", *load().gwp_sets}
    for one in BASE.factors:
        assert one.gwp_set in known if one.gas == "CO2e" else one.gwp_set == ""


def test_what_is_weak_is_kept_out() -> None:
    for one in BASE.factors:
        if one.evidence in ("memory", "presumed", "unknown"):
            assert not one.default, one.code


def test_places_lead_to_the_world() -> None:
    from crosswalk.factors.ladder import ladder

    for code, place in BASE.places.items():
        assert place.label.en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in place.label.zh), code
        assert list(ladder(code, BASE.places))[-1] == ("001",)
    assert list(ladder("CN-SD", BASE.places)) == [("CN-SD",), ("CN-grid-north",), ("CN",), ("001",)]
    assert list(ladder("DE", BASE.places)) == [("DE",), ("EU",), ("001",)]


def test_all_grids_and_provinces_but_tibet_have_three_years() -> None:
    years = {2021, 2022, 2023}
    of_place: dict[str, set[int]] = {}
    for one in BASE.factors:
        if one.series == "MEE-CO2" and one.subject == "grid-average":
            of_place.setdefault(one.place, set()).add(one.year)
    provinces = {code for code in BASE.places if code.startswith("CN-") and len(code) == 5}
    grids = {code for code in BASE.places if code.startswith("CN-grid-")}
    assert (len(provinces), len(grids)) == (31, 7)
    assert of_place == dict.fromkeys(provinces - {"CN-XZ"} | grids | {"CN"}, years)


def test_derived_factors_follow_from_their_parts() -> None:
    derived = [
        one for one in BASE.factors if one.method == "derived" and one.kind == "fuel-co2-emission-factor"
    ]
    assert len(derived) == 48 + 27
    for one in derived:
        family, fuel = one.code.split(".ef.")
        ncv, cc, of = (ROWS[f"{family}.{part}.{fuel}"].number for part in ("ncv", "cc", "of"))
        exact = ncv * cc * of * Fraction(44, 12) / 1000
        digits = Decimal(one.value).as_tuple().exponent
        assert isinstance(digits, int)
        step = Decimal(10) ** min(digits, -5)
        rounded = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(step, ROUND_HALF_UP)
        assert rounded == Decimal(one.value), one.code


def test_three_chinese_families_and_the_world() -> None:
    series = {one.series for one in BASE.factors if one.kind == "net-calorific-value"}
    assert {"GBT-32151.34-2024", "NDRC-chemical", "NDRC-steel", "IPCC-2006"} <= series


def test_no_database_is_shipped() -> None:
    from_cpcd = [one for one in BASE.factors if one.series == "CPCD"]
    assert 0 < len(from_cpcd) < 20
    assert not [one for one in BASE.factors if "OEFDB" in one.source or "ecoinvent" in one.source.lower()]


def test_the_columns_are_described() -> None:
    described = json.loads(description())["tableSchema"]["columns"]
    assert tuple(column["name"] for column in described) == COLUMNS
    assert {column["name"] for column in described if column["required"]} == set(REQUIRED)
    assert all(column["dcterms:description"].keys() == {"en", "zh"} for column in described)


@pytest.mark.skipif(not NOTES.is_dir(), reason="the notes on factors are not beside this checkout")
@pytest.mark.parametrize(
    ("name", "rename"),
    [
        ("electricity_cn", lambda code: code.replace("cn.elec.", "cn.electricity.")),
        ("fuels_cn", lambda code: code),
        ("fuels_ipcc2006", lambda code: code),
        ("products_pcf", lambda code: code),
    ],
)
def test_values_are_those_of_the_notes(name: str, rename: object) -> None:
    assert callable(rename)
    checked = 0
    for row in cells(NOTES / f"{name}.csv"):
        one = ROWS.get(rename(row["id"]).replace("_", "-"))
        if one is not None:
            assert one.number == Fraction(row["value"]), one.code
            checked += 1
    assert checked > 100


def test_a_name_means_one_subject_of_a_kind() -> None:
    from crosswalk.footprint.names import normalise

    named: dict[tuple[str, str], set[str]] = {}
    for one in BASE.factors:
        for name in (one.subject, one.label.en, one.label.zh):
            named.setdefault((one.kind, normalise(name)), set()).add(one.subject)
    assert {key: found for key, found in named.items() if len(found) > 1} == {}

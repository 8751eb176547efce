"""Distributions beside numbers: what each form means, and every way to get one wrong."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import jsonschema
import pytest

from crosswalk.errors import CrosswalkError, InputError
from crosswalk.footprint.quantity import Spread
from crosswalk.footprint.records import Footprint
from crosswalk.formats import read
from crosswalk.formats import schema as load_schema
from crosswalk.knowledge.catalogue import Catalogue

BASE: dict[str, Any] = {
    "crosswalk": "footprint/2",
    "declared_unit": "kg",
    "regime": "GB/T 24067-2024",
    "total": "2.30",
}
#: Quantile of the standard normal distribution at 95 %, from tables.
Z95 = 1.6448536269514722
#: The same at 97.5 %.
Z975 = 1.959963984540054


def payload(stated: Any, value: Any = "2.30") -> dict[str, Any]:
    return {**BASE, "total": {"value": value, "uncertainty": stated}}


def spread(stated: Any, catalogue: Catalogue, value: Any = "2.30") -> Spread:
    found = read(payload(stated, value), catalogue).disclosures[0].quantity.spread
    assert found is not None
    return found


def sigma(found: Spread) -> float:
    assert found.sigma is not None
    return float(found.sigma)


def test_lognormal_by_geometric_standard_deviation(catalogue: Catalogue) -> None:
    found = spread({"distribution": "lognormal", "sigma_g": "1.20", "group": "grid"}, catalogue)
    assert (found.kind, found.sigma, found.group, found.path) == (
        "lognormal",
        Fraction(6, 5),
        "grid",
        "total",
    )


@pytest.mark.parametrize(
    "scores",
    [
        [2, 3, 1, 1, 2],
        {"technological": 2, "geographical": 1, "temporal": 1, "completeness": 3, "reliability": 2},
    ],
)
def test_lognormal_by_pedigree_as_worked_out_by_hand(scores: Any, catalogue: Catalogue) -> None:
    # Variances 0.0006 (reliability 2), 0.0006 (completeness 3), 0.0006 (technology 2); basic 0.0006.
    stated = {"distribution": "lognormal", "pedigree": scores, "basic_variance": "0.0006"}
    found = spread(stated, catalogue)
    assert sigma(found) == pytest.approx(math.exp(math.sqrt(0.0024)), rel=1e-12)
    assert found.pedigree == "ecoinvent-3"


def test_the_basic_uncertainty_may_be_a_geometric_standard_deviation(catalogue: Catalogue) -> None:
    stated = {"distribution": "lognormal", "pedigree": [1, 1, 1, 1, 5], "basic_sigma_g": "1.1"}
    expected = math.exp(math.sqrt(0.12 + math.log(1.1) ** 2))
    assert sigma(spread(stated, catalogue)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("stated", "expected"), [({"sd": "0.1"}, "0.1"), ({"relative_sd": "0.1"}, "0.23")])
def test_normal(stated: dict[str, str], expected: str, catalogue: Catalogue) -> None:
    found = spread({"distribution": "normal", **stated}, catalogue)
    assert (found.kind, found.sigma) == ("normal", Fraction(expected))


@pytest.mark.parametrize("kind", ["triangular", "uniform"])
def test_distributions_between_two_ends(kind: str, catalogue: Catalogue) -> None:
    found = spread({"distribution": kind, "low": 2, "high": "2.5"}, catalogue)
    assert (found.kind, found.low, found.high) == (kind, 2, Fraction(5, 2))


def test_a_symmetric_range_is_normal(catalogue: Catalogue) -> None:
    # The GWP of fossil methane in AR6, Table 7.15: 29.8 plus or minus 11, 5 to 95 %.
    found = spread({"distribution": "range", "low": "18.8", "high": "40.8"}, catalogue, "29.8")
    assert (found.kind, found.below, found.ranged) == ("normal", None, True)
    assert sigma(found) == pytest.approx(11 / Z95, rel=1e-9)


def test_a_range_symmetric_but_for_rounding_is_normal(catalogue: Catalogue) -> None:
    # The middle, 2.296, rounds to the number.
    found = spread({"distribution": "range", "low": "2.00", "high": "2.592"}, catalogue)
    assert (found.kind, found.below) == ("normal", None)


def test_the_coverage_of_a_range_counts(catalogue: Catalogue) -> None:
    stated = {"distribution": "range", "low": "2.10", "high": "2.50", "coverage": "0.95"}
    assert sigma(spread(stated, catalogue)) == pytest.approx(0.2 / Z975, rel=1e-9)


def test_a_skewed_range_is_lognormal_on_either_side(catalogue: Catalogue) -> None:
    found = spread({"distribution": "range", "low": "2.00", "high": "3.45"}, catalogue)
    assert found.kind == "lognormal"
    assert found.below is not None
    assert sigma(found) ** Z95 == pytest.approx(3.45 / 2.30, rel=1e-9)
    assert float(found.below) ** Z95 == pytest.approx(2.30 / 2.00, rel=1e-9)


def test_a_skewed_range_of_a_deduction_goes_by_size(catalogue: Catalogue) -> None:
    given = {**BASE, "lines": {"uptake-in-product": {"value": "-2.0", "uncertainty": None}}}
    given["lines"]["uptake-in-product"]["uncertainty"] = {"distribution": "range", "low": -4, "high": -1.6}
    found = read(given, catalogue).disclosures[1].quantity.spread
    assert found is not None
    assert found.below is not None
    assert sigma(found) ** Z95 == pytest.approx(2.0, rel=1e-9)
    assert float(found.below) ** Z95 == pytest.approx(1.25, rel=1e-9)


def test_a_skewed_range_beyond_zero_is_normal_on_either_side(catalogue: Catalogue) -> None:
    found = spread({"distribution": "range", "low": -1, "high": 4}, catalogue)
    assert found.kind == "normal"
    assert found.below is not None
    assert sigma(found) == pytest.approx(1.7 / Z95, rel=1e-9)
    assert float(found.below) == pytest.approx(3.3 / Z95, rel=1e-9)


@pytest.mark.parametrize(
    ("stated", "code", "at"),
    [
        ([1], "footprint-type", "total.uncertainty"),
        ({}, "footprint-uncertainty-distribution", "total.uncertainty.distribution"),
        ({"distribution": "gamma"}, "footprint-uncertainty-distribution", "total.uncertainty.distribution"),
        (
            {"distribution": ["normal"]},
            "footprint-uncertainty-distribution",
            "total.uncertainty.distribution",
        ),
        (
            {"distribution": "normal", "sd": 1, "mean": 2},
            "footprint-uncertainty-key",
            "total.uncertainty.mean",
        ),
        ({"distribution": "normal", "sd": 1, "group": 7}, "footprint-type", "total.uncertainty.group"),
        ({"distribution": "normal"}, "footprint-uncertainty-one", "total.uncertainty"),
        (
            {"distribution": "normal", "sd": 1, "relative_sd": 1},
            "footprint-uncertainty-one",
            "total.uncertainty",
        ),
        ({"distribution": "normal", "sd": 0}, "footprint-uncertainty-above", "total.uncertainty.sd"),
        ({"distribution": "normal", "sd": "wide"}, "footprint-number", "total.uncertainty.sd"),
        ({"distribution": "lognormal"}, "footprint-uncertainty-one", "total.uncertainty"),
        (
            {"distribution": "lognormal", "sigma_g": "0.9"},
            "footprint-uncertainty-between",
            "total.uncertainty.sigma_g",
        ),
        (
            {"distribution": "lognormal", "sigma_g": 1000},
            "footprint-uncertainty-between",
            "total.uncertainty.sigma_g",
        ),
        (
            {"distribution": "lognormal", "pedigree": [1, 1, 1, 1, 1]},
            "footprint-uncertainty-one",
            "total.uncertainty",
        ),
        (
            {"distribution": "lognormal", "pedigree": [1, 1, 1, 1], "basic_variance": 0},
            "footprint-uncertainty-pedigree",
            "total.uncertainty.pedigree",
        ),
        (
            {"distribution": "lognormal", "pedigree": [1, 1, 1, 1, 6], "basic_variance": 0},
            "footprint-uncertainty-pedigree",
            "total.uncertainty.pedigree",
        ),
        (
            {"distribution": "lognormal", "pedigree": [1, 1, 1, 1, True], "basic_variance": 0},
            "footprint-uncertainty-pedigree",
            "total.uncertainty.pedigree",
        ),
        (
            {"distribution": "lognormal", "pedigree": {"reliability": 1}, "basic_variance": 0},
            "footprint-uncertainty-pedigree",
            "total.uncertainty.pedigree",
        ),
        (
            {"distribution": "lognormal", "pedigree": [1, 1, 1, 1, 1], "basic_variance": -1},
            "footprint-uncertainty-least",
            "total.uncertainty.basic_variance",
        ),
        (
            {"distribution": "lognormal", "pedigree": [1, 1, 1, 1, 1], "basic_variance": 0, "scheme": "none"},
            "footprint-uncertainty-scheme",
            "total.uncertainty.scheme",
        ),
        ({"distribution": "uniform", "low": 1}, "footprint-uncertainty-needs", "total.uncertainty"),
        (
            {"distribution": "uniform", "low": 3, "high": 4},
            "footprint-uncertainty-order",
            "total.uncertainty",
        ),
        (
            {"distribution": "triangular", "low": "2.3", "high": "2.3"},
            "footprint-uncertainty-order",
            "total.uncertainty",
        ),
        (
            {"distribution": "range", "low": "2.3", "high": 3},
            "footprint-uncertainty-order",
            "total.uncertainty",
        ),
        (
            {"distribution": "range", "low": 2, "high": 3, "coverage": 90},
            "footprint-uncertainty-between",
            "total.uncertainty.coverage",
        ),
    ],
)
def test_what_is_wrong_is_named(stated: Any, code: str, at: str, catalogue: Catalogue) -> None:
    with pytest.raises(CrosswalkError) as caught:
        read(payload(stated), catalogue)
    assert isinstance(caught.value, InputError)
    assert (caught.value.code, caught.value.where) == (code, f"payload: {at}")
    for lang in ("en", "zh"):
        assert "\n" not in caught.value.message(lang)


@pytest.mark.parametrize(
    "stated", [{"distribution": "lognormal", "sigma_g": 2}, {"distribution": "normal", "relative_sd": 1}]
)
def test_zero_has_nothing_in_proportion_to_it(stated: Any, catalogue: Catalogue) -> None:
    with pytest.raises(InputError) as caught:
        read(payload(stated, "0.00"), catalogue)
    assert caught.value.code == "footprint-uncertainty-zero"


def test_no_uncertainty_may_be_null(catalogue: Catalogue) -> None:
    assert read(payload(None), catalogue).disclosures[0].quantity.spread is None


def test_rounding_stays_what_it_is(catalogue: Catalogue) -> None:
    stated = {"distribution": "normal", "sd": 1}
    plain = read(payload(stated), catalogue).disclosures[0].quantity
    exact = read({**BASE, "total": {"value": "2.30", "exact": True, "uncertainty": stated}}, catalogue)
    assert plain.half == Fraction(1, 200)
    assert exact.disclosures[0].quantity.half == 0


def test_units_are_turned_with_the_number(catalogue: Catalogue) -> None:
    mass = {"value": "11.0", "uncertainty": {"distribution": "normal", "sd": "2"}}
    given = {**BASE, "gases": [{"gas": "CH4", "origin": "fossil", "mass": mass, "unit": "g"}]}
    found = read(given, catalogue).disclosures[1].quantity
    assert (found.value, found.spread and found.spread.sigma) == (Fraction(11, 1000), Fraction(1, 500))


def test_rows_about_one_gas_add_up_with_their_distributions(catalogue: Catalogue) -> None:
    def row(sd: str) -> dict[str, Any]:
        mass = {"value": "0.5", "uncertainty": {"distribution": "normal", "sd": sd}}
        return {"gas": "CH4", "origin": "fossil", "mass": mass}

    found = read({**BASE, "gases": [row("0.3"), row("0.4")]}, catalogue).disclosures[1].quantity
    assert found.spread is not None
    assert [(leaf.path, leaf.sigma) for leaf in found.spread.leaves()] == [
        ("gases[0].mass", Fraction(3, 10)),
        ("gases[1].mass", Fraction(2, 5)),
    ]


def unused(found: Footprint) -> list[str]:
    return [one.path for one in found.unused]


def test_a_distribution_that_reaches_nothing_is_told(catalogue: Catalogue) -> None:
    amount = {"value": 1, "uncertainty": {"distribution": "normal", "sd": "0.1"}}
    given = {**BASE, "declared_unit": {"amount": amount, "unit": "kg"}}
    assert unused(read(given, catalogue)) == ["declared_unit.amount.uncertainty"]


def test_lines_reckoned_from_numbers_take_their_distributions(catalogue: Catalogue) -> None:
    goods = {
        "kind": "capital-goods",
        "burden": {
            "value": "1000",
            "unit": "kg CO2e",
            "uncertainty": {"distribution": "lognormal", "sigma_g": 2},
        },
        "lifetime_output": "50000 kg",
    }
    found = read({**BASE, "capital_goods": [goods]}, catalogue)
    assert unused(found) == []
    spreads = [one.quantity.spread for one in found.disclosures if one.quantity.spread is not None]
    assert [leaf.path for one in spreads for leaf in one.leaves()] == ["capital_goods[0].burden"]


@pytest.mark.parametrize(
    "stated",
    [
        {"distribution": "lognormal", "sigma_g": "1.2"},
        {"distribution": "lognormal", "pedigree": [1, 2, 3, 4, 5], "basic_sigma_g": "1.05", "group": "a"},
        {
            "distribution": "lognormal",
            "pedigree": [1, 2, 3, 4, 5],
            "basic_variance": 0,
            "scheme": "ecoinvent-3",
        },
        {"distribution": "normal", "sd": 1, "comment": "from the supplier"},
        {"distribution": "normal", "relative_sd": "0.1"},
        {"distribution": "triangular", "low": 2, "high": 3},
        {"distribution": "uniform", "low": 2, "high": 3},
        {"distribution": "range", "low": 2, "high": 3, "coverage": "0.95"},
    ],
)
def test_the_schema_and_the_reader_agree_on_what_is_right(stated: Any, catalogue: Catalogue) -> None:
    jsonschema.Draft202012Validator(load_schema()).validate(payload(stated))
    assert spread(stated, catalogue)


@pytest.mark.parametrize(
    "stated",
    [
        {"distribution": "gamma"},
        {"distribution": "normal"},
        {"distribution": "normal", "sd": 1, "relative_sd": 1},
        {"distribution": "normal", "sd": 1, "mean": 2},
        {"distribution": "lognormal"},
        {"distribution": "lognormal", "sigma_g": 2, "pedigree": [1, 1, 1, 1, 1], "basic_variance": 0},
        {"distribution": "lognormal", "pedigree": [1, 1, 1, 1, 1]},
        {"distribution": "lognormal", "pedigree": [1, 1, 1, 1, 6], "basic_variance": 0},
        {"distribution": "uniform", "low": 1},
    ],
)
def test_the_schema_and_the_reader_agree_on_what_is_wrong(stated: Any, catalogue: Catalogue) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(load_schema()).validate(payload(stated))
    with pytest.raises(InputError):
        read(payload(stated), catalogue)

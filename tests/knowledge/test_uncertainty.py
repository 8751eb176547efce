"""What pedigree scores are worth, and the ranges of climate metrics, as the catalogue has them."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.load import load

#: Uncertainty factors of ecoinvent 2 (squares of geometric standard deviations) by score from 2, as the
#: openLCA schema examples print them. The variances of ecoinvent 3 are theirs, rounded to a digit or two.
FACTORS = {
    "reliability": (1.05, 1.10, 1.20, 1.50),
    "completeness": (1.02, 1.05, 1.10, 1.20),
    "temporal": (1.03, 1.10, 1.20, 1.50),
    "geographical": (1.01, 1.02, 1.05, 1.10),
    "technological": (1.05, 1.20, 1.50, 2.00),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def test_variances_agree_with_the_factors_of_the_edition_before(catalogue: Catalogue) -> None:
    matrix = catalogue.pedigrees["ecoinvent-3"]
    assert [one.code for one in matrix.indicators] == list(FACTORS)
    for indicator, factors in FACTORS.items():
        first, *others = map(float, matrix.variances[indicator])
        assert first == 0
        assert others == pytest.approx([(math.log(factor) / 2) ** 2 for factor in factors], rel=0.15)


def test_the_matrix_is_no_better_known_than_it_is(catalogue: Catalogue) -> None:
    statement = catalogue.pedigrees["ecoinvent-3"].statement
    assert (statement.evidence, statement.clause) == ("secondary", "unknown")
    assert all(code in catalogue.sources for code in statement.sources)


def test_ranges_hold_ninety_percent_and_are_about_gases_of_their_set(catalogue: Catalogue) -> None:
    assert list(catalogue.metric_ranges) == ["AR6-T7.15"]
    for code, ranges in catalogue.metric_ranges.items():
        for one in ranges:
            assert one.coverage == "0.90"
            assert one.gas in catalogue.gwp_sets[code].values
            assert (one.half is None) != (one.relative is None)
            assert one.statement.evidence in ("secondary", "inferred")
            assert all(source in catalogue.sources for source in one.statement.sources)


@pytest.mark.parametrize(("gas", "share"), [("CH4", "0.40"), ("N2O", "0.47")])
def test_table_7_15_agrees_with_the_shares_of_the_supplement(
    gas: str, share: str, catalogue: Catalogue
) -> None:
    # Table 7.SM.9 has shares of the value, for methane of 27.9 whatever its origin.
    value = {"CH4": Fraction("27.9"), "N2O": Fraction(273)}[gas]
    printed = {one.half for one in catalogue.metric_ranges["AR6-T7.15"] if one.gas == gas}
    (half,) = printed
    assert half is not None
    assert float(half) == pytest.approx(float(value * Fraction(share)), rel=0.02)

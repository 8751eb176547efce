"""A column of numbers means what a single number means."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.batch.columns import PandasColumns, PolarsColumns
from crosswalk.batch.numbers import Numbers
from crosswalk.footprint.quantity import Quantity

_decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**6), max_value=10**6, places=4)


def numbers(values: list) -> Numbers:
    """Both libraries, which have to agree."""
    one = PandasColumns(pd.DataFrame({"x": values})).numbers("x")
    other = PolarsColumns(pl.DataFrame({"x": values})).numbers("x")
    for mine, theirs in zip(vars(one).values(), vars(other).values(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    return other


@given(st.lists(st.one_of(_decimals.map(str), st.integers(-5, 5).map(str)), min_size=1, max_size=20))
def test_text_means_what_its_digits_say(texts: list[str]) -> None:
    found = numbers(texts)
    for place, text in enumerate(texts):
        single = Quantity.of(text)
        assert found.value[place] == float(single.value)
        assert found.half[place] == float(single.half)
        assert found.nothing[place] == (single.value == 0 and single.half == 0)
    assert not found.wrong.any()


@given(st.lists(st.decimals(min_value=-1000, max_value=1000, places=3), min_size=1, max_size=20))
def test_binary_numbers_are_never_read_narrower_than_they_were_printed(given_: list) -> None:
    found = numbers([float(one) for one in given_])
    for place, one in enumerate(given_):
        printed = Quantity.of(one)
        low = Fraction(found.value[place]) - Fraction(found.half[place])
        high = Fraction(found.value[place]) + Fraction(found.half[place])
        assert low <= printed.value - printed.half + Fraction(1, 10**9)
        assert high >= printed.value + printed.half - Fraction(1, 10**9)


def test_nothing_given_is_no_number_and_a_word_is_wrong() -> None:
    found = numbers(["1.5", "", None, "n/a", "1,5"])
    assert found.given.tolist() == [True, False, False, False, False]
    assert found.wrong.tolist() == [False, False, False, True, True]


def test_whole_number_columns_are_whole_numbers() -> None:
    found = numbers([3, 0, -2])
    assert found.half.tolist() == [0.5, 0.0, 0.5]
    assert found.nothing.tolist() == [False, True, False]


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_what_is_not_finite_is_not_given(value: float) -> None:
    assert not numbers([value]).given.any()

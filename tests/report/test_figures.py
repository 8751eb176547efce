"""Figures: few digits, outwards, an open end in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.knowledge.records import Text
from crosswalk.report.figures import ends, figure, interval, reasons

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12).filter(
    lambda x: x == 0 or abs(x) > 1e-12
)


@given(NUMBERS, NUMBERS)
def test_what_is_shown_holds_all_of_the_interval(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    shown = ends(low, high)
    assert Decimal(shown[0]) <= Decimal(repr(low))
    assert Decimal(shown[1]) >= Decimal(repr(high))


@given(NUMBERS)
def test_a_figure_is_close_and_never_in_exponents(value: float) -> None:
    shown = figure(value)
    assert "e" not in shown.lower()
    assert abs(Decimal(shown) - Decimal(repr(value))) <= abs(Decimal(repr(value))) * Decimal("0.0001")


@pytest.mark.parametrize(
    ("low", "high", "english", "chinese"),
    [
        (1.2, 2.5, "1.2 to 2.5", "1.2 至 2.5"),
        (0.0, 0.0, "0", "0"),
        (1.0, None, "at least 1, no upper bound", "至少 1，无上界"),
        (None, 1.0, "at most 1, no lower bound", "至多 1，无下界"),
        (None, None, "no bound either way", "上下均无界"),
        (-0.25, 0.0, "-0.25 to 0", "-0.25 至 0"),
    ],
)
def test_intervals_in_words(low: float | None, high: float | None, english: str, chinese: str) -> None:
    assert interval(low, high, "en") == english
    assert interval(low, high, "zh") == chinese


def test_a_narrow_interval_does_not_look_like_one_number() -> None:
    low, high = ends(1.849999, 1.850001)
    assert low != high


def test_a_reason_for_both_ends_is_given_once() -> None:
    why = Text(en="nothing is known", zh="一无所知")
    assert reasons(why, why, "zh") == ["一无所知"]
    assert reasons(None, None, "en") == []

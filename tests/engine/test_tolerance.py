"""Within tolerance: what an interval proves of an asserted value."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.engine.tolerance import Tolerance, asserted, judge
from crosswalk.errors import UsageError

FRACTIONS = st.fractions(min_value=-10, max_value=10, max_denominator=50)


@pytest.mark.parametrize(
    ("given_", "share", "amount"),
    [
        ("5%", Fraction(1, 20), None),
        ("5 ％", Fraction(1, 20), None),
        ("0.5%", Fraction(1, 200), None),
        ("0.1", None, Fraction(1, 10)),
        (0.1, None, Fraction(1, 10)),
        (Decimal("0.10"), None, Fraction(1, 10)),
        (0, None, Fraction(0)),
        ("+1e-2", None, Fraction(1, 100)),
    ],
)
def test_a_tolerance_is_a_share_or_an_amount(
    given_: str | float, share: Fraction | None, amount: Fraction | None
) -> None:
    found = Tolerance.of(given_)
    assert (found.share, found.amount) == (share, amount)
    assert Tolerance.of(found) is found


@pytest.mark.parametrize("text", ["", "-5%", "five", "5%%", "%", "5 kg", "nan", "1e999", "1" * 50, True])
def test_anything_else_is_no_tolerance(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Tolerance.of(text)
    assert caught.value.code == "tolerance"
    assert "\n" not in caught.value.message("zh")


@pytest.mark.parametrize("text", ["", "x", "3.3±", "3.3±-1", "1e999", "±1", "3,3"])
def test_anything_else_is_no_value(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        asserted(text)
    assert caught.value.code == "against"


def test_a_value_is_the_number_it_is_unless_it_says_otherwise() -> None:
    assert (asserted("-3.30").value, asserted("-3.30").half) == (Fraction(-33, 10), 0)
    assert asserted("3.3+-0.05").half == Fraction(1, 20)
    assert asserted(3.3).value == Fraction(33, 10)


@given(
    FRACTIONS, FRACTIONS, FRACTIONS, st.fractions(0, 1), st.fractions(0, 2), st.booleans(), st.fractions(0, 1)
)
def test_a_proof_holds_for_every_value_in_the_interval(
    low: Fraction,
    high: Fraction,
    value: Fraction,
    half: Fraction,
    by: Fraction,
    relative: bool,
    at: Fraction,
) -> None:
    low, high = min(low, high), max(low, high)
    tolerance = Tolerance("", share=by) if relative else Tolerance("", amount=by)
    stated = asserted(value.limit_denominator(1).numerator)
    import msgspec

    stated = msgspec.structs.replace(stated, value=value, half=half)
    verdict = judge(low, high, stated, tolerance)
    for one in (low, high, low + at * (high - low)):
        for other in (value - half, value + half, value - half + at * 2 * half):
            reach = by * abs(other) if relative else by
            near = abs(one - other) <= reach
            assert near or verdict != "proven-within"
            assert not near or verdict != "proven-outside"
    # With one value on either side there is nothing to be undecided about.
    if low == high and half == 0:
        assert verdict == ("proven-within" if near else "proven-outside")


@given(FRACTIONS, FRACTIONS, st.fractions(0, 2))
def test_an_open_end_proves_nothing_on_its_side(end: Fraction, value: Fraction, by: Fraction) -> None:
    import msgspec

    tolerance = Tolerance("", amount=by)
    stated = msgspec.structs.replace(asserted("1"), value=value)
    assert judge(None, None, stated, tolerance) == "undecided"
    assert judge(end, None, stated, tolerance) == ("proven-outside" if end > value + by else "undecided")
    assert judge(None, end, stated, tolerance) == ("proven-outside" if end < value - by else "undecided")


def test_both_ends_of_the_tolerance_are_within() -> None:
    tolerance = Tolerance.of("10%")
    assert judge(Fraction(9), Fraction(11), asserted("10"), tolerance) == "proven-within"
    assert judge(Fraction(11), Fraction(11), asserted("10"), Tolerance.of("0.999")) == "proven-outside"
    assert judge(Fraction(-11), Fraction(-9), asserted("-10"), tolerance) == "proven-within"
    assert judge(Fraction("9.9"), Fraction("10.1"), asserted("10±0.1"), Tolerance.of("0.1")) == "undecided"

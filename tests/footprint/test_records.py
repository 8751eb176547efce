import pickle
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.footprint.quantity import Quantity

DECIMALS = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(min_value=-(10**15), max_value=10**15),
    st.integers(min_value=0, max_value=12),
)


@given(DECIMALS)
def test_a_quantity_keeps_value_and_digits(number: Decimal) -> None:
    quantity = Quantity.of(str(number))
    assert quantity.text == str(number)
    assert quantity.value == Fraction(number)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    exact_zero = number == 0 and exponent >= 0
    assert quantity.half == (0 if exact_zero else Fraction(10) ** exponent / 2)
    # The number itself is inside what its rounding allows, and so is every number that rounds to it.
    assert quantity.value - quantity.half <= Fraction(number) <= quantity.value + quantity.half


@given(DECIMALS)
def test_reading_what_was_written_gives_the_same(number: Decimal) -> None:
    quantity = Quantity.of(number)
    assert Quantity.of(quantity.text) == quantity
    assert pickle.loads(pickle.dumps(quantity)) == quantity


@given(DECIMALS, st.integers(min_value=0, max_value=999))
def test_a_stated_width_wins(number: Decimal, thousandths: int) -> None:
    quantity = Quantity.of(number, half=f"0.{thousandths:03}")
    assert quantity.half == Fraction(thousandths, 1000)


def test_a_last_zero_is_a_digit() -> None:
    assert Quantity.of("2.30").half == Fraction(1, 200)
    assert Quantity.of("2.3").half == Fraction(1, 20)
    assert Quantity.of("2.30").value == Quantity.of("2.3").value


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_only_finite_numbers(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Quantity.of(text)


def test_records_do_not_change() -> None:
    with pytest.raises(AttributeError):
        Quantity.of("1").value = Fraction(2)  # type: ignore[misc]
    assert msgspec.structs.replace(Quantity.of("1"), half=Fraction(0)).half == 0

import pickle
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Absence, DeclaredUnit, Disclosure, Footprint
from crosswalk.knowledge.catalogue import Selection

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
        Quantity.of("1").value = Fraction(2)
    assert msgspec.structs.replace(Quantity.of("1"), half=Fraction(0)).half == 0


def test_the_order_in_which_a_file_says_things_is_not_kept() -> None:
    def one(path: str, headline: int = 0) -> Disclosure:
        quantity = Quantity.of("1.0")
        return Disclosure(path, path, path, Selection(), quantity, "co2e", headline=headline)

    stated = [one("stages.use"), one("total", 1), one("gases.CH4"), one("fossil", 2)]
    method = {"gwp-set": ("gwp-set.ar6",), "boundary": ("boundary.cradle-to-gate",)}
    absences = [Absence("b", "absent.b", Selection()), Absence("a", "absent.a", Selection())]
    unit = DeclaredUnit(Fraction(1), "kilogram", None)
    found = [
        Footprint("f", "crosswalk", "f", "f", unit, None, (), dict(m), tuple(d), tuple(a))
        for d, m, a in [
            (stated, method.items(), absences),
            (reversed(stated), reversed(method.items()), reversed(absences)),
        ]
    ]
    assert found[0] == found[1]
    assert list(found[0].method) == list(found[1].method)
    assert [d.path for d in found[0].disclosures] == ["total", "fossil", "gases.CH4", "stages.use"]
    moved = msgspec.structs.replace(found[0], disclosures=tuple(reversed(found[0].disclosures)))
    assert moved == found[0]

"""Numbers scaled and added, with what rounding and distributions become of it."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from crosswalk.footprint.quantity import Quantity, Spread
from crosswalk.footprint.spreads import uncertain, without


def number(text: str, **spread: object) -> Quantity:
    return msgspec.structs.replace(Quantity.of(text), spread=Spread(**spread))


@pytest.mark.parametrize(
    ("spread", "by", "sigma", "below"),
    [
        ({"kind": "normal", "sigma": Fraction(1, 10)}, 3, Fraction(3, 10), None),
        ({"kind": "normal", "sigma": Fraction(1, 10)}, -3, Fraction(3, 10), None),
        ({"kind": "normal", "sigma": Fraction(1), "below": Fraction(2)}, 2, Fraction(2), Fraction(4)),
        # Turned round, what was above the median is below it.
        ({"kind": "normal", "sigma": Fraction(1), "below": Fraction(2)}, -2, Fraction(4), Fraction(2)),
        # A factor on a number leaves its factor of uncertainty alone.
        ({"kind": "lognormal", "sigma": Fraction(6, 5)}, -44, Fraction(6, 5), None),
    ],
)
def test_deviations_scale(
    spread: dict[str, object], by: int, sigma: Fraction, below: Fraction | None
) -> None:
    found = number("2.5", **spread).scaled(Fraction(by))
    assert (found.value, found.half) == (Fraction(5, 2) * by, Fraction(1, 20) * abs(by))
    assert found.spread is not None
    assert (found.spread.sigma, found.spread.below) == (sigma, below)


def test_ends_scale_and_change_places() -> None:
    found = number("2.5", kind="triangular", low=Fraction(2), high=Fraction(4)).scaled(Fraction(-2))
    assert found.spread is not None
    assert (found.spread.low, found.spread.high) == (-8, -4)


def test_a_sum_keeps_the_distribution_of_each_term() -> None:
    one = number("1.0", kind="normal", sigma=Fraction(1, 10), path="a")
    two = number("2.00", kind="lognormal", sigma=Fraction(6, 5), path="b")
    total = one.plus(two).plus(Quantity.of("3"))
    assert (total.value, total.half) == (6, Fraction(1, 20) + Fraction(1, 200) + Fraction(1, 2))
    assert total.spread is not None
    assert [leaf.path for leaf in total.spread.leaves()] == ["a", "b"]
    doubled = total.scaled(Fraction(2))
    assert doubled.spread is not None
    assert [leaf.sigma for leaf in doubled.spread.leaves()] == [Fraction(1, 5), Fraction(6, 5)]


def test_a_sum_of_certain_numbers_is_certain() -> None:
    assert Quantity.of("1.0").plus(Quantity.of("2.0")).spread is None


def test_a_product_is_scaled_once() -> None:
    spread = Spread.made("product", number("2", kind="normal", sigma=Fraction(1)), Quantity.of("3"))
    assert spread is not None
    found = msgspec.structs.replace(Quantity.of("6"), spread=spread).scaled(Fraction(10))
    assert found.spread is not None
    assert [term.value for term in found.spread.terms] == [20, 3]


def test_spreads_are_found_and_taken_out_anywhere() -> None:
    one = number("1", kind="normal", sigma=Fraction(1))
    nested = {"a": (one, {"b": [Quantity.of("2"), one]}), "c": "text"}
    assert list(uncertain(nested)) == [one, one]
    assert list(uncertain(without(nested))) == []
    assert without(nested)["a"][0] == Quantity.of("1")

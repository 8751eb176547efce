"""Enclosures hold every value, reach their ends where they say so, and are points for exact inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.engine.operations.bounds import UNKNOWN, Bounds
from crosswalk.engine.operations.enclosure import Slope, Span, enclose, number, unknown

#: Formulas of five inputs that a Fraction and a Slope can both work out.
FORMULAS: dict[str, Callable[[Sequence[Any], Any], Any]] = {
    "one share": lambda v, one: v[0] * v[1] / (v[1] * v[2] + v[3] * v[4]),
    "two shares of the same amounts": lambda v, one: v[0] / (v[0] + v[1]) - v[2] / (v[2] + v[1] * v[3]),
    "credit": lambda v, one: (v[0] - v[1] * v[2]) * (v[3] / (v[3] + v[1])) / v[4],
    "a product that is not monotone": lambda v, one: (v[0] - v[1]) * (v[2] - v[3]),
    "a hump": lambda v, one: v[0] / (one + v[0] * v[0] * v[1]),
}
positive = st.fractions(Fraction(1, 8), 8, max_denominator=8)
width = st.fractions(0, 2, max_denominator=8)
part = st.fractions(0, 1, max_denominator=16)


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=20, deadline=None)
@given(
    lows=st.lists(positive, min_size=5, max_size=5),
    widths=st.lists(width, min_size=5, max_size=5),
    data=st.data(),
)
def test_it_holds_the_value_at_any_point(
    name: str, lows: list[Fraction], widths: list[Fraction], data: st.DataObject
) -> None:
    box = {f"{at}": Bounds(low, low + more) for at, (low, more) in enumerate(zip(lows, widths, strict=True))}
    found, _ = enclose(lambda v: FORMULAS[name](list(v.values()), number(1)), box)
    for _ in range(3):
        parts = data.draw(st.lists(part, min_size=5, max_size=5))
        point = [low + more * some for low, more, some in zip(lows, widths, parts, strict=True)]
        value = FORMULAS[name](point, 1)
        assert found.low is not None
        assert found.high is not None
        assert found.low <= value <= found.high


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=20, deadline=None)
@given(values=st.lists(positive, min_size=5, max_size=5))
def test_exact_inputs_give_an_exact_point(name: str, values: list[Fraction]) -> None:
    box = {f"{at}": Bounds.point(value) for at, value in enumerate(values)}
    found = enclose(lambda v: FORMULAS[name](list(v.values()), number(1)), box)
    assert found == (Bounds.point(FORMULAS[name](values, 1)), True)


def test_the_ends_of_a_share_are_reached() -> None:
    # By hand: x q1/(x q1 + y q2) with x in [1, 2], y in [3, 4], q1 = 1, q2 = 2: from 1/(1 + 8) to 2/(2 + 6).
    box = {"x": Bounds(Fraction(1), Fraction(2)), "y": Bounds(Fraction(3), Fraction(4))}
    found = enclose(lambda v: v["x"] / (v["x"] + v["y"] * number(2)), box)
    assert found == (Bounds(Fraction(1, 9), Fraction(1, 4)), True)


def test_an_input_that_cancels_does_not_widen() -> None:
    box = {"x": Bounds(Fraction(-1), Fraction(1)), "y": UNKNOWN}
    assert enclose(lambda v: v["x"] - v["x"] + number(3), box) == (Bounds.point(3), True)
    # Not even one nobody knows.
    assert enclose(lambda v: v["y"] - v["y"] + number(3), box) == (Bounds.point(3), True)
    assert enclose(lambda v: v["y"] + v["x"], box) == (UNKNOWN, False)


def test_an_end_is_open_only_where_it_is() -> None:
    box = {"x": Bounds(Fraction(2), None)}
    assert enclose(lambda v: v["x"] * number(3), box)[0] == Bounds(Fraction(6), None)
    assert enclose(lambda v: number(3) - v["x"], box)[0] == Bounds(None, Fraction(1))
    assert enclose(lambda v: v["x"] + unknown(), box)[0] == UNKNOWN


def test_numbers_no_float_can_tell_apart_stay_exact() -> None:
    third, tenth = Fraction(1, 3), Fraction(1, 10)
    box = {"x": Bounds(third, third + Fraction(1, 10**30)), "y": Bounds(tenth, tenth + Fraction(1, 10**40))}
    found = enclose(lambda v: v["x"] * v["y"] - v["y"], box)
    # It rises in x and falls in y, by steps far below the last bit of a float.
    low = third * box["y"].high - box["y"].high
    assert found == (Bounds(low, box["x"].high * tenth - tenth), True)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(allow_nan=False), min_size=4, max_size=4), st.sampled_from("+*/"))
def test_floats_are_rounded_outwards(ends: list[float], sign: str) -> None:
    one, other = Span(*sorted(ends[:2])), Span(*sorted(ends[2:]))
    found = {"+": one.add, "*": one.times, "/": lambda two: one.times(two.inverse())}[sign](other)
    for a in one:
        for b in other:
            if math.isinf(a) or math.isinf(b) or (sign == "/" and other.low <= 0 <= other.high):
                continue
            x, y = Fraction(a), Fraction(b)
            value = {"+": x + y, "*": x * y, "/": x / y if y else x}[sign]
            assert math.isinf(found.low) or Fraction(found.low) <= value
            assert math.isinf(found.high) or Fraction(found.high) >= value
            assert found.low != math.inf
            assert found.high != -math.inf


def test_a_linear_input_is_looked_at_in_its_ends() -> None:
    # (x − y)(u − v) on the unit box runs from −1 to 1, in corners; halving never gets there.
    unit = Bounds(Fraction(0), Fraction(1))
    box = dict.fromkeys("xyuv", unit)

    def formula(v: Any) -> Slope:
        return (v["x"] - v["y"]) * (v["u"] - v["v"])

    assert enclose(formula, box, affine="xyuv") == (Bounds(Fraction(-1), Fraction(1)), True)


def test_what_may_be_divided_by_nothing_is_open() -> None:
    box = {"x": Bounds(Fraction(0), Fraction(1))}
    assert enclose(lambda v: number(1) / v["x"], box) == (UNKNOWN, False)

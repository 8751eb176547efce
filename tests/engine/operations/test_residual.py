"""The residual mix: its vector, and its range against inputs tried one by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.operations.residual import residual

F = Fraction


def mix(average: Fraction, claims: list[tuple[Fraction, Fraction]]) -> Fraction:
    """What is left, as the definition has it: burden left over power left."""
    burden = average - sum((share * factor for share, factor in claims), F(0))
    return burden / (1 - sum((share for share, _ in claims), F(0)))


def test_the_vector() -> None:
    # Research notes, core regimes, section 10: 0.5777 less 12 % at 0.03 and 5 % at 0.02 is 0.6905.
    point = Bounds.point
    found = residual(
        point(F("0.5777")), [(point(F("0.12")), point(F("0.03"))), (point(F("0.05")), point(F("0.02")))]
    )
    assert found.low == found.high == F("0.5731") / F("0.83")
    assert round(float(found.low), 4) == 0.6905


def test_all_power_claimed_leaves_nothing_known() -> None:
    share = Bounds(F("0.5"), F(1))
    assert residual(Bounds.point(F(1)), [(share, Bounds.point(F(0)))]) == Bounds(None, None)


def test_nothing_claimed_is_the_average() -> None:
    assert residual(Bounds(F(1), F(2)), []) == Bounds(F(1), F(2))


ends = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted)


@given(
    average=ends,
    shares=st.lists(ends, min_size=1, max_size=3),
    factors=st.lists(ends, min_size=3, max_size=3),
)
def test_the_range_is_that_of_its_corners(
    average: list[int], shares: list[list[int]], factors: list[list[int]]
) -> None:
    # In each input alone the formula rises or falls throughout, so that both ends lie at corners.
    def box(pair: list[int]) -> Bounds:
        return Bounds(F(pair[0], 100), F(pair[1], 100))

    claims = [(box(share), box(factor)) for share, factor in zip(shares, factors, strict=False)]
    pairs = [pair for claim in zip(shares, factors, strict=False) for pair in claim]
    corners = []
    for whole, *inputs in product(average, *pairs):
        parts = [F(one, 100) for one in inputs]
        corners.append(mix(F(whole, 100), list(zip(parts[::2], parts[1::2], strict=True))))
    assert residual(box(average), claims).ends == (min(corners), max(corners))

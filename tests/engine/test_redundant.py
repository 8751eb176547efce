"""Sums and their parts in draws: nothing contradicts, and the inventory that is true stays inside."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.engine.draws import Stream, drawn
from crosswalk.engine.redundant import Sums, Table, settled, sums
from crosswalk.footprint.quantity import Quantity, Spread

#: Rows over three cells: each cell, the first two together, all with weights, and the sum of all again.
CELLS = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]])
PAIR, ALL = np.array([1.0, 28, 0]), np.array([1.0, 28, 265])
DRAWS = 64


def found(*rows: np.ndarray, uncertain: tuple[int, ...]) -> Sums:
    return sums(np.array(rows), range(len(rows)), uncertain)


def test_a_total_is_the_sum_of_its_parts() -> None:
    one = found(ALL, *CELLS, uncertain=(1,))
    assert {row: {k: round(v, 9) for k, v in parts.items()} for row, parts in one.parts.items()} == {
        0: {1: 1, 2: 28, 3: 265}
    }
    assert (one.following, one.stated, one.eased) == (frozenset({0}), {}, frozenset())


def test_sums_are_told_by_the_largest_parts() -> None:
    one = found(*CELLS, PAIR, ALL, uncertain=(4,))
    assert {k: round(v, 9) for k, v in one.parts[4].items()} == {3: 1, 2: 265}
    # What is missing in the total may be in the pair, hence in what the pair is made of.
    assert one.eased == {0, 1, 2, 3}


def test_numbers_that_are_independent_are_no_sums() -> None:
    one = found(ALL, CELLS[1], uncertain=(0, 1))
    assert one.parts == {}


def test_a_sum_of_what_stays_stays() -> None:
    one = found(*CELLS, PAIR, uncertain=(2,))
    assert one.following == frozenset()


def test_the_same_number_twice() -> None:
    one = found(ALL, 2 * ALL, uncertain=(1,))
    assert {k: round(v, 9) for k, v in one.parts[1].items()} == {0: 2}


def test_a_row_about_nothing_is_a_sum_of_nothing() -> None:
    one = found(np.zeros(3), ALL, uncertain=(0, 1))
    assert (one.parts, one.stated) == ({0: {}}, {})


def test_inequalities_are_left_alone() -> None:
    one = sums(np.array([*CELLS, ALL]), [0, 1, 3], [0])
    assert one.parts == {}


def lognormal(value: str, path: str, sigma: str, half: str | None = None) -> Quantity:
    spread = Spread(kind="lognormal", sigma=Fraction(sigma), path=path)
    return msgspec.structs.replace(Quantity.of(value, half), spread=spread)


def table(numbers: list[Quantity], stream: Stream) -> Table:
    moves = [drawn(one, str(place), stream) for place, one in enumerate(numbers)]
    low, high, slip = (np.column_stack([move[which] for move in moves]) for which in range(3))
    return Table(low, high, slip)


def settle(numbers: list[Quantity], rows: np.ndarray, seed: int = 1) -> tuple[np.ndarray, np.ndarray, Sums]:
    stream = Stream(DRAWS, seed)
    uncertain = [place for place, one in enumerate(numbers) if one.spread is not None]
    plain = [msgspec.structs.replace(one, spread=None) for one in numbers]
    made = sums(rows, range(len(rows)), uncertain)
    low, high = settled(table(plain, Stream(1, 0)), table(numbers, stream), made, [])
    return low, high, made


def inside(low: np.ndarray, high: np.ndarray, true: np.ndarray) -> bool:
    room = 1e-9 * np.abs(true)
    return bool(((low <= true + room) & (true <= high + room)).all())


def printed(value: float, digits: int) -> Quantity:
    return Quantity.of(f"{value:.{digits}f}")


amounts = st.floats(min_value=0.01, max_value=5.0)


@settings(max_examples=60, deadline=None)
@given(
    x=st.tuples(amounts, amounts, amounts),
    digits=st.integers(1, 4),
    sigmas=st.tuples(*[st.sampled_from(["1", "1.05", "1.3", "2"])] * 3),
    seed=st.integers(0, 5),
)
def test_a_sum_without_a_distribution_holds_every_inventory_that_moves_as_its_parts(
    x: tuple[float, ...], digits: int, sigmas: tuple[str, ...], seed: int
) -> None:
    rows = np.array([*CELLS, PAIR, ALL])
    parts = [printed(value, digits) for value in x]
    sure = [one.spread is None for one in parts]
    assert all(sure)
    parts = [
        msgspec.structs.replace(one, spread=Spread(kind="lognormal", sigma=Fraction(sigma), path=f"p{place}"))
        for place, (one, sigma) in enumerate(zip(parts, sigmas, strict=True))
    ]
    numbers = [*parts, printed(float(PAIR @ x), digits), printed(float(ALL @ x), digits)]
    low, high, _ = settle(numbers, rows, seed)
    stream = Stream(DRAWS, seed)
    factors = np.column_stack(
        [drawn(lognormal("1", f"p{place}", sigma, "0"), "", stream)[0] for place, sigma in enumerate(sigmas)]
    )
    assert inside(low, high, factors * np.array(x) @ rows.T)


@settings(max_examples=60, deadline=None)
@given(
    x=st.tuples(amounts, amounts, amounts),
    digits=st.integers(1, 4),
    sigma=st.sampled_from(["1.05", "1.3", "2"]),
    where=st.integers(0, 3),
    seed=st.integers(0, 5),
)
def test_a_sum_with_a_distribution_holds_what_is_missing_in_one_part_or_in_all(
    x: tuple[float, ...], digits: int, sigma: str, where: int, seed: int
) -> None:
    rows = np.array([*CELLS, PAIR, ALL])
    total = lognormal(f"{ALL @ x:.{digits}f}", "t", sigma)
    numbers = [printed(value, digits) for value in (*x, float(PAIR @ x))]
    low, high, _ = settle([*numbers, total], rows, seed)
    factor = drawn(lognormal("1", "t", sigma, "0"), "", Stream(DRAWS, seed))[0]
    true = np.outer(factor, x) if where == 3 else np.tile(x, (DRAWS, 1))
    if where < 3:
        true[:, where] += (factor - 1) * float(ALL @ x) / ALL[where]
    possible = (true >= 0).all(axis=1)
    assert inside(low[possible], high[possible], (true @ rows.T)[possible])


def test_nothing_changes_where_nothing_is_uncertain_but_by_name() -> None:
    numbers = [Quantity.of("2.9"), Quantity.of("0.011"), Quantity.of("0.0000"), lognormal("3.2", "t", "1")]
    low, high, _ = settle(numbers, np.array([*CELLS, ALL]))
    for column, one in enumerate(numbers):
        np.testing.assert_allclose(low[:, column], float(one.value - one.half), rtol=1e-12)
        np.testing.assert_allclose(high[:, column], float(one.value + one.half), rtol=1e-12)


def test_a_sum_keeps_its_distribution_at_the_rank_of_its_parts() -> None:
    parts = [lognormal("2", "a", "1.2", "0"), lognormal("1", "b", "1.4", "0"), Quantity.of("0", "0")]
    numbers = [*parts, lognormal("30", "t", "1.1", "0")]
    low, high, _ = settle(numbers, np.array([*CELLS, ALL]))
    own = np.sort(drawn(numbers[-1], "", Stream(DRAWS, 1))[0])
    np.testing.assert_allclose(np.sort(low[:, 3]), own, rtol=1e-12)
    np.testing.assert_allclose(np.sort(high[:, 3]), own, rtol=1e-12)
    moved = [drawn(one, "", Stream(DRAWS, 1))[0] for one in parts[:2]]
    assert np.argsort(moved[0] + 28 * moved[1]).tolist() == np.argsort(low[:, 3]).tolist()


def test_nothing_is_missing_where_the_distributions_agree() -> None:
    group = {"kind": "lognormal", "sigma": Fraction(6, 5), "group": "g"}
    parts = [msgspec.structs.replace(Quantity.of(v, "0"), spread=Spread(**group)) for v in ("2", "1")]
    total = msgspec.structs.replace(Quantity.of("30", "0"), spread=Spread(**group))
    low, high, _ = settle([*parts, Quantity.of("0", "0"), total], np.array([*CELLS, ALL]))
    np.testing.assert_allclose(low[:, :2], high[:, :2], rtol=1e-9)


@pytest.mark.parametrize("sigmas", [("1.1", "1.2", "1.05"), ("1.5", "1.01", "1.3")])
def test_three_levels_of_sums_always_have_a_solution(sigmas: tuple[str, ...]) -> None:
    from scipy.optimize import linprog

    rows = np.array([*CELLS, PAIR, ALL])
    x = (2.0, 0.5, 0.01)
    leaves = [lognormal(str(value), f"x{place}", sigmas[0]) for place, value in enumerate(x)]
    numbers = [
        *leaves,
        lognormal(f"{PAIR @ x:.2f}", "pair", sigmas[1]),
        lognormal(f"{ALL @ x:.2f}", "all", sigmas[2]),
    ]
    low, high, _ = settle(numbers, rows)
    for draw in range(0, DRAWS, 8):
        fits = linprog(
            np.zeros(3),
            np.vstack([rows, -rows]),
            np.concatenate([high[draw], -low[draw]]),
            bounds=[(0, None)] * 3,
        )
        assert fits.status == 0, draw

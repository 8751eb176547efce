from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.engine.certificate import Certificate, Ends, certify, solve
from crosswalk.engine.kernel import Kernel

_small = st.fractions(min_value=-20, max_value=20, max_denominator=50)


@given(
    st.lists(st.lists(_small, min_size=3, max_size=3), min_size=3, max_size=3),
    st.lists(_small, min_size=3, max_size=3),
)
def test_elimination_is_exact(system: list[list[Fraction]], solution: list[Fraction]) -> None:
    right = [sum((a * x for a, x in zip(row, solution, strict=True)), Fraction(0)) for row in system]
    try:
        found = solve(system, right)
    except ArithmeticError:
        assert round(float(np.linalg.det(np.array(system, dtype=float))), 6) == 0
    else:
        assert found == solution


def _exact(matrix, objective):
    return (
        lambda row, column: Fraction(str(matrix[row, column])),
        lambda column: Fraction(str(objective[column])),
    )


def test_a_bound_is_exact_though_the_solver_is_not() -> None:
    matrix = np.array([[1.0, 28.0, 265.0]])
    objective = np.array([1.0, 29.8, 273.0])
    kernel = Kernel(matrix)
    data = np.array([[3.27]])
    basis = kernel.maximum(objective, data, data).bases[0]
    found = certify(basis.rows, basis.columns, matrix, objective, *_exact(matrix, objective))
    assert found.multipliers == (Fraction("29.8") / 28,)
    value = Fraction("3.27")
    assert found.bound(Ends.of([(value, value)])) == value * Fraction("29.8") / 28


def test_a_wrong_certificate_is_found_out() -> None:
    matrix = np.array([[1.0, 28.0, 265.0]])
    objective = np.array([1.0, 29.8, 273.0])
    with pytest.raises(ArithmeticError, match="exact check"):
        certify(np.array([0]), np.array([0]), matrix, objective, *_exact(matrix, objective))


def test_an_open_end_holds_nothing() -> None:
    with pytest.raises(ArithmeticError, match="open end"):
        Certificate((Fraction(1),)).bound(Ends.of([(Fraction(0), None)]))


@given(st.lists(st.tuples(_small, _small, _small), min_size=1, max_size=6))
def test_a_bound_in_whole_numbers_is_the_sum_of_fractions(rows: list[tuple[Fraction, ...]]) -> None:
    multipliers = tuple(row[0] for row in rows)
    ends = [(min(row[1:]), max(row[1:])) for row in rows]
    found = Certificate(multipliers)
    leant = [high if one > 0 else low for one, (low, high) in zip(multipliers, ends, strict=True)]
    assert found.bound(Ends.of(ends)) == sum(a * b for a, b in zip(multipliers, leant, strict=True))
    middles = [(low + high) / 2 for low, high in ends]
    assert found.centre(Ends.of(ends)) == sum(a * b for a, b in zip(multipliers, middles, strict=True))

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.engine.certificate import bound, certify, solve
from crosswalk.engine.kernel import Basis, Kernel

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
    found = kernel.maximum(objective, data, data)
    multipliers = certify(found.bases[0], matrix, objective, *_exact(matrix, objective))
    assert multipliers == (Fraction("29.8") / 28,)
    value = Fraction("3.27")
    assert bound(multipliers, [value], [value]) == value * Fraction("29.8") / 28


def test_a_wrong_certificate_is_found_out() -> None:
    matrix = np.array([[1.0, 28.0, 265.0]])
    objective = np.array([1.0, 29.8, 273.0])
    wrong = Basis(np.array([0]), np.array([0]), np.array([1.0]), np.eye(1), np.array([True]))
    with pytest.raises(ArithmeticError, match="exact check"):
        certify(wrong, matrix, objective, *_exact(matrix, objective))


def test_an_open_end_holds_nothing() -> None:
    with pytest.raises(ArithmeticError, match="open end"):
        bound([Fraction(1)], [Fraction(0)], [None])

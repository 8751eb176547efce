from __future__ import annotations

import numpy as np
import pytest

from crosswalk.engine.certificate import Certificate
from crosswalk.engine.kernel import Basis, Kernel, Status


def test_few_programs_are_solved_for_many_rows_of_data() -> None:
    rng = np.random.default_rng(5)
    matrix = np.array([[1.0, 28.0, 265.0, 1.0], [1.0, 28.0, 265.0, 0.0]])
    objective = np.array([1.0, 29.8, 273.0, 0.0])
    inside = rng.random((20_000, 4))
    data = inside @ matrix.T
    kernel = Kernel(matrix)
    found = kernel.maximum(objective, data - 0.005, data + 0.005)
    assert (found.status == Status.OPTIMAL).all()
    assert len(found.bases) <= 4
    assert (found.value >= inside @ objective).all()


def test_no_rows_and_no_columns() -> None:
    nothing = np.zeros((1, 0))
    assert Kernel(np.zeros((0, 2))).maximum(np.array([1.0, 0.0]), nothing, nothing).status[0] == 1
    assert Kernel(np.zeros((0, 2))).maximum(np.array([-1.0, 0.0]), nothing, nothing).value[0] == 0
    one = np.ones((1, 1))
    assert Kernel(np.zeros((1, 0))).maximum(np.zeros(0), one, one).status[0] == Status.INFEASIBLE


def test_a_ray_costs_nothing_and_pays() -> None:
    matrix = np.array([[1.0, -1.0, 2.0]])
    objective = np.array([1.0, 0.0, 0.0])
    data = np.array([[1.0]])
    found = Kernel(matrix).maximum(objective, data, data)
    assert found.status[0] == Status.UNBOUNDED
    ray = found.rays[0]
    assert (ray >= 0).all()
    assert matrix @ ray == pytest.approx(0)
    assert objective @ ray > 0


def test_what_fits_nothing_is_proven_once_for_many_rows_of_data() -> None:
    # The second row says twice the first: 1 and 3 contradict one another, as do 1 and 2.5.
    matrix = np.array([[1.0, 1.0], [2.0, 2.0]])
    data = np.array([[1.0, 3.0], [1.0, 2.0], [1.0, 2.5], [2.0, 1.0]])
    kernel = Kernel(matrix)
    found = kernel.maximum(np.array([1.0, 0.0]), data, data)
    assert found.status.tolist() == [2, 0, 2, 2]
    assert np.isnan(found.value[[0, 2, 3]]).all()
    assert found.value[1] == pytest.approx(1)


def test_missing_by_less_than_rounding_can_tell_is_no_contradiction() -> None:
    matrix = np.array([[1.0], [1.0]])
    data = np.array([[1.0, 1.0 + 1e-15]])
    found = Kernel(matrix).maximum(np.array([1.0]), data, data)
    assert found.status[0] == Status.OPTIMAL
    assert found.value[0] == pytest.approx(1)


def test_a_direction_is_kept_for_many_rows_of_data() -> None:
    matrix = np.array([[1.0, 0.0], [0.0, -1.0]])
    low = np.array([[1.0, -np.inf], [2.0, -np.inf], [3.0, -5.0], [-1.0, -np.inf]])
    high = np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [-1.0, 0.0]])
    found = Kernel(matrix).maximum(np.array([0.0, 1.0]), low, high)
    assert found.status.tolist() == [1, 1, 0, 2]
    assert found.value[:3].tolist() == [np.inf, np.inf, 5.0]
    assert set(found.rays) == {0, 1}


def test_blocks_of_rows_give_what_all_rows_give() -> None:
    rng = np.random.default_rng(11)
    matrix = np.abs(rng.normal(size=(3, 8)))
    objective = np.abs(rng.normal(size=8))
    data = rng.random((40_000, 8)) @ matrix.T
    together = Kernel(matrix).maximum(objective, data - 0.01, data + 0.01)
    parts = [Kernel(matrix).maximum(objective, data[i::4] - 0.01, data[i::4] + 0.01).value for i in range(4)]
    for index, part in enumerate(parts):
        assert together.value[index::4] == pytest.approx(part, rel=1e-12)


def test_a_basis_that_exact_arithmetic_refuses_bounds_nothing() -> None:
    def refuse(basis: Basis) -> Certificate:
        raise ArithmeticError("a dual certificate failed its exact check")

    matrix, objective, data = np.array([[1.0, 28.0]]), np.array([1.0, 30.0]), np.array([[3.0], [4.0]])
    found = Kernel(matrix).maximum(objective, data, data, refuse)
    assert found.status.tolist() == [Status.UNBOUNDED] * 2
    assert found.value.tolist() == [np.inf] * 2

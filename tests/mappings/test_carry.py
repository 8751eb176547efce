"""Rules 1 to 5 and 8: what a value may say across a match, and when it must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.errors import InputError, RefusedError
from crosswalk.mappings import carry, combine
from crosswalk.mappings.relations import Relation

UNIT = "kg CO2e/kg"
values = st.floats(-100, 100)


def test_rule_1_exact_passes_through() -> None:
    found = carry(1.85, UNIT, "exact")
    assert (found.low, found.high, found.how, found.bounded) == (1.85, 1.85, "same", True)


def test_rule_2_specific_for_generic_only_on_request_and_bounds_nothing() -> None:
    with pytest.raises(RefusedError, match="never its mean"):
        carry(1.85, UNIT, "broad")
    found = carry(1.85, UNIT, "broad", proxy=True)
    assert (found.low, found.high, found.how, found.bounded) == (1.85, 1.85, "specific for generic", False)


def test_rule_2_siblings_do_not_turn_a_member_into_a_mean() -> None:
    assert carry(1.0, UNIT, "broad", proxy=True, siblings=[9.0]).bounded is False


def test_rule_3_generic_for_specific_adds_the_spread_or_is_unbounded() -> None:
    with pytest.raises(RefusedError):
        carry(2.0, UNIT, "narrow")
    assert carry(2.0, UNIT, "narrow", proxy=True).bounded is False
    found = carry(2.0, UNIT, "narrow", proxy=True, siblings=[1.2, 3.1])
    assert (found.low, found.high, found.bounded) == (1.2, 3.1, True)


def test_rule_4_a_group_needs_weights_that_sum_to_one() -> None:
    members = {"a": (1.0, UNIT), "b": (3.0, UNIT)}
    assert combine(members, {"a": 0.25, "b": 0.75}).low == pytest.approx(2.5)
    for weights in (None, {}):
        with pytest.raises(RefusedError, match="weights"):
            combine(members, weights)
    with pytest.raises(InputError, match="sum to"):
        combine(members, {"a": 0.5, "b": 0.6})
    for bad in ({"a": 1.0}, {"a": 1.5, "b": -0.5}, {"a": 0.5, "b": 0.5, "c": 0.0}):
        with pytest.raises(InputError, match="cover"):
            combine(members, bad)
    with pytest.raises(InputError, match="units"):
        combine({"a": (1.0, UNIT), "b": (3.0, "kg CO2e/L")}, {"a": 0.5, "b": 0.5})


@pytest.mark.parametrize("relation", ["overlap", "close", "related", None])
def test_rule_5_all_else_is_refused(relation: Relation | None) -> None:
    for proxy in (False, True):
        with pytest.raises(RefusedError):
            carry(1.0, UNIT, relation, proxy=proxy, siblings=[2.0])


@given(values, st.lists(values), st.sampled_from(["exact", "broad", "narrow"]))
def test_rule_8_the_unit_never_changes_and_the_value_stays_inside(
    value: float, siblings: list[float], relation: Relation
) -> None:
    found = carry(value, UNIT, relation, proxy=True, siblings=siblings)
    assert found.unit == UNIT
    assert found.low <= value <= found.high


@given(st.lists(st.tuples(values, st.floats(0.01, 1)), min_size=1, max_size=6))
def test_a_weighted_mean_lies_between_its_members(pairs: list[tuple[float, float]]) -> None:
    total = sum(weight for _, weight in pairs)
    members = {str(place): (value, UNIT) for place, (value, _) in enumerate(pairs)}
    weights = {str(place): weight / total for place, (_, weight) in enumerate(pairs)}
    found = combine(members, weights)
    low, high = min(value for value, _ in pairs), max(value for value, _ in pairs)
    assert low - 1e-9 <= found.low <= high + 1e-9

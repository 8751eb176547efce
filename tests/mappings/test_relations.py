"""The composition table, and what must hold of any chain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.mappings.relations import (
    RELATIONS,
    WEAKNESS,
    Relation,
    compose,
    compose_all,
    inverse,
    weakest,
)

CHAINING: tuple[Relation, ...] = ("exact", "broad", "narrow", "overlap")
#: Row, then column, as the research prints it; "?" stops.
TABLE = {
    "exact": ("exact", "broad", "narrow", "overlap"),
    "broad": ("broad", "broad", "?", "?"),
    "narrow": ("narrow", "?", "narrow", "?"),
    "overlap": ("overlap", "?", "?", "?"),
}
chains = st.lists(st.sampled_from(RELATIONS), min_size=1, max_size=6)
proper = st.lists(st.sampled_from(CHAINING), min_size=1, max_size=6)


@pytest.mark.parametrize("first", CHAINING)
def test_the_table(first: Relation) -> None:
    assert [compose(first, second) or "?" for second in CHAINING] == list(TABLE[first])


@pytest.mark.parametrize("other", RELATIONS)
@pytest.mark.parametrize("never", ["close", "related"])
def test_close_and_related_never_chain(never: Relation, other: Relation) -> None:
    assert compose(never, other) is None
    assert compose(other, never) is None


@given(chains)
def test_a_chain_is_never_stronger_than_its_weakest_link(chain: list[Relation]) -> None:
    assert WEAKNESS[compose_all(chain)] >= WEAKNESS[weakest(chain)]


@given(chains)
def test_the_chain_read_backwards_gives_the_inverse(chain: list[Relation]) -> None:
    forward = compose_all(chain)
    backward = compose_all([inverse(one) for one in reversed(chain)])
    assert backward == (None if forward is None else inverse(forward))


@given(chains, chains)
def test_it_does_not_matter_where_a_chain_is_cut(left: list[Relation], right: list[Relation]) -> None:
    assert compose(compose_all(left), compose_all(right)) == compose_all([*left, *right])


@given(proper, st.integers(0, 6))
def test_exact_steps_change_nothing(chain: list[Relation], place: int) -> None:
    longer: list[Relation] = [*chain[:place], "exact", *chain[place:]]
    assert compose_all(longer) == compose_all(chain)


@given(st.sampled_from(RELATIONS))
def test_the_inverse_of_the_inverse(relation: Relation) -> None:
    assert inverse(inverse(relation)) == relation


# What the table says is true of sets, whatever the sets.
subsets = st.frozensets(st.integers(0, 5), min_size=1)


def holds(relation: Relation, one: frozenset[int], other: frozenset[int]) -> bool:
    return {
        "exact": one == other,
        "broad": one <= other,
        "narrow": one >= other,
        "overlap": bool(one & other),
    }[relation]


@given(subsets, subsets, subsets, st.sampled_from(CHAINING), st.sampled_from(CHAINING))
def test_the_table_is_true_of_sets(
    one: frozenset[int], two: frozenset[int], three: frozenset[int], first: Relation, second: Relation
) -> None:
    found = compose(first, second)
    if found is not None and holds(first, one, two) and holds(second, two, three):
        assert holds(found, one, three)

"""Rules as column expressions: Kleene's laws, and what a row alone and a row in a table have in common."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.knowledge.recognition import AllOf, AnyOf, Condition
from crosswalk.knowledge.recognition import Test as Demand
from crosswalk.recognition.expressions import outcome, outcomes, truth
from tests.recognition.conditions import FIELDS, condition, frame, pack, rule, spelt

SEEDS = st.integers(0, 2**32)
Written = dict[str, list[str]]


def claims(draw: random.Random, count: int) -> list[Written]:
    return [{code: spelt(draw, one) for code, one in FIELDS.items()} for _ in range(count)]


def truths(one: Condition, table: pl.DataFrame) -> list[bool | None]:
    found: list[bool | None] = table.with_columns(truth(one, FIELDS).alias("?"))["?"].to_list()
    return found


def asks(field: str, operator: str, *values: str, **more: object) -> Demand:
    return Demand(field=field, operator=operator, values=values, **more)


@pytest.mark.parametrize(
    ("one", "column", "expected"),
    [
        (asks("target", "in", "a", "b"), ["a", "c", None], [True, False, None]),
        (asks("target", "not-in", "a", "b"), ["a", "c", None], [False, True, None]),
        (asks("target", "in", "a", required=False), ["a", "c", None], [True, False, True]),
        (asks("target", "stated"), ["a", "", None], [True, True, None]),
        (asks("target", "matches", "^a.$"), ["ab", "b", None], [True, False, None]),
        (asks("databases", "in", "a", "b"), [["a", "b"], ["a", "c"], [], None], [True, False, None, None]),
        (asks("databases", "not-in", "a"), [["b"], ["a", "b"], [], None], [True, False, None, None]),
        (asks("databases", "in", "a", required=False), [["c"], [], None], [False, True, True]),
        (asks("databases", "matches", "^a.*$"), [["a", "ab"], ["a", "b"]], [True, False]),
        (asks("databases", "stated"), [["a"], [], [None], None], [True, None, None, None]),
        (asks("recalculated", "in", "true"), [True, False, None], [True, False, None]),
        (asks("recalculated", "not-in", "true", "false"), [True, False, None], [False, False, None]),
        (asks("exempted_share", "at-most", "0.05"), [0.05, 0.051, None], [True, False, None]),
        (asks("exempted_share", "below", "0.05"), [0.05, 0.049, None], [False, True, None]),
        (asks("price_years", "above", "2.5"), [2, 3, None], [False, True, None]),
        (asks("price_years", "in", "3", "5"), [3, 4, None], [True, False, None]),
        (
            asks("valid_until", "at-least", "2026-01-01"),
            [date(2025, 12, 31), date(2026, 1, 1), None],
            [False, True, None],
        ),
    ],
)
def test_a_test_is_true_false_or_unknown(
    one: Demand, column: list[object], expected: list[bool | None]
) -> None:
    table = pl.DataFrame({one.field: column}, schema={one.field: frame([]).schema[one.field]})
    assert truths(one, table) == expected


def test_more_values_than_are_compared_one_by_one() -> None:
    many = tuple(f"w{number}" for number in range(40))
    table = pl.DataFrame({"target": ["w0", "w39", "x", None]})
    assert truths(asks("target", "in", *many), table) == [True, True, False, None]
    assert truths(asks("target", "not-in", *many), table) == [False, False, True, None]


def test_a_comparison_needs_both_fields() -> None:
    day = date(2026, 1, 1)
    table = pl.DataFrame({"valid_from": [day, day, None], "valid_until": [day, None, day]})
    assert truths(asks("valid_from", "at-most", other="valid_until"), table) == [True, None, None]
    assert truths(asks("valid_from", "below", other="valid_until"), table) == [False, None, None]
    assert truths(asks("valid_from", "below", other="valid_until", required=False), table) == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("when", "requires", "expected"),
    [
        (True, True, 1),
        (True, None, 2),
        (True, False, 3),
        (None, True, 1),
        (None, None, 2),
        (None, False, 2),
        (False, True, 0),
        (False, None, 0),
        (False, False, 0),
    ],
)
def test_outcome_by_when_and_requires(when: bool | None, requires: bool | None, expected: int) -> None:
    one = rule("R", asks("recalculated", "in", "true"), asks("prospective", "in", "true"))
    table = pl.DataFrame(
        {"recalculated": [requires], "prospective": [when]},
        schema={"recalculated": pl.Boolean, "prospective": pl.Boolean},
    )
    found = table.with_columns(outcome(one, FIELDS))["R"]
    assert found.dtype == pl.UInt8
    assert found.to_list() == [expected]


@pytest.mark.parametrize("missing", ["recalculated", "prospective"])
def test_a_column_that_is_not_there_is_not_stated(missing: str) -> None:
    one = rule("R", asks("recalculated", "in", "true"), asks("prospective", "in", "true"))
    values = [True, False, None]
    table = pl.DataFrame({"recalculated": values, "prospective": values, "id": ["a", "b", "c"]})
    there = table.with_columns(pl.lit(None, pl.Boolean).alias(missing)).with_columns(outcome(one, FIELDS))
    absent = table.drop(missing)
    found = absent.with_columns(outcomes([one], FIELDS, absent.columns))
    assert found["R"].to_list() == there["R"].to_list()


@given(SEEDS)
def test_kleenes_laws(seed: int) -> None:
    draw = random.Random(seed)
    one, two = condition(draw), condition(draw)
    table = frame(claims(draw, 20))
    a, b = truths(one, table), truths(two, table)
    both, either = truths(AllOf(of=(one, two)), table), truths(AnyOf(of=(one, two)), table)
    order = {False: 0, None: 1, True: 2}
    assert both == [min(x, y, key=order.__getitem__) for x, y in zip(a, b, strict=True)]
    assert either == [max(x, y, key=order.__getitem__) for x, y in zip(a, b, strict=True)]
    assert truths(AllOf(of=(two, one)), table) == both
    # Absorption holds in Kleene's logic; the law of the excluded middle does not, and is not asked for.
    assert truths(AllOf(of=(one, AnyOf(of=(one, two)))), table) == a


@given(SEEDS)
def test_more_data_turns_no_pass_into_a_fail(seed: int) -> None:
    draw = random.Random(seed)
    one = condition(draw, monotone=True)
    full = claims(draw, 20)
    fewer = [{code: values if draw.random() < 0.6 else [] for code, values in c.items()} for c in full]
    for before, after in zip(truths(one, frame(fewer)), truths(one, frame(full)), strict=True):
        assert before is None or before is after


def test_a_demand_that_is_not_required_can_turn() -> None:
    lenient = asks("exempted_share", "at-most", "0.05", required=False)
    assert truths(lenient, frame([{}])) == [True]
    assert truths(lenient, frame([{"exempted_share": ["0.1"]}])) == [False]


@settings(max_examples=30)
@given(SEEDS)
def test_a_row_is_judged_by_itself(seed: int) -> None:
    draw = random.Random(seed)
    table = frame(claims(draw, 12))
    made = outcomes(pack(draw, 6), FIELDS, table.columns)
    names = [one.meta.output_name() for one in made]
    together = table.with_columns(made).select(names)
    order = draw.sample(range(len(table)), len(table))
    assert table[order].with_columns(made).select(names).equals(together[order])
    alone = pl.concat([table[[row]].with_columns(made).select(names) for row in range(len(table))])
    assert alone.equals(together)
    lazy = table.lazy().with_columns(made).select(names)
    assert lazy.collect(engine="streaming").equals(together)


@pytest.mark.parametrize("limit", ["0.05", "0.1", "0.3", "0.7", "2.675", "0.000001", "123456.789012345"])
def test_the_last_of_fifteen_digits_decides(limit: str) -> None:
    step = Decimal(1).scaleb(Decimal(limit).adjusted() - 14)
    near = [Decimal(limit) - step, Decimal(limit), Decimal(limit) + step]
    table = pl.DataFrame({"asserted": [float(one) for one in near]})
    assert truths(asks("asserted", "at-most", limit), table) == [True, True, False]
    assert truths(asks("asserted", "above", limit), table) == [False, False, True]

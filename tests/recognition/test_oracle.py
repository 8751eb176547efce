"""Compiled rules against pySHACL, claim by claim and rule by rule: the same Turtle, two engines.

Every rule runs as the SHACL shape it is, once as written and once with nothing required to be stated. The
claims are drawn from the values the rules name, their nearest neighbours on either side, words outside the
lists, and nothing at all.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from rdflib import Graph

import crosswalk
from crosswalk.knowledge.recognition import Condition, Recognition
from crosswalk.knowledge.recognition import Test as Demand
from crosswalk.recognition.expressions import outcomes
from tests.recognition import oracle
from tests.recognition.conditions import FIELDS, frame, pack, spelt

PACKS = Path(crosswalk.__file__).parents[1] / "mappings" / "recognition"
#: Claims a graph: pySHACL takes longer a claim the more there are.
CHUNK = 20
#: What the issue asks for, on the packs there are; takes minutes.
MANY = 10_000

Written = dict[str, list[str]]


@cache
def turtle() -> Graph:
    graph = Graph()
    for file in sorted(PACKS.glob("*.ttl")):
        graph.parse(file)
    return graph


@cache
def known() -> Recognition:
    return crosswalk.load().recognition


def demands(condition: Condition | None) -> Iterator[Demand]:
    if isinstance(condition, Demand):
        yield condition
    elif condition is not None:
        for part in condition.of:
            yield from demands(part)


@cache
def choices() -> dict[str, list[str]]:
    """For each field: what the rules compare it with, its nearest neighbours, and what no rule names."""
    named: dict[str, set[str]] = {code: set() for code in known().fields}
    for rule in known().rules.values():
        for part in (rule.when, rule.requires):
            for test in demands(part):
                named[test.field] |= set(test.values) if test.operator != "matches" else set()
    return {code: sorted(around(code, values)) for code, values in named.items()}


def around(code: str, values: set[str]) -> set[str]:
    one = known().fields[code]
    if one.kind == "boolean":
        return {"true", "false"}
    if one.kind == "date":
        days = {date.fromisoformat(day) for day in values} | {date(2026, 1, 1)}
        return {(day + timedelta(days=step)).isoformat() for day in days for step in (-1, 0, 1)}
    if one.kind == "integer":
        return {str(int(Decimal(number)) + step) for number in values | {"3"} for step in (-1, 0, 1)}
    if one.kind in ("decimal", "share"):
        tiny = Decimal("1e-12")
        return {f"{Decimal(number) + step:f}" for number in values | {"0.5"} for step in (-tiny, 0, tiny)}
    return {*values, *one.values, "no such word"}


def drawn(draw: random.Random, stated: float) -> Written:
    claim: Written = {}
    for code, one in known().fields.items():
        if draw.random() < stated:
            most = draw.randrange(4) if one.kind == "list" else 1
            claim[code] = [draw.choice(choices()[code]) for _ in range(most)]
    return claim


def compared(claims: list[Written]) -> pl.DataFrame:
    """Outcomes of all rules on the packs there are, after holding them against pySHACL's."""
    rules, fields = list(known().rules.values()), dict(known().fields)
    table = frame(claims, fields)
    found = table.select(outcomes(rules, fields, table.columns))
    for start, size in oracle.chunks(len(claims), CHUNK):
        expected = oracle.outcomes(claims[start : start + size], rules, fields, turtle())
        same(found[start : start + size], expected, claims[start : start + size])
    return found


def same(found: pl.DataFrame, expected: pl.DataFrame, claims: list[Written]) -> None:
    for code in found.columns:
        differs = (found[code] != expected[code]).arg_true().to_list()
        assert not differs, (
            f"{code}: {found[code][differs[0]]}, pySHACL {expected[code][differs[0]]}: "
            + str(claims[differs[0]])
        )


def draws(seed: int, count: int) -> list[Written]:
    draw = random.Random(seed)
    return [drawn(draw, draw.choice((0.2, 0.6, 0.9, 1.0))) for _ in range(count)]


def test_the_packs_say_of_random_claims_what_pyshacl_says() -> None:
    compared(draws(1, 40))


def test_random_rules_say_what_pyshacl_says() -> None:
    draw = random.Random(7)
    rules = pack(draw, 40)
    claims = [{code: spelt(draw, one) for code, one in FIELDS.items()} for _ in range(40)]
    table = frame(claims)
    found = table.select(outcomes(rules, FIELDS, table.columns))
    written = oracle.rules_graph(rules, FIELDS)
    for start, size in oracle.chunks(len(claims), CHUNK):
        part = claims[start : start + size]
        same(found[start : start + size], oracle.outcomes(part, rules, FIELDS, written), part)


def test_no_rule_says_the_same_of_all_draws() -> None:
    """What is compared above is worth comparing."""
    rules, fields = list(known().rules.values()), dict(known().fields)
    table = frame(draws(1, 2000), fields)
    found = table.select(outcomes(rules, fields, table.columns))
    for rule in rules:
        reached = set(found[rule.code].to_list())
        assert len(reached) > 1, f"{rule.code} comes out as {reached} only"


@pytest.mark.scale
@pytest.mark.parametrize("part", range(20))
def test_ten_thousand_claims(part: int) -> None:
    compared(draws(1000 + part, MANY // 20))

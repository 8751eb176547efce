"""Conditions, rules and claims drawn at random, by the contract of a claim: what several tests share."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl

from crosswalk.knowledge.recognition import AllOf, AnyOf, ClaimField, Condition, Kind, Rule, Test
from crosswalk.knowledge.records import Statement, Text

Claim = dict[str, Any]

DTYPES: dict[Kind, Any] = {
    "text": pl.String,
    "word": pl.String,
    "list": pl.List(pl.String),
    "decimal": pl.Float64,
    "share": pl.Float64,
    "integer": pl.Int64,
    "boolean": pl.Boolean,
    "date": pl.Date,
}


def field(code: str, kind: Kind, *words: str) -> ClaimField:
    """A field whose words are labelled by their capitals, and in Chinese by a sign before them."""
    return ClaimField(
        code=code,
        iri=f"https://w3id.org/carbon-crosswalk/claim#{code}",
        label=Text(en=code, zh=f"字段{code}"),
        kind=kind,
        values={word: Text(en=word.upper(), zh=f"词{word}") for word in words},
    )


#: Two fields of each kind, so that they can be compared.
FIELDS = {
    one.code: one
    for one in (
        field("goods", "text"),
        field("rule_version", "text"),
        field("verification.kind", "word", "none", "self", "third"),
        field("target", "word"),
        field("databases", "list"),
        field("statement.regimes", "list"),
        field("asserted", "decimal"),
        field("data_quality", "decimal"),
        field("verification.coverage", "share"),
        field("exempted_share", "share"),
        field("price_years", "integer"),
        field("management_system_months", "integer"),
        field("recalculated", "boolean"),
        field("prospective", "boolean"),
        field("valid_from", "date"),
        field("valid_until", "date"),
    )
}
WORDS = ("none", "self", "third", "PACT:3.0", "AB-12", "词 or not", "cn:7208")
PATTERNS = ("^[A-Z]{2}-[0-9]+$", "^(none|self)$", "^PACT:.+$", "^[^a-z]*$", "^cn:72.*$")
SHARES = ("0.049", "0.05", "0.050", "0.051", "0.1", "0.3", "0.7", "1", "0")
NUMBERS = ("-1.5", "0", "0.1", "0.3", "2.999999999999", "3", "3.00", "3.000000000001", "15")
INTEGERS = ("0", "2", "3", "4", "36")
DAY = date(2026, 1, 1)
DAYS = tuple((DAY + timedelta(days=step)).isoformat() for step in (-366, -1, 0, 1, 365))

_OF_KIND: dict[Kind, tuple[str, ...]] = {
    "text": WORDS,
    "word": WORDS,
    "list": WORDS,
    "decimal": NUMBERS,
    "share": SHARES,
    "integer": INTEGERS,
    "boolean": ("true", "false"),
    "date": DAYS,
}


def spelt(draw: random.Random, one: ClaimField) -> list[str]:
    """The values of a field as they would be written: none, one, or up to three of a list."""
    if draw.random() < 0.25:
        return []
    choice = _OF_KIND[one.kind]
    if one.kind == "list":
        return [draw.choice(choice) for _ in range(draw.randrange(4))]
    return [draw.choice(choice)]


_READ: dict[Kind, Callable[[str], Any]] = {
    "decimal": float,
    "share": float,
    "integer": int,
    "boolean": "true".__eq__,
    "date": date.fromisoformat,
}


def value(one: ClaimField, values: list[str]) -> Any:
    """What a column holds of the values written."""
    if one.kind == "list":
        return values
    return _READ.get(one.kind, str)(values[0]) if values else None


def frame(claims: list[dict[str, list[str]]], fields: dict[str, ClaimField] = FIELDS) -> pl.DataFrame:
    """Claims as written, as a typed table."""
    columns = {
        code: [value(one, claim.get(code, [])) for claim in claims]
        for code, one in fields.items()
        if not one.derived or any(code in claim for claim in claims)
    }
    return pl.DataFrame(columns, schema={code: DTYPES[fields[code].kind] for code in columns})


def demand(
    draw: random.Random, *, monotone: bool = False, fields: dict[str, ClaimField] = FIELDS
) -> Condition:
    """A test that its field can meet; with another field, beside the demand that it be stated."""
    one = draw.choice(list(FIELDS.values()))
    required = monotone or draw.random() < 0.8
    if draw.random() < 0.1:
        return Test(field=one.code, operator="stated")
    choice = _OF_KIND[one.kind]
    if one.kind in ("text", "word", "list") and draw.random() < 0.2:
        return Test(field=one.code, operator="matches", values=(draw.choice(PATTERNS),), required=required)
    if one.kind in ("text", "word", "list", "boolean"):
        some = tuple(dict.fromkeys(draw.choices(choice, k=draw.randrange(1, 4))))
        return Test(field=one.code, operator=draw.choice(["in", "not-in"]), values=some, required=required)
    operator = draw.choice(["at-least", "at-most", "above", "below"])
    alike = ("date",) if one.kind == "date" else ("decimal", "share", "integer")
    if draw.random() < 0.2:
        other = draw.choice([name for name, two in FIELDS.items() if two.kind in alike])
        if operator in ("below", "at-most"):
            test = Test(field=one.code, operator=operator, other=other, required=required)
            return AllOf(of=(test, Test(field=other, operator="stated"))) if required else test
    return Test(field=one.code, operator=operator, values=(draw.choice(choice),), required=required)


def condition(draw: random.Random, depth: int = 2, *, monotone: bool = False) -> Condition:
    """A condition of up to ``depth`` levels of "all" and "any"."""
    if depth == 0 or draw.random() < 0.4:
        return demand(draw, monotone=monotone)
    parts = tuple(condition(draw, depth - 1, monotone=monotone) for _ in range(draw.randrange(1, 4)))
    return draw.choice([AllOf, AnyOf])(of=parts)


def rule(code: str, requires: Condition, when: Condition | None = None) -> Rule:
    """A rule about nothing in particular."""
    return Rule(
        code=code,
        iri=f"https://w3id.org/carbon-crosswalk/rule#{code}",
        label=Text(en=code, zh=code),
        level="method",
        severity="block",
        requires=requires,
        when=when,
        pack="synthetic",
        statement=Statement(iri=""),
    )


def pack(draw: random.Random, count: int) -> list[Rule]:
    """Rules with random conditions, half of them with a ``when``."""
    return [
        rule(f"S{n:02}", condition(draw), condition(draw, 1) if draw.random() < 0.5 else None)
        for n in range(count)
    ]

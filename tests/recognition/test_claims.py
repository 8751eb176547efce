"""Claims as people write them: read in one way only, or refused with field, value and reason."""

from __future__ import annotations

import json
import random
import re
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import crosswalk
from crosswalk.errors import InputError
from crosswalk.knowledge.recognition import Body, ClaimField, Kind, Recognition
from crosswalk.knowledge.records import Statement, Text
from crosswalk.recognition.claims import Schema
from crosswalk.recognition.typed import ERROR_COLUMNS, Typed, Typist
from tests.recognition.conditions import FIELDS, field, frame, spelt

CATALOGUE = crosswalk.load()


def body(code: str, label: str) -> Body:
    return Body(code=code, iri="", label=Text(en=label, zh=f"{label}中"), statement=Statement(iri=""))


def named(code: str, kind: Kind, names: Any) -> ClaimField:
    return ClaimField(code=code, iri="", label=Text(en=code, zh=code), kind=kind, names=names)


SCHEMA = Schema.of(
    Recognition(
        fields={
            **FIELDS,
            "id": field("id", "text"),
            "regime": named("regime", "word", "regime"),
            "statement.regimes": named("statement.regimes", "list", "regime"),
            "verification.accreditor": named("verification.accreditor", "word", "body"),
            "fact.source": ClaimField(
                code="fact.source", iri="", label=Text(en="", zh=""), kind="boolean", derived=True
            ),
        },
        bodies={
            "CNAS": body("CNAS", "National Accreditation"),
            "CATENAX": body("CATENAX", "CX"),
        },
    )
)


def typed(raw: pl.DataFrame, lang: str = "en") -> Typed:
    return Typist(SCHEMA, CATALOGUE, lang).typed(raw)


def read(values: list[Any] | pl.Series, name: str) -> Typed:
    column = values.alias(name) if isinstance(values, pl.Series) else pl.Series(name, values)
    return typed(column.to_frame())


def values(values: list[Any] | pl.Series, name: str) -> list[Any]:
    """The values of a column, ``"wrong"`` where a row was lost."""
    found = read(values, name)
    rows = dict(zip(found.table.rows, found.table.column(name), strict=True))
    plain = {row: one.to_list() if isinstance(one, pl.Series) else one for row, one in rows.items()}
    return [plain.get(row, "wrong") for row in range(len(values))]


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("verification.coverage", ["5%", "0.05", "0.7 %", "0.7％", "120%"], [0.05, 0.05, 0.007, 0.007, 1.2]),
        ("verification.coverage", ["5", "-0.1", "-5%", "about 5%", "5,0%"], ["wrong"] * 5),
        ("verification.coverage", [0.05, 5.0, float("nan"), None], [0.05, "wrong", None, None]),
        ("verification.coverage", pl.Series([0.05, 0.3], dtype=pl.Float32), [0.05, 0.3]),
        ("asserted", ["2.50", " +3 ", "1e-5", ".5", ""], [2.5, 3.0, 1e-5, 0.5, None]),
        ("asserted", ["1,000", "2.5 kg", "inf", "nan", "1e999", "0x1F", "１"], ["wrong"] * 7),
        ("asserted", pl.Series(["2.50"]).cast(pl.Decimal(10, 2)), [2.5]),
        ("price_years", ["3", "3.0", "+4", "3.5", "9" * 30], [3, 3, 4, "wrong", "wrong"]),
        ("price_years", [3.0, 3.5, 1e300], [3, "wrong", "wrong"]),
        ("price_years", [True], ["wrong"]),
        ("recalculated", ["TRUE", "Yes", "是", "1", "否", "no", ""], [True] * 4 + [False] * 2 + [None]),
        ("recalculated", ["maybe", "2"], ["wrong", "wrong"]),
        ("recalculated", [1, 0, 2], [True, False, "wrong"]),
        (
            "valid_until",
            ["2026-01-03", "2026/1/3", "2026.1.3", "2026年1月3日", "2026-01-03T10:00:00Z", " "],
            [date(2026, 1, 3)] * 5 + [None],
        ),
        (
            "valid_until",
            ["03/01/2026", "3.1.2026", "2026-02-30", "2026/1-3", "2026-01", "46025"],
            ["wrong"] * 6,
        ),
        ("valid_until", ["26-01-03", "026-01-03", "+2026-1-03", "+026-01-03", "12026-01-03"], ["wrong"] * 5),
        ("valid_until", [datetime(2026, 1, 3, 10)], [date(2026, 1, 3)]),
        ("valid_until", [46025], ["wrong"]),
        (
            "verification.kind",
            ["THIRD", "third", "词self", "No-ne", "fourth"],
            ["third"] * 2 + ["self", "none", "wrong"],
        ),
        ("verification.kind", ["third", None, "none"], ["third", None, "none"]),
        ("goods", [" 7208 ", "", "72"], ["7208", None, "72"]),
        ("goods", [72, 73], ["72", "73"]),
        ("goods", [["72"]], ["wrong"]),
        ("databases", ["a; b；c", ";", " ", "a"], [["a", "b", "c"], None, None, ["a"]]),
        ("databases", [["a", None, " "], [], None], [["a"], None, None]),
        (
            "regime",
            ["iso 14067:2018", "PACT:3.0", "no such thing"],
            ["ISO:14067-2018", "PACT:3.0", "no such thing"],
        ),
        ("regime", ["CX", "body:CATENAX"], ["body:CATENAX"] * 2),
        ("statement.regimes", ["pact 3.0; ?"], [["PACT:3.0", "?"]]),
        (
            "verification.accreditor",
            ["cnas", "national accreditation", "X"],
            ["CNAS", "CNAS", "X"],
        ),
    ],
)
def test_values_as_people_write_them(name: str, given: Any, expected: list[Any]) -> None:
    assert values(given, name) == expected


def test_a_wrong_value_costs_its_row_and_says_why() -> None:
    raw = pl.DataFrame(
        {
            "id": ["a", "b", "c"],
            "valid_until": ["2026-01-01", "01/02/2026", "x" * 900],
            "verification.kind": ["third", "fourth", "third"],
        }
    )
    found = typed(raw)
    assert found.table.column("id").to_list() == ["a"]
    assert found.errors.columns == list(ERROR_COLUMNS)
    # One line a row: the first wrong field in the order of the schema.
    assert found.errors.select("row", "field", "code").rows() == [
        (1, "verification.kind", "claim-closed"),
        (2, "valid_until", "claim-date"),
    ]
    assert found.errors["value"].to_list()[0] == "fourth"
    assert len(found.errors["value"].to_list()[1]) == 200
    assert "none, self, third" in found.errors["reason"].to_list()[0]
    assert "请" in typed(raw, "zh").errors["reason"].to_list()[1]


def test_columns_that_mean_nothing_are_listed_with_the_field_meant() -> None:
    columns = [
        "Goods",
        "verification_coverage",
        "字段asserted",
        "coverage",
        "total",
        "gases.CH4",
        "fact.source",
        "zzz",
    ]
    found = typed(pl.DataFrame({name: ["1"] for name in columns}))
    assert {one.column: one.near for one in found.unread} == {
        "Goods": "goods",
        "verification_coverage": "verification.coverage",
        "字段asserted": "asserted",
        "coverage": "verification.coverage",
        "fact.source": None,
        "zzz": None,
    }
    # What is worked out cannot be stated; what a footprint table has is passed on as it is.
    assert list(found.table.columns) == []
    assert found.table.written.columns == ["total", "gases.CH4"]
    assert "goods" in found.unread[0].text().en


def test_many_columns_that_mean_nothing_cost_little() -> None:
    wide = pl.DataFrame({f"goods{number}": ["1"] for number in range(5000)})
    found = typed(wide).unread
    assert len(found) == 5000
    assert found[0].near == "goods"
    assert found[-1].near is None


def test_objects_flatten_to_dotted_names() -> None:
    lines = [
        {"id": "a", "verification": {"kind": "third", "coverage": 0.5}, "databases": ["x", "y"]},
        {"id": "b", "verification": None, "databases": []},
    ]
    raw = pl.read_ndjson("\n".join(map(json.dumps, lines)).encode())
    found = typed(raw).table.frame()
    assert found.sort("row").select(
        "id", "verification.kind", "verification.coverage", "databases"
    ).rows() == [
        ("a", "third", 0.5, ["x", "y"]),
        ("b", None, None, None),
    ]
    with pytest.raises(InputError, match=r"verification\.kind: two columns"):
        typed(raw.with_columns(pl.lit("self").alias("verification.kind")))


def test_a_table_without_rows_or_columns() -> None:
    assert typed(pl.DataFrame()).table.frame().shape == (0, 1)
    assert typed(pl.DataFrame({"id": [], "asserted": []})).table.frame().shape == (0, 3)


@given(st.integers(0, 2**32))
def test_what_is_written_out_is_read_back(seed: int) -> None:
    draw = random.Random(seed)
    given_claims = [{code: spelt(draw, one) for code, one in FIELDS.items()} for _ in range(8)]
    for claim in given_claims:
        # Of a closed list only its words.
        claim["verification.kind"] = [draw.choice(["none", "self", "third"])]
        claim["statement.regimes"] = [one for one in claim["statement.regimes"] if one == "AB-12"]
    written = pl.DataFrame(
        {code: [";".join(claim[code]) for claim in given_claims] for code in FIELDS},
        schema=dict.fromkeys(FIELDS, pl.String),
    )
    found = typed(written)
    assert found.errors.is_empty()
    wanted = frame(given_claims).with_columns(
        pl.when(pl.col(code).list.len() > 0).then(pl.col(code)) for code in ("databases", "statement.regimes")
    )
    assert found.table.frame().select(list(FIELDS)).equals(wanted)
    native = typed(wanted)
    assert native.table.frame().select(list(FIELDS)).equals(wanted)


#: What a value must look like to be read at all, whatever reads it.
FORMS = {
    "asserted": r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*",
    "price_years": r"\s*[+-]?[0-9]+(\.0*)?\s*",
    "verification.coverage": r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*[%％]?\s*",
    "valid_until": r"\s*[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}([T ][0-9]{2}:[0-9]{2}.*)?\s*",
}
NEARLY = st.text("0123456789+-./e%_ T:infnaxX", max_size=12)


@pytest.mark.parametrize("name", sorted(FORMS))
@given(text=NEARLY)
def test_nothing_is_read_that_is_not_of_the_form(name: str, text: str) -> None:
    (found,) = values([text], name)
    assert found in ("wrong", None) or re.fullmatch(FORMS[name], text)


@given(st.lists(st.text(max_size=12), max_size=6), st.sampled_from(sorted(SCHEMA.fields)))
def test_whatever_is_written_every_row_is_read_or_refused(texts: list[str], name: str) -> None:
    found = typed(pl.DataFrame({name: texts}, schema={name: pl.String}))
    rows = [*found.table.rows, *found.errors["row"]]
    assert sorted(rows) == list(range(len(texts)))

"""The JSON Schema of a claim, by a validator that is not ours, and the page of its columns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest

import crosswalk
from crosswalk.recognition.claim_schema import claim_schema
from crosswalk.recognition.claims import Schema
from crosswalk.recognition.typed import Typist
from tests.conftest import Run

CATALOGUE = crosswalk.load()
SCHEMA = claim_schema(CATALOGUE.recognition)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
CLAIM: dict[str, Any] = {
    "id": "W1",
    "regime": "GBT:24067-2024",
    "target": "PACT:3.0",
    "claimed": "method",
    "asserted": "2.50",
    "exempted_share": "3 %",
    "verification": {"kind": "certificate", "coverage": 0.8, "date": "2026-01-31", "site_visit": True},
    "verification.party": "third",
    "statement": {"regimes": ["PACT:3.0"]},
    "databases": ["ecoinvent"],
    "valid_until": None,
    "total": "2.50",
    "gases": {"CO2": {"fossil": "2.1"}},
    "gases.CH4.fossil": "0.01",
}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    VALIDATOR.validate(CLAIM)
    VALIDATOR.validate({})


@pytest.mark.parametrize(
    "wrong",
    [
        {"exempted_share": "5"},
        {"exempted_share": 5},
        {"asserted": "2.5 kg"},
        {"valid_until": "31/01/2026"},
        {"verification": {"kind": "certified"}},
        {"verification": {"knid": "none"}},
        {"fact.source": True},
        {"regimes": "PACT:3.0"},
    ],
)
def test_the_schema_refuses(wrong: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(wrong)


def test_what_the_schema_allows_is_read() -> None:
    raw = pl.read_ndjson(json.dumps(CLAIM).encode())
    found = Typist(Schema.of(CATALOGUE.recognition), CATALOGUE).typed(raw)
    assert found.errors.is_empty()
    assert found.unread == []
    row = found.table.frame().row(0, named=True)
    assert (row["asserted"], row["exempted_share"], row["verification.kind"]) == (2.5, 0.03, "certificate")
    assert (row["statement.regimes"], found.table.written["gases.CO2.fossil"][0]) == (["PACT:3.0"], "2.1")


def test_the_command_prints_it(run: Run) -> None:
    assert json.loads(run("schema", "--claims").out) == SCHEMA
    assert json.loads(run("schema").out) != SCHEMA


def test_the_page_lists_every_field_in_two_languages() -> None:
    page = Path(crosswalk.__file__).parents[1].joinpath("docs", "claims.md").read_text("utf-8")
    lines = page.splitlines()
    for one in CATALOGUE.recognition.fields.values():
        (line,) = [line for line in lines if line.startswith(f"| `{one.code}` |")]
        assert one.label.en in line
        assert one.label.zh in line

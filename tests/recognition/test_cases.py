"""Published claims and what must become of them: every case, through the whole of judging."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from crosswalk.checking.work import Where
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.load import load
from crosswalk.recognition.check import check
from crosswalk.recognition.judge import Asked, Examined, Judge

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases.yaml").read_text("utf-8"),
)
OUTCOMES = ("not-applicable", "pass", "unknown", "fail")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def examined(case: dict[str, Any], catalogue: Catalogue) -> tuple[Judge, Examined]:
    as_of = date.fromisoformat(str(case["as_of"]))
    judge = Judge(catalogue, Asked(case.get("to"), as_of))
    stated = {name: [written(value)] for name, value in case["claim"].items() if value is not None}
    raw = pl.DataFrame(stated or {"id": [None]})
    rows = pl.Series("row", [0], dtype=pl.UInt64)
    return judge, judge.examine(raw, Where("", rows, rows))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_claim_gets_its_verdict(case: dict[str, Any], catalogue: Catalogue) -> None:
    claim = {name: value for name, value in case["claim"].items() if value is not None}
    found = check(claim, to=case.get("to"), as_of=str(case["as_of"]), catalogue=catalogue)
    assert not found.errors
    one, expected = found.verdicts[0], case["expect"]
    assert (one.verdict, one.level) == (expected["verdict"], max(expected["level"], 0))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_its_rules_come_out_as_they_must(case: dict[str, Any], catalogue: Catalogue) -> None:
    judge, found = examined(case, catalogue)
    places = {rule.code: place for place, rule in enumerate(judge.ladder.rules)}
    expected = case["expect"].get("rules", {})
    assert {code: OUTCOMES[found.outcomes[places[code], 0]] for code in expected} == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_worked_out_of_the_knowledge_is_as_stated(case: dict[str, Any], catalogue: Catalogue) -> None:
    _, found = examined(case, catalogue)
    row = found.claims.row(0, named=True)
    expected = {name: value for name, value in case.get("facts", {}).items() if value is not None}
    assert {name: row[name] for name in expected} == expected

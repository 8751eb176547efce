"""The Carbon Catalogue: declared product footprints, many of which name no accounting standard.

Source: Meinrenken et al., Scientific Data 9, 87 (2022), footprints reported to the CDP; the rows that lie
beside this checkout are those of 2013 to 2015. A footprint that names no standard cannot be assessed,
whatever its value; a protocol by name alone recognises nothing.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

import crosswalk
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.results import Verdicts

#: Columns of the catalogue as columns of a claim. The year is that of the report, not of the calculation.
COLUMNS = {
    "PCF-ID": "id",
    "Company": "company",
    "Product name (and functional unit)": "product.name",
    "Product's carbon footprint (PCF, kg CO2e)": "total",
    "Protocol used for PCF": "regime",
}
NONE = "Not reported"
TARGETS = ("PACT:3.0", "ISO:14067-2018", "GBT:24067-2024", "GHGP:PRODUCT-2011")


@pytest.fixture(scope="module")
def source(cases: Path) -> Path:
    path = cases / "carbon_catalogue_products.csv"
    if not path.is_file():
        pytest.skip("the Carbon Catalogue is not beside this checkout")
    return path


@pytest.fixture(scope="module")
def rows(source: Path) -> list[dict[str, str]]:
    with source.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def claims(rows: list[dict[str, str]]) -> list[dict[str, str | None]]:
    found = []
    for row in rows:
        claim: dict[str, str | None] = {name: row[column] for column, name in COLUMNS.items()}
        claim["claimed"] = "value"
        if claim["regime"] == NONE:
            claim["regime"] = None
        found.append(claim)
    return found


@pytest.fixture(scope="module", params=TARGETS)
def judged(claims: list[dict[str, str | None]], request: pytest.FixtureRequest) -> Verdicts:
    return crosswalk.check(claims, to=request.param, as_of="2026-11-22")


def test_every_row_is_answered_for(judged: Verdicts, rows: list[dict[str, str]]) -> None:
    assert len(rows) == 586
    answered = sorted([one.row for one in judged.verdicts] + [one.row for one in judged.errors])
    assert answered == list(range(len(rows)))
    assert judged.unused == ()


def test_a_row_without_a_standard_cannot_be_assessed(judged: Verdicts, rows: list[dict[str, str]]) -> None:
    silent = {number for number, row in enumerate(rows) if row["Protocol used for PCF"] == NONE}
    verdicts = {one.row: one for one in judged.verdicts}
    assert silent <= verdicts.keys()
    assert {verdicts[row].verdict for row in silent} == {"not-assessable"}
    assert all(verdicts[row].because == "G0" for row in silent)
    assert all("regime" in [ask.code for ask in verdicts[row].asks] for row in silent)


def test_none_is_recognised(judged: Verdicts) -> None:
    """Nothing is stated of verification, nor of the rule used: no value is accepted on a name alone."""
    assert judged.counts.get("recognised", 0) == 0
    assert judged.counts.get("conditional", 0) == 0
    assert max(one.level for one in judged.verdicts) < 3


def test_the_count_is_that_of_the_file(judged: Verdicts, source: Path) -> None:
    """Counted without any reader: commas outside quotes part the fields, the eleventh is the protocol."""
    silent = 0
    for line in source.read_text("utf-8-sig").splitlines()[1:]:
        field, quoted = 0, False
        fields = [""]
        for character in line:
            if character == '"':
                quoted = not quoted
            elif character == "," and not quoted:
                fields.append("")
                field += 1
            else:
                fields[-1] += character
        silent += fields[10] == NONE
    assert silent == 149
    found = [one for one in judged.verdicts if one.source is None]
    assert len(found) == silent
    assert {one.verdict for one in found} == {"not-assessable"}


def test_a_name_that_is_not_a_described_regime_is_not_assessable_either(
    judged: Verdicts, catalogue: Catalogue
) -> None:
    for one in judged.verdicts:
        assert (one.verdict == "not-assessable") == (one.source not in catalogue.regimes)


def test_rows_from_the_file_itself_come_out_the_same(
    judged: Verdicts, claims: list[dict[str, str | None]], tmp_path: Path
) -> None:
    """Through CSV and back, with an unknown column beside: the same verdicts."""
    path = tmp_path / "claims.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*COLUMNS.values(), "claimed", "note"])
        writer.writeheader()
        writer.writerows({**claim, "note": "x"} for claim in claims)
    again = crosswalk.check(path, to=judged.verdicts[0].target, as_of="2026-11-22")
    assert [one.path for one in again.unused] == ["note"]
    assert again.verdicts == judged.verdicts
    assert Counter(one.verdict for one in again.verdicts) == Counter(judged.counts)

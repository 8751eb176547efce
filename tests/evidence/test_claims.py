"""Packs of checks: what is in them, that they hold, and that whatever is changed is found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rdflib import Graph

from crosswalk import evidence
from crosswalk.errors import InputError, UsageError
from crosswalk.evidence import claims as packing
from crosswalk.evidence.pack import read_manifest
from crosswalk.evidence.verify import _files
from crosswalk.recognition.check import check
from crosswalk.recognition.work import work
from tests.conftest import Run

from .conftest import edit, failing, rehash

#: A value that is met, one that is not, nothing to go by, a number that is none, a label, another regime.
CLAIMS = """\
id,regime,target,claimed,total,asserted,tolerance,gases.CO2.fossil,gases.CH4.fossil,method.gwp-set,calculated,\
verification.kind,exempted_share,statement.kind,statement.party,statement.regimes
a,GBT:24067-2024,PACT:3.0,value,,3.29,2%,2.97,0.0110,ar5-28,2026-03-01,statement,,method-consistency,third,\
GBT:24067-2024;PACT:3.0
b,PACT 3.0,,method,2.5,,,,,,2026-03-01,,1%,,,
c,,,value,2.5,2.5,,,,,,,,,,
d,ISO 14067,PACT:3.0,value,x,2.5,,,,,,,,,,
e,GBT:24067-2024,CBAM:2023,label,2.5,2.5,5%,,,,2026-03-01,,,,,
f,GBT:24067-2024,CBAM:2023,value,,1.0,1%,,,,2026-03-01,,,,,
g,PACT:3.0,PACT:3.0,value,2.50,2.5,1%,,,,2026-03-01,,,,,
"""
FILES = {
    *("certificates.json", "claims.jsonl", "claims.ttl", "errors.jsonl", "lenient.ttl", "outcomes.jsonl"),
    *("prov.ttl", "shapes.ttl", "statements.json", "statements.ttl", "verdicts.jsonl"),
}
WORK = work("PACT:3.0", "2026-11-22", (), (), "en")


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def put(path: Path, found: list[Any]) -> None:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found), "utf-8")


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("claims") / "claims.csv"
    path.write_text(CLAIMS, "utf-8")
    return path


@pytest.fixture(scope="session")
def checked(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return evidence.write_check(tmp_path_factory.mktemp("packs") / "check", [str(table)], WORK)


@pytest.fixture
def pack(checked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(checked, tmp_path / "pack"))


def test_a_pack_holds(pack: Path) -> None:
    found = evidence.verify(pack)
    assert [(one.code, one.outcome) for one in found.checks] == [
        ("files", "holds"),
        ("signature", "skipped"),
        ("certificates", "holds"),
        ("interval", "holds"),
        ("shacl", "holds"),
        ("provenance", "holds"),
        ("judged", "holds"),
    ]
    assert {one.name for one in pack.iterdir()} == FILES | {"manifest.json"}


def test_claims_are_kept_as_they_were_read(pack: Path) -> None:
    found = lines(pack / "claims.jsonl")
    assert [one["row"] for one in found] == list(range(7))
    assert [one["line"] for one in found] == list(range(2, 9))
    assert found[0]["claim"]["gases.CH4.fossil"] == "0.0110"
    assert found[3]["claim"]["total"] == "x"


def test_verdicts_and_errors_are_those_of_a_check(pack: Path, table: Path) -> None:
    told = check(table, to="PACT:3.0", as_of="2026-11-22")
    expected = [json.loads(json.dumps(one.to_dict())) for one in told.verdicts]
    assert lines(pack / "verdicts.jsonl") == expected
    assert [one["row"] for one in lines(pack / "errors.jsonl")] == [3]


def test_every_interval_has_its_certificates(pack: Path) -> None:
    document = json.loads((pack / "certificates.json").read_text("utf-8"))
    for verdict in lines(pack / "verdicts.jsonl"):
        for name in ("guaranteed", "assumed"):
            if verdict[name] is not None:
                proven = document["intervals"][f"{verdict['row']} {name}"]
                for side in ("low", "high"):
                    if verdict[name][side] is not None:
                        gap = abs(Fraction(proven[side]) - Fraction(verdict[name][side]))
                        assert gap < Fraction(1, 10**9)
    assert "6 guaranteed" in document["intervals"]


def test_outcomes_tell_every_rule_of_every_claim(pack: Path) -> None:
    found = lines(pack / "outcomes.jsonl")
    assert [one["row"] for one in found] == [0, 1, 2, 4, 5, 6]
    rules = {one["about"] for one in json.loads((pack / "statements.json").read_text())["statements"]}
    assert all(set(one["outcomes"]) <= rules for one in found)
    words = {word for one in found for word in one["outcomes"].values()}
    assert words == {"pass", "fail", "unknown", "not-applicable"}


def test_shapes_and_claims_are_for_any_processor(pack: Path) -> None:
    graph = Graph().parse(pack / "claims.ttl", format="turtle")
    asked = graph.query(
        "PREFIX claim: <https://w3id.org/carbon-crosswalk/claim#> "
        "SELECT ?value { ?c claim:id 'a' ; claim:asserted ?value }"
    )
    assert [str(row[0]) for row in asked] == ["3.29"]
    assert len(Graph().parse(pack / "shapes.ttl", format="turtle")) > 1000
    assert not list(
        Graph().parse(pack / "lenient.ttl", format="turtle").triples((None, _sh("minCount"), None))
    )


def _sh(name: str) -> Any:
    from rdflib.namespace import SH

    return SH[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FILES))
def test_a_change_is_found_in_any_file(pack: Path, name: str) -> None:
    content = (pack / name).read_bytes()
    place = next(i for i in range(len(content) // 2, len(content)) if content[i : i + 1].isalnum())
    (pack / name).write_bytes(content[:place] + b"0" + content[place + 1 :] + b"\n")
    manifest, _ = read_manifest(pack)
    assert "fails" in {one.outcome for one in _files(pack, manifest)}


def _recognised(found: list[Any]) -> None:
    found[0]["verdict"] = "recognised" if found[0]["verdict"] != "recognised" else "refused"


def _narrower(found: list[Any]) -> None:
    found[-1]["guaranteed"]["high"] -= 0.001


def _wider(found: list[Any]) -> None:
    found[-1]["guaranteed"]["low"] -= 0.1


def _passes(found: list[Any]) -> None:
    rules = found[0]["outcomes"]
    rules[next(code for code, one in rules.items() if one == "unknown")] = "pass"


def _other(found: list[Any]) -> None:
    found[0]["claim"]["asserted"] = "3.90"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("verdicts.jsonl", _recognised, {"judged"}),
        ("verdicts.jsonl", _narrower, {"interval", "judged"}),
        ("verdicts.jsonl", _wider, {"interval", "judged"}),
        ("outcomes.jsonl", _passes, {"shacl", "judged"}),
        ("claims.jsonl", _other, {"judged"}),
        ("errors.jsonl", list.clear, {"judged"}),
    ],
)
def test_a_change_is_found_whatever_the_hashes(
    pack: Path, name: str, change: Callable[[list[Any]], None], expected: set[str]
) -> None:
    found = lines(pack / name)
    change(found)
    put(pack / name, found)
    rehash(pack)
    assert failing(pack) >= expected


@pytest.mark.slow
def test_a_changed_fact_is_found_by_shacl(pack: Path) -> None:
    text = (pack / "claims.ttl").read_text("utf-8")
    assert '"2026-03-01"' in text
    (pack / "claims.ttl").write_text(text.replace('"2026-03-01"', '"2006-03-01"'), "utf-8")
    rehash(pack)
    assert failing(pack) >= {"judged"}


def test_a_softer_rule_is_found_by_shacl(pack: Path) -> None:
    text = (pack / "shapes.ttl").read_text("utf-8")
    (pack / "shapes.ttl").write_text(text.replace("sh:minCount 1", "sh:minCount 0"), "utf-8")
    rehash(pack)
    assert failing(pack) >= {"shacl", "judged"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("verdicts.jsonl", b'{"row": "x"}\n'),
        ("verdicts.jsonl", b"\xff\n"),
        ("outcomes.jsonl", b"[]\n"),
        ("outcomes.jsonl", b""),
        ("claims.jsonl", b'{"row": "x"}\n'),
        ("claims.jsonl", b"{\n"),
        ("claims.ttl", b"<a> <b> .\n"),
        ("certificates.json", b"[]\n"),
    ],
)
def test_a_broken_file_is_a_failed_check(pack: Path, name: str, content: bytes) -> None:
    (pack / name).write_bytes(content)
    rehash(pack)
    assert failing(pack)


@pytest.mark.slow
def test_wrong_questions_are_errors_or_failed_checks(pack: Path) -> None:
    edit(pack / "manifest.json", lambda manifest: manifest["check"].update(as_of="yesterday"))
    assert "answer" in failing(pack)
    edit(pack / "manifest.json", lambda manifest: manifest["check"].update(as_of="2026-11-22", to="NO:SUCH"))
    assert "answer" in failing(pack)
    edit(pack / "manifest.json", lambda manifest: manifest.update(check=None))
    with pytest.raises(InputError):
        evidence.verify(pack)


@pytest.mark.slow
def test_parquet_and_csv_give_the_same(table: Path, checked: Path, tmp_path: Path) -> None:
    frame = pl.read_csv(table, infer_schema=False).filter(pl.col("id") != "d")
    numbers = ("total", "asserted", "gases.CO2.fossil", "gases.CH4.fossil")
    frame.with_columns(pl.col(numbers).cast(pl.Float64)).write_parquet(tmp_path / "claims.parquet")
    pack = evidence.write_check(tmp_path / "pack", [str(tmp_path / "claims.parquet")], WORK)
    assert failing(pack) == set()
    words = {one["id"]: one["verdict"] for one in lines(checked / "verdicts.jsonl")}
    assert {one["id"]: one["verdict"] for one in lines(pack / "verdicts.jsonl")} == words


@pytest.mark.slow
def test_footprint_files_are_packed_and_need_not_be_there(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    shutil.copy("examples/polyethylene.json", folder / "pe.json")
    claim = {"id": "a", "footprint": "pe.json", "claimed": "value", "asserted": "3.29", "tolerance": "5%"}
    put(folder / "claims.jsonl", [claim, {**claim, "id": "b", "footprint": "none.json"}])
    pack = evidence.write_check(tmp_path / "pack", [str(folder / "claims.jsonl")], WORK)
    shutil.rmtree(folder)
    assert failing(pack) == set()
    (verdict,) = lines(pack / "verdicts.jsonl")
    assert verdict["value"] == "proven-within"
    edit(
        pack / "footprints.json",
        lambda found: found.update({"pe.json": found["pe.json"].replace("3.27", "3.37")}),
    )
    rehash(pack)
    assert failing(pack) >= {"judged"}


@pytest.mark.slow
def test_many_claims_are_packed_by_structure(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_CLAIMS", 20)
    head, *rows = CLAIMS.splitlines()
    (tmp_path / "many.csv").write_text("\n".join([head, *(rows * 10)]) + "\n", "utf-8")
    pack = evidence.write_check(tmp_path / "pack", [str(tmp_path / "many.csv")], WORK)
    manifest = json.loads((pack / "manifest.json").read_text("utf-8"))
    assert (manifest["check"]["claims"], manifest["check"]["each"]) == (70, False)
    assert [one["row"] for one in lines(pack / "claims.jsonl")] == list(range(7))
    assert any("70" in one["en"] for one in manifest["limits"])
    assert manifest["check"]["inputs"][0]["size"] == (tmp_path / "many.csv").stat().st_size
    assert failing(pack) == set()


@pytest.mark.slow
def test_claims_with_too_many_scenarios_are_left_out_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_SCENARIOS", 2)
    head, *_, last = CLAIMS.splitlines()
    (tmp_path / "claims.csv").write_text("\n".join([head, *([last] * 5)]) + "\n", "utf-8")
    pack = evidence.write_check(tmp_path / "pack", [str(tmp_path / "claims.csv")], WORK)
    manifest = json.loads((pack / "manifest.json").read_text("utf-8"))
    assert (manifest["check"]["claims"], manifest["check"]["each"]) == (5, False)
    assert [one["row"] for one in lines(pack / "claims.jsonl")] == [0]
    assert failing(pack) == set()


@pytest.mark.slow
def test_a_run_that_came_out_otherwise_is_not_packed(table: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        evidence.write_check(tmp_path / "pack", [str(table)], WORK, counts={"recognised": 6})
    assert not (tmp_path / "pack").exists()


@pytest.mark.slow
def test_the_command_leaves_evidence(run: Run, table: Path, tmp_path: Path) -> None:
    pack, out = str(tmp_path / "pack"), str(tmp_path / "verdicts.csv")
    asked = ["--to", "PACT:3.0", "--as-of", "2026-11-22", "--out", out, "--evidence", pack, "--quiet"]
    done = run("check", str(table), *asked, "--workers", "1")
    assert done.code == 0, done.err
    manifest = json.loads(Path(pack, "manifest.json").read_text("utf-8"))
    names = [one["name"] for one in manifest["check"]["outputs"]]
    assert names == ["verdicts.csv", "verdicts.csv.errors.csv", "verdicts.csv.manifest.json"]
    verified = run("evidence", "verify", pack)
    assert verified.code == 0, verified.out
    assert "pySHACL, put to claims.ttl, finds the same outcomes: 6 claims" in verified.out
    assert run("check", str(table), *asked[:-3], "--quiet", "--overwrite", "--evidence", pack).code == 2

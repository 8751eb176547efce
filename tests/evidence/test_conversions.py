"""Packs of conversions: what is in them, that they hold, and that whatever is changed is found."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

import crosswalk
from crosswalk import evidence
from crosswalk.errors import InputError, UsageError
from crosswalk.evidence import certificates
from crosswalk.evidence.provenance import named

from .conftest import edit, failing, rehash

PROV = Namespace("http://www.w3.org/ns/prov#")
FILES = ["answer.json", "certificates.json", "input.json", "prov.ttl", "statements.json", "statements.ttl"]


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def test_a_pack_holds(pack: Path) -> None:
    found = evidence.verify(pack)
    assert found.holds
    assert [(one.code, one.outcome) for one in found.checks] == [
        ("files", "holds"),
        ("signature", "skipped"),
        ("certificates", "holds"),
        ("interval", "holds"),
        ("interval", "holds"),
        ("provenance", "holds"),
        ("answer", "holds"),
        ("programs", "holds"),
        ("statements", "holds"),
    ]


@pytest.mark.parametrize(
    ("file", "asked"),
    [
        ("polyethylene", {"to": "PACT:3.0"}),
        ("polyethylene", {"to": "PACT:3.0", "set": {"gases[1].mass": Decimal("0.0121")}}),
        ("polyethylene", {"to": "ISO 14067:2018", "tolerance": "1%", "against": "3.30±0.005"}),
        ("polyethylene", {"to": "PACT:3.0", "per": "1 t"}),
        ("polyethylene-inconsistent", {"to": "PACT:3.0"}),
        ("polyethylene-uncertain", {"to": "PACT:3.0", "draws": 200, "seed": 1}),
        ("ethylene-cracker", {"to": "TFS:3.0", "allow": "estimated"}),
        ("ethylene-cracker", {"to": "TFS:3.0"}),
        ("steel-billet", {"to": "PACT:3.0", "assume": "fossil-polymer"}),
        ("hdpe-theirs", {"to": "ISO:14067-2018"}),
        ("polyethylene-total-only", {"to": "PACT:3.0", "assume": "fossil-polymer"}),
        pytest.param("concrete-dry-creek", {"to": "PACT:3.0"}, marks=pytest.mark.slow),
    ],
)
def test_packs_of_all_kinds_hold(file: str, asked: dict[str, Any], tmp_path: Path) -> None:
    answer = crosswalk.convert(f"examples/{file}.json", **asked)
    found = evidence.verify(evidence.write(answer, tmp_path / "pack"))
    assert [one for one in found.checks if one.outcome == "fails"] == []
    assert found.holds
    assert load(tmp_path / "pack/answer.json") == json.loads(json.dumps(answer.to_dict()))


def test_the_input_is_the_file_to_the_byte(pack: Path) -> None:
    assert (pack / "input.json").read_bytes() == Path("examples/polyethylene.json").read_bytes()


def test_the_manifest_names_every_file_and_no_clock(pack: Path) -> None:
    manifest = load(pack / "manifest.json")
    assert [one["name"] for one in manifest["files"]] == FILES
    assert manifest["question"]["assume"] == ["fossil-polymer"]
    assert manifest["as_of"] is None
    assert manifest["knowledge"]["hash"] == crosswalk.load().hash


def test_the_same_question_gives_the_same_bytes(pack: Path, tmp_path: Path) -> None:
    answer = crosswalk.convert("examples/polyethylene.json", to="PACT:3.0", assume="fossil-polymer")
    again = evidence.write(answer, tmp_path / "again")
    for name in [*FILES, "manifest.json"]:
        assert (again / name).read_bytes() == (pack / name).read_bytes(), name


def test_certificates_prove_the_intervals_of_the_answer(several: Path) -> None:
    """Checked here with loops of this test's own, from nothing but the file."""
    document, answer = load(several / "certificates.json"), load(several / "answer.json")
    ends = {}
    for name, one in document["intervals"].items():
        lows, highs = [], []
        for scenario in one["scenarios"]:
            columns = document["programs"][scenario["program"]]["columns"]
            rows = [[None if e is None else Fraction(e) for e in pair] for pair in scenario["ends"]]
            for side, found in (("low", lows), ("high", highs)):
                end = scenario[side]
                if end["multipliers"] is None:
                    found.append(None)
                    continue
                y = {int(row): Fraction(value) for row, value in end["multipliers"].items()}
                for column in columns:
                    reached = sum(
                        value * Fraction(column["rows"].get(str(row), 0)) for row, value in y.items()
                    )
                    wanted = Fraction(column["objectives"][0])
                    assert reached >= wanted if side == "high" else reached <= wanted
                top = side == "high"
                found.append(sum(v * rows[row][int((v > 0) == top)] for row, v in y.items()))
        ends[name] = (
            None if None in lows else float(min(lows)),
            None if None in highs else float(max(highs)),
        )
    assert len(document["intervals"]["guaranteed"]["scenarios"]) > 1
    for name in ("guaranteed", "assumed"):
        assert ends[name] == (answer[name]["low"], answer[name]["high"])
    assert ends["guaranteed"] == (0.0, None)


def test_cells_of_a_program_stand_in_one_place_each(several: Path) -> None:
    document = load(several / "certificates.json")
    for program in document["programs"]:
        told = [program["empty"], program["idle"], *(one["cells"] for one in program["columns"])]
        cells = [cell for one in told for cell in _cells(one)]
        assert sorted(cells) == list(range(len(document["cells"])))


def _cells(ranges: str) -> list[int]:
    found: list[int] = []
    for part in filter(None, ranges.split(",")):
        low, _, high = part.partition("-")
        found.extend(range(int(low), int(high or low) + 1))
    return found


def test_provenance_is_prov(pack: Path) -> None:
    graph = Graph().parse(pack / "prov.ttl", format="turtle")
    (activity,) = graph.subjects(RDF.type, PROV.Activity)
    (agent,) = graph.subjects(RDF.type, PROV.SoftwareAgent)
    told = {one["name"]: URIRef(named(one["sha256"])) for one in load(pack / "manifest.json")["files"]}
    answer = told["answer.json"]
    assert (activity, PROV.used, told["input.json"]) in graph
    assert (answer, PROV.wasGeneratedBy, activity) in graph
    assert (answer, PROV.wasDerivedFrom, told["input.json"]) in graph
    assert (answer, PROV.wasAttributedTo, agent) in graph
    assert (activity, PROV.wasAssociatedWith, agent) in graph
    terms = {str(one) for _, one, value in graph if str(one).startswith(str(PROV))}
    assert {one.rpartition("#")[2] for one in terms} == {
        *("used", "wasAssociatedWith", "wasGeneratedBy", "wasAttributedTo", "wasDerivedFrom", "hadMember")
    }


def test_statements_say_clause_source_and_evidence_in_both_languages(pack: Path) -> None:
    document = load(pack / "statements.json")
    sources = {one["code"] for one in document["sources"]}
    assert all(one["title"] for one in document["sources"])
    for one in document["statements"]:
        assert one["clause"]
        assert one["evidence"] in ["read", "secondary", "draft", "memory", "presumed", "inferred", "unknown"]
        assert set(one["sources"]) <= sources
        assert one["label"]["en"]
        assert one["label"]["zh"]
    kinds = {one["kind"] for one in document["statements"]}
    assert {"statement", "gwp-set", "field", "assumption"} <= kinds
    answer = load(pack / "answer.json")
    iris = {one["iri"] for one in document["statements"]}
    assert {one["iri"] for one in answer["provisional_reasons"]} <= iris
    assert {one["iri"] for step in answer["steps"] for one in step["clauses"]} <= iris
    graph = Graph().parse(pack / "statements.ttl", format="turtle")
    assert iris - {str(one) for one in graph.subjects()} <= {one for one in iris if "#" in one}


# What a hash finds.


@pytest.mark.parametrize("name", FILES)
def test_a_changed_digit_is_found_in_any_file(pack: Path, name: str) -> None:
    content = (pack / name).read_bytes()
    place = next(i for i in range(len(content) // 2, len(content)) if content[i : i + 1].isdigit())
    digit = b"7" if content[place : place + 1] != b"7" else b"8"
    (pack / name).write_bytes(content[:place] + digit + content[place + 1 :])
    assert "files" in failing(pack)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_found(pack: Path, name: str) -> None:
    (pack / name).unlink()
    assert "files" in failing(pack)


def test_an_added_file_is_found(pack: Path) -> None:
    (pack / "more.json").write_text("{}")
    assert failing(pack) == {"files"}


def test_an_added_folder_is_found(pack: Path) -> None:
    (pack / "more").mkdir()
    assert failing(pack) == {"files"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_in_place_of_a_file_is_found(pack: Path, tmp_path: Path) -> None:
    shutil.move(pack / "input.json", tmp_path / "elsewhere.json")
    (pack / "input.json").symlink_to(tmp_path / "elsewhere.json")
    assert "files" in failing(pack)


# What is found although the hashes were made to fit.


def _narrower(answer: Any) -> None:
    answer["assumed"]["high"] -= 0.01


def _bolder(answer: Any) -> None:
    answer["guaranteed"]["high"] = 4.0


def _firmer(answer: Any) -> None:
    answer["provisional"] = False


def _other_question(manifest: Any) -> None:
    manifest["question"]["to"] = "ISO:14067-2018"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (_narrower, {"interval", "answer"}),
        (_bolder, {"interval", "answer"}),
        (_firmer, {"answer"}),
    ],
)
def test_a_changed_answer_is_found_whatever_the_hashes(
    pack: Path, change: Callable[[Any], None], found: set[str]
) -> None:
    edit(pack / "answer.json", change)
    rehash(pack)
    assert failing(pack) >= found


def test_another_question_is_found(pack: Path) -> None:
    edit(pack / "manifest.json", _other_question)
    assert failing(pack) >= {"answer", "programs", "statements"}


def test_another_input_is_found(pack: Path) -> None:
    text = (pack / "input.json").read_text("utf-8")
    (pack / "input.json").write_text(text.replace("3.27", "3.28"), "utf-8")
    rehash(pack)
    assert failing(pack) >= {"answer", "programs"}


def test_a_row_of_another_inventory_is_found(pack: Path) -> None:
    """A program that is easier to bound, with certificates that hold for it."""

    def narrow(document: Any) -> None:
        for program in document["programs"]:
            program["columns"] = program["columns"][:1]

    edit(pack / "certificates.json", narrow)
    rehash(pack)
    document = load(pack / "certificates.json")
    assert certificates.intervals(document)
    assert "programs" in failing(pack)


def test_a_changed_multiplier_is_found(pack: Path) -> None:
    def change(document: Any) -> None:
        for scenario in document["intervals"]["assumed"]["scenarios"]:
            end = scenario["high"]
            row = next(iter(end["multipliers"]))
            end["multipliers"][row] = str(Fraction(end["multipliers"][row]) * Fraction(999, 1000))

    edit(pack / "certificates.json", change)
    rehash(pack)
    assert "certificates" in failing(pack)


def test_a_statement_left_out_is_found(pack: Path) -> None:
    edit(pack / "statements.json", lambda document: document["statements"].pop())
    rehash(pack)
    assert failing(pack) == {"statements"}


def test_a_firmer_statement_is_found(pack: Path) -> None:
    text = (pack / "statements.ttl").read_text("utf-8")
    (pack / "statements.ttl").write_text(text.replace("cw:presumed", "cw:read"), "utf-8")
    rehash(pack)
    assert failing(pack) >= {"statements"}


def test_provenance_of_other_files_is_found(pack: Path) -> None:
    text = (pack / "prov.ttl").read_text("utf-8")
    (pack / "prov.ttl").write_text(text.replace("sha-256;", "sha-256;A"), "utf-8")
    rehash(pack)
    assert "provenance" in failing(pack)


def test_broken_turtle_is_found(pack: Path) -> None:
    (pack / "prov.ttl").write_text("<a> <b> .", "utf-8")
    rehash(pack)
    assert "provenance" in failing(pack)


def test_a_contradiction_that_is_none_is_found(tmp_path: Path) -> None:
    answer = crosswalk.convert("examples/polyethylene-inconsistent.json", to="PACT:3.0")
    pack = evidence.write(answer, tmp_path / "pack")
    codes = {one.code: one.outcome for one in evidence.verify(pack).checks}
    assert codes["contradiction"] == "holds"

    def change(document: Any) -> None:
        for scenario in document["intervals"]["guaranteed"]["scenarios"]:
            scenario["refuted"] = {}

    edit(pack / "certificates.json", change)
    rehash(pack)
    assert failing(pack) >= {"certificates"}


def test_other_knowledge_is_said_and_certificates_still_count(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more/one.ttl").write_text(
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . <urn:x> rdfs:comment 'x' .", "utf-8"
    )
    found = evidence.verify(pack, knowledge=[tmp_path / "more"])
    outcome = {one.code: one.outcome for one in found.checks}
    assert (outcome["answer"], outcome["certificates"], found.holds) == ("skipped", "holds", True)
    edit(pack / "answer.json", _narrower)
    rehash(pack)
    assert failing(pack, knowledge=[tmp_path / "more"]) == {"interval", "provenance"}


def test_knowledge_that_was_added_is_named_again(tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "one.ttl").write_text(
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . <urn:x> rdfs:comment 'x' .", "utf-8"
    )
    answer = crosswalk.convert("examples/polyethylene.json", to="PACT:3.0", catalogue=crosswalk.load([more]))
    with pytest.raises(UsageError, match="--knowledge"):
        evidence.write(answer, tmp_path / "pack")
    pack = evidence.write(answer, tmp_path / "pack", knowledge=[more])
    outcome = {one.code: one.outcome for one in evidence.verify(pack, knowledge=[more]).checks}
    assert outcome["answer"] == "holds"


# Writing.


def test_nothing_is_written_where_something_is(pack: Path, tmp_path: Path) -> None:
    answer = crosswalk.convert("examples/polyethylene.json", to="PACT:3.0")
    with pytest.raises(UsageError):
        evidence.write(answer, pack)
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError):
        evidence.write(answer, tmp_path / "file")
    (tmp_path / "empty").mkdir()
    assert evidence.verify(evidence.write(answer, tmp_path / "empty")).holds


def test_an_answer_that_is_not_that_of_the_file_is_not_packed(tmp_path: Path) -> None:
    shutil.copy("examples/polyethylene.json", tmp_path / "a.json")
    answer = crosswalk.convert(tmp_path / "a.json", to="PACT:3.0")
    text = (tmp_path / "a.json").read_text("utf-8")
    (tmp_path / "a.json").write_text(text.replace("3.27", "3.28"), "utf-8")
    with pytest.raises(UsageError, match="another answer"):
        evidence.write(answer, tmp_path / "pack")
    assert not (tmp_path / "pack").exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.json"]


def test_a_payload_is_packed_with_its_digits(tmp_path: Path) -> None:
    payload = json.loads(Path("examples/polyethylene.json").read_text("utf-8"), parse_float=Decimal)
    answer = crosswalk.convert(payload, to="PACT:3.0")
    assert evidence.verify(evidence.write(answer, tmp_path / "pack")).holds


@pytest.mark.parametrize("as_of", ["2026-01-31", "2026-01-31T12:00:00+00:00"])
def test_a_time_is_stated_where_one_is_given(tmp_path: Path, as_of: str) -> None:
    answer = crosswalk.convert("examples/polyethylene.json", to="PACT:3.0")
    pack = evidence.write(answer, tmp_path / "pack", as_of=as_of)
    assert evidence.verify(pack).holds
    assert as_of in (pack / "prov.ttl").read_text("utf-8")
    with pytest.raises(UsageError):
        evidence.write(answer, tmp_path / "other", as_of="yesterday")


# Packs nobody should trust.


@pytest.mark.parametrize(
    "name",
    ["../input.json", "/etc/passwd", "a/b.json", "..", "manifest.json", "signature.json", "a\\b.json", "",
     "A.json", "input.json\n", "con", "x" * 300 + ".json"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(pack: Path, name: str) -> None:
    edit(pack / "manifest.json", lambda manifest: manifest["files"][0].update(name=name))
    with pytest.raises(InputError):
        evidence.verify(pack)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"[" * 100_000, b'{"format":"x"}', b"\xff\xfe", b'{"a":1,"a":2}',
     b'{"format":"crosswalk-evidence","version":1,"kind":"conversion"}', b'{"files":' + b"9" * 10_000 + b"}"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["manifest.json", "answer.json", "certificates.json", "statements.json"])
def test_broken_json_is_an_error_or_a_failed_check(pack: Path, name: str, content: bytes) -> None:
    (pack / name).write_bytes(content)
    if name == "manifest.json":
        with pytest.raises(InputError):
            evidence.verify(pack)
        return
    rehash(pack)
    assert failing(pack)


@pytest.mark.parametrize(
    "change",
    [
        {"files": "x"}, {"files": [1]}, {"files": [{"name": "input.json", "size": "1", "sha256": "x"}]},
        {"question": None}, {"question": {"to": 1}}, {"kind": "other"}, {"version": 2}, {"knowledge": None},
        {"as_of": 1}, {"files": [{"name": "input.json", "size": 1, "sha256": "x"}] * 2},
        {"files": [{"name": f"a{n}.json", "size": 1, "sha256": "x"} for n in range(100)]},
    ],
)  # fmt: skip
def test_wrong_types_in_the_manifest_are_errors(pack: Path, change: dict[str, Any]) -> None:
    edit(pack / "manifest.json", lambda manifest: manifest.update(change))
    with pytest.raises(InputError):
        evidence.verify(pack)


@pytest.mark.parametrize(
    "change",
    [
        {"guaranteed": 1}, {"guaranteed": {"low": "0", "high": None}}, {"assumed": []},
        {"guaranteed": {"low": True}},
    ],
)  # fmt: skip
def test_wrong_types_in_the_answer_fail(pack: Path, change: dict[str, Any]) -> None:
    edit(pack / "answer.json", lambda answer: answer.update(change))
    rehash(pack)
    assert "interval" in failing(pack)


@pytest.mark.parametrize(
    "question",
    [
        {"which": 7}, {"which": 0}, {"to": "NO:SUCH"}, {"set": ["x"]}, {"set": ["no.such=1"]},
        {"assume": ["x"]}, {"allow": ["x"]}, {"draws": -1}, {"tolerance": "x"},
        {"flips": ["total"]}, {"per": "furlong"},
        {"source": "NO:SUCH"}, {"against": "1"},
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_fails(pack: Path, question: dict[str, Any]) -> None:
    edit(pack / "manifest.json", lambda manifest: manifest["question"].update(question))
    assert "answer" in failing(pack)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_place_of_a_file_does_not_hang(pack: Path) -> None:
    (pack / "answer.json").unlink()
    os.mkfifo(pack / "answer.json")
    assert "files" in failing(pack)


def test_there_is_no_pack(tmp_path: Path) -> None:
    for where in (tmp_path / "none", Path("README.md"), tmp_path):
        with pytest.raises(InputError):
            evidence.verify(where)

"""Commands for the people who keep the knowledge: query, export, coverage."""

from __future__ import annotations

import ast
import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import crosswalk
from crosswalk.commands import names
from crosswalk.coverage import coverage
from tests.conftest import Done, Run

CODES = "SELECT ?code { ?r a cw:Regime ; skos:notation ?code } ORDER BY ?code"


def one_line(done: Done) -> bool:
    return done.err.count("\n") == 1 and done.err.startswith("crosswalk: ") and done.out == ""


# query


def test_a_table_shows_short_names(run: Run) -> None:
    done = run("query", "SELECT ?r { ?r skos:notation 'PACT:3.0' }")
    assert (done.code, done.err) == (0, "")
    assert "reg:PACT.3.0" in done.out
    assert "rows: 1" in done.out
    assert "行数：1" in run("query", "SELECT ?r { ?r skos:notation 'PACT:3.0' }", "--lang", "zh").out


def test_csv_and_json_hold_whole_names(run: Run) -> None:
    codes = [row["code"] for row in csv.DictReader(io.StringIO(run("query", CODES, "--format", "csv").out))]
    found = json.loads(run("query", CODES, "--format", "json").out)
    assert found["head"] == {"vars": ["code"]}
    assert [row["code"]["value"] for row in found["results"]["bindings"]] == codes
    assert codes == [one.code for one in crosswalk.regimes().regimes]
    unbound = "SELECT ?a ?n ?l { ?a skos:notation 'PACT:3.0' OPTIONAL { ?a cw:x ?n } ?a skos:prefLabel ?l }"
    rows = json.loads(run("query", unbound, "--format", "json").out)["results"]["bindings"]
    assert all("n" not in row and row["a"]["type"] == "uri" for row in rows)
    assert {row["l"]["xml:lang"] for row in rows} == {"en", "zh"}
    assert "https://w3id.org/" in run("query", unbound, "--format", "csv").out


def test_ask_is_yes_or_no(run: Run) -> None:
    yes, no = "ASK { reg:PACT.3.0 a cw:Regime }", "ASK { reg:PACT.3.0 a cw:Option }"
    assert run("query", yes).out == "yes\n"
    assert run("query", no, "--lang", "zh").out == "否\n"
    assert run("query", no).code == 0
    assert json.loads(run("query", yes, "--format", "json").out)["boolean"] is True
    assert run("query", no, "--format", "csv").out == "answer\nfalse\n"


def test_construct_writes_turtle(run: Run) -> None:
    made = "CONSTRUCT { ?r cw:code ?c ; cw:x [ cw:y 1 ] } { ?r a cw:Regime ; skos:notation ?c }"
    done = run("query", made, "--format", "turtle")
    assert done.out.startswith("@prefix cw:")
    assert 'reg:PACT.3.0 cw:code "PACT:3.0" ;\n    cw:x [ cw:y 1 ] .' in done.out
    assert done == run("query", made, "--format", "turtle")
    assert "subject" in run("query", made).out


def test_a_query_from_a_file_or_standard_input(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "codes.rq"
    file.write_text(CODES, "utf-8")
    expected = run("query", CODES, "--format", "csv").out
    assert run("query", "--file", str(file), "--format", "csv").out == expected
    assert run("query", "--file", "-", "--format", "csv", stdin=CODES.encode()).out == expected


def test_the_answer_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "codes.csv"
    assert run("query", CODES, "--format", "csv", "--out", str(target)) == Done(0, "", "")
    assert target.read_text("utf-8").startswith("code\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("SELEC ?x",),
        ("SELECT ?x { ?x a foo:bar }",),
        (),
        (CODES, "--file", "x.rq"),
        ("--file", "no-such.rq"),
        ("--file", "."),
        (CODES, "--format", "turtle"),
        ("ASK { ?s ?p ?o }", "--format", "turtle"),
        ("SELECT ?x { SERVICE <http://localhost:1/x> { ?x ?y ?z } }",),
        (CODES, "--out", "."),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_query_that_cannot_be_answered_is_one_line(run: Run, arguments: tuple[str, ...], lang: str) -> None:
    done = run("query", *arguments, "--lang", lang)
    assert done.code == 2
    assert one_line(done)


def test_a_query_file_that_is_no_text_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_bytes(b"\xff\xfe\x00")
    done = run("query", "--file", str(tmp_path / "bad.rq"))
    assert done.code == 2
    assert one_line(done)


def test_the_place_of_a_mistake_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "two.rq"
    file.write_text("SELECT ?x\n{ ?x oops }", "utf-8")
    assert f"{file}:2:" in run("query", "--file", str(file)).err


# export


@pytest.mark.parametrize("form", ["turtle", "nquads", "ntriples", "jsonld"])
def test_export_is_the_same_every_time(run: Run, tmp_path: Path, form: str) -> None:
    target = tmp_path / "all"
    done = run("export", "--format", form)
    assert (done.code, done.err) == (0, "")
    assert run("export", "--format", form, "--out", str(target)) == Done(0, "", "")
    assert target.read_text("utf-8") == done.out


def test_export_takes_further_knowledge(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text("<http://a/b> <http://a/c> 'mine' .", "utf-8")
    assert "mine.ttl> ." in run("export", "--format", "nquads", "--knowledge", str(tmp_path)).out


@pytest.mark.parametrize("command", ["query", "export", "coverage"])
def test_broken_knowledge_is_one_line(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "bad.ttl").write_text("no Turtle", "utf-8")
    more = (CODES,) if command == "query" else ()
    for folder in (tmp_path, tmp_path / "none"):
        done = run(command, *more, "--knowledge", str(folder))
        assert done.code == 1
        assert one_line(done)


# coverage


def test_coverage_counts_every_requirement() -> None:
    found = coverage()
    known = crosswalk.load()
    assert [one.code for one in found.regimes] == sorted(known.regimes)
    for one in found.regimes:
        said = known.regimes[one.code].requirements
        assert sum(one.counts.values()) == len(said) == len(one.cells)
        assert one.missing == len(known.dimensions) - len(said)
        assert {cell.evidence for cell in one.cells} == {k for k, v in one.counts.items() if v}
    assert len(found.to_frame()) == len(found.regimes) * len(found.dimensions)
    assert str(sum(found.counts.values())) in repr(found)


def test_coverage_in_every_form(run: Run) -> None:
    found = coverage()
    text, chinese = run("coverage"), run("coverage", "--lang", "zh")
    assert text.code == chinese.code == 0
    assert "● read in the text" in text.out
    assert "● 读自原文" in chinese.out
    rows = list(csv.DictReader(io.StringIO(run("coverage", "--format", "csv").out)))
    assert rows == found.to_rows()
    assert json.loads(run("coverage", "--format", "json").out)["counts"] == found.counts
    lines = run("coverage", "--format", "markdown").out.splitlines()
    table = [line for line in lines if line.startswith("| ")]
    assert len(table) == len(found.regimes) + 3 + len(found.dimensions) + 2
    assert len({line.count("|") for line in table[-len(found.dimensions) :]}) == 1


def test_a_requirement_that_is_missing_is_shown(run: Run, tmp_path: Path) -> None:
    turtle = """
        @prefix cw: <https://w3id.org/carbon-crosswalk/vocab#> .
        @prefix dcterms: <http://purl.org/dc/terms/> .
        @prefix reg: <https://w3id.org/carbon-crosswalk/regime/> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix src: <https://w3id.org/carbon-crosswalk/source#> .
        reg:AAA a cw:Regime ; skos:notation "A:A" ; skos:prefLabel "A"@en, "甲"@zh ; cw:authority "A" ;
            cw:edition "1" ; cw:status "current" ; dcterms:source src:S2 .
    """
    (tmp_path / "a.ttl").write_text(turtle, "utf-8")
    found = coverage(catalogue=crosswalk.load([tmp_path]))
    assert found.missing - coverage().missing == len(found.dimensions)
    rows = list(
        csv.DictReader(io.StringIO(run("coverage", "--format", "csv", "--knowledge", str(tmp_path)).out))
    )
    assert {row["evidence"] for row in rows if row["regime"] == "A:A"} == {""}
    assert " ·" in run("coverage", "--knowledge", str(tmp_path)).out


def test_a_page_is_renewed_between_its_markers(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# mine\n<!-- coverage: begin -->\nold\n<!-- coverage: end -->\nrest\n", "utf-8")
    assert run("coverage", "--write", str(page)) == Done(0, "", "")
    text = page.read_text("utf-8")
    assert text.startswith("# mine\n")
    assert text.endswith("<!-- coverage: end -->\nrest\n")
    assert "old" not in text
    assert run("coverage", "--format", "markdown").out in text


def test_a_page_without_markers_is_left_alone(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    for before in ("", "<!-- coverage: end -->\n<!-- coverage: begin -->\n"):
        page.write_text(before, "utf-8")
        done = run("coverage", "--write", str(page))
        assert done.code == 2
        assert one_line(done)
        assert page.read_text("utf-8") == before
    for arguments in (("--write", str(tmp_path / "none.md")), ("--write", str(page), "--out", "x")):
        done = run("coverage", *arguments)
        assert done.code == 2
        assert one_line(done)


# Commands that are files


def test_every_file_is_a_command_with_help(run: Run) -> None:
    shown = run("--help").out
    for name in names():
        assert f"\n  {name} " in shown
        assert run(name, "--help").code == 0


def test_what_is_no_file_is_no_command(run: Run) -> None:
    assert "_shared" not in run("--help").out
    assert run("_shared").code == 2


def test_a_command_loads_nothing_of_the_others() -> None:
    code = (
        "from crosswalk.cli import app\n"
        "app.main(['schema'], standalone_mode=False)\n"
        "import sys\n"
        "print([m for m in sys.modules if m.startswith('crosswalk.commands.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = ast.literal_eval(done.stdout.splitlines()[-1])
    assert "crosswalk.commands._shared" in loaded
    # What commands share begins with an underscore; the others are commands.
    assert [name for name in loaded if not name.rpartition(".")[2].startswith("_")] == []

"""The command line: exit codes, languages, files, and no traceback for what a user can cause."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crosswalk.commands._shared import language
from tests.conftest import Run

ROOT = Path(__file__).resolve().parents[1]
SPLIT = str(ROOT / "examples" / "polyethylene.json")
TOTAL = str(ROOT / "examples" / "polyethylene-total-only.json")
BROKEN = str(ROOT / "examples" / "polyethylene-inconsistent.json")


def one_line(text: str) -> bool:
    return text.count("\n") == 1 and text.startswith("crosswalk: ")


# Answers


def test_an_answer_exits_0(run: Run) -> None:
    done = run("convert", SPLIT, "--to", "PACT:3.0")
    assert (done.code, done.err) == (0, "")
    assert "GUARANTEED" in done.out


def test_a_refusal_exits_3_with_the_whole_report(run: Run) -> None:
    done = run("convert", TOTAL, "--to", "PACT:3.0")
    assert (done.code, done.err) == (3, "")
    assert "NO ANSWER" in done.out
    assert "Ask for" in done.out


def test_assumptions_make_an_answer(run: Run) -> None:
    done = run("convert", TOTAL, "--to", "PACT:3.0", "--assume", "fossil-polymer")
    assert done.code == 0
    assert "UNDER ASSUMPTIONS" in done.out


def test_an_inconsistent_file_exits_1_with_the_whole_report(run: Run) -> None:
    for command in (("convert", BROKEN, "--to", "PACT:3.0"), ("inspect", BROKEN)):
        done = run(*command)
        assert (done.code, done.err) == (1, "")
        assert "Contradictions" in done.out


def test_a_regime_is_found_by_name(run: Run) -> None:
    assert run("convert", SPLIT, "--to", "PACT 3.0", "--from", "GB/T 24067—2024").code == 0


@pytest.mark.parametrize(
    "command",
    [
        ("inspect", SPLIT),
        ("compare", "GBT:24067-2024", "PACT:3.0"),
        ("plan", "GBT:24067-2024", "PACT:3.0"),
        ("regimes",),
        ("regimes", "ISO:14067-2018"),
        ("profiles",),
    ],
)
def test_reports_in_both_forms_and_languages(run: Run, command: tuple[str, ...]) -> None:
    english, chinese = run(*command), run(*command, "--lang", "zh")
    assert english.code == chinese.code == 0
    assert english.out != chinese.out
    assert isinstance(json.loads(run(*command, "--format", "json").out), dict)


def test_lint_exits_1_where_it_finds_errors(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("this is no Turtle", "utf-8")
    done = run("lint", "--knowledge", str(tmp_path))
    assert done.code == 1
    assert "bad.ttl" in done.out
    found = json.loads(run("lint", "--knowledge", str(tmp_path), "--format", "json").out)
    assert found[0]["severity"] == "error"


CASE = """\
- case: {name}
  source: made up for this test
  file: {file}
  to: PACT:3.0
  expect: {{class: {expected}}}
"""


@pytest.mark.parametrize(("expected", "code", "word"), [("exact", 0, "pass"), ("bounded", 1, "FAIL")])
def test_verify_lists_cases(run: Run, tmp_path: Path, expected: str, code: int, word: str) -> None:
    text = CASE.format(name="polyethylene", file=SPLIT, expected=expected)
    (tmp_path / "case.yaml").write_text(text, "utf-8")
    done = run("verify", str(tmp_path))
    assert done.code == code
    assert f"{word}  case.yaml: polyethylene" in done.out
    assert json.loads(run("verify", str(tmp_path), "--format", "json").out)["counts"]["pass"] == 1 - code


def test_verify_without_a_folder_is_one_line(run: Run) -> None:
    done = run("verify", "no-such-folder")
    assert done.code == 2
    assert one_line(done.err)


def test_schema_is_a_json_schema(run: Run) -> None:
    assert "$schema" in json.loads(run("schema").out)


def test_version(run: Run) -> None:
    from importlib.metadata import version

    done = run("--version")
    assert done.code == 0
    assert done.out == f"crosswalk {version('carbon-crosswalk')}\n"


# JSON


KEYS = {
    "source",
    "target",
    "declared_unit",
    "class",
    "guaranteed",
    "assumed",
    "steps",
    "gaps",
    "inconsistencies",
    "open_options",
    "provisional",
    "provisional_reasons",
    "unused_fields",
    "knowledge",
}


@pytest.mark.parametrize("file", [SPLIT, TOTAL, BROKEN])
def test_json_has_every_key_whatever_the_answer(run: Run, file: str) -> None:
    found = json.loads(run("convert", file, "--to", "PACT:3.0", "--format", "json").out)
    assert set(found) >= KEYS
    assert set(found["knowledge"]) == {"version", "hash"}
    assert set(found["guaranteed"]) >= {"low", "high", "low_reason", "high_reason"}
    for step in found["steps"]:
        assert set(step) >= {"dimension", "from", "to", "operation", "class", "delta", "clauses", "evidence"}
    for reason in found["provisional_reasons"]:
        assert reason["evidence"] not in ("read", "secondary")


def test_json_is_the_same_every_time(run: Run) -> None:
    command = ("convert", TOTAL, "--to", "PACT:3.0", "--format", "json")
    assert run(*command).out == run(*command).out


def test_json_keeps_chinese_readable(run: Run) -> None:
    assert "温室气体" in run("convert", SPLIT, "--to", "PACT:3.0", "--format", "json").out


# Several footprints, standard input


def several(*footprints: Any) -> bytes:
    return json.dumps(list(footprints)).encode()


def example(path: str, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    return found | changes


def test_standard_input(run: Run) -> None:
    done = run("convert", "-", "--to", "PACT:3.0", stdin=Path(SPLIT).read_bytes())
    assert done.code == 0
    assert "stdin" in done.out


def test_a_mistake_in_one_footprint_is_one_line_though_it_holds_lists(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    text = Path(SPLIT).read_text("utf-8")
    for good, bad, field in (
        ('"total": "3.27"', '"total": "three"', "total"),
        ('"mass": "0.0110"', '"mass": "-0.0110"', "gases[1].mass"),
        ('"unit": "kg"', '"unit": "ton"', "declared_unit.unit"),
    ):
        assert good in text
        broken.write_text(text.replace(good, bad), "utf-8")
        done = run("convert", str(broken), "--to", "PACT:3.0")
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"crosswalk: {broken}: {field}: ")
        assert done.err.count("\n") == 1


def test_several_footprints_give_an_array_and_the_worst_code(run: Run) -> None:
    stdin = several(example(SPLIT), example(TOTAL))
    done = run("convert", "-", "--to", "PACT:3.0", "--format", "json", stdin=stdin)
    assert done.code == 3
    assert [one["answered"] for one in json.loads(done.out)] == [True, False]


def test_a_bad_footprint_costs_only_itself(run: Run) -> None:
    stdin = several(example(SPLIT), example(SPLIT, total="much"), example(SPLIT, regime=None))
    done = run("convert", "-", "--to", "PACT:3.0", "--format", "json", stdin=stdin)
    found = json.loads(done.out)
    assert done.code == 2
    assert found[0]["answered"] is True
    assert {"code", "where", "message"} == set(found[1]["error"])
    assert "stdin#2" in found[1]["error"]["where"]
    assert found[2]["error"]["code"] == "no-source-regime"
    assert len(done.err.splitlines()) == 2
    in_text = run("convert", "-", "--to", "PACT:3.0", stdin=stdin)
    assert in_text.out.count("GUARANTEED") == 1


# What a user can get wrong


@pytest.mark.parametrize(
    "command",
    [
        ("convert", "no-such-file.json", "--to", "PACT:3.0"),
        ("convert", str(ROOT), "--to", "PACT:3.0"),
        ("convert", SPLIT, "--to", "NO:SUCH"),
        ("convert", SPLIT, "--to", "PACT:3.0", "--from", "NO:SUCH"),
        ("convert", SPLIT, "--to", "PACT:3.0", "--assume", "no-such"),
        ("convert", SPLIT, "--to", "PACT:3.0", "--allow", "anything"),
        ("compare", "NO:SUCH", "PACT:3.0"),
        ("plan", "PACT:3.0", "NO:SUCH"),
        ("regimes", "NO:SUCH"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_errors_are_one_line_and_exit_2(run: Run, command: tuple[str, ...], lang: str) -> None:
    done = run(*command, "--lang", lang)
    assert (done.code, done.out) == (2, "")
    assert one_line(done.err)
    assert any("\u4e00" <= character <= "\u9fff" for character in done.err) == (lang == "zh")


def test_broken_input_is_one_line(run: Run) -> None:
    for stdin in (b"", b"{", b"\xff\xfe", b"[]", b"3", b'{"a": NaN}'):
        done = run("convert", "-", "--to", "PACT:3.0", stdin=stdin)
        assert done.code == 2, stdin
        assert one_line(done.err), stdin


@pytest.mark.parametrize(
    "command", [(), ("convert",), ("convert", SPLIT), ("no-such",), ("inspect", SPLIT, "--format", "xml")]
)
def test_wrong_usage_exits_2(run: Run, command: tuple[str, ...]) -> None:
    done = run(*command)
    assert done.code == 2
    assert "Traceback" not in done.err


def test_a_missing_knowledge_folder_is_one_line(run: Run) -> None:
    done = run("regimes", "--knowledge", "no-such-folder")
    assert done.code == 1
    assert one_line(done.err)


def test_the_language_is_that_of_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "由披露内容保证" in run("convert", SPLIT, "--to", "PACT:3.0").out
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "zh_TW.UTF-8")
    assert language() == "zh"
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert language() == "en"


# Assumptions of one's own


def test_assumptions_from_a_turtle_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text(
        """
        @prefix cw: <https://w3id.org/carbon-crosswalk/vocab#> .
        @prefix inv: <https://w3id.org/carbon-crosswalk/inventory#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix src: <https://w3id.org/carbon-crosswalk/source#> .
        @prefix dcterms: <http://purl.org/dc/terms/> .
        @prefix my: <https://example.org/> .
        my:profile a cw:Profile ; skos:notation "mine" ; skos:prefLabel "mine"@en, "我的"@zh .
        my:methane a cw:Assumption ; cw:profile my:profile ; skos:notation "mine.methane" ;
            skos:prefLabel "methane at most 1 %"@en, "甲烷不超过 1 %"@zh ;
            cw:on [ cw:gas inv:CH4 ] ; cw:shareAtMost 0.01 ;
            cw:clause "unknown" ; dcterms:source src:INFERENCE ; cw:evidence cw:inferred .
        """,
        "utf-8",
    )
    done = run("convert", TOTAL, "--to", "PACT:3.0", "--assume", str(file), "--format", "json")
    assert done.err == ""
    found = json.loads(done.out)
    assert [one["code"] for one in found["assumed"]["assumptions"]] == ["mine.methane"]


def test_a_turtle_file_without_a_profile_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "none.ttl"
    file.write_text("# nothing here\n", "utf-8")
    done = run("convert", TOTAL, "--to", "PACT:3.0", "--assume", str(file))
    assert done.code == 2
    assert one_line(done.err)


# Output


def test_out_writes_the_file_and_nothing_else(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    target.write_text("old", "utf-8")
    done = run("convert", SPLIT, "--to", "PACT:3.0", "--format", "json", "--out", str(target))
    assert (done.code, done.out) == (0, "")
    assert json.loads(target.read_text("utf-8"))["answered"] is True
    assert list(tmp_path.iterdir()) == [target]


def test_out_that_cannot_be_written_is_one_line(run: Run, tmp_path: Path) -> None:
    for target in (tmp_path, tmp_path / "no-such-folder" / "answer.json"):
        done = run("regimes", "--out", str(target))
        assert (done.code, done.out) == (2, "")
        assert one_line(done.err)


def test_out_keeps_the_old_file_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crosswalk.errors import UsageError
    from crosswalk.report.out import write

    target = tmp_path / "answer.txt"
    target.write_text("old", "utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UsageError, match="No space left"):
        write("new", str(target))
    assert target.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes like this on Windows")
def test_a_reader_that_leaves_is_no_error() -> None:
    program = (
        "import sys, crosswalk.cli as cli; sys.stdin.readline(); "
        f"cli.main(['inspect', {SPLIT!r}, '--format', 'json'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait() == 141


def test_an_interrupt_is_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crosswalk.regimes", interrupt)
    done = run("regimes")
    assert done.code == 130
    assert "Traceback" not in done.err

"""The commands: packs written beside answers, checked, and signed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

POLYETHYLENE = "examples/polyethylene.json"


def test_an_answer_leaves_its_evidence(run: Run, tmp_path: Path) -> None:
    pack = str(tmp_path / "pack")
    plain = run("convert", POLYETHYLENE, "--to", "PACT:3.0")
    done = run("convert", POLYETHYLENE, "--to", "PACT:3.0", "--evidence", pack)
    assert done == plain
    checked = run("evidence", "verify", pack)
    assert (checked.code, checked.err) == (0, "")
    assert checked.out.splitlines()[-1] == f"{pack}: everything that was checked holds"
    assert "not checked: not signed" in checked.out


def test_everything_asked_is_asked_again(run: Run, tmp_path: Path) -> None:
    pack = str(tmp_path / "pack")
    asked = ["--to", "PACT:3.0", "--assume", "fossil-polymer", "--allow", "estimated", "--per", "1 t",
             "--set", "gases[1].mass=0.0121", "--tolerance", "1%", "--against", "3.30±0.01",
             "--flip", "total=0..10", "--as-of", "2026-01-31"]  # fmt: skip
    run("convert", POLYETHYLENE, *asked, "--evidence", pack)
    question = json.loads(Path(pack, "manifest.json").read_text("utf-8"))["question"]
    assert question["set"] == ["gases[1].mass=0.0121"]
    assert question["flips"] == ["total=0..10"]
    checked = run("evidence", "verify", pack)
    assert checked.code == 0, checked.out
    assert "the answer is the same" in checked.out


def test_from_standard_input(run: Run, tmp_path: Path) -> None:
    content = Path(POLYETHYLENE).read_bytes()
    done = run("convert", "-", "--to", "PACT:3.0", "--evidence", str(tmp_path / "p"), stdin=content)
    assert done.code == 0
    assert (tmp_path / "p/input.json").read_bytes() == content
    assert run("evidence", "verify", str(tmp_path / "p")).code == 0


def test_several_footprints_have_a_folder_each(run: Run, tmp_path: Path) -> None:
    one = json.loads(Path(POLYETHYLENE).read_text("utf-8"))
    (tmp_path / "two.json").write_text(
        json.dumps([one, {**one, "total": {}}, {**one, "id": "other"}]), "utf-8"
    )
    done = run("convert", str(tmp_path / "two.json"), "--to", "PACT:3.0", "--evidence", str(tmp_path / "p"))
    assert done.code == 2
    assert sorted(one.name for one in (tmp_path / "p").iterdir()) == ["1", "3"]
    assert json.loads((tmp_path / "p/3/answer.json").read_text("utf-8"))["id"] == "other"
    assert run("evidence", "verify", str(tmp_path / "p/3")).code == 0


def test_sign_and_verify(run: Run, tmp_path: Path) -> None:
    made = run("evidence", "keygen", str(tmp_path / "key"))
    assert made.code == 0
    pack = str(tmp_path / "p")
    done = run(
        "convert", POLYETHYLENE, "--to", "PACT:3.0", "--evidence", pack, "--sign", str(tmp_path / "key")
    )
    assert done.code == 0
    checked = run("evidence", "verify", pack, "--key", made.out.strip())
    assert checked.code == 0
    assert f"signed with the key given: {made.out.strip()}" in checked.out
    assert run("evidence", "verify", pack, "--key", str(tmp_path / "key.pub")).code == 0


def test_what_does_not_hold_is_exit_code_1_in_both_languages(run: Run, tmp_path: Path) -> None:
    pack = tmp_path / "p"
    run("convert", POLYETHYLENE, "--to", "PACT:3.0", "--evidence", str(pack))
    text = (pack / "answer.json").read_text("utf-8")
    (pack / "answer.json").write_text(text.replace("3.287095", "3.288095"), "utf-8")
    done = run("evidence", "verify", str(pack))
    assert (done.code, done.err) == (1, "")
    assert "FAILS: answer.json: not the file that was packed" in done.out
    assert "FAILS: the answer states an end (guaranteed, low)" in done.out
    spoken = run("evidence", "verify", str(pack), "--lang", "zh")
    assert "不成立：answer.json：不是打包时的文件" in spoken.out
    told = json.loads(run("evidence", "verify", str(pack), "--format", "json").out)
    assert told["holds"] is False
    assert {one["code"] for one in told["checks"] if one["outcome"] == "fails"} == {
        "files",
        "interval",
        "answer",
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("evidence", "verify", "no/such/folder"),
        ("evidence", "verify", "examples"),
        ("convert", POLYETHYLENE, "--to", "PACT:3.0", "--evidence", "examples"),
        ("convert", POLYETHYLENE, "--to", "PACT:3.0", "--sign", "key"),
        ("convert", POLYETHYLENE, "--to", "PACT:3.0", "--as-of", "2026-01-01"),
    ],
)
def test_wrong_usage_is_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1


def test_a_key_that_is_none_is_said_before_anything_is_done(run: Run, tmp_path: Path) -> None:
    pack = tmp_path / "p"
    done = run("convert", POLYETHYLENE, "--to", "PACT:3.0", "--evidence", str(pack), "--sign", "README.md")
    assert (done.code, done.out) == (2, "")
    assert not pack.exists()

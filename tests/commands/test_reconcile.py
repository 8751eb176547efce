"""The command: exit codes, sentences, versions, pictures."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
OURS, THEIRS = str(EXAMPLES / "hdpe-ours.json"), str(EXAMPLES / "hdpe-theirs.json")
TOTAL = str(EXAMPLES / "polyethylene-total-only.json")
BROKEN = str(EXAMPLES / "polyethylene-inconsistent.json")


def changed(tmp_path: Path, file: str, **more: Any) -> str:
    """A copy of an example with some fields put in place of its own."""
    payload = {**json.loads(Path(file).read_text("utf-8")), **more}
    made = tmp_path / f"{len(list(tmp_path.iterdir()))}.json"
    made.write_text(json.dumps(payload), "utf-8")
    return str(made)


def test_an_answer_exits_0(run: Run) -> None:
    done = run("reconcile", OURS, THEIRS)
    assert (done.code, done.err) == (0, "")
    for title in (
        "DIFFERENCE",
        "EXPLAINED by method",
        "LEFT UNEXPLAINED",
        "Cautions",
        "by mass → by economic",
    ):
        assert title in done.out


def test_a_refusal_exits_3(run: Run, tmp_path: Path) -> None:
    other = changed(tmp_path, TOTAL, regime="PACT 3.0", total="3.40")
    done = run("reconcile", TOTAL, other)
    assert (done.code, done.err) == (3, "")
    assert "NO ANSWER" in done.out
    assert "[gas.other]" in done.out
    done = run("reconcile", TOTAL, changed(tmp_path, TOTAL, declared_unit="m3"))
    assert done.code == 3
    assert "measure different things" in done.out


def test_an_inconsistent_file_exits_1(run: Run) -> None:
    for files in ((BROKEN, OURS), (OURS, BROKEN), (BROKEN, BROKEN)):
        done = run("reconcile", *files)
        assert (done.code, done.err) == (1, "")
        assert "Contradictions" in done.out
        assert "CH4 fossil" in done.out


def test_wrong_usage_exits_2(run: Run, tmp_path: Path) -> None:
    for arguments, word in (
        ((), "FILE"),
        ((OURS,), "several footprints"),
        ((OURS, str(tmp_path / "none.json")), "none.json"),
        ((OURS, THEIRS, "--explain", "--format", "json"), "--explain"),
        ((OURS, THEIRS, "--assume", "nonsense"), "nonsense"),
        ((OURS, THEIRS, "--basis", "third"), "third"),
        ((OURS, THEIRS, "--plot", str(tmp_path / "bridge.txt")), ".png"),
        ((OURS, THEIRS, OURS, "--plot", str(tmp_path / "bridge.png")), "two files"),
    ):
        done = run("reconcile", *arguments)
        assert done.code == 2, arguments
        assert word in done.err
        assert "Traceback" not in done.err


def test_sentences_in_both_languages(run: Run) -> None:
    done = run("reconcile", OURS, THEIRS, "--explain")
    assert done.code == 0
    first, *rest = done.out.splitlines()
    assert first.startswith("2.31 is 0.27 below 2.58 (kg CO2e per kg): ")
    assert "because of capital goods" in first
    assert first.endswith("is left unexplained.")
    assert any("allocation among co-products" in line for line in rest)
    chinese = run("reconcile", OURS, THEIRS, "--explain", "--lang", "zh").out
    assert chinese.startswith("2.31 比 2.58 低 0.27")
    assert "未得到解释" in chinese


def test_json_is_the_same_for_the_same_files(run: Run) -> None:
    done = run("reconcile", OURS, THEIRS, "--format", "json")
    assert done.code == 0
    found = json.loads(done.out)
    assert done.out == run("reconcile", OURS, THEIRS, "--format", "json").out
    assert [share["dimension"] for share in found["shares"]] == ["capital-goods", "packaging", "gwp-set"]
    assert found["difference"]["exact"] == "-27/100"
    assert found["answered"] is True


def test_versions_are_compared_one_by_one(run: Run, tmp_path: Path) -> None:
    versions = [changed(tmp_path, THEIRS, total=total) for total in ("2310", "2290", "2350")]
    done = run("reconcile", *versions)
    assert (done.code, done.err) == (0, "")
    assert "Version 2 to 3" in done.out
    assert "First to last (version 1 to 3)" in done.out
    explained = run("reconcile", *versions, "--explain").out.splitlines()
    assert len(explained) == 3
    assert "2350 is 40 above 2310" in explained[-1]
    together = tmp_path / "all.json"
    together.write_text(json.dumps([json.loads(Path(one).read_text("utf-8")) for one in versions]), "utf-8")
    assert run("reconcile", str(together), "--explain").out.splitlines() == explained


def test_assumptions_and_equal_choices_are_asked_for(run: Run, tmp_path: Path) -> None:
    other = changed(tmp_path, TOTAL, total="3.40")
    assert run("reconcile", TOTAL, other).code == 3
    done = run("reconcile", TOTAL, other, "--same")
    assert done.code == 0
    assert "UNDER ASSUMPTIONS" in done.out
    assert "choices that both files leave open are the same" in done.out
    method = {**json.loads(Path(TOTAL).read_text("utf-8"))["method"], "gwp-set": "ar6-t715"}
    pact = changed(tmp_path, TOTAL, total="3.40", regime="PACT 3.0", method=method)
    assert run("reconcile", TOTAL, pact, "--assume", "fossil-polymer").code == 0


def test_the_basis_can_be_chosen(run: Run) -> None:
    done = run("reconcile", OURS, THEIRS, "--basis", "second")
    assert done.code == 3
    assert "as asked for" in done.out


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_a_picture_is_written(run: Run, tmp_path: Path, form: str) -> None:
    pytest.importorskip("matplotlib", reason="plots need the extra [plot]")
    path = tmp_path / f"bridge.{form}"
    assert run("reconcile", OURS, THEIRS, "--plot", str(path), "--lang", "zh").code == 0
    assert path.stat().st_size > 5000
    missing = tmp_path / "none" / f"bridge.{form}"
    assert run("reconcile", OURS, THEIRS, "--plot", str(missing)).code == 2


def test_a_picture_without_matplotlib_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = run("reconcile", OURS, THEIRS, "--plot", str(tmp_path / "bridge.png"))
    assert done.code == 2
    assert "pip install" in done.err

"""docs/knowledge.md tells the truth: its walk-through works, its matrix and its picture are current."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import crosswalk
from crosswalk import cli
from crosswalk.knowledge.load import _load

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "knowledge.md").read_text("utf-8")
#: Files to write and commands to run, in the order of the page.
STEPS = re.compile(
    r"<!-- file: (?P<file>[^ ]+) -->\n```turtle\n(?P<turtle>.*?)```|```console\n(?P<run>.*?)```", re.S
)


def steps() -> list[tuple[str, str]]:
    found = []
    for step in STEPS.finditer(PAGE):
        if step["file"]:
            found.append((step["file"], step["turtle"]))
        else:
            found += [("$", line[2:]) for line in step["run"].splitlines() if line.startswith("$ ")]
    return found


@pytest.mark.slow
def test_the_walk_through_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    shown: dict[str, list[str]] = {}
    for kind, text in steps():
        if kind != "$":
            Path(kind).parent.mkdir(parents=True, exist_ok=True)
            Path(kind).write_text(text, "utf-8")
            continue
        # Each command is a process of its own for whoever follows the page.
        _load.cache_clear()
        with pytest.raises(SystemExit) as exit_:
            cli.main(shlex.split(text)[1:])
        done = capsys.readouterr()
        assert (exit_.value.code, done.err) == (0, ""), text
        shown.setdefault(text, []).append(done.out)
    assert "no findings" in "".join(shown["crosswalk lint --knowledge contract/"])
    linted = shown["crosswalk lint --knowledge sector/"]
    assert len(linted) == 2
    for out in linted:
        assert out.count("[incomplete]") == 1
        assert "Findings: 1" in out
    assert all("PETG" in out for out in shown["crosswalk regimes HNPCIA:38-2024 --knowledge sector/"])
    assert "opt:boundary.cradle-to-gate" in "".join(out for outs in shown.values() for out in outs)
    assert Path("knowledge.nq").read_text("utf-8").count("HNPCIA.38-2024/boundary") >= 6


@pytest.mark.slow
def test_the_misspelling_of_the_page_is_found(tmp_path: Path) -> None:
    from crosswalk.knowledge.lint import lint

    for kind, text in steps():
        if kind.endswith(".ttl"):
            wrong = text.replace("opt:boundary.cradle-to-gate,", "opt:boundary.cradel-to-gate,")
            (tmp_path / Path(kind).name).write_text(wrong, "utf-8")
    (found,) = [one for one in lint([tmp_path]) if one.severity == "error"]
    assert found.rule == "dangling"
    assert "opt:boundary.cradle-to-gate" in found.fix.en


def test_matrix_and_picture_are_current() -> None:
    tool = [sys.executable, str(ROOT / "tools" / "build_docs.py"), "--check"]
    done = subprocess.run(tool, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_picture_names_every_class_in_two_languages() -> None:
    picture = ElementTree.fromstring((ROOT / "docs" / "vocabulary.svg").read_text("utf-8"))
    texts = {one.text for one in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"cw:Regime", "regime", "核算制度", "cw:permits", "cw:Selection"} <= texts


def test_files_named_exist() -> None:
    named = re.findall(r"`((?:ontologies|mappings|docs|tools)/[\w./-]*)`", PAGE)
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", PAGE) if "://" not in link]
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_evidence_class_is_explained() -> None:
    from typing import get_args

    from crosswalk.knowledge.records import EvidenceClass

    assert all(f"| `cw:{name}` |" in PAGE for name in get_args(EvidenceClass))


RECOGNITION = (ROOT / "docs" / "recognition.md").read_text("utf-8")


def test_what_the_page_on_recognition_names_is_there() -> None:
    from typing import get_args

    from crosswalk.results.recognition import Decision

    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", RECOGNITION)]
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    assert all(f"| `{name}` |" in RECOGNITION for name in get_args(Decision))
    known = crosswalk.load().recognition
    for level in known.levels.values():
        row = re.search(rf"^\| {level.rank} \| {re.escape(level.label.en)} \|", RECOGNITION, re.M)
        assert row, level.label.en
    for code in re.findall(r"`([A-Z]\d\d)`", RECOGNITION):
        assert code in known.rules


@pytest.mark.parametrize("command", re.findall(r"^\$ crosswalk (.*)$", RECOGNITION, re.M))
def test_its_commands_run(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as exit_:
        cli.main(shlex.split(command))
    done = capsys.readouterr()
    assert (exit_.value.code, done.err) == (0, "")
    assert done.out

"""README.md tells the truth: its commands run, and print what it shows."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from crosswalk import cli

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CONSOLE = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
LINES = [line[2:] for block in CONSOLE for line in block.splitlines() if line.startswith("$ ")]
COMMANDS = [line for line in LINES if line.startswith("crosswalk ")]
#: Looks through all knowledge, as ``make check`` does too.
LONG = "crosswalk lint"
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def expected(command: str) -> int:
    found = re.search(r"# exit code (\d)", command)
    return int(found[1]) if found else 0


@pytest.mark.parametrize(
    "command",
    [pytest.param(one, marks=pytest.mark.slow) if one.startswith(LONG) else one for one in COMMANDS],
)
def test_a_command_runs(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as exit_:
        cli.main(shlex.split(command, comments=True)[1:])
    assert exit_.value.code == expected(command)
    assert capsys.readouterr().out


def test_there_are_commands_of_every_kind() -> None:
    assert {expected(command) for command in COMMANDS} == {0, 1, 3}


def test_make_targets_exist() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = [line.split()[1] for line in LINES if line.startswith("make ")]
    assert named
    assert set(named) <= set(targets)


def test_the_output_shown_is_what_is_printed() -> None:
    tool = [sys.executable, str(ROOT / "tools" / "build_readme.py"), "--check"]
    done = subprocess.run(tool, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_python_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    for block in PYTHON:
        exec(compile(block, "README.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "PACT" in shown
    assert "dimension" in shown
    assert "low" in shown


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md"])
def test_files_named_exist(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    named = re.findall(r"`((?:ontologies|mappings|crosswalk|examples|tools)/[\w./-]*)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []

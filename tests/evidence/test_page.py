"""docs/evidence.md tells the truth: its check by hand works on its own, and prints what the page says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import crosswalk
from crosswalk import evidence
from tests.conftest import Run

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "evidence.md").read_text("utf-8")


def test_the_check_by_hand_works_without_us(tmp_path: Path) -> None:
    evidence.write(crosswalk.convert("examples/polyethylene.json", to="PACT:3.0"), tmp_path / "pack")
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "3.287095 3.293805", done.stderr
    assert f"this prints `{done.stdout.strip()}`" in PAGE


def test_what_the_page_shows_is_shown(run: Run, tmp_path: Path) -> None:
    pack = str(tmp_path / "pack")
    run("convert", "examples/polyethylene.json", "--to", "PACT:3.0", "--evidence", pack)
    shown = run("evidence", "verify", pack).out
    (text,) = re.findall(r"```text\n(.*?)\.\.\.\n```", PAGE, re.S)
    assert shown.startswith(text)


def test_every_file_of_a_pack_is_on_the_page(tmp_path: Path) -> None:
    pack = evidence.write(crosswalk.convert("examples/polyethylene.json", to="PACT:3.0"), tmp_path / "pack")
    assert all(f"`{one.name}`" in PAGE for one in pack.iterdir())
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", PAGE) if "://" not in link]
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    shutil.rmtree(pack)

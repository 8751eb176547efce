"""Packs to check and to tamper with: each test works on a copy of its own."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import crosswalk
from crosswalk import evidence

Rehash = Callable[[Path], None]


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack of an answer with both intervals."""
    answer = crosswalk.convert("examples/polyethylene.json", to="PACT:3.0", assume="fossil-polymer")
    return evidence.write(answer, tmp_path_factory.mktemp("packs") / "pack")


@pytest.fixture
def pack(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "pack"))


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack of an answer with both intervals and several scenarios."""
    answer = crosswalk.convert(
        "examples/polyethylene-total-only.json", to="PACT:3.0", assume="fossil-polymer"
    )
    return evidence.write(answer, tmp_path_factory.mktemp("packs") / "several")


def rehash(pack: Path) -> None:
    """Make the manifest fit the files, as whoever tampers would."""
    path = pack / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["files"] = [
        {
            "name": one.name,
            "size": one.stat().st_size,
            "sha256": hashlib.sha256(one.read_bytes()).hexdigest(),
        }
        for one in sorted(pack.iterdir())
        if one.name not in ("manifest.json", "signature.json")
    ]
    path.write_text(json.dumps(manifest), "utf-8")


def edit(path: Path, change: Callable[[Any], None]) -> None:
    payload = json.loads(path.read_text("utf-8"))
    change(payload)
    path.write_text(json.dumps(payload, ensure_ascii=False), "utf-8")


def failing(pack: Path, **asked: Any) -> set[str]:
    """The codes of the checks that fail."""
    found = evidence.verify(pack, **asked)
    failed = {one.code for one in found.checks if one.outcome == "fails"}
    assert found.holds == (not failed)
    return failed

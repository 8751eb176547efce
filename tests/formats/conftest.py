from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.load import load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture(scope="session")
def samples() -> Path:
    folder = ROOT.parent / "shared" / "samples" / "payloads" / "pact"
    if not folder.is_dir():
        pytest.skip("the published sample payloads are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def examples() -> Path:
    return ROOT / "examples"


def places(payload: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(payload, list):
        payload = dict(enumerate(payload))
    for key, value in payload.items() if isinstance(payload, dict) else ():
        found += places(value, (*path, key))
    return found


def replaced(payload: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(payload)
    target = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return changed

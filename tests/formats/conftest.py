from pathlib import Path

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

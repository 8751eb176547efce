"""Small made-up knowledge to test the loading of knowledge on, apart from the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.compile import compile_catalogue
from crosswalk.knowledge.index import Document, build
from crosswalk.knowledge.load import _load
from crosswalk.mappings import load as mappings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PREFIXES = "".join(
    line for line in (HERE / "base.ttl").read_text("utf-8").splitlines(True) if line.startswith("@prefix")
)


def _document(path: Path) -> Document:
    return Document(path.name, path.name, path.read_bytes())


@pytest.fixture
def base() -> list[Document]:
    """The vocabulary, the shapes and one well-formed thing of each kind."""
    real = [ROOT / "ontologies" / name for name in ("crosswalk.ttl", "shapes.ttl")]
    words = _document(ROOT / "ontologies" / "recognition.ttl")
    # The base has a few fields of its own: to check a hundred of them with every fault would take long.
    words = words._replace(content=words.content.partition(b"### Fields of a claim")[0])
    return [*map(_document, real), words, _document(HERE / "base.ttl")]


@pytest.fixture
def compiled(base: list[Document]) -> Callable[[str], Catalogue]:
    """Compile the base together with some more Turtle."""

    def compile_with(turtle: str = "") -> Catalogue:
        more = Document("more.ttl", "more.ttl", (PREFIXES + turtle).encode())
        return compile_catalogue(build([*base, more]), version="0", content_hash="")

    return compile_with


@pytest.fixture
def cache_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache of its own, and nothing remembered from other tests."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("CROSSWALK_CACHE", str(folder))
    _load.cache_clear()
    yield folder
    _load.cache_clear()


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: list[Document]) -> Iterator[Path]:
    """A package folder laid out as an installed wheel, with the small knowledge in it."""
    package = tmp_path / "site" / "crosswalk"
    ontologies = package / "_data" / "ontologies"
    ontologies.mkdir(parents=True)
    (package / "_data" / "mappings").mkdir()
    for document in base:
        (ontologies / document.name).write_bytes(document.content)
    monkeypatch.setattr("crosswalk.knowledge.load._PACKAGE", package)
    mappings._load.cache_clear()
    yield package
    mappings._load.cache_clear()

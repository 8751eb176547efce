"""Loading: an entry of its own in the cache, and nothing of it where a footprint is converted."""

import subprocess
import sys
from pathlib import Path

import pytest

from crosswalk.errors import KnowledgeError
from crosswalk.factors import load
from crosswalk.knowledge import cache


@pytest.fixture(autouse=True)
def _fresh() -> None:
    load._base.cache_clear()


def test_the_cache_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    first = load.load_factors()
    (entry,) = tmp_path.glob("*.factors")
    load._base.cache_clear()
    assert load.load_factors() == first
    entry.write_bytes(b"\0" * 100)
    load._base.cache_clear()
    assert load.load_factors() == first
    monkeypatch.setenv(cache.VARIABLE, "off")
    load._base.cache_clear()
    assert load.load_factors() == first


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError):
        load.load_factors(knowledge=[tmp_path / "none"])


@pytest.mark.parametrize(
    "text",
    [
        'place:x a cw:Place ; skos:prefLabel "x"@en .',
        'place:x a cw:Place ; skos:notation "x" ; skos:broader place:nowhere .',
        'qk:x a cw:QuantityKind ; skos:notation "x" .',
    ],
)
def test_broken_places_and_kinds_are_named(tmp_path: Path, text: str) -> None:
    prefixes = """@prefix cw: <https://w3id.org/carbon-crosswalk/vocab#> .
    @prefix place: <https://w3id.org/carbon-crosswalk/place/> .
    @prefix qk: <https://w3id.org/carbon-crosswalk/quantity-kind#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    """
    (tmp_path / "mine.ttl").write_text(prefixes + text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load.load_factors(knowledge=[tmp_path])
    assert "mine.ttl" in str(caught.value)


def test_a_conversion_reads_no_factor_table() -> None:
    program = (
        "import sys, crosswalk; crosswalk.convert('examples/polyethylene.json', to='PACT:3.0');"
        "print(*[name for name in sys.modules if name.startswith('crosswalk.factors')])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.split() == []

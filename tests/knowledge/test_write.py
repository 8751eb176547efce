"""Knowledge out: the same every time, and the same knowledge when read back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from crosswalk.knowledge.everything import all_documents
from crosswalk.knowledge.graph import from_index
from crosswalk.knowledge.index import Document, Index, build
from crosswalk.knowledge.query import file_iri
from crosswalk.knowledge.write import Form, export, turtle, written

# rdflib warns of its own use of what it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning:rdflib")

ROOT = Path(__file__).parents[2]
RDFLIB = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld"}
HARD = r"""
@prefix a: <http://a/> .
@prefix cw: <https://w3id.org/carbon-crosswalk/vocab#> .
a:s a:p "line\nbreak \"quoted\" back\\slash \t tab", 1, -2.50, 1e3, true, "x"@en-GB, "中文"@zh ;
    a:p ( 1 "two" [ a:q () ] ), [] .
a:s cw:odd "1"^^cw:odd  .
_:one a:next _:two . _:two a:next _:one .
_:shared a:is 1 . a:s a:r _:shared . a:t a:r _:shared .
_:list <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 .
a:u a:r _:list .
<http://a/with%20blank> cw:dot "." .
"""


@pytest.fixture
def hard(base: list[Document]) -> Index:
    return build([*base, Document("hard.ttl", "hard folder/hard.ttl", HARD.encode())])


@pytest.mark.parametrize("form", ["turtle", "ntriples", "jsonld"])
def test_it_reads_back_as_the_same_graph(form: Form, hard: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    # rdflib would respell 1e3 as 1000.0.
    monkeypatch.setattr("rdflib.NORMALIZE_LITERALS", False)
    again = Graph().parse(data=written(hard, form), format=RDFLIB[form])
    assert isomorphic(again, from_index(hard))


def test_named_graphs_are_files(hard: Index) -> None:
    text = written(hard, "nquads")
    dataset = Dataset()
    dataset.parse(data=text, format="nquads")
    names = {str(graph.identifier) for graph in dataset.graphs() if len(graph)}
    files = ("crosswalk.ttl", "recognition.ttl", "shapes.ttl", "base.ttl", "hard folder/hard.ttl")
    assert names == {file_iri(name) for name in files}
    assert file_iri("hard folder/hard.ttl").endswith("/hard%20folder/hard.ttl")


@pytest.mark.parametrize("form", ["ntriples", "nquads"])
def test_lines_are_sorted_and_single(form: Form, hard: Index) -> None:
    found = written(hard, form).splitlines()
    assert found == sorted(set(found))


def test_turtle_is_for_reading(hard: Index) -> None:
    text = written(hard, "turtle")
    assert "reg:R a cw:Regime ;" in text
    assert "cw:value 29.80" in text
    assert "sh:in ( cw:co2e cw:mass cw:carbon )" in text
    assert "_:" in text
    subjects = [line.split()[0] for line in text.splitlines() if line[:1] not in ("", " ", "@", "[", "_")]
    assert subjects[0].startswith("<http") or ":" in subjects[0]


def test_nothing_is_an_empty_text() -> None:
    assert turtle([]) == ""


@pytest.mark.slow
def test_all_knowledge_is_written(tmp_path: Path) -> None:
    index = build(all_documents())
    number = len(from_index(index))
    formats = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD}
    for form in ("turtle", "ntriples", "jsonld"):
        text = written(index, form)
        assert len({str(one) for one in parse(text.encode(), format=formats[form])}) == number


def test_further_folders_are_written_too(tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text("<http://a/b> <http://a/c> 'mine' .", "utf-8")
    assert '<http://a/b> <http://a/c> "mine" .' in export("ntriples", [tmp_path])


PROGRAM = """
import sys, hashlib
from crosswalk.knowledge.write import export
for form in ("turtle", "nquads", "jsonld"):
    print(hashlib.sha256(export(form).encode()).hexdigest())
"""


@pytest.mark.slow
def test_the_hash_seed_changes_nothing() -> None:
    def digests(seed: str) -> str:
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True
        )
        return done.stdout

    first = digests("1")
    assert first == digests("2")
    assert len(set(first.split())) == 3

"""The data themselves: products, scopes, dead codes; two engines and Python agree on the matches."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import Graph

from crosswalk.errors import KnowledgeError, UnknownNameError
from crosswalk.knowledge.cache import write_entry
from crosswalk.mappings import in_scope, load_mappings
from crosswalk.mappings.compile import iri_of
from crosswalk.mappings.load import _load
from crosswalk.mappings.rdf import add_mappings, turtle_documents
from crosswalk.mappings.records import Mappings

from .conftest import ROOT

HAN = re.compile("[一-鿿]")
KEY = ("HS", "CN", "CPC", "ISIC", "NACE")


def test_every_product_has_labels_a_unit_and_codes(mappings: Mappings) -> None:
    import crosswalk

    units = crosswalk.load().units
    found = Counter(row.subject for row in mappings.rows if row.object and not row.negated)
    assert len(mappings.products) == 77
    for code, product in mappings.products.items():
        assert product.label.en
        assert HAN.search(product.label.zh)
        assert product.units
        assert all(not units[unit].trap for unit in product.units)
        assert found[f"product:{code}"] >= 5
        assert product.sources


def test_every_property_has_basis_unit_and_source(mappings: Mappings) -> None:
    properties = [one for product in mappings.products.values() for one in product.properties]
    assert len(properties) > 40
    for one in properties:
        assert float(one.value) > 0
        assert one.condition.en
        assert HAN.search(one.condition.zh)
        assert set(one.sources) <= set(mappings.sources)


def test_every_product_stands_in_the_classifications_that_matter(mappings: Mappings) -> None:
    for code in mappings.products:
        own = [row for row in mappings.rows if row.subject == f"product:{code}" and row.object]
        names = {mappings.schemes[row.object.partition(":")[0]].classification for row in own}
        # CN has more than twenty leaves for crude steel; they are left out on purpose.
        assert names >= set(KEY) - ({"CN"} if code == "steel-semis" else set())


def test_every_row_is_sourced(mappings: Mappings) -> None:
    for row in mappings.rows:
        assert row.evidence
        assert row.sources
        assert set(row.sources) <= set(mappings.sources)


def test_editions_stand_in_the_iri(mappings: Mappings) -> None:
    for scheme in mappings.schemes.values():
        if scheme.classification != "CAS":
            assert scheme.edition.lstrip("0") in scheme.namespace.replace("nace2", "nace/2"), scheme.prefix


def test_tariff_codes_of_products_are_alive(mappings: Mappings) -> None:
    dead = {
        row.subject
        for row in mappings.rows
        if re.match(r"cn20\d\d:", row.subject) and row.object[:6] != "hs2022"
    }
    assert len(dead) == 24
    assert not dead & {row.object for row in mappings.rows}


def test_the_list_of_the_alliance_is_marked_assumed(mappings: Mappings) -> None:
    (one,) = mappings.collections
    assert one.assumed
    assert one.evidence == "inferred"
    assert set(one.members) <= set(mappings.products)


# Scope: rule 9


@pytest.mark.parametrize(
    ("code", "listed", "good"),
    [
        ("28141000", True, "Ammonia"),
        ("3102 10 19", True, "Urea"),
        ("31023010", True, "Mixed fertilisers"),
        ("31056000", False, None),
        ("25070080", True, "Calcined clays"),
        ("25070020", False, None),
        ("250700", None, None),
        ("3105", None, "Mixed fertilisers"),
        ("29012100", False, None),
        ("7204", False, None),
    ],
)
def test_scope_is_prefixes_with_exceptions(
    code: str, listed: bool | None, good: str | None, mappings: Mappings
) -> None:
    found = in_scope(code, mappings)
    assert found.listed is listed
    assert (found.good.en if found.good else None) == good
    assert (found.edition, found.rests_on) == ("2024-12-13", "CN 2024")


def test_a_scope_that_is_not_described(mappings: Mappings) -> None:
    with pytest.raises(UnknownNameError, match="CBAM"):
        in_scope("28141000", mappings, "UK-CBAM")


# RDF


QUERY = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?s ?o WHERE { ?s skos:%s ?o }
"""
CONFIDENT = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sssom: <https://w3id.org/sssom/>
SELECT ?s ?o WHERE {
  ?m a sssom:Mapping ; sssom:predicate_id skos:exactMatch ; sssom:subject_id ?s ; sssom:object_id ?o ;
     sssom:confidence ?c .
  FILTER NOT EXISTS { ?m sssom:predicate_modifier ?any }
  FILTER (?c >= 0.95)
}
"""


@pytest.fixture(scope="module")
def graph(mappings: Mappings) -> Graph:
    return add_mappings(Graph(), mappings)


@pytest.fixture(scope="module")
def store(mappings: Mappings) -> Store:
    found = Store()
    for document in turtle_documents(mappings):
        found.load(input=document.content, format=RdfFormat.TURTLE)
    return found


def pairs(engine: Graph | Store, query: str) -> set[tuple[str, str]]:
    if isinstance(engine, Graph):
        return {(str(row[0]), str(row[1])) for row in engine.query(query)}
    return {(row["s"].value, row["o"].value) for row in engine.query(query)}


@pytest.mark.parametrize("relation", ["exact", "broad", "narrow", "close"])
def test_sparql_and_python_agree(relation: str, mappings: Mappings, graph: Graph, store: Store) -> None:
    ours = {
        (iri_of(row.subject, mappings.schemes), iri_of(row.object, mappings.schemes))
        for row in mappings.rows
        if row.relation == relation and row.object and not row.negated
    }
    assert ours
    assert pairs(graph, QUERY % f"{relation}Match") == ours
    assert pairs(store, QUERY % f"{relation}Match") == ours


def test_sparql_and_python_agree_on_how_a_match_was_made(
    mappings: Mappings, graph: Graph, store: Store
) -> None:
    ours = {
        (iri_of(row.subject, mappings.schemes), iri_of(row.object, mappings.schemes))
        for row in mappings.rows
        if row.relation == "exact" and not row.negated and (row.confidence or 0) >= 0.95
    }
    assert pairs(graph, CONFIDENT) == ours
    assert pairs(store, CONFIDENT) == ours


# Loading


def test_convert_does_not_load_products() -> None:
    from crosswalk.knowledge import load

    folders = load._folders(())
    assert any("products/products.ttl" in one.name for one in load.knowledge_documents())
    program = (
        "import sys, crosswalk; crosswalk.convert('examples/polyethylene.json', to='PACT:3.0');"
        "print('crosswalk.mappings.load' in sys.modules, 'networkx' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]
    assert folders


def test_the_cache_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mappings: Mappings
) -> None:
    monkeypatch.setenv("CROSSWALK_CACHE", str(tmp_path))
    _load.cache_clear()
    first = load_mappings()
    (entry,) = tmp_path.glob("*.mappings")
    _load.cache_clear()
    assert load_mappings() == first == mappings
    for payload in (b"", b"\x93\x01\x02\x03"):
        write_entry(entry.name, payload)
        _load.cache_clear()
        assert load_mappings() == mappings
    _load.cache_clear()


def test_a_folder_of_ones_own_adds_rows(tmp_path: Path, mappings: Mappings) -> None:
    broken = Path(__file__).parent / "broken"
    (tmp_path / "note.ttl").write_text("# nothing more\n", "utf-8")
    (tmp_path / "own.sssom.tsv").write_bytes((broken / "well-formed.sssom.tsv").read_bytes())
    more = load_mappings([tmp_path])
    assert len(more.rows) == len(mappings.rows) + 2
    (tmp_path / "own.sssom.tsv").write_bytes((broken / "subject-empty.sssom.tsv").read_bytes())
    _load.cache_clear()
    with pytest.raises(KnowledgeError) as caught:
        load_mappings([tmp_path])
    assert "own.sssom.tsv:13" in str(caught.value)
    assert "subject_id" in str(caught.value)
    assert HAN.search(caught.value.message("zh"))


# The tool


def test_the_generated_file_is_that_of_the_tables() -> None:
    done = subprocess.run([sys.executable, "tools/build_products.py", "--check"], cwd=ROOT)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("table", "old", "new", "problem"),
    [
        ("products.csv", "\nethylene,", "\nEthylene,", "bad code"),
        ("products.csv", ",inferred,", ",guessed,", "unknown evidence"),
        ("properties.csv", ",45.52,", ",45;52,", "bad number"),
        ("collections.csv", ",ethylene,", ",ethyl,", "unknown product"),
        ("scopes.csv", ",in,", ",inside,", "must be in or out"),
        ("schemes.csv", "scheme,edition", "scheme,version", "the columns must be"),
        ("sources.csv", "cls-S2,", "cls-S1,", "stands already"),
    ],
)
def test_mistakes_in_the_tables_are_named(
    tmp_path: Path, table: str, old: str, new: str, problem: str
) -> None:
    for path in (ROOT / "ontologies" / "products").glob("*.csv"):
        text = path.read_text("utf-8")
        (tmp_path / path.name).write_text(text.replace(old, new, 1) if path.name == table else text, "utf-8")
    command = [sys.executable, "tools/build_products.py", "--folder", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert f"{table}:" in done.stderr
    assert problem in done.stderr
    assert not (tmp_path / "products.ttl").exists()

"""Questions the knowledge must answer, each put to two engines, which must agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store
from rdflib import Graph

from crosswalk.errors import InputError
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.everything import all_documents
from crosswalk.knowledge.graph import from_index
from crosswalk.knowledge.index import PREFIXES, Index, build, curie
from crosswalk.knowledge.load import load
from crosswalk.knowledge.query import Found, ask, store_of
from crosswalk.knowledge.records import FIRM

#: The questions people who keep the knowledge ask.
QUESTIONS = {
    "requirements of a regime weaker than secondary": """
        SELECT ?dimension ?evidence {
            ?q a cw:Requirement ; cw:regime/skos:notation "GBT:24067-2024" ;
               cw:dimension/skos:notation ?dimension ; cw:evidence/skos:notation ?evidence .
            FILTER(?evidence NOT IN ("read", "secondary"))
        }""",
    "regimes that permit an option": """
        SELECT DISTINCT ?regime {
            ?q a cw:Requirement ; cw:permits opt:capital-goods.excluded ; cw:regime/skos:notation ?regime .
        }""",
    "statements that rest on a source": """
        SELECT ?statement { ?statement dcterms:source src:S2 . FILTER(isIRI(?statement)) }""",
    "editions that were superseded": """
        SELECT ?old ?when ?new {
            ?d a cw:DatedStatement ; cw:event "superseded" ; cw:value ?when ;
               cw:about/skos:notation ?old ; cw:by/skos:notation ?new .
        }""",
    "factors of a gas across sets": """
        SELECT ?set ?origin (STR(?value) AS ?factor) {
            ?f a cw:Characterisation ; cw:gas/skos:notation "CH4" ;
               cw:gwpSet/skos:notation ?set ; cw:value ?value .
            OPTIONAL { ?f cw:origin/skos:notation ?origin }
            FILTER(?value = 28)
        }""",
    "requirements by evidence class": """
        SELECT ?class (COUNT(?q) AS ?number) {
            ?q a cw:Requirement ; cw:evidence/skos:notation ?class } GROUP BY ?class""",
    "Chinese names of regimes": """
        SELECT ?code ?name { ?r a cw:Regime ; skos:notation ?code ; skos:prefLabel ?name
            FILTER(LANG(?name) = "zh") }""",
    "codes of a product": """
        SELECT ?match ?code {
            ?p a cw:Product ; skos:notation "ethylene" ; ?match ?code .
            FILTER(STRSTARTS(STR(?match), CONCAT(STR(skos:), "broadMatch"))
                || STRSTARTS(STR(?match), CONCAT(STR(skos:), "exactMatch")))
        }""",
    "sets by horizon in years, an integer": """
        SELECT ?set { ?s a cw:GwpSet ; skos:notation ?set ; cw:horizon 100 }""",
}


@pytest.fixture(scope="module")
def index() -> Index:
    return build(all_documents())


@pytest.fixture(scope="module")
def graph(index: Index) -> Graph:
    return from_index(index)


@pytest.fixture(scope="module")
def store(index: Index) -> Store:
    return store_of(index)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def rows(found: Found) -> list[tuple[str, ...]]:
    return sorted(tuple("" if cell is None else cell.text for cell in row) for row in found.rows)


@pytest.mark.parametrize("name", QUESTIONS)
def test_two_engines_agree(name: str, graph: Graph, store: Store) -> None:
    ours = rows(ask(store, QUESTIONS[name]))
    theirs = sorted(
        tuple("" if cell is None else str(cell) for cell in row) for row in graph.query(QUESTIONS[name])
    )
    assert ours == theirs
    assert ours


def test_python_and_sparql_agree(store: Store, catalogue: Catalogue) -> None:
    weak = {
        (one.dimension, one.statement.evidence)
        for one in catalogue.regimes["GBT:24067-2024"].requirements.values()
        if one.statement.evidence not in FIRM
    }
    asked = rows(ask(store, QUESTIONS["requirements of a regime weaker than secondary"]))
    assert set(asked) == weak
    permitting = {
        code
        for code, regime in catalogue.regimes.items()
        if "capital-goods.excluded" in regime.requirements["capital-goods"].permits
    }
    assert {row[0] for row in rows(ask(store, QUESTIONS["regimes that permit an option"]))} == permitting


def test_pact_2_was_superseded_by_pact_3(store: Store) -> None:
    found = rows(ask(store, QUESTIONS["editions that were superseded"]))
    assert ("PACT:2.3", "2025-04-30", "PACT:3.0") in found


def test_every_file_is_a_graph(store: Store, index: Index) -> None:
    found = ask(store, "SELECT ?file { GRAPH ?file { reg:PACT.3.0 a cw:Regime } }")
    assert [curie(row[0].text) for row in found.rows if row[0]] == ["file:ontologies/regimes/PACT-3.0.ttl"]
    files = ask(store, "SELECT DISTINCT ?file { GRAPH ?file { ?s ?p ?o } }")
    assert len(files.rows) == len(
        {v.file for node in index.nodes.values() for values in node.values() for v in values}
    )


def test_a_truth_and_statements(store: Store) -> None:
    assert ask(store, "ASK { reg:PACT.3.0 a cw:Regime }").truth is True
    assert ask(store, "ASK { reg:PACT.3.0 a cw:Option }").truth is False
    made = ask(store, "CONSTRUCT { ?r cw:x [ cw:x ?n ] } { ?r a cw:Regime ; cw:edition ?n }")
    again = ask(store, "CONSTRUCT { ?r cw:x [ cw:x ?n ] } { ?r a cw:Regime ; cw:edition ?n }")
    assert made.kind == "construct"
    assert made == again


def test_answers_as_a_frame(store: Store) -> None:
    frame = ask(store, QUESTIONS["requirements by evidence class"]).to_frame()
    assert list(frame.columns) == ["class", "number"]
    assert frame["class"].is_unique


@pytest.mark.parametrize(
    ("sparql", "code", "place"),
    [
        ("SELECT ?x { ?x a foo:bar }", "query-prefix", "q:1:"),
        ("SELECT ?x\n{ ?x a cw:Regime", "query-ends", "q:2:17"),
        ("", "query-ends", "q:1:1"),
        ("INSERT DATA { reg:x a cw:Regime }", "query-syntax", "q:1:"),
        ("DELETE WHERE { ?s ?p ?o }", "query-syntax", "q:1:"),
        ("SELECT ?s { ?s ?p 1 } GROUP BY ?x", "query-ungrouped", "q:1:"),
        ("SELECT * { ?x <a b> ?y }", "query-syntax", "q:1:"),
        ("SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }", "query-failed", "q"),
    ],
)
def test_what_is_no_query_is_placed(store: Store, sparql: str, code: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        ask(store, sparql, where="q")
    assert caught.value.code == code
    assert caught.value.where.startswith(place)
    assert "\n" not in str(caught.value)


def test_a_prefix_of_ones_own_is_not_called_unknown(store: Store) -> None:
    sparql = 'PREFIX my: <http://my/>\nSELECT ?x { ?x a my:a, oops:b ; cw:x "not:this" }'
    with pytest.raises(InputError) as caught:
        ask(store, sparql)
    assert caught.value.values["name"] == "oops"


def test_names_with_dots_can_be_asked_for(store: Store) -> None:
    names = "VALUES ?r { reg:PACT.2.3 reg:PACT.3.0 } # reg:not.a.name"
    assert len(ask(store, f"SELECT ?r {{ {names}\n ?r a cw:Regime . }}").rows) == 2
    assert ask(store, "ASK { reg:PACT.3.0 a cw:Regime . }").truth
    text = ask(store, 'SELECT (?t AS ?u) { VALUES ?t { "a reg:x.y.z \\" <b.c.d> e:f.g.h" } }').rows[0][0]
    assert text is not None
    assert text.text == 'a reg:x.y.z " <b.c.d> e:f.g.h'
    with pytest.raises(InputError) as caught:
        ask(store, "ASK { reg:PACT.3.0 a ! }", where="q")
    assert caught.value.where == "q:1:22"


def test_our_prefixes_need_no_declaration(store: Store) -> None:
    for prefix in PREFIXES:
        ask(store, f"ASK {{ ?s a {prefix}:x }}")


def test_further_knowledge_can_be_asked(tmp_path: Path) -> None:
    from crosswalk.knowledge.query import query

    (tmp_path / "mine.ttl").write_text("<http://a/b> <http://a/c> 'mine' .", "utf-8")
    found = query("SELECT ?o { <http://a/b> ?p ?o }", [tmp_path])
    assert rows(found) == [("mine",)]

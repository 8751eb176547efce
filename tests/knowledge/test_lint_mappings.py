"""Each file in ``tests/mappings/broken`` has one fault; its first line says where it must be found."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosswalk.knowledge.index import Document, Index, build
from crosswalk.knowledge.lint import Finding
from crosswalk.knowledge.lint_mappings import lint_index, lint_mappings
from crosswalk.knowledge.load import knowledge_documents
from crosswalk.mappings.load import mapping_documents

BROKEN = sorted((Path(__file__).parents[1] / "mappings" / "broken").glob("*.sssom.tsv"))
#: Rows of the published list of what common tooling lets pass or only reports, and our case for each.
GAPS = {
    "well-formed row": "well-formed",
    "mapping_justification empty": "justification-empty",
    "confidence 1.7": "confidence-above-one",
    "mapping_cardinality = many": "cardinality-many",
    "subject_id empty": "subject-empty",
    "cardinality says 1:1 but subject has two exact objects": "cardinality-not-so",
    "unknown prefix": "prefix-unknown",
    "justification outside semapv": "justification-outside",
    "predicate skos:sortOfMatch (does not exist)": "predicate-unknown",
    "exactMatch and broadMatch for the same pair": "exact-and-broad",
    "extra column, with extension_definitions declared": "column-extension",
}


@pytest.fixture(scope="module")
def turtle() -> list[Document]:
    return knowledge_documents()


@pytest.fixture(scope="module")
def index(turtle: list[Document]) -> Index:
    return build(turtle)


def check(index: Index, *paths: Path) -> list[Finding]:
    sheets = [Document(path.name, path.name, path.read_bytes()) for path in paths]
    # One file does not give every product a code: that is another matter.
    return [one for one in lint_index(index, sheets) if one.rule != "product-code"]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name.partition(".")[0])
def test_one_fault_a_file(path: Path, index: Index) -> None:
    first = path.read_bytes().split(b"\n")[0].decode()
    rule, line, column = first.removeprefix("## expect: ").split(" ")
    found = check(index, path)
    if rule == "none":
        assert found == []
        return
    assert [(one.rule, one.file, one.subject) for one in found] == [(rule, f"{path.name}:{line}", column)]
    for text in (found[0].message, found[0].fix):
        assert text.en
        assert any("一" <= letter <= "鿿" for letter in text.zh)


def test_every_known_gap_of_common_tooling_has_a_case() -> None:
    assert {path.name.partition(".")[0] for path in BROKEN} >= set(GAPS.values())


def test_shapes_give_a_second_opinion(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twelfth gap: validation by SHACL, which common tooling does not implement."""
    monkeypatch.setattr("crosswalk.mappings.sssom._share", lambda _: True)
    path = next(path for path in BROKEN if path.name.startswith("confidence-above-one"))
    (found,) = check(index, path)
    assert found.rule == "sssom-shape"
    assert found.file.startswith(path.name)


def test_a_product_without_a_code_is_found(index: Index) -> None:
    found = lint_index(index, [])
    assert {one.rule for one in found} == {"product-code"}
    assert "product:ethylene" in {one.subject for one in found}


MORE = """
@prefix cw: <https://w3id.org/carbon-crosswalk/vocab#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix src: <https://w3id.org/carbon-crosswalk/source#> .
@prefix product: <https://w3id.org/carbon-crosswalk/product/> .
@prefix u: <https://w3id.org/carbon-crosswalk/unit#> .
"""


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        ("product-unit", "product:ethylene cw:declaredUnit u:ton ."),
        (
            "product-heating",
            "<https://example.org/p> a cw:ProductProperty ; cw:product product:ethylene ;"
            ' cw:quantity cw:gross-calorific-value ; cw:value "1.0"^^xsd:decimal ; cw:inUnit "MJ/kg" ;'
            ' cw:condition "a"@en, "一"@zh ; cw:clause "unknown" ; dcterms:source src:INFERENCE ;'
            " cw:evidence cw:inferred .",
        ),
        (
            "product-member",
            '<https://example.org/c> a skos:Collection ; skos:notation "c" ;'
            ' skos:prefLabel "c"@en, "列"@zh ; skos:member product:ethylene, product:nothing ;'
            ' cw:clause "unknown" ; dcterms:source src:INFERENCE ; cw:evidence cw:inferred .',
        ),
    ],
)
def test_faults_of_product_data(turtle: list[Document], rule: str, statement: str) -> None:
    more = Document("more.ttl", "more.ttl", (MORE + statement).encode())
    assert rule in {one.rule for one in lint_mappings([*turtle, more], mapping_documents())}


def test_two_files_with_one_name(index: Index) -> None:
    path = next(path for path in BROKEN if path.name.startswith("well-formed"))
    sheets = [Document(name, name, path.read_bytes()) for name in ("one", "two")]
    (found,) = [one for one in lint_index(index, sheets) if one.rule != "product-code"]
    assert (found.rule, found.file) == ("sssom-set-twice", "two:1")


def test_broken_turtle_is_the_business_of_others(turtle: list[Document]) -> None:
    assert lint_mappings([*turtle, Document("b.ttl", "b.ttl", b"not Turtle")], []) == []

"""Mappings as RDF: one match a row between the codes, and one ``sssom:Mapping`` that says how it was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from crosswalk.knowledge.index import CW, RDF, Document
from crosswalk.mappings.compile import iri_of
from crosswalk.mappings.records import Mapping, Mappings
from crosswalk.mappings.relations import Relation
from crosswalk.mappings.slots import BUILT_IN, NO_TERM

if TYPE_CHECKING:
    from rdflib import Graph

_SKOS, _SSSOM, _SEMAPV, _XSD = (BUILT_IN[name] for name in ("skos", "sssom", "semapv", "xsd"))
_PREDICATE: dict[Relation, str] = {
    "exact": "exactMatch",
    "close": "closeMatch",
    "broad": "broadMatch",
    "narrow": "narrowMatch",
    "overlap": "relatedMatch",
    "related": "relatedMatch",
}


class Triple(NamedTuple):
    """A statement; ``datatype`` is empty where the object is an IRI."""

    subject: str
    predicate: str
    object: str
    datatype: str = ""


def triples(row: Mapping, mappings: Mappings) -> Iterator[Triple]:
    """Yield the statements of a row.

    ``product:px skos:broadMatch cpc21:34110`` stands there as such, unless the row denies it; the node
    of the row, ``<set>#L<line>``, carries confidence, justification and evidence.
    """
    subject = iri_of(row.subject, mappings.schemes)
    object_ = iri_of(row.object, mappings.schemes) if row.object else NO_TERM
    predicate = _SKOS + _PREDICATE[row.relation]
    if row.object and not row.negated:
        yield Triple(subject, predicate, object_)
    node = f"{row.set}#L{row.line}"
    yield Triple(node, RDF + "type", _SSSOM + "Mapping")
    yield Triple(node, _SSSOM + "subject_id", subject)
    yield Triple(node, _SSSOM + "predicate_id", predicate)
    yield Triple(node, _SSSOM + "object_id", object_)
    how = _SEMAPV + row.justification.removeprefix("semapv:")
    yield Triple(node, _SSSOM + "mapping_justification", how)
    yield Triple(node, CW + "evidence", CW + row.evidence)
    if row.negated:
        yield Triple(node, _SSSOM + "predicate_modifier", _SSSOM + "NegatedPredicate")
    if row.confidence is not None:
        yield Triple(node, _SSSOM + "confidence", str(row.confidence), _XSD + "decimal")


def turtle_documents(mappings: Mappings) -> list[Document]:
    """Return the mappings as Turtle, a document for each mapping set, to query beside the knowledge."""
    texts: dict[str, list[str]] = {name: [] for name in mappings.sets}
    for row in mappings.rows:
        for one in triples(row, mappings):
            object_ = f'"{one.object}"^^<{one.datatype}>' if one.datatype else f"<{one.object}>"
            texts[row.set].append(f"<{one.subject}> <{one.predicate}> {object_} .\n")
    return [
        Document(f"mappings/{name}", mappings.sets[name].file, "".join(lines).encode())
        for name, lines in texts.items()
    ]


def add_mappings(graph: Graph, mappings: Mappings) -> Graph:
    """Add every row to an rdflib graph, and return it; see :func:`triples`."""
    from rdflib import Literal, URIRef

    graph.bind("sssom", _SSSOM)
    graph.bind("semapv", _SEMAPV)
    for scheme in mappings.schemes.values():
        graph.bind(scheme.prefix, scheme.namespace)
    for row in mappings.rows:
        for one in triples(row, mappings):
            datatype = URIRef(one.datatype)
            object_ = Literal(one.object, datatype=datatype) if one.datatype else URIRef(one.object)
            graph.add((URIRef(one.subject), URIRef(one.predicate), object_))
    return graph

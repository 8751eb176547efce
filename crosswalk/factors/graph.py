"""The factors as an rdflib graph, made when asked for: they stay knowledge that people can query."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from crosswalk.factors.load import load_factors, turtle
from crosswalk.factors.records import Factor
from crosswalk.knowledge.index import BASE, CW, DCTERMS, PREFIXES, RDFS, SKOS, TYPE, build

if TYPE_CHECKING:
    from rdflib import Graph, Literal, URIRef

#: What may stand as an IRI; a table of one's own may have anything in its column for addresses.
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
#: Namespaces of what only factors need.
NAMESPACES = {
    "bnd": BASE + "boundary#",
    "factor": BASE + "factor/",
    "place": BASE + "place/",
    "qk": BASE + "quantity-kind#",
}


def graph(
    tables: Sequence[str | os.PathLike[str]] = (), knowledge: Sequence[str | os.PathLike[str]] = ()
) -> Graph:
    """Return a new rdflib graph of all factors with their places, kinds and boundaries.

    Takes the same tables and folders as :func:`crosswalk.factors.load.load_factors` and raises the same.
    """
    from rdflib import URIRef

    from crosswalk.knowledge.graph import from_index

    base = load_factors(tables, knowledge)
    result = from_index(build(turtle(knowledge)))
    for prefix, namespace in NAMESPACES.items():
        result.bind(prefix, namespace)
    for one in base.factors:
        subject = URIRef(NAMESPACES["factor"] + quote(one.code, safe=""))
        for predicate, term in _statements(one):
            result.add((subject, URIRef(predicate), term))
    return result


def _statements(one: Factor) -> Iterator[tuple[str, URIRef | Literal]]:
    from rdflib import Literal, URIRef

    def concept(space: str, code: str) -> URIRef:
        return URIRef({**NAMESPACES, **PREFIXES}[space] + quote(code, safe="-.()"))

    def number(text: str) -> Literal:
        return Literal(text, datatype=URIRef(PREFIXES["xsd"] + "decimal"), normalize=False)

    yield TYPE, URIRef(CW + "Factor")
    yield SKOS + "notation", Literal(one.code)
    yield SKOS + "prefLabel", Literal(one.label.en, lang="en")
    yield SKOS + "prefLabel", Literal(one.label.zh, lang="zh")
    yield CW + "quantityKind", concept("qk", one.kind)
    yield CW + "subject", Literal(one.subject)
    yield CW + "place", concept("place", one.place)
    yield CW + "year", Literal(one.year)
    yield CW + "value", number(one.value)
    for name, text in (("low", one.low), ("high", one.high)):
        if text:
            yield CW + name, number(text)
    yield CW + "factorUnit", Literal(one.unit)
    if one.gas not in ("", "C"):
        yield CW + "gas", concept("inv", one.gas)
    if one.origin not in ("", "unknown"):
        yield CW + "origin", concept("inv", one.origin)
    if one.gwp_set not in ("", "unknown"):
        yield CW + "gwpSet", concept("gwp", one.gwp_set)
    yield CW + "factorBoundary", concept("bnd", one.boundary)
    yield CW + "series", Literal(one.series)
    yield CW + "clause", Literal(one.clause)
    yield CW + "evidence", concept("cw", one.evidence)
    yield CW + "byDefault", Literal(one.default)
    yield DCTERMS + "source", Literal(one.source)
    for name, text in (("license", one.licence),):
        if text:
            yield DCTERMS + name, Literal(text)
    if one.note is not None:
        yield RDFS + "comment", Literal(one.note.en, lang="en")
        yield RDFS + "comment", Literal(one.note.zh, lang="zh")
    if _IRI.fullmatch(one.url):
        yield RDFS + "seeAlso", URIRef(one.url)
    for name, text in (("validFrom", one.valid_from), ("validTo", one.valid_to)):
        if text:
            yield CW + name, Literal(text, datatype=URIRef(PREFIXES["xsd"] + "date"))

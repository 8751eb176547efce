"""Rules as the SHACL shapes they are: one graph for any SHACL processor, as written or lenient.

This is what the compiled rules of :mod:`crosswalk.recognition.expressions` are held against: a claim passes
the demand of a rule if it conforms as written, fails it if it does not conform in the lenient reading, where
nothing has to be stated (every ``sh:minCount`` is taken away), and is unknown between the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from crosswalk.knowledge.index import BASE, CW, SH

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

CLAIM = BASE + "claim#"
#: The class of claims, which the shapes target.
CLAIM_CLASS = CLAIM + "Claim"
#: The parts of a rule, and what the name of its shape ends in.
PARTS = ("when", "requires")


def shapes_of_rules(knowledge: Graph, rules: Iterable[str], *, lenient: bool = False) -> Graph:
    """Return the shapes of ``rules`` (IRIs) in ``knowledge``, each named and aimed at the class of claims.

    The shape of ``<rule>`` is ``<rule>/requires``, and ``<rule>/when`` where there is one. ``lenient`` leaves
    out every ``sh:minCount``.

    >>> from rdflib import Graph
    >>> turtle = '''@prefix cw: <https://w3id.org/carbon-crosswalk/vocab#> .
    ... @prefix sh: <http://www.w3.org/ns/shacl#> .
    ... <urn:r> cw:requires [ sh:property [ sh:path <urn:p> ; sh:minCount 1 ; sh:in ( "a" ) ] ] .'''
    >>> found = shapes_of_rules(Graph().parse(data=turtle), ["urn:r"], lenient=True)
    >>> sorted({str(one) for one in found.subjects() if "urn" in one}), len(found)
    (['urn:r/requires'], 8)
    """
    from rdflib import Graph, URIRef
    from rdflib.namespace import RDF

    result = Graph(bind_namespaces="none")
    skipped = URIRef(SH + "minCount") if lenient else None
    followed = {URIRef(SH + name) for name in ("property", "and", "or", "not", "in")} | {RDF.first, RDF.rest}
    seen: set[Node] = set()

    def copy(start: Node) -> None:
        todo = [start]
        while todo:
            subject = todo.pop()
            if subject in seen:
                continue
            seen.add(subject)
            for _, predicate, value in knowledge.triples((subject, None, None)):
                if predicate != skipped:
                    result.add((subject, predicate, value))
                if predicate in followed:
                    todo.append(value)

    for rule in rules:
        for part in PARTS:
            for shape in knowledge.objects(URIRef(rule), URIRef(CW + part)):
                outer = URIRef(f"{rule}/{part}")
                result.add((outer, RDF.type, URIRef(SH + "NodeShape")))
                result.add((outer, URIRef(SH + "targetClass"), URIRef(CLAIM_CLASS)))
                result.add((outer, URIRef(SH + "node"), shape))
                copy(shape)
    return result


def violations(claims: Graph, shapes: Graph) -> frozenset[tuple[str, str]]:
    """Return which claim does not conform to which named shape, by pySHACL: pairs of IRIs."""
    import pyshacl
    from rdflib import URIRef

    answer: tuple[bool, Any, str] = pyshacl.validate(
        claims, shacl_graph=shapes, inference="none", advanced=False, inplace=True
    )
    report = answer[1]
    # Only what the report lists: what is nested (sh:detail) explains, it is no finding of its own.
    return frozenset(
        (str(report.value(one, URIRef(SH + "focusNode"))), str(report.value(one, URIRef(SH + "sourceShape"))))
        for one in report.objects(None, URIRef(SH + "result"))
    )

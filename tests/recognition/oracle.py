"""What pySHACL says of claims and rules, and conditions as SHACL: independent of the compiled form."""

from __future__ import annotations

import polars as pl
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import XSD
from rdflib.term import Node

from crosswalk.knowledge.recognition import AllOf, ClaimField, Condition, Rule, Test
from crosswalk.recognition.shapes import CLAIM_CLASS, shapes_of_rules, violations

CW = Namespace("https://w3id.org/carbon-crosswalk/vocab#")
SH = Namespace("http://www.w3.org/ns/shacl#")
DATATYPES = {
    "decimal": XSD.decimal,
    "share": XSD.decimal,
    "integer": XSD.integer,
    "boolean": XSD.boolean,
    "date": XSD.date,
}
CONSTRAINTS = {
    "at-least": SH.minInclusive,
    "at-most": SH.maxInclusive,
    "above": SH.minExclusive,
    "below": SH.maxExclusive,
}
PAIRS = {"below": SH.lessThan, "at-most": SH.lessThanOrEquals}


def literal(field: ClaimField, text: str) -> Literal:
    return Literal(text, datatype=DATATYPES.get(field.kind), normalize=False)


def claims_graph(claims: list[dict[str, list[str]]], fields: dict[str, ClaimField]) -> Graph:
    graph = Graph()
    for number, claim in enumerate(claims):
        node = URIRef(f"urn:claim:{number}")
        graph.add((node, RDF.type, URIRef(CLAIM_CLASS)))
        for code, values in claim.items():
            for text in values:
                graph.add((node, URIRef(fields[code].iri), literal(fields[code], text)))
    return graph


def rules_graph(rules: list[Rule], fields: dict[str, ClaimField]) -> Graph:
    """The rules as the Turtle of a pack would state them."""
    graph = Graph()
    for rule in rules:
        for predicate, part in ((CW.when, rule.when), (CW.requires, rule.requires)):
            if part is not None:
                graph.add((URIRef(rule.iri), predicate, shape(graph, part, fields)))
    return graph


def shape(graph: Graph, condition: Condition, fields: dict[str, ClaimField]) -> Node:
    node = BNode()
    if isinstance(condition, Test):
        graph.add((node, SH.property, property_shape(graph, condition, fields)))
        return node
    parts = Collection(graph, BNode(), [shape(graph, part, fields) for part in condition.of])
    graph.add((node, SH["and"] if isinstance(condition, AllOf) else SH["or"], parts.uri))
    return node


def property_shape(graph: Graph, test: Test, fields: dict[str, ClaimField]) -> Node:
    node, field = BNode(), fields[test.field]
    graph.add((node, SH.path, URIRef(field.iri)))
    if test.required:
        graph.add((node, SH.minCount, Literal(1)))
    if test.other is not None:
        graph.add((node, PAIRS[test.operator], URIRef(fields[test.other].iri)))
    elif test.operator in ("in", "not-in"):
        listed = Collection(graph, BNode(), [literal(field, value) for value in test.values]).uri
        if test.operator == "in":
            graph.add((node, SH["in"], listed))
        else:
            none_of = BNode()
            graph.add((none_of, SH["in"], listed))
            graph.add((node, SH["not"], none_of))
    elif test.operator == "matches":
        graph.add((node, SH.pattern, Literal(test.values[0])))
    elif test.operator != "stated":
        graph.add((node, CONSTRAINTS[test.operator], literal(field, test.values[0])))
    return node


def outcomes(
    claims: list[dict[str, list[str]]],
    rules: list[Rule],
    fields: dict[str, ClaimField],
    knowledge: Graph,
) -> pl.DataFrame:
    """Outcomes by pySHACL, claim by claim: 0 not applicable, 1 pass, 2 unknown, 3 fail."""
    graph = claims_graph(claims, fields)
    iris = [rule.iri for rule in rules]
    strict = violations(graph, shapes_of_rules(knowledge, iris))
    lenient = violations(graph, shapes_of_rules(knowledge, iris, lenient=True))

    def kleene(claim: int, iri: str) -> bool | None:
        pair = (f"urn:claim:{claim}", iri)
        assert not (pair in lenient and pair not in strict)
        return True if pair not in strict else False if pair in lenient else None

    def outcome(claim: int, rule: Rule) -> int:
        when = True if rule.when is None else kleene(claim, f"{rule.iri}/when")
        holds = kleene(claim, f"{rule.iri}/requires")
        if when is False:
            return 0
        if holds is True:
            return 1
        return 3 if when is True and holds is False else 2

    found = {rule.code: [outcome(claim, rule) for claim in range(len(claims))] for rule in rules}
    return pl.DataFrame(found, schema={rule.code: pl.UInt8 for rule in rules})


def chunks(total: int, size: int) -> list[tuple[int, int]]:
    return [(start, min(size, total - start)) for start in range(0, total, size)]

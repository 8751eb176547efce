"""Claims as RDF and rules as shapes, so that any SHACL processor can put the ones to the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crosswalk.knowledge.index import BASE, PREFIXES, TYPE, Value
from crosswalk.knowledge.recognition import ClaimField, Rule
from crosswalk.knowledge.write import Triple, turtle
from crosswalk.recognition.shapes import CLAIM_CLASS, shapes_of_rules, violations

if TYPE_CHECKING:
    import polars as pl
    from rdflib import Graph

_XSD = PREFIXES["xsd"]
_DATATYPES = {
    "decimal": _XSD + "decimal",
    "share": _XSD + "decimal",
    "integer": _XSD + "integer",
    "boolean": _XSD + "boolean",
    "date": _XSD + "date",
}
#: Outcomes of a rule by their codes.
OUTCOMES = ("not-applicable", "pass", "unknown", "fail")


def claim_iri(row: int) -> str:
    """Return the name of a claim in ``claims.ttl``.

    >>> claim_iri(3)
    'https://w3id.org/carbon-crosswalk/evidence/claim/3'
    """
    return f"{BASE}evidence/claim/{row}"


def claims_turtle(rows: Sequence[int], claims: pl.DataFrame, fields: Mapping[str, ClaimField]) -> str:
    """Return claims, with all facts that were worked out, as Turtle; ``rows`` are their numbers."""
    known = {name: fields[name] for name in claims.columns if name in fields}
    found: list[Triple] = []
    for row, claim in zip(rows, claims.select(list(known)).iter_rows(named=True), strict=True):
        iri = claim_iri(row)
        found.append((iri, TYPE, Value(CLAIM_CLASS, True, "", "", "")))
        for name, value in claim.items():
            for one in value if isinstance(value, list) else [value]:
                if one is not None:
                    datatype = _DATATYPES.get(known[name].kind, "")
                    found.append((iri, known[name].iri, Value(_spelled(one), False, "", datatype, "")))
    return turtle(found)


def _spelled(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text if "." in text else f"{text}.0"
    return value.isoformat() if isinstance(value, date) else str(value)


def shapes_turtle(knowledge: Graph, rules: Iterable[Rule], *, lenient: bool) -> str:
    """Return the shapes of rules as Turtle; see :func:`crosswalk.recognition.shapes.shapes_of_rules`."""
    from rdflib import BNode, Literal

    graph = shapes_of_rules(knowledge, [rule.iri for rule in rules], lenient=lenient)
    found: list[Triple] = []
    for subject, predicate, value in graph:
        name = f"_:{subject}" if isinstance(subject, BNode) else str(subject)
        if isinstance(value, Literal):
            datatype = "" if value.datatype is None else str(value.datatype)
            made = Value(str(value), False, value.language or "", datatype, "")
        else:
            made = Value(f"_:{value}" if isinstance(value, BNode) else str(value), True, "", "", "")
        found.append((name, str(predicate), made))
    return turtle(found)


def outcomes_by_shacl(
    claims: Graph, strict: Graph, lenient: Graph, rows: Sequence[int], rules: Mapping[str, str]
) -> dict[int, dict[str, str]]:
    """Return the outcome of every rule (its IRI by its code) for every claim, by pySHACL alone.

    A claim passes what it conforms to as written, and fails what it does not conform to even where nothing
    has to be stated.
    """
    from rdflib import URIRef

    wrong, worst = violations(claims, strict), violations(claims, lenient)
    conditional = {iri for iri in rules.values() if (URIRef(f"{iri}/when"), None, None) in strict}

    def holds(claim: str, shape: str) -> bool | None:
        return True if (claim, shape) not in wrong else False if (claim, shape) in worst else None

    def outcome(claim: str, iri: str) -> str:
        when = holds(claim, f"{iri}/when") if iri in conditional else True
        demand = holds(claim, f"{iri}/requires")
        if when is False:
            return "not-applicable"
        if demand is True:
            return "pass"
        return "fail" if when is True and demand is False else "unknown"

    return {row: {code: outcome(claim_iri(row), iri) for code, iri in rules.items()} for row in rows}

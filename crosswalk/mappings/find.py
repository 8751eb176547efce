"""A product by any of its names or codes, with its codes in every classification."""

from __future__ import annotations

from collections.abc import Iterator

from crosswalk.errors import UnknownNameError
from crosswalk.knowledge.records import Text
from crosswalk.mappings.load import load_mappings
from crosswalk.mappings.map import carries, successors
from crosswalk.mappings.names import code_of, find_nodes, find_products, near_products, show
from crosswalk.mappings.records import (
    CodeMatch,
    Mapping,
    Mappings,
    ProductView,
    Scope,
)
from crosswalk.mappings.relations import inverse
from crosswalk.mappings.scope import in_scope_all, scopes
from crosswalk.messages import both

#: What people look for first.
_KINDS = ("trade", "product", "substance", "tax", "industry")


def find_product(name: str, *, mappings: Mappings | None = None) -> ProductView:
    """Return the product a name or a code stands for, in English, Chinese or any classification.

    A dead code leads to the product of its successors. Raises ``UnknownNameError`` for a name that
    is unknown, and for one that several products share; it lists them.

    >>> find_product("乙烯").product.code, find_product("290121").product.code
    ('ethylene', 'ethylene')
    """
    known = mappings if mappings is not None else load_mappings()
    named = find_products(name, known)
    if len(named) == 1:
        return _view(named[0], known, "name", None)
    if named:
        raise UnknownNameError("product-ambiguous", name=name, near=", ".join(named))
    try:
        nodes = find_nodes(name, known)
    except UnknownNameError as error:
        if ":" in name:
            raise
        raise UnknownNameError("product-unknown", name=name, near=near_products(name, known)) from error
    return _by_code(name, nodes, known)


def _by_code(name: str, nodes: tuple[str, ...], mappings: Mappings) -> ProductView:
    for node in nodes:
        if node.startswith("product:"):
            return _view(node.removeprefix("product:"), mappings, "name", None)
    rows = [row for row in mappings.rows if row.object in nodes and _of_product(row)]
    exact = [row for row in rows if row.relation == "exact"]
    # An industry class says where a thing is made, not what it is.
    of_product = exact or [row for row in rows if row.relation not in ("related", "close")] or rows
    found = list(dict.fromkeys(row.subject.removeprefix("product:") for row in of_product))
    if len(found) == 1:
        row = of_product[0]
        note = both(
            "product.found-by-code",
            number=show(row.object, mappings),
            relation=both(f"match.{inverse(row.relation)}"),
            product=mappings.products[found[0]].label,
        )
        return _view(found[0], mappings, "code", note)
    if found:
        raise UnknownNameError("product-ambiguous", name=name, near=", ".join(found))
    return _by_successor(name, nodes, mappings)


def _by_successor(name: str, nodes: tuple[str, ...], mappings: Mappings) -> ProductView:
    for node in nodes:
        newer = successors(node, mappings)
        ids = {one.id for one in newer}
        found = {row.subject for row in mappings.rows if row.object in ids and _of_product(row)}
        if len(found) == 1:
            shown = ", ".join(one.code for one in newer)
            note = both("product.found-by-dead-code", number=show(node, mappings), successors=shown)
            return _view(found.pop().removeprefix("product:"), mappings, "dead code", note)
    raise UnknownNameError("product-unknown", name=name, near=near_products(name, mappings))


def _of_product(row: Mapping) -> bool:
    return row.subject.startswith("product:") and not row.negated


def _view(code: str, mappings: Mappings, found_by: str, note: Text | None) -> ProductView:
    rows = [row for row in mappings.rows if row.subject == f"product:{code}"]
    codes = [_match(row, mappings) for row in rows if row.object and not row.negated]
    return ProductView(
        product=mappings.products[code],
        codes=tuple(sorted(codes, key=lambda one: _place(one, mappings))),
        rejected=tuple(_match(row, mappings) for row in rows if row.negated),
        missing=tuple((_scheme_of(row, mappings), row.comment) for row in rows if not row.object),
        scopes=tuple(_scopes(rows, mappings)),
        collections=tuple(one for one in mappings.collections if code in one.members),
        found_by=found_by,
        note=note,
        hash=mappings.hash,
    )


def _place(one: CodeMatch, mappings: Mappings) -> tuple[int, str]:
    scheme = mappings.schemes.get(one.code.id.partition(":")[0])
    return _KINDS.index(scheme.kind) if scheme and scheme.kind in _KINDS else len(
        _KINDS
    ), one.code.classification


def _match(row: Mapping, mappings: Mappings) -> CodeMatch:
    return CodeMatch(
        code=code_of(row.object, mappings),
        relation=row.relation,
        justification=row.justification,
        confidence=row.confidence,
        evidence=row.evidence,
        sources=row.sources,
        carries=carries(row.relation),
        cardinality=row.cardinality,
        comment=row.comment,
    )


def _scheme_of(row: Mapping, mappings: Mappings) -> str:
    others = (one.object for one in mappings.rows if one.set == row.set and one.object)
    scheme = mappings.schemes.get(next(others, "").partition(":")[0])
    return scheme.name if scheme else row.set


def _scopes(rows: list[Mapping], mappings: Mappings) -> Iterator[Scope]:
    def codes(classification: str) -> list[str]:
        found = [code_of(row.object, mappings) for row in rows if row.object and not row.negated]
        return [one.code for one in found if one.classification == classification]

    # CN decides where there is a CN code; a product without one is tested by its HS codes.
    tested = codes("CN") or codes("HS")
    for scope in scopes(mappings):
        if tested:
            yield in_scope_all(tested, mappings, scope)

"""Faults of mapping sets and of products: every row is looked at, and none is dropped.

What common SSSOM tooling lets pass is found here, each with file, line, column and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from crosswalk.errors import KnowledgeError
from crosswalk.knowledge.finding import Finding, finding
from crosswalk.knowledge.index import SH, SKOS, Document, Index, build, curie
from crosswalk.knowledge.lint_shapes import shapes_of, texts_of

if TYPE_CHECKING:
    from crosswalk.mappings.records import Mappings, Product, Scheme
    from crosswalk.mappings.sssom import Fault, Sheet


def lint_mappings(turtle: Iterable[Document], sheets: Iterable[Document]) -> list[Finding]:
    """Check mapping sets and product data; an empty list means all is well.

    Where the Turtle does not parse nothing is reported: that is said elsewhere, and comes first.
    """
    try:
        index = build(turtle)
    except KnowledgeError:
        return []
    return lint_index(index, sheets)


def lint_index(index: Index, sheets: Iterable[Document]) -> list[Finding]:
    """Check mapping sets against Turtle already read; see :func:`lint_mappings`."""
    found = sorted(sheets)
    faults = list(_sheets(index, found))
    if not faults:
        # With a row missing a product would look as if it had no code: those checks wait.
        faults.extend(_whole(index, found))
    return faults


def _sheets(index: Index, sheets: list[Document]) -> Iterator[Finding]:
    from crosswalk.mappings.compile import faults
    from crosswalk.mappings.sssom import read

    schemes, products = _known(index)
    cited = {value.text for one in index.of_type("Source") for value in index.values(one, "skos:notation")}
    ids: dict[str, str] = {}
    for document in sheets:
        sheet = read(document.content)
        for fault in faults(sheet, schemes, products):
            yield _finding(document.name, fault)
        yield from _sources(document.name, sheet, cited)
        name = str(sheet.metadata.get("mapping_set_id") or "")
        other = ids.setdefault(name, document.name)
        if name and other != document.name:
            yield finding("sssom-set-twice", f"{document.name}:1", "mapping_set_id", other=other)


def _known(index: Index) -> tuple[dict[str, Scheme], dict[str, Product]]:
    from crosswalk.mappings.compile import compile_products, compile_schemes

    try:
        return compile_schemes(index), compile_products(index)
    except KnowledgeError:
        # A scheme or product that lacks something is what the shapes report.
        return {}, {}


def _finding(file: str, fault: Fault) -> Finding:
    return finding(fault.rule, f"{file}:{fault.line}", fault.column, "error", **fault.values)


def _sources(file: str, sheet: Sheet, cited: set[str]) -> Iterator[Finding]:
    from crosswalk.mappings.sssom import extra

    for row in sheet.rows:
        for name in extra(row).get("source", []):
            if name not in cited:
                yield finding("sssom-source-unknown", f"{file}:{row.line}", "other", name=name)


def _whole(index: Index, sheets: list[Document]) -> Iterator[Finding]:
    from crosswalk.mappings.compile import compile_mappings

    try:
        mappings = compile_mappings(index, sheets, "")
    except KnowledgeError:
        return
    yield from _dead(mappings)
    yield from _products(index, mappings)
    yield from _collections(index)
    yield from _shapes(index, mappings)


def _dead(mappings: Mappings) -> Iterator[Finding]:
    successors: dict[str, list[str]] = {}
    for row in mappings.rows:
        old, new = (mappings.schemes.get(end.partition(":")[0]) for end in (row.subject, row.object))
        # Editions of a tariff replace one another; those of a statistical classification live side by side.
        same = old is not None and new is not None and old.classification == new.classification
        if same and old is not None and old.kind == "trade" and not row.negated:
            successors.setdefault(row.subject, []).append(row.object.partition(":")[2])
    for row in mappings.rows:
        if row.subject.startswith("product:") and row.object in successors:
            where = f"{mappings.sets[row.set].file}:{row.line}"
            names = ", ".join(successors[row.object])
            yield finding("sssom-dead", where, "object_id", name=row.object, successors=names)


def _products(index: Index, mappings: Mappings) -> Iterator[Finding]:
    coded = {row.subject for row in mappings.rows if row.object and not row.negated}
    for subject in index.of_type("Product"):
        where = index.home[subject], curie(subject)
        code = index.values(subject, "skos:notation")[0].text
        if f"product:{code}" not in coded:
            yield finding("product-code", *where)
        for unit in index.values(subject, "cw:declaredUnit"):
            trap = any(value.text in ("true", "1") for value in index.values(unit.text, "cw:trap"))
            if trap or unit.text not in index.of_type("Unit"):
                yield finding("product-unit", *where, name=curie(unit.text))
        heat = {one.quantity: float(one.value) for one in mappings.products[code].properties}
        net, gross = heat.get("net-calorific-value"), heat.get("gross-calorific-value")
        if net is not None and gross is not None and net > gross:
            yield finding("product-heating", *where)


def _collections(index: Index) -> Iterator[Finding]:
    products = set(index.of_type("Product"))
    for subject in sorted(set(index.types.get(SKOS + "Collection", ()))):
        members = index.values(subject, "skos:member")
        if any(member.text in products for member in members):
            for member in members:
                if member.text not in products:
                    name = curie(member.text)
                    yield finding("product-member", index.home[subject], curie(subject), name=name)


def _shapes(index: Index, mappings: Mappings) -> Iterator[Finding]:
    """Validate the rows as RDF: the check SSSOM tooling announces and does not have."""
    import pyshacl
    from rdflib import Graph, URIRef

    from crosswalk.mappings.rdf import add_mappings

    shapes = shapes_of(index)
    if shapes is None:
        return
    graph = add_mappings(Graph(bind_namespaces="none"), mappings)
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", inplace=True)
    for result in report.objects(None, URIRef(SH + "result")):
        node = str(report.value(result, URIRef(SH + "focusNode")))
        name, _, line = node.rpartition("#L")
        problem = texts_of(shapes, report.value(result, URIRef(SH + "sourceShape")), SH + "message")
        yield finding("sssom-shape", f"{mappings.sets[name].file}:{line}", "", problem=problem)

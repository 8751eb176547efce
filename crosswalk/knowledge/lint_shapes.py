"""The shapes of the knowledge, put to the knowledge by pySHACL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crosswalk.knowledge.finding import Finding
from crosswalk.knowledge.index import SH, Index, curie
from crosswalk.knowledge.records import Text

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


def shape_checks(index: Index) -> Iterator[Finding]:
    """Yield what pySHACL finds with the shapes that stand in the knowledge itself."""
    from rdflib import URIRef

    shapes = shapes_of(index)
    if shapes is None:
        return
    report = _validate(index, shapes)
    # Only what the report lists: what is nested (sh:detail) explains, it is no fault of its own.
    for result in report.objects(None, URIRef(SH + "result")):
        shape = report.value(result, URIRef(SH + "sourceShape"))
        focus = _name(report.value(result, URIRef(SH + "focusNode")))
        owner = index.owner(focus)
        level = str(report.value(result, URIRef(SH + "resultSeverity")) or "")
        yield Finding(
            file=index.home.get(focus) or index.home.get(owner, "?"),
            subject=curie(owner),
            rule=str(shape).replace("#", "/").rsplit("/", 1)[-1],
            severity="error" if level == SH + "Violation" else "warning",
            message=texts_of(shapes, shape, SH + "message"),
            fix=texts_of(shapes, shape, SH + "description"),
        )


def shapes_of(index: Index) -> Graph | None:
    """Return the shapes named under ``shape:`` and what hangs from them; ``None`` if there are none."""
    from crosswalk.knowledge.graph import from_index
    from crosswalk.knowledge.index import BASE

    part = Index()
    todo = [subject for subject in index.nodes if subject.startswith(BASE + "shape#")]
    while todo:
        subject = todo.pop()
        if subject not in part.nodes:
            part.nodes[subject] = index.nodes[subject]
            todo.extend(
                value.text
                for values in index.nodes[subject].values()
                for value in values
                if value.text.startswith("_:") and value.text in index.nodes
            )
    return from_index(part) if part.nodes else None


def _validate(index: Index, shapes: Graph) -> Graph:
    import pyshacl

    from crosswalk.knowledge.graph import from_index

    answer: tuple[bool, Any, str] = pyshacl.validate(
        from_index(index), shacl_graph=shapes, inference="none", advanced=False, inplace=True
    )
    report: Graph = answer[1]
    return report


def _name(node: Node | None) -> str:
    from rdflib import BNode

    return f"_:{node}" if isinstance(node, BNode) else str(node)


def texts_of(shapes: Graph, shape: Node | None, predicate: str) -> Text:
    """Return what a shape says under a predicate, in both languages."""
    from rdflib import Literal, URIRef

    found = {
        one.language: str(one)
        for one in shapes.objects(shape, URIRef(predicate))
        if isinstance(one, Literal) and one.language
    }
    fallback = found.get("en") or curie(str(shape))
    return Text(en=fallback, zh=found.get("zh", fallback))

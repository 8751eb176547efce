"""The knowledge as an rdflib graph, for people, notebooks and SHACL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crosswalk.knowledge.everything import all_documents
from crosswalk.knowledge.index import PREFIXES, Index, build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import BNode, Graph, Literal, URIRef


def graph(extra: Sequence[Path] = ()) -> Graph:
    """Return a new rdflib graph of all knowledge, mapping sets too, and of the folders in ``extra``.

    Numbers keep the spelling of the Turtle (``1.0`` stays ``1.0``). The graph belongs to the caller.
    Raises ``KnowledgeError`` where a file does not parse.
    """
    return from_index(build(all_documents(extra)))


def from_index(index: Index) -> Graph:
    """Return a new rdflib graph of the statements in ``index``; blank nodes keep its names."""
    from rdflib import BNode, Graph, Literal, URIRef

    made: dict[str, URIRef | BNode] = {}

    def reference(text: str) -> URIRef | BNode:
        term = made.get(text)
        if term is None:
            term = made[text] = BNode(text[2:]) if text.startswith("_:") else URIRef(text)
        return term

    result = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        result.bind(prefix, namespace)

    def statements() -> Iterator[tuple[URIRef | BNode, URIRef | BNode, URIRef | BNode | Literal, Graph]]:
        for subject, node in index.nodes.items():
            left = reference(subject)
            for predicate, values in node.items():
                middle = reference(predicate)
                for text, is_ref, lang, datatype, _ in values:
                    if is_ref:
                        yield left, middle, reference(text), result
                    elif lang:
                        yield left, middle, Literal(text, lang=lang), result
                    elif datatype == PREFIXES["xsd"] + "string":
                        yield left, middle, Literal(text), result
                    else:
                        yield (
                            left,
                            middle,
                            Literal(text, datatype=reference(datatype), normalize=False),
                            result,
                        )

    result.addN(statements())
    return result

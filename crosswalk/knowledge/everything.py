"""All there is to query: the Turtle of the knowledge, and the mapping sets as Turtle beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosswalk.knowledge.index import Document
from crosswalk.knowledge.load import knowledge_documents


def all_documents(extra: Sequence[Path] = ()) -> list[Document]:
    """Return every file of :func:`knowledge_documents`, and every mapping set as statements.

    A mapping set keeps the name of its file. Raises ``KnowledgeError`` where one has a fault.
    """
    from crosswalk.mappings.load import load_mappings
    from crosswalk.mappings.rdf import turtle_documents

    return [*knowledge_documents(extra), *turtle_documents(load_mappings(extra))]

"""What is wrong with the knowledge, where, and what to do: for whoever writes Turtle.

Three passes. Every file is parsed; ``shapes.ttl`` is checked by pySHACL (a few thousand nodes take
a second or two, so that factors need no second implementation in Python); what one node cannot show
is cross-checked on the index: references and duplicates (``lint_references``), what follows what
(``lint_editions``), numbers (``lint_numbers``), rules and arrangements of recognition. What is left
without an error also compiles, and its selections match cells (``lint_cells``). Mapping sets and factor
tables, which are no Turtle, have checks of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from crosswalk.errors import KnowledgeError
from crosswalk.knowledge.finding import Finding, finding, ordered
from crosswalk.knowledge.index import Document, Index
from crosswalk.knowledge.lint_cells import cell_checks
from crosswalk.knowledge.lint_editions import edition_checks
from crosswalk.knowledge.lint_numbers import number_checks, table_checks
from crosswalk.knowledge.lint_references import cross_checks
from crosswalk.knowledge.lint_shapes import shape_checks
from crosswalk.knowledge.load import knowledge_documents
from crosswalk.knowledge.records import Text


def lint(extra: Sequence[Path] = ()) -> list[Finding]:
    """Check the built-in knowledge and the folders in ``extra``; an empty list means all is well.

    Errors come first, then by file and subject. Raises ``KnowledgeError`` only where a folder is missing.
    """
    from crosswalk.knowledge.lint_mappings import lint_mappings
    from crosswalk.mappings.load import mapping_documents

    found = knowledge_documents(extra)
    faults = [*lint_documents(found), *lint_mappings(found, mapping_documents(extra)), *table_checks(extra)]
    return ordered(faults)


def lint_documents(found: Iterable[Document]) -> list[Finding]:
    """Check files already read; see :func:`lint`."""
    index = Index()
    faults: list[Finding] = []
    for document in found:
        try:
            index.read(document)
        except KnowledgeError as error:
            where = error.where
            faults.append(finding("syntax", where, "", problem=_both(error)))
    if not faults:
        # With a file missing every reference into it would look broken: those checks wait.
        faults = [
            *shape_checks(index),
            *cross_checks(index),
            *edition_checks(index),
            *number_checks(index),
        ]
    for check in (_recognition, _compiles):
        # What a check before has said already would only be said again.
        if not any(fault.severity == "error" for fault in faults):
            faults.extend(check(index))
    return ordered(faults)


def _both(error: KnowledgeError) -> Text:
    bare = KnowledgeError(error.code, **error.values)
    return Text(en=bare.message("en"), zh=bare.message("zh"))


def _recognition(index: Index) -> Iterator[Finding]:
    """Yield what keeps each rule and each arrangement from being understood."""
    from crosswalk.knowledge.compile_recognition import faults
    from crosswalk.knowledge.reader import Reader

    for error in faults(Reader(index)):
        file, _, subject = error.where.partition(": ")
        yield finding("recognition", file, subject, problem=_both(error))


def _compiles(index: Index) -> Iterator[Finding]:
    from crosswalk.knowledge.compile import compile_catalogue

    try:
        catalogue = compile_catalogue(index, version="", content_hash="")
    except KnowledgeError as error:
        file, _, subject = error.where.partition(": ")
        yield finding("compile", file, subject, problem=_both(error))
    else:
        yield from cell_checks(index, catalogue)

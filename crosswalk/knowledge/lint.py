"""What is wrong with the knowledge, where, and what to do: for whoever writes Turtle.

Three passes. Every file is parsed; ``shapes.ttl`` is checked by pySHACL (a few thousand nodes take
a second or two, so that factors need no second implementation in Python); what one node cannot show
is cross-checked on the index: references, duplicates, options of the wrong dimension, cycles. What
is left without an error also compiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from crosswalk.errors import KnowledgeError
from crosswalk.knowledge.catalogue import Record, Text
from crosswalk.knowledge.index import SH, Document, Index, curie
from crosswalk.knowledge.load import knowledge_documents
from crosswalk.messages import say

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

Severity = Literal["error", "warning"]


class Finding(Record):
    """One fault: the file, the subject (a CURIE), a rule code, what is wrong and what to do."""

    file: str
    subject: str
    rule: str
    severity: Severity
    message: Text
    fix: Text

    def show(self, lang: str = "en") -> str:
        """Return the finding as one line of text.

        >>> text = Text(en="has no code", zh="缺少代码")
        >>> fix = Text(en="Add skos:notation.", zh="请补充 skos:notation。")
        >>> Finding(
        ...     file="a.ttl", subject="reg:X", rule="notation", severity="error", message=text, fix=fix
        ... ).show()
        'a.ttl: reg:X has no code [notation]. Add skos:notation.'
        """
        head = f"{self.file}: {self.subject} " if self.subject else f"{self.file}: "
        stop = "。" if lang == "zh" else ". "
        return f"{head}{self.message.get(lang)} [{self.rule}]{stop}{self.fix.get(lang)}"


def lint(extra: Sequence[Path] = ()) -> list[Finding]:
    """Check the built-in knowledge and the folders in ``extra``; an empty list means all is well.

    Errors come first, then by file and subject. Raises ``KnowledgeError`` only where a folder is missing.
    """
    return lint_documents(knowledge_documents(extra))


def lint_documents(found: Iterable[Document]) -> list[Finding]:
    """Check files already read; see :func:`lint`."""
    from crosswalk.knowledge.lint_references import cross_checks

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
        faults = [*_shacl(index), *cross_checks(index)]
    if not any(fault.severity == "error" for fault in faults):
        faults.extend(_compiles(index))
    return sorted(
        set(faults), key=lambda one: (one.severity, one.file, one.subject, one.rule, one.message.en)
    )


def finding(
    rule: str, file: str, subject: str, severity: Severity = "error", **values: str | int | Text
) -> Finding:
    """Return a finding with the sentences ``lint.<rule>`` and ``lint.<rule>.fix``."""
    return Finding(
        file=file,
        subject=subject,
        rule=rule,
        severity=severity,
        message=_say(f"lint.{rule}", values),
        fix=_say(f"lint.{rule}.fix", values),
    )


def _say(code: str, values: dict[str, str | int | Text]) -> Text:
    def filled(lang: str) -> str:
        given = {name: one.get(lang) if isinstance(one, Text) else one for name, one in values.items()}
        return say(code, lang, **given)

    return Text(en=filled("en"), zh=filled("zh"))


def _both(error: KnowledgeError) -> Text:
    bare = KnowledgeError(error.code, **error.values)
    return Text(en=bare.message("en"), zh=bare.message("zh"))


def _compiles(index: Index) -> Iterator[Finding]:
    from crosswalk.knowledge.compile import compile_catalogue

    try:
        compile_catalogue(index, version="", content_hash="")
    except KnowledgeError as error:
        file, _, subject = error.where.partition(": ")
        yield finding("compile", file, subject, problem=_both(error))


def _shacl(index: Index) -> Iterator[Finding]:
    from rdflib import URIRef

    shapes = _shapes(index)
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
            message=_texts(shapes, shape, SH + "message"),
            fix=_texts(shapes, shape, SH + "description"),
        )


def _shapes(index: Index) -> Graph | None:
    """Return our shapes: those named under ``shape:`` and what hangs from them."""
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


def _texts(shapes: Graph, shape: Node | None, predicate: str) -> Text:
    from rdflib import Literal, URIRef

    found = {
        one.language: str(one)
        for one in shapes.objects(shape, URIRef(predicate))
        if isinstance(one, Literal) and one.language
    }
    fallback = found.get("en") or curie(str(shape))
    return Text(en=fallback, zh=found.get("zh", fallback))

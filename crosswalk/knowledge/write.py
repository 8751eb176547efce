"""Statements out, as Turtle, N-Triples, N-Quads and JSON-LD: always in the same order."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from crosswalk.knowledge.everything import all_documents
from crosswalk.knowledge.index import PREFIXES, RDF, TYPE, Index, Value, build, curie
from crosswalk.knowledge.query import file_iri, reference, statements, term

Triple = tuple[str, str, Value]
Form = Literal["turtle", "nquads", "ntriples", "jsonld"]

_XSD = PREFIXES["xsd"]
_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", RDF + "nil"
#: Local names Turtle takes as they are; all others are written as whole IRIs.
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_BARE = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "boolean": re.compile(r"true|false"),
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'[\\"\n\r\t\x00-\x1f\x7f]')


def export(form: Form, extra: Sequence[Path] = ()) -> str:
    """Return the built-in knowledge and the folders in ``extra`` as text.

    N-Quads name the graph of each statement after its file; the other forms merge all files.
    Raises ``KnowledgeError`` where a file does not parse.
    """
    return written(build(all_documents(extra)), form)


def written(index: Index, form: Form) -> str:
    """Return the statements of ``index`` as text; see :func:`export`."""
    if form == "nquads":
        return lines((*one, file_iri(one[2].file)) for one in statements(index))
    triples = [
        (subject, predicate, value._replace(file="")) for subject, predicate, value in statements(index)
    ]
    match form:
        case "turtle":
            return turtle(triples)
        case "ntriples":
            return lines((*one, "") for one in triples)
        case "jsonld":
            return _json_ld(triples)


def lines(quads: Iterable[tuple[str, str, Value, str]]) -> str:
    """Return one statement a line, sorted; the fourth part names a graph, or is empty."""
    found = {
        " ".join(
            part for part in (_full(subject), _full(predicate), _object(value), _full(graph), ".") if part
        )
        for subject, predicate, value, graph in quads
    }
    return "".join(f"{line}\n" for line in sorted(found))


def turtle(triples: Iterable[Triple]) -> str:
    """Return Turtle, sorted by subject; what only one statement points to stands inside it."""
    return _Turtle(triples).text()


def _json_ld(triples: Iterable[Triple]) -> str:
    from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

    ordered = sorted(set(triples), key=_key)
    given = (Triple(reference(one), NamedNode(two), term(three)) for one, two, three in ordered)
    found = serialize(given, format=RdfFormat.JSON_LD, prefixes=PREFIXES)
    assert found is not None
    return found.decode("utf-8").rstrip("\n") + "\n"


def _key(triple: Triple) -> tuple[object, ...]:
    subject, predicate, value = triple
    return (_node_key(subject), predicate != TYPE, predicate, _value_key(value))


def _node_key(text: str) -> tuple[object, ...]:
    """Blank nodes come last, in the order in which the files name them."""
    if not text.startswith("_:"):
        return (0, text, ())
    numbers = text[2:].split(".")
    counted = all(number.isdecimal() for number in numbers)
    return (1, "", tuple(map(int, numbers))) if counted else (2, text, ())


def _value_key(value: Value) -> tuple[object, ...]:
    return (
        not value.is_ref,
        _node_key(value.text) if value.is_ref else value.text,
        value.lang,
        value.datatype,
    )


def _full(text: str) -> str:
    return text if not text or text.startswith("_:") else f"<{text}>"


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda one: _ESCAPES.get(one[0], f"\\u{ord(one[0]):04X}"), text) + '"'


def _object(value: Value) -> str:
    if value.is_ref:
        return _full(value.text)
    if value.lang:
        return f"{_quoted(value.text)}@{value.lang}"
    if value.datatype in ("", _XSD + "string"):
        return _quoted(value.text)
    return f"{_quoted(value.text)}^^<{value.datatype}>"


class _Turtle:
    """One text of Turtle in the making."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.nodes: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in sorted(set(triples), key=_key):
            self.nodes[subject][predicate].append(value)
        pointed = Counter(
            value.text for node in self.nodes.values() for values in node.values() for value in values
        )
        self.inner = {one for one in self.nodes if one.startswith("_:") and pointed[one] == 1}
        self.pointed = pointed
        self.used: set[str] = set()
        self.written: set[str] = set()

    def text(self) -> str:
        blocks = [self._block(subject) for subject in self.nodes if subject not in self.inner]
        # Blank nodes that point at one another in a circle hang from nothing: they need names.
        for subject in [one for one in self.nodes if one not in self.written]:
            if subject not in self.written:
                self.inner.discard(subject)
                blocks.append(self._block(subject))
        heads = [f"@prefix {name}: <{PREFIXES[name]}> ." for name in sorted(self.used)]
        return "\n".join([*heads, *(["", *blocks] if heads else blocks)]) if blocks else ""

    def _block(self, subject: str) -> str:
        self.written.add(subject)
        free = subject.startswith("_:") and not self.pointed[subject]
        return f"{'[]' if free else self._name(subject)} {self._body(subject, '    ')} .\n"

    def _body(self, subject: str, indent: str) -> str:
        said = (
            f"{'a' if predicate == TYPE else self._name(predicate)} "
            + ", ".join(self._object(value, indent) for value in values)
            for predicate, values in self.nodes[subject].items()
        )
        return f" ;\n{indent}".join(said)

    def _object(self, value: Value, indent: str) -> str:
        if not value.is_ref:
            bare = _BARE.get(value.datatype)
            if bare is not None and bare.fullmatch(value.text):
                return value.text
            plain = _object(value)
            head, mark, datatype = plain.rpartition("^^<")
            return f"{head}^^{self._name(datatype[:-1])}" if mark and not value.lang else plain
        if value.text not in self.inner:
            return self._name(value.text)
        items = self._items(value.text)
        if items is not None:
            return f"( {' '.join(self._object(item, indent) for item in items)} )"
        self.written.add(value.text)
        deeper = indent + "    "
        body = self._body(value.text, deeper)
        return f"[\n{deeper}{body} ]" if "\n" in body else f"[ {body} ]"

    def _items(self, head: str) -> list[Value] | None:
        """Return the members of a list that hangs from one statement only; ``None`` if it is no list."""
        items, cells = [], []
        while head != _NIL:
            node = self.nodes.get(head, {})
            if head not in self.inner or head in cells or set(node) != {_FIRST, _REST}:
                return None
            if len(node[_FIRST]) != 1 or len(node[_REST]) != 1:
                return None
            cells.append(head)
            items.append(node[_FIRST][0])
            head = node[_REST][0].text
        self.written.update(cells)
        return items

    def _name(self, iri: str) -> str:
        if iri.startswith("_:"):
            return iri
        short = curie(iri)
        prefix, colon, local = short.partition(":")
        if short.startswith("<") or not colon or not _LOCAL.fullmatch(local):
            return f"<{iri}>"
        self.used.add(prefix)
        return short

"""Turtle in, plain indexes out: subject → predicate → values, each value with the file it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from crosswalk.errors import KnowledgeError

BASE = "https://w3id.org/carbon-crosswalk/"
CW = BASE + "vocab#"
DCTERMS = "http://purl.org/dc/terms/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = RDF + "type"

#: Prefixes for showing IRIs; the longest namespace that fits wins.
PREFIXES: dict[str, str] = {
    "arr": BASE + "arrangement#",
    "body": BASE + "body#",
    "claim": BASE + "claim#",
    "cw": CW,
    "dcterms": DCTERMS,
    "dim": BASE + "dimension#",
    "file": BASE + "file/",
    "fmt": BASE + "format/",
    "gwp": BASE + "gwp/",
    "inv": BASE + "inventory#",
    "level": BASE + "level#",
    "op": BASE + "operation#",
    "opt": BASE + "option#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pack": BASE + "pack#",
    "ped": BASE + "pedigree#",
    "product": BASE + "product/",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": RDF,
    "rdfs": RDFS,
    "reg": BASE + "regime/",
    "rule": BASE + "rule#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": SH,
    "skos": SKOS,
    "shape": BASE + "shape#",
    "src": BASE + "source#",
    "sssom": "https://w3id.org/sssom/",
    "u": BASE + "unit#",
    "unit": "http://qudt.org/vocab/unit/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda item: (-len(item[1]), item[0]))


def curie(iri: str) -> str:
    """Shorten an IRI for reading.

    >>> curie(CW + "permits"), curie("http://example.org/x")
    ('cw:permits', '<http://example.org/x>')
    """
    for prefix, namespace in _LONGEST_FIRST:
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri if iri.startswith("_:") else f"<{iri}>"


def expand(name: str) -> str:
    """Return the IRI of a CURIE with one of our prefixes.

    >>> expand("skos:notation")
    'http://www.w3.org/2004/02/skos/core#notation'
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


class Value(NamedTuple):
    """An object of a statement. ``lang`` is ``""`` where there is none; ``datatype`` is an IRI."""

    text: str
    is_ref: bool
    lang: str
    datatype: str
    file: str


class Document(NamedTuple):
    """One file of knowledge: ``name`` as people should see it, ``key`` for the content hash."""

    key: str
    name: str
    content: bytes


class Index:
    """Statements by subject and predicate, in the order in which the files say them.

    Blank nodes are renamed ``_:<file>.<n>`` by order of appearance: they never clash between files
    and are the same in every run.
    """

    def __init__(self) -> None:
        """Start empty; fill with :meth:`read`."""
        self.nodes: dict[str, dict[str, list[Value]]] = {}
        self.types: dict[str, list[str]] = {}
        self.home: dict[str, str] = {}
        self._owner: dict[str, str] | None = None
        self._files = 0

    def read(self, document: Document) -> None:
        """Add all statements of a Turtle file. Raises ``KnowledgeError`` with file and line."""
        from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

        blanks: dict[str, str] = {}
        self._files += 1
        self._owner = None

        def reference(term: object) -> str:
            if isinstance(term, BlankNode):
                return blanks.setdefault(term.value, f"_:{self._files}.{len(blanks)}")
            if isinstance(term, NamedNode):
                return term.value
            raise KnowledgeError("knowledge-triple-term", where=document.name, term=str(term))

        try:
            for quad in parse(input=document.content, format=RdfFormat.TURTLE, base_iri=BASE):
                subject, predicate = reference(quad.subject), quad.predicate.value
                term = quad.object
                if isinstance(term, Literal):
                    datatype = term.datatype.value
                    value = Value(term.value, False, term.language or "", datatype, document.name)
                else:
                    value = Value(reference(term), True, "", "", document.name)
                node = self.nodes.get(subject)
                if node is None:
                    node = self.nodes[subject] = {}
                    self.home[subject] = document.name
                node.setdefault(predicate, []).append(value)
                if predicate == TYPE:
                    self.types.setdefault(value.text, []).append(subject)
        except SyntaxError as error:
            raise KnowledgeError(
                "knowledge-syntax",
                where=f"{document.name}:{error.lineno or 1}",
                problem=str(error.msg).partition(": ")[2] or str(error.msg),
            ) from error

    def of_type(self, name: str) -> list[str]:
        """Return the subjects of type ``cw:<name>`` in the order of their IRIs."""
        return sorted(set(self.types.get(CW + name, ())))

    def values(self, subject: str, predicate: str) -> list[Value]:
        """Return the values of a predicate (a CURIE) without repetitions, as the files order them."""
        found = self.nodes.get(subject, {}).get(expand(predicate), [])
        return found if len(found) < 2 else list({value[:4]: value for value in found}.values())

    def owner(self, subject: str) -> str:
        """Return the named node a blank node hangs from; a named node is its own owner."""
        if self._owner is None:
            self._owner = {
                value.text: parent
                for parent, node in self.nodes.items()
                for values in node.values()
                for value in values
                if value.text.startswith("_:")
            }
        seen: set[str] = set()
        while subject.startswith("_:") and subject in self._owner and subject not in seen:
            seen.add(subject)
            subject = self._owner[subject]
        return subject

    def where(self, subject: str) -> str:
        """Return ``file: subject`` for a message."""
        owner = self.owner(subject)
        return f"{self.home.get(subject) or self.home.get(owner, '?')}: {curie(owner)}"


def build(documents: Iterable[Document]) -> Index:
    """Read all files into one index."""
    index = Index()
    for document in documents:
        index.read(document)
    return index


def documents(folders: Iterable[tuple[Path, str]]) -> list[Document]:
    """Read every Turtle file below the folders, each folder given with the name to show for it.

    A Turtle file may stand in for a folder. Raises ``KnowledgeError`` where one is missing or unreadable.
    """
    found: list[Document] = []
    for number, (folder, shown) in enumerate(folders):
        if not folder.exists():
            raise KnowledgeError("knowledge-folder", where=str(folder))
        paths = sorted((path.relative_to(folder).as_posix(), path) for path in turtle_files(folder))
        for relative, path in paths:
            try:
                content = path.read_bytes()
            except OSError as error:
                raise KnowledgeError("knowledge-unreadable", where=str(path), problem=str(error)) from error
            name = shown if path == folder else f"{shown}/{relative}"
            found.append(Document(f"{number}/{relative}", name, content))
    return found


def turtle_files(place: Path) -> Iterator[Path]:
    """Yield the Turtle files below a folder, or the one that ``place`` itself is."""
    if place.is_file() and place.suffix == ".ttl":
        yield place
    elif place.is_dir():
        yield from place.rglob("*.ttl")

"""SPARQL over the merged knowledge, on an Oxigraph store.

The mapping sets are in it too, one ``sssom:Mapping`` a row. Every statement stands in the default
graph, and once more in a graph named after its file, so that ``GRAPH ?file { … }`` says where something
is written. The store spells numbers its own way (``1.50`` comes back as ``1.5``): compare codes and
texts, not decimals; years are integers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from crosswalk.errors import InputError
from crosswalk.knowledge.everything import all_documents
from crosswalk.knowledge.index import BASE, PREFIXES, Index, Value, build
from crosswalk.knowledge.records import Record

if TYPE_CHECKING:
    import pandas as pd
    from pyoxigraph import Store

_XSD_STRING = PREFIXES["xsd"] + "string"
_AT = re.compile(r"error at (\d+):(\d+)")
_DECLARED = re.compile(r"\bPREFIX\s+([\w.-]*)\s*:", re.IGNORECASE)
_NAME = re.compile(r"(?<![<\w:/#.-])([A-Za-z][\w.-]*):")
_QUIET = r"<[^<>\s]*>|\"\"\".*?\"\"\"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*"
#: Where a query says something that is no name of a thing: IRIs, texts, comments.
_NO_NAMES = re.compile(_QUIET, re.DOTALL)
#: Names with dots in them, which the parser of the store reads only where the dots are escaped.
_DOTTED = re.compile(rf"{_QUIET}|(?P<name>[A-Za-z][\w.-]*:[\w-]+(?:\.[\w-]+)+)", re.DOTALL)


class Found(Record):
    """What a query found: a table (``select``), a truth (``ask``) or statements (``construct``).

    Statements are rows of three. A cell is ``None`` where the query leaves a variable unbound.
    """

    kind: Literal["select", "ask", "construct"]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value | None, ...], ...] = ()
    truth: bool | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return the table as a data frame of texts."""
        import pandas as pd

        plain = [[None if cell is None else cell.text for cell in row] for row in self.rows]
        return pd.DataFrame(plain, columns=list(self.columns))


def file_iri(name: str) -> str:
    """Return the name of the graph that holds the statements of a file.

    >>> file_iri("ontologies/regimes/PACT-3.0.ttl")
    'https://w3id.org/carbon-crosswalk/file/ontologies/regimes/PACT-3.0.ttl'
    """
    return f"{BASE}file/{quote(name, safe='/')}"


def statements(index: Index) -> Iterator[tuple[str, str, Value]]:
    """Yield every statement, each with the file it stands in; one in two files comes twice."""
    for subject, node in index.nodes.items():
        for predicate, values in node.items():
            for value in dict.fromkeys(values):
                yield subject, predicate, value


def store_of(index: Index) -> Store:
    """Return a new store of all statements in ``index``; blank nodes keep its names."""
    from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

    store = Store()
    merged = DefaultGraph()
    graphs: dict[str, NamedNode] = {}

    def quads() -> Iterator[Quad]:
        for subject, predicate, value in statements(index):
            graph = graphs.get(value.file)
            if graph is None:
                graph = graphs[value.file] = NamedNode(file_iri(value.file))
            parts = reference(subject), NamedNode(predicate), term(value)
            yield Quad(*parts, merged)
            yield Quad(*parts, graph)

    store.extend(quads())
    return store


def reference(text: str) -> Any:
    """Return an IRI or a blank node (``_:…``) as the store wants it."""
    from pyoxigraph import BlankNode, NamedNode

    return BlankNode(text[2:]) if text.startswith("_:") else NamedNode(text)


def term(value: Value) -> Any:
    """Return the object of a statement as the store wants it."""
    from pyoxigraph import Literal as Text
    from pyoxigraph import NamedNode

    if value.is_ref:
        return reference(value.text)
    if value.lang:
        return Text(value.text, language=value.lang)
    if value.datatype in ("", _XSD_STRING):
        return Text(value.text)
    return Text(value.text, datatype=NamedNode(value.datatype))


def query(sparql: str, extra: Sequence[Path] = (), *, where: str = "query") -> Found:
    """Ask the built-in knowledge and the folders in ``extra``; our prefixes need no declaration.

    Raises ``InputError`` with line and column (``where`` names the query) where it is no SPARQL query,
    and ``KnowledgeError`` where a file does not parse.
    """
    return ask(store_of(build(all_documents(extra))), sparql, where=where)


def ask(store: Store, sparql: str, *, where: str = "query") -> Found:
    """Put a query to a store; see :func:`query`."""
    from pyoxigraph import QueryBoolean, QuerySolutions

    try:
        answer = store.query(_escaped(sparql), prefixes=PREFIXES)
        if isinstance(answer, QueryBoolean):
            return Found(kind="ask", truth=bool(answer))
        if isinstance(answer, QuerySolutions):
            names = tuple(one.value for one in answer.variables)
            rows = tuple(tuple(_value(one[name]) for name in names) for one in answer)
            return Found(kind="select", columns=names, rows=rows)
        return Found(kind="construct", columns=("subject", "predicate", "object"), rows=tuple(_rows(answer)))
    except SyntaxError as error:
        raise _not_sparql(sparql, str(error.msg), where) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError("query-failed", where=where, problem=str(error)) from error


def _escaped(sparql: str) -> str:
    def name(found: re.Match[str]) -> str:
        prefix, colon, local = (found["name"] or "").partition(":")
        return f"{prefix}:{local.replace('.', chr(92) + '.')}" if colon else found[0]

    return _DOTTED.sub(name, sparql)


def _rows(triples: Any) -> Iterator[tuple[Value | None, ...]]:
    from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad

    found = Dataset(Quad(one.subject, one.predicate, one.object) for one in triples)
    # A query that makes blank nodes gets new names for them each time it runs.
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    rows = [tuple(_value(part) for part in (one.subject, one.predicate, one.object)) for one in found]
    return iter(sorted(rows, key=lambda row: tuple(str(cell) for cell in row)))


def _value(given: Any) -> Value | None:
    from pyoxigraph import BlankNode, Literal, NamedNode

    match given:
        case None:
            return None
        case NamedNode():
            return Value(given.value, True, "", "", "")
        case BlankNode():
            return Value(f"_:{given.value}", True, "", "", "")
        case Literal():
            return Value(given.value, False, given.language or "", given.datatype.value, "")
    return Value(str(given), False, "", _XSD_STRING, "")


def _not_sparql(sparql: str, problem: str, where: str) -> InputError:
    at = _AT.search(problem)
    line, column = (int(at[1]), int(at[2])) if at else (1, 1)
    # The parser counts the escapes too; only whole lines stay where they are.
    before = _escaped(sparql).split("\n")[line - 1 : line]
    column -= sum(text[: column - 1].count("\\.") for text in before)
    column += sum(text[: column - 1].count("\\.") for text in sparql.split("\n")[line - 1 : line])
    place = f"{where}:{line}:{column}"
    if "Prefix not found" in problem:
        plain = _NO_NAMES.sub("", sparql)
        known = {*PREFIXES, *_DECLARED.findall(plain)}
        names = [name for name in _NAME.findall(plain) if name not in known]
        if names:
            return InputError("query-prefix", where=place, name=names[0], known=", ".join(PREFIXES))
    if "variable that is unbound" in problem:
        return InputError("query-ungrouped", where=place)
    lines = sparql.split("\n")
    text, start = (lines[line - 1], column - 1) if line <= len(lines) else ("", 0)
    while text[start:].strip() and start and text[start - 1].isalnum():
        start -= 1
    rest = text[start:].strip()
    return InputError("query-syntax" if rest else "query-ends", where=place, rest=rest[:40])

"""Find the factor tables, and load them as a FactorBase that is kept between runs.

They have a cache entry of their own: what converts a footprint never reads them.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crosswalk.errors import KnowledgeError
from crosswalk.factors.records import Factor, FactorBase, FactorTable, Place, QuantityKind, RowFault
from crosswalk.knowledge.index import Document, curie
from crosswalk.knowledge.records import Text

if TYPE_CHECKING:
    from crosswalk.factors.rows import Known
    from crosswalk.knowledge.index import Index

_SUFFIX = ".factors"
_FOLDER = "factors/tables"
#: The Turtle that factors need, and what their checks refer to.
_TURTLE = ("ontologies/factors/kinds.ttl", "ontologies/factors/places.ttl")
_CHECKED_BY = ("ontologies/factors/gwp-sets.csv", "ontologies/inventory.ttl", "mappings/units.ttl")


def load_factors(
    tables: Sequence[str | os.PathLike[str]] = (), knowledge: Sequence[str | os.PathLike[str]] = ()
) -> FactorBase:
    """Return all factors: built in, of the folders in ``knowledge``, and of the user's ``tables``.

    A folder adds the CSV files below its ``factors/tables``, and the places and kinds its Turtle
    describes. Rows that could not be read are in ``faults``. Raises ``InputError`` where a table cannot
    be read at all, and ``KnowledgeError`` where a folder is missing or its Turtle is broken.

    >>> len(load_factors().faults)
    0
    """
    base = _base(tuple(os.path.abspath(path) for path in knowledge))
    if not tables:
        return base
    from crosswalk.factors.cpcd import is_export, parse_export
    from crosswalk.factors.read import decode, parse_table

    known = _known(base, knowledge)
    read = []
    for shown in dict.fromkeys(os.fspath(one) for one in tables):
        text = decode(shown, shown)
        export = is_export(text)
        read.append(parse_export(text, shown, known, base) if export else parse_table(text, shown, known))
    return _with(base, read)


def turtle(knowledge: Sequence[str | os.PathLike[str]] = ()) -> list[Document]:
    """Return the Turtle that describes places, kinds and boundaries."""
    return _found(tuple(os.path.abspath(path) for path in knowledge))[0]


@lru_cache(maxsize=4)
def _base(knowledge: tuple[str, ...]) -> FactorBase:
    from crosswalk.knowledge.cache import read_entry, write_entry

    turtle, tables, key = _found(knowledge)
    data = read_entry(key + _SUFFIX)
    if data is not None:
        with contextlib.suppress(msgspec.MsgspecError):
            kept = msgspec.msgpack.decode(data, type=FactorBase)
            if kept.hash == key:
                return kept
    base = _compile(turtle, tables, key, knowledge)
    write_entry(key + _SUFFIX, msgspec.msgpack.encode(base))
    return base


def _found(knowledge: tuple[str, ...]) -> tuple[list[Document], list[Document], str]:
    from crosswalk.knowledge.cache import package_version
    from crosswalk.knowledge.index import documents
    from crosswalk.knowledge.load import knowledge_dirs

    folders = knowledge_dirs([Path(path) for path in knowledge])
    root = folders[0].parent
    others = [path for path in folders if path.parent != root]
    turtle = [Document(name, name, (root / name).read_bytes()) for name in _TURTLE]
    turtle += documents([(path, path.name) for path in others])
    tables = list(_tables(root / "ontologies" / _FOLDER, f"ontologies/{_FOLDER}"))
    for path in others:
        tables += _tables(path / _FOLDER, f"{path.name}/{_FOLDER}")
    digest = hashlib.sha256(package_version().encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    checked = [Document(name, name, (root / name).read_bytes()) for name in _CHECKED_BY]
    for document in [*turtle, *tables, *checked]:
        digest.update(f"\n{len(document.content)} {document.name}\n".encode() + document.content)
    return turtle, tables, digest.hexdigest()


def _tables(folder: Path, shown: str) -> Iterator[Document]:
    for path in sorted(folder.glob("*.csv")):
        yield Document(str(path), f"{shown}/{path.name}", path.read_bytes())


def _compile(
    turtle: list[Document], tables: list[Document], key: str, knowledge: tuple[str, ...]
) -> FactorBase:
    from crosswalk.errors import InputError
    from crosswalk.factors.read import parse_table
    from crosswalk.knowledge.cache import package_version
    from crosswalk.knowledge.index import build

    index = build(turtle)
    empty = FactorBase(
        factors=(),
        faults=(),
        places=_places(index),
        kinds=_kinds(index),
        boundaries={code: _label(index, subject) for code, subject in _of(index, "FactorBoundary")},
        version=package_version(),
        hash=key,
    )
    known = _known(empty, knowledge)
    read = []
    for table in tables:
        try:
            text = table.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError("file-encoding", where=table.name, byte=error.start) from error
        read.append(parse_table(text, table.name, known, rank=1))
    return _with(empty, read)


def _with(base: FactorBase, read: list[FactorTable]) -> FactorBase:
    """Add tables; a code that is taken costs the later row."""
    from crosswalk.messages import both

    factors: dict[str, Factor] = {factor.code: factor for factor in base.factors}
    faults = [*base.faults, *(fault for table in read for fault in table.faults)]
    for factor in (factor for table in read for factor in table.factors):
        taken = factors.setdefault(factor.code, factor)
        if taken is not factor:
            message = both("factor-row.code-taken", name=factor.code, table=f"{taken.table}:{taken.row}")
            faults.append(RowFault(file=factor.table, row=factor.row, column="code", message=message))
    return msgspec.structs.replace(base, factors=tuple(factors.values()), faults=tuple(faults))


def _known(base: FactorBase, knowledge: Sequence[str | os.PathLike[str]]) -> Known:
    from crosswalk.factors.rows import Known
    from crosswalk.knowledge.load import load

    catalogue = load([Path(path) for path in knowledge])
    return Known(catalogue, base.places, base.kinds, base.boundaries, {})


def _of(index: Index, name: str) -> list[tuple[str, str]]:
    return [(_one(index, subject, "skos:notation"), subject) for subject in index.of_type(name)]


def _one(index: Index, subject: str, predicate: str) -> str:
    found = index.values(subject, predicate)
    if not found:
        raise KnowledgeError("knowledge-missing", where=index.where(subject), predicate=predicate)
    return found[0].text


def _target(index: Index, subject: str, predicate: str, codes: dict[str, str]) -> tuple[str, ...]:
    found = index.values(subject, predicate)
    for value in found:
        if value.text not in codes:
            raise KnowledgeError(
                "knowledge-dangling",
                where=index.where(subject),
                predicate=predicate,
                target=curie(value.text),
                kind=predicate.partition(":")[2],
            )
    return tuple(codes[value.text] for value in found)


def _label(index: Index, subject: str, predicate: str = "skos:prefLabel") -> Text:
    spoken = {value.lang: value.text for value in index.values(subject, predicate)}
    return Text(en=spoken.get("en", ""), zh=spoken.get("zh", ""))


def _places(index: Index) -> dict[str, Place]:
    codes = {subject: code for code, subject in _of(index, "Place")}
    return {
        code: Place(
            code=code,
            label=_label(index, subject),
            names=tuple(value.text for value in index.values(subject, "skos:altLabel")),
            broader=_target(index, subject, "skos:broader", codes),
        )
        for subject, code in codes.items()
    }


def _kinds(index: Index) -> dict[str, QuantityKind]:
    boundaries = {subject: code for code, subject in _of(index, "FactorBoundary")}

    def texts(subject: str, predicate: str) -> tuple[str, ...]:
        return tuple(value.text for value in index.values(subject, predicate))

    return {
        code: QuantityKind(
            code=code,
            domain=_one(index, subject, "cw:domain"),
            short=_one(index, subject, "cw:shortName"),
            label=_label(index, subject),
            definition=_label(index, subject, "skos:definition"),
            numerators=texts(subject, "cw:numerator"),
            denominators=texts(subject, "cw:denominator"),
            boundaries=_target(index, subject, "cw:boundaryPermitted", boundaries),
            subject="".join(texts(subject, "cw:defaultSubject")),
        )
        for code, subject in _of(index, "QuantityKind")
    }


def description() -> str:
    """Return the description of the columns of a factor table: CSV on the Web, as JSON."""
    from crosswalk.knowledge.load import knowledge_dirs

    return (knowledge_dirs()[0] / "factors" / "factor-table.json").read_text("utf-8")

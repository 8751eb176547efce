"""Load every set of climate metric values, also those no conversion reads, apart from the Catalogue."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec

from crosswalk.knowledge.records import EvidenceClass, Record, Statement, Text

if TYPE_CHECKING:
    from crosswalk.knowledge.index import Document
    from crosswalk.knowledge.reader import Reader

_SUFFIX = ".metrics"


class MetricSet(Record):
    """A set of values of one metric (``GWP`` or ``GTP``) over one horizon in years.

    ``names`` are further spellings; several sets may share one ("AR5").
    """

    code: str
    iri: str
    label: Text
    metric: str
    horizon: int
    statement: Statement
    names: tuple[str, ...] = ()


class MetricValue(Record):
    """A value of a set for a gas of an origin, ``""`` for any: a decimal string in kg CO2e per kg."""

    set: str
    gas: str
    origin: str
    value: str
    statement: Statement


class MetricBase(Record):
    """All sets, by code, with their values in the order in which the tables print them."""

    sets: dict[str, MetricSet]
    values: tuple[MetricValue, ...]
    version: str
    hash: str


def load_metrics(knowledge: Sequence[str | os.PathLike[str]] = ()) -> MetricBase:
    """Return every set of the built-in knowledge and of the folders in ``knowledge``.

    Raises ``KnowledgeError`` where a folder is missing or a statement is incomplete.

    >>> load_metrics().sets["AR6-7.SM.7-GTP100"].horizon
    100
    """
    return _load(tuple(os.path.abspath(path) for path in knowledge))


@lru_cache(maxsize=4)
def _load(knowledge: tuple[str, ...]) -> MetricBase:
    from crosswalk.knowledge.cache import content_hash, read_entry, write_entry
    from crosswalk.knowledge.load import knowledge_documents

    documents = knowledge_documents([Path(path) for path in knowledge])
    key = content_hash(documents, Path(__file__).read_bytes())
    data = read_entry(key + _SUFFIX)
    if data is not None:
        with contextlib.suppress(msgspec.MsgspecError):
            kept = msgspec.msgpack.decode(data, type=MetricBase)
            if kept.hash == key:
                return kept
    base = _compile(documents, key)
    write_entry(key + _SUFFIX, msgspec.msgpack.encode(base))
    return base


def _compile(documents: list[Document], key: str) -> MetricBase:
    from crosswalk.knowledge.cache import package_version
    from crosswalk.knowledge.index import build
    from crosswalk.knowledge.reader import Reader

    read = Reader(build(documents))
    # As the files have them, not as the IRIs sort: main gases come first in every table.
    written = read.index.types
    sets = {code: _set(read, code, subject) for code, subject in read.subjects("GWP set")}
    order = {subject: number for number, subject in enumerate(_of(written, "GwpSet"))}
    return MetricBase(
        sets=dict(sorted(sets.items(), key=lambda item: order[item[1].iri])),
        values=tuple(_value(read, subject, sets) for subject in _of(written, "Characterisation")),
        version=package_version(),
        hash=key,
    )


def _of(types: dict[str, list[str]], name: str) -> list[str]:
    from crosswalk.knowledge.index import CW

    return list(dict.fromkeys(types.get(CW + name, ())))


def _set(read: Reader, code: str, subject: str) -> MetricSet:
    return MetricSet(
        code=code,
        iri=subject,
        label=read.text(subject),
        # What says nothing is a set as there were before other metrics came.
        metric=read.string(subject, "cw:metric", "GWP"),
        horizon=read.integer(subject, "cw:horizon"),
        statement=read.statement(subject),
        names=tuple(value.text for value in read.values(subject, "skos:hiddenLabel")),
    )


def _value(read: Reader, subject: str, sets: dict[str, MetricSet]) -> MetricValue:
    code = read.ref(subject, "cw:gwpSet", "GWP set")
    of_set = sets[code].statement
    # A value that does not say where it stands, or how it is known, is as its set is.
    evidence = read.string(subject, "cw:evidence").rpartition("#")[2] or of_set.evidence
    return MetricValue(
        set=code,
        gas=read.ref(subject, "cw:gas", "gas"),
        origin=read.maybe_ref(subject, "cw:origin", "origin") or "",
        value=read.number(subject, "cw:value"),
        statement=Statement(
            iri=read.index.owner(subject),
            clause=read.string(subject, "cw:clause", of_set.clause),
            sources=read.refs(subject, "dcterms:source", "source") or of_set.sources,
            evidence=cast(EvidenceClass, evidence),
            note=read.maybe_text(subject, "rdfs:comment"),
        ),
    )

"""Index in, Recognition out: fields of a claim, levels, rules, bodies, arrangements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Literal, NoReturn, cast, get_args

from crosswalk.errors import KnowledgeError
from crosswalk.knowledge.compile_shapes import Known, Shapes
from crosswalk.knowledge.index import PREFIXES, Value, curie
from crosswalk.knowledge.reader import Reader
from crosswalk.knowledge.recognition import (
    Arrangement,
    Body,
    ClaimField,
    Kind,
    Level,
    Pack,
    Recognition,
    Rule,
    Severity,
    Status,
)

_KINDS: tuple[str, ...] = get_args(Kind)
_SEVERITIES: tuple[str, ...] = get_args(Severity)
_STATUSES: tuple[str, ...] = get_args(Status)
Named = Literal["regime", "body"]
Verdict = Literal["not-assessable", "not-applicable"]
_VERDICTS: tuple[str, ...] = get_args(Verdict)
_XSD = PREFIXES["xsd"]
#: What the words of a field may be codes of.
_NAMED: tuple[str, ...] = get_args(Named)


def compile_recognition(read: Reader) -> Recognition:
    """Return all that is said of recognition. Raises ``KnowledgeError`` naming file, subject and remedy."""
    known = what_is_known(read)
    rules = {code: compile_rule(read, known, code, node) for code, node in read.subjects("rule")}
    return Recognition(
        fields=known.fields,
        levels=_levels(read),
        rules=rules,
        packs={
            code: Pack(
                code=code,
                label=read.text(node),
                rules=tuple(one.code for one in rules.values() if one.pack == code),
            )
            for code, node in read.subjects("pack")
        },
        bodies={
            code: Body(
                code=code,
                iri=node,
                label=read.text(node),
                statement=read.statement(node),
                member_of=read.refs(node, "cw:memberOf", "body"),
            )
            for code, node in read.subjects("body")
        },
        arrangements={
            code: compile_arrangement(read, known, code, node) for code, node in read.subjects("arrangement")
        },
    )


def faults(read: Reader) -> Iterator[KnowledgeError]:
    """Yield the first fault of every rule and every arrangement: for whoever wants to see all at once."""
    try:
        known = what_is_known(read)
    except KnowledgeError as error:
        yield error
        return
    made: tuple[tuple[str, Callable[[Reader, Known, str, str], object]], ...] = (
        ("rule", compile_rule),
        ("arrangement", compile_arrangement),
    )
    for kind, compiler in made:
        for code, node in read.subjects(kind):
            try:
                compiler(read, known, code, node)
            except KnowledgeError as error:
                yield error


def what_is_known(read: Reader) -> Known:
    """Return what rules may name. Raises ``KnowledgeError`` where a field is not well described."""
    undescribed = {
        value.text
        for predicate, kind in (("cw:denotesCode", "Alias"), ("cw:buildsOn", "Regime"))
        for node in read.index.of_type(kind)
        for value in read.values(node, predicate)
        if not value.is_ref
    }
    bodies = {code for code, _ in read.subjects("body")}
    regimes = {code for code, _ in read.subjects("regime")}
    fields = _fields(read)
    return Known(
        fields=fields,
        names={code: one.names for code, one in fields.items() if one.names},
        codes={
            # A programme is a body, and may be the target of a claim as a regime may.
            "regime": frozenset({*regimes, *undescribed, *map(_body, bodies)}),
            "body": frozenset(bodies),
        },
    )


def _body(code: str) -> str:
    return f"body:{code}"


def _fields(read: Reader) -> dict[str, ClaimField]:
    found = []
    for code, node in read.subjects("claim field"):
        kind = _among(read, node, "cw:valueKind", _KINDS)
        words = [value.text for value in read.values(node, "cw:word")]
        found.append(
            ClaimField(
                code=code,
                iri=node,
                label=read.text(node),
                kind=cast(Kind, kind),
                definition=read.maybe_text(node, "skos:definition"),
                values={read.code(word): read.text(word) for word in words},
                names=cast(Named, _among(read, node, "cw:names", _NAMED))
                if read.values(node, "cw:names")
                else "",
                unit=read.string(node, "cw:inUnit"),
                derived=read.flag(node, "cw:derived"),
                order=read.integer(node, "cw:order"),
            )
        )
    return {one.code: one for one in sorted(found, key=lambda one: (one.order, one.code))}


def _whose(read: Reader, node: str) -> Literal["", "regime", "body"]:
    stated = read.values(node, "cw:names")
    return cast(Named, _among(read, node, "cw:names", _NAMED)) if stated else ""


def _levels(read: Reader) -> dict[str, Level]:
    found = [
        Level(
            code=code,
            label=read.text(node),
            rank=read.integer(node, "cw:rank"),
            definition=read.maybe_text(node, "skos:definition"),
            rests_on=read.refs(node, "cw:restsOnLevel", "level"),
            chains=read.flag(node, "cw:chains"),
        )
        for code, node in read.subjects("level")
    ]
    ordered = sorted(found, key=lambda one: (one.rank, one.code))
    rank = {one.code: one.rank for one in ordered}
    for one in ordered:
        for below in one.rests_on:
            if rank[below] >= one.rank:
                read.fail(
                    "knowledge-rank", dict(read.subjects("level"))[one.code], level=one.code, below=below
                )
    return {one.code: one for one in ordered}


def compile_arrangement(read: Reader, known: Known, code: str, node: str) -> Arrangement:
    """Return one arrangement. Raises ``KnowledgeError`` for what it names or dates wrongly."""
    levels = [(read.integer(value.text, "cw:rank", 0), value) for value in read.values(node, "cw:level")]
    if not levels:
        read.fail("knowledge-missing", node, predicate="cw:level")
    start, end = _day(read, node, "cw:start"), _day(read, node, "cw:end")
    if start and end and start > end:
        read.fail("knowledge-days", node, start=start, end=end)
    return Arrangement(
        code=code,
        iri=node,
        label=read.text(node),
        givers=_parties(read, known, node, "cw:giver"),
        takers=_parties(read, known, node, "cw:taker"),
        levels=tuple(
            read.resolve(node, "cw:level", "level", value)
            for _, value in sorted(levels, key=lambda one: (one[0], one[1].text))
        ),
        status=cast(Status, read.word(node, "cw:status", _STATUSES)),
        statement=read.statement(node),
        start=start,
        end=end,
        scope=tuple(sorted(value.text for value in read.values(node, "cw:limitedTo"))),
        conditions=read.refs(node, "cw:subjectTo", "rule"),
    )


def _parties(read: Reader, known: Known, node: str, predicate: str) -> tuple[str, ...]:
    found = set()
    for value in read.values(node, predicate):
        if not value.is_ref:
            code = value.text
        elif value.text in read.codes["body"]:
            code = _body(read.codes["body"][value.text])
        else:
            code = read.codes["regime"].get(value.text, "")
        if code not in known.codes["regime"]:
            read.dangling(node, predicate, value, "regime or body")
        found.add(code)
    if not found:
        read.fail("knowledge-missing", node, predicate=predicate)
    return tuple(sorted(found))


def _day(read: Reader, node: str, predicate: str) -> str | None:
    found = read.maybe(node, predicate)
    return None if found is None else _date(read, node, predicate, found)


def _date(read: Reader, node: str, predicate: str, value: Value) -> str:
    try:
        made = date.fromisoformat(value.text).isoformat() if value.datatype == _XSD + "date" else None
    except ValueError:
        made = None
    return made or _refuse(read, node, predicate, value, '"2025-04-30"^^xsd:date')


def compile_rule(read: Reader, known: Known, code: str, node: str) -> Rule:
    """Return one rule. Raises ``KnowledgeError`` for SHACL that rules cannot use, and for what it names."""
    when = read.maybe(node, "cw:when")
    requires = read.one(node, "cw:requires")
    level = read.ref(node, "cw:level", "level")
    verdict = read.maybe(node, "cw:verdict")
    if verdict is not None and read.integer(read.one(node, "cw:level").text, "cw:rank"):
        read.fail("knowledge-verdict", node, level=level)
    return Rule(
        code=code,
        iri=node,
        label=read.text(node),
        level=level,
        severity=cast(Severity, read.word(node, "cw:severity", _SEVERITIES)),
        requires=Shapes(read, known, node).condition(requires),
        statement=read.statement(node),
        pack=read.ref(node, "cw:pack", "pack"),
        when=None if when is None else Shapes(read, known, node).condition(when),
        verdict=None if verdict is None else cast(Verdict, read.word(node, "cw:verdict", _VERDICTS)),
        asks=read.refs(node, "cw:asks", "claim field"),
        shape=_named(requires),
        when_shape="" if when is None else _named(when),
    )


def _among(read: Reader, node: str, predicate: str, allowed: tuple[str, ...]) -> str:
    value = read.one(node, predicate)
    return value.text if value.text in allowed else _refuse(read, node, predicate, value, ", ".join(allowed))


def _named(value: Value) -> str:
    return "" if value.text.startswith("_:") else value.text


def _refuse(read: Reader, node: str, predicate: str, value: Value, expected: str) -> NoReturn:
    shown = curie(value.text) if value.is_ref else f'"{value.text}"'
    read.fail("knowledge-value", node, predicate=predicate, value=shown, expected=expected)

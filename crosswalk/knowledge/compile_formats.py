"""The part of the Catalogue that says what reports disclose: formats, fields, identities, spellings."""

from __future__ import annotations

from typing import Literal, TypeVar, cast, get_args

from crosswalk.knowledge.catalogue import Alias, Basis, Field, Format, Identity, Term
from crosswalk.knowledge.reader import Reader

Made = TypeVar("Made")
_BASES: tuple[str, ...] = get_args(Basis)
#: What a spelling may stand for; a class of ours that is not listed here has no spellings.
_SPELLED = (
    "regime",
    "option",
    "unit",
    "stage",
    "gas",
    "format",
    "activity",
    "origin",
    "gas family",
    "GWP set",
)


def compile_formats(read: Reader) -> dict[str, Format]:
    """Return all formats by code, each with its fields and identities by code."""
    fields: dict[str, dict[str, Field]] = {}
    for subject in read.index.of_type("Field"):
        field = _field(read, subject)
        _put(read, subject, fields.setdefault(field.format, {}), field.code, field)
    identities: dict[str, dict[str, Identity]] = {}
    for subject in read.index.of_type("Identity"):
        identity = _identity(read, subject)
        _put(read, subject, identities.setdefault(identity.format, {}), identity.code, identity)
    return {
        code: Format(
            code=code,
            label=read.text(subject),
            regime=read.maybe_ref(subject, "cw:regime", "regime"),
            fields=dict(sorted(fields.get(code, {}).items())),
            identities=dict(sorted(identities.get(code, {}).items())),
            administrative=_strings(read, subject, "cw:administrative"),
            unusable=_strings(read, subject, "cw:unusable"),
        )
        for code, subject in read.subjects("format")
    }


def _put(read: Reader, subject: str, where: dict[str, Made], code: str, made: Made) -> None:
    if code in where:
        read.fail("knowledge-duplicate", subject, name=code, other=code)
    where[code] = made


def _strings(read: Reader, subject: str, predicate: str) -> tuple[str, ...]:
    return tuple(sorted({value.text for value in read.values(subject, predicate)}))


def _field(read: Reader, subject: str) -> Field:
    readings = sorted(
        (read.integer(value.text, "cw:order", 0), place, read.selection(value.text))
        for place, value in enumerate(read.values(subject, "cw:reading"))
    )
    on = read.on(subject)
    if on is None and not readings:
        read.fail("knowledge-missing", subject, predicate="cw:on")
    basis = read.word(subject, "cw:basis", _BASES) if read.values(subject, "cw:basis") else "co2e"
    return Field(
        code=read.code(subject),
        format=read.ref(subject, "cw:format", "format"),
        path=read.one(subject, "cw:path").text,
        label=read.text(subject),
        on=on if on is not None else readings[0][2],
        statement=read.statement(subject),
        basis=cast(Basis, basis),
        scale=read.ratio(subject, "cw:coefficient", "1"),
        under=read.refs(subject, "cw:under", "option"),
        beside=read.refs(subject, "cw:beside", "option"),
        balance=read.balance(subject),
        upper_limit=read.flag(subject, "cw:upperLimit"),
        headline=read.integer(subject, "cw:headline", 0),
        readings=tuple(selection for _, _, selection in readings),
        spellings=_strings(read, subject, "cw:spelling"),
        sign=cast(Literal["", "+", "-"], _sign(read, subject)),
        hints=_strings(read, subject, "skos:hiddenLabel"),
        relation_only=read.flag(subject, "cw:relationsOnly"),
        may_be_nothing=read.flag(subject, "cw:mayBeNothing"),
    )


def _sign(read: Reader, subject: str) -> str:
    found = read.string(subject, "cw:sign")
    if found not in ("", "+", "-"):
        read.fail("knowledge-value", subject, predicate="cw:sign", value=f'"{found}"', expected='"+", "-"')
    return found


def _identity(read: Reader, subject: str) -> Identity:
    code, of_format = read.code(subject), read.ref(subject, "cw:format", "format")
    return Identity(
        code=code,
        format=of_format,
        label=read.text(subject),
        terms=tuple(_term(read, value.text, of_format) for value in read.values(subject, "cw:term")),
        statement=read.statement(subject),
        alternative=read.optional(subject, "cw:alternative"),
    )


def _term(read: Reader, node: str, of_format: str) -> Term:
    field = read.one(node, "cw:field").text
    code = read.ref(node, "cw:field", "field")
    if read.ref(field, "cw:format", "format") != of_format:
        read.fail("knowledge-foreign-field", node, field=code, format=of_format)
    return Term(field=code, coefficient=read.ratio(node, "cw:coefficient", "1"))


def compile_aliases(read: Reader) -> tuple[Alias, ...]:
    """Return every spelling, one record a kind of thing it may stand for, sorted by kind and spelling."""
    found = [alias for subject in read.index.of_type("Alias") for alias in _alias(read, subject)]
    for code, subject in read.subjects("gas"):
        found.extend(
            Alias(spelling=spelling, kind="gas", denotes=(code,))
            for spelling in _strings(read, subject, "skos:hiddenLabel")
        )
    return tuple(sorted(set(found), key=lambda one: (one.kind, one.spelling, one.used_by, one.denotes)))


def _alias(read: Reader, subject: str) -> list[Alias]:
    by_kind: dict[str, list[str]] = {}
    for value in read.values(subject, "cw:denotes"):
        kind = next((kind for kind in _SPELLED if value.text in read.codes[kind]), None)
        if kind is None:
            read.dangling(subject, "cw:denotes", value, " / ".join(_SPELLED))
        by_kind.setdefault(kind, []).append(read.codes[kind][value.text])
    undescribed = _strings(read, subject, "cw:denotesCode")
    if undescribed:
        by_kind.setdefault("regime", [])
    if not by_kind:
        read.fail("knowledge-missing", subject, predicate="cw:denotes")
    spellings = _strings(read, subject, "cw:spelling")
    if not spellings:
        read.fail("knowledge-missing", subject, predicate="cw:spelling")
    return [
        Alias(
            spelling=spelling,
            kind=kind,
            denotes=tuple(sorted(denotes)),
            undescribed=undescribed if kind == "regime" else (),
            used_by=", ".join(read.local(value) for value in read.values(subject, "cw:usedBy")),
            statement=read.maybe_statement(subject),
        )
        for spelling in spellings
        for kind, denotes in sorted(by_kind.items())
    ]

"""Index in, Catalogue out. What is incomplete is an error that names file, subject and remedy.

Everything is ordered by code, never by hash or by blank node, so that equal files make equal bytes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import cast, get_args

from crosswalk.knowledge.catalogue import (
    Assumption,
    Catalogue,
    CellFamily,
    Concept,
    Constant,
    DatedStatement,
    Dimension,
    Effect,
    Gas,
    GoodsRule,
    GwpSet,
    Input,
    Modality,
    Operation,
    Option,
    Profile,
    Regime,
    Requirement,
    Selection,
    Source,
    Unit,
)
from crosswalk.knowledge.compile_formats import compile_aliases, compile_formats
from crosswalk.knowledge.compile_recognition import compile_recognition
from crosswalk.knowledge.compile_uncertainty import compile_pedigrees, compile_ranges
from crosswalk.knowledge.index import CW, Index
from crosswalk.knowledge.reader import Reader
from crosswalk.knowledge.records import FIRM

_MODALITIES = {name if name != "unknown" else "modalityUnknown": name for name in get_args(Modality)}
_EFFECT_KINDS = ("cw:weight", "cw:outOfScope", "cw:characterisedBy", "cw:asOrigin")


def compile_catalogue(index: Index, *, version: str, content_hash: str) -> Catalogue:
    """Compile an index. Raises ``KnowledgeError`` naming file and subject, and what to do."""
    read = Reader(index)
    options = _options(read)
    return Catalogue(
        version=version,
        hash=content_hash,
        stages=_concepts(read, "stage"),
        activities=_concepts(read, "activity"),
        origins=_concepts(read, "origin"),
        gas_families=_concepts(read, "gas family"),
        gases=_gases(read),
        cell_families=_cell_families(read),
        dimensions=_dimensions(read, options),
        options=options,
        regimes=_regimes(read),
        gwp_sets=_gwp_sets(read),
        formats=compile_formats(read),
        aliases=compile_aliases(read),
        profiles=_profiles(read),
        operations=_operations(read),
        sources=_sources(read),
        units=_units(read),
        pedigrees=compile_pedigrees(read),
        metric_ranges=compile_ranges(read),
        recognition=compile_recognition(read),
    )


def _concepts(read: Reader, kind: str) -> dict[str, Concept]:
    found = [
        Concept(
            code=code,
            label=read.text(subject),
            order=read.integer(subject, "cw:order", 0),
            broader=read.maybe_ref(subject, "skos:broader", kind),
        )
        for code, subject in read.subjects(kind)
    ]
    return {concept.code: concept for concept in sorted(found, key=lambda one: (one.order, one.code))}


def _gases(read: Reader) -> dict[str, Gas]:
    return {
        code: Gas(
            code=code,
            label=read.text(subject),
            families=_with_ancestors(read, subject),
            cas=read.optional(subject, "cw:cas"),
        )
        for code, subject in read.subjects("gas")
    }


def _with_ancestors(read: Reader, gas: str) -> tuple[str, ...]:
    found: set[str] = set()
    todo = [(gas, value) for value in read.values(gas, "cw:gasFamily")]
    while todo:
        holder, value = todo.pop()
        predicate = "cw:gasFamily" if holder == gas else "skos:broader"
        code = read.resolve(holder, predicate, "gas family", value)
        if code not in found:
            found.add(code)
            todo.extend((value.text, above) for above in read.values(value.text, "skos:broader"))
    return tuple(sorted(found))


def _cell_families(read: Reader) -> tuple[CellFamily, ...]:
    found = []
    for subject in read.index.of_type("CellFamily"):
        on = read.selection(subject)
        code = subject.replace("#", "/").rsplit("/", 1)[-1]
        for name, given in (
            ("cw:stage", on.stages),
            ("cw:activity", on.activities),
            ("cw:gas", on.gases or on.families),
            ("cw:origin", on.origins),
        ):
            if not given:
                read.fail("knowledge-missing", subject, predicate=name)
        found.append(
            CellFamily(
                code=read.string(subject, "skos:notation", code),
                stages=on.stages,
                activities=on.activities,
                gases=on.gases,
                families=on.families,
                origins=on.origins,
            )
        )
    return tuple(sorted(found, key=lambda one: one.code))


def _options(read: Reader) -> dict[str, Option]:
    found = {}
    for code, subject in read.subjects("option"):
        found[code] = Option(
            code=code,
            dimension=read.ref(subject, "cw:dimension", "dimension"),
            label=read.text(subject),
            effects=tuple(_effect(read, value.text) for value in read.values(subject, "cw:effect")),
            neutral=read.flag(subject, "cw:neutral"),
            years=read.integer(subject, "cw:years", 0) or None,
        )
    return found


def _effect(read: Reader, node: str) -> Effect:
    kinds = [name for name in _EFFECT_KINDS if read.values(node, name)]
    if len(kinds) != 1:
        read.fail("knowledge-effect", node, found=", ".join(kinds) or "–")
    on = read.on(node)
    if on is None and kinds != ["cw:characterisedBy"]:
        read.fail("knowledge-missing", node, predicate="cw:on")
    return Effect(
        on=on or Selection(),
        weight=read.maybe_number(node, "cw:weight"),
        out_of_scope=read.flag(node, "cw:outOfScope"),
        characterised_by=read.maybe_ref(node, "cw:characterisedBy", "GWP set"),
        as_origin=read.maybe_ref(node, "cw:asOrigin", "origin"),
        when=read.maybe_ref(node, "cw:when", "option"),
    )


def _dimensions(read: Reader, options: dict[str, Option]) -> dict[str, Dimension]:
    members: dict[str, list[str]] = {}
    for option in options.values():
        members.setdefault(option.dimension, []).append(option.code)
    return {
        code: Dimension(
            code=code,
            label=read.text(subject),
            definition=read.maybe_text(subject, "skos:definition"),
            family=read.family(subject),
            order=read.integer(subject, "cw:order", 0),
            row=read.optional(subject, "cw:row"),
            operation=read.optional(subject, "cw:operation"),
            options=tuple(members.get(code, ())),
        )
        for code, subject in read.subjects("dimension")
    }


def _regimes(read: Reader) -> dict[str, Regime]:
    requirements = _requirements(read)
    dates: dict[str, list[DatedStatement]] = {}
    for node in read.index.of_type("DatedStatement"):
        dates.setdefault(read.ref(node, "cw:about", "regime"), []).append(_dated(read, node))
    return {
        code: Regime(
            code=code,
            iri=subject,
            label=read.text(subject),
            authority=read.local(read.one(subject, "cw:authority")),
            edition=read.one(subject, "cw:edition").text,
            status=read.local(read.one(subject, "cw:status")),
            requirements=requirements.get(code, {}),
            builds_on=tuple(sorted(read.local(value) for value in read.values(subject, "cw:buildsOn"))),
            dates=tuple(
                sorted(dates.get(code, ()), key=lambda one: (one.date, one.event, one.statement.iri))
            ),
            sources=read.refs(subject, "dcterms:source", "source"),
            note=read.maybe_text(subject, "rdfs:comment"),
        )
        for code, subject in read.subjects("regime")
    }


def _dated(read: Reader, node: str) -> DatedStatement:
    return DatedStatement(
        event=read.local(read.one(node, "cw:event")),
        date=read.one(node, "cw:value").text,
        statement=read.statement(node),
    )


def _requirements(read: Reader) -> dict[str, dict[str, Requirement]]:
    found: dict[str, dict[str, Requirement]] = {}
    rules = _goods_rules(read)
    for node in read.index.of_type("Requirement"):
        made = _requirement(read, node, rules)
        of_regime = found.setdefault(made.regime, {})
        if made.dimension in of_regime:
            code = f"{made.regime} / {made.dimension}"
            read.fail("knowledge-duplicate", node, name=code, other=of_regime[made.dimension].statement.iri)
        of_regime[made.dimension] = made
    for (regime, dimension), alone in rules.items():
        if dimension not in found.get(regime, {}):
            read.fail("knowledge-goods", alone[0][0], option=", ".join(alone[0][1].permits))
    return {regime: dict(sorted(by_dimension.items())) for regime, by_dimension in sorted(found.items())}


def _goods_rules(read: Reader) -> dict[tuple[str, str], list[tuple[str, GoodsRule]]]:
    """Rules for goods, with their nodes, by regime and dimension."""
    found: dict[tuple[str, str], list[tuple[str, GoodsRule]]] = {}
    for node in sorted(read.index.of_type("GoodsRule")):
        made = GoodsRule(
            permits=read.refs(node, "cw:permits", "option"),
            prefixes=_texts(read, node, "cw:codePrefix"),
            excepts=_texts(read, node, "cw:codeExcept"),
            categories=_texts(read, node, "cw:good"),
            statement=read.statement(node),
        )
        key = read.ref(node, "cw:regime", "regime"), read.ref(node, "cw:dimension", "dimension")
        found.setdefault(key, []).append((node, made))
    return found


def _texts(read: Reader, node: str, predicate: str) -> tuple[str, ...]:
    return tuple(sorted(value.text for value in read.values(node, predicate)))


def _requirement(
    read: Reader, node: str, rules: dict[tuple[str, str], list[tuple[str, GoodsRule]]]
) -> Requirement:
    dimension = read.ref(node, "cw:dimension", "dimension")
    regime = read.ref(node, "cw:regime", "regime")
    permits = read.refs(node, "cw:permits", "option")
    prefers = read.maybe_ref(node, "cw:prefers", "option")
    for code in (*permits, *((prefers,) if prefers else ())):
        if code.partition(".")[0] != dimension:
            read.fail("knowledge-foreign-option", node, option=code, dimension=dimension)
    if prefers and prefers not in permits:
        read.fail("knowledge-preference", node, option=prefers)
    goods = rules.get((regime, dimension), [])
    for rule, made in goods:
        for option in made.permits:
            if option not in permits:
                read.fail("knowledge-goods", rule, option=option)
    return Requirement(
        regime=regime,
        dimension=dimension,
        permits=permits,
        prefers=prefers,
        modality=cast(Modality, _MODALITIES[read.word(node, "cw:modality", _MODALITIES)]),
        statement=read.statement(node),
        limit=read.maybe_number(node, "cw:limit"),
        lines=tuple(sorted(read.local(value) for value in read.values(node, "cw:requiresLine"))),
        fixes=dict(sorted(_fixed(read, value.text) for value in read.values(node, "cw:fixes"))),
        goods=tuple(made for _, made in goods),
        years=read.integer(node, "cw:years", 0) or None,
    )


def _fixed(read: Reader, node: str) -> tuple[str, tuple[str, ...]]:
    """Return what is fixed, and what it may be: numbers in ascending order, or options."""
    numbers = (read.decimal(node, "cw:mayBe", value) for value in read.values(node, "cw:mayBe"))
    may_be = (*sorted(numbers, key=Decimal), *read.refs(node, "cw:key", "option"))
    return read.one(node, "skos:notation").text, may_be


def _gwp_sets(read: Reader) -> dict[str, GwpSet]:
    values: dict[str, dict[str, dict[str, str]]] = {}
    weak: dict[str, list[str]] = {}
    for node in read.index.of_type("Characterisation"):
        code = read.ref(node, "cw:gwpSet", "GWP set")
        gas = read.ref(node, "cw:gas", "gas")
        origin = read.maybe_ref(node, "cw:origin", "origin") or ""
        by_origin = values.setdefault(code, {}).setdefault(gas, {})
        if origin in by_origin:
            read.fail("knowledge-duplicate", node, name=f"{code} / {gas} / {origin or '*'}", other=code)
        by_origin[origin] = read.number(node, "cw:value")
        # A factor that does not say how it is known is known as its set is.
        evidence = read.maybe(node, "cw:evidence") or read.one(
            read.one(node, "cw:gwpSet").text, "cw:evidence"
        )
        if evidence.text.removeprefix(CW) not in FIRM:
            weak.setdefault(code, []).append(f"{gas}/{origin}")
    found = {}
    for code, subject in read.subjects("GWP set"):
        by_gas = {gas: dict(sorted(one.items())) for gas, one in sorted(values.get(code, {}).items())}
        found[code] = GwpSet(
            code=code,
            iri=subject,
            label=read.text(subject),
            horizon=read.integer(subject, "cw:horizon"),
            values=by_gas,
            statement=read.statement(subject),
            weak=tuple(sorted(weak.get(code, ()))),
        )
    return found


def _profiles(read: Reader) -> dict[str, Profile]:
    members: dict[str, list[Assumption]] = {}
    for node in read.index.of_type("Assumption"):
        made = _assumption(read, node)
        for code in read.refs(node, "cw:profile", "profile"):
            members.setdefault(code, []).append(made)
    return {
        code: Profile(
            code=code,
            label=read.text(subject),
            assumptions=tuple(sorted(members.get(code, ()), key=lambda one: one.code)),
        )
        for code, subject in read.subjects("profile")
    }


def _assumption(read: Reader, node: str) -> Assumption:
    share, balance = read.maybe_number(node, "cw:shareAtMost"), read.balance(node)
    on = read.on(node)
    if (share is None) == (balance is None) or (share is not None and on is None):
        read.fail("knowledge-assumption", node)
    return Assumption(
        code=read.code(node),
        label=read.text(node),
        statement=read.statement(node),
        on=on,
        share_at_most=share,
        balance=balance,
    )


def _operations(read: Reader) -> dict[str, Operation]:
    return {
        code: Operation(
            code=code,
            label=read.text(subject),
            family=read.family(subject),
            inputs=tuple(
                Input(
                    code=read.string(value.text, "skos:notation"),
                    label=read.text(value.text),
                )
                for value in read.values(subject, "cw:input")
            ),
            statement=read.maybe_statement(subject),
            constants=_constants(read, subject),
        )
        for code, subject in read.subjects("operation")
    }


def _constants(read: Reader, operation: str) -> dict[str, Constant]:
    found: dict[str, Constant] = {}
    for value in read.values(operation, "cw:constant"):
        code = read.code(value.text)
        if code in found:
            read.fail("knowledge-duplicate", value.text, name=code, other=found[code].statement.iri)
        found[code] = Constant(
            code=code,
            label=read.text(value.text),
            value=read.number(value.text, "cw:value"),
            unit=read.one(value.text, "cw:inUnit").text,
            statement=read.statement(value.text),
        )
    return dict(sorted(found.items()))


def _sources(read: Reader) -> dict[str, Source]:
    return {
        code: Source(
            code=code,
            title=read.one(subject, "dcterms:title").text,
            url=read.string(subject, "rdfs:seeAlso"),
            note=read.string(subject, "rdfs:comment"),
        )
        for code, subject in read.subjects("source")
    }


def _units(read: Reader) -> dict[str, Unit]:
    return {
        code: Unit(
            code=code,
            label=read.text(subject),
            dimension=read.string(subject, "cw:measures"),
            expression=read.string(subject, "cw:expression"),
            ucum=read.string(subject, "cw:ucum"),
            spellings=tuple(sorted(value.text for value in read.values(subject, "cw:spelling"))),
            trap=read.flag(subject, "cw:trap"),
        )
        for code, subject in read.subjects("unit")
    }

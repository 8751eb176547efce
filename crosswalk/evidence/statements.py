"""The statements an answer rests on: what each is about, its clause, its sources, and how it is known."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from crosswalk.engine.compiled import Compiled
from crosswalk.engine.plan import cite, matters, rests_on
from crosswalk.engine.proofs import Proof, Proofs
from crosswalk.engine.study import Study
from crosswalk.knowledge.catalogue import Catalogue, Regime
from crosswalk.knowledge.index import BASE, PREFIXES, Index, build
from crosswalk.knowledge.load import knowledge_documents
from crosswalk.knowledge.records import Record, Statement, Text
from crosswalk.knowledge.write import Triple, turtle
from crosswalk.results import Cited, Conversion


class Said(Record):
    """A statement, in full: ``kind`` tells what it is about, ``about`` which."""

    kind: str
    about: str
    label: Text
    iri: str
    clause: str
    evidence: str
    sources: tuple[str, ...] = ()
    note: Text | None = None

    @classmethod
    def of(cls, kind: str, about: str, label: Text, statement: Statement | Cited) -> Said:
        """Return a statement of the knowledge, or a citation of one."""
        return cls(
            kind=kind,
            about=about,
            label=label,
            iri=statement.iri,
            clause=statement.clause,
            evidence=statement.evidence,
            sources=statement.sources,
            note=statement.note,
        )


def of_conversion(answer: Conversion, compiled: Compiled, proofs: Proofs) -> list[Said]:
    """Return every statement a conversion rests on, each once, in a stable order."""
    study, target = compiled.study, compiled.target
    found = [
        *_requirements(answer, study, target, compiled),
        *_sets(study.universe.catalogue, (*proofs.guaranteed, *proofs.assumed)),
        *_fields(study, compiled),
        *_assumed(answer, compiled),
    ]
    unique = {(one.iri, one.about): one for one in found}
    return [unique[key] for key in sorted(unique)]


def _requirements(answer: Conversion, study: Study, target: Regime, compiled: Compiled) -> Iterator[Said]:
    catalogue = study.universe.catalogue
    used = [
        requirement
        for code in study.choices
        if _counts(study, code, compiled)
        for requirement in rests_on(study, target, code)
    ]
    cited = [
        *cite(used),
        *answer.provisional_reasons,
        *(one for step in answer.steps for one in step.clauses),
    ]
    for one in cited:
        yield Said.of("statement", one.about, _label(one.about, catalogue), one)


def _counts(study: Study, code: str, compiled: Compiled) -> bool:
    """Whether a dimension bears on numbers: what is only to be reported is cited where it is not met."""
    family = study.universe.catalogue.dimensions[code].family
    return family == "model" or (family == "convention" and matters(study.universe, code, compiled.alive))


def _label(about: str, catalogue: Catalogue) -> Text:
    """Return the label of what a citation is about: a dimension of a regime, or a code of its own."""
    regime, _, dimension = about.partition(" ")
    if regime in catalogue.regimes and dimension in catalogue.dimensions:
        one, other = catalogue.regimes[regime].label, catalogue.dimensions[dimension].label
        return Text(en=f"{one.en}: {other.en}", zh=f"{one.zh}：{other.zh}")
    operation = catalogue.operations.get(about)
    return Text(en=about, zh=about) if operation is None else operation.label


def _sets(catalogue: Catalogue, proofs: Iterable[Proof]) -> Iterator[Said]:
    for one in proofs:
        chosen = {} if one.scenario is None else {**one.scenario.source}
        codes = [*chosen.values(), *(one.scenario.target.values() if one.scenario else ())]
        for code in codes:
            for effect in catalogue.options[code].effects:
                if effect.characterised_by is not None:
                    known = catalogue.gwp_sets[effect.characterised_by]
                    yield Said.of("gwp-set", known.code, known.label, known.statement)
        for code in one.operations:
            operation = catalogue.operations.get(code)
            if operation is not None and operation.statement is not None:
                yield Said.of("operation", code, operation.label, operation.statement)


def _fields(study: Study, compiled: Compiled) -> Iterator[Said]:
    catalogue = study.universe.catalogue
    read = {one.field for one in study.footprint.disclosures}
    described = catalogue.formats.get(study.footprint.format)
    for field in described.fields.values() if described else ():
        if field.code in read:
            yield Said.of("field", field.code, field.label, field.statement)
    for field in compiled.fields:
        yield Said.of("field", field.code, field.label, field.statement)


def _assumed(answer: Conversion, compiled: Compiled) -> Iterator[Said]:
    for one in compiled.profile.assumptions if compiled.profile else ():
        yield Said.of("assumption", one.code, one.label, one.statement)


def document(said: Sequence[Said], catalogue: Catalogue) -> dict[str, Any]:
    """Return the statements and the sources they cite as plain data."""
    codes = sorted({code for one in said for code in one.sources})
    known = [catalogue.sources[code] for code in codes if code in catalogue.sources]
    return {
        "statements": [_plain(one) for one in said],
        "sources": [{"code": one.code, "title": one.title, "url": one.url} for one in known],
    }


def _plain(one: Said) -> dict[str, Any]:
    from crosswalk.results import to_plain

    found: dict[str, Any] = to_plain(one)
    return found


def options_of(proofs: Iterable[Proof]) -> list[str]:
    """Return the IRIs of the options behind the scenarios."""
    codes = {
        code
        for one in proofs
        if one.scenario is not None
        for method in (one.scenario.source, one.scenario.target)
        for code in method.values()
    }
    return [f"{BASE}option#{code}" for code in sorted(codes)]


def index_of(knowledge: Sequence[Path]) -> Index:
    """Return the statements of the knowledge; of the same folders read once, as the catalogue is."""
    return _index(tuple(os.path.abspath(folder) for folder in knowledge))


@lru_cache(maxsize=2)
def _index(knowledge: tuple[str, ...]) -> Index:
    return build(knowledge_documents([Path(folder) for folder in knowledge]))


def as_turtle(iris: Iterable[str], sources: Iterable[str], index: Index) -> str:
    """Return what the knowledge says of each thing, and of the sources, as Turtle."""
    wanted = [*iris, *(f"{PREFIXES['src']}{code}" for code in sources)]
    return turtle(triples_of(wanted, index))


def triples_of(subjects: Iterable[str], index: Index) -> list[Triple]:
    """Return all statements about some subjects, with the unnamed things that hang from them."""
    found: list[Triple] = []
    todo, seen = list(subjects), set[str]()
    while todo:
        subject = todo.pop()
        if subject in seen:
            continue
        seen.add(subject)
        for predicate, values in index.nodes.get(subject, {}).items():
            for value in values:
                found.append((subject, predicate, value._replace(file="")))
                if value.is_ref and value.text.startswith("_:"):
                    todo.append(value.text)
    return found

"""Turtle and mapping sets in, records out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from crosswalk.errors import KnowledgeError
from crosswalk.knowledge.index import BASE, SKOS, Document, Index
from crosswalk.knowledge.records import EvidenceClass, Text
from crosswalk.mappings.checks import against_schemes, between_rows
from crosswalk.mappings.records import (
    Collection,
    Mapping,
    Mappings,
    MappingSet,
    Product,
    Property,
    Quantity,
    Scheme,
    ScopeRule,
)
from crosswalk.mappings.relations import PREDICATES
from crosswalk.mappings.slots import NO_TERM
from crosswalk.mappings.sssom import Fault, Row, Sheet, extra, read
from crosswalk.messages import both

#: Where the products of the knowledge live.
PRODUCT = BASE + "product/"


def compile_mappings(index: Index, sheets: Sequence[Document], key: str) -> Mappings:
    """Return all records. Raises ``KnowledgeError`` at the first fault of a mapping set."""
    schemes, products = compile_schemes(index), compile_products(index)
    sets: dict[str, MappingSet] = {}
    rows: list[Mapping] = []
    for document in sheets:
        sheet = read(document.content)
        for fault in faults(sheet, schemes, products):
            raise KnowledgeError(
                "mapping-fault",
                where=f"{document.name}:{fault.line}",
                column=fault.column or "–",
                problem=both(f"lint.{fault.rule}", **fault.values),
                fix=both(f"lint.{fault.rule}.fix", **fault.values),
            )
        name = str(sheet.metadata["mapping_set_id"])
        if name in sets:
            raise KnowledgeError("mapping-set-twice", where=document.name, name=name, other=sets[name].file)
        sets[name] = _set(sheet, document.name)
        rows.extend(_rows(sheet, name, schemes))
    return Mappings(
        hash=key,
        schemes=schemes,
        products=products,
        collections=tuple(_collections(index)),
        rules=tuple(_rules(index)),
        sources={
            _text(index, one, "skos:notation"): _text(index, one, "dcterms:title")
            for one in _of(index, "Source")
        },
        sets=sets,
        rows=tuple(rows),
    )


def faults(sheet: Sheet, schemes: dict[str, Scheme], products: dict[str, Product]) -> Iterator[Fault]:
    """Yield every fault of a mapping set, those of single rows first."""
    yield from sheet.faults
    yield from between_rows(sheet)
    yield from against_schemes(sheet, schemes, products, PRODUCT)


def shorten(iri: str, schemes: Iterable[Scheme]) -> str:
    """Return ``prefix:code`` for a code of a scheme or a product, anything else as it is."""
    if iri.startswith(PRODUCT):
        return f"product:{iri.removeprefix(PRODUCT)}"
    for scheme in schemes:
        if iri.startswith(scheme.namespace):
            return f"{scheme.prefix}:{iri.removeprefix(scheme.namespace).removesuffix(scheme.suffix)}"
    return iri


def iri_of(node: str, schemes: dict[str, Scheme]) -> str:
    """Return the IRI of what :func:`shorten` made short."""
    prefix, _, code = node.partition(":")
    if prefix == "product":
        return PRODUCT + code
    scheme = schemes.get(prefix)
    return f"{scheme.namespace}{code}{scheme.suffix}" if scheme else node


def _set(sheet: Sheet, file: str) -> MappingSet:
    get = sheet.metadata.get
    return MappingSet(
        id=str(get("mapping_set_id")),
        title=str(get("mapping_set_title") or ""),
        version=str(get("mapping_set_version") or ""),
        license=str(get("license")),
        file=file,
    )


def _rows(sheet: Sheet, name: str, schemes: dict[str, Scheme]) -> Iterator[Mapping]:
    for row in sheet.rows:
        said = extra(row)
        relation = PREDICATES[row.iris["predicate_id"]]
        object_ = row.iris["object_id"]
        yield Mapping(
            subject=shorten(row.iris["subject_id"], schemes.values()),
            relation="overlap" if said.get("relation") == ["overlap"] else relation,
            object="" if object_ == NO_TERM else shorten(object_, schemes.values()),
            justification="semapv:" + row.iris["mapping_justification"].rsplit("/", 1)[-1],
            set=name,
            line=row.line,
            evidence=cast(EvidenceClass, said["evidence"][0]),
            sources=tuple(said["source"]),
            subject_label=row.get("subject_label"),
            object_label=row.get("object_label"),
            negated=row.get("predicate_modifier") == "Not",
            cardinality=row.get("mapping_cardinality"),
            confidence=_number(row),
            comment=row.get("comment"),
        )


def _number(row: Row) -> float | None:
    given = row.get("confidence")
    return float(given) if given else None


def _of(index: Index, name: str) -> list[str]:
    return index.of_type(name)


def _text(index: Index, subject: str, predicate: str) -> str:
    found = index.values(subject, predicate)
    return found[0].text if found else ""


def _needed(index: Index, subject: str, predicate: str) -> str:
    found = _text(index, subject, predicate)
    if not found:
        raise KnowledgeError("knowledge-missing", where=index.where(subject), predicate=predicate)
    return found


def _both(index: Index, subject: str, predicate: str) -> Text | None:
    found = {value.lang: value.text for value in index.values(subject, predicate)}
    return Text(en=found["en"], zh=found["zh"]) if {"en", "zh"} <= found.keys() else None


def _label(index: Index, subject: str) -> Text:
    found = _both(index, subject, "skos:prefLabel")
    if found is None:
        raise KnowledgeError("knowledge-missing", where=index.where(subject), predicate="skos:prefLabel")
    return found


def _sources(index: Index, subject: str) -> tuple[str, ...]:
    return tuple(one.text.rsplit("#", 1)[-1] for one in index.values(subject, "dcterms:source"))


def _evidence(index: Index, subject: str) -> EvidenceClass:
    return cast(EvidenceClass, _needed(index, subject, "cw:evidence").rsplit("#", 1)[-1])


def compile_schemes(index: Index) -> dict[str, Scheme]:
    """Return the editions of classifications by their prefix."""
    found = {}
    for one in _of(index, "Scheme"):
        scheme = Scheme(
            prefix=_needed(index, one, "cw:prefixName"),
            classification=_needed(index, one, "cw:classification"),
            edition=_needed(index, one, "cw:edition"),
            namespace=_needed(index, one, "cw:codeNamespace"),
            pattern=_needed(index, one, "cw:codePattern"),
            label=_label(index, one),
            authority=_needed(index, one, "cw:authority"),
            kind=_text(index, one, "cw:kind"),
            sources=_sources(index, one),
            evidence=_evidence(index, one),
            suffix=_text(index, one, "cw:codeSuffix"),
        )
        found[scheme.prefix] = scheme
    return dict(sorted(found.items()))


def compile_products(index: Index) -> dict[str, Product]:
    """Return the products by their code."""
    owned: dict[str, list[Property]] = {}
    for one in _of(index, "ProductProperty"):
        owned.setdefault(_needed(index, one, "cw:product"), []).append(_property(index, one))
    products = (_product(index, one, owned.get(one, [])) for one in _of(index, "Product"))
    return dict(sorted((product.code, product) for product in products))


def _product(index: Index, one: str, properties: list[Property]) -> Product:
    return Product(
        code=_needed(index, one, "skos:notation"),
        label=_label(index, one),
        names=tuple(value.text for value in index.values(one, "skos:hiddenLabel")),
        units=tuple(
            _needed(index, value.text, "skos:notation") for value in index.values(one, "cw:declaredUnit")
        ),
        properties=tuple(properties),
        clause=_needed(index, one, "cw:clause"),
        sources=_sources(index, one),
        evidence=_evidence(index, one),
        formula=_text(index, one, "cw:formula"),
        inchikey=_text(index, one, "cw:inchiKey"),
        note=_both(index, one, "rdfs:comment"),
    )


def _property(index: Index, one: str) -> Property:
    condition = _both(index, one, "cw:condition")
    if condition is None:
        raise KnowledgeError("knowledge-missing", where=index.where(one), predicate="cw:condition")
    return Property(
        quantity=cast(Quantity, _needed(index, one, "cw:quantity").rsplit("#", 1)[-1]),
        value=_needed(index, one, "cw:value"),
        unit=_needed(index, one, "cw:inUnit"),
        condition=condition,
        sources=_sources(index, one),
        evidence=_evidence(index, one),
        of=_text(index, one, "cw:ofSubstance"),
    )


def _collections(index: Index) -> Iterator[Collection]:
    for one in sorted(set(index.types.get(SKOS + "Collection", ()))):
        members = [value.text for value in index.values(one, "skos:member")]
        if not any(member.startswith(PRODUCT) for member in members):
            continue
        yield Collection(
            code=_needed(index, one, "skos:notation"),
            label=_label(index, one),
            assumed=_text(index, one, "cw:assumed") in ("true", "1"),
            members=tuple(member.removeprefix(PRODUCT) for member in members),
            sources=_sources(index, one),
            evidence=_evidence(index, one),
            note=_both(index, one, "rdfs:comment"),
        )


def _rules(index: Index) -> Iterator[ScopeRule]:
    for one in _of(index, "ScopeRule"):
        yield ScopeRule(
            scope=_needed(index, one, "cw:scope"),
            edition=_needed(index, one, "cw:edition"),
            rests_on=_needed(index, one, "cw:restsOn"),
            prefix=_needed(index, one, "cw:codePrefix"),
            listed=_needed(index, one, "cw:inScope") in ("true", "1"),
            clause=_needed(index, one, "cw:clause"),
            sources=_sources(index, one),
            evidence=_evidence(index, one),
            good=_both(index, one, "cw:good"),
        )

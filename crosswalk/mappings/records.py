"""What is known of products, classifications and the matches between them, as frozen records."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from crosswalk.knowledge.records import EvidenceClass, Record, Text
from crosswalk.mappings.relations import Relation

Quantity = Literal["density", "net-calorific-value", "gross-calorific-value", "active-content"]


class Scheme(Record):
    """One edition of a classification.

    ``prefix`` names it in mapping sets; ``suffix`` follows a code in its IRI.
    """

    prefix: str
    classification: str
    edition: str
    namespace: str
    pattern: str
    label: Text
    authority: str
    kind: str
    sources: tuple[str, ...]
    evidence: EvidenceClass
    suffix: str = ""

    @property
    def name(self) -> str:
        """The classification and its edition, for reading."""
        return f"{self.classification} {self.edition}"


class Property(Record):
    """A property of a product: ``value`` is a decimal as the source spells it, ``unit`` is UCUM."""

    quantity: Quantity
    value: str
    unit: str
    condition: Text
    sources: tuple[str, ...]
    evidence: EvidenceClass
    of: str = ""


class Product(Record):
    """A product category: names, units a footprint is declared per (codes), properties."""

    code: str
    label: Text
    names: tuple[str, ...]
    units: tuple[str, ...]
    properties: tuple[Property, ...]
    clause: str
    sources: tuple[str, ...]
    evidence: EvidenceClass
    formula: str = ""
    inchikey: str = ""
    note: Text | None = None


class Collection(Record):
    """A named list of products; one that is ``assumed`` was not published by whom it is about."""

    code: str
    label: Text
    assumed: bool
    members: tuple[str, ...]
    sources: tuple[str, ...]
    evidence: EvidenceClass
    note: Text | None = None


class ScopeRule(Record):
    """Codes that begin with ``prefix`` are in or out of a scope; the longest prefix decides."""

    scope: str
    edition: str
    rests_on: str
    prefix: str
    listed: bool
    clause: str
    sources: tuple[str, ...]
    evidence: EvidenceClass
    good: Text | None = None


class MappingSet(Record):
    """A file of mappings: what its metadata block says."""

    id: str
    title: str
    version: str
    license: str
    file: str


class Mapping(Record):
    """One row: ``subject relation object``. Ends are ``prefix:code``, or an IRI no scheme of ours covers.

    ``negated`` says that the relation does *not* hold; an ``object`` of ``""`` that nothing was found.
    ``confidence`` is trust in the match, not the uncertainty of a footprint.
    """

    subject: str
    relation: Relation
    object: str
    justification: str
    set: str
    line: int
    evidence: EvidenceClass
    sources: tuple[str, ...]
    subject_label: str = ""
    object_label: str = ""
    negated: bool = False
    cardinality: str = ""
    confidence: float | None = None
    comment: str = ""


class Mappings(Record):
    """All of it. Products and schemes stand in the order of their codes, rows in that of the files."""

    hash: str
    schemes: dict[str, Scheme]
    products: dict[str, Product]
    collections: tuple[Collection, ...]
    rules: tuple[ScopeRule, ...]
    sources: dict[str, str]
    sets: dict[str, MappingSet]
    rows: tuple[Mapping, ...]


class Step(Record):
    """One step of a chain; ``inverted`` where the row was read from its object to its subject."""

    from_: str = msgspec.field(name="from")
    to: str
    relation: Relation
    justification: str
    confidence: float | None
    evidence: EvidenceClass
    sources: tuple[str, ...]
    set: str
    inverted: bool
    comment: str = ""


class Code(Record):
    """A code with the classification it stands in."""

    id: str
    classification: str
    edition: str
    code: str
    label: str = ""


class Match(Record):
    """A code reached, with the chain that reached it.

    ``weakest`` is its weakest link, ``confidence`` the product of its confidences (``None`` where one
    is not stated), ``rule`` the number of the rule that says how a value carries over.
    """

    target: Code
    relation: Relation
    weakest: Relation
    steps: tuple[Step, ...]
    confidence: float | None
    evidence: EvidenceClass
    justification: str
    rule: int
    carries: Text
    reason: Text
    alternatives: int = 0


class Undecided(Record):
    """A code that is reached by a chain whose ends stand in no relation that can be decided."""

    target: Code
    steps: tuple[Step, ...]
    reason: Text
    would_decide: Text


class MapResult(Record):
    """What a code maps to. ``successors`` are named where the code is dead."""

    source: Code
    to: str
    matches: tuple[Match, ...]
    undecided: tuple[Undecided, ...]
    successors: tuple[Code, ...]
    hash: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with every field present."""
        from crosswalk.results import to_plain

        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain


class Scope(Record):
    """Whether a product or code is in a scope; ``listed`` is ``None`` where the rules leave it open."""

    scope: str
    edition: str
    rests_on: str
    listed: bool | None
    good: Text | None
    rule: str
    evidence: EvidenceClass
    sources: tuple[str, ...]


class CodeMatch(Record):
    """A code of a product: how the match was made and how far it carries."""

    code: Code
    relation: Relation
    justification: str
    confidence: float | None
    evidence: EvidenceClass
    sources: tuple[str, ...]
    carries: Text
    cardinality: str = ""
    comment: str = ""


class ProductView(Record):
    """A product with its codes, the codes rejected, and the schemes in which none was found."""

    product: Product
    codes: tuple[CodeMatch, ...]
    rejected: tuple[CodeMatch, ...]
    missing: tuple[tuple[str, str], ...]
    scopes: tuple[Scope, ...]
    collections: tuple[Collection, ...]
    found_by: str
    note: Text | None
    hash: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with every field present."""
        from crosswalk.results import to_plain

        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain

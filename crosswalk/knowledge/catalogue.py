"""The Catalogue: everything the knowledge graph says, as a tree of frozen records.

Concepts are known here by their codes (``skos:notation``); options by ``dimension.option``, e.g.
``gwp-set.ar6-t715``. Numbers stay decimal strings, as the Turtle spells them, so that exact
arithmetic can start from them. Nothing in here knows the engine, a file or RDF.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from crosswalk.knowledge.recognition import Recognition
from crosswalk.knowledge.records import Record, Statement, Text

Family = Literal["convention", "model", "document"]
Modality = Literal["shall", "should", "may", "silent", "unknown"]
Basis = Literal["co2e", "mass", "carbon"]


class Concept(Record):
    """A stage, activity, origin or gas family of the inventory schemes."""

    code: str
    label: Text
    order: int = 0
    broader: str | None = None


class Gas(Record):
    """A greenhouse gas: code, formula, CAS number where known, and the families it belongs to."""

    code: str
    label: Text
    families: tuple[str, ...] = ()
    cas: str | None = None


class Selection(Record):
    """Cells that match every attribute given; see ``cw:Selection``. Empty tuples match anything."""

    stages: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    gases: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    excepts: tuple[Selection, ...] = ()


class Effect(Record):
    """What an option does to the cells of ``on``.

    Exactly one of ``weight`` (a decimal string), ``out_of_scope``, ``characterised_by`` (a GWP set
    code) and ``as_origin`` (an origin code) is set. ``when`` names an option (``dimension.option``)
    without which the effect does not apply.
    """

    on: Selection = Selection()
    weight: str | None = None
    out_of_scope: bool = False
    characterised_by: str | None = None
    as_origin: str | None = None
    when: str | None = None


class Option(Record):
    """One answer to a dimension. ``code`` is ``dimension.option``; ``years`` the number it names, if any."""

    code: str
    dimension: str
    label: Text
    effects: tuple[Effect, ...] = ()
    neutral: bool = False
    years: int | None = None


class Dimension(Record):
    """One methodological question; ``options`` in the order of their codes."""

    code: str
    label: Text
    definition: Text | None
    family: Family
    order: int
    row: str | None = None
    operation: str | None = None
    options: tuple[str, ...] = ()


class GoodsRule(Record):
    """What a requirement comes down to for some goods, by customs code or by category.

    ``prefixes`` begin the codes it holds for, ``excepts`` those it does not; the longest decides.
    ``categories`` are the names, in any language, under which a regime lists such goods.
    """

    permits: tuple[str, ...]
    prefixes: tuple[str, ...]
    statement: Statement
    excepts: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def holds(self, goods: str) -> bool:
        """Whether the rule holds for all of ``goods``: a code, spaced or dotted, or the name of a category.

        >>> rule = GoodsRule(permits=(), prefixes=("72",), excepts=("7204",), statement=Statement(iri=""))
        >>> rule.holds("7208 10 00"), rule.holds("7204.10"), rule.holds("7318")
        (True, False, False)
        """
        code = "".join(goods.replace(".", " ").split())
        if not code.isdigit():
            return goods.strip().casefold() in {name.casefold() for name in self.categories}
        if any(one.startswith(code) and one != code for one in self.excepts):
            return False
        inside = max((len(one) for one in self.prefixes if code.startswith(one)), default=-1)
        outside = max((len(one) for one in self.excepts if code.startswith(one)), default=-1)
        return inside > outside


class Requirement(Record):
    """What a regime permits in a dimension. An empty ``permits`` means that nothing is known.

    ``fixes`` is what it fixes of a choice, by code: the values a parameter may take (decimal strings), or
    the option by which a group of outputs is shared out.
    ``goods`` say where it permits less for some goods. ``years`` is the number of years it names, if any.
    """

    regime: str
    dimension: str
    permits: tuple[str, ...]
    prefers: str | None
    modality: Modality
    statement: Statement
    limit: str | None = None
    lines: tuple[str, ...] = ()
    fixes: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    goods: tuple[GoodsRule, ...] = ()
    years: int | None = None

    def rule(self, goods: str | None) -> GoodsRule | None:
        """Return the one rule that holds for ``goods``; ``None`` where none or several do."""
        found = [one for one in self.goods if goods is not None and one.holds(goods)]
        return found[0] if len(found) == 1 else None


class DatedStatement(Record):
    """What one source says of a date of a regime; ``event`` is issued, effective, withdrawn, ..."""

    event: str
    date: str
    statement: Statement


class Regime(Record):
    """One edition of a standard; ``requirements`` by dimension code."""

    code: str
    iri: str
    label: Text
    authority: str
    edition: str
    status: str
    requirements: dict[str, Requirement]
    builds_on: tuple[str, ...] = ()
    dates: tuple[DatedStatement, ...] = ()
    sources: tuple[str, ...] = ()
    note: Text | None = None


class GwpSet(Record):
    """A set of characterisation factors.

    ``values[gas][origin]`` is a decimal string in kg CO2e per kg; the origin ``""`` stands for any
    origin not listed. ``weak`` lists the ``gas/origin`` keys whose value is not firmly known.
    """

    code: str
    iri: str
    label: Text
    horizon: int
    values: dict[str, dict[str, str]]
    statement: Statement
    weak: tuple[str, ...] = ()


class MetricRange(Record):
    """How uncertain a factor of a GWP set is: a range around it that holds ``coverage`` of the probability.

    ``half`` is half its width in kg CO2e per kg, or ``relative`` as a share of the factor; all decimal
    strings, one of the two is set. The origin ``""`` stands for any origin not listed.
    """

    gas: str
    origin: str
    coverage: str
    statement: Statement
    half: str | None = None
    relative: str | None = None


class Pedigree(Record):
    """A pedigree matrix: ``variances[indicator]`` has the variance of the natural logarithm that each
    score, from 1, is worth. ``indicators`` are in the order in which scores are listed."""

    code: str
    label: Text
    statement: Statement
    indicators: tuple[Concept, ...]
    variances: dict[str, tuple[str, ...]]


class CellFamily(Record):
    """All combinations of the attributes are cells of the inventory."""

    code: str
    stages: tuple[str, ...]
    activities: tuple[str, ...]
    gases: tuple[str, ...]
    families: tuple[str, ...]
    origins: tuple[str, ...]


class Balance(Record):
    """Cell masses, each with a coefficient: (coefficient, selection) terms of an equation."""

    terms: tuple[tuple[str, Selection], ...]


class Field(Record):
    """A disclosure field of an exchange format: one linear equation on the cells.

    ``on`` is what it covers; ``readings`` are the alternatives where text and published examples
    disagree. ``under`` fixes options for this field whatever the study chose; ``beside`` only where the
    study's own option leaves out all it covers. The terms of a ``balance`` are added to what it covers.
    With an ``upper_limit`` the value is the most it can be. ``scale`` multiplies the value given to reach
    ``basis`` (for carbon: 44/12 turns kg C into kg CO2, as ``"44/12"``); ``headline`` ranks the fields that
    state a total (1 first), 0 for all others. ``sign`` is the sign the format allows: ``"+"`` zero or more,
    ``"-"`` zero or less, empty for either. ``spellings`` are other names of the same field, ``hints`` names
    that may have been meant for it but are not it. A ``relation_only`` field is a term of identities and no
    equation on the cells; one that ``may_be_nothing`` is something a supplier may well state to be absent.
    """

    code: str
    format: str
    path: str
    label: Text
    on: Selection
    statement: Statement
    basis: Basis = "co2e"
    scale: str = "1"
    under: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    balance: Balance | None = None
    upper_limit: bool = False
    headline: int = 0
    readings: tuple[Selection, ...] = ()
    spellings: tuple[str, ...] = ()
    sign: Literal["", "+", "-"] = ""
    hints: tuple[str, ...] = ()
    relation_only: bool = False
    may_be_nothing: bool = False


class Term(Record):
    """``coefficient`` (a decimal string or fraction) times a field, in an identity."""

    field: str
    coefficient: str


class Identity(Record):
    """A relation between fields: the sum of ``terms`` is zero, within rounding.

    Members of one ``alternative`` group are rival readings of one relation: at most one need hold.
    """

    code: str
    format: str
    label: Text
    terms: tuple[Term, ...]
    statement: Statement
    alternative: str | None = None


class Format(Record):
    """An exchange format: its fields and identities by code, and the regime its totals are defined by.

    ``administrative`` are names the format defines that carry no amount of gas; ``unusable`` are
    numbers it defines that say nothing about the cells.
    """

    code: str
    label: Text
    regime: str | None
    fields: dict[str, Field]
    identities: dict[str, Identity]
    administrative: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()


class Unit(Record):
    """A unit on the closed list, or a trap: a spelling that means different things to different people.

    ``dimension`` names what it measures; ``expression`` is the unit in pint's words (products and
    quotients of unit names, one leading decimal factor allowed), empty for a trap.
    """

    code: str
    label: Text
    dimension: str = ""
    expression: str = ""
    ucum: str = ""
    spellings: tuple[str, ...] = ()
    trap: bool = False


class Alias(Record):
    """A spelling in circulation and what it may stand for.

    ``kind`` says what it spells: regime, option, unit, stage, gas. ``denotes`` are codes; several make
    it ambiguous. ``undescribed`` are regime codes that are known by name only.
    """

    spelling: str
    kind: str
    denotes: tuple[str, ...] = ()
    undescribed: tuple[str, ...] = ()
    used_by: str = ""
    statement: Statement | None = None


class Assumption(Record):
    """One assumption: a share at most of gross positive CO2e, or a balance between masses."""

    code: str
    label: Text
    statement: Statement
    on: Selection | None = None
    share_at_most: str | None = None
    balance: Balance | None = None


class Profile(Record):
    """A named set of assumptions a user may add."""

    code: str
    label: Text
    assumptions: tuple[Assumption, ...]


class Input(Record):
    """Something an operation needs; ``code`` is the name of it in the activity data, if it has one."""

    code: str
    label: Text


class Constant(Record):
    """A number an operation uses: ``value`` a decimal string in ``unit``, and where it comes from."""

    code: str
    label: Text
    value: str
    unit: str
    statement: Statement


class Operation(Record):
    """An operation that crosses a dimension: convention or model, its inputs, its constants by code."""

    code: str
    label: Text
    family: Family
    inputs: tuple[Input, ...] = ()
    statement: Statement | None = None
    constants: dict[str, Constant] = msgspec.field(default_factory=dict)

    def input(self, code: str) -> Text:
        """Return the label of an input; an input that is not described goes by its code."""
        found = (one.label for one in self.inputs if one.code == code)
        return next(found, Text(en=code, zh=code))


class Source(Record):
    """A source that statements cite by ``code``."""

    code: str
    title: str
    url: str = ""
    note: str = ""


class Catalogue(Record):
    """All knowledge, by code. ``hash`` is the content hash of the files it was compiled from.

    ``metric_ranges`` go by GWP set.
    """

    version: str
    hash: str
    stages: dict[str, Concept]
    activities: dict[str, Concept]
    origins: dict[str, Concept]
    gas_families: dict[str, Concept]
    gases: dict[str, Gas]
    cell_families: tuple[CellFamily, ...]
    dimensions: dict[str, Dimension]
    options: dict[str, Option]
    regimes: dict[str, Regime]
    gwp_sets: dict[str, GwpSet]
    formats: dict[str, Format]
    aliases: tuple[Alias, ...]
    profiles: dict[str, Profile]
    operations: dict[str, Operation]
    sources: dict[str, Source]
    units: dict[str, Unit] = msgspec.field(default_factory=dict)
    pedigrees: dict[str, Pedigree] = msgspec.field(default_factory=dict)
    metric_ranges: dict[str, tuple[MetricRange, ...]] = msgspec.field(default_factory=dict)
    recognition: Recognition = Recognition()

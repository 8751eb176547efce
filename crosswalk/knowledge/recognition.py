"""What the knowledge says of recognition: what a claim states, the levels, the rules, the arrangements.

A rule is a SHACL shape over the fields of a claim, without negation of what is absent: a claim *passes* if it
conforms to the shape as written, *fails* if it does not conform even where nothing is required to be stated
(every ``sh:minCount`` taken away), and is *unknown* between the two. This is Kleene's logic on what is
stated: a failure stays one whatever else is stated, and so does a pass that does not rest on silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from crosswalk.knowledge.records import Record, Statement, Text

#: How the value of a claim field is written. A list is words parted by ``;`` in a table.
Kind = Literal["text", "word", "list", "decimal", "share", "integer", "boolean", "date"]
Severity = Literal["block", "condition", "information"]
Status = Literal["in-force", "suspended", "ended", "talks", "refused"]
#: What a test demands of every value of a field; ``other`` compares with another field.
Operator = Literal["in", "not-in", "at-least", "at-most", "above", "below", "matches", "stated"]


class ClaimField(Record):
    """Something a claim may state, by the name of its column.

    ``values`` is the closed list of words, where there is one; ``names`` says whose codes the words are
    (``"regime"`` or ``"body"``), where they are. ``derived`` fields (``fact.*``) are not
    stated but worked out: from the knowledge about the two regimes, or from the numbers.
    """

    code: str
    iri: str
    label: Text
    kind: Kind
    definition: Text | None = None
    values: dict[str, Text] = msgspec.field(default_factory=dict)
    names: Literal["", "regime", "body"] = ""
    unit: str = ""
    derived: bool = False
    order: int = 0


class Level(Record):
    """A level of recognition. ``rests_on`` are the levels without which it means nothing.

    ``chains`` says whether two arrangements in a row make one at this level.
    """

    code: str
    label: Text
    rank: int
    definition: Text | None = None
    rests_on: tuple[str, ...] = ()
    chains: bool = False


class Test(Record, tag="test"):
    """A demand on one field: on every value it has.

    ``values`` are what it is compared with (decimal strings, ISO dates, words, or one pattern), or
    ``other`` is the field it is compared with. ``required``: without a value nothing is shown.
    """

    field: str
    operator: Operator
    values: tuple[str, ...] = ()
    other: str | None = None
    required: bool = True


class AllOf(Record, tag="all"):
    """Every one of the conditions."""

    of: tuple[Condition, ...]


class AnyOf(Record, tag="any"):
    """At least one of the conditions."""

    of: tuple[Condition, ...]


Condition: TypeAlias = Test | AllOf | AnyOf


class Rule(Record):
    """One check of a pack: ``requires`` must hold wherever ``when`` does.

    A failed ``block`` refutes its level, a failed ``condition`` leaves it open until it is met, and
    ``information`` never counts. ``verdict`` is what a failure at level 0 means. ``asks`` are the fields
    one would ask for, where they are not those of ``requires``. ``shape`` and ``when_shape`` are the IRIs of
    the SHACL shapes, ``""`` where they have none: they hang from ``iri`` by ``cw:requires`` and ``cw:when``.
    """

    code: str
    iri: str
    label: Text
    level: str
    severity: Severity
    requires: Condition
    statement: Statement
    pack: str
    when: Condition | None = None
    verdict: Literal["not-assessable", "not-applicable"] | None = None
    asks: tuple[str, ...] = ()
    shape: str = ""
    when_shape: str = ""


class Pack(Record):
    """Rules that belong together, of one scheme; ``rules`` by code."""

    code: str
    label: Text
    rules: tuple[str, ...] = ()


class Arrangement(Record):
    """Who accepts what of whom: directed, dated, pinned to editions.

    ``givers`` are accepted by ``takers``: codes of regimes, or of bodies and programmes
    (``body:CNAS``). ``levels`` are the levels it settles. ``scope`` holds words of ``fact.scope`` or
    product codes it is limited to. ``conditions`` are codes of rules that must hold besides.
    """

    code: str
    iri: str
    label: Text
    givers: tuple[str, ...]
    takers: tuple[str, ...]
    levels: tuple[str, ...]
    status: Status
    statement: Statement
    start: str | None = None
    end: str | None = None
    scope: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


class Body(Record):
    """A scheme, programme or accreditation body that arrangements name; ``member_of`` are groups of them."""

    code: str
    iri: str
    label: Text
    statement: Statement
    member_of: tuple[str, ...] = ()


class Recognition(Record):
    """All of it, by code."""

    fields: dict[str, ClaimField] = msgspec.field(default_factory=dict)
    levels: dict[str, Level] = msgspec.field(default_factory=dict)
    rules: dict[str, Rule] = msgspec.field(default_factory=dict)
    packs: dict[str, Pack] = msgspec.field(default_factory=dict)
    bodies: dict[str, Body] = msgspec.field(default_factory=dict)
    arrangements: dict[str, Arrangement] = msgspec.field(default_factory=dict)


def mentioned(rule: Rule) -> frozenset[str]:
    """Return the fields a rule asks about."""
    when = fields_of(rule.when) if rule.when is not None else frozenset[str]()
    return when | fields_of(rule.requires)


def demands_of(condition: Condition) -> Iterator[Test]:
    """Yield the tests of a condition."""
    if isinstance(condition, Test):
        yield condition
    else:
        for one in condition.of:
            yield from demands_of(one)


def fields_of(condition: Condition) -> frozenset[str]:
    """Return the fields a condition asks about."""
    if isinstance(condition, Test):
        return frozenset({condition.field} | ({condition.other} if condition.other else set()))
    return frozenset().union(*(fields_of(one) for one in condition.of))

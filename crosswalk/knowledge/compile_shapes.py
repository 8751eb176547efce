"""SHACL in, conditions out: the part of SHACL that a rule of recognition may use.

Read are ``sh:property`` with ``sh:path`` and a few demands on the values, ``sh:and`` and ``sh:or``: what is
monotone in what a claim states, so that "not stated" can be told from "stated and wrong". Anything else
is an error, for a rule that is half understood is a wrong rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, NoReturn

from crosswalk.knowledge.index import PREFIXES, TYPE, Value, curie
from crosswalk.knowledge.patterns import common
from crosswalk.knowledge.reader import Reader
from crosswalk.knowledge.recognition import AllOf, AnyOf, ClaimField, Condition, Operator, Test

_XSD = PREFIXES["xsd"]
_NUMBERS = ("decimal", "share", "integer")
_WORDS = ("text", "word", "list")
_BOUNDS: dict[str, Operator] = {
    "sh:minInclusive": "at-least",
    "sh:maxInclusive": "at-most",
    "sh:minExclusive": "above",
    "sh:maxExclusive": "below",
}
_COMPARISONS: dict[str, Operator] = {"sh:lessThan": "below", "sh:lessThanOrEquals": "at-most"}
_LISTS: dict[str, Operator] = {"sh:in": "in", "sh:not": "not-in"}
_OF_SHAPE = ("sh:property", "sh:and", "sh:or")
_OF_PROPERTY = ("sh:path", "sh:minCount", *_LISTS, "sh:pattern", *_BOUNDS, *_COMPARISONS)
#: Datatypes of the values of a field, as they stand in SHACL and in a claim.
_TYPES = {"integer": ("integer",), "decimal": ("decimal", "integer"), "share": ("decimal", "integer")}


class Known(NamedTuple):
    """What rules may name: the fields of a claim; whose codes a field holds; codes by kind of thing."""

    fields: dict[str, ClaimField]
    names: dict[str, str]
    codes: dict[str, frozenset[str]]


class Shapes:
    """Compiles the shapes of one rule; ``node`` is the rule, for messages."""

    def __init__(self, read: Reader, known: Known, node: str) -> None:
        """Take what is read, what may be named, and the rule."""
        self.read, self.known, self.node = read, known, node

    def condition(self, value: Value) -> Condition:
        """Return the condition of the shape that ``value`` names. Raises ``KnowledgeError``."""
        node = value.text
        self._only(node, _OF_SHAPE, "sh:property, sh:and, sh:or")
        parts: list[Condition] = []
        tests: list[Test] = []
        for member in self.read.values(node, "sh:property"):
            tests.extend(self._property(member.text))
        self._compared(tests)
        parts.extend(tests)
        for name, made in (("sh:and", AllOf), ("sh:or", AnyOf)):
            for members in self.read.values(node, name):
                listed = tuple(self.condition(one) for one in self.read.items(self.node, members))
                if not listed:
                    self._fail("knowledge-shape-empty", shape=name)
                parts.append(listed[0] if len(listed) == 1 else made(of=listed))
        if not parts:
            self._fail("knowledge-shape-empty", shape=curie(node) if not node.startswith("_:") else "[ ]")
        return parts[0] if len(parts) == 1 else AllOf(of=tuple(parts))

    def _fail(self, code: str, **values: object) -> NoReturn:
        self.read.fail(code, self.node, **values)

    def _only(self, node: str, allowed: tuple[str, ...], shown: str) -> None:
        for predicate in self.read.index.nodes.get(node, {}):
            if predicate != TYPE and curie(predicate) not in allowed:
                self._fail("knowledge-shape", term=curie(predicate), allowed=shown)

    def _property(self, node: str) -> Iterator[Test]:
        """Yield the tests of one property shape: every demand, of every value of the field."""
        self._only(node, _OF_PROPERTY, ", ".join(_OF_PROPERTY))
        field = self.known.fields[self._field(node, "sh:path")]
        counts = [value.text for value in self.read.values(node, "sh:minCount")]
        if counts not in ([], ["1"]):
            self._wrong("sh:minCount", ", ".join(counts), "1")
        required = bool(counts)
        found = [*self._listed(node, field, required), *self._bounds(node, field, required)]
        for value in self.read.values(node, "sh:pattern"):
            found.append(self._pattern(field, value, required))
        for predicate, operator in _COMPARISONS.items():
            if self.read.values(node, predicate):
                found.append(self._comparison(node, field, predicate, operator, required))
        if not found and not required:
            self._fail("knowledge-shape-empty", shape=curie(field.iri))
        yield from found or [Test(field=field.code, operator="stated")]

    def _field(self, node: str, predicate: str) -> str:
        value = self.read.maybe(node, predicate)
        if value is None:
            self._fail("knowledge-missing", predicate=predicate)
        code = self.read.codes["claim field"].get(value.text)
        if code is None:
            self.read.dangling(self.node, predicate, value, "claim field")
        return code

    def _listed(self, node: str, field: ClaimField, required: bool) -> Iterator[Test]:
        for predicate, operator in _LISTS.items():
            for value in self.read.values(node, predicate):
                lists = [value]
                if predicate == "sh:not":
                    self._only(value.text, ("sh:in",), "sh:not [ sh:in ( … ) ]")
                    lists = self.read.values(value.text, "sh:in")
                for one in lists:
                    words = tuple(self._word(field, item) for item in self.read.items(self.node, one))
                    if not words:
                        self._fail("knowledge-shape-empty", shape=predicate)
                    yield Test(field=field.code, operator=operator, values=words, required=required)

    def _word(self, field: ClaimField, value: Value) -> str:
        """Return a member of a list: a truth value, or a word the field may have."""
        if field.kind == "boolean":
            if value.datatype != _XSD + "boolean" or value.text not in ("true", "false"):
                self._wrong(f"sh:in ({field.code})", value.text, "true, false")
            return value.text
        if field.kind not in _WORDS:
            self._kind(field, "sh:in", "boolean, " + ", ".join(_WORDS))
        if value.is_ref or value.lang or value.datatype != _XSD + "string":
            self._wrong(f"sh:in ({field.code})", value.text, '"…"')
        named = self.known.names.get(field.code)
        if field.values and value.text not in field.values:
            self._wrong(f"sh:in ({field.code})", value.text, ", ".join(field.values))
        if named and value.text not in self.known.codes[named]:
            self.read.dangling(self.node, f"sh:in ({field.code})", value, named)
        return value.text

    def _bounds(self, node: str, field: ClaimField, required: bool) -> Iterator[Test]:
        for predicate, operator in _BOUNDS.items():
            for value in self.read.values(node, predicate):
                bound = self._bound(field, predicate, value)
                yield Test(field=field.code, operator=operator, values=(bound,), required=required)

    def _bound(self, field: ClaimField, predicate: str, value: Value) -> str:
        if field.kind not in (*_NUMBERS, "date"):
            self._kind(field, predicate, ", ".join((*_NUMBERS, "date")))
        kind = value.datatype.removeprefix(_XSD)
        try:
            if field.kind == "date":
                made = date.fromisoformat(value.text).isoformat() if kind == "date" else None
            else:
                finite = kind in _TYPES[field.kind] and Decimal(value.text).is_finite()
                made = value.text if finite else None
        except (ValueError, InvalidOperation):
            made = None
        expected = {"date": '"2025-04-30"^^xsd:date', "integer": "3"}.get(field.kind, "0.05")
        return made or self._wrong(f"{predicate} ({field.code})", value.text, expected)

    def _pattern(self, field: ClaimField, value: Value, required: bool) -> Test:
        if field.kind not in _WORDS:
            self._kind(field, "sh:pattern", ", ".join(_WORDS))
        if not common(value.text):
            self._wrong(f"sh:pattern ({field.code})", value.text, '"^29.*$"')
        return Test(field=field.code, operator="matches", values=(value.text,), required=required)

    def _comparison(
        self, node: str, field: ClaimField, predicate: str, operator: Operator, required: bool
    ) -> Test:
        other = self.known.fields[self._field(node, predicate)]
        groups = (_NUMBERS, ("date",))
        if not any(field.kind in group and other.kind in group for group in groups):
            self._kind(other, predicate, field.kind if field.kind in (*_NUMBERS, "date") else "date")
        return Test(field=field.code, operator=operator, other=other.code, required=required)

    def _compared(self, tests: list[Test]) -> None:
        """Refuse a comparison with a field that need not be there: SHACL would let it pass."""
        stated = {test.field for test in tests if test.required}
        for test in tests:
            if test.other is not None and test.required and test.other not in stated:
                self._fail("knowledge-shape-compared", field=test.field, other=test.other)

    def _kind(self, field: ClaimField, predicate: str, kinds: str) -> NoReturn:
        self._fail(
            "knowledge-shape-kind", predicate=predicate, field=field.code, kind=field.kind, kinds=kinds
        )

    def _wrong(self, predicate: str, value: str, expected: str) -> NoReturn:
        self._fail("knowledge-value", predicate=predicate, value=f'"{value}"', expected=expected)

"""Typed reading of the index: every accessor returns what it promises or says what is wrong, and where."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import NoReturn, cast, get_args

from crosswalk.errors import KnowledgeError
from crosswalk.knowledge.catalogue import Balance, Family, Selection
from crosswalk.knowledge.index import CW, RDF, Index, Value, curie
from crosswalk.knowledge.records import EvidenceClass, Statement, Text

#: What a reference may be asked to be: our word for it, and the classes that qualify.
KINDS: dict[str, tuple[str, ...]] = {
    "activity": (CW + "Activity",),
    "arrangement": (CW + "Arrangement",),
    "body": (CW + "Body",),
    "claim field": (CW + "ClaimField",),
    "dimension": (CW + "Dimension",),
    "field": (CW + "Field",),
    "format": (CW + "Format",),
    "gas": (CW + "Gas",),
    "gas family": (CW + "GasFamily",),
    "GWP set": (CW + "GwpSet",),
    "level": (CW + "Level",),
    "operation": (CW + "Operation",),
    "option": (CW + "Option",),
    "origin": (CW + "Origin",),
    "pack": (CW + "Pack",),
    "pedigree": (CW + "PedigreeScheme",),
    "pedigree indicator": (CW + "PedigreeIndicator",),
    "profile": (CW + "Profile",),
    "regime": (CW + "Regime",),
    "rule": (CW + "Rule",),
    "source": (CW + "Source",),
    "stage": (CW + "Stage",),
    "unit": (CW + "Unit", "http://qudt.org/schema/qudt/Unit"),
}
_EVIDENCE: tuple[str, ...] = get_args(EvidenceClass)
_FAMILIES: tuple[str, ...] = get_args(Family)
_NIL = RDF + "nil"


class Reader:
    """Reads typed values out of an :class:`Index`. All errors are ``KnowledgeError``."""

    def __init__(self, index: Index) -> None:
        """Collect the codes of everything that may be referred to."""
        self.index = index
        self.codes: dict[str, dict[str, str]] = {}
        for kind in KINDS:
            self.codes[kind] = self._codes(kind)

    def subjects(self, kind: str) -> list[tuple[str, str]]:
        """Return (code, subject) of everything of a kind, in the order of the codes."""
        return sorted((code, subject) for subject, code in self.codes[kind].items())

    def _codes(self, kind: str) -> dict[str, str]:
        found: dict[str, str] = {}
        holder: dict[str, str] = {}
        for iri in KINDS[kind]:
            for subject in sorted(set(self.index.types.get(iri, ()))):
                code = self.code(subject)
                if kind == "option":
                    code = f"{self.code(self.one(subject, 'cw:dimension').text)}.{code}"
                # Fields of different formats may share a name; compile_formats checks them format by format.
                if kind != "field" and holder.setdefault(code, subject) != subject:
                    self.fail("knowledge-duplicate", subject, name=code, other=curie(holder[code]))
                found[subject] = code
        return found

    def fail(self, code: str, subject: str, **values: object) -> NoReturn:
        """Raise ``KnowledgeError`` about ``subject``."""
        raise KnowledgeError(code, where=self.index.where(subject), **values)

    def code(self, subject: str) -> str:
        """Return the ``skos:notation`` of a subject."""
        return self.one(subject, "skos:notation").text

    def values(self, subject: str, predicate: str) -> list[Value]:
        """Return all values of a predicate."""
        return self.index.values(subject, predicate)

    def one(self, subject: str, predicate: str) -> Value:
        """Return the one value a predicate must have."""
        found = self.maybe(subject, predicate)
        if found is None:
            self.fail("knowledge-missing", subject, predicate=predicate)
        return found

    def maybe(self, subject: str, predicate: str) -> Value | None:
        """Return the one value a predicate may have, or ``None``."""
        found = self.values(subject, predicate)
        if len(found) > 1:
            shown = ", ".join(curie(value.text) if value.is_ref else value.text for value in found)
            self.fail("knowledge-several", subject, predicate=predicate, values=shown)
        return found[0] if found else None

    def string(self, subject: str, predicate: str, default: str = "") -> str:
        """Return the one string a predicate may have."""
        found = self.maybe(subject, predicate)
        return default if found is None else found.text

    def optional(self, subject: str, predicate: str) -> str | None:
        """Return the one string a predicate may have, or ``None``."""
        found = self.maybe(subject, predicate)
        return None if found is None else found.text

    def text(self, subject: str, predicate: str = "skos:prefLabel") -> Text:
        """Return a label in both languages."""
        found = self.maybe_text(subject, predicate)
        if found is None:
            self.fail("knowledge-missing", subject, predicate=predicate)
        return found

    def maybe_text(self, subject: str, predicate: str) -> Text | None:
        """Return a label in both languages, ``None`` where there is none at all."""
        found = self.values(subject, predicate)
        if not found:
            return None
        by_lang: dict[str, str] = {}
        for value in found:
            if value.lang in by_lang:
                shown = f"{by_lang[value.lang]}, {value.text}"
                self.fail("knowledge-several", subject, predicate=f"{predicate} @{value.lang}", values=shown)
            by_lang[value.lang] = value.text
        for lang in ("en", "zh"):
            if lang not in by_lang:
                self.fail("knowledge-language", subject, predicate=predicate, language=lang)
        return Text(en=by_lang["en"], zh=by_lang["zh"])

    def number(self, subject: str, predicate: str) -> str:
        """Return the one number a predicate must have, spelled as in the file."""
        return self.decimal(subject, predicate, self.one(subject, predicate))

    def maybe_number(self, subject: str, predicate: str) -> str | None:
        """Return the one number a predicate may have, spelled as in the file."""
        found = self.maybe(subject, predicate)
        return None if found is None else self.decimal(subject, predicate, found)

    def decimal(self, subject: str, predicate: str, value: Value) -> str:
        """Return the spelling of a finite decimal."""
        try:
            if not value.is_ref and Decimal(value.text).is_finite():
                return value.text
        except InvalidOperation:
            pass
        raise self._value_error(subject, predicate, value, "0.25")

    def ratio(self, subject: str, predicate: str, default: str | None = None) -> str:
        """Return a decimal or a fraction such as ``44/12``, spelled as in the file."""
        found = self.maybe(subject, predicate) if default is not None else self.one(subject, predicate)
        if found is None:
            assert default is not None
            return default
        above, slash, below = found.text.partition("/")
        try:
            if Decimal(above).is_finite() and (not slash or Decimal(below) > 0):
                return found.text
        except InvalidOperation:
            pass
        raise self._value_error(subject, predicate, found, "44/12")

    def integer(self, subject: str, predicate: str, default: int | None = None) -> int:
        """Return an integer; ``default`` where there is none."""
        found = self.one(subject, predicate) if default is None else self.maybe(subject, predicate)
        if found is None:
            assert default is not None
            return default
        try:
            return int(found.text)
        except ValueError:
            raise self._value_error(subject, predicate, found, "1") from None

    def flag(self, subject: str, predicate: str) -> bool:
        """Return whether a predicate says ``true``."""
        return self.string(subject, predicate) in ("true", "1")

    def word(self, subject: str, predicate: str, allowed: Iterable[str]) -> str:
        """Return the local name of a term of ours that must be one of a closed list."""
        value = self.one(subject, predicate)
        name = value.text.removeprefix(CW)
        if not value.is_ref or name not in allowed:
            raise self._value_error(subject, predicate, value, ", ".join(f"cw:{word}" for word in allowed))
        return name

    def _value_error(self, subject: str, predicate: str, value: Value, expected: str) -> KnowledgeError:
        shown = curie(value.text) if value.is_ref else f'"{value.text}"'
        return KnowledgeError(
            "knowledge-value",
            where=self.index.where(subject),
            predicate=predicate,
            value=shown,
            expected=expected,
        )

    def ref(self, subject: str, predicate: str, kind: str) -> str:
        """Return the code of the one thing of a kind that a predicate must name."""
        return self.resolve(subject, predicate, kind, self.one(subject, predicate))

    def maybe_ref(self, subject: str, predicate: str, kind: str) -> str | None:
        """Return the code of the one thing of a kind that a predicate may name."""
        found = self.maybe(subject, predicate)
        return None if found is None else self.resolve(subject, predicate, kind, found)

    def refs(self, subject: str, predicate: str, kind: str) -> tuple[str, ...]:
        """Return the codes of all things of a kind that a predicate names, sorted."""
        found = self.values(subject, predicate)
        return tuple(sorted(self.resolve(subject, predicate, kind, value) for value in found))

    def resolve(self, subject: str, predicate: str, kind: str, value: Value) -> str:
        """Return the code of what ``value`` names."""
        code = self.codes[kind].get(value.text)
        if code is None:
            self.dangling(subject, predicate, value, kind)
        return code

    def dangling(self, subject: str, predicate: str, value: Value, kind: str) -> NoReturn:
        """Raise ``KnowledgeError``: ``value`` names nothing of the kind that is described."""
        target = curie(value.text) if value.is_ref else f'"{value.text}"'
        self.fail("knowledge-dangling", subject, predicate=predicate, target=target, kind=kind)

    def family(self, subject: str) -> Family:
        """Return the family of a dimension or operation."""
        return cast(Family, self.word(subject, "cw:family", _FAMILIES))

    def statement(self, subject: str) -> Statement:
        """Return clause, sources and evidence of a subject, all of which it must have."""
        sources = self.refs(subject, "dcterms:source", "source")
        if not sources:
            self.fail("knowledge-missing", subject, predicate="dcterms:source")
        return Statement(
            iri=self.index.owner(subject),
            clause=self.one(subject, "cw:clause").text,
            sources=sources,
            evidence=cast(EvidenceClass, self.word(subject, "cw:evidence", _EVIDENCE)),
            note=self.maybe_text(subject, "rdfs:comment"),
        )

    def maybe_statement(self, subject: str) -> Statement | None:
        """Return the statement of a subject, ``None`` where it says nothing of how it is known."""
        stated = ("cw:clause", "dcterms:source", "cw:evidence")
        return self.statement(subject) if any(self.values(subject, name) for name in stated) else None

    def selection(self, subject: str) -> Selection:
        """Return the selection that stands at a node."""
        return Selection(
            stages=self.refs(subject, "cw:stage", "stage"),
            activities=self.refs(subject, "cw:activity", "activity"),
            gases=self.refs(subject, "cw:gas", "gas"),
            families=self.refs(subject, "cw:gasFamily", "gas family"),
            origins=self.refs(subject, "cw:origin", "origin"),
            excepts=tuple(self.selection(value.text) for value in self.values(subject, "cw:except")),
        )

    def on(self, subject: str, predicate: str = "cw:on") -> Selection | None:
        """Return the selection a predicate names, ``None`` where it names none."""
        found = self.maybe(subject, predicate)
        return None if found is None else self.selection(found.text)

    def items(self, subject: str, value: Value) -> list[Value]:
        """Return the members of the RDF list that ``value`` names, in their order."""
        found: list[Value] = []
        seen: set[str] = set()
        node = value
        while node.text != _NIL:
            first, rest = self.values(node.text, "rdf:first"), self.values(node.text, "rdf:rest")
            if len(first) != 1 or len(rest) != 1 or node.text in seen:
                self.fail("knowledge-list", subject)
            seen.add(node.text)
            found.append(first[0])
            node = rest[0]
        return found

    def balance(self, subject: str) -> Balance | None:
        """Return the terms of the balance at a node, ``None`` where it has none."""
        found = self.maybe(subject, "cw:balance")
        terms: list[tuple[str, Selection]] = []
        for value in self.values(found.text, "cw:term") if found else ():
            selection = self.on(value.text)
            if selection is None:
                self.fail("knowledge-missing", value.text, predicate="cw:on")
            terms.append((self.ratio(value.text, "cw:coefficient"), selection))
        return Balance(terms=tuple(terms)) if found else None

    def local(self, value: Value) -> str:
        """Return the notation of what a value names, else its local name; a literal as it is."""
        if not value.is_ref:
            return value.text
        found = self.values(value.text, "skos:notation")
        return found[0].text if found else value.text.replace("#", "/").rsplit("/", 1)[-1]

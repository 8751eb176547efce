"""Cross-checks of the knowledge that need more than one node at a time."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import partial

from crosswalk.knowledge.finding import Finding, finding
from crosswalk.knowledge.index import BASE, CW, TYPE, Index, Value, curie, expand
from crosswalk.knowledge.reader import KINDS
from crosswalk.knowledge.records import Text
from crosswalk.messages import say

#: What a predicate of ours must point to.
RANGES: dict[str, str] = {
    "cw:about": "regime",
    "cw:activity": "activity",
    "cw:asOrigin": "origin",
    "cw:asks": "claim field",
    "cw:beside": "option",
    "cw:by": "regime",
    "cw:characterisedBy": "GWP set",
    "cw:dimension": "dimension",
    "cw:field": "field",
    "cw:format": "format",
    "cw:gas": "gas",
    "cw:gasFamily": "gas family",
    "cw:gwpSet": "GWP set",
    "cw:indicator": "pedigree indicator",
    "cw:key": "option",
    "cw:level": "level",
    "cw:memberOf": "body",
    "cw:origin": "origin",
    "cw:pack": "pack",
    "cw:permits": "option",
    "cw:prefers": "option",
    "cw:profile": "profile",
    "cw:regime": "regime",
    "cw:restsOnLevel": "level",
    "cw:scheme": "pedigree",
    "cw:stage": "stage",
    "cw:subjectTo": "rule",
    "cw:under": "option",
    "cw:when": "option",
}
#: What must say where it comes from.
_STATED = (
    "Arrangement",
    "Body",
    "Requirement",
    "GoodsRule",
    "Regime",
    "DatedStatement",
    "GwpSet",
    "Field",
    "Identity",
    "Assumption",
    "Constant",
    "MetricRange",
    "PedigreeScheme",
    "Rule",
)
#: Things only the file that defines them may describe: more said elsewhere would change what they mean.
CLOSED = (
    "Arrangement",
    "Assumption",
    "Body",
    "CellFamily",
    "Characterisation",
    "ClaimField",
    "Constant",
    "Dimension",
    "Effect",
    "Field",
    "Gas",
    "GoodsRule",
    "GwpSet",
    "Identity",
    "Level",
    "MetricRange",
    "Option",
    "PedigreeFactor",
    "PedigreeScheme",
    "Profile",
    "Regime",
    "Requirement",
    "Rule",
    "Selection",
)
#: Further names and links for a thing change nothing: any file may add them.
_OPEN = frozenset(
    map(expand, ("cw:spelling", "rdfs:seeAlso", "skos:altLabel", "skos:hiddenLabel", "skos:related"))
)
_ONE_LANGUAGE = (CW + "Source",)


def cross_checks(index: Index) -> Iterator[Finding]:
    """Yield every fault that shows only between nodes."""
    yield from _references(index)
    yield from _kinds(index)
    yield from _duplicates(index)
    yield from _elsewhere(index)
    yield from _languages(index)
    yield from _options(index)
    yield from _requirements(index)
    yield from _identities(index)
    yield from _incomplete(index)


def _about(index: Index, subject: str, value: Value | None = None) -> tuple[str, str]:
    owner = index.owner(subject)
    file = value.file if value else index.home.get(subject) or index.home.get(owner, "?")
    return file, curie(owner)


def _references(index: Index) -> Iterator[Finding]:
    def unknown(target: str) -> bool:
        return target.startswith(BASE) and target not in index.nodes

    for subject, node in index.nodes.items():
        for predicate, values in node.items():
            if unknown(predicate):
                yield _unknown(index, subject, values[0], predicate, predicate)
            for value in values:
                if value.is_ref and unknown(value.text):
                    yield _unknown(index, subject, value, predicate, value.text)
    codes = {_code(index, subject) for subject in index.of_type("Operation")}
    for subject in index.of_type("Dimension"):
        for value in index.values(subject, "cw:operation"):
            if not value.is_ref and value.text not in codes:
                where, target = _about(index, subject, value), f'"{value.text}"'
                yield finding("dangling", *where, predicate="cw:operation", target=target, near=_near("", ()))


def _unknown(index: Index, subject: str, value: Value, predicate: str, target: str) -> Finding:
    space = target[: max(target.rfind("#"), target.rfind("/")) + 1]
    near = _near(target, [node for node in index.nodes if node.startswith(space)])
    say_of = partial(finding, "unknown-term" if target.startswith(CW) else "dangling")
    where = _about(index, subject, value)
    return say_of(*where, predicate=curie(predicate), target=curie(target), near=near)


def _near(target: str, names: list[str] | tuple[str, ...]) -> Text:
    found = ", ".join(curie(name) for name in get_close_matches(target, names, n=3, cutoff=0.85))
    if not found:
        return Text(en="", zh="")
    return Text(en=say("lint.near", "en", names=found), zh=say("lint.near", "zh", names=found))


def _kinds(index: Index) -> Iterator[Finding]:
    members = {
        kind: {subject for iri in classes for subject in index.types.get(iri, ())}
        for kind, classes in KINDS.items()
    }
    ranges = {expand(predicate): (predicate, kind) for predicate, kind in RANGES.items()}
    rules = members["rule"]
    for subject, node in index.nodes.items():
        for iri in node.keys() & ranges.keys():
            predicate, kind = ranges[iri]
            if predicate == "cw:when" and subject in rules:
                # Of a rule it is a shape, which is read where rules are.
                continue
            for value in node[iri]:
                described = value.text in index.nodes or not value.text.startswith(BASE)
                if described and value.text not in members[kind]:
                    yield _wrong_kind(index, subject, value, predicate, kind)
    for name in _STATED:
        for subject in index.of_type(name):
            for value in index.values(subject, "dcterms:source"):
                described = value.text in index.nodes or not value.text.startswith(BASE)
                if described and value.text not in members["source"]:
                    yield _wrong_kind(index, subject, value, "dcterms:source", "source")


def _wrong_kind(index: Index, subject: str, value: Value, predicate: str, kind: str) -> Finding:
    target = curie(value.text) if value.is_ref else f'"{value.text}"'
    where = _about(index, subject, value)
    return finding("wrong-kind", *where, predicate=predicate, target=target, kind=kind)


def _code(index: Index, subject: str) -> str:
    found = index.values(subject, "skos:notation")
    return found[0].text if found else ""


def _duplicates(index: Index) -> Iterator[Finding]:
    scopes = {"option": "cw:dimension", "field": "cw:format"}
    for kind, classes in KINDS.items():
        taken: dict[tuple[str, ...], str] = {}
        # In the order of reading: what came first keeps its code, what came later is at fault.
        for subject in dict.fromkeys(one for iri in classes for one in index.types.get(iri, ())):
            scope = [value.text for value in index.values(subject, scopes[kind])] if kind in scopes else []
            code = _code(index, subject)
            other = taken.setdefault((*scope, code), subject)
            if code and other != subject:
                yield finding("duplicate", *_about(index, subject), name=code, other=curie(other))
    keyed = {
        "Requirement": ("cw:regime", "cw:dimension"),
        "Characterisation": ("cw:gwpSet", "cw:gas", "cw:origin"),
        "Identity": ("cw:format", "skos:notation"),
        "MetricRange": ("cw:gwpSet", "cw:gas", "cw:origin"),
        "PedigreeFactor": ("cw:scheme", "cw:indicator", "cw:score"),
    }
    for name, predicates in keyed.items():
        held: dict[tuple[str, ...], str] = {}
        for subject in dict.fromkeys(index.types.get(CW + name, ())):
            key = tuple(value.text for one in predicates for value in index.values(subject, one))
            other = held.setdefault(key, subject)
            if other != subject:
                shown = " / ".join(curie(part) for part in key)
                of_other = curie(index.owner(other))
                yield finding("duplicate", *_about(index, subject), name=shown, other=of_other)


def _elsewhere(index: Index) -> Iterator[Finding]:
    """Yield statements about a thing that stand in another file than the one that defines it."""
    for subject in sorted({one for name in CLOSED for one in index.of_type(name)}):
        node = index.nodes[subject]
        home = node[TYPE][0].file
        for predicate, values in node.items():
            for file in dict.fromkeys(value.file for value in values):
                if file != home and predicate not in _OPEN:
                    about = curie(subject)
                    yield finding("elsewhere", file, about, predicate=curie(predicate), home=home)


def _languages(index: Index) -> Iterator[Finding]:
    # Labels are the business of the shapes; these texts are free to be absent, not to be half there.
    single = {subject for iri in _ONE_LANGUAGE for subject in index.types.get(iri, ())}
    for subject in index.nodes:
        for predicate in ("rdfs:comment", "skos:definition"):
            found = index.values(subject, predicate)
            if not found or subject in single:
                continue
            missing = {"en", "zh"} - {value.lang for value in found}
            for language in sorted(missing):
                where = _about(index, subject, found[0])
                yield finding("language", *where, predicate=predicate, language=language)


def _options(index: Index) -> Iterator[Finding]:
    convention = {
        subject
        for subject in index.of_type("Dimension")
        if any(value.text == CW + "convention" for value in index.values(subject, "cw:family"))
    }
    for subject in index.of_type("Option"):
        of_convention = any(value.text in convention for value in index.values(subject, "cw:dimension"))
        neutral = any(value.text in ("true", "1") for value in index.values(subject, "cw:neutral"))
        if of_convention and not neutral and not index.values(subject, "cw:effect"):
            yield finding("effect-missing", *_about(index, subject))


def _requirements(index: Index) -> Iterator[Finding]:
    dimension_of = {
        subject: value.text
        for subject in index.of_type("Option")
        for value in index.values(subject, "cw:dimension")
    }
    for subject in index.of_type("Requirement"):
        mine = {value.text for value in index.values(subject, "cw:dimension")}
        permitted = index.values(subject, "cw:permits")
        preferred = index.values(subject, "cw:prefers")
        for value in (*permitted, *preferred):
            of = dimension_of.get(value.text)
            if of and mine and of not in mine:
                where, dimension = _about(index, subject, value), ", ".join(map(curie, sorted(mine)))
                yield finding("foreign-option", *where, option=curie(value.text), dimension=dimension)
        for value in preferred:
            if value.text not in {one.text for one in permitted}:
                yield finding("preference", *_about(index, subject, value), option=curie(value.text))


def _identities(index: Index) -> Iterator[Finding]:
    def formats(subject: str) -> set[str]:
        return {value.text for value in index.values(subject, "cw:format")}

    for subject in index.of_type("Identity"):
        for term in index.values(subject, "cw:term"):
            for field in index.values(term.text, "cw:field"):
                if formats(field.text) and not formats(field.text) & formats(subject):
                    yield finding("foreign-field", *_about(index, subject, field), field=curie(field.text))


def _incomplete(index: Index) -> Iterator[Finding]:
    dimensions = {_code(index, subject): subject for subject in index.of_type("Dimension")}
    covered: dict[str, set[str]] = {}
    for subject in index.of_type("Requirement"):
        for regime in index.values(subject, "cw:regime"):
            said = (value.text for value in index.values(subject, "cw:dimension"))
            covered.setdefault(regime.text, set()).update(said)
    for subject in index.of_type("Regime"):
        missing = [code for code, one in sorted(dimensions.items()) if one not in covered.get(subject, set())]
        if missing:
            yield finding(
                "incomplete",
                *_about(index, subject),
                severity="warning",
                count=len(missing),
                total=len(dimensions),
                dimensions=", ".join(missing),
            )

"""Checks of what follows what: circles, dead codes, and dates that contradict one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from crosswalk.knowledge.finding import Finding, finding
from crosswalk.knowledge.index import Index, Value, curie

#: Evidence of somebody having read it somewhere.
SOURCED = frozenset({"read", "secondary", "draft"})
_ACYCLIC = ("skos:broader", "cw:buildsOn", "cw:memberOf", "dcterms:replaces", "dcterms:isReplacedBy")
_ENDED = ("superseded", "withdrawn")
#: What may happen to a regime more than once.
_AGAIN = ("amended", "confirmed", "corrected")


def edition_checks(index: Index) -> Iterator[Finding]:
    """Yield circles among what is broader, built on or superseded, dead codes, and rival dates."""
    yield from _circles(index)
    yield from _ended(index)
    yield from _dead(index)
    yield from _rivals(index)


def _circles(index: Index) -> Iterator[Finding]:
    for predicate in (
        "skos:broader",
        "cw:buildsOn",
        "cw:memberOf",
        "dcterms:replaces",
        "dcterms:isReplacedBy",
    ):
        edges = {
            subject: [value.text for value in index.values(subject, predicate) if value.is_ref]
            for subject in index.nodes
        }
        yield from _closed(index, {one: ends for one, ends in edges.items() if ends}, predicate)
    after: dict[str, list[str]] = defaultdict(list)
    for subject in index.of_type("DatedStatement"):
        for about in index.values(subject, "cw:about"):
            after[about.text] += [value.text for value in index.values(subject, "cw:by")]
    yield from _closed(index, after, "cw:by")


def _closed(index: Index, edges: Mapping[str, list[str]], predicate: str) -> Iterator[Finding]:
    """Yield each circle once, at the first of its members."""
    for start in sorted(edges):
        path = _way_back(start, edges)
        if path and start == min(path):
            shown = " → ".join(curie(step) for step in path)
            yield finding("cycle", index.home.get(start, "?"), curie(start), predicate=predicate, path=shown)


def _way_back(start: str, edges: Mapping[str, list[str]]) -> list[str]:
    paths = [[start]]
    seen: set[str] = set()
    for path in paths:
        for end in edges.get(path[-1], ()):
            if end == start:
                return [*path, end]
            if end not in seen:
                seen.add(end)
                paths.append([*path, end])
    return []


def _events(index: Index) -> dict[str, dict[str, list[str]]]:
    """Return the dated statements, by what they are about and the event."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject in index.of_type("DatedStatement"):
        for about in index.values(subject, "cw:about"):
            for event in index.values(subject, "cw:event"):
                found[about.text][event.text].append(subject)
    return found


def _ended(index: Index) -> Iterator[Finding]:
    events = _events(index)
    for subject in index.of_type("Regime"):
        for value in index.values(subject, "cw:status"):
            parts = set(value.text.split(", ")) & set(_ENDED)
            if parts and not any(events[subject][event] for event in _ENDED):
                yield finding("end-undated", *_at(index, subject, value), status=value.text)
        for statement in events[subject]["superseded"]:
            if not index.values(statement, "cw:by"):
                yield finding("successor", *_at(index, statement))


def _dead(index: Index) -> Iterator[Finding]:
    codes = {
        value.text: subject
        for subject in index.of_type("Regime")
        for value in index.values(subject, "skos:notation")
    }
    for predicate, instead in (("cw:denotesCode", "cw:denotes"), ("cw:buildsOn", "cw:buildsOn")):
        for subject in index.nodes:
            for value in index.values(subject, predicate):
                if not value.is_ref and value.text in codes:
                    name = curie(codes[value.text])
                    where = _at(index, subject, value)
                    yield finding("dead-code", *where, given=value.text, predicate=instead, name=name)


def _rivals(index: Index) -> Iterator[Finding]:
    for about, events in sorted(_events(index).items()):
        for event, statements in sorted(events.items()):
            if event in _AGAIN:
                continue
            dated = [
                (statement, date.text)
                for statement in sorted(statements)
                for date in index.values(statement, "cw:value")
            ]
            for number, (statement, date) in enumerate(dated):
                others = [rival for rival in dated[:number] + dated[number + 1 :] if _differ(date, rival[1])]
                if others and not _sourced(index, statement):
                    other, rival = others[0]
                    yield finding(
                        "contradiction",
                        *_at(index, statement),
                        about=curie(about),
                        event=event,
                        date=date,
                        other=curie(other),
                        rival=rival,
                    )


def _differ(one: str, other: str) -> bool:
    """Return whether two dates cannot both be right: ``2024`` and ``2024-02`` can."""
    return not (one.startswith(other) or other.startswith(one))


def _sourced(index: Index, statement: str) -> bool:
    return any(value.text.rpartition("#")[2] in SOURCED for value in index.values(statement, "cw:evidence"))


def _at(index: Index, subject: str, value: Value | None = None) -> tuple[str, str]:
    return value.file if value else index.home.get(subject, "?"), curie(index.owner(subject))

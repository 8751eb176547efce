"""From a code to the codes of another classification, with the chain, its weakest link and the reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import get_args

from crosswalk.errors import RefusedError, UnknownNameError
from crosswalk.knowledge.records import EvidenceClass, Text
from crosswalk.mappings.graph import Chain, chains
from crosswalk.mappings.load import load_mappings
from crosswalk.mappings.names import (
    code_of,
    edition_key,
    find_nodes,
    find_products,
    find_schemes,
    show,
    showing,
    squeeze,
)
from crosswalk.mappings.records import Code, Mappings, MapResult, Match, Undecided
from crosswalk.mappings.relations import WEAKNESS, Relation, weakest
from crosswalk.messages import both

#: Which of the nine rules says what a value may be used for.
RULES: dict[Relation, int] = {"exact": 1, "broad": 2, "narrow": 3, "overlap": 5, "close": 5, "related": 5}
_EVIDENCE = get_args(EvidenceClass)


def map_code(source: str, to: str, *, mappings: Mappings | None = None) -> MapResult:
    """Return the codes of a classification that a code or product maps to, best first, newest edition first.

    ``source`` is ``CN:29012100``, a bare code, or the name of a product; ``to`` is ``CPC``,
    ``CPC 2.1``, or one code such as ``CPC:34110``. Codes reached by a chain that decides nothing are
    listed apart. Raises ``UnknownNameError`` for a name that is unknown or ambiguous, ``RefusedError``
    where nothing is reached, or nothing that is decided; it says what would decide it.

    >>> found = map_code("HS:290243", "CPC 2.1")
    >>> found.matches[0].target.code, found.matches[0].relation
    ('34110', 'broad')
    """
    known = mappings if mappings is not None else load_mappings()
    start = _start(source, known)
    editions, code = _target(to, known)
    order = {prefix: place for place, prefix in enumerate(editions)}

    def wanted(node: str) -> bool:
        prefix, _, tail = node.partition(":")
        return prefix in order and node != start and (code is None or tail == code)

    by_end: dict[str, list[Chain]] = {}
    for chain in chains(known, start, wanted):
        by_end.setdefault(chain.end, []).append(chain)
    matches: list[Match] = []
    undecided: list[Undecided] = []
    for end in sorted(by_end, key=lambda node: (order[node.partition(":")[0]], node)):
        judged = _judge(start, by_end[end], known)
        if isinstance(judged, Match):
            matches.append(judged)
        else:
            undecided.append(judged)
    result = MapResult(
        source=code_of(start, known),
        to=to,
        matches=tuple(
            sorted(
                matches,
                key=lambda one: (
                    order[one.target.id.partition(":")[0]],
                    WEAKNESS[one.relation],
                    one.target.id,
                ),
            )
        ),
        undecided=tuple(undecided),
        successors=successors(start, known),
        hash=known.hash,
    )
    if not matches:
        raise _refusal(result, known)
    return result


def _start(source: str, mappings: Mappings) -> str:
    products = find_products(source, mappings)
    if len(products) == 1:
        return f"product:{products[0]}"
    if products:
        raise UnknownNameError("product-ambiguous", name=source, near=", ".join(products))
    nodes = find_nodes(source, mappings)
    named = {node.partition(":")[0]: node for node in reversed(nodes)}
    classifications = {
        mappings.schemes[prefix].classification for prefix in named if prefix in mappings.schemes
    }
    if len(classifications) > 1:
        raise UnknownNameError("code-ambiguous", name=source, near=showing(nodes, mappings))
    return nodes[0]


def _target(to: str, mappings: Mappings) -> tuple[list[str], str | None]:
    head, colon, tail = to.rpartition(":")
    if (head if colon else to).strip().casefold() == "product":
        return ["product"], tail if colon else None
    schemes = find_schemes(head if colon else to, mappings)
    return [one.prefix for one in schemes], squeeze(tail) if colon else None


def successors(node: str, mappings: Mappings) -> tuple[Code, ...]:
    """Return the codes of a newer edition that took the place of a code; empty where it lives on."""
    scheme = mappings.schemes.get(node.partition(":")[0])
    if scheme is None or any(
        row.subject.startswith("product:") for row in mappings.rows if row.object == node
    ):
        return ()
    found = []
    for row in mappings.rows:
        other = mappings.schemes.get(row.object.partition(":")[0])
        if row.subject == node and other is not None and not row.negated:
            same = other.classification == scheme.classification
            if same and edition_key(other) > edition_key(scheme):
                found.append(code_of(row.object, mappings))
    return tuple(found)


def _judge(start: str, found: Sequence[Chain], mappings: Mappings) -> Match | Undecided:
    direct = [chain for chain in found if len(chain.steps) == 1]
    decided = direct or [chain for chain in found if chain.relation is not None]
    if not decided:
        best = min(found, key=_order)
        return _open(start, best, mappings, _why_open(best, mappings))
    relations = {chain.relation for chain in decided}
    best = min(decided, key=_order)
    if {"broad", "narrow"} <= relations and "exact" not in relations:
        return _open(start, best, mappings, both("map.both-ways"))
    assert best.relation is not None
    if _denied(best, mappings):
        return _open(start, best, mappings, both("map.denied", target=show(best.end, mappings)))
    return _match(start, best, best.relation, mappings, len(found) - 1)


def _order(chain: Chain) -> tuple[int, int, float, tuple[str, ...]]:
    path = tuple(step.to for step in chain.steps)
    return WEAKNESS[chain.relation], len(chain.steps), -(_confidence(chain) or 0.0), path


def _confidence(chain: Chain) -> float | None:
    stated = [step.confidence for step in chain.steps]
    known = [one for one in stated if one is not None]
    return round(math.prod(known), 6) if len(known) == len(stated) else None


def _denied(chain: Chain, mappings: Mappings) -> bool:
    """Say whether a reviewer denied this very relation, of the start or of what equals it."""
    equal = [chain.steps[0].from_]
    for step in chain.steps:
        if step.relation != "exact":
            break
        equal.append(step.to)
    return any(
        row.negated and row.object == chain.end and row.relation == chain.relation and row.subject in equal
        for row in mappings.rows
    )


def _match(start: str, chain: Chain, relation: Relation, mappings: Mappings, others: int) -> Match:
    links: list[Relation] = [step.relation for step in chain.steps]
    shown = {"source": show(start, mappings), "target": show(chain.end, mappings)}
    one = chain.steps[0]
    alone = "semapv:MappingInversion" if one.inverted else one.justification
    return Match(
        target=code_of(chain.end, mappings),
        relation=relation,
        weakest=weakest(links),
        steps=chain.steps,
        confidence=_confidence(chain),
        evidence=max((step.evidence for step in chain.steps), key=_EVIDENCE.index),
        justification="semapv:MappingChaining" if len(chain.steps) > 1 else alone,
        rule=RULES[relation],
        carries=carries(relation),
        reason=both("map.direct" if len(links) == 1 else "map.chain", **shown, **_links(links)),
        alternatives=others,
    )


def _links(links: Sequence[Relation]) -> dict[str, Text]:
    en = " ∘ ".join(both(f"match.{one}").en for one in links)
    zh = " ∘ ".join(both(f"match.{one}").zh for one in links)
    return {"links": Text(en=en, zh=zh)}


def carries(relation: Relation) -> Text:
    """Return what a value may be used for across a relation."""
    return both(f"carries.{relation}")


def _why_open(chain: Chain, mappings: Mappings) -> Text:
    links: list[Relation] = [step.relation for step in chain.steps]
    never = [one for one in links if one in ("close", "related")]
    code = "map.never-chains" if never else "map.undecidable"
    return both(code, **_links(links))


def _open(start: str, chain: Chain, mappings: Mappings, reason: Text) -> Undecided:
    return Undecided(
        target=code_of(chain.end, mappings),
        steps=chain.steps,
        reason=reason,
        would_decide=both("map.would-decide", source=show(start, mappings), target=show(chain.end, mappings)),
    )


def _refusal(result: MapResult, mappings: Mappings) -> RefusedError:
    source = show(result.source.id, mappings)
    newer = ", ".join(one.code for one in result.successors)
    if not result.undecided:
        code = "map-dead" if newer else "map-none"
        return RefusedError(code, source=source, to=result.to, successors=newer)
    one = result.undecided[0]
    path = " → ".join([source, *(show(step.to, mappings) for step in one.steps)])
    return RefusedError(
        "map-undecidable",
        source=source,
        to=result.to,
        count=len(result.undecided),
        path=path,
        reason=one.reason,
        decide=one.would_decide,
        result=result,
    )

"""Chains of matches between codes: a networkx graph, searched under the nine rules.

One product or code is reached from another over rows read forwards or backwards. What a chain says of
its ends follows :func:`crosswalk.mappings.relations.compose`; where that is undecided the chain stops.
Between two editions of one classification only a row of their own table may lead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crosswalk.mappings.records import Mapping, Mappings, Step
from crosswalk.mappings.relations import Relation, compose, inverse

if TYPE_CHECKING:
    import networkx as nx

#: No chain that helps anyone is longer: code, product, code, and one table on either side.
LONGEST = 4


class Chain(NamedTuple):
    """Steps from a start to an end; ``relation`` is ``None`` where it cannot be decided."""

    steps: tuple[Step, ...]
    relation: Relation | None

    @property
    def end(self) -> str:
        """The node the chain ends in."""
        return self.steps[-1].to


def to_networkx(mappings: Mappings) -> nx.MultiDiGraph:
    """Return the matches as a directed multigraph; every row also stands there inverted.

    Nodes are ``prefix:code``; edges carry ``relation`` and the :class:`Step`. Rows that deny a match,
    or say that none was found, are no edges.
    """
    import networkx as nx

    graph = nx.MultiDiGraph()
    for row in mappings.rows:
        if row.negated or not row.object:
            continue
        for step in (_step(row), _step(row, inverted=True)):
            graph.add_edge(step.from_, step.to, relation=step.relation, step=step)
    return graph


def _step(row: Mapping, *, inverted: bool = False) -> Step:
    ends = (row.object, row.subject) if inverted else (row.subject, row.object)
    return Step(
        from_=ends[0],
        to=ends[1],
        relation=inverse(row.relation) if inverted else row.relation,
        justification=row.justification,
        confidence=row.confidence,
        evidence=row.evidence,
        sources=row.sources,
        set=row.set,
        inverted=inverted,
        comment=row.comment,
    )


@lru_cache(maxsize=2)
def _graphs(key: str) -> list[nx.MultiDiGraph]:
    """One graph per state of the knowledge, kept between calls (a list, filled on first use)."""
    return []


def graph_of(mappings: Mappings) -> nx.MultiDiGraph:
    """Return the graph of ``mappings``, built once."""
    kept = _graphs(mappings.hash)
    if not kept or not mappings.hash:
        kept[:] = [to_networkx(mappings)]
    return kept[0]


def chains(mappings: Mappings, start: str, wanted: Callable[[str], bool]) -> Iterator[Chain]:
    """Yield every chain from ``start`` to a node that is ``wanted``, decided or not, in a stable order."""
    graph = graph_of(mappings)
    if start not in graph:
        return
    editions = {prefix: (one.classification, one.edition) for prefix, one in mappings.schemes.items()}
    todo: list[tuple[Step, ...]] = [()]
    while todo:
        path = todo.pop(0)
        here = path[-1].to if path else start
        visited = {start, *(step.to for step in path)}
        found = [data["step"] for _, _, data in graph.out_edges(here, data=True)]
        for step in sorted(found, key=lambda one: (one.to, one.relation, one.set, one.inverted)):
            if step.to in visited or _crosses(editions, visited, step):
                continue
            longer = (*path, step)
            relation = _relation(longer)
            if wanted(step.to):
                yield Chain(longer, relation)
            if relation in ("exact", "broad", "narrow", "overlap") and len(longer) < LONGEST:
                todo.append(longer)


def _relation(steps: tuple[Step, ...]) -> Relation | None:
    relation: Relation | None = steps[0].relation
    for step in steps[1:]:
        relation = compose(relation, step.relation)
    return relation


def _crosses(editions: dict[str, tuple[str, str]], visited: set[str], step: Step) -> bool:
    """Say whether a step would lead into another edition of a classification other than by its table."""

    def edition(node: str) -> tuple[str, str]:
        return editions.get(node.partition(":")[0], ("", ""))

    name, number = edition(step.to)
    if not name or edition(step.from_)[0] == name:
        return False
    return any(edition(node)[0] == name and edition(node)[1] != number for node in visited)

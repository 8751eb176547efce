"""Who accepts what of whom: the arrangements as a graph, one by one and in chains.

An arrangement leads from whoever is accepted to whoever accepts. Two in a row make one only at levels that
chain, and only if both are in force on the day: a comparison of methods can be carried on, a verification
accepted by a partner binds nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

import networkx as nx

from crosswalk.knowledge.recognition import Arrangement, Recognition, Status
from crosswalk.knowledge.records import FIRM

#: How the code of a body begins where a regime may stand as well.
BODY = "body:"
#: What an arrangement not in force comes to, the one that says most first.
_LEFT: tuple[Status, ...] = ("refused", "suspended", "ended", "talks")


@dataclass(frozen=True)
class Standing:
    """How two parties stand at a level.

    ``status`` is ``None`` where nothing is known, or where arrangements contradict one another
    (``disputed``); ``path`` are the arrangements it rests on, in order.
    """

    status: Status | None
    path: tuple[Arrangement, ...] = ()
    disputed: bool = False

    @property
    def chained(self) -> bool:
        """Whether it follows from several arrangements in a row."""
        return self.status == "in-force" and len(self.path) > 1

    @property
    def provisional(self) -> bool:
        """Whether it rests on a statement weaker than a secondary source."""
        return any(one.statement.evidence not in FIRM for one in self.path)


class Network:
    """The arrangements of a catalogue as they stand on one day."""

    def __init__(self, recognition: Recognition, day: date) -> None:
        self._recognition = recognition
        self._day = day

    @cached_property
    def graph(self) -> nx.MultiDiGraph:
        """Arrangements as edges, keyed by their code, with their levels; a party as a node by its code."""
        made = nx.MultiDiGraph()
        for one in self._recognition.arrangements.values():
            for giver in one.givers:
                for taker in one.takers:
                    made.add_edge(giver, taker, key=one.code, arrangement=one, status=self.status(one))
        return made

    def status(self, one: Arrangement) -> Status | None:
        """Return how an arrangement stands on the day; ``None`` before it starts."""
        if one.start is not None and date.fromisoformat(one.start) > self._day:
            return None
        if one.status == "in-force" and one.end is not None and date.fromisoformat(one.end) < self._day:
            return "ended"
        return one.status

    def standing(self, giver: str, taker: str, level: str, scope: Iterable[str] = ()) -> Standing:
        """Return how what comes from ``giver`` stands with ``taker``, for what is in ``scope``.

        An arrangement limited to something else does not count. A member of a group stands as the group
        does, if it has no arrangement of its own.
        """
        within = frozenset(scope)
        for party in (giver, *self._groups(giver)):
            found = self._direct(party, taker, level, within)
            if found.status is not None or found.disputed:
                return found
        return self._chain(giver, taker, level, within)

    def _groups(self, party: str) -> list[str]:
        """The groups a party is in, and those these are in, the nearest first."""
        found: list[str] = []
        todo = [party]
        while todo:
            body = self._recognition.bodies.get(todo.pop(0).removeprefix(BODY))
            groups = [BODY + group for group in body.member_of] if body is not None else []
            new = [group for group in groups if group not in found]
            found += new
            todo += new
        return found

    def _edges(self, giver: str, taker: str, level: str, scope: frozenset[str]) -> list[Arrangement]:
        if not self.graph.has_edge(giver, taker):
            return []
        found = [data["arrangement"] for data in self.graph[giver][taker].values()]
        return [one for one in found if level in one.levels and (not one.scope or scope & set(one.scope))]

    def _direct(self, giver: str, taker: str, level: str, scope: frozenset[str]) -> Standing:
        by_status: dict[Status, Arrangement] = {}
        for one in sorted(self._edges(giver, taker, level, scope), key=lambda one: one.code):
            status = self.status(one)
            if status is not None:
                by_status.setdefault(status, one)
        if "in-force" in by_status:
            against = {"refused", "suspended"} & by_status.keys()
            if against:
                return Standing(None, tuple(by_status.values()), disputed=True)
            return Standing("in-force", (by_status["in-force"],))
        for status in _LEFT:
            if status in by_status:
                return Standing(status, (by_status[status],))
        return Standing(None)

    def _chain(self, giver: str, taker: str, level: str, scope: frozenset[str]) -> Standing:
        known = self._recognition.levels.get(level)
        if known is None or not known.chains or giver not in self.graph or taker not in self.graph:
            return Standing(None)
        links = nx.DiGraph()
        links.add_nodes_from((giver, taker))
        for one, other in sorted(set(self.graph.edges())):
            if self._direct(one, other, level, scope).status == "in-force":
                links.add_edge(one, other)
        try:
            nodes = min(nx.all_shortest_paths(links, giver, taker))
        except nx.NetworkXNoPath:
            return Standing(None)
        steps = (self._direct(a, b, level, scope) for a, b in pairwise(nodes))
        return Standing("in-force", tuple(one for step in steps for one in step.path))

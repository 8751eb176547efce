"""The graphs people reason about, as networkx graphs: regimes, and the options of a dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosswalk.errors import UnknownNameError

if TYPE_CHECKING:
    from networkx import DiGraph

    from crosswalk.knowledge.catalogue import Catalogue


def regime_network(catalogue: Catalogue) -> DiGraph[str]:
    """Return the regimes as nodes (by code) and what each builds on as edges, child to parent.

    Node attributes: ``label_en``, ``label_zh``, ``status``, ``requirements`` (how many) and ``firm``
    (how many of them rest on a text or a secondary source). A parent that is not described here is a
    node with status ``undescribed``. Nothing is inherited along an edge.

    >>> from crosswalk.knowledge.load import load
    >>> sorted(regime_network(load()).successors("GBT:24067-2024"))
    ['ISO:14067-2018']
    """
    import networkx as nx

    from crosswalk.knowledge.records import FIRM

    graph: DiGraph[str] = nx.DiGraph()
    for regime in catalogue.regimes.values():
        asked = regime.requirements.values()
        graph.add_node(
            regime.code,
            label_en=regime.label.en,
            label_zh=regime.label.zh,
            status=regime.status,
            requirements=len(regime.requirements),
            firm=sum(r.statement.evidence in FIRM for r in asked),
        )
    for regime in catalogue.regimes.values():
        for parent in regime.builds_on:
            if parent not in graph:
                graph.add_node(parent, status="undescribed", requirements=0, firm=0)
            graph.add_edge(regime.code, parent, relation="builds on")
    return graph


def option_network(dimension: str, catalogue: Catalogue) -> DiGraph[str]:
    """Return the options of a dimension as nodes and the moves regimes force as edges.

    An edge from one option to another says that some regime (edge attribute ``regimes``) does not
    permit the first and asks for the second; ``operation`` is the operation that crosses it. Raises
    ``UnknownNameError`` for a dimension that is not described.

    >>> from crosswalk.knowledge.load import load
    >>> graph = option_network("biogenic-co2", load())
    >>> "ISO:14067-2018" in graph["biogenic-co2.zero-zero"]["biogenic-co2.minus1-plus1"]["regimes"]
    True
    """
    import networkx as nx

    if dimension not in catalogue.dimensions:
        raise UnknownNameError(
            "unknown-dimension", name=dimension, known=", ".join(sorted(catalogue.dimensions))
        )
    described = catalogue.dimensions[dimension]
    graph: DiGraph[str] = nx.DiGraph(dimension=dimension, family=described.family)
    for code in described.options:
        label = catalogue.options[code].label
        graph.add_node(code, label_en=label.en, label_zh=label.zh, permitted_by=[])
    for regime in catalogue.regimes.values():
        asked = regime.requirements.get(dimension)
        if asked is None or not asked.permits:
            continue
        for code in asked.permits:
            graph.nodes[code]["permitted_by"].append(regime.code)
        for before in described.options:
            if before in asked.permits:
                continue
            for after in (asked.prefers,) if asked.prefers else asked.permits:
                if not graph.has_edge(before, after):
                    graph.add_edge(before, after, operation=described.operation, regimes=[])
                graph[before][after]["regimes"].append(regime.code)
    return graph

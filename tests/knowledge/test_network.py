from __future__ import annotations

import networkx as nx
import pytest

from crosswalk.errors import UnknownNameError
from crosswalk.knowledge.load import load
from crosswalk.knowledge.network import option_network, regime_network


def test_regimes_and_what_they_build_on() -> None:
    graph = regime_network(load())
    assert nx.is_directed_acyclic_graph(graph)
    assert set(load().regimes) <= set(graph)
    assert 0 < graph.nodes["PACT:3.0"]["firm"] <= graph.nodes["PACT:3.0"]["requirements"]


def test_every_option_a_regime_forbids_has_a_way_to_one_it_permits() -> None:
    catalogue = load()
    for dimension in catalogue.dimensions:
        graph = option_network(dimension, catalogue)
        for regime in catalogue.regimes.values():
            asked = regime.requirements.get(dimension)
            if asked is None or not asked.permits:
                continue
            for option in set(graph) - set(asked.permits):
                assert any(regime.code in edge["regimes"] for edge in graph[option].values())


def test_an_unknown_dimension_is_an_error() -> None:
    with pytest.raises(UnknownNameError):
        option_network("nothing", load())

"""Pictures for notebooks: the bridge from one regime to another, and the regimes as a graph.

Needs matplotlib (``pip install carbon-crosswalk[plot]``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosswalk.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crosswalk.knowledge.catalogue import Catalogue
    from crosswalk.results import Conversion


def bridge(conversion: Conversion, ax: Axes | None = None, *, lang: str = "en") -> Axes:
    """Draw a conversion as a waterfall: the stated value, what each step changes, the value reached.

    A step is a bar from its least to its greatest change; an open end fades into an arrow. Steps
    without effect are left out. The guaranteed interval of the answer is a bar with whiskers, the
    interval under assumptions a hollow one beside it. Returns the axes, in kg CO2e per declared unit.
    """
    import matplotlib.pyplot as plt

    axes = ax if ax is not None else plt.subplots(figsize=(8, 4.5))[1]
    moved = [
        s for s in conversion.steps if s.class_ != "documentary" and (s.delta.low, s.delta.high) != (0, 0)
    ]
    start = float(conversion.source.value) if conversion.source.value is not None else None
    names = [conversion.source.code or "?"]
    level = start if start is not None else 0.0
    if start is not None:
        axes.bar(0, start, color="#4c78a8", width=0.6)
    for place, step in enumerate(moved, start=1):
        names.append(step.label.get(lang))
        low, high = step.delta.low, step.delta.high
        middle = _middle(low, high)
        axes.plot([place - 0.7, place + 0.3], [level, level], color="0.6", lw=0.8)
        if low is not None and high is not None:
            axes.bar(place, middle, bottom=level, color=_COLOUR[step.class_], width=0.6)
            axes.errorbar(place, level + middle, [[middle - low], [high - middle]], color="0.2", capsize=4)
            level += middle
        else:
            _open_end(axes, place, level, low, high, lang)
    place = len(moved) + 1
    names.append(conversion.target.code or "?")
    guaranteed = conversion.guaranteed
    if guaranteed.low is not None and guaranteed.high is not None:
        middle = (
            conversion.value if conversion.value is not None else _middle(guaranteed.low, guaranteed.high)
        )
        axes.bar(place, middle, color="#54a24b", width=0.6)
        ends = [[middle - guaranteed.low], [guaranteed.high - middle]]
        axes.errorbar(place, middle, ends, color="0.2", capsize=5)
    else:
        _open_end(axes, place, level, guaranteed.low, guaranteed.high, lang)
    assumed = conversion.assumed
    if assumed is not None and assumed.low is not None and assumed.high is not None:
        place += 1
        names.append(say("plot.assumed", lang))
        height = assumed.high - assumed.low
        axes.bar(place, height, bottom=assumed.low, fill=False, edgecolor="#e45756", hatch="//", width=0.6)
    axes.set_xticks(range(len(names)), names, rotation=20, ha="right")
    axes.set_ylabel(f"kg CO2e / {conversion.declared_unit}")
    axes.set_title(f"{conversion.source.code} → {conversion.target.code}")
    _focus(axes, start, conversion)
    return axes


_COLOUR = {
    "exact": "#72b7b2",
    "bounded": "#eeca3b",
    "estimated": "#f58518",
    "unbridgeable": "#bab0ac",
    "documentary": "#bab0ac",
}


def _middle(low: float | None, high: float | None) -> float:
    return 0.0 if low is None or high is None else (low + high) / 2


def _open_end(axes: Axes, place: int, level: float, low: float | None, high: float | None, lang: str) -> None:
    for end, direction in ((high, 1), (low, -1)):
        if end is None:
            tip = level + direction * 0.25 * (abs(level) or 1.0)
            arrow = {"arrowstyle": "->", "color": "#e45756"}
            axes.annotate("", xy=(place, tip), xytext=(place, level), arrowprops=arrow)
            axes.plot(place, tip, alpha=0)
    axes.text(place + 0.06, level, say("plot.no-bound", lang), fontsize=8, color="#e45756")


def _focus(axes: Axes, start: float | None, conversion: Conversion) -> None:
    """Show the part where the values differ, unless they reach across zero."""
    found = [start, conversion.guaranteed.low, conversion.guaranteed.high]
    if conversion.assumed is not None:
        found += [conversion.assumed.low, conversion.assumed.high]
    known = [value for value in found if value is not None]
    if known and None not in found[:3] and min(known) > 0:
        room = max(max(known) - min(known), 0.02 * max(known))
        axes.set_ylim(max(0.0, min(known) - room), max(known) + room)


def regimes(catalogue: Catalogue, ax: Axes | None = None) -> Axes:
    """Draw the regimes and what each builds on; the darker a node, the more of it is firmly known."""
    import matplotlib.pyplot as plt
    import networkx as nx

    from crosswalk.knowledge.network import regime_network

    axes = ax if ax is not None else plt.subplots(figsize=(13, 7))[1]
    graph = regime_network(catalogue)
    for node, known in graph.nodes(data=True):
        known["layer"] = len(nx.dag_longest_path(graph.subgraph({node, *nx.descendants(graph, node)})))
        known["share"] = known["firm"] / max(1, known["requirements"])
    nx.draw_networkx(
        graph,
        nx.multipartite_layout(graph, subset_key="layer", align="horizontal"),
        ax=axes,
        labels={node: node.replace(":", ":\n", 1) for node in graph},
        node_color=[graph.nodes[node]["share"] for node in graph],
        cmap="Greens",
        vmin=0,
        vmax=1.2,
        node_size=2600,
        font_size=7,
        edge_color="0.7",
    )
    axes.margins(0.08)
    axes.set_axis_off()
    return axes

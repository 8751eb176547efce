"""Pictures for notebooks: the bridge from one regime to another, and the regimes as a graph.

Needs matplotlib (``pip install carbon-crosswalk[plot]``).
"""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, NamedTuple

from crosswalk.errors import UsageError
from crosswalk.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crosswalk.knowledge.catalogue import Catalogue
    from crosswalk.results import Conversion, Range, Reconciliation


class _Bar(NamedTuple):
    """One change of a waterfall: its name, its ends, its value where known, and how it is drawn."""

    name: str
    low: float | None
    high: float | None
    value: float | None
    colour: str


def bridge(record: Conversion | Reconciliation, ax: Axes | None = None, *, lang: str = "en") -> Axes:
    """Draw a conversion or a reconciliation as a waterfall, in kg CO2e per declared unit.

    A conversion: the stated value, what each step changes, the value reached. A reconciliation: the first
    footprint, the share of each dimension, what is left unexplained, the second footprint. A bar goes to the
    value, or the middle, of a change, with whiskers to its ends; an open end fades into an arrow. What has
    no effect is left out. The interval of a conversion under assumptions is a hollow bar beside it.
    Returns the axes.
    """
    import matplotlib.pyplot as plt

    from crosswalk.results import Reconciliation

    axes = ax if ax is not None else plt.subplots(figsize=(8, 4.5))[1]
    if isinstance(record, Reconciliation):
        _reconciled(record, axes, lang)
    else:
        _converted(record, axes, lang)
    return axes


def save(record: Conversion | Reconciliation, path: str, *, lang: str = "en") -> None:
    """Write the bridge to a file; its ending says in which form (png, svg, pdf).

    Names are English where no Chinese typeface is installed: empty boxes would tell nobody anything.
    Raises ``UsageError`` where matplotlib is not installed, or the file cannot be written.
    """
    from pathlib import Path

    if Path(path).suffix.lower() not in _FORMS:
        raise UsageError("plot-form", where=path, known=", ".join(_FORMS))
    try:
        from matplotlib import font_manager, rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError("plot-library") from error
    installed = set(font_manager.fontManager.get_font_names())
    chinese = [name for name in _CHINESE if name in installed]
    picture = Figure(figsize=(9, 5), layout="constrained")
    try:
        with rc_context({"font.family": [*chinese[:1], "DejaVu Sans"]}):
            bridge(record, picture.subplots(), lang=lang if chinese else "en")
            picture.savefig(path, dpi=150)
    except OSError as error:
        raise UsageError("out-unwritable", where=path, problem=error.strerror or str(error)) from error


#: A name longer than this goes on in the next line.
_WIDE = 22
#: Forms a picture is written in, by the ending of its file.
_FORMS = (".png", ".svg", ".pdf")
#: Typefaces with Chinese characters that systems come with.
_CHINESE = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
)


def _converted(conversion: Conversion, axes: Axes, lang: str) -> None:
    start = float(conversion.source.value) if conversion.source.value is not None else None
    bars = [
        _Bar(step.label.get(lang), step.delta.low, step.delta.high, None, _COLOUR[step.class_])
        for step in conversion.steps
        if step.class_ != "documentary"
    ]
    names, level = _waterfall(axes, conversion.source.code or "?", start, bars, lang)
    guaranteed = conversion.guaranteed
    _end(axes, len(names), level, guaranteed, conversion.value, lang)
    names.append(conversion.target.code or "?")
    assumed = conversion.assumed
    if assumed is not None and assumed.low is not None and assumed.high is not None:
        height = assumed.high - assumed.low
        axes.bar(
            len(names), height, bottom=assumed.low, fill=False, edgecolor="#e45756", hatch="//", width=0.6
        )
        names.append(say("plot.assumed", lang))
    _label(axes, names, conversion.declared_unit, f"{conversion.source.code} → {conversion.target.code}")
    found = [start, guaranteed.low, guaranteed.high]
    more = [] if assumed is None else [assumed.low, assumed.high]
    _focus(axes, found, more)


def _reconciled(found: Reconciliation, axes: Axes, lang: str) -> None:
    first, second, left = found.first, found.second, found.residual
    bars = [
        _Bar(
            share.label.get(lang), share.delta.low, share.delta.high, share.delta.value, _COLOUR[share.class_]
        )
        for share in found.shares
    ]
    bars.append(_Bar(say("plot.residual", lang), left.low, left.high, left.value, "#bab0ac"))
    start = first.total.value if first.total.value is not None else _middle(first.total.low, first.total.high)
    names, level = _waterfall(axes, first.regime or say("plot.first", lang), start, bars, lang)
    _end(axes, len(names), level, second.total, second.total.value, lang)
    names.append(second.regime or say("plot.second", lang))
    _label(axes, names, found.declared_unit, f"{first.id or first.file} → {second.id or second.file}")
    _focus(axes, [first.total.low, first.total.high, second.total.low, second.total.high], [level])


def _waterfall(
    axes: Axes, name: str, start: float | None, bars: list[_Bar], lang: str
) -> tuple[list[str], float]:
    """Draw the start and the changes; return the names so far and the level reached."""
    names, level = [name], start if start is not None else 0.0
    if start is not None:
        axes.bar(0, start, color="#4c78a8", width=0.6)
    for bar in bars:
        if (bar.low, bar.high) == (0, 0):
            continue
        place = len(names)
        names.append(bar.name)
        axes.plot([place - 0.7, place + 0.3], [level, level], color="0.6", lw=0.8)
        if bar.low is None or bar.high is None:
            _open_end(axes, place, level, bar.low, bar.high, lang)
            continue
        middle = bar.value if bar.value is not None else _middle(bar.low, bar.high)
        axes.bar(place, middle, bottom=level, color=bar.colour, width=0.6)
        axes.errorbar(
            place, level + middle, [[middle - bar.low], [bar.high - middle]], color="0.2", capsize=4
        )
        level += middle
    return names, level


def _end(axes: Axes, place: int, level: float, reached: Range, value: float | None, lang: str) -> None:
    if reached.low is None or reached.high is None:
        _open_end(axes, place, level, reached.low, reached.high, lang)
        return
    middle = value if value is not None else _middle(reached.low, reached.high)
    axes.bar(place, middle, color="#54a24b", width=0.6)
    axes.errorbar(place, middle, [[middle - reached.low], [reached.high - middle]], color="0.2", capsize=5)


def _label(axes: Axes, names: list[str], unit: str, title: str) -> None:
    folded = [fill(name, _WIDE) for name in names]
    axes.set_xticks(range(len(names)), folded, rotation=20, ha="right")
    axes.set_ylabel(f"kg CO2e / {unit}")
    axes.set_title(title)


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


def _focus(axes: Axes, ends: list[float | None], more: list[float | None]) -> None:
    """Show the part where the values differ, unless they reach across zero."""
    known = [value for value in (*ends, *more) if value is not None]
    if known and None not in ends and min(known) > 0:
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

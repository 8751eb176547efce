"""What the stated distributions mean, for people: percentiles beside the interval, never in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosswalk.report.figures import figure, interval
from crosswalk.report.layout import bullets, section, table
from crosswalk.report.speaker import Speaker
from crosswalk.results import Drawn, Moved, PBox, Percentiles, Uncertainty

if TYPE_CHECKING:
    from rich.console import RenderableType

#: Ends that differ by less than this share of them differ by the rounding of the computer alone.
_SAME = 1e-9
#: So many digits of an end are more than the rounding of the computer has touched.
_DIGITS = 12
_POINTS = ("p5", "p50", "p95")


def uncertainty(found: Uncertainty | None, unit: str, speaker: Speaker) -> list[RenderableType]:
    """Return the section on uncertainty; nothing where no draws were asked for."""
    if found is None:
        return []
    title = speaker.say("report.uncertainty", draws=f"{found.draws:,}".replace(",", " "), seed=found.seed)
    if not found.numbers and found.climate is None:
        return section(title, *_plain(speaker.say("report.uncertainty-none")), *_notes(found, speaker))
    return section(
        title,
        *_plain(speaker.say("report.uncertainty-apart")),
        *_table(found, unit, speaker),
        *bullets(_counts(found, speaker)),
        *_plain(speaker.say("report.uncertainty-numbers")),
        *bullets(_number(one, speaker) for one in found.numbers),
        *bullets(_moved(one, speaker) for one in found.moved),
        *_rests(found, speaker),
        *_notes(found, speaker),
    )


def summary(found: Uncertainty, speaker: Speaker) -> list[str]:
    """Return the percentiles in a line for a prompt, where there are any."""
    box = found.guaranteed or found.assumed
    if box is None:
        return []
    p5, p50, p95 = (_cell(box, point, speaker) for point in _POINTS)
    return [
        speaker.say("report.brief-uncertainty", p5=p5, p50=p50, p95=p95, draws=found.draws, seed=found.seed)
    ]


def _boxes(found: Uncertainty) -> list[tuple[str, PBox]]:
    named = (("guaranteed", found.guaranteed), ("assumed", found.assumed), ("climate", found.climate))
    return [(name, box) for name, box in named if box is not None]


def _table(found: Uncertainty, unit: str, speaker: Speaker) -> list[RenderableType]:
    boxes = _boxes(found)
    if not boxes:
        return _plain(speaker.say("report.uncertainty-no-box"))
    heads = [speaker.say("report.head-percentile", unit=unit)]
    heads += [speaker.say(f"report.uncertainty-{name}") for name, _ in boxes]
    rows = [
        (speaker.say(f"report.percentile-{point}"), *(_cell(box, point, speaker) for _, box in boxes))
        for point in _POINTS
    ]
    return table(heads, rows)


def _cell(box: PBox, point: str, speaker: Speaker) -> str:
    return _between(getattr(box.low, point), getattr(box.high, point), speaker)


def _between(low: float | None, high: float | None, speaker: Speaker) -> str:
    low, high = (None if end is None else float(f"{end:.{_DIGITS}g}") for end in (low, high))
    if low is not None and high is not None and high - low <= _SAME * max(abs(low), abs(high)):
        return figure((low + high) / 2)
    return interval(low, high, speaker.lang)


def _counts(found: Uncertainty, speaker: Speaker) -> list[str]:
    lines = []
    for name, box in _boxes(found):
        label = speaker.say(f"report.uncertainty-{name}")
        for code, count in (
            ("contradicting", box.contradicting),
            ("open-low", box.open_low),
            ("open-high", box.open_high),
        ):
            if count:
                lines.append(speaker.say(f"report.draws-{code}", box=label, count=count, draws=found.draws))
    if found.climate is not None:
        lines.append(speaker.say("report.climate-meaning"))
        if not found.climate_tight:
            lines.append(speaker.say("report.climate-outer"))
        if found.unranged:
            lines.append(speaker.say("report.climate-unranged", gases=speaker.some(found.unranged, 6)))
    return lines


def _number(one: Drawn, speaker: Speaker) -> list[str]:
    lines = [
        speaker.say(
            "report.uncertainty-number",
            name=speaker.named(one.name, one.path) if one.name != one.path else one.path,
            value=one.value,
            distribution=_distribution(one, speaker),
        )
    ]
    if one.role == "unused":
        lines.append(speaker.say("report.uncertainty-unused"))
    if one.stated is not None and one.implied is not None:
        stated, implied = (_span(points, speaker) for points in (one.stated, one.implied))
        lines.append(speaker.say("report.uncertainty-summed", stated=stated, implied=implied))
    return lines


def _span(points: Percentiles, speaker: Speaker) -> str:
    return _between(points.p5, points.p95, speaker)


def _distribution(one: Drawn, speaker: Speaker) -> str:
    parts = [speaker.word("distribution", one.distribution)]
    if one.sigma is not None:
        symbol = "σg" if one.distribution == "lognormal" else "σ"
        shown = f"{symbol} {figure(one.sigma)}"
        if one.below is not None:
            shown = speaker.say(
                "report.sigma-sides", symbol=symbol, above=figure(one.sigma), below=figure(one.below)
            )
        parts.append(shown)
    if one.low is not None and one.high is not None:
        parts.append(speaker.say("report.interval", low=figure(one.low), high=figure(one.high)))
    if one.pedigree is not None:
        parts.append(speaker.say("report.by-pedigree", name=one.pedigree))
    if one.ranged:
        parts.append(speaker.say("report.by-range"))
    if one.group is not None:
        parts.append(speaker.say("report.in-group", name=one.group))
    return speaker.join(parts)


def _moved(one: Moved, speaker: Speaker) -> str:
    name = speaker.named(one.name, one.path) if one.name != one.path else one.path
    return speaker.say(f"report.moved-{one.how}", name=name, value=one.value)


def _rests(found: Uncertainty, speaker: Speaker) -> list[RenderableType]:
    lines = [
        speaker.say(
            "report.weak",
            about=cited.about,
            clause=speaker.clause(cited.clause),
            evidence=speaker.word("evidence", cited.evidence),
        )
        for cited in found.rests_on
    ]
    return [*_plain(speaker.say("report.uncertainty-rests")), *bullets(lines)] if lines else []


def _notes(found: Uncertainty, speaker: Speaker) -> list[RenderableType]:
    return bullets(speaker.text(note) for note in found.notes)


def _plain(line: str) -> list[RenderableType]:
    from rich.text import Text

    return [Text(line)]

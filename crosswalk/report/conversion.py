"""A conversion for people: the answer first, then what it rests on, then what would improve it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crosswalk.report import asks, per, whatif
from crosswalk.report.figures import figure, interval, reasons
from crosswalk.report.layout import assumptions, bullets, knowledge, section, table
from crosswalk.report.speaker import FEW, Speaker
from crosswalk.report.uncertainty import uncertainty
from crosswalk.results import (
    Assumed,
    Cited,
    Conversion,
    Gap,
    Inconsistency,
    Line,
    OpenOption,
    Range,
    Side,
    Step,
)

if TYPE_CHECKING:
    from rich.console import RenderableType


def headline(answer: Conversion, speaker: Speaker) -> list[str]:
    """Return source, target and the answer in four plain lines."""
    return [
        _side(answer.source, speaker),
        _stated(answer, speaker),
        "→ " + _side(answer.target, speaker),
        guaranteed(answer, speaker) if answer.answered else speaker.say("report.no-answer"),
    ]


def guaranteed(answer: Conversion, speaker: Speaker) -> str:
    """Return the value, or the interval, that the disclosure alone determines."""
    low, high = answer.guaranteed.low, answer.guaranteed.high
    if answer.value is None or low is None or high is None:
        return _amount(low, high, answer, speaker)
    exact = speaker.say("report.amount", value=figure(answer.value), unit=answer.declared_unit)
    shown = interval(low, high, speaker.lang)
    return exact if low == high else speaker.say("report.rounded", value=exact, interval=shown)


def report(answer: Conversion, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the parts of the report, in order."""
    from rich.text import Text

    for index, line in enumerate(headline(answer, speaker)[:3]):
        yield Text(line, style="bold" if index != 1 else "")
    if answer.refusal is not None:
        yield from section(speaker.say("report.no-answer"), Text(speaker.text(answer.refusal), style="red"))
    yield from _contradictions(answer.inconsistencies, speaker)
    yield from _guaranteed(answer, speaker)
    yield from _assumed(answer.assumed, answer, speaker)
    yield from per.report(answer.per_unit, speaker)
    yield from uncertainty(answer.uncertainty, answer.declared_unit, speaker)
    yield from asks.within(answer.within_tolerance, speaker)
    yield from asks.flips(answer.flips, speaker)
    yield from whatif.report(answer, speaker)
    yield from _class(answer, speaker)
    yield from _steps(answer.steps, speaker)
    yield from _lines(answer, speaker)
    yield from asks.report(answer.asks, speaker)
    yield from _gaps(answer.gaps, speaker)
    yield from _open(answer.open_options, speaker)
    yield from _documents(answer.steps, speaker)
    yield from _provisional(answer, speaker)
    yield from section(
        speaker.say("report.unused"),
        *bullets(unused(one.path, one.likely, speaker) for one in answer.unused_fields),
    )
    yield from section(speaker.say("report.notes"), *bullets(speaker.text(note) for note in answer.notes))
    yield from knowledge(answer.knowledge, speaker)


def unused(path: str, likely: str | None, speaker: Speaker) -> str:
    """Return a field that was not used, with what it is likely meant as."""
    return speaker.say("report.unused-likely", path=path, likely=likely) if likely else path


def contradiction(clash: Inconsistency, speaker: Speaker) -> list[str]:
    """Return fields that contradict one another, a line each, and by how much they miss."""
    lines = [
        speaker.say("report.field-value", field=field, path=path, value=value)
        if path != field
        else speaker.say("report.path-value", path=path, value=value)
        for field, path, value in zip(clash.fields, clash.paths, clash.values, strict=True)
    ]
    if clash.off_by is not None:
        lines.append(speaker.say("report.off-by", value=figure(clash.off_by)))
    return lines


def _side(side: Side, speaker: Speaker) -> str:
    label = speaker.text(side.label)
    return speaker.named(label, side.code) if side.code else label


def _stated(answer: Conversion, speaker: Speaker) -> str:
    side = answer.source
    names = [name for name in (side.field, answer.product, answer.id, answer.file) if name]
    amount = (
        speaker.say("report.value-unstated")
        if side.value is None
        else speaker.say("report.amount", value=side.value, unit=per.declared_unit(answer))
    )
    return speaker.say("report.stated", amount=amount, names=speaker.join(names))


def _amount(low: float | None, high: float | None, answer: Conversion, speaker: Speaker) -> str:
    code = "report.amount-open" if low is None or high is None else "report.amount"
    return speaker.say(code, value=interval(low, high, speaker.lang), unit=answer.declared_unit)


def _guaranteed(answer: Conversion, speaker: Speaker) -> list[RenderableType]:
    from rich.text import Text

    if answer.inconsistencies:
        return []
    found = answer.guaranteed
    why = reasons(found.low_reason, found.high_reason, speaker.lang)
    return section(
        speaker.say("report.guaranteed"),
        Text(guaranteed(answer, speaker), style="bold green" if answer.answered else ""),
        *(Text(reason) for reason in why),
    )


def _class(answer: Conversion, speaker: Speaker) -> list[RenderableType]:
    from rich.text import Text

    target = answer.target.code or speaker.text(answer.target.label)
    line = speaker.say(
        "report.class",
        name=speaker.word("class", answer.class_),
        meaning=speaker.say(f"class-meaning.{answer.class_}", target=target),
    )
    return section(speaker.say("report.class-of-answer"), Text(line))


def _assumed(assumed: Assumed | None, answer: Conversion, speaker: Speaker) -> list[RenderableType]:
    from rich.text import Text

    if assumed is None:
        return []
    return section(
        speaker.say("report.assumed"),
        Text(_amount(assumed.low, assumed.high, answer, speaker), style="bold yellow"),
        *(Text(reason) for reason in reasons(assumed.low_reason, assumed.high_reason, speaker.lang)),
        *assumptions(assumed.assumptions, speaker),
    )


def _steps(steps: tuple[Step, ...], speaker: Speaker) -> list[RenderableType]:
    heads = [
        speaker.say(f"report.head-{name}") for name in ("dimension", "from-to", "class-change", "rests-on")
    ]
    numeric = [step for step in steps if step.class_ != "documentary"]
    return section(speaker.say("report.steps"), *table(heads, (_step(step, speaker) for step in numeric)))


def _documents(steps: tuple[Step, ...], speaker: Speaker) -> list[RenderableType]:
    """What the target wants done or reported besides: a line each, since no number depends on it."""
    return section(
        speaker.say("report.documents"),
        *bullets(
            speaker.told(speaker.text(step.label), _from_to(step, speaker))
            for step in steps
            if step.class_ == "documentary"
        ),
    )


def _step(step: Step, speaker: Speaker) -> tuple[str, str, str, str]:
    notes = [speaker.text(step.note)] if step.note else _reasons(step.delta, speaker)
    label = speaker.text(step.label)
    return (
        speaker.named(label, step.operation) if step.operation else label,
        f"{speaker.options(step.from_)}\n→ {speaker.options(step.to)}",
        "\n".join([speaker.word("class", step.class_), _change(step, speaker), *notes]),
        "\n".join(speaker.resting(cited) for cited in step.clauses),
    )


def _reasons(delta: Range, speaker: Speaker) -> list[str]:
    """Return why ends are open."""
    return reasons(delta.low_reason, delta.high_reason, speaker.lang)


def _change(step: Step, speaker: Speaker) -> str:
    return f"Δ {interval(step.delta.low, step.delta.high, speaker.lang)}"


def _lines(answer: Conversion, speaker: Speaker) -> list[RenderableType]:
    def shown(line: Line) -> str:
        given = figure(line.value) if line.value is not None else interval(line.low, line.high, speaker.lang)
        return f"{given} %" if line.unit == "%" else given

    found = [line for line in answer.lines if speaker.full or (line.low, line.high) != (None, None)]
    rows = [(line.field, speaker.text(line.label), shown(line)) for line in found]
    heads = [speaker.say(f"report.head-{name}") for name in ("field", "meaning", "value")]
    left = len(answer.lines) - len(found)
    return section(
        speaker.say("report.lines"),
        *table(heads, rows),
        *(_plain(speaker.say("report.lines-open", count=left)) if left else ()),
    )


def _plain(line: str) -> list[RenderableType]:
    from rich.text import Text

    return [Text(line)]


def _gaps(gaps: tuple[Gap, ...], speaker: Speaker) -> list[RenderableType]:
    return section(speaker.say("report.gaps"), *bullets(_gap(gap, speaker) for gap in gaps))


def _from_to(step: Step, speaker: Speaker) -> str:
    options = f"{speaker.options(step.from_)} → {speaker.options(step.to)}"
    resting = speaker.parts(speaker.resting(cited) for cited in step.clauses)
    return speaker.say("word.remarked", text=options, remark=resting)


def _gap(gap: Gap, speaker: Speaker) -> list[str]:
    lines = [speaker.named(speaker.text(gap.label), gap.item), *_if_nothing(gap.narrows_to, speaker)]
    if gap.width_at_most is not None:
        width = speaker.say("report.gap-width", width=figure(gap.width_at_most))
        lines.append(width if gap.width_at_most > 0 else speaker.say("report.gap-exact"))
    if gap.typical_width is not None and gap.typical_width != gap.width_at_most:
        lines.append(speaker.say("report.gap-typical", width=figure(gap.typical_width)))
    if gap.closes:
        ends = speaker.join(speaker.say(f"word.end-{end}") for end in gap.closes)
        lines.append(speaker.say("report.gap-closes", ends=ends))
    if speaker.full and gap.cells:
        cells = speaker.parts(speaker.cell(cell) for cell in gap.cells)
        lines.append(speaker.say("report.gap-cells", cells=cells))
    return lines


def _if_nothing(found: Range, speaker: Speaker) -> list[str]:
    why = _reasons(found, speaker)
    if found.low is None and found.high is None and why:
        return why
    shown = interval(found.low, found.high, speaker.lang)
    return [speaker.say("report.gap-nothing", interval=shown), *why]


def _open(found: tuple[OpenOption, ...], speaker: Speaker) -> list[RenderableType]:
    ordered = sorted(found, key=lambda one: not one.deciding)
    return section(speaker.say("report.open"), *bullets(_choice(one, speaker) for one in ordered))


def _choice(one: OpenOption, speaker: Speaker) -> list[str]:
    kind = "deciding" if one.deciding else "model" if one.family == "model" else "indifferent"
    how = "ambiguous" if one.stated else "unstated"
    lines = [
        speaker.say(
            "report.open-option",
            label=speaker.text(one.label),
            how=speaker.say(f"report.open-{how}"),
            kind=speaker.say(f"report.open-{kind}"),
        )
    ]
    if one.deciding:
        for options, found in one.results if speaker.full else one.results[: 2 * FEW]:
            label = speaker.some([speaker.option(code) for code in options.split(" | ")])
            shown = interval(found.low, found.high, speaker.lang)
            lines.append(speaker.say("report.open-result", option=label, interval=shown))
            lines += _reasons(found, speaker) if speaker.full else []
        if len(one.results) > 2 * FEW and not speaker.full:
            lines.append(speaker.say("report.and-more", count=len(one.results) - 2 * FEW))
    else:
        lines.append(speaker.options(one.options))
    if one.permitted:
        lines.append(speaker.say("report.open-permitted", options=speaker.options(one.permitted)))
    return lines


def _contradictions(found: tuple[Inconsistency, ...], speaker: Speaker) -> list[RenderableType]:
    return section(
        speaker.say("report.contradictions"), *bullets(contradiction(clash, speaker) for clash in found)
    )


def _provisional(answer: Conversion, speaker: Speaker) -> list[RenderableType]:
    weak = answer.provisional_reasons
    shown = weak if speaker.full else weak[:FEW]
    lines = [_weak(cited, speaker) for cited in shown]
    if len(shown) < len(weak):
        lines.append([speaker.say("report.and-more-full", count=len(weak) - len(shown))])
    return section(speaker.say("report.provisional", count=len(weak)), *bullets(lines))


def _weak(cited: Cited, speaker: Speaker) -> list[str]:
    head = speaker.say(
        "report.weak",
        about=speaker.about(cited),
        clause=speaker.clause(cited.clause),
        evidence=speaker.word("evidence", cited.evidence),
    )
    return [head, speaker.text(cited.note)] if cited.note is not None and speaker.full else [head]

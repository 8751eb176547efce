"""A reconciliation for people: the difference, what the methods explain of it, what is left; or sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.report.conversion import contradiction
from crosswalk.report.figures import figure, interval, reasons
from crosswalk.report.layout import assumptions, bullets, knowledge, section, table
from crosswalk.report.speaker import FEW, Speaker
from crosswalk.results import Compared, Figure, Reconciliation, Series, Share, Suspect, Unsettled

if TYPE_CHECKING:
    from rich.console import RenderableType

Told = Reconciliation | Series


def lines(record: Told, speaker: Speaker) -> list[str]:
    """Return what matters in a few plain lines: the sides, the split, whether it holds."""
    if isinstance(record, Series):
        found = [speaker.say("report.series", count=len(record.pairs) + 1), split_line(record, speaker)]
    else:
        sides = [side(one, speaker) for one in (record.first, record.second)]
        found = [*sides, split_line(record, speaker)]
    if record.refusal is not None:
        found += [speaker.say("report.no-answer"), speaker.text(record.refusal)]
    shares = [speaker.told(_named(one, speaker), amount(one.delta, speaker)) for one in record.shares]
    more = [speaker.say("report.and-more", count=len(shares) - FEW)] if shares[FEW:] else []
    return [*found, *shares[:FEW], *more]


def side(one: Compared, speaker: Speaker) -> str:
    """Return one footprint in a line: its value as stated, its names, its regime."""
    label = speaker.text(one.label)
    regime = speaker.named(label, one.regime) if one.regime else label
    names = [name for name in (one.field, one.product, one.id, one.file, regime) if name]
    stated = (
        speaker.say("report.value-unstated")
        if one.stated is None
        else speaker.say("report.amount", value=one.stated, unit=one.declared_unit)
    )
    return speaker.say("report.stated", amount=stated, names=speaker.join(names))


def split_line(record: Told, speaker: Speaker) -> str:
    """Return difference, explained and residual in one line."""
    return speaker.say(
        "report.split",
        difference=amount(record.difference, speaker),
        explained=amount(record.explained, speaker),
        residual=amount(record.residual, speaker),
        unit=record.declared_unit,
    )


def amount(found: Figure, speaker: Speaker) -> str:
    """Return a value, or the interval where there is none."""
    return interval(found.low, found.high, speaker.lang) if found.value is None else figure(found.value)


def report(record: Reconciliation, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the parts of the report, in order."""
    from rich.text import Text

    for one in (record.first, record.second):
        yield Text(side(one, speaker), style="bold")
    if record.refusal is not None:
        yield from section(speaker.say("report.no-answer"), Text(speaker.text(record.refusal), style="red"))
    clashes = (contradiction(clash, speaker) for _, clash in record.inconsistencies)
    yield from section(speaker.say("report.contradictions"), *bullets(clashes))
    yield from _split(record, speaker)
    yield from section(speaker.say("report.suspects"), *bullets(_suspects(record.suspects, speaker)))
    yield from section(speaker.say("report.cautions"), *bullets(speaker.text(one) for one in record.cautions))
    yield from _rests(record, speaker)
    wanted = (speaker.named(speaker.text(one.label), one.item) for one in record.wanted)
    yield from section(speaker.say("report.gaps"), *bullets(wanted))
    yield from section(
        speaker.say("report.unsettled"), *bullets(_unsettled(one, speaker) for one in record.unsettled)
    )
    yield from _provisional(record, speaker)
    yield from section(speaker.say("report.notes"), *bullets(speaker.text(note) for note in record.notes))
    yield from knowledge(record.knowledge, speaker)


def series_report(record: Series, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield every step in brief, then the way from the first version to the last."""
    from rich.text import Text

    yield Text(speaker.say("report.series", count=len(record.pairs) + 1), style="bold")
    steps = [record.pairs[0].first, *(pair.second for pair in record.pairs)]
    yield from bullets([side(one, speaker) for one in steps])
    if record.refusal is not None:
        yield from section(speaker.say("report.no-answer"), Text(speaker.text(record.refusal), style="red"))
    for number, pair in enumerate(record.pairs, start=1):
        title = speaker.say("report.series-step", first=number, second=number + 1)
        body = [Text(split_line(pair, speaker)), *_table(pair, speaker)]
        cautions = bullets(speaker.text(one) for one in pair.cautions)
        yield from section(title, *body, *cautions)
    title = speaker.say("report.series-whole", last=len(record.pairs) + 1)
    yield from section(title, Text(split_line(record, speaker), style="bold"), *_table(record, speaker))
    yield from knowledge(record.knowledge, speaker)


def _split(record: Reconciliation, speaker: Speaker) -> Iterable[RenderableType]:
    from rich.text import Text

    if record.inconsistencies:
        return
    style = "bold green" if record.answered else ""
    yield from section(
        speaker.say("report.apart"), Text(_rounded(record.difference, record, speaker), style=style)
    )
    shown = _table(record, speaker) if record.shares else [Text(speaker.say("report.no-method"))]
    if record.explained.value is None or record.shares:
        shown.append(Text(speaker.say("report.together", amount=_rounded(record.explained, record, speaker))))
    why = reasons(record.explained.low_reason, record.explained.high_reason, speaker.lang)
    yield from section(speaker.say("report.shares"), *shown, *(Text(line) for line in why))
    yield from section(
        speaker.say("report.residual"),
        Text(_rounded(record.residual, record, speaker), style=style),
        *([] if _is_nothing(record.residual) else [Text(speaker.say("report.residual-why"))]),
    )


def _rounded(found: Figure, record: Told, speaker: Speaker) -> str:
    """A value with what rounding leaves open; an interval where there is no value."""
    low, high = found.low, found.high
    if found.value is None or low is None or high is None:
        code = "report.amount-open" if low is None or high is None else "report.amount"
        return speaker.say(code, value=interval(low, high, speaker.lang), unit=record.declared_unit)
    exact = speaker.say("report.amount", value=figure(found.value), unit=record.declared_unit)
    if low == high:
        return exact
    return speaker.say("report.rounded", value=exact, interval=interval(low, high, speaker.lang))


def _table(record: Told, speaker: Speaker) -> list[RenderableType]:
    heads = [
        speaker.say(f"report.head-{name}") for name in ("dimension", "first-second", "share", "rests-on")
    ]
    return table(heads, (_row(share, speaker) for share in record.shares))


def _row(share: Share, speaker: Speaker) -> tuple[str, str, str, str]:
    why = reasons(share.delta.low_reason, share.delta.high_reason, speaker.lang)
    rests = [speaker.resting(cited) for cited in share.clauses] or [speaker.say("report.stated-in-both")]
    spread = interval(share.delta.low, share.delta.high, speaker.lang)
    value = [] if share.delta.value is None or spread == amount(share.delta, speaker) else [spread]
    return (
        _named(share, speaker),
        f"{speaker.options(share.from_)}\n→ {speaker.options(share.to)}",
        "\n".join([amount(share.delta, speaker), *value, speaker.word("class", share.class_), *why]),
        "\n".join(rests),
    )


def _named(share: Share, speaker: Speaker) -> str:
    label = speaker.text(share.label)
    return speaker.named(label, share.operation) if share.operation else label


def _suspects(found: Sequence[Suspect], speaker: Speaker) -> list[list[str]]:
    """Choices of which a file says something one by one, the others in one line."""
    told = [one for one in found if one.certain or one.first_stated or one.second_stated or one.lacks]
    items = []
    for one in told:
        kind = speaker.say(f"report.suspect-{'certain' if one.certain else 'possible'}")
        sides = ((one.first, one.first_stated), (one.second, one.second_stated))
        item = [
            speaker.say("report.suspect", label=speaker.text(one.label), kind=kind),
            " → ".join(_said(options, stated, speaker) for options, stated in sides),
        ]
        if one.lacks:
            inputs = speaker.join(speaker.text(lack) for lack in one.lacks)
            item.append(speaker.say("report.suspect-lacks", inputs=inputs))
        items.append(item)
    rest = [speaker.text(one.label) for one in found if one not in told]
    return [*items, *([[speaker.say("report.suspect-unsaid", names=speaker.some(rest))]] if rest else [])]


def _said(options: tuple[str, ...], stated: bool, speaker: Speaker) -> str:
    return speaker.options(options if stated or len(options) == 1 else ())


def _rests(record: Reconciliation, speaker: Speaker) -> Iterable[RenderableType]:
    from rich.text import Text

    if not record.inconsistencies:
        line = speaker.say(
            "report.class",
            name=speaker.word("class", record.class_),
            meaning=speaker.say(f"split-meaning.{record.class_}"),
        )
        basis = speaker.say("report.basis", reason=speaker.text(record.basis_reason))
        yield from section(speaker.say("report.class-of-answer"), Text(line), Text(basis))
    yield from section(speaker.say("report.assumed"), *assumptions(record.assumptions, speaker))


def _unsettled(one: Unsettled, speaker: Speaker) -> list[str]:
    head = speaker.say(
        "report.unsettled-option",
        which=speaker.say(f"report.which-{one.which}"),
        label=speaker.text(one.label),
        how=speaker.say("report.open-ambiguous" if one.stated else "report.open-unstated"),
        kind=speaker.say(f"report.unsettled-{_matters(one)}"),
    )
    if not one.deciding:
        return [head, speaker.options(one.options)]
    shown = one.results if speaker.full else one.results[:FEW]
    results = [
        speaker.say(
            "report.open-result",
            option=speaker.some([speaker.option(code) for code in options.split(" | ")]),
            interval=interval(found.low, found.high, speaker.lang),
        )
        for options, found in shown
    ]
    left = len(one.results) - len(shown)
    return [head, *results, *([speaker.say("report.and-more", count=left)] if left else [])]


def _matters(one: Unsettled) -> str:
    """What a choice does to the split."""
    if one.deciding:
        return "deciding"
    if not one.results:
        return "unknown"
    return "open" if any(found.width is None for _, found in one.results) else "indifferent"


def _provisional(record: Reconciliation, speaker: Speaker) -> list[RenderableType]:
    weak = record.provisional_reasons
    shown = weak if speaker.full else weak[:FEW]
    items = [
        speaker.say(
            "report.weak",
            about=speaker.about(cited),
            clause=speaker.clause(cited.clause),
            evidence=speaker.word("evidence", cited.evidence),
        )
        for cited in shown
    ]
    if len(shown) < len(weak):
        items.append(speaker.say("report.and-more-full", count=len(weak) - len(shown)))
    return section(speaker.say("report.provisional", count=len(weak)), *bullets(items))


def _is_nothing(found: Figure) -> bool:
    return found.value == 0


def sentences(record: Told, lang: str = "en", catalogue: Catalogue | None = None) -> list[str]:
    """Return a reconciliation, or a series, in sentences."""
    if catalogue is None:
        from crosswalk.knowledge.load import load

        catalogue = load()
    speaker = Speaker(lang, catalogue)
    if isinstance(record, Reconciliation):
        return _told(record, speaker)
    found = []
    for number, pair in enumerate(record.pairs, start=1):
        title = speaker.say("report.series-step", first=number, second=number + 1)
        found += [speaker.say("tell.titled", title=title, text=line) for line in _told(pair, speaker)[:1]]
    ends = record.pairs[0].first, record.pairs[-1].second
    title = speaker.say("report.series-whole", last=len(record.pairs) + 1)
    return [*found, speaker.say("tell.titled", title=title, text=_main(record, *ends, speaker))]


def _told(record: Reconciliation, speaker: Speaker) -> list[str]:
    if record.inconsistencies or (record.first.total.low is None and record.refusal is not None):
        return [speaker.text(record.refusal)] if record.refusal else []
    found = [_main(record, record.first, record.second, speaker)]
    if record.refusal is not None:
        found.append(speaker.text(record.refusal))
    stated = [one for one in record.suspects if one.certain or one.first_stated or one.second_stated]
    if stated and not _is_nothing(record.residual):
        names = speaker.some([speaker.text(one.label) for one in stated])
        found.append(speaker.say("tell.suspects", names=names))
    if record.assumptions:
        names = speaker.join(speaker.text(one.label) for one in record.assumptions)
        found.append(speaker.say("tell.assumed", names=names))
    return [*found, *(speaker.text(one) for one in record.cautions)]


def _main(record: Told, first: Compared, second: Compared, speaker: Speaker) -> str:
    """The sentence that says it all: how far apart, why, and what is left."""
    parts = [
        speaker.say(
            "tell.model" if one.family == "model" else "tell.because",
            amount=amount(one.delta, speaker),
            label=speaker.text(one.label),
            first=speaker.options(one.from_),
            second=speaker.options(one.to),
        )
        for one in record.shares
    ]
    if not parts and record.refusal is None:
        parts.append(speaker.say("tell.no-method"))
    if len(parts) > 1 and record.explained.value is None and record.explained.low is not None:
        parts.append(speaker.say("tell.together", amount=amount(record.explained, speaker)))
    if _is_nothing(record.residual):
        parts.append(speaker.say("tell.nothing-left"))
    elif record.residual.low is None and record.residual.high is None:
        parts.append(speaker.say("tell.unknown-left"))
    else:
        parts.append(speaker.say("tell.left", amount=amount(record.residual, speaker)))
    return speaker.say(
        "tell.split",
        apart=_apart(record.difference, _value(first, record), _value(second, record), speaker),
        parts=speaker.parts(parts),
        unit=record.declared_unit,
    )


def _apart(difference: Figure, first: str, second: str, speaker: Speaker) -> str:
    low, high = difference.low, difference.high
    if difference.value == 0:
        return speaker.say("tell.same", first=first, second=second)
    if low is not None and high is not None and (difference.value is not None or low > 0 or high < 0):
        above = (difference.value if difference.value is not None else low) > 0
        turned = (low, high) if above else (-high, -low)
        size = interval(*turned, speaker.lang) if difference.value is None else figure(abs(difference.value))
        return speaker.say("tell.above" if above else "tell.below", first=first, second=second, by=size)
    return speaker.say("tell.apart", first=first, second=second, by=interval(low, high, speaker.lang))


def _value(one: Compared, record: Told) -> str:
    if one.stated is not None and one.declared_unit == record.declared_unit:
        return one.stated
    return amount(one.total, Speaker())

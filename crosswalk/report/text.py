"""Records as text: a few lines for a prompt, or a whole report for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crosswalk.knowledge.catalogue import Catalogue, Regime
from crosswalk.knowledge.recognition import Arrangement, Rule
from crosswalk.mappings.records import MapResult, ProductView
from crosswalk.report import (
    comparison,
    conversion,
    coverage,
    inspection,
    products,
    recognition,
    reconciliation,
    regimes,
    rules,
    uncertainty,
)
from crosswalk.report.figures import interval
from crosswalk.report.speaker import Speaker
from crosswalk.results import (
    ClaimVerdict,
    Comparison,
    Conversion,
    Coverage,
    Inspection,
    Plan,
    ProfileList,
    Reconciliation,
    RegimeList,
    RuleList,
    Series,
    Verdicts,
)

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

Reportable = (
    Conversion
    | Inspection
    | Reconciliation
    | Series
    | Comparison
    | Plan
    | Regime
    | RegimeList
    | ProfileList
    | Coverage
    | ProductView
    | MapResult
    | ClaimVerdict
    | Verdicts
    | RuleList
    | Rule
    | Arrangement
)


def brief(record: Reportable) -> str:
    """Return what matters of a record in at most a dozen plain lines of English, for a prompt."""
    speaker = Speaker()
    lines = list(_brief(record, speaker))
    knowledge = getattr(record, "knowledge", None)
    if knowledge is not None:
        lines.append(speaker.say("report.knowledge", version=knowledge.version, hash=knowledge.hash[:12]))
    return "\n".join(lines)


def render(
    record: Reportable, lang: str, console: Console, catalogue: Catalogue | None = None, *, full: bool = False
) -> None:
    """Print the whole report on ``console``; with ``full`` long lists are not cut short.

    ``lang`` is ``"en"`` or ``"zh"``; ``catalogue`` knows the labels of codes.
    """
    for part in _report(record, Speaker(lang, catalogue, full)):
        console.print(part, highlight=False)


def _report(record: Reportable, speaker: Speaker) -> Iterable[RenderableType]:
    match record:
        case Conversion():
            return conversion.report(record, speaker)
        case Inspection():
            return inspection.report(record, speaker)
        case Reconciliation():
            return reconciliation.report(record, speaker)
        case Series():
            return reconciliation.series_report(record, speaker)
        case Comparison():
            return comparison.compare_report(record, speaker)
        case Plan():
            return comparison.plan_report(record, speaker)
        case RegimeList():
            return regimes.list_report(record, speaker)
        case Regime():
            return regimes.regime_report(record, speaker)
        case ProfileList():
            return regimes.profile_report(record, speaker)
        case Coverage():
            return coverage.coverage_report(record, speaker)
        case ProductView():
            return products.product_report(record, speaker)
        case MapResult():
            return products.map_report(record, speaker)
        case ClaimVerdict():
            return recognition.claim_report(record, speaker)
        case Verdicts():
            return recognition.report(record, speaker)
        case RuleList():
            return rules.list_report(record, speaker)
        case Rule():
            return rules.rule_report(record, speaker)
        case Arrangement():
            return rules.arrangement_report(record, speaker)


def _brief(record: Reportable, speaker: Speaker) -> Iterable[str]:
    match record:
        case Conversion():
            return _conversion(record, speaker)
        case Inspection():
            return _inspection(record, speaker)
        case Reconciliation() | Series():
            return reconciliation.lines(record, speaker)
        case Comparison():
            names = speaker.some([speaker.text(one.label) for one in record.differences], 8)
            return [*comparison.compared(record, speaker), *([names] if names else [])]
        case Plan():
            names = speaker.some([f"{speaker.text(one.label)} [{one.operation}]" for one in record.steps], 8)
            return [*comparison.planned(record, speaker), *([names] if names else [])]
        case RegimeList():
            shown = [f"{one.code:<20} {speaker.text(one.label)}" for one in record.regimes[:10]]
            rest = len(record.regimes) - len(shown)
            return [*shown, *([speaker.say("report.and-more", count=rest)] if rest else [])]
        case ProfileList():
            return [speaker.named(speaker.text(one.label), one.code) for one in record.profiles[:10]]
        case Regime():
            return [speaker.named(speaker.text(record.label), record.code)]
        case Coverage():
            return coverage.coverage_lines(record, speaker)
        case ProductView():
            return products.product_lines(record, speaker)
        case MapResult():
            return products.map_lines(record, speaker)
        case ClaimVerdict():
            return recognition.claim_lines(record, speaker)
        case Verdicts():
            return recognition.lines(record, speaker)
        case RuleList():
            return rules.list_lines(record, speaker)
        case Rule() | Arrangement():
            return [speaker.named(speaker.text(record.label), record.code)]


def _conversion(record: Conversion, speaker: Speaker) -> list[str]:
    lines = [*conversion.headline(record, speaker)]
    if record.refusal is not None:
        lines.append(speaker.text(record.refusal))
    if record.assumed is not None:
        shown = interval(record.assumed.low, record.assumed.high, speaker.lang)
        lines.append(speaker.say("report.brief-assumed", interval=shown))
    if record.uncertainty is not None:
        lines += uncertainty.summary(record.uncertainty, speaker)
    lines.append(
        speaker.say(
            "report.brief-counts",
            name=speaker.word("class", record.class_),
            steps=len(record.steps),
            gaps=len(record.gaps),
            open=sum(one.deciding for one in record.open_options),
        )
    )
    if record.provisional:
        lines.append(speaker.say("report.provisional", count=len(record.provisional_reasons)))
    return lines


def _inspection(record: Inspection, speaker: Speaker) -> list[str]:
    lines = inspection.headline(record, speaker)
    broken = [one.code for one in record.identities if one.verdict == "breaks"]
    opened = [speaker.text(one.label) for one in record.method if one.how == "open"]
    lines.append(
        speaker.say("report.brief-disclosed", count=len(record.disclosed), unused=len(record.unused_fields))
    )
    if broken:
        lines.append(speaker.say("report.brief-broken", names=speaker.some(broken)))
    if opened:
        lines.append(speaker.say("report.brief-open", names=speaker.some(opened, 8)))
    return lines

"""Values of gases for people: a table, labels to beware of, notes and sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crosswalk.factors.gwp import GasValue, GasValues, SetListed
from crosswalk.report.layout import bullets, knowledge, section, table
from crosswalk.report.speaker import Speaker

if TYPE_CHECKING:
    from rich.console import RenderableType


def gwp_report(found: GasValues, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the values of a gas or of a set; where none was named, the sets there are."""
    from rich.text import Text

    if found.values:
        names = [speaker.named(speaker.text(label), code) for code, label in found.gases.items()]
        yield Text(speaker.say("report.gwp", gases=speaker.some(names)), style="bold")
        yield from _values(found, speaker)
    else:
        yield from _sets(found, speaker)
    if not all(one.option for one in found.sets):
        yield Text(speaker.say("report.gwp-look-up"))
    warnings = bullets(speaker.text(one.message) for one in found.ambiguous)
    yield from section(speaker.say("report.gwp-beware"), *warnings)
    if speaker.full:
        yield from section(speaker.say("report.gwp-notes"), *bullets(_notes(found, speaker)))
    titles = (f"[{number}] {title}" for number, title in enumerate(found.sources.values(), 1))
    yield from section(speaker.say("report.gwp-sources"), *bullets(titles))
    yield from knowledge(found.knowledge, speaker)


def _values(found: GasValues, speaker: Speaker) -> Iterable[RenderableType]:
    several = len(found.gases) > 1
    names = ["gwp-set", "metric", "origin", "factor-value", "gwp-source", "how"]
    names = ["gas", *names] if several else names
    rows = (
        [
            *([one.gas] if several else []),
            _marked(one.set, one.option),
            f"{one.metric}{one.horizon}",
            speaker.thing(one.origin) if one.origin else speaker.say("report.gwp-any"),
            one.value,
            _where(one, found, speaker),
            speaker.word("evidence", one.evidence),
        ]
        for one in found.values
    )
    yield from table([speaker.say(f"report.head-{name}") for name in names], rows)


def _sets(found: GasValues, speaker: Speaker) -> Iterable[RenderableType]:
    names = ("gwp-set", "metric", "gases", "name", "gwp-source", "how")
    rows = (
        [
            _marked(one.code, one.option),
            f"{one.metric}{one.horizon}",
            str(one.gases),
            speaker.text(one.label),
            _where(one, found, speaker),
            speaker.word("evidence", one.evidence),
        ]
        for one in found.sets
    )
    yield from table([speaker.say(f"report.head-{name}") for name in names], rows)


def _where(one: GasValue | SetListed, found: GasValues, speaker: Speaker) -> str:
    """Return the clause, with the numbers its sources have in the list below."""
    numbers = {code: number for number, code in enumerate(found.sources, 1)}
    clause = speaker.clause(one.clause) if one.clause == "unknown" else one.clause
    return f"{clause} [{speaker.join(str(numbers[code]) for code in one.sources)}]"


def _marked(code: str, option: bool) -> str:
    return code if option else f"{code} *"


def _notes(found: GasValues, speaker: Speaker) -> Iterable[str]:
    for one in found.sets:
        if one.note is not None:
            yield speaker.told(one.code, speaker.text(one.note))
    for value in found.values:
        if value.note is not None:
            what = " ".join(part for part in (value.set, value.gas, value.origin) if part)
            yield speaker.told(what, speaker.text(value.note))

"""Rules of recognition for people: a list by pack, one with its conditions in words, an arrangement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crosswalk.knowledge.recognition import AllOf, AnyOf, Arrangement, Condition, Rule, Test
from crosswalk.knowledge.records import Statement
from crosswalk.report.layout import bullets, knowledge, section, table
from crosswalk.report.speaker import Speaker
from crosswalk.results import RuleList

if TYPE_CHECKING:
    from rich.console import RenderableType


def list_report(found: RuleList, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield the rules of each pack, and the arrangements."""
    from rich.text import Text

    heads = [speaker.say(f"rule.head-{name}") for name in ("code", "sentence", "level", "rests-on")]
    for index, pack in enumerate(found.packs):
        if index:
            yield Text()
        yield Text(speaker.named(speaker.text(pack.label), pack.code), style="bold")
        yield from table(heads, (_row(one, speaker) for one in found.rules if one.pack == pack.code))
    if found.arrangements:
        yield from (Text(), Text(speaker.say("rule.arrangements"), style="bold"))
        heads = [speaker.say(f"rule.head-{name}") for name in ("code", "from-to", "levels", "status")]
        yield from table(heads, (_arrangement_row(one, speaker) for one in found.arrangements))
    yield from knowledge(found.knowledge, speaker)


def list_lines(found: RuleList, speaker: Speaker) -> Iterable[str]:
    """Yield the packs with how many rules each has."""
    for pack in found.packs:
        count = sum(one.pack == pack.code for one in found.rules)
        name = speaker.named(speaker.text(pack.label), pack.code)
        yield speaker.say("rule.pack-count", name=name, count=count)


def rule_report(rule: Rule, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield one rule: its sentence, where it applies, what it asks, what it rests on."""
    from rich.text import Text

    yield Text(f"{rule.code}  {speaker.text(rule.label)}", style="bold")
    known = speaker.catalogue.recognition if speaker.catalogue else None
    pack = speaker.text(known.packs[rule.pack].label) if known else rule.pack
    yield Text(
        speaker.say(
            "rule.place",
            pack=speaker.named(pack, rule.pack),
            level=_level(rule.level, speaker),
            severity=speaker.say(f"claim.severity-{rule.severity}"),
        )
    )
    if rule.verdict is not None:
        yield Text(speaker.say("rule.verdict", verdict=speaker.say(f"decision.{rule.verdict}")))
    if rule.when is not None:
        yield from section(speaker.say("rule.when"), *_condition(rule.when, speaker))
    yield from section(speaker.say("rule.requires"), *_condition(rule.requires, speaker))
    asks = [_field(code, speaker) for code in rule.asks]
    yield from section(speaker.say("rule.asks"), *bullets(asks))
    yield from _statement(rule.statement, speaker)
    yield from (Text(), Text(speaker.say("rule.shacl", rule=rule.code), style="dim"))


def arrangement_report(one: Arrangement, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield one arrangement: who accepts what of whom, since when, on what conditions."""
    from rich.text import Text

    yield Text(speaker.named(speaker.text(one.label), one.code), style="bold")
    yield Text(speaker.say("rule.givers", names=speaker.join(_party(code, speaker) for code in one.givers)))
    yield Text(speaker.say("rule.takers", names=speaker.join(_party(code, speaker) for code in one.takers)))
    yield Text(speaker.say("rule.settles", levels=speaker.join(_level(code, speaker) for code in one.levels)))
    yield Text(speaker.say("rule.status", status=speaker.say(f"rule.status-{one.status}")))
    dates = [
        *([speaker.say("rule.start", date=one.start)] if one.start else []),
        *([speaker.say("rule.end", date=one.end)] if one.end else []),
        *([speaker.say("rule.scope", scope=speaker.join(one.scope))] if one.scope else []),
        *([speaker.say("rule.conditions", rules=speaker.join(one.conditions))] if one.conditions else []),
    ]
    yield from map(Text, dates)
    yield from _statement(one.statement, speaker)


def condition(found: Condition, speaker: Speaker, depth: int = 0) -> list[tuple[int, str]]:
    """Return a condition in words, a line each with how deep it stands."""
    match found:
        case AllOf(of=of) | AnyOf(of=of):
            if len(of) == 1:
                return condition(of[0], speaker, depth)
            word = speaker.say("rule.any") if isinstance(found, AnyOf) else speaker.say("rule.all")
            return [(depth, word), *(line for one in of for line in condition(one, speaker, depth + 1))]
        case Test():
            return [(depth, _test(found, speaker))]


def _condition(found: Condition, speaker: Speaker) -> Iterable[RenderableType]:
    from rich.padding import Padding

    for depth, line in condition(found, speaker):
        yield from (Padding(one, (0, 0, 0, 2 * depth)) for one in bullets([line]))


def _test(test: Test, speaker: Speaker) -> str:
    field = _field(test.field, speaker)
    if test.other is not None:
        values = _field(test.other, speaker)
    else:
        values = speaker.say("rule.or").join(_value(test.field, one, speaker) for one in test.values)
    told = speaker.say(f"rule.{test.operator}", field=field, values=values)
    return told if test.required or test.operator == "stated" else speaker.say("rule.where-stated", what=told)


def _value(field: str, value: str, speaker: Speaker) -> str:
    known = speaker.catalogue.recognition.fields.get(field) if speaker.catalogue else None
    if known is None:
        return value
    if known.kind == "boolean":
        return speaker.say(f"rule.{value}")
    label = known.values.get(value)
    return speaker.named(speaker.text(label), value) if label else value


def _field(code: str, speaker: Speaker) -> str:
    known = speaker.catalogue.recognition.fields.get(code) if speaker.catalogue else None
    return speaker.named(speaker.text(known.label), code) if known else code


def _level(code: str, speaker: Speaker) -> str:
    known = speaker.catalogue.recognition.levels.get(code) if speaker.catalogue else None
    return f"{known.rank} {speaker.text(known.label)}" if known else code


def _party(code: str, speaker: Speaker) -> str:
    bodies = speaker.catalogue.recognition.bodies if speaker.catalogue else {}
    body = bodies.get(code.removeprefix("body:"))
    return speaker.named(speaker.text(body.label), code) if body else speaker.regime(code)


def _row(one: Rule, speaker: Speaker) -> tuple[str, ...]:
    rests = [speaker.clause(one.statement.clause), speaker.word("evidence", one.statement.evidence)]
    severity = speaker.say(f"claim.severity-{one.severity}")
    return one.code, speaker.text(one.label), f"{_level(one.level, speaker)}\n{severity}", "\n".join(rests)


def _arrangement_row(one: Arrangement, speaker: Speaker) -> tuple[str, ...]:
    return (
        one.code,
        f"{speaker.join(one.givers)}\n→ {speaker.join(one.takers)}",
        speaker.join(one.levels),
        speaker.say(f"rule.status-{one.status}"),
    )


def _statement(one: Statement, speaker: Speaker) -> list[RenderableType]:
    from rich.text import Text

    known = speaker.catalogue.sources if speaker.catalogue else {}
    rests = speaker.say(
        "claim.rests", severity=speaker.clause(one.clause), cited=speaker.word("evidence", one.evidence)
    )
    titles = [speaker.named(known[code].title, code) if code in known else code for code in one.sources]
    note = [Text(speaker.text(one.note))] if one.note else []
    return section(speaker.say("rule.rests-on"), Text(rests), *bullets(titles), *note)

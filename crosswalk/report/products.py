"""A product with its codes, and the chain from one code to another, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from crosswalk.mappings.records import (
    Code,
    CodeMatch,
    MapResult,
    Match,
    Product,
    ProductView,
    Scope,
    Step,
    Undecided,
)
from crosswalk.report.layout import bullets, section, table
from crosswalk.report.speaker import Speaker

if TYPE_CHECKING:
    from rich.console import RenderableType


def product_lines(view: ProductView, speaker: Speaker) -> list[str]:
    """Return what a product is, in a few lines."""
    product = view.product
    units = speaker.join(_unit(code, speaker) for code in product.units)
    lines = [
        speaker.named(_bilingual(product, speaker), product.code),
        speaker.say("product.per", units=units),
    ]
    if product.formula:
        lines.append(speaker.say("product.formula", formula=product.formula, key=product.inchikey or "–"))
    if product.names:
        lines.append(speaker.say("product.names", names=speaker.join(product.names)))
    if view.note is not None:
        lines.append(speaker.text(view.note))
    return lines


def product_report(view: ProductView, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield a product: names, codes and how each was matched, properties, scope."""
    from rich.text import Text

    first, *rest = product_lines(view, speaker)
    yield Text(first, style="bold")
    yield from (Text(line) for line in rest)
    if view.product.note is not None:
        yield Text(speaker.text(view.product.note))
    heads = [
        speaker.say(f"product.head-{one}")
        for one in ("code", "match", "confidence", "made", "known", "label")
    ]
    rows = [_code_row(one, speaker) for one in view.codes]
    yield from section(speaker.say("product.codes"), *table(heads, rows))
    yield from section(speaker.say("product.carries"), *bullets(_carries(view, speaker)))
    yield from section(
        speaker.say("product.rejected"),
        *bullets(_named(one.code, speaker, one.comment) for one in view.rejected),
    )
    missing = (speaker.say("product.missing-in", name=name, reason=reason) for name, reason in view.missing)
    yield from section(speaker.say("product.missing"), *bullets(missing))
    yield from section(speaker.say("product.properties"), *_properties(view.product, speaker))
    yield from section(speaker.say("product.scopes"), *bullets(_scope(one, speaker) for one in view.scopes))
    lists = (
        [speaker.text(one.label), *([speaker.text(one.note)] if one.note else [])] for one in view.collections
    )
    yield from section(speaker.say("product.lists"), *bullets(lists))
    yield Text()
    yield Text(speaker.say("product.knowledge", hash=view.hash[:12]), style="dim")


def _bilingual(product: Product, speaker: Speaker) -> str:
    label = product.label
    return f"{label.en} · {label.zh}" if speaker.lang == "en" else f"{label.zh} · {label.en}"


def _unit(code: str, speaker: Speaker) -> str:
    unit = speaker.catalogue.units.get(code) if speaker.catalogue else None
    return speaker.text(unit.label) if unit else code


def _place(code: Code) -> str:
    return f"{code.classification} {code.edition}".strip()


def _named(code: Code, speaker: Speaker, remark: str = "") -> str:
    shown = f"{_place(code)}: {code.code}"
    described = f"{shown} {_readable(code.label, speaker)}".strip()
    remark = _readable(remark, speaker)
    return speaker.say("word.remarked", text=described, remark=remark) if remark else described


def _readable(text: str, speaker: Speaker) -> str:
    """Return a label or remark of a mapping set, which has one language; in Chinese only if it has any."""
    if speaker.lang != "zh" or any("\u4e00" <= letter <= "\u9fff" for letter in text):
        return text
    return ""


def _code_row(one: CodeMatch, speaker: Speaker) -> tuple[str, ...]:
    return (
        f"{_place(one.code)}: {one.code.code}",
        speaker.word("match", one.relation),
        _number(one.confidence),
        speaker.word("justification", one.justification.removeprefix("semapv:")),
        speaker.word("evidence", one.evidence),
        speaker.join(filter(None, (_readable(text, speaker) for text in (one.code.label, one.comment)))),
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _carries(view: ProductView, speaker: Speaker) -> Iterator[str]:
    for relation in dict.fromkeys(one.relation for one in view.codes):
        text = next(one.carries for one in view.codes if one.relation == relation)
        yield speaker.say(
            "product.carries-line", relation=speaker.word("match", relation), carries=speaker.text(text)
        )


def _properties(product: Product, speaker: Speaker) -> list[RenderableType]:
    heads = [
        speaker.say(f"product.head-{one}") for one in ("property", "value", "condition", "known", "source")
    ]
    rows = (
        (
            " ".join(filter(None, (speaker.word("quantity", one.quantity), one.of))),
            f"{one.value} {one.unit}",
            speaker.text(one.condition),
            speaker.word("evidence", one.evidence),
            speaker.join(one.sources),
        )
        for one in product.properties
    )
    return table(heads, rows)


def _scope(one: Scope, speaker: Speaker) -> list[str]:
    listed = {True: "in", False: "out", None: "part"}[one.listed]
    good = speaker.text(one.good) if one.good else "–"
    return [
        speaker.say(f"product.scope-{listed}", scope=one.scope, good=good, rule=one.rule or "–"),
        speaker.say("product.scope-rests", edition=one.edition, rests_on=one.rests_on),
    ]


def map_lines(result: MapResult, speaker: Speaker) -> list[str]:
    """Return the codes reached, a line each."""
    return [_headline(one, speaker) for one in result.matches]


def map_report(result: MapResult, speaker: Speaker) -> Iterable[RenderableType]:
    """Yield what a code maps to: relation, path, what carries; then what stays undecided."""
    from rich.text import Text

    title = speaker.say("map.title", source=_named(result.source, speaker), to=result.to)
    yield Text(title, style="bold")
    if result.successors:
        codes = speaker.join(one.code for one in result.successors)
        yield Text(speaker.say("map.dead", successors=codes))
    yield from section(
        speaker.say("map.matches"), *bullets(_match_lines(one, speaker) for one in result.matches)
    )
    yield from section(
        speaker.say("map.undecided"), *bullets(_open_lines(one, speaker) for one in result.undecided)
    )
    yield Text()
    yield Text(speaker.say("product.knowledge", hash=result.hash[:12]), style="dim")


def _headline(one: Match, speaker: Speaker) -> str:
    return speaker.say(
        "map.match",
        target=_named(one.target, speaker),
        relation=speaker.word("match", one.relation),
        weakest=speaker.word("match", one.weakest),
        confidence=_number(one.confidence),
        rule=one.rule,
    )


def _match_lines(one: Match, speaker: Speaker) -> list[str]:
    lines = [_headline(one, speaker), *_steps(one.steps, speaker), speaker.text(one.reason)]
    lines.append(speaker.say("map.carries", carries=speaker.text(one.carries)))
    if one.alternatives:
        lines.append(speaker.say("map.alternatives", count=one.alternatives))
    return lines


def _steps(steps: Sequence[Step], speaker: Speaker) -> Iterator[str]:
    for one in steps:
        how = "map.step-inverted" if one.inverted else "map.step"
        yield speaker.say(
            how,
            start=one.from_,
            relation=speaker.word("match", one.relation),
            end=one.to,
            made=speaker.word("justification", one.justification.removeprefix("semapv:")),
            evidence=speaker.word("evidence", one.evidence),
            sources=speaker.join(one.sources),
        )


def _open_lines(one: Undecided, speaker: Speaker) -> list[str]:
    head = speaker.say("map.open", target=_named(one.target, speaker), reason=speaker.text(one.reason))
    return [head, *_steps(one.steps, speaker), speaker.text(one.would_decide)]

"""What a gas counts for: its value in every set, under every metric and horizon, with where it is from.

Regimes ask for GWP over 100 years; those sets are options and stand in the Catalogue. The others are
for look-up only. A label that several sets share is told as such, never decided.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from crosswalk.errors import RefusedError, UnknownNameError
from crosswalk.factors.gwp_load import MetricBase, MetricSet, MetricValue, load_metrics
from crosswalk.footprint.names import normalise, resolve
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.records import FIRM, Record, Text
from crosswalk.messages import both
from crosswalk.results import KnowledgeId, to_plain


class SetListed(Record):
    """A set: how many gases it has, and whether regimes can ask for it (``option``)."""

    code: str
    label: Text
    metric: str
    horizon: int
    gases: int
    option: bool
    clause: str
    sources: tuple[str, ...]
    evidence: str
    note: Text | None = None


class GasValue(Record):
    """A value in ``unit``, spelled as the source has it; the origin ``""`` stands for any other."""

    gas: str
    origin: str
    value: str
    unit: str
    set: str
    metric: str
    horizon: int
    clause: str
    sources: tuple[str, ...]
    evidence: str
    provisional: bool
    option: bool
    note: Text | None = None


class AmbiguousLabel(Record):
    """A label that several sets of one metric and horizon share, with how far their values part."""

    label: str
    metric: str
    horizon: int
    sets: tuple[str, ...]
    gas: str
    low: str
    high: str
    message: Text


class GasValues(Record):
    """The answer: ``gases`` by code with label, ``values``, labels to beware of, sources by code."""

    gases: dict[str, Text]
    sets: tuple[SetListed, ...]
    values: tuple[GasValue, ...]
    ambiguous: tuple[AmbiguousLabel, ...]
    sources: dict[str, str]
    knowledge: KnowledgeId

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with every field present."""
        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain


def gas_values(
    gas: str | None = None,
    *,
    gwp_set: str | None = None,
    knowledge: Sequence[str | os.PathLike[str]] = (),
) -> GasValues:
    """Return the values of a gas in every set, or of every gas in one set; with neither, the sets alone.

    ``gas`` is any spelling, a CAS number or a name in Chinese; ``gwp_set`` a code, a label, or a label
    in circulation, which may stand for several sets. Raises ``UnknownNameError`` for a name that is
    not known, and ``RefusedError`` where no set asked for has a value: that is not zero.

    >>> found = gas_values("甲烷", gwp_set="AR6-T7.15-GWP20")
    >>> [(one.origin, one.value) for one in found.values]
    [('fossil', '82.5'), ('biogenic', '79.7'), ('land', '79.7')]
    """
    from crosswalk.knowledge.load import load

    catalogue = load([Path(path) for path in knowledge])
    base = load_metrics(knowledge)
    options = _options(catalogue)
    order = {code: number for number, code in enumerate(_in_order(base))}
    codes = _find_sets(gwp_set, base, options, catalogue) if gwp_set else tuple(base.sets)
    gases = resolve("gas", gas, catalogue) if gas else ()
    asked = [one for one in base.values if one.set in codes] if gas or gwp_set else []
    found = [one for one in asked if not gas or one.gas in gases]
    if gas and not found:
        raise RefusedError("gwp-none", gas=", ".join(gases), sets=", ".join(codes))
    found.sort(key=lambda one: order[one.set])
    listed = sorted({one.set for one in found} or codes, key=order.__getitem__)
    cited = [one.statement for one in found] or [base.sets[code].statement for code in listed]
    return GasValues(
        gases={one.gas: catalogue.gases[one.gas].label for one in found},
        sets=tuple(_listed(base.sets[code], base, options) for code in listed),
        values=tuple(_shown(one, base, options) for one in found),
        ambiguous=tuple(_ambiguous(gwp_set, gases, base, options, catalogue)) if gas else (),
        sources={
            code: catalogue.sources[code].title
            for code in dict.fromkeys(code for one in cited for code in one.sources)
        },
        knowledge=KnowledgeId(version=base.version, hash=base.hash),
    )


def _in_order(base: MetricBase) -> list[str]:
    """Sets that regimes ask for, then metric by metric, horizon by horizon; within, as written."""
    places = {code: number for number, code in enumerate(base.sets)}

    def key(code: str) -> tuple[bool, bool, int, int]:
        one = base.sets[code]
        asked = (one.metric, one.horizon) == ("GWP", 100)
        return not asked, one.metric != "GWP", one.horizon, places[code]

    return sorted(base.sets, key=key)


def _options(catalogue: Catalogue) -> dict[str, set[str]]:
    """Which sets each option characterises by."""
    return {
        code: made
        for code, option in catalogue.options.items()
        if (made := {effect.characterised_by for effect in option.effects if effect.characterised_by})
    }


def _labels(
    base: MetricBase, options: dict[str, set[str]], catalogue: Catalogue
) -> dict[str, tuple[str, set[str]]]:
    """Every label in circulation, by what is left of it to compare, with the sets it stands for."""
    found: dict[str, tuple[str, set[str]]] = {}

    def add(label: str, codes: Iterable[str]) -> None:
        found.setdefault(normalise(label), (label, set()))[1].update(codes)

    for alias in catalogue.aliases:
        codes = {code for option in alias.denotes for code in options.get(option, ())}
        if alias.kind == "option" and codes:
            add(alias.spelling, codes)
    for one in base.sets.values():
        for name in one.names:
            add(name, (one.code,))
    return found


def _find_sets(
    text: str, base: MetricBase, options: dict[str, set[str]], catalogue: Catalogue
) -> tuple[str, ...]:
    wanted = normalise(text)
    for one in base.sets.values():
        if wanted in {normalise(name) for name in (one.code, one.label.en, one.label.zh)}:
            return (one.code,)
    labels = _labels(base, options, catalogue)
    if wanted in labels:
        return tuple(code for code in base.sets if code in labels[wanted][1])
    from difflib import get_close_matches

    names = {normalise(code): code for code in base.sets}
    close = get_close_matches(wanted, sorted(names), n=3, cutoff=0.5)
    near = [names[name] for name in close] or list(base.sets)
    raise UnknownNameError("name-unknown", kind=both("word.kind-gwp-set"), name=text, near=", ".join(near))


def _ambiguous(
    label: str | None,
    gases: tuple[str, ...],
    base: MetricBase,
    options: dict[str, set[str]],
    catalogue: Catalogue,
) -> Iterator[AmbiguousLabel]:
    """Labels, or the one asked for, whose sets give a gas different values."""
    table: dict[str, dict[str, dict[str, str]]] = {}
    for one in base.values:
        table.setdefault(one.gas, {}).setdefault(one.set, {})[one.origin] = one.value
    labels = _labels(base, options, catalogue)
    if label:
        labels = {name: labels[name] for name in [normalise(label)] if name in labels}
    shortest: dict[tuple[str, ...], str] = {}
    for shown, codes in sorted(labels.values(), key=lambda one: (not one[0].isascii(), len(one[0]), one[0])):
        for group in _groups(codes, base):
            shortest.setdefault(group, shown)
    order = _in_order(base)
    for group, shown in sorted(shortest.items(), key=lambda item: [order.index(code) for code in item[0]]):
        for gas in gases:
            values = {code: table[gas][code] for code in group if code in table[gas]}
            if not _differ(list(values.values())):
                continue
            numbers = sorted((value for one in values.values() for value in one.values()), key=Decimal)
            first = base.sets[group[0]]
            yield AmbiguousLabel(
                label=label or shown,
                metric=first.metric,
                horizon=first.horizon,
                sets=tuple(values),
                gas=gas,
                low=numbers[0],
                high=numbers[-1],
                message=both(
                    "report.gwp-ambiguous",
                    label=label or shown,
                    metric=f"{first.metric}{first.horizon}",
                    sets=", ".join(values),
                    low=numbers[0],
                    high=numbers[-1],
                ),
            )


def _groups(codes: set[str], base: MetricBase) -> list[tuple[str, ...]]:
    """The sets of a label, apart by metric and horizon: a horizon is a choice, not a doubt."""
    groups: dict[tuple[str, int], list[str]] = {}
    for code, one in base.sets.items():
        if code in codes:
            groups.setdefault((one.metric, one.horizon), []).append(code)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _differ(values: list[dict[str, str]]) -> bool:
    origins = {origin for one in values for origin in one}
    return any(
        len({Decimal(given) for one in values if (given := one.get(origin) or one.get(""))}) > 1
        for origin in origins
    )


def _listed(one: MetricSet, base: MetricBase, options: dict[str, set[str]]) -> SetListed:
    return SetListed(
        code=one.code,
        label=one.label,
        metric=one.metric,
        horizon=one.horizon,
        gases=len({value.gas for value in base.values if value.set == one.code}),
        option=any(one.code in made for made in options.values()),
        clause=one.statement.clause,
        sources=one.statement.sources,
        evidence=one.statement.evidence,
        note=one.statement.note,
    )


def _shown(one: MetricValue, base: MetricBase, options: dict[str, set[str]]) -> GasValue:
    of = base.sets[one.set]
    return GasValue(
        gas=one.gas,
        origin=one.origin,
        value=one.value,
        unit="kg CO2e/kg",
        set=one.set,
        metric=of.metric,
        horizon=of.horizon,
        clause=one.statement.clause,
        sources=one.statement.sources,
        evidence=one.statement.evidence,
        provisional=one.statement.evidence not in FIRM,
        option=any(one.set in made for made in options.values()),
        note=one.statement.note,
    )

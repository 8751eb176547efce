"""Reconciliations of consecutive versions, summed from the first to the last."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from crosswalk.engine.plan import weakest
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import ORDER, Figure, Reconciliation, Series, Share


def series(pairs: Sequence[Reconciliation]) -> Series:
    """Return the way from the first version to the last; ``pairs`` are in one unit, in order."""
    refused = [(number, pair) for number, pair in enumerate(pairs, start=1) if not pair.answered]
    refusal: Text | None = None
    if refused:
        number, pair = refused[0]
        why = pair.refusal or Text(en="", zh="")
        refusal = both("reason.of-step", first=number, second=number + 1, reason=why)
    return Series(
        pairs=tuple(pairs),
        declared_unit=pairs[0].declared_unit,
        class_=max((pair.class_ for pair in pairs), key=ORDER.index),
        answered=not refused,
        difference=_between(pairs),
        explained=total([pair.explained for pair in pairs]),
        shares=_shares(pairs),
        residual=total([pair.residual for pair in pairs]),
        refusal=refusal,
        knowledge=pairs[0].knowledge,
    )


def total(figures: Sequence[Figure]) -> Figure:
    """Return the sum of figures: exact where all are, with open ends where one has them."""
    lows, highs = [one.low for one in figures], [one.high for one in figures]
    exact = [one.exact for one in figures]
    value = None if None in exact else sum((Fraction(one) for one in exact if one is not None), Fraction(0))
    return Figure(
        low=None if None in lows else _added([low for low in lows if low is not None]),
        high=None if None in highs else _added([high for high in highs if high is not None]),
        low_reason=next((one.low_reason for one in figures if one.low is None), None),
        high_reason=next((one.high_reason for one in figures if one.high is None), None),
        value=None if value is None else float(value),
        exact=None if value is None else str(value),
    )


def _between(pairs: Sequence[Reconciliation]) -> Figure:
    """The difference of last and first: how the versions between are rounded has no part in it."""
    first, last = pairs[0].first.total, pairs[-1].second.total
    value = total([pair.difference for pair in pairs])
    if None in (first.low, first.high, last.low, last.high):
        return value
    turned = Figure(low=-(first.high or 0.0), high=-(first.low or 0.0))
    apart = total([last, turned])
    return Figure(low=apart.low, high=apart.high, value=value.value, exact=value.exact)


def _added(ends: Sequence[float]) -> float:
    return float(sum((Fraction(end) for end in ends), Fraction(0)))


def _shares(pairs: Sequence[Reconciliation]) -> tuple[Share, ...]:
    """Shares by dimension, in the order in which they first occur."""
    by_dimension: dict[tuple[str, str], list[Share]] = {}
    for pair in pairs:
        for share in pair.shares:
            by_dimension.setdefault((share.dimension, share.family), []).append(share)
    found = []
    for parts in by_dimension.values():
        cited = {one.iri: one for part in parts for one in part.clauses}
        found.append(
            Share(
                dimension=parts[0].dimension,
                label=parts[0].label,
                family=parts[0].family,
                from_=parts[0].from_,
                to=parts[-1].to,
                class_=max((part.class_ for part in parts), key=ORDER.index),
                delta=total([part.delta for part in parts]),
                operation=parts[0].operation,
                clauses=tuple(cited.values()),
                evidence=weakest(cited.values()) if cited else "",
            )
        )
    return tuple(found)

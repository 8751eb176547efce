"""What there is instead, where a factor is missing: said, and never returned."""

from __future__ import annotations

from collections.abc import Sequence

from crosswalk.factors.ladder import ladder
from crosswalk.factors.records import Factor, FactorBase, QuantityKind
from crosswalk.knowledge.records import Text
from crosswalk.messages import both

_FEW = 6


def none_here(
    base: FactorBase, kind: QuantityKind, rows: Sequence[Factor], pool: Sequence[Factor], level: Sequence[str]
) -> Text:
    """Return why a rung has nothing: rows too weak or ruled out, another quantity, or nothing at all."""
    weak = [one.code for one in pool if one.place in level]
    if weak:
        return both("factor-rung.weak", codes=_some(weak))
    ruled_out = [one.code for one in rows if one.place in level]
    if ruled_out:
        return both("factor-rung.ruled-out", codes=_some(ruled_out))
    kinds = _other_kinds(base, kind, rows, level)
    return both("factor-rung.other-kind", kinds=kinds) if kinds else both("factor-rung.none")


def nearest(
    base: FactorBase, kind: QuantityKind, rows: Sequence[Factor], pool: Sequence[Factor], place: str
) -> Text:
    """Return the nearest things that exist, in one sentence."""
    levels = list(ladder(place, base.places))
    chain = [code for level in levels for code in level]
    parts: list[Text] = []
    weak = [one for one in pool if not one.default and one.place in chain]
    if weak:
        parts.append(both("factor-none.weak", codes=_some([one.code for one in weak])))
    for code in chain:
        years = sorted({_year(one) for one in pool if one.place == code and one.default})
        if years:
            parts.append(both("factor-none.years", place=code, years=_some(years)))
            break
    ruled_out = [one.code for one in rows if one.place in chain and one not in pool]
    if ruled_out:
        parts.append(both("factor-none.ruled-out", codes=_some(ruled_out)))
    if not parts:
        elsewhere = sorted({one.place for one in pool if one.default})
        if elsewhere:
            parts.append(both("factor-none.places", places=_some(elsewhere)))
    for code in chain:
        kinds = _other_kinds(base, kind, rows, [code])
        if kinds:
            parts.append(both("factor-none.kinds", place=code, kinds=kinds))
            break
    if not parts:
        parts.append(both("factor-none.nothing"))
    return Text(en="; ".join(one.en for one in parts), zh=";".join(one.zh for one in parts))


def _other_kinds(
    base: FactorBase, kind: QuantityKind, rows: Sequence[Factor], level: Sequence[str]
) -> Text | None:
    subject = rows[0].subject if rows else kind.subject
    inside = {
        one.kind for one in base.factors if one.place in level and one.default and one.subject == subject
    }
    kinds = [
        one for one in base.kinds.values() if one.code in inside - {kind.code} and one.domain == kind.domain
    ]
    if not kinds:
        return None
    return Text(
        en=", ".join(f"{one.label.en} [{one.short}]" for one in kinds),
        zh="、".join(f"{one.label.zh} [{one.short}]" for one in kinds),
    )


def _year(one: Factor) -> str:
    period = f" ({one.valid_from} – {one.valid_to})" if one.valid_from or one.valid_to else ""
    return f"{one.year}{period}"


def _some(items: Sequence[str]) -> str:
    return ", ".join(items[:_FEW]) + (f" (+{len(items) - _FEW})" if len(items) > _FEW else "")

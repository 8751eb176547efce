"""What is known of claims beyond what they state: the ``fact.*`` fields, and which of them are weak.

Claims between the same two regimes, for goods in the same scopes, have most facts in common: they are a
*part* of a table, and rules see those facts as constants. The others are columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from crosswalk.batch.columns import Columns
from crosswalk.batch.numbers import Numbers
from crosswalk.engine.solver import Ints
from crosswalk.recognition.facts import Knowledge
from crosswalk.recognition.value import JUDGED, STATUSES, Values, words
from crosswalk.recognition.values import dtype

#: The regime of a claim, its target, and the scopes its goods are in (``None``: not known).
Key = tuple["str | None", "str | None", "tuple[tuple[str, bool | None], ...]"]


#: Fields that facts are worked out of, claim by claim.
ALWAYS = (
    *("period.end", "calculated", "valid_until", "rule", "rule_version", "target_rule"),
    *("target_rule_version", "total", "delta_statement", "statement.regimes", "verification.accreditor"),
)


class Part(NamedTuple):
    """Claims with facts in common: the places of their rows, the facts, and those of them that are weak."""

    rows: Ints
    known: Mapping[str, Any]
    weak: frozenset[str]
    scope: tuple[str, ...]


class Enricher:
    """Works out facts; what it found of a pair of regimes serves all claims about them."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self.derived = {
            code: field for code, field in knowledge.catalogue.recognition.fields.items() if field.derived
        }
        self._common: dict[Key, tuple[dict[str, Any], frozenset[str]]] = {}

    def parts(self, columns: Columns, scoped: Callable[[str], bool]) -> list[Part]:
        """Divide claims by what they have in common; together the parts have all rows, each once.

        ``scoped`` tells of a target whether it matters to it what scopes goods are in.
        """
        sources, regimes = columns.words("regime")
        targets, wanted = columns.words("target")
        goods, names = columns.words("goods")
        scopes: list[tuple[tuple[str, bool | None], ...]] = [
            tuple(sorted(self._knowledge.scopes(name).items())) for name in names
        ]
        kinds: list[tuple[tuple[str, bool | None], ...]] = [(), *dict.fromkeys(scopes)]
        kind_of = np.array([0, *(kinds.index(one, 1) for one in scopes)], dtype=np.int64)
        matters = np.array([*(scoped(code) or self._knowledge.limited(code) for code in wanted), False])
        scope = np.where(matters[targets], kind_of[goods + 1], 0)
        key = ((sources + 1) * (len(wanted) + 1) + targets + 1) * len(kinds) + scope
        found = []
        for rows in alike(key):
            at = int(rows[0])
            whose = (
                regimes[sources[at]] if sources[at] >= 0 else None,
                wanted[targets[at]] if targets[at] >= 0 else None,
                kinds[int(scope[at])],
            )
            if whose not in self._common:
                self._common[whose] = self._of(whose)
            known, weak = self._common[whose]
            found.append(Part(rows, known, weak, tuple(scope for scope, one in whose[2] if one)))
        return found

    def _of(self, key: Key) -> tuple[dict[str, Any], frozenset[str]]:
        regime, target, scopes = key
        inside = [scope for scope, one in scopes if one]
        pair = self._knowledge.pair(regime, target, inside)
        known: dict[str, Any] = {"fact.as_of": self._knowledge.day}
        if regime is not None:
            known["regime"] = regime
        if target is not None:
            known["target"] = target
        known |= {name: value for name, value in pair.facts.items() if name in self.derived}
        for scope, one in scopes:
            if one is not None and f"fact.scope.{scope}" in self.derived:
                known[f"fact.scope.{scope}"] = one
        if inside and all(one is not None for _, one in scopes):
            known["fact.scope"] = inside
        return known, pair.weak

    def own(self, claims: pl.DataFrame, part: Part, values: Values, asserted: Numbers) -> pl.DataFrame:
        """Return the claims of a part with the facts that differ from claim to claim."""
        whose = pl.Series("asserted", asserted.value[part.rows], nan_to_null=True)
        known = part.known
        both = [pl.lit(known[side]) for side in ("regime", "target") if side in known]
        regimes = pl.col("statement.regimes")
        same = known.get("fact.same_regime")
        made = [
            self._valid_until(known).alias("fact.valid_until"),
            words(values.judged[part.rows], JUDGED)
            .cast(dtype(self.derived["fact.value"]))
            .alias("fact.value"),
            words(values.status[part.rows], STATUSES)
            .cast(dtype(self.derived["fact.value_status"]))
            .alias("fact.value_status"),
            _same_rule(bool(same)).alias("fact.same_rule"),
        ]
        if len(both) == 2:
            named = regimes.list.contains(both[0]) & regimes.list.contains(both[1])
            made.append(named.alias("fact.statement"))
        if same is not None:
            carried = (whose == claims["total"]).fill_null(False)
            excused = same or known.get("fact.arrangement.result") == "in-force"
            new = pl.lit(carried) & ~pl.col("delta_statement").fill_null(False) & (not excused)
            given = whose.is_not_null() & claims["total"].is_not_null()
            made.append(pl.when(given).then(new).alias("fact.relabelled"))
        return self._accredited(claims.with_columns(made), part)

    def _word(self, name: str, codes: Ints, among: Sequence[str]) -> pl.Series:
        return words(codes, among, dtype(self.derived[name])).alias(name)

    def _accredited(self, claims: pl.DataFrame, part: Part) -> pl.DataFrame:
        name, target = "verification.accreditor", part.known.get("target")
        bodies = claims[name].drop_nulls().unique().sort().to_list() if target is not None else []
        found = {body: self._knowledge.accreditor(body, str(target), part.scope) for body in bodies}
        told = {"in-force": "accepted", "refused": "refused"}
        status = {body: told[one.status] for body, one in found.items() if one.status in told}
        weak = [body for body in status if found[body].provisional]
        if not status:
            return claims
        seen = pl.col(name).replace_strict(list(status), list(status.values()), default=None)
        unsure = pl.col(name).is_in(weak).fill_null(False)
        return claims.with_columns(
            seen.cast(dtype(self.derived["fact.accreditor"])).alias("fact.accreditor"),
            unsure.alias("weak.fact.accreditor"),
        )

    def _valid_until(self, known: Mapping[str, Any]) -> pl.Expr:
        """The earliest of what is stated and of what either regime gives, from the end of the period."""
        years = {self._knowledge.years(known.get(side)) for side in ("regime", "target")} - {None}
        start = pl.coalesce("period.end", "calculated")
        if not years:
            return pl.col("valid_until")
        return pl.min_horizontal("valid_until", start.dt.offset_by(f"{min(y for y in years if y)}y"))

    def whole(self, claims: pl.DataFrame, part: Part) -> pl.DataFrame:
        """Return claims with all facts as columns, those in common too; null where not known."""
        known = {name: value for name, value in part.known.items() if name in self.derived}
        absent = [one for code, one in self.derived.items() if code not in {*claims.columns, *known}]
        return claims.with_columns(
            *(pl.lit(value, dtype=dtype(self.derived[name])).alias(name) for name, value in known.items()),
            *(pl.lit(None, dtype=dtype(one)).alias(one.code) for one in absent),
        )


def alike(key: Ints) -> Sequence[Ints]:
    """Return the places of the rows of each key, in the order of the keys."""
    if key.size == 0:
        return []
    if (key == key[0]).all():
        return [np.arange(key.size, dtype=np.int64)]
    order = np.argsort(key, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(key[order])) + 1)


def _same_rule(same_regime: bool) -> pl.Expr:
    """Whether both sides used one product rule in one version; unknown where one does not say."""
    rule, other = pl.col("rule"), pl.col("target_rule")
    same = (rule == other) & (pl.col("rule_version") == pl.col("target_rule_version"))
    if not same_regime:
        return same
    return pl.when(rule.is_null() & other.is_null()).then(pl.lit(True)).otherwise(same)

"""Put on each claim what is known of it beyond what it states: the ``fact.*`` fields, and which are weak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from crosswalk.batch.numbers import Numbers
from crosswalk.knowledge.recognition import ClaimField
from crosswalk.recognition.facts import Knowledge
from crosswalk.recognition.value import JUDGED, STATUSES, Values, words
from crosswalk.recognition.values import DTYPES

_PAIR = ("regime", "target", "goods")
_BODY = ("verification.accreditor", "target", "goods")


class Enricher:
    """Adds facts to claims; what it found of a pair of regimes serves all claims about them."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._fields = {
            code: field for code, field in knowledge.catalogue.recognition.fields.items() if field.derived
        }

    def enriched(self, claims: pl.DataFrame, values: Values, asserted: Numbers) -> pl.DataFrame:
        """Return claims with all facts that are known, and ``weak.*`` beside those that rest on little."""
        joined = self._joined(self._joined(claims, _PAIR, self._pair), _BODY, self._body)
        absent = [field for code, field in self._fields.items() if code not in joined.columns]
        joined = joined.with_columns(pl.lit(None, dtype=DTYPES[one.kind]).alias(one.code) for one in absent)
        whose = pl.Series("asserted", asserted.value, nan_to_null=True)
        unchanged = (whose == claims["total"]).fill_null(False)
        accepted = pl.col("fact.arrangement.result").eq_missing(pl.lit("in-force"))
        stated = pl.col("delta_statement").fill_null(False)
        regimes = pl.col("statement.regimes")
        return joined.with_columns(
            pl.lit(self._knowledge.day).alias("fact.as_of"),
            self._valid_until(claims).alias("fact.valid_until"),
            words(values.judged, JUDGED).alias("fact.value"),
            words(values.status, STATUSES).alias("fact.value_status"),
            pl.when(whose.is_not_null() & claims["total"].is_not_null())
            .then(pl.lit(unchanged) & ~pl.col("fact.same_regime") & ~accepted & ~stated)
            .alias("fact.relabelled"),
            _same_rule().alias("fact.same_rule"),
            (regimes.list.contains(pl.col("regime")) & regimes.list.contains(pl.col("target"))).alias(
                "fact.statement"
            ),
        )

    def _joined(self, claims: pl.DataFrame, keys: Sequence[str], known: Any) -> pl.DataFrame:
        """Add what is known of each distinct combination of some fields."""
        distinct = claims.select(keys).unique(maintain_order=True)
        found = [known(*row) for row in distinct.iter_rows()]
        names = list(dict.fromkeys(name for one in found for name in one))
        made = distinct.with_columns(
            pl.Series(name, [one.get(name) for one in found], dtype=self._dtype(name), strict=False)
            for name in names
        )
        return claims.join(made, on=list(keys), how="left", nulls_equal=True, maintain_order="left")

    def _dtype(self, name: str) -> pl.DataType:
        field: ClaimField | None = self._fields.get(name)
        return pl.Boolean() if field is None else DTYPES[field.kind]

    def _scopes(self, goods: str | None) -> tuple[dict[str, bool | None], list[str]]:
        """Whether goods are in each scope, and those they are in."""
        scopes = self._knowledge.scopes(goods) if goods is not None else {}
        return scopes, sorted(scope for scope, one in scopes.items() if one)

    def _pair(self, regime: str | None, target: str | None, goods: str | None) -> dict[str, Any]:
        scopes, inside = self._scopes(goods)
        pair = self._knowledge.pair(regime, target, inside)
        facts = {name: value for name, value in pair.facts.items() if name in self._fields}
        facts |= {
            f"fact.scope.{scope}": one
            for scope, one in scopes.items()
            if one is not None and f"fact.scope.{scope}" in self._fields
        }
        if scopes and all(one is not None for one in scopes.values()):
            facts["fact.scope"] = inside
        # Names of weak facts are columns of their own; one that is absent is not weak.
        return facts | {f"weak.{name}": name in pair.weak for name in facts}

    def _body(self, accreditor: str | None, target: str | None, goods: str | None) -> dict[str, Any]:
        if accreditor is None or target is None:
            return {}
        found = self._knowledge.accreditor(accreditor, target, self._scopes(goods)[1])
        status = {"in-force": "accepted", "refused": "refused"}.get(found.status or "")
        return (
            {} if status is None else {"fact.accreditor": status, "weak.fact.accreditor": found.provisional}
        )

    def _valid_until(self, claims: pl.DataFrame) -> pl.Expr:
        """The earliest of what is stated and of what either regime gives, from the end of the period."""
        start = pl.coalesce("period.end", "calculated")
        given = []
        for side in ("regime", "target"):
            known = {code: self._knowledge.years(code) for code in claims[side].drop_nulls().unique()}
            years = {code: f"{number}y" for code, number in known.items() if number is not None}
            if years:
                span = pl.col(side).replace_strict(
                    pl.Series(list(years)), pl.Series(list(years.values())), default=None
                )
                given.append(start.dt.offset_by(span))
        return pl.min_horizontal("valid_until", *given)


def _same_rule() -> pl.Expr:
    """Whether both sides used one product rule in one version; unknown where one does not say."""
    rule, other = pl.col("rule"), pl.col("target_rule")
    same = (rule == other) & (pl.col("rule_version") == pl.col("target_rule_version"))
    neither = rule.is_null() & other.is_null() & pl.col("fact.same_regime").fill_null(False)
    return pl.when(neither).then(pl.lit(True)).otherwise(same)

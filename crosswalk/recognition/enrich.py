"""What is known of claims beyond what they state: the ``fact.*`` fields, and which of them are weak.

Claims between the same two regimes, for goods in the same scopes, have most facts in common: they are a
*part* of a table, and rules see those facts as constants. The others are columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from crosswalk.batch.columns import distinct, factorize
from crosswalk.batch.numbers import Numbers
from crosswalk.engine.solver import Ints
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.recognition import ClaimField, demands_of
from crosswalk.recognition.facts import Knowledge
from crosswalk.recognition.network import BODY
from crosswalk.recognition.table import Coded, Column, Table
from crosswalk.recognition.value import JUDGED, STATUSES, Values
from crosswalk.recognition.values import dtype

#: The regime of a claim, its target, and the scopes its goods are in (``None``: not known).
Key = tuple["str | None", "str | None", "tuple[tuple[str, bool | None], ...]"]


#: Whether what is known of the accreditor rests on something weak.
WEAK = "weak.fact.accreditor"
#: Fields that facts are worked out of, claim by claim.
ALWAYS = (
    *("period.end", "calculated", "valid_until", "rule", "rule_version", "target_rule"),
    *("target_rule_version", "total", "delta_statement", "statement.regimes", "verification.accreditor"),
)


#: Facts that are the same of all claims that say the same in words, and those that are not.
SAID = ("fact.accreditor", "fact.statement", WEAK)
OWN = ("fact.valid_until", "fact.value", "fact.value_status", "fact.same_rule", "fact.relabelled")
_RULES = ("rule", "rule_version", "target_rule", "target_rule_version")
#: Whether both sides used one product rule in one version; unknown where one does not say.
_SAME_RULE = (
    pl.when(pl.col("fact.same_regime") & pl.col("rule").is_null() & pl.col("target_rule").is_null())
    .then(pl.lit(True))
    .otherwise(
        (pl.col("rule") == pl.col("target_rule")) & (pl.col("rule_version") == pl.col("target_rule_version"))
    )
    .alias("fact.same_rule")
)
#: Stand for names that nothing is known of: one, and a second that is not the same.
_NOBODY, _ANOTHER = "?", "??"
_STATUS = {"in-force": "accepted", "refused": "refused"}


class Common(NamedTuple):
    """What claims have in common: facts, those of them that are weak, the scopes goods are in, and a number
    that means the same in every table."""

    number: int
    known: Mapping[str, Any]
    weak: frozenset[str]
    scope: tuple[str, ...]


class Division(NamedTuple):
    """What claims of a table have in common, and the place in it of each claim."""

    common: list[Common]
    places: Ints

    def parts(self) -> Iterator[tuple[Common, Ints]]:
        """Yield the rows that have something in common; together these are all, each once."""
        if len(self.common) == 1:
            yield self.common[0], np.arange(self.places.size)
        elif self.common:
            order = np.argsort(self.places, kind="stable")
            cuts = np.flatnonzero(np.diff(self.places[order])) + 1
            for rows in np.split(order, cuts):
                yield self.common[int(self.places[rows[0]])], rows

    def of(self, rows: Ints) -> Division:
        """Return the division of some claims."""
        return Division(self.common, self.places[rows])

    def numbers(self) -> Ints:
        """Return the number of what each claim has in common with others."""
        return np.array([one.number for one in self.common], dtype=np.int64)[self.places]

    def every(self, name: str, field: ClaimField) -> Coded:
        """Return a fact as a column; null where it is not known."""
        known = [one.known.get(name) for one in self.common]
        if known and all(one == known[0] for one in known):
            return Coded(np.zeros_like(self.places), pl.Series(name, known[:1], dtype=dtype(field)))
        return Coded(self.places, pl.Series(name, [*known, None], dtype=dtype(field)))


class Enricher:
    """Works out facts; what it found of a pair of regimes serves all claims about them."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self.derived = {
            code: field for code, field in knowledge.catalogue.recognition.fields.items() if field.derived
        }
        self._named = _named(knowledge.catalogue)
        self._common: dict[Key, Common] = {}

    def divided(self, table: Table, scoped: Callable[[str], bool]) -> Division:
        """Divide claims by what they have in common.

        ``scoped`` tells of a target whether it matters to it what scopes goods are in.
        """
        sources, regimes, targets, wanted = self._sides(table)
        matters = np.array([*(scoped(code) or self._knowledge.limited(code) for code in wanted), False])
        inside = matters[targets]
        kinds: list[tuple[tuple[str, bool | None], ...]] = [()]
        scope = np.zeros(table.height, dtype=np.int64)
        if inside.any():
            goods, names = table.words("goods")
            scopes = [tuple(sorted(self._knowledge.scopes(name).items())) for name in names]
            kinds += dict.fromkeys(scopes)
            kind_of = np.array([*(kinds.index(one, 1) for one in scopes), 0], dtype=np.int64)
            scope = np.where(inside, kind_of[goods], 0)
        places, first = factorize(((sources + 1) * (len(wanted) + 1) + targets + 1) * len(kinds) + scope)
        found: dict[Key, int] = {}
        numbers = np.zeros(first.size, dtype=np.int64)
        for place, at in enumerate(first.tolist()):
            whose = (
                regimes[sources[at]] if sources[at] >= 0 else None,
                wanted[targets[at]] if targets[at] >= 0 else None,
                kinds[int(scope[at])],
            )
            if whose not in self._common:
                self._common[whose] = self._of(whose)
            numbers[place] = found.setdefault(whose, len(found))
        return Division([self._common[whose] for whose in found], numbers[places])

    def _sides(self, table: Table) -> tuple[Ints, list[str], Ints, list[str]]:
        """Return source and target of each claim, names that nothing is known of made one.

        It still matters whether both sides have one name.
        """
        sources, regimes = table.words("regime")
        targets, wanted = table.words("target")
        named = self._named
        known = [
            np.array([named is None or name in named for name in one] + [True]) for one in (regimes, wanted)
        ]
        if all(one.all() for one in known):
            return sources, regimes, targets, wanted
        places = {name: place for place, name in enumerate(wanted)}
        same = np.array([places.get(name, -2) for name in regimes] + [-2])[sources] == targets
        nobody, other = len(regimes), len(wanted)
        sources = np.where(known[0][sources], sources, nobody)
        targets = np.where(known[1][targets], targets, np.where(same, other, other + 1))
        return sources, [*regimes, _NOBODY], targets, [*wanted, _NOBODY, _ANOTHER]

    def _of(self, key: Key) -> Common:
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
        return Common(len(self._common), known, pair.weak, tuple(inside))

    def facts(self, table: Table, division: Division, values: Values, asserted: Numbers) -> dict[str, Column]:
        """Return the facts that differ among claims that have something in common, as columns."""
        found: dict[str, Column] = {
            "fact.valid_until": self._last_days(table, division),
            "fact.value": Coded(values.judged, self._words("fact.value", JUDGED)),
            "fact.value_status": Coded(values.status, self._words("fact.value_status", STATUSES)),
        }
        same = division.every("fact.same_regime", self.derived["fact.same_regime"])
        # Only what some claims do is looked for in all of them.
        if table.states("rule") or table.states("target_rule"):
            ruled = table.frame(_RULES).with_columns(same.at().alias("fact.same_regime"))
            found["fact.same_rule"] = ruled.select(_SAME_RULE).to_series()
        else:
            found["fact.same_rule"] = Coded(
                same.places, same.values.replace_strict({True: True}, default=None)
            )
        found["fact.relabelled"] = self._relabelled(table, division, asserted)
        if table.states("statement.regimes"):
            found["fact.statement"] = _stated(table)
        if table.states("verification.accreditor"):
            found |= self._accredited(table, division)
        return found

    def common(self, division: Division, names: Iterable[str]) -> dict[str, Column]:
        """Return those facts among ``names`` that claims have in common, as columns."""
        own = {*OWN, *SAID}
        return {
            name: division.every(name, self.derived[name])
            for name in names
            if name in self.derived and name not in own
        }

    def _relabelled(self, table: Table, division: Division, asserted: Numbers) -> pl.Series:
        """Whether a value is carried over to another regime, and nothing is said that would allow it."""
        total = table.column("total").to_numpy()
        given = asserted.given & ~np.isnan(total)
        known = [one.known for one in division.common]
        both = np.array(["fact.same_regime" in one for one in known], dtype=bool)
        excused = [
            bool(one.get("fact.same_regime")) or one.get("fact.arrangement.result") == "in-force"
            for one in known
        ]
        said = table.column("delta_statement").fill_null(False).to_numpy()
        new = (asserted.value == total) & ~said & ~np.array(excused, dtype=bool)[division.places]
        codes = np.where(given & both[division.places], new, 2)
        return Coded(codes, pl.Series([False, True, None])).at()

    def _accredited(self, table: Table, division: Division) -> dict[str, Column]:
        """How targets take verification by bodies accredited by another, and whether that is weakly known."""
        places, bodies = table.words("verification.accreditor")
        key = division.places * (len(bodies) + 1) + places + 1
        kinds, first = factorize(key)
        told, weak = [], []
        for row in first.tolist():
            one = division.common[division.places[row]]
            status = None
            unsure = False
            if places[row] >= 0 and "target" in one.known:
                found = self._knowledge.accreditor(bodies[places[row]], one.known["target"], one.scope)
                status = _STATUS.get(found.status or "")
                unsure = status is not None and found.provisional
            told.append(status)
            weak.append(unsure)
        kind = dtype(self.derived["fact.accreditor"])
        return {
            "fact.accreditor": Coded(kinds, pl.Series([*told, None], dtype=kind)),
            WEAK: Coded(kinds, pl.Series([*weak, None], dtype=pl.Boolean)),
        }

    def _last_days(self, table: Table, division: Division) -> pl.Series:
        """The earliest of what is stated and of what either regime gives, from the end of the period."""
        stated, ends = table.column("valid_until"), table.column("period.end")
        start = ends.zip_with(ends.is_not_null(), table.column("calculated"))
        years = np.array([self._years(one.known) or 0 for one in division.common])[division.places]
        for some in np.unique(years).tolist():
            if some:
                later = pl.select(pl.min_horizontal(stated, _later(start, some))).to_series()
                stated = later.zip_with(pl.Series(years == some), stated)
        return stated

    def _words(self, name: str, among: Sequence[str]) -> pl.Series:
        return pl.Series([one or None for one in among], dtype=dtype(self.derived[name]))

    def _years(self, known: Mapping[str, Any]) -> int | None:
        """The fewest years for which either regime lets a value be used."""
        found = (self._knowledge.years(known.get(side)) for side in ("regime", "target"))
        return min((years for years in found if years), default=None)

    def whole(self, claims: pl.DataFrame, common: Common) -> pl.DataFrame:
        """Return claims with all facts as columns, those in common too; null where not known."""
        known = {name: value for name, value in common.known.items() if name in self.derived}
        absent = [one for code, one in self.derived.items() if code not in {*claims.columns, *known}]
        return claims.with_columns(
            *(pl.lit(value, dtype=dtype(self.derived[name])).alias(name) for name, value in known.items()),
            *(pl.lit(None, dtype=dtype(one)).alias(one.code) for one in absent),
        )


def _stated(table: Table) -> Coded:
    """Whether a statement is about both regimes of a claim."""
    column = table.columns["statement.regimes"]
    assert isinstance(column, Coded)
    lists = column.values.to_list()
    (sources, regimes), (targets, wanted) = table.words("regime"), table.words("target")
    kinds, first = distinct((column.places, sources + 1, targets + 1))
    found = []
    for row in first.tolist():
        about = lists[column.places[row]]
        sides = (sources[row], regimes), (targets[row], wanted)
        pair = [words[place] for place, words in sides if place >= 0]
        found.append(None if about is None or len(pair) < 2 else set(pair) <= set(about))
    return Coded(kinds, pl.Series([*found, None], dtype=pl.Boolean))


def _named(catalogue: Catalogue) -> frozenset[str] | None:
    """Return the names of regimes and schemes that anything is known of, or a rule asks about.

    ``None`` where a rule asks about names in a way that any may differ from any other.
    """
    recognition = catalogue.recognition
    parties = {name for one in recognition.arrangements.values() for name in (*one.givers, *one.takers)}
    conditions = (one for rule in recognition.rules.values() for one in (rule.when, rule.requires))
    tests = [test for one in conditions if one is not None for test in demands_of(one)]
    asked = [test for test in tests if not {"regime", "target"}.isdisjoint((test.field, test.other))]
    if any(test.operator not in ("in", "not-in", "stated") for test in asked):
        return None
    values = {value for test in asked for value in test.values}
    return frozenset({*catalogue.regimes, *(BODY + code for code in recognition.bodies), *parties, *values})


def _later(days: pl.Series, years: int) -> pl.Series:
    """Return days some years later; where they are few, each is worked out once."""
    stated = days.drop_nulls().to_physical().to_numpy()
    offset = f"{years}y"
    if stated.size == 0 or int(stated.max()) - int(stated.min()) > stated.size:
        return days.dt.offset_by(offset)
    first = int(stated.min())
    each = pl.Series(np.arange(first, int(stated.max()) + 1, dtype=np.int32)).cast(pl.Date)
    return each.dt.offset_by(offset).gather(days.to_physical() - first)

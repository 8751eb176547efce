"""The numeric leg: where each claim's value lies under the regime wanted, and whether that is as asserted.

The bounds are those of ``convert_table``: claims that state the same things share one structure and its
certified bases. An asserted value is near enough if everything in the interval is within the tolerance of
it; without a tolerance, if everything in it rounds to what is asserted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from crosswalk.batch.columns import Columns
from crosswalk.batch.groups import Group, Reader
from crosswalk.batch.numbers import Numbers
from crosswalk.engine.answer import structural
from crosswalk.engine.cells import Floats, Mask, Universe
from crosswalk.engine.compiled import Compiled, Structure, compiled
from crosswalk.engine.solver import Ints
from crosswalk.engine.tolerance import Tolerance
from crosswalk.errors import CrosswalkError, RefusedError, UsageError
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Catalogue, Profile, Regime
from crosswalk.lookup import find_regime, universe_of

if TYPE_CHECKING:
    import polars as pl

#: How a value came out, by its code in ``Values.status``.
STATUSES = ("none", "answered", "open", "inconsistent", "refused", "error")
#: What is proven of an asserted value, by its code in ``Values.judged``; 0 stands for nothing asserted.
JUDGED = ("", "proven-within", "proven-outside", "undecided")
_NONE, _ANSWERED, _OPEN, _INCONSISTENT, _REFUSED, _ERROR = range(len(STATUSES))
_WITHIN, _OUTSIDE, _UNDECIDED = 1, 2, 3
#: Ends nearer to a limit than this share of their size are told apart exactly or not at all.
_HAIR = 2.0**-48
#: So many structures are kept on their way to a regime; each takes some seventy kilobytes.
_KEPT = 3_000
#: What a footprint without a number is refused with: a claim need not have one.
_EMPTY = "footprint-empty"


@dataclass(frozen=True)
class Values:
    """Of every claim: the guaranteed and the assumed interval (NaN: none), its status, what they prove."""

    low: Floats
    high: Floats
    assumed_low: Floats
    assumed_high: Floats
    status: Ints
    judged: Ints
    assumed: Ints
    wrong: Mapping[int, CrosswalkError]

    def of(self, rows: Ints) -> Values:
        """Return those of some claims, without what is wrong."""
        low, high = self.low[rows], self.high[rows]
        assumed = self.assumed_low[rows], self.assumed_high[rows]
        return Values(low, high, *assumed, self.status[rows], self.judged[rows], self.assumed[rows], wrong={})


class Valuer:
    """Works out values under a regime, chunk after chunk; what it learns of one chunk serves the next."""

    def __init__(
        self, catalogue: Catalogue, profile: Profile | None, allow: Sequence[str], known: Sequence[str]
    ) -> None:
        """``known`` are columns of a claim that are none of a footprint."""
        self._catalogue = catalogue
        self._universe: Universe = universe_of(catalogue)
        self._profile = profile
        self._allow = frozenset(allow)
        self._reader = Reader(catalogue, {"declared_unit": "kg"}, known)
        self._crossings: dict[tuple[int, str], tuple[Footprint, _Crossing]] = {}

    def values(
        self,
        columns: Columns,
        targets: Sequence[tuple[str, Mask]],
        asserted: Numbers,
        tolerances: tuple[Ints, Sequence[Tolerance]],
        where: str,
        documents: Sequence[Group] = (),
    ) -> Values:
        """Return the values of a chunk.

        ``targets`` are regimes with the rows they are wanted for; ``tolerances`` the place of each row's
        tolerance (-1: none) and the tolerances; ``documents`` the rows whose numbers stand in files.
        """
        read = self._reader.table(columns, where)
        ends = np.full((4, columns.height), np.nan)
        status = np.zeros(columns.height, dtype=np.int64)
        same = np.zeros(columns.height, dtype=bool)
        wrong = dict(read.wrong)
        for group in _beside(documents, read.groups, columns.height, wrong):
            if group.error is not None and group.error.code != _EMPTY:
                wrong |= dict.fromkeys(group.rows.tolist(), group.error)
            for target, wanted in targets:
                inside = wanted[group.rows]
                if not inside.any():
                    continue
                part = group if inside.all() else _part(group, inside)
                found, state, unmoved = self._group(part, target)
                ends[:, part.rows] = found
                status[part.rows] = state
                if unmoved:
                    same[part.rows] = self._stated(part, asserted)
        judged = _judge(ends[0], ends[1], asserted, tolerances)
        # The interval then lies within what the total rounds from, which is what is asserted.
        judged[same & asserted.given & (tolerances[0] < 0)] = _WITHIN
        # Nothing is nothing, from whichever side it was bounded.
        low, high, assumed_low, assumed_high = ends + 0.0
        assumed = _judge(assumed_low, assumed_high, asserted, tolerances)
        assumed[np.isnan(assumed_low)] = 0
        return Values(low, high, assumed_low, assumed_high, status, judged, assumed, wrong)

    def _group(self, group: Group, target: str) -> tuple[Floats, Ints | int, bool]:
        blank = np.full((4, group.rows.size), np.nan)
        if group.footprint is None:
            return blank, _NONE if group.error is not None and group.error.code == _EMPTY else _ERROR, False
        crossing = self._known(group.footprint, target)
        if crossing.plain is None:
            return blank, crossing.status, False
        try:
            low, high, fits = crossing.plain.bounds(group.low, group.high)
            more = (low, high)
            if crossing.assuming is not None:
                more = crossing.assuming.bounds(group.low, group.high)[:2]
        except RefusedError:
            return blank, _REFUSED, False
        closed = np.isfinite(low) & np.isfinite(high)
        status = np.where(fits, np.where(closed, _ANSWERED, _OPEN), _INCONSISTENT)
        if crossing.remodelled:
            low = high = blank[0]
            status = np.where(fits, _OPEN, _INCONSISTENT)
        assumed = more if crossing.assuming is not None or crossing.remodelled else (blank[0], blank[0])
        return np.vstack([low, high, *assumed]), status, crossing.unmoved

    def _known(self, footprint: Footprint, target: str) -> _Crossing:
        """Return the way of one structure to a regime; those found first make room for others."""
        key = (id(footprint), target)
        kept = self._crossings.get(key)
        # What a number once stood for may be gone.
        if kept is None or kept[0] is not footprint:
            if len(self._crossings) >= _KEPT:
                del self._crossings[next(iter(self._crossings))]
            kept = self._crossings[key] = footprint, self._crossing(footprint, target)
        return kept[1]

    def _crossing(self, footprint: Footprint, target: str) -> _Crossing:
        try:
            if footprint.regime is None:
                standards = ", ".join(footprint.standards) or "–"
                raise UsageError("no-source-regime", where=footprint.source, standards=standards)
            regimes = (find_regime(footprint.regime, self._catalogue), find_regime(target, self._catalogue))
            plain = self._compiled(footprint, *regimes, None)
            verdict = structural(plain, self._allow)
            if verdict.refusal is not None:
                return _Crossing(None, None, False, False, _REFUSED)
            assuming = None if self._profile is None else self._compiled(footprint, *regimes, self._profile)
            return _Crossing(plain, assuming, verdict.remodelled, _unmoved(plain), _ANSWERED)
        except (RefusedError, UsageError):
            return _Crossing(None, None, False, False, _REFUSED)

    def _compiled(
        self, footprint: Footprint, source: Regime, target: Regime, profile: Profile | None
    ) -> Compiled:
        return compiled(Structure.of(footprint, source, target, profile), self._universe)

    def _stated(self, group: Group, asserted: Numbers) -> Mask:
        """Rows whose asserted value is the total they state, digit by digit."""
        assert group.footprint is not None
        place = _headline(group.footprint)
        if place is None:
            return np.zeros(group.rows.size, dtype=bool)
        value, half = asserted.value[group.rows], asserted.half[group.rows]
        low, high = group.low[:, place], group.high[:, place]
        slack = np.where(half == 0, 0.0, (np.abs(value) + half) * 2.0**-50)
        found: Mask = (low == value - half - slack) & (high == value + half + slack)
        return found


@dataclass(frozen=True)
class _Crossing:
    """One structure on its way to one regime; ``unmoved`` if the stated total is what is asked for."""

    plain: Compiled | None
    assuming: Compiled | None
    remodelled: bool
    unmoved: bool
    status: int


def _beside(
    documents: Sequence[Group], stated: Sequence[Group], height: int, wrong: dict[int, CrosswalkError]
) -> Sequence[Group]:
    """Return all groups; what a file says of a claim stands in place of what the table does."""
    if not documents:
        return stated
    elsewhere = np.zeros(height, dtype=bool)
    for group in documents:
        elsewhere[group.rows] = True
    for row in [row for row in wrong if elsewhere[row]]:
        del wrong[row]
    others = (_part(group, ~elsewhere[group.rows]) for group in stated)
    return [*documents, *(group for group in others if group.rows.size)]


def _part(group: Group, inside: Mask) -> Group:
    low, high = group.low.T[:, inside].T, group.high.T[:, inside].T
    return Group(group.rows[inside], group.footprint, low, high, group.error)


def _headline(footprint: Footprint) -> int | None:
    ranks = [(one.headline, place) for place, one in enumerate(footprint.disclosures) if one.headline]
    return min(ranks)[1] if ranks else None


def _unmoved(one: Compiled) -> bool:
    """Whether the total wanted is the total stated, cell by cell, however the study was done."""
    place = _headline(one.study.footprint)
    if place is None or one.many:
        return False
    for problem in one.problems():
        size = len(problem.study.universe)
        wanted = problem.study.total(problem.scenario.source, problem.scenario.target)
        total = sum((part.vector() for part in wanted), np.zeros(size))
        stated = sum((part.vector() for part in problem.rows[place].parts), np.zeros(size))
        live = ~problem.dead
        blind = any(p.blind is not None and (p.blind & p.mask & live).any() for p in wanted)
        if blind or not np.array_equal(total[live], stated[live]):
            return False
    return True


def _judge(
    low: Floats, high: Floats, asserted: Numbers, tolerances: tuple[Ints, Sequence[Tolerance]]
) -> Ints:
    """Return what the intervals prove of the asserted values; see ``engine.tolerance.judge``.

    The limits are taken inwards for what is within and outwards for what is outside, by more than floats
    may err: what is nearer to a limit than that is undecided.
    """
    codes, known = tolerances
    shares = np.array([*(float(one.share or 0) for one in known), 0.0])
    amounts = np.array([*(float(one.amount or Fraction(0)) for one in known), 0.0])
    value = asserted.value
    reach = np.where(codes < 0, asserted.half, np.abs(value) * shares[codes] + amounts[codes])
    hair = (np.abs(value) + reach) * _HAIR
    bottom, top = value - reach, value + reach
    judged = np.full(len(value), _UNDECIDED, dtype=np.int64)
    judged[(low >= bottom + hair) & (high <= top - hair)] = _WITHIN
    judged[(low > top + hair) | (high < bottom - hair)] = _OUTSIDE
    judged[~asserted.given] = 0
    return judged


def words(codes: npt.NDArray[Any], among: Sequence[str], kind: pl.DataType | None = None) -> pl.Series:
    """Return codes as words, as a series of the closed list of them, or of the kind given.

    An empty word stands for nothing.
    """
    import polars as pl

    listed = kind or pl.Enum([word for word in among if word])
    kinds = pl.Series([word or None for word in among], dtype=listed)
    return kinds.gather(pl.Series(codes.astype(np.uint32)))

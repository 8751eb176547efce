"""The factor of a grid: as given or looked up, worked out from what is, or bounded.

A factor that covers generation only never stands for one that covers the life cycle, nor the reverse.
Where only the former is known it bounds the latter from below; where both are known for an average of the
same grid and year, they tell roughly what the latter would be, and the result says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec

from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds
from crosswalk.engine.operations.burdens import recharacterised, worth
from crosswalk.engine.operations.power import GENERATION, SCOPES, Power, delivered, hull, widened
from crosswalk.engine.operations.residual import residual
from crosswalk.engine.operations.situation import Factor, Lack, Situation
from crosswalk.footprint.activity import Burden, ClaimedPower, Grid
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import Cited

OPERATION = "OP-ELEC"
NATIONAL = "electricity-grid.national-average"
RESIDUAL = "electricity-grid.consumption-mix-excl-claimed"
FOSSIL = "electricity-grid.fossil-mix"
#: Kinds of factors that average over all power of a grid.
AVERAGES = ("electricity-grid.consumption-mix", "electricity-grid.regional-average", NATIONAL)


@dataclass(frozen=True)
class Found:
    """A factor with what it rests on; ``lacks`` are what would make it firmer."""

    power: Power
    lacks: tuple[Lack, ...] = ()
    cited: tuple[Cited, ...] = ()
    notes: tuple[Text, ...] = ()
    tight: bool = True


@dataclass(frozen=True)
class _Known:
    """A factor at hand: the scopes it may have, and what its power is worth once delivered."""

    option: str
    scopes: tuple[str, ...]
    found: Found
    delivered: Bounds


class Grids:
    """The grids of one situation."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self._memo: dict[tuple[str, int | None, str, tuple[str, ...]], Found] = {}
        self._read: dict[tuple[str, int | None], tuple[_Known, ...]] = {}
        self._looked: dict[tuple[str, int | None, str], tuple[_Known, ...]] = {}

    def find(self, place: str, year: int | None, option: str, wanted: tuple[str, ...]) -> Found:
        """Return the factor of a grid by option of ``electricity-grid``, of a scope ``wanted``."""
        key = (place, year, option, wanted)
        if key not in self._memo:
            self._memo[key] = self._find(*key)
        return self._memo[key]

    def given(self, place: str, year: int | None, option: str) -> tuple[Power, tuple[str, ...]] | None:
        """Return what the file itself gives for a kind of factor, and the scopes it may have."""
        found = (one for one in self._of_file(place, year) if one.option == option)
        return next(((one.found.power, one.scopes) for one in found), None)

    def scopes(self, burden: Burden) -> tuple[str, ...]:
        """Return the scopes a burden may have: what it says, or what the study may have used."""
        used = self.situation.asked["electricity-scope"].used
        return used if burden.scope is None else (burden.scope,)

    def _find(self, place: str, year: int | None, option: str, wanted: tuple[str, ...]) -> Found:
        exact = self._exact(place, year, option, wanted)
        if exact is not None:
            return exact
        left = self._left(place, year, wanted) if option == RESIDUAL else None
        if left is not None and left.power.value.closed:
            return left
        return self._scaled(place, year, option, wanted) or left or self._bounded(place, year, option, wanted)

    def _exact(self, place: str, year: int | None, option: str, wanted: Sequence[str]) -> Found | None:
        for known in (self._of_file(place, year), self._of_tables(place, year, option)):
            fitting = [one.found for one in known if one.option == option and set(one.scopes) <= set(wanted)]
            if fitting:
                return replace(_together(fitting), power=hull([one.power for one in fitting]))
        return None

    ### The residual mix

    def _left(self, place: str, year: int | None, wanted: Sequence[str]) -> Found | None:
        """The residual mix, worked out scope by scope: factors of generation only mix with no others."""
        groups: list[tuple[str, ...]] = [(scope,) for scope in wanted]
        if len(wanted) > 1 and GENERATION not in wanted:
            groups.append(tuple(wanted))
        found = [one for one in (self._left_of(place, year, scopes) for scopes in groups) if one is not None]
        closed = [one for one in found if one.power.value.closed]
        if closed:
            return replace(_together(closed), power=hull([one.power for one in closed]))
        return found[0] if found else None

    def _left_of(self, place: str, year: int | None, wanted: Sequence[str]) -> Found | None:
        """The residual mix from an average and what was claimed; between two mixes if that is not known.

        The latter holds only if what was claimed is cleaner than the average.
        """
        averages = (self._exact(place, year, option, wanted) for option in _averages(place))
        average = next((one for one in averages if one is not None and one.power.value.closed), None)
        if average is None:
            return None
        mean, at = average.power.value, self._at(place, year)
        claimed = next((grid.claimed for grid in self._grids(place, year) if grid.claimed), ())
        claims = [(Bounds.share(one.share), self._claim(one, wanted)) for one in claimed]
        lacks = [
            self._lack(f"{one.path}.factor", "claimed")
            for one, (_, factor) in zip(claimed, claims, strict=True)
            if not factor.closed
        ]
        formula = UNKNOWN if lacks or not claims else residual(mean, claims)
        if formula.closed:
            base = average.power.base if average.power.plain else None
            return replace(average, power=Power(formula, base, low_rises=True, high_rises=True))
        if any(not _cleaner(factor, mean) for _, factor in claims if factor.closed):
            return None
        presumed = bool(lacks) or not claims
        if not lacks:
            paths = [f"{one.path}.share" for one in claimed] or [f"{at}.claimed"]
            lacks = [self._lack(path, "claimed") for path in paths]
        return self._between(place, year, average, wanted, lacks, presumed)

    def _claim(self, one: ClaimedPower, wanted: Sequence[str]) -> Bounds:
        """What claimed power is worth; nothing is known of it where its scope is not that of the average."""
        if one.factor is None or not set(self.scopes(one.factor)) <= set(wanted):
            return UNKNOWN
        return worth(one.factor, self.situation, "electricity")

    def _between(
        self,
        place: str,
        year: int | None,
        average: Found,
        wanted: Sequence[str],
        lacks: Sequence[Lack],
        presumed: bool,
    ) -> Found | None:
        fossil = self._exact(place, year, FOSSIL, wanted)
        high = fossil.power.value.high if fossil is not None else None
        if high is None:
            lacks = [*lacks, self._lack(self._factor_at(place, year, FOSSIL), "target")]
        low = average.power.value.low
        if low is not None and high is not None and high < low:
            return None
        base = average.power.base if average.power.plain else None
        known = _together([average, fossil] if fossil is not None else [average])
        note = (both("note.electricity-cleaner", grid=place),) if presumed else ()
        return replace(
            known,
            power=Power(Bounds(low, high), base, low_rises=True),
            lacks=tuple(lacks),
            notes=(*known.notes, *note),
            tight=False,
        )

    ### Scopes

    def _scaled(self, place: str, year: int | None, option: str, wanted: Sequence[str]) -> Found | None:
        """A life cycle factor, roughly, from one of generation and from both of an average of the grid.

        What lies before and behind the plant is taken once as the same for each kWh, once as in
        proportion; the two give the ends.
        """
        if year is None or not set(wanted) <= set(SCOPES[1:]):
            return None
        part = self._exact(place, year, option, (GENERATION,))
        country = _country(place)
        near = [(place, kind) for kind in AVERAGES] + [(country, NATIONAL)] * (country != place)
        for where, kind in near if part is not None else ():
            whole = self._exact(where, year, kind, wanted)
            core = self._exact(where, year, kind, (GENERATION,))
            if whole is None or core is None:
                continue
            over, under = whole.power.value, core.power.value
            if not (over.closed and under.closed and under.low is not None and under.low > 0):
                continue
            assert part is not None
            same = over + (part.power.value - under)
            share = over * (part.power.value / under)
            note = both("note.electricity-scaled", grid=place, year=year)
            known = _together([part, whole, core])
            return replace(
                known,
                power=Power(Bounds.hull([same, share])),
                cited=(*known.cited, self._rule(note)),
                notes=(*known.notes, note),
                tight=False,
            )
        return None

    def _bounded(self, place: str, year: int | None, option: str, wanted: Sequence[str]) -> Found:
        """What factors of other scopes leave possible; nothing where there are none."""
        every = (*self._of_file(place, year), *self._of_tables(place, year, option))
        known = [one for one in every if one.option == option]
        lacks = [self._lack(self._factor_at(place, year, option), "target")]
        for grid in self._grids(place, year):
            if grid.generation is not None and option in _averages(place):
                absent = [name for name in ("upstream", "losses") if getattr(grid, name) is None]
                lacks += [self._lack(f"{grid.path}.{name}", name) for name in absent]
        if not known:
            return Found(Power(UNKNOWN), tuple(lacks))
        powers = [
            hull([widened(one.found.power, scope, wanted, one.delivered) for scope in one.scopes])
            for one in known
        ]
        lows = [one.value.low for one in powers if one.value.low is not None]
        highs = [one.value.high for one in powers if one.value.high is not None]
        within = Power(Bounds(max(lows, default=None), min(highs, default=None)))
        found = _together([one.found for one in known])
        power = powers[0] if len(powers) == 1 else within
        return replace(found, power=power, lacks=tuple(lacks), tight=False)

    ### What is known

    def _grids(self, place: str, year: int | None) -> Iterator[Grid]:
        for grid in self.situation.activity.grids:
            if grid.place == place and (year is None or grid.year is None or grid.year == year):
                yield grid

    def _of_file(self, place: str, year: int | None) -> tuple[_Known, ...]:
        key = (place, year)
        if key not in self._read:
            self._read[key] = tuple(self._from_file(place, year))
        return self._read[key]

    def _from_file(self, place: str, year: int | None) -> Iterator[_Known]:
        for grid in self._grids(place, year):
            for option, burden in grid.factors.items():
                yield self._plain(option, burden)
            yield from self._generated(grid)
        country = _country(place)
        for grid in self._grids(country, year) if country != place else ():
            if NATIONAL in grid.factors:
                yield self._plain(NATIONAL, grid.factors[NATIONAL])

    def _plain(self, option: str, burden: Burden) -> _Known:
        value = worth(burden, self.situation, "electricity")
        tight = not recharacterised(burden, self.situation, "electricity")
        found = Found(Power(value, burden, plain=True), tight=tight)
        return _Known(option, self.scopes(burden), found, value)

    def _generated(self, grid: Grid) -> Iterator[_Known]:
        """The average of a grid from what generation and upstream emit per kWh generated."""
        if grid.generation is None:
            return
        made = worth(grid.generation, self.situation, "electricity")
        before = NOTHING if grid.upstream is None else worth(grid.upstream, self.situation, "electricity")
        lost = NOTHING if grid.losses is None else Bounds.share(grid.losses)
        whole = delivered(made + before, lost)
        for option in _averages(grid.place):
            if option in grid.factors:
                continue
            yield _Known(option, (GENERATION,), Found(Power(made, grid.generation, plain=True)), whole)
            if grid.upstream is not None and grid.losses is not None:
                yield _Known(option, (grid.upstream.scope or SCOPES[1],), Found(Power(whole)), whole)

    def _of_tables(self, place: str, year: int | None, option: str) -> tuple[_Known, ...]:
        key = (place, year, option)
        if key not in self._looked:
            tables = self.situation.factors
            first = None if tables is None or year is None else tables.electricity(place, year, option)
            every = (first, *first.beside) if first is not None else ()
            self._looked[key] = tuple(self._row(option, one) for one in every)
        return self._looked[key]

    def _row(self, option: str, factor: Factor) -> _Known:
        """A factor of a table. One of a set its source does not state is taken as published."""
        burden, notes = factor.burden, [factor.cited.note] if factor.cited.note is not None else []
        if burden.co2e is not None and not burden.gases and burden.gwp_set is None:
            burden = msgspec.structs.replace(burden, gwp_set=self.situation.target.get("gwp-set"))
            notes.append(both("note.electricity-set", name=factor.cited.about))
        known = self._plain(option, burden)
        found = replace(known.found, cited=(factor.cited,), notes=tuple(notes))
        return replace(known, found=found)

    ### What is not

    def _at(self, place: str, year: int | None) -> str:
        here = next(self._grids(place, year), None)
        return here.path if here is not None else f"grids[{place}{'' if year is None else f' {year}'}]"

    def _factor_at(self, place: str, year: int | None, option: str) -> str:
        return f"{self._at(place, year)}.factors.{option.partition('.')[2]}"

    def _lack(self, path: str, name: str) -> Lack:
        return Lack(path, self.situation.input(OPERATION, name))

    def _rule(self, note: Text) -> Cited:
        statement = self.situation.catalogue.operations[OPERATION].statement
        assert statement is not None
        return Cited(
            about=OPERATION,
            iri=statement.iri,
            clause=statement.clause,
            evidence=statement.evidence,
            sources=statement.sources,
            note=note,
        )


def _together(found: Iterable[Found]) -> Found:
    """What several factors rest on, with the first of them."""
    every = list(found)
    return Found(
        every[0].power,
        tuple(dict.fromkeys(lack for one in every for lack in one.lacks)),
        tuple(dict.fromkeys(cited for one in every for cited in one.cited)),
        tuple(dict.fromkeys(note for one in every for note in one.notes)),
        all(one.tight for one in every),
    )


def _cleaner(factor: Bounds, mean: Bounds) -> bool:
    return factor.high is not None and mean.low is not None and factor.high <= mean.low


def _country(place: str) -> str:
    """The country of a place whose code follows ISO 3166-2; the place itself where it is one."""
    return place.partition("-")[0]


def _averages(place: str) -> tuple[str, ...]:
    """The kinds of factors that average over the grid of a place: that of the nation only for a country."""
    return AVERAGES if len(place) == 2 and place.isalpha() else AVERAGES[:-1]

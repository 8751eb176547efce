"""Two studies of one product: the pairs of methods they may have used, as far as numbers tell them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import prod

from crosswalk.engine.cells import Mask
from crosswalk.engine.compiled import Structure, compiled
from crosswalk.engine.disclosure import clashes
from crosswalk.engine.methods import asking, combinations, headline
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.plan import alive
from crosswalk.engine.program import Interval
from crosswalk.engine.scenarios import MOST, Group, Scenario, prune, signature
from crosswalk.engine.study import Study, ends
from crosswalk.errors import RefusedError
from crosswalk.knowledge.catalogue import Profile
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import Inconsistency

#: Options by dimension; several that stand together are alike to the file's own numbers.
Options = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Party:
    """One side of a comparison, and what its own numbers say of its method and its total."""

    study: Study

    @cached_property
    def stated(self) -> Interval | None:
        """The total the file states, rounding included."""
        head = headline(self.study.footprint)
        if head is None:
            return None
        low, high = ends(head)
        value = None if low is None or high is None else head.quantity.value * head.scale
        return Interval(low, high, value=value)

    @property
    def total(self) -> Interval:
        """The total under the study's own method: as stated, else what its other numbers make of it.

        Raises ``RefusedError`` where it states none and leaves too much open to work one out.
        """
        return self.stated or joint(self._fitting[1])

    @property
    def methods(self) -> tuple[Options, ...]:
        """What it may have done; nothing if its numbers contradict one another."""
        return self._fitting[0]

    @cached_property
    def clash(self) -> tuple[tuple[Inconsistency, ...], Text | None]:
        """The fields that contradict one another, and the refusal; none where some inventory fits."""
        study = self.study
        found, remarks = clashes(study.footprint, study.regime, study.universe)
        if found:
            return found, both("reason.inconsistent", fields=", ".join(found[0].fields))
        refused = [one for one in remarks if one != both("note.consistency-unchecked")]
        return (), refused[0] if refused else None

    @cached_property
    def _fitting(self) -> tuple[tuple[Options, ...], tuple[Interval, ...]]:
        study, nothing = self.study, asking({})
        structure = Structure.of(study.footprint, study.regime or nothing, nothing, None)
        made = compiled(structure, study.universe)
        if self.stated is not None and made.many:
            # What it may have done stays open; that something fits is all there is to know.
            open_: Options = {dimension: study.choices[dimension].options for dimension in study.numeric}
            return (() if self.clash[1] is not None else (open_,)), ()
        members = {d: {group.option: group.options for group in choices} for d, choices in made.parts.items()}
        data = made.data(study.footprint)
        methods: list[Options] = []
        totals: list[Interval] = []
        for problem in made.problems():
            (interval,) = problem.total.intervals((0,), data)
            if interval is not None:
                methods.append({d: members[d][option] for d, option in problem.scenario.source.items()})
                totals.append(interval)
        return tuple(methods), tuple(totals)


@dataclass(frozen=True)
class Pairs:
    """The pairs of methods two studies may have used, the study the split rests on first.

    ``alike`` gives, for each numeric dimension and option, the option that stands for all that do the same
    to the ``live`` cells; a dimension differs where these do. Where none can differ (``one``), a single
    pair stands for all.
    """

    live: Mask
    alike: dict[str, dict[str, str]]
    scenarios: tuple[Scenario, ...]
    one: bool = False

    def kept(self, dimension: str, options: Sequence[str]) -> tuple[str, ...]:
        """Return options of a dimension that numbers tell apart."""
        return tuple(dict.fromkeys(self.alike[dimension][option] for option in options))


def pairs(own: Party, other: Party, tied: frozenset[str], profile: Profile | None) -> Pairs:
    """Return every pair of methods; in ``tied`` dimensions both did the same.

    Raises ``RefusedError`` where there are too many to look at one by one.
    """
    study = own.study
    cells = alive(study, {d: other.study.choices[d].options for d in study.numeric})
    if profile is not None:
        cells = cells & ~study.emptied(profile)
    found = Pairs(cells, {d: _alike(own, other, d, cells) for d in study.numeric}, ())
    here = {d: found.kept(d, study.choices[d].options) for d in study.numeric}
    held = [d for d in study.numeric if d in tied]
    here |= _tied_options(found, own, other, held, profile)
    yonder = {d: found.kept(d, other.study.choices[d].options) for d in study.numeric}
    if all(d in tied or (len(here[d]) == 1 and here[d] == yonder[d]) for d in study.numeric):
        method = {d: options[0] for d, options in here.items()}
        alone = Scenario(method, method, next(study.readings()))
        return Pairs(cells, found.alike, (alone,), one=True)
    there = _others(found, other, {d: here[d] for d in held})
    by_tie: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for method in there:
        by_tie.setdefault(tuple(method[d] for d in held), []).append(method)
    readings = list(study.readings())
    made: list[Scenario] = []
    for source in _combined(here):
        for target in by_tie.get(tuple(source[d] for d in held), ()):
            made += [Scenario(source, target, reading) for reading in readings]
            if len(made) > MOST:
                raise _too_many({d: (*here[d], *(m[d] for m in there)) for d in here})
    return Pairs(cells, found.alike, tuple(made))


def _tied_options(
    found: Pairs, own: Party, other: Party, held: Sequence[str], profile: Profile | None
) -> dict[str, tuple[str, ...]]:
    """The options tied dimensions may have on both sides, as far as they have to be looked at.

    Where both sides leave the same cells out, the split is that of two studies that count them and happen
    to have nothing there (see ``scenarios.prune``): no share says anything of cells that weigh nothing.
    """
    both_sides = {
        d: tuple(
            Group((option,), (option,), False)
            for option in found.kept(d, own.study.choices[d].options)
            if option in found.kept(d, other.study.choices[d].options)
        )
        for d in held
    }
    pruned = prune(own.study, both_sides, found.live, profile)
    return {d: tuple(group.option for group in choices) for d, choices in pruned.items()}


def joint(intervals: Sequence[Interval]) -> Interval:
    """Return the smallest interval that holds all; the value where all have the same."""
    both_ends = Bounds.hull(Bounds(one.low, one.high) for one in intervals)
    values = {one.value for one in intervals}
    return Interval(
        both_ends.low,
        both_ends.high,
        next((one.low_ray for one in intervals if one.low is None), ()),
        next((one.high_ray for one in intervals if one.high is None), ()),
        value=values.pop() if len(values) == 1 else None,
    )


def tied(first: Study, second: Study, *, same: bool) -> frozenset[str]:
    """Return the numeric dimensions both leave open and are taken to have answered alike.

    Where no option is possible on both sides, they differ whatever is assumed.
    """
    if not same:
        return frozenset()
    return frozenset(
        d
        for d in first.numeric
        if first.choices[d].open
        and second.choices[d].open
        and not set(first.choices[d].options).isdisjoint(second.choices[d].options)
    )


def _alike(own: Party, other: Party, dimension: str, cells: Mask) -> dict[str, str]:
    universe = own.study.universe
    stands: dict[tuple[bytes, str], str] = {}
    found = {}
    for option in (*own.study.choices[dimension].options, *other.study.choices[dimension].options):
        # What another option's effect hangs on is never one of several that are alike.
        hung = option if option in universe.conditions else ""
        found[option] = stands.setdefault((signature(universe, option, cells), hung), option)
    return found


def _others(found: Pairs, other: Party, held: dict[str, tuple[str, ...]]) -> list[dict[str, str]]:
    """The methods of the other study, each once; in the dimensions of ``held``, only with those options."""
    made: dict[tuple[str, ...], dict[str, str]] = {}
    for method in other.methods:
        options = {d: found.kept(d, method[d]) for d in found.alike}
        options |= {d: tuple(o for o in options[d] if o in kept) for d, kept in held.items()}
        for one in _combined(options):
            made.setdefault(tuple(one.values()), one)
    return list(made.values())


def _combined(options: dict[str, tuple[str, ...]]) -> Iterator[dict[str, str]]:
    if prod(len(one) for one in options.values()) > MOST:
        raise _too_many(options)
    return combinations(list(options.items()))


def _too_many(options: dict[str, tuple[str, ...]]) -> RefusedError:
    ranked = sorted(options, key=lambda d: (-len(set(options[d])), d))
    widest = list(islice((d for d in ranked if len(set(options[d])) > 1), 5))
    return RefusedError("too-many-pairs", dimensions=", ".join(widest), most=MOST)

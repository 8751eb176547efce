"""Two studies of one product: the pairs of methods they may have used, as far as numbers tell them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import prod

from crosswalk.engine.cells import Mask
from crosswalk.engine.methods import asking, combinations, headline
from crosswalk.engine.plan import alive, live
from crosswalk.engine.program import Interval, Program
from crosswalk.engine.scenarios import MOST, Group, Scenario, count, groups, prune, scenarios, signature
from crosswalk.engine.study import Study
from crosswalk.errors import RefusedError
from crosswalk.knowledge.catalogue import Profile

#: Above this many methods a file is not asked which of them its own numbers refute.
_REFUTED = 48

#: Options by dimension; several that stand together are alike to the file's own numbers.
Options = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Party:
    """One side of a comparison, and what its own numbers say of its method and its total."""

    study: Study

    @property
    def methods(self) -> tuple[Options, ...]:
        """What it may have done; nothing if its numbers contradict one another."""
        return self._fitting[0]

    @property
    def totals(self) -> tuple[Interval, ...]:
        """Its total under each of the methods looked at.

        Raises ``RefusedError`` where it states none and leaves too much open to work one out.
        """
        return self._fitting[1]

    @cached_property
    def _fitting(self) -> tuple[tuple[Options, ...], tuple[Interval, ...]]:
        study, nowhere = self.study, asking({})
        parts = groups(study, nowhere, live(study, nowhere))
        members = {d: {group.option: group.options for group in choices} for d, choices in parts.items()}
        any_method: Options = {dimension: study.choices[dimension].options for dimension in study.numeric}
        stated = headline(study.footprint) is not None
        few = count(study, parts) <= _REFUTED
        methods: list[Options] = []
        totals: list[Interval] = []
        try:
            for scenario in scenarios(study, parts):
                rows, dead = study.rows(scenario.source, scenario.reading), study.dead(scenario.source)
                total = study.total(scenario.source, scenario.source)
                interval = Program(study.universe, rows, dead, [total]).interval(0)
                if interval is None:
                    continue
                methods.append({d: members[d][option] for d, option in scenario.source.items()})
                totals.append(interval)
                if stated and not few:
                    # One that fits shows that the file holds together; what it may have done stays open.
                    return (any_method,), tuple(totals)
        except RefusedError:
            if not stated:
                raise
            return (any_method,), tuple(totals)
        return tuple(methods), tuple(totals)


@dataclass(frozen=True)
class Pairs:
    """The pairs of methods two studies may have used, the study the split rests on first.

    ``alike`` gives, for each numeric dimension and option, the option that stands for all that do the same
    to the ``live`` cells; a dimension differs where these do.
    """

    live: Mask
    alike: dict[str, dict[str, str]]
    scenarios: tuple[Scenario, ...]

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

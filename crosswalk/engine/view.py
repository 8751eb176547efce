"""What a split says, turned so that the second footprint is compared with the first, in one unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from crosswalk.engine.explain import spanned
from crosswalk.engine.gaps import missing
from crosswalk.engine.items import OWN
from crosswalk.engine.modelled import Applied
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.pairs import joint
from crosswalk.engine.plan import cite, matters, unstated, weak, weakest
from crosswalk.engine.program import Interval
from crosswalk.engine.split import NOTHING, Solved, Split, holds, modelling, plus, times
from crosswalk.engine.study import Study
from crosswalk.engine.twins import Way
from crosswalk.knowledge.catalogue import Requirement
from crosswalk.messages import both
from crosswalk.results import Cited, Class, Figure, Range, Share, Suspect, Unsettled, Wanted, Which


@dataclass(frozen=True)
class View:
    """The split of the difference of ``first`` and ``second``, from the inventory of ``which``.

    ``turn`` turns values per declared unit of that footprint into the unit of the answer, second less
    first; ``others`` is the total of the other one, in the unit of the answer, and ``difference`` is
    between the two totals. In ``tied`` dimensions both are taken to have done the same.
    """

    first: Study
    second: Study
    which: Which
    split: Split
    turn: Fraction
    others: Interval
    difference: Interval
    tied: frozenset[str]

    @property
    def own(self) -> Study:
        """The study whose disclosure is used."""
        return self.split.own.study

    @property
    def explained(self) -> Interval:
        """What all dimensions explain together."""
        return times(joint([one.explained for one in self.split.solved]), self.turn)

    @property
    def residual(self) -> Interval:
        """What is left: the other total as stated, less this footprint re-expressed under its method."""
        sign = 1 if self.turn > 0 else -1
        left = [
            times(plus(times(one.reached, -abs(self.turn)), _bounds(self.others)), Fraction(sign))
            for one in self.split.solved
        ]
        found, stated = joint(left), (self.difference.value, self.explained.value)
        value = None if stated[0] is None or stated[1] is None else stated[0] - stated[1]
        return replace(found, value=value if holds(found, value) else None)

    @property
    def determined(self) -> bool:
        """Whether what the methods explain is one number."""
        return self.explained.value is not None

    @property
    def rank(self) -> tuple[int, bool, Fraction]:
        """How well the disclosure bounds what the methods explain, best first."""
        found = self.explained
        if found.low is None or found.high is None:
            return (found.low is None) + (found.high is None), True, Fraction(0)
        return 0, not self.determined, Fraction(0) if self.determined else found.high - found.low

    def say(self, interval: Interval) -> Figure:
        """Return an interval with the reasons of its open ends."""
        return figure(spanned(self.own.universe, [interval]), interval.value)

    # Shares

    def shares(self) -> tuple[Share, ...]:
        """The share of every dimension that explains something, in order of application."""
        found = [self._share(dimension) for dimension in self.split.dimensions()]
        found += [self._modelled(one) for one in self.split.models if not one.silent]
        return tuple(one for one in found if (one.delta.low, one.delta.high) != (0, 0))

    def _share(self, dimension: str) -> Share:
        if self.split.detailed:
            each = [(one.shares or {}).get(dimension, NOTHING) for one in self.split.solved]
            delta = self.say(times(joint(each), self.turn))
        else:
            reason = both("reason.not-worked-out")
            delta = Figure(low=None, high=None, low_reason=reason, high_reason=reason)
        options = tuple(self._differing(study, dimension) for study in (self.first, self.second))
        cited = self._resting(dimension)
        return Share(
            dimension=dimension,
            label=self.own.universe.catalogue.dimensions[dimension].label,
            family="convention",
            from_=options[0],
            to=options[1],
            class_=_class(delta),
            delta=delta,
            clauses=cited,
            evidence=weakest(cited) if cited else "",
        )

    def _differing(self, study: Study, dimension: str) -> tuple[str, ...]:
        """Options of a study in the pairs of methods in which the dimension differs."""
        alike = self.split.pairs.alike[dimension]
        own = study is self.own
        used = {
            (one.scenario.source if own else one.scenario.target)[dimension]
            for one in self.split.solved
            if one.scenario.source[dimension] != one.scenario.target[dimension]
        }
        return tuple(option for option in study.choices[dimension].options if alike[option] in used)

    def _modelled(self, one: Applied) -> Share:
        stated = modelling(self.second if self.own is self.first else self.first)
        dimension = next(code for code in one.dimensions if code in stated)
        delta = times(Interval(one.delta.low, one.delta.high, value=_point(one.delta)), self.turn)
        first, second = (study.choices[dimension] for study in (self.first, self.second))
        return Share(
            dimension=dimension,
            label=self.own.universe.catalogue.dimensions[dimension].label,
            family="model",
            from_=first.options if first.declared else (),
            to=second.options if second.declared else (),
            class_="estimated",
            delta=self.say(delta),
            operation=one.code,
            clauses=one.cited,
            evidence=weakest(one.cited) if one.cited else "",
        )

    def _resting(self, dimension: str) -> tuple[Cited, ...]:
        """The requirements a share rests on: those of choices a file does not state itself."""
        unsaid = [
            s.choices[dimension] for s in (self.first, self.second) if not s.choices[dimension].declared
        ]
        return cite(choice.requirement for choice in unsaid if choice.requirement is not None)

    # What stands beside them

    def suspects(self) -> tuple[Suspect, ...]:
        """Modelling choices that differ, or may, and have no number."""
        stated = modelling(self.second if self.own is self.first else self.first)
        settled = {code for one in self.split.models for code in one.dimensions if code in stated}
        lacks = {code: one.lacks for one in self.split.lacking for code in one.dimensions if code in stated}
        found = []
        for code, dimension in self.own.universe.catalogue.dimensions.items():
            one, other = self.first.choices[code], self.second.choices[code]
            agreed = one.options == other.options and not one.open
            if dimension.family != "model" or code in settled or agreed:
                continue
            found.append(
                Suspect(
                    dimension=code,
                    label=dimension.label,
                    first=one.options,
                    second=other.options,
                    first_stated=one.declared,
                    second_stated=other.declared,
                    certain=set(one.options).isdisjoint(other.options),
                    lacks=tuple(lack.label for lack in lacks.get(code, ())),
                )
            )
        return tuple(sorted(found, key=lambda s: (not s.certain, not (s.first_stated or s.second_stated))))

    def open_in(self, dimension: str) -> bool:
        """Whether one of the files leaves a dimension open in a way that numbers tell apart."""
        kept = self.split.pairs.kept
        return any(len(kept(dimension, s.choices[dimension].options)) > 1 for s in (self.first, self.second))

    def unsettled(self) -> tuple[Unsettled, ...]:
        """Choices of method that a file leaves open, those that decide first."""
        found = []
        whole = self.say(self.explained)
        for which, study in (("first", self.first), ("second", self.second)):
            own = study is self.own
            for code in study.numeric:
                kept = self.split.pairs.kept(code, study.choices[code].options)
                if len(kept) < 2 or code in self.tied:
                    continue
                results = self._by_option(study, code, own=own) if self.split.whole else ()
                if self.split.whole and len(results) < 2:
                    continue
                found.append(
                    Unsettled(
                        which="first" if which == "first" else "second",
                        dimension=code,
                        label=study.universe.catalogue.dimensions[code].label,
                        options=study.choices[code].options,
                        stated=study.choices[code].declared,
                        deciding=any((r.low, r.high) != (whole.low, whole.high) for _, r in results),
                        results=results,
                    )
                )
        return tuple(sorted(found, key=lambda one: not one.deciding))

    def _by_option(self, study: Study, code: str, *, own: bool) -> tuple[tuple[str, Range], ...]:
        alike = self.split.pairs.alike[code]
        results = []
        for stands in self.split.pairs.kept(code, study.choices[code].options):
            inside = [
                one.explained
                for one in self.split.solved
                if (one.scenario.source if own else one.scenario.target)[code] == stands
            ]
            if inside:
                names = [option for option in study.choices[code].options if alike[option] == stands]
                results.append(
                    (" | ".join(names), spanned(self.own.universe, [times(joint(inside), self.turn)]))
                )
        return tuple(results)

    def wanted(self) -> tuple[Wanted, ...]:
        """What to ask the supplier of this footprint for, most helpful first."""
        widest = min(self.split.solved, key=_narrowness)
        source, target = widest.scenario.source, widest.scenario.target
        way = Way(widest.scenario, widest.rows, widest.dead, self.own.change(source, target))
        found = missing(self.own.universe, way, typical=False)
        alone = len(self.split.solved) == 1
        found = [one for one in found if not self._given(one.code)]
        return tuple(
            Wanted(
                item=one.code,
                label=one.label,
                width_at_most=float(abs(self.turn)) * one.width if alone and one.width is not None else None,
            )
            for one in found
        )

    def _given(self, item: str) -> bool:
        """Whether the file states an item already, so that only more digits of it would help."""
        universe, footprint, live = self.own.universe, self.own.footprint, self.split.pairs.live
        asked = universe.catalogue.formats[OWN].fields[item]
        if asked.path.endswith("[]") and footprint.complete is not None:
            return True
        mask = universe.mask(asked.on) & live
        stated = [d for d in footprint.disclosures if (d.basis, d.balance) == (asked.basis, asked.balance)]
        stated = [d for d in stated if d.limit is None or d.field == item]
        return any(np.array_equal(mask, universe.mask(d.on) & live) for d in stated)

    def provisional(self) -> tuple[Cited, ...]:
        """Statements weaker than a secondary source on which the split rests, those missing included."""
        universe, used, absent = self.own.universe, list[Requirement](), list[Cited]()
        for code in self.own.numeric:
            unsaid = [s for s in (self.first, self.second) if not s.choices[code].declared]
            if not unsaid or not matters(universe, code, self.split.pairs.live):
                continue
            for study in unsaid:
                choice = study.choices[code]
                if choice.requirement is not None:
                    used.append(choice.requirement)
                elif study.regime is not None:
                    absent.append(unstated(study.regime, code))
        return weak((*cite(used), *dict.fromkeys(absent)))


def figure(found: Range, value: Fraction | None) -> Figure:
    """Return a range with its value, as a float and exactly."""
    return Figure(
        low=found.low,
        high=found.high,
        low_reason=found.low_reason,
        high_reason=found.high_reason,
        value=None if value is None else float(value),
        exact=None if value is None else str(value),
    )


def _narrowness(solved: Solved) -> tuple[int, Fraction]:
    """Sorts the pair of methods with the widest result first."""
    low, high = solved.explained.low, solved.explained.high
    if low is None or high is None:
        return -(low is None) - (high is None), Fraction(0)
    return 0, low - high


def _class(delta: Figure) -> Class:
    if delta.low is None or delta.high is None:
        return "unbridgeable"
    return "bounded" if delta.value is None else "exact"


def _bounds(interval: Interval) -> Bounds:
    return Bounds(interval.low, interval.high)


def _point(bounds: Bounds) -> Fraction | None:
    return bounds.low if bounds.low == bounds.high else None

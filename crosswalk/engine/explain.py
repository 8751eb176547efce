"""Why an answer is what it is: steps, open choices, the target's own lines, open ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from crosswalk.engine.cells import Universe
from crosswalk.engine.compiled import Compiled, Solved
from crosswalk.engine.held import Ray
from crosswalk.engine.methods import Choice
from crosswalk.engine.modelled import Applied
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.plan import Crossing, cite, unmet, weakest
from crosswalk.engine.program import Interval
from crosswalk.engine.scenarios import Group
from crosswalk.engine.study import Study
from crosswalk.knowledge.catalogue import Regime, Requirement
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import Class, Line, OpenOption, Range, Step


def hull(intervals: Iterable[Interval]) -> tuple[Fraction | None, Fraction | None]:
    """Return the smallest interval that holds all; an end is open if it is for one of them."""
    all_of = list(intervals)
    if not all_of:
        return Fraction(0), Fraction(0)
    lows = [interval.low for interval in all_of]
    highs = [interval.high for interval in all_of]
    low = None if None in lows else min(value for value in lows if value is not None)
    high = None if None in highs else max(value for value in highs if value is not None)
    return low, high


@dataclass(frozen=True)
class Explainer:
    """Explains the scenarios of one study towards one target.

    ``whole`` tells whether all combinations of open options were looked at; ``allow`` is what the caller
    accepts beyond bounds; ``models`` are the model operations that were applied.
    """

    compiled: Compiled
    allow: frozenset[str]
    whole: bool
    models: tuple[Applied, ...] = ()

    @property
    def study(self) -> Study:
        """The study, without the numbers of the file."""
        return self.compiled.study

    @property
    def target(self) -> Regime:
        """The regime wanted."""
        return self.compiled.target

    @property
    def parts(self) -> dict[str, tuple[Group, ...]]:
        """The options looked at."""
        return self.compiled.parts

    def range(self, intervals: Sequence[Interval]) -> Range:
        """Return the hull of intervals; an open end names the activities nothing limits."""
        return spanned(self.study.universe, intervals)

    def steps(self, solved: Sequence[Solved], *, complete: bool) -> tuple[Step, ...]:
        """The dimensions crossed; unless the scenarios are ``complete``, what they leave open stays open."""
        anew = any(one.alone for one in self.models)
        crossed = [] if anew else self.compiled.crossings
        deltas: dict[str, list[Interval]] = {crossing.dimension.code: [] for crossing in crossed}
        for one in solved:
            found = one.problem.detailed.intervals(range(1, 1 + len(crossed)), one.data)
            for code, interval in zip(deltas, found, strict=True):
                if interval is not None:
                    deltas[code].append(interval)
        steps = []
        for crossing in crossed:
            code = crossing.dimension.code
            cited = cite(crossing.rests_on)
            delta, grade = self._delta(deltas[code], crossing, complete)
            steps.append(
                Step(
                    dimension=code,
                    label=crossing.dimension.label,
                    from_=crossing.before,
                    to=crossing.after,
                    operation=crossing.dimension.operation,
                    class_=grade,
                    delta=delta,
                    clauses=cited,
                    evidence=weakest(cited),
                )
            )
        return (*steps, *self.other_steps())

    def _delta(self, deltas: Sequence[Interval], crossing: Crossing, complete: bool) -> tuple[Range, Class]:
        if not crossing.moved:
            return Range(low=0.0, high=0.0), "documentary"
        if complete or (deltas and not any(interval.finite for interval in deltas)):
            return self.range(deltas), _class(deltas)
        reason = both("reason.not-worked-out")
        return Range(low=None, high=None, low_reason=reason, high_reason=reason), "unbridgeable"

    def other_steps(self) -> list[Step]:
        """Dimensions without weights that the study fails, or does not speak of, under the target."""
        catalogue = self.study.universe.catalogue
        # What a file lists may be part of what the study did: where nothing of it changes, a forbidden
        # choice the study states is not accounted for.
        settled = {code for one in self.models if one.to or not one.silent for code in one.dimensions}
        steps = [self._modelled(one) for one in self.models if not one.silent]
        for code, choice in self.study.choices.items():
            dimension = catalogue.dimensions[code]
            if dimension.family == "convention" or code in settled:
                continue
            asked = unmet(choice, self.study.regime, self.target)
            if asked is None or (dimension.family == "model" and _may_be_met(choice, asked)):
                continue
            if dimension.family == "document" and asked.modality in ("may", "silent"):
                continue
            cited = cite([asked])
            model = dimension.family == "model"
            allowed = "estimated" in self.allow
            note = "note.model-kept" if allowed else "note.model-needed"
            steps.append(
                Step(
                    dimension=code,
                    label=dimension.label,
                    from_=choice.options if choice.declared else (),
                    to=asked.permits,
                    operation=dimension.operation,
                    class_=("estimated" if allowed else "unbridgeable") if model else "documentary",
                    delta=Range(low=None, high=None, low_reason=both(note), high_reason=both(note))
                    if model
                    else Range(low=0.0, high=0.0),
                    clauses=cited,
                    evidence=weakest(cited),
                    note=both(note) if model else None,
                )
            )
        return steps

    def _modelled(self, one: Applied) -> Step:
        """The step of a model operation that was applied, under the first of the dimensions it settles."""
        catalogue = self.study.universe.catalogue
        choice = self.study.choices.get(one.topic)
        described = catalogue.operations[one.code] if choice is None else catalogue.dimensions[one.topic]
        went = {one.topic, *(catalogue.options[option].dimension for option in one.to)}
        asked = [self.target.requirements.get(code) for code in one.dimensions if code in went]
        cited = (*cite(r for r in asked if r is not None), *one.cited)
        delta = one.delta
        if one.states:
            note = both("note.model-stated")
            delta = Bounds(None, None)
        elif one.delta.closed:
            note = both("note.model-estimated")
        else:
            note = joined("note.model-lacks", "inputs", list({lack.label: None for lack in one.lacks}))
        return Step(
            dimension=one.topic,
            label=described.label,
            from_=choice.options if choice is not None and choice.declared else (),
            to=one.to,
            operation=one.code,
            class_="estimated" if one.delta.closed else "unbridgeable",
            delta=spread(delta, note),
            clauses=cited,
            evidence=weakest(cited),
            note=note,
        )

    def open_options(self, fitting: Sequence[Solved]) -> tuple[OpenOption, ...]:
        """Return the choices the study leaves open, those that decide the answer first."""
        whole = hull(s.interval for s in fitting if s.interval is not None)
        found: list[tuple[float, OpenOption]] = []
        for code, parts in self.parts.items():
            if len(parts) < 2:
                continue
            choice = self.study.choices[code]
            results, narrowest = [], float("inf")
            for group in parts:
                inside = [
                    s.interval
                    for s in fitting
                    if s.scenario.source[code] == group.option and s.interval is not None
                ]
                if not inside:
                    continue
                result = self.range(inside)
                results.append((" | ".join(group.options), result))
                narrowest = min(narrowest, float("inf") if result.width is None else result.width)
            deciding = self.whole and any(
                (result.low, result.high) != tuple(floats(whole)) for _, result in results
            )
            entry = OpenOption(
                dimension=code,
                label=self.study.universe.catalogue.dimensions[code].label,
                family="convention",
                options=choice.options,
                stated=choice.declared,
                deciding=deciding,
                results=tuple(results) if self.whole else (),
            )
            found.append((narrowest if deciding else float("inf"), entry))
        ranked = [entry for _, entry in sorted(found, key=lambda pair: (not pair[1].deciding, pair[0]))]
        return (*ranked, *self._open_models())

    def _open_models(self) -> list[OpenOption]:
        catalogue = self.study.universe.catalogue
        found = []
        for code, choice in self.study.choices.items():
            dimension = catalogue.dimensions[code]
            if dimension.family != "model" or any(code in one.dimensions for one in self.models):
                continue
            asked = unmet(choice, self.study.regime, self.target)
            if asked is not None and _may_be_met(choice, asked):
                found.append(
                    OpenOption(
                        dimension=code,
                        label=dimension.label,
                        family="model",
                        options=choice.options,
                        stated=choice.declared,
                        deciding=False,
                        permitted=asked.permits,
                    )
                )
        return found

    def lines(self, fitting: Sequence[Solved]) -> tuple[Line, ...]:
        """Return the values of the target's own fields."""
        fields = self.compiled.fields
        if not fields:
            return ()
        found: dict[str, list[Interval]] = {field.code: [] for field in fields}
        first = 1 + len(self.compiled.crossings)
        for one in fitting:
            intervals = one.problem.detailed.intervals(range(first, first + len(fields)), one.data)
            for code, interval in zip(found, intervals, strict=True):
                if interval is not None:
                    found[code].append(interval)
        lines = []
        for field in fields:
            low, high = floats(hull(found[field.code]))
            values = {interval.value for interval in found[field.code]}
            value = values.pop() if len(values) == 1 else None
            lines.append(
                Line(
                    field=field.code,
                    label=field.label,
                    low=low,
                    high=high,
                    value=None if value is None else float(value),
                )
            )
        return tuple(lines)


def spanned(universe: Universe, intervals: Sequence[Interval]) -> Range:
    """Return the hull of intervals; an open end names the activities nothing limits."""
    low, high = hull(intervals)
    return Range(
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        low_reason=_why(universe, (i.low_ray for i in intervals if i.low is None)) if low is None else None,
        high_reason=_why(universe, (i.high_ray for i in intervals if i.high is None))
        if high is None
        else None,
    )


def _why(universe: Universe, rays: Iterable[Ray]) -> Text:
    """Name the activities along the first ray: nothing disclosed limits them."""
    ray = next(iter(rays), ())
    codes = dict.fromkeys(universe.cells[cell][1] for cells in ray for cell in cells)
    labels = [universe.catalogue.activities[code].label for code in codes][:4]
    return joined("reason.open-end", "cells", labels)


def spread(bounds: Bounds, why: Text) -> Range:
    """Return bounds as a range of floats; ``why`` is said of an open end."""
    low, high = floats(bounds.ends)
    return Range(
        low=low,
        high=high,
        low_reason=why if low is None else None,
        high_reason=why if high is None else None,
    )


def joined(code: str, name: str, texts: Sequence[Text], between: str = "; ") -> Text:
    """Return a sentence with a list of things in it, in both languages."""
    return Text(
        en=both(code, **{name: between.join(text.en for text in texts)}).en,
        zh=both(code, **{name: between.join(text.zh for text in texts)}).zh,
    )


def _may_be_met(choice: Choice, asked: Requirement) -> bool:
    """Whether the study may have done what is asked: it does not say, or not which of several it did."""
    return not choice.declared or not set(choice.options).isdisjoint(asked.permits)


def _class(intervals: Sequence[Interval]) -> Class:
    if any(not interval.finite for interval in intervals):
        return "unbridgeable"
    values = {interval.value for interval in intervals}
    return "exact" if len(values) == 1 and None not in values else "bounded"


def floats(ends: tuple[Fraction | None, Fraction | None]) -> tuple[float | None, float | None]:
    """Return both ends as floats."""
    low, high = ends
    return (None if low is None else float(low), None if high is None else float(high))

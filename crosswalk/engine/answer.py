"""From a footprint and two regimes to an answer: hulls over scenarios, steps, gaps, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from crosswalk.engine.cells import Mask, Universe
from crosswalk.engine.gaps import missing
from crosswalk.engine.methods import headline
from crosswalk.engine.plan import (
    cite,
    crossings,
    fields_of,
    live,
    matters,
    path,
    rests_on,
    unmet,
    weak,
    weakest,
)
from crosswalk.engine.program import Interval, Parts, Program, Ray, Row
from crosswalk.engine.scenarios import Group, Scenario, count, groups, prune, scenarios
from crosswalk.engine.study import Study
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Profile, Regime, Requirement, Text
from crosswalk.report.messages import both
from crosswalk.results import (
    Assumed,
    AssumptionUsed,
    Cited,
    Class,
    Conversion,
    Gap,
    Inconsistency,
    KnowledgeId,
    Line,
    OpenOption,
    Range,
    Side,
    Step,
    Unused,
)

#: Above this many scenarios, steps and lines are worked out for those only that decide an end.
_DETAILED = 48


@dataclass(frozen=True)
class Solved:
    """One scenario with its rows and the interval of its total; ``None`` where no inventory fits."""

    scenario: Scenario
    rows: list[Row]
    dead: Mask
    interval: Interval | None


def answer(
    footprint: Footprint,
    source: Regime,
    target: Regime,
    universe: Universe,
    profile: Profile | None,
    allow: frozenset[str],
) -> Conversion:
    """Return the conversion of ``footprint`` from ``source`` to ``target``; see ``crosswalk.convert``."""
    study = Study(footprint, source, universe)
    alive = live(study, target)
    parts = groups(study, target, alive)
    solved, whole = _solve_all(study, parts, alive, None)
    fitting = [s for s in solved if s.interval is not None]
    case = _Case(study, target, alive, parts, allow, whole)
    if not fitting:
        return case.inconsistent(solved)
    assumed: list[Solved] = []
    if profile is not None:
        left = alive & ~study.emptied(profile)
        assumed = _solve_all(study, groups(study, target, left), left, profile)[0]
    return case.conversion(fitting, [s for s in assumed if s.interval is not None], profile)


def _solve_all(
    study: Study, parts: dict[str, tuple[Group, ...]], alive: Mask, profile: Profile | None
) -> tuple[list[Solved], bool]:
    """Solve scenarios until all are, or both ends are open anyway; tell whether all were."""
    if count(study, parts) > _DETAILED:
        parts = prune(study, parts, alive)
    solved: list[Solved] = []
    for scenario in scenarios(study, parts):
        solved.append(_solve(study, scenario, profile))
        low, high = hull(s.interval for s in solved if s.interval is not None)
        if low is None and high is None:
            return solved, False
    return solved, True


def _solve(study: Study, scenario: Scenario, profile: Profile | None) -> Solved:
    rows = study.rows(scenario.source, scenario.reading)
    dead = study.dead(scenario.source)
    if profile is not None:
        more, empty = study.assumed(profile, scenario.source, scenario.target)
        rows, dead = rows + more, dead | empty
    interval = Program(study.universe, rows, dead, [study.total(scenario.source, scenario.target)]).interval(
        0
    )
    return Solved(scenario, rows, dead, interval)


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
class _Case:
    study: Study
    target: Regime
    alive: Mask
    parts: dict[str, tuple[Group, ...]]
    allow: frozenset[str]
    whole: bool

    @property
    def footprint(self) -> Footprint:
        return self.study.footprint

    def conversion(self, fitting: list[Solved], assumed: list[Solved], profile: Profile | None) -> Conversion:
        intervals = [s.interval for s in fitting if s.interval is not None]
        guaranteed = self._range(intervals)
        extra = self._assumed(assumed, profile)
        deciding = _deciding(fitting)
        complete = self._detailed(fitting)
        steps = self._steps(fitting if complete else deciding, complete=complete)
        blocked = [step for step in steps if step.class_ == "unbridgeable" and step.note is not None]
        values = {interval.value for interval in intervals}
        value = values.pop() if len(values) == 1 else None
        finite = guaranteed.width is not None
        by_assumption = not finite and extra is not None and None not in (extra.low, extra.high)
        gaps = () if value is not None else self._gaps(deciding[0])
        refusal = self._refusal(blocked, finite or by_assumption, gaps, profile)
        return self._record(
            class_=self._grade(steps, value, finite, by_assumption),
            answered=refusal is None,
            guaranteed=guaranteed,
            assumed=extra,
            value=None if value is None else float(value),
            steps=steps,
            gaps=gaps,
            open_options=self._open(fitting),
            lines=self._lines(fitting) if complete else (),
            refusal=refusal,
        )

    def _detailed(self, fitting: Sequence[Solved]) -> bool:
        return self.whole and len(fitting) <= _DETAILED

    def inconsistent(self, solved: Sequence[Solved]) -> Conversion:
        """The answer when no inventory fits what is disclosed, under any method and reading."""
        found: dict[tuple[str, ...], Inconsistency] = {}
        for one in solved[:_DETAILED]:
            clash = contradiction(self.study, one.rows, one.dead)
            found.setdefault(clash.fields, clash)
        smallest = min(len(fields) for fields in found)
        clashes = tuple(found[key] for key in sorted(found) if len(key) == smallest)
        reason = both("reason.inconsistent", fields=", ".join(clashes[0].fields))
        return self._record(
            class_="unbridgeable",
            answered=False,
            guaranteed=Range(low=None, high=None, low_reason=reason, high_reason=reason),
            inconsistencies=clashes,
            refusal=reason,
        )

    def _record(
        self,
        *,
        class_: Class,
        answered: bool,
        guaranteed: Range,
        refusal: Text | None,
        assumed: Assumed | None = None,
        value: float | None = None,
        steps: tuple[Step, ...] = (),
        gaps: tuple[Gap, ...] = (),
        inconsistencies: tuple[Inconsistency, ...] = (),
        open_options: tuple[OpenOption, ...] = (),
        lines: tuple[Line, ...] = (),
    ) -> Conversion:
        footprint, source = self.footprint, self.study.regime
        assert source is not None
        head = headline(footprint)
        reasons = self._provisional()
        catalogue = self.study.universe.catalogue
        return Conversion(
            source=Side(
                code=source.code,
                label=source.label,
                value=head.quantity.text if head else None,
                field=head.name if head else None,
            ),
            target=Side(code=self.target.code, label=self.target.label),
            file=footprint.source,
            id=footprint.id,
            product=footprint.product,
            declared_unit=str(footprint.declared_unit),
            class_=class_,
            answered=answered,
            guaranteed=guaranteed,
            assumed=assumed,
            value=value,
            steps=steps,
            gaps=gaps,
            inconsistencies=inconsistencies,
            open_options=open_options,
            lines=lines,
            provisional=bool(reasons),
            provisional_reasons=reasons,
            unused_fields=tuple(Unused(path=u.path, likely=u.likely) for u in footprint.unused),
            notes=(*(both(f"note.{n.code}", **n.values) for n in footprint.notes), *self._remarks()),
            refusal=refusal,
            knowledge=KnowledgeId(version=catalogue.version, hash=catalogue.hash),
        )

    def _range(self, intervals: Sequence[Interval]) -> Range:
        low, high = hull(intervals)
        return Range(
            low=None if low is None else float(low),
            high=None if high is None else float(high),
            low_reason=None if low is not None else self._why(i.low_ray for i in intervals if i.low is None),
            high_reason=None
            if high is not None
            else self._why(i.high_ray for i in intervals if i.high is None),
        )

    def _why(self, rays: Iterable[Ray]) -> Text:
        """Name the activities along the first ray: nothing disclosed limits them."""
        universe, catalogue = self.study.universe, self.study.universe.catalogue
        ray = next(iter(rays), ())
        codes = dict.fromkeys(universe.cells[cell][1] for cells in ray for cell in cells)
        labels = [catalogue.activities[code].label for code in codes][:4]
        return Text(
            en=both("reason.open-end", cells="; ".join(label.en for label in labels)).en,
            zh=both("reason.open-end", cells="；".join(label.zh for label in labels)).zh,
        )

    def _assumed(self, solved: list[Solved], profile: Profile | None) -> Assumed | None:
        if profile is None:
            return None
        used = tuple(
            AssumptionUsed(
                code=assumption.code,
                label=assumption.label,
                evidence=assumption.statement.evidence,
                clause=assumption.statement.clause,
                sources=assumption.statement.sources,
                note=assumption.statement.note,
            )
            for assumption in profile.assumptions
        )
        intervals = [s.interval for s in solved if s.interval is not None]
        if not intervals:
            reason = both("reason.assumptions-contradict")
            return Assumed(low=None, high=None, assumptions=used, low_reason=reason, high_reason=reason)
        found = self._range(intervals)
        return Assumed(
            low=found.low,
            high=found.high,
            assumptions=used,
            low_reason=found.low_reason,
            high_reason=found.high_reason,
        )

    def _steps(self, solved: Sequence[Solved], *, complete: bool) -> tuple[Step, ...]:
        """The dimensions crossed; unless the scenarios are ``complete``, what they leave open stays open."""
        crossed = crossings(self.study, self.target, self.parts)
        order = [c.dimension.code for c in crossed]
        deltas: dict[str, list[Interval]] = {code: [] for code in order}
        for one in solved:
            methods = path(self.study.universe.catalogue, order, one.scenario)
            objectives = [self.study.change(a, b) for a, b in pairwise(methods)]
            program = Program(self.study.universe, one.rows, one.dead, objectives)
            for index, code in enumerate(order):
                interval = program.interval(index)
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
        return (*steps, *self._other_steps())

    def _delta(self, deltas: Sequence[Interval], crossing: Crossing, complete: bool) -> tuple[Range, Class]:
        if not crossing.moved:
            return Range(low=0.0, high=0.0), "documentary"
        if complete or (deltas and not any(interval.finite for interval in deltas)):
            return self._range(deltas), _class(deltas)
        reason = both("reason.not-worked-out")
        return Range(low=None, high=None, low_reason=reason, high_reason=reason), "unbridgeable"

    def _other_steps(self) -> list[Step]:
        """Dimensions without weights that the study fails, or does not speak of, under the target."""
        catalogue = self.study.universe.catalogue
        steps = []
        for code, choice in self.study.choices.items():
            dimension = catalogue.dimensions[code]
            if dimension.family == "convention":
                continue
            asked = unmet(choice, self.study.regime, self.target)
            if asked is None or (dimension.family == "model" and not choice.declared):
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

    def _gaps(self, widest: Solved) -> tuple[Gap, ...]:
        gross = self.study.gross(widest.scenario.source)
        total = self.study.total(widest.scenario.source, widest.scenario.target)
        found = missing(self.study.universe, widest.rows, widest.dead, total, gross)
        return tuple(
            Gap(
                item=m.code,
                label=m.label,
                narrows_to=Range(low=None, high=None)
                if m.if_nothing is None
                else self._range([m.if_nothing]),
                width_at_most=m.width,
                cells=m.cells,
            )
            for m in found
        )

    def _open(self, fitting: Sequence[Solved]) -> tuple[OpenOption, ...]:
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
                result = self._range(inside)
                results.append((" | ".join(group.options), result))
                narrowest = min(narrowest, float("inf") if result.width is None else result.width)
            deciding = self.whole and any(
                (result.low, result.high) != tuple(_floats(whole)) for _, result in results
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
            if dimension.family != "model" or choice.declared:
                continue
            asked = unmet(choice, self.study.regime, self.target)
            if asked is not None:
                found.append(
                    OpenOption(
                        dimension=code,
                        label=dimension.label,
                        family="model",
                        options=choice.options,
                        stated=False,
                        deciding=False,
                        permitted=asked.permits,
                    )
                )
        return found

    def _lines(self, fitting: Sequence[Solved]) -> tuple[Line, ...]:
        universe = self.study.universe
        fields = fields_of(universe.catalogue, self.target)
        if not fields:
            return ()
        found: dict[str, list[Interval]] = {field.code: [] for field in fields}
        for one in fitting:
            objectives: list[Parts] = []
            for field in fields:
                under = {universe.catalogue.options[o].dimension: o for o in field.under}
                asked = {**one.scenario.target, **under}
                objectives.append(self.study.field(field.on, one.scenario.source, asked))
            program = Program(universe, one.rows, one.dead, objectives)
            for index, field in enumerate(fields):
                interval = program.interval(index)
                if interval is not None:
                    found[field.code].append(interval)
        lines = []
        for field in fields:
            low, high = _floats(hull(found[field.code]))
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

    def _provisional(self) -> tuple[Cited, ...]:
        study = self.study
        used: list[Requirement] = []
        for code in study.numeric:
            if matters(study.universe, code, self.alive):
                used += rests_on(study, self.target, code)
        for code, choice in study.choices.items():
            if study.universe.catalogue.dimensions[code].family == "model":
                used += rests_on(study, self.target, choice.dimension)
        return weak(cite(used))

    def _remarks(self) -> list[Text]:
        remarks = []
        asked = self.target.requirements.get("cut-off")
        if asked is not None and asked.limit is not None and self.footprint.exempted is None:
            percent = f"{float(Fraction(asked.limit)) * 100:g}"
            remarks.append(both("note.exempted-undisclosed", limit=percent, regime=self.target.code))
        return remarks

    def _refusal(
        self, blocked: list[Step], finite: bool, gaps: tuple[Gap, ...], profile: Profile | None
    ) -> Text | None:
        if blocked:
            names = [step.label for step in blocked]
            return Text(
                en=both("reason.model", dimensions=", ".join(n.en for n in names)).en,
                zh=both("reason.model", dimensions="、".join(n.zh for n in names)).zh,
            )
        if finite:
            return None
        items = [gap.label for gap in gaps[:3]]
        code = "reason.gap" if profile is None else "reason.gap-assumed"
        return Text(
            en=both(code, items="; ".join(i.en for i in items)).en,
            zh=both(code, items="；".join(i.zh for i in items)).zh,
        )

    def _grade(
        self, steps: tuple[Step, ...], value: Fraction | None, finite: bool, by_assumption: bool
    ) -> Class:
        """The class of the answer; where steps cancel, its own interval is what counts."""
        classes = {step.class_ for step in steps if step.note is not None}
        if "unbridgeable" in classes or not (finite or by_assumption):
            return "unbridgeable"
        if "estimated" in classes or by_assumption:
            return "estimated"
        return "exact" if value is not None else "bounded"


def contradiction(study: Study, rows: list[Row], dead: Mask) -> Inconsistency:
    """Return a smallest set of disclosed fields that contradict one another."""
    clash = Program(study.universe, rows, dead, []).contradiction()
    by_path = {d.path: d for d in study.footprint.disclosures}
    stated = [by_path[row.path] for row in clash if row.path in by_path]
    return Inconsistency(
        fields=tuple(d.name for d in stated),
        paths=tuple(d.path for d in stated),
        values=tuple(d.quantity.text for d in stated),
    )


def _deciding(fitting: list[Solved]) -> list[Solved]:
    """The scenarios at the ends of the hull, the widest first."""

    def key(solved: Solved) -> tuple[int, Fraction]:
        interval = solved.interval
        assert interval is not None
        openness = (interval.low is None) + (interval.high is None)
        if interval.low is None or interval.high is None:
            return (-openness, Fraction(0))
        return (0, interval.low - interval.high)

    ranked = sorted(fitting, key=key)
    return ranked[:2]


def _class(intervals: Sequence[Interval]) -> Class:
    if any(not interval.finite for interval in intervals):
        return "unbridgeable"
    values = {interval.value for interval in intervals}
    return "exact" if len(values) == 1 and None not in values else "bounded"


def _floats(ends: tuple[Fraction | None, Fraction | None]) -> tuple[float | None, float | None]:
    low, high = ends
    return (None if low is None else float(low), None if high is None else float(high))

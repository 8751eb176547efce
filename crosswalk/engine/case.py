"""The record of an answer: what is guaranteed, what is assumed, what is missing, why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from crosswalk.engine.cells import Mask, Universe
from crosswalk.engine.compiled import DETAILED, Solved
from crosswalk.engine.explain import Explainer, floats, joined
from crosswalk.engine.gaps import Missing, missing
from crosswalk.engine.methods import headline
from crosswalk.engine.modelled import Modelled
from crosswalk.engine.operations import cut_off, primary_data
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.parts import Row
from crosswalk.engine.plan import weak
from crosswalk.engine.program import Interval, Program
from crosswalk.engine.study import Study
from crosswalk.engine.twins import Way
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Profile, Regime
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import (
    Assumed,
    AssumptionUsed,
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

#: Options under which the burden of something displaced is taken off inside the product system.
CREDITING = (
    "allocation.substitution",
    "recycling.closed-loop",
    "recycling.cff",
    "waste-to-energy.substitution",
)
#: Above this many scenarios, what a missing item would do is not worked out.
_NARROWED = 16

#: The converted total of a scenario, and what the model operations do to it.
Estimate: TypeAlias = tuple[Interval | None, Modelled]


@dataclass(frozen=True)
class Case:
    """One file of a structure, and what is said of it: the record of an answer, or of a refusal."""

    footprint: Footprint
    explain: Explainer

    @property
    def study(self) -> Study:
        """The study, without the numbers of the file."""
        return self.explain.study

    @property
    def target(self) -> Regime:
        """The regime wanted."""
        return self.explain.target

    def conversion(
        self,
        fitting: list[Solved],
        estimates: list[Estimate],
        profile: Profile | None,
        loose: Interval | None = None,
    ) -> Conversion:
        """The answer of the scenarios that fit, or of bounds over all that are ``loose``."""
        intervals = [s.interval for s in fitting if s.interval is not None]
        if loose is not None:
            intervals = [loose]
        guaranteed = self.explain.range(intervals)
        deciding = _deciding(fitting)
        complete = loose is None and self._detailed(fitting)
        steps = self.explain.steps(fitting if complete else deciding, complete=complete)
        remodelled = [step for step in steps if step.note is not None]
        blocked = [step for step in remodelled if step.class_ == "unbridgeable"]
        wanting = [] if "estimated" in self.explain.allow else remodelled
        values = {interval.value for interval in intervals}
        value = values.pop() if len(values) == 1 else None
        finite = guaranteed.width is not None
        extra = None if blocked or wanting else self._assumed(estimates, profile, remodelled)
        by_assumption = (not finite or bool(remodelled)) and extra is not None and _closed(extra)
        settled = value is not None or by_assumption or not deciding
        gaps = () if settled else self._gaps(fitting, deciding[0], complete)
        gaps = (*self._lacks(), *gaps, *(self._unlimited(guaranteed) if finite else ()))
        answered = by_assumption if remodelled else finite or by_assumption
        refusal = None if answered else self._refusal(blocked, wanting, gaps, profile)
        class_ = self._grade(steps, value, answered, by_assumption)
        if remodelled:
            # A value that rests on another model, or on one the target forbids, is not the target's own.
            guaranteed = _open("note.model-needed" if blocked or wanting else "note.model-estimate")
        return self._record(
            class_=class_,
            answered=answered,
            guaranteed=guaranteed,
            assumed=extra,
            value=None if value is None or remodelled else float(value),
            steps=steps,
            gaps=gaps,
            open_options=self.explain.open_options(fitting),
            lines=self._lines(fitting) if complete and not remodelled else (),
            refusal=refusal,
            remarks=(
                *(() if loose is None or remodelled else (both("note.not-tight"),)),
                *(() if remodelled else self._beyond_limit(fitting)),
            ),
        )

    def _lines(self, fitting: list[Solved]) -> tuple[Line, ...]:
        return (
            *self.explain.lines(fitting),
            *primary_data.lines(self.study, self.footprint, self.target, fitting),
        )

    def _beyond_limit(self, fitting: list[Solved]) -> tuple[Text, ...]:
        return cut_off.notes(self.study, self.footprint, self.target, fitting)

    def _detailed(self, fitting: Sequence[Solved]) -> bool:
        return self.explain.whole and len(fitting) <= DETAILED

    def inconsistent(self, solved: Sequence[Solved]) -> Conversion:
        """The answer when no inventory fits what is disclosed, under any method and reading."""
        found: dict[tuple[str, ...], Inconsistency] = {}
        for one in solved[:DETAILED]:
            clash = contradiction(self.study.universe, self.footprint, one.rows, one.dead)
            found.setdefault(clash.fields, clash)
        smallest = min(len(fields) for fields in found)
        clashes = tuple(found[key] for key in sorted(found) if len(key) == smallest)
        alone = smallest == 1
        named = ", ".join(clashes[0].fields)
        reason = both("reason.unrepresentable" if alone else "reason.inconsistent", fields=named)
        if alone:
            return self.refused(reason)
        return self._record(
            class_="unbridgeable",
            answered=False,
            guaranteed=Range(low=None, high=None, low_reason=reason, high_reason=reason),
            inconsistencies=clashes,
            refusal=reason,
        )

    def refused(self, reason: Text) -> Conversion:
        """The answer when nothing can be said, for a reason that no item of data would mend."""
        ends = Range(low=None, high=None, low_reason=reason, high_reason=reason)
        return self._record(class_="unbridgeable", answered=False, guaranteed=ends, refusal=reason)

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
        remarks: tuple[Text, ...] = (),
    ) -> Conversion:
        footprint, source = self.footprint, self.study.regime
        assert source is not None
        head = headline(footprint)
        looked_up = [cited for one in self.explain.models for cited in one.cited]
        reasons = tuple(dict.fromkeys((*self.explain.compiled.weak, *weak(looked_up))))
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
            notes=(
                *(both(f"note.{n.code}", **n.values) for n in footprint.notes),
                *self._remarks(),
                *remarks,
                *(note for one in self.explain.models for note in one.notes),
            ),
            refusal=refusal,
            knowledge=KnowledgeId(version=catalogue.version, hash=catalogue.hash),
        )

    def _assumed(
        self, estimates: list[Estimate], profile: Profile | None, remodelled: Sequence[Step]
    ) -> Assumed | None:
        """What follows from the assumptions of the profile, and from the models put in place of others."""
        if profile is None and not remodelled:
            return None
        used = AssumptionUsed.all_of(profile)
        applied_to = {one.topic for one in self.explain.models}
        used += tuple(
            AssumptionUsed(
                code=f"{'model' if step.dimension in applied_to else 'kept'}.{step.dimension}",
                label=step.label,
                evidence=step.evidence,
                clause="; ".join(dict.fromkeys(cited.clause for cited in step.clauses)) or "unknown",
                sources=tuple(dict.fromkeys(code for cited in step.clauses for code in cited.sources)),
                note=step.note,
            )
            for step in remodelled
        )
        fitting = [(interval, modelled) for interval, modelled in estimates if interval is not None]
        if not fitting:
            reason = both("reason.assumptions-contradict")
            return Assumed(low=None, high=None, assumptions=used, low_reason=reason, high_reason=reason)
        found = self.explain.range([interval for interval, _ in fitting])
        low, high = floats(Bounds.hull(modelled.add(interval) for interval, modelled in fitting).ends)
        return Assumed(
            low=low, high=high, assumptions=used, low_reason=found.low_reason, high_reason=found.high_reason
        )

    def _lacks(self) -> tuple[Gap, ...]:
        """Inputs of model operations that were not given."""
        lacks = {lack.path: lack for one in self.explain.models for lack in one.lacks}
        return tuple(
            Gap(item=path, label=lack.label, narrows_to=_open("reason.not-worked-out"))
            for path, lack in lacks.items()
        )

    def _unlimited(self, guaranteed: Range) -> tuple[Gap, ...]:
        """What was left out, where the answer holds on the condition that it is within a limit."""
        if not cut_off.on_condition(self.study, self.target):
            return ()
        found = cut_off.listed(self.study.universe.catalogue)
        return tuple(Gap(item=f.code, label=f.label, narrows_to=guaranteed) for f in found)

    def _gaps(self, fitting: list[Solved], widest: Solved, complete: bool) -> tuple[Gap, ...]:
        """What to ask for: found in the widest scenario, narrowed over all of them."""
        single = complete and len(fitting) == 1
        found = missing(self.study.universe, Way.of(widest), typical=single)
        few = complete and len(fitting) <= _NARROWED
        return tuple(
            Gap(
                item=m.code,
                label=m.label,
                narrows_to=self._if_nothing(fitting, m) if few else _open("reason.not-worked-out"),
                width_at_most=m.width if single else None,
                typical_width=m.typical,
                closes=m.closes,
                cells=m.cells,
            )
            for m in found
        )

    def _if_nothing(self, fitting: list[Solved], item: Missing) -> Range:
        if item.emptied is None:
            return _open("reason.never-nothing")
        intervals = []
        for one in fitting:
            total = self.study.total(one.scenario.source, one.scenario.target)
            program = Program(self.study.universe, one.rows, one.dead | item.emptied, [total])
            intervals.append(program.interval(0))
        left = [interval for interval in intervals if interval is not None]
        return self.explain.range(left) if left else _open("reason.cannot-be-nothing")

    def _remarks(self) -> list[Text]:
        remarks = [*cut_off.remarks(self.study, self.target)]
        credited = [
            option
            for code, choice in self.study.choices.items()
            for option in choice.options
            if choice.declared and option in CREDITING
        ]
        if credited:
            remarks.append(both("note.net-of-credits", options=", ".join(credited)))
        for code, choice in self.study.choices.items():
            own = self.study.regime.requirements.get(code) if self.study.regime else None
            if not choice.declared or own is None or not own.permits:
                continue
            if set(choice.options).isdisjoint(own.permits):
                shown = ", ".join(choice.options)
                remarks.append(both("note.not-permitted", options=shown, regime=own.regime))
        return remarks

    def _refusal(
        self,
        blocked: Sequence[Step],
        wanting: Sequence[Step],
        gaps: tuple[Gap, ...],
        profile: Profile | None,
    ) -> Text:
        if blocked:
            return joined("reason.model", "dimensions", [step.label for step in blocked], ", ")
        if wanting:
            return joined("reason.estimate", "dimensions", [step.label for step in wanting], ", ")
        code = "reason.gap" if profile is None else "reason.gap-assumed"
        return joined(code, "items", [gap.label for gap in gaps[:3]])

    def _grade(
        self, steps: tuple[Step, ...], value: Fraction | None, answered: bool, by_assumption: bool
    ) -> Class:
        """The class of the answer; where steps cancel, its own interval is what counts."""
        classes = {step.class_ for step in steps if step.note is not None}
        if "unbridgeable" in classes or not (answered or "estimated" in classes):
            return "unbridgeable"
        if "estimated" in classes or by_assumption:
            return "estimated"
        return "exact" if value is not None else "bounded"


def _closed(found: Assumed) -> bool:
    return found.low is not None and found.high is not None


def _open(code: str) -> Range:
    reason = both(code)
    return Range(low=None, high=None, low_reason=reason, high_reason=reason)


def contradiction(universe: Universe, footprint: Footprint, rows: list[Row], dead: Mask) -> Inconsistency:
    """Return a smallest set of disclosed fields that contradict one another."""
    clash = Program(universe, rows, dead, []).contradiction()
    by_path = {d.path: d for d in footprint.disclosures}
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

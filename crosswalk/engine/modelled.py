"""Model operations in a conversion: what each changes, scenario by scenario, and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from crosswalk.engine.operations import operations
from crosswalk.engine.operations.bounds import NOTHING, Bounds, total
from crosswalk.engine.operations.situation import Asked, Factors, Lack, Outcome, Situation
from crosswalk.engine.parts import Row
from crosswalk.engine.program import Interval
from crosswalk.engine.scenarios import Scenario
from crosswalk.engine.study import Study
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Regime
from crosswalk.knowledge.records import Text
from crosswalk.results import Cited


@dataclass(frozen=True)
class Modelled:
    """The outcomes of one scenario by operation code."""

    outcomes: dict[str, Outcome]

    @property
    def delta(self) -> Bounds:
        """What all operations together add to the total."""
        return total(one.delta for one in self.outcomes.values())

    @property
    def whole(self) -> bool:
        """Whether all the target counts is stated, so that nothing else of the study matters."""
        return any(one.whole for one in self.outcomes.values())

    @property
    def rows(self) -> list[Row]:
        """What operations state of the cells of the target."""
        return [row for one in self.outcomes.values() for row in one.rows]

    def add(self, interval: Interval) -> Bounds:
        """Return a converted total with what the operations add."""
        return Bounds(interval.low, interval.high) + self.delta

    def value(self, interval: Interval) -> Fraction | None:
        """Return the figure without rounding where there is one."""
        delta = self.delta
        if interval.value is None or not delta.closed or delta.low != delta.high:
            return None
        return interval.value + (delta.low or 0)


def asked(study: Study, target: Regime) -> dict[str, Asked]:
    """Return every modelling question between a study and a target; its own regime asks it for nothing."""
    found = {}
    for code, choice in study.choices.items():
        if study.universe.catalogue.dimensions[code].family != "model":
            continue
        wanted = None if study.footprint.regime == target.code else target.requirements.get(code)
        found[code] = Asked(
            dimension=code,
            used=choice.options,
            declared=choice.declared,
            permitted=wanted.permits if wanted else (),
            preferred=wanted.prefers if wanted else None,
            own=choice.requirement.fixes if choice.requirement else {},
            fixed=wanted.fixes if wanted else {},
        )
    return found


def model(
    study: Study, footprint: Footprint, target: Regime, scenario: Scenario, factors: Factors | None
) -> Modelled:
    """Apply every operation for which the file has data, in the order of their codes."""
    activity = footprint.activity
    if activity is None:
        return Modelled({})
    situation = Situation(
        footprint=footprint,
        activity=activity,
        universe=study.universe,
        source=scenario.source,
        target=scenario.target,
        asked=asked(study, target),
        factors=factors,
        regime=target,
    )
    found = {code: operation.apply(situation) for code, operation in operations().items()}
    applied = {code: outcome for code, outcome in found.items() if outcome is not None}
    alone = {code: outcome for code, outcome in applied.items() if outcome.alone}
    return Modelled(alone or applied)


@dataclass(frozen=True)
class Applied:
    """What one operation does over all scenarios: the hull of its changes, and all it lacks."""

    code: str
    dimensions: tuple[str, ...]
    to: tuple[str, ...]
    delta: Bounds
    lacks: tuple[Lack, ...]
    parts: tuple[tuple[str, Bounds], ...]
    outcomes: tuple[Outcome, ...]
    cited: tuple[Cited, ...]
    notes: tuple[Text, ...] = ()

    @property
    def topic(self) -> str:
        """What its step stands under: the first dimension it settles, or the operation itself."""
        return self.dimensions[0] if self.dimensions else self.code

    @property
    def states(self) -> bool:
        """Whether it states what cells of the target hold, rather than by how much the total changes."""
        return any(one.rows for one in self.outcomes)

    @property
    def alone(self) -> bool:
        """Whether the target counts other cells than the study, so that no steps lead from it there."""
        return any(one.alone for one in self.outcomes)

    @property
    def silent(self) -> bool:
        """Whether nothing changes and nothing is stated: the study does as the target asks."""
        return self.delta == NOTHING and not self.states


def applied(modelled: Sequence[Modelled]) -> tuple[Applied, ...]:
    """Return what the operations do over all scenarios, in the order of their codes."""
    codes = sorted({code for one in modelled for code in one.outcomes})
    found = []
    for code in codes:
        outcomes = tuple(one.outcomes[code] for one in modelled if code in one.outcomes)
        lacks = {lack.path: lack for outcome in outcomes for lack in outcome.lacks}
        names = dict.fromkeys(name for outcome in outcomes for name, _ in outcome.parts)
        found.append(
            Applied(
                code=code,
                dimensions=tuple(dict.fromkeys(d for outcome in outcomes for d in outcome.dimensions)),
                to=tuple(dict.fromkeys(option for outcome in outcomes for option in outcome.to)),
                delta=Bounds.hull(outcome.delta for outcome in outcomes),
                lacks=tuple(lacks[path] for path in sorted(lacks)),
                parts=tuple(
                    (name, Bounds.hull(b for outcome in outcomes for n, b in outcome.parts if n == name))
                    for name in names
                ),
                outcomes=outcomes,
                cited=tuple(dict.fromkeys(cited for outcome in outcomes for cited in outcome.cited)),
                notes=tuple(dict.fromkeys(note for outcome in outcomes for note in outcome.notes)),
            )
        )
    return tuple(found)

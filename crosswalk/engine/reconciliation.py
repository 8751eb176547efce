"""From two footprints of one product to what explains their difference, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import msgspec

from crosswalk.engine.cautions import cautions
from crosswalk.engine.explain import joined
from crosswalk.engine.methods import headline
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.operations.situation import Factors
from crosswalk.engine.pairs import Party, pairs, tied
from crosswalk.engine.program import Interval
from crosswalk.engine.split import NOTHING, plus, split, times
from crosswalk.engine.study import Study
from crosswalk.engine.view import View, figure
from crosswalk.errors import RefusedError
from crosswalk.footprint import units
from crosswalk.footprint.records import DeclaredUnit
from crosswalk.knowledge.catalogue import Catalogue, Profile
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import (
    AssumptionUsed,
    Cited,
    Class,
    Compared,
    Figure,
    Inconsistency,
    KnowledgeId,
    Range,
    Reconciliation,
    Share,
    Suspect,
    Unsettled,
    Wanted,
    Which,
)

_SIDES: tuple[Which, Which] = ("first", "second")


@dataclass(frozen=True)
class Terms:
    """How two footprints are to be compared.

    ``unit`` is what values are per (the first footprint's own if ``None``). ``same`` takes choices both
    leave open to be the same. ``basis`` settles whose disclosure is used; otherwise it is the first's,
    unless the second's bounds more narrowly what the methods explain.
    """

    unit: DeclaredUnit | None = None
    profile: Profile | None = None
    same: bool = False
    basis: Which | None = None
    factors: Factors | None = None


def reconciliation(first: Study, second: Study, terms: Terms) -> Reconciliation:
    """Return why two footprints differ; see ``crosswalk.reconcile``."""
    case = _Case(first, second, terms, terms.unit or first.footprint.declared_unit)
    try:
        if case.scales is None:
            given = [str(study.footprint.declared_unit) for study in case.studies]
            return case.refused(both("reason.units-apart", first=given[0], second=given[1]))
        if case.mixed:
            return case.refused(both("reason.mixed", dimensions=", ".join(case.mixed)))
        return case.answer([Party(study) for study in case.studies], case.scales)
    except RefusedError as error:
        return case.refused(both(f"error.{error.code}", **error.values))


def _scale(given: DeclaredUnit, wanted: DeclaredUnit, catalogue: Catalogue) -> Fraction | None:
    """What turns a value per one declared unit into one per another, if they measure the same."""
    if units.dimension(given.unit, catalogue) != units.dimension(wanted.unit, catalogue):
        return None
    return units.factor(wanted.unit, given.unit, catalogue) * wanted.amount / given.amount


@dataclass(frozen=True)
class _Case:
    first: Study
    second: Study
    terms: Terms
    unit: DeclaredUnit

    @property
    def studies(self) -> tuple[Study, Study]:
        return self.first, self.second

    @property
    def catalogue(self) -> Catalogue:
        return self.first.universe.catalogue

    @cached_property
    def scales(self) -> list[Fraction] | None:
        """What turns values of each footprint into the unit of the answer; ``None`` if that cannot be."""
        found = [_scale(one.footprint.declared_unit, self.unit, self.catalogue) for one in self.studies]
        return None if None in found else [scale for scale in found if scale is not None]

    @cached_property
    def one(self) -> bool:
        """Whether both files hold one and the same study."""
        one, other = self.first.footprint, self.second.footprint
        return msgspec.structs.replace(other, source=one.source) == one

    @property
    def mixed(self) -> list[str]:
        """Numeric dimensions in which a file used several options side by side."""
        if self.one:
            return []
        stated = {code for study in self.studies for code in study.footprint.mixed}
        return [code for code in self.first.numeric if code in stated]

    @property
    def tied(self) -> frozenset[str]:
        """Dimensions in which both studies did the same, whatever it was."""
        return tied(self.first, self.second, same=self.terms.same)

    def inconsistent(self, parties: list[Party]) -> Reconciliation:
        """The refusal where a file contradicts itself, naming its fields."""
        found: list[tuple[Which, Inconsistency]] = []
        reasons: list[Text] = []
        for which, one in zip(_SIDES, parties, strict=True):
            clash, reason = one.clash
            if reason is not None:
                found += [(which, item) for item in clash]
                reasons.append(both("reason.of-file", file=one.study.footprint.source, reason=reason))
        whole = Text(en=" ".join(one.en for one in reasons), zh="".join(one.zh for one in reasons))
        return self.refused(whole, inconsistencies=tuple(found))

    def refused(
        self, reason: Text, *, inconsistencies: tuple[tuple[Which, Inconsistency], ...] = ()
    ) -> Reconciliation:
        """The answer when nothing can be split, for a reason that no item of data would mend."""
        nothing = Figure(low=None, high=None, low_reason=reason, high_reason=reason)
        stated = [Party(study).stated for study in self.studies]
        totals = [
            times(total, scale)
            for total, scale in zip(stated, self.scales or (), strict=False)
            if total is not None
        ]
        known = len(totals) == len(stated)
        return self._record(
            totals=[_plain(total) for total in totals] if known else [nothing, nothing],
            class_="unbridgeable",
            answered=False,
            basis="first",
            difference=_plain(_less(totals[1], totals[0])) if known else nothing,
            explained=nothing,
            residual=nothing,
            refusal=reason,
            inconsistencies=inconsistencies,
        )

    def answer(self, parties: list[Party], scales: list[Fraction]) -> Reconciliation:
        """Split the difference from the side whose disclosure says most.

        Raises ``RefusedError`` where too much is open at once.
        """
        if any(one.stated is None and not one.methods for one in parties):
            return self.inconsistent(parties)
        if self.one:
            return self._nothing(parties[0])
        totals = [times(one.total, by) for one, by in zip(parties, scales, strict=True)]
        views: list[View] = []
        problem: RefusedError | None = None
        for index, which in enumerate(_SIDES):
            if self.terms.basis not in (None, which) or any(view.determined for view in views):
                continue
            own, other = parties[index], parties[1 - index]
            if not other.methods:
                return self.inconsistent(parties)
            try:
                found = pairs(own, other, self.tied, self.terms.profile)
            except RefusedError as error:
                problem = problem or error
                continue
            made = split(own, other, found, self.terms.profile, self.terms.factors)
            if not made.solved and not own.methods:
                return self.inconsistent(parties)
            turn = scales[index] * (1 if which == "first" else -1)
            if made.solved:
                difference = _less(totals[1], totals[0])
                others = totals[1 - index]
                views.append(View(self.first, self.second, which, made, turn, others, difference, self.tied))
        if views:
            return self._answered(min(views, key=lambda view: view.rank), totals)
        if problem is not None:
            raise problem
        return self.refused(both("reason.assumptions-contradict"))

    def _nothing(self, party: Party) -> Reconciliation:
        """The answer where both files hold one and the same study, whatever it left open."""
        if not party.methods:
            return self.inconsistent([party, party])
        total, nothing = _plain(party.total), _plain(NOTHING)
        return self._record(
            totals=[total, total],
            class_="exact",
            answered=True,
            basis="first",
            difference=nothing,
            explained=nothing,
            residual=nothing,
            refusal=None,
        )

    def _answered(self, view: View, totals: list[Interval]) -> Reconciliation:
        shares, assumptions = view.shares(), self._assumptions(view)
        explained, residual = view.explained, view.residual
        answered = explained.finite and residual.finite
        wanted = () if view.determined else view.wanted()
        class_: Class = "bounded" if residual.value is None else "exact"
        if not answered:
            class_ = "unbridgeable"
        elif assumptions or any(one.family == "model" for one in shares):
            class_ = "estimated"
        why = "reason.split-open-assumed" if assumptions else "reason.split-open"
        labels = [one.label for one in wanted[:3]] or [both("report.none")]
        return self._record(
            totals=[view.say(total) for total in totals],
            class_=class_,
            answered=answered,
            basis=view.which,
            difference=view.say(view.difference),
            explained=view.say(explained),
            shares=shares,
            residual=view.say(residual),
            refusal=None if answered else joined(why, "items", labels),
            suspects=view.suspects(),
            unsettled=view.unsettled(),
            wanted=wanted,
            assumptions=assumptions,
            provisional=view.provisional(),
        )

    def _record(
        self,
        *,
        totals: list[Figure],
        class_: Class,
        answered: bool,
        basis: Which,
        difference: Figure,
        explained: Figure,
        residual: Figure,
        refusal: Text | None,
        shares: tuple[Share, ...] = (),
        suspects: tuple[Suspect, ...] = (),
        unsettled: tuple[Unsettled, ...] = (),
        wanted: tuple[Wanted, ...] = (),
        assumptions: tuple[AssumptionUsed, ...] = (),
        inconsistencies: tuple[tuple[Which, Inconsistency], ...] = (),
        provisional: tuple[Cited, ...] = (),
    ) -> Reconciliation:
        notes = [note for study in self.studies for note in study.footprint.notes]
        return Reconciliation(
            first=_compared(self.first, totals[0]),
            second=_compared(self.second, totals[1]),
            declared_unit=str(self.unit),
            class_=class_,
            answered=answered,
            basis=basis,
            basis_reason=both("basis.asked" if self.terms.basis else f"basis.{basis}"),
            difference=difference,
            explained=explained,
            shares=shares,
            residual=residual,
            suspects=suspects,
            unsettled=unsettled,
            wanted=wanted,
            cautions=cautions(self.first, self.second, self.unit),
            assumptions=assumptions,
            inconsistencies=inconsistencies,
            provisional=bool(provisional),
            provisional_reasons=provisional,
            notes=tuple(dict.fromkeys(both(f"note.{note.code}", **note.values) for note in notes)),
            refusal=refusal,
            knowledge=KnowledgeId(version=self.catalogue.version, hash=self.catalogue.hash),
        )

    def _assumptions(self, view: View) -> tuple[AssumptionUsed, ...]:
        used = [*AssumptionUsed.all_of(self.terms.profile)]
        held = [d for d in self.first.numeric if d in self.tied and view.open_in(d)]
        if held:
            labels = [self.catalogue.dimensions[d].label for d in held]
            used.append(
                AssumptionUsed(
                    code="same-choices",
                    label=both("assumption.same"),
                    evidence="unknown",
                    clause="unknown",
                    note=joined("assumption.same-choices", "dimensions", labels, ", "),
                )
            )
        return tuple(used)


def _less(one: Interval, other: Interval) -> Interval:
    value = None if one.value is None or other.value is None else one.value - other.value
    return replace(plus(one, -Bounds(other.low, other.high)), value=value)


def _plain(interval: Interval) -> Figure:
    low, high = (None if end is None else float(end) for end in (interval.low, interval.high))
    return figure(Range(low=low, high=high), interval.value)


def _compared(study: Study, total: Figure) -> Compared:
    footprint, head = study.footprint, headline(study.footprint)
    return Compared(
        file=footprint.source,
        id=footprint.id,
        product=footprint.product,
        regime=study.regime.code if study.regime else None,
        label=study.regime.label if study.regime else both("report.no-regime"),
        stated=head.quantity.text if head else None,
        field=head.name if head else None,
        declared_unit=str(footprint.declared_unit),
        total=total,
    )

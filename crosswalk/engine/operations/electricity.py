"""Electricity factors of the study replaced by those the target asks for, use by use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

import msgspec
import numpy as np

from crosswalk.engine.operations import allocation
from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds, total
from crosswalk.engine.operations.burdens import recharacterised, worth
from crosswalk.engine.operations.grids import OPERATION, Grids
from crosswalk.engine.operations.power import GENERATION, Power, delivered, widened
from crosswalk.engine.operations.situation import Lack, Outcome, Situation
from crosswalk.footprint.activity import ElectricityUse
from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.catalogue import Selection
from crosswalk.knowledge.records import Text
from crosswalk.results import Cited

CODE = OPERATION
SCOPE, GRID, ISLANDS = "electricity-scope", "electricity-grid", "electricity-islands"
#: Which dimension decides on power that has a factor of its own, by how it came.
RULES = {"grid": "electricity-instruments", "own": "electricity-own", "direct": "electricity-direct"}
DIMENSIONS = (*RULES.values(), GRID, SCOPE, ISLANDS)

UNUSED = "electricity-instruments.not-used"
CRITERIA = "electricity-instruments.five-criteria"
EXCEPTION = "electricity-islands.exception"
#: Options that hold where a field of the use has a value: (field, value).
CONDITIONS = {
    CRITERIA: ("criteria_met", True),
    "electricity-instruments.supplier-if-removed": ("removed_from_grid", True),
    "electricity-own.own-if-kept": ("sold", False),
    "electricity-direct.supplier-if-kept": ("sold", False),
    "electricity-direct.supplier-if-removed": ("removed_from_grid", True),
}
#: Options that hold for all power that came that way.
ALWAYS = ("electricity-own.own-data", "electricity-direct.supplier-data")

#: Factors (before, after) that turn an amount per run of a joint process into one per declared unit.
Shares: TypeAlias = Mapping[str, tuple[Bounds, Bounds]]

_ONE = Bounds.point(1)
_NONE = Quantity.of(0)


def apply(situation: Situation) -> Outcome | None:
    """Add, for each use, its kWh times the factor the target asks for less the factor used.

    A factor the target accepts stays. Otherwise the factor of the grid takes its place: of the kind the
    target asks for, or of any it permits. Electricity inside background data is out of reach.
    """
    if not situation.activity.electricity:
        return None
    desk = _Desk(situation)
    shares = _shares(situation)
    parts = []
    # Uses that differ in nothing but their amount have one factor, which moves all of them at once, as
    # does the share of a joint process for all that is used in it.
    inside: dict[tuple[str | None, str], dict[ElectricityUse, tuple[Bounds, Bounds]]] = {}
    weights: dict[tuple[str | None, str], Bounds] = {}
    for use in situation.activity.electricity:
        amount, place = desk.counted(use), (use.process, use.per)
        change = NOTHING if amount == NOTHING else desk.change(use)
        weights[place] = desk.share(use, shares)
        if change != NOTHING and not weights[place].closed:
            desk.lack(use, "process", "share")
        parts.append((use.path, change * amount * weights[place]))
        uses, alike = inside.setdefault(place, {}), msgspec.structs.replace(use, path="", amount=_NONE)
        uses[alike] = (change, amount + (uses[alike][1] if alike in uses else NOTHING))
    return Outcome(
        dimensions=tuple(sorted(DIMENSIONS, key=lambda one: one not in desk.touched)),
        to=tuple(desk.to),
        delta=total(
            total(change * amount for change, amount in uses.values()) * weights[place]
            for place, uses in inside.items()
        ),
        lacks=tuple(desk.lacks),
        parts=tuple(parts),
        cited=tuple(desk.cited),
        notes=tuple(desk.notes),
        tight=desk.tight,
    )


def _shares(situation: Situation) -> Shares:
    joint = {process.name for process in situation.activity.joint}
    if joint.isdisjoint(use.process for use in situation.activity.electricity):
        return {}
    return allocation.shares(situation)


class _Desk:
    """Decides use by use, and keeps what the decisions rest on, in order, each once."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.grids = Grids(situation)
        self.lacks: dict[Lack, None] = {}
        self.to: dict[str, None] = {}
        self.touched: dict[str, None] = {}
        self.cited: dict[Cited, None] = {}
        self.notes: dict[Text, None] = {}
        self.tight = True

    def counted(self, use: ElectricityUse) -> Bounds:
        """Return the kWh of a use as the target counts its stage; nothing where that is out of scope."""
        given = Bounds.of(use.amount)
        if use.amount.value >= 0 and given.low is not None:
            given = Bounds(max(given.low, Fraction(0)), given.high)
        universe = self.situation.universe
        on = Selection(stages=(use.stage,), activities=("electricity",), gases=("CO2",), origins=("fossil",))
        cells = np.flatnonzero(universe.mask(on))
        weights = universe.weights(self.situation.target)
        counts = not len(cells) or any(weights.scope[cell] and weights.factor[cell] for cell in cells)
        return given if counts else NOTHING

    def share(self, use: ElectricityUse, shares: Shares) -> Bounds:
        """Return what turns the amount of a use into one per declared unit, as the target allocates.

        Electricity comes before allocation: what it adds to a process is shared out by the new rules.
        """
        if use.process is not None and use.process in shares:
            before, after = shares[use.process]
            if use.per == "process":
                return after
            # Allocated by the study already: undone where the target allocates otherwise.
            return _ONE if before is after else after / before
        return UNKNOWN if use.per == "process" else _ONE

    def change(self, use: ElectricityUse) -> Bounds:
        """Return the factor the target asks for less the factor of the study, per kWh."""
        if use.connection == "grid":
            by_grid = use.instrument in (None, UNUSED)
        else:
            by_grid = use.grid_factor is not None
        before, scopes = self.before(use, by_grid)
        rule = self.situation.asked[RULES[use.connection]]
        if by_grid and (use.connection == "grid" or not rule.permitted):
            return self.by_grid(use, before, scopes)
        accepted = self.accepted(use, rule.permitted)
        if accepted is not False:
            # Of power the study put at a grid factor, nothing tells what its own factor is.
            own = self.unknown(use, "factor", "plant") if by_grid else self.kept(use, before, scopes)
            if accepted:
                return own
        self.touched[rule.dimension] = None
        grid = self.by_grid(use, before, scopes) if by_grid else self.fallback(use, before, scopes)
        return grid if accepted is False else self.either([own, grid])

    def before(self, use: ElectricityUse, by_grid: bool) -> tuple[Power | None, tuple[str, ...]]:
        """Return the factor of the study, and the scopes it may have."""
        if use.factor is not None:
            self.tight &= not recharacterised(use.factor, self.situation, "electricity")
            value, scopes = worth(use.factor, self.situation, "electricity"), self.grids.scopes(use.factor)
            if use.losses is None or set(scopes) == {GENERATION}:
                return Power(value, use.factor, plain=True), scopes
            brought = delivered(value, Bounds.share(use.losses))
            return Power(Bounds.hull([brought, value] if GENERATION in scopes else [brought])), scopes
        if by_grid and use.grid is not None and use.grid_factor is not None:
            found = self.grids.given(use.grid, use.year, use.grid_factor)
            if found is not None:
                return found
        return None, self.situation.asked[SCOPE].used

    ### What the target accepts

    def accepted(self, use: ElectricityUse, permitted: Sequence[str]) -> bool | None:
        """Whether the target lets the factor of a supplier or an own plant stand; ``None`` if unknown."""
        if not permitted:
            return True
        verdicts = {option: self.holds(option, use) for option in permitted}
        if True in verdicts.values():
            return True
        unknown = [option for option, verdict in verdicts.items() if verdict is None]
        for option in unknown:
            name = CONDITIONS.get(option, ("instrument", None))[0]
            self.lack(use, name, name)
        return None if unknown else False

    def holds(self, option: str, use: ElectricityUse) -> bool | None:
        """Whether a use is what an option speaks of."""
        if option in ALWAYS or (option == use.instrument and option not in CONDITIONS and option != UNUSED):
            return True
        if option == UNUSED:
            return False
        if option not in CONDITIONS:
            # A green certificate, a physical link: told by the instrument alone, which names another.
            return None
        name, value = CONDITIONS[option]
        given = getattr(use, name)
        if option == CRITERIA and given is False and self.excepted():
            # It may be the market alone that differs, which does not matter on islands.
            return None
        return None if given is None else given is value

    def excepted(self) -> bool:
        """Whether study and target both let instruments count on islands that are not interconnected."""
        asked = self.situation.asked[ISLANDS]
        return asked.declared and EXCEPTION in asked.used and EXCEPTION in asked.permitted

    ### Factors

    def kept(
        self,
        use: ElectricityUse,
        before: Power | None,
        scopes: tuple[str, ...],
        option: str | None = None,
    ) -> Bounds:
        """The factor stays what it is; it has to cover what the target asks for."""
        changes = []
        for scope in scopes:
            wanted = self.wanted(scope)
            if scope in wanted:
                changes.append(NOTHING)
                continue
            self.touched[SCOPE] = None
            self.to.update(dict.fromkeys(wanted))
            if option is not None:
                changes.append(self.replaced(use, before, option, wanted))
            elif before is None:
                changes.append(self.unknown(use, "factor", "factor"))
            else:
                lost = NOTHING if use.losses is None else Bounds.share(use.losses)
                self.lack(use, "factor", "target")
                self.tight = False
                changes.append(widened(before, scope, wanted, delivered(before.value, lost)).less(before))
        return self.either(changes)

    def by_grid(self, use: ElectricityUse, before: Power | None, scopes: tuple[str, ...]) -> Bounds:
        """Power at the factor of a grid: of the kind used where the target permits it."""
        asked = self.situation.asked[GRID]
        changes = []
        for used in (use.grid_factor,) if use.grid_factor is not None else asked.used:
            for option in asked.wanted(used):
                if option == used:
                    changes.append(self.kept(use, before, scopes, option))
                else:
                    changes.append(self.moved(use, before, scopes, option))
        return self.either(changes)

    def fallback(self, use: ElectricityUse, before: Power | None, scopes: tuple[str, ...]) -> Bounds:
        """Power whose own factor the target does not accept, at the factor of the grid."""
        asked = self.situation.asked[GRID]
        stated = asked.used[0] if asked.declared and len(asked.used) == 1 else use.grid_factor
        options = asked.wanted(stated) or self.situation.catalogue.dimensions[GRID].options
        # That a supplier and a grid have the same number does not make it one number.
        apart = None if before is None else Power(before.value)
        return self.either([self.moved(use, apart, scopes, option) for option in options])

    def moved(
        self, use: ElectricityUse, before: Power | None, scopes: tuple[str, ...], option: str
    ) -> Bounds:
        self.touched[GRID] = None
        self.to[option] = None
        kinds = dict.fromkeys(self.wanted(scope) for scope in scopes)
        return self.either([self.replaced(use, before, option, wanted) for wanted in kinds])

    def replaced(
        self, use: ElectricityUse, before: Power | None, option: str, wanted: tuple[str, ...]
    ) -> Bounds:
        """The factor of the grid by ``option`` in place of the factor before."""
        if before is None:
            return self.unknown(use, "factor", "factor")
        if use.grid is None:
            return self.unknown(use, "grid", "grid")
        found = self.grids.find(use.grid, use.year, option, wanted)
        if use.year is None and not found.power.value.closed:
            self.lack(use, "year", "year")
        self.lacks.update(dict.fromkeys(found.lacks))
        self.cited.update(dict.fromkeys(found.cited))
        self.notes.update(dict.fromkeys(found.notes))
        self.tight &= found.tight
        return found.power.less(before)

    def wanted(self, scope: str) -> tuple[str, ...]:
        """Return the scopes the target asks for, given that of the study, which it may leave as it is."""
        return self.situation.asked[SCOPE].wanted(scope)

    def either(self, changes: Sequence[Bounds]) -> Bounds:
        """Return what any of ``changes`` may be."""
        self.tight &= len(set(changes)) == 1
        return Bounds.hull(changes)

    def unknown(self, use: ElectricityUse, field: str, name: str) -> Bounds:
        self.lack(use, field, name)
        return UNKNOWN

    def lack(self, use: ElectricityUse, field: str, name: str) -> None:
        self.lacks[Lack(f"{use.path}.{field}", self.situation.input(CODE, name))] = None

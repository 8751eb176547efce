"""One way of sharing recycling between products replaced by another, material by material.

A kg bears, with the letters of ``RecycledMaterial``, when it is made and at the end of its life:

* recycled content: ``(1-R1) E_V + R1 E_rec``, ``(1-R2-R3) E_D + R3 E_W``
* closed loop: ``E_V``, ``R2 (E_recEoL - Qs_out/Qp E_V) + (1-R2-R3) E_D + R3 E_W``
* open loop: as closed loop, with the factor A of the open loop for the quality
* circular footprint formula: ``(1-R1) E_V + R1 [A E_rec + (1-A) Qs_in/Qp E_V]``,
  ``(1-A) R2 [E_recEoL - Qs_out/Qp E*_V] + (1-B) R3 (E_ER - E_SE) + (1-R2-R3) E_D``
* upstream expansion: as recycled content, less its credit

``E_SE`` is the burden of what recovered energy displaces. ``E_W`` is what the product bears of waste burnt
for energy: nothing, ``E_ER`` or ``E_ER - E_SE``, by its option of ``waste-to-energy``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import TypeAlias

from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds, total
from crosswalk.engine.operations.burdens import amount, worth
from crosswalk.engine.operations.enclosure import Box, Formula, Slope, enclose, matters, number
from crosswalk.engine.operations.situation import Lack, Outcome, Situation
from crosswalk.footprint.activity import RecycledMaterial
from crosswalk.knowledge.catalogue import Selection

CODE = "OP-RECYC"
DIMENSION = "recycling"
CIRCULAR = "recycling.cff"
ENERGY = "waste-to-energy"
FREE = "waste-to-energy.cut-off"
CREDITED = "waste-to-energy.substitution"

_SHARES = ("recycled_content", "recycled_output", "energy_recovered")
_PARAMETERS = ("allocation", "energy_allocation")
_NUMBERS = ("mass", "quality_in", "quality_out", "open_loop", "credit")
_RECOVERY = ("heating_value", "heat_efficiency", "power_efficiency")
_BURDENS = ("virgin", "recycling", "disposal", "energy_recovery", "heat_displaced", "power_displaced")
#: What stands for a burden at the end of life where it is not given on its own.
_AT_END = {"recycling_at_end": "recycling", "virgin_replaced": "virgin"}
_ANY = Bounds(Fraction(0), Fraction(1))
_ONE = number(1)

Values: TypeAlias = Mapping[str, Slope]
#: A part of what a kg bears, given what it bears of waste burnt for energy.
Part: TypeAlias = Callable[[Values, Slope], Slope]


def apply(situation: Situation) -> Outcome | None:
    """Add, for each material, its mass times what a kg bears under the target less what it bore.

    Several methods, on either side, give the hull over them. A parameter nobody gave takes each value its
    regime fixes. A method whose formula was not read leaves the change open.
    """
    if not situation.activity.recycled or DIMENSION not in situation.asked:
        return None
    materials = [_Material(one, situation) for one in situation.activity.recycled]
    found = [material.change() for material in materials]
    return Outcome(
        dimensions=(DIMENSION,),
        to=tuple(dict.fromkeys(wanted for one in materials for _, wanted in one.moves)),
        delta=total(delta for delta, _, _ in found),
        lacks=tuple(lack for _, lacks, _ in found for lack in lacks),
        parts=tuple((one.given.path, delta) for one, (delta, _, _) in zip(materials, found, strict=True)),
        tight=all(tight for _, _, tight in found),
    )


@dataclass(frozen=True)
class _Material:
    given: RecycledMaterial
    situation: Situation

    @cached_property
    def _pairs(self) -> tuple[tuple[str, str], ...]:
        return self.situation.asked[DIMENSION].pairs(self.given.method)

    @property
    def moves(self) -> list[tuple[str, str]]:
        """The pairs that change something."""
        return [pair for pair in self._pairs if pair[0] != pair[1]]

    def change(self) -> tuple[Bounds, list[Lack], bool]:
        """Return the change per declared unit, what is missing for it, and whether its ends are reached."""
        made, ended = (_inside(stage, self.situation) for stage in ("raw", "end-of-life"))
        moves = self.moves if made or ended else []
        found = [] if moves and len(moves) == len(self._pairs) else [NOTHING]
        lacking: set[tuple[str, str]] = set()
        tight = True
        for used, wanted in moves:
            unknown = [_unread(option, made and ended) for option in (used, wanted)]
            if any(unknown):
                lacking |= {("method", code) for code in unknown if code}
                found.append(UNKNOWN)
                continue
            for box, burnt in self._settings(used, wanted):
                formula = self._formula(used, wanted, burnt, made, ended)
                delta, reached = enclose(formula, box, affine=box)
                found.append(delta)
                tight = tight and reached
                needed = matters(formula, {**box, **self._unfixed(used)})
                lacking |= {(name, name) for name in needed if self._missing(name)}
        label = self.situation.input
        lacks = [Lack(f"{self.given.path}.{at}", label(CODE, code)) for at, code in sorted(lacking)]
        return Bounds.hull(found), lacks, tight and self._apart()

    def _settings(self, used: str, wanted: str) -> Iterator[tuple[Box, str]]:
        """Yield the numbers, for each value of a parameter that is fixed and each way to burn for energy.

        Only the circular formula has a way of its own: between others it is the same on both sides.
        """
        fixed = self._fixed(used)
        ways: tuple[str, ...] = (FREE,)
        energy = self.situation.asked.get(ENERGY)
        if CIRCULAR in (used, wanted) and energy is not None:
            after = (way for one in energy.used for way in energy.wanted(one))
            ways = energy.used if wanted == CIRCULAR else tuple(dict.fromkeys(after))
        factors = (self._values(name, fixed.get(name, ())) for name in _PARAMETERS)
        for (a, b), way in product(product(*factors), ways):
            yield {**self._box, "allocation": a, "energy_allocation": b}, way

    def _fixed(self, used: str) -> Mapping[str, tuple[str, ...]]:
        """Return what the regime of the circular formula fixes of its parameters."""
        asked = self.situation.asked[DIMENSION]
        return asked.own if used == CIRCULAR else asked.fixed

    def _values(self, name: str, fixed: tuple[str, ...]) -> list[Bounds]:
        given = getattr(self.given, name)
        if given is not None:
            return [Bounds.share(given)]
        return [Bounds.point(Fraction(value)) for value in fixed] or [_ANY]

    def _unfixed(self, used: str) -> Box:
        """Return the parameters that are neither given nor fixed to one value, as if they could be any."""
        fixed = self._fixed(used)
        return {name: _ANY for name in _PARAMETERS if self._missing(name) and len(fixed.get(name, ())) != 1}

    @cached_property
    def _box(self) -> Box:
        """Every number of the material: burdens in kg CO2e under the target, shares between none and all."""
        given, situation = self.given, self.situation
        found = {name: worth(getattr(given, name), situation, "process") for name in _BURDENS}
        found |= {name: amount(getattr(given, name)) for name in (*_NUMBERS, *_RECOVERY)}
        for name in _SHARES:
            share = getattr(given, name)
            found[name] = _ANY if share is None else Bounds.share(share)
        for name in _AT_END:
            if not self._missing(name):
                found[name] = worth(getattr(given, name), situation, "process")
        return found

    def _missing(self, name: str) -> bool:
        return getattr(self.given, name) is None

    def _apart(self) -> bool:
        """Whether no more than all can be recycled and burnt, whatever the rounding."""
        recycled, burnt = self._box["recycled_output"].high, self._box["energy_recovered"].high
        return recycled is not None and burnt is not None and recycled + burnt <= 1

    def _formula(self, used: str, wanted: str, burnt: str, made: bool, ended: bool) -> Formula:
        instead = {name: other for name, other in _AT_END.items() if self._missing(name)}
        before, after = FORMULAS[used], FORMULAS[wanted]

        def change(numbers: Values) -> Slope:
            values = {**numbers, **{name: numbers[other] for name, other in instead.items()}}
            borne = _borne(values, burnt)
            found = number(0)
            for part in (*before, *after):
                # What both methods count alike cancels before rounding can widen it.
                if (part in before) != (part in after) and (ended if part in AT_END else made):
                    value = part(values, borne)
                    found = found + value if part in after else found - value
            return values["mass"] * found

        return change


def _inside(stage: str, situation: Situation) -> bool:
    """Whether both the study and the target look at a stage."""
    cells = situation.universe.mask(Selection(stages=(stage,)))
    sides = (situation.source, situation.target)
    return all(bool((situation.universe.weights(side).scope & cells).any()) for side in sides)


def _unread(option: str, whole: bool) -> str:
    """Return what keeps a method from being worked out: its formula, or a boundary it is not made for."""
    if option not in FORMULAS:
        return option.partition(".")[2]
    return "" if whole or option not in WHOLE else "end-of-life"


def _saved(v: Values) -> Slope:
    """What the energy recovered from a kg displaces."""
    heat = v["heat_efficiency"] * v["heat_displaced"]
    return v["heating_value"] * (heat + v["power_efficiency"] * v["power_displaced"])


def _borne(v: Values, burnt: str) -> Slope:
    """What a kg bears of being burnt for energy."""
    if burnt == FREE:
        return number(0)
    return v["energy_recovery"] - _saved(v) if burnt == CREDITED else v["energy_recovery"]


def _primary(v: Values, _: Slope) -> Slope:
    return (_ONE - v["recycled_content"]) * v["virgin"]


def _secondary(v: Values, _: Slope) -> Slope:
    return v["recycled_content"] * v["recycling"]


def _shared(v: Values, _: Slope) -> Slope:
    a = v["allocation"]
    return v["recycled_content"] * (a * v["recycling"] + (_ONE - a) * v["quality_in"] * v["virgin"])


def _virgin(v: Values, _: Slope) -> Slope:
    return v["virgin"]


def _credit(v: Values, _: Slope) -> Slope:
    return -v["credit"]


def _closed(v: Values, _: Slope) -> Slope:
    return v["recycled_output"] * (v["recycling_at_end"] - v["quality_out"] * v["virgin"])


def _opened(v: Values, _: Slope) -> Slope:
    return v["recycled_output"] * (v["recycling_at_end"] - v["open_loop"] * v["virgin"])


def _circular(v: Values, _: Slope) -> Slope:
    gained = v["recycling_at_end"] - v["quality_out"] * v["virgin_replaced"]
    return (_ONE - v["allocation"]) * v["recycled_output"] * gained


def _burnt(v: Values, borne: Slope) -> Slope:
    return v["energy_recovered"] * borne


def _recovered(v: Values, _: Slope) -> Slope:
    return (_ONE - v["energy_allocation"]) * v["energy_recovered"] * (v["energy_recovery"] - _saved(v))


def _disposed(v: Values, _: Slope) -> Slope:
    return (_ONE - v["recycled_output"] - v["energy_recovered"]) * v["disposal"]


#: The parts of what a kg bears, by method.
FORMULAS: Mapping[str, tuple[Part, ...]] = {
    "recycling.recycled-content": (_primary, _secondary, _burnt, _disposed),
    "recycling.closed-loop": (_virgin, _closed, _burnt, _disposed),
    "recycling.open-loop": (_virgin, _opened, _burnt, _disposed),
    CIRCULAR: (_primary, _shared, _circular, _recovered, _disposed),
    "recycling.upstream-expansion": (_primary, _secondary, _credit, _burnt, _disposed),
}
AT_END = frozenset({_closed, _opened, _circular, _burnt, _recovered, _disposed})
#: Methods that are read for a whole life only: what they credit at its end belongs to how the kg was made.
WHOLE = frozenset({"recycling.closed-loop", "recycling.open-loop"})

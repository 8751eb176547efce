"""What a burden is worth under the target: its gases recharacterised, or bounds where it has none."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import msgspec
import numpy as np

from crosswalk.engine.cells import Method, Universe
from crosswalk.engine.operations.bounds import UNKNOWN, Bounds, total
from crosswalk.engine.operations.situation import Situation
from crosswalk.footprint.activity import Burden
from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.catalogue import Selection


def amount(quantity: Quantity | None) -> Bounds:
    """Return a number as given, or an interval open at both ends where there is none."""
    return UNKNOWN if quantity is None else Bounds.of(quantity)


def worth(burden: Burden | None, situation: Situation, activity: str) -> Bounds:
    """Return kg CO2e a unit of ``burden`` is worth as the target counts ``activity``.

    Gases are characterised by the set of the target. CO2e without gases keeps its value if the set is the
    same; otherwise every mix of gases the activity can emit is possible, which gives the two ends.
    """
    if burden is None:
        return UNKNOWN
    if burden.gases:
        return _characterised(burden, situation, activity)
    if burden.co2e is None:
        return UNKNOWN
    value = Bounds.of(burden.co2e)
    low, high = _ratios(burden, situation, activity)
    if low == high == 1:
        return value
    return Bounds.hull([value * Bounds.point(low), value * Bounds.point(high)])


def number(burden: Burden) -> Burden:
    """Return a burden without where it stands: the same number twice is one number.

    >>> number(Burden(path="grids[0]", source="a")) == number(Burden(path="electricity[1].factor"))
    True
    """
    return msgspec.structs.replace(burden, path="", source="")


def recharacterised(burden: Burden | None, situation: Situation, activity: str) -> bool:
    """Whether ``worth`` had to allow for any mix of gases."""
    if burden is None or burden.gases or burden.co2e is None:
        return False
    return _ratios(burden, situation, activity) != (Fraction(1), Fraction(1))


def _kept(situation: Situation, method: Method) -> tuple[str, ...]:
    """The options of a method that characterise, sorted."""
    options = situation.catalogue.options
    return tuple(
        sorted(
            option
            for option in method.values()
            if any(e.characterised_by or e.as_origin for e in options[option].effects)
        )
    )


def _cells(universe: Universe, activity: str) -> list[int]:
    return [int(cell) for cell in np.flatnonzero(universe.mask(Selection(activities=(activity,))))]


def _characterised(burden: Burden, situation: Situation, activity: str) -> Bounds:
    factors = _factors(situation.universe, tuple(sorted(situation.target.values())), activity)
    parts = []
    for one in burden.gases:
        factor = factors.get((one.gas, one.origin))
        parts.append(UNKNOWN if factor is None else Bounds.of(one.mass) * Bounds.point(factor))
    return total(parts)


@lru_cache(maxsize=1024)
def _factors(universe: Universe, method: tuple[str, ...], activity: str) -> dict[tuple[str, str], Fraction]:
    """The factor of each gas and origin where an activity counts; kept, for no number goes into it."""
    weights = universe.weights({code: code for code in method})
    # Stages out of scope tell nothing of how a gas counts where it does.
    return {
        (universe.cells[cell][2], universe.cells[cell][3]): universe.exact(weights, cell)
        for cell in _cells(universe, activity)
        if weights.known[cell] and weights.scope[cell]
    }


def _ratios(burden: Burden, situation: Situation, activity: str) -> tuple[Fraction, Fraction]:
    """How far another GWP set can move a value of unknown gases: the smallest and the largest ratio."""
    own_set = burden.gwp_set or situation.source.get("gwp-set")
    wanted = situation.target.get("gwp-set")
    if own_set == wanted or own_set is None or wanted is None:
        return Fraction(1), Fraction(1)
    before = _kept(situation, {**situation.source, "gwp-set": own_set})
    return _extremes(situation.universe, before, _kept(situation, situation.target), activity)


@lru_cache(maxsize=1024)
def _extremes(
    universe: Universe, source: tuple[str, ...], target: tuple[str, ...], activity: str
) -> tuple[Fraction, Fraction]:
    """The ratios of two characterisations, given by their options; kept, for no number goes into them."""
    before, after = (universe.weights({code: code for code in one}) for one in (source, target))
    ratios = []
    for cell in _cells(universe, activity):
        own = universe.exact(before, cell)
        if own > 0 and before.known[cell] and after.known[cell]:
            ratios.append(universe.exact(after, cell) / own)
    return (min(ratios), max(ratios)) if ratios else (Fraction(1), Fraction(1))

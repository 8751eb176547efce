"""The share of primary data, re-based from one total to another: it changes no value, only a share.

Formats state it of the total with biogenic uptake or of the total without. All amounts count by their
absolute value, so that the share does not hang on the order of adding up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from crosswalk.engine.cells import Mask, Weights
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.parts import Part, blind
from crosswalk.engine.program import Program
from crosswalk.knowledge.catalogue import Regime, Selection
from crosswalk.knowledge.records import Text
from crosswalk.results import Line

if TYPE_CHECKING:
    from crosswalk.engine.compiled import Solved
    from crosswalk.engine.study import Study
    from crosswalk.footprint.activity import PrimaryShare
    from crosswalk.footprint.records import Footprint

DIMENSION = "data-shares"
#: The option of ``data-shares`` that each basis of a share is.
BASES = {"excluding-uptake": "data-shares.without-uptake", "including-uptake": "data-shares.with-uptake"}
UPTAKE = Selection(activities=("uptake",))
WHOLE = Bounds(Fraction(0), Fraction(1))


def with_uptake(share: Bounds, amount: Bounds, uptake: Bounds, of_uptake: Bounds) -> Bounds:
    """Return the share of the total with uptake: (share·amount + of_uptake·uptake)/(amount + uptake).

    ``share`` is that of the total without, ``amount`` the absolute sum it refers to, ``uptake`` the
    absolute value of what comes on top, and ``of_uptake`` the primary share of that.

    >>> half, nothing = Bounds.point(Fraction(1, 2)), Bounds.point(0)
    >>> with_uptake(half, Bounds.point(3), Bounds.point(1), nothing).ends
    (Fraction(3, 8), Fraction(3, 8))
    """
    found = [
        one * (1 - weight) + other * weight
        for one, other, weight in product(_ends(share), _ends(of_uptake), _ends(_weight(amount, uptake)))
    ]
    return Bounds(min(found), max(found))


def without_uptake(share: Bounds, amount: Bounds, uptake: Bounds, of_uptake: Bounds) -> Bounds:
    """Return the share of the total without uptake, given that of the total with: the reverse.

    >>> with_it, nothing = Bounds.point(Fraction(3, 8)), Bounds.point(0)
    >>> without_uptake(with_it, Bounds.point(3), Bounds.point(1), nothing).ends
    (Fraction(1, 2), Fraction(1, 2))
    """
    weight = _weight(amount, uptake)
    if weight.high == 1:
        return WHOLE
    found = [
        (one - other * part) / (1 - part)
        for one, other, part in product(_ends(share), _ends(of_uptake), _ends(weight))
    ]
    return _clipped(Bounds(min(found), max(found)))


def recounted(share: Bounds, least: Fraction, most: Fraction | None) -> Bounds:
    """Return a share of a sum whose parts may each count ``least`` to ``most`` times as much as before.

    >>> recounted(Bounds.point(Fraction(1, 2)), Fraction(1), Fraction(1)).ends
    (Fraction(1, 2), Fraction(1, 2))
    """
    if most is None or most == 0:
        return WHOLE
    low, high = _ends(share)
    down, up = low * least + (1 - low) * most, high * most + (1 - high) * least
    return Bounds(low * least / down if down else Fraction(0), high * most / up if up else Fraction(1))


def lines(study: Study, footprint: Footprint, target: Regime, solved: Sequence[Solved]) -> tuple[Line, ...]:
    """Return the shares of primary data, in percent, that the target wants stated."""
    activity = footprint.activity
    given = activity.primary if activity is not None else None
    if given is None or not solved:
        return ()
    catalogue = study.universe.catalogue
    found = []
    for option in _wanted(study, target, given):
        bounds = Bounds.hull(_crossed(study, one, given, option) for one in solved)
        low, high = (float(100 * end) for end in _ends(bounds))
        label, basis = catalogue.dimensions[DIMENSION].label, catalogue.options[option].label
        found.append(
            Line(
                field=option,
                label=Text(en=f"{label.en} {basis.en}", zh=f"{label.zh}({basis.zh})"),
                low=low,
                high=high,
                value=low if low == high else None,
                unit="%",
            )
        )
    return tuple(found)


def _wanted(study: Study, target: Regime, given: PrimaryShare) -> tuple[str, ...]:
    """The bases the target wants: the one it prefers, any it permits, and its own where nothing changes."""
    asked = target.requirements.get(DIMENSION)
    if asked is None or asked.modality in ("may", "silent"):
        return ()
    if study.footprint.regime == target.code:
        return (BASES[given.basis],)
    permitted = (asked.prefers,) if asked.prefers is not None else asked.permits
    return tuple(option for option in permitted if option in BASES.values())


def _crossed(study: Study, one: Solved, given: PrimaryShare, option: str) -> Bounds:
    """The share under the conventions of the target, then of the total asked for."""
    universe, method = study.universe, one.scenario
    before, after = universe.weights(method.source), universe.weights(method.target)
    counted = ~universe.mask(UPTAKE) & ~one.dead
    share = recounted(Bounds.share(given.share), *_ratios(study, before, after, np.flatnonzero(counted)))
    if option == BASES[given.basis]:
        return share
    amount = _amount(study, one, counted, before, after)
    uptake = Bounds(Fraction(0), None) if given.uptake is None else _positive(-Bounds.of(given.uptake))
    of_uptake = WHOLE if given.of_uptake is None else Bounds.share(given.of_uptake)
    turned = with_uptake if option == BASES["including-uptake"] else without_uptake
    return turned(share, amount, uptake, of_uptake)


def _amount(study: Study, one: Solved, counted: Mask, before: Weights, after: Weights) -> Bounds:
    """The sum of absolute amounts: at least what they add up to, at most every cell by itself."""
    unknown = blind(after, before)
    net, each = (Part(counted, weights, blind=unknown) for weights in (after, _absolute(after)))
    program = Program(study.universe, one.rows, one.dead, [(net,), (each,)])
    added, apart = program.interval(0), program.interval(1)
    if added is None or apart is None:
        return Bounds(Fraction(0), None)
    least = [Fraction(0)]
    least += [] if added.low is None else [added.low]
    least += [] if added.high is None else [-added.high]
    return Bounds(max(least), apart.high)


def _ratios(
    study: Study, before: Weights, after: Weights, cells: npt.NDArray[np.intp]
) -> tuple[Fraction, Fraction | None]:
    """How many times as much a cell counts at least and at most; ``None`` where it did not count."""
    own, other = np.abs(before.value[cells]), np.abs(after.value[cells])
    if ((own == 0) & (other != 0)).any() or not (own != 0).any():
        return Fraction(0), None
    index = np.flatnonzero(own != 0)
    ratio = other[index] / own[index]
    exact = [
        abs(study.universe.exact(after, cell) / study.universe.exact(before, cell))
        for cell in (int(cells[index[np.argmin(ratio)]]), int(cells[index[np.argmax(ratio)]]))
    ]
    return exact[0], exact[1]


def _absolute(weights: Weights) -> Weights:
    return replace(weights, factor=np.abs(weights.factor), value=np.abs(weights.value))


def _weight(amount: Bounds, uptake: Bounds) -> Bounds:
    """The part of the whole that uptake is, between nothing and all."""
    least = Fraction(0)
    if uptake.low and amount.high is not None:
        least = uptake.low / (amount.high + uptake.low)
    most = Fraction(1)
    if uptake.high is not None and amount.low is not None and amount.low + uptake.high > 0:
        most = uptake.high / (amount.low + uptake.high)
    return Bounds(least, most)


def _positive(bounds: Bounds) -> Bounds:
    return Bounds(max(bounds.low or Fraction(0), Fraction(0)), bounds.high)


def _clipped(bounds: Bounds) -> Bounds:
    low, high = _ends(bounds)
    return Bounds(max(low, Fraction(0)), min(high, Fraction(1)))


def _ends(bounds: Bounds) -> tuple[Fraction, Fraction]:
    assert bounds.low is not None
    assert bounds.high is not None
    return bounds.low, bounds.high

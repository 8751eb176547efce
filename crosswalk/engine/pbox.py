"""P-boxes out of draws: percentiles of the lower and of the upper ends, never one merged width."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from fractions import Fraction

import numpy as np

from crosswalk.engine.cells import Floats, Mask
from crosswalk.results.uncertainty import PBox, Percentiles

#: The points of a distribution that are given.
_POINTS = (Fraction(5, 100), Fraction(50, 100), Fraction(95, 100))
_OPEN = Percentiles(p5=None, p50=None, p95=None)


def pbox(lower: Floats, upper: Floats, fits: Mask) -> PBox:
    """Return what draws with these ends say; a draw that does not fit may be anything."""
    low, high = np.where(fits, lower, -np.inf), np.where(fits, upper, np.inf)
    return PBox(
        low=percentiles(low),
        high=percentiles(high),
        contradicting=int(np.count_nonzero(~fits)),
        open_low=int(np.count_nonzero(fits & np.isneginf(low))),
        open_high=int(np.count_nonzero(fits & np.isposinf(high))),
    )


def around(boxes: Iterable[PBox | None]) -> PBox | None:
    """Return the smallest p-box that holds all of several of which one is true.

    ``None`` if there are none, or one that could not be reckoned. Ends once nothing is bounded any more.
    """
    hull: PBox | None = None
    for one in boxes:
        if one is None:
            return None
        hull = one if hull is None else _both(hull, one)
        if hull.low == hull.high == _OPEN:
            break
    return hull


def _both(one: PBox, other: PBox) -> PBox:
    return PBox(
        low=_outer(one.low, other.low, min),
        high=_outer(one.high, other.high, max),
        contradicting=max(one.contradicting, other.contradicting),
        open_low=max(one.open_low, other.open_low),
        open_high=max(one.open_high, other.open_high),
    )


def _outer(one: Percentiles, other: Percentiles, of: Callable[[float, float], float]) -> Percentiles:
    def outermost(here: float | None, there: float | None) -> float | None:
        return None if here is None or there is None else of(here, there)

    return Percentiles(
        p5=outermost(one.p5, other.p5), p50=outermost(one.p50, other.p50), p95=outermost(one.p95, other.p95)
    )


def percentiles(values: Floats) -> Percentiles:
    """Return the smallest values that so much of the draws do not exceed; ``None`` where they are infinite.

    >>> percentiles(np.arange(1.0, 101.0))
    Percentiles(p5=5.0, p50=50.0, p95=95.0)
    """
    ordered = np.sort(values) + 0.0
    found = [float(ordered[math.ceil(point * len(ordered)) - 1]) for point in _POINTS]
    p5, p50, p95 = (point if math.isfinite(point) else None for point in found)
    return Percentiles(p5=p5, p50=p50, p95=p95)

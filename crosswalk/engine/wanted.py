"""What a caller wants beyond the answer: that it is near enough, and near an asserted value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from crosswalk.engine.asks import ask_for
from crosswalk.engine.compiled import Done
from crosswalk.engine.explain import hull
from crosswalk.engine.methods import headline
from crosswalk.engine.modelled import Modelled
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.study import Study
from crosswalk.engine.tolerance import Tolerance, judge
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Text
from crosswalk.messages import both
from crosswalk.results.asks import Asks, Within


@dataclass(frozen=True)
class Wanted:
    """A tolerance, and the value asserted; ``None`` stands for the one the file states."""

    tolerance: Tolerance
    against: Quantity | None = None


def asks(
    wanted: Wanted,
    study: Study,
    estimates: Sequence[tuple[Done, Modelled]],
    *,
    exact: bool,
    assumed: bool,
    refused: Text | None,
) -> Asks:
    """Return what to ask for; nothing where the answer is near enough, or no number would mend it.

    ``exact`` tells that nothing but rounding is left now, ``refused`` why data would not help.
    """
    tolerance = wanted.tolerance
    low, high = ends(estimates)
    near = exact if tolerance.nothing else _near(low, high, tolerance)
    if refused is None and not near and not exact:
        return ask_for(study, estimates, tolerance, assumed=assumed)
    if refused is None and not near:
        refused = both("reason.asks-rounding")
    return Asks(
        tolerance=tolerance.text,
        items=(),
        enough=near and refused is None,
        exact=exact,
        width_at_most=None if low is None or high is None else float(high - low),
        stays_open=() if refused is None else (refused,),
        assumed=assumed,
    )


def _near(low: Fraction | None, high: Fraction | None, tolerance: Tolerance) -> bool:
    if low is None or high is None:
        return False
    bottom, top = tolerance.around((low + high) / 2)
    return high - low <= (top - bottom) / 2


def ends(estimates: Sequence[tuple[Done, Modelled]]) -> tuple[Fraction | None, Fraction | None]:
    """Return the hull of all ways that fit, with what models add; open at both ends if none fits."""
    found = [modelled.add(one.interval) for one, modelled in estimates if one.interval is not None]
    return Bounds.hull(found).ends if found else (None, None)


def within(
    wanted: Wanted,
    footprint: Footprint,
    fitting: Sequence[Done],
    estimates: Sequence[tuple[Done, Modelled]] | None,
) -> Within | None:
    """Return whether the value is near the asserted one; ``None`` where none is asserted.

    ``fitting`` are the ways that are guaranteed (none, where the value is an estimate of another model),
    ``estimates`` those under assumptions, where any were made.
    """
    asserted = wanted.against or _stated(footprint)
    if asserted is None:
        return None
    intervals = [one.interval for one in fitting if one.interval is not None]
    guaranteed = hull(intervals) if intervals else (None, None)
    low, high = wanted.tolerance.around(asserted.value)
    return Within(
        tolerance=wanted.tolerance.text,
        asserted=asserted.text,
        stated=wanted.against is None,
        low=float(low),
        high=float(high),
        verdict=judge(*guaranteed, asserted, wanted.tolerance),
        assumed=None if estimates is None else judge(*ends(estimates), asserted, wanted.tolerance),
    )


def _stated(footprint: Footprint) -> Quantity | None:
    head = headline(footprint)
    if head is None:
        return None
    return Quantity(text=head.quantity.text, value=head.quantity.value * head.scale, half=Fraction(0))

"""What a caller wants beyond the answer: that it is near enough, and near an asserted value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import msgspec

from crosswalk.engine.asks import ask_for
from crosswalk.engine.explain import hull
from crosswalk.engine.methods import headline
from crosswalk.engine.modelled import Modelled
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.program import Interval
from crosswalk.engine.study import Study
from crosswalk.engine.tolerance import Tolerance, judge
from crosswalk.engine.twins import Way
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import Conversion
from crosswalk.results.asks import Asks, Within

#: A converted total, and what models add to it.
Estimates = Sequence[tuple[Interval | None, Modelled]]


@dataclass(frozen=True)
class Wanted:
    """A tolerance, and the value asserted; ``None`` stands for the one the file states.

    ``ask`` tells whether it is to be worked out what to ask for. Where the answer is per another unit than
    the declared one, so are both, but for an asserted value that is the file's ``own``.
    """

    tolerance: Tolerance
    against: Quantity | None = None
    ask: bool = True
    own: bool = False

    def over(self, low: Fraction, high: Fraction) -> Wanted:
        """Return what is wanted per declared unit, of which ``low`` to ``high`` are in the unit asked for.

        A value near to ``against`` for each of these is near to every value of the new ``against``.
        """
        against = self.against
        if against is not None and not self.own:
            ends = Bounds.of(against) / Bounds(low, high)
            assert ends.low is not None
            assert ends.high is not None
            middle = (ends.low + ends.high) / 2
            against = Quantity(text=against.text, value=middle, half=ends.high - middle)
        return replace(self, tolerance=self.tolerance.over(low, high), against=against, own=True)

    def asks(self, near: Within | None) -> bool:
        """Whether it matters what to ask for: not once an assertion is proven or refuted."""
        decided = self.against is not None and near is not None and near.verdict != "undecided"
        return self.ask and not decided


def judged(
    found: Conversion,
    wanted: Wanted | None,
    footprint: Footprint,
    study: Study,
    fitting: Sequence[Interval | None],
    ways: Sequence[Way],
    estimates: Estimates,
) -> Conversion:
    """Return a conversion with what was wanted of it: is it near enough, and if not, what to ask for.

    ``fitting`` are the intervals that are guaranteed, ``ways`` those under the assumptions made, if any
    were, and ``estimates`` what models make of each of them.
    """
    if wanted is None:
        return found
    estimated = any(step.note is not None for step in found.steps)
    assumed = found.assumed is not None
    near = _within(wanted, footprint, () if estimated else fitting, estimates if assumed else None)
    found = msgspec.structs.replace(found, within_tolerance=near)
    if not wanted.asks(near):
        return found
    refused = found.refusal if estimated and not found.answered else None
    if len(ways) != len(estimates):
        refused = refused or both("reason.asks-at-once")
    else:
        ways = [_modelled(way, *one) for way, one in zip(ways, estimates, strict=True)]
    exact = found.class_ == "exact"
    told = _asks(wanted.tolerance, study, ways, ends(estimates), exact, assumed, refused)
    return msgspec.structs.replace(found, asks=told)


def _modelled(way: Way, interval: Interval | None, modelled: Modelled) -> Way:
    return replace(way, rows=[*way.rows, *modelled.rows], interval=interval, modelled=modelled)


def _asks(
    tolerance: Tolerance,
    study: Study,
    ways: Sequence[Way],
    whole: tuple[Fraction | None, Fraction | None],
    exact: bool,
    assumed: bool,
    refused: Text | None,
) -> Asks:
    """Return what to ask for; nothing where the answer is near enough, or no number would mend it."""
    low, high = whole
    near = exact if tolerance.nothing else _near(low, high, tolerance)
    if refused is None and not near and not exact:
        fitting = [way for way in ways if way.interval is not None]
        return ask_for(study, fitting, tolerance, assumed=assumed)
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


def ends(estimates: Estimates) -> tuple[Fraction | None, Fraction | None]:
    """Return the hull of all ways that fit, with what models add; open at both ends if none fits."""
    found = [modelled.add(interval) for interval, modelled in estimates if interval is not None]
    return Bounds.hull(found).ends if found else (None, None)


def _within(
    wanted: Wanted,
    footprint: Footprint,
    fitting: Sequence[Interval | None],
    estimates: Estimates | None,
) -> Within | None:
    """Return whether the value is near the asserted one; ``None`` where none is asserted.

    ``fitting`` is empty where the value is an estimate of another model; ``estimates`` are those under
    assumptions, where any were made.
    """
    asserted = wanted.against or stated(footprint)
    if asserted is None:
        return None
    intervals = [interval for interval in fitting if interval is not None]
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


def stated(footprint: Footprint) -> Quantity | None:
    """Return the value a file states under its own regime: the number it is, as asserted values are."""
    head = headline(footprint)
    if head is None:
        return None
    return Quantity(text=head.quantity.text, value=head.quantity.value * head.scale, half=Fraction(0))

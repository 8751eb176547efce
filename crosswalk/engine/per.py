"""An answer per declared unit, told per another unit.

A value per declared unit times the number of declared units in the unit asked for. The number is above
zero, and the same whatever the inventory is, so the ends of a product are products of ends: exact where
the number is, wider where it is rounded. Each interval of the answer is right by itself; two of them
widened by one rounded property no longer show that they move together.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import msgspec

from crosswalk.engine.wanted import Wanted
from crosswalk.footprint.per import Count
from crosswalk.footprint.records import Footprint
from crosswalk.messages import both
from crosswalk.results import (
    Asks,
    Assumed,
    Conversion,
    Gap,
    Line,
    OpenOption,
    PBox,
    Percentiles,
    PerUnit,
    PropertyUsed,
    Range,
    Step,
    Uncertainty,
    Within,
)

#: What is no amount, and stays what it is whatever it is per.
_SHARE = "%"


def told(found: Conversion, footprint: Footprint, count: Count, wanted: Wanted | None) -> Conversion:
    """Return an answer per declared unit of ``footprint`` per the unit of ``count``.

    ``wanted`` is what was wanted of it, per the unit asked for.
    """
    scale = _Scale(count)
    return msgspec.structs.replace(
        found,
        declared_unit=str(count.asked),
        per_unit=_shown(footprint, count),
        guaranteed=scale.range(found.guaranteed),
        assumed=scale.assumed(found.assumed),
        value=scale.middle(found.value),
        steps=tuple(scale.step(one) for one in found.steps),
        gaps=tuple(scale.gap(one) for one in found.gaps),
        open_options=tuple(scale.choice(one) for one in found.open_options),
        lines=tuple(scale.line(one) for one in found.lines),
        uncertainty=scale.uncertainty(found.uncertainty),
        asks=scale.asks(found.asks),
        within_tolerance=scale.within(found.within_tolerance, wanted),
    )


def _shown(footprint: Footprint, count: Count) -> PerUnit:
    return PerUnit(
        asked=str(count.asked),
        declared=str(footprint.declared_unit),
        count=float(count.value),
        low=float(count.low),
        high=float(count.high),
        by=tuple(
            PropertyUsed(
                label=both(f"property.{one.kind}"),
                value=one.text,
                path=one.path,
                source=one.source,
                comment=one.comment,
            )
            for one in count.by
        ),
    )


class _Scale:
    """Multiplies the numbers of an answer, each as the decimal it is shown as."""

    def __init__(self, count: Count) -> None:
        self.count = count

    def middle(self, value: float | None) -> float | None:
        return None if value is None else _times(value, self.count.value)

    def low(self, value: float | None) -> float | None:
        """A lower end: by the smaller number where it is positive, by the larger where it is not."""
        return None if value is None else _times(value, self.count.low if value > 0 else self.count.high)

    def high(self, value: float | None) -> float | None:
        return None if value is None else _times(value, self.count.high if value > 0 else self.count.low)

    def range(self, found: Range) -> Range:
        return msgspec.structs.replace(found, low=self.low(found.low), high=self.high(found.high))

    def assumed(self, found: Assumed | None) -> Assumed | None:
        if found is None:
            return None
        return msgspec.structs.replace(found, low=self.low(found.low), high=self.high(found.high))

    def step(self, found: Step) -> Step:
        return msgspec.structs.replace(found, delta=self.range(found.delta))

    def gap(self, found: Gap) -> Gap:
        return msgspec.structs.replace(
            found,
            narrows_to=self.range(found.narrows_to),
            width_at_most=self.high(found.width_at_most),
            typical_width=self.middle(found.typical_width),
        )

    def choice(self, found: OpenOption) -> OpenOption:
        results = tuple((option, self.range(one)) for option, one in found.results)
        return msgspec.structs.replace(found, results=results)

    def line(self, found: Line) -> Line:
        if found.unit == _SHARE:
            return found
        low, high, value = self.low(found.low), self.high(found.high), self.middle(found.value)
        return msgspec.structs.replace(found, low=low, high=high, value=value)

    def uncertainty(self, found: Uncertainty | None) -> Uncertainty | None:
        """Percentiles are those of an increasing function of the value; the numbers drawn are the file's."""
        if found is None:
            return None
        boxes = {name: self._box(getattr(found, name)) for name in ("guaranteed", "assumed", "climate")}
        return msgspec.structs.replace(found, **boxes)

    def _box(self, found: PBox | None) -> PBox | None:
        if found is None:
            return None
        low, high = found.low, found.high
        return msgspec.structs.replace(
            found,
            low=Percentiles(p5=self.low(low.p5), p50=self.low(low.p50), p95=self.low(low.p95)),
            high=Percentiles(p5=self.high(high.p5), p50=self.high(high.p50), p95=self.high(high.p95)),
        )

    def asks(self, found: Asks | None) -> Asks | None:
        if found is None:
            return None
        return msgspec.structs.replace(found, width_at_most=self.high(found.width_at_most))

    def within(self, found: Within | None, wanted: Wanted | None) -> Within | None:
        """What is near enough per this unit, around the value asserted as asked or the one stated."""
        if found is None or wanted is None:
            return found
        if wanted.against is not None and not wanted.own:
            low, high = (float(end) for end in wanted.tolerance.around(wanted.against.value))
            return msgspec.structs.replace(found, low=low, high=high)
        value = Fraction(Decimal(found.asserted)) * self.count.value
        low, high = (float(end) for end in wanted.tolerance.around(value))
        return msgspec.structs.replace(found, asserted=f"{float(value):.6g}", low=low, high=high)


def _times(value: float, by: Fraction) -> float:
    return float(Fraction(Decimal(repr(value))) * by)

"""Laws of an answer per another unit: nothing but the unit changes, and a rounded property only widens."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crosswalk.convert import convert
from crosswalk.engine.per import told
from crosswalk.engine.tolerance import Tolerance, asserted, judge
from crosswalk.engine.wanted import Wanted
from crosswalk.footprint.per import Count
from crosswalk.footprint.records import DeclaredUnit, Footprint
from crosswalk.results import Conversion, Line, Range, to_plain
from tests.engine.test_laws import CATALOGUE, Case, laws, studies, targets

#: What no unit changes: counts, shares, texts, and what is said of the unit itself.
_KEPT = {"per_unit", "knowledge", "uncertainty"}


def numbers(found: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Every number of an answer that is per a unit, by its place."""
    if isinstance(found, float):
        yield path, found
    elif isinstance(found, dict):
        kept = _KEPT | ({"low", "high", "value"} if found.get("unit") == "%" else set())
        for name, one in found.items():
            if name not in kept:
                yield from numbers(one, f"{path}.{name}")
    elif isinstance(found, list):
        for index, one in enumerate(found):
            yield from numbers(one, f"{path}[{index}]")


def per(made: Footprint, target: str, unit: str | None) -> dict[str, float]:
    found = convert(made, to=target, allow="estimated", per=unit, catalogue=CATALOGUE)
    return dict(numbers(found.to_dict()))


def weighed(made: Footprint, amount: int, unit: str) -> Footprint:
    return msgspec.structs.replace(made, declared_unit=DeclaredUnit(amount=Fraction(amount), unit=unit))


@laws
@given(studies(), targets)
def test_per_tonne_is_a_thousand_times_per_kilogram(case: Case, target: str) -> None:
    made = weighed(case.made, 1, "kilogram")
    plain, tonne = (per(made, target, unit) for unit in ("kg", "t"))
    assert list(tonne) == list(plain)
    assert tonne == {path: float(Fraction(Decimal(repr(value))) * 1000) for path, value in plain.items()}


@laws
@given(studies(), targets)
def test_what_the_file_is_declared_per_does_not_matter(case: Case, target: str) -> None:
    """The same inventory told per kg, or a thousandfold per tonne: per 25 kg it is one answer."""
    scaled = tuple(
        msgspec.structs.replace(one, quantity=one.quantity.scaled(Fraction(1000)))
        for one in case.made.disclosures
    )
    large = msgspec.structs.replace(weighed(case.made, 1, "tonne"), disclosures=scaled)
    small = weighed(case.made, 1, "kilogram")
    one, other = (
        convert(made, to=target, allow="estimated", per="25 kg", catalogue=CATALOGUE)
        for made in (small, large)
    )
    assert (one.answered, one.class_) == (other.answered, other.class_)
    for a, b in zip(ends(one), ends(other), strict=True):
        assert a == pytest.approx(b, rel=1e-12, abs=1e-12)


def ends(found: Conversion) -> list[float]:
    assumed = found.assumed
    every = [found.guaranteed.low, found.guaranteed.high, found.value]
    every += [] if assumed is None else [assumed.low, assumed.high]
    return [float("nan") if end is None else end for end in every if end is not None]


decimals = st.decimals(-50, 50, places=3)
positive = st.decimals(Decimal("0.01"), 90, places=2)


def counted(value: Decimal, half: Decimal) -> Count:
    """So many declared units, as one over a rounded property."""
    middle, reach = Fraction(value), Fraction(half)
    unit = DeclaredUnit(amount=Fraction(1), unit="tonne nitrogen")
    return Count(unit, 1 / middle, 1 / (middle + reach), 1 / (middle - reach))


@given(decimals, decimals, positive, st.sampled_from([Decimal(0), Decimal("0.005"), Decimal("0.009")]))
def test_a_rounded_property_widens_by_its_rounding_and_no_more(
    one: Decimal, other: Decimal, value: Decimal, half: Decimal
) -> None:
    low, high = sorted((float(one), float(other)))
    count = counted(value, half)
    found = told(answered(low, high), made(), count, None)
    corners = [Fraction(Decimal(repr(end))) * many for end in (low, high) for many in (count.low, count.high)]
    shown = [found.guaranteed.low, found.guaranteed.high]
    assert shown == [float(min(corners)), float(max(corners))]
    line, share = found.lines
    assert [line.low, line.high] == shown
    assert (share.low, share.high) == (low, high)
    assert found.value == float(Fraction(Decimal(repr(high))) * count.value)
    if half == 0 and low == high:
        assert shown[0] == shown[1]


def made() -> Footprint:
    return Footprint(
        source="x",
        format="crosswalk",
        id="",
        product="",
        declared_unit=DeclaredUnit(amount=Fraction(1), unit="tonne"),
        regime=None,
        standards=(),
        method={},
        disclosures=(),
    )


def answered(low: float, high: float) -> Conversion:
    """An answer from ``low`` to ``high``, with a line like it and one in percent."""
    plain = convert("examples/polyethylene.json", to="PACT:3.0", catalogue=CATALOGUE)
    label = plain.target.label
    return msgspec.structs.replace(
        plain,
        guaranteed=Range(low=low, high=high),
        value=high,
        lines=(
            Line(field="a", label=label, low=low, high=high),
            Line(field="b", label=label, low=low, high=high, unit="%"),
        ),
    )


shares = st.sampled_from(["0%", "1%", "5%", "40%", "100%", "250%"])
amounts = st.sampled_from(["0", "0.01", "0.5", "20"])


def near(tolerance: Tolerance, value: Fraction, told: Fraction) -> bool:
    reach = abs(told) * tolerance.share if tolerance.share is not None else tolerance.amount or Fraction(0)
    return abs(value - told) <= reach


@given(decimals, decimals, decimals, positive, st.one_of(shares, amounts))
def test_what_is_proven_per_unit_holds_for_every_property_and_value(
    one: Decimal, other: Decimal, told: Decimal, property_: Decimal, text: str
) -> None:
    """Judged per declared unit; held against the corners of value, property and assertion as asked."""
    low, high = sorted((Fraction(one), Fraction(other)))
    count, tolerance = counted(property_, Decimal("0.005")), Tolerance.of(text)
    against = asserted(f"{told}±0.02")
    wanted = Wanted(tolerance, against).over(count.low, count.high)
    assert wanted.against is not None
    verdict = judge(low, high, wanted.against, wanted.tolerance)
    stated = [against.value - against.half, against.value, against.value + against.half]
    assume(not stated[0] < 0 < stated[2])
    corners = product((low, (low + high) / 2, high), (count.low, count.value, count.high), stated)
    found = [near(tolerance, value * many, one) for value, many, one in corners]
    if verdict == "proven-within":
        assert all(found)
    elif verdict == "proven-outside":
        assert not any(found)


def test_the_walk_above_sees_every_kind_of_number() -> None:
    total = convert("examples/polyethylene-total-only.json", to="PACT:3.0", catalogue=CATALOGUE)
    assumed = convert(
        "examples/polyethylene-total-only.json", to="PACT:3.0", assume="fossil-polymer", catalogue=CATALOGUE
    )
    near = convert("examples/polyethylene.json", to="PACT:3.0", tolerance="2%", catalogue=CATALOGUE)
    heads = {
        path.strip(".").partition(".")[0].partition("[")[0]
        for found in (total, assumed, near)
        for path, _ in numbers(to_plain(found))
    }
    assert {"guaranteed", "assumed", "steps", "gaps", "lines", "asks", "within_tolerance"} <= heads

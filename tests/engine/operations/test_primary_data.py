"""The share of primary data on another basis: vectors, limits, and amounts tried one by one."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk import convert
from crosswalk.engine.operations import operations
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.operations.primary_data import WHOLE, recounted, with_uptake, without_uptake
from crosswalk.footprint.activity import Activity, PrimaryShare
from crosswalk.footprint.records import Footprint
from crosswalk.results import Conversion, Line
from tests.engine import conftest as made
from tests.engine.operations.conftest import q

F = Fraction


def point(text: str) -> Bounds:
    return Bounds.point(F(text))


# Fixture C.3 of the research notes on wider regimes: 50 % of 2.0 without uptake, and an uptake of 0.3667.


@pytest.mark.parametrize(("of_uptake", "percent"), [("0", "42.25"), ("1", "57.75")])
def test_the_vector(of_uptake: str, percent: str) -> None:
    found = with_uptake(point("0.5"), point("2.0"), point("0.3667"), point(of_uptake))
    assert found.low == found.high == (1 + F(of_uptake) * F("0.3667")) / F("2.3667")
    assert round(float(100 * (found.low or 0)), 2) == float(percent)


def test_nothing_known_of_the_uptake_gives_both() -> None:
    found = with_uptake(point("0.5"), point("2.0"), point("0.3667"), WHOLE)
    assert found == Bounds(1 / F("2.3667"), F("1.3667") / F("2.3667"))


def test_the_reverse_gives_back_the_share() -> None:
    for of_uptake in ("0", "0.4", "1"):
        there = with_uptake(point("0.5"), point("2.0"), point("0.3667"), point(of_uptake))
        back = without_uptake(there, point("2.0"), point("0.3667"), point(of_uptake))
        assert back == point("0.5")


def test_an_uptake_of_unknown_size_leaves_the_two_shares() -> None:
    unknown = Bounds(F(0), None)
    assert with_uptake(point("0.5"), point("2"), unknown, point("0.2")) == Bounds(F("0.2"), F("0.5"))
    assert without_uptake(point("0.5"), point("2"), unknown, point("0.2")) == WHOLE


hundredths = st.integers(0, 100).map(lambda n: F(n, 100))
pairs = st.tuples(hundredths, hundredths).map(sorted)


@settings(deadline=None)
@given(share=pairs, amount=pairs, uptake=pairs, part=pairs, at=st.tuples(*[hundredths] * 4))
def test_no_amounts_inside_lead_outside(
    share: list[F], amount: list[F], uptake: list[F], part: list[F], at: tuple[F, ...]
) -> None:
    drawn = [
        low + where * (high - low)
        for (low, high), where in zip((share, amount, uptake, part), at, strict=True)
    ]
    s, a, d, p = drawn
    boxes = [Bounds(*ends) for ends in (share, amount, uptake, part)]
    found = with_uptake(*boxes)
    assert found.low is not None
    assert found.high is not None
    if a + d:
        assert found.low <= (s * a + p * d) / (a + d) <= found.high
    back = without_uptake(boxes[0], *boxes[1:])
    assert back.low is not None
    assert back.high is not None
    if a:
        before = (s * (a + d) - p * d) / a
        assert not 0 <= before <= 1 or back.low <= before <= back.high


@settings(deadline=None)
@given(
    parts=st.lists(st.tuples(hundredths, hundredths, st.booleans()), min_size=1, max_size=5),
    ends=pairs,
)
def test_parts_that_count_for_more_or_less_keep_the_share_inside(
    parts: list[tuple[F, F, bool]], ends: list[F]
) -> None:
    least, most = ends
    whole = sum((amount for amount, _, _ in parts), F(0))
    after = [(amount * (least + where * (most - least)), primary) for amount, where, primary in parts]
    left = sum((amount for amount, _ in after), F(0))
    if not whole or not left:
        return
    share = sum((amount for amount, _, primary in parts if primary), F(0)) / whole
    found = recounted(Bounds.point(share), least, most)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= sum((amount for amount, primary in after if primary), F(0)) / left <= found.high


### In a conversion


def study(primary: PrimaryShare, regime: str = "PACT:3.0", gwp_set: str = "ar6-t715") -> Footprint:
    plain = made.footprint(
        regime,
        [msgspec.structs.replace(made.mass("CO2", "fossil", "2"), quantity=q("2.0"))],
        method={**made.PLAIN, "gwp-set": gwp_set, "cut-off": "none", "biogenic-co2": "zero-zero"},
        absences=(*made.NOTHING_ELSE, made.absent("capital-goods", "overheads", "exempted")),
        complete=True,
    )
    return msgspec.structs.replace(plain, activity=Activity(primary=primary))


def primary(of_uptake: str | None = "0", basis: str = "excluding-uptake", share: str = "0.5") -> PrimaryShare:
    return PrimaryShare(
        path="primary_share",
        share=q(share),
        basis=basis,
        uptake=q("-0.3667"),
        of_uptake=None if of_uptake is None else q(of_uptake),
    )


def shares(answer: Conversion) -> list[Line]:
    return [line for line in answer.lines if line.unit == "%"]


def test_it_changes_no_value_and_is_no_model_operation() -> None:
    assert "OP-PDS" not in operations()
    given = study(primary())
    bare = msgspec.structs.replace(given, activity=None)
    answer, plain = (convert(one, to="CATENAX:4") for one in (given, bare))
    assert (answer.value, answer.class_, answer.steps) == (plain.value, plain.class_, plain.steps)


@pytest.mark.parametrize(
    ("of_uptake", "low", "high"),
    [("0", "42.25", "42.25"), ("1", "57.75", "57.75"), (None, "42.25", "57.75")],
)
def test_from_pact_to_catena_x(of_uptake: str | None, low: str, high: str) -> None:
    (line,) = shares(convert(study(primary(of_uptake)), to="CATENAX:4"))
    assert line.field == "data-shares.with-uptake"
    assert line.label.en == "share of primary data of absolute amounts, biogenic uptake among them"
    assert line.low is not None
    assert line.high is not None
    assert (round(line.low, 2), round(line.high, 2)) == (float(low), float(high))
    assert (line.value is None) == (low != high)


def test_from_catena_x_to_pact() -> None:
    given = primary("0", "including-uptake", "0.25")
    (line,) = shares(convert(study(given, "CATENAX:4"), to="PACT:3.0"))
    assert line.field == "data-shares.without-uptake"
    # By hand: 0.25 · 2.3667 / 2.
    assert line.value == pytest.approx(100 * 0.25 * 2.3667 / 2)


def test_a_basis_the_target_shares_keeps_the_share() -> None:
    (line,) = shares(convert(study(primary(None)), to="PACT:3.0"))
    assert (line.field, line.value) == ("data-shares.without-uptake", 50.0)


def test_a_target_that_does_not_say_which_gets_both() -> None:
    found = shares(convert(study(primary("0")), to="TFS:3.0"))
    assert [line.field for line in found] == ["data-shares.with-uptake", "data-shares.without-uptake"]


def test_a_target_that_does_not_ask_gets_none() -> None:
    assert not shares(convert(study(primary("0")), to="ISO:14067-2018"))


def test_another_set_of_factors_makes_it_a_range() -> None:
    # Half of 2 kg of CO2 and of an open amount of methane: which half is primary nobody says.
    given = study(primary("0"), "PACT:2.3", "ar5-28")
    methane = msgspec.structs.replace(made.mass("CH4", "fossil", "0.01"), quantity=q("0.01"))
    given = msgspec.structs.replace(given, disclosures=(*given.disclosures, methane))
    (line,) = shares(convert(given, to="PACT:3.0"))
    ratio = F("29.8") / 28
    assert line.low == pytest.approx(float(100 / (1 + ratio)))
    assert line.high == pytest.approx(float(100 * ratio / (1 + ratio)))

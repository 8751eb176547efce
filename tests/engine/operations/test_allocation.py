"""Shares of joint processes, against the same formulas written again with fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest

from crosswalk.engine.operations import allocation, operations
from crosswalk.engine.operations.bounds import UNKNOWN, Bounds
from crosswalk.footprint.activity import Activity
from tests.engine.operations.conftest import Make
from tests.engine.operations.joint import A, B, asking, found, joint, output, share


def test_it_is_an_operation() -> None:
    assert operations()["OP-ALLOC"] is allocation


def test_energy_for_mass(situation: Make) -> None:
    # Shares of a: 2/8 by mass, 60/120 by energy; 10 kg CO2e a run, of which a unit is half an output.
    made = situation(Activity(joint=(joint(A, B),)))
    delta = found(allocation.apply(asking(made, "allocation", "allocation.energy"))).delta
    expected = 10 * (share([("30", "2"), ("10", "6")], 0) - share([("1", "2"), ("1", "6")], 0)) / 2
    assert delta == Bounds.point(expected) == Bounds.point(Fraction("1.25"))


def test_what_the_target_permits_is_kept(situation: Make) -> None:
    outcome = found(allocation.apply(situation(Activity(joint=(joint(A, B),)), target="CATENAX:4")))
    assert outcome.delta == Bounds.point(0)
    assert not outcome.lacks
    assert outcome.dimensions == ("allocation",)


def test_an_unknown_key_that_is_kept_changes_nothing(situation: Make) -> None:
    outcome = found(allocation.apply(situation(Activity(joint=(joint(A, B, key=None),)), target="CATENAX:4")))
    assert outcome.delta == Bounds.point(0)


def test_without_joint_processes_there_is_no_operation(situation: Make) -> None:
    assert allocation.apply(situation(Activity(), target="EN:15804-A2")) is None


def test_substitution_becomes_a_share_and_comes_back(situation: Make) -> None:
    # E_A = (10 - 6 * 0.5)/2 = 3.5; E_B = [E_A + 6/2 * 0.5] * w, w = 1/2 by energy: 2.5. The notes' formula.
    process = joint(A, B, key="substitution")
    made = situation(Activity(joint=(process,)))
    there = found(allocation.apply(asking(made, "allocation", "allocation.energy"))).delta
    before = (Fraction(10) - 6 * Fraction("0.5")) / 2
    after = (before + Fraction(6, 2) * Fraction("0.5")) * Fraction(60, 120)
    assert there == Bounds.point(after - before)
    # The reverse: E_B = E_A/w - 6/2 * 0.5.
    back = situation(Activity(joint=(joint(A, B, key="energy"),)))
    again = found(allocation.apply(asking(back, "allocation", "allocation.substitution"))).delta
    assert again == Bounds.point(after / Fraction(60, 120) - Fraction(6, 2) * Fraction("0.5") - after)
    assert (there + again) == Bounds.point(0)


def test_a_displaced_burden_nobody_gave_is_a_gap(situation: Make) -> None:
    process = joint(A, output("b", "6", mass="1"), key="substitution")
    made = situation(Activity(joint=(process,)))
    outcome = found(allocation.apply(asking(made, "allocation", "allocation.mass")))
    assert outcome.delta == UNKNOWN
    assert [lack.path for lack in outcome.lacks] == ["outputs.b.displaced"]
    assert outcome.lacks[0].label.zh == "产出所替代产品的负荷"


def test_an_expanded_system_may_or_may_not_have_been_credited(situation: Make) -> None:
    made = situation(Activity(joint=(joint(A, B, key="system-expansion"),)))
    delta = found(allocation.apply(asking(made, "allocation", "allocation.mass"))).delta
    after = Fraction(10) * Fraction(2, 8) / 2
    assert delta == Bounds(after - Fraction(10, 2), after - (Fraction(10) - 6 * Fraction("0.5")) / 2)


def test_keys_the_target_permits_and_the_file_gives_make_the_hull(situation: Make) -> None:
    made = situation(Activity(joint=(joint(A, B, key="substitution"),)))
    outcome = found(
        allocation.apply(
            asking(made, "allocation", "allocation.mass", "allocation.energy", "allocation.subdivision")
        )
    )
    before = Fraction("3.5")
    assert outcome.delta == Bounds(Fraction("1.25") - before, Fraction("2.5") - before)
    assert outcome.to == ("allocation.mass", "allocation.energy")
    assert not outcome.lacks
    assert outcome.tight


def test_a_key_without_values_may_hand_on_any_share(situation: Make) -> None:
    made = situation(Activity(joint=(joint(A, B, key="mass"),)))
    outcome = found(allocation.apply(asking(made, "allocation", "allocation.economic")))
    # From nothing to all of 10 kg CO2e on 2 units, less 10 * 2/8 / 2 borne before.
    assert outcome.delta == Bounds(Fraction("-1.25"), 5 - Fraction("1.25"))
    assert [lack.path for lack in outcome.lacks] == ["outputs.a.keys.economic", "outputs.b.keys.economic"]
    assert not outcome.tight


def test_a_target_of_ours_asks_for_keys_the_file_may_not_have(situation: Make) -> None:
    given = situation(Activity(joint=(joint(A, B, key="substitution"),)), target="EN:15804-A2")
    outcome = found(allocation.apply(given))
    before = Fraction("3.5")
    assert outcome.delta == Bounds(0 - before, 5 - before)
    assert {lack.path for lack in outcome.lacks} == {
        "outputs.a.keys.economic",
        "outputs.b.keys.economic",
        "joint.outputs",
    }


def test_another_physical_property_fills_the_gap(situation: Make) -> None:
    one = output("a", "2", mass="1", energy="30", economic="3", carbon="0.8")
    two = output("b", "6", "0.5", mass="1", energy="10", economic="1", carbon="0.4")
    given = situation(Activity(joint=(joint(one, two, key="substitution"),)), target="EN:15804-A2")
    outcome = found(allocation.apply(given))
    by = {"mass": ("1", "1"), "energy": ("30", "10"), "economic": ("3", "1"), "carbon": ("0.8", "0.4")}
    after = [10 * share([(a, "2"), (b, "6")], 0) / 2 for a, b in by.values()]
    before = Fraction("3.5")
    assert outcome.delta == Bounds(min(after) - before, max(after) - before)
    assert not outcome.lacks


@pytest.mark.parametrize("key", ["mole", "carbon"])
def test_a_named_property_is_a_physical_key(situation: Make, key: str) -> None:
    one, two = output("a", "2", mass="1", **{key: "5"}), output("b", "6", mass="1", **{key: "1"})
    made = situation(Activity(joint=(joint(one, two, key=key),)))
    delta = found(allocation.apply(asking(made, "allocation", "allocation.mass"))).delta
    assert delta == Bounds.point(10 * (Fraction(2, 8) - Fraction(10, 16)) / 2)


def test_a_property_the_study_does_not_name_may_be_any(situation: Make) -> None:
    one, two = output("a", "2", mass="1", carbon="5"), output("b", "6", mass="1", carbon="1")
    made = situation(Activity(joint=(joint(one, two, key="physical"),)))
    outcome = found(allocation.apply(asking(made, "allocation", "allocation.mass")))
    assert outcome.delta == Bounds(Fraction("1.25") - 5, Fraction("1.25"))
    assert [lack.path for lack in outcome.lacks] == ["joint.key"]
    # A target that permits it keeps it, whatever it was.
    assert found(allocation.apply(situation(made.activity, target="CATENAX:4"))).delta == Bounds.point(0)


def test_waste_bears_nothing(situation: Make) -> None:
    scrap = output("scrap", "100", mass="1", energy="1", waste=True)
    made = situation(Activity(joint=(joint(A, B, scrap),)))
    outcome = found(allocation.apply(asking(made, "allocation", "allocation.energy")))
    assert outcome.delta == Bounds.point(Fraction("1.25"))
    credit = found(allocation.apply(asking(made, "allocation", "allocation.substitution")))
    assert credit.delta == Bounds.point(Fraction("3.5") - Fraction("1.25"))
    assert not credit.lacks


def test_a_burden_nobody_gave_leaves_it_open(situation: Make) -> None:
    made = situation(Activity(joint=(joint(A, B, burden=None),)))
    outcome = found(allocation.apply(asking(made, "allocation", "allocation.energy")))
    assert outcome.delta == UNKNOWN
    assert [lack.path for lack in outcome.lacks] == ["joint.burden"]


def test_an_amount_in_the_unit_nobody_gave_leaves_it_open(situation: Make) -> None:
    made = situation(Activity(joint=(joint(A, B, used=None),)))
    outcome = found(allocation.apply(asking(made, "allocation", "allocation.energy")))
    assert outcome.delta == UNKNOWN
    assert [lack.path for lack in outcome.lacks] == ["joint.used"]

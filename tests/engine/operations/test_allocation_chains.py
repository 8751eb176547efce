"""Chains of joint processes, and the factors that turn a run of one into a declared unit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import pytest

from crosswalk.engine.operations import allocation
from crosswalk.engine.operations.bounds import UNKNOWN, Bounds
from crosswalk.footprint.activity import Activity, JointInput, JointProcess
from tests.engine.operations.conftest import Make, burden, q
from tests.engine.operations.joint import A, B, asking, found, joint, output


# Chains: naphtha from a refinery feeds a cracker, of which ethylene goes into the unit.
def chain(first: str | None, second: str | None, **changes: Any) -> tuple[JointProcess, ...]:
    refinery = joint(
        output("naphtha", "20", mass="1", energy="44"),
        output("diesel", "60", "0.4", mass="1", energy="42"),
        name="refinery",
        key=first,
        burden=burden("40"),
        used=None,
    )
    furnace = joint(
        output("ethylene", "30", mass="1", energy="47"),
        output("rest", "70", "0.9", mass="1", energy="41"),
        name="furnace",
        key=second,
        burden=burden("100"),
        used=q("0.5"),
        inputs=(JointInput(process="refinery", output="naphtha", amount=q("110"), path="furnace.inputs[0]"),),
        **changes,
    )
    return furnace, refinery


def worked(refinery: str, furnace: str) -> Fraction:
    """The chain again, from the bottom up."""
    naphtha = {
        "mass": Fraction(40) / 80,
        "energy": Fraction(40) * 44 / (20 * 44 + 60 * 42),
        "substitution": (Fraction(40) - 60 * Fraction("0.4")) / 20,
    }[refinery]
    run = 100 + 110 * naphtha
    ethylene = {
        "mass": run / 100,
        "energy": run * 47 / (30 * 47 + 70 * 41),
        "substitution": (run - 70 * Fraction("0.9")) / 30,
    }[furnace]
    return ethylene / 2


@pytest.mark.parametrize("first", ["mass", "energy", "substitution"])
@pytest.mark.parametrize("second", ["mass", "energy", "substitution"])
@pytest.mark.parametrize("wanted", ["mass", "energy", "substitution"])
def test_a_chain_is_worked_from_the_bottom_up(situation: Make, first: str, second: str, wanted: str) -> None:
    made = asking(situation(Activity(joint=chain(first, second))), "allocation", f"allocation.{wanted}")
    delta = found(allocation.apply(made)).delta
    assert delta == Bounds.point(worked(wanted, wanted) - worked(first, second))


def test_a_chain_of_open_choices_is_the_hull(situation: Make) -> None:
    made = situation(Activity(joint=chain("substitution", "substitution")))
    made = asking(made, "allocation", "allocation.mass", "allocation.energy")
    every = [worked(a, b) for a in ("mass", "energy") for b in ("mass", "energy")]
    before = worked("substitution", "substitution")
    assert found(allocation.apply(made)).delta == Bounds(min(every) - before, max(every) - before)


def test_a_kept_process_matters_where_another_one_changes(situation: Make) -> None:
    made = situation(Activity(joint=chain("substitution", "mass")))
    delta = found(allocation.apply(asking(made, "allocation", "allocation.mass"))).delta
    assert delta == Bounds.point(worked("mass", "mass") - worked("substitution", "mass"))


def test_only_what_is_behind_a_change_is_asked_for(situation: Make) -> None:
    furnace, refinery = chain("mass", "substitution")
    bare = msgspec.structs.replace(refinery, burden=None)
    made = asking(situation(Activity(joint=(furnace, bare))), "allocation", "allocation.mass")
    outcome = found(allocation.apply(made))
    assert outcome.delta == UNKNOWN
    assert [lack.path for lack in outcome.lacks] == ["refinery.burden"]
    furnace, refinery = chain("substitution", "mass")
    bare = msgspec.structs.replace(furnace, burden=None)
    made = asking(situation(Activity(joint=(bare, refinery))), "allocation", "allocation.mass")
    outcome = found(allocation.apply(made))
    # The furnace is shared out as before: what it emits itself cancels.
    assert outcome.delta == Bounds.point(worked("mass", "mass") - worked("substitution", "mass"))
    assert not outcome.lacks


def test_many_open_choices_are_bounded_by_all_and_nothing(situation: Make) -> None:
    parts = tuple(joint(A, B, name=f"p{at}", key="substitution") for at in range(8))
    made = asking(situation(Activity(joint=parts)), "allocation", "allocation.mass", "allocation.energy")
    outcome = found(allocation.apply(made))
    assert outcome.delta == UNKNOWN
    assert not outcome.tight
    keyed = tuple(joint(A, B, name=f"p{at}", key="mass") for at in range(8))
    made = situation(Activity(joint=keyed))
    made = asking(made, "allocation", "allocation.energy", "allocation.economic")
    assert found(allocation.apply(made)).delta == Bounds(Fraction(-40), Fraction(40))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"product": "c"}, "joint.product"),
        ({"inputs": (JointInput(process="none", output="a", amount=q("1"), path="in"),)}, "in"),
        ({"inputs": (JointInput(process="joint", output="none", amount=q("1"), path="in"),)}, "in"),
        ({"inputs": (JointInput(process="joint", output="a", amount=q("1"), path="in"),)}, "joint.inputs"),
    ],
)
def test_a_chain_that_does_not_hold_together_is_named(situation: Make, changes: Any, place: str) -> None:
    made = asking(situation(Activity(joint=(joint(A, B, **changes),))), "allocation", "allocation.energy")
    outcome = found(allocation.apply(made))
    assert outcome.delta == UNKNOWN
    assert [lack.path for lack in outcome.lacks] == [place]
    assert set(allocation.shares(made).values()) == {(UNKNOWN, UNKNOWN)}


def test_a_chain_that_does_not_change_need_not_hold_together(situation: Make) -> None:
    made = situation(Activity(joint=(joint(A, B, product="c"),)), target="CATENAX:4")
    assert found(allocation.apply(made)).delta == Bounds.point(0)


def test_two_processes_of_one_name_are_named(situation: Make) -> None:
    made = asking(situation(Activity(joint=(joint(A, B), joint(A, B)))), "allocation", "allocation.energy")
    assert [lack.path for lack in found(allocation.apply(made)).lacks] == ["joint.name"]


# Factors for what is counted per run.
def test_factors_turn_a_run_into_a_declared_unit(situation: Make) -> None:
    made = asking(situation(Activity(joint=chain("mass", "mass"))), "allocation", "allocation.energy")
    found = allocation.shares(made)
    own = {"mass": Fraction(1, 2) / 100, "energy": Fraction(1, 2) * 47 / (30 * 47 + 70 * 41)}
    first = {"mass": Fraction(1, 80), "energy": Fraction(44, 20 * 44 + 60 * 42)}
    assert found["furnace"] == (Bounds.point(own["mass"]), Bounds.point(own["energy"]))
    assert found["refinery"] == (
        Bounds.point(own["mass"] * 110 * first["mass"]),
        Bounds.point(own["energy"] * 110 * first["energy"]),
    )


def test_factors_of_a_credited_product_are_the_whole(situation: Make) -> None:
    made = situation(Activity(joint=(joint(A, B, key="substitution", used=q("3")),)), target="EN:15804-A2")
    before, after = allocation.shares(made)["joint"]
    assert before == Bounds.point(Fraction(3, 2))
    assert after == Bounds(Fraction(0), Fraction(3, 2))


def test_factors_of_a_study_that_does_not_say_hold_all_it_may_have_done(situation: Make) -> None:
    made = situation(Activity(joint=(joint(A, B, key=None),)), target="CATENAX:4")
    before, after = allocation.shares(made)["joint"]
    assert before == Bounds(Fraction(0), Fraction(1, 2))
    # One object, so that whoever divides one by the other sees that it cancels.
    assert before is after

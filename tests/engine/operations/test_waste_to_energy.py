"""Waste burnt for energy in its three ways and on both sides, against the notes (wider regimes, F14)."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.engine.operations import operations, waste_to_energy
from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds
from crosswalk.footprint.activity import Activity, Burden, WasteBurnt
from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.catalogue import Catalogue
from tests.engine.operations.conftest import Make, burden, make, q
from tests.engine.operations.joint import asking, found

WAYS = ("cut-off", "reverse-cut-off", "substitution")


def waste(method: str | None, **changes: Any) -> WasteBurnt:
    given = {
        "path": "burnt[0]",
        "mass": q("0.2"),
        "method": method,
        "burning": burden("2.5"),
        "energy": q("12"),
        "displaced": burden("0.07"),
    }
    return WasteBurnt(**{**given, **changes})


def worked(way: str, side: str = "delivers", mass: Any = "0.2", *numbers: Any) -> Fraction:
    """Cut-off 0; reverse cut-off m E; substitution m (E - energy EF); who uses the energy bears the rest."""
    burning, energy, displaced = (Fraction(one) for one in numbers or ("2.5", "12", "0.07"))
    delivered = {
        "cut-off": Fraction(0),
        "reverse-cut-off": burning,
        "substitution": burning - energy * displaced,
    }
    return Fraction(mass) * (delivered[way] if side == "delivers" else burning - delivered[way])


def change(situation: Make, used: str | None, wanted: str, **changes: Any) -> Bounds:
    made = situation(Activity(burnt=(waste(used, **changes),)))
    return found(waste_to_energy.apply(asking(made, "waste-to-energy", f"waste-to-energy.{wanted}"))).delta


def test_it_is_an_operation() -> None:
    assert operations()["OP-WTE"] is waste_to_energy


@pytest.mark.parametrize(("used", "wanted"), list(permutations(WAYS, 2)))
@pytest.mark.parametrize("side", ["delivers", "uses"])
def test_each_way_from_each(situation: Make, used: str, wanted: str, side: str) -> None:
    expected = worked(wanted, side) - worked(used, side)
    assert change(situation, used, wanted, side=side) == Bounds.point(expected)


def test_the_two_sides_bear_the_burning_together() -> None:
    assert {worked(way) + worked(way, "uses") for way in WAYS} == {Fraction("0.5")}


def test_a_study_by_cut_off_crosses_to_catena_x(situation: Make) -> None:
    # Row 2 of Annex A 4 of the Catena-X rulebook: use reverse cut-off. F14: the change is mass times burning.
    made = situation(Activity(burnt=(waste("cut-off"),)), source="TFS:3.0", target="CATENAX:4")
    outcome = found(waste_to_energy.apply(made))
    assert outcome.delta == Bounds.point(Fraction("0.5"))
    assert outcome.to == ("waste-to-energy.reverse-cut-off",)
    assert outcome.dimensions == ("waste-to-energy",)


def test_a_study_that_does_not_say_may_have_done_any(situation: Make) -> None:
    outcome = found(waste_to_energy.apply(situation(Activity(burnt=(waste(None),)), target="CATENAX:4")))
    ends = [worked("reverse-cut-off") - worked(way) for way in WAYS]
    assert outcome.delta == Bounds(min(ends), max(ends))


def test_what_the_target_permits_is_kept(situation: Make) -> None:
    made = situation(
        Activity(burnt=(waste("substitution", burning=None),)), source="TFS:3.0", target="TFS:2.1"
    )
    outcome = found(waste_to_energy.apply(made))
    assert outcome.delta == NOTHING
    assert not outcome.lacks


def test_only_what_changes_is_asked_for(situation: Make) -> None:
    bare = waste("reverse-cut-off", burning=None, displaced=None)
    made = asking(situation(Activity(burnt=(bare,))), "waste-to-energy", "waste-to-energy.substitution")
    outcome = found(waste_to_energy.apply(made))
    assert outcome.delta == UNKNOWN
    assert [lack.path for lack in outcome.lacks] == ["burnt[0].displaced"]
    bare = waste("cut-off", energy=None, displaced=None)
    made = asking(situation(Activity(burnt=(bare,))), "waste-to-energy", "waste-to-energy.reverse-cut-off")
    assert not found(waste_to_energy.apply(made)).lacks


def test_without_waste_there_is_no_operation(situation: Make) -> None:
    assert waste_to_energy.apply(situation(Activity(), target="CATENAX:4")) is None


decimal = st.decimals("0.01", "30", places=2).map(str)
way = st.sampled_from(WAYS)


@settings(max_examples=25, deadline=None)
@given(
    st.tuples(decimal, decimal, decimal, decimal), way, way, st.sampled_from(["delivers", "uses"]), st.data()
)
def test_enclosure_and_return(
    catalogue: Catalogue, texts: tuple[str, ...], used: str, wanted: str, side: str, data: st.DataObject
) -> None:
    def delta(before: str, after: str, half: str | None) -> Bounds:
        mass, burning, energy, displaced = (Quantity.of(text, half=half) for text in texts)
        one = waste(
            before,
            side=side,
            mass=mass,
            energy=energy,
            burning=Burden(path="", co2e=burning),
            displaced=Burden(path="", co2e=displaced),
        )
        made = make(catalogue, Activity(burnt=(one,)))
        return found(waste_to_energy.apply(asking(made, "waste-to-energy", f"waste-to-energy.{after}"))).delta

    assert delta(used, wanted, "0") + delta(wanted, used, "0") == NOTHING
    assert delta(used, used, None) == NOTHING
    low, high = delta(used, wanted, None).ends
    near = [Fraction(text) + data.draw(st.fractions(-1, 1, max_denominator=8)) / 200 for text in texts]
    value = worked(wanted, side, *near) - worked(used, side, *near)
    assert low is not None
    assert high is not None
    assert low <= value <= high

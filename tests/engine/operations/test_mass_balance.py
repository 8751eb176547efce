"""Assigned content replaced by physical content, against numbers worked out by hand."""

from __future__ import annotations

from fractions import Fraction

from crosswalk.engine.operations import mass_balance, operations
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.footprint.activity import Activity, MassBalanced
from crosswalk.footprint.quantity import Quantity
from tests.engine.operations.conftest import Make, burden, q

CREDITS = {"mass-balance": ("mass-balance.credits",)}


def balanced(**changes: object) -> Activity:
    given = {
        "path": "mass_balance[0]",
        "conventional": burden("2.0"),
        "alternative": burden("0.5"),
        "assigned": q("1.0"),
        "physical": q("0.1"),
    }
    return Activity(mass_balanced=(MassBalanced(**{**given, **changes}),))


def test_it_is_an_operation() -> None:
    assert operations()["OP-MASSBAL"] is mass_balance


def test_physical_content_for_assigned_content(situation: Make) -> None:
    # By hand: (0.1 − 1.0) · (0.5 − 2.0) = +1.35.
    found = mass_balance.apply(situation(balanced(), target="EN:15804-A2", method=CREDITS))
    assert found is not None
    assert found.delta == Bounds.point(Fraction("1.35"))
    assert found.to == ("mass-balance.physical",)
    assert not found.lacks


def test_a_share_nobody_gave_is_between_nothing_and_what_was_assigned(situation: Make) -> None:
    found = mass_balance.apply(situation(balanced(physical=None), target="EN:15804-A2", method=CREDITS))
    assert found is not None
    assert found.delta == Bounds(Fraction(0), Fraction("1.5"))


def test_a_footprint_nobody_gave_is_a_gap(situation: Make) -> None:
    found = mass_balance.apply(situation(balanced(alternative=None), target="EN:15804-A2", method=CREDITS))
    assert found is not None
    assert found.delta == Bounds(None, None)
    assert [lack.path for lack in found.lacks] == ["mass_balance[0].alternative"]
    assert found.lacks[0].label.zh == "替代投入下的碳足迹"


def test_what_the_target_permits_is_kept(situation: Make) -> None:
    found = mass_balance.apply(situation(balanced(), target="TFS:3.0", method=CREDITS))
    assert found is not None
    assert found.delta == Bounds.point(0)


def test_without_data_there_is_no_operation(situation: Make) -> None:
    assert mass_balance.apply(situation(Activity(), target="EN:15804-A2", method=CREDITS)) is None


def test_an_option_nobody_stated_is_kept_where_the_target_permits_all(situation: Make) -> None:
    # Whatever was done, the target permits it; and a target that asks for nothing keeps it too.
    for target in ("TFS:3.0", "PACT:3.0"):
        found = mass_balance.apply(situation(balanced(), target=target))
        assert found is not None
        assert found.delta == Bounds.point(0)
        assert not found.lacks


def test_an_option_nobody_stated_may_be_either(situation: Make) -> None:
    found = mass_balance.apply(situation(balanced(), target="EN:15804-A2"))
    assert found is not None
    assert found.delta == Bounds(Fraction(0), Fraction("1.35"))


def test_conditions_may_leave_less_of_a_credit(situation: Make) -> None:
    # Catena-X takes credits under conditions, or physical content: from nothing lost to all but 0.1.
    found = mass_balance.apply(situation(balanced(), target="CATENAX:4", method=CREDITS))
    assert found is not None
    assert found.delta == Bounds(Fraction(0), Fraction("1.35"))


def test_what_is_held_is_no_more_than_what_was_assigned(situation: Make) -> None:
    rough = balanced(assigned=Quantity.of("0.9"), physical=None)
    found = mass_balance.apply(situation(rough, target="EN:15804-A2", method=CREDITS))
    assert found is not None
    assert found.delta == Bounds(Fraction(0), Fraction("1.5") * Fraction("0.95"))
    assert [lack.path for lack in found.lacks] == ["mass_balance[0].physical"]

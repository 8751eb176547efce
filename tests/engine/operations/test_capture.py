"""Captured CO2 used in a product, against the notes (wider regimes, F17)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.engine.operations import capture, operations
from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds
from crosswalk.footprint.activity import Activity, CapturedCarbon
from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.catalogue import Catalogue
from tests.engine.operations.conftest import Make, make
from tests.engine.operations.joint import asking, exact, found

#: 44/12 of 0.3 kg of carbon.
CO2 = Fraction(44, 12) * Fraction("0.3")


def captured(counted: str | None = "credited", **changes: Any) -> CapturedCarbon:
    given = {
        "path": "captured[0]",
        "carbon_dioxide": exact(CO2),
        "fate": "used",
        "side": "takes",
        "certificate": "x",
    }
    return CapturedCarbon(counted=counted, **{**given, **changes})


def test_it_is_an_operation() -> None:
    assert operations()["OP-CCU"] is capture


@pytest.mark.parametrize(
    ("counted", "wanted", "side", "delta"),
    [
        # P_credit = P_cut-off - 44/12 C for who takes the CO2; who delivers it carries as much more.
        ("not-credited", "ccu.credit", "takes", -CO2),
        ("credited", "ccu.cut-off", "takes", CO2),
        ("not-credited", "ccu.credit", "delivers", CO2),
        ("credited", "ccu.cut-off", "delivers", -CO2),
        ("credited", "ccu.credit", "takes", Fraction(0)),
    ],
)
def test_a_credit_undone_and_taken(
    situation: Make, counted: str, wanted: str, side: str, delta: Fraction
) -> None:
    made = asking(situation(Activity(captured=(captured(counted, side=side),))), "ccu", wanted)
    outcome = found(capture.apply(made))
    assert outcome.delta == Bounds.point(delta)
    assert outcome.to == ((wanted,) if delta else ())
    assert outcome.dimensions == ("ccu",)
    assert not outcome.lacks


def test_a_credit_needs_a_certificate(situation: Make) -> None:
    made = asking(
        situation(Activity(captured=(captured("not-credited", certificate=""),))), "ccu", "ccu.credit"
    )
    outcome = found(capture.apply(made))
    assert outcome.delta == UNKNOWN
    assert [(lack.path, lack.label.en) for lack in outcome.lacks] == [
        ("captured[0].certificate", "certificate of the credit")
    ]
    # To undo one, none is needed.
    made = asking(situation(Activity(captured=(captured(certificate=""),))), "ccu", "ccu.cut-off")
    assert found(capture.apply(made)).delta == Bounds.point(CO2)


def test_a_study_that_does_not_say_may_have_credited_it(situation: Make) -> None:
    made = asking(situation(Activity(captured=(captured(None),))), "ccu", "ccu.cut-off")
    assert found(capture.apply(made)).delta == Bounds(Fraction(0), CO2)


def test_what_the_target_permits_is_kept(situation: Make) -> None:
    for target in ("TFS:3.0", "PACT:3.0", "CATENAX:4"):
        assert (
            found(capture.apply(situation(Activity(captured=(captured(),)), target=target))).delta == NOTHING
        )


def test_what_is_stored_has_cells_of_its_own(situation: Make) -> None:
    assert capture.apply(situation(Activity(captured=(captured(fate="stored"),)), target="PACT:3.0")) is None


@settings(max_examples=25, deadline=None)
@given(st.decimals("0.01", "9", places=2), st.sampled_from(["takes", "delivers"]), st.fractions(-1, 1))
def test_enclosure_and_return(catalogue: Catalogue, kg: Any, side: str, inside: Fraction) -> None:
    def delta(counted: str, wanted: str, half: str | None) -> Bounds:
        one = captured(counted, side=side, carbon_dioxide=Quantity.of(str(kg), half=half))
        return found(capture.apply(asking(make(catalogue, Activity(captured=(one,))), "ccu", wanted))).delta

    there, back = delta("credited", "ccu.cut-off", "0"), delta("not-credited", "ccu.credit", "0")
    assert there + back == NOTHING
    low, high = delta("credited", "ccu.cut-off", None).ends
    value = (Fraction(str(kg)) + inside / 200) * (1 if side == "takes" else -1)
    assert low is not None
    assert high is not None
    assert low <= value <= high

"""What judging makes of numbers: the same as one conversion does, no zero where data is missing."""

from __future__ import annotations

import math

import pytest

from crosswalk import check, convert

DAY = "2026-06-30"


@pytest.mark.parametrize("name", ["polyethylene", "polyethylene-total-only"])
def test_a_footprint_file_lies_where_its_conversion_says(name: str) -> None:
    file = f"examples/{name}.json"
    (one,) = check({"footprint": file, "claimed": "value"}, to="PACT:3.0", as_of=DAY).verdicts
    found = convert(file, to="PACT:3.0").guaranteed
    assert one.guaranteed is not None
    for mine, theirs in ((one.guaranteed.low, found.low), (one.guaranteed.high, found.high)):
        assert (mine is None) == (theirs is None)
        if mine is not None:
            assert mine == pytest.approx(theirs, rel=1e-12, abs=1e-15)
            assert math.copysign(1, mine) == 1


def test_a_claim_without_a_number_has_no_value_and_no_zero() -> None:
    (one,) = check({"regime": "PACT:3.0", "claimed": "value"}, to="PACT:3.0", as_of=DAY).verdicts
    assert (one.guaranteed, one.value, one.value_status) == (None, None, "none")
    assert one.verdict == "undecided"
    assert "total" in {ask.code for ask in one.asks}

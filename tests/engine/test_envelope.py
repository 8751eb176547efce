"""Bounds over all open options at once hold what each combination gives by itself."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from crosswalk import convert
from crosswalk.engine import scenarios
from crosswalk.engine.cells import Universe
from crosswalk.engine.compiled import Compiled, Structure
from crosswalk.engine.explain import hull
from crosswalk.footprint.records import Footprint
from crosswalk.formats import read
from crosswalk.knowledge.catalogue import Catalogue

GASES = [
    {"gas": "CO2", "origin": "fossil", "mass": "2.00"},
    {"gas": "CH4", "origin": "fossil", "mass": "0.011"},
    {"gas": "CH4", "origin": "biogenic", "mass": "0.002"},
    {"gas": "N2O", "origin": "fossil", "mass": "0.0004"},
]
ABSENT = ["land", "aircraft", "captured", "technical-removal", "offset", "avoided"]


def study(catalogue: Catalogue, regime: str, changes: dict) -> Footprint:
    payload = {
        "crosswalk": "footprint/2",
        "declared_unit": "kg",
        "regime": regime,
        "absent": ABSENT,
        **changes,
    }
    return read({name: value for name, value in payload.items() if value is not None}, catalogue)


CASES = {
    "nothing said of the method": {"total": "2.50", "gases": GASES},
    "a complete list": {"gases": GASES, "gases_complete": True},
    "a share left out": {"total": "2.50", "gases": GASES, "exempted_share": "0.03"},
    "carbon": {"total": "2.50", "gases": GASES, "carbon": {"biogenic_content": "0.30"}},
    "stages": {
        "total": "2.50",
        "stages": {"raw": "1.20", "production": "1.30"},
        "absent": [*ABSENT, "biogenic"],
    },
    "two GWP sets": {
        "total": "2.50",
        "gases": GASES[:1],
        "method": {"gwp-set": ["ar5-28", "ar5-30"], "boundary": "cradle-to-gate", "cut-off": "none"},
    },
}


@pytest.mark.parametrize("to", ["PACT:3.0", "EU:PEF-2021"])
@pytest.mark.parametrize("regime", ["GBT:24067-2024", "PACT:2.3"])
@pytest.mark.parametrize("case", CASES)
def test_it_holds_every_combination(
    catalogue: Catalogue, universe: Universe, case: str, regime: str, to: str
) -> None:
    footprint = study(catalogue, regime, CASES[case])
    regimes = catalogue.regimes
    compiled = Compiled(Structure.of(footprint, regimes[regime], regimes[to], None), universe)
    data = compiled.data(footprint)
    # The first dozen stand for all: where there are more, they differ in what comes last.
    each = [problem.total.interval(0, data) for problem in islice(compiled.problems(), 12)]
    fitting = [interval for interval in each if interval is not None]
    loose = compiled.envelope.interval(footprint)
    if not fitting:
        return
    assert loose is not None
    low, high = hull(fitting)
    assert loose.low is None or (low is not None and loose.low <= low)
    assert loose.high is None or (high is not None and loose.high >= high)
    ends = (
        np.array([data.low[: len(footprint.disclosures)]]),
        np.array([data.high[: len(footprint.disclosures)]]),
    )
    lower, upper, fits = compiled.envelope.bounds(*ends)
    assert fits[0]
    assert lower[0] == pytest.approx(-np.inf if loose.low is None else float(loose.low))
    assert upper[0] == pytest.approx(np.inf if loose.high is None else float(loose.high))


def test_with_one_combination_it_is_the_interval(catalogue: Catalogue, universe: Universe) -> None:
    method = {
        "boundary": "cradle-to-gate",
        "cut-off": "none",
        "packaging": "included",
        "capital-goods": "excluded",
        "overheads": "excluded",
        "gwp-set": "ar5-28",
        "ghg-set": "ipcc-all",
        "biogenic-co2": "zero-zero",
    }
    footprint = study(catalogue, "PACT:2.3", {"gases": GASES, "gases_complete": True, "method": method})
    regimes = catalogue.regimes
    compiled = Compiled(Structure.of(footprint, regimes["PACT:2.3"], regimes["PACT:2.3"], None), universe)
    assert compiled.count == 1
    tight = next(compiled.problems()).total.interval(0)
    loose = compiled.envelope.interval(footprint)
    assert tight is not None
    assert loose is not None
    assert (loose.low, loose.high) == (tight.low, tight.high)


def test_too_many_open_choices_are_bounded_together_and_said_to_be_wide(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = {
        "crosswalk": "footprint/2",
        "declared_unit": "kg",
        "regime": "PACT:2.3",
        "absent": [*ABSENT, "biogenic", "gas.other"],
        "method": {
            "gwp-set": ["ar5-28", "ar5-30", "ar4"],
            "boundary": "cradle-to-gate",
            "cut-off": "none",
            "packaging": "included",
            "capital-goods": "excluded",
            "overheads": "excluded",
        },
        "total": "2.50",
        "gases": GASES[:1],
    }
    tight = convert(payload, to="PACT:3.0", catalogue=catalogue)
    monkeypatch.setattr(scenarios, "MOST", 1)
    # Nothing new is said, but the file is of another structure: nothing kept of the first serves it.
    again = {**payload, "absent": [*payload["absent"], "offset"]}
    loose = convert(again, to="PACT:3.0", catalogue=catalogue)
    assert loose.answered
    assert loose.class_ == "bounded"
    assert any("wider than need be" in note.en for note in loose.notes)
    assert loose.guaranteed.low is not None
    assert tight.guaranteed.low is not None
    assert loose.guaranteed.low <= tight.guaranteed.low
    assert loose.guaranteed.high >= tight.guaranteed.high


def test_where_even_that_is_open_the_choices_are_named(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenarios, "MOST", 1)
    payload = {"crosswalk": "footprint/2", "declared_unit": "kg", "regime": "ISO:14067-2018", "total": "9.87"}
    found = convert(payload, to="PACT:3.0", catalogue=catalogue)
    assert not found.answered
    assert found.refusal is not None

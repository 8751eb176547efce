"""Whatever stands in a file, a reader returns footprints or refuses in one sentence."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosswalk.engine.behind import behind
from crosswalk.errors import CrosswalkError
from crosswalk.formats import read_all
from crosswalk.knowledge.load import load
from tests.formats.conftest import places, replaced
from tests.formats.everything import EVERYTHING

ROOT = Path(__file__).resolve().parents[2]
OWN = json.loads((ROOT / "examples" / "polyethylene.json").read_text("utf-8"))
PACT = {
    "specVersion": "3.0.0",
    "pcf": {
        "declaredUnitOfMeasurement": "kilogram",
        "declaredUnitAmount": "1",
        "productMassPerDeclaredUnit": "1",
        "pcfExcludingBiogenicUptake": "1.85",
        "fossilGhgEmissions": "1.5",
        "biogenicCO2Uptake": "-1.5",
        "packagingEmissionsIncluded": True,
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["ISO14067"],
        "exemptedEmissionsPercent": "0",
    },
}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("kg")
#: What comes close to what a place of a section expects, and misses it.
NEARLY = st.sampled_from(
    [
        *("1 kWh", "-1 kg", "1e99 kg", "1 kg CO2e/kWh", "0 t", "1/0", "1 kg/", "5 % ", "t"),
        *("1 CNY/kg", "2024", "1e99 t CO2e", "1e-99 years", "1e-99 t/ha/year"),
        *({"value": 1}, {"unit": "kg"}, {"value": "1e-99", "unit": "kg CO2e"}, {"gases": [{}]}, {"co2e": 1}),
        *([{}], [{"name": "x"}], [{"name": "cracker"}], {"name": []}),
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


def answers_or_refuses(payload: Any) -> None:
    refusal: CrosswalkError | None = None
    try:
        for footprint in read_all(payload, load()):
            assert footprint.disclosures
    except CrosswalkError as error:
        refusal = error
    for lang in ("en", "zh") if refusal else ():
        assert "\n" not in refusal.message(lang)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(places(OWN)), VALUES)
def test_own_files(path: tuple[Any, ...], value: Any) -> None:
    answers_or_refuses(replaced(OWN, path, value))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(places(EVERYTHING)), VALUES | NEARLY)
def test_own_files_with_everything(path: tuple[Any, ...], value: Any) -> None:
    payload = replaced(EVERYTHING, path, value)
    answers_or_refuses(payload)
    with suppress(CrosswalkError):
        for footprint in read_all(payload, load()):
            assert all(one.items for one in behind(footprint.activity, load()))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(places(PACT)), VALUES)
def test_pact_files(path: tuple[Any, ...], value: Any) -> None:
    answers_or_refuses(replaced(PACT, path, value))


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_anything_else(payload: Any) -> None:
    if isinstance(payload, (dict, list)):
        answers_or_refuses(payload)

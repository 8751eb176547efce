"""A table gives, row by row, what a single conversion gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from crosswalk import convert
from crosswalk.errors import UnknownNameError, UsageError
from crosswalk.table import convert_table

COMMON: dict[str, Any] = {
    "crosswalk": "footprint/1",
    "declared_unit": "kg",
    "regime": "GBT:24067-2024",
    "method": {"boundary": "cradle-to-gate", "cut-off": "none", "packaging": "included", "gwp-set": "ar5-28"},
    "absent": ["land", "aircraft", "captured", "technical-removal", "biogenic"],
    "exempted_share": 0,
}


def single(row: dict[str, str], common: dict[str, Any] = COMMON) -> dict[str, Any]:
    """The footprint file that says what a row says."""
    payload = {**common, "gases": []}
    for name, value in row.items():
        head, _, rest = name.partition(".")
        if head == "gases":
            gas, _, origin = rest.partition(".")
            payload["gases"].append({"gas": gas, "origin": origin, "mass": value})
        elif rest:
            payload[head] = {**payload.get(head, {}), rest: value}
        else:
            payload[head] = value
    return payload


def rows(seed: int, count: int) -> list[dict[str, str]]:
    """Rows that disclose this and that, most of them so that something fits."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        co2, methane, nitrous = rng.random() * 3, rng.random() * 0.02, rng.random() * 1e-4
        row = {"total": f"{co2 + 28 * methane + 265 * nitrous + rng.choice([0, 0, 0.05, -0.5]):.2f}"}
        if rng.random() < 0.7:
            row["gases.CO2.fossil"] = f"{co2:.3f}"
        if rng.random() < 0.7:
            row["gases.CH4.fossil"] = f"{methane:.4f}"
        if rng.random() < 0.5:
            row["stages.production"] = f"{co2 / 2:.2f}"
        if rng.random() < 0.2:
            row["lines.packaging"] = "0"
        found.append(row)
    return found


@pytest.mark.parametrize("to", ["PACT:3.0", "GHGP:PRODUCT-2011", "GBT:24067-2024"])
def test_a_row_is_a_conversion(to: str) -> None:
    given = rows(7, 18)
    found = convert_table(pd.DataFrame(given), to=to, template=COMMON)
    for place, row in enumerate(given):
        alone = convert(single(row), to=to)
        status, low, high = found.loc[place, ["status", "low", "high"]]
        if alone.inconsistencies or (
            alone.refusal is not None and "no inventory" in alone.refusal.en.lower()
        ):
            assert status == "inconsistent"
            continue
        assert status == ("answered" if alone.answered else "open")
        for end, wanted, open_end in (
            (low, alone.guaranteed.low, -np.inf),
            (high, alone.guaranteed.high, np.inf),
        ):
            assert end == (open_end if wanted is None else pytest.approx(wanted, rel=1e-12, abs=1e-12))
        # Outward: the row holds what exact arithmetic gives.
        assert alone.guaranteed.low is None or low <= alone.guaranteed.low
        assert alone.guaranteed.high is None or high >= alone.guaranteed.high


def test_assumptions_stand_beside_what_is_guaranteed() -> None:
    given = rows(3, 5)
    found = convert_table(pd.DataFrame(given), to="PACT:3.0", template=COMMON, assume="fossil-polymer")
    for place, row in enumerate(given):
        alone = convert(single(row), to="PACT:3.0", assume="fossil-polymer")
        if alone.assumed is not None and alone.assumed.low is not None:
            assert found.loc[place, "assumed_low"] == pytest.approx(alone.assumed.low)
            assert found.loc[place, "assumed_high"] == pytest.approx(alone.assumed.high)


def test_words_differ_by_row() -> None:
    frame = pd.DataFrame(
        {
            "gases.CO2.fossil": ["2.000"] * 3,
            "gases.CH4.fossil": ["0.0100"] * 3,
            "method.gwp-set": ["ar5-28", "ar5-30", "ar9"],
            "regime": ["PACT:2.3", "PACT:2.3", "PACT:2.3"],
        }
    )
    common = {**COMMON, "gases_complete": True, "method": {"boundary": "cradle-to-gate", "cut-off": "none"}}
    found = convert_table(frame, to="PACT:2.3", template=common)
    assert found["status"].tolist() == ["answered", "answered", "error"]
    assert found["low"][0] == pytest.approx(1.9995 + 0.00995 * 28)
    assert found["low"][1] == pytest.approx(1.9995 + 0.00995 * 30)
    assert "ar9" in found["reason"][2]


def test_a_row_that_cannot_be_read_costs_that_row_only() -> None:
    frame = pd.DataFrame(
        {
            "total": ["2.0", "two", "2.0"],
            "gases.CO2.fossil": ["1.9", "1.9", "-1.9"],
            "note": ["a", "b", "c"],
        },
        index=["x", "y", "z"],
    )
    found = convert_table(frame, to="PACT:3.0", template=COMMON)
    assert found.index.tolist() == ["x", "y", "z"]
    assert found["status"].tolist()[1:] == ["error", "error"]
    assert found["status"].iloc[0] != "error"
    assert 'table[1]: total: "two"' in found["reason"].iloc[1] or "two" in found["reason"].iloc[1]
    assert "-1.9" in found["reason"].iloc[2]
    assert found.attrs["unused"] == ("note",)
    chinese = convert_table(frame, to="PACT:3.0", template=COMMON, lang="zh")
    assert chinese["reason"].iloc[1] != found["reason"].iloc[1]


def test_a_forbidden_model_choice_is_refused_or_kept_on_request() -> None:
    common = {**COMMON, "regime": "ISO:14067-2018", "method": {**COMMON["method"], "recycling": "open-loop"}}
    frame = pd.DataFrame({"gases.CO2.fossil": ["2.00"], "gases.CH4.fossil": ["0.010"]})
    common["gases_complete"] = True
    refused = convert_table(frame, to="GHGP:PRODUCT-2011", template=common)
    assert refused["status"].tolist() == ["refused"]
    kept = convert_table(frame, to="GHGP:PRODUCT-2011", template=common, allow="estimated")
    assert np.isnan(kept["low"][0])
    alone = convert(single(frame.iloc[0].to_dict(), common), to="GHGP:PRODUCT-2011", allow="estimated")
    assert alone.assumed is not None
    assert kept["assumed_low"][0] == pytest.approx(alone.assumed.low)


def test_a_row_without_a_regime_is_an_error() -> None:
    common = {name: value for name, value in COMMON.items() if name != "regime"}
    found = convert_table(pd.DataFrame({"total": ["1.0"]}), to="PACT:3.0", template=common)
    assert found["status"].tolist() == ["error"]
    named = convert_table(pd.DataFrame({"total": ["1.0"]}), to="PACT:3.0", template=common, source="PACT:3.0")
    assert named["status"].tolist() != ["error"]


def test_what_is_no_table_and_what_is_no_regime() -> None:
    with pytest.raises(UsageError, match="no table"):
        convert_table(["2.0"], to="PACT:3.0")
    with pytest.raises(UnknownNameError):
        convert_table(pd.DataFrame({"total": ["1.0"]}), to="PACT:9.9")


def test_rows_in_any_order_give_the_same() -> None:
    frame = pd.DataFrame(rows(11, 40))
    straight = convert_table(frame, to="PACT:3.0", template=COMMON)
    mixed = convert_table(frame.sample(frac=1, random_state=1), to="PACT:3.0", template=COMMON).sort_index()
    assert straight["status"].tolist() == mixed["status"].tolist()
    for name in ("low", "high"):
        assert np.allclose(straight[name], mixed[name], rtol=1e-12, equal_nan=True)


def test_an_empty_table_is_answered_by_an_empty_one() -> None:
    found = convert_table(pd.DataFrame({"total": pd.Series([], dtype=float)}), to="PACT:3.0")
    assert len(found) == 0
    assert list(found.columns) == ["low", "high", "assumed_low", "assumed_high", "status", "reason"]

"""The checker of certificates, held against programs small enough to solve by hand."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.evidence import certificates
from crosswalk.evidence.certificates import Fault, intervals, told


def worked() -> dict[str, Any]:
    """The worked example of docs/method.md: 3.27 kg CO2e under AR5 told under AR6, and nothing else known."""
    return {
        "format": "crosswalk-certificates",
        "version": 1,
        "programs": [
            {
                "rows": [{"name": "total"}],
                "objectives": ["value"],
                "columns": [
                    {"rows": {"0": "1"}, "objectives": ["1"]},
                    {"rows": {"0": "28"}, "objectives": ["149/5"]},
                    {"rows": {"0": "265"}, "objectives": ["273"]},
                ],
            }
        ],
        "intervals": {
            "guaranteed": {
                "low": "653/200",
                "high": "19519/5600",
                "whole": True,
                "scenarios": [
                    {
                        "program": 0,
                        "ends": [["653/200", "131/40"]],
                        "low": {"bound": "653/200", "multipliers": {"0": "1"}},
                        "high": {"bound": "19519/5600", "multipliers": {"0": "149/140"}},
                    }
                ],
            },
            "assumed": None,
        },
    }


def changed(*path: Any, to: Any) -> dict[str, Any]:
    document = worked()
    place: Any = document
    for one in path[:-1]:
        place = place[one]
    place[path[-1]] = to
    return document


SCENARIO = ("intervals", "guaranteed", "scenarios", 0)


def test_the_worked_example_holds() -> None:
    found = intervals(worked())["guaranteed"]
    assert found is not None
    # 29.8/28 times 3.275, as the page says.
    assert (found.low, found.high) == (Fraction("3.265"), Fraction("29.8") / 28 * Fraction("3.275"))
    assert (found.scenarios, found.refuted, found.ends, found.empty) == (1, 0, 2, False)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (changed(*SCENARIO, "high", "multipliers", "0", to="148/140"), "cover"),
        (changed(*SCENARIO, "low", "multipliers", "0", to="2"), "cover"),
        (changed(*SCENARIO, "high", "bound", to="19518/5600"), "bound"),
        (changed(*SCENARIO, "ends", 0, 1, to=None), "open-end"),
        (changed(*SCENARIO, "ends", 0, 1, to="131/41"), "bound"),
        (changed("programs", 0, "columns", 1, "objectives", 0, to="30"), "cover"),
        (changed("programs", 0, "columns", 0, "rows", "0", to="1/2"), "cover"),
        (changed("intervals", "guaranteed", "high", to="3"), "hull"),
        (changed("intervals", "guaranteed", "whole", to=False), "hull"),
        (changed("intervals", "guaranteed", "scenarios", to=[]), "hull"),
        (changed(*SCENARIO, "program", to=1), "reference"),
        (changed(*SCENARIO, "program", to=True), "reference"),
        (changed(*SCENARIO, "program", to=-1), "reference"),
        (changed(*SCENARIO, "high", "objective", to=1), "reference"),
        (changed(*SCENARIO, "high", "multipliers", to={"1": "1"}), "reference"),
        (changed(*SCENARIO, "high", "multipliers", to={"-0": "1"}), "reference"),
        (changed(*SCENARIO, "high", "multipliers", to=None), "bound-alone"),
        (changed(*SCENARIO, "high", to=None), "shape"),
        (changed(*SCENARIO, "ends", to=[]), "shape"),
        (changed(*SCENARIO, "ends", 0, to=["1"]), "shape"),
        (changed(*SCENARIO, "refuted", to={"0": "1"}), "no-contradiction"),
        (changed(*SCENARIO, "delta", to={"low": "0", "high": "1"}), "hull"),
        (changed(*SCENARIO, "ends", 0, 0, to="1/0"), "number"),
        (changed(*SCENARIO, "ends", 0, 0, to="1e999999999"), "number"),
        (changed(*SCENARIO, "ends", 0, 0, to="9" * 5000), "number"),
        (changed(*SCENARIO, "ends", 0, 0, to=3.265), "number"),
        (changed(*SCENARIO, "ends", 0, 0, to="nan"), "number"),
        (changed("programs", 0, "columns", 0, "unknown", to=[True]), "shape"),
        (changed("programs", 0, "columns", 0, "unknown", to=["yes"]), "shape"),
        (changed("programs", 0, "columns", 0, "objectives", to=[]), "shape"),
        (changed("programs", to={}), "shape"),
        (changed("format", to="other"), "format"),
        (changed("version", to=2), "format"),
        ([], "shape"),
        (None, "shape"),
    ],
)
def test_what_does_not_hold_is_named(document: Any, code: str) -> None:
    with pytest.raises(Fault) as fault:
        intervals(document)
    assert fault.value.code == code


def test_a_factor_nobody_knows_needs_a_proof_that_there_is_nothing() -> None:
    unknown = changed("programs", 0, "columns", 2, "unknown", to=[True])
    unknown["programs"][0]["columns"][2]["objectives"] = ["0"]
    unknown["intervals"]["guaranteed"]["scenarios"][0]["low"]["multipliers"] = {}
    unknown["intervals"]["guaranteed"]["scenarios"][0]["low"]["bound"] = "0"
    unknown["intervals"]["guaranteed"]["low"] = "0"
    with pytest.raises(Fault):
        intervals(unknown)
    unknown["intervals"]["guaranteed"]["scenarios"][0]["high"]["empty"] = {"0": "1/265"}
    with pytest.raises(Fault) as fault:
        intervals(unknown)
    assert fault.value.code == "not-empty"
    # A second row says that there is none of that gas: then the rest holds.
    program, scenario = unknown["programs"][0], unknown["intervals"]["guaranteed"]["scenarios"][0]
    program["rows"].append({"name": "none of it"})
    program["columns"][2]["rows"]["1"] = "1"
    scenario["ends"].append(["0", "0"])
    scenario["high"]["empty"] = {"1": "1"}
    assert intervals(unknown)["guaranteed"] is not None


def test_a_contradiction_is_proven_by_rows_that_cannot_both_hold() -> None:
    document = worked()
    document["programs"][0]["rows"].append({"name": "methane"})
    document["programs"][0]["columns"][1]["rows"]["1"] = "1"
    guaranteed = document["intervals"]["guaranteed"]
    # A total of 3.27 and a kilogram of methane, which is 28 alone.
    guaranteed["scenarios"] = [
        {"program": 0, "ends": [["653/200", "131/40"], ["1", "1"]], "refuted": {"0": "1", "1": "-28"}}
    ]
    guaranteed["low"] = guaranteed["high"] = None
    found = intervals(document)["guaranteed"]
    assert found is not None
    assert found.empty
    guaranteed["scenarios"][0]["ends"][1] = ["1/10", "1/10"]
    with pytest.raises(Fault):
        intervals(document)


def test_ends_are_told_per_another_unit() -> None:
    document = worked()
    found = intervals(document)["guaranteed"]
    assert found is not None
    document["count"] = {"low": "999", "high": "1001"}
    assert told(document, found) == (
        Fraction("3.265") * 999,
        Fraction("29.8") / 28 * Fraction("3.275") * 1001,
    )
    for wrong in ({"low": "-1", "high": "1"}, {"low": "2", "high": "1"}, [], {"low": 1, "high": "1"}):
        with pytest.raises(Fault):
            told({"count": wrong}, found)


@given(
    st.integers(1, 4),
    st.integers(1, 4),
    st.data(),
)
def test_no_inventory_lies_outside_what_is_accepted(rows: int, columns: int, data: st.DataObject) -> None:
    """Whatever multipliers are accepted, no amounts that fit the rows give a value beyond the bound."""
    numbers = st.fractions(-3, 3, max_denominator=4)
    matrix = [[data.draw(numbers) for _ in range(columns)] for _ in range(rows)]
    weights = [data.draw(numbers) for _ in range(columns)]
    amounts = [data.draw(st.fractions(0, 3, max_denominator=4)) for _ in range(columns)]
    sums = [sum((a * x for a, x in zip(row, amounts, strict=True)), Fraction(0)) for row in matrix]
    ends = [(value - data.draw(st.integers(0, 2)), value + data.draw(st.integers(0, 2))) for value in sums]
    multipliers = [data.draw(numbers) for _ in range(rows)]
    bound = sum((y * (ends[i][1] if y > 0 else ends[i][0]) for i, y in enumerate(multipliers)), Fraction(0))
    one = {
        "program": 0,
        "ends": [[str(low), str(high)] for low, high in ends],
        "low": {"bound": None, "multipliers": None},
        "high": {
            "bound": str(bound),
            "multipliers": {str(i): str(y) for i, y in enumerate(multipliers)},
        },
    }
    document = {
        "format": certificates.FORMAT,
        "version": 1,
        "programs": [
            {
                "rows": [{}] * rows,
                "objectives": ["value"],
                "columns": [
                    {
                        "rows": {str(i): str(matrix[i][j]) for i in range(rows)},
                        "objectives": [str(weights[j])],
                    }
                    for j in range(columns)
                ],
            }
        ],
        "intervals": {"one": {"low": None, "high": str(bound), "whole": True, "scenarios": [one]}},
    }
    covers = all(
        sum((y * row[j] for y, row in zip(multipliers, matrix, strict=True)), Fraction(0)) >= weights[j]
        for j in range(columns)
    )
    if covers:
        assert intervals(document)["one"] is not None
        assert sum((w * x for w, x in zip(weights, amounts, strict=True)), Fraction(0)) <= bound
    else:
        with pytest.raises(Fault, match="cover"):
            intervals(document)


def test_the_checker_stands_alone(several: Path) -> None:
    """It runs without this package and without anything but the standard library."""
    program = (
        "import json, runpy, sys\n"
        "found = runpy.run_path(sys.argv[1], run_name='checker')\n"
        "proven = found['intervals'](json.load(open(sys.argv[2], encoding='utf-8')))\n"
        "assert not {'crosswalk', 'numpy', 'highspy'} & set(sys.modules)\n"
        "print(proven['assumed'].high)\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            program,
            certificates.__file__,
            str(several / "certificates.json"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert 3.38 < Fraction(done.stdout.strip()) < 3.39

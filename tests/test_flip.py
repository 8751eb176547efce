"""How far off an input would have to be: found by programs or by search, held against trying every value."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import crosswalk
from crosswalk.errors import InputError, UnknownNameError, UsageError
from crosswalk.flip import parse
from crosswalk.results import Conversion, Flip
from tests.conftest import Run

ROOT = Path(__file__).resolve().parents[1]
SPLIT = ROOT / "examples" / "polyethylene.json"
TOTAL = ROOT / "examples" / "polyethylene-total-only.json"


def payload(**more: Any) -> dict[str, Any]:
    """Three gases of fossil origin, and a total."""
    known = crosswalk.load()
    others = sorted(set(known.gases) - {"CO2", "CH4", "N2O"})
    return {
        "crosswalk": "footprint/1",
        "declared_unit": "kg",
        "regime": "GBT:24067-2024",
        "method": {
            "boundary": "cradle-to-gate",
            "capital-goods": "excluded",
            "overheads": "excluded",
            "packaging": "included",
            "gwp-set": "ar5-28",
            "ghg-set": "ipcc-all",
            "cut-off": "numeric",
        },
        "absent": ["biogenic", "land", "air", "captured", "technical-removal", "offset", "avoided", *others],
        **more,
    }


def verdict(answer: Conversion, basis: str) -> str | None:
    found = answer.within_tolerance
    assert found is not None
    return found.assumed if basis == "assumed" else found.verdict


def nearest(file: Any, path: str, found: Flip, **options: Any) -> dict[str, str]:
    """Try every value of the range, one step after the other, with whole conversions."""
    value = Decimal(found.value)
    step = Decimal(1).scaleb(int(value.as_tuple().exponent))
    turns: dict[str, str] = {}
    for direction, sign, end in (("up", 1, Decimal(found.high)), ("down", -1, Decimal(found.low))):
        at = value
        while at != end:
            at += sign * step
            try:
                answer = crosswalk.convert(file, set={path: format(at, "f")}, **options)
            except InputError:
                continue
            if answer.inconsistencies:
                continue
            if verdict(answer, found.basis) != found.verdict:
                turns[direction] = format(at, "f")
                break
    return turns


METHANE = {"gas": "CH4", "origin": "fossil", "mass": "0.02"}
DIOXIDE = {"gas": "CO2", "origin": "fossil", "mass": {"value": "2.5", "plus_minus": "0.1"}}
CASES = [
    ("total", {"total": "3.0"}, ("2.4", "3.8")),
    ("gases[0].mass", {"total": "3.0", "gases": [METHANE]}, ("0", "0.10")),
    ("gases[0].mass", {"gases": [DIOXIDE], "gases_complete": True}, ("1.9", "3.4")),
    ("lines.electricity", {"total": "3.0", "lines": {"electricity": "2.8"}}, ("2.0", "3.2")),
]


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 16))]
)
def test_no_nearer_value_turns_the_verdict(seed: int) -> None:
    rng = np.random.default_rng(seed)
    path, more, between = CASES[seed % len(CASES)]
    file = payload(**more)
    options = {
        "to": "PACT:3.0",
        "tolerance": str(rng.choice(["2%", "5%", "10%"])),
        "against": f"{rng.uniform(2.4, 3.6):.2f}",
    }
    found = crosswalk.convert(file, **options).flip(path, between)
    assert found.method == "program"
    told = {turn.direction: turn.value for turn in found.turns}
    assert told == nearest(file, found.path, found, **options)
    assert [abs(turn.change) for turn in found.turns] == sorted(abs(turn.change) for turn in found.turns)
    step = Decimal(1).scaleb(int(Decimal(found.value).as_tuple().exponent))
    assert all(abs(Decimal(turn.value) - Decimal(turn.before)) == step for turn in found.turns)


def test_a_total_turns_where_its_own_interval_meets_the_tolerance() -> None:
    """Within one regime the value is the total: 3.27, rounded, is within 5 % of 3.3 up to 3.465 - 0.005."""
    file = payload(total="3.27")
    found = crosswalk.convert(file, to="GBT:24067-2024", tolerance="5%", against="3.3").flip("total")
    assert (found.value, found.verdict, found.basis, found.method) == (
        "3.27",
        "proven-within",
        "guaranteed",
        "program",
    )
    assert [(t.direction, t.value, t.before, t.verdict) for t in found.turns] == [
        ("down", "3.13", "3.14", "undecided"),
        ("up", "3.47", "3.46", "undecided"),
    ]
    assert found.turns[0].change == -0.14
    assert (found.low, found.high) == ("0.00", "32.70")


def test_the_value_stated_stays_what_it_is_compared_with() -> None:
    file = payload(total="3.27")
    found = crosswalk.convert(file, to="GBT:24067-2024", tolerance="0.1").flip("total")
    assert found.asserted == "3.27"
    assert [turn.value for turn in found.turns] == ["3.17", "3.37"]


def test_a_verdict_that_never_turns_says_so() -> None:
    file = payload(total="3.27")
    found = crosswalk.convert(file, to="GBT:24067-2024", tolerance="90%").flip("total", ("3.00", "3.50"))
    assert found.turns == ()
    assert [reason.en for reason in found.reasons] == [
        "up to 3.50 the verdict stays what it is",
        "up to 3.00 the verdict stays what it is",
    ]


def test_where_a_file_would_contradict_itself_the_way_ends() -> None:
    found = crosswalk.convert(SPLIT, to="PACT:3.0", tolerance="5%", against="3.3").flip("total")
    assert found.turns == ()
    assert all("contradicts itself" in reason.en for reason in found.reasons)
    assert "3.28" in found.reasons[0].en


def test_an_input_that_is_no_stated_amount_is_searched_for() -> None:
    """What was left out under the cut-off is at most share / (1 - share) of 3.0005: 10 % from 0.0909 on."""
    gases = [{"gas": "CO2", "origin": "fossil", "mass": "3.000"}]
    file = payload(total="3.000", exempted_share="0.06", gases=gases)
    options = {"to": "PACT:3.0", "tolerance": "10%", "against": "3.0"}
    found = crosswalk.convert(file, **options).flip("exempted_share", ("0.04", "0.15"))
    assert found.method == "search"
    told = {turn.direction: turn.value for turn in found.turns}
    assert told == nearest(file, "exempted_share", found, **options)
    assert "up" in told


def test_the_interval_under_assumptions_is_judged_where_nothing_else_is() -> None:
    file = payload(total="3.27", absent=["biogenic", "captured", "technical-removal", "offset", "avoided"])
    options = {"to": "PACT:3.0", "assume": "fossil-polymer", "tolerance": "8%", "against": "3.3"}
    answer = crosswalk.convert(file, **options)
    found = answer.flip("total", ("3.00", "3.60"))
    assert found.basis == "assumed"
    assert found.method == "program"
    assert found.turns
    for turn in found.turns:
        for value, wanted in ((turn.value, turn.verdict), (turn.before, found.verdict)):
            assert verdict(answer.what_if({"total": value}), "assumed") == wanted


def test_a_property_of_an_exchange_format_can_be_followed() -> None:
    """PACT to PACT is the total and its rounding: from 1.8228 to 1.8972 all of it is within 2 % of 1.86."""
    from tests.formats.test_any_input import PACT

    found = crosswalk.convert(PACT, to="PACT:3.0", tolerance="2%", against="1.86").flip(
        "pcf.pcfExcludingBiogenicUptake", ("1.70", "2.00")
    )
    assert [(turn.value, turn.before) for turn in found.turns] == [("1.82", "1.83"), ("1.90", "1.89")]


def test_a_typed_rounding_is_kept() -> None:
    file = payload(total="3.27")
    answer = crosswalk.convert(
        file, to="GBT:24067-2024", tolerance="5%", against="3.3", set={"total": "3.27±0"}
    )
    found = answer.flip("total")
    assert [turn.value for turn in found.turns] == ["3.13", "3.47"]
    assert found.turns[0].verdict == "proven-outside"


@pytest.mark.parametrize(
    ("path", "between", "error", "code"),
    [
        ("totl", None, UnknownNameError, "flip-path"),
        ("method.gwp-set", None, UnknownNameError, "flip-path"),
        ("gases.mass", None, InputError, "flip-several"),
        ("total", ("4", "5"), UsageError, "flip-range"),
        ("total", ("x", "5"), UsageError, "against"),
        ("total", ("0", "1e20"), UsageError, "flip-far"),
        ("a..b", None, UsageError, "set-syntax"),
    ],
)
def test_a_slip_is_told(
    path: str, between: tuple[str, str] | None, error: type[Exception], code: str
) -> None:
    answer = crosswalk.convert(SPLIT, to="PACT:3.0", tolerance="5%")
    with pytest.raises(error) as caught:
        answer.flip(path, between)
    assert getattr(caught.value, "code", None) == code


def test_without_a_tolerance_there_is_no_verdict() -> None:
    with pytest.raises(UsageError, match="tolerance"):
        crosswalk.convert(SPLIT, to="PACT:3.0").flip("total")
    with pytest.raises(UsageError, match="tolerance"):
        parse(["total"], None)
    with pytest.raises(UsageError, match="LOW"):
        parse(["total=3"], "5%")


# The command line


def test_the_report_and_json_tell_the_turns(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps(payload(total="3.27")), "utf-8")
    near = ("convert", str(file), "--to", "GBT:24067-2024", "--tolerance", "5%", "--against", "3.3")
    done = run(*near, "--flip", "total")
    assert (done.code, done.err) == (0, "")
    assert "down to 3.13 (-0.14): undecided; at 3.14 still as now" in done.out
    narrow = run(*near, "--flip", "total=3.20..3.30")
    assert "up to 3.30 the verdict stays" in narrow.out
    assert "输入须偏离多少" in run(*near, "--flip", "total", "--lang", "zh").out
    found = json.loads(run(*near, "--flip", "total", "--format", "json").out)
    assert [turn["value"] for turn in found["flips"][0]["turns"]] == ["3.13", "3.47"]
    assert json.loads(run(*near, "--format", "json").out)["flips"] == []


@pytest.mark.parametrize(
    "options",
    [
        ("--flip", "total"),
        ("--tolerance", "5%", "--flip", "total=3"),
        ("--tolerance", "5%", "--flip", "total", "--flip", "total=0..9"),
    ],
)
def test_a_wrong_option_is_one_line(run: Run, options: tuple[str, ...]) -> None:
    done = run("convert", str(SPLIT), "--to", "PACT:3.0", *options)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)

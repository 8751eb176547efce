"""Uncertainty as a user meets it: in Python, on the command line, as text in two languages and as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import crosswalk
from crosswalk.errors import UsageError
from crosswalk.results import Conversion
from tests.conftest import Run

EXAMPLE = Path(__file__).parents[1] / "examples" / "polyethylene.json"


def payload(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXAMPLE.read_text("utf-8"))
    return {**found, **changed}


def uncertain() -> dict[str, Any]:
    """The example with distributions for two gases and for the total."""
    found = payload(
        total={"value": "3.27", "uncertainty": {"distribution": "range", "low": "2.8", "high": "4.0"}}
    )
    co2, ch4, _ = found["gases"]
    co2["mass"] = {"value": "2.949", "uncertainty": {"distribution": "lognormal", "sigma_g": "1.1"}}
    pedigree = {
        "distribution": "lognormal",
        "pedigree": [2, 3, 1, 1, 2],
        "basic_sigma_g": "1.2",
        "group": "wells",
    }
    ch4["mass"] = {"value": "0.0110", "uncertainty": pedigree}
    return found


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "uncertain.json"
    path.write_text(json.dumps(uncertain()), "utf-8")
    return str(path)


def test_both_widths_are_there_and_apart() -> None:
    answer = crosswalk.convert(uncertain(), to="PACT:3.0", draws=500, seed=1)
    bare = crosswalk.convert(EXAMPLE, to="PACT:3.0")
    assert (answer.guaranteed, answer.value, answer.class_) == (bare.guaranteed, bare.value, bare.class_)
    found = answer.uncertainty
    assert found is not None
    assert (found.draws, found.seed) == (500, 1)
    assert found.guaranteed is not None
    assert found.guaranteed.low.p5 is not None
    assert found.guaranteed.high.p95 is not None
    assert answer.guaranteed.low is not None
    assert found.guaranteed.low.p5 < answer.guaranteed.low
    assert [one.path for one in found.numbers] == ["total", "gases[0].mass", "gases[1].mass"]
    assert [(one.path, one.how) for one in found.moved] == [("gases[2].mass", "eased")]
    assert [one.about for one in found.rests_on] == ["ecoinvent-3"]


def test_a_file_that_states_some_says_so_until_it_is_asked() -> None:
    notes = [note.en for note in crosswalk.convert(uncertain(), to="PACT:3.0").notes]
    assert any("--draws" in note for note in notes)
    for answer in (
        crosswalk.convert(uncertain(), to="PACT:3.0", draws=10),
        crosswalk.convert(EXAMPLE, to="PACT:3.0"),
    ):
        assert not any("--draws" in note.en for note in answer.notes)


def test_nothing_to_draw_is_no_error() -> None:
    found = crosswalk.convert(EXAMPLE, to="PACT:3.0", draws=10).uncertainty
    assert found is not None
    assert found.numbers == ()
    assert found.guaranteed is not None
    assert found.guaranteed.contradicting == 0


@pytest.mark.parametrize(
    "asked", [{"draws": -1}, {"draws": 10**8}, {"draws": 5, "seed": -1}, {"gwp_ranges": True}, {"seed": 3}]
)
def test_draws_that_cannot_be_made(asked: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        crosswalk.convert(EXAMPLE, to="PACT:3.0", **asked)
    assert caught.value.code == "draws"


def test_plain_data_has_an_object_of_its_own() -> None:
    answer = crosswalk.convert(uncertain(), to="PACT:3.0", draws=50)
    plain = json.loads(json.dumps(answer.to_dict()))
    assert set(plain["guaranteed"]) == {"low", "high", "low_reason", "high_reason"}
    assert set(plain["uncertainty"]["guaranteed"]) == {
        "low",
        "high",
        "contradicting",
        "open_low",
        "open_high",
    }
    assert set(plain["uncertainty"]["guaranteed"]["low"]) == {"p5", "p50", "p95"}
    assert crosswalk.convert(EXAMPLE, to="PACT:3.0").to_dict()["uncertainty"] is None


def test_the_short_form_tells_both() -> None:
    shown = repr(crosswalk.convert(uncertain(), to="PACT:3.0", draws=50, seed=2))
    assert "rounding:" in shown
    assert "(50 draws, seed 2)" in shown


def test_the_report(file: str, run: Run) -> None:
    done = run("convert", file, "--to", "PACT:3.0", "--draws", "2000", "--seed", "1", "--gwp-ranges")
    assert done.code == 0, done.err
    head, _, rest = done.out.partition("UNCERTAINTY of the data")
    assert "rounding: 3.287 to 3.2939" in head
    body = " ".join(rest.partition("Class of the answer")[0].split())
    for words in (
        "2 000 draws, seed 1",
        "Another thing than the interval above",
        "percentile (kg CO2e per kg)",
        "how uncertain the effect on the climate is",
        "an outer bound, as the draws do not determine what each gas contributes",
        "50 % (median)",
        "total = 3.27: lognormal, σg 1.1303 above the median and 1.0989 below, from a range",
        "the sum of others",
        "by the pedigree matrix ecoinvent-3, moves with",
        "states no distribution; a part of a sum that is drawn",
        "ecoinvent-3: secondary source, clause unknown",
        "AR6-T7.15: N2O: secondary source, clause Table 7.15",
    ):
        assert words in body, words


def test_the_report_in_chinese(file: str, run: Run) -> None:
    done = run("convert", file, "--to", "PACT:3.0", "--draws", "200", "--lang", "zh")
    assert done.code == 0, done.err
    body = done.out.partition("数据的不确定性")[2].partition("结果类别")[0]
    for words in ("种子 0", "与上文的区间不同", "中位数", "对数正态", "据谱系矩阵", "未给分布", "取其自身者"):
        assert words in body.replace("\n", ""), words


def test_json_on_the_command_line_is_the_same_for_the_same_seed(file: str, run: Run) -> None:
    asked = ("convert", file, "--to", "PACT:3.0", "--format", "json", "--draws", "100", "--seed", "5")
    one, two = run(*asked), run(*asked)
    assert one.out == two.out
    found = json.loads(one.out)["uncertainty"]
    assert (found["draws"], found["seed"]) == (100, 5)


def test_contradicting_draws_are_told(tmp_path: Path, run: Run) -> None:
    ch4 = {"value": "0.08", "exact": True, "uncertainty": {"distribution": "lognormal", "sigma_g": "1.5"}}
    made = payload(gases=[{"gas": "CH4", "origin": "fossil", "mass": ch4}], gases_complete=False)
    path = tmp_path / "methane.json"
    path.write_text(json.dumps(made), "utf-8")
    done = run("convert", str(path), "--to", "GBT:24067-2024", "--draws", "1000")
    shown = " ".join(done.out.split())
    assert "of 1000 draws fit no inventory" in shown
    assert "at most 3.275, no lower bound" in shown


@pytest.mark.parametrize(
    ("draws", "words"), [("-3", "-3 draws with seed 0"), ("many", "not a valid integer")]
)
def test_wrong_numbers_of_draws(draws: str, words: str, run: Run) -> None:
    done = run("convert", str(EXAMPLE), "--to", "PACT:3.0", "--draws", draws)
    assert (done.code, words in done.err) == (2, True)


def test_a_broken_distribution_is_one_line(tmp_path: Path, run: Run) -> None:
    made = payload(total={"value": "3.27", "uncertainty": {"distribution": "lognormal", "sigma_g": "0.8"}})
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(made), "utf-8")
    done = run("convert", str(path), "--to", "PACT:3.0")
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "total.uncertainty.sigma_g" in done.err


def test_scipy_is_not_needed() -> None:
    script = (
        "import sys, crosswalk\n"
        f"made = {uncertain()!r}\n"
        "assert crosswalk.convert(made, to='PACT:3.0', draws=10, gwp_ranges=True).uncertainty\n"
        "assert 'scipy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=EXAMPLE.parents[1])


def test_answers_without_draws_are_as_before() -> None:
    answer = crosswalk.convert(EXAMPLE, to="PACT:3.0")
    assert isinstance(answer, Conversion)
    assert answer.uncertainty is None

"""What if an input were another: converted again, with what was before and how far it moved."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

import crosswalk
from crosswalk.errors import InputError, UnknownNameError, UsageError
from crosswalk.whatif import settings
from tests.conftest import Run
from tests.engine.conftest import footprint, total

ROOT = Path(__file__).resolve().parents[1]
SPLIT = ROOT / "examples" / "polyethylene.json"
TOTAL = ROOT / "examples" / "polyethylene-total-only.json"


def test_a_mass_moves_the_value_by_its_factor() -> None:
    """AR6 Table 7.15 gives fossil methane 29.8: 0.001 kg more is 0.0298 kg CO2e more."""
    found = crosswalk.convert(
        SPLIT, to="PACT:3.0", set={"gases[1].mass": "0.0120", "total": None}, catalogue=crosswalk.load()
    )
    assert found.changed is not None
    assert found.changed.before is not None
    assert found.changed.moved.value == pytest.approx(0.0298, rel=1e-9)
    assert [(c.path, c.before, c.after) for c in found.changed.changes] == [
        ("gases[1].mass", "0.0110", "0.0120"),
        ("total", "3.27", None),
    ]
    assert found.value == pytest.approx(2.949 + 0.012 * 29.8 + 0.00005 * 273, rel=1e-12)
    assert any("gases[1].mass" in note.en and "gases[1].mass" in note.zh for note in found.notes)


def test_what_if_of_an_answer_is_convert_with_set() -> None:
    plain = crosswalk.convert(SPLIT, to="PACT:3.0")
    again = plain.what_if({"method.gwp-set": "ar6-t715", "total": "3.29"})
    assert again == crosswalk.convert(
        SPLIT, to="PACT:3.0", set={"method.gwp-set": "ar6-t715", "total": "3.29"}
    )
    assert again.changed is not None
    assert again.changed.before is not None
    assert again.changed.before.value == plain.value
    assert again.what_if({"method.gwp-set": "ar5-28", "total": "3.27"}).value == plain.value


def test_an_answer_keeps_what_was_asked() -> None:
    assumed = crosswalk.convert(TOTAL, to="PACT:3.0", assume="fossil-polymer")
    again = assumed.what_if({"total": "3.00"})
    assert again.assumed is not None
    assert again.changed is not None
    low, high = again.changed.moved.assumed_low, again.changed.moved.assumed_high
    assert low is not None
    assert high is not None
    assert low < 0 > high
    assert again.changed.moved.value is None


def test_what_cannot_be_read_yet_says_why() -> None:
    payload = json.loads(SPLIT.read_text("utf-8"))
    del payload["declared_unit"]
    found = crosswalk.convert(payload, to="PACT:3.0", set={"declared_unit.unit": "kg"})
    assert found.answered
    assert found.changed is not None
    assert found.changed.before is None
    assert found.changed.reason is not None
    assert "declared_unit" in found.changed.reason.en


def test_a_change_that_makes_a_file_contradict_itself_is_told() -> None:
    found = crosswalk.convert(SPLIT, to="PACT:3.0", set={"total": "5.00"})
    assert found.inconsistencies
    assert found.changed is not None
    assert found.changed.moved == msgspec.structs.replace(found.changed.moved, value=None, low=None)


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"totl": "3"}, UnknownNameError, "set-path"),
        ({"stages.assembly": "3"}, UnknownNameError, "set-path"),
        ({"method.gwp": "ar6"}, UnknownNameError, "name-unknown"),
        ({"total": "three"}, InputError, "footprint-number"),
        ({"": "3"}, UsageError, "set-syntax"),
        ({"declared_unit": Decimal(3)}, InputError, "set-object"),
        ({"gases[7].mass": 3}, InputError, "set-entry"),
    ],
)
def test_a_slip_is_told(changes: dict[str, Any], error: type[Exception], code: str) -> None:
    with pytest.raises(error) as caught:
        crosswalk.convert(SPLIT, to="PACT:3.0", set=changes)
    assert getattr(caught.value, "code", None) == code


def test_a_footprint_made_by_hand_has_no_paths() -> None:
    made = footprint("GBT:24067-2024", [total("3.27")])
    with pytest.raises(UsageError) as caught:
        crosswalk.convert(made, to="PACT:3.0", set={"total": "3"})
    assert caught.value.code == "set-no-file"


def test_an_answer_rebuilt_from_plain_data_has_no_question() -> None:
    found = msgspec.structs.replace(crosswalk.convert(SPLIT, to="PACT:3.0"))
    with pytest.raises(UsageError) as caught:
        found.what_if({"total": "3"})
    assert caught.value.code == "set-no-question"


def test_one_of_several_footprints_has_to_be_named(tmp_path: Path) -> None:
    payload = json.loads(SPLIT.read_text("utf-8"))
    file = tmp_path / "two.json"
    file.write_text(json.dumps([payload, payload]), "utf-8")
    with pytest.raises(InputError) as caught:
        crosswalk.convert(file, to="PACT:3.0", set={"total": "3"})
    assert caught.value.code == "file-several"


def test_a_path_is_set_once() -> None:
    with pytest.raises(UsageError, match="set twice"):
        settings(["total=3", "total=4"])


# The command line


def test_the_report_shows_before_and_after(run: Run) -> None:
    done = run("convert", str(SPLIT), "--to", "PACT:3.0", "--set", "total=3.270", "--set", "gases.comment=a")
    assert (done.code, done.err) == (0, "")
    for text in ("What if", "total: 3.27 → 3.270", "before: 3.2904", "after: ", "change of the"):
        assert text in done.out
    chinese = run("convert", str(SPLIT), "--to", "PACT:3.0", "--set", "total=3.28", "--lang", "zh")
    assert "更改前：" in chinese.out


def test_json_holds_the_change(run: Run) -> None:
    done = run("convert", str(SPLIT), "--to", "PACT:3.0", "--set", "total=3.27±0", "--format", "json")
    found = json.loads(done.out)
    assert found["changed"]["changes"] == [{"path": "total", "before": "3.27", "after": "3.27 ± 0"}]
    assert found["changed"]["before"]["value"] == 3.29045
    assert "question" not in found
    plain = json.loads(run("convert", str(SPLIT), "--to", "PACT:3.0", "--format", "json").out)
    assert plain["changed"] is None


def test_every_footprint_of_a_file_is_changed(run: Run) -> None:
    payload = json.loads(SPLIT.read_text("utf-8"))
    text = json.dumps([payload, {**payload, "id": "other"}, {"crosswalk": "footprint/1"}]).encode()
    done = run("convert", "-", "--to", "PACT:3.0", "--set", "total=3.28", "--format", "json", stdin=text)
    found = json.loads(done.out)
    assert [one.get("changed", {}).get("changes", [{}])[0].get("after") for one in found] == [
        "3.28",
        "3.28",
        None,
    ]
    assert done.code == 2
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("setting", ["totl=3", "total", "total=x", "gases[9].mass=1", "gases.=1"])
def test_a_slip_is_one_line(run: Run, setting: str) -> None:
    done = run("convert", str(SPLIT), "--to", "PACT:3.0", "--set", setting)
    assert done.code == 2
    assert done.out == ""
    assert done.err.count("\n") == 1
    assert done.err.startswith("crosswalk: ")

"""The command: options, exit codes, what is printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import crosswalk
from crosswalk.commands import check
from tests.checking.works import Plain
from tests.conftest import Run


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the command asked to be judged by; judging is that of the tests."""
    found: list[tuple[Any, ...]] = []

    def work(*given: Any) -> Plain:
        found.append(given)
        return Plain(to=given[0] or "")

    monkeypatch.setattr(check, "work", work)
    return found


@pytest.fixture
def claims(tmp_path: Path) -> str:
    path = tmp_path / "claims.csv"
    path.write_text("id,regime,total,note\na,PACT:3.0,1,x\nb,ISO:14067-2018,2,x\nc,,3,x\nd,PACT:3.0,,x\n")
    return str(path)


def test_a_summary_goes_to_standard_error(run: Run, claims: str, tmp_path: Path) -> None:
    out = str(tmp_path / "v.parquet")
    done = run("check", claims, "--to", "PACT:3.0", "--out", out, "--workers", "1")
    assert (done.code, done.out) == (0, "")
    for text in (
        "4 rows: 3 judged, 1 could not be",
        "verdict: recognised 1, refused 1, undecided 1",
        "level: 1 2, 5 1",
        "R08:fail 1, R11:unknown 1",
        "errors by kind: no-total 1",
        "1 columns are not known and were left aside: note",
        "v.parquet.manifest.json",
    ):
        assert text in done.err
    assert pl.read_parquet(out).height == 3


def test_it_speaks_chinese(run: Run, claims: str, tmp_path: Path) -> None:
    done = run("check", claims, "--out", str(tmp_path / "v.csv"), "--lang", "zh")
    assert "共 4 行：已判定 3 行" in done.err
    done = run("check", claims, "--out", str(tmp_path / "v.csv"), "--lang", "zh")
    assert (done.code, "已经存在" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("on", "rows", "code"),
    [
        ("error", "a,PACT:3.0,1", 0),
        ("error", "a,PACT:3.0,", 1),
        ("refused", "a,ISO,1", 1),
        ("error", "a,ISO,1", 0),
        ("refused", "a,,1", 0),
        ("undecided", "a,,1", 1),
        ("conditional", "a,PACT:3.0,1", 0),
        ("conditional", "a,ISO,1", 1),
    ],
)
def test_it_fails_on_what_one_minds(run: Run, tmp_path: Path, on: str, rows: str, code: int) -> None:
    (tmp_path / "claims.csv").write_text(f"id,regime,total\n{rows}\n")
    done = run(
        "check", str(tmp_path / "claims.csv"), "--out", str(tmp_path / "v.csv"), "--fail-on", on, "--quiet"
    )
    assert (done.code, done.err) == (code, "")


def test_a_run_is_finished_as_of_the_day_it_was_begun(
    run: Run, claims: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[tuple[Any, ...]]
) -> None:
    from crosswalk.checking import run as module

    monkeypatch.setattr(module, "recorded", lambda _: {"as_of": "2026-01-31"})
    run("check", claims, "--out", str(tmp_path / "v.csv"), "--resume")
    run("check", claims, "--out", str(tmp_path / "w.csv"), "--as-of", "2026-02-01", "--assume", "eu")
    assert [one[1] for one in asked] == ["2026-01-31", "2026-02-01"]
    assert asked[1][2:] == (("eu",), (), "en")


def test_what_is_recorded_is_that_of_the_run(claims: str, tmp_path: Path) -> None:
    from crosswalk.checking.run import Order, recorded, run

    out = str(tmp_path / "v.csv")
    assert recorded(out) == {}
    run(Order(inputs=(claims,), out=out), Plain(to="ISO"))
    assert recorded(out) == {"to": "ISO", "knowledge": "1"}


@pytest.mark.parametrize("more", [("--engine", "other"), ("--workers", "0"), ("--fail-on", "level")])
def test_wrong_options_are_wrong_usage(run: Run, claims: str, tmp_path: Path, more: tuple[str, ...]) -> None:
    assert run("check", claims, "--out", str(tmp_path / "v.csv"), *more).code == 2


def test_an_encoding_that_was_found_out_is_noted(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes("id,regime,total\n聚乙烯,PACT:3.0,1\n".encode("gb18030"))
    done = run("check", str(path), "--out", str(tmp_path / "v.csv"))
    assert "not UTF-8, read as gb18030" in done.err


def test_lines_say_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    from crosswalk.checking.progress import Lines, Terminal

    lines = Lines("en", every=0.0)
    lines.start(200)
    lines.advance(50, 1000, kept=True)
    lines.advance(50, 2000)
    lines.stop()
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("1,000 rows (25 %)")
    assert said[1].startswith("3,000 rows (50 %)")
    bar = Terminal("zh")
    bar.start(10)
    bar.advance(10, 1)
    bar.stop()


ONE = (
    '{"id": "pe", "regime": "GBT:24067-2024", "claimed": "value", "total": 2.1, '
    '"verification": {"kind": "none"}}'
)


def told(run: Run, *arguments: str, stdin: str = "") -> Any:
    return run("check", *arguments, "--to", "ISO:14067-2018", "--as-of", "2026-11-22", stdin=stdin.encode())


def test_without_out_it_tells(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(ONE)
    done = told(run, str(tmp_path / "one.json"))
    assert (done.code, done.err) == (0, "")
    assert "NOT RECOGNISED" in done.out
    assert "[G4]" in done.out
    assert "不予认可" in told(run, str(tmp_path / "one.json"), "--lang", "zh").out


def test_json_comes_from_standard_input_too(run: Run) -> None:
    done = told(run, "-", "--format", "json", stdin=f"[{ONE}, {ONE.replace('pe', 'pp')}]")
    found = json.loads(done.out)
    assert [(one["row"], one["id"], one["verdict"]) for one in found["verdicts"]] == [
        (0, "pe", "refused"),
        (1, "pp", "refused"),
    ]


def test_files_of_several_kinds_are_numbered_through(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(ONE)
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "a.csv").write_text("id,regime,total\na,PACT:3.0,x\nb,PACT:3.0,1\n")
    (folder / "b.jsonl").write_text('{"id": "c", "regime": "PACT:3.0"}\n')
    (folder / "notes.txt").write_text("nothing")
    (tmp_path / "empty.csv").write_text("id,regime\n")
    done = told(run, str(folder), str(tmp_path / "empty.csv"), str(tmp_path / "one.json"), "--format", "json")
    found = json.loads(done.out)
    assert [(one["row"], one["id"]) for one in found["verdicts"]] == [(1, "b"), (2, "c"), (3, "pe")]
    assert [(one["row"], one["line"], one["field"]) for one in found["errors"]] == [(0, 2, "total")]


def test_a_footprint_stands_beside_its_claims(run: Run, tmp_path: Path) -> None:
    """A path is relative to the table, in JSON too."""
    example = Path(__file__).resolve().parents[2] / "examples" / "polyethylene.json"
    (tmp_path / "pe.json").write_bytes(example.read_bytes())
    (tmp_path / "c.json").write_text('{"footprint": "pe.json", "claimed": "value"}')
    (tmp_path / "c.csv").write_text("footprint,claimed\npe.json,value\n")
    for name in ("c.json", "c.csv"):
        found = json.loads(told(run, str(tmp_path / name), "--format", "json").out)
        assert found["errors"] == []
        assert found["verdicts"][0]["source"] == "GBT:24067-2024"
        assert found["verdicts"][0]["guaranteed"]["low"] > 3


@pytest.mark.parametrize(
    ("on", "code"),
    [("assessable", 0), ("reference", 0), ("rule", 1), ("label", 1), ("refused", 1), ("error", 0)],
)
def test_it_fails_on_a_level_not_reached(run: Run, on: str, code: int) -> None:
    assert told(run, "-", "--fail-on", on, stdin=ONE).code == code


def test_a_claim_that_names_nothing_is_below_every_level(run: Run) -> None:
    assert told(run, "-", "--fail-on", "assessable", stdin='{"claimed": "value"}').code == 1


def test_options_of_a_run_need_an_output(run: Run) -> None:
    done = told(run, "-", "--resume", "--workers", "2", stdin=ONE)
    assert done.code == 2
    assert "--workers, --resume" in done.err
    assert "--out" in done.err


def test_levels_are_those_of_the_knowledge() -> None:
    levels = crosswalk.load().recognition.levels.values()
    assert tuple(one.code for one in sorted(levels, key=lambda one: one.rank)) == check._LEVELS


def test_a_folder_here_is_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written without --out, so that nothing is passed over as written before."""
    monkeypatch.chdir(tmp_path)
    Path("tables").mkdir()
    Path("tables/a.csv").write_text("id,regime\na,PACT:3.0\n")
    found = json.loads(told(run, "tables", "--format", "json").out)
    assert [one["id"] for one in found["verdicts"]] == ["a"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", "[1]", "no claim"),
        ("a.json", '{"crosswalk": "footprint/1", "total": "1"}', '{"footprint": "..."'),
        ("a.json", '{"regime"', "not valid JSON"),
        ("a.csv", "", "empty"),
        ("a.csv", "x,y\n1,2\n", "no column is known"),
        ("a.txt", "x", ".jsonl"),
        (None, "", "no such file"),
    ],
)
def test_what_cannot_be_read_is_named(
    run: Run, tmp_path: Path, name: str | None, content: str, said: str
) -> None:
    path = tmp_path / (name or "none.csv")
    if name:
        path.write_text(content)
    for lang in ("en", "zh"):
        done = told(run, str(path), "--lang", lang)
        assert (done.code, done.out) == (2, "")
        assert path.name in done.err
        assert lang == "zh" or said in done.err


def test_a_table_without_rows_has_no_claims(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,regime\n")
    done = told(run, str(tmp_path / "a.csv"))
    assert (done.code, done.err) == (0, "")
    assert "no claims" in done.out


def test_an_encoding_may_be_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("id,regime\nmü,PACT:3.0\n".encode("latin-1"))
    found = json.loads(told(run, str(tmp_path / "a.csv"), "--encoding", "latin-1", "--format", "json").out)
    assert found["verdicts"][0]["id"] == "mü"

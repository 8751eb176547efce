"""Whole runs in this process: every format in and out, rows accounted for, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crosswalk.checking import chunks
from crosswalk.checking.run import Order, run
from crosswalk.errors import CrosswalkError, InputError, KnowledgeError, UsageError
from tests.checking.works import Failing, Forgetful, Fragile, Plain

REGIMES = ("PACT:3.0", "ISO:14067-2018", "GBT:24067-2024")
ROWS = [
    {
        "id": f"c{n}",
        "regime": REGIMES[n % 3],
        "total": None if n % 7 == 3 else f"{n}.50",
        "note": "left aside",
    }
    for n in range(100)
]
#: Reckoned from ROWS by hand: 14 of 100 have no total.
FAILED = [n for n in range(100) if n % 7 == 3]
VERDICTS = {
    "recognised": sum(n % 3 == 0 and n % 7 != 3 for n in range(100)),
    "refused": sum(n % 3 == 1 and n % 7 != 3 for n in range(100)),
    "undecided": sum(n % 3 == 2 and n % 7 != 3 for n in range(100)),
}


def write(path: Path, rows: list[dict[str, Any]] | None = None) -> str:
    frame = pl.DataFrame(ROWS if rows is None else rows)
    if path.suffix == ".csv":
        frame.write_csv(path)
    elif path.suffix == ".jsonl":
        frame.write_ndjson(path)
    else:
        frame.write_parquet(path, row_group_size=17)
    return str(path)


def order(tmp_path: Path, *inputs: str, out: str = "verdicts.parquet", **more: Any) -> Order:
    return Order(inputs=inputs, out=str(tmp_path / out), **{"workers": 2, **more})


def small(monkeypatch: pytest.MonkeyPatch, rows: int = 13) -> None:
    monkeypatch.setattr(chunks, "ROWS", rows)
    monkeypatch.setattr(chunks, "TEXT_ROWS", rows)


def read(path: str | Path) -> pl.DataFrame:
    suffix = Path(path).suffix
    if suffix == ".csv":
        return pl.read_csv(path, infer_schema=False)
    return pl.read_ndjson(path) if suffix == ".jsonl" else pl.read_parquet(path)


def digest(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.relative_to(folder).parts[0].startswith("verdicts")
    }


@pytest.mark.parametrize("given", ["claims.csv", "claims.jsonl", "claims.parquet"])
@pytest.mark.parametrize("out", ["verdicts.parquet", "verdicts.csv", "verdicts.jsonl", "verdicts"])
def test_rows_in_are_verdicts_and_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, out: str
) -> None:
    if given.endswith("csv"):
        # More than one part, and so processes; the others are judged in this one.
        small(monkeypatch, 40)
    made = run(order(tmp_path, write(tmp_path / given), out=out), Plain())
    assert (made.rows, made.verdicts, made.failed) == (100, 86, 14)
    assert made.counts["verdict"] == VERDICTS
    assert made.counts["reasons"] == {
        "": 86 - VERDICTS["refused"],
        "R08:fail": VERDICTS["refused"],
        "R11:unknown": VERDICTS["refused"],
    }
    assert made.codes == {"no-total": 14}
    assert [(one.count, one.names) for one in made.unused] == [(1, ("note",))]
    verdicts = read(tmp_path / out)
    assert [int(n) for n in verdicts["row"]] == [n for n in range(100) if n not in FAILED]
    assert verdicts["id"].to_list() == [f"c{n}" for n in range(100) if n not in FAILED]
    assert [float(x) for x in verdicts["low"].to_list()] == [
        (n + 0.5) * 0.9 for n in range(100) if n not in FAILED
    ]
    errors = read(tmp_path / f"{out}.errors.csv")
    assert [int(n) for n in errors["row"]] == FAILED
    offset = 2 if given.endswith("csv") else 1
    assert [int(n) for n in errors["line"]] == [n + offset for n in FAILED]
    assert set(errors["file"]) == {str(tmp_path / given)}
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {given, out, f"{out}.errors.csv", f"{out}.manifest.json"}


def test_the_manifest_says_what_was_read_and_written(tmp_path: Path) -> None:
    given = write(tmp_path / "claims.csv")
    run(order(tmp_path, given), Plain())
    said = json.loads((tmp_path / "verdicts.parquet.manifest.json").read_text())
    assert said["run"]["inputs"][0]["sha256"] == hashlib.sha256(Path(given).read_bytes()).hexdigest()
    assert said["run"]["work"] == {"knowledge": "1", "to": "PACT:3.0"}
    for one in said["outputs"]:
        data = (tmp_path / one["path"]).read_bytes()
        assert (one["sha256"], one["size"]) == (hashlib.sha256(data).hexdigest(), len(data))


def test_several_inputs_count_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "b.csv")
    write(folder / "a.parquet")
    (folder / "_SUCCESS").write_text("")
    other = write(tmp_path / "z.jsonl")
    made = run(order(tmp_path, other, str(folder)), Plain())
    assert [Path(one.path).name for one in made.run.inputs] == ["z.jsonl", "a.parquet", "b.csv"]
    errors = read(tmp_path / "verdicts.parquet.errors.csv")
    assert [int(n) for n in errors["row"]] == [n + shift for shift in (0, 100, 200) for n in FAILED]
    assert [int(n) for n in errors["line"]] == [n + shift for shift in (1, 1, 2) for n in FAILED]
    pattern = run(order(tmp_path, str(tmp_path / "in" / "*.csv"), out="two.csv"), Plain())
    assert pattern.rows == 100


def test_folders_of_a_partitioned_data_set_are_columns(tmp_path: Path) -> None:
    for regime in ("PACT:3.0", "ISO:14067-2018"):
        folder = tmp_path / "in" / f"regime={regime.replace(':', '%3A')}"
        folder.mkdir(parents=True)
        pl.DataFrame({"id": ["a"], "total": [1.0]}).write_parquet(folder / "x.parquet")
    run(order(tmp_path, str(tmp_path / "in")), Plain())
    assert read(tmp_path / "verdicts.parquet")["source"].to_list() == ["ISO:14067-2018", "PACT:3.0"]


@pytest.mark.parametrize("given", ["claims.csv", "claims.jsonl", "claims.parquet"])
@pytest.mark.parametrize("out", ["verdicts.parquet", "verdicts.csv"])
def test_workers_change_no_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, out: str
) -> None:
    small(monkeypatch, 30)
    path = write(tmp_path / given)
    found = []
    for workers in (1, 3):
        folder = tmp_path / str(workers)
        folder.mkdir()
        run(order(folder, path, out=out, workers=workers), Plain())
        found.append(digest(folder))
    assert found[0] == found[1]
    assert len(found[0]) == 3


def test_formats_give_the_same_verdicts(tmp_path: Path) -> None:
    found = []
    for given in ("claims.csv", "claims.jsonl", "claims.parquet"):
        out = f"{given}.of.parquet"
        run(order(tmp_path, write(tmp_path / given), out=out), Plain())
        found.append(read(tmp_path / out))
    assert found[0].equals(found[1])
    assert found[0].equals(found[2])


def test_digits_and_odd_cells_come_through(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(
        b'\xef\xbb\xbf"id",regime,total\r\n"a\nb",PACT:3.0,2.30\r\n=1+1,PACT:3.0,1e3\r\n'
        b'"=HYPERLINK(""x"")",PACT:3.0,1\r\n\r\n-5,PACT:3.0,1\r\n+86 10,PACT:3.0,1\r\n'
        b'"@cmd, ""y""",PACT:3.0,1'
    )
    made = run(order(tmp_path, str(path), out="v.csv"), Plain())
    assert (made.rows, made.failed) == (6, 0)
    whole = read(tmp_path / "v.csv")["id"].to_list()
    assert whole == ["a\nb", "'=1+1", '\'=HYPERLINK("x")', "-5", "'+86 10", '\'@cmd, "y"']
    run(order(tmp_path, str(path), out="v.jsonl"), Plain())
    assert read(tmp_path / "v.jsonl")["id"].to_list() == [
        "a\nb",
        "=1+1",
        '=HYPERLINK("x")',
        "-5",
        "+86 10",
        '@cmd, "y"',
    ]


def test_no_rows_make_an_empty_output(tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_text("id,regime,total\n")
    for out in ("v.parquet", "v.csv", "v.jsonl", "v"):
        made = run(order(tmp_path, str(tmp_path / "claims.csv"), out=out), Plain())
        assert (made.rows, made.verdicts, made.failed, made.codes) == (0, 0, 0, {})
    assert read(tmp_path / "v.parquet").columns == read(tmp_path / "v.csv").columns
    assert read(tmp_path / "v.parquet").height == 0
    assert (tmp_path / "v.jsonl").read_text() == ""


def test_errors_go_where_they_are_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    given = write(tmp_path / "claims.csv")
    for name in ("e.parquet", "e.jsonl"):
        run(order(tmp_path, given, out=f"{name}.parquet", errors=str(tmp_path / name)), Plain())
        assert [int(n) for n in read(tmp_path / name)["row"]] == FAILED
    good = write(tmp_path / "good.csv", [{"id": "a", "regime": "x", "total": "1"}])
    run(order(tmp_path, good, out="g.csv", errors=str(tmp_path / "g.parquet")), Plain())
    assert read(tmp_path / "g.parquet").height == 0


def test_a_row_that_judging_breaks_on_costs_itself(tmp_path: Path) -> None:
    rows = [
        {"id": "broken" if n in (3, 70) else "fine", "regime": "PACT:3.0", "total": "1"} for n in range(99)
    ]
    made = run(order(tmp_path, write(tmp_path / "claims.csv", rows)), Fragile())
    assert (made.rows, made.verdicts, made.codes) == (99, 97, {"check-row-judging": 2})
    errors = read(tmp_path / "verdicts.parquet.errors.csv")
    assert errors["row"].to_list() == ["3", "70"]
    assert "ValueError: this one breaks" in errors["reason"][0]


def test_a_lost_row_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="lost or doubled"):
        run(order(tmp_path, write(tmp_path / "claims.csv")), Forgetful())
    assert not (tmp_path / "verdicts.parquet").exists()


def test_a_process_that_dies_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    given = write(tmp_path / "claims.csv")
    work = Failing(marker=str(tmp_path / "died"), at=50, dies=True)
    made = run(order(tmp_path, given), work)
    assert (tmp_path / "died").exists()
    assert (made.rows, made.counts["verdict"]) == (100, VERDICTS)
    run(order(tmp_path, given, out="again.parquet"), Plain())
    assert (tmp_path / "again.parquet").read_bytes() == (tmp_path / "verdicts.parquet").read_bytes()


def test_processes_that_keep_dying_end_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, 50)
    work = Failing(marker=str(tmp_path / "died"), at=50, dies=True, always=True)
    with pytest.raises(UsageError, match="died 3 times"):
        run(order(tmp_path, write(tmp_path / "claims.csv")), work)


def test_what_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    given = write(tmp_path / "claims.csv")
    run(order(tmp_path, given), Plain())
    before = digest(tmp_path)
    with pytest.raises(UsageError, match="--overwrite"):
        run(order(tmp_path, given), Plain())
    with pytest.raises(UsageError, match="another run; these have changed: to"):
        run(order(tmp_path, given, resume=True), Plain(to="ISO"))
    assert run(order(tmp_path, given, resume=True), Plain()).rows == 100
    assert digest(tmp_path) == before
    assert run(order(tmp_path, given, overwrite=True), Plain(to="ISO")).run.work["to"] == "ISO"
    (tmp_path / "verdicts.parquet").write_bytes(b"damaged")
    with pytest.raises(UsageError, match="--overwrite"):
        run(order(tmp_path, given, resume=True), Plain(to="ISO"))
    folder = order(tmp_path, given, out="verdicts")
    assert (
        run(folder, Plain()).rows == run(order(tmp_path, given, out="verdicts", overwrite=True), Plain()).rows
    )


@pytest.mark.parametrize(
    ("out", "more", "says"),
    [
        ("missing/v.csv", {}, "make it first"),
        ("v.xlsx", {}, "are written as"),
        ("claims.csv", {"overwrite": True}, "another name"),
        ("v.csv", {"errors": "v.csv"}, "another name"),
        ("v.csv", {"errors": "claims.csv"}, "another name"),
    ],
)
def test_outputs_that_cannot_be(tmp_path: Path, out: str, more: dict[str, Any], says: str) -> None:
    given = write(tmp_path / "claims.csv")
    if "errors" in more:
        more = {"errors": str(tmp_path / more["errors"])}
    with pytest.raises(UsageError, match=says):
        run(order(tmp_path, given, out=out, **more), Plain())
    assert Path(given).read_text().count("\n") == 101


def test_an_input_that_changes_meanwhile_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crosswalk.checking import run as module

    given = write(tmp_path / "claims.parquet")
    really = module._execute

    def changing(*arguments: Any) -> Any:
        found = really(*arguments)
        write(Path(given), ROWS[:99])
        return found

    monkeypatch.setattr(module, "_execute", changing)
    with pytest.raises(InputError, match="changed while it was read"):
        run(order(tmp_path, given), Plain())
    assert not (tmp_path / "verdicts.parquet").exists()


def test_every_refusal_is_in_chinese_too(tmp_path: Path) -> None:
    with pytest.raises(CrosswalkError) as caught:
        run(order(tmp_path, str(tmp_path / "none.csv")), Plain())
    assert "没有此文件" in caught.value.message("zh")
    assert isinstance(caught.value, InputError)


def test_folders_of_others_are_never_replaced(tmp_path: Path) -> None:
    given = write(tmp_path / "claims.csv")
    for name in ("verdicts", "v.csv.parts"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "thesis.txt").write_text("mine")
        with pytest.raises(UsageError, match=r"thesis\.txt"):
            run(order(tmp_path, given, out=name.removesuffix(".parts"), overwrite=True), Plain())
        assert (tmp_path / name / "thesis.txt").read_text() == "mine"


def test_a_part_changed_under_our_hands_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crosswalk.checking import run as module

    small(monkeypatch, 40)
    given = write(tmp_path / "claims.csv")
    really = module._execute

    def changing(*arguments: Any) -> Any:
        found = really(*arguments)
        (tmp_path / "verdicts.csv.parts" / "000002.csv").write_text("1,other\n")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(module, "_execute", changing)
        with pytest.raises(UsageError, match="was changed after it was written"):
            run(order(tmp_path, given, out="verdicts.csv"), Plain())
    assert run(order(tmp_path, given, out="verdicts.csv", resume=True), Plain()).verdicts == 86

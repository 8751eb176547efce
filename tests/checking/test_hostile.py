"""Tables that are broken, huge, or meant ill: each costs no more than it must, and nothing is lost unsaid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crosswalk.checking import chunks, reading, records
from crosswalk.checking.inputs import sources
from crosswalk.checking.run import Order, run
from crosswalk.errors import InputError, UsageError
from tests.checking.works import Plain

HEAD = b"id,regime,total\n"


def checked(tmp_path: Path, data: bytes, name: str = "claims.csv", **more: Any) -> tuple[Any, Any, Any]:
    """The manifest, the verdicts and the errors of a file."""
    (tmp_path / name).write_bytes(data)
    out = tmp_path / "v.parquet"
    made = run(
        Order(inputs=(str(tmp_path / name),), out=str(out), workers=1, overwrite=True, **more), Plain()
    )
    errors = pl.read_csv(tmp_path / "v.parquet.errors.csv", infer_schema=False)
    assert made.rows == made.verdicts + made.failed
    return made, pl.read_parquet(out), errors


def told(errors: pl.DataFrame) -> list[tuple[int, int, str]]:
    return [(int(a), int(b), c) for a, b, c in errors.select("row", "line", "code").iter_rows()]


def test_ragged_rows_are_named_by_their_lines(tmp_path: Path) -> None:
    data = HEAD + b'a,"x\ny",1\nb,x\nc,x,1,\n\nd,x,1\n'
    made, verdicts, errors = checked(tmp_path, data)
    assert verdicts["id"].to_list() == ["a", "d"]
    assert verdicts["row"].to_list() == [0, 3]
    assert told(errors) == [(1, 4, "check-row-ragged"), (2, 5, "check-row-ragged")]
    assert errors["reason"].to_list() == [
        "2 fields where the header has 3",
        "4 fields where the header has 3",
    ]
    assert made.codes == {"check-row-ragged": 2}


def test_a_stray_quote_costs_its_row(tmp_path: Path) -> None:
    data = HEAD + b'a,5" pipe,1\nb,x,1\n"c,x,1\nd,x,1\n"e,""",x,1\n'
    _, verdicts, errors = checked(tmp_path, data)
    assert verdicts["id"].to_list() == ["b", "d", 'e,"']
    assert told(errors) == [(0, 2, "check-row-quotes"), (2, 4, "check-row-quotes")]


def test_nul_bytes_and_broken_text_cost_their_rows(tmp_path: Path) -> None:
    data = "﻿id,regime,total\n好,x,1\n".encode() + b"a\0,x,1\nb\xff,x,1\nc,x,1\n"
    _, verdicts, errors = checked(tmp_path, data)
    assert verdicts["id"].to_list() == ["好", "c"]
    assert told(errors) == [(1, 3, "check-row-nul"), (2, 4, "check-row-encoding")]


def test_chinese_from_excel_is_read_and_noted(tmp_path: Path) -> None:
    text = "id,regime,total\n聚乙烯颗粒,PACT:3.0,1\n,PACT:3.0,2\n钢,PACT:3.0,3\n"
    made, verdicts, _ = checked(tmp_path, text.encode("gb18030"))
    assert verdicts["id"].to_list() == ["聚乙烯颗粒", None, "钢"]
    assert made.run.inputs[0].encoding == "gb18030"


@pytest.mark.parametrize("name", ["Müller", "Nestlé S.A.", "Société Générale", "Ångström Øl"])
def test_latin_letters_are_never_read_as_chinese(tmp_path: Path, name: str) -> None:
    data = HEAD + f"{name},x,1\n".encode("latin-1")
    with pytest.raises(InputError, match="--encoding"):
        checked(tmp_path, data)
    _, verdicts, _ = checked(tmp_path, data, encoding="latin-1")
    assert verdicts["id"].to_list() == [name]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        ("id,total\na,1\n".encode("utf-16"), "UTF-16"),
        (b"id,total\ra,1\rb,2\r", "carriage returns"),
        (b"name,weight\na,1\n", "no column is known"),
        (b"id,total,id\na,1,b\n", '"id" stands in the table twice'),
        (b'id,"total\na,1\n', "not a header"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\n", "not|known"),
    ],
)
def test_files_that_cannot_be_are_refused_before_anything(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        checked(tmp_path, data)
    assert not list(tmp_path.glob("v.parquet*"))


def test_columns_not_known_may_stand_twice(tmp_path: Path) -> None:
    made, verdicts, _ = checked(tmp_path, b"x,id,x,total\n1,a,2,3\n")
    assert verdicts["id"].to_list() == ["a"]
    assert made.unused[0].names == ("x",)


def test_a_file_twice_and_files_that_are_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(HEAD)
    with pytest.raises(UsageError, match="given twice"):
        sources([str(path), str(tmp_path)], Plain(), out="v.parquet")
    (tmp_path / "b.xlsx").write_bytes(b"PK")
    with pytest.raises(InputError, match="not a table"):
        sources([str(tmp_path / "b.xlsx")], Plain(), out="v.parquet")
    (tmp_path / "c.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match="not a Parquet file"):
        sources([str(tmp_path / "c.parquet")], Plain(), out="v.parquet")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no table"):
        sources([str(tmp_path / "empty")], Plain(), out="v.parquet")


def test_a_hundred_thousand_columns(tmp_path: Path) -> None:
    wide = ",".join(f"c{n}" for n in range(100_000)).encode()
    row = b",".join([b"12"] * 100_000)
    lines = [b"id," + wide + b",total"] + [b"a%d,%s,%d" % (n, row, n) for n in range(20)]
    lines.append(b"short," + row)
    made, verdicts, errors = checked(tmp_path, b"\n".join(lines))
    assert verdicts["id"].to_list() == [f"a{n}" for n in range(20)]
    assert told(errors) == [(20, 22, "check-row-ragged")]
    assert (made.unused[0].count, len(made.unused[0].names)) == (100_000, 100)


def test_a_hundred_thousand_columns_of_parquet(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["a"], "total": [1.5], **{f"c{n}": [n] for n in range(100_000)}})
    path = tmp_path / "wide.parquet"
    frame.write_parquet(path, statistics=False)
    made = run(Order(inputs=(str(path),), out=str(tmp_path / "v.csv")), Plain())
    assert (made.verdicts, made.unused[0].count) == (1, 100_000)


def test_a_hundred_thousand_names_of_json(tmp_path: Path) -> None:
    row = {"id": "a", **{f"c{n}": n for n in range(100_000)}, "total": 1}
    made, verdicts, _ = checked(tmp_path, json.dumps(row).encode(), "claims.jsonl")
    assert verdicts["id"].to_list() == ["a"]
    assert made.unused[0].count == 100_000


@pytest.mark.parametrize("name", ["claims.csv", "claims.jsonl"])
def test_rows_and_values_too_long_cost_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(records, "_BLOCK", 1000)
    sizes = {"a": 10, "value": reading.LARGEST + 1, "row": records.LONGEST, "b": 10}
    if name.endswith("csv"):
        rows = [f"{one},{'x' * size},1" for one, size in sizes.items()]
        data = HEAD.decode() + "\n".join(rows)
    else:
        data = "\n".join(
            json.dumps({"id": one, "regime": "x" * size, "total": 1}) for one, size in sizes.items()
        )
    made, verdicts, errors = checked(tmp_path, data.encode(), name)
    first = 2 if name.endswith("csv") else 1
    assert verdicts["id"].to_list() == ["a", "b"]
    assert verdicts["row"].to_list() == [0, 3]
    assert told(errors) == [(1, first + 1, "check-value-long"), (2, first + 2, "check-row-long")]
    assert errors["field"].to_list() == ["regime", None]
    assert made.rows == 4


def test_values_of_parquet_too_long_cost_their_rows(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["a", "x" * (reading.LARGEST + 1), "b"], "total": [1, 2, 3]})
    frame.write_parquet(tmp_path / "claims.parquet")
    run(Order(inputs=(str(tmp_path / "claims.parquet"),), out=str(tmp_path / "v.csv")), Plain())
    assert pl.read_csv(tmp_path / "v.csv")["row"].to_list() == [0, 2]


#: A line of JSONL that costs itself, and why.
BROKEN = {
    '{"id": "a", "total": 1': "check-row-json",
    '["a", 1]': "check-row-object",
    '{"id": "a", "id": "b", "total": 1}': "check-row-twice",
    '{"product": {"name": "a"}, "product.name": "b", "total": 1}': "check-row-twice",
    '{"id": "a", "total": NaN}': "check-row-number",
    '{"id": "\\ud800", "total": 1}': "check-row-surrogate",
    '{"databases": [["a"]], "total": 1}': "check-row-nested",
    '{"databases": ["a;b"], "total": 1}': "check-row-semicolon",
    '{"x": ' + "[" * 100_000 + "]" * 100_000 + "}": "check-row-deep",
    '{"id": "a\0"}': "check-row-nul",
    '{"id": null, "total": {"value": 1}}': "no-total",
}


def test_broken_lines_of_json_cost_themselves(tmp_path: Path) -> None:
    good = '{"id": %d, "total": 2.30, "product": {"name": "p"}, "databases": ["x", "y"]}'
    lines = [text for n, bad in enumerate(BROKEN) for text in (good % n, bad)]
    made, verdicts, errors = checked(tmp_path, "\n".join(lines).encode(), "claims.jsonl")
    assert verdicts["id"].to_list() == [str(n) for n in range(len(BROKEN))]
    assert errors["code"].to_list() == list(BROKEN.values())
    assert [int(n) for n in errors["line"]] == [2 * n + 2 for n in range(len(BROKEN))]
    assert made.verdicts == made.failed == len(BROKEN)


def test_mixed_types_in_a_column_are_text(tmp_path: Path) -> None:
    values = ["1", '"2.30"', "true", "null", "1e3", '"n/a"', "12345678901234567890.5"]
    lines = "\n".join(f'{{"id": "r", "total": {one}}}' for one in values)
    (tmp_path / "claims.jsonl").write_text(lines)
    source = sources([str(tmp_path / "claims.jsonl")], Plain(), out="v.csv")
    chunk = next(chunks.chunks(source))
    raw = reading.read(chunk, source[0], Plain()).raw
    assert raw["total"].to_list() == ["1", "2.30", "true", None, "1e3", "n/a", "12345678901234567890.5"]


def test_structures_of_parquet_are_dotted_names(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"id": ["a"], "total": [1.5], "product": [{"name": "p", "more": {"x": 1}}], "databases": [["x", "y"]]}
    )
    frame.write_parquet(tmp_path / "claims.parquet")
    source = sources([str(tmp_path / "claims.parquet")], Plain(), out="v.csv")
    raw = reading.read(next(chunks.chunks(source)), source[0], Plain()).raw
    assert raw.to_dicts() == [{"id": "a", "total": 1.5, "product.name": "p", "databases": ["x", "y"]}]
    assert source[0].unused == ("product.more.x",)


def test_a_row_group_larger_than_a_chunk_is_read_in_slices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 700)
    frame = pl.DataFrame({"id": [str(n) for n in range(5000)], "total": [1.0] * 5000})
    frame.write_parquet(tmp_path / "claims.parquet", row_group_size=1000)
    source = sources([str(tmp_path / "claims.parquet")], Plain(), out="v.csv")
    found = [reading.read(one, source[0], Plain()) for one in chunks.chunks(source)]
    assert [one.raw.height for one in found] == [700] * 7 + [100]
    assert pl.concat([one.raw for one in found])["id"].to_list() == frame["id"].to_list()
    assert found[-1].lines.tolist() == list(range(4901, 5001))


def test_rows_of_json_with_other_names_each_keep_their_places(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "a", "total": 1},
        {"total": 2, "id": "b", "place": "CN", "product": {"name": "p"}},
        {"id": "c", "total": 3, "place": "DE", "databases": ["x", 1, None], "unknown": [{"deep": 1}]},
        {},
        {"product.name": "q", "total": 5, "databases": []},
        {"id": "a", "total": 6},
    ]
    (tmp_path / "claims.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    source = sources([str(tmp_path / "claims.jsonl")], Plain(), out="v.csv")
    found = reading.read(next(chunks.chunks(source)), source[0], Plain())
    assert found.raw.to_dict(as_series=False) == {
        "id": ["a", "b", "c", None, None, "a"],
        "total": ["1", "2", "3", None, "5", "6"],
        "place": [None, "CN", "DE", None, None, None],
        "product.name": [None, "p", None, None, "q", None],
        "databases": [None, None, "x;1", None, None, None],
    }
    assert found.unused == ("unknown",)


def test_what_is_known_is_asked_once_a_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def columns(self: Plain, names: list[str]) -> list[str]:
        asked.append(len(names))
        return [name for name in names if name == "id"]

    monkeypatch.setattr(Plain, "columns", columns)
    row = {"id": "a", "nested": {f"c{n}": n for n in range(1000)}}
    (tmp_path / "claims.jsonl").write_text("\n".join(json.dumps(row) for _ in range(50)))
    source = sources([str(tmp_path / "claims.jsonl")], Plain(), out="v.csv")
    asked.clear()
    found = reading.read(next(chunks.chunks(source)), source[0], Plain())
    assert (found.raw.height, len(found.unused), asked) == (50, 1000, [1001])


def test_the_order_of_inputs_is_part_of_a_run() -> None:
    from crosswalk.checking.manifest import Identity, Input, changes

    one, two = (Input(path=name, format="csv", size=1, sha256=name) for name in "ab")
    empty: dict[str, Any] = {"work": {}, "options": {}, "versions": {}, "sizes": {}}
    first, second = Identity(inputs=(one, two), **empty), Identity(inputs=(two, one), **empty)
    assert changes(first, second) == ["inputs"]
    assert changes(first, Identity(inputs=(one,), **empty)) == ["b"]

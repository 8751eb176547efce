"""One door: what is wrong with a table is said by file, row and column, and costs no other row."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.errors import InputError
from crosswalk.factors.load import _known, load_factors
from crosswalk.factors.read import parse_table
from crosswalk.factors.rows import COLUMNS
from tests.factors.conftest import GOOD, HEADER

Write = Callable[..., Path]
CELLS = dict(zip(HEADER.split(","), GOOD.split(","), strict=True))


def row(**changed: str) -> str:
    cells = {**CELLS, "code": "mine.2", **changed}
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells.values())


def test_a_good_table_is_read_whole(table: Write) -> None:
    base = load_factors([table(GOOD)])
    assert base.faults == ()
    mine = next(one for one in base.factors if one.code == "mine.1")
    assert (mine.kind, mine.subject, mine.gas, mine.counts, mine.per, mine.rank) == (
        *("electricity-co2-emission-factor", "grid-average", "CO2", "mass of CO2", "energy"),
        0,
    )
    assert mine.label.zh == "mine.1"
    assert mine.default


@pytest.mark.parametrize(
    ("changed", "column", "part"),
    [
        ({"code": ""}, "code", "empty"),
        ({"source": " "}, "source", "empty"),
        ({"value": ""}, "value", "empty"),
        ({"value": "0,6"}, "value", "with a point"),
        ({"value": "1e999"}, "value", "number"),
        ({"value": "nan"}, "value", "number"),
        ({"value": "٣"}, "value", "number"),
        ({"value": "1" * 60}, "value", "number"),
        ({"value": "-0.6"}, "value", "sign"),
        ({"low": "0.7"}, "low", "above the value"),
        ({"high": "0.5"}, "high", "below the value"),
        ({"year": "23"}, "year", "four digits"),
        ({"place": "Shangdong"}, "place", "CN-SD (Shandong)"),
        ({"quantity_kind": "electricity-co2-factor"}, "quantity_kind", "electricity-co2-emission-factor"),
        ({"unit": "kg/kWh"}, "unit", "kg CO2e"),
        ({"unit": "kg CO2"}, "unit", "per another"),
        ({"unit": "kg CO2/ton"}, "unit", "ton"),
        ({"unit": "kg CO2/stone"}, "unit", "stone"),
        ({"unit": "kg CO2e/kWh"}, "unit", "not a unit of electricity-co2-emission-factor"),
        ({"unit": "kg CO2/t"}, "unit", "energy"),
        ({"gas": "CO2e"}, "gas", "contradicts the unit"),
        ({"gwp_set": "EF3.1"}, "gwp_set", "leave it empty"),
        ({"boundary": "life-cycle"}, "boundary", "generation"),
        ({"boundary": ""}, "boundary", "generation, consumption"),
        ({"origin": "volcanic"}, "origin", "fossil"),
        ({"default": "perhaps"}, "default", "yes nor no"),
    ],
)
def test_a_fault_names_row_and_column(table: Write, changed: dict[str, str], column: str, part: str) -> None:
    path = table(GOOD, row(**changed), row(code="mine.3", year="2022"))
    base = load_factors([path])
    assert {one.code for one in base.factors if one.rank == 0} == {"mine.1", "mine.3"}
    assert {(fault.row, fault.column) for fault in base.faults} == {(3, column)}
    (fault,) = base.faults
    assert fault.show().startswith(f"{path}:3: {column}: ")
    assert part in fault.show()
    assert "；" in fault.message.zh


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"quantity_kind": "electricity-ch4-emission-factor", "unit": "g CH4/kWh"}, "origin"),
        ({"quantity_kind": "electricity-carbon-footprint-factor", "unit": "kg CO2e/kWh"}, "boundary"),
        (
            {
                "quantity_kind": "electricity-carbon-footprint-factor",
                "unit": "kg CO2e/kWh",
                "boundary": "life-cycle",
                "gwp_set": "AR6",
            },
            "gwp_set",
        ),
        (
            {
                "quantity_kind": "oxidation-fraction",
                "subject": "coal",
                "unit": "kg C/kg C",
                "boundary": "",
                "value": "98",
            },
            "value",
        ),
        (
            {
                "quantity_kind": "net-calorific-value",
                "subject": "",
                "unit": "GJ/t",
                "boundary": "",
                "value": "20",
            },
            "subject",
        ),
    ],
)
def test_what_a_kind_asks_for(table: Write, changed: dict[str, str], column: str) -> None:
    base = load_factors([table(row(**changed))])
    assert {fault.column for fault in base.faults} == {column}
    assert not [one for one in base.factors if one.rank == 0]


def test_every_fault_of_a_row_is_told(table: Write) -> None:
    base = load_factors([table(row(value="x", year="y", place="z"))])
    assert {fault.column for fault in base.faults} == {"value", "year", "place"}


@pytest.mark.parametrize("second", [GOOD, row(code="other")])
def test_the_same_thing_twice_costs_the_second(table: Write, second: str) -> None:
    base = load_factors([table(GOOD, second)])
    assert [(fault.row, fault.column) for fault in base.faults] == [(3, "code")]
    assert "row 2" in base.faults[0].show()


def test_a_code_that_is_taken_costs_the_users_row(table: Write) -> None:
    base = load_factors([table(row(code="cn.electricity.co2.2023.SD"))])
    assert base.faults[0].column == "code"
    assert "ontologies/factors/tables/electricity-cn.csv" in base.faults[0].show()


def test_dates_and_periods(table: Write) -> None:
    header = f"{HEADER},valid_from,valid_to"
    good = f"{row()},2023-01-01,2024-12-31"
    wrong = [f"{row(code='a')},2023-02-30,", f"{row(code='b')},2024-01-01,2023-01-01"]
    base = load_factors([table(good, *wrong, header=header)])
    assert [(fault.row, fault.column) for fault in base.faults] == [(3, "valid_from"), (4, "valid_to")]


def test_a_column_that_is_not_known_is_told_and_costs_nothing(table: Write) -> None:
    base = load_factors([table(f"{GOOD},2023-01-01", header=f"{HEADER},valid_form")])
    (fault,) = base.faults
    assert (fault.row, fault.column, fault.lost) == (1, "valid_form", False)
    assert "valid_from" in fault.show()
    assert any(one.code == "mine.1" for one in base.factors)


def test_too_many_cells(table: Write) -> None:
    base = load_factors([table(f"{GOOD},more")])
    assert [fault.row for fault in base.faults] == [2]


def test_other_delimiters_and_a_byte_order_mark(tmp_path: Path) -> None:
    for delimiter in ";\t":
        path = tmp_path / "mine.csv"
        text = f"{HEADER}\n{GOOD}\n\n".replace(",", delimiter)
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        base = load_factors([path])
        assert base.faults == ()
        assert any(one.code == "mine.1" for one in base.factors)


def test_rows_are_counted_by_line(table: Write) -> None:
    long = GOOD.replace("measured", '"measured\nby us"')
    base = load_factors([table(long, "", row(year="y"))])
    assert [fault.row for fault in base.faults] == [5]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "file-missing"),
        ("编码".encode("gbk"), "file-encoding"),
        (b"", "factor-columns"),
        (b"code,value\n1,2\n", "factor-columns"),
        (f'{HEADER}\n"{GOOD}'.encode(), "factor-csv"),
    ],
)
def test_a_table_that_cannot_be_read_at_all(tmp_path: Path, content: bytes | None, code: str) -> None:
    path = tmp_path / "mine.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_factors([path])
    assert caught.value.code == code
    assert str(path) in str(caught.value)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=20), min_size=1))
def test_no_cell_breaks_the_reader(cells: dict[str, str]) -> None:
    import csv
    import io

    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerow([{**CELLS, **cells}.get(column, "") for column in COLUMNS])
    base = load_factors()
    try:
        found = parse_table(written.getvalue(), "any.csv", _known(base, ()))
    except InputError:
        # A lone carriage return breaks a row in two: that is the file's fault, told as such.
        return
    assert found.factors or found.faults
    assert all(fault.show("zh") for fault in found.faults)

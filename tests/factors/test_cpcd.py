"""Exports of CPCD: read from the user's file, each row past checks that know no row by name."""

import csv
from pathlib import Path

import pytest

from crosswalk.errors import InputError
from crosswalk.factors.load import load_factors
from crosswalk.factors.lookup import factor

ROOT = Path(__file__).resolve().parents[2]
NOTES = ROOT.parent / "shared" / "research" / "factors" / "fuels_cn.csv"
HEADER = "产品ID,产品名称,核算边界,碳足迹,企业名称,数据年份,数据类型,是否低碳"


def export(tmp_path: Path, *rows: tuple[str, str, str, str, str]) -> Path:
    path = tmp_path / "core.csv"
    lines = [
        f"{code},{name},{boundary},{value},-,{year},核心数据库,否"
        for code, name, boundary, value, year in rows
    ]
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "part"),
    [
        (("型煤", "大门到坟墓", "33.6kgCO2e / 吉焦", "2025"), "44/12"),
        (("其他焦化产品", "大门到坟墓", "29.5kgCO2e / 吉焦", "2025"), "44/12"),
        (("NGL天然气凝液", "大门到坟墓", "17.2kgCO2e / 吉焦", "2025"), "44/12"),
        (("某种焦炭", "大门到坟墓", "29.45kgCO2e / 吉焦", "2025"), "44/12"),
        (("高炉煤气", "大门到坟墓", "70.8kgCO2e / 吉焦", "2025"), "44/12"),
        (("型煤", "大门到坟墓", "33.6tCO2e / 太焦", "2025"), "44/12"),
        (("纯碱", "大门到大门", "0.41492kgCO2e / 千克", "2025"), "Na2CO3"),
        (("硅酸盐水泥熟料", "大门到大门", "535kgCO2e / 公吨", "2025"), "half of the direct emissions"),
        (("2023年全国电力平均二氧化碳排放因子", "大门到大门", "0.5306kgCO2e / 千瓦时", "2023"), "CO2 alone"),
        (
            ("2021年山东省电力平均因子", "摇篮到大门", "0.6838kgCO2e / 千瓦时", "2021"),
            "CO2 alone",
        ),
        (("无烟煤", "大门到坟墓", "98.3kgCO2e / 吉焦", "2025"), "CO2 alone"),
        (("某产品", "全生命周期?", "1kgCO2e / 千克", "2025"), "boundary"),
        (("某产品", "", "1kgCO2e / 千克", "2025"), "boundary"),
        (("中国高铁", "摇篮到坟墓", "38gCO2e / 人·千米", "2021"), "closed list"),
        (("某产品", "摇篮到大门", "1kgCO2e / 小时", "2021"), "closed list"),
        (("某产品", "摇篮到大门", "约1kgCO2e / 千克", "2025"), "number"),
        (("某产品", "摇篮到大门", "1kgCO2e / 千克", "去年"), "year"),
    ],
)
def test_a_suspect_row_is_set_apart_with_its_reason(
    tmp_path: Path, row: tuple[str, str, str, str], part: str
) -> None:
    path = export(tmp_path, ("X1", *row), ("X2", "聚丙烯", "摇篮到大门", "7.4tCO2e / 公吨", "2022"))
    base = load_factors([path])
    assert [one.code for one in base.factors if one.rank == 0] == ["cpcd.X2"]
    (fault,) = base.faults
    assert fault.show().startswith(f"{path}:2: ")
    assert part in fault.show()
    assert fault.message.zh


def test_what_is_plausible_passes(tmp_path: Path) -> None:
    rows = [
        ("A1", "热力-上海", "大门到坟墓", "60kgCO2e / 吉焦", "2025"),
        ("A2", "热力-宁夏", "大门到坟墓", "50kgCO2e / 吉焦", "2025"),
        ("A3", "2023年全国电力平均碳足迹因子", "摇篮到坟墓", "0.6205kgCO2e / 千瓦时", "2023"),
        ("A4", "光伏发电", "摇篮到坟墓", "0.052kgCO2e / 千瓦时", "2024"),
        ("A5", "转炉碳钢", "摇篮到大门", "1990kgCO2e / 公吨", "2022"),
        ("A6", "生物质制甲醇", "摇篮到大门", "-3.25tCO2e / 公吨", "2020"),
    ]
    base = load_factors([export(tmp_path, *rows, rows[0])])
    assert base.faults == ()
    mine = {one.code: one for one in base.factors if one.rank == 0}
    assert len(mine) == 6
    heat = mine["cpcd.A1"]
    assert (heat.place, heat.subject, heat.boundary) == ("CN-SH", "热力", "gate-to-grave")
    assert (heat.gwp_set, heat.evidence) == ("unknown", "unknown")


def test_look_ups_use_what_passed(tmp_path: Path) -> None:
    path = export(tmp_path, ("A1", "转炉碳钢", "摇篮到大门", "1990kgCO2e / 公吨", "2022"))
    found = factor("products:footprint", place="CN-SD", subject="转炉碳钢", tables=[path])
    assert (found.value, found.unit, found.provisional) == (1990.0, "kgCO2e / 公吨", True)


def test_one_code_for_two_things(tmp_path: Path) -> None:
    one = ("A1", "甲", "摇篮到大门", "1kgCO2e / 千克", "2022")
    other = ("A1", "乙", "摇篮到大门", "2kgCO2e / 千克", "2022")
    base = load_factors([export(tmp_path, one, other)])
    assert [(fault.row, fault.column) for fault in base.faults] == [(3, "产品ID")]


def test_an_export_without_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "core.csv"
    path.write_text("产品ID,碳足迹\nA1,1kgCO2e / 千克\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_factors([path])
    assert "核算边界" in str(caught.value)


@pytest.mark.skipif(not NOTES.is_file(), reason="the notes on the database are not beside this checkout")
def test_fuel_rows_of_the_notes(tmp_path: Path) -> None:
    """The three carbon contents are found out; the CO2 defaults labelled CO2e as well."""
    with NOTES.open(encoding="utf-8") as file:
        found = [row for row in csv.DictReader(file) if row["id"].startswith("cpcd2025.")]
    rows = [
        (row["id"], row["name_zh"], "大门到坟墓", f"{row['value']}kgCO2e / 吉焦", "2025") for row in found
    ]
    base = load_factors([export(tmp_path, *rows)])
    reasons = {fault.row: fault.message.en for fault in base.faults}
    for number, row in enumerate(found, 2):
        suspect = ".suspect." in row["id"]
        assert ("44/12" if suspect else "CO2 alone") in reasons.get(number, ""), row["id"]

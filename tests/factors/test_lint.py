"""Faults of factor tables as findings."""

from pathlib import Path

from crosswalk.factors.lint import table_findings

TURTLE = '<https://w3id.org/carbon-crosswalk/place/x> a <https://w3id.org/carbon-crosswalk/vocab#Place> ; <http://www.w3.org/2004/02/skos/core#notation> "x" .'  # noqa: E501


def test_the_built_in_tables_have_no_fault() -> None:
    assert list(table_findings()) == []


def test_a_fault_in_a_folder_becomes_a_finding(tmp_path: Path) -> None:
    (tmp_path / "factors" / "tables").mkdir(parents=True)
    (tmp_path / "x.ttl").write_text(TURTLE, encoding="utf-8")
    header = "code,quantity_kind,place,year,value,unit,source"
    text = f"{header}\na,heat-co2-emission-factor,CN,2024,1;2,kg CO2/GJ,us\n"
    (tmp_path / "factors" / "tables" / "mine.csv").write_text(text, encoding="utf-8")
    (finding,) = table_findings([tmp_path])
    assert finding.show().startswith(f"{tmp_path.name}/factors/tables/mine.csv:2: value ")
    assert finding.severity == "error"
    assert finding.fix.en == "Write digits with a point, without blanks or thousands separators."
    assert finding.fix.zh.startswith("请")

"""``crosswalk product`` and ``crosswalk map``: both forms, both languages, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from crosswalk import cli


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as done:
        cli.main(arguments)
    shown = capsys.readouterr()
    assert isinstance(done.value.code, int)
    return done.value.code, shown.out, shown.err


@pytest.mark.parametrize("name", ["290121", "乙烯", "ethylene"])
def test_a_product_in_english(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "product", name, "--lang", "en")
    assert (code, err) == (0, "")
    for shown in (
        "Ethylene",
        "乙烯",
        "29012100",
        "34110",
        "74-85-1",
        "47.17 MJ/kg",
        "CBAM: not listed",
        "assumed",
    ):
        assert shown in out


def test_a_product_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "product", "ammonia", "--lang", "zh")
    assert code == 0
    for shown in ("无水氨", "等同", "CBAM：在列，类别为氨", "被否定的编码"):
        assert shown in out


def test_remarks_in_english_only_are_left_out_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    english = run(capsys, "product", "乙烯", "--lang", "en")[1]
    chinese = run(capsys, "product", "乙烯", "--lang", "zh")[1]
    for remark in ("substance", "Manufacture"):
        assert remark in english
        assert remark not in chinese
    assert "有机化学原料制造" in chinese


def test_a_product_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, "product", "PX", "--format", "json")[1])
    assert found["product"]["label"]["zh"] == "对二甲苯"
    assert {one["relation"] for one in found["codes"] if one["code"]["classification"] == "CPC"} == {"broad"}


@pytest.mark.parametrize(("lang", "word"), [("en", "broader"), ("zh", "上位")])
def test_a_map_with_its_path_and_reason(lang: str, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "map", "CN:29012100", "--to", "CPC", "--lang", lang)
    assert code == 0
    for shown in (word, "34110", "product:ethylene", "cls-S6"):
        assert shown in out


def test_a_map_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, "map", "CN:28141000", "--to", "CPC", "--format", "json")[1])
    assert [one["relation"] for one in found["matches"]] == ["exact", "exact"]
    assert [one["target"]["code"] for one in found["undecided"]] == ["34233", "34652"]
    assert found["matches"][0]["steps"][0]["from"] == "cn2026:28141000"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("map", "HS:390110", "--to", "CPC"), 3),
        (("map", "HS:390110", "--to", "no-such"), 2),
        (("map", "HS:000000", "--to", "CPC"), 2),
        (("product", "34110"), 2),
        (("product", "no such product"), 2),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_refused_is_one_line(
    command: tuple[str, ...], expected: int, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *command, "--lang", lang)
    assert (code, out) == (expected, "")
    assert err.count("\n") == 1
    assert any("一" <= letter <= "鿿" for letter in err) == (lang == "zh")


def test_a_short_form_for_the_prompt() -> None:
    from crosswalk.mappings import find_product, map_code
    from crosswalk.report.text import brief

    assert "ethylene" in brief(find_product("乙烯"))
    assert "34110" in brief(map_code("px", "CPC"))


def test_help_stays_light() -> None:
    program = (
        "import sys\nfrom crosswalk.cli import app\napp.main(['--help'], standalone_mode=False)\n"
        "print(*(m for m in ('networkx', 'rdflib', 'yaml', 'crosswalk.mappings') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""
    assert " product " in done.stdout
    assert " map " in done.stdout

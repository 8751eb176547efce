"""``crosswalk factors`` as people use it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crosswalk import cli
from tests.factors.conftest import GOOD

Write = Callable[..., Path]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as done:
        cli.main(["factors", *arguments])
    out, err = capsys.readouterr()
    return int(done.value.code or 0), out, err


def test_the_example_of_the_issue(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("electricity", "--place", "CN-SD", "--year", "2023", "--kind", "life-cycle")
    code, out, err = run(capsys, *asked, "--lang", "en")
    assert (code, err) == (0, "")
    for part in ("0.6205 kg CO2e/kWh", "✓ China [CN]", "– Shandong", "GWP set: not stated", "0.5777"):
        assert part in out
    code, out, _ = run(capsys, *asked, "--lang", "zh")
    assert "电力碳足迹因子：0.6205 kg CO2e/kWh" in out
    code, out, _ = run(capsys, *asked, "--format", "json")
    plain = json.loads(out)
    assert (plain["value"], plain["place"], plain["gwp_set"]) == (0.6205, "CN", "unknown")


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (("electricity", "--place", "CN"), 2, "--kind life-cycle"),
        (("electricity", "--place", "DE", "--kind", "life-cycle"), 3, "never a substitute"),
        (("electricity", "--place", "Nowhere", "--kind", "co2"), 2, "no place"),
        (("fuels", "diesel", "--place", "CN", "--kind", "co2"), 2, "narrow it down by series"),
        (("fuels", "--place", "CN", "--kind", "ncv"), 2, "say of what"),
        (("products", "hydrogen", "--place", "CN", "--kind", "cbam"), 2, "boundary"),
        (("heat", "--place", "CN", "--kind", "co2", "--factors", "missing.csv"), 2, "no such file"),
    ],
)
def test_errors_are_one_line_and_a_code(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, part: str
) -> None:
    got, out, err = run(capsys, *arguments, "--lang", "en")
    assert (got, out) == (code, "")
    assert part in err
    assert len(err.splitlines()) == 1


def test_own_tables_and_their_faults(capsys: pytest.CaptureFixture[str], table: Write) -> None:
    path = table(GOOD, GOOD.replace("mine.1", "mine.2").replace("2023", "soon"))
    asked = ("electricity", "--place", "CN-SD", "--kind", "co2", "--year", "2023", "--factors", str(path))
    code, out, err = run(capsys, *asked, "--lang", "en")
    assert code == 0
    assert "0.6 kg CO2/kWh" in out
    assert f"{path}:3: year" in err


def test_fuels_products_and_heat(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "fuels", "柴油", "--place", "001", "--kind", "ncv", "--lang", "zh")
    assert "低位发热量：43 GJ/t" in out
    assert "41.4 – 43.3" in out
    cbam = ("products", "氢", "--place", "CN", "--kind", "cbam", "--boundary", "cbam-total")
    _, out, _ = run(capsys, *cbam, "--lang", "en")
    assert "26.64 t CO2e/t" in out
    _, out, _ = run(capsys, "heat", "--place", "CN", "--kind", "co2", "--unit", "t CO2/GJ", "--lang", "en")
    assert "0.11 t CO2/GJ" in out
    assert "as printed: 110 kg CO2/GJ" in out


def test_methane_of_one_sector_and_origin(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("fuels", "wood", "--place", "DE", "--kind", "ch4", "--origin", "biogenic", "--lang", "en")
    code, out, _ = run(capsys, *asked, "--boundary", "combustion-manufacturing")
    assert code == 0
    assert "30 kg CH4/TJ" in out


def test_lists(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list", "--lang", "en")
    assert code == 0
    assert "MEE-CO2" in out
    code, out, _ = run(
        capsys, "list", "--domain", "electricity", "--kind", "co2", "--place", "CN-SD", "--format", "json"
    )
    assert [row["year"] for row in json.loads(out)] == [2023, 2021, 2022]
    code, out, _ = run(capsys, "list", "--place", "JP", "--lang", "en")
    assert "* kept out of default look-ups" in out


def test_the_columns(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "columns")
    assert code == 0
    assert json.loads(out)["tableSchema"]["primaryKey"] == "code"


def test_help_is_light() -> None:
    import subprocess
    import sys

    heavy = ("rdflib", "pandas", "numpy", "pint", "networkx", "rich", "pyoxigraph")
    for arguments in (["factors", "--help"], ["factors", "electricity", "--help"]):
        program = (
            f"from crosswalk.cli import app\napp.main({arguments!r}, standalone_mode=False)\n"
            f"import sys\nprint(*(name for name in {heavy!r} if name in sys.modules))"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1].split() == []


def test_the_example_table(capsys: pytest.CaptureFixture[str]) -> None:
    example = Path(__file__).resolve().parents[2] / "examples" / "factors.csv"
    asked = ("electricity", "--place", "CN-SD", "--kind", "life-cycle", "--factors", str(example))
    code, out, err = run(capsys, *asked, "--lang", "en")
    assert (code, err) == (0, "")
    for part in ("0.5421 kg CO2e/kWh", "bounds: 0.5312 – 0.553 (95%)", "GWP set: AR6-T7.15", "✓ Shandong"):
        assert part in out


def test_many_faults_are_counted(capsys: pytest.CaptureFixture[str], table: Write) -> None:
    path = table(*(GOOD.replace("2023", "soon").replace("mine.1", f"mine.{row}") for row in range(15)))
    asked = ("electricity", "--place", "CN-SD", "--kind", "co2", "--factors", str(path), "--lang", "en")
    _, out, err = run(capsys, *asked)
    assert len(err.splitlines()) == 11
    assert "and 5 more" in err
    assert "Rows left out" not in out
    _, out, _ = run(capsys, *asked, "--full")
    assert "Rows left out or in doubt: 15" in out

"""Other metrics and horizons than GWP100: the values kept, that no conversion reads them, the look-up."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

import crosswalk
from crosswalk import cli
from crosswalk.errors import RefusedError, UnknownNameError
from crosswalk.factors.gwp import gas_values
from crosswalk.factors.gwp_load import load_metrics
from crosswalk.knowledge.everything import all_documents
from crosswalk.knowledge.index import CW, build
from crosswalk.knowledge.query import query

ROOT = Path(__file__).resolve().parents[2]
RESEARCH = ROOT.parent / "shared" / "research" / "factors"
OTHERS = (
    "TAR-GWP20", "TAR-GWP500", "AR4-GWP20", "AR4-GWP500", "AR5-GWP20-84", "AR5-GWP20-85",
    "AR6-T7.15-GWP20", "AR6-T7.15-GWP500", "AR6-T7.15-GTP100",
    "AR6-7.SM.7-GWP20", "AR6-7.SM.7-GWP500", "AR6-7.SM.7-GTP50", "AR6-7.SM.7-GTP100",
)  # fmt: skip


def value(code: str, gas: str, origin: str = "") -> str:
    """The value of a gas, as printed."""
    (found,) = (one for one in load_metrics().values if (one.set, one.gas, one.origin) == (code, gas, origin))
    return found.value


@pytest.fixture(scope="module")
def spelled() -> dict[str, str]:
    """Gas codes by the spellings of the transcriptions."""
    with (ROOT / "ontologies" / "factors" / "gases.csv").open(encoding="utf-8", newline="") as file:
        gases = list(csv.DictReader(file))
    return {
        name.casefold(): one["code"]
        for one in gases
        for name in (one["code"], one["formula"], one["cas"], *one["aliases"].split("|"))
        if name
    }


# The numbers


@pytest.mark.parametrize(
    ("metric", "table", "fossil", "other"),
    [
        ("GWP20", "81.2", "82.5", "79.7"),
        ("GWP500", "7.95", "10.0", "7.2"),
        ("GTP100", "5.38", "7.5", "4.7"),
    ],
)
def test_methane_of_ar6(metric: str, table: str, fossil: str, other: str) -> None:
    assert value(f"AR6-7.SM.7-{metric}", "CH4") == table
    assert value(f"AR6-T7.15-{metric}", "CH4", "fossil") == fossil
    assert value(f"AR6-T7.15-{metric}", "CH4", "biogenic") == other
    assert value(f"AR6-T7.15-{metric}", "CH4", "land") == other
    assert Decimal(other) < Decimal(table) < Decimal(fossil)


def test_methane_of_table_7_15_is_the_rebuilt_value_rounded() -> None:
    rebuilt = 0
    for one in load_metrics().values:
        note = one.statement.note
        if one.set.startswith("AR6-T7.15-") and note is not None and "Rebuilt" in note.en:
            numbers = re.findall(r"\d+\.\d+", note.en)
            assert Decimal(numbers[-1]).quantize(Decimal(one.value)) == Decimal(one.value)
            assert numbers[0] == value(one.set.replace("T7.15", "7.SM.7"), "CH4")
            rebuilt += 1
    assert rebuilt == 6


@pytest.mark.parametrize(
    ("gas", "values"),
    [
        ("CH4", ("62", "7", "72", "7.6", "84", "81.2", "7.95", "11", "5.38")),
        ("N2O", ("275", "156", "289", "153", "264", "273", "130", "290", "233")),
        ("SF6", ("15100", "32400", "16300", "32600", "17500", "18300", "34100", "26200", "30600")),
    ],
)
def test_main_gases(gas: str, values: tuple[str, ...]) -> None:
    sets = [one for one in OTHERS if "T7.15" not in one and one != "AR5-GWP20-85"]
    assert tuple(value(code, gas) for code in sets) == values


def test_every_set_has_the_reference_gas_and_what_is_characterised() -> None:
    for code in OTHERS:
        assert value(code, "CO2") == value(code, "CO2e") == "1"


def research(name: str) -> list[dict[str, str]]:
    """A table of research notes that stands beside a working copy, not in it."""
    if not (RESEARCH / name).is_file():
        pytest.skip("the research notes are not at hand")
    with (RESEARCH / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_values_equal_both_transcriptions(spelled: dict[str, str]) -> None:
    """The chapter's data and a package agree on Table 7.SM.7, and the kept values with both."""
    kept = {(one.set, one.gas, one.origin): one.value for one in load_metrics().values}
    compared = {"full": 0, "package": 0, "other": 0}
    for row in research("gwp_ar6_table7sm7_full.csv"):
        cas = re.match(r"CAS ([\d-]+)", row["note"])
        gas = spelled.get(cas[1] if cas else "") or spelled[row["gas_or_co2e"].casefold()]
        if row["quantity_kind"] != "GWP100":
            assert kept[f"AR6-7.SM.7-{row['quantity_kind']}", gas, ""] == row["value"]
            compared["full"] += 1
    reports = {"AR6": "AR6-7.SM.7-{}", "TAR": "TAR-{}", "AR4": "AR4-{}", "AR5": "AR5-{}-84"}
    for row in research("gwp.csv"):
        gas = spelled.get(row["gas_or_co2e"].casefold(), "")
        if gas and row["gwp_set"] in reports and row["quantity_kind"] in ("GWP20", "GWP500", "GTP100"):
            code = reports[row["gwp_set"]].format(row["quantity_kind"])
            assert Decimal(kept[code, gas, ""]) == Decimal(row["value"]), (code, gas)
            compared["package" if row["gwp_set"] == "AR6" else "other"] += 1
    assert compared == {"full": 996, "package": 258, "other": 232}


def test_what_is_not_firmly_known_says_so() -> None:
    weak = {
        (one.set, one.gas, one.origin): one.statement.evidence
        for one in load_metrics().values
        if one.set in OTHERS and one.statement.evidence not in ("read", "secondary")
    }
    split = [code for code in OTHERS if "T7.15" in code or code == "AR5-GWP20-85"]
    assert weak == {(code, "CH4", "land"): "inferred" for code in split}


# Where they are, and where not


def test_no_conversion_reads_them() -> None:
    catalogue = crosswalk.load()
    assert not set(OTHERS) & set(catalogue.gwp_sets)
    assert {one.horizon for one in catalogue.gwp_sets.values()} == {100}
    characterised = {e.characterised_by for o in catalogue.options.values() for e in o.effects}
    assert not characterised & set(OTHERS)


def test_the_catalogue_has_every_gwp100_set_and_nothing_else_says_so() -> None:
    sets = load_metrics().sets
    assert set(sets) == {*crosswalk.load().gwp_sets, *OTHERS}
    assert {code for code, one in sets.items() if (one.metric, one.horizon) == ("GWP", 100)} == set(
        crosswalk.load().gwp_sets
    )
    for code in OTHERS:
        assert f"{sets[code].metric}{sets[code].horizon}" in code


def test_graph_and_queries_have_them() -> None:
    index = build(all_documents())
    assert len(set(index.types[CW + "GwpSet"])) == len(load_metrics().sets)
    found = query(
        """SELECT ?set { ?s a cw:GwpSet ; skos:notation ?set ; cw:metric "GTP" ; cw:horizon 100 }
           ORDER BY ?set"""
    )
    assert [row[0].text for row in found.rows if row[0]] == ["AR6-7.SM.7-GTP100", "AR6-T7.15-GTP100"]


# The look-up


@pytest.mark.parametrize("name", ["HFC-134a", "r134a", "HFC134a", "811-97-2", "1,1,1,2-四氟乙烷"])
def test_any_spelling_of_a_gas(name: str) -> None:
    if name.startswith("1,1"):
        name = crosswalk.load().gases["HFC-134a"].label.zh
    found = gas_values(name, gwp_set="AR4-GWP20")
    assert [(one.gas, one.value, one.horizon) for one in found.values] == [("HFC-134a", "3830", 20)]


def test_methane_lists_gwp100_first_and_tells_origins_apart() -> None:
    found = gas_values("甲烷")
    asked = [one.option for one in found.values]
    assert asked == sorted(asked, reverse=True)
    assert {one.set for one in found.values} == set(load_metrics().sets)
    by_origin = {one.origin: one.value for one in found.values if one.set == "AR6-T7.15"}
    assert by_origin == {"fossil": "29.8", "biogenic": "27.0", "land": "27.0"}
    for one in found.values:
        assert one.clause
        assert one.evidence
        assert one.sources
        assert set(one.sources) <= set(found.sources)
    assert any(one.provisional for one in found.values if one.set == "AR5-feedback")


def test_an_ambiguous_label_is_told_and_never_decided() -> None:
    found = gas_values("CH4", gwp_set="AR5")
    told = {(one.metric, one.horizon): one for one in found.ambiguous}
    assert told["GWP", 100].sets == ("AR5-28", "AR5-30", "AR5-feedback")
    assert (told["GWP", 100].low, told["GWP", 100].high) == ("28", "36")
    assert told["GWP", 20].sets == ("AR5-GWP20-84", "AR5-GWP20-85")
    assert {one.set for one in found.values} == {code for one in told.values() for code in one.sets}
    assert "AR5" in told["GWP", 100].message.zh


def test_a_label_is_not_ambiguous_where_its_sets_agree() -> None:
    assert {one.label for one in gas_values("CH4").ambiguous} >= {"AR5", "AR6"}
    shared = gas_values("N2O", gwp_set="AR6")
    assert len({one.set for one in shared.values}) > 1
    assert shared.ambiguous == ()
    assert gas_values("CH4", gwp_set="AR6-7.SM.7").ambiguous == ()


def test_a_set_alone_lists_its_gases_and_nothing_lists_the_sets() -> None:
    found = gas_values(gwp_set="AR6-T7.15-GTP100")
    assert list(found.gases) == ["CO2", "CH4", "CO2e"]
    found = gas_values()
    assert found.values == ()
    assert {one.code for one in found.sets if not one.option} == set(OTHERS)


def test_what_is_not_known_or_has_no_value_is_an_error() -> None:
    with pytest.raises(RefusedError, match="that is not zero"):
        gas_values("HFC-134a", gwp_set="AR6-T7.15-GTP100")
    with pytest.raises(UnknownNameError, match="near: AR6"):
        gas_values("CH4", gwp_set="AR6-7.15-GTP10O")
    with pytest.raises(UnknownNameError, match="unobtainium"):
        gas_values("unobtainium")


def test_a_folder_adds_a_set(tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text(
        """@prefix cw: <https://w3id.org/carbon-crosswalk/vocab#> .
        @prefix dcterms: <http://purl.org/dc/terms/> .
        @prefix gwp: <https://w3id.org/carbon-crosswalk/gwp/> .
        @prefix inv: <https://w3id.org/carbon-crosswalk/inventory#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix src: <https://w3id.org/carbon-crosswalk/source#> .
        gwp:mine a cw:GwpSet ; skos:notation "mine" ; cw:metric "GTP" ; cw:horizon 20 ;
            skos:prefLabel "mine"@en, "我的"@zh ; cw:clause "unknown" ; dcterms:source src:gwp-memory ;
            cw:evidence cw:memory .
        [] a cw:Characterisation ; cw:gwpSet gwp:mine ; cw:gas inv:CH4 ; cw:value 67 .
        """,
        "utf-8",
    )
    (found,) = gas_values("CH4", gwp_set="mine", knowledge=[tmp_path]).values
    assert (found.value, found.metric, found.evidence, found.provisional) == ("67", "GTP", "memory", True)
    assert "mine" not in load_metrics().sets


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as done:
        cli.main(["factors", "gwp", *arguments])
    out, err = capsys.readouterr()
    return int(done.value.code or 0), out, err


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    code, out, err = run(capsys, "CH4", "--set", "AR6", "--lang", "en")
    assert (code, err) == (0, "")
    out = " ".join(out.split())
    for part in ("82.5", "Table 7.15", "GTP100", "read in the text", '"AR6" alone may be AR6-T7.15, AR6-7'):
        assert part in out
    assert "look-up only" in out
    code, out, _ = run(capsys, "74-82-8", "--set", "AR5", "--lang", "zh", "--full")
    assert "甲烷 [CH4]" in out
    assert "仅写“AR5”可指 AR5-28, AR5-30, AR5-feedback" in out
    assert "表中未列：取非化石值。" in out
    code, out, _ = run(capsys, "--lang", "en")
    assert code == 0
    assert all(name in out for name in OTHERS)


def test_the_command_as_json_and_its_errors(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "CH4", "--set", "AR6-7.SM.7-GTP100", "--format", "json")
    plain = json.loads(out)
    assert code == 0
    assert [(one["value"], one["metric"], one["horizon"]) for one in plain["values"]] == [
        ("5.38", "GTP", 100)
    ]
    assert plain["ambiguous"] == []
    code, out, err = run(capsys, "HFC-134a", "--set", "AR6-T7.15-GWP20", "--lang", "en")
    assert (code, out, len(err.splitlines())) == (3, "", 1)

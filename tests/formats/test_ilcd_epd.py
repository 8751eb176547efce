from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosswalk.errors import CrosswalkError
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.formats import read, read_all
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.load import load
from tests.formats.conftest import places, replaced

ROOT = Path(__file__).resolve().parents[2]
A1 = "b00f9ec0-7874-11e3-981f-0800200c9a66"
A2 = "c0016b33-8cf7-415c-ac6e-deba0d21440d"
GWP = "77e416eb-a363-4258-a04e-171d843a6460"
EF30 = {
    "gwp-total": "6a37f984-a4b3-458a-a20a-64418c145fa2",
    "gwp-fossil": "5f635281-343e-44fb-83df-1971b155e6b6",
    "gwp-biogenic": "2356e1ab-0185-4db5-86e5-16de51c7485c",
    "gwp-luluc": "4331bbdb-978a-490d-8707-eeb047f01a55",
}
EF31 = {
    "gwp-total": "a7ea142a-9749-11ed-a8fc-0242ac120002",
    "gwp-fossil": "a7ea19c0-9749-11ed-a8fc-0242ac120002",
    "gwp-biogenic": "a7ea186c-9749-11ed-a8fc-0242ac120002",
    "gwp-luluc": "a7ea1ae2-9749-11ed-a8fc-0242ac120002",
}
MASS = "93a60a56-a3c8-11da-a746-0800200b9a66"
CARBON = "62e503ce-544a-4599-b2ad-bcea15a7bf20"
VALUES = {"gwp-total": "3.00", "gwp-fossil": "4.0", "gwp-biogenic": "-1.5", "gwp-luluc": "0.5"}


def result(uuid: str, *values: tuple[str, Any] | tuple[str, str, Any]) -> dict[str, Any]:
    """An indicator with values by module, or by module and scenario."""
    anies: list[dict[str, Any]] = [{"name": "referenceToUnitGroupDataSet", "value": {"type": "unit"}}]
    for one in values:
        row = {"module": one[0], "value": one[-1]}
        anies.append({**row, "scenario": one[1]} if len(one) == 3 else row)
    return {"referenceToLCIAMethodDataSet": {"refObjectId": uuid}, "other": {"anies": anies}}


def epd(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A declaration per two tonnes of a board."""
    return {
        "processInformation": {
            "dataSetInformation": {
                "UUID": "one",
                "name": {"baseName": [{"value": "Platte", "lang": "de"}, {"value": "Board", "lang": "en"}]},
            },
            "quantitativeReference": {"referenceToReferenceFlow": [0]},
            "time": {"referenceYear": 2023, "dataSetValidUntil": 2028},
            "geography": {"locationOfOperationSupplyOrProduction": {"location": "DK"}},
        },
        "modellingAndValidation": {
            "complianceDeclarations": {
                "compliance": [
                    {"referenceToComplianceSystem": {"refObjectId": A2}},
                    {
                        "referenceToComplianceSystem": {
                            "refObjectId": "x",
                            "shortDescription": [{"value": "ISO 14025", "lang": "en"}],
                        }
                    },
                ]
            }
        },
        "exchanges": {
            "exchange": [
                {
                    "dataSetInternalID": 0,
                    "referenceFlow": True,
                    "meanAmount": 2.0,
                    "flowProperties": [
                        {"uuid": CARBON, "meanValue": "0.41"},
                        {
                            "uuid": "v",
                            "referenceFlowProperty": True,
                            "meanValue": 1.0,
                            "referenceUnit": "m3",
                        },
                        {"uuid": MASS, "meanValue": 500},
                    ],
                },
                {"dataSetInternalID": 1},
            ]
        },
        "LCIAResults": {"LCIAResult": list(results) or a2()},
        **more,
    }


def a2(uuids: dict[str, str] = EF31) -> list[dict[str, Any]]:
    return [result(uuid, ("A1-A3", VALUES[name]), ("A4", "0.1")) for name, uuid in uuids.items()]


def said(footprint: Footprint) -> dict[str, Disclosure]:
    return {disclosure.name: disclosure for disclosure in footprint.disclosures}


def told(footprint: Footprint) -> dict[str, dict[str, str]]:
    return {note.code: note.values for note in footprint.notes}


def error(payload: Any, catalogue: Catalogue) -> CrosswalkError:
    with pytest.raises(CrosswalkError) as caught:
        read_all(payload, catalogue)
    for lang in ("en", "zh"):
        assert "\n" not in caught.value.message(lang)
    return caught.value


def test_what_a_declaration_discloses(catalogue: Catalogue) -> None:
    footprint = read(epd(), catalogue)
    found = said(footprint)
    assert (footprint.format, footprint.regime) == ("EN15804-A2", "EN:15804-A2")
    assert (footprint.id, footprint.product) == ("one", "Board")
    assert footprint.method["boundary"] == ("boundary.cradle-to-gate",)
    assert footprint.standards == ("EN:15804-A2", "ISO:14025")
    assert found["gwp-total"].headline == 1
    assert found["gwp-total"].quantity.text == "3.00"
    assert found["gwp-total"].quantity.half == Fraction("0.005")
    assert found["gwp-total"].path == "LCIAResults.LCIAResult[0].other.anies[1].value"
    assert found["gwp-fossil"].on.origins == ("air", "fossil")
    assert found["gwp-luluc"].on.origins == ("land",)
    assert footprint.facts["A4"] == "0.1"
    assert footprint.facts["gwp-fossil A4"] == "0.1"
    assert footprint.facts["dataSetValidUntil"] == "2028"
    assert footprint.facts["location"] == "DK"
    assert told(footprint)["epd-modules"] == {"modules": "A1-A3, A4"}


def test_the_parts_of_the_total_share_no_cell_and_leave_none_out(catalogue: Catalogue) -> None:
    fields = catalogue.formats["EN15804-A2"].fields
    origins = [o for name in ("gwp-fossil", "gwp-biogenic", "gwp-luluc") for o in fields[name].on.origins]
    assert sorted(origins) == sorted(catalogue.origins)


def test_values_refer_to_the_amount_of_the_reference_flow(catalogue: Catalogue) -> None:
    footprint = read(epd(), catalogue)
    assert (footprint.declared_unit.amount, footprint.declared_unit.unit) == (2, "cubic metre")
    assert footprint.declared_unit.mass_kg == 1000
    carbon = said(footprint)["biogenicCarbonContent"]
    assert carbon.basis == "carbon"
    assert carbon.quantity.value == Fraction("0.82")
    assert carbon.quantity.half == Fraction("0.01")
    assert carbon.scale == Fraction(44, 12)


@pytest.mark.parametrize(
    ("unit", "material", "mass"),
    [
        ("m3", {"name": "gross density", "value": "500", "unit": "kg/m^3"}, 1000),
        ("qm", {"name": "grammage", "value": "4.5", "unit": "kg/m^2"}, 9),
        ("qm", {"name": "gross density", "value": "500", "unit": "kg/m^3"}, None),
        ("m3", {"name": "gross density", "value": "0.5", "unit": "g/cm^3"}, None),
        ("kg", {"name": "gross density", "value": "500", "unit": "kg/m^3"}, 2),
    ],
)
def test_mass_comes_from_a_density_the_file_states_or_not_at_all(
    unit: str, material: dict[str, str], mass: int | None, catalogue: Catalogue
) -> None:
    payload = epd()
    flow = payload["exchanges"]["exchange"][0]
    flow["flowProperties"] = [{"referenceFlowProperty": True, "meanValue": 1.0, "referenceUnit": unit}]
    flow["materialProperties"] = [material]
    assert read(payload, catalogue).declared_unit.mass_kg == mass


def test_the_identifier_tells_the_factors(catalogue: Catalogue) -> None:
    assert read(epd(*a2(EF31)), catalogue).method["gwp-set"] == ("gwp-set.ef-3.1",)
    older = read(epd(*a2(EF30)), catalogue)
    assert older.method["gwp-set"] == ("gwp-set.ef-3.0", "gwp-set.ef-3.0-unrounded")
    assert "alternatives-gwp" in told(older)


def test_indicators_of_other_factors_are_not_mixed_in(catalogue: Catalogue) -> None:
    both = [*a2(EF31)[:2], *a2(EF30)]
    footprint = read(epd(*both), catalogue)
    assert footprint.method["gwp-set"] == ("gwp-set.ef-3.1",)
    assert set(said(footprint)) == {"gwp-total", "gwp-fossil", "biogenicCarbonContent"}
    assert "epd-two-sets" in told(footprint)
    assert len(footprint.unused) == 4


def test_modules_stated_one_by_one_are_added_up_with_their_rounding(catalogue: Catalogue) -> None:
    total = result(EF31["gwp-total"], ("A1", "2.50"), ("A2", "0.25"), ("A3", "0.125"))
    footprint = read(epd(total), catalogue)
    quantity = said(footprint)["gwp-total"].quantity
    assert (quantity.text, quantity.value) == ("2.875", Fraction("2.875"))
    assert quantity.half == Fraction("0.005") + Fraction("0.005") + Fraction("0.0005")
    assert told(footprint)["epd-summed"] == {"names": "gwp-total"}
    assert [footprint.facts[name] for name in ("A1", "A2", "A3")] == ["2.50", "0.25", "0.125"]


def test_a_stated_sum_is_preferred_to_adding_up(catalogue: Catalogue) -> None:
    total = result(EF31["gwp-total"], ("A1", "1"), ("A2", "1"), ("A3", "1"), ("A1-A3", "3.2"))
    assert said(read(epd(total), catalogue))["gwp-total"].quantity.text == "3.2"


@pytest.mark.parametrize("modules", [("A1", "A3"), ("A4", "C1"), ()])
def test_without_a1_to_a3_there_is_no_total(modules: tuple[str, ...], catalogue: Catalogue) -> None:
    found = error(epd(result(EF31["gwp-total"], *((one, "1") for one in modules))), catalogue)
    assert found.code == "footprint-modules"
    assert (", ".join(modules) or "–") in str(found)


def test_scenarios_are_kept_apart(catalogue: Catalogue) -> None:
    total = result(
        EF31["gwp-total"], ("A1-A3", "3"), ("C3", "S1", "0.1"), ("C3", "S2", "0.2"), ("D", "S2", "-9")
    )
    footprint = read(epd(total), catalogue)
    assert footprint.facts["C3 [S1]"] == "0.1"
    assert footprint.facts["C3 [S2]"] == "0.2"
    assert footprint.facts["D [S2]"] == "-9"
    assert told(footprint)["epd-modules"]["modules"] == "A1-A3, C3 [S1], C3 [S2], D [S2]"
    assert "C3" not in said(footprint)


def test_a_total_under_two_scenarios_is_the_default_one_or_none(catalogue: Catalogue) -> None:
    payload = epd(result(EF31["gwp-total"], ("A1-A3", "S1", "3"), ("A1-A3", "S2", "4")))
    assert error(payload, catalogue).code == "footprint-entries"
    scenarios = [{"name": "S1"}, {"name": "S2", "default": True}]
    payload["processInformation"]["dataSetInformation"]["other"] = {"anies": [{"scenario": scenarios}]}
    assert said(read(payload, catalogue))["gwp-total"].quantity.text == "4"


@pytest.mark.parametrize("word", ["MND", "ND", "-", ""])
def test_a_module_not_declared_is_no_number(word: str, catalogue: Catalogue) -> None:
    footprint = read(epd(result(EF31["gwp-total"], ("A1-A3", "3"), ("B1", word))), catalogue)
    assert "B1" not in footprint.facts
    assert told(footprint)["epd-modules"]["modules"] == "A1-A3"


def test_module_d_and_the_others_are_no_equations(catalogue: Catalogue) -> None:
    for code in ("EN15804-A1", "EN15804-A2"):
        fields = catalogue.formats[code].fields
        for module in ("A1", "A2", "A3", "A4", "A5", "B1", "B7", "C1", "C4", "D"):
            assert fields[module].relation_only
            assert not fields[module].headline
        assert fields["D"].on.activities == ("avoided",)
        assert fields["A4"].on.stages == ("distribution",)


def test_an_a1_declaration_has_one_indicator_and_open_factors(catalogue: Catalogue) -> None:
    payload = epd(result(GWP, ("A1-A3", "-647.4201396839651")), result("another", ("A1-A3", "1")))
    system = payload["modellingAndValidation"]["complianceDeclarations"]["compliance"][0]
    system["referenceToComplianceSystem"]["refObjectId"] = A1
    footprint = read(payload, catalogue)
    assert (footprint.format, footprint.regime) == ("EN15804-A1", "EN:15804-A1")
    assert footprint.standards[0] == "EN:15804-A1"
    assert said(footprint)["gwp"].quantity.text == "-647.4201396839651"
    assert "gwp-set" not in footprint.method
    assert told(footprint)["epd-other-indicators"] == {"count": "2"}
    assert "epd-compliance" not in told(footprint)


def test_the_indicators_decide_and_another_compliance_is_told(catalogue: Catalogue) -> None:
    footprint = read(epd(result(GWP, ("A1-A3", "1"))), catalogue)
    assert footprint.regime == "EN:15804-A1"
    assert told(footprint)["epd-compliance"] == {"regime": "EN:15804-A1", "names": "EN:15804-A2, ISO:14025"}


def test_the_indicator_of_the_older_edition_is_listed(catalogue: Catalogue) -> None:
    footprint = read(epd(result(GWP, ("A1-A3", "1")), *a2()), catalogue)
    assert footprint.format == "EN15804-A2"
    assert [one.path for one in footprint.unused] == ["LCIAResults.LCIAResult[0]"]


def test_a_distribution_of_the_mean_amount_is_told_and_not_used(catalogue: Catalogue) -> None:
    results = a2()
    results[0]["uncertaintyDistributionType"] = "log-normal"
    results[1]["uncertaintyDistributionType"] = "UNDEFINED"
    footprint = read(epd(*results), catalogue)
    assert all(one.quantity.spread is None for one in footprint.disclosures)
    told_of = [one.path for one in footprint.unused if "uncertainty" in one.path]
    assert told_of == ["LCIAResults.LCIAResult[0].uncertaintyDistributionType"]


def test_gwp_ghg_is_a_fact(catalogue: Catalogue) -> None:
    ghg = result("fb774615-0575-45de-9a89-1ded92f19770", ("A1-A3", "3.5"))
    footprint = read(epd(*a2(), ghg), catalogue)
    assert footprint.facts["gwp-ghg"] == "3.5"
    assert "gwp-ghg" not in said(footprint)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("LCIAResults",), None, "footprint-missing"),
        (("LCIAResults", "LCIAResult"), {}, "footprint-type"),
        (("LCIAResults", "LCIAResult"), [], "footprint-no-indicator"),
        (("LCIAResults", "LCIAResult", 1), result(EF31["gwp-total"], ("A1-A3", "3")), "footprint-entries"),
        (("LCIAResults", "LCIAResult", 0, "other", "anies", 1, "value"), "3,0", "footprint-number"),
        (("LCIAResults", "LCIAResult", 0, "other", "anies", 2, "value"), "many", "footprint-number"),
        (("exchanges", "exchange"), [], "footprint-reference-flow"),
        (("exchanges", "exchange", 1, "dataSetInternalID"), 0, "footprint-entries"),
        (("exchanges", "exchange", 0, "flowProperties"), [], "footprint-reference-flow"),
        (("exchanges", "exchange", 0, "flowProperties", 1, "referenceUnit"), "ton", "unit-trap"),
        (("exchanges", "exchange", 0, "flowProperties", 1, "referenceUnit"), "ell", "unit-unknown"),
        (("exchanges", "exchange", 0, "flowProperties", 0, "meanValue"), -1, "footprint-negative"),
        (("exchanges", "exchange", 0, "meanAmount"), 0, "footprint-unit-zero"),
        (("exchanges", "exchange", 0, "meanAmount"), None, "footprint-number"),
    ],
)
def test_what_cannot_be_understood_is_named(
    path: tuple[Any, ...], value: Any, code: str, catalogue: Catalogue
) -> None:
    assert error(replaced(epd(), path, value), catalogue).code == code


# Published declarations


@pytest.fixture(scope="module")
def published() -> Path:
    found = ROOT.parent / "shared" / "samples"
    if not (found / "payloads" / "ilcd-epd-json").is_dir():
        pytest.skip("the published declarations are not there")
    return found


def test_published_declarations_keep_every_digit(published: Path, catalogue: Catalogue) -> None:
    footprints = {
        path.name: read(path, catalogue)
        for path in sorted((published / "payloads" / "ilcd-epd-json").glob("*.json"))
    }
    assert len(footprints) == 5
    codes = {"GWP": "gwp", "GWP-IOBC": "gwp-ghg"}
    seen = 0
    with (published / "cases" / "ilcd_epd_gwp_values.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            footprint = footprints[row["file"]]
            code = codes.get(row["indicator"], row["indicator"].lower())
            module = row["module"] + (f" [{row['scenario']}]" if row["scenario"] else "")
            if row["module"] == "A1-A3":
                assert said(footprint)[code].quantity.text == row["value"]
            else:
                name = module if code in ("gwp", "gwp-total") else f"{code} {module}"
                assert Fraction(footprint.facts[name]) == Fraction(row["value"])
            seen += 1
    assert seen == 42


def test_the_parts_add_up_but_where_the_declaration_errs(published: Path, catalogue: Catalogue) -> None:
    """In one published declaration A1 and A2 miss their sums, A3 and A4 hold to seven digits."""
    path = published / "payloads" / "ilcd-epd-json" / "0aa8b645-02d9-41b4-8aa3-70335af2a9e7.json"
    footprint = read(path, catalogue)
    off = {}
    for module in ("A1", "A2", "A3", "A4"):
        parts = [Fraction(footprint.facts[f"gwp-{one} {module}"]) for one in ("fossil", "biogenic", "luluc")]
        off[module] = abs(sum(parts) - Fraction(footprint.facts[module]))
    assert off["A1"] == Fraction("0.160842590229")
    assert off["A2"] == Fraction("0.001964089734")
    assert off["A3"] <= Fraction(4, 2 * 10**12)
    assert off["A4"] <= Fraction(1, 10**7)


def test_a_stated_sum_of_modules_is_their_sum(published: Path, catalogue: Catalogue) -> None:
    path = published / "payloads" / "ilcd-epd-json" / "f63ac879-fa7d-4f91-813e-e816cbdf1927.json"
    footprint = read(path, catalogue)
    total = sum(Fraction(footprint.facts[module]) for module in ("A1", "A2", "A3"))
    assert abs(total - said(footprint)["gwp"].quantity.value) < Fraction(1, 10**12)
    assert footprint.declared_unit.mass_kg == Fraction("510.45")
    assert footprint.facts["D [energetisch]"] == "-261.09709844067464"


@pytest.mark.parametrize("code", ["EN15804-A1", "EN15804-A2"])
def test_every_field_has_a_statement_and_every_identity_its_fields(code: str, catalogue: Catalogue) -> None:
    described = catalogue.formats[code]
    assert [f.code for f in described.fields.values() if f.headline] == [
        "gwp" if code.endswith("A1") else "gwp-total"
    ]
    for field in described.fields.values():
        assert field.statement.sources
        assert field.statement.evidence in ("secondary", "inferred")
    for identity in described.identities.values():
        assert {term.field for term in identity.terms} <= set(described.fields)


# Whatever stands in a file

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["kg", GWP])
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(places(epd())), ANYTHING)
def test_a_reader_answers_or_refuses(path: tuple[Any, ...], value: Any) -> None:
    refusal: CrosswalkError | None = None
    try:
        for footprint in read_all(replaced(epd(), path, value), load()):
            assert footprint.disclosures
            json.dumps(footprint.facts)
    except CrosswalkError as error:
        refusal = error
    for lang in ("en", "zh") if refusal else ():
        assert "\n" not in refusal.message(lang)

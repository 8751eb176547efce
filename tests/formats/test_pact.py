from __future__ import annotations

import copy
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from crosswalk.errors import CrosswalkError, InputError
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.formats import read, read_all
from crosswalk.knowledge.catalogue import Catalogue

V3: dict[str, Any] = {
    "id": "one",
    "specVersion": "3.0.0",
    "productNameCompany": "Ethanol",
    "pcf": {
        "declaredUnitOfMeasurement": "liter",
        "declaredUnitAmount": "12.5",
        "productMassPerDeclaredUnit": "9.86",
        "pcfExcludingBiogenicUptake": "1.850",
        "pcfIncludingBiogenicUptake": "0.35",
        "fossilGhgEmissions": "1.85",
        "biogenicCO2Uptake": "-1.5",
        "biogenicCarbonContent": "0.41",
        "packagingEmissionsIncluded": True,
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["ISO14067", "PACT-3.0"],
        "exemptedEmissionsPercent": "2.5",
    },
}


def changed(**pcf: Any) -> dict[str, Any]:
    """The footprint above with some properties set, or taken out where they are ``None``."""
    payload = copy.deepcopy(V3)
    payload["pcf"].update(pcf)
    return payload


def error(payload: Any, catalogue: Catalogue) -> CrosswalkError:
    with pytest.raises(CrosswalkError) as caught:
        read_all(payload, catalogue)
    for lang in ("en", "zh"):
        assert "\n" not in caught.value.message(lang)
    return caught.value


def said(footprint: Footprint) -> dict[str, Disclosure]:
    return {disclosure.name: disclosure for disclosure in footprint.disclosures}


def test_what_a_footprint_discloses(catalogue: Catalogue) -> None:
    footprint = read(V3, catalogue)
    found = said(footprint)
    assert footprint.format == "PACT-3.0"
    assert footprint.regime == "PACT:3.0"
    assert footprint.product == "Ethanol"
    assert footprint.declared_unit.amount == Fraction("12.5")
    assert footprint.declared_unit.unit == "litre"
    assert footprint.declared_unit.mass_kg == Fraction("9.86")
    assert found["pcfExcludingBiogenicUptake"].quantity.text == "1.850"
    assert found["pcfExcludingBiogenicUptake"].quantity.half == Fraction("0.0005")
    assert found["pcfExcludingBiogenicUptake"].headline == 1
    assert found["pcfExcludingBiogenicUptake"].under == ("biogenic-co2.zero-zero",)
    assert found["biogenicCO2Uptake"].on.activities == ("uptake-product",)
    assert found["fossilGhgEmissions"].path == "pcf.fossilGhgEmissions"
    assert len(found["fossilGhgEmissions"].readings) == 1
    assert footprint.exempted is not None
    assert footprint.exempted.value == Fraction("0.025")
    assert footprint.exempted.half == Fraction("0.0005")
    assert footprint.raw == V3


def test_carbon_content_is_a_fact_and_no_equation(catalogue: Catalogue) -> None:
    footprint = read(V3, catalogue)
    assert "biogenicCarbonContent" not in said(footprint)
    assert footprint.facts["biogenicCarbonContent"] == "0.41"
    assert not footprint.unused


def test_the_method_is_resolved_and_an_ambiguous_label_stays_open(catalogue: Catalogue) -> None:
    footprint = read(V3, catalogue)
    assert set(footprint.method["gwp-set"]) == {"gwp-set.ar6-t715", "gwp-set.ar6-7sm7"}
    assert footprint.method["boundary"] == ("boundary.cradle-to-gate",)
    assert footprint.method["packaging"] == ("packaging.included",)
    assert footprint.standards == ("ISO:14067-2018", "PACT:3.0")
    assert [note.code for note in footprint.notes] == ["alternatives-gwp"]


def test_several_factor_sets_are_all_kept(catalogue: Catalogue) -> None:
    footprint = read(changed(ipccCharacterizationFactors=["AR5", "AR6"]), catalogue)
    assert {"gwp-set.ar5-28", "gwp-set.ar6-t715"} <= set(footprint.method["gwp-set"])


def test_a_field_that_is_not_in_the_specification_is_kept_and_its_meaning_suggested(
    catalogue: Catalogue,
) -> None:
    footprint = read(changed(biogenicCO2Withdrawal="-1.5", someThing="1"), catalogue)
    unused = {field.path: field.likely for field in footprint.unused}
    assert unused == {"pcf.biogenicCO2Withdrawal": "biogenicCO2Uptake", "pcf.someThing": None}
    assert footprint.raw["pcf"]["someThing"] == "1"
    assert "biogenicCO2Withdrawal" not in said(footprint)


def test_a_misspelling_is_suggested(catalogue: Catalogue) -> None:
    footprint = read(changed(aircraftGHGEmission="0.1"), catalogue)
    assert [(field.path, field.likely) for field in footprint.unused] == [
        ("pcf.aircraftGHGEmission", "aircraftGhgEmissions")
    ]


def test_numbers_of_the_specification_that_say_nothing_of_gases_are_listed(catalogue: Catalogue) -> None:
    footprint = read(changed(fossilCarbonContent="0", landAreaOccupation="4.92"), catalogue)
    assert [field.path for field in footprint.unused] == ["pcf.fossilCarbonContent", "pcf.landAreaOccupation"]
    assert footprint.facts["landAreaOccupation"] == "4.92"


def test_no_capture_is_a_statement_of_absence(catalogue: Catalogue) -> None:
    footprint = read(changed(ccsTechnologicalCO2CaptureIncluded=False), catalogue)
    assert [absence.on.activities for absence in footprint.absences] == [("captured", "technical-removal")]
    assert not read(changed(ccsTechnologicalCO2CaptureIncluded=True), catalogue).absences


def test_version_2_values_are_per_one_declared_unit(catalogue: Catalogue) -> None:
    payload = {
        "specVersion": "2.1.0",
        "pcf": {
            "declaredUnit": "kilogram",
            "unitaryProductAmount": "12.0",
            "pCfExcludingBiogenic": "0.5",
            "characterizationFactors": "AR5",
            "crossSectoralStandardsUsed": ["GHG Protocol Product standard"],
            "packagingEmissionsIncluded": False,
            "packagingGhgEmissions": "0.1",
        },
    }
    footprint = read(payload, catalogue)
    assert footprint.format == "PACT-2"
    assert footprint.declared_unit.amount == 1
    assert footprint.declared_unit.mass_kg == 1
    assert footprint.method["packaging"] == ("packaging.excluded",)
    assert footprint.standards == ("GHGP:PRODUCT-2011",)
    assert {note.code for note in footprint.notes} == {
        "unitary-amount",
        "packaging-contradiction",
        "alternatives-gwp",
    }


def test_version_3_with_version_2_names_is_refused_and_not_read_as_nothing(catalogue: Catalogue) -> None:
    payload = copy.deepcopy(V3)
    for name in ("pcfExcludingBiogenicUptake", "pcfIncludingBiogenicUptake"):
        del payload["pcf"][name]
    payload["pcf"]["pCfExcludingBiogenic"] = "1.85"
    found = error(payload, catalogue)
    assert found.code == "footprint-headline"
    assert "pCfExcludingBiogenic" in str(found)
    assert "pcfExcludingBiogenicUptake" in str(found)


@pytest.mark.parametrize(
    ("pcf", "code", "where"),
    [
        ({"fossilGhgEmissions": "-0.1"}, "footprint-negative", "pcf.fossilGhgEmissions"),
        ({"biogenicCO2Uptake": "1.5"}, "footprint-positive", "pcf.biogenicCO2Uptake"),
        ({"fossilGhgEmissions": "n/a"}, "footprint-number", "pcf.fossilGhgEmissions"),
        ({"fossilGhgEmissions": ""}, "footprint-number", "pcf.fossilGhgEmissions"),
        ({"fossilGhgEmissions": "1,5"}, "footprint-number", "pcf.fossilGhgEmissions"),
        ({"fossilGhgEmissions": "1_5"}, "footprint-number", "pcf.fossilGhgEmissions"),
        ({"fossilGhgEmissions": "１.5"}, "footprint-number", "pcf.fossilGhgEmissions"),
        ({"fossilGhgEmissions": "1e999"}, "footprint-number", "pcf.fossilGhgEmissions"),
        ({"fossilGhgEmissions": True}, "footprint-number", "pcf.fossilGhgEmissions"),
        ({"fossilGhgEmissions": ["1"]}, "footprint-number", "pcf.fossilGhgEmissions"),
        ({"fossilGhgEmissions": float("nan")}, "footprint-number", "pcf.fossilGhgEmissions"),
        ({"declaredUnitOfMeasurement": "ton"}, "unit-trap", "pcf.declaredUnitOfMeasurement"),
        ({"declaredUnitOfMeasurement": "stone"}, "unit-unknown", "pcf.declaredUnitOfMeasurement"),
        ({"declaredUnitOfMeasurement": 5}, "footprint-type", "pcf.declaredUnitOfMeasurement"),
        ({"declaredUnitOfMeasurement": None}, "footprint-missing", "pcf.declaredUnitOfMeasurement"),
        ({"declaredUnitAmount": "0"}, "footprint-unit-zero", "pcf.declaredUnitAmount"),
        ({"declaredUnitAmount": None}, "footprint-missing", "pcf.declaredUnitAmount"),
        ({"ipccCharacterizationFactors": ["AR99"]}, "option-unknown", "pcf.ipccCharacterizationFactors"),
        ({"ipccCharacterizationFactors": {"a": 1}}, "footprint-type", "pcf.ipccCharacterizationFactors"),
        ({"exemptedEmissionsPercent": "101"}, "footprint-exempted", "pcf.exemptedEmissionsPercent"),
    ],
)
def test_what_cannot_be_understood_is_named(
    pcf: dict[str, Any], code: str, where: str, catalogue: Catalogue
) -> None:
    found = error(changed(**pcf), catalogue)
    assert found.code == code
    assert found.where == f"payload: {where}"


def test_all_problems_of_a_file_are_told_at_once(catalogue: Catalogue) -> None:
    numbers = dict.fromkeys(
        (
            "fossilGhgEmissions",
            "biogenicCO2Uptake",
            "aircraftGhgEmissions",
            "packagingGhgEmissions",
            "landUseChangeGhgEmissions",
            "landCarbonLeakage",
        ),
        "x",
    )
    found = error(changed(**numbers, declaredUnitOfMeasurement="bbl"), catalogue)
    assert found.code == "footprint-several"
    assert found.values["count"] == 7
    assert "pcf.declaredUnitOfMeasurement: " in found.message("en")
    assert "and 2 more" in found.message("en")
    assert "另有 2 处" in found.message("zh")


@pytest.mark.parametrize("version", ["4.0.0", "0.1", "", "three"])
def test_a_version_that_is_not_known_is_refused(version: str, catalogue: Catalogue) -> None:
    found = error({**V3, "specVersion": version}, catalogue)
    assert found.code == "footprint-version"
    assert found.where == "payload: specVersion"


def test_a_missing_version_is_told_by_the_names(catalogue: Catalogue) -> None:
    payload = {name: value for name, value in V3.items() if name != "specVersion"}
    footprint = read(payload, catalogue)
    assert footprint.format == "PACT-3.0"
    assert "spec-version" in {note.code for note in footprint.notes}


@pytest.mark.parametrize("pcf", [None, [], "1.5", 1.5])
def test_a_pcf_that_is_no_object_is_refused(pcf: Any, catalogue: Catalogue) -> None:
    assert error({**V3, "pcf": pcf}, catalogue).code == "footprint-type"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda one: one,
        lambda one: [one],
        lambda one: {"data": one},
        lambda one: {"data": [one]},
        lambda one: {"type": "org.wbcsd", "data": {"requestEventId": "x", "pfs": [one]}},
    ],
)
def test_every_envelope_holds_the_same_footprint(wrap: Any, catalogue: Catalogue) -> None:
    footprint = read(wrap(V3), catalogue)
    assert footprint == read(V3, catalogue)


def test_one_of_several_is_chosen_by_number_or_id(catalogue: Catalogue) -> None:
    payload = {"data": [V3, {**V3, "id": "two"}]}
    with pytest.raises(InputError) as caught:
        read(payload, catalogue)
    assert caught.value.code == "file-several"
    assert "2: two" in str(caught.value)
    assert read(payload, catalogue, which=2).id == "two"
    assert read(payload, catalogue, which="two").source == "payload#2"
    with pytest.raises(InputError):
        read(payload, catalogue, which=3)
    with pytest.raises(InputError):
        read(payload, catalogue, which="three")


def test_the_place_in_a_list_is_part_of_the_message(catalogue: Catalogue) -> None:
    found = error({"data": [V3, changed(fossilGhgEmissions="-1")]}, catalogue)
    assert found.where == "payload: data[1].pcf.fossilGhgEmissions"


def test_null_says_no_more_than_left_out(catalogue: Catalogue) -> None:
    assert "fossilGhgEmissions" not in said(read(changed(fossilGhgEmissions=None), catalogue))


SAMPLES = {
    "demo-api/footprints.json": 5,
    "extensions/productfootprint.json": 1,
    "v2.3-spec/get-footprint-response.json": 1,
    "v2.3-spec/invalid-response-all-properties.json": 1,
    "v2.3-spec/list-footprints-response.json": 1,
    "v2.3-spec/pf-response-event.json": 1,
    "v3.0-spec/example-1.json": 1,
    "v3.0-spec/example-2.json": 1,
    "v3.0-spec/get-footprint-response.json": 1,
    "v3.0-spec/invalid-response-all-properties.json": 1,
    "v3.0-spec/list-footprints-response.json": 1,
    "v3.0-spec/pf-response-event.json": 1,
}


@pytest.mark.parametrize(("name", "count"), SAMPLES.items())
def test_published_payloads_are_read_whole(
    name: str, count: int, samples: Path, catalogue: Catalogue
) -> None:
    found = read_all(samples / name, catalogue)
    assert len(found) == count
    for footprint in found:
        numbers = said(footprint)
        assert min(d.headline for d in numbers.values() if d.headline) == 1
        pcf = footprint.raw["pcf"]
        for disclosure in numbers.values():
            # Every value is the text of the file, to the last digit.
            assert disclosure.quantity.text == str(pcf[disclosure.name])
            assert disclosure.quantity.value == Fraction(str(pcf[disclosure.name]))
        used = {*numbers, *(field.path.removeprefix("pcf.") for field in footprint.unused), *footprint.facts}
        scalars = {key for key, value in pcf.items() if isinstance(value, str) and value}
        assert scalars <= used


@pytest.mark.parametrize("name", ["extensions/extension.json", "extensions/primary-data-share.schema.json"])
def test_payloads_that_are_no_footprints_are_refused(name: str, samples: Path, catalogue: Catalogue) -> None:
    with pytest.raises(InputError) as caught:
        read_all(samples / name, catalogue)
    assert caught.value.code == "file-format"


def test_the_ethanol_sample_keeps_its_185(samples: Path, catalogue: Catalogue) -> None:
    footprint = read(samples / "v3.0-spec" / "list-footprints-response.json", catalogue)
    total = said(footprint)["pcfExcludingBiogenicUptake"].quantity
    assert (total.text, total.value) == ("1.85", Fraction("1.85"))
    assert footprint.declared_unit.unit == "litre"
    assert footprint.declared_unit.mass_kg == Fraction("0.879")
    assert set(footprint.method["gwp-set"]) == {"gwp-set.ar6-t715", "gwp-set.ar6-7sm7"}


def test_a_name_the_samples_use_wrongly_stays_unused(samples: Path, catalogue: Catalogue) -> None:
    footprint = read(samples / "v3.0-spec" / "get-footprint-response.json", catalogue)
    assert {field.path: field.likely for field in footprint.unused}["pcf.biogenicCO2Withdrawal"] == (
        "biogenicCO2Uptake"
    )


@pytest.mark.parametrize("version", ["PACT-3.0", "PACT-2"])
def test_every_field_has_a_statement_and_every_identity_its_fields(
    version: str, catalogue: Catalogue
) -> None:
    described = catalogue.formats[version]
    for field in described.fields.values():
        assert field.statement.sources
        assert field.statement.evidence in ("read", "inferred")
        assert field.path == f"pcf.{field.code}"
    for identity in described.identities.values():
        assert {term.field for term in identity.terms} <= set(described.fields)
    assert not {*described.administrative, *described.unusable} & set(described.fields)


def test_the_published_sums_hold_where_research_says_they_do(samples: Path, catalogue: Catalogue) -> None:
    """Example 1 adds up only with fossil land management added and biogenic non-CO2 left out."""
    pcf = json.loads((samples / "v3.0-spec" / "example-1.json").read_text())["pcf"]
    off = {}
    for identity in catalogue.formats["PACT-3.0"].identities.values():
        if identity.alternative == "sum":
            off[identity.code] = sum(
                Fraction(term.coefficient) * Fraction(pcf.get(term.field, "0")) for term in identity.terms
            )
    assert off["sum-as-in-examples"] == 0
    assert off["sum"] != 0
    assert len(off) == 4

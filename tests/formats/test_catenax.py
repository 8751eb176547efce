from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosswalk.errors import CrosswalkError, InputError
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.formats import read, read_all
from crosswalk.formats.catenax import claims
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.load import load

PRODUCTION = "productLifeCycleStagesAndEmissions[0].productionStage[0]"
PACKAGING = "productLifeCycleStagesAndEmissions[0].packagingStage[0]"
DISTRIBUTION = "productLifeCycleStagesAndEmissions[0].distributionStage[0]"
UNIT = "companyAndProductInformation[0].productInformation[0]"
METHOD = "pcfAssessmentAndMethodology[0].pcfMethodology[0]"
INFORMATION = "pcfAssessmentAndMethodology[0].pcfAssessmentInformation[0]"

V9: dict[str, Any] = {
    "scopeOfPcfForm": [
        {"specVersion": "urn:io.catenax.pcf:datamodel:version:9.0.0", "partialFullPcf": "Cradle-to-gate"}
    ],
    "companyAndProductInformation": [
        {
            "productInformation": [
                {
                    "productNameCompany": "Ethanol",
                    "declaredUnitOfMeasurement": "liter",
                    "declaredUnitAmount": "12.5",
                    "productMassPerDeclaredUnit": "9.86",
                }
            ],
            "companyInformation": [{"companyName": "My Corp"}],
        }
    ],
    "pcfAssessmentAndMethodology": [
        {
            "pcfMethodology": [
                {
                    "standards": [
                        {
                            "crossSectoralStandards": ["ISO 14067"],
                            "productOrSectorSpecificRules": ["a rule"],
                        }
                    ],
                    "gwpCharacterizationFactorDetails": [{"ipccCharacterizationFactors": "AR6"}],
                }
            ],
            "pcfAssessmentInformation": [
                {
                    "technology": [{"ccsTechnologicalCO2CaptureIncluded": False}],
                    "boundarySpecifications": [{"exemptedEmissionsPercent": "2.5"}],
                    "idAndVersion": [{"id": "one", "precedingPfIds": [{}, {}]}],
                }
            ],
        }
    ],
    "productLifeCycleStagesAndEmissions": [
        {
            "productionStage": [
                {
                    "pcfIncludingBiogenicUptake": "1.90",
                    "pcfExcludingBiogenicUptake": "2.90",
                    "fossilGhgEmissions": "2.50",
                    "biogenicNonCO2Emissions": "0.10",
                    "biogenicCO2Uptake": "-1.00",
                    "landUseChangeGhgEmissions": "0.25",
                    "aircraftGhgEmissions": "0.05",
                }
            ],
            "packagingStage": [
                {
                    "packagingEmissionsIncluded": True,
                    "packagingPcfExcludingBiogenicUptake": "0.2",
                    "packagingFossilGhgEmissions": "0.2",
                }
            ],
            "distributionStage": [
                {
                    "distributionStageIncluded": True,
                    "distributionStagePcfExcludingBiogenicUptake": "0.15",
                }
            ],
        }
    ],
    "carbonContent": [{"biogenicCarbonContent": "0.273", "carbonContentTotal": "0.5"}],
}
V7: dict[str, Any] = {
    "id": "one",
    "specVersion": "urn:io.catenax.pcf:datamodel:version:7.0.0",
    "partialFullPcf": "Cradle-to-gate",
    "productName": "Ethanol",
    "pcf": {
        "declaredUnit": "kilogram",
        "unitaryProductAmount": "1",
        "pcfExcludingBiogenic": "2.20",
        "pcfIncludingBiogenic": "1.20",
        "fossilGhgEmissions": "1.50",
        "biogenicCarbonEmissionsOtherThanCO2": "0.30",
        "biogenicCarbonWithdrawal": "-1.00",
        "dlucGhgEmissions": "0.40",
        "extTFS_luGhgEmissions": "0.00",
        "extWBCSD_packagingEmissionsIncluded": True,
        "extWBCSD_characterizationFactors": "AR5",
        "crossSectoralStandardsUsed": [{"crossSectoralStandard": "ISO Standard 14067"}],
        "carbonContentBiogenic": "0.2727",
        "exemptedEmissionsPercent": "0",
    },
}


ROOT = Path(__file__).resolve().parents[2]


def changed(payload: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The payload with what stands at ``path`` replaced; ``...`` takes it out."""
    payload = copy.deepcopy(payload)
    *way, last = [
        int(step) if step.isdigit() else step for step in path.replace("[", ".").replace("]", "").split(".")
    ]
    target: Any = payload
    for step in way:
        target = target[step]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return payload


def said(footprint: Footprint) -> dict[str, Disclosure]:
    return {disclosure.name: disclosure for disclosure in footprint.disclosures}


def error(payload: Any, catalogue: Catalogue) -> CrosswalkError:
    with pytest.raises(CrosswalkError) as caught:
        read_all(payload, catalogue)
    for lang in ("en", "zh"):
        assert "\n" not in caught.value.message(lang)
    return caught.value


def residual(footprint: Footprint, identity: str, catalogue: Catalogue) -> tuple[Fraction, Fraction]:
    """What an identity misses zero by, and how much rounding allows."""
    found, room = Fraction(0), Fraction(0)
    values = {d.field: d.quantity for d in footprint.disclosures}
    for term in catalogue.formats[footprint.format].identities[identity].terms:
        factor = Fraction(term.coefficient)
        if term.field in values:
            found += factor * values[term.field].value
            room += abs(factor) * values[term.field].half
        else:
            found += factor * Fraction(footprint.facts.get(term.field, "0"))
    return found, room


# Model 9.0.0


def test_what_a_footprint_of_model_9_discloses(catalogue: Catalogue) -> None:
    footprint = read(V9, catalogue)
    found = said(footprint)
    assert (footprint.format, footprint.regime) == ("CATENAX-9", "CATENAX:4")
    assert (footprint.id, footprint.product) == ("one", "Ethanol")
    assert footprint.declared_unit.amount == Fraction("12.5")
    assert footprint.declared_unit.unit == "litre"
    assert footprint.declared_unit.mass_kg == Fraction("9.86")
    assert found["pcfIncludingBiogenicUptake"].headline == 1
    assert found["pcfIncludingBiogenicUptake"].path == f"{PRODUCTION}.pcfIncludingBiogenicUptake"
    assert found["pcfIncludingBiogenicUptake"].quantity.text == "1.90"
    assert found["pcfIncludingBiogenicUptake"].under == (
        "biogenic-co2.product-uptake",
        "uptake-at-gate.in-total",
    )
    assert found["pcfExcludingBiogenicUptake"].headline == 2
    assert found["fossilGhgEmissions"].quantity.half == Fraction("0.005")
    assert found["aircraftGhgEmissions"].on.activities == ("aircraft",)
    assert footprint.exempted is not None
    assert footprint.exempted.value == Fraction("0.025")
    assert footprint.standards == ("ISO:14067-2018",)
    assert footprint.facts["productOrSectorSpecificRules"] == "a rule"
    assert set(footprint.method["gwp-set"]) == {"gwp-set.ar6-t715", "gwp-set.ar6-7sm7"}
    assert footprint.method["boundary"] == ("boundary.cradle-to-gate",)
    assert footprint.method["packaging"] == ("packaging.included",)
    assert [one.path for one in footprint.unused] == ["carbonContent[0].carbonContentTotal"]
    assert footprint.raw == V9


def test_the_positions_add_up(catalogue: Catalogue) -> None:
    footprint = read(V9, catalogue)
    for identity in ("t1-sum", "t2-sum", "t1-t2"):
        assert residual(footprint, identity, catalogue)[0] == 0


def test_no_term_of_the_sums_is_position_b(catalogue: Catalogue) -> None:
    identities = catalogue.formats["CATENAX-9"].identities
    lead, second = identities["t1-sum"].terms, identities["t2-sum"].terms
    assert len(lead) == 8
    assert {t.field for t in lead} - {t.field for t in second} == {
        "biogenicCO2Uptake",
        "pcfIncludingBiogenicUptake",
    }


def test_parts_without_cells_of_their_own_are_facts(catalogue: Catalogue) -> None:
    footprint = read(V9, catalogue)
    assert footprint.facts["packagingFossilGhgEmissions"] == "0.2"
    assert footprint.facts["biogenicCarbonContent"] == "0.273"
    assert {"packagingFossilGhgEmissions", "biogenicCarbonContent"}.isdisjoint(said(footprint))
    assert said(footprint)["packagingPcfExcludingBiogenicUptake"].on.activities == ("packaging",)


def test_no_capture_is_a_statement_of_absence(catalogue: Catalogue) -> None:
    absences = read(V9, catalogue).absences
    assert [one.on.activities for one in absences] == [("captured", "technical-removal")]
    flag = f"{INFORMATION}.technology[0].ccsTechnologicalCO2CaptureIncluded"
    assert absences[0].path == flag
    assert not read(changed(V9, flag, True), catalogue).absences


def test_a_stage_that_is_not_included_says_nothing_by_its_zeros(catalogue: Catalogue) -> None:
    total = f"{PACKAGING}.packagingPcfExcludingBiogenicUptake"
    payload = changed(V9, f"{PACKAGING}.packagingEmissionsIncluded", False)
    payload = changed(payload, f"{PACKAGING}.packagingFossilGhgEmissions", 0)
    footprint = read(changed(payload, total, 0), catalogue)
    assert "packagingPcfExcludingBiogenicUptake" not in said(footprint)
    assert total in {one.path for one in footprint.unused}
    assert footprint.method["packaging"] == ("packaging.excluded",)
    assert "stage-contradiction" not in {note.code for note in footprint.notes}


def test_a_stage_that_is_not_included_and_has_values_is_told(catalogue: Catalogue) -> None:
    payload = changed(V9, f"{DISTRIBUTION}.distributionStageIncluded", False)
    payload = changed(payload, f"{DISTRIBUTION}.distributionStagePcfExcludingBiogenicUptake", 0.15)
    footprint = read(payload, catalogue)
    assert ("stage-contradiction", {"name": "distributionStageIncluded"}) in [
        (note.code, note.values) for note in footprint.notes
    ]
    assert said(footprint)["distributionStagePcfExcludingBiogenicUptake"].quantity.text == "0.15"


def test_a_property_in_the_wrong_stage_is_not_used(catalogue: Catalogue) -> None:
    name = "packagingLandManagementBiogenicCO2Emissions"
    footprint = read(changed(V9, f"{PRODUCTION}.{name}", 7), catalogue)
    assert f"{PRODUCTION}.{name}" in {one.path for one in footprint.unused}
    assert name not in footprint.facts


def test_a_group_with_two_entries_is_refused(catalogue: Catalogue) -> None:
    payload = copy.deepcopy(V9)
    stages = payload["productLifeCycleStagesAndEmissions"][0]
    stages["productionStage"] *= 2
    found = error(payload, catalogue)
    assert found.code == "footprint-entries"
    assert found.where == "payload: productLifeCycleStagesAndEmissions[0].productionStage"


@pytest.mark.parametrize("given", ["megabit", "second", "Megabit", "megabit second"])
def test_the_unit_the_model_breaks_in_two_is_read_whole(given: str, catalogue: Catalogue) -> None:
    footprint = read(changed(V9, f"{UNIT}.declaredUnitOfMeasurement", given), catalogue)
    assert footprint.declared_unit.unit == "megabit second"
    told = "broken-unit" in {note.code for note in footprint.notes}
    assert told == (given != "megabit second")


def test_factors_left_unspecified_stay_open(catalogue: Catalogue) -> None:
    path = f"{METHOD}.gwpCharacterizationFactorDetails[0].ipccCharacterizationFactors"
    assert "gwp-set" not in read(changed(V9, path, "unspecified"), catalogue).method


def test_cradle_to_grave_leaves_the_extent_open(catalogue: Catalogue) -> None:
    footprint = read(changed(V9, "scopeOfPcfForm[0].partialFullPcf", "Cradle-to-grave"), catalogue)
    assert footprint.method["boundary"] == ("boundary.cradle-to-gate", "boundary.cradle-to-grave")
    assert "catenax-grave" in {note.code for note in footprint.notes}


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (f"{PRODUCTION}.pcfExcludingBiogenicUptake", "-1", "footprint-negative"),
        (f"{PRODUCTION}.biogenicCO2Uptake", "1", "footprint-positive"),
        (f"{PRODUCTION}.landManagementBiogenicCO2Removals", "1", "footprint-positive"),
        (f"{PACKAGING}.packagingFossilGhgEmissions", "-1", "footprint-negative"),
        (f"{PRODUCTION}.fossilGhgEmissions", "1,5", "footprint-number"),
        (f"{PRODUCTION}.fossilGhgEmissions", True, "footprint-number"),
        (f"{UNIT}.declaredUnitOfMeasurement", "ton", "unit-trap"),
        (f"{UNIT}.declaredUnitOfMeasurement", 5, "footprint-type"),
        (f"{UNIT}.declaredUnitAmount", 0, "footprint-unit-zero"),
        (
            f"{METHOD}.gwpCharacterizationFactorDetails[0].ipccCharacterizationFactors",
            "AR9",
            "option-unknown",
        ),
        (f"{INFORMATION}.boundarySpecifications[0].exemptedEmissionsPercent", 101, "footprint-exempted"),
        (f"{PACKAGING}.packagingEmissionsIncluded", "yes", "footprint-type"),
        ("scopeOfPcfForm[0].partialFullPcf", "gate", "footprint-choice"),
        ("scopeOfPcfForm[0].specVersion", "urn:io.catenax.pcf:datamodel:version:8.0.0", "footprint-version"),
        ("scopeOfPcfForm[0].specVersion", "urn:io.catenax.pcf:datamodel:version:10.0.0", "footprint-version"),
    ],
)
def test_what_cannot_be_understood_is_named(path: str, value: Any, code: str, catalogue: Catalogue) -> None:
    found = error(changed(V9, path, value), catalogue)
    assert found.code == code
    assert found.where == f"payload: {path}"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{UNIT}.declaredUnitOfMeasurement", "footprint-missing"),
        (f"{UNIT}.declaredUnitAmount", "footprint-missing"),
        ("scopeOfPcfForm[0].specVersion", "footprint-missing"),
    ],
)
def test_what_is_missing_is_named(path: str, code: str, catalogue: Catalogue) -> None:
    assert error(changed(V9, path, ...), catalogue).code == code


def test_without_totals_nothing_is_read_as_nothing(catalogue: Catalogue) -> None:
    payload = changed(V9, f"{PRODUCTION}.pcfIncludingBiogenicUptake", ...)
    payload = changed(payload, f"{PRODUCTION}.pcfExcludingBiogenicUptake", ...)
    payload = changed(payload, f"{PRODUCTION}.pcfIncludingBiogenic", "1.9")
    found = error(payload, catalogue)
    assert found.code == "footprint-headline"
    assert "pcfIncludingBiogenic)" in str(found) or "pcfIncludingBiogenic" in str(found)


# Models 5.0.0 to 7.0.0


def test_what_a_footprint_of_model_7_discloses(catalogue: Catalogue) -> None:
    footprint = read(V7, catalogue)
    found = said(footprint)
    assert (footprint.format, footprint.regime) == ("CATENAX-7", "CATENAX:3")
    assert footprint.declared_unit.mass_kg == 1
    assert footprint.standards == ("ISO:14067-2018",)
    assert len(footprint.method["gwp-set"]) == 3
    assert found["pcfExcludingBiogenic"].headline == 1
    assert len(found["pcfExcludingBiogenic"].readings) == 2
    assert len(found["fossilGhgEmissions"].readings) == 1
    assert footprint.exempted is not None
    assert footprint.exempted.value == 0
    assert footprint.facts["carbonContentBiogenic"] == "0.2727"
    assert not footprint.unused
    for identity in ("carbon-in-product", "including", "sum"):
        off, room = residual(footprint, identity, catalogue)
        assert abs(off) <= room


def test_values_of_model_7_are_per_one_declared_unit(catalogue: Catalogue) -> None:
    footprint = read(changed(V7, "pcf.unitaryProductAmount", 1000.0), catalogue)
    assert footprint.declared_unit.amount == 1
    assert "unitary-amount" in {note.code for note in footprint.notes}


@pytest.mark.parametrize(
    "version",
    ["2.0.1-20230314", "urn:io.catenax.pcf:datamodel:version:6.0.0", "urn:samm:io.catenax.pcf:5.0.0#Pcf"],
)
def test_older_models_are_read_as_7_and_belong_to_no_regime(version: str, catalogue: Catalogue) -> None:
    footprint = read(changed(V7, "specVersion", version), catalogue)
    assert (footprint.format, footprint.regime) == ("CATENAX-7", None)
    assert "spec-version" in {note.code for note in footprint.notes}


@pytest.mark.parametrize("version", ["1.0.0", "3.0.0", "", "urn:io.catenax.pcf:datamodel:version:", 7])
def test_a_version_that_is_not_known_is_refused(version: Any, catalogue: Catalogue) -> None:
    found = error(changed(V7, "specVersion", version), catalogue)
    assert found.code == "footprint-version"
    assert found.where == "payload: specVersion"


def test_a_list_is_read_one_by_one(catalogue: Catalogue) -> None:
    first, second = read_all([V7, V9], catalogue)
    assert (first.source, first.format) == ("payload#1", "CATENAX-7")
    assert (second.source, second.format) == ("payload#2", "CATENAX-9")
    found = error([V7, changed(V7, "pcf.dlucGhgEmissions", -1)], catalogue)
    assert found.where == "payload: [1].pcf.dlucGhgEmissions"


def test_a_pact_file_is_not_claimed() -> None:
    assert not claims({"specVersion": "2.1.0", "pcf": {"pCfExcludingBiogenic": "1", "dLucGhgEmissions": "0"}})
    assert not claims({"specVersion": "3.0.0", "pcf": {"crossSectoralStandards": ["ISO14067"]}})


# Published payloads


@pytest.fixture(scope="module")
def published() -> Path:
    found = ROOT.parent / "shared" / "samples" / "payloads" / "catena-x"
    if not found.is_dir():
        pytest.skip("the published payloads are not there")
    return found


@pytest.mark.parametrize("name", ["pcf-5.0.0", "pcf-6.0.0", "pcf-7.0.0", "pcf-9.0.0"])
def test_published_payloads_are_read_whole(name: str, published: Path, catalogue: Catalogue) -> None:
    path = published / f"{name}.json"
    footprint = read(path, catalogue)
    numbers = said(footprint)
    assert min(d.headline for d in numbers.values() if d.headline) == 1
    used = {d.path for d in numbers.values()} | {one.path for one in footprint.unused}
    for where, _ in scalars(json.loads(path.read_text("utf-8"), parse_float=str)):
        name = where.rpartition(".")[2]
        assert where in used or name in footprint.facts, where
    for disclosure in numbers.values():
        assert disclosure.quantity.value == Fraction(disclosure.quantity.text)


def scalars(payload: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every property with a number or a text; of lists, those of model 9 that hold one group."""
    for name, value in payload.items():
        path = f"{at}.{name}" if at else name
        grouped = "pcf" not in payload and not path.startswith(("pcf.", "attestationOfConformance"))
        if grouped and isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
            yield from scalars(value[0], f"{path}[0]")
        elif path == "pcf":
            yield from scalars(value, path)
        elif isinstance(value, (str, int)):
            yield path, value


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("pcf-2.0.0", "specVersion"),
        ("pcf-3.0.0", "specVersion"),
        ("pcf_for_battery_component_supplier-1.0.0", "pcfValues"),
    ],
)
def test_models_that_are_not_described_are_refused_in_one_line(
    name: str, where: str, published: Path, catalogue: Catalogue
) -> None:
    with pytest.raises(InputError) as caught:
        read_all(published / f"{name}.json", catalogue)
    assert caught.value.code == "footprint-version"
    assert caught.value.where is not None
    assert caught.value.where.endswith(f": {where}")


def test_the_example_of_model_9_breaks_its_own_sums(published: Path, catalogue: Catalogue) -> None:
    """Position F is left out of both totals, and packaging does not add up."""
    footprint = read(published / "pcf-9.0.0.json", catalogue)
    for identity in ("t1-sum", "t2-sum"):
        off, room = residual(footprint, identity, catalogue)
        assert off == Fraction("1.4") > room
    assert residual(footprint, "t1-t2", catalogue)[0] == 0
    assert residual(footprint, "packaging-t2-sum", catalogue)[0] == Fraction("0.6")


@pytest.mark.parametrize("version", ["CATENAX-7", "CATENAX-9"])
def test_every_field_has_a_statement_and_every_identity_its_fields(
    version: str, catalogue: Catalogue
) -> None:
    described = catalogue.formats[version]
    for field in described.fields.values():
        assert field.statement.sources
        assert field.path.endswith(f".{field.code}")
    for identity in described.identities.values():
        assert {term.field for term in identity.terms} <= set(described.fields)
    assert not {*described.administrative, *described.unusable} & set(described.fields)


@pytest.mark.parametrize("version", ["7.0.0", "9.0.0"])
def test_every_property_of_the_schema_is_described(version: str, catalogue: Catalogue) -> None:
    path = ROOT.parent / "shared" / "samples" / "schemas" / f"catena-x-pcf-{version}-schema.json"
    if not path.is_file():
        pytest.skip("the published schema is not there")
    schemas = json.loads(path.read_text("utf-8"))
    described = catalogue.formats[f"CATENAX-{version[0]}"]
    known = {*described.administrative, *described.unusable, *described.fields}
    found = set(properties(schemas, schemas["components"]["schemas"]))
    assert found - known == set()


def properties(schema: Any, definitions: Any) -> Iterator[str]:
    """Names of properties that hold no group of others, but for lists the reader keeps whole."""
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    whole = (
        "attestationOfConformance",
        "precedingPfIds",
        "productOrSectorSpecificRules",
        "dataQualityRating",
    )
    lists = ("crossSectoralStandardsUsed", "secondaryEmissionFactorSources")
    for name, below in schema.get("properties", {}).items():
        inside = [] if name in (*whole, *lists) else list(properties(below, definitions))
        yield from inside or [name]
    if "items" in schema:
        yield from properties(schema["items"], definitions)


# Whatever stands in a file

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("kilogram")
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


def places(payload: Any, path: str = "") -> list[str]:
    found = [path] if path else []
    rows = (
        enumerate(payload)
        if isinstance(payload, list)
        else payload.items()
        if isinstance(payload, dict)
        else ()
    )
    for key, value in rows:
        found += places(value, f"{path}[{key}]" if isinstance(payload, list) else f"{path}.{key}".lstrip("."))
    return found


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([(one, path) for one in (V7, V9) for path in places(one)]), VALUES)
def test_a_reader_answers_or_refuses(place: tuple[dict[str, Any], str], value: Any) -> None:
    refusal: CrosswalkError | None = None
    try:
        for footprint in read_all(changed(*place, value), load()):
            assert footprint.disclosures
    except CrosswalkError as error:
        refusal = error
    for lang in ("en", "zh") if refusal else ():
        assert "\n" not in refusal.message(lang)

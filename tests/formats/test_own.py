from __future__ import annotations

import copy
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from crosswalk.errors import CrosswalkError
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.formats import read, read_all
from crosswalk.formats import schema as load_schema
from crosswalk.knowledge.catalogue import Catalogue, Selection

BASE: dict[str, Any] = {
    "crosswalk": "footprint/2",
    "product": {"name": {"en": "Polyethylene", "zh": "聚乙烯"}},
    "declared_unit": {"amount": 1, "unit": "kg"},
    "regime": "GB/T 24067-2024",
    "total": "2.30",
}


def changed(**fields: Any) -> dict[str, Any]:
    return {**copy.deepcopy(BASE), **fields}


def error(payload: Any, catalogue: Catalogue) -> CrosswalkError:
    with pytest.raises(CrosswalkError) as caught:
        read_all(payload, catalogue)
    for lang in ("en", "zh"):
        assert "\n" not in caught.value.message(lang)
    return caught.value


def said(footprint: Footprint) -> dict[str, Disclosure]:
    return {disclosure.path: disclosure for disclosure in footprint.disclosures}


def test_a_minimal_file(catalogue: Catalogue) -> None:
    footprint = read(BASE, catalogue)
    assert footprint.regime == "GBT:24067-2024"
    assert footprint.product == "Polyethylene / 聚乙烯"
    assert footprint.declared_unit.mass_kg == 1
    total = said(footprint)["total"]
    assert (total.quantity.text, total.quantity.half, total.headline) == ("2.30", Fraction(1, 200), 1)
    assert (total.on, total.under) == (Selection(), ())
    assert footprint.method == {}
    assert footprint.complete is None


@pytest.mark.parametrize(
    ("given", "value", "half"),
    [
        ("2.30", "2.3", "0.005"),
        (275, "275", "0.5"),
        (0, "0", "0"),
        ("0.0", "0", "0.05"),
        ("1.5e-3", "0.0015", "0.00005"),
        ("-1.2", "-1.2", "0.05"),
        ({"value": "2.3", "exact": True}, "2.3", "0"),
        ({"value": "2.3", "plus_minus": "0.2"}, "2.3", "0.2"),
        ({"value": "2.3"}, "2.3", "0.05"),
    ],
)
def test_numbers_mean_what_their_digits_say(given: Any, value: str, half: str, catalogue: Catalogue) -> None:
    quantity = said(read(changed(total=given), catalogue))["total"].quantity
    assert (quantity.value, quantity.half) == (Fraction(value), Fraction(half))


def test_lines_stages_and_carbon(catalogue: Catalogue) -> None:
    payload = changed(
        lines={"fossil": "2.0", "uptake-in-product": "-0.5", "iluc": 0, "capital-goods": "0.02"},
        stages={"raw": "1.0", "生产": "1.3"},
        carbon={"biogenic_content": "0.14", "stored": 0},
    )
    found = said(read(payload, catalogue))
    assert found["lines.fossil"].on.origins == ("fossil",)
    assert found["lines.uptake-in-product"].under == (
        "biogenic-co2.product-uptake",
        "uptake-at-gate.in-total",
    )
    assert found["lines.iluc"].field == "indirect-land-use-change"
    assert found["lines.capital-goods"].under == ("capital-goods.included",)
    assert found["stages.生产"].on.stages == ("production",)
    assert (found["carbon.biogenic_content"].basis, found["carbon.biogenic_content"].scale) == (
        "carbon",
        Fraction(44, 12),
    )
    assert found["carbon.stored"].on.activities == ("stored-carbon",)


def test_gases_narrow_the_pattern(catalogue: Catalogue) -> None:
    payload = changed(
        gases=[
            {"gas": "CO2", "origin": "fossil", "mass": "2.1"},
            {"gas": "甲烷", "mass": "5.0", "unit": "g"},
            {"gas": "74-82-8", "origin": ["fossil", "biogenic"], "stage": "raw", "mass": "0.001"},
            {"family": "HFC", "co2e": "0.01"},
        ],
        gases_complete=True,
    )
    footprint = read(payload, catalogue)
    found = said(footprint)
    pattern = catalogue.formats["crosswalk"].fields["gas-mass"].on
    assert found["gases[0].mass"].on == Selection(
        gases=("CO2",), origins=("fossil",), excepts=pattern.excepts
    )
    assert found["gases[1].mass"].on == Selection(gases=("CH4",), excepts=pattern.excepts)
    assert found["gases[1].mass"].quantity.value == Fraction("0.005")
    assert found["gases[1].mass"].quantity.half == Fraction("0.00005")
    assert found["gases[2].mass"].on.stages == ("raw",)
    assert found["gases[3].co2e"].basis == "co2e"
    assert found["gases[3].co2e"].on.families == ("HFC",)
    assert footprint.complete is not None
    assert found["gases[3].co2e"].on in footprint.complete.excepts


def test_absences_by_every_kind_of_name(catalogue: Catalogue) -> None:
    payload = changed(absent=["biogenic", "land-use", "aircraft", "offsets", "capital-goods", "HFC", "使用"])
    found = {absence.name: absence.on for absence in read(payload, catalogue).absences}
    assert found["biogenic"] == Selection(origins=("biogenic",))
    assert found["land-use"] == Selection(origins=("land",))
    assert found["aircraft"] == Selection(activities=("aircraft",))
    assert found["offsets"] == Selection(activities=("offset",))
    assert found["capital-goods"] == Selection(activities=("capital-goods",))
    assert found["HFC"] == Selection(families=("HFC",))
    assert found["使用"] == Selection(stages=("use",))


def test_the_method_takes_codes_labels_and_lists(catalogue: Catalogue) -> None:
    payload = changed(
        method={
            "gwp-set": "AR5",
            "boundary": "从摇篮到大门",
            "capital goods": ["included", "excluded"],
        }
    )
    method = read(payload, catalogue).method
    assert set(method["gwp-set"]) >= {"gwp-set.ar5-28", "gwp-set.ar5-30"}
    assert method["boundary"] == ("boundary.cradle-to-gate",)
    assert set(method["capital-goods"]) == {"capital-goods.included", "capital-goods.excluded"}


def test_unknown_keys_are_kept_and_listed_with_the_likely_name(catalogue: Catalogue) -> None:
    payload = changed(totl="1", lines={"fossils": "1"}, gases=[{"gas": "CO2", "mass": 1, "orign": "fossil"}])
    footprint = read(payload, catalogue)
    unused = {field.path: field.likely for field in footprint.unused}
    assert unused == {"totl": "total", "lines.fossils": "fossil", "gases[0].orign": "origin"}
    assert footprint.raw["totl"] == "1"


def test_a_regime_known_by_name_only_can_be_read(catalogue: Catalogue) -> None:
    footprint = read(changed(regime="ISO 14083:2023"), catalogue)
    assert footprint.regime is None
    assert footprint.standards == ("ISO:14083-2023",)
    assert [note.code for note in footprint.notes] == ["regime-undescribed"]


def test_the_mass_of_a_declared_unit(catalogue: Catalogue) -> None:
    def mass(**unit: Any) -> Fraction | None:
        return read(changed(declared_unit=unit), catalogue).declared_unit.mass_kg

    assert mass(unit="t", amount="2") == 2000
    assert mass(unit="L") is None
    assert mass(unit="L", mass={"value": "790", "unit": "g"}) == Fraction("0.79")
    assert mass(unit="piece", mass="12") == 12
    assert read(changed(declared_unit="千瓦时"), catalogue).declared_unit.unit == "kilowatt hour"


@pytest.mark.parametrize(
    ("fields", "code", "where"),
    [
        ({"crosswalk": "footprint/3"}, "footprint-version", "crosswalk"),
        ({"total": "about 2"}, "footprint-number", "total"),
        ({"total": {"value": "2", "plus_minus": "-1"}}, "footprint-number", "total.plus_minus"),
        ({"total": {"plus_minus": "1"}}, "footprint-number", "total.value"),
        ({"lines": {"fossil": "-1"}}, "footprint-negative", "lines.fossil"),
        ({"lines": {"land-removals": "1"}}, "footprint-positive", "lines.land-removals"),
        ({"lines": ["fossil"]}, "footprint-type", "lines"),
        ({"declared_unit": {"unit": "ton"}}, "unit-trap", "declared_unit.unit"),
        ({"declared_unit": {"unit": "furlong"}}, "unit-unknown", "declared_unit.unit"),
        ({"declared_unit": {"amount": 1}}, "footprint-missing", "declared_unit.unit"),
        ({"declared_unit": {"unit": "kg", "amount": 0}}, "footprint-unit-zero", "declared_unit.amount"),
        ({"declared_unit": {"unit": "L", "mass": 0}}, "footprint-unit-zero", "declared_unit.mass.value"),
        ({"declared_unit": None}, "footprint-missing", "declared_unit"),
        ({"regime": "GB/T 24067-2042"}, "name-unknown", "regime"),
        ({"regime": 5}, "footprint-type", "regime"),
        ({"method": {"gwpset": "AR99"}}, "option-unknown", "method.gwpset"),
        ({"method": {"colour": "red"}}, "name-unknown", "method.colour"),
        ({"method": "AR6"}, "footprint-type", "method"),
        ({"method": {"gwpset": []}}, "footprint-method-empty", "method.gwpset"),
        ({"gases": {"CO2": 1}}, "footprint-type", "gases"),
        ({"gases": [{"gas": "CO2", "mass": "-1"}]}, "footprint-negative", "gases[0].mass"),
        ({"gases": [{"gas": "CO2"}]}, "footprint-gas-amount", "gases[0]"),
        ({"gases": [{"gas": "CO2", "mass": 1, "co2e": 1}]}, "footprint-gas-amount", "gases[0]"),
        ({"gases": [{"family": "HFC", "mass": 1}]}, "footprint-gas-amount", "gases[0]"),
        ({"gases": [{"gas": "unobtainium", "mass": 1}]}, "name-unknown", "gases[0].gas"),
        ({"gases": [{"gas": "CO2", "mass": 1, "unit": "L"}]}, "footprint-gas-unit", "gases[0].unit"),
        ({"gases": [{"gas": "CO2", "mass": 1, "unit": "kgCO2e"}]}, "footprint-gas-unit", "gases[0].unit"),
        (
            {"gases": [{"gas": "CO2", "mass": 1, "activity": "uptake-product"}]},
            "footprint-gas-activity",
            "gases[0].activity",
        ),
        ({"gases_complete": "yes"}, "footprint-type", "gases_complete"),
        ({"absent": ["magic"]}, "footprint-absent-unknown", "absent[0]"),
        ({"absent": ["total"]}, "footprint-absent-unknown", "absent[0]"),
        ({"exempted_share": "3"}, "footprint-exempted", "exempted_share"),
    ],
)
def test_what_cannot_be_understood_is_named(
    fields: dict[str, Any], code: str, where: str, catalogue: Catalogue
) -> None:
    found = error(changed(**fields), catalogue)
    assert (found.code, found.where) == (code, f"payload: {where}")


def test_a_file_that_says_nothing_is_refused(catalogue: Catalogue) -> None:
    payload = {name: value for name, value in BASE.items() if name != "total"}
    assert error(payload, catalogue).code == "footprint-empty"


def test_all_problems_are_told_at_once(catalogue: Catalogue) -> None:
    payload = changed(total="x", regime="nobody", declared_unit={"unit": "bbl"}, absent=["magic"])
    found = error(payload, catalogue)
    assert (found.code, found.values["count"]) == ("footprint-several", 4)
    for path in ("total", "regime", "declared_unit.unit", "absent[0]"):
        assert f"{path}: " in str(found)


def test_lists_of_footprints(catalogue: Catalogue) -> None:
    found = read_all([BASE, changed(id="two")], catalogue)
    assert [one.source for one in found] == ["payload#1", "payload#2"]
    assert error([BASE, changed(total="x")], catalogue).where == "payload: [1].total"
    assert error([BASE, 5], catalogue).code == "footprint-type"


# The schema and the examples

EXAMPLES = (
    "concrete-dry-creek",
    "ethylene-cracker",
    "hydrogen-smr",
    "polyethylene",
    "polyethylene-inconsistent",
    "polyethylene-total-only",
)


def schema_errors(payload: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(load_schema())
    return [one.message for one in validator.iter_errors(payload)]


def test_the_schema_is_valid_and_bilingual() -> None:
    schema = load_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for name, field in schema["properties"].items():
        if name != "$schema":
            assert " / " in field["description"], name


def test_the_schema_lists_every_line_of_the_knowledge(catalogue: Catalogue) -> None:
    schema = load_schema()["properties"]
    for section in ("lines", "stages", "carbon"):
        paths = set()
        for field in catalogue.formats["crosswalk"].fields.values():
            if field.path.startswith(f"{section}."):
                name = field.path.removeprefix(f"{section}.")
                paths |= {name, *field.spellings}
                described = schema[section]["properties"][name]["description"]
                assert described.startswith(f"{field.label.en} / {field.label.zh}"), name
        assert set(schema[section]["properties"]) == paths


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_follow_the_schema_and_are_read(name: str, examples: Path, catalogue: Catalogue) -> None:
    footprint = read(examples / f"{name}.json", catalogue)
    assert schema_errors(footprint.raw) == []
    assert not footprint.unused
    assert " / " in footprint.product
    assert any(fact.startswith("source.") for fact in footprint.facts)


def test_all_examples_are_tested(examples: Path) -> None:
    assert {path.stem for path in examples.glob("*.json")} >= set(EXAMPLES)


def test_the_gas_split_of_the_example_makes_its_total(examples: Path, catalogue: Catalogue) -> None:
    def off(name: str) -> tuple[Fraction, Fraction]:
        found = said(read(examples / name, catalogue))
        factors = catalogue.gwp_sets["AR6-7.SM.7"].values
        total = -found["total"].quantity.value
        room = found["total"].quantity.half
        for disclosure in found.values():
            if disclosure.basis == "mass":
                by_origin = factors[disclosure.on.gases[0]]
                factor = Fraction(by_origin.get("fossil", by_origin.get("", "")))
                total += factor * disclosure.quantity.value
                room += factor * disclosure.quantity.half
        return abs(total), room

    difference, room = off("polyethylene.json")
    assert difference <= room
    difference, room = off("polyethylene-inconsistent.json")
    assert difference > room


@pytest.mark.parametrize(
    "fields",
    [
        {"total": "2,3"},
        {"totl": 1},
        {"lines": {"fossils": 1}},
        {"total": {"value": 1, "plus_minus": 1, "exact": True}},
        {"gases": [{"gas": "CO2"}]},
        {"gases": [{"family": "HFC", "mass": 1}]},
        {"declared_unit": {"amount": 1}},
        {"method": {"gwpset": []}},
        {"gases": [{"gas": "CO2", "mass": -1}]},
        {"gases": [{"gas": "CO2", "mass": {"value": -1}}]},
        {"lines": {"fossil": -1}},
        {"lines": {"land-removals": 1}},
        {"exempted_share": 1.5},
        {"exempted_share": -0.1},
        {"total": {"value": 1, "plus_minus": -1}},
        {"total": None},
    ],
)
def test_the_schema_refuses_what_a_reader_would_question(fields: dict[str, Any]) -> None:
    assert schema_errors(changed(**fields))


def test_the_schema_accepts_the_payloads_of_these_tests() -> None:
    assert schema_errors(BASE) == []
    assert schema_errors(changed(**{"x-ours": {"anything": 1}})) == []


def test_rows_about_the_same_gas_add_up(catalogue: Catalogue) -> None:
    row = {"gas": "CO2", "origin": "fossil", "mass": "1.0"}
    payload = {"crosswalk": "footprint/1", "declared_unit": "kg", "regime": "ISO 14067", "gases": [row, row]}
    found = read(payload, catalogue)
    assert [d.quantity.value for d in found.disclosures] == [2]
    assert [d.quantity.half for d in found.disclosures] == [Fraction(1, 10)]
    assert found.disclosures[0].path == "gases[0].mass + gases[1].mass"


@pytest.mark.parametrize(
    "fields",
    [
        {"total": None, "lines": {"fossil": 1, "dluc": None}},
        {"exempted_share": None},
        {"exempted_share": 0.03},
        {"method": {"gwpset": None}},
        {"stages": {"raw": None}, "carbon": {"stored": None}},
        {"absent": [], "standards": []},
    ],
)
def test_null_is_left_out_for_schema_and_reader(fields: dict[str, Any], catalogue: Catalogue) -> None:
    assert schema_errors(changed(**fields)) == []
    assert read(changed(**fields), catalogue).disclosures

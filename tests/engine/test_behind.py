"""What stands behind a footprint, as a person sees it: every entry, every number with its unit."""

from __future__ import annotations

from pathlib import Path

import pytest

import crosswalk
from crosswalk.engine.behind import behind
from crosswalk.footprint.activity import Activity
from crosswalk.formats import read
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.results import Behind
from tests.formats.everything import ACTIVITY, EVERYTHING

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def sections(catalogue: Catalogue) -> dict[str, Behind]:
    return {one.section: one for one in behind(read(EVERYTHING, catalogue).activity, catalogue)}


def says(section: Behind, path: str, lang: str) -> dict[str, str]:
    (item,) = (one for one in section.items if one.path == path)
    return {one.field: one.value.get(lang) for one in item.says}


def test_every_section_is_listed_in_the_order_of_the_record(sections: dict[str, Behind]) -> None:
    assert list(sections) == list(Activity.__struct_fields__)
    assert {name: one.count for name, one in sections.items() if one.count > 1} == {
        "electricity": 2,
        "joint": 2,
    }


def test_every_entry_of_the_file_is_there(sections: dict[str, Behind]) -> None:
    def entries(given: object, path: str) -> list[str]:
        if isinstance(given, list):
            return [found for i, one in enumerate(given) for found in entries(one, f"{path}[{i}]")]
        inside = given.items() if isinstance(given, dict) else ()
        below = [
            found
            for name, one in inside
            if name not in ("gases", "keys", "factors") and isinstance(one, list)
            for found in entries(one, f"{path}.{name}")
        ]
        return [path, *below]

    expected = {found for name, given in ACTIVITY.items() for found in entries(given, name)}
    assert {item.path for one in sections.values() for item in one.items} == expected


def test_numbers_have_their_unit_and_words_their_label(sections: dict[str, Behind]) -> None:
    first = says(sections["electricity"], "electricity[0]", "en")
    assert first["amount"] == "4000 kWh"
    assert first["factor"].startswith("0.5777 kg CO2e/kWh, ")
    assert first["grid_factor"] == "national average"
    second = says(sections["electricity"], "electricity[1]", "zh")
    assert (
        second["factor"]
        == "甲烷 (化石与矿物) 0.00010 千克/千瓦时、二氧化碳 (化石与矿物) 0.0300 千克/千瓦时、contract"
    )
    assert (second["criteria_met"], second["sold"]) == ("是", "否")
    ethylene = says(sections["joint"], "joint_processes[1].outputs[0]", "en")
    assert ethylene["economic"] == "7.200 CNY/kg"
    assert ethylene["energy"] == "47.2 MJ/kg"
    assert says(sections["joint"], "joint_processes[1].inputs[0]", "en")["amount"] == "100 kg"
    assert says(sections["joint"], "joint_processes[1]", "en")["used"] == "1.02 kg"
    assert says(sections["capital_goods"], "capital_goods_factors[0]", "en") == {
        "name": "steam",
        "amount": "5.0 MJ",
        "included": "0.081 kg CO2e/MJ",
        "excluded": "0.078 kg CO2e/MJ",
    }
    plant = says(sections["installation"], "installation.processes[1]", "zh")
    assert (plant["heat_in"], plant["electricity_factor"]) == ("1.0 太焦", "0.5 吨 CO2e/兆瓦时")


def test_every_number_but_a_share_has_a_unit(sections: dict[str, Behind]) -> None:
    bare = {
        one.field
        for section in sections.values()
        for item in section.items
        for one in item.says
        if one.value.en.replace(".", "").isdigit()
    }
    assert bare == {
        *("year", "goods", "losses", "share", "of_uptake", "assigned", "physical", "oxidation", "biomass"),
        *("recycled_content", "recycled_output", "energy_recovered", "quality_in", "quality_out"),
        *("allocation", "energy_allocation", "open_loop", "heat_efficiency", "power_efficiency"),
    }


def test_a_number_with_a_distribution_says_so(catalogue: Catalogue) -> None:
    amount = {"value": "4.0", "unit": "kWh", "uncertainty": {"distribution": "lognormal", "sigma_g": "1.2"}}
    payload = {**EVERYTHING, "electricity": [{"amount": amount}]}
    (section, *_) = behind(read(payload, catalogue).activity, catalogue)
    assert says(section, "electricity[0]", "en")["amount"] == "4.0 kWh (lognormal)"


def test_without_activity_data_there_is_nothing(catalogue: Catalogue) -> None:
    assert behind(None, catalogue) == ()


def test_an_inspection_holds_it(catalogue: Catalogue) -> None:
    found = crosswalk.inspect(ROOT / "examples" / "ethylene-cracker.json", catalogue=catalogue)
    assert [one.section for one in found.behind] == ["electricity", "grids", "joint", "burnt", "primary"]
    plain = found.to_dict()["behind"][0]["items"][0]
    assert plain["says"][0] == {"field": "amount", "value": {"en": "30.0 kWh", "zh": "30.0 千瓦时"}}

"""Activity data of our own file: read into records, in their units, or refused at their place."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.errors import CrosswalkError
from crosswalk.footprint.activity import Activity, Burden, GasMass
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Footprint
from crosswalk.formats import read
from crosswalk.formats import schema as load_schema
from crosswalk.knowledge.catalogue import Catalogue
from tests.formats.conftest import places, replaced
from tests.formats.everything import ACTIVITY, EVERYTHING, LINES


def file(**sections: Any) -> dict[str, Any]:
    base = {"crosswalk": "footprint/2", "declared_unit": "kg", "regime": "ISO 14067", "total": "2.30"}
    return {**base, **copy.deepcopy(sections)}


def activity(catalogue: Catalogue, **sections: Any) -> Activity:
    found = read(file(**sections), catalogue).activity
    assert found is not None
    return found


def refusal(catalogue: Catalogue, **sections: Any) -> CrosswalkError:
    with pytest.raises(CrosswalkError) as caught:
        read(file(**sections), catalogue)
    for lang in ("en", "zh"):
        assert "\n" not in caught.value.message(lang)
    return caught.value


def schema_errors(payload: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(load_schema())
    return [f"{one.json_path}: {one.message}" for one in validator.iter_errors(payload)]


def number(quantity: Quantity | None) -> tuple[Fraction, Fraction]:
    assert quantity is not None
    return quantity.value, quantity.half


def q(value: str, half: str = "0") -> tuple[Fraction, Fraction]:
    return Fraction(value), Fraction(half)


@pytest.fixture(scope="module")
def whole(catalogue: Catalogue) -> Footprint:
    return read(EVERYTHING, catalogue)


@pytest.fixture(scope="module")
def everything(whole: Footprint) -> Activity:
    assert whole.activity is not None
    return whole.activity


def test_every_section_is_read_and_nothing_is_left(whole: Footprint, everything: Activity) -> None:
    assert whole.unused == ()
    assert len(ACTIVITY) == len(everything.__struct_fields__)
    for name in everything.__struct_fields__:
        assert getattr(everything, name), name


def test_the_whole_file_follows_the_schema() -> None:
    assert schema_errors(EVERYTHING) == []


def objects(node: dict[str, Any], values: list[Any]) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Every object a part of the schema describes, each with what stands for it in some file."""
    for one in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from objects(one, values)
    if "items" in node:
        yield from objects(node["items"], [x for value in values if isinstance(value, list) for x in value])
    if "properties" in node:
        given = [value for value in values if isinstance(value, dict)]
        yield node, given
        for name, below in node["properties"].items():
            yield from objects(below, [value[name] for value in given if name in value])


@pytest.mark.parametrize("section", [*ACTIVITY, *LINES])
def test_the_schema_names_what_is_read_in_both_languages(section: str) -> None:
    # All of the file is read without a key left over: what the schema names in it, the reader knows.
    found = list(objects(load_schema()["properties"][section], [EVERYTHING[section]]))
    assert found
    for node, values in found:
        used = {name for value in values for name in value}
        assert set(node["properties"]) - {"comment"} == used - {"comment"}
        for name, one in node["properties"].items():
            assert " / " in one["description"], name


def test_a_file_of_the_first_version_may_hold_them_too(catalogue: Catalogue) -> None:
    payload = {**EVERYTHING, "crosswalk": "footprint/1"}
    assert schema_errors(payload) == []
    assert read(payload, catalogue).activity == read(EVERYTHING, catalogue).activity


def test_without_activity_data_there_is_none(catalogue: Catalogue) -> None:
    assert read(file(), catalogue).activity is None
    assert read(file(electricity=[], grids=None), catalogue).activity is None


def test_electricity(everything: Activity) -> None:
    first, second = everything.electricity
    assert number(first.amount) == q("4000", "5")
    assert (first.per, first.process, first.grid, first.year) == ("process", "cracker", "CN", 2024)
    assert first.grid_factor == "electricity-grid.national-average"
    assert first.instrument is None
    assert (first.criteria_met, first.removed_from_grid, first.sold) == (None, None, None)
    assert first.factor is not None
    assert number(first.factor.co2e) == q("0.5777", "0.00005")
    assert (first.factor.gwp_set, first.factor.scope) == (
        "gwp-set.ar6-t715",
        "electricity-scope.life-cycle",
    )
    assert number(second.amount) == q("0.25", "0.01")
    assert (second.per, second.stage, second.connection) == ("declared-unit", "production", "direct")
    assert second.instrument == "electricity-instruments.gec-only"
    assert (second.criteria_met, second.removed_from_grid, second.sold) == (True, False, False)
    assert number(second.losses) == q("0.04", "0.005")
    assert second.factor is not None
    assert second.factor.co2e is None
    assert second.factor.source == "contract"
    assert [(gas.gas, gas.origin, *number(gas.mass)) for gas in second.factor.gases] == [
        ("CH4", "fossil", *q("0.0001", "0.000005")),
        ("CO2", "fossil", *q("0.030", "0.00005")),
    ]


def test_grids(everything: Activity) -> None:
    (grid,) = everything.grids
    assert (grid.place, grid.year) == ("CN", 2024)
    assert {code: number(one.co2e) for code, one in grid.factors.items()} == {
        "electricity-grid.national-average": q("0.5777", "0.00005")
    }
    assert [(number(one.share), one.path) for one in grid.claimed] == [
        (q("0.12", "0.005"), "grids[0].claimed[0]")
    ]
    assert grid.upstream is not None
    assert number(grid.upstream.co2e) == q("0.05", "0.005")


def test_joint_processes(everything: Activity) -> None:
    crude, cracker = everything.joint
    assert (crude.key, crude.used, crude.inputs) == (None, None, ())
    assert (cracker.key, cracker.currency) == ("allocation.economic", "CNY")
    assert number(cracker.used) == q("1.02", "0.005")
    ethylene, steam = cracker.outputs
    assert (ethylene.unit, *number(ethylene.amount)) == ("kilogram", *q("30", "0.5"))
    assert ethylene.group == "high-value-chemical"
    # An amount in kg has a mass of one kg per kg; prices and keys are per kg however they were stated.
    assert {key: number(one) for key, one in ethylene.keys.items()} == {
        "economic": q("7.2", "0.0005"),
        "economic:one-year": q("7.1", "0.0005"),
        "economic:three-years": q("6.8", "0.0005"),
        "energy": q("47.2", "0.05"),
        "mass": q("1"),
        "mole": q("35.6", "0.05"),
    }
    assert (steam.unit, *number(steam.amount)) == ("megajoule", *q("360", "1.8"))
    assert number(steam.keys["energy"]) == q("1")
    assert number(steam.keys["economic"])[0] == Fraction("0.30") / Fraction("3.6")
    assert steam.displaced is not None
    assert number(steam.displaced.co2e)[0] == Fraction("0.25") / Fraction("3.6")
    assert [(one.process, one.output, *number(one.amount)) for one in cracker.inputs] == [
        ("crude unit", "naphtha", *q("100", "0.5"))
    ]


def test_recycling_and_waste(everything: Activity) -> None:
    (metal,) = everything.recycled
    assert number(metal.mass) == q("0.3", "0.0005")
    assert metal.method == "recycling.cff"
    assert (number(metal.energy_recovered), number(metal.energy_allocation)) == (q("0"), q("0"))
    assert metal.disposal is not None
    assert number(metal.disposal.co2e) == q("0.1", "0.05")
    assert metal.power_displaced is not None
    assert number(metal.power_displaced.co2e)[0] == Fraction("0.5") / Fraction("3.6")
    (waste,) = everything.burnt
    assert (waste.side, waste.method) == ("delivers", "waste-to-energy.cut-off")
    assert number(waste.energy) == q("8", "0.05")


def test_amounts_per_another_amount_than_the_declared_unit(everything: Activity) -> None:
    # The declared unit is 2 kg: 0.50 kg CO2e a kg are 1.0 kg CO2e a declared unit.
    (one,) = everything.mass_balanced
    assert one.conventional is not None
    assert one.alternative is not None
    assert number(one.conventional.co2e) == q("2.0", "0.05")
    assert number(one.alternative.co2e) == q("1.0", "0.01")


def test_captured_factors_and_primary_share(everything: Activity) -> None:
    (captured,) = everything.captured
    assert (captured.fate, captured.side, captured.counted, captured.gross) == (
        "used",
        "takes",
        "credited",
        True,
    )
    (use,) = everything.factors
    assert (use.name, use.unit, *number(use.amount)) == ("road transport", "tonne kilometre", *q("12", "0.5"))
    assert use.other is not None
    assert everything.primary is not None
    assert everything.primary.basis == "excluding-uptake"
    assert number(everything.primary.uptake) == q("-0.3667", "0.00005")


def test_installation(everything: Activity) -> None:
    plant = everything.installation
    assert plant is not None
    gas, lime, scrap, stack = plant.streams
    assert [one.method for one in plant.streams] == ["combustion", "process", "mass-balance", "measured"]
    assert (number(scrap.amount), number(scrap.carbon)) == (q("-5.0", "0.05"), q("0.010", "0.0005"))
    assert (stack.gas, lime.process) == ("N2O", "urea")
    assert (number(gas.heating_value), number(gas.factor)) == (q("0.048", "0.00005"), q("56.1", "0.05"))
    assert (lime.heating_value, number(lime.factor)) == (None, q("0.44", "0.0005"))
    ammonia, urea = plant.processes
    assert number(urea.activity_level) == q("1000", "0.5")
    # A mass of CO2 is as much CO2e.
    assert number(urea.direct) == q("500", "0.5")
    assert (ammonia.heat_in, ammonia.electricity) == (None, None)
    made, bought = urea.precursors
    assert (made.process, made.direct, made.default) == ("ammonia", None, False)
    assert (bought.process, number(bought.direct), bought.default) == (None, q("2.0", "0.05"), True)


def test_every_path_leads_to_what_was_read(everything: Activity) -> None:
    def check(record: msgspec.Struct) -> None:
        path = getattr(record, "path", None)
        if path is not None:
            found: Any = EVERYTHING
            for part in path.replace("[", ".").replace("]", "").split("."):
                found = found[int(part)] if part.isdigit() else found[part]
            assert isinstance(found, (dict, str))
        for name in record.__struct_fields__:
            value = getattr(record, name)
            several = value.values() if isinstance(value, dict) else value
            for one in several if isinstance(value, (dict, tuple)) else [value]:
                if isinstance(one, msgspec.Struct) and not isinstance(one, (Quantity, GasMass)):
                    check(one)

    for name in everything.__struct_fields__:
        value = getattr(everything, name)
        for record in value if isinstance(value, tuple) else (value,):
            check(record)


@pytest.mark.parametrize(
    ("given", "value", "half"),
    [
        ("4 kWh", "4", "0.5"),
        ("4.0kWh", "4", "0.05"),
        (" 1.5 MWh ", "1500", "50"),
        ("3.6 MJ", "1", "1/72"),
        ({"value": 4, "unit": "千瓦时"}, "4", "0.5"),
        ({"value": "4", "unit": "kWh", "exact": True}, "4", "0"),
        ({"value": "4", "unit": "MWh", "plus_minus": "0.1"}, "4000", "100"),
        ("4.0 kWh/kg", "4", "0.05"),
        ("4.0 MWh per t", "4", "0.05"),
        ("0 kWh", "0", "0"),
    ],
)
def test_a_number_comes_in_the_unit_of_its_record(
    given: Any, value: str, half: str, catalogue: Catalogue
) -> None:
    (use,) = activity(catalogue, electricity=[{"amount": given}]).electricity
    assert number(use.amount) == q(value, half)
    assert schema_errors(file(electricity=[{"amount": given}])) == []


@given(st.decimals("0", "1e6", places=3), st.sampled_from([("g", "1/1000"), ("kg", "1"), ("t", "1000")]))
def test_masses_scale_exactly(value: Any, unit: tuple[str, str]) -> None:
    from crosswalk.knowledge.load import load

    (found,) = activity(load(), waste_to_energy=[{"mass": f"{value} {unit[0]}", "side": "uses"}]).burnt
    assert found.mass.value == Fraction(value) * Fraction(unit[1])
    assert found.mass.half == Fraction(1, 2000) * Fraction(unit[1])


def burden_of(catalogue: Catalogue, given: Any) -> Burden | None:
    (use,) = activity(catalogue, electricity=[{"amount": "1 kWh", "factor": given}]).electricity
    return use.factor


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("0.5777 kg CO2e/kWh", "0.5777"),
        ("577.7 g CO2e per kWh", "0.5777"),
        ("0.5777 千克二氧化碳当量/千瓦时", "0.5777"),
        ({"value": "0.5777", "unit": "t CO2e/MWh"}, "0.5777"),
        ({"co2e": "0.5777 kg CO2e/kWh"}, "0.5777"),
        ({"co2e": {"value": "0.5777", "unit": "kg CO2e/kWh"}, "gwp_set": "AR6, Table 7.15"}, "0.5777"),
        ("-0.1 kg CO2e/kWh", "-0.1"),
    ],
)
def test_a_burden_in_every_form(given: Any, value: str, catalogue: Catalogue) -> None:
    found = burden_of(catalogue, given)
    assert found is not None
    assert number(found.co2e)[0] == Fraction(value)
    assert found.path == "electricity[0].factor"
    assert schema_errors(file(electricity=[{"amount": "1 kWh", "factor": given}])) == []


def test_a_gas_of_one_origin_only_needs_none_named(catalogue: Catalogue) -> None:
    found = burden_of(catalogue, {"gases": [{"gas": "SF6", "mass": "0.001 g/kWh"}]})
    assert found is not None
    assert [(one.gas, one.origin) for one in found.gases] == [("SF6", "fossil")]


ELECTRICITY = {"amount": "1 kWh"}
OUTPUTS = [{"name": "a", "amount": "1 kg"}, {"name": "b", "amount": "2 kg"}]
JOINT = {"name": "p", "product": "a", "outputs": OUTPUTS}
PLANT: dict[str, Any] = {"product": "p", "processes": [{"name": "p", "activity_level": "1 t"}]}


def use(**more: Any) -> dict[str, Any]:
    return {"electricity": [{**ELECTRICITY, **more}]}


def factor(given: Any) -> dict[str, Any]:
    return use(factor=given)


def gas(**more: Any) -> dict[str, Any]:
    row = {"gas": "CO2", "origin": "fossil", "mass": "1", "unit": "kg/kWh", **more}
    return factor({"gases": [{name: value for name, value in row.items() if value is not None}]})


def joint(**more: Any) -> dict[str, Any]:
    return {"joint_processes": [{**JOINT, **more}]}


def output(**more: Any) -> dict[str, Any]:
    return joint(outputs=[{"name": "a", "amount": "1 kg", **more}])


#: What is wrong, under which code, where; and whether the schema sees it too.
WRONG: list[tuple[dict[str, Any], str, str, bool]] = [
    (use(amount=4), "footprint-unit-missing", "electricity[0].amount", True),
    (use(amount="4"), "footprint-unit-missing", "electricity[0].amount", True),
    (use(amount={"value": "4"}), "footprint-unit-missing", "electricity[0].amount.unit", True),
    (use(amount={"unit": "kWh"}), "footprint-number", "electricity[0].amount.value", True),
    (use(amount="four kWh"), "footprint-number", "electricity[0].amount", True),
    (use(amount=None), "footprint-missing", "electricity[0].amount", True),
    (use(amount="4 kg"), "footprint-unit-place", "electricity[0].amount", False),
    (use(amount="4 kWh/m3"), "footprint-unit-place", "electricity[0].amount", False),
    (use(amount="4 kWh/kg/kg"), "footprint-unit-place", "electricity[0].amount", False),
    (use(amount="4 ton"), "unit-trap", "electricity[0].amount", False),
    (use(amount={"value": 4, "unit": "furlong"}), "unit-unknown", "electricity[0].amount.unit", False),
    (use(amount="-4 kWh"), "footprint-below-zero", "electricity[0].amount", True),
    (use(amount={"value": 4, "unit": 5}), "footprint-type", "electricity[0].amount.unit", True),
    (use(per="process"), "footprint-missing", "electricity[0].process", False),
    (use(process="x"), "footprint-several", "", False),
    ({**use(process="p"), **joint()}, "footprint-missing", "electricity[0].per", False),
    ({**use(process="q", per="process"), **joint()}, "footprint-reference", "electricity[0].process", False),
    (use(year="last"), "footprint-year", "electricity[0].year", True),
    (use(year=20), "footprint-year", "electricity[0].year", True),
    (use(connection="cable"), "footprint-choice", "electricity[0].connection", True),
    (use(instrument="magic"), "option-unknown", "electricity[0].instrument", False),
    (use(losses="5"), "footprint-share", "electricity[0].losses", False),
    (use(losses=5), "footprint-share", "electricity[0].losses", True),
    (use(sold="yes"), "footprint-type", "electricity[0].sold", True),
    (use(stage="moon"), "name-unknown", "electricity[0].stage", False),
    (factor("0.5 kg CO2/kWh"), "footprint-burden-gas", "electricity[0].factor", False),
    (factor("0.5 kg/kWh"), "footprint-unit-place", "electricity[0].factor", False),
    (factor("0.5 kg CO2e/kg"), "footprint-unit-place", "electricity[0].factor", False),
    (factor("0.5 kg CO2e"), "footprint-unit-place", "electricity[0].factor", False),
    (factor(0.5), "footprint-unit-missing", "electricity[0].factor", True),
    (factor({}), "footprint-burden-empty", "electricity[0].factor", True),
    (factor({"gases": []}), "footprint-burden-empty", "electricity[0].factor", True),
    (factor({"source": "x"}), "footprint-burden-empty", "electricity[0].factor", True),
    (
        factor({"value": "1", "unit": "kg CO2e/kWh", "co2e": "1 kg CO2e/kWh"}),
        "footprint-burden-twice",
        "electricity[0].factor",
        True,
    ),
    (
        factor({"value": "1", "unit": "kg CO2e/kWh", "gwp_set": "AR5"}),
        "footprint-several-codes",
        "electricity[0].factor.gwp_set",
        False,
    ),
    (gas(origin=None), "footprint-missing", "electricity[0].factor.gases[0].origin", False),
    (gas(gas="phlogiston"), "name-unknown", "electricity[0].factor.gases[0].gas", False),
    (gas(mass=None), "footprint-missing", "electricity[0].factor.gases[0].mass", True),
    (gas(mass="-1"), "footprint-below-zero", "electricity[0].factor.gases[0].mass", True),
    (gas(unit=None), "footprint-unit-missing", "electricity[0].factor.gases[0].mass", False),
    (gas(unit="kg"), "footprint-unit-place", "electricity[0].factor.gases[0].mass.unit", False),
    (gas(unit="kg CH4/kWh"), "footprint-unit-place", "electricity[0].factor.gases[0].mass.unit", False),
    (
        gas(mass={"value": "1", "unit": "g/kWh"}),
        "footprint-twice",
        "electricity[0].factor.gases[0].unit",
        False,
    ),
    (
        factor({"gases": [{"gas": "CO2", "origin": "fossil", "mass": "1 kg/kWh"}] * 2}),
        "footprint-twice",
        "electricity[0].factor.gases[1]",
        False,
    ),
    ({"electricity": {"amount": "1 kWh"}}, "footprint-type", "electricity", True),
    ({"electricity": ["1 kWh"]}, "footprint-type", "electricity[0]", True),
    ({"grids": [{"year": 2024}]}, "footprint-missing", "grids[0].place", True),
    ({"grids": [{"place": "  "}]}, "footprint-missing", "grids[0].place", True),
    (
        {"grids": [{"place": "CN", "factors": {"magic": "1 kg CO2e/kWh"}}]},
        "option-unknown",
        "grids[0].factors.magic",
        False,
    ),
    (
        {
            "grids": [
                {
                    "place": "CN",
                    "factors": {
                        "national-average": "1 kg CO2e/kWh",
                        "electricity-grid.national-average": "2 kg CO2e/kWh",
                    },
                }
            ]
        },
        "footprint-twice",
        "grids[0].factors.electricity-grid.national-average",
        False,
    ),
    ({"grids": [{"place": "CN", "claimed": [{}]}]}, "footprint-missing", "grids[0].claimed[0].share", True),
    (joint(product="c"), "footprint-reference", "joint_processes[0].product", False),
    (joint(key="colour"), "option-unknown", "joint_processes[0].key", False),
    (joint(outputs=[*OUTPUTS, OUTPUTS[0]]), "footprint-twice", "joint_processes[0].outputs[2].name", False),
    ({"joint_processes": [JOINT, JOINT]}, "footprint-twice", "joint_processes[1].name", False),
    (joint(used="1 kWh"), "footprint-unit-place", "joint_processes[0].used", False),
    (
        joint(inputs=[{"process": "q", "output": "a", "amount": "1 kg"}]),
        "footprint-reference",
        "joint_processes[0].inputs[0].process",
        False,
    ),
    (
        joint(inputs=[{"process": "p", "output": "c", "amount": "1 kg"}]),
        "footprint-reference",
        "joint_processes[0].inputs[0].output",
        False,
    ),
    (output(amount=None), "footprint-missing", "joint_processes[0].outputs[0].amount", True),
    (output(amount="-1 kg"), "footprint-below-zero", "joint_processes[0].outputs[0].amount", True),
    (
        output(keys={"energy": "1 kg/kg"}),
        "footprint-unit-place",
        "joint_processes[0].outputs[0].keys.energy",
        False,
    ),
    (
        output(keys={"economic": "1 yuan/kg"}),
        "footprint-unit-place",
        "joint_processes[0].outputs[0].keys.economic",
        False,
    ),
    (
        output(keys={"economic": "1 CNY/kWh"}),
        "unit-dimension",
        "joint_processes[0].outputs[0].keys.economic",
        False,
    ),
    (
        output(displaced="1 kg CO2e/kWh"),
        "footprint-unit-place",
        "joint_processes[0].outputs[0].displaced",
        False,
    ),
    (
        joint(
            outputs=[
                {"name": "a", "amount": "1 kg", "keys": {"economic": "1 CNY/kg"}},
                {"name": "b", "amount": "1 kg", "keys": {"economic": "1 EUR/kg"}},
            ]
        ),
        "footprint-currencies",
        "joint_processes[0].outputs",
        False,
    ),
    ({"recycling": [{"mass": "1 kg"}]}, "footprint-missing", "recycling[0].name", True),
    (
        {"recycling": [{"name": "x", "mass": "1 kg", "recycled_content": 2}]},
        "footprint-share",
        "recycling[0].recycled_content",
        True,
    ),
    ({"waste_to_energy": [{"mass": "1 kg"}]}, "footprint-missing", "waste_to_energy[0].side", True),
    (
        {"captured_carbon": [{"carbon_dioxide": "1 kg C", "fate": "used", "side": "takes"}]},
        "footprint-unit-place",
        "captured_carbon[0].carbon_dioxide",
        False,
    ),
    (
        {"factors": [{"name": "x", "amount": "1 kg", "factor": "1 kg CO2e/kWh"}]},
        "footprint-unit-place",
        "factors[0].factor",
        False,
    ),
    ({"primary_share": {"share": "0.5"}}, "footprint-missing", "primary_share.basis", True),
    (
        {"primary_share": {"share": "0.5", "basis": "including-uptake", "uptake": "1 kg CO2e"}},
        "footprint-above-zero",
        "primary_share.uptake",
        False,
    ),
    ({"installation": {**PLANT, "product": "q"}}, "footprint-reference", "installation.product", False),
    ({"installation": {"product": "p"}}, "footprint-several", "", True),
    (
        {"installation": {**PLANT, "processes": PLANT["processes"] * 2}},
        "footprint-twice",
        "installation.processes[1].name",
        False,
    ),
    (
        {"installation": {**PLANT, "processes": [{"name": "p", "activity_level": "0 t"}]}},
        "footprint-zero",
        "installation.processes[0].activity_level",
        False,
    ),
    (
        {"installation": {**PLANT, "streams": [{"name": "x", "amount": "1 t", "factor": "56 t CO2/TJ"}]}},
        "footprint-unit-place",
        "installation.streams[0].factor",
        False,
    ),
]


@pytest.mark.parametrize(("sections", "code", "where", "seen"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_understood_is_named(
    sections: dict[str, Any], code: str, where: str, seen: bool, catalogue: Catalogue
) -> None:
    found = refusal(catalogue, **sections)
    assert (found.code, found.where) == (code, f"payload: {where}" if where else "payload")
    assert bool(schema_errors(file(**sections))) == seen


def test_names_that_are_not_known_are_kept_with_the_likely_one(catalogue: Catalogue) -> None:
    payload = file(
        electricity=[
            {"amount": "1 kWh", "yaer": 2024, "factor": {"value": 1, "unit": "kg CO2e/kWh", "gas": 1}}
        ],
        joint_processes=[
            {**JOINT, "outputs": [{"name": "a", "amount": "1 kg", "keys": {"masss": "1 kg/kg"}}]}
        ],
        instalation={},
    )
    unused = {one.path: one.likely for one in read(payload, catalogue).unused}
    assert unused == {
        "electricity[0].yaer": "year",
        "electricity[0].factor.gas": "gases",
        "joint_processes[0].outputs[0].keys.masss": "mass",
        "instalation": "installation",
    }
    assert schema_errors(payload)


def test_all_problems_are_told_at_once(catalogue: Catalogue) -> None:
    found = refusal(
        catalogue, electricity=[{"amount": "x"}], recycling=[{}], grids=[{"place": "CN", "year": "x"}]
    )
    assert (found.code, found.values["count"]) == ("footprint-several", 4)


MISSING = {
    "footprint-missing",
    "footprint-several",
    "footprint-type",
    "footprint-number",
    "footprint-unit-missing",
    "footprint-burden-empty",
    "footprint-reference",
    "footprint-unit-place",
}


@pytest.mark.parametrize("path", places(ACTIVITY), ids=str)
def test_null_reads_as_left_out_or_is_missing(path: tuple[Any, ...], catalogue: Catalogue) -> None:
    payload = replaced(EVERYTHING, path, None)
    refused = None
    try:
        found = read(payload, catalogue)
    except CrosswalkError as error:
        refused = error.code
    if refused is not None or not isinstance(path[-1], str):
        assert refused in MISSING
        return
    left_out = copy.deepcopy(payload)
    target = left_out
    for key in path[:-1]:
        target = target[key]
    del target[path[-1]]
    assert read(left_out, catalogue).activity == found.activity

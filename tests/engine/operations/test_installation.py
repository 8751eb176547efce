"""Embedded emissions of an installation, against the formulas written out again here."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.engine.operations.bounds import NOTHING, Bounds
from crosswalk.engine.operations.installation import (
    Constants,
    Embedded,
    Lacking,
    attributed,
    embedded,
    emitted,
)
from crosswalk.errors import RefusedError
from crosswalk.footprint.activity import Installation, Precursor, ProductionProcess, SourceStream
from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.load import load
from tests.engine.operations.conftest import q

F = Fraction
#: As the rules have them; the catalogue must agree.
VALUES = {
    "carbon-to-co2": F("3.664"),
    "natural-gas": F("56.1"),
    "waste-gas-correction": F("0.667"),
    "gwp-N2O": F(265),
    "gwp-CF4": F(6630),
    "gwp-C2F6": F(11100),
}


def test_the_knowledge_has_the_constants() -> None:
    constants = load().operations["F21"].constants
    assert {code: F(one.value) for code, one in constants.items()} == VALUES
    assert all(one.statement.clause != "unknown" and one.statement.sources for one in constants.values())
    assert {code for code, one in constants.items() if one.statement.evidence == "memory"} == {
        "natural-gas",
        "waste-gas-correction",
    }


def stream(**given: object) -> SourceStream:
    return SourceStream(**{"name": "s", "path": "s", "amount": q("1000"), **given})


def process(name: str = "p", **given: object) -> ProductionProcess:
    base = {"name": name, "path": name, "activity_level": q("100"), "complete": True}
    return ProductionProcess(**{**base, **given})


def plant(*processes: ProductionProcess, streams: tuple[SourceStream, ...] = ()) -> Installation:
    return Installation(path="plant", product=processes[0].name, processes=processes, streams=streams)


def see(installation: Installation, counted: bool | None = True) -> dict[str, Embedded]:
    return embedded(installation, VALUES, lambda goods: counted)[0]


def point(value: Fraction | int) -> Bounds:
    return Bounds.point(value)


### Source streams


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"heating_value": q("0.025"), "factor": q("95")}, F(1000) * F("0.025") * 95),
        (
            {
                "heating_value": q("0.02"),
                "factor": q("83"),
                "biomass": q("0.15"),
                "oxidation": q("0.99"),
            },
            1000 * F("0.02") * 83 * F("0.99") * F("0.85"),
        ),
        ({"method": "process", "factor": q("0.525")}, 1000 * F("0.525")),
        ({"carbon": q("0.8")}, 1000 * F("0.8") * F("3.664")),
        ({"carbon": q("0.04"), "amount": q("-200")}, -200 * F("0.04") * F("3.664")),
        ({"gas": "N2O", "amount": q("2")}, F(2) * 265),
        ({"gas": "CF4", "amount": q("0.5")}, F("0.5") * 6630),
        ({"gas": "CO2", "method": "measured", "amount": q("7")}, F(7)),
        ({"gas": "CH4", "amount": q("2")}, F(0)),
    ],
)
def test_a_source_stream(given: dict[str, object], wanted: Fraction) -> None:
    lacking = Lacking()
    assert emitted(stream(**given), Constants(VALUES), lacking) == point(wanted)
    assert not lacking.found


def test_a_factor_alone_does_not_say_per_what_it_is() -> None:
    lacking = Lacking()
    assert emitted(stream(factor=q("56.1")), Constants(VALUES), lacking) == Bounds(None, None)
    assert lacking.found == {"s.method": "method"}


def test_a_fuel_without_heating_value_is_a_gap() -> None:
    lacking = Lacking()
    found = emitted(stream(factor=q("56.1"), method="combustion"), Constants(VALUES), lacking)
    assert found == Bounds(F(0), None)
    assert lacking.found == {"s.heating_value": "heating_value"}


def test_only_constants_that_were_used_are_named() -> None:
    constants = Constants(VALUES)
    emitted(stream(carbon=q("0.8")), constants, Lacking())
    assert constants.used == {"carbon-to-co2"}


### Attribution


def test_heat_waste_gas_and_electricity() -> None:
    made = process(
        direct=q("1000"),
        heat_in=q("2"),
        heat_in_factor=q("60"),
        heat_out=q("1"),
        heat_out_factor=q("56"),
        waste_gas_in=q("3"),
        waste_gas_out=q("4"),
        electricity_out=q("10"),
        electricity_out_factor=q("0.4"),
    )
    wanted = 1000 + 2 * 60 - 56 + 3 * F("56.1") - 4 * F("56.1") * F("0.667") - 10 * F("0.4")
    assert attributed(made, plant(made), Constants(VALUES), Lacking()) == point(wanted)


def test_a_waste_gas_factor_other_than_the_rule_leaves_both_possible() -> None:
    made = process(direct=q("1000"), waste_gas_out=q("4"), waste_gas_out_factor=q("200"))
    found = attributed(made, plant(made), Constants(VALUES), Lacking())
    assert found == Bounds(F(1000) - 4 * 200, 1000 - 4 * F("56.1") * F("0.667"))


def test_attributed_emissions_are_never_below_nothing() -> None:
    made = process(direct=q("10"), heat_out=q("1"), heat_out_factor=q("56"))
    assert attributed(made, plant(made), Constants(VALUES), Lacking()) == NOTHING


def test_what_nobody_said_is_open_unless_the_list_is_complete() -> None:
    made = process(direct=q("1000"), complete=False, electricity=q("5"), electricity_factor=q("0.5"))
    found, lacking, _ = embedded(plant(made), VALUES, lambda goods: True)
    assert found["p"].own_direct == Bounds(F(0), None)
    assert found["p"].own_indirect == point(F("0.025"))
    assert found["p"].direct.high is None
    assert {"p.complete", "p.heat_in", "p.heat_out", "p.waste_gas_out"} <= lacking.found.keys()


def test_streams_of_one_process_are_its_direct_emissions() -> None:
    burnt = stream(heating_value=q("0.048"), factor=q("56.1"))
    assert see(plant(process(), streams=(burnt,)))["p"].direct == point(1000 * F("0.048") * F("56.1") / 100)


def test_a_stated_number_the_streams_contradict_is_refused() -> None:
    burnt = stream(heating_value=q("0.048"), factor=q("56.1"))
    with pytest.raises(RefusedError, match="do not add up"):
        see(plant(process(direct=q("2600")), streams=(burnt,)))


def test_a_stated_number_narrows_what_rounded_streams_leave() -> None:
    burnt = stream(heating_value=Quantity.of("0.048"), factor=q("56.1"))
    found = see(plant(process(direct=q("2700")), streams=(burnt,)))["p"]
    assert found.direct == point(27)


def test_streams_that_processes_share_may_belong_to_either() -> None:
    burnt = stream(method="process", factor=q("0.5"))
    own = stream(method="process", factor=q("0.1"), process="p")
    one, other = process(), process("other", direct=q("300"))
    found, lacking, _ = embedded(plant(one, other, streams=(burnt, own)), VALUES, lambda goods: True)
    assert found["p"].direct == Bounds(F(100) / 100, F(600) / 100)
    assert found["other"].direct == point(3)
    assert lacking.found == {"p.direct": "direct"}


### The chain


def bought(amount: str, **given: object) -> Precursor:
    return Precursor(**{"name": "b", "path": "b", "amount": q(amount), **given})


def taken(amount: str, maker: str) -> Precursor:
    return Precursor(name=maker, path=f"take.{maker}", amount=q(amount), process=maker)


def test_precursors_bought_in() -> None:
    one = bought("120", direct=q("1.5"), indirect=q("0.2"), electricity=q("0.3"), default=True)
    two = bought("10", direct=q("2"), indirect=q("0.1"), electricity=q("0.4"))
    made = process(direct=q("50"), electricity=q("20"), electricity_factor=q("0.8"), precursors=(one, two))
    found = see(plant(made))["p"]
    direct = (50 + 120 * F("1.5") + 10 * 2) / F(100)
    assert found.direct == point(direct)
    assert found.indirect == point((20 * F("0.8") + 120 * F("0.2") + 10 * F("0.1")) / 100)
    assert found.electricity == point((20 + 120 * F("0.3") + 10 * F("0.4")) / 100)
    assert found.default_share == point(120 * F("1.5") / 100 / direct)
    assert found.precursors == point((120 * F("1.7") + 10 * F("2.1")) / 100)


def test_a_precursor_without_values_is_a_gap_unless_its_place_is_exempt() -> None:
    found, lacking, _ = embedded(
        plant(process(direct=q("50"), precursors=(bought("120"),))), VALUES, lambda goods: False
    )
    assert found["p"].direct == Bounds(F("0.5"), None)
    assert lacking.found == {"b.direct": "precursor"}
    exempt = see(plant(process(direct=q("50"), precursors=(bought("120", exempt=True),))))["p"]
    assert exempt.direct == point(F("0.5"))
    assert exempt.precursors == NOTHING


def test_own_precursors_through_the_chain() -> None:
    # Sinter 0.2, of which 150 t go into 100 t of iron (0.9 + 1.5 · 0.2), of which 110 t into 100 t of steel.
    sinter = process("sinter", activity_level=q("500"), direct=q("100"))
    iron = process("iron", direct=q("90"), precursors=(taken("150", "sinter"),))
    steel = process("steel", direct=q("10"), precursors=(taken("110", "iron"),))
    found = see(plant(steel, iron, sinter))
    assert found["sinter"].direct == point(F("0.2"))
    assert found["iron"].direct == point(F("0.9") + F("1.5") * F("0.2"))
    assert found["steel"].direct == point(F("0.1") + F("1.1") * F("1.2"))
    assert found["steel"].own_direct == point(F("0.1"))
    assert found["steel"].precursors == point(F("1.1") * F("1.2"))


def test_a_circle_is_solved() -> None:
    # x = 1 + 0.2 y, y = 2 + 0.5 x.
    one = process("x", direct=q("100"), precursors=(taken("20", "y"),))
    other = process("y", direct=q("200"), precursors=(taken("50", "x"),))
    found = see(plant(one, other))
    assert found["x"].direct == point(F("1.4") / F("0.9"))
    assert found["y"].direct == point(2 + F("0.5") * F("1.4") / F("0.9"))


def test_a_circle_that_takes_all_it_makes_has_no_end() -> None:
    one = process("x", direct=q("100"), precursors=(taken("100", "y"),))
    other = process("y", direct=q("200"), precursors=(taken("100", "x"),))
    assert see(plant(one, other))["x"].direct == Bounds(F(0), None)


def test_a_process_nobody_described_is_a_gap() -> None:
    found, lacking, _ = embedded(
        plant(process(direct=q("50"), precursors=(taken("10", "ghost"),))), VALUES, lambda goods: True
    )
    assert found["p"].direct == Bounds(F("0.5"), None)
    assert lacking.found == {"take.ghost.process": "process"}


def test_indirect_emissions_of_a_precursor_count_by_what_it_is() -> None:
    pellets = bought("150", direct=q("0.1"), indirect=q("0.02"), goods="260112")
    hydrogen = bought("6", direct=q("10"), indirect=q("20"), goods="28041000")
    odd = bought("1", direct=q("3"), indirect=q("1"))
    own = process("own", goods="260112", electricity=q("30"), electricity_factor=q("1"))
    made = process(direct=q("0"), precursors=(pellets, hydrogen, odd, taken("10", "own")))

    def counts(goods: str | None) -> bool | None:
        return None if goods is None else goods.startswith("2601")

    found, lacking, _ = embedded(plant(made, own), VALUES, counts)
    least = (150 * (F("0.1") + F("0.02")) + 6 * 10 + 3 + 10 * F("0.3")) / 100
    assert found["p"].precursors == Bounds(least, least + F(1, 100))
    assert lacking.found == {"b.goods": "goods"}


### Laws

sizes = st.integers(min_value=1, max_value=9)
halves = st.sampled_from(["0", "0.05", "0.5"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(sizes, sizes, sizes, sizes, halves), min_size=1, max_size=4), st.randoms())
def test_values_inside_the_roundings_stay_inside_the_interval(
    rows: list[tuple[int, int, int, int, str]], random: object
) -> None:
    def quantity(value: int, half: str) -> Quantity:
        return Quantity.of(f"{value}.0", half=half)

    def at(value: int, half: str) -> Fraction:
        return value + F(half) * F(random.randint(-4, 4), 4)

    processes, exact = [], F(0)
    for index, (direct, level, heat, share, half) in enumerate(rows):
        before = (
            (Precursor(name="b", path="b", amount=quantity(share, half), process=f"p{index - 1}"),)
            if index
            else ()
        )
        processes.append(
            process(
                f"p{index}",
                direct=quantity(direct, half),
                activity_level=quantity(level + 1, half),
                heat_out=quantity(heat, half),
                heat_out_factor=quantity(1, "0"),
                precursors=before,
            )
        )
        carried = at(share, half) * exact if index else F(0)
        exact = (max(at(direct, half) - at(heat, half), F(0)) + carried) / at(level + 1, half)
    found = see(plant(*processes))[f"p{len(rows) - 1}"].direct
    assert found.low is not None
    assert found.high is not None
    assert found.low <= exact <= found.high


@settings(max_examples=30, deadline=None)
@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_processes_is_nothing(order: list[str]) -> None:
    made = {
        "a": process("a", direct=q("30"), precursors=(taken("20", "b"), taken("5", "c"))),
        "b": process("b", direct=q("50"), precursors=(taken("10", "c"),)),
        "c": process("c", direct=q("70"), precursors=(bought("3", direct=q("2"), indirect=q("1")),)),
    }
    found = see(plant(*(made[name] for name in order)))
    c = (70 + 3 * 2) / F(100)
    b = (50 + 10 * c) / 100
    assert found["a"].direct == point((30 + 20 * b + 5 * c) / 100)

"""Allocation, recycling, waste for energy and captured CO2 in whole conversions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import pytest

from crosswalk import convert
from crosswalk.footprint.activity import Activity, ElectricityUse, Grid
from crosswalk.footprint.records import Footprint
from crosswalk.results import Conversion
from tests.engine import conftest as made
from tests.engine.operations.conftest import burden, q
from tests.engine.operations.joint import joint, output
from tests.engine.operations.test_allocation_rules import cracker
from tests.engine.operations.test_recycling import metal
from tests.engine.operations.test_waste_to_energy import waste

GRAVE = {"boundary": "cradle-to-grave"}
#: The set the target asks for, so that burdens given in CO2e cross as they are.
EF = {"gwp-set": "ef-3.1"}


def study(activity: Activity, regime: str = "ISO:14067-2018", **method: str) -> Footprint:
    """A product of 6 kg of fossil CO2 and no other gas, so that its total crosses without a change."""
    plain = made.footprint(
        regime,
        [msgspec.structs.replace(made.mass("CO2", "fossil", "6"), quantity=q("6"))],
        method={
            **made.PLAIN,
            "gwp-set": "ar6-t715",
            "cut-off": "none",
            "biogenic-co2": "zero-zero",
            **method,
        },
        absences=(*made.NOTHING_ELSE, made.absent("capital-goods", "overheads", "exempted")),
        complete=True,
    )
    return msgspec.structs.replace(plain, activity=activity)


def crossed(footprint: Footprint | dict[str, Any], to: str) -> Conversion:
    answer = convert(footprint, to=to, allow="estimated")
    assert answer.class_ == "estimated"
    assert answer.answered
    assert answer.value is None
    return answer


def ends(answer: Conversion) -> tuple[float | None, float | None]:
    assert answer.assumed is not None
    return answer.assumed.low, answer.assumed.high


def point(value: Fraction) -> tuple[Any, Any]:
    return pytest.approx(float(value)), pytest.approx(float(value))


def biorefinery(**changes: Any) -> Activity:
    one = output("ethanol", "2", mass="1", energy="30", economic="3", carbon="0.5")
    two = output("power", "6", "0.5", mass="1", energy="10", economic="1", carbon="0.5")
    return Activity(joint=(joint(one, two, **{"key": "substitution", **changes}),))


def test_substitution_a_target_forbids_becomes_the_hull_of_its_keys() -> None:
    answer = crossed(study(biorefinery(), **EF), "EN:15804-A2")
    # Borne so far (10 - 6 * 0.5)/2 = 3.5; by mass or carbon 10/8, by energy 10 * 30/120, by value 10 * 3/12.
    assert ends(answer) == (pytest.approx(6 - 3.5 + 10 / 8), pytest.approx(6 - 3.5 + 2.5))
    (step,) = [one for one in answer.steps if one.operation == "OP-ALLOC"]
    assert step.dimension == "allocation"
    assert (step.from_, step.class_) == ((), "estimated")
    assert not answer.gaps


def test_without_leave_to_estimate_it_is_refused() -> None:
    answer = convert(study(biorefinery()), to="EN:15804-A2")
    assert not answer.answered
    assert answer.refusal is not None


def test_a_key_the_target_permits_leaves_the_answer_as_it_was() -> None:
    answer = convert(study(biorefinery(key="mass")), to="CATENAX:4", allow="estimated")
    assert not [one for one in answer.steps if one.operation == "OP-ALLOC"]
    assert answer.value == pytest.approx(6)


def test_what_is_missing_is_named_and_bounded() -> None:
    one, two = output("ethanol", "2", mass="1"), output("power", "6", "0.5", mass="1")
    activity = Activity(joint=(joint(one, two, key="substitution"),))
    answer = crossed(study(activity, **EF), "EN:15804-A2")
    assert ends(answer) == (pytest.approx(6 - 3.5), pytest.approx(6 - 3.5 + 5))
    assert "outputs.power.keys.energy" in [gap.item for gap in answer.gaps]


def test_the_cracker_of_the_notes_reaches_tfs() -> None:
    activity = Activity(joint=(cracker(),))
    answer = crossed(study(activity, **{"co-products": "general"}), "TFS:3.0")
    assert ends(answer) == point(6 + Fraction(120) / Fraction("58.2") - Fraction("1.2"))


def test_closed_loop_of_the_notes_reaches_recycled_content() -> None:
    answer = crossed(study(Activity(recycled=(metal("closed-loop"),)), **GRAVE, **EF), "EN:15804-A2")
    assert ends(answer) == point(6 + Fraction("4.80"))


def test_recycling_and_waste_for_energy_reach_catena_x() -> None:
    # Annex A 4 of the Catena-X rulebook, rows 2 and 3: 0.2 kg of waste at 2.5, a credit of 0.4 per kg.
    activity = Activity(burnt=(waste("cut-off"),), recycled=(metal("upstream-expansion", credit=q("0.4")),))
    answer = crossed(study(activity, "TFS:3.0"), "CATENAX:4")
    assert ends(answer) == point(6 + Fraction("0.5") + Fraction("0.4"))
    assert {one.operation for one in answer.steps if one.note} == {"OP-RECYC", "OP-WTE"}


def test_a_factor_the_regime_fixes_to_three_values_gives_a_range() -> None:
    plastic = {"virgin": burden("2.0"), "recycling": burden("0.8"), "quality_in": q("0.9")}
    activity = Activity(recycled=(metal(**plastic),))
    answer = crossed(study(activity, **EF), "EU:PEF-2021")
    assert ends(answer) == (pytest.approx(6 + 0.06), pytest.approx(6 + 0.24))
    assert [gap.item for gap in answer.gaps] == ["recycled[0].allocation"]


def test_power_inside_a_joint_process_goes_by_the_share_of_the_target() -> None:
    """Electricity before allocation: the new factor is shared out as the target shares it."""
    scope = "electricity-scope.life-cycle"
    use = ElectricityUse(
        path="electricity[0]",
        amount=q("4"),
        per="process",
        process="joint",
        grid="XX",
        year=2024,
        connection="own",
        sold=True,
        factor=msgspec.structs.replace(burden("0.1"), scope=scope),
    )
    residual = "electricity-grid.consumption-mix-excl-claimed"
    grid = Grid(
        path="grids[0]",
        place="XX",
        year=2024,
        factors={residual: msgspec.structs.replace(burden("0.6"), scope=scope)},
    )
    activity = msgspec.structs.replace(biorefinery(), electricity=(use,), grids=(grid,))
    answer = convert(study(activity, "GHGP:PRODUCT-2011"), to="ISO:14067-2018", allow="estimated")
    # Substitution is kept: all 4 kWh of a run of 2 kg count, at 0.6 instead of 0.1.
    assert ends(answer) == point(6 + Fraction(4) / 2 * Fraction("0.5"))


def test_our_file_gives_prices_of_another_period_and_the_credit_of_upstream_expansion() -> None:
    def price(value: str) -> dict[str, Any]:
        return {"value": value, "exact": True, "unit": "EUR/kg"}

    def kg(value: str, unit: str = "kg") -> dict[str, Any]:
        return {"value": value, "exact": True, "unit": unit}

    payload = {
        "crosswalk": "footprint/2",
        "declared_unit": "kg",
        "regime": "TFS:3.0",
        "method": {
            "boundary": "cradle-to-gate",
            "gwp-set": "ar6-t715",
            "biogenic-co2": "zero-zero",
            "cut-off": "none",
            "capital-goods": "excluded",
            "overheads": "excluded",
            "packaging": "included",
            "price-averaging": "one-year",
        },
        "gases": [{"gas": "CO2", "origin": "fossil", "mass": {"value": "6", "exact": True}}],
        "gases_complete": True,
        "absent": ["aircraft", "captured", "technical-removal", "land", "uptake", "biogenic-emissions"],
        "exempted_share": "0",
        "recycling": [
            {
                "name": "feed",
                "mass": kg("1"),
                "method": "upstream-expansion",
                "credit": kg("0.4", "kg CO2e/kg"),
            }
        ],
        "joint_processes": [
            {
                "name": "plant",
                "product": "a",
                "key": "economic",
                "used": kg("1"),
                "burden": kg("10", "kg CO2e"),
                "outputs": [
                    {
                        "name": "a",
                        "amount": kg("2"),
                        "keys": {"economic": price("3"), "economic:three-years": price("6")},
                    },
                    {
                        "name": "b",
                        "amount": kg("6"),
                        "keys": {"economic": price("1"), "economic:three-years": price("1")},
                    },
                ],
            }
        ],
    }
    answer = crossed(payload, "CATENAX:4")
    # By value 10 * 6/12 / 2 of one year, 10 * 12/18 / 2 of three; the credit is added back.
    assert ends(answer) == point(6 + Fraction(10, 3) - Fraction(5, 2) + Fraction("0.4"))
    assert not answer.unused_fields

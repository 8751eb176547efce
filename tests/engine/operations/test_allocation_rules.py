"""Rules of a sector, conditions of a credit, prices: what the target asks for beside the key."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from crosswalk.engine.operations import allocation
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.footprint.activity import Activity, JointProcess
from tests.engine.operations.conftest import Make, burden
from tests.engine.operations.joint import A, B, asking, found, joint, output

# The rule of the sector: C.3 of the notes on wider regimes, 120 kg CO2e on 100 kg, of which 58.2 kg are main
# products: 1.200 per kg by mass over all, 2.062 over the main products.
HIGH = {"C2H4": "30", "C3H6": "16", "C4H6": "5", "C6H6": "6", "H2": "1.2"}
LOW = {"fuel gas": "16", "pygas": "25.8"}


def cracker(**changes: Any) -> JointProcess:
    outputs = [output(name, kg, mass="1", group="high-value-chemical") for name, kg in HIGH.items()]
    outputs += [output(name, kg, mass="1") for name, kg in LOW.items()]
    return joint(*outputs, **{"burden": burden("120"), **changes})


def test_the_main_products_of_a_cracker_bear_it_all(situation: Make) -> None:
    general = {"co-products": ("co-products.general",)}
    made = situation(Activity(joint=(cracker(),)), target="TFS:3.0", method=general)
    outcome = found(allocation.apply(made))
    whole, main = Fraction(120) / 100, Fraction(120) / sum(map(Fraction, HIGH.values()))
    assert outcome.delta == Bounds.point(main - whole)
    assert round(float(main), 3) == 2.062
    assert outcome.to == ("co-products.sector-rule",)
    assert outcome.dimensions == ("allocation", "co-products")


def test_a_study_by_the_rule_of_the_sector_keeps_it(situation: Make) -> None:
    stated = {"co-products": ("co-products.sector-rule",)}
    for key, method in (("mass", stated), ("high-value-chemical", None)):
        made = situation(Activity(joint=(cracker(key=key),)), target="TFS:3.0", method=method)
        assert found(allocation.apply(made)).delta == Bounds.point(0)


def test_a_study_that_does_not_say_may_have_used_either(situation: Make) -> None:
    outcome = found(allocation.apply(situation(Activity(joint=(cracker(),)), target="TFS:3.0")))
    assert outcome.delta == Bounds(Fraction(0), Fraction(120) / Fraction("58.2") - Fraction(120) / 100)


def test_the_rule_of_the_sector_undone(situation: Make) -> None:
    activity = Activity(joint=(cracker(key="high-value-chemical"),))
    made = situation(activity, source="TFS:3.0", target="ISO:14067-2018")
    made = asking(made, "co-products", "co-products.general", preferred=None)
    outcome = found(allocation.apply(asking(made, "allocation", "allocation.mass")))
    assert outcome.delta == Bounds.point(Fraction(120) / 100 - Fraction(120) / Fraction("58.2"))


def test_a_rule_of_the_sector_nobody_read_may_hand_on_any_share(situation: Make) -> None:
    general = {"co-products": ("co-products.general",)}
    made = situation(Activity(joint=(cracker(),)), target="EU:PEF-2021", method=general)
    outcome = found(allocation.apply(made))
    assert outcome.delta == Bounds(Fraction("-1.2"), 4 - Fraction("1.2"))
    assert [lack.path for lack in outcome.lacks] == ["joint"]


def test_a_credit_the_target_takes_on_other_conditions_may_fall_away(situation: Make) -> None:
    method = {"substitution": ("substitution.general",)}
    process = joint(A, B, key="substitution")
    made = situation(Activity(joint=(process,)), target="CATENAX:4", method=method)
    made = asking(made, "allocation", "allocation.substitution", "allocation.mass")
    outcome = found(allocation.apply(made))
    # Kept, where the condition holds; else by mass: 1.25 for 3.5.
    assert outcome.delta == Bounds(Fraction("1.25") - Fraction("3.5"), Fraction(0))
    assert outcome.dimensions == ("allocation", "substitution")
    dominant = {"substitution": ("substitution.dominant",)}
    kept = situation(Activity(joint=(process,)), target="CATENAX:4", method=dominant)
    assert found(allocation.apply(kept)).delta == Bounds.point(0)


def test_a_target_that_never_credits_takes_no_substitution(situation: Make) -> None:
    made = situation(Activity(joint=(joint(A, B, key="substitution"),)))
    made = asking(made, "allocation", "allocation.substitution", "allocation.mass")
    outcome = found(allocation.apply(asking(made, "substitution", "substitution.not-used")))
    assert outcome.delta == Bounds.point(Fraction("1.25") - Fraction("3.5"))


def test_prices_averaged_otherwise_are_another_key(situation: Make) -> None:
    method = {"price-averaging": ("price-averaging.one-year",)}
    one, two = output("a", "2", economic="3"), output("b", "6", economic="1")
    made = situation(Activity(joint=(joint(one, two, key="economic"),)), target="CATENAX:4", method=method)
    outcome = found(allocation.apply(made))
    assert outcome.delta == Bounds(Fraction(-5, 2), Fraction(5, 2))
    assert [lack.path for lack in outcome.lacks] == [
        "outputs.a.keys.economic:three-years",
        "outputs.b.keys.economic:three-years",
    ]
    assert outcome.dimensions == ("allocation", "price-averaging")
    keys = {"economic": "3", "economic:three-years": "6"}
    one = output("a", "2", **keys)
    two = output("b", "6", **{"economic": "1", "economic:three-years": "1"})
    made = situation(Activity(joint=(joint(one, two, key="economic"),)), target="CATENAX:4", method=method)
    outcome = found(allocation.apply(made))
    assert outcome.delta == Bounds.point(5 * (Fraction(12, 18) - Fraction(6, 12)))

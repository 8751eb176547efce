"""Factors of one database for those of another, against the sum written out by hand."""

from __future__ import annotations

from fractions import Fraction

import hypothesis
import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from crosswalk import convert
from crosswalk.engine.operations import factor_swap, operations
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.footprint.activity import Activity, Burden, FactorUse, GasMass
from crosswalk.footprint.quantity import Quantity
from tests.engine import conftest as made
from tests.engine.operations.conftest import Make, burden, q

F = Fraction
LAWS = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def swapped(
    amount: str, factor: str | Burden | None, other: str | Burden | None, path: str = "factors[0]"
) -> FactorUse:
    before, after = (burden(one) if isinstance(one, str) else one for one in (factor, other))
    return FactorUse(path=path, name="diesel", amount=q(amount), factor=before, other=after)


def test_it_is_an_operation_of_no_dimension(situation: Make) -> None:
    assert operations()["OP-FACTOR"] is factor_swap
    catalogue = situation(Activity()).catalogue
    assert all(one.operation != "OP-FACTOR" for one in catalogue.dimensions.values())


def test_amounts_times_differences(situation: Make) -> None:
    # F20 by hand: 3 · (2.5 − 2) + 0.5 · (0.1 − 0.4) = 1.35; what has no other factor keeps its own.
    uses = (
        swapped("3", "2.0", "2.5"),
        swapped("0.5", "0.4", "0.1", path="factors[1]"),
        swapped("7", "9", None, path="factors[2]"),
    )
    found = factor_swap.apply(situation(Activity(factors=uses)))
    assert found is not None
    assert found.delta == Bounds.point(F("1.35"))
    assert dict(found.parts) == {"factors[0]": Bounds.point(F("1.5")), "factors[1]": Bounds.point(F("-0.15"))}
    assert found.dimensions == ()
    assert found.tight


def test_only_what_names_another_factor_is_swapped(situation: Make) -> None:
    assert factor_swap.apply(situation(Activity())) is None
    assert factor_swap.apply(situation(Activity(factors=(swapped("3", "2", None),)))) is None


def test_towards_its_own_regime_a_study_keeps_its_factors(situation: Make) -> None:
    own = situation(Activity(factors=(swapped("3", "2", "2.5"),)), source="PACT:3.0", target="PACT:3.0")
    assert factor_swap.apply(own) is None


def test_a_factor_nobody_gave_is_a_gap(situation: Make) -> None:
    found = factor_swap.apply(situation(Activity(factors=(swapped("3", None, "2.5"),))))
    assert found is not None
    assert found.delta == Bounds(None, None)
    assert [(lack.path, lack.label.zh) for lack in found.lacks] == [("factors[0].factor", "所用因子")]


def test_gases_are_characterised_by_the_set_of_the_target(situation: Make) -> None:
    one = swapped("2", burden(CO2="1", CH4="0.01"), burden(CO2="1.2", N2O="0.001"))
    sets = ("gwp-set.ar4", "gwp-set.ar6-t715")
    found = factor_swap.apply(situation(Activity(factors=(one,)), sets=sets))
    assert found is not None
    wanted = (F("1.2") + 273 * F("0.001")) - (1 + F("29.8") * F("0.01"))
    assert found.delta == Bounds.point(2 * wanted)


def test_a_value_without_gases_may_be_of_any_mix(situation: Make) -> None:
    sets = ("gwp-set.ar5-28", "gwp-set.ar6-t715")
    found = factor_swap.apply(situation(Activity(factors=(swapped("1", "2", "2.5"),)), sets=sets))
    assert found is not None
    assert not found.tight
    low, high = found.delta.ends
    assert low is not None
    assert high is not None
    assert low < F("0.5") < high


@LAWS
@hypothesis.given(amounts=st.lists(st.integers(1, 30), min_size=2, max_size=6), half=st.integers(0, 3))
def test_one_factor_in_many_uses_is_one_use_of_the_sum(
    situation: Make, amounts: list[int], half: int
) -> None:
    def rough(value: str) -> Burden:
        return Burden(path="f", co2e=Quantity.of(value))

    def use(n: int, amount: int, width: int) -> FactorUse:
        given = Quantity(text="", value=F(amount), half=F(width, 100))
        return FactorUse(
            path=f"factors[{n}]", name="diesel", amount=given, factor=rough("2.0"), other=rough("2.1")
        )

    many = tuple(use(n, amount, half) for n, amount in enumerate(amounts))
    one = (use(0, sum(amounts), half * len(amounts)),)
    found = [factor_swap.apply(situation(Activity(factors=uses))) for uses in (many, one)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].delta == found[1].delta


@LAWS
@hypothesis.given(amount=st.integers(1, 50), one=st.integers(0, 50), other=st.integers(0, 50))
def test_there_and_back_is_nothing(situation: Make, amount: int, one: int, other: int) -> None:
    there = factor_swap.apply(situation(Activity(factors=(swapped(str(amount), str(one), str(other)),))))
    back = factor_swap.apply(situation(Activity(factors=(swapped(str(amount), str(other), str(one)),))))
    assert there is not None
    assert back is not None
    assert there.delta + back.delta == Bounds.point(0)


def test_in_a_conversion_it_stands_under_its_own_name() -> None:
    plain = made.footprint(
        "GHGP:PRODUCT-2011",
        [msgspec.structs.replace(made.mass("CO2", "fossil", "2"), quantity=q("2"))],
        method={**made.PLAIN, "gwp-set": "ar6-t715", "cut-off": "none", "biogenic-co2": "zero-zero"},
        absences=(*made.NOTHING_ELSE, made.absent("capital-goods", "overheads", "exempted")),
        complete=True,
    )
    gas = Burden(path="factors[0].other", gases=(GasMass(gas="CO2", mass=q("0.7")),))
    use = swapped("0.5", "0.3", gas)
    study = msgspec.structs.replace(plain, activity=Activity(factors=(use,)))
    answer = convert(study, to="ISO:14067-2018", allow="estimated")
    (step,) = [one for one in answer.steps if one.operation == "OP-FACTOR"]
    assert (step.dimension, step.class_, step.from_, step.to) == ("OP-FACTOR", "estimated", (), ())
    assert step.label.en == "replace factors of a database"
    assert answer.assumed is not None
    assert answer.assumed.low == answer.assumed.high == float(2 + F("0.5") * (F("0.7") - F("0.3")))
    assert any("the file names others: 1" in note.en for note in answer.notes)
    assert "OP-FACTOR" in str(answer.to_frame()["dimension"].tolist())
    refused = convert(study, to="ISO:14067-2018")
    assert not refused.answered
    assert convert(study, to="GHGP:PRODUCT-2011").value == 2.0

"""Laws of allocation that hold whatever the numbers."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.engine.operations import allocation
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.operations.situation import Situation
from crosswalk.footprint.activity import Activity, Burden, JointProcess, Output
from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.catalogue import Catalogue
from tests.engine.operations.conftest import burden, make, q
from tests.engine.operations.joint import KEYS, asking, exact, found, joint, output, share

# Laws.
amounts = st.decimals("0.1", "50", places=1)
weights = st.decimals("0.1", "9", places=1)


@st.composite
def processes(draw: st.DrawFn) -> tuple[list[str], list[dict[str, str]], str]:
    size = draw(st.integers(2, 4))
    made = [str(draw(amounts)) for _ in range(size)]
    keys = [{key: str(draw(weights)) for key in KEYS} for _ in range(size)]
    return made, keys, str(draw(st.decimals("-20", "90", places=1)))


@settings(max_examples=25, deadline=None)
@given(processes(), st.sampled_from(KEYS))
def test_shares_of_all_outputs_sum_to_one(
    catalogue: Catalogue, made: tuple[list[str], list[dict[str, str]], str], key: str
) -> None:
    given, keys, _ = made
    outputs = [output(f"o{at}", amount, **keys[at]) for at, amount in enumerate(given)]
    whole = Fraction(0)
    for at, amount in enumerate(given):
        process = joint(*outputs, key=key, product=f"o{at}", used=q(amount))
        factor = allocation.shares(_made(catalogue, process))["joint"][0]
        assert factor == Bounds.point(share([(k[key], a) for k, a in zip(keys, given, strict=True)], at))
        assert factor.low is not None
        whole += factor.low
    assert whole == 1


@settings(max_examples=25, deadline=None)
@given(processes(), st.sampled_from(KEYS[:3]), st.sampled_from(KEYS[:3]))
def test_there_and_back_is_nothing(
    catalogue: Catalogue, made: tuple[list[str], list[dict[str, str]], str], one: str, other: str
) -> None:
    def change(before: str, after: str) -> Bounds:
        given, keys, emitted = made
        outputs = [output(f"o{at}", amount, **keys[at]) for at, amount in enumerate(given)]
        process = joint(*outputs, key=before, burden=burden(emitted))
        asked = asking(_made(catalogue, process), "allocation", f"allocation.{after}")
        return found(allocation.apply(asked)).delta

    assert change(one, one) == Bounds.point(0)
    assert change(one, other) + change(other, one) == Bounds.point(0)


@settings(max_examples=20, deadline=None)
@given(processes(), st.sampled_from(["mass", "energy", "substitution"]), st.data())
def test_the_enclosure_holds_the_value_inside_the_rounding(
    catalogue: Catalogue, made: tuple[list[str], list[dict[str, str]], str], before: str, data: st.DataObject
) -> None:
    given, keys, emitted = made
    outputs = tuple(
        Output(
            name=f"o{at}",
            path=f"o{at}",
            amount=Quantity.of(amount),
            keys={key: Quantity.of(value) for key, value in keys[at].items()},
            displaced=Burden(path="", co2e=Quantity.of(keys[at]["mole"])),
        )
        for at, amount in enumerate(given)
    )
    process = joint(*outputs, key=before, burden=Burden(path="", co2e=Quantity.of(emitted)))
    asked = asking(_made(catalogue, process), "allocation", "allocation.economic")
    delta = found(allocation.apply(asked)).delta

    def near(text: str) -> Fraction:
        inside = data.draw(st.fractions(-1, 1, max_denominator=8))
        # Amounts and keys are not below zero whatever the rounding.
        moved = Fraction(text) + inside * Fraction(1, 20)
        return moved if Fraction(text) < 0 else max(moved, Fraction(0))

    amount = [near(one) or Fraction(1, 100) for one in given]
    key = {name: [near(one[name]) or Fraction(1, 100) for one in keys] for name in KEYS}
    total = near(emitted)

    def borne(rule: str) -> Fraction:
        if rule == "substitution":
            rest = sum(a * e for a, e in zip(amount[1:], key["mole"][1:], strict=True))
            return (total - rest) / amount[0]
        return total * key[rule][0] / sum(a * x for a, x in zip(amount, key[rule], strict=True))

    value = borne("economic") - borne(before)
    assert delta.low is not None
    assert delta.high is not None
    assert delta.low <= value <= delta.high


@settings(max_examples=20, deadline=None)
@given(processes(), st.fractions(Fraction(1, 4), 8, max_denominator=4))
def test_units_do_not_matter(
    catalogue: Catalogue, made: tuple[list[str], list[dict[str, str]], str], scale: Fraction
) -> None:
    """A run of another size and another currency leave everything as it was; a larger unit scales it."""
    given, keys, emitted = made

    def change(run: Fraction, money: Fraction, used: Fraction) -> Bounds:
        outputs = tuple(
            Output(
                name=f"o{at}",
                path=f"o{at}",
                amount=exact(Fraction(amount) * run),
                keys={
                    "mass": exact(Fraction(keys[at]["mass"])),
                    "economic": exact(Fraction(keys[at]["economic"]) * money),
                },
            )
            for at, amount in enumerate(given)
        )
        whole = Burden(path="", co2e=exact(Fraction(emitted) * run))
        process = joint(*outputs, burden=whole, used=exact(used))
        asked = asking(_made(catalogue, process), "allocation", "allocation.economic")
        return found(allocation.apply(asked)).delta

    one = Fraction(1)
    assert change(scale, one, one) == change(one, scale, one) == change(one, one, one)
    assert change(one, one, scale) == change(one, one, one) * Bounds.point(scale)


def _made(catalogue: Catalogue, process: JointProcess) -> Situation:
    """As the fixture makes it, for tests that ask many times."""
    return make(catalogue, Activity(joint=(process,)))

"""Capital goods counted or left out: as a line, and from factors with and without them."""

from __future__ import annotations

from fractions import Fraction

import hypothesis
import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from crosswalk import convert, read
from crosswalk.engine.cells import Universe
from crosswalk.engine.operations import operations
from crosswalk.engine.operations.capital_goods import with_line
from crosswalk.engine.program import Program
from crosswalk.engine.study import Study
from crosswalk.errors import InputError
from crosswalk.footprint.activity import Activity, Burden, CapitalGoods
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Footprint
from tests.engine import conftest as made
from tests.engine.operations.conftest import burden, q

F = Fraction


def pair(amount: str, included: Burden, excluded: Burden, path: str = "capital_goods[0]") -> CapitalGoods:
    return CapitalGoods(path=path, name="steel", amount=q(amount), included=included, excluded=excluded)


def study(*goods: CapitalGoods, option: str = "included", total: str = "2") -> Footprint:
    """A product of CO2 alone; nothing but capital goods separates PACT and the Greenhouse Gas Protocol."""
    plain = made.footprint(
        "GHGP:PRODUCT-2011",
        [msgspec.structs.replace(made.total(total), quantity=q(total))],
        method={
            **made.PLAIN,
            "gwp-set": "ar6-t715",
            "cut-off": "none",
            "biogenic-co2": "zero-zero",
            "ghg-set": "pact-list",
            "capital-goods": option,
        },
        absences=(*made.NOTHING_ELSE, made.absent("overheads", "exempted", "packaging")),
    )
    return msgspec.structs.replace(plain, activity=Activity(capital_goods=goods))


# F11 of the research notes on wider regimes: K = Σ amount · (factor with − factor without).
TWO = (
    pair("3", burden("2.10"), burden("2.04")),
    pair("0.5", burden("0.9"), burden("0.7"), "capital_goods[1]"),
)
K = 3 * F("0.06") + F("0.5") * F("0.2")


def test_it_is_no_model_operation() -> None:
    assert "OP-CAP" not in operations()


def test_leaving_them_out_takes_off_what_the_factors_say() -> None:
    answer = convert(study(*TWO), to="CATENAX:4")
    assert answer.value == pytest.approx(float(2 - K))
    (step,) = [one for one in answer.steps if one.operation == "OP-CAP"]
    assert (step.class_, step.delta.low, step.delta.high) == (
        "exact",
        pytest.approx(-0.28),
        pytest.approx(-0.28),
    )
    # Nothing known of them: from all of it to none.
    bare = convert(study(), to="CATENAX:4")
    assert (bare.guaranteed.low, bare.guaranteed.high) == (0.0, pytest.approx(2.0))


def test_counting_them_adds_what_the_factors_say(universe: Universe) -> None:
    # No regime described here forbids leaving them out, so the way back is asked of the engine itself.
    given = with_line(study(*TWO, option="excluded"))
    one = Study(given, universe.catalogue.regimes["GHGP:PRODUCT-2011"], universe)
    source = {code: one.choices[code].options[0] for code in one.numeric}
    target = {**source, "capital-goods": "capital-goods.included"}
    rows, dead = one.rows(source, next(one.readings())), one.dead(source)
    kept, added = (
        Program(universe, rows, dead, [one.total(source, m)]).interval(0) for m in (source, target)
    )
    assert kept is not None
    assert added is not None
    assert (kept.low, kept.high) == (2, 2)
    assert (added.low, added.high) == (2 + K, 2 + K)


def test_the_sum_is_exact() -> None:
    plain = study()
    found = with_line(study(*TWO))
    assert found.absences == plain.absences
    assert [(one.quantity.value, one.quantity.half) for one in found.disclosures[1:]] == [(K, 0)]
    assert with_line(plain) is plain


def test_gases_stay_gases() -> None:
    goods = (pair("2", burden(CO2="1", CH4="0.01"), burden(CO2="0.9", CH4="0.004")),)
    found = with_line(study(*goods))
    assert [(one.on.gases, one.quantity.value, one.basis) for one in found.disclosures[1:]] == [
        (("CH4",), F("0.012"), "mass"),
        (("CO2",), F("0.2"), "mass"),
    ]
    assert len(found.absences) == len(study().absences) + 1
    answer = convert(study(*goods), to="CATENAX:4")
    assert answer.value == pytest.approx(float(2 - F("0.2") - F("29.8") * F("0.012")))


def test_factors_that_do_not_go_together_say_nothing() -> None:
    mixed = (pair("2", burden("1"), burden(CO2="0.9")),)
    sets = (pair("2", burden("1", gwp_set="gwp-set.ar4"), burden("0.9")),)
    for goods in (mixed, sets):
        assert with_line(study(*goods)) == study(*goods)


def test_a_line_and_factors_that_disagree_are_a_contradiction() -> None:
    line = msgspec.structs.replace(
        made.total("0.5"),
        name="capital goods",
        path="lines.capital-goods",
        on=msgspec.structs.replace(made.total("1").on, activities=("capital-goods",)),
        headline=0,
    )
    given = study(*TWO)
    clash = msgspec.structs.replace(given, disclosures=(*given.disclosures, line))
    answer = convert(clash, to="CATENAX:4")
    assert not answer.answered
    (found,) = answer.inconsistencies
    assert set(found.paths) == {"lines.capital-goods", "capital_goods[0], capital_goods[1]"}


@settings(deadline=None)
@hypothesis.given(
    parts=st.lists(st.tuples(*[st.integers(0, 50)] * 3), min_size=1, max_size=4),
    widths=st.tuples(*[st.integers(0, 3)] * 3),
)
def test_rounding_is_carried(parts: list[tuple[int, int, int]], widths: tuple[int, int, int]) -> None:
    def rough(value: int, width: int) -> Quantity:
        return Quantity(text="", value=F(value), half=F(width, 10))

    goods = [
        CapitalGoods(
            path=f"capital_goods[{n}]",
            name="steel",
            amount=rough(amount + 1, widths[0]),
            included=Burden(path="", co2e=rough(without + more, widths[1])),
            excluded=Burden(path="", co2e=rough(without, widths[2])),
        )
        for n, (amount, without, more) in enumerate(parts)
    ]
    found = with_line(study(*goods)).disclosures[-1]
    worst = [F(0), F(0)]
    for amount, _, more in parts:
        corners = [
            (amount + 1 + a * F(widths[0], 10)) * (more + b * (F(widths[1], 10) + F(widths[2], 10)))
            for a in (-1, 1)
            for b in (-1, 1)
        ]
        worst = [worst[0] + min(corners), worst[1] + max(corners)]
    assert found.quantity.value - found.quantity.half == worst[0]
    assert found.quantity.value + found.quantity.half == worst[1]


FILE = {
    "crosswalk": "footprint/2",
    "declared_unit": "kg",
    "regime": "GHGP:PRODUCT-2011",
    "method": {
        "boundary": "cradle-to-gate",
        "capital-goods": "included",
        "cut-off": "none",
        "overheads": "excluded",
        "packaging": "included",
        "ghg-set": "pact-list",
        "gwp-set": "ar6-t715",
        "biogenic-co2": "zero-zero",
    },
    "total": {"value": "2", "exact": True},
    "absent": ["aircraft", "captured", "technical-removal", "land", "biogenic", "exempted"],
    "capital_goods_factors": [
        {"name": "steel", "amount": "3.0 kg", "included": "2.10 kg CO2e/kg", "excluded": "2.04 kg CO2e/kg"},
        {
            "name": "transport",
            "amount": {"value": "500", "unit": "kWh", "exact": True},
            "included": "0.9 kg CO2e/kWh",
            "excluded": "0.7 kg CO2e/kWh",
        },
    ],
}


def test_they_are_read_from_a_file() -> None:
    # 500 kWh are read as 1800 MJ, and the factors with them.
    (found,) = [one for one in [read(FILE)] if isinstance(one, Footprint)]
    assert found.activity is not None
    assert [(one.path, one.amount.value) for one in found.activity.capital_goods] == [
        ("capital_goods_factors[0]", 3),
        ("capital_goods_factors[1]", 1800),
    ]
    line = with_line(found).disclosures[-1].quantity
    assert abs(line.value - 3 * F("0.06") - 500 * F("0.2")) < line.half


@pytest.mark.parametrize(("missing", "path"), [("included", "included"), ("amount", "amount")])
def test_half_a_pair_is_refused(missing: str, path: str) -> None:
    goods = [{key: value for key, value in FILE["capital_goods_factors"][0].items() if key != missing}]
    with pytest.raises(InputError) as caught:
        read({**FILE, "capital_goods_factors": goods})
    assert f"capital_goods_factors[0].{path}" in str(caught.value)

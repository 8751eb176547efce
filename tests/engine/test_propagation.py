"""Conversions of uncertain numbers against closed forms, and what must hold in every draw."""

from __future__ import annotations

import math
from fractions import Fraction
from statistics import NormalDist
from typing import Any

import msgspec
import pytest

import crosswalk
from crosswalk.footprint.activity import Activity, Burden, MassBalanced
from crosswalk.footprint.quantity import Quantity, Spread
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.results import Conversion, PBox, Percentiles, Uncertainty
from tests.engine.conftest import NOTHING_ELSE, PLAIN, footprint, mass, total

DRAWS = 20_000
POINTS = (0.05, 0.5, 0.95)
METHOD = {**PLAIN, "gwp-set": "ar5-28", "ghg-set": "ipcc-all", "cut-off": "numeric"}
#: kg CO2e per kg: AR5 with methane 28 of any origin, and AR6, Table 7.15.
AR5 = {"CO2": 1.0, "CH4": 28.0, "N2O": 265.0}
AR6 = {"CO2": 1.0, "CH4": 29.8, "N2O": 273.0}


def spread(one: Disclosure, kind: str, sigma: str | None = None, **more: Any) -> Disclosure:
    """Give a disclosed number a distribution."""
    made = Spread(kind=kind, sigma=None if sigma is None else Fraction(sigma), path=one.path, **more)
    return msgspec.structs.replace(one, quantity=msgspec.structs.replace(one.quantity, spread=made))


def sharp(one: Disclosure) -> Disclosure:
    """Take the rounding away."""
    return msgspec.structs.replace(one, quantity=msgspec.structs.replace(one.quantity, half=Fraction(0)))


def study(*stated: Disclosure, complete: bool = True, **more: Any) -> Footprint:
    method = {**METHOD, **more.pop("method", {})}
    return footprint(
        "GBT:24067-2024", list(stated), method=method, absences=NOTHING_ELSE, complete=complete, **more
    )


def gases(co2: str = "2.949", ch4: str = "0.0110", n2o: str = "0.00005") -> list[Disclosure]:
    return [mass(gas, "fossil", value) for gas, value in (("CO2", co2), ("CH4", ch4), ("N2O", n2o))]


def convert(made: Footprint, to: str = "PACT:3.0", **more: Any) -> Conversion:
    return crosswalk.convert(made, to=to, **{"draws": DRAWS, "seed": 3, **more})


def told(answer: Conversion) -> Uncertainty:
    assert answer.uncertainty is not None
    return answer.uncertainty


def box(answer: Conversion) -> PBox:
    found = told(answer).guaranteed
    assert found is not None
    return found


def points(found: Percentiles) -> list[float]:
    values = [found.p5, found.p50, found.p95]
    assert None not in values
    return [value for value in values if value is not None]


def middle(found: PBox) -> list[float]:
    return [(low + high) / 2 for low, high in zip(points(found.low), points(found.high), strict=True)]


def test_a_study_towards_its_own_regime_keeps_its_distribution_and_its_rounding() -> None:
    found = box(convert(study(spread(total("3.27"), "normal", "0.1"), complete=False), "GBT:24067-2024"))
    widths = [high - low for low, high in zip(points(found.low), points(found.high), strict=True)]
    assert widths == pytest.approx([0.01] * 3, rel=1e-9)
    assert middle(found) == pytest.approx([NormalDist(3.27, 0.1).inv_cdf(p) for p in POINTS], abs=0.005)
    assert (found.contradicting, found.open_low, found.open_high) == (0, 0, 0)


def test_a_sum_of_normals_under_other_factors() -> None:
    co2, ch4, n2o = gases()
    made = study(total("3.27"), spread(co2, "normal", "0.1"), spread(ch4, "normal", "0.002"), n2o)
    deviation = math.hypot(0.1 * AR6["CO2"], 0.002 * AR6["CH4"])
    answer = convert(made)
    expected = NormalDist(2.949 + 29.8 * 0.011 + 273 * 0.00005, deviation)
    assert middle(box(answer)) == pytest.approx([expected.inv_cdf(p) for p in POINTS], abs=0.06 * deviation)
    # The total states no distribution: it follows, and what it tells of the digits is not lost.
    assert [(one.name, one.how) for one in told(answer).moved] == [("total", "follows")]
    assert answer.guaranteed.width is not None
    assert points(box(answer).high)[1] - points(box(answer).low)[1] <= answer.guaranteed.width * 1.01


def test_one_gas_is_lognormal_under_either_set() -> None:
    made = study(
        *(sharp(one) for one in gases("0", "0.5", "0")[:0]),
        sharp(spread(mass("CH4", "fossil", "0.5"), "lognormal", "1.5")),
    )
    found = box(convert(made))
    expected = [0.5 * AR6["CH4"] * 1.5 ** NormalDist().inv_cdf(p) for p in POINTS]
    assert points(found.low) == pytest.approx(expected, rel=0.02)
    assert points(found.low) == pytest.approx(points(found.high), rel=1e-9)


def test_groups_add_deviations_others_add_squares() -> None:
    def deviation(group: str | None) -> float:
        co2, ch4, n2o = (sharp(one) for one in gases("3", "0.1", "0.01"))
        stated = [spread(co2, "normal", "0.1", group=group), spread(ch4, "normal", "0.01", group=group), n2o]
        p5, _, p95 = points(box(convert(study(*stated))).low)
        return (p95 - p5) / (2 * NormalDist().inv_cdf(0.95))

    parts = 0.1 * AR6["CO2"], 0.01 * AR6["CH4"]
    assert deviation(None) == pytest.approx(math.hypot(*parts), rel=0.02)
    assert deviation("one furnace") == pytest.approx(sum(parts), rel=0.02)


def test_draws_that_fit_no_inventory_are_counted_and_count_as_unknown() -> None:
    # Methane alone may be more than the total: 28 * 0.08 * f > 3.27, which has this probability.
    above = 1 - NormalDist().cdf(math.log(3.27 / (28 * 0.08)) / math.log(1.5))
    ch4 = sharp(spread(mass("CH4", "fossil", "0.08"), "lognormal", "1.5"))
    found = box(convert(study(sharp(total("3.27")), ch4, complete=False), "GBT:24067-2024"))
    assert found.contradicting / DRAWS == pytest.approx(above, abs=0.01)
    # More than 5 % of the draws are unknown, so the outer percentiles are; the median is not.
    assert (found.low.p5, found.high.p95) == (None, None)
    assert (found.low.p50, found.high.p50) == pytest.approx((3.27, 3.27))


def test_a_normal_number_below_nothing_is_a_contradiction() -> None:
    below = NormalDist(0.02, 0.01).cdf(0)
    made = study(*(sharp(one) for one in gases("3", "0.02", "0.001")))
    stated = [spread(d, "normal", "0.01") if d.name == "CH4 fossil" else d for d in made.disclosures]
    found = box(convert(msgspec.structs.replace(made, disclosures=tuple(stated))))
    assert found.contradicting / DRAWS == pytest.approx(below, abs=0.005)
    assert found.low.p5 is not None


@pytest.mark.parametrize("whole", ["1.05", "1.4"])
@pytest.mark.parametrize("parts", ["1.1", "1.5"])
def test_sums_and_parts_that_all_state_distributions_do_not_contradict(whole: str, parts: str) -> None:
    stated = [spread(one, "lognormal", parts) for one in gases("2.949", "0.0110", "0.00005")]
    pair = Disclosure(
        name="fossil",
        path="lines.fossil",
        field="fossil",
        on=crosswalk.load().formats["crosswalk"].fields["fossil"].on,
        quantity=Quantity.of("3.270"),
    )
    made = study(spread(total("3.27"), "lognormal", whole), spread(pair, "lognormal", whole), *stated)
    answer = convert(made, draws=2000)
    assert box(answer).contradicting == 0
    by_name = {one.name: one for one in told(answer).numbers}
    assert by_name["total"].stated is not None
    assert by_name["total"].implied is not None
    # What is converted is the total: its own distribution is the one that counts.
    expected = [3.27 * float(whole) ** NormalDist().inv_cdf(p) for p in POINTS]
    assert middle(box(answer)) == pytest.approx(expected, rel=0.06)


def test_parts_without_a_distribution_give_way_to_a_total_that_has_one() -> None:
    answer = convert(study(spread(total("3.27"), "lognormal", "1.1"), *gases()))
    assert [(one.name, one.how) for one in told(answer).moved] == [
        ("CH4 fossil", "eased"),
        ("CO2 fossil", "eased"),
        ("N2O fossil", "eased"),
    ]
    found = box(answer)
    assert found.contradicting == 0
    p95 = 3.27 * 1.1 ** NormalDist().inv_cdf(0.95)
    missing = p95 - 3.27
    # What is missing may all be carbon dioxide, or all be methane, which counts for more under AR6.
    assert points(found.low)[2] == pytest.approx(
        p95 + (AR6["CH4"] - AR5["CH4"]) * 0.011 + 8 * 0.00005, rel=0.01
    )
    more = (AR6["CH4"] - AR5["CH4"]) * missing / AR5["CH4"]
    assert points(found.high)[2] == pytest.approx(points(found.low)[2] + more + 0.0067, rel=0.01)


def test_without_spread_the_box_is_the_interval() -> None:
    answer = convert(study(spread(total("3.27"), "lognormal", "1"), *gases()), draws=10)
    found = box(answer)
    assert points(found.low) == pytest.approx([answer.guaranteed.low] * 3, rel=1e-12)
    assert points(found.high) == pytest.approx([answer.guaranteed.high] * 3, rel=1e-12)


@pytest.mark.parametrize("sigma", ["1.02", "1.3"])
@pytest.mark.parametrize("target", ["PACT:3.0", "ISO:14067-2018", "GHGP:PRODUCT-2011"])
def test_the_interval_lies_between_the_outer_percentiles(sigma: str, target: str) -> None:
    stated = [total("3.27"), *(spread(one, "lognormal", sigma) for one in gases())]
    answer = convert(study(*stated), target, draws=2000)
    found = box(answer)
    assert found.low.p5 is not None
    assert answer.guaranteed.low is not None
    assert answer.guaranteed.high is not None
    assert found.low.p5 <= answer.guaranteed.low
    assert found.high.p95 is None or found.high.p95 >= answer.guaranteed.high


def test_an_uncertain_number_leaves_the_interval_alone() -> None:
    plain = study(total("3.27"), *gases())
    stated = [spread(one, "lognormal", "1.3") for one in plain.disclosures]
    answer = convert(msgspec.structs.replace(plain, disclosures=tuple(stated)), draws=10)
    bare = crosswalk.convert(plain, to="PACT:3.0")
    assert msgspec.structs.replace(answer, uncertainty=None) == bare


def test_the_same_seed_gives_the_same_and_the_order_of_the_file_is_nothing() -> None:
    stated = [total("3.27"), *(spread(one, "lognormal", "1.2") for one in gases())]
    one = told(convert(study(*stated), draws=500))
    assert told(convert(study(*stated), draws=500)) == one
    turned = told(convert(study(*reversed(stated)), draws=500))
    assert turned.guaranteed is not None
    assert one.guaranteed is not None
    assert points(turned.guaranteed.low) == pytest.approx(points(one.guaranteed.low), rel=1e-12)
    assert told(convert(study(*stated), draws=500, seed=4)).guaranteed != one.guaranteed


def test_open_choices_are_held_by_the_box_whole() -> None:
    # AR5 without more: methane counts 28 or 30, so the mass of CO2 is one or the other.
    open_method = {"gwp-set": ("ar5-28", "ar5-30")}
    stated = [total("3.27"), spread(mass("CH4", "fossil", "0.0110"), "lognormal", "1.2")]
    made = study(*stated, complete=False, method=open_method)
    answer = convert(made, "GBT:24067-2024", draws=2000)
    found = box(answer)
    assert points(found.low) == pytest.approx([answer.guaranteed.low] * 3, rel=1e-9)
    assert points(found.high) == pytest.approx([answer.guaranteed.high] * 3, rel=1e-9)


def test_what_nothing_limits_is_open_in_every_draw() -> None:
    answer = convert(study(spread(total("3.27"), "lognormal", "1.2"), complete=False), draws=200)
    found = box(answer)
    assert not answer.answered
    assert (found.high.p5, found.high.p50, found.high.p95) == (None, None, None)
    assert found.open_high == 200


def test_assumptions_have_a_box_of_their_own() -> None:
    stated = spread(total("3.27"), "lognormal", "1.2")
    answer = convert(study(stated, complete=False), assume="fossil-polymer", draws=2000)
    assert answer.assumed is not None
    found = told(answer).assumed
    assert found is not None
    assert told(answer).guaranteed is not None
    # A total alone: the interval is a multiple of it, and so is every percentile.
    for ends, end in ((found.low, answer.assumed.low), (found.high, answer.assumed.high)):
        expected = [1.2 ** NormalDist().inv_cdf(p) for p in POINTS]
        assert end is not None
        assert [point / end for point in points(ends)] == pytest.approx(expected, rel=0.03)


def test_a_contradictory_file_has_no_box() -> None:
    made = study(spread(total("3.27"), "normal", "0.1"), *gases("5.0"))
    answer = convert(made, draws=10)
    assert answer.inconsistencies
    assert (told(answer).guaranteed, told(answer).assumed) == (None, None)
    assert [one.role for one in told(answer).numbers] == ["unused"]


def test_a_share_that_was_left_out_enters_no_draw() -> None:
    made = study(total("3.27"), *gases())
    share = Quantity(
        text="0.01",
        value=Fraction(1, 100),
        half=Fraction(0),
        spread=Spread(kind="normal", sigma=Fraction(1, 1000)),
    )
    answer = convert(msgspec.structs.replace(made, exempted=share), draws=10)
    assert [(one.path, one.role) for one in told(answer).numbers] == [("exempted_share", "unused")]


# The ranges of global warming potentials


def test_gwp_ranges_of_gases_that_are_known() -> None:
    co2, ch4, n2o = (sharp(one) for one in gases("2", "0.05", "0.002"))
    answer = convert(study(co2, ch4, n2o), gwp_ranges=True)
    found = told(answer).climate
    assert found is not None
    assert told(answer).climate_tight
    assert told(answer).unranged == ()
    # Half-widths of 5-95 % of Table 7.15: 11 for methane, 130 for nitrous oxide.
    deviation = math.hypot(11 * 0.05, 130 * 0.002) / NormalDist().inv_cdf(0.95)
    expected = NormalDist(2 + 29.8 * 0.05 + 273 * 0.002, deviation)
    assert middle(found) == pytest.approx([expected.inv_cdf(p) for p in POINTS], abs=0.05 * deviation)
    assert points(box(answer).low) == pytest.approx([expected.mean] * 3)
    assert {one.clause for one in told(answer).rests_on} == {"Table 7.15"}


def test_fossil_and_other_methane_share_their_range() -> None:
    stated = [sharp(mass("CH4", origin, "0.05")) for origin in ("fossil", "biogenic")]
    made = footprint("GBT:24067-2024", stated, method=METHOD, absences=NOTHING_ELSE[1:], complete=True)
    found = told(convert(made, gwp_ranges=True)).climate
    assert found is not None
    # The high end is open, for land is not spoken of; the low end is that of the two methanes together.
    p5, _, p95 = points(found.low)
    assert p95 - p5 == pytest.approx(2 * 11 * 0.1, rel=0.03)


def test_gwp_ranges_where_the_gases_are_not_known_are_an_outer_bound() -> None:
    ch4 = sharp(mass("CH4", "fossil", "0.0500"))
    answer = convert(study(sharp(total("3.27")), ch4, complete=False), gwp_ranges=True, draws=500)
    found = told(answer)
    assert found.climate is not None
    assert not found.climate_tight
    assert {"SF6", "NF3"} <= set(found.unranged)
    assert not {"CO2", "CH4", "N2O"} & set(found.unranged)
    # Methane counts whatever it is worth, and nothing else can count for less than nothing.
    low = points(found.climate.low)
    worth = NormalDist(29.8 * 0.05, 11 * 0.05 / NormalDist().inv_cdf(0.95))
    assert low[0] == pytest.approx(worth.inv_cdf(0.05), rel=0.05)


def test_a_set_without_ranges_says_so() -> None:
    answer = convert(study(total("3.27"), *gases()), "GBT:24067-2024", gwp_ranges=True, draws=10)
    assert told(answer).climate is None
    assert [note.en for note in told(answer).notes] == [
        "no range is described for the factors of the GWP set of the target"
    ]


# Model operations


def balanced(catalogue: Catalogue, **sigma: str) -> Footprint:
    """A kilogram said to be all alternative, of which a tenth is: both burdens in the target's own set."""

    def burden(name: str, value: str) -> Burden:
        made = Quantity.of(value, half="0")
        if name in sigma:
            path = f"mass_balance[0].{name}"
            made = msgspec.structs.replace(
                made, spread=Spread(kind="normal", sigma=Fraction(sigma[name]), path=path)
            )
        return Burden(path=f"mass_balance[0].{name}", co2e=made)

    one = MassBalanced(
        path="mass_balance[0]",
        method="mass-balance.credits",
        conventional=burden("conventional", "2.0"),
        alternative=burden("alternative", "0.5"),
        assigned=Quantity.of("1", half="0"),
        physical=Quantity.of("0.1", half="0"),
    )
    made = study(*(sharp(each) for each in gases()), method={"mass-balance": "credits", "gwp-set": "ar5-28"})
    return msgspec.structs.replace(made, activity=Activity(mass_balanced=(one,)))


def test_activity_data_are_drawn_through_the_model_operations(catalogue: Catalogue) -> None:
    made = balanced(catalogue, conventional="0.2", alternative="0.1")
    answer = convert(made, "EU:PEF-2021", allow="estimated", draws=400)
    plain = crosswalk.convert(balanced(catalogue), to="EU:PEF-2021", allow="estimated")
    assert answer.assumed is not None
    assert plain.assumed is not None
    assert (answer.assumed.low, answer.assumed.high) == (plain.assumed.low, plain.assumed.high)
    found = told(answer).assumed
    assert found is not None
    assert told(answer).guaranteed is None
    assert [one.role for one in told(answer).numbers] == ["drawn", "drawn"]
    # Nine tenths of the difference, at whatever ratio another set may put it: the low end has the ratio 1.
    p5, p50, p95 = points(found.low)
    assert p50 == pytest.approx(plain.assumed.low, abs=0.05)
    deviation = (p95 - p5) / (2 * NormalDist().inv_cdf(0.95))
    assert deviation == pytest.approx(0.9 * math.hypot(0.2, 0.1), rel=0.15)


def test_activity_data_that_enter_no_operation_are_told(catalogue: Catalogue) -> None:
    answer = convert(balanced(catalogue, conventional="0.2"), "ISO:14067-2018", draws=10)
    assert [(one.path, one.role) for one in told(answer).numbers] == [
        ("mass_balance[0].conventional.co2e", "unused")
    ]

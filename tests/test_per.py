"""An answer per another unit, as a person asks for it: in Python, on the command line, in tables."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import crosswalk
from crosswalk.errors import RefusedError
from crosswalk.results import Conversion
from tests.conftest import Run

ROOT = Path(__file__).resolve().parents[1]
SPLIT = ROOT / "examples" / "polyethylene.json"
UNCERTAIN = ROOT / "examples" / "polyethylene-uncertain.json"
HEAT = {"net_calorific_value": {"value": "40.0", "unit": "MJ/kg", "source": "data sheet", "comment": "dry"}}


def payload(**more: Any) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(SPLIT.read_text("utf-8"), parse_float=str)
    return {**given, **more}


def convert(given: Any, **options: Any) -> Conversion:
    return crosswalk.convert(given, to="PACT:3.0", **options)


def fraction(value: float | None) -> Fraction:
    assert value is not None
    return Fraction(Decimal(repr(value)))


def test_the_value_stated_stays_as_the_file_has_it() -> None:
    plain, found = convert(payload()), convert(payload(), per="1 t")
    assert found.source == plain.source
    assert (plain.declared_unit, found.declared_unit) == ("kg", "t")
    assert plain.per_unit is None
    assert found.per_unit is not None
    assert (found.per_unit.asked, found.per_unit.declared, found.per_unit.count) == ("t", "kg", 1000.0)
    assert found.per_unit.by == ()
    assert "3.27 kg CO2e per kg" in repr(found)
    assert "3290.4 kg CO2e per t" in repr(found)


def test_a_property_is_shown_with_its_source() -> None:
    plain, found = convert(payload()), convert(payload(product_properties=HEAT), per="kWh")
    assert found.per_unit is not None
    (used,) = found.per_unit.by
    assert (used.value, used.source, used.comment) == ("40.0 MJ/kg", "data sheet", "dry")
    assert used.path == "product_properties.net_calorific_value"
    low, high = Fraction("3.6") / Fraction("40.05"), Fraction("3.6") / Fraction("39.95")
    assert found.guaranteed.low == float(fraction(plain.guaranteed.low) * low)
    assert found.guaranteed.high == float(fraction(plain.guaranteed.high) * high)
    assert found.value == float(fraction(plain.value) * Fraction("0.09"))
    assert found.class_ == plain.class_ == "exact"
    assert json.loads(json.dumps(found.to_dict()))["per_unit"]["by"][0]["source"] == "data sheet"


def test_what_is_missing_is_an_error_that_names_it() -> None:
    with pytest.raises(RefusedError, match=r"state product_properties\.net_calorific_value \(MJ/kg\)"):
        convert(payload(), per="kWh")


def test_tolerance_and_assertion_are_per_the_unit_asked_for() -> None:
    """The answer is 3.287 to 3.2939 kg CO2e/kg."""
    for against, verdict in (("3290", "proven-within"), ("3400", "proven-outside"), ("3322", "undecided")):
        found = convert(payload(), per="t", tolerance="1%", against=against).within_tolerance
        own = convert(payload(), tolerance="1%", against=str(Decimal(against) / 1000)).within_tolerance
        assert found is not None
        assert own is not None
        assert (found.verdict, own.verdict) == (verdict, verdict)
        assert found.asserted == against
        assert (found.low, found.high) == pytest.approx((float(against) * 0.99, float(against) * 1.01))
    amount = convert(payload(), per="t", tolerance="10", against="3290").within_tolerance
    assert amount is not None
    assert (amount.verdict, amount.low, amount.high) == ("proven-within", 3280.0, 3300.0)


def test_the_value_stated_is_compared_per_the_unit_asked_for() -> None:
    found = convert(payload(product_properties=HEAT), per="kWh", tolerance="1%").within_tolerance
    assert found is not None
    assert (found.stated, found.asserted, found.verdict) == (True, "0.2943", "proven-within")
    assert found.low == pytest.approx(0.2943 * 0.99)


def test_a_rounded_property_may_leave_a_verdict_open() -> None:
    """0.2958 to 0.2965 at 40.0 exactly, and 0.2954 to 0.2969 at 40.0 as printed."""
    exact = {"net_calorific_value": {"value": "40.0", "unit": "MJ/kg", "exact": True}}
    asked = {"per": "kWh", "tolerance": "0.0005", "against": "0.2961"}
    for properties, verdict in ((exact, "proven-within"), (HEAT, "undecided")):
        found = convert(payload(product_properties=properties), **asked).within_tolerance
        assert found is not None
        assert found.verdict == verdict


def test_what_if_moves_per_the_unit_asked_for() -> None:
    plain = convert(payload(total=None), per="t")
    found = plain.what_if({"gases[0].mass": "3.000"})
    assert found.declared_unit == "t"
    assert found.changed is not None
    assert found.changed.before is not None
    assert found.changed.before.value == plain.value
    assert found.changed.moved.low == pytest.approx((found.guaranteed.low or 0) - (plain.guaranteed.low or 0))
    other = plain.what_if({"declared_unit.unit": "t"})
    assert other.value == pytest.approx((plain.value or 0) / 1000)


def test_a_property_can_be_changed_and_put_there() -> None:
    found = convert(
        payload(product_properties=HEAT),
        per="kWh",
        set={"product_properties.net_calorific_value.value": "20.0"},
    )
    assert found.changed is not None
    assert found.changed.before is not None
    assert found.value == pytest.approx(2 * (found.changed.before.value or 0))
    put = convert(payload(), per="kWh", set={"product_properties.net_calorific_value": "20.0 MJ/kg"})
    assert put.value == found.value


def test_a_verdict_flips_at_the_same_input_per_any_unit() -> None:
    given = payload(total=None)
    own = convert(given, tolerance="1%", against="3.3").flip("gases[0].mass")
    found = convert(given, per="t", tolerance="1%", against="3300").flip("gases[0].mass")
    assert (found.turns, found.method) == (own.turns, own.method)
    assert [turn.direction for turn in found.turns] == ["down", "up"]


def test_a_property_does_not_tell_the_answer_from_the_value_stated() -> None:
    """Both are told by the same property, whatever it is."""
    answer = convert(payload(product_properties=HEAT), per="kWh", tolerance="1%")
    assert answer.flip("product_properties.net_calorific_value.value").turns == ()


def test_a_verdict_flips_with_a_property() -> None:
    """Within 1 % of 0.2961 per kWh as long as 3.6 · 3.287 / (h + 0.05) and 3.6 · 3.2939 / (h − 0.05) are."""
    answer = convert(payload(product_properties=HEAT), per="kWh", tolerance="1%", against="0.2961")
    assert answer.within_tolerance is not None
    assert answer.within_tolerance.verdict == "proven-within"
    found = answer.flip("product_properties.net_calorific_value.value", ("30.0", "50.0"))
    turns = {turn.direction: turn.value for turn in found.turns}
    low, high = fraction(convert(payload()).guaranteed.low), fraction(convert(payload()).guaranteed.high)
    limits = Fraction("0.2961") * Fraction("0.99"), Fraction("0.2961") * Fraction("1.01")

    def inside(heat: Fraction) -> bool:
        near, far = Fraction("3.6") / (heat + Fraction("0.05")), Fraction("3.6") / (heat - Fraction("0.05"))
        return limits[0] <= low * near and high * far <= limits[1]

    steps = [Fraction(tenth, 10) for tenth in range(300, 501)]
    held = [heat for heat in steps if inside(heat)]
    assert turns == {
        "up": str(float(max(held) + Fraction(1, 10))),
        "down": str(float(min(held) - Fraction(1, 10))),
    }


def test_draws_are_told_per_the_unit_asked_for() -> None:
    plain, found = (
        crosswalk.convert(UNCERTAIN, to="PACT:3.0", draws=200, seed=3, per=unit).uncertainty
        for unit in ("kg", "t")
    )
    assert plain is not None
    assert found is not None
    assert plain.guaranteed is not None
    assert found.guaranteed is not None
    for end in ("low", "high"):
        one, other = getattr(plain.guaranteed, end), getattr(found.guaranteed, end)
        for point in ("p5", "p50", "p95"):
            assert getattr(other, point) == float(fraction(getattr(one, point)) * 1000)
    assert found.numbers == plain.numbers


def test_a_table_is_told_per_the_unit_asked_for() -> None:
    common = {**payload(), "total": None, "gases": [], "product_properties": HEAT}
    given = pd.DataFrame({"gases.CO2.fossil": ["2.00", "2.10"], "gases.CH4.fossil": ["0.010", "0.020"]})
    found = crosswalk.convert_table(given, to="PACT:3.0", template=common, per="kWh")
    for row, gases in enumerate(given.to_dict("records")):
        listed = [
            {"gas": name.split(".")[1], "origin": "fossil", "mass": value} for name, value in gases.items()
        ]
        one = convert({**common, "gases": listed}, per="kWh").guaranteed
        assert one.low is not None
        assert one.high is not None
        assert found["low"][row] <= one.low
        assert one.high <= found["high"][row]
        assert (found["low"][row], found["high"][row]) == pytest.approx((one.low, one.high), rel=1e-12)
    refused = crosswalk.convert_table(
        given, to="PACT:3.0", template={**common, "product_properties": None}, per="kWh"
    )
    assert set(refused["status"]) == {"refused"}
    assert "product_properties.net_calorific_value" in refused["reason"][0]


def test_the_command_line_says_by_what(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "heat.json"
    file.write_text(json.dumps(payload(product_properties=HEAT)), "utf-8")
    english = run("convert", str(file), "--to", "PACT:3.0", "--per", "1 kWh")
    assert english.code == 0
    for text in (
        "Told per another unit",
        "kg CO2e per kWh",
        "3.27 kg CO2e per kg",
        "40.0 MJ/kg",
        "source: data sheet",
        "dry",
    ):
        assert text in english.out
    chinese = run("convert", str(file), "--to", "PACT:3.0", "--per", "1 千瓦时", "--lang", "zh")
    assert chinese.code == 0
    for text in ("换算为所求单位", "低位发热量", "来源：data sheet"):
        assert text in chinese.out


@pytest.mark.parametrize(
    ("unit", "code", "words"),
    [
        ("furlong", 2, "not on the list"),
        ("0 kg", 2, "not above zero"),
        ("7", 2, "no unit to answer per"),
        ("ton", 2, "may mean different things"),
        ("1 h", 2, "no property of a product"),
        ("kWh", 3, "product_properties.net_calorific_value (MJ/kg)"),
    ],
)
def test_the_command_line_says_what_is_wrong(run: Run, unit: str, code: int, words: str) -> None:
    done = run("convert", str(SPLIT), "--to", "PACT:3.0", "--per", unit)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    chinese = run("convert", str(SPLIT), "--to", "PACT:3.0", "--per", unit, "--lang", "zh")
    assert chinese.code == code
    assert chinese.err != done.err

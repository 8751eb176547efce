"""Inputs changed by path: what is typed lands where it is meant, and nothing else moves."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.errors import CrosswalkError, InputError, UnknownNameError, UsageError
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Footprint
from crosswalk.formats import own
from crosswalk.formats._edit import change, parse_path, parse_setting
from crosswalk.formats._edited import Edited, edited
from crosswalk.formats._shape import Shape, of_format, of_schema
from crosswalk.knowledge.catalogue import Catalogue
from tests.formats.conftest import places
from tests.formats.test_any_input import PACT
from tests.formats.test_catenax import PRODUCTION, V9

ROOT = Path(__file__).resolve().parents[2]
OWN = json.loads((ROOT / "examples" / "polyethylene.json").read_text("utf-8"))
SHAPE = of_schema(own.schema())


def dig(payload: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        payload = payload[step]
    return payload


def one(payload: Any, changes: dict[str, Any], catalogue: Catalogue) -> Edited:
    found = edited(payload, "payload", changes, catalogue)
    assert len(found) == 1
    return found[0]


def after(payload: Any, changes: dict[str, Any], catalogue: Catalogue) -> Footprint:
    found = one(payload, changes, catalogue).after
    assert isinstance(found, Footprint), found
    return found


def stated(footprint: Footprint, path: str) -> tuple[Fraction, Fraction]:
    quantity = next(d.quantity for d in footprint.disclosures if d.path == path)
    return quantity.value, quantity.half


# Paths and values


@pytest.mark.parametrize("text", ["", ".", "a..b", "a.", "[0].a", "a[x]", "a[", "a]b", "a[0", "a[-1]", ".a"])
def test_a_path_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_path(text)
    assert caught.value.code == "set-syntax"


@pytest.mark.parametrize("text", ["total", "=3", " =3", ""])
def test_a_setting_without_path_or_value_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="PATH=VALUE"):
        parse_setting(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.10", Decimal("3.10")),
        ("3", 3),
        ("-0.5", Decimal("-0.5")),
        ("true", True),
        ("null", None),
        ('"5"', "5"),
        ('["a", 1.0]', ["a", Decimal("1.0")]),
        ("ar6-t715", "ar6-t715"),
        ("GB/T 24067 = a", "GB/T 24067 = a"),
        ("NaN", "NaN"),
        ("", ""),
        ("3.1±0", "3.1±0"),
        ("{broken", "{broken"),
    ],
)
def test_a_value_is_json_or_a_text(text: str, value: Any) -> None:
    found = parse_setting(f"total={text}")[1]
    assert found == value
    assert type(found) is type(value)
    assert str(found) == str(value)


@pytest.mark.parametrize(
    ("typed", "value", "half"),
    [
        ("3.10", "3.10", "0.005"),
        (Decimal("3.1"), "3.1", "0.05"),
        (3, "3", "0.5"),
        ("3.10±0", "3.10", "0"),
        ("3.10 ± 0.2", "3.10", "0.2"),
        ("3.10+-1e-1", "3.10", "0.1"),
    ],
)
def test_digits_count_unless_half_the_width_is_typed(
    typed: Any, value: str, half: str, catalogue: Catalogue
) -> None:
    found = after({**OWN, "gases_complete": False, "gases": []}, {"total": typed}, catalogue)
    assert stated(found, "total") == (Fraction(value), Fraction(half))


def test_half_a_width_below_zero_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match="cannot be below 0"):
        one(OWN, {"total": "3±-1"}, catalogue)


# Where a value lands


@settings(max_examples=150)
@given(st.sampled_from(places(OWN)), st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_only_the_place_that_is_meant_moves(path: tuple[Any, ...], value: Decimal) -> None:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
    before = copy.deepcopy(OWN)
    if isinstance(dig(OWN, path), dict) and not isinstance(path[-1], int):
        with pytest.raises(InputError) as caught:
            change(OWN, text, value, SHAPE)
        assert caught.value.code == "set-object"
        return
    made, changes = change(OWN, text, value, SHAPE)
    assert before == OWN
    assert [c.path for c in changes] == [text]
    assert dig(made, path) == value
    target = dig(made, path[:-1])
    target[path[-1]] = dig(OWN, path)
    assert made == OWN


def test_a_list_without_a_number_means_every_entry() -> None:
    made, changes = change(OWN, "gases.mass", "1.0", SHAPE)
    assert [gas["mass"] for gas in made["gases"]] == ["1.0"] * 3
    assert [(c.path, c.before) for c in changes] == [
        ("gases[0].mass", "2.949"),
        ("gases[1].mass", "0.0110"),
        ("gases[2].mass", "0.00005"),
    ]


def test_a_number_with_a_unit_keeps_it_and_loses_its_old_rounding() -> None:
    payload = {"a": [{"amount": {"value": "5", "unit": "kWh", "plus_minus": "1", "exact": True}}]}
    made, changes = change(payload, "a.amount", Decimal("7.50"), None)
    assert made == {"a": [{"amount": {"value": Decimal("7.50"), "unit": "kWh"}}]}
    assert changes == [("a[0].amount.value", "5 kWh", "7.50 kWh")]
    made, _ = change(payload, "a[0].amount.unit", "MJ", None)
    assert made["a"][0]["amount"] == {**payload["a"][0]["amount"], "unit": "MJ"}


@pytest.mark.parametrize(
    ("before", "typed", "after", "told"),
    [
        ("0.58 kg CO2e/kWh", Decimal("0.5777"), "0.5777 kg CO2e/kWh", "0.5777 kg CO2e/kWh"),
        ("0.58 kg CO2e/kWh", "0.5777", "0.5777 kg CO2e/kWh", "0.5777 kg CO2e/kWh"),
        ("0.58 kg CO2e/kWh", "600 g CO2e/kWh", "600 g CO2e/kWh", "600 g CO2e/kWh"),
        (
            {"value": "0.58", "unit": "kg CO2e/kWh", "scope": "life-cycle", "plus_minus": "0.1"},
            "600 g CO2e/kWh",
            {"value": "600", "unit": "g CO2e/kWh", "scope": "life-cycle"},
            "600 g CO2e/kWh",
        ),
        (
            "0.58 kg CO2e/kWh",
            "0.5777±0",
            {"value": Quantity.of("0.5777", "0"), "unit": "kg CO2e/kWh"},
            "0.5777 ± 0 kg CO2e/kWh",
        ),
        (
            {"value": "0.58", "unit": "kg CO2e/kWh"},
            "0.6±0.01 kg CO2e/kWh",
            {"value": Quantity.of("0.6", "0.01"), "unit": "kg CO2e/kWh"},
            "0.6 ± 0.01 kg CO2e/kWh",
        ),
    ],
)
def test_a_number_beside_a_unit_keeps_it_unless_another_is_typed(
    before: Any, typed: Any, after: Any, told: str
) -> None:
    made, changes = change({"factor": before}, "factor", typed, None)
    assert made == {"factor": after}
    assert changes[0].after == told


def test_a_number_becomes_an_object_where_its_member_is_set() -> None:
    made, changes = change({"total": "3.27"}, "total.plus_minus", "0.1", SHAPE)
    assert made == {"total": {"value": "3.27", "plus_minus": "0.1"}}
    assert changes == [("total.plus_minus", None, "0.1")]


def test_what_is_missing_and_legal_is_added() -> None:
    made, changes = change({}, "lines.electricity", "0.5", SHAPE)
    assert made == {"lines": {"electricity": "0.5"}}
    assert changes == [("lines.electricity", None, "0.5")]
    made, _ = change(made, "gases[0].gas", "CH4", SHAPE)
    made, _ = change(made, "gases[0].mass", "0.1", SHAPE)
    made, _ = change(made, "gases[1].gas", "N2O", SHAPE)
    assert made["gases"] == [{"gas": "CH4", "mass": "0.1"}, {"gas": "N2O"}]


def test_null_takes_away_and_is_nothing_where_there_is_nothing() -> None:
    assert change(OWN, "gases[1]", None, SHAPE)[0]["gases"] == [OWN["gases"][0], OWN["gases"][2]]
    assert "total" not in change(OWN, "total", None, SHAPE)[0]
    for path in ("lines.electricity", "gases[3].mass", "gases[3]"):
        assert change(OWN, path, None, SHAPE)[1] == []


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("totl", "total"),
        ("gases.mas", "gases.mass"),
        ("gases[0].orgin", "gases.origin"),
        ("lines.eletricity", "lines.electricity"),
        ("electricity_line", "lines.electricity"),
        ("carbon.biogenic", "carbon.biogenic_content"),
        ("declared_unit.amont", "declared_unit.amount"),
        ("total.mass", "total"),
        ("product.name.fr", "product.name"),
        ("gases[0].mass[0]", "gases.mass"),
    ],
)
def test_an_unknown_path_names_near_ones(path: str, near: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        change(OWN, path, "1.0", SHAPE)
    assert caught.value.code == "set-path"
    assert near in caught.value.values["near"]
    for lang in ("en", "zh"):
        assert path in caught.value.message(lang)


@pytest.mark.parametrize(
    ("payload", "path", "code"),
    [
        (OWN, "gases[4].mass", "set-entry"),
        (OWN, "gases[999999].mass", "set-entry"),
        ({**OWN, "gases": []}, "gases.mass", "set-none-listed"),
        ({"total": "1"}, "gases.mass", "set-none-listed"),
    ],
)
def test_an_entry_that_is_not_there(payload: Any, path: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        change(payload, path, "1.0", SHAPE)
    assert caught.value.code == code


# Formats


def test_a_pact_property_keeps_its_rounding_rules(catalogue: Catalogue) -> None:
    path = "pcf.pcfExcludingBiogenicUptake"
    found = after(PACT, {path: "1.900"}, catalogue)
    assert stated(found, path) == (Fraction("1.9"), Fraction("0.0005"))
    found = after(PACT, {path: "1.9±0", "pcf.exemptedEmissionsPercent": "2±0"}, catalogue)
    assert stated(found, path) == (Fraction("1.9"), 0)
    assert found.exempted is not None
    assert (found.exempted.value, found.exempted.half) == (Fraction("0.02"), 0)


def test_a_pact_property_is_added_in_its_place(catalogue: Catalogue) -> None:
    found = after(PACT, {"pcf.landUseChangeGhgEmissions": "0.1"}, catalogue)
    assert stated(found, "pcf.landUseChangeGhgEmissions")[0] == Fraction("0.1")
    for slip in ("landUseChangeGhgEmissions", "pcf.landUseChangeEmissions"):
        with pytest.raises(UnknownNameError) as caught:
            one(PACT, {slip: "0.1"}, catalogue)
        assert "pcf.landUseChangeGhgEmissions" in caught.value.values["near"]


def test_an_envelope_is_looked_through(catalogue: Catalogue) -> None:
    other = copy.deepcopy(PACT)
    other["pcf"]["pcfExcludingBiogenicUptake"] = "7.0"
    found = edited({"data": [PACT, other]}, "x.json", {"pcf.pcfExcludingBiogenicUptake": "2.0"}, catalogue)
    path = "pcf.pcfExcludingBiogenicUptake"
    assert [stated(e.after, path)[0] for e in found if isinstance(e.after, Footprint)] == [2, 2]
    assert [e.changes[0].before for e in found] == ["1.85", "7.0"]


def test_catena_x_lists_of_one_are_opened_and_made(catalogue: Catalogue) -> None:
    path = f"{PRODUCTION}.fossilGhgEmissions"
    for written in (path, path.replace("[0]", "")):
        found = one(V9, {written: "0.50±0"}, catalogue)
        assert isinstance(found.after, Footprint)
        assert stated(found.after, path) == (Fraction("0.5"), 0)
        assert found.changes[0].path == path
    added = "productLifeCycleStagesAndEmissions.distributionStage.distributionStagePcfExcludingBiogenicUptake"
    payload = copy.deepcopy(V9)
    payload["productLifeCycleStagesAndEmissions"][0].pop("distributionStage", None)
    made = after(payload, {added: "0.25"}, catalogue)
    assert any(d.path.replace("[0]", "") == added and d.quantity.text == "0.25" for d in made.disclosures)


def test_a_format_found_by_search_changes_what_it_holds(catalogue: Catalogue) -> None:
    from tests.formats.test_ilcd_epd import A2, EF31

    result = {
        "referenceToLCIAMethodDataSet": {"refObjectId": EF31["gwp-total"]},
        "other": {"anies": [{"module": "A1-A3", "value": "3.00"}, {"module": "C4", "value": "0.1"}]},
    }
    assert of_format(catalogue.formats["EN15804-A2"]) is None
    shape = _shape_of({"LCIAResults": {"LCIAResult": [result]}})
    path = "LCIAResults.LCIAResult[0].other.anies[0].value"
    made, changes = change(shape, path, "3.50±0", None)
    assert dig(made, ("LCIAResults", "LCIAResult", 0, "other", "anies", 0, "value")) == Quantity.of(
        "3.50", "0"
    )
    assert changes == [(path, "3.00", "3.50 ± 0")]
    with pytest.raises(UnknownNameError):
        change(shape, "LCIAResults.LCIAResult[0].other.anies[0].scenario", A2, None)


def _shape_of(payload: dict[str, Any]) -> dict[str, Any]:
    return {"processInformation": {}, **payload}


@pytest.mark.parametrize("folder", ["pact", "catena-x", "ilcd-epd-json"])
def test_published_files_can_be_changed(folder: str, samples: Path, catalogue: Catalogue) -> None:
    """Every value a published file discloses can be changed at the path it was read from."""
    tried = 0
    for file in sorted((samples.parent / folder).rglob("*.json")):
        try:
            payload = json.loads(file.read_text("utf-8"), parse_float=Decimal)
            footprints = [e.before for e in edited(payload, file.name, {}, catalogue)]
        except (CrosswalkError, ValueError):
            continue
        if len(footprints) != 1 or not isinstance(footprints[0], Footprint):
            continue
        for disclosure in footprints[0].disclosures:
            if disclosure.path.endswith("A1+A2+A3"):
                continue
            given = disclosure.quantity.text
            found = edited(payload, file.name, {disclosure.path: f"{given}±0"}, catalogue)
            assert isinstance(found[0].after, Footprint)
            assert stated(found[0].after, disclosure.path) == (disclosure.quantity.value, 0)
            tried += 1
    assert tried > 3


def test_what_could_not_be_read_can_be_mended(catalogue: Catalogue) -> None:
    broken = {name: value for name, value in OWN.items() if name != "declared_unit"}
    found = one(broken, {"declared_unit.unit": "kg"}, catalogue)
    assert isinstance(found.before, CrosswalkError)
    assert isinstance(found.after, Footprint)
    headless = copy.deepcopy(PACT)
    del headless["pcf"]["pcfExcludingBiogenicUptake"]
    found = one(headless, {"pcf.pcfExcludingBiogenicUptake": "2.0"}, catalogue)
    assert isinstance(found.before, CrosswalkError)
    assert isinstance(found.after, Footprint)


def test_one_bad_footprint_of_a_list_costs_only_itself(catalogue: Catalogue) -> None:
    found = edited([OWN, {**OWN, "total": "x"}], "x.json", {"gases[0].mass": "2.95"}, catalogue)
    assert [isinstance(e.after, Footprint) for e in found] == [True, False]
    assert [len(e.changes) for e in found] == [1, 1]


def test_shapes_know_free_names_and_patterns() -> None:
    assert SHAPE.below("x-note") is not None
    assert SHAPE.below("note") is None
    documents = SHAPE.below("documents")
    assert documents is not None
    assert documents.below("whatever") is not None
    assert Shape().below("a") is None


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        ["total", "gases.mass", "gases[0]", "method", "method.gwp-set", "absent", "lines.fossil"]
    ),
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.lists(st.text(max_size=3), max_size=2)
    | st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)
def test_whatever_is_typed_is_read_or_refused_in_one_line(path: str, value: Any) -> None:
    from crosswalk.knowledge.load import load

    try:
        found = edited(OWN, "payload", {path: value}, load())[0].after
    except CrosswalkError as error:
        found = error
    if isinstance(found, CrosswalkError):
        assert all("\n" not in found.message(lang) for lang in ("en", "zh"))

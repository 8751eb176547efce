"""Look-ups: the most specific factor, the ladder told, and no kind ever taken for another."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.errors import CrosswalkError, InputError, RefusedError, UnknownNameError, UsageError
from crosswalk.factors.load import load_factors
from crosswalk.factors.lookup import Request, factor, look_up
from tests.factors.conftest import GOOD

Write = Callable[..., Path]
BASE = load_factors()
CO2, LIFE = "electricity-co2-emission-factor", "electricity-carbon-footprint-factor"


def test_a_province_has_its_own() -> None:
    found = factor(CO2, place="CN-SD", year=2023)
    assert (found.value, found.unit, found.gas, found.gwp_set) == (0.6191, "kg CO2/kWh", "CO2", "")
    assert (found.place, found.year, found.evidence, found.provisional) == ("CN-SD", 2023, "read", False)
    assert (found.clause, found.boundary) == ("Table 3", "generation")
    assert [rung.found for rung in found.rungs] == [True]
    assert {one.year for one in found.alternatives if one.place == "CN-SD"} == {2021, 2022}
    assert {one.place for one in found.alternatives} == {"CN-SD", "CN-grid-north", "CN"}


def test_a_life_cycle_factor_is_borrowed_from_the_nation_and_says_so() -> None:
    found = factor(LIFE, place="CN-SD", year=2023)
    assert (found.value, found.gas, found.gwp_set, found.place) == (0.6205, "CO2e", "unknown", "CN")
    assert [(rung.places, rung.found) for rung in found.rungs] == [
        (("CN-SD",), False),
        (("CN-grid-north",), False),
        (("CN",), True),
    ]
    assert "another quantity, never a substitute" in found.rungs[0].reason.en
    assert "绝不可替代" in found.rungs[0].reason.zh
    assert found.asked_place == "CN-SD"


def test_a_place_without_factor_climbs_to_its_grid() -> None:
    found = factor(CO2, place="西藏", year=2023)
    assert (found.value, found.place) == (0.2472, "CN-grid-southwest")
    assert [rung.reason.en for rung in found.rungs] == ["nothing of this subject", "2023 is given"]


def test_a_place_in_two_grids_does_not_choose_one(table: Write) -> None:
    found = factor("heat:co2", place="CN-NM")
    assert found.rungs[1].places == ("CN-grid-north", "CN-grid-northeast")
    rows = [
        GOOD.replace("CN-SD", f"CN-grid-{grid}").replace("mine.1", grid) for grid in ("north", "northeast")
    ]
    ghg = [row.replace(CO2, "electricity-ghg-emission-factor").replace("kg CO2/", "kg CO2e/") for row in rows]
    with pytest.raises(RefusedError) as caught:
        factor("electricity:ghg", place="CN-NM", tables=[table(*ghg)])
    assert "CN-grid-north" in str(caught.value)


@pytest.mark.parametrize(
    ("year", "fallback", "found", "words"),
    [
        (2022, "earlier", 2022, "2022 is given"),
        (2026, "earlier", 2023, "nothing for 2026; 2023 is the latest before it"),
        (None, "earlier", 2023, "no year asked; 2023 is the latest"),
        (2019, "nearest", 2021, "nothing for 2019; 2021 is the nearest"),
        (2026, "nearest", 2023, "nothing for 2026; 2023 is the nearest"),
    ],
)
def test_years_fall_back_by_the_rule_and_say_so(
    year: int | None, fallback: Any, found: int, words: str
) -> None:
    answer = factor(CO2, place="CN-SD", year=year, year_fallback=fallback)
    assert (answer.year, answer.asked_year) == (found, year)
    assert answer.rungs[-1].reason.en == words


@pytest.mark.parametrize(("year", "fallback"), [(2019, "earlier"), (2019, "none"), (2026, "none")])
def test_no_year_is_made_up(year: int, fallback: Any) -> None:
    with pytest.raises(RefusedError) as caught:
        factor(CO2, place="CN-SD", year=year, year_fallback=fallback)
    assert "2021, 2022, 2023" in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_factor_not_yet_in_force_is_not_used() -> None:
    assert factor("heat:co2", place="CN", year=2026).code == "cn.heat.default.gbt-32150-2025"
    assert factor("heat:co2", place="CN", year=2025).code == "cn.heat.default.gbt-32151.34-2024"


def test_several_that_differ_are_listed_and_none_is_chosen() -> None:
    with pytest.raises(UsageError) as caught:
        factor("fuels:co2", place="CN", subject="柴油")
    for part in ("GBT-32151.34-2024", "NDRC-steel", "NCSC-v2", "3.171 t CO2/t", "series"):
        assert part in str(caught.value)
    chosen = factor("fuels:co2", place="CN", subject="柴油", series="GBT-32151.34-2024")
    assert chosen.value == 3.09591
    assert any(one.series == "NCSC-v2" for one in chosen.alternatives)


def test_several_that_agree_are_one() -> None:
    assert factor("fuels:oxidation", place="CN", subject="gasoline").value == 0.98


def test_an_exact_year_of_one_series_does_not_decide_between_series() -> None:
    with pytest.raises(UsageError, match="NCSC-v2"):
        factor("fuels:co2", place="CN", subject="diesel", year=2026)


def test_boundaries_are_not_chosen_by_guess() -> None:
    with pytest.raises(UsageError) as caught:
        factor("products:cbam", place="CN", subject="ammonia")
    assert "boundary" in str(caught.value)
    found = factor("products:cbam", place="IN", subject="ammonia", boundary="cbam-total")
    assert (found.value, found.place) == (3.13, "001")


def test_weak_rows_only_when_asked_for() -> None:
    with pytest.raises(RefusedError) as caught:
        factor(CO2, place="JP", year=2023)
    assert "jp.2023" in str(caught.value)
    found = factor(CO2, place="JP", year=2023, weak=True)
    assert (found.value, found.evidence, found.provisional) == (0.423, "memory", True)


def test_a_refusal_names_what_there_is() -> None:
    with pytest.raises(RefusedError) as caught:
        factor(LIFE, place="DE", year=2023)
    for part in ("Germany", "known for CN", "[intensity]", "never a substitute"):
        assert part in str(caught.value)
    assert "德国" in caught.value.message("zh")


def test_the_answer_comes_in_the_unit_asked_for() -> None:
    found = factor(LIFE, place="CN", year=2024, unit="g CO2e/MJ")
    assert found.value == pytest.approx(577.7 / 3.6, rel=1e-12)
    assert (found.unit, found.printed) == ("g CO2e/MJ", "0.5777 kg CO2e/kWh")
    bounded = factor("fuels:ncv", place="001", subject="diesel", unit="MJ/kg")
    assert (bounded.low, bounded.value, bounded.high) == (41.4, 43.0, 43.3)


@pytest.mark.parametrize("unit", ["kg CO2/kWh", "kg CO2e/t", "kg/kWh", "kWh"])
def test_no_unit_turns_one_quantity_into_another(unit: str) -> None:
    with pytest.raises(InputError):
        factor(LIFE, place="CN", year=2024, unit=unit)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"kind": "electricity"}, UnknownNameError),
        ({"kind": "electricity:lifecycles"}, UnknownNameError),
        ({"place": "Atlantis"}, UnknownNameError),
        ({"place": ""}, UnknownNameError),
        ({"subject": "moonlight"}, UnknownNameError),
        ({"series": "nobody"}, UnknownNameError),
        ({"boundary": "life-cycle"}, UnknownNameError),
        ({"year": 23}, UsageError),
        ({"year_fallback": "later"}, UsageError),
        ({"kind": "net-calorific-value"}, UsageError),
    ],
)
def test_what_is_not_known_is_an_error_that_helps(asked: dict[str, Any], error: type[CrosswalkError]) -> None:
    with pytest.raises(error) as caught:
        factor(**{"kind": CO2, "place": "CN", **asked})
    assert ";" in caught.value.message("en") or ":" in caught.value.message("en")
    assert caught.value.message("zh")


def test_names_in_both_languages_lead_to_the_same() -> None:
    codes = {
        factor(CO2, place=name, year=2023).code for name in ("CN-SD", "cn-sd", "Shandong", "山东", "山东省")
    }
    assert codes == {"cn.electricity.co2.2023.SD"}
    kinds = (LIFE, "electricity:life-cycle", "电力碳足迹因子", "carbon footprint factor of electricity")
    assert {factor(kind, place="CN", year=2024).value for kind in kinds} == {0.5777}


FOOTPRINTS = {one.number for one in BASE.factors if one.series == "MEE-footprint"}
DIRECT = {one.number for one in BASE.factors if one.series in ("MEE-CO2", "MEE-ETS")}


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([code for code in BASE.places if code.startswith("CN") or code in ("001", "DE", "EU")]),
    st.one_of(st.none(), st.integers(2015, 2030)),
    st.sampled_from(["earlier", "nearest", "none"]),
    st.booleans(),
    st.sampled_from(sorted(BASE.kinds)),
)
def test_no_kind_is_ever_answered_with_another(
    place: str, year: int | None, fallback: Any, weak: bool, kind: str
) -> None:
    try:
        found = look_up(Request(kind=kind, place=place, year=year, year_fallback=fallback, weak=weak), BASE)
    except CrosswalkError:
        return
    assert found.kind == kind
    row = next(one for one in BASE.factors if one.code == found.code)
    assert row.kind == kind
    if found.gas == "CO2":
        assert not kind.startswith("electricity") or row.number not in FOOTPRINTS
    if kind == LIFE:
        assert found.gas == "CO2e"
        assert row.number not in DIRECT


def test_the_two_families_share_no_number() -> None:
    assert not FOOTPRINTS & DIRECT
    assert {float(one) for one in FOOTPRINTS} >= {0.6205, 0.5777}
    assert 0.5306 in {float(one) for one in DIRECT}


def test_own_tables_go_first_on_each_rung(table: Write) -> None:
    path = table(GOOD)
    found = factor(CO2, place="CN-SD", year=2023, tables=[path])
    assert (found.value, found.series, found.table) == (0.6, "mine", f"{path}:2")
    assert any(one.code == "cn.electricity.co2.2023.SD" for one in found.alternatives)
    assert factor(CO2, place="CN-SD", year=2022, tables=[path]).value == 0.641
    assert factor(CO2, place="CN-SD", year=2025, tables=[path]).value == 0.6
    assert factor(CO2, place="CN-SD", year=2023).value == 0.6191


def test_a_bad_row_of_ones_own_is_told_with_the_answer(table: Write) -> None:
    found = factor(CO2, place="CN-SD", year=2023, tables=[table(GOOD.replace("0.6,", "x,", 1))])
    assert found.value == 0.6191
    assert [fault.column for fault in found.faults] == ["value"]


def test_plain_data_and_text() -> None:
    import json

    found = factor(CO2, place="CN-SD", year=2023)
    assert json.loads(json.dumps(found.to_dict()))["rungs"][0]["found"] is True
    assert str(found).startswith("0.6191 kg CO2/kWh")


def test_a_folder_of_knowledge_adds_places_and_tables(tmp_path: Path) -> None:
    (tmp_path / "factors" / "tables").mkdir(parents=True)
    (tmp_path / "places.ttl").write_text(
        """@prefix cw: <https://w3id.org/carbon-crosswalk/vocab#> .
        @prefix place: <https://w3id.org/carbon-crosswalk/place/> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        place:site-1 a cw:Place ; skos:notation "site-1" ; skos:broader place:CN-SD ;
            skos:prefLabel "Our site"@en, "本厂"@zh .""",
        encoding="utf-8",
    )
    header = "code,quantity_kind,place,year,value,unit,source,boundary"
    row = f"site.1,{CO2},本厂,2024,0.5,kg CO2/kWh,meter,generation"
    (tmp_path / "factors" / "tables" / "site.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    found = factor(CO2, place="site-1", year=2024, knowledge=[tmp_path])
    assert (found.value, found.series) == (0.5, "site")
    assert factor(CO2, place="site-1", year=2023, knowledge=[tmp_path]).place == "CN-SD"

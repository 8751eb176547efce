"""What the regimes say: how much of it, how it is known, and facts that others have published."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from crosswalk.comparison import compare
from crosswalk.convert import convert
from crosswalk.footprint import names
from crosswalk.formats import read
from crosswalk.knowledge.catalogue import Catalogue, Requirement
from crosswalk.knowledge.load import load
from crosswalk.knowledge.records import FIRM

DESCRIBED = {
    "ATIEL-UEIL:1.2",
    "BSI:PAS2050-2011",
    "CAB:0078-2020",
    "CATENAX:3",
    "CATENAX:4",
    "CPCIF:0391-2024",
    "CPCIF:0466-2025",
    "CPCIF:0467-2025",
    "CPCIF:0468-2025",
    "CSPCI:70021-2025",
    "EN:15804-A1",
    "EN:15804-A2",
    "EU:CBAM-2023-1773",
    "EU:CBAM-2025-2547",
    "EU:CFB",
    "EU:PEF-2021",
    "GBT:24067-2024",
    "GHGP:PRODUCT-2011",
    "ISO:14040-44",
    "ISO:14067-2018",
    "ISO:21930-2017",
    "PACT:2.3",
    "PACT:3.0",
    "TFS:2.1",
    "TFS:3.0",
}
CHILDREN = {code for code in DESCRIBED if code.startswith(("CPCIF", "CSPCI"))}

#: Annex A 4 of the Catena-X rulebook: topic, dimension, chapter of TfS, chapter of Catena-X.
PUBLISHED = [
    ("economic factor", "price-averaging", "5.2.9.3", "5.1.2"),
    ("waste to energy", "waste-to-energy", "5.2.8.4", "5.2.4"),
    ("recycling", "recycling", "5.2.8.4", "5.2.5"),
    ("substitution", "substitution", "5.2.9.1", "5.1.2"),
    ("chain of custody", "mass-balance", "4.6.7", "5.2.7"),
    ("temporal", "change-trigger", "5.2.2", "7.2.2"),
]


@lru_cache(maxsize=1)
def known() -> Catalogue:
    return load()


def every_requirement() -> list[Requirement]:
    return [one for regime in known().regimes.values() for one in regime.requirements.values()]


def asked(regime: str, dimension: str) -> Requirement:
    return known().regimes[regime].requirements[dimension]


def options(regime: str, dimension: str) -> set[str]:
    return {code.removeprefix(f"{dimension}.") for code in asked(regime, dimension).permits}


### Coverage


def test_the_regimes_that_are_described() -> None:
    assert set(known().regimes) >= DESCRIBED
    assert len(every_requirement()) >= 600


def test_every_requirement_says_where_it_comes_from() -> None:
    sources = known().sources
    for one in every_requirement():
        assert one.statement.clause, one.statement.iri
        assert one.statement.sources, one.statement.iri
        assert set(one.statement.sources) <= set(sources), one.statement.iri
        assert one.statement.note is not None, one.statement.iri


def test_what_is_from_memory_or_inferred_cites_no_text_as_read() -> None:
    for one in every_requirement():
        if set(one.statement.sources) <= {"MEMORY", "INFERENCE"}:
            assert one.statement.evidence not in FIRM, one.statement.iri


@pytest.mark.parametrize("code", sorted(DESCRIBED))
def test_every_dimension_is_answered_or_said_to_be_unknown(code: str) -> None:
    regime = known().regimes[code]
    assert set(regime.requirements) == set(known().dimensions)
    for one in regime.requirements.values():
        if not one.permits:
            assert (one.modality, one.statement.evidence) == ("unknown", "unknown"), one.statement.iri


def test_every_row_of_the_dimension_matrix_has_one_dimension() -> None:
    rows = [one.row for one in known().dimensions.values() if one.row]
    assert sorted(rows) == [f"D{number:02}" for number in range(1, 50)]


def test_numbers_of_years_are_no_shares() -> None:
    for one in every_requirement():
        if one.dimension in ("validity", "data-age", "price-averaging"):
            assert one.limit is None, one.statement.iri


### TfS to Catena-X: the rows that were published


@pytest.mark.parametrize(
    ("topic", "dimension", "first", "second"), PUBLISHED, ids=[row[0] for row in PUBLISHED]
)
def test_a_published_row_is_a_difference(topic: str, dimension: str, first: str, second: str) -> None:
    found = {one.dimension: one for one in compare("TFS:3.0", "CATENAX:4").differences}[dimension]
    assert found.relation in ("wider", "disjoint")
    clauses = {cited.about.partition(" ")[0]: cited for cited in found.clauses}
    assert first in clauses["TFS:3.0"].clause.split("; ")
    assert second in clauses["CATENAX:4"].clause.split("; ")
    for cited in found.clauses:
        assert cited.evidence in FIRM
        assert cited.note is not None
        assert "Annex A 4" in cited.note.en


def test_differences_with_both_clauses_known_are_those_published_and_two_more() -> None:
    """Validity belongs to the temporal row; removals have no position in Catena-X, which no row says."""
    found = [
        one.dimension
        for one in compare("TFS:3.0", "CATENAX:4").differences
        if len(one.clauses) == 2 and all(cited.clause != "unknown" for cited in one.clauses)
    ]
    assert set(found) == {row[1] for row in PUBLISHED} | {"validity", "ccs"}


def test_what_was_closed_by_tfs_3_differs_from_tfs_2() -> None:
    assert (asked("TFS:3.0", "cut-off").limit, asked("CATENAX:4", "cut-off").limit) == ("0.03", "0.03")
    assert asked("TFS:2.1", "cut-off").limit is None


### Numbers


def test_a_cut_off_is_a_limit_only_where_it_is_a_share_of_the_footprint() -> None:
    limits = {code: one.requirements["cut-off"].limit for code, one in known().regimes.items()}
    assert {code: limit for code, limit in limits.items() if limit} == {
        "BSI:PAS2050-2011": "0.05",
        "CATENAX:3": "0.03",
        "CATENAX:4": "0.03",
        "PACT:2.3": "0.05",
        "PACT:3.0": "0.05",
        "TFS:3.0": "0.03",
    }
    for code in ("TFS:2.1", "EU:PEF-2021", "EN:15804-A1", "EN:15804-A2", "ISO:21930-2017"):
        note = asked(code, "cut-off").statement.note
        assert note is not None
        assert "no limit" in note.en


@pytest.mark.parametrize(
    ("code", "limit"),
    [
        ("PACT:3.0", "0.10"),
        ("TFS:3.0", "0.20"),
        ("CATENAX:4", "0.10"),
        ("CATENAX:3", "0.05"),
        ("BSI:PAS2050-2011", "0.10"),
    ],
)
def test_the_change_that_calls_for_a_new_value(code: str, limit: str) -> None:
    assert asked(code, "change-trigger").limit == limit


def test_a_stricter_trigger_meets_a_laxer_one() -> None:
    assert options("CATENAX:4", "change-trigger") < options("TFS:3.0", "change-trigger")


def test_years_of_validity() -> None:
    found = dict(
        ask(
            "SELECT ?code ?years WHERE { ?q a cw:Requirement ; cw:dimension dim:validity ;"
            " cw:regime/skos:notation ?code ; cw:years ?years }"
        )
    )
    assert found == {
        "ATIEL-UEIL:1.2": "5",
        "BSI:PAS2050-2011": "2",
        "EN:15804-A1": "5",
        "EN:15804-A2": "5",
        "EU:CBAM-2023-1773": "1",
        "EU:CBAM-2025-2547": "1",
        "EU:PEF-2021": "3",
        "ISO:21930-2017": "5",
        "PACT:2.3": "3",
        "PACT:3.0": "3",
        "TFS:3.0": "3",
        "TFS:2.1": "3",
    }


def test_sets_of_gwps() -> None:
    assert options("EU:PEF-2021", "gwp-set") == {"ef-3.0", "ef-3.0-unrounded", "ef-3.1"}
    assert options("EN:15804-A2", "gwp-set") == {"ef-3.0", "ef-3.0-unrounded", "ef-3.1"}
    assert options("CATENAX:4", "gwp-set") == {"ar6-t715"}
    assert options("EU:CBAM-2025-2547", "gwp-set") == {"ar5-28"}


def test_biogenic_carbon() -> None:
    assert options("EU:PEF-2021", "biogenic-co2") == {"zero-zero"}
    assert options("EN:15804-A2", "biogenic-co2") == {"minus1-plus1"}
    assert options("EN:15804-A2", "biogenic-methane") == {"fossil"}
    for code in ("TFS:3.0", "CATENAX:3", "CATENAX:4"):
        assert options(code, "biogenic-co2") == {"product-uptake", "zero-zero"}
    assert asked("CATENAX:4", "biogenic-co2").prefers == "biogenic-co2.product-uptake"
    assert asked("CATENAX:3", "biogenic-co2").prefers == "biogenic-co2.zero-zero"


### What succeeds what


@lru_cache(maxsize=1)
def graph() -> Any:
    from crosswalk.knowledge.graph import from_index
    from crosswalk.knowledge.index import build
    from crosswalk.knowledge.load import knowledge_documents

    wanted = ("regimes/", "dimensions/")
    return from_index(build([d for d in knowledge_documents(()) if any(w in d.name for w in wanted)]))


def ask(query: str) -> list[tuple[str, ...]]:
    base = "https://w3id.org/carbon-crosswalk/"
    prefixes = (
        f"PREFIX cw: <{base}vocab#> PREFIX dim: <{base}dimension#> "
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    )
    return sorted(tuple(str(value) for value in row) for row in graph().query(prefixes + query))


def test_supersession() -> None:
    found = ask(
        "SELECT ?old ?new ?date WHERE { ?s a cw:DatedStatement ; cw:event 'superseded' ;"
        " cw:about/skos:notation ?old ; cw:by/skos:notation ?new ; cw:value ?date }"
    )
    assert found == [
        ("CATENAX:3", "CATENAX:4", "2025-09"),
        ("EN:15804-A1", "EN:15804-A2", "2019"),
        ("EU:CBAM-2023-1773", "EU:CBAM-2025-2547", "2025-12-31"),
        ("PACT:2.3", "PACT:3.0", "2025-04-30"),
        ("TFS:2.1", "TFS:3.0", "2024-12"),
    ]


@pytest.mark.parametrize(
    ("code", "event", "dates"),
    [
        ("PACT:2.3", "withdrawn", ["2025-04-30"]),
        ("EN:15804-A1", "withdrawn", ["2022"]),
        ("EU:CBAM-2023-1773", "transition-end", ["2025-12-31"]),
        ("CATENAX:4", "transition-end", ["2027-12"]),
        ("GBT:24067-2024", "effective", ["2024-10-01", "2025-03-01"]),
        ("GBT:24067-2024", "reference-replaced", ["2026-07-01"]),
    ],
)
def test_dates(code: str, event: str, dates: list[str]) -> None:
    assert [one.date for one in known().regimes[code].dates if one.event == event] == dates


def test_two_sources_disagree_on_when_the_chinese_standard_took_effect() -> None:
    found = [one for one in known().regimes["GBT:24067-2024"].dates if one.event == "effective"]
    assert {one.statement.sources for one in found} == {("HYD",), ("SDT",)}


@pytest.mark.parametrize("code", ["ISO:14067-2018", "GHGP:PRODUCT-2011"])
def test_the_merger_is_an_announcement_and_no_edition(code: str) -> None:
    dates = [(one.event, one.date) for one in known().regimes[code].dates]
    assert ("announced", "2025-09-09") in dates
    assert not {event for event, _ in dates} & {"superseded", "withdrawn"}


def test_the_battery_rules_are_a_draft() -> None:
    assert known().regimes["EU:CFB"].status == "draft"
    assert not any(
        one.statement.evidence == "read" for one in known().regimes["EU:CFB"].requirements.values()
    )


### Parents pass nothing on in silence


@pytest.mark.parametrize("code", sorted(CHILDREN))
def test_what_a_product_standard_takes_from_its_parent_is_presumed(code: str) -> None:
    regime, parent = known().regimes[code], known().regimes["GBT:24067-2024"]
    assert "GBT.24067-2024" in {name.replace(":", ".") for name in regime.builds_on}
    for dimension, one in regime.requirements.items():
        if one.statement.evidence == "presumed":
            assert one.permits == parent.requirements[dimension].permits
            assert "HOA" in one.statement.sources
        else:
            assert one.statement.evidence in ("unknown", "inferred", "draft"), one.statement.iri


def test_a_standard_older_than_its_likely_parent_presumes_nothing() -> None:
    regime = known().regimes["CAB:0078-2020"]
    assert regime.builds_on == ()
    assert {one.statement.evidence for one in regime.requirements.values()} == {"unknown"}


### Border adjustment is no footprint

STUDY = {
    "crosswalk": "footprint/1",
    "declared_unit": "kg",
    "regime": "ISO:14067-2018",
    "method": {"boundary": "cradle-to-gate", "gwp-set": "ar6-t715", "capital-goods": "excluded"},
    "total": "2.0",
    "gases": [{"gas": "CO2", "origin": "fossil", "mass": "2.0"}],
    "gases_complete": True,
    "carbon": {"biogenic_content": 0},
    "absent": ["biogenic", "land", "aircraft", "captured", "technical-removal"],
    "exempted_share": 0,
}


@pytest.mark.parametrize("target", ["EU:CBAM-2025-2547", "EU:CBAM-2023-1773"])
def test_a_footprint_gives_no_value_for_border_adjustment(target: str) -> None:
    answer = convert(read(STUDY), to=target)
    assert not answer.answered
    assert answer.value is None
    assert (answer.guaranteed.low, answer.guaranteed.high) == (0.0, None)
    assert "attributed" in {gap.item for gap in answer.gaps}


def test_border_adjustment_gives_no_value_for_a_footprint() -> None:
    report = {key: STUDY[key] for key in ("crosswalk", "declared_unit", "total")}
    answer = convert(read({**report, "regime": "EU:CBAM-2025-2547"}), to="ISO:14067-2018")
    assert not answer.answered
    assert answer.guaranteed.high is None


def test_what_the_operator_reports_bounds_border_adjustment() -> None:
    answer = convert(read({**STUDY, "lines": {"attributed": "1.25"}}), to="EU:CBAM-2025-2547")
    assert answer.answered
    assert answer.guaranteed.high == pytest.approx(1.255)
    assert answer.guaranteed.low == 0.0


def test_without_the_use_stage() -> None:
    stages = {"raw": "1.0", "production": "0.5", "distribution": "0.1", "use": "4.0", "end-of-life": "0.2"}
    study = {**STUDY, "method": {**STUDY["method"], "boundary": "cradle-to-grave"}}
    del study["gases"], study["gases_complete"]
    answer = convert(
        read({**study, "method": {**study["method"], "gwp-set": "ef-3.1"}, "total": "5.8", "stages": stages}),
        to="EU:CFB",
    )
    step = {one.dimension: one for one in answer.steps}["boundary"]
    assert step.to == ("boundary.without-use",)


### Names


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EN 15804+A2", "EN:15804-A2"),
        ("EN 15804+A1", "EN:15804-A1"),
        ("PEF", "EU:PEF-2021"),
        ("PAS2050", "BSI:PAS2050-2011"),
        ("ISO14040-44", "ISO:14040-44"),
        ("ISO Standard 14044", "ISO:14040-44"),
        ("TfS PCF Guideline V3.0", "TFS:3.0"),
        ("The Product Carbon Footprint Guideline for the Chemical Industry, v.3", "TFS:3.0"),
        ("Catena-X Product Carbon Footprint Rulebook v4", "CATENAX:4"),
        ("urn:samm:io.catenax.pcf:7.0.0#Pcf", "CATENAX:3"),
        ("32025R2547", "EU:CBAM-2025-2547"),
        ("T/CPCIF 0468-2025", "CPCIF:0468-2025"),
    ],
)
def test_spellings_that_travel(text: str, code: str) -> None:
    assert names.resolve("regime", text, known()) == (code,)


@pytest.mark.parametrize("text", ["TfS", "Catena-X", "EN 15804"])
def test_a_name_without_an_edition_stays_open(text: str) -> None:
    assert len(names.resolve("regime", text, known())) > 1

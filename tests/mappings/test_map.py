"""From code to code: real answers that must not change, and the rules on made-up graphs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from crosswalk.errors import RefusedError, UnknownNameError
from crosswalk.mappings import map_code
from crosswalk.mappings.graph import to_networkx
from crosswalk.mappings.records import Mappings
from crosswalk.mappings.relations import WEAKNESS, compose_all

from .conftest import ROOT, Make


def reached(source: str, to: str, mappings: Mappings) -> dict[str, str]:
    return {one.target.id: one.relation for one in map_code(source, to, mappings=mappings).matches}


# What must hold of the real mappings


@pytest.mark.parametrize("source", ["HS:290243", "290243", "CN:29024300", "px", "对二甲苯"])
def test_px_is_part_of_its_cpc_class_and_never_the_same(source: str, mappings: Mappings) -> None:
    assert reached(source, "CPC", mappings) == {"cpc30:34110": "broad", "cpc21:34110": "broad"}


@pytest.mark.parametrize("source", ["CN:28141000", "HS:281410", "ammonia", "无水氨"])
def test_ammonia_never_maps_to_nitric_acid(source: str, mappings: Mappings) -> None:
    found = map_code(source, "CPC", mappings=mappings)
    assert {one.target.code for one in found.matches} == {"34651"}
    # The chain is there, and stops.
    assert "34233" in {one.target.code for one in found.undecided}
    with pytest.raises(RefusedError, match="decides nothing"):
        map_code(source, "CPC 2.1:34233", mappings=mappings)


def test_nothing_of_ammonia_reaches_anything_of_nitric_acid(mappings: Mappings) -> None:
    own = {
        row.object
        for row in mappings.rows
        if row.subject == "product:nitric-acid" and row.relation == "exact"
    }
    for to in ("HS", "CN", "CPC", "CAS", "product"):
        try:
            found = map_code("ammonia", to, mappings=mappings)
        except RefusedError:
            continue
        targets = {one.target.id for one in found.matches}
        assert not targets & (own | {"product:nitric-acid", "cpc21:34233", "cpc30:34233"})


def test_glycol_never_maps_to_glycerol(mappings: Mappings) -> None:
    found = map_code("MEG", "CPC 2.1", mappings=mappings)
    assert [one.target.code for one in found.matches] == ["34139"]
    assert [one.target.code for one in found.undecided] == ["34570"]


def test_newest_edition_first(mappings: Mappings) -> None:
    found = map_code("CN:29012100", "CPC", mappings=mappings)
    assert [one.target.edition for one in found.matches] == ["3.0", "2.1"]


def test_the_chain_is_told_in_full(mappings: Mappings) -> None:
    (one,) = map_code("CN:29012100", "CPC 2.1", mappings=mappings).matches
    assert [step.to for step in one.steps] == ["product:ethylene", "cpc21:34110"]
    assert [step.inverted for step in one.steps] == [True, False]
    assert one.weakest == "broad"
    assert one.justification == "semapv:MappingChaining"
    assert one.confidence == pytest.approx(0.95 * 0.95)
    assert one.rule == 2
    assert one.evidence == "inferred"
    assert "34110" in one.reason.en
    assert "34110" in one.reason.zh


def test_a_dead_code_names_its_successors(mappings: Mappings) -> None:
    found = map_code("CN:31021010", "CN 2026", mappings=mappings)
    assert found.source.edition == "2024"
    assert [one.code for one in found.successors] == ["31021012", "31021015", "31021019"]
    assert set(reached("CN:31021010", "CN 2026", mappings).values()) == {"narrow"}
    with pytest.raises(RefusedError, match="31021012"):
        map_code("CN:31021010", "CPC", mappings=mappings)


def test_a_living_code_has_no_successors(mappings: Mappings) -> None:
    for code in ("CN:29012100", "CPC 2.1:11010", "HS:290121"):
        assert map_code(code, "product", mappings=mappings).successors == ()


def test_no_answer_is_stronger_than_its_steps(mappings: Mappings) -> None:
    for row in mappings.rows:
        if row.subject.startswith("product:") and row.object and not row.negated:
            try:
                found = map_code(f"product:{row.subject[8:]}", "CPC", mappings=mappings)
            except RefusedError:
                continue
            for one in found.matches:
                links = [step.relation for step in one.steps]
                assert one.relation == compose_all(links)
                assert WEAKNESS[one.relation] >= WEAKNESS[one.weakest]


def test_there_and_back_is_the_inverse(mappings: Mappings) -> None:
    there = reached("HS:290243", "CPC 2.1:34110", mappings)
    back = reached("CPC 2.1:34110", "HS:290243", mappings)
    assert list(there.values()) == ["broad"]
    assert list(back.values()) == ["narrow"]


def test_hs_as_stated_agrees_with_hs_through_cn(mappings: Mappings) -> None:
    rows = [row for row in mappings.rows if row.object and not row.negated]
    edges = {(row.subject, row.object): row.relation for row in rows}
    compared = 0
    for (subject, cn), first in edges.items():
        if subject.startswith("product:") and cn.startswith("cn2026:"):
            hs = f"hs2022:{cn[7:13]}"
            chained = compose_all([first, edges[cn, hs]])
            if chained is not None:
                assert edges[subject, hs] == chained, (subject, cn)
                compared += 1
    assert compared > 50


# The rules, on graphs made for them


def test_rule_6_confidence_is_the_product_and_unknown_where_one_is(small: Make) -> None:
    (one,) = map_code("a:1", "C", mappings=small(("a:1", "exact", "b:1"), ("b:1", "broad", "c:1"))).matches
    assert one.confidence == pytest.approx(0.81)
    unsure = small(("a:1", "exact", "b:1"), ("b:1", "broad", "c:1"), confidence=None)
    assert map_code("a:1", "C", mappings=unsure).matches[0].confidence is None


def test_rule_7_a_direct_row_goes_before_any_chain(small: Make) -> None:
    rows = small(("a:1", "exact", "b:1"), ("b:1", "exact", "c:1"), ("a:1", "broad", "c:1"))
    (one,) = map_code("a:1", "C", mappings=rows).matches
    assert (one.relation, len(one.steps), one.alternatives) == ("broad", 1, 1)


def test_rule_7_editions_are_crossed_by_their_own_table_only(small: Make) -> None:
    hub = (("product:p", "exact", "d1:1"), ("product:p", "exact", "d2:1"))
    with pytest.raises(RefusedError, match="no chain"):
        map_code("D 1:1", "D 2", mappings=small(*hub))
    with_table = small(*hub, ("d1:1", "narrow", "d2:1"))
    assert reached("D 1:1", "D 2", with_table) == {"d2:1": "narrow"}


def test_rule_5_overlap_and_what_is_undecidable(small: Make) -> None:
    rows = small(("a:1", "overlap", "b:1"), ("b:1", "broad", "c:1"))
    assert reached("a:1", "B", rows) == {"b:1": "overlap"}
    with pytest.raises(RefusedError) as caught:
        map_code("a:1", "C", mappings=rows)
    assert caught.value.exit_code == 3
    assert "published table" in str(caught.value)
    assert "已发布" in caught.value.message("zh")


def test_a_chain_stops_where_it_becomes_undecidable(small: Make) -> None:
    rows = small(("a:1", "broad", "product:p"), ("product:p", "narrow", "b:1"), ("b:1", "exact", "c:1"))
    with pytest.raises(RefusedError) as caught:
        map_code("a:1", "C", mappings=rows)
    assert caught.value.code == "map-none"


def test_related_is_told_but_does_not_chain(small: Make) -> None:
    rows = small(("product:p", "related", "a:1"), ("product:p", "exact", "b:1"))
    assert reached("p", "A", rows) == {"a:1": "related"}
    with pytest.raises(RefusedError, match="never chain"):
        map_code("b:1", "A", mappings=rows)


def test_larger_by_one_chain_and_smaller_by_another_is_undecided(small: Make) -> None:
    rows = small(
        ("a:1", "broad", "product:p"),
        ("product:p", "broad", "c:1"),
        ("a:1", "narrow", "product:q"),
        ("product:q", "narrow", "c:1"),
    )
    with pytest.raises(RefusedError, match="smaller"):
        map_code("a:1", "C", mappings=rows)


def test_what_a_reviewer_denied_is_refused(small: Make) -> None:
    rows = (("product:p", "exact", "a:1"), ("a:1", "exact", "b:1"))
    assert reached("p", "B", small(*rows)) == {"b:1": "exact"}
    with pytest.raises(RefusedError, match="denied"):
        map_code("p", "B", mappings=small(*rows, denied=(("product:p", "exact", "b:1"),)))


def test_the_graph_holds_every_row_twice(mappings: Mappings) -> None:
    graph = to_networkx(mappings)
    edges = [row for row in mappings.rows if row.object and not row.negated]
    assert graph.number_of_edges() == 2 * len(edges)


# Names


@pytest.mark.parametrize(
    ("source", "to", "code"),
    [
        ("CN:99999999", "CPC", "code-unknown"),
        ("XX:1", "CPC", "scheme-unknown"),
        ("CN:29012100", "no such", "scheme-unknown"),
        ("聚乙烯", "CPC", "product-ambiguous"),
        ("2399", "CPC", "code-ambiguous"),
    ],
)
def test_names_that_do_not_do(source: str, to: str, code: str, mappings: Mappings) -> None:
    with pytest.raises(UnknownNameError) as caught:
        map_code(source, to, mappings=mappings)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "source", ["CN:2901 21 00", "cn-2026:29012100", "CN 2026:29012100", "cn2026:29012100"]
)
def test_codes_are_read_as_people_write_them(source: str, mappings: Mappings) -> None:
    assert map_code(source, "HS", mappings=mappings).matches[0].target.code == "290121"


def test_the_answer_does_not_depend_on_the_hash_seed() -> None:
    program = (
        "import json, sys; from crosswalk.mappings import map_code;"
        "print(json.dumps([map_code(*q).to_dict() for q in [('HS:271012', 'CPC'), ('urea', 'CN')]]))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(said) == 1

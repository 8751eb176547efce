"""``crosswalk rules``: every rule can be looked up, in words and as SHACL, in two languages."""

from __future__ import annotations

import json

import pytest

import crosswalk
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.recognition import AllOf, AnyOf, Condition
from crosswalk.recognition.rules import find
from crosswalk.report.out import as_text
from crosswalk.results import RuleList
from tests.conftest import Run


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return crosswalk.load()


def fields(condition: Condition | None) -> set[str]:
    if condition is None:
        return set()
    if isinstance(condition, AllOf | AnyOf):
        return {name for one in condition.of for name in fields(one)}
    return {condition.field, *([condition.other] if condition.other else [])}


def test_all_rules_are_listed(run: Run, catalogue: Catalogue) -> None:
    done = run("rules")
    assert (done.code, done.err) == (0, "")
    for code in (*catalogue.recognition.rules, *catalogue.recognition.packs):
        assert code in done.out
    found = json.loads(run("rules", "--format", "json").out)
    assert {one["code"] for one in found["rules"]} == set(catalogue.recognition.rules)
    assert {one["code"] for one in found["arrangements"]} == set(catalogue.recognition.arrangements)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_rule_is_told_in_words(
    catalogue: Catalogue, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    recognition = catalogue.recognition
    for rule in recognition.rules.values():
        shown = as_text([rule], lang, catalogue)
        assert rule.label.get(lang) in shown
        assert all(source in shown for source in rule.statement.sources)
        for name in fields(rule.requires) | fields(rule.when):
            assert f"{recognition.fields[name].label.get(lang)} [{name}]" in shown
    for one in recognition.arrangements.values():
        shown = as_text([one], lang, catalogue)
        assert one.label.get(lang) in shown
        assert all(code in shown for code in (*one.givers, *one.takers, *one.conditions))


def test_a_rule_a_pack_and_an_arrangement_are_found_in_any_case(run: Run) -> None:
    assert "reverse cut-off" in run("rules", "r08").out
    assert "R08" in run("rules", "TFS-Catena-X").out
    assert "in force" in run("rules", "pact-2-to-3").out


def test_a_rule_stands_as_shacl(run: Run, catalogue: Catalogue) -> None:
    from rdflib import Graph

    from crosswalk.recognition.shapes import shapes_of_rules

    done = run("rules", "R08", "--shacl")
    found = Graph().parse(data=done.out, format="turtle")
    iri = catalogue.recognition.rules["R08"].iri
    assert len(shapes_of_rules(found, [iri])) == len(shapes_of_rules(crosswalk.graph(), [iri]))
    assert "sh:in" in done.out


def test_what_is_not_there_is_told_with_what_is_near(run: Run) -> None:
    done = run("rules", "R8")
    assert done.code == 2
    assert "R08" in done.err
    assert run("rules", "pact", "--shacl").code == 2
    assert run("rules", "--shacl").code == 2


def test_every_name_leads_to_what_it_names(catalogue: Catalogue) -> None:
    """A pack and an arrangement may have one name: the pack is shown with it."""
    known = catalogue.recognition
    for code in (*known.rules, *known.packs, *known.arrangements):
        found = find(code.upper(), catalogue)
        named = [*found.packs, *found.arrangements] if isinstance(found, RuleList) else [found]
        assert code in [one.code for one in named]
    both = set(known.packs) & set(known.arrangements)
    assert {code for code in known.arrangements if isinstance(find(code, catalogue), RuleList)} == both

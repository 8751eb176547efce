"""The verdicts of the published cases follow from the rules: Kleene's logic written out, over what is given.

The other way round the cases are a check of whatever judges tables: see ``tests/corpus/recognition.yaml``.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from crosswalk.knowledge.load import load
from crosswalk.knowledge.recognition import AnyOf, ClaimField, Condition, Recognition, Rule
from crosswalk.knowledge.recognition import Test as Demand

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "corpus" / "recognition.yaml").read_text("utf-8")
)
Truth = bool | None
Outcome = Literal["pass", "fail", "unknown", "not-applicable"]
LEVEL_OF = {"value": "result"}


@pytest.fixture(scope="module")
def real() -> Recognition:
    return load().recognition


def typed(field: ClaimField, value: Any) -> list[Any]:
    """The values of a field, of the type its kind says; a value that is not is an error of the case."""
    if value is None:
        return []
    if field.kind == "list":
        return str(value).split(";")
    if field.kind in ("decimal", "share", "integer"):
        return [Fraction(str(value))]
    if field.kind == "boolean":
        assert isinstance(value, bool), field.code
        return [value]
    if field.kind == "date":
        assert isinstance(value, date), field.code
        return [value]
    assert isinstance(value, str), field.code
    assert not field.values or value in field.values, field.code
    return [value]


def like(sample: Any, text: str) -> Any:
    if isinstance(sample, bool):
        return text == "true"
    if isinstance(sample, date):
        return date.fromisoformat(text)
    return Fraction(text) if isinstance(sample, Fraction) else text


def holds(demand: Demand, value: Any, others: list[Any]) -> bool:
    if demand.operator == "stated":
        return True
    if demand.operator == "matches":
        return re.search(demand.values[0], value) is not None
    against = [like(value, text) for text in demand.values] if demand.other is None else others
    return {
        "in": lambda: value in against,
        "not-in": lambda: value not in against,
        "at-least": lambda: all(value >= one for one in against),
        "at-most": lambda: all(value <= one for one in against),
        "above": lambda: all(value > one for one in against),
        "below": lambda: all(value < one for one in against),
    }[demand.operator]()


def truth(condition: Condition, claim: dict[str, list[Any]]) -> Truth:
    """Conforming as written is true; not conforming where nothing need be stated is false."""
    if isinstance(condition, Demand):
        values = claim.get(condition.field, [])
        others = claim.get(condition.other or "", [])
        if not all(holds(condition, value, others) for value in values):
            return False
        return True if values or not condition.required else None
    parts = [truth(one, claim) for one in condition.of]
    if isinstance(condition, AnyOf):
        return True if True in parts else None if None in parts else False
    return False if False in parts else None if None in parts else True


def outcome(rule: Rule, claim: dict[str, list[Any]]) -> Outcome:
    when = True if rule.when is None else truth(rule.when, claim)
    if when is False:
        return "not-applicable"
    found = truth(rule.requires, claim)
    if when is None:
        return "pass" if found is True else "unknown"
    return "unknown" if found is None else "pass" if found else "fail"


def judged(real: Recognition, outcomes: dict[str, Outcome], claimed: str) -> tuple[str, int]:
    """The verdict and the rung of the ladder, as the contract of recognition words them."""
    levels: dict[str, Truth] = {}
    conditions_only: dict[str, bool] = {}
    for level in real.levels:
        counted = [
            (rule.severity, outcomes[rule.code])
            for rule in real.rules.values()
            if rule.level == level and rule.severity != "information"
        ]
        applied = [one for one in counted if one[1] != "not-applicable"]
        failed = any(one == ("block", "fail") for one in applied)
        unclear = [one for one in applied if one[1] != "pass"]
        levels[level] = False if failed else None if unclear or not applied else True
        conditions_only[level] = bool(applied) and all(one == ("condition", "fail") for one in unclear)
    ladder = -1
    for level, known in sorted(real.levels.items(), key=lambda one: one[1].rank):
        if levels[level] is not True:
            break
        ladder = known.rank
    wanted = LEVEL_OF.get(claimed, claimed)
    need = {wanted}
    while more := {below for level in need for below in real.levels[level].rests_on} - need:
        need |= more
    ground = [rule for rule in real.rules.values() if rule.level == "assessable"]
    refuted = [rule.verdict for rule in ground if outcomes[rule.code] == "fail"]
    if levels["assessable"] is not True:
        return ("not-applicable" if refuted == ["not-applicable"] else "not-assessable"), ladder
    if all(levels[level] is True for level in need):
        return "recognised", ladder
    if any(levels[level] is False for level in need):
        return "refused", ladder
    still = [level for level in need if levels[level] is None]
    return ("conditional" if all(conditions_only[level] for level in still) else "undecided"), ladder


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case(case: dict[str, Any], real: Recognition) -> None:
    given = {**case["claim"], "target": case["to"], "fact.as_of": case["as_of"], **case["facts"]}
    assert not {code for code in case["claim"] if real.fields[code].derived}
    claim = {code: typed(real.fields[code], value) for code, value in given.items()}
    outcomes = {code: outcome(rule, claim) for code, rule in real.rules.items()}
    expect = case["expect"]
    said = {code: outcomes[code] for code in expect["rules"]}
    assert said == expect["rules"]
    found = judged(real, outcomes, case["claim"]["claimed"])
    why = {code: one for code, one in outcomes.items() if one in ("fail", "unknown")}
    assert found == (expect["verdict"], expect["level"]), why


def test_the_published_cases_are_all_there() -> None:
    names = {case["case"].split()[0] for case in CASES}
    assert {f"W{number}" for number in range(1, 11)} <= names


def test_what_is_refuted_by_less_is_refuted_by_more(real: Recognition) -> None:
    """What is taken away may have been anything: no rule fails for want of a statement."""
    for case in CASES:
        given = {**case["claim"], "target": case["to"], "fact.as_of": case["as_of"], **case["facts"]}
        claim = {code: typed(real.fields[code], value) for code, value in given.items()}
        for rule in real.rules.values():
            whole = truth(rule.requires, claim)
            for code in claim:
                if truth(rule.requires, {**claim, code: []}) is False:
                    assert whole is False, (case["case"], rule.code, code)


def groups(real: Recognition, code: str) -> set[str]:
    """A body and all it is a member of, as arrangements name them."""
    above = (groups(real, one) for one in real.bodies[code].member_of)
    return {f"body:{code}"}.union(*above)


def ancestors(code: str) -> set[str]:
    regime = load().regimes.get(code)
    parents = regime.builds_on if regime else ()
    return {code}.union(*map(ancestors, parents))


def status(real: Recognition, givers: set[str], case: dict[str, Any], level: str) -> str | None:
    """The best status of the arrangements that lead straight to the target on the day."""
    day = case["as_of"].isoformat()
    found = {
        one.status
        for one in real.arrangements.values()
        if level in one.levels
        and givers & set(one.givers)
        and case["to"] in one.takers
        and case["claim"].get("regime") != case["to"]
        and (one.start or day) <= day
        and (one.status == "ended" or day <= (one.end or day))
    }
    return next((one for one in ("in-force", "talks", "suspended", "ended", "refused") if one in found), None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_facts_given_are_those_of_the_knowledge(case: dict[str, Any], real: Recognition) -> None:
    facts, claim, known = case["facts"], case["claim"], load()
    regime, target = claim.get("regime", ""), case["to"]
    if facts.get("fact.source"):
        assert regime in known.regimes
        assert facts["fact.same_regime"] == (regime == target)
        for level in real.levels:
            given = facts.get(f"fact.arrangement.{level}")
            assert given == status(real, {regime}, case, level), level
    else:
        assert regime not in known.regimes
    assert target in known.regimes or target.removeprefix("body:") in real.bodies
    if "fact.shared_parent" in facts:
        assert facts["fact.shared_parent"] == bool(ancestors(regime) & ancestors(target))
    if "fact.cut_off_limit" in facts:
        assert Fraction(str(known.regimes[target].requirements["cut-off"].limit)) == Fraction(
            str(facts["fact.cut_off_limit"])
        )
    accreditor = claim.get("verification.accreditor")
    found = accreditor and status(real, groups(real, accreditor), {**case, "claim": {}}, "verification")
    assert facts.get("fact.accreditor") == {"in-force": "accepted", None: None}.get(found, found)

"""Laws of judging, on random claims: what must hold whatever is claimed, and whatever the rules say."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

import crosswalk
from crosswalk.knowledge.recognition import ClaimField, Recognition, demands_of
from crosswalk.knowledge.recognition import Test as Demand
from crosswalk.results import ClaimVerdict, Verdicts

KNOWN = crosswalk.load()
RECOGNITION: Recognition = KNOWN.recognition
DAY = "2026-06-30"
REGIMES = ["GBT:24067-2024", "ISO:14067-2018", "PACT:2.3", "PACT:3.0", "TFS:3.0", "CATENAX:4", "EN:15804-A2"]
REGIMES += ["EU:CBAM-2025-2547", "an in-house method"]
TARGETS = [*REGIMES[:-1], "body:CNCA-CFP"]
#: Fields from which facts are worked out, or that say which rules apply: they change the question.
STRUCTURE = {"id", "regime", "target", "claimed", "goods", "footprint", "total", "asserted", "tolerance"}
STRUCTURE |= {"rule", "rule_version", "target_rule", "target_rule_version", "statement.regimes"}
STRUCTURE |= {"verification.accreditor", "label", "product.scheme", "place"}

PLAIN = {"decimal": "1 2.5 4", "share": "0 0.01 4% 0.5 1", "integer": "0 1 3 10", "boolean": "true false"}

Claim = dict[str, str]


def values(field: ClaimField) -> st.SearchStrategy[str]:
    if field.code in ("regime", "target"):
        return st.sampled_from(REGIMES if field.code == "regime" else TARGETS)
    if field.code == "statement.regimes":
        return st.lists(st.sampled_from(REGIMES), min_size=1, max_size=3, unique=True).map(";".join)
    if field.code == "goods":
        return st.sampled_from(["28141000", "29012100", "31021012", "72"])
    if field.code == "verification.accreditor":
        return st.sampled_from(["CNAS", "DAkkS", "UKAS", "nobody"])
    if field.code in ("total", "asserted"):
        return st.sampled_from(["2.1", "2.10", "3", "-0.5"])
    if field.code == "tolerance":
        return st.sampled_from(["5%", "0", "0.1"])
    if field.values:
        return st.sampled_from(sorted(field.values))
    numbers = {
        "decimal": "1 2.5 4",
        "share": "0 0.01 4% 0.5 1",
        "integer": "0 1 3 10",
        "boolean": "true false",
    }
    if field.kind in numbers:
        return st.sampled_from(numbers[field.kind].split())
    if field.kind == "date":
        return st.sampled_from(["2023-01-01", "2024-05-01", "2025-12-31", "2026-06-30", "2027-06-30"])
    return st.sampled_from(["T/X 1", "ecoinvent 3.10"])


STATED = {
    code: values(one) for code, one in RECOGNITION.fields.items() if not one.derived and code != "footprint"
}


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    always = {"regime", "target", "claimed"}
    names = always | set(draw(st.lists(st.sampled_from(sorted(STATED)), max_size=25, unique=True)))
    return {name: draw(STATED[name]) for name in sorted(names - {"id"})}


def judged(given_: list[Claim]) -> Verdicts:
    found = crosswalk.check(given_, as_of=DAY, catalogue=KNOWN)
    assert not found.errors
    return found


def without_row(one: ClaimVerdict) -> dict[str, Any]:
    return msgspec.structs.asdict(msgspec.structs.replace(one, row=0))


@settings(max_examples=25, deadline=None)
@given(st.lists(claims(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(given_: list[Claim], chance: Any) -> None:
    places = list(range(len(given_)))
    chance.shuffle(places)
    straight, shuffled = judged(given_), judged([given_[place] for place in places])
    for new, old in enumerate(places):
        assert without_row(shuffled.verdicts[new]) == without_row(straight.verdicts[old])


@settings(max_examples=15, deadline=None)
@given(st.lists(claims(), min_size=2, max_size=5))
def test_a_claim_alone_comes_out_as_in_a_table(given_: list[Claim]) -> None:
    together = judged(given_)
    for row, claim in enumerate(given_):
        (alone,) = judged([claim]).verdicts
        assert without_row(together.verdicts[row]) == without_row(alone)


def accepts_values(source: str, target: str) -> bool:
    """Whether arrangements in force lead from one to the other at the level of the value, by however many."""
    day = date.fromisoformat(DAY)
    found, todo = {source}, [source]
    while todo:
        here = todo.pop()
        for one in RECOGNITION.arrangements.values():
            current = one.status == "in-force" and (one.end is None or date.fromisoformat(one.end) >= day)
            if current and "result" in one.levels and here in one.givers:
                todo += [taker for taker in one.takers if taker not in found]
                found |= set(one.takers)
    return target in found


NUMBERS = st.sampled_from(["2.1", "3.27", "-1", "0"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(claims(), NUMBERS, st.booleans()), min_size=4, max_size=8))
def test_the_same_number_under_a_new_label_is_no_result(given_: list[tuple[Claim, str, bool]]) -> None:
    """Unless an arrangement accepts the value as it stands, a number carried over needs a delta statement."""
    asked = []
    for claim, number, says_no in given_:
        same = {"total": number, "asserted": f"{number}0" if "." in number else f"{number}.0"}
        claim.pop("delta_statement", None)
        if claim["regime"] != claim["target"] and not accepts_values(claim["regime"], claim["target"]):
            asked.append({**claim, **same, **({"delta_statement": "false"} if says_no else {})})
    for found in judged(asked).verdicts if asked else ():
        outcomes = {level.code: level.outcome for level in found.levels}
        assert outcomes["result"] != "pass"
        assert found.level < 5
        assert not (found.verdict == "recognised" and found.claimed in ("value", "label"))


def test_most_pairs_of_that_law_are_tried() -> None:
    pairs = [(one, other) for one in REGIMES for other in TARGETS if one != other]
    assert sum(accepts_values(one, other) for one, other in pairs) < len(pairs) // 4


@settings(max_examples=25, deadline=None)
@given(st.lists(claims(), min_size=4, max_size=8))
def test_a_verdict_follows_from_the_levels(given_: list[Claim]) -> None:
    for claim, found in zip(given_, judged(given_).verdicts, strict=True):
        outcomes = {level.code: level.outcome for level in found.levels}
        wanted_ = {"value": "result"}.get(claim["claimed"], claim["claimed"])
        said = {outcomes[level] for level in needs(wanted_)}
        if outcomes["assessable"] != "pass":
            assert found.verdict in ("not-assessable", "not-applicable")
        elif said == {"pass"}:
            assert found.verdict == "recognised"
        elif "fail" in said:
            assert found.verdict == "refused"
        else:
            assert found.verdict in ("conditional", "undecided")
        ranks = [level.rank for level in found.levels if level.outcome != "pass"]
        assert found.level == max(0, min(ranks, default=7) - 1)
        for reason in found.reasons:
            assert reason.outcome in ("fail", "unknown")
            assert outcomes[reason.level] != "pass" or reason.severity == "information"


def needs(level: str) -> set[str]:
    """A level, and all it rests on."""
    return {level}.union(*(needs(below) for below in RECOGNITION.levels[level].rests_on))


def number(text: str) -> Fraction:
    return Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)


def meets(demand: Demand, value: str) -> bool:
    """Whether a single value is what a demand wants; one that compares with another field: no."""
    match demand.operator:
        case "stated":
            return True
        case "in":
            return value in demand.values
        case "not-in":
            return value not in demand.values
        case _ if demand.other is not None or demand.operator == "matches":
            return False
    kind = RECOGNITION.fields[demand.field].kind
    own, limit = (
        (date.fromisoformat(value), date.fromisoformat(demand.values[0]))
        if kind == "date"
        else (number(value), number(demand.values[0]))
    )
    return {
        "at-least": own >= limit,
        "at-most": own <= limit,
        "above": own > limit,
        "below": own < limit,
    }[demand.operator]


MORE = {
    "share": {"0", "0.005", "1"},
    "integer": {"0", "100"},
    "decimal": {"1"},
    "boolean": {"true", "false"},
}


def wanted() -> dict[str, list[str]]:
    """For each field of no structure, the values that all rules that ask for it want."""
    tests: dict[str, list[Demand]] = {}
    for rule in RECOGNITION.rules.values():
        for demand in demands_of(rule.requires):
            tests.setdefault(demand.field, []).append(demand)
            tests.setdefault(demand.other or demand.field, []).append(demand)
    found = {}
    for code, given_ in tests.items():
        field = RECOGNITION.fields[code]
        if field.derived or code in STRUCTURE or field.kind in ("date", "text", "list"):
            continue
        if any(demand.other is not None for demand in given_):
            continue
        tried = {value for demand in given_ for value in demand.values} | set(field.values)
        tried |= MORE.get(field.kind, set())
        good = [one for one in sorted(tried) if all(meets(demand, one) for demand in given_)]
        if good:
            found[code] = good
    return found


WANTED = wanted()


def test_there_are_fields_to_state() -> None:
    assert len(WANTED) > 30
    assert {"verification.coverage", "waste_to_energy", "both_totals"} <= WANTED.keys()


@settings(max_examples=100, deadline=None)
@given(claims(), st.sampled_from(sorted(WANTED)), st.data())
def test_stating_what_rules_want_loses_no_level(claim: Claim, code: str, data: st.DataObject) -> None:
    claim.pop(code, None)
    more = {**claim, code: data.draw(st.sampled_from(WANTED[code]))}
    before, after = judged([claim, more]).verdicts
    for old, new in zip(before.levels, after.levels, strict=True):
        assert old.outcome != "pass" or new.outcome == "pass", (old.code, code)
    assert after.level >= before.level
    if before.verdict == "recognised":
        assert after.verdict == "recognised"


@settings(max_examples=20, deadline=None)
@given(claims(), st.text(st.characters(codec="utf-8", exclude_characters="."), min_size=1, max_size=20))
def test_an_unknown_column_is_reported_and_changes_nothing(claim: Claim, name: str) -> None:
    column = f"? {name}"
    plain, more = judged([claim]), judged([{**claim, column: "x"}])
    assert [one.path for one in more.unused] == [column]
    assert plain.unused == ()
    assert more.verdicts == plain.verdicts

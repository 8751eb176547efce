"""Rules of recognition, read from SHACL: what they may say, packs of users, and what the real ones say."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from crosswalk.errors import KnowledgeError
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.everything import all_documents
from crosswalk.knowledge.index import Document, build
from crosswalk.knowledge.lint import lint, lint_documents
from crosswalk.knowledge.load import load
from crosswalk.knowledge.recognition import AllOf, AnyOf, Condition, Recognition, Rule
from crosswalk.knowledge.recognition import Test as Demand

Compiler = Callable[[str], Catalogue]
PREFIXES = "".join(
    line
    for line in (Path(__file__).parent / "base.ttl").read_text("utf-8").splitlines(True)
    if line.startswith("@prefix")
)
KNOWN = 'cw:clause "unknown" ; dcterms:source src:T ; cw:evidence cw:read'
RULE = """
rule:N a cw:Rule ; skos:notation "N" ; cw:pack pack:P ; cw:level level:{level} ; cw:severity cw:block ;
    skos:prefLabel "It holds."@en, "成立。"@zh ; cw:requires {requires} ; {more} {known} .
"""
ARRANGEMENT = """
arr:N a cw:Arrangement ; skos:notation "N" ; skos:prefLabel "N"@en, "N"@zh ; cw:level level:rule ;
    cw:giver {giver} ; cw:taker body:B ; cw:status cw:talks ; {more} {known} .
"""


def rule(requires: str, more: str = "", level: str = "rule") -> str:
    return RULE.format(requires=requires, more=more, level=level, known=KNOWN)


def arrangement(giver: str = "body:C", more: str = "") -> str:
    return ARRANGEMENT.format(giver=giver, more=more, known=KNOWN)


def on(path: str) -> str:
    return f"[ sh:property [ sh:path claim:{path} ] ]"


def test_a_rule_becomes_conditions(compiled: Compiler) -> None:
    found = compiled("").recognition
    made = found.rules["A"]
    assert made == Rule(
        code="A",
        iri="https://w3id.org/carbon-crosswalk/rule#A",
        label=made.label,
        level="verification",
        severity="condition",
        pack="P",
        asks=("share.checked",),
        statement=made.statement,
        when=Demand(field="target", operator="in", values=("T:R-1", "body:B")),
        requires=AnyOf(
            of=(
                Demand(field="assurance", operator="in", values=("reasonable",)),
                AllOf(
                    of=(
                        Demand(field="share.checked", operator="at-least", values=("0.80",)),
                        Demand(field="sources", operator="not-in", values=("hearsay",), required=False),
                    )
                ),
            )
        ),
    )
    assert (made.statement.clause, made.statement.evidence) == ("5", "memory")
    assert found.packs["P"].rules == ("A",)
    assert found.fields["assurance"].values["limited"].zh == "有限"
    assert [one.code for one in found.fields.values()][:3] == ["target", "body", "assurance"]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (on("day ; sh:minCount 1"), Demand(field="day", operator="stated")),
        (
            on('day ; sh:minExclusive "2027-12-31"^^xsd:date'),
            Demand(field="day", operator="above", values=("2027-12-31",), required=False),
        ),
        (
            on("years ; sh:minCount 1 ; sh:maxInclusive 3"),
            Demand(field="years", operator="at-most", values=("3",)),
        ),
        (
            on("visited ; sh:minCount 1 ; sh:in ( true )"),
            Demand(field="visited", operator="in", values=("true",)),
        ),
        (
            on('goods ; sh:minCount 1 ; sh:pattern "^2814"').replace('"^2814"', '"^2814.*$"'),
            Demand(field="goods", operator="matches", values=("^2814.*$",)),
        ),
        (
            on("day ; sh:lessThan claim:last"),
            Demand(field="day", operator="below", other="last", required=False),
        ),
        (
            "[ sh:property [ sh:path claim:day ; sh:minCount 1 ; sh:lessThanOrEquals claim:last ] ,"
            " [ sh:path claim:last ; sh:minCount 1 ] ]",
            AllOf(
                of=(
                    Demand(field="day", operator="at-most", other="last"),
                    Demand(field="last", operator="stated"),
                )
            ),
        ),
        (
            "[ a sh:NodeShape ; sh:and ( [ sh:property [ sh:path claim:years ; sh:minExclusive 0 ] ]"
            " [ sh:property [ sh:path claim:visited ; sh:minCount 1 ] ] ) ]",
            AllOf(
                of=(
                    Demand(field="years", operator="above", values=("0",), required=False),
                    Demand(field="visited", operator="stated"),
                )
            ),
        ),
        (
            on("share.checked ; sh:minCount 1 ; sh:minInclusive 0.1 ; sh:maxExclusive 0.5"),
            AllOf(
                of=(
                    Demand(field="share.checked", operator="at-least", values=("0.1",)),
                    Demand(field="share.checked", operator="below", values=("0.5",)),
                )
            ),
        ),
    ],
)
def test_what_rules_may_say(shape: str, expected: Condition, compiled: Compiler) -> None:
    assert compiled(rule(shape)).recognition.rules["N"].requires == expected


def test_an_arrangement(compiled: Compiler) -> None:
    found = compiled(arrangement('body:C, reg:R, "T:R-0"')).recognition
    made = found.arrangements["X"]
    assert (made.givers, made.takers, made.levels) == (("T:R-1",), ("body:B",), ("method", "rule"))
    assert (made.status, made.start, made.end) == ("in-force", "2025-01-01", "2026-12-31")
    assert (made.scope, made.conditions) == (("2814",), ("A",))
    assert found.bodies["C"].member_of == ("B",)
    assert found.arrangements["N"].givers == ("T:R-0", "T:R-1", "body:C")


#: Whatever a rule or an arrangement may get wrong, the code of the sentence that says so, and a word of it.
WRONG = [
    (rule('[ sh:property [ sh:path claim:years ; sh:hasValue 3 ] ]'), "knowledge-shape", "sh:hasValue"),
    (rule('[ sh:not [ sh:property [ sh:path claim:years ; sh:minCount 1 ] ] ]'), "knowledge-shape", "sh:not"),
    (rule('[ sh:path claim:years ; sh:minCount 1 ]'), "knowledge-shape", "sh:path"),
    (rule('[ sh:property [ sh:path claim:years ; sh:maxCount 1 ] ]'), "knowledge-shape", "sh:maxCount"),
    (rule('[ sh:sparql [ sh:select "" ] ]'), "knowledge-shape", "sh:sparql"),
    (rule(on('goods ; sh:pattern "^a$" ; sh:flags "i"')), "knowledge-shape", "sh:flags"),
    (rule(on("assurance ; sh:not [ sh:minCount 1 ]")), "knowledge-shape", "sh:minCount"),
    (rule(on("years")), "knowledge-shape-empty", "claim:years"),
    (rule("[ ]"), "knowledge-shape-empty", "[ ]"),
    (rule(on("assurance ; sh:in ()")), "knowledge-shape-empty", "sh:in"),
    (rule("[ sh:or () ]"), "knowledge-shape-empty", "sh:or"),
    (rule(on("years ; sh:minCount 2")), "knowledge-value", '"2"'),
    (rule(on('assurance ; sh:in ( "absolute" )')), "knowledge-value", "limited, reasonable"),
    (rule(on('assurance ; sh:in ( "limited"@en )')), "knowledge-value", "limited"),
    (rule(on("assurance ; sh:in ( 3 )")), "knowledge-value", '"3"'),
    (rule(on('visited ; sh:in ( "true" )')), "knowledge-value", "true, false"),
    (rule(on("years ; sh:minInclusive 0.5")), "knowledge-value", "0.5"),
    (rule(on('share.checked ; sh:minInclusive "80 %"')), "knowledge-value", "80 %"),
    (rule(on('day ; sh:minInclusive "2025-02-30"^^xsd:date')), "knowledge-value", "2025-02-30"),
    (rule(on('day ; sh:minInclusive "2025-02-20"')), "knowledge-value", "xsd:date"),
    (rule(on('goods ; sh:pattern "29"')), "knowledge-value", "29"),
    (rule(on('goods ; sh:pattern "^(29$"')), "knowledge-value", "(29"),
    (rule(on('years ; sh:pattern "^3$"')), "knowledge-shape-kind", "integer"),
    (rule(on("years ; sh:in ( 3 )")), "knowledge-shape-kind", "integer"),
    (rule(on('goods ; sh:minInclusive "29"')), "knowledge-shape-kind", "text"),
    (rule(on("day ; sh:lessThan claim:years")), "knowledge-shape-kind", "date"),
    (rule(on("day ; sh:minCount 1 ; sh:lessThan claim:last")), "knowledge-shape-compared", "last"),
    (rule(on('target ; sh:in ( "T:R-9" )')), "knowledge-dangling", "T:R-9"),
    (rule(on('body ; sh:in ( "body:B" )')), "knowledge-dangling", "body:B"),
    (rule("[ sh:property [ sh:path cw:clause ; sh:minCount 1 ] ]"), "knowledge-dangling", "cw:clause"),
    (rule("[ sh:or [ rdf:first [] ] ]"), "knowledge-list", "rdf:rest"),
    (rule(on("years ; sh:minCount 1"), "cw:verdict cw:not-applicable ;"), "knowledge-verdict", "rule"),
    (rule("[ sh:property [ sh:minCount 1 ] ]"), "knowledge-missing", "sh:path"),
    (rule(on("years ; sh:minCount 1"), "cw:when [ ] ;"), "knowledge-shape-empty", "[ ]"),
    (arrangement('"T:R-9"'), "knowledge-dangling", "T:R-9"),
    (arrangement("inv:make"), "knowledge-dangling", "inv:make"),
    (
        arrangement(more='cw:start "2026-01-02"^^xsd:date ; cw:end "2026-01-01"^^xsd:date ;'),
        "knowledge-days",
        "2026-01-02",
    ),
    (arrangement(more='cw:start "2026-02-30"^^xsd:date ;'), "knowledge-value", "2026-02-30"),
]  # fmt: skip


@pytest.mark.parametrize(("turtle", "code", "word"), WRONG, ids=range(len(WRONG)))
def test_what_rules_may_not_say(turtle: str, code: str, word: str, compiled: Compiler) -> None:
    turtle = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n" + turtle
    with pytest.raises(KnowledgeError) as raised:
        compiled(turtle)
    assert raised.value.code == code
    assert word in raised.value.message("en")
    assert word in raised.value.message("zh")
    assert raised.value.where.endswith(("rule:N", "arr:N"))


def test_lint_tells_all_rules_that_are_wrong(base: list[Document]) -> None:
    turtle = rule(on("years")) + rule(on('target ; sh:in ( "T:R-9" )')).replace("rule:N", "rule:M").replace(
        '"N"', '"M"'
    )
    turtle += arrangement('"T:R-9"')
    found = lint_documents([*base, Document("more.ttl", "more.ttl", (PREFIXES + turtle).encode())])
    assert [(one.rule, one.subject, one.file) for one in found] == [
        ("recognition", subject, "more.ttl") for subject in ("arr:N", "rule:M", "rule:N")
    ]
    assert "T:R-9" in found[0].show("en")
    assert "请" in found[0].show("zh")


def test_a_level_rests_on_what_is_below(compiled: Compiler) -> None:
    turtle = """level:odd a cw:Level ; skos:notation "odd" ; cw:rank 2 ; cw:chains false ;
        cw:restsOnLevel level:rule ; skos:prefLabel "odd"@en, "奇"@zh ;
        skos:definition "Odd."@en, "奇。"@zh ."""
    with pytest.raises(KnowledgeError) as raised:
        compiled(turtle)
    assert raised.value.code == "knowledge-rank"


def test_a_field_is_of_a_known_kind(compiled: Compiler) -> None:
    turtle = """claim:odd a cw:ClaimField ; skos:notation "odd" ; cw:order 9 ; cw:valueKind "colour" ;
        skos:prefLabel "odd"@en, "奇"@zh ."""
    with pytest.raises(KnowledgeError) as raised:
        compiled(turtle)
    assert raised.value.code == "knowledge-value"
    assert "colour" in raised.value.message("en")


PACK = """
@prefix claim: <https://w3id.org/carbon-crosswalk/claim#> .
@prefix cw: <https://w3id.org/carbon-crosswalk/vocab#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/ours#> .
@prefix level: <https://w3id.org/carbon-crosswalk/level#> .
@prefix reg: <https://w3id.org/carbon-crosswalk/regime/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

ex:contract a cw:Source ; skos:notation "OURS" ; dcterms:title "Our supply contract" .
ex:pack a cw:Pack ; skos:notation "ours" ; skos:prefLabel "Our contract"@en, "本公司合同"@zh .
ex:X1 a cw:Rule ; skos:notation "X1" ; cw:pack ex:pack ; cw:level level:rule ; cw:severity cw:condition ;
    skos:prefLabel "Half of the data are primary."@en, "半数数据为初级数据。"@zh ;
    cw:when [ sh:property [ sh:path claim:target ; sh:minCount 1 ; sh:in ( "PACT:3.0" ) ] ] ;
    cw:requires [ sh:property [ sh:path claim:primary_data_share ; sh:minCount 1 ; sh:minInclusive 0.5 ] ] ;
    cw:clause "Annex 2" ; dcterms:source ex:contract ; cw:evidence cw:read .
ex:we a cw:Arrangement ; skos:notation "we-accept" ;
    skos:prefLabel "We accept footprints after ISO 14067"@en, "我方接受依 ISO 14067 的碳足迹"@zh ;
    cw:giver reg:ISO.14067-2018 ; cw:taker reg:PACT.3.0 ; cw:level level:rule ; cw:status cw:in-force ;
    cw:subjectTo ex:X1 ; cw:clause "Annex 2" ; dcterms:source ex:contract ; cw:evidence cw:read .
"""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "contract.ttl").write_text(PACK, encoding="utf-8")
    return tmp_path / "ours"


@pytest.mark.slow
def test_packs_of_users_are_linted(ours: Path) -> None:
    assert [one.show() for one in lint([ours]) if one.severity == "error"] == []


def test_users_add_packs_as_folders(ours: Path, cache_dir: Path) -> None:
    for _ in ("compiled", "from the cache"):
        found = load([ours]).recognition
        assert found.packs["ours"].rules == ("X1",)
        assert found.rules["X1"].iri == "http://example.org/ours#X1"
        assert found.rules["X1"].requires == Demand(
            field="primary_data_share", operator="at-least", values=("0.5",)
        )
        assert found.arrangements["we-accept"].conditions == ("X1",)
    assert "X1" not in load().recognition.rules
    assert set(load().recognition.rules) < set(found.rules)


# What is said in the real packs


@pytest.fixture(scope="module")
def real() -> Recognition:
    return load().recognition


def demands(condition: Condition | None) -> list[Demand]:
    if condition is None:
        return []
    if isinstance(condition, Demand):
        return [condition]
    return [test for one in condition.of for test in demands(one)]


def test_seven_levels_and_what_they_rest_on(real: Recognition) -> None:
    assert [(one.code, one.rank) for one in real.levels.values()] == list(
        zip(
            ("assessable", "reference", "method", "rule", "verification", "result", "label"),
            range(7),
            strict=True,
        )
    )
    assert {one.code for one in real.levels.values() if one.chains} == {"reference", "method"}
    assert set(real.levels["verification"].rests_on) == {"assessable", "reference"}
    assert set(real.levels["label"].rests_on) == set(real.levels) - {"label"}
    assert "rule" in real.levels["result"].rests_on


def test_every_level_has_a_ground_rule_for_any_target(real: Recognition) -> None:
    for level in real.levels:
        ground = [
            one
            for one in real.rules.values()
            if one.level == level and one.pack == "base" and one.when is None and one.severity == "block"
        ]
        # One of them asks for something to be stated: of nothing stated it proves nothing.
        assert any(test.required for one in ground for test in demands(one.requires)), level


def test_what_is_exported_holds_them_too(real: Recognition) -> None:
    index = build(all_documents())
    for name, found in (("Rule", real.rules), ("Body", real.bodies), ("Arrangement", real.arrangements)):
        assert set(index.of_type(name)) == {one.iri for one in found.values()}


def test_rules_say_what_must_hold(real: Recognition) -> None:
    for one in real.rules.values():
        assert one.label.en.endswith("."), one.code
        assert one.label.zh.endswith("。"), one.code
        assert one.statement.sources, one.code
        assert set(one.asks) <= set(real.fields), one.code
        # What follows from definitions of ours cites them, and nothing else of ours is called read.
        assert one.statement.evidence != "read" or "INFERENCE" not in one.statement.sources, one.code


def test_what_is_asked_for_can_be_stated(real: Recognition) -> None:
    """A rule on what is worked out alone says what one would state to change it, unless nothing would."""
    for one in real.rules.values():
        asked = set(one.asks) or {test.field for test in demands(one.requires)}
        if one.severity != "information" and all(real.fields[field].derived for field in asked):
            assert all(field.startswith("fact.") for field in asked), one.code
            assert one.code in {"G1", "R02", "R31", "R32", "R33", "R34", "R35"}, one.code


def test_the_numbers_of_the_schemes(real: Recognition) -> None:
    def bounds(code: str) -> set[tuple[str, str, str]]:
        return {
            (test.field, test.operator, value)
            for test in demands(real.rules[code].requires)
            for value in test.values
            if test.operator in ("at-least", "at-most", "above", "below")
        }

    assert bounds("R11") == {
        ("verification.coverage", "at-least", "0.80"),
        ("verification.coverage", "at-least", "0.95"),
    }
    assert bounds("R09") == {("price_years", "at-least", "3")}
    assert bounds("V03") == {("programme.sample_recalculations", "at-least", "3")}
    assert bounds("V04") == {("programme.validity_years", "at-most", "3")}
    assert bounds("R16") == {
        ("biogenic_share", "at-most", "0.05"),
        ("process_change_share", "at-most", "0.10"),
    }
    assert bounds("L03") == {("validity_years", "at-most", "2")}
    assert bounds("R17") == {("management_system_months", "at-least", "3")}
    assert bounds("R14") == {("change_share", "at-most", "0.10"), ("change_share", "at-most", "0.20")}


def test_no_arrangement_accepts_and_refuses_one_pair(real: Recognition) -> None:
    """What one source grants and another denies is stated in one arrangement, and not as in force."""
    for one, other in itertools.combinations(real.arrangements.values(), 2):
        if {one.status, other.status} & {"refused", "ended", "suspended"} and "in-force" in (
            one.status,
            other.status,
        ):
            pairs = [
                {
                    (giver, taker, level)
                    for giver in x.givers
                    for taker in x.takers
                    for level in x.levels
                    if giver != taker
                }
                for x in (one, other)
            ]
            assert not pairs[0] & pairs[1], (one.code, other.code)


def test_no_body_is_both_in_and_out_of_the_union(real: Recognition) -> None:
    def groups(code: str) -> set[str]:
        above = set(real.bodies[code].member_of)
        return above.union(*map(groups, above))

    for code in real.bodies:
        assert not {"EU-NAB", "NON-EU-AB"} <= groups(code), code
    assert "IAF-MLA" in groups("CNAS") & groups("UKAS") & groups("DAkkS")

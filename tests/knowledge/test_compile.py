from __future__ import annotations

from collections.abc import Callable

import pytest

from crosswalk.errors import KnowledgeError
from crosswalk.knowledge.catalogue import Alias, Catalogue, Effect, Input, Selection, Term
from crosswalk.knowledge.records import Text

Compiled = Callable[[str], Catalogue]


@pytest.fixture
def catalogue(compiled: Compiled) -> Catalogue:
    return compiled("")


def test_numbers_keep_their_spelling(catalogue: Catalogue) -> None:
    assert catalogue.gwp_sets["S"].values == {"X4": {"": "29.80", "tree": "27.0"}}
    assert catalogue.regimes["T:R-1"].requirements["wood"].limit == "0.030"
    assert catalogue.options["wood.out"].effects[0].weight == "-0.50"
    assert catalogue.profiles["P"].assumptions[1].share_at_most == "0.01"


def test_factors_not_firmly_known_are_listed(catalogue: Catalogue) -> None:
    assert catalogue.gwp_sets["S"].weak == ("X4/tree",)
    assert catalogue.gwp_sets["S"].horizon == 100


def test_a_set_that_is_not_firm_makes_its_factors_weak(compiled: Compiled) -> None:
    found = compiled(
        'gwp:W a cw:GwpSet ; skos:notation "W" ; cw:horizon 20 ; skos:prefLabel "W"@en, "W 集"@zh ;'
        ' cw:clause "1" ; dcterms:source src:T ; cw:evidence cw:memory .'
        " [] a cw:Characterisation ; cw:gwpSet gwp:W ; cw:gas inv:X4 ; cw:value 80 ."
        " [] a cw:Characterisation ; cw:gwpSet gwp:W ; cw:gas inv:X4 ; cw:origin inv:tree ; cw:value 81 ;"
        "    cw:evidence cw:read ."
    )
    assert found.gwp_sets["W"].weak == ("X4/",)


def test_gas_families_include_their_ancestors(catalogue: Catalogue) -> None:
    assert catalogue.gases["X4"].families == ("any-gas", "light")
    assert catalogue.activities["burn-wood"].broader == "burn"


def test_effects(catalogue: Catalogue) -> None:
    taken_out = Selection(stages=("make",), gases=("X4",))
    assert catalogue.options["wood.out"].effects == (
        Effect(on=Selection(origins=("tree",), excepts=(taken_out,)), weight="-0.50", when="gwp.s"),
        Effect(on=Selection(activities=("burn-wood",)), as_origin="ground"),
        Effect(on=Selection(families=("light",)), out_of_scope=True),
    )
    assert catalogue.options["gwp.s"].effects == (Effect(characterised_by="S"),)
    assert catalogue.options["wood.in"].neutral
    assert catalogue.dimensions["wood"].options == ("wood.in", "wood.out")


def test_requirements_and_dates(catalogue: Catalogue) -> None:
    regime = catalogue.regimes["T:R-1"]
    wood = regime.requirements["wood"]
    assert (wood.permits, wood.prefers, wood.lines) == (("wood.in", "wood.out"), "wood.in", ("wood",))
    assert wood.modality == "unknown"
    assert wood.statement.clause == "unknown"
    assert wood.statement.sources == ("T",)
    assert wood.statement.evidence == "presumed"
    assert wood.statement.note == Text(en="Made up.", zh="虚构。")
    assert regime.builds_on == ("T:R-0",)
    assert [(date.event, date.date) for date in regime.dates] == [("issued", "2020-01-31")]


def test_formats(catalogue: Catalogue) -> None:
    found = catalogue.formats["F"]
    total, wood = found.fields["total"], found.fields["wood"]
    assert (total.basis, total.scale, total.headline, total.on) == ("co2e", "1", 1, Selection())
    assert (total.spellings, total.hints) == (("Total",), ("sum",))
    assert (wood.basis, wood.scale, wood.sign, wood.under) == ("carbon", "44/12", "+", ("wood.in",))
    assert wood.readings == (Selection(origins=("tree",)), Selection(origins=("ground",)))
    assert wood.on == wood.readings[0]
    assert found.identities["sum"].terms == (
        Term(field="total", coefficient="1"),
        Term(field="wood", coefficient="-44/12"),
    )
    assert found.administrative == ("date", "id")


def test_an_alias_is_one_record_a_kind_and_spelling(catalogue: Catalogue) -> None:
    assert catalogue.aliases == (
        Alias(spelling="x-four", kind="gas", denotes=("X4",)),
        Alias(spelling="R", kind="option", denotes=("gwp.s",), used_by="nobody"),
        Alias(spelling="Regime R", kind="option", denotes=("gwp.s",), used_by="nobody"),
        Alias(spelling="R", kind="regime", denotes=("T:R-1",), undescribed=("T:R-2",), used_by="nobody"),
        Alias(
            spelling="Regime R", kind="regime", denotes=("T:R-1",), undescribed=("T:R-2",), used_by="nobody"
        ),
    )


def test_profiles_operations_units_cells(catalogue: Catalogue) -> None:
    balance = catalogue.profiles["P"].assumptions[0].balance
    assert balance is not None
    assert balance.terms == (("1", Selection(origins=("tree",))), ("-44/16", Selection(origins=("ground",))))
    assert catalogue.operations["OP-T"].inputs == (
        Input(code="", label=Text(en="gas masses", zh="气体质量")),
    )
    assert catalogue.units["stone"].expression == "6.35 * kilogram"
    assert catalogue.cell_families[0].origins == ("ground", "tree")


def test_constants_and_rules_for_goods(catalogue: Catalogue) -> None:
    constant = catalogue.operations["OP-T"].constants["n"]
    assert (constant.value, constant.unit, constant.statement.clause) == ("2.50", "1", "4")
    requirement = catalogue.regimes["T:R-1"].requirements["wood"]
    (rule,) = requirement.goods
    assert rule.permits == ("wood.in",)
    for goods in ("4407", "94 03", "planks", "木板", " Planks "):
        assert requirement.rule(goods) is rule
    # Codes that are left out, that may hold some of these, and that nobody named.
    for other in ("9401 10", "94", "4", "beams", "", None):
        assert requirement.rule(other) is None
    assert catalogue.regimes["T:R-1"].requirements["gwp"].rule("4407") is None


def test_a_user_folder_may_add_a_regime(compiled: Compiled) -> None:
    found = compiled(
        'reg:Q a cw:Regime ; skos:notation "T:Q" ; cw:authority "T" ; cw:edition "2" ; cw:status "draft" ;'
        ' skos:prefLabel "Q"@en, "Q 制度"@zh ; dcterms:source src:T .'
        " [] a cw:Requirement ; cw:regime reg:Q ; cw:dimension dim:wood ; cw:modality cw:may ;"
        ' cw:clause "9" ; dcterms:source src:T ; cw:evidence cw:read ; cw:permits opt:wood.out .'
    )
    assert sorted(found.regimes) == ["T:Q", "T:R-1"]
    assert found.regimes["T:Q"].requirements["wood"].permits == ("wood.out",)


INCOMPLETE = {
    "knowledge-dangling": "inv:X4 cw:gasFamily inv:nil .",
    "knowledge-duplicate": 'inv:Z a cw:Stage ; skos:notation "make" ; skos:prefLabel "Z"@en, "Z 段"@zh .',
    "knowledge-effect": "opt:wood.in cw:effect [ cw:on [] ] .",
    "knowledge-foreign-option": "<https://w3id.org/carbon-crosswalk/regime/R/gwp> cw:permits opt:wood.in .",
    "knowledge-language": 'inv:Z a cw:Stage ; skos:notation "Z" ; skos:prefLabel "Z"@en .',
    "knowledge-missing": 'inv:Z a cw:Stage ; skos:prefLabel "Z"@en, "Z 段"@zh .',
    "knowledge-preference": "<https://w3id.org/carbon-crosswalk/regime/R/gwp> cw:prefers opt:gwp.t ."
    ' opt:gwp.t a cw:Option ; cw:dimension dim:gwp ; skos:notation "t" ; cw:neutral true ;'
    ' skos:prefLabel "t"@en, "t 项"@zh .',
    "knowledge-several": "<https://w3id.org/carbon-crosswalk/regime/R/wood> cw:limit 0.5 .",
    "knowledge-value": "[] a cw:Characterisation ; cw:gwpSet gwp:S ; cw:gas inv:X4 ; cw:origin inv:ground ;"
    ' cw:value "NaN" .',
}


@pytest.mark.parametrize("code", INCOMPLETE)
def test_what_is_incomplete_is_refused(code: str, compiled: Compiled) -> None:
    with pytest.raises(KnowledgeError) as caught:
        compiled(INCOMPLETE[code])
    assert caught.value.code == code
    assert caught.value.where.partition(": ")[0].endswith(".ttl")
    assert caught.value.message("en") != caught.value.message("zh")

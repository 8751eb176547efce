from __future__ import annotations

import msgspec
import pytest

from crosswalk.convert import convert
from crosswalk.engine.cells import Universe
from crosswalk.engine.scenarios import groups, prune, scenarios
from crosswalk.engine.study import Study
from crosswalk.errors import UnknownNameError, UsageError
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Absence, Disclosure, Footprint
from crosswalk.formats import read
from crosswalk.inspection import inspect
from crosswalk.knowledge.catalogue import Catalogue, Selection
from crosswalk.results import Conversion
from tests.engine.conftest import NOTHING_ELSE, PLAIN, SIGNED, absent, carbon, footprint, mass, total


def _step(found: Conversion, dimension: str):
    return next(step for step in found.steps if step.dimension == dimension)


def test_a_gas_split_moves_the_value_by_the_methane_alone(catalogue: Catalogue) -> None:
    gases = [mass("CO2", "fossil", "2.949"), mass("CH4", "fossil", "0.0110")]
    made = footprint(
        "GBT:24067-2024", gases, method={**PLAIN, "gwp-set": "ar5-28"}, absences=NOTHING_ELSE, complete=True
    )
    found = convert(made, to="PACT:3.0", catalogue=catalogue)
    step = _step(found, "gwp-set")
    assert (step.from_, step.to, step.operation, step.class_) == (
        ("gwp-set.ar5-28",),
        ("gwp-set.ar6-t715",),
        "OP-GWP",
        "exact",
    )
    assert step.delta.low == pytest.approx(0.01095 * 1.8, rel=1e-12)
    assert step.delta.high == pytest.approx(0.01105 * 1.8, rel=1e-12)
    assert found.value == 3.2768


def test_a_total_alone_says_what_is_missing(catalogue: Catalogue) -> None:
    made = footprint("GBT:24067-2024", [total("3.27")], method={**PLAIN, "gwp-set": "ar5-28"})
    found = convert(made, to="PACT:3.0", catalogue=catalogue)
    assert not found.answered
    assert found.refusal is not None
    assert found.class_ == "unbridgeable"
    assert found.guaranteed.high is None
    assert found.guaranteed.high_reason is not None
    assert found.value is None
    assert "gas.other" in [gap.item for gap in found.gaps]


def test_assumptions_are_kept_apart(catalogue: Catalogue) -> None:
    made = footprint("GBT:24067-2024", [total("3.27")], method={**PLAIN, "gwp-set": "ar5-28"})
    found = convert(made, to="PACT:3.0", assume=["fossil-polymer"], catalogue=catalogue)
    assert found.answered
    assert found.class_ == "estimated"
    assert found.guaranteed.high is None
    assert found.assumed is not None
    assert found.assumed.low is not None
    assert found.assumed.high is not None
    assert 2.9 < found.assumed.low < 3.27 < found.assumed.high < 3.6
    assert {a.evidence for a in found.assumed.assumptions} == {"inferred"}


def test_assumptions_that_contradict_the_file_give_no_answer(catalogue: Catalogue) -> None:
    made = footprint("GBT:24067-2024", [total("1.0"), carbon("0.4")], method=PLAIN)
    found = convert(made, to="PACT:3.0", assume=["fossil-polymer"], catalogue=catalogue)
    assert found.assumed is not None
    assert found.assumed.low_reason is not None
    assert not found.answered


def test_stored_carbon_is_the_gap_between_iso_and_ghg_protocol(catalogue: Catalogue) -> None:
    """The MDF case (IJERPH 2018, 15, 2060); its carbon is derived from the gap: sign and sum are tested."""
    method = {
        **PLAIN,
        "uptake-at-gate": "not-in-total",
        "gwp-set": "ar5-28",
        "land-management": "not-in-total",
    }
    method |= {"ccs": "not-deducted", "ghg-set": "ipcc-all"}
    without = convert(
        footprint("ISO:14067-2018", [total("816.92")], method=method),
        to="GHGP:PRODUCT-2011",
        catalogue=catalogue,
    )
    assert not without.answered
    assert without.gaps[0].item == "biogenic-carbon-content"
    assert without.value is None
    known = footprint("ISO:14067-2018", [total("816.92"), carbon("402.36")], method=method)
    found = convert(known, to="GHGP:PRODUCT-2011", catalogue=catalogue)
    assert found.answered
    assert found.guaranteed.low is not None
    assert found.guaranteed.high is not None
    assert found.guaranteed.low <= -658.42 <= found.guaranteed.high
    assert found.value == pytest.approx(816.92 - 402.36 * 44 / 12, rel=1e-12)


def test_what_contradicts_itself_is_not_converted(catalogue: Catalogue) -> None:
    gases = [total("3.27"), mass("CO2", "fossil", "2.000"), mass("CH4", "fossil", "0.0110")]
    made = footprint(
        "GBT:24067-2024", gases, method={**PLAIN, "gwp-set": "ar5-28"}, absences=NOTHING_ELSE, complete=True
    )
    found = convert(made, to="PACT:3.0", catalogue=catalogue)
    assert not found.answered
    assert found.inconsistencies[0].fields == ("total", "CH4 fossil", "CO2 fossil")
    assert inspect(made, catalogue=catalogue).inconsistencies == found.inconsistencies


def test_a_printed_total_gives_way_to_masses_that_are_told_more_closely(catalogue: Catalogue) -> None:
    """A total of 2.0 may be 2.04; where the masses say so, 2.0 is no figure for it."""
    made = footprint(
        "PACT:3.0",
        [total("2.0"), mass("CO2", "fossil", "2.040")],
        method={**PLAIN, "gwp-set": "ar6-t715", "ghg-set": "pact-list"},
        absences=NOTHING_ELSE,
        complete=True,
        exempted="0",
    )
    found = convert(made, to="TFS:3.0", catalogue=catalogue)
    assert (found.guaranteed.low, found.guaranteed.high) == (2.0395, 2.0405)
    assert found.value == 2.0395


def test_gb_to_iso_is_provisional_and_names_what_is_presumed(catalogue: Catalogue) -> None:
    for one, other in (("GBT:24067-2024", "ISO:14067-2018"), ("ISO:14067-2018", "GBT:24067-2024")):
        found = convert(footprint(one, [total("2.0")], method=PLAIN), to=other, catalogue=catalogue)
        assert found.provisional
        presumed = [c for c in found.provisional_reasons if c.evidence == "presumed"]
        assert presumed
        assert all(c.iri and c.clause for c in presumed)


def test_a_model_choice_the_target_forbids_is_refused_or_called_an_estimate(catalogue: Catalogue) -> None:
    gases = [mass("CO2", "fossil", "2.949"), mass("CH4", "fossil", "0.0110")]
    method = {**PLAIN, "gwp-set": "ar5-28", "recycling": "open-loop"}
    made = footprint("ISO:14067-2018", gases, method=method, absences=NOTHING_ELSE, complete=True)
    refused = convert(made, to="GHGP:PRODUCT-2011", catalogue=catalogue)
    assert not refused.answered
    assert refused.class_ == "unbridgeable"
    assert _step(refused, "recycling").class_ == "unbridgeable"
    assert (refused.value, refused.guaranteed.low, refused.guaranteed.high) == (None, None, None)
    allowed = convert(made, to="GHGP:PRODUCT-2011", allow=["estimated"], catalogue=catalogue)
    assert allowed.answered
    assert allowed.class_ == "estimated"
    assert (allowed.value, allowed.guaranteed.low) == (None, None)
    assert allowed.assumed is not None
    assert [used.code for used in allowed.assumed.assumptions] == ["kept.recycling"]
    assert allowed.assumed.low == pytest.approx(2.9485 + 0.01095 * 28)


def test_a_model_choice_nobody_stated_is_named_as_a_condition(catalogue: Catalogue) -> None:
    made = footprint("ISO:14067-2018", [total("2.0")], method=PLAIN)
    found = convert(made, to="GHGP:PRODUCT-2011", catalogue=catalogue)
    recycling = next(o for o in found.open_options if o.dimension == "recycling")
    assert recycling.family == "model"
    assert set(recycling.permitted) < set(recycling.options)


def test_an_ambiguous_label_is_open_and_its_options_are_compared(catalogue: Catalogue) -> None:
    gases = [mass("CO2", "fossil", "1.600"), total("1.936")]
    made = footprint(
        "GBT:24067-2024",
        gases,
        method={**PLAIN, "gwp-set": ("ar5-28", "ar5-30")},
        absences=(*NOTHING_ELSE, absent()),
    )
    only_methane = Footprint(
        **{f: getattr(made, f) for f in made.__struct_fields__ if f != "absences"},
        absences=(*NOTHING_ELSE, _absence_of_all_but("CO2", "CH4")),
    )
    found = convert(only_methane, to="PACT:3.0", catalogue=catalogue)
    option = next(o for o in found.open_options if o.dimension == "gwp-set")
    assert option.stated
    assert option.deciding
    results = dict(option.results)
    low = 1.6 + 0.336 * 29.8 / 30
    high = 1.6 + 0.336 * 29.8 / 28
    assert results["gwp-set.ar5-30"].low < low < results["gwp-set.ar5-30"].high
    assert results["gwp-set.ar5-28"].low < high < results["gwp-set.ar5-28"].high
    assert found.guaranteed.low == results["gwp-set.ar5-30"].low
    assert found.guaranteed.high == results["gwp-set.ar5-28"].high
    assert found.class_ == "bounded"


def _absence_of_all_but(*gases: str):
    return Absence(name="other", path="absent", on=Selection(excepts=(Selection(gases=gases),)))


def test_a_mixture_of_sets_is_not_re_expressed(catalogue: Catalogue) -> None:
    made = footprint("GHGP:PRODUCT-2011", [total("2.0")], method={**PLAIN, "gwp-set": ("ar5-28", "ar6-t715")})
    mixed = msgspec.structs.replace(made, mixed=("gwp-set",))
    found = convert(mixed, to="PACT:3.0", catalogue=catalogue)
    assert not found.answered
    assert found.refusal is not None
    assert "gwp-set" in found.refusal.en
    assert convert(mixed, to="GHGP:PRODUCT-2011", catalogue=catalogue).value == 2.0


def test_options_another_effect_hangs_on_are_never_merged(catalogue: Catalogue) -> None:
    """Gate and grave are alike where nothing comes after the gate, but for what is credited at the gate."""
    later = Absence(name="later", path="absent", on=Selection(stages=("distribution", "use", "end-of-life")))
    method = {**PLAIN, "uptake-at-gate": "not-in-total", "gwp-set": "ar6-t715", "ghg-set": "ipcc-all"}
    method |= {"ccs": "physical-flows", "land-management": "in-total", "carbon-not-released": "not-credited"}
    found = {}
    for boundary in (("cradle-to-gate", "cradle-to-grave"), ("cradle-to-grave", "cradle-to-gate")):
        made = footprint(
            "GBT:24067-2024",
            [total("1.00"), carbon("0.300")],
            method={**method, "boundary": boundary},
            absences=(later, absent(*(a for a in SIGNED if a != "uptake"))),
        )
        answer = convert(made, to="GHGP:PRODUCT-2011", catalogue=catalogue)
        found[boundary] = (answer.class_, answer.guaranteed.low, answer.guaranteed.high)
    low = 0.995 - 0.3005 * 44 / 12
    assert len(set(found.values())) == 1
    assert found[boundary] == ("bounded", pytest.approx(low, rel=1e-12), 1.005)


def test_a_complete_list_says_nothing_of_what_the_study_did_not_look_at(catalogue: Catalogue) -> None:
    method = {**PLAIN, "gwp-set": "ar6-t715", "dluc": "excluded", "ghg-set": "ipcc-all"}
    made = footprint(
        "ISO:14067-2018",
        [mass("CO2", "fossil", "2.000")],
        method=method,
        absences=(absent(*SIGNED),),
        complete=True,
    )
    found = convert(made, to="GHGP:PRODUCT-2011", catalogue=catalogue)
    assert found.guaranteed.high is None
    assert [gap.item for gap in found.gaps] == ["land-use-change"]


def test_a_choice_stated_as_one_of_several_is_met_only_if_all_are_permitted(catalogue: Catalogue) -> None:
    method: dict[str, str | tuple[str, ...]] = {**PLAIN, "recycling": ("cff", "recycled-content")}
    found = convert(
        footprint("ISO:14067-2018", [total("2.0")], method=method), to="PACT:3.0", catalogue=catalogue
    )
    choice = next(o for o in found.open_options if o.dimension == "recycling")
    assert choice.stated
    assert choice.permitted == ("recycling.recycled-content",)


def test_rounding_of_the_share_left_out_counts(catalogue: Catalogue) -> None:
    for share, spread, high in (("0.06", "0", 6 / 94), ("0.06", "0.01", 7 / 93), ("0.04", "0.02", 6 / 94)):
        made = msgspec.structs.replace(
            footprint(
                "GBT:24067-2024",
                [mass("CO2", "fossil", "100.0")],
                method={**PLAIN, "gwp-set": "ar6-t715", "ghg-set": "ipcc-all", "cut-off": "numeric"},
                absences=NOTHING_ELSE,
                complete=True,
            ),
            exempted=Quantity.of(share, half=spread),
        )
        found = convert(made, to="PACT:3.0", catalogue=catalogue)
        assert found.guaranteed.high == pytest.approx(100.05 * (1 + high), rel=1e-12)


def test_what_no_cell_can_hold_is_not_called_a_contradiction(catalogue: Catalogue) -> None:
    wrong = Disclosure(
        name="use",
        path="stages.use",
        field="stage.use",
        on=Selection(stages=("use",), gases=("CO2",), origins=("fossil",)),
        quantity=Quantity.of("-0.2"),
    )
    made = footprint(
        "ISO:14067-2018", [total("2.5"), wrong], method={"boundary": "cradle-to-grave", "ccs": "not-deducted"}
    )
    found = convert(made, to="GHGP:PRODUCT-2011", catalogue=catalogue)
    assert not found.answered
    assert not found.inconsistencies
    assert found.refusal is not None
    assert "use" in found.refusal.en
    assert inspect(made, catalogue=catalogue).consistent


def test_an_option_its_own_regime_forbids_is_remarked_on(catalogue: Catalogue) -> None:
    made = footprint("ISO:14067-2018", [total("2.0")], method={**PLAIN, "biogenic-co2": "zero-zero"})
    found = convert(made, to="ISO:14067-2018", catalogue=catalogue)
    assert found.value == 2.0
    assert any("biogenic-co2.zero-zero" in note.en for note in found.notes)


def test_too_many_open_choices_are_a_refusal_not_an_accident(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crosswalk.engine.scenarios.MOST", 1)
    made = footprint("GBT:24067-2024", [total("2.0")], method=PLAIN, absences=NOTHING_ELSE)
    found = convert(made, to="PACT:3.0", catalogue=catalogue)
    assert not found.answered
    assert found.refusal is not None
    assert "gwp-set" in found.refusal.en
    assert found.guaranteed.low is None


def test_a_missing_stage_is_named_though_it_cannot_be_nothing(catalogue: Catalogue) -> None:
    gases = [mass("CO2", "fossil", "2.949"), mass("CH4", "fossil", "0.0110")]
    made = footprint(
        "GBT:24067-2024", gases, method={**PLAIN, "gwp-set": "ar5-28"}, absences=NOTHING_ELSE, complete=True
    )
    grave = msgspec.structs.replace(
        catalogue.regimes["GHGP:PRODUCT-2011"].requirements["boundary"],
        permits=("boundary.cradle-to-grave",),
        prefers="boundary.cradle-to-grave",
    )
    ghgp = catalogue.regimes["GHGP:PRODUCT-2011"]
    strict = msgspec.structs.replace(ghgp, requirements={**ghgp.requirements, "boundary": grave})
    only = msgspec.structs.replace(catalogue, regimes={**catalogue.regimes, ghgp.code: strict})
    found = convert(made, to=ghgp.code, catalogue=only)
    assert not found.answered
    assert {"stage.use", "stage.end-of-life"} & {gap.item for gap in found.gaps}
    assert all(gap.narrows_to.low is None for gap in found.gaps if gap.item.startswith("stage."))


def test_a_requirement_that_is_missing_makes_an_answer_provisional(catalogue: Catalogue) -> None:
    pact = catalogue.regimes["PACT:3.0"]
    fewer = {code: asked for code, asked in pact.requirements.items() if code != "gwp-set"}
    only = msgspec.structs.replace(
        catalogue, regimes={**catalogue.regimes, pact.code: msgspec.structs.replace(pact, requirements=fewer)}
    )
    found = convert(footprint("ISO:14067-2018", [total("2.0")], method=PLAIN), to="PACT:3.0", catalogue=only)
    assert "PACT:3.0 gwp-set" in {cited.about for cited in found.provisional_reasons}


def test_names_that_are_not_known_are_errors(catalogue: Catalogue) -> None:
    made = footprint(None, [total("1")])
    with pytest.raises(UsageError):
        convert(made, to="PACT:3.0", catalogue=catalogue)
    with pytest.raises(UnknownNameError):
        convert(made, to="PACT:9", source="ISO:14067-2018", catalogue=catalogue)
    with pytest.raises(UnknownNameError):
        convert(made, to="PACT:3.0", source="ISO:14067-2018", assume=["nothing"], catalogue=catalogue)
    with pytest.raises(UsageError):
        convert(made, to="PACT:3.0", source="ISO:14067-2018", allow=["anything"], catalogue=catalogue)


def test_pruned_scenarios_are_inside_the_ones_kept(universe: Universe, catalogue: Catalogue) -> None:
    """What pruning leaves out is answered no wider by what it keeps."""
    from crosswalk.engine.explain import hull
    from crosswalk.engine.plan import live
    from crosswalk.engine.program import Program

    target = catalogue.regimes["GHGP:PRODUCT-2011"]
    method = {"boundary": "cradle-to-gate", "gwp-set": "ar5-28", "ccs": "physical-flows"}
    made = footprint(
        "ISO:14067-2018",
        [total("2.000")],
        method=method,
        absences=(absent(origins=("biogenic", "land", "air")), absent(*SIGNED)),
    )
    study = Study(made, catalogue.regimes["ISO:14067-2018"], universe)
    alive = live(study, target)
    parts = groups(study, target, alive)
    fewer = prune(study, parts, alive)
    every, kept = list(scenarios(study, parts)), list(scenarios(study, fewer))
    assert len(kept) < len(every)

    def bounds(some):
        intervals = [
            Program(
                universe,
                study.rows(s.source, s.reading),
                study.dead(s.source),
                [study.total(s.source, s.target)],
            ).interval(0)
            for s in some
        ]
        return hull(i for i in intervals if i is not None)

    assert bounds(every) == bounds(kept)


def test_results_are_plain_data_with_every_key(catalogue: Catalogue) -> None:
    found = convert(read("examples/polyethylene.json", catalogue), to="PACT:3.0", catalogue=catalogue)
    plain = found.to_dict()
    assert {
        "source",
        "target",
        "declared_unit",
        "class",
        "guaranteed",
        "assumed",
        "steps",
        "gaps",
    } <= plain.keys()
    assert {"inconsistencies", "open_options", "provisional", "unused_fields", "knowledge"} <= plain.keys()
    step = next(s for s in plain["steps"] if s["dimension"] == "gwp-set")
    assert {"dimension", "from", "to", "operation", "class", "delta", "clauses", "evidence"} <= step.keys()
    assert msgspec.json.decode(msgspec.json.encode(plain)) == plain
    assert list(found.to_frame()["dimension"])[-1] == "total"


def test_a_study_net_of_credits_says_what_its_bounds_rest_on(catalogue: Catalogue) -> None:
    gases = [mass("CO2", "fossil", "2.949"), mass("CH4", "fossil", "0.0110")]
    method = {**PLAIN, "gwp-set": "ar5-28"}
    for options, said in ((("substitution",), True), (("mass",), False)):
        made = footprint(
            "ISO:14067-2018",
            gases,
            method={**method, "allocation": options},
            absences=NOTHING_ELSE,
            complete=True,
        )
        found = convert(made, to="ISO:14067-2018", catalogue=catalogue)
        assert any("allocation.substitution" in note.en for note in found.notes) is said

"""What a cut-off left out: the whole, and the values a stricter target would still accept."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import pytest

from crosswalk import convert
from crosswalk.engine.study import Study
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.knowledge.catalogue import Selection
from crosswalk.knowledge.load import load
from crosswalk.lookup import universe_of
from crosswalk.results import Conversion
from tests.engine import conftest as made
from tests.engine.operations.conftest import q

F = Fraction


def study(share: Quantity) -> Footprint:
    plain = made.footprint(
        "PACT:3.0",
        [msgspec.structs.replace(made.mass("CO2", "fossil", "2"), quantity=q("2"))],
        method={**made.PLAIN, "gwp-set": "ar6-t715", "cut-off": "numeric", "biogenic-co2": "zero-zero"},
        absences=made.NOTHING_ELSE,
        complete=True,
    )
    return msgspec.structs.replace(plain, exempted=share)


def noted(answer: Conversion) -> list[str]:
    return [note.en for note in answer.notes if "was left out and" in note.en]


def test_the_vector() -> None:
    # Fixture C.3 of the research notes on wider regimes: P = 2.000 and x = 4.5 % give 2.0942 in full, and
    # under a limit of 3 % a value from 2.0314 to 2.0942 is admissible.
    answer = convert(study(q("0.045")), to="CATENAX:4")
    full = 2 / (1 - F("0.045"))
    assert answer.class_ == "bounded"
    assert (answer.guaranteed.low, answer.guaranteed.high) == (2.0, pytest.approx(float(full)))
    assert round(float(full), 4) == 2.0942
    assert round(float(full * F("0.97")), 4) == 2.0314
    (note,) = noted(answer)
    assert "4.5 % was left out and CATENAX:4 allows 3 %" in note
    assert "the whole is 2.09424, and a value from 2.03141 to 2.09424 would do" in note


def test_five_percent_makes_the_whole_1_0526_times_as_much() -> None:
    answer = convert(study(q("0.05")), to="CATENAX:4")
    assert answer.guaranteed.high is not None
    assert round(answer.guaranteed.high / 2, 4) == 1.0526


def test_rounding_of_the_share_widens_both_ends() -> None:
    answer = convert(study(Quantity.of("0.045")), to="CATENAX:4")
    assert answer.guaranteed.high == pytest.approx(float(2 / (1 - F("0.0455"))))
    (note,) = noted(answer)
    assert f"from {float(2 * F('0.97') / (1 - F('0.0445'))):.6g} to" in note


@pytest.mark.parametrize(
    ("share", "target"), [("0.045", "PACT:2.3"), ("0.029", "CATENAX:4"), ("0.03", "TFS:3.0")]
)
def test_within_the_limit_nothing_is_added_and_nothing_is_said(share: str, target: str) -> None:
    answer = convert(study(q(share)), to=target)
    assert answer.value == 2.0
    assert not noted(answer)


def test_it_is_said_in_both_languages() -> None:
    answer = convert(study(q("0.045")), to="CATENAX:4")
    assert any("略去 4.5 %" in note.zh and "2.03141 至 2.09424" in note.zh for note in answer.notes)


# Nobody says how much was left out: what the regime of the study permits is the most.


def silent(source: str = "PACT:3.0", cut_off: str | None = "numeric", **given: Any) -> Footprint:
    chosen = {**made.PLAIN, "gwp-set": "ar6-t715", "biogenic-co2": "zero-zero", "ghg-set": "pact-list"}
    if cut_off is not None:
        chosen["cut-off"] = cut_off
    masses = [msgspec.structs.replace(made.mass("CO2", "fossil", "2"), quantity=q("2"))]
    plain = made.footprint(source, masses, method=chosen, absences=made.NOTHING_ELSE, complete=True)
    return msgspec.structs.replace(plain, **given)


def ends(answer: Conversion) -> tuple[float | None, float | None]:
    return answer.guaranteed.low, answer.guaranteed.high


def said(answer: Conversion, words: str) -> bool:
    return any(words in note.en for note in answer.notes)


def exclusions(most: str) -> Disclosure:
    return Disclosure(
        name="exclusions",
        path="exclusions",
        field="exclusions",
        on=Selection(activities=("exempted",)),
        quantity=q(most),
        under=("cut-off.none",),
        limit="most",
    )


@pytest.mark.parametrize("cut_off", ["numeric", None])
@pytest.mark.parametrize(
    ("source", "target", "share"),
    [
        ("PACT:3.0", "CATENAX:4", "0.05"),
        ("PACT:2.3", "TFS:3.0", "0.05"),
        ("BSI:PAS2050-2011", "CATENAX:4", "0.05"),
    ],
)
def test_a_share_nobody_states_is_what_the_regime_of_the_study_permits(
    source: str, target: str, share: str, cut_off: str | None
) -> None:
    answer = convert(silent(source, cut_off), to=target)
    low, high = ends(answer)
    assert (low, high) == (2.0, pytest.approx(float(2 / (1 - F(share))), abs=1e-12))
    assert answer.class_ == "bounded"
    assert said(answer, f"{source} permits up to 5 % to be left out and {target} 3 %")
    assert "exclusions" in [gap.item for gap in answer.gaps]


def test_it_rests_on_the_limit_of_both_regimes() -> None:
    answer = convert(silent("PACT:3.0"), to="CATENAX:4")
    (step,) = [step for step in answer.steps if step.dimension == "cut-off"]
    assert [cited.about for cited in step.clauses] == ["CATENAX:4 cut-off", "PACT:3.0 cut-off"]
    # That version 3 still has the limit is presumed.
    assert "PACT:3.0 cut-off" in [cited.about for cited in answer.provisional_reasons]


@pytest.mark.parametrize("target", ["PACT:2.3", "PACT:3.0", "CATENAX:3"])
def test_where_the_target_permits_as_much_nothing_moves(target: str) -> None:
    answer = convert(silent("CATENAX:4" if target == "CATENAX:3" else "PACT:2.3"), to=target)
    assert answer.value == 2.0
    assert not answer.gaps


@pytest.mark.parametrize(
    "given",
    [
        {"exempted": q("0")},
        {"absences": (*made.NOTHING_ELSE, made.absent("exempted"))},
        {"method": {**silent().method, "cut-off": ("cut-off.none",)}},
    ],
    ids=["share", "absent", "method"],
)
@pytest.mark.parametrize("source", ["PACT:3.0", "ISO:14067-2018"])
def test_nothing_left_out_is_exact_and_needs_no_condition(source: str, given: dict[str, Any]) -> None:
    answer = convert(silent(source, **given), to="CATENAX:4")
    assert (answer.value, answer.class_, answer.gaps) == (2.0, "exact", ())
    assert not said(answer, "left out")


@pytest.mark.parametrize(
    ("source", "cut_off"),
    [("ISO:14067-2018", "significance"), ("ISO:14067-2018", None), ("PACT:3.0", "significance")],
)
def test_without_a_known_limit_the_answer_names_its_condition(source: str, cut_off: str | None) -> None:
    """The last study did what its regime does not permit, so that its limit says nothing of it."""
    answer = convert(silent(source, cut_off), to="CATENAX:4")
    assert answer.value == 2.0
    assert said(answer, f"{source} limits no share of the footprint, CATENAX:4 allows 3 %")
    assert [gap.item for gap in answer.gaps] == ["exclusions"]


def test_the_condition_is_named_in_both_languages() -> None:
    answer = convert(silent("ISO:14067-2018", None), to="CATENAX:4")
    assert any("仅当略去不超过该份额时" in note.zh for note in answer.notes)


def test_a_target_that_limits_no_share_sets_no_condition() -> None:
    answer = convert(silent("GBT:24067-2024", None), to="ISO:14067-2018")
    assert not said(answer, "left out")
    assert not answer.gaps


@pytest.mark.parametrize(
    ("source", "most", "whole"), [("ISO:14067-2018", "0.5", "2.5"), ("PACT:3.0", "0.08", "2.08")]
)
def test_a_list_of_what_was_left_out_is_as_good_as_a_share(source: str, most: str, whole: str) -> None:
    plain = silent(source, None)
    answer = convert(
        msgspec.structs.replace(plain, disclosures=(*plain.disclosures, exclusions(most))), to="CATENAX:4"
    )
    assert ends(answer) == (2.0, pytest.approx(float(whole)))


def test_the_lower_of_a_list_and_the_limit_holds() -> None:
    plain = silent("PACT:3.0")
    answer = convert(
        msgspec.structs.replace(plain, disclosures=(*plain.disclosures, exclusions("0.5"))), to="CATENAX:4"
    )
    assert ends(answer) == (2.0, pytest.approx(float(2 / F("0.95"))))


def test_a_share_limits_nothing_that_the_study_would_not_have_counted() -> None:
    """Biogenic CO2 that a 0/0 study left out is no share of its total, and −1/+1 counts it."""
    wide = Selection(gases=("CO2",), origins=("biogenic",), activities=("exempted",))
    catalogue = load()
    one = Study(silent("PACT:3.0"), catalogue.regimes["PACT:3.0"], universe_of(catalogue))
    method = {code: choice.options[0] for code, choice in one.choices.items()}
    assert method["biogenic-co2"] == "biogenic-co2.zero-zero"
    (row,) = [row for row in one.rows(method, {}) if row.name == "exempted"]
    told = sum(part.vector() for part in row.parts)
    assert not told[one.universe.mask(wide)].any()
    fossil = one.universe.mask(msgspec.structs.replace(wide, origins=("fossil",), stages=("production",)))
    assert (told[fossil] == 1).all()
    closed = {**method, "biogenic-co2": "biogenic-co2.minus1-plus1"}
    (row,) = [row for row in one.rows(closed, {}) if row.name == "exempted"]
    assert sum(part.vector() for part in row.parts)[one.universe.mask(wide)].any()

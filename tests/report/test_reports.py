"""Reports: the same content as the records, in two languages, never a bare None."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import crosswalk
from crosswalk.knowledge.records import Text
from crosswalk.messages import _messages as messages
from crosswalk.profiles import list_profiles
from crosswalk.report.out import as_text
from crosswalk.report.text import Reportable, brief
from crosswalk.results import Conversion, Gap, KnowledgeId, OpenOption, Range, Side, Step

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


#: Claims of every fate: refused, recognised, nothing claimed, open, not assessable.
CLAIMS = [
    {
        "id": "pe-1",
        "regime": "GBT:24067-2024",
        "claimed": "value",
        "total": "2.1",
        "asserted": "2.1",
        "tolerance": "5%",
        "statement.kind": "method-consistency",
        "statement.party": "third",
        "statement.regimes": "GBT:24067-2024;ISO:14067-2018",
        "verification.kind": "none",
    },
    {"id": "pe-2", "regime": "GBT:24067-2024", "claimed": "reference", "reqime": "PACT"},
    {"id": "pe-3", "regime": "PACT:2.3"},
    {"regime": "TFS:3.0", "claimed": "rule"},
    {"id": "pe-5", "claimed": "label"},
]


@pytest.fixture(scope="module")
def records() -> dict[str, Reportable]:
    catalogue = crosswalk.load()
    split, total, broken = (
        str(EXAMPLES / f"polyethylene{name}.json") for name in ("", "-total-only", "-inconsistent")
    )
    return {
        "exact": crosswalk.convert(split, to="PACT:3.0"),
        "refused": crosswalk.convert(total, to="PACT:3.0"),
        "assumed": crosswalk.convert(total, to="PACT:3.0", assume=["fossil-polymer"]),
        "inconsistent": crosswalk.convert(broken, to="PACT:3.0"),
        "inspected": crosswalk.inspect(split),
        "inspected broken": crosswalk.inspect(broken),
        "compared": crosswalk.compare("GBT:24067-2024", "PACT:3.0"),
        "planned": crosswalk.plan("GBT:24067-2024", "PACT:3.0"),
        "regimes": crosswalk.regimes(),
        "regime": catalogue.regimes["ISO:14067-2018"],
        "profiles": list_profiles(catalogue),
        "claim": crosswalk.check(CLAIMS[:1], to="ISO:14067-2018", as_of="2026-11-22").verdicts[0],
        "claims": crosswalk.check(CLAIMS, to="ISO:14067-2018", as_of="2026-11-22"),
        "a claim": crosswalk.check(CLAIMS[:1], to="ISO:14067-2018", as_of="2026-11-22"),
    }


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal so wide that nothing wraps."""
    monkeypatch.setenv("COLUMNS", "1000")


NAMES = (
    "exact",
    "refused",
    "assumed",
    "inconsistent",
    "inspected",
    "inspected broken",
    "compared",
    "planned",
    "regimes",
    "regime",
    "profiles",
    "claim",
    "claims",
    "a claim",
)


def text(record: Reportable, lang: str = "en", full: bool = False) -> str:
    """A report in one line."""
    return " ".join(as_text([record], lang, crosswalk.load(), full=full).split())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_internal_shows(records: dict[str, Reportable], name: str, lang: str) -> None:
    for shown in (text(records[name], lang), text(records[name], lang, full=True)):
        assert shown
        assert not re.search(r"\b(None|inf|nan|Infinity|Text\(|Fraction)\b", shown)
        assert "\x1b" not in shown


def english_fragments() -> list[str]:
    """Pieces of our English sentences that are long enough to be no accident."""
    pieces = [piece for table in messages().values() for piece in re.split(r"{[^}]*}", table["en"])]
    return sorted({piece.strip(" ,;:().") for piece in pieces if len(piece.split()) > 1 and len(piece) > 9})


@pytest.mark.parametrize("name", NAMES)
def test_chinese_reports_have_no_english_of_ours(records: dict[str, Reportable], name: str) -> None:
    shown = text(records[name], "zh", full=True)
    assert [piece for piece in english_fragments() if piece in shown] == []
    words = ("exact", "bounded", "estimated", "unbridgeable", "presumed", "inferred", "current", "withdrawn")
    assert [word for word in words if re.search(rf"(?<![\w.:\[-]){word}(?![\w.:\]-])", shown)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_brief_is_short_and_plain(records: dict[str, Reportable], name: str) -> None:
    shown = brief(records[name])
    assert 1 <= len(shown.splitlines()) <= 12
    assert "\x1b" not in shown
    assert "None" not in shown


def test_a_record_shows_itself_briefly(records: dict[str, Reportable]) -> None:
    for name, record in records.items():
        if name != "regime":
            assert repr(record) == brief(record)


def test_an_exact_answer_says_value_steps_and_knowledge(records: dict[str, Reportable]) -> None:
    record = records["exact"]
    assert isinstance(record, Conversion)
    shown = text(record)
    assert record.value is not None
    assert f"{record.value:.4f}".rstrip("0") in shown
    for step in record.steps:
        assert step.label.en in shown
    assert record.knowledge.hash[:12] in shown
    assert "GUARANTEED" in shown
    assert "UNDER ASSUMPTIONS" not in shown


def test_guaranteed_and_assumed_stand_apart(records: dict[str, Reportable]) -> None:
    record = records["assumed"]
    assert isinstance(record, Conversion)
    assert record.assumed is not None
    shown = text(record)
    guaranteed, _, assumed = shown.partition("UNDER ASSUMPTIONS")
    assert "GUARANTEED" in guaranteed
    for one in record.assumed.assumptions:
        assert one.code in assumed
        assert one.code not in guaranteed


def test_a_refusal_says_why_and_what_to_ask_for(records: dict[str, Reportable]) -> None:
    record = records["refused"]
    assert isinstance(record, Conversion)
    assert record.refusal is not None
    for lang in ("en", "zh"):
        shown = text(record, lang).replace(" ", "")
        assert record.refusal.get(lang).replace(" ", "") in shown
        for gap in record.gaps:
            assert gap.label.get(lang).replace(" ", "") in shown


def test_contradictions_name_fields_and_values(records: dict[str, Reportable]) -> None:
    record = records["inconsistent"]
    assert isinstance(record, Conversion)
    shown = text(record)
    assert record.inconsistencies
    for clash in record.inconsistencies:
        for field, value in zip(clash.fields, clash.values, strict=True):
            assert f"{field} = {value}" in shown


def test_weak_statements_are_counted_and_all_named_in_full(records: dict[str, Reportable]) -> None:
    record = records["exact"]
    assert isinstance(record, Conversion)
    count = len(record.provisional_reasons)
    assert count > 4
    assert f"secondary source: {count}" in text(record)
    assert f"and {count - 4} more" in text(record)
    assert f"and {count - 4} more" not in text(record, full=True)


def made_up() -> Conversion:
    """A conversion with every open end there is."""
    why = Text(en="nothing disclosed limits soot", zh="所披露的内容均未限定：烟炱")
    open_end = Range(low=None, high=None, low_reason=why, high_reason=why)
    label = Text(en="soot", zh="烟炱")
    return Conversion(
        source=Side(code=None, label=Text(en="somewhere", zh="某处")),
        target=Side(code="X:1", label=Text(en="elsewhere", zh="别处")),
        file="",
        id="",
        product="",
        declared_unit="kg",
        class_="unbridgeable",
        answered=False,
        guaranteed=open_end,
        assumed=None,
        value=None,
        steps=(
            Step(
                dimension="soot",
                label=label,
                from_=(),
                to=("soot.none",),
                operation=None,
                class_="unbridgeable",
                delta=open_end,
            ),
        ),
        gaps=(Gap(item="soot", label=label, narrows_to=Range(low=None, high=None)),),
        inconsistencies=(),
        open_options=(
            OpenOption(
                dimension="soot",
                label=label,
                family="convention",
                options=("soot.none", "soot.all"),
                stated=True,
                deciding=True,
                results=(("soot.none", open_end), ("soot.all", Range(low=0.5, high=None, high_reason=why))),
            ),
        ),
        lines=(),
        provisional=False,
        provisional_reasons=(),
        unused_fields=(),
        notes=(),
        refusal=why,
        knowledge=KnowledgeId(version="0", hash="0" * 64),
    )


def test_open_ends_are_spoken_with_their_reason() -> None:
    shown = text(made_up())
    assert "no bound either way" in shown
    assert "at least 0.5, no upper bound" in shown
    assert "nothing disclosed limits soot" in shown
    assert "None" not in shown
    assert "no total stated" in shown


def test_unknown_codes_are_shown_as_they_are() -> None:
    assert "soot.none" in text(made_up(), "zh")


def test_a_brief_of_anything_is_short() -> None:
    assert len(brief(made_up()).splitlines()) <= 12

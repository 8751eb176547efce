"""Reconciliations for people: nothing internal shows, both languages say the same, pictures add up."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import crosswalk
from crosswalk.messages import _messages as messages
from crosswalk.report.out import as_text
from crosswalk.report.text import brief
from crosswalk.results import Reconciliation, Series

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = (
    "bounded",
    "exact",
    "nothing",
    "open",
    "choices",
    "assumed",
    "inconsistent",
    "units",
    "series",
    "stuck",
)


def example(name: str, **more: Any) -> dict[str, Any]:
    return {**json.loads((EXAMPLES / f"{name}.json").read_text("utf-8")), **more}


@pytest.fixture(scope="module")
def records() -> dict[str, Reconciliation | Series]:
    ours, theirs, total = example("hdpe-ours"), example("hdpe-theirs"), "polyethylene-total-only"
    full = example("polyethylene")
    later = {**full, "total": "3.40", "regime": "PACT 3.0", "gases": [], "gases_complete": False}
    later["method"] = {**full["method"], "gwp-set": "ar6-t715", "ghg-set": "pact-list"}
    either = {**later, "method": {**later["method"], "gwp-set": ["ar5-30", "ar6-t715"]}}
    return {
        "bounded": crosswalk.reconcile(ours, theirs),
        "exact": crosswalk.reconcile(full, later),
        "nothing": crosswalk.reconcile(ours, ours),
        "open": crosswalk.reconcile(example(total), example(total, total="3.40")),
        "choices": crosswalk.reconcile(full, either),
        "assumed": crosswalk.reconcile(
            example(total), example(total, total="3.40"), assume="fossil-polymer", same=True
        ),
        "inconsistent": crosswalk.reconcile(example("polyethylene-inconsistent"), theirs),
        "units": crosswalk.reconcile(ours, {**theirs, "declared_unit": "m3"}),
        "series": crosswalk.reconcile(full, later, {**later, "total": "3.30"}),
        "stuck": crosswalk.reconcile(full, later, {**ours, "capital-goods": None, "method": {}}),
    }


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal so wide that nothing wraps."""
    monkeypatch.setenv("COLUMNS", "1000")


def texts(record: Reconciliation | Series, lang: str) -> list[str]:
    catalogue = crosswalk.load()
    shown = [as_text([record], lang, catalogue, full=full) for full in (False, True)]
    return [" ".join(one.split()) for one in (*shown, record.explain(lang))]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_internal_shows(records: dict[str, Reconciliation | Series], name: str, lang: str) -> None:
    for shown in texts(records[name], lang):
        assert shown
        assert not re.search(r"\b(None|inf|nan|Infinity|Text\(|Fraction)\b|\(\)| , |:\s*;", shown)
        assert "\x1b" not in shown


def english_fragments() -> list[str]:
    """Pieces of our English sentences that are long enough to be no accident."""
    pieces = [piece for table in messages().values() for piece in re.split(r"{[^}]*}", table["en"])]
    return sorted({piece.strip(" ,;:().") for piece in pieces if len(piece.split()) > 1 and len(piece) > 9})


@pytest.mark.parametrize("name", NAMES)
def test_chinese_has_no_english_of_ours(records: dict[str, Reconciliation | Series], name: str) -> None:
    fragments = english_fragments()
    for shown in texts(records[name], "zh"):
        assert [piece for piece in fragments if piece in shown] == []
        words = ("exact", "bounded", "estimated", "unbridgeable", "presumed", "inferred")
        assert [word for word in words if re.search(rf"(?<![\w.:\[-]){word}(?![\w.:\]-])", shown)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_brief_is_short_and_plain(records: dict[str, Reconciliation | Series], name: str) -> None:
    shown = brief(records[name])
    assert 1 <= len(shown.splitlines()) <= 12
    assert repr(records[name]) == shown
    assert "None" not in shown


def test_sentences_say_difference_reasons_and_rest(records: dict[str, Reconciliation | Series]) -> None:
    exact = records["exact"].explain()
    assert "3.40 is 0.13 above 3.27 (kg CO2e per kg): 0.0202 because of global warming potentials" in exact
    assert "0.1098 is left unexplained." in exact
    assert "2.58 and 2.58 are the same" in records["nothing"].explain()
    assert "nothing is left unexplained" in records["nothing"].explain()
    assert "for all of these together" in records["bounded"].explain()
    assert records["inconsistent"].explain().startswith("payload: No inventory fits")
    assert "Version 1 to 2" in records["series"].explain()
    assert "not guaranteed" in records["assumed"].explain()


def test_every_share_stands_in_the_report_with_its_options(
    records: dict[str, Reconciliation | Series],
) -> None:
    record = records["bounded"]
    assert isinstance(record, Reconciliation)
    shown = texts(record, "en")[0]
    for share in record.shares:
        assert share.label.en in shown
    for words in ("capital goods included", "→ capital goods excluded", "Together: -0.1557"):
        assert words in shown


def test_the_picture_ends_where_the_second_footprint_stands(
    records: dict[str, Reconciliation | Series],
) -> None:
    """Bars go from the first total over all shares and the residual to the second total."""
    matplotlib = pytest.importorskip("matplotlib", reason="plots need the extra [plot]")
    matplotlib.use("Agg")
    from crosswalk.report.plots import bridge

    record = records["exact"]
    assert isinstance(record, Reconciliation)
    axes = bridge(record)
    bars = [(bar.get_y(), bar.get_height()) for bar in axes.patches]
    assert len(bars) == len(record.shares) + 3
    assert bars[0] == (0, pytest.approx(3.27))
    level = 3.27
    for start, height in bars[1:-1]:
        assert start == pytest.approx(level)
        level += height
    assert level == pytest.approx(3.40)
    assert bars[-1] == (0, pytest.approx(3.40))
    names = [label.get_text().replace("\n", " ") for label in axes.get_xticklabels()]
    assert names == [
        "GBT:24067-2024",
        "global warming potentials (100 years)",
        "left unexplained",
        "PACT:3.0",
    ]
    matplotlib.pyplot.close(axes.figure)


def test_a_picture_of_what_is_not_bounded_is_drawn_with_arrows(
    records: dict[str, Reconciliation | Series],
) -> None:
    matplotlib = pytest.importorskip("matplotlib", reason="plots need the extra [plot]")
    matplotlib.use("Agg")
    from crosswalk.report.plots import bridge

    record = records["open"]
    assert isinstance(record, Reconciliation)
    axes = bridge(record)
    assert "no bound" in [text.get_text() for text in axes.texts]
    matplotlib.pyplot.close(axes.figure)

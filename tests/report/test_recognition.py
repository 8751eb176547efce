"""Verdicts for people: short, folded, in two languages; as Markdown; and a page on a whole run."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import crosswalk
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.report.markdown import verdicts_markdown
from crosswalk.report.out import as_text
from crosswalk.report.page import page
from crosswalk.report.run import File, Run, heights, rules, told
from crosswalk.report.speaker import Speaker
from crosswalk.results import Verdicts
from tests.conftest import Run as Called

DAY = "2026-11-22"
VALUE = {"regime": "GBT:24067-2024", "claimed": "value", "total": "2.1", "verification.kind": "none"}
NASTY = "<script>alert('x')</script>"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return crosswalk.load()


@pytest.fixture(scope="module")
def many() -> Verdicts:
    claims = [{"id": f"c{number}", **VALUE} for number in range(3)]
    claims += [{"id": NASTY, "regime": "PACT:2.3", "claimed": "method"}, {"claimed": "value"}]
    claims += [{"id": "bad", "total": "2..1", NASTY: "x", "reqime": "x"}]
    return crosswalk.check(claims, to="PACT:3.0", as_of=DAY)


def text(record: Verdicts, catalogue: Catalogue, lang: str = "en", full: bool = False) -> str:
    return as_text([record], lang, catalogue, full=full)


@pytest.mark.parametrize("width", ["80", "120"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_reports_fit_and_have_no_gaps(
    many: Verdicts, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, width: str, lang: str
) -> None:
    from rich.cells import cell_len

    monkeypatch.setenv("COLUMNS", width)
    for full in (False, True):
        shown = text(many, catalogue, lang, full)
        assert max(cell_len(line) for line in shown.splitlines()) <= int(width)
        assert "\n\n\n" not in shown
        assert not re.search(r"\.\.(?!\.)(?<!\.\.\.)|。。|\. ?\[", shown.replace("2..1", ""))


def test_one_claim_is_told_in_full(catalogue: Catalogue) -> None:
    found = crosswalk.check(VALUE, to="ISO:14067-2018", as_of=DAY)
    shown = " ".join(text(found, catalogue).split())
    one = found.verdicts[0]
    assert one.verdict == "refused"
    for part in ("NOT RECOGNISED", "claimed: that the value is accepted", "Proven up to level", "[G4]"):
        assert part in shown
    for reason in one.reasons:
        assert reason.label.en.rstrip(".") in shown
        assert reason.cited.clause in shown


def test_what_makes_a_verdict_provisional_is_named_and_applies(catalogue: Catalogue) -> None:
    """Rules of another target are not among what a verdict rests on."""
    found = crosswalk.check({"regime": "PACT:2.3", "claimed": "method"}, to="PACT:3.0", as_of=DAY).verdicts[0]
    cited = {one.about for one in found.rests_on}
    rules_ = catalogue.recognition.rules
    packs = {rules_[code].pack for code in cited if code in rules_}
    assert "cbam" not in packs
    assert "cnca" not in packs
    assert "pact-2-to-3" in cited
    assert all(one.evidence not in ("read", "secondary") for one in found.weak)


def test_long_lists_are_folded_unless_in_full(catalogue: Catalogue) -> None:
    open_ = crosswalk.check({"regime": "TFS:3.0", "claimed": "value"}, to="CATENAX:4", as_of=DAY)
    (one,) = open_.verdicts
    assert len(one.asks) > 8
    short, full = text(open_, catalogue), text(open_, catalogue, full=True)
    assert f"... and {len(one.asks) - 8} more" in short
    assert one.asks[8].code not in short.partition("Ask for")[2]
    assert all(ask.code in full for ask in one.asks)


def test_many_claims_are_a_table_with_what_keeps_them(many: Verdicts, catalogue: Catalogue) -> None:
    shown = text(many, catalogue)
    assert "[G4] × 3" in shown
    assert "reqime (likely meant: regime)" in shown
    assert 'total = "2..1"' in shown


def test_markdown_escapes_what_claims_hold(many: Verdicts, catalogue: Catalogue) -> None:
    shown = verdicts_markdown(many, Speaker("en", catalogue))
    assert "<script>" not in shown
    assert "\\<script\\>" in shown
    rows = [line for line in shown.splitlines() if line.startswith("| ")]
    assert len(rows) == 2 + len(many.verdicts)
    assert {row.count(" | ") for row in rows} == {5}


class Page(HTMLParser):
    """A page taken apart: its elements, and the text that is seen."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style",):
            self.seen.append(data)


def a_run() -> Run:
    return Run(
        rows=100_000_001,
        verdicts=100_000_000,
        failed=1,
        counts={
            "verdict": {"recognised": 1, "refused": 99_999_999},
            "level": {"0": 99_999_999, "5": 1},
            "open": {"assessable": 99_999_990, "reference": 9, "label": 1},
            "because": {"G0": 99_999_990, "": 10},
            "reasons": {"G0:fail": 90, "G0:unknown": 10, "G1:unknown": 9, "": 1},
            "asks": {"regime": 5, "": 3},
            "value": {"": 99_999_999, "proven-within": 1},
            "value_status": {"none": 99_999_999, "answered": 1},
            "provisional": {"true": 50_000_000, "false": 50_000_000},
        },
        codes={"claim-decimal": 1, NASTY: 2},
        asked={"to": "body:CNCA-CFP", "as_of": DAY, "knowledge": "0" * 64, "assume": NASTY},
        unused=((f"{NASTY}\x00\udc80.csv", 30, tuple(f"{NASTY}{number}" for number in range(30))),),
        inputs=(File(path=NASTY, size=5, sha256="1" * 64),),
        outputs=(File(path="v.parquet", size=6, sha256="2" * 64),),
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_is_whole_and_runs_nothing(catalogue: Catalogue, lang: str) -> None:
    source = page(a_run(), Speaker(lang, catalogue))
    found = Page(source)
    assert found.open == []
    assert not {"script", "iframe", "object", "img", "link", "form"} & {tag for tag, _ in found.tags}
    attributes = [(name, value) for _, given in found.tags for name, value in given.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or name in ("src", "href")]
    style = source.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert "http" not in source.partition("<body>")[2].replace("http-equiv", "")
    source.encode()


def test_a_page_says_the_numbers(catalogue: Catalogue) -> None:
    seen = " ".join(Page(page(a_run(), Speaker("en", catalogue))).seen)
    for part in (
        "100,000,001",
        "99,999,999",
        ">99.9 %",
        "<0.1 %",
        "50.0 %",
        "1" * 64,
        "2" * 64,
        NASTY,
        "and 5 more",
    ):
        assert part in seen
    rule = catalogue.recognition.rules["G0"]
    assert rule.label.en in seen


def test_counts_of_levels_and_rules_add_up() -> None:
    run = a_run()
    assert heights(run) == {None: 99_999_990, 0: 9, 5: 1}
    assert sum(heights(run).values()) == run.verdicts
    assert rules(run) == [("G0", 90, 10, 99_999_990), ("G1", 0, 9, 0)]


def test_verdicts_at_hand_are_counted_as_a_run_counts_them(
    many: Verdicts, tmp_path: Path, run: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same claims through files: the same counts."""
    import json

    lines = [{"id": f"c{number}", **VALUE} for number in range(3)]
    lines += [{"id": NASTY, "regime": "PACT:2.3", "claimed": "method"}, {"claimed": "value"}]
    lines += [{"id": "bad", "total": "2..1", NASTY: "x", "reqime": "x"}]
    monkeypatch.chdir(tmp_path)
    Path("claims.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
    options = ("--to", "PACT:3.0", "--as-of", DAY, "--workers", "1", "--report", "run.html")
    done = run("check", "claims.jsonl", "--out", "v.csv", *options)
    assert (done.code, done.out) == (0, "")
    made = json.loads(Path("v.csv.manifest.json").read_text("utf-8"))
    here = told(many, "PACT:3.0")
    assert (here.rows, here.verdicts, here.failed) == (made["rows"], made["verdicts"], made["failed"])
    for name, counts in here.counts.items():
        assert {k: n for k, n in counts.items() if k} == {k: n for k, n in made["counts"][name].items() if k}
    seen = " ".join(Page(Path("run.html").read_text("utf-8")).seen)
    assert made["run"]["inputs"][0]["sha256"] in seen
    assert made["outputs"][0]["sha256"] in seen
    assert made["run"]["work"]["knowledge"] in seen


def test_a_limit_of_the_target_is_cited_where_a_rule_used_it(catalogue: Catalogue) -> None:
    claim = {"regime": "PACT:2.3", "claimed": "rule", "exempted_share": "1%"}
    found = crosswalk.check(claim, to="PACT:2.3", as_of=DAY).verdicts[0]
    assert found.verdict == "recognised"
    limit = catalogue.regimes["PACT:2.3"].requirements["cut-off"].statement
    cited = [one for one in found.rests_on if one.about == "PACT:2.3 cut-off"]
    rules_ = [one for one in found.rests_on if one.about == "R07"]
    assert [one.evidence for one in cited] == ([limit.evidence] if rules_ else [])

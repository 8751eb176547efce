"""The runner of cases: what passes, what fails and why, what is broken, what is skipped."""

from decimal import Decimal
from pathlib import Path

import pytest

from crosswalk.errors import CrosswalkError, UsageError
from crosswalk.formats._yaml import load_yaml
from crosswalk.verify import Report, cases, run

GOOD = """
case: a good one
source: by hand
footprint: {crosswalk: footprint/1, declared_unit: kg, regime: PACT:3.0, total: 3.27,
            method: {gwp-set: ar6-t715, cut-off: numeric, packaging: included}}
to: PACT:3.0
expect: {exact: 3.27}
"""

#: A document of 10⁷ values in 7 lines.
MANY = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdef", "bcdefg", strict=True)
)


def ran(folder: Path, **files: str) -> Report:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return run(folder)


def details(report: Report) -> str:
    return "\n".join(detail.en for one in report.results for detail in one.details)


def test_a_good_case_passes(tmp_path: Path) -> None:
    report = ran(tmp_path, good=GOOD)
    assert report.counts == {"pass": 1, "fail": 0, "skip": 0, "known-failure": 0, "broken": 0}
    assert report.passed
    assert report.results[0].file == "good.yaml"
    assert report.results[0].source == "by hand"


def test_one_file_can_be_run(tmp_path: Path) -> None:
    ran(tmp_path, good=GOOD)
    assert run(tmp_path / "good.yaml").counts["pass"] == 1


def test_a_failing_case_says_what_was_expected_and_what_came(tmp_path: Path) -> None:
    report = ran(tmp_path, bad=GOOD.replace("exact: 3.27", "exact: 3.28, class: bounded"))
    assert report.counts["fail"] == 1
    assert not report.passed
    assert "exact: expected 3.28, came 3.27" in details(report)
    assert "class: expected bounded, came exact" in details(report)
    assert "bad.yaml: a good one" in repr(report)


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("{exact: 3.270000}", None),
        ("{exact: 3.2, digits: 1}", "exact"),
        ("{exact: 3.3, digits: 1}", None),
        ("{within: [3.2, 3.3]}", None),
        ("{within: [3.27, 3.3]}", "within"),
        ("{covers: 3.274}", None),
        ("{covers: 3.276}", "covers"),
        ("{low: 3.265, high: 3.275}", None),
        ("{low: null}", "low"),
        ("{low: 3.0, tolerance: 0.5}", None),
        ("{refuses: gap}", "refuses"),
        ("{naming: [gas-mass]}", "naming"),
        ("{error: file-broken}", "error"),
        ("{gaps: []}", None),
        ("{gaps: [gas-mass]}", "gaps"),
        ("{provisional: false}", "provisional"),
        ("{rests_on: [read]}", "rests_on"),
        ("{unused: {nothing: null}}", "unused.nothing"),
        ("{identities: {stages: breaks}}", "identities.stages"),
        ("{consistent: true}", None),
        ("{consistent: false}", "consistent"),
        ("{lines: {no-such-line: 1}}", "lines.no-such-line"),
        ("{assumed_covers: 3.27}", "assumed_covers"),
        ("{assumed_within: [3, 4]}", "assumed_within"),
    ],
)
def test_every_expectation_can_hold_and_fail(tmp_path: Path, expect: str, said: str | None) -> None:
    report = ran(tmp_path, one=GOOD.replace("{exact: 3.27}", expect))
    found = details(report)
    if said is None:
        assert report.passed, found
    else:
        assert found.startswith(f"{said}: expected")


def test_an_error_that_was_not_expected_fails_the_case(tmp_path: Path) -> None:
    report = ran(tmp_path, one=GOOD.replace("total: 3.27", "total: many"))
    assert "error: expected nothing, came footprint-number" in details(report)


def test_a_known_failure_is_no_failure(tmp_path: Path) -> None:
    report = ran(tmp_path, known=GOOD.replace("exact: 3.27", "exact: 3.28") + "known_failure: not yet\n")
    assert report.counts["known-failure"] == 1
    assert report.passed
    assert details(report) == "not yet"


def test_a_known_failure_that_passes_is_a_failure(tmp_path: Path) -> None:
    report = ran(tmp_path, known=GOOD + "known_failure: not yet\n")
    assert not report.passed
    assert "passes now" in details(report)


def test_a_broken_file_costs_only_itself(tmp_path: Path) -> None:
    report = ran(tmp_path, a="case: [never closed", b=GOOD)
    assert [(one.file, one.outcome) for one in report.results] == [("a.yaml", "broken"), ("b.yaml", "pass")]
    assert "YAML" in details(report)
    assert not report.passed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD.replace("expect:", "expects:"), ["expects"]),
        (GOOD.replace("exact:", "exactly:"), ["exactly", "expect"]),
        (GOOD.replace("{exact: 3.27}", "{}"), ["expect"]),
        (GOOD.replace("by hand", '""'), ["source"]),
        (GOOD.replace("to: PACT:3.0\n", ""), ["exact", "to"]),
        (GOOD + "file: a.json\n", ["footprint", "file"]),
        (GOOD + "case: twice\n", ["case", "twice"]),
        (GOOD.replace("{exact: 3.27}", "{exact: much}"), ["exact"]),
        (GOOD.replace("{exact: 3.27}", "{class: splendid}"), ["class"]),
        ("verdict: accepted\n", ["verdict"]),
        ("- &a [*a]\n", ["recursive"]),
        (MANY, ["values"]),
        ("", ["case"]),
        ("a: !!python/object:os.system {}\n", ["python"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_named(tmp_path: Path, text: str, words: list[str]) -> None:
    report = ran(tmp_path, odd=text, sound=GOOD)
    assert [one.outcome for one in report.results] == ["broken", "pass"]
    assert all(word in details(report) for word in words), details(report)


def test_a_sample_that_is_absent_skips_the_case(tmp_path: Path) -> None:
    text = "case: absent\nsource: nowhere\nsample: no/such.json\nexpect: {consistent: true}\n"
    report = ran(tmp_path, one=text)
    assert report.counts["skip"] == 1
    assert report.passed
    assert "no/such.json" in details(report)


def test_a_sample_is_found_beside_a_folder_above(tmp_path: Path) -> None:
    shared = tmp_path / "shared" / "samples"
    shared.mkdir(parents=True)
    (shared / "one.json").write_text('{"crosswalk": "footprint/1", "declared_unit": "kg", "total": "1.0"}')
    folder = tmp_path / "project" / "cases"
    folder.mkdir(parents=True)
    text = "case: here\nsource: nowhere\nsample: one.json\nexpect: {consistent: true}\n"
    assert ran(folder, one=text).counts["pass"] == 1


@pytest.mark.parametrize("name", ["none", "empty"])
def test_a_folder_without_cases_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError) as caught:
        run(tmp_path / name)
    assert name in str(caught.value)
    assert name in caught.value.message("zh")


def test_a_fault_of_ours_costs_its_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("crosswalk.engine.answer.answer", fault)
    report = ran(tmp_path, one=GOOD)
    assert report.counts["fail"] == 1
    assert "ZeroDivisionError: oh" in details(report)


def test_the_report_as_a_frame_and_as_data(tmp_path: Path) -> None:
    report = ran(tmp_path, a=GOOD, b=GOOD.replace("exact: 3.27", "exact: 3.28"))
    frame = report.to_frame()
    assert list(frame.columns) == ["file", "case", "source", "outcome", "details"]
    assert list(frame["outcome"]) == ["pass", "fail"]
    assert report.to_dict()["counts"]["fail"] == 1


def test_yaml_keeps_digits_and_words(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "{a: 1.600, b: NO, c: 2024-01-01, d: 12, e: 1e3, f: true, g: null, h: 012, i: -0.10, j: .5}\n"
    )
    found = load_yaml(path)
    assert str(found["a"]) == "1.600"
    assert str(found["i"]) == "-0.10"
    assert found["b"] == "NO"
    assert found["c"] == "2024-01-01"
    assert (found["d"], found["e"], found["f"], found["g"]) == (12, Decimal("1e3"), True, None)
    assert (found["h"], found["j"]) == ("012", ".5")


def test_messages_of_every_broken_input_can_be_said_in_both_languages(tmp_path: Path) -> None:
    from crosswalk.convert import convert
    from crosswalk.formats import read
    from crosswalk.formats._json import loads

    corpus = Path(__file__).resolve().parent / "corpus" / "broken-input.yaml"
    for case in cases(corpus):
        if case.footprint is None and case.text is None:
            continue
        with pytest.raises(CrosswalkError) as caught:
            convert(
                read(case.footprint if case.text is None else loads(case.text.encode(), "text")),
                to=case.to or "",
                assume=case.assume,
                allow=case.allow,
            )
        assert caught.value.code == case.expect.error
        for lang in ("en", "zh"):
            assert "\n" not in caught.value.message(lang)


CLAIM = """
case: a claim
source: by hand
as_of: 2026-06-30
to: CATENAX:4
claim: {regime: "PACT:2.3", claimed: rule, exempted_share: 0.045, databases: null}
facts: {fact.cut_off_limit: 0.03, fact.same_regime: false}
expect: {verdict: undecided, level: 1, rules: {R07: fail}}
"""


def test_a_claim_is_a_case_too(tmp_path: Path) -> None:
    report = ran(tmp_path, claim=CLAIM)
    assert report.counts["pass"] == 1, details(report)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("verdict: undecided", "verdict: refused", "verdict: expected refused, came undecided"),
        ("level: 1", "level: 2", "level: expected 2, came 1"),
        ("level: 1", "level: -1", "level: expected -1, came 1"),
        ("R07: fail", "R07: pass", "rules.R07: expected pass, came fail"),
        ("R07: fail", "R999: pass", "rules.R999: expected pass, came nothing"),
        ("0.03", "0.05", "fact.cut_off_limit: expected 0.05, came 0.03"),
        ("0.03", "x", "fact.cut_off_limit: expected x"),
        ("fact.same_regime: false", "fact.same_regime: true", "fact.same_regime: expected true, came false"),
        ("level: 1", "asks: []", "asks: expected –"),
        ("level: 1", "because: null", "because: expected null"),
        ("level: 1", "provisional: true", "provisional: expected true"),
        ("level: 1", "error: claim-decimal", "error: expected claim-decimal"),
        ("exempted_share: 0.045", "exempted_share: much", "error: expected nothing, came claim-"),
        ("CATENAX:4", "CATENA:X", "error: expected nothing, came"),
    ],
)
def test_what_is_expected_of_a_claim_can_fail(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in CLAIM
    report = ran(tmp_path, claim=CLAIM.replace(old, new))
    assert report.counts["fail"] == 1
    assert said in details(report)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("as_of: 2026-06-30", "", ["as_of"]),
        ("source: by hand", "source: by hand\nallow: [estimated]", ["allow"]),
        ("level: 1", "exact: 1", ["exact"]),
        ("verdict: undecided", "verdict: accepted", ["verdict"]),
        ("source: by hand", "source: by hand\nfile: a.json", ["claim", "file"]),
    ],
)
def test_keys_that_mean_nothing_of_a_claim_are_named(
    tmp_path: Path, old: str, new: str, words: list[str]
) -> None:
    report = ran(tmp_path, claim=CLAIM.replace(old, new))
    assert report.counts["broken"] == 1, details(report)
    assert all(word in details(report) for word in words)


def test_keys_of_a_claim_mean_nothing_without_one(tmp_path: Path) -> None:
    odd = GOOD.replace("source:", "facts: {fact.x: 1}\nsource:").replace("exact: 3.27", "verdict: refused")
    report = ran(tmp_path, odd=odd)
    assert report.counts["broken"] == 1
    assert "facts, verdict" in details(report)


def test_a_broken_claim_may_be_expected(tmp_path: Path) -> None:
    text = CLAIM.replace("exempted_share: 0.045", "exempted_share: much")
    head, _, _ = text.partition("expect:")
    report = ran(tmp_path, claim=head + "expect: {error: claim-share, naming: [exempted_share]}\n")
    assert report.counts["pass"] == 1, details(report)

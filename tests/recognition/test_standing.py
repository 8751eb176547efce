"""Each kind of claims judged once: the same as each claim judged by itself, whatever was judged before."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import crosswalk
from crosswalk.batch import groups
from crosswalk.batch.columns import distinct, factorize
from crosswalk.checking.work import Where
from crosswalk.engine import solver
from crosswalk.engine.solver import Ints
from crosswalk.recognition import standing, value
from crosswalk.recognition.alike import Marks
from crosswalk.recognition.check import rows_of
from crosswalk.recognition.enrich import _later
from crosswalk.recognition.judge import Asked, Judge
from crosswalk.recognition.standing import Setting, Standings
from crosswalk.recognition.table import Coder, coded
from tests.recognition.test_laws import REGIMES, STATED, TARGETS, Claim, claims

KNOWN = crosswalk.load()
DAY = date(2026, 6, 30)
NUMBERS = [
    name for name in STATED if KNOWN.recognition.fields[name].kind in ("share", "integer", "decimal", "date")
]

Judged = Callable[[Ints, Sequence[Setting | None]], pl.DataFrame]
Settings = Callable[[Ints], list[Setting]]


class Each(Standings):
    """Judges every claim by itself."""

    def of(self, marks: Marks, judged: Judged, settings: Settings) -> pl.DataFrame:
        rows = np.arange(len(marks.setting["common"].numbers))
        return judged(rows, [None] * rows.size)


class OneByOne(Standings):
    """Puts rules to one claim after the other, in its setting."""

    def of(self, marks: Marks, judged: Judged, settings: Settings) -> pl.DataFrame:
        rows = np.arange(len(marks.setting["common"].numbers))
        return judged(rows, settings(rows))


def judge(standings: Standings | None = None) -> Judge:
    made = Judge(KNOWN, Asked(None, DAY))
    if standings is not None:
        made._standings = standings
    return made


KINDS, EACH, ONE_BY_ONE = judge(), judge(Each()), judge(OneByOne())
# To it every name is one of its own, known or not.
EACH._enricher._named = None


def verdicts(by: Judge, raw: pl.DataFrame) -> pl.DataFrame:
    rows = pl.Series("row", range(raw.height), dtype=pl.UInt64)
    found, errors = by.judge(raw, Where("claims", rows, rows))
    assert errors.is_empty()
    return found


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    """Claims of few kinds, which differ in a few of their numbers, and in what they state of them."""
    found: list[Claim] = []
    for kind in draw(st.lists(claims(), min_size=1, max_size=3)):
        for _ in range(draw(st.integers(1, 6))):
            own = draw(st.lists(st.sampled_from(NUMBERS), max_size=3, unique=True))
            found.append({**kind, **{name: draw(STATED[name]) for name in own}})
    return rows_of(draw(st.permutations(found)))


@settings(max_examples=60)
@given(tables())
def test_kinds_stand_as_their_claims_do(raw: pl.DataFrame) -> None:
    assert_frame_equal(verdicts(KINDS, raw), verdicts(EACH, raw))


@settings(max_examples=40)
@given(tables())
def test_rules_put_one_by_one_come_out_as_those_put_to_columns(raw: pl.DataFrame) -> None:
    assert_frame_equal(verdicts(ONE_BY_ONE, raw), verdicts(EACH, raw))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["PACT:3.0", "a method", "another", ""]),
            st.sampled_from(["CATENAX:4", "a method", "another", "body:CNCA-CFP"]),
            st.sampled_from(["a method;CATENAX:4", "a method", "another;a method", ""]),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=25)
def test_names_nobody_knows_stand_as_each_does_alone(named: list[tuple[str, str, str]]) -> None:
    keys = ("regime", "target", "statement.regimes")
    given_ = [{**dict(zip(keys, one, strict=True)), "claimed": "reference", "total": "2"} for one in named]
    together = verdicts(judge(), rows_of(given_)).drop("row")
    alone = pl.concat([verdicts(EACH, rows_of([one])).drop("row") for one in given_])
    assert_frame_equal(together, alone)


def test_thousands_of_names_nobody_knows_cost_no_more_than_one() -> None:
    made = judge()
    raw = rows_of([{"regime": f"method {row}", "target": "PACT:3.0", "total": "2"} for row in range(5000)])
    assert verdicts(made, raw)["verdict"].to_list() == ["not-assessable"] * 5000
    assert len(made._enricher._common) == 1


@pytest.mark.parametrize("kept", [0, 2, 5])
def test_kinds_that_are_too_many_to_keep(monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    monkeypatch.setattr(standing, "_KEPT", kept)
    monkeypatch.setattr(standing, "_LOOKED_INTO", 1)
    made = judge()
    shares = ["0.01", "0.03", "4%", "0.06", None]
    for start in range(4):
        raw = rows_of(
            [
                {
                    "regime": REGIMES[(start + row) % 3],
                    "target": TARGETS[row % 2],
                    "claimed": "method",
                    "exempted_share": shares[row % 5],
                    "total": "2.1",
                }
                for row in range(20)
            ]
        )
        assert_frame_equal(verdicts(made, raw), verdicts(EACH, raw))


def test_what_is_kept_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = judge()
    claim = {"regime": "TFS:3.0", "target": "CATENAX:4", "claimed": "value", "primary_data_share": "0.5"}
    raw = rows_of([{**claim, "total": f"{number}.5"} for number in range(9)])
    first = verdicts(made, raw)
    monkeypatch.setattr(Judge, "_stand", pytest.fail)
    assert_frame_equal(verdicts(made, raw), first)


def test_structures_that_are_too_many_to_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = [f"0.0{digits}" for digits in range(1, 10)] * 3
    raw = rows_of(
        [
            {"regime": "TFS:3.0", "target": "CATENAX:4", "exempted_share": share, "total": f"2.{row}1"}
            for row, share in enumerate(shares)
        ]
    )
    plain = verdicts(judge(), raw)
    assert plain["low"].null_count() == 0
    monkeypatch.setattr(value, "_KEPT", 2)
    monkeypatch.setattr(groups, "_KEPT", 2)
    monkeypatch.setattr(solver, "_LOADED", 1)
    made = judge()
    for _ in range(2):
        assert_frame_equal(verdicts(made, raw), plain)


@pytest.mark.slow
def test_no_digit_depends_on_what_was_judged_before() -> None:
    """Numbers of few digits, which often meet at the limits of several bases at once."""
    chance = np.random.default_rng(5)
    count, size = 2400, 400
    fossil, biogenic = chance.integers(0, 30, (2, count)) / 10
    raw = pl.DataFrame(
        {
            "regime": chance.choice(["GBT:24067-2024", "ISO:14067-2018", "TFS:3.0"], count),
            "target": chance.choice(["PACT:3.0", "CATENAX:4"], count),
            "total": np.abs(np.round(fossil + biogenic + chance.integers(-2, 3, count) / 10, 1)),
            "lines.fossil": fossil,
            "lines.biogenic-emissions": biogenic,
            "lines.aircraft": chance.integers(0, 5, count) / 10,
        }
    )
    chunks = [raw[start : start + size] for start in range(0, count, size)]
    forth, back = judge(), judge()
    first = [verdicts(forth, chunk) for chunk in chunks]
    second = [verdicts(back, chunk) for chunk in reversed(chunks)]
    for one, other in zip(first, reversed(second), strict=True):
        assert one.equals(other)
    assert sum(int(one["low"].is_finite().sum()) for one in first) > 100


@given(st.lists(st.lists(st.integers(0, 5), min_size=4, max_size=4), max_size=30))
def test_rows_of_a_kind_agree_in_every_number(rows: list[list[int]]) -> None:
    numbers = np.array(rows, dtype=np.int64).reshape(-1, 4)
    kinds, first = distinct(list(numbers.T))
    assert len({tuple(row) for row in rows}) == first.size
    for row, kind in enumerate(kinds.tolist()):
        assert numbers[first[kind]].tolist() == rows[row]
        assert first[kind] <= row


@given(st.lists(st.one_of(st.integers(0, 9), st.integers(0, 2**62)), max_size=30))
def test_keys_small_and_large_are_numbered(keys: list[int]) -> None:
    places, first = factorize(np.array(keys, dtype=np.int64))
    assert [keys[row] for row in first[places].tolist()] == keys
    assert first.tolist() == [keys.index(key) for key in np.array(keys, dtype=np.int64)[first].tolist()]


WORDS = st.one_of(st.none(), st.sampled_from(["a", "b", " a", "", "c;d"]), st.text(max_size=3))


@given(st.lists(st.lists(WORDS, max_size=12), max_size=4))
def test_spellings_are_those_of_the_rows(columns: list[list[str | None]]) -> None:
    coder = Coder()
    for words in columns:
        column = pl.Series("word", words, dtype=pl.String)
        spelt = coder.words([column])["word"]
        assert [None if place == 0 else spelt.spellings[place - 1] for place in spelt.places] == words
        places, spellings = spelt.words()
        assert [None if place < 0 else spellings[place] for place in places.tolist()] == words


def test_a_column_of_many_spellings_is_left_as_it_is() -> None:
    coder, many = Coder(), pl.Series("id", [f"claim {row}" for row in range(2000)])
    assert coder.words([many]) == {}
    few_at_first = pl.Series("word", ["a"] * 600 + [f"{row}" for row in range(2000)])
    assert set(coder.words([few_at_first])) == {"word"}
    assert coder.words([few_at_first]) == {}


@given(
    st.lists(st.one_of(st.none(), st.lists(st.sampled_from(["a", "b", "a;b", "\\", ";", "c"]), max_size=3)))
)
def test_lists_are_told_apart(lists: list[list[str] | None]) -> None:
    column = pl.Series("list", lists, dtype=pl.List(pl.String))
    assert coded(column).at().to_list() == lists


@given(
    st.lists(st.one_of(st.none(), st.dates(date(1999, 1, 1), date(2032, 12, 31))), max_size=40),
    st.integers(1, 5),
)
def test_days_some_years_later(days: list[date | None], years: int) -> None:
    column = pl.Series("day", days, dtype=pl.Date)
    near = pl.Series("day", [date(2024, 2, 20) + timedelta(days=row) for row in range(20)])
    for one in (column, near):
        assert _later(one, years).to_list() == one.dt.offset_by(f"{years}y").to_list()


_BYTES = """
import hashlib, sys
import polars as pl
from crosswalk.checking.forms import part
before = pl.Series(sys.argv[1].split()).cast(pl.Categorical)
frame = pl.DataFrame({"reasons": pl.Series(["b", "a", None, "c", "a"]).cast(pl.Categorical)})
print(hashlib.sha256(part(frame, "parquet")).hexdigest())
"""


def test_bytes_do_not_depend_on_the_words_that_came_before() -> None:
    made = {
        subprocess.run(
            [sys.executable, "-c", _BYTES, before], capture_output=True, check=True, text=True
        ).stdout
        for before in ("x", "c b a", "a x y z b")
    }
    assert len(made) == 1

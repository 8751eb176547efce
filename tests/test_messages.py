"""The sentences: each in two languages, with the same gaps to fill, and none missing."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from rdflib import Literal

from crosswalk import errors, messages
from crosswalk.api import graph

PACKAGE = Path(messages.__file__).parent
TEXT = (PACKAGE / "messages.toml").read_text("utf-8")
TABLES: dict[str, dict[str, str]] = tomllib.loads(TEXT)
CODES = sorted(TABLES)
#: Values these functions add themselves: the rest of the call is what fills the sentence.
OWN_VALUES = {"where"}


class Use(NamedTuple):
    """A place in the code that speaks a sentence."""

    place: str
    code: str
    values: frozenset[str]
    open: bool


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def uses() -> Iterator[Use]:
    """Every call that names a sentence in plain words."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                code = spoken(node, str(node.args[0].value))
                if code is not None:
                    values = frozenset(k.arg for k in node.keywords if k.arg) - OWN_VALUES
                    yield Use(
                        f"{file.relative_to(PACKAGE)}:{node.lineno}",
                        code,
                        values,
                        any(k.arg is None for k in node.keywords),
                    )


def spoken(call: ast.Call, first: str) -> str | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ("say", "both"):
        return first
    ours = isinstance(getattr(errors, name, None), type)
    return f"error.{first}" if ours else None


USES = list(uses())


def test_every_sentence_stands_in_both_languages() -> None:
    half = [
        code
        for code in CODES
        if set(TABLES[code]) != {"en", "zh"} or not all(text.strip() for text in TABLES[code].values())
    ]
    assert half == []


def test_both_languages_have_the_same_gaps() -> None:
    assert [code for code in CODES if gaps(TABLES[code]["en"]) != gaps(TABLES[code]["zh"])] == []


def test_plain_sentences_are_chinese_in_chinese() -> None:
    plain = [code for code in CODES if gaps(TABLES[code]["en"]) == set()]
    assert [code for code in plain if not _chinese(TABLES[code]["zh"])] == []


def _chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" or character == "、" for character in text)


def test_tables_are_in_alphabetical_order() -> None:
    found = [line[2:-2] for line in TEXT.splitlines() if line.startswith('["')]
    assert found == sorted(found)


def test_the_search_finds_the_calls() -> None:
    assert len(USES) > 80


def test_every_sentence_the_code_speaks_exists_and_is_filled() -> None:
    for use in USES:
        assert use.code in TABLES, f"{use.place}: add [{use.code!r}] to messages.toml"
        missing = gaps(TABLES[use.code]["en"]) - use.values
        assert use.open or not missing, f"{use.place}: {use.code} needs {sorted(missing)}"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("class", ("exact", "documentary", "bounded", "estimated", "unbridgeable")),
        ("class-meaning", ("exact", "documentary", "bounded", "estimated", "unbridgeable")),
        ("evidence", ("read", "secondary", "draft", "inferred", "memory", "presumed", "unknown")),
        ("how", ("stated", "regime", "open", "unknown")),
        ("modality", ("shall", "should", "may", "silent", "unknown")),
        ("relation", ("same", "within", "wider", "overlapping", "disjoint", "unknown")),
        ("outcome", ("pass", "fail", "skip", "known-failure", "broken")),
        ("verdict", ("holds", "breaks", "untestable")),
    ],
)
def test_closed_lists_of_the_records_have_words(kind: str, words: tuple[str, ...]) -> None:
    assert {f"{kind}.{word}" for word in words} <= messages.codes()


def test_words_of_regimes_are_known() -> None:
    import crosswalk

    regimes = crosswalk.load().regimes.values()
    status = {part for regime in regimes for part in regime.status.split(", ")}
    events = {date.event for regime in regimes for date in regime.dates}
    assert {f"status.{one}" for one in status} | {f"event.{one}" for one in events} <= messages.codes()


#: A half-width mark beside a Chinese character, which GB/T 15834-2011 does not have.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff] ?[,;:!?(]|[,;:!?] ?[\u4e00-\u9fff]")


def test_chinese_sentences_have_chinese_punctuation() -> None:
    assert [code for code in CODES if HALF_WIDTH.search(TABLES[code]["zh"])] == []


def test_chinese_labels_have_chinese_punctuation() -> None:
    spoken_ = (one for one in graph().objects() if isinstance(one, Literal) and one.language == "zh")
    assert sorted({str(one) for one in spoken_ if HALF_WIDTH.search(one)}) == []

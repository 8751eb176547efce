"""Patterns that are let through mean the same to Python's ``re`` and to Rust's ``regex``."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crosswalk.knowledge.patterns import common

#: Pieces that make patterns of all kinds, let through and not.
PIECES = st.sampled_from(
    [
        *"ab1-. ^$|()*+?[]{},:&~\\中",
        *("[a-c]", "[^a]", "[a-]", "[]a]", "[a&&b]", "[[:alpha:]]"),
        *("(?:", "(?i)", "(?=", "{2}", "{1,}", "{,2}", "++", "*?"),
        *(r"\.", r"\d", r"\b", r"\1"),
    ]
)


@given(st.lists(PIECES, max_size=8).map("".join), st.lists(st.text("ab1-. ^&:]中AB", max_size=6), min_size=4))
def test_what_is_let_through_means_the_same_to_both(body: str, texts: list[str]) -> None:
    pattern = f"^{body}$"
    assume(common(pattern))
    found = pl.Series(texts, dtype=pl.String).str.contains(pattern).to_list()
    assert found == [re.search(pattern, text) is not None for text in texts]


@pytest.mark.parametrize(
    "pattern",
    ["^29.*$", "^(72|73)[0-9]{2}$", r"^GB/T 24067\-2024$", "^[^0-9]+$", "^(?:a|(b|c)+)?$", "^中国.*$", "^$"],
)
def test_let_through(pattern: str) -> None:
    assert common(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *("29.*", "^a", "a$", "^a|b$", r"^\d+$", r"^\w$", r"^(a)\1$", "^(?i:a)$", "^(?=a)a$", "^a{,2}$"),
        *("^a++$", "^a*?$", "^*a$", "^(a$", "^a)$", "^[z-a]$", "^[a&&b]$", "^[[a]]$", "^a^b$", "^a$b$"),
        *("^a\n$", "^a\\"),
    ],
)
def test_refused(pattern: str) -> None:
    assert not common(pattern)

"""Records of text: against a plain reading of RFC 4180, one character at a time."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.checking.records import scan, walk


def plainly(data: bytes, longest: int = 1 << 30) -> list[tuple[int, bool]]:
    """Ends and faults of records, by the definition: a bad record costs its first line."""
    found, start = [], 0
    while start < len(data):
        end = one(data, start)
        good = end is not None and end - start <= longest
        if not good:
            end = data.find(b"\n", start) + 1 or len(data)
        assert end is not None
        found.append((end, not good))
        start = end
    return found


def one(data: bytes, at: int) -> int | None:
    """The end of the well-formed record at ``at``; ``None`` if there is none."""
    while True:
        if data[at : at + 1] == b'"':
            at += 1
            while True:
                at = data.find(b'"', at)
                if at < 0:
                    return None
                at += 1
                if data[at : at + 1] != b'"':
                    break
                at += 1
        else:
            while at < len(data) and data[at] not in b',"\n':
                at += 1
        if data[at : at + 1] == b",":
            at += 1
        elif data[at : at + 1] == b"\n":
            return at + 1
        elif data[at : at + 2] == b"\r\n":
            return at + 2
        elif data[at:] in (b"", b"\r"):
            return len(data)
        else:
            return None


#: What makes records hard, and little else.
HARD = st.lists(
    st.sampled_from(
        [b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"a", b'"a"', b'"b\n"', b"xyz\n", b'"\n', b'\n"']
    )
).map(b"".join)


@given(HARD)
def test_records_are_those_of_the_definition(data: bytes) -> None:
    found = scan(data, ",")
    assert list(zip(found.ends.tolist(), found.wrong.tolist(), strict=True)) == plainly(data)


@given(HARD, st.integers(1, 9))
def test_a_record_that_is_too_long_costs_its_line(data: bytes, longest: int) -> None:
    found = scan(data, ",", longest=longest)
    assert list(zip(found.ends.tolist(), found.wrong.tolist(), strict=True)) == plainly(data, longest)


@given(HARD, st.integers(1, 7), st.integers(4, 40))
def test_blocks_change_nothing(data: bytes, block: int, longest: int) -> None:
    found = []
    for one_block in walk(io.BytesIO(data), ",", block=block, longest=longest):
        if one_block.lost:
            assert one_block.length > longest
            found.append((one_block.offset + one_block.length, True))
            continue
        ends, wrong = one_block.records
        assert data[one_block.offset :].startswith(one_block.data)
        found += [(one_block.offset + a, b) for a, b in zip(ends.tolist(), wrong.tolist(), strict=True)]
    assert found == plainly(data, longest)


@given(HARD, st.data())
def test_a_chunk_is_read_as_the_file_was(data: bytes, draw: Any) -> None:
    whole = plainly(data)
    if not whole:
        return
    first = draw.draw(st.integers(0, len(whole) - 1))
    last = draw.draw(st.integers(first, len(whole) - 1))
    start = whole[first - 1][0] if first else 0
    found = scan(data[start : whole[last][0]], ",")
    expected = [(end - start, wrong) for end, wrong in whole[first : last + 1]]
    assert list(zip(found.ends.tolist(), found.wrong.tolist(), strict=True)) == expected


@given(st.binary(max_size=60))
def test_lines_know_no_quotes(data: bytes) -> None:
    ends = [at + 1 for at, byte in enumerate(data) if byte == 10]
    if data and not data.endswith(b"\n"):
        ends.append(len(data))
    assert scan(data, None).ends.tolist() == ends


def test_a_quote_that_is_never_closed_costs_one_line() -> None:
    data = b'1,"open\n' + b"2,plain\n" * 1000
    found = scan(data, ",")
    assert found.ends.size == 1001
    assert found.wrong.tolist() == [True] + [False] * 1000


@pytest.mark.parametrize("form", [b'5" pipe,1\n', b'a"b"c,2\n', b'"a" b,3\n', b'"a"b",4\n'])
def test_a_stray_quote_costs_its_line_only(form: bytes) -> None:
    found = scan(b"x,y\n" + form + b'"p,\nq",z\n', ",")
    assert found.wrong.tolist() == [False, True, False]

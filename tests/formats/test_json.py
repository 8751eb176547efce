from decimal import Decimal
from pathlib import Path

import pytest

from crosswalk.errors import InputError
from crosswalk.formats import read, read_all
from crosswalk.formats._json import load_file, loads


def refused(content: bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        loads(content, "a.json")
    for lang in ("en", "zh"):
        message = caught.value.message(lang)
        assert message.startswith("a.json: ")
        assert "\n" not in message
    return caught.value


def test_digits_survive() -> None:
    payload = loads(b'{"a": 2.30, "b": 1e3, "c": 275, "d": "0.10"}', "a.json")
    assert str(payload["a"]) == "2.30"
    assert payload["b"] == Decimal("1E+3")
    assert payload["c"] == 275
    assert isinstance(payload["c"], int)
    assert payload["d"] == "0.10"


def test_a_byte_order_mark_is_no_error() -> None:
    assert loads(b'\xef\xbb\xbf{"a": 1}', "a.json") == {"a": 1}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"  \n\t", "file-empty"),
        (b'{"pcf": {"a": 1', "file-broken"),
        (b'{"a": 1,}', "file-broken"),
        (b"not json", "file-broken"),
        (b'{"a": "\xff"}', "file-encoding"),
        ('{"a": 1}'.encode("utf-16"), "file-encoding"),
        (b'{"a": NaN}', "file-number"),
        (b'{"a": -Infinity}', "file-number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "file-number"),
        (b'{"a": 1.' + b"0" * 5000 + b"}", "file-number"),
        (b'{"a": 1, "a": 2}', "file-duplicate"),
        (b'{"a": "\\ud800"}', "file-text"),
        (b"[" * 5_000_000 + b"]" * 5_000_000, "file-deep"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "file-deep"),
        (b"[" * 100 + b"]" * 100, "file-deep"),
    ],
)
def test_broken_content_is_refused_in_one_sentence(content: bytes, code: str) -> None:
    assert refused(content).code == code


def test_the_place_of_a_syntax_error_is_named() -> None:
    message = str(refused(b'{\n  "a": 1\n  "b": 2\n}'))
    assert "line 3, column 3" in message


def test_the_same_thing_said_twice_is_no_error() -> None:
    assert loads(b'{"a": 1, "a": 1}', "a.json") == {"a": 1}


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_file(tmp_path)
    assert caught.value.code == "file-directory"
    with pytest.raises(InputError) as caught:
        load_file(tmp_path / "none.json")
    assert caught.value.code == "file-missing"
    with pytest.raises(InputError) as caught:
        load_file(Path("a\0b"))
    assert caught.value.code == "file-unreadable"


def test_a_file_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosswalk.formats._json.MOST_BYTES", 10)
    path = tmp_path / "large.json"
    path.write_text('{"a": "0123456789"}')
    with pytest.raises(InputError) as caught:
        load_file(path)
    assert caught.value.code == "file-large"


def test_payloads_in_no_known_format_are_refused() -> None:
    for payload in ({}, [], {"a": 1}, {"data": []}, [1, 2]):
        with pytest.raises(InputError) as caught:
            read_all(payload)
        assert caught.value.code == "file-format"
        assert caught.value.where == "payload"


def test_a_payload_nested_too_deep_is_refused() -> None:
    payload: dict[str, object] = {}
    for _ in range(500):
        payload = {"data": payload}
    with pytest.raises(InputError) as caught:
        read(payload)
    assert caught.value.code == "file-deep"

"""JSON in, plain Python out, with every digit kept and every way a file can be broken named.

Numbers with a point or an exponent come back as ``Decimal``, so that ``2.30`` keeps its last zero.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from crosswalk.errors import InputError

#: More than this is a table, not a footprint.
MOST_BYTES = 256 * 2**20
#: Footprint files are about six levels deep.
MOST_DEEP = 64
#: No amount needs more characters than this.
MOST_DIGITS = 60


class _DuplicateError(ValueError):
    """A key that stands twice in one object with different values."""


class _BadNumberError(ValueError):
    """A literal such as ``NaN``, or more digits than any amount has."""


def load_file(path: Path) -> Any:
    """Read a JSON file. Raises ``InputError`` in one sentence for whatever is wrong with it."""
    return loads(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """Read a file as it is. Raises ``InputError`` where that is not possible, or it is too large."""
    where = str(path)
    try:
        if path.is_dir():
            raise InputError("file-directory", where=where)
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise InputError("file-large", where=where, size=size >> 20, most=MOST_BYTES >> 20)
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError("file-missing", where=where) from None
    except (OSError, ValueError) as error:
        # A ValueError is a path no system has, such as one with a null character.
        problem = getattr(error, "strerror", None) or str(error)
        raise InputError("file-unreadable", where=where, problem=problem) from error


def loads(content: bytes, where: str) -> Any:
    """Decode JSON bytes; ``where`` names them in messages. Raises ``InputError``.

    >>> loads(b'{"pcf": 2.30}', "a.json")
    {'pcf': Decimal('2.30')}
    """
    text = _decode(content, where)
    if not text.strip():
        raise InputError("file-empty", where=where)
    try:
        payload = json.loads(
            text,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except _DuplicateError as error:
        raise InputError("file-duplicate", where=where, name=str(error)) from None
    except _BadNumberError as error:
        raise InputError("file-number", where=where, name=str(error)) from None
    except json.JSONDecodeError as error:
        raise InputError(
            "file-broken", where=where, line=error.lineno, column=error.colno, problem=error.msg
        ) from None
    except RecursionError:
        raise InputError("file-deep", where=where, most=MOST_DEEP) from None
    check(payload, where)
    return payload


def check(payload: Any, where: str) -> None:
    """Raise ``InputError`` where ``payload`` is nested too deep, or holds text that cannot be written."""
    level = [payload]
    for _ in range(MOST_DEEP):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value)
                below.extend(value.values())
            elif isinstance(value, (list, tuple)):
                below.extend(value)
            elif isinstance(value, str) and not value.isascii():
                _check_text(value, where)
        if not below:
            return
        level = below
    raise InputError("file-deep", where=where, most=MOST_DEEP)


def _check_text(text: str, where: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError("file-text", where=where) from None


def _decode(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("file-encoding", where=where, byte=error.start + 1) from None


def _decimal(literal: str) -> Decimal:
    if len(literal) > MOST_DIGITS:
        raise _BadNumberError(short(literal))
    try:
        return Decimal(literal)
    except InvalidOperation:
        raise _BadNumberError(short(literal)) from None


def _integer(literal: str) -> int:
    if len(literal) > MOST_DIGITS:
        raise _BadNumberError(short(literal))
    return int(literal)


def _constant(literal: str) -> Any:
    raise _BadNumberError(literal)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: dict[str, Any] = {}
        for name, value in pairs:
            # The same thing said twice harms nobody; two different things do.
            if name in seen and seen[name] != value:
                raise _DuplicateError(short(name))
            seen[name] = value
    return found


def short(value: Any, most: int = 40) -> str:
    """Return a value as it may stand in a message: one line, not too long.

    >>> short("one" + chr(10) + "two")
    'one two'
    """
    text = " ".join(str(value).split())
    text = "".join(character if character.isprintable() else "�" for character in text)
    return text if len(text) <= most else f"{text[: most - 1]}…"

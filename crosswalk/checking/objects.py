"""Lines of JSONL as columns of text: nested objects under dotted names, numbers with the digits they have."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, TypeAlias

from crosswalk.checking.work import Work

#: The field, the code of the sentence and its values.
Trouble: TypeAlias = "tuple[str, str, dict[str, object]]"


class _Wrong(Exception):  # noqa: N818  # never leaves this module
    def __init__(self, field: str, code: str, **values: object) -> None:
        super().__init__(code)
        self.trouble: Trouble = (field, code, values)


class Objects:
    """Objects, gathered into columns as they are read."""

    def __init__(self, work: Work, fixed: Collection[str] = ()) -> None:
        self._work = work
        self._fixed = frozenset(fixed)
        self._known: dict[str, bool] = {}
        self._columns: dict[str, list[str | None]] = {}
        self._count = 0

    def add(self, line: bytes, encoding: str) -> Trouble | None:
        """Add a row, or say what is wrong with the line."""
        try:
            found = json.loads(
                line.decode(encoding),
                object_pairs_hook=_once,
                parse_float=str,
                parse_int=str,
                parse_constant=_constant,
            )
            if not isinstance(found, dict):
                raise _Wrong("", "check-row-object")
            row: dict[str, str | None] = {}
            self._flatten("", found, row)
        except _Wrong as wrong:
            return wrong.trouble
        except UnicodeDecodeError:
            return "", "check-row-encoding", {"encoding": encoding}
        except json.JSONDecodeError as error:
            return "", "check-row-json", {"problem": error.msg, "column": error.colno}
        except RecursionError:
            return "", "check-row-deep", {}
        for name, value in row.items():
            column = self._columns.setdefault(name, [])
            column.extend([None] * (self._count - len(column)))
            column.append(value)
        self._count += 1
        return None

    def columns(self) -> dict[str, list[str | None]]:
        """Return the columns, in the order in which they first appeared, each as long as there are rows."""
        for column in self._columns.values():
            column.extend([None] * (self._count - len(column)))
        return self._columns

    def unused(self) -> tuple[str, ...]:
        """Return the names of what was left aside."""
        return tuple(name for name, known in self._known.items() if not known)

    def _flatten(self, prefix: str, found: dict[str, Any], row: dict[str, str | None]) -> None:
        for key, value in found.items():
            name = f"{prefix}{key}"
            if isinstance(value, dict):
                self._flatten(f"{name}.", value, row)
                continue
            known = self._known.get(name)
            if known is None:
                known = self._known[name] = bool(self._work.columns([name]))
            if not known:
                continue
            if name in row or name in self._fixed:
                raise _Wrong(name, "check-row-twice", name=name)
            row[name] = _text(name, value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Wrong("", "check-row-twice", name=twice)
    return found


def _constant(name: str) -> Any:
    raise _Wrong("", "check-row-number", name=name)


def _text(name: str, value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _listed(name, value)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _Wrong(name, "check-row-surrogate", name=name) from None
    return str(value)


def _listed(name: str, values: list[Any]) -> str | None:
    if any(isinstance(one, (dict, list)) for one in values):
        raise _Wrong(name, "check-row-nested", name=name)
    found = [_text(name, one) for one in values]
    if any(one is not None and ";" in one for one in found):
        raise _Wrong(name, "check-row-semicolon", name=name)
    return ";".join(one for one in found if one is not None) or None

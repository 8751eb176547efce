"""Lines of JSONL as columns of text: nested objects under dotted names, numbers with the digits they have."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from crosswalk.checking.work import Work

#: The field, the code of the sentence and its values.
Trouble: TypeAlias = "tuple[str, str, dict[str, object]]"


#: Half of a surrogate pair can only be written as an escape.
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
#: Sets of names that are remembered.
_PLANS = 100


class _Plan(NamedTuple):
    """Where the values of a row with certain names go, and what it leaves empty.

    ``fixed``: one of them is the name of a folder as well.
    """

    columns: list[list[str | None] | None]
    absent: list[list[str | None]]
    fixed: bool
    width: int


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
        self._plans: dict[tuple[str, ...], _Plan] = {}

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
            if not _SURROGATE.search(line) and self._plainly(found):
                return None
            row: dict[str, str | None] = {}
            leaves = list(_leaves("", found))
            self._learn([name for name, _ in leaves])
            for name, value in leaves:
                if self._known[name]:
                    if name in row or name in self._fixed:
                        raise _Wrong(name, "check-row-twice", name=name)
                    row[name] = _text(name, value)
        except _Wrong as wrong:
            return wrong.trouble
        except UnicodeDecodeError:
            return "", "check-row-encoding", {"encoding": encoding}
        except json.JSONDecodeError as error:
            return "", "check-row-json", {"problem": error.msg, "column": error.colno}
        except RecursionError:
            return "", "check-row-deep", {}
        for name, value in row.items():
            self._column(name).append(value)
        self._count += 1
        for column in self._columns.values():
            if len(column) < self._count:
                column.append(None)
        return None

    def columns(self) -> dict[str, list[str | None]]:
        """Return the columns, in the order in which they first appeared, each as long as there are rows."""
        return self._columns

    def unused(self) -> tuple[str, ...]:
        """Return the names of what was left aside."""
        return tuple(name for name, known in self._known.items() if not known)

    def _column(self, name: str) -> list[str | None]:
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = [None] * self._count
        return found

    def _plainly(self, found: dict[str, Any]) -> bool:
        """Add a row without nested objects, with the names of one before; otherwise return false."""
        if any(value.__class__ is dict for value in found.values()):
            return False
        names = tuple(found)
        plan = self._plans.get(names)
        if plan is None or plan.width != len(self._columns):
            plan = self._plan(names)
        if plan.fixed:
            return False
        values: list[str | None] = []
        for column, (name, value) in zip(plan.columns, found.items(), strict=True):
            kind = value.__class__
            if kind is str:
                values.append(value or None)
            elif value is None:
                values.append(None)
            elif kind is bool:
                values.append("true" if value else "false")
            else:
                values.append(None if column is None else _listed(name, value))
        for column, text in zip(plan.columns, values, strict=True):
            if column is not None:
                column.append(text)
        for column in plan.absent:
            column.append(None)
        self._count += 1
        return True

    def _plan(self, names: tuple[str, ...]) -> _Plan:
        if len(self._plans) >= _PLANS:
            self._plans.clear()
        self._learn(names)
        columns = [self._column(name) if self._known[name] else None for name in names]
        given = {name for name in names if self._known[name]}
        plan = _Plan(
            columns,
            [column for name, column in self._columns.items() if name not in given],
            not given.isdisjoint(self._fixed),
            len(self._columns),
        )
        self._plans[names] = plan
        return plan

    def _learn(self, names: Iterable[str]) -> None:
        """Ask which of the names not met before are columns that are read: once for all of them."""
        new = [name for name in dict.fromkeys(names) if name not in self._known]
        if new:
            kept = set(self._work.columns(new))
            self._known.update((name, name in kept) for name in new)


def _leaves(prefix: str, found: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in found.items():
        if isinstance(value, dict):
            yield from _leaves(f"{prefix}{key}.", value)
        else:
            yield f"{prefix}{key}", value


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

"""From a table of footprints to groups that share one structure.

A column is named by where its value would stand in our own footprint file: ``total``,
``lines.aircraft``, ``stages.production``, ``carbon.biogenic_content``, ``gases.CH4.fossil`` (kilograms of
a gas of an origin), ``method.gwp-set``, ``regime``, ``exempted_share``. What all rows have in common
stands in a template, a footprint file without its numbers. Rows that state the same things, in the same
words, form a group: one footprint that stands for all, and the ends of its numbers as arrays.
"""

from __future__ import annotations

import copy
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crosswalk.batch.columns import Columns, distinct
from crosswalk.batch.numbers import Numbers
from crosswalk.engine.cells import Floats, Mask
from crosswalk.engine.solver import Ints
from crosswalk.errors import CrosswalkError, InputError
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.formats import own
from crosswalk.formats._read import by_name
from crosswalk.knowledge.catalogue import Catalogue

#: Columns whose values are amounts; all others that are known say how these were reckoned.
_AMOUNTS = ("total", "lines.", "stages.", "carbon.", "gases.")
#: So many structures are kept for the tables to come.
_KEPT = 3_000
_WORDS = ("regime", "method.", "exempted_share")


@dataclass(frozen=True)
class Group:
    """Rows of a table that share one structure.

    ``rows`` are their places; ``footprint`` stands for all of them. ``low`` and ``high`` are (rows,
    disclosures): the ends of every number, rounded outwards, on the basis of the engine's rows.
    ``error`` says why nothing in the group can be read; ``wrong`` lists rows with an error of their own.
    """

    rows: Ints
    footprint: Footprint | None
    low: Floats
    high: Floats
    error: CrosswalkError | None = None


@dataclass(frozen=True)
class _Shape:
    """A footprint that stands for many, and the column each of its numbers comes from."""

    footprint: Footprint
    places: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A table that was read: its groups, the rows that could not be, and the columns that mean nothing."""

    groups: list[Group]
    wrong: dict[int, CrosswalkError]
    unused: tuple[str, ...]


class Reader:
    """Reads tables, one after the other, and keeps what it learnt of a structure for the next table."""

    def __init__(self, catalogue: Catalogue, template: Mapping[str, Any], known: Sequence[str] = ()) -> None:
        """``known`` are columns that mean something to the caller, and are not reported as unused."""
        self._catalogue = catalogue
        self._template = template
        self._known = frozenset(known)
        self._kept: dict[Hashable, _Shape | CrosswalkError] = {}

    def table(self, columns: Columns, where: str) -> Table:
        """Return the groups of a table. A row that cannot be read costs that row only."""
        amounts = {name: columns.numbers(name) for name in columns.names if _is(name, _AMOUNTS)}
        words = {name: columns.words(name) for name in columns.names if _is(name, _WORDS)}
        wrong: dict[int, CrosswalkError] = {}
        for name, column in amounts.items():
            if column.wrong.any():
                codes, spelt = columns.words(name)
                for row in np.flatnonzero(column.wrong).tolist():
                    at = f"{where}[{row}]: {name}"
                    value = f'"{spelt[codes[row]]}"'
                    wrong.setdefault(row, InputError("footprint-number", where=at, value=value))
        keys = _keys([codes for codes, _ in words.values()], amounts.values())
        keys[list(wrong)] = -1
        groups = []
        for rows in _alike(keys):
            group = self._group(rows, words, amounts, f"{where}[{int(rows[0])}]")
            if group.footprint is not None:
                group = _signed(group, self._catalogue, where, wrong)
            groups.append(group)
        unused = (n for n in columns.names if n not in amounts and n not in words and n not in self._known)
        return Table(groups, wrong, tuple(unused))

    def _group(
        self,
        rows: Ints,
        words: Mapping[str, tuple[Ints, list[str]]],
        amounts: Mapping[str, Numbers],
        where: str,
    ) -> Group:
        first = int(rows[0])
        said = {name: spelt[codes[first]] for name, (codes, spelt) in words.items() if codes[first] >= 0}
        given = {
            name: bool(one.nothing[first]) for name, one in amounts.items() if not np.isnan(one.value[first])
        }
        key = (tuple(said.items()), tuple(given.items()))
        shape = self._kept.get(key)
        if shape is None:
            if len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            shape = self._kept[key] = self._shape(said, given, where)
        if isinstance(shape, CrosswalkError):
            empty = np.zeros((rows.size, 0))
            return Group(rows, None, empty, empty, shape)
        size = (rows.size, len(shape.footprint.disclosures))
        # Those of one number lie side by side, as the kernel wants them.
        low, high = np.empty(size[::-1]).T, np.empty(size[::-1]).T
        for place, disclosure in enumerate(shape.footprint.disclosures):
            stated = shape.places.get(disclosure.path)
            column = amounts[stated] if stated is not None else None
            low[:, place], high[:, place] = _ends(disclosure, column, rows)
        return Group(rows, shape.footprint, low, high)

    def _shape(
        self, said: Mapping[str, str], given: Mapping[str, bool], where: str
    ) -> _Shape | CrosswalkError:
        payload = copy.deepcopy(dict(self._template))
        for name, value in said.items():
            _put(payload, name, value)
        places = {}
        for name, nothing in given.items():
            # The number only stands for all of them; nothing of it but its being given, or nothing, is used.
            places[_put(payload, name, _stand_in(name, nothing, self._catalogue))] = name
        try:
            return _Shape(own.read(payload, where, self._catalogue)[0], places)
        except CrosswalkError as error:
            return error


def payload_of(row: Mapping[str, str], template: Mapping[str, Any]) -> dict[str, Any]:
    """Return one row of a table, its values as text by column, as a footprint file.

    >>> payload_of({"total": "3.27", "gases.CH4.fossil": "0.01", "note": "x"}, {"declared_unit": "kg"})
    {'declared_unit': 'kg', 'total': '3.27', 'gases': [{'gas': 'CH4', 'origin': 'fossil', 'mass': '0.01'}]}
    """
    payload = copy.deepcopy(dict(template))
    for name, value in row.items():
        if _is(name, (*_AMOUNTS, *_WORDS)):
            _put(payload, name, value)
    return payload


def _is(name: str, kinds: Sequence[str]) -> bool:
    return any(name == kind or (kind.endswith(".") and name.startswith(kind)) for kind in kinds)


def _keys(words: Iterable[Ints], amounts: Iterable[Numbers]) -> Ints:
    """Number the structures: rows with the same number state the same things in the same words."""
    stated = (column.given.view(np.uint8) + column.nothing.view(np.uint8) for column in amounts)
    return distinct((*(codes + 1 for codes in words), *stated))[0]


def _alike(keys: Ints) -> Iterator[Ints]:
    order = np.argsort(keys, kind="stable")
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    for rows in np.split(order, cuts):
        if rows.size and keys[rows[0]] >= 0:
            yield rows


def _stand_in(name: str, nothing: bool, catalogue: Catalogue) -> str:
    """A number of the sign that the field of a column allows, or exactly nothing."""
    if nothing:
        return "0"
    fields = by_name(catalogue.formats[own.FORMAT].fields.values())
    field = fields.get(name.partition(".")[2])
    return "-1" if field is not None and field.sign == "-" else "1"


def _put(payload: dict[str, Any], name: str, value: str) -> str:
    """Set a value by the name of its column; return its place in the file as the reader will call it."""
    head, _, rest = name.partition(".")
    if not rest:
        payload[head] = value
        return head
    if head != "gases":
        payload[head] = {**(payload.get(head) or {}), rest: value}
        return name
    gas, _, origin = rest.partition(".")
    listed = payload["gases"] = [*(payload.get("gases") or [])]
    listed.append({"gas": gas, **({"origin": origin} if origin else {}), "mass": value})
    return f"gases[{len(listed) - 1}].mass"


def _ends(disclosure: Disclosure, column: Numbers | None, rows: Ints) -> tuple[Floats, Floats]:
    """Both ends of a number for every row, on the basis of the engine's rows, rounded outwards."""
    if column is None:
        quantity = disclosure.quantity
        value, half = np.array([float(quantity.value)]), np.array([float(quantity.half)])
    else:
        value, half = column.value[rows], column.half[rows]
    scale = float(disclosure.scale)
    value, half = value * scale, half * abs(scale)
    slack = np.where(half == 0, 0.0, (np.abs(value) + half) * 2.0**-50)
    low, high = value - half - slack, value + half + slack
    if disclosure.limit is not None:
        (low if disclosure.limit == "most" else high).fill(-np.inf if disclosure.limit == "most" else np.inf)
    return low, high


def _signed(group: Group, catalogue: Catalogue, where: str, wrong: dict[int, CrosswalkError]) -> Group:
    """Take out rows with a number of a sign its field does not allow."""
    assert group.footprint is not None
    fields = catalogue.formats[own.FORMAT].fields
    bad: Mask = np.zeros(group.rows.size, dtype=bool)
    for place, disclosure in enumerate(group.footprint.disclosures):
        if disclosure.limit is not None:
            continue
        field = fields[disclosure.field]
        middle = (group.low[:, place] + group.high[:, place]) / 2 * (1 if disclosure.scale > 0 else -1)
        off = middle < 0 if field.sign == "+" else middle > 0 if field.sign == "-" else bad & False
        code = "footprint-negative" if field.sign == "+" else "footprint-positive"
        for index in np.flatnonzero(off & ~bad).tolist():
            row = int(group.rows[index])
            at = f"{where}[{row}]: {disclosure.name}"
            shown = f"{middle[index] / abs(float(disclosure.scale)):g}"
            wrong.setdefault(row, InputError(code, where=at, value=shown, name=field.label))
        bad = bad | off
    if not bad.any():
        return group
    kept = ~bad
    return Group(group.rows[kept], group.footprint, group.low[kept], group.high[kept])

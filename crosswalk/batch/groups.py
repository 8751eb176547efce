"""From a table of footprints to groups that share one structure.

A column is named by where its value would stand in our own footprint file: ``total``,
``lines.aircraft``, ``stages.production``, ``carbon.biogenic_content``, ``gases.CH4.fossil`` (kilograms of
a gas of an origin), ``method.gwp-set``, ``regime``, ``exempted_share``. What all rows have in common
stands in a template, a footprint file without its numbers. Rows that state the same things, in the same
words, form a group: one footprint that stands for all, and the ends of its numbers as arrays.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from crosswalk.batch.numbers import Numbers, numbers
from crosswalk.engine.cells import Floats, Mask
from crosswalk.engine.solver import Ints
from crosswalk.errors import CrosswalkError, InputError
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.formats import own
from crosswalk.formats._read import by_name
from crosswalk.knowledge.catalogue import Catalogue

if TYPE_CHECKING:
    import pandas as pd

#: Columns whose values are amounts; all others that are known say how these were reckoned.
_AMOUNTS = ("total", "lines.", "stages.", "carbon.", "gases.")
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
class Table:
    """A table that was read: its groups, the rows that could not be, and the columns that mean nothing."""

    groups: list[Group]
    wrong: dict[int, CrosswalkError]
    unused: tuple[str, ...]


def table(frame: pd.DataFrame, template: Mapping[str, Any], catalogue: Catalogue, where: str) -> Table:
    """Return the groups of a table. A row that cannot be read costs that row only."""
    amounts = {name: numbers(frame[name]) for name in frame.columns if _is(name, _AMOUNTS)}
    words = [name for name in frame.columns if _is(name, _WORDS)]
    wrong: dict[int, CrosswalkError] = {}
    for name, column in amounts.items():
        for row in np.flatnonzero(column.wrong).tolist():
            spelt = str(frame[name].iloc[row])
            wrong.setdefault(
                row, InputError("footprint-number", where=f"{where}[{row}]: {name}", value=f'"{spelt}"')
            )
    keys = _keys(frame, words, amounts)
    keys[list(wrong)] = -1
    groups = []
    for rows in _alike(keys):
        group = _group(frame, rows, words, amounts, template, catalogue, where)
        if group.footprint is not None:
            group = _signed(group, catalogue, where, wrong)
        groups.append(group)
    unused = tuple(name for name in frame.columns if name not in amounts and name not in words)
    return Table(groups, wrong, unused)


def _is(name: object, kinds: Sequence[str]) -> bool:
    return isinstance(name, str) and any(
        name == kind or (kind.endswith(".") and name.startswith(kind)) for kind in kinds
    )


def _keys(frame: pd.DataFrame, words: Sequence[str], amounts: Mapping[str, Numbers]) -> Ints:
    """Number the structures: rows with the same number state the same things in the same words."""
    import pandas as pd

    key = np.zeros(len(frame), dtype=np.int64)
    columns: list[Ints] = []
    for name in words:
        columns.append(pd.factorize(frame[name])[0].astype(np.int64) + 1)
    for column in amounts.values():
        columns.append(column.given.astype(np.int64) + column.nothing)
    for codes in columns:
        key = key * (int(codes.max(initial=0)) + 1) + codes
        key = pd.factorize(key)[0].astype(np.int64)
    return key


def _alike(keys: Ints) -> Iterator[Ints]:
    order = np.argsort(keys, kind="stable")
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    for rows in np.split(order, cuts):
        if rows.size and keys[rows[0]] >= 0:
            yield rows


def _group(
    frame: pd.DataFrame,
    rows: Ints,
    words: Sequence[str],
    amounts: Mapping[str, Numbers],
    template: Mapping[str, Any],
    catalogue: Catalogue,
    where: str,
) -> Group:
    first = int(rows[0])
    payload = copy.deepcopy(dict(template))
    for name in words:
        value = frame[name].iloc[first]
        if isinstance(value, str) or value == value:
            _put(payload, name, value if isinstance(value, str) else str(value))
    given = [name for name, column in amounts.items() if column.given[first]]
    places = {}
    for name in given:
        # The number only stands for all of them; nothing of it but its being given, or nothing, is used.
        places[_put(payload, name, _stand_in(name, amounts[name].nothing[first], catalogue))] = name
    empty = np.zeros((rows.size, 0))
    try:
        footprint = own.read(payload, f"{where}[{first}]", catalogue)[0]
    except CrosswalkError as error:
        return Group(rows, None, empty, empty, error)
    low, high = (
        np.empty((rows.size, len(footprint.disclosures))),
        np.empty((rows.size, len(footprint.disclosures))),
    )
    for place, disclosure in enumerate(footprint.disclosures):
        stated = places.get(disclosure.path)
        column = amounts[stated] if stated is not None else None
        low[:, place], high[:, place] = _ends(disclosure, column, rows)
    return Group(rows, footprint, low, high)


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

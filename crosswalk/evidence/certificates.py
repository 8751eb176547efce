"""Check certificates with fractions and nothing else: no engine, no solver, no knowledge.

For amounts ``x >= 0`` that satisfy ``low <= A x <= high``, row by row, and a value ``w x``:

* ``sum(y * A) >= w`` in every column proves ``w x <= sum(y+ * high) - sum(y- * low)``;
* ``sum(y * A) <= w`` in every column proves ``w x >= sum(y+ * low) - sum(y- * high)``;
* ``sum(y * A) >= 0`` in every column and ``sum(y+ * high) - sum(y- * low) < 0`` prove that nothing fits.

Needs the standard library only. A document is what ``json.load`` gives of ``certificates.json``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, TypeAlias

FORMAT, VERSION = "crosswalk-certificates", 1
#: No fraction of a program that can be solved needs more digits than this, above or below the line.
_NUMBER = re.compile(r"-?[0-9]{1,4000}(?:/[0-9]{1,4000})?", re.ASCII)


class Fault(Exception):  # noqa: N818  # what does not hold, rather than an error
    """Something that does not hold, or cannot be read: ``where`` in the document, and ``what``."""

    def __init__(self, where: str, code: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.code = code
        self.what = what


#: What multipliers must cover, and of which objective.
_Aim: TypeAlias = tuple[Literal["high", "low", "unknown", "nothing"], int]


@dataclass(frozen=True)
class Proven:
    """What was proven of one interval: its ends (``None``: open), and by how many checks.

    ``scenarios`` were looked at, ``refuted`` of them fit nothing; ``ends`` are the ends proven.
    """

    low: Fraction | None
    high: Fraction | None
    scenarios: int
    refuted: int
    ends: int

    @property
    def empty(self) -> bool:
        """Whether it is proven that nothing fits in any scenario."""
        return self.scenarios > 0 and self.refuted == self.scenarios


@dataclass(frozen=True)
class _Column:
    rows: dict[int, Fraction]
    objectives: tuple[Fraction, ...]
    unknown: tuple[bool, ...]


@dataclass(frozen=True)
class _Program:
    """A program, and what has been covered already: many scenarios and claims share a proof."""

    rows: int
    objectives: int
    columns: tuple[_Column, ...]
    covered: set[tuple[_Aim, tuple[tuple[int, Fraction], ...]]] = field(default_factory=set)

    def wanted(self, aim: _Aim) -> list[Fraction]:
        """Return what multipliers must come to in each column, at least."""
        what, objective = aim
        match what:
            case "high":
                return [column.objectives[objective] for column in self.columns]
            case "low":
                return [-column.objectives[objective] for column in self.columns]
            case "unknown":
                return [Fraction(int(column.unknown[objective])) for column in self.columns]
        return [Fraction(0)] * len(self.columns)

    def cover(self, multipliers: dict[int, Fraction], aim: _Aim, where: str) -> None:
        """Check multipliers column by column. Raises ``Fault``."""
        key = (aim, tuple(sorted(multipliers.items())))
        if key in self.covered:
            return
        for place, (column, least) in enumerate(zip(self.columns, self.wanted(aim), strict=True)):
            shared = column.rows.keys() & multipliers.keys()
            if sum((multipliers[row] * column.rows[row] for row in shared), Fraction(0)) < least:
                raise Fault(where, "cover", f"the multipliers do not cover column {place}")
        self.covered.add(key)


def intervals(document: Any) -> dict[str, Proven | None]:
    """Return what is proven of every interval in the document, by its name. Raises ``Fault``."""
    _is(document, dict, "certificates")
    if document.get("format") != FORMAT or document.get("version") != VERSION:
        raise Fault("certificates", "format", f"not {FORMAT} {VERSION}")
    programs = [
        _program(one, f"programs[{place}]") for place, one in enumerate(_list(document, "programs", ""))
    ]
    given = _is(document.get("intervals"), dict, "intervals")
    return {
        str(name): None if one is None else _interval(one, programs, f"intervals.{name}")
        for name, one in given.items()
    }


def told(document: Any, proven: Proven) -> tuple[Fraction | None, Fraction | None]:
    """Return proven ends, which are per declared unit, per the unit the answer is told per.

    So many declared units are in it: from ``low`` to ``high``, both above nothing. Raises ``Fault``.
    """
    count = document.get("count") if isinstance(document, dict) else None
    if count is None:
        return proven.low, proven.high
    _is(count, dict, "count")
    least, most = (_fraction(count.get(side), f"count.{side}") for side in ("low", "high"))
    if not 0 < least <= most:
        raise Fault("count", "number", "not above nothing")
    low, high = proven.low, proven.high
    return (
        None if low is None else low * (least if low > 0 else most),
        None if high is None else high * (most if high > 0 else least),
    )


def _interval(given: Any, programs: Sequence[_Program], where: str) -> Proven:
    _is(given, dict, where)
    lows: list[Fraction | None] = []
    highs: list[Fraction | None] = []
    refuted = 0
    scenarios = _list(given, "scenarios", where)
    for place, scenario in enumerate(scenarios):
        at = f"{where}.scenarios[{place}]"
        found = _scenario(scenario, programs, at)
        if found is None:
            refuted += 1
        else:
            lows.append(found[0])
            highs.append(found[1])
    whole = given.get("whole")
    if whole is not True:
        # Scenarios nobody looked at limit nothing.
        lows.append(None)
        highs.append(None)
    low = None if None in lows else min((one for one in lows if one is not None), default=None)
    high = None if None in highs else max((one for one in highs if one is not None), default=None)
    for name, end in (("low", low), ("high", high)):
        if _end(given.get(name), f"{where}.{name}") != end:
            raise Fault(f"{where}.{name}", "hull", f"the scenarios give {end}, it states {given.get(name)}")
    ends = sum(one is not None for one in lows + highs)
    return Proven(low, high, len(scenarios), refuted, ends)


def _scenario(
    given: Any, programs: Sequence[_Program], where: str
) -> tuple[Fraction | None, Fraction | None] | None:
    """Return both ends of one scenario, or ``None`` if it is proven that nothing fits it."""
    _is(given, dict, where)
    number = given.get("program")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(programs):
        raise Fault(f"{where}.program", "reference", "no such program")
    program = programs[number]
    ends = _ends(_list(given, "ends", where), program.rows, f"{where}.ends")
    if "refuted" in given:
        bound = _above(given["refuted"], program, ("nothing", 0), ends, f"{where}.refuted")
        if bound >= 0:
            raise Fault(f"{where}.refuted", "no-contradiction", "the multipliers do not contradict the rows")
        return None
    delta = _is(given.get("delta", {}), dict, f"{where}.delta")
    low = _bounded(given, "low", program, ends, where)
    high = _bounded(given, "high", program, ends, where)
    return _add(low, delta, "low", where), _add(high, delta, "high", where)


def _bounded(
    given: Mapping[str, Any],
    side: Literal["low", "high"],
    program: _Program,
    ends: Sequence[tuple[Fraction | None, Fraction | None]],
    where: str,
) -> Fraction | None:
    at = f"{where}.{side}"
    one = _is(given.get(side), dict, at)
    if one.get("multipliers") is None:
        if one.get("bound") is not None:
            raise Fault(at, "bound-alone", "a bound without multipliers")
        return None
    asked = one.get("objective", 0)
    if not isinstance(asked, int) or isinstance(asked, bool) or not 0 <= asked < program.objectives:
        raise Fault(at, "reference", "no such objective")
    if side == "high":
        unknown = any(column.unknown[asked] for column in program.columns)
        if unknown and _above(one.get("empty"), program, ("unknown", asked), ends, f"{at}.empty") > 0:
            raise Fault(at, "not-empty", "cells without a factor are not proven empty")
        bound = _above(one["multipliers"], program, ("high", asked), ends, at)
    else:
        bound = -_above(_turned(one["multipliers"], at), program, ("low", asked), ends, at)
    if _end(one.get("bound"), f"{at}.bound") != bound:
        raise Fault(f"{at}.bound", "bound", f"the multipliers give {bound}, it states {one.get('bound')}")
    return bound


def _above(
    given: Any,
    program: _Program,
    aim: _Aim,
    ends: Sequence[tuple[Fraction | None, Fraction | None]],
    where: str,
) -> Fraction:
    """Return the upper bound multipliers prove, once they cover what is wanted in every column."""
    multipliers = {
        _place(row, len(ends), where): _fraction(value, where)
        for row, value in _is(given, dict, where).items()
    }
    program.cover(multipliers, aim, where)
    bound = Fraction(0)
    for row, value in multipliers.items():
        end = ends[row][1 if value > 0 else 0]
        if value and end is None:
            raise Fault(where, "open-end", f"the multipliers lean on an open end of row {row}")
        bound += value * (end or 0)
    return bound


def _turned(given: Any, where: str) -> dict[str, str]:
    found = _is(given, dict, where)
    return {row: str(-_fraction(value, where)) for row, value in found.items()}


def _add(bound: Fraction | None, delta: Mapping[str, Any], side: str, where: str) -> Fraction | None:
    """Return a bound with what model operations add, where any were applied."""
    if not delta or bound is None:
        return bound
    more = _end(delta.get(side), f"{where}.delta.{side}")
    return None if more is None else bound + more


def _program(given: Any, where: str) -> _Program:
    _is(given, dict, where)
    count = len(_list(given, "rows", where))
    objectives = len(_list(given, "objectives", where))
    columns = []
    for place, one in enumerate(_list(given, "columns", where)):
        at = f"{where}.columns[{place}]"
        _is(one, dict, at)
        rows = {
            _place(row, count, at): _fraction(value, at)
            for row, value in _is(one.get("rows"), dict, at).items()
        }
        wanted = tuple(_fraction(value, at) for value in _list(one, "objectives", at))
        unknown = one.get("unknown", [False] * objectives)
        if len(wanted) != objectives or not isinstance(unknown, list) or len(unknown) != objectives:
            raise Fault(at, "shape", "not one coefficient an objective")
        if not all(isinstance(flag, bool) for flag in unknown):
            raise Fault(at, "shape", "neither true nor false")
        columns.append(_Column(rows, wanted, tuple(unknown)))
    return _Program(count, objectives, tuple(columns))


def _ends(given: list[Any], count: int, where: str) -> list[tuple[Fraction | None, Fraction | None]]:
    if len(given) != count:
        raise Fault(where, "shape", f"not one pair of ends for each of {count} rows")
    found = []
    for place, pair in enumerate(given):
        at = f"{where}[{place}]"
        if not isinstance(pair, list) or len(pair) != 2:
            raise Fault(at, "shape", "not a pair of ends")
        found.append((_end(pair[0], at), _end(pair[1], at)))
    return found


def _end(given: Any, where: str) -> Fraction | None:
    return None if given is None else _fraction(given, where)


def _fraction(given: Any, where: str) -> Fraction:
    if not isinstance(given, str) or not _NUMBER.fullmatch(given):
        raise Fault(where, "number", "not a fraction")
    above, _, below = given.partition("/")
    if below and not int(below):
        raise Fault(where, "number", "a fraction over nothing")
    return Fraction(int(above), int(below or 1))


def _place(given: Any, count: int, where: str) -> int:
    if not isinstance(given, str) or not re.fullmatch(r"0|[1-9][0-9]{0,8}", given) or int(given) >= count:
        raise Fault(where, "reference", "no such row")
    return int(given)


def _list(given: Mapping[str, Any], name: str, where: str) -> list[Any]:
    found: list[Any] = _is(given.get(name), list, f"{where}.{name}".lstrip("."))
    return found


def _is(given: Any, kind: type, where: str) -> Any:
    if not isinstance(given, kind):
        raise Fault(where, "shape", f"not a {kind.__name__}")
    return given

"""Change a decoded payload by path: ``total=3.1``, ``gases[0].mass=0.012``, ``electricity.factor=0.5777``.

A path is names with points between, as in messages about a file; ``[n]`` picks one entry of a list,
counted from 0, and a list without it stands for all its entries. It is taken from the footprint on,
whatever list or envelope the file wraps it in. What is typed counts as if it stood in the file: half a
unit in its last digit, unless ``±`` says otherwise. Nothing here knows what a field means.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NamedTuple

from crosswalk.errors import InputError, UnknownNameError, UsageError
from crosswalk.footprint.quantity import Quantity
from crosswalk.formats import _json
from crosswalk.formats._json import short
from crosswalk.formats._shape import Shape

Path = tuple[str | int, ...]

_STEP = re.compile(r"(?:^|\.)([^.\[\]]+)|\[([0-9]{1,6})\]", re.ASCII)
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?"
_SPREAD = re.compile(rf"\s*({_NUMBER})\s*(?:±|\+-)\s*({_NUMBER})(?:\s*|\s*([^\s\d.].*))", re.ASCII)
#: A number and its unit as one text.
_MEASURED = re.compile(rf"\s*({_NUMBER})\s*([^\s\d.].*)", re.ASCII)
#: How a number is written that carries a unit or a rounding of its own.
_VALUE, _UNIT, _ROUNDING = "value", "unit", ("plus_minus", "exact")


class Changed(NamedTuple):
    """One place that was changed; ``None`` before or after means that nothing stood, or stands, there."""

    path: str
    before: str | None
    after: str | None


def parse_path(text: str) -> Path:
    """Return the steps of a path. Raises ``UsageError`` where it is none.

    >>> parse_path("gases[0].mass")
    ('gases', 0, 'mass')
    """
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None or (not steps and (found[1] is None or text.startswith("."))):
            raise UsageError("set-syntax", text=short(text))
        steps.append(found[1] if found[1] is not None else int(found[2]))
        at = found.end()
    if not steps:
        raise UsageError("set-syntax", text=short(text))
    return tuple(steps)


def parse_setting(text: str) -> tuple[str, Any]:
    """Return path and value of ``PATH=VALUE``; the value is read as JSON, else as a plain text.

    >>> parse_setting("total=3.10"), parse_setting("method.gwp-set=ar6-t715")
    (('total', Decimal('3.10')), ('method.gwp-set', 'ar6-t715'))
    """
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise UsageError("set-syntax", text=short(text))
    value = value.strip()
    try:
        return path.strip(), _json.loads(value.encode(), "") if value else ""
    except (InputError, UnicodeEncodeError):
        return path.strip(), value


def given(value: Any) -> Any:
    """Return a value as a payload holds it; a text ``3.1±0.05`` becomes a number with that rounding.

    >>> given("0.5777±0").half, given("0.5777+-0.01").half, given("kg")
    (Fraction(0, 1), Fraction(1, 100), 'kg')
    """
    found = _SPREAD.fullmatch(value) if isinstance(value, str) else None
    if found is None or max(len(found[1]), len(found[2])) > _json.MOST_DIGITS:
        return value
    if Decimal(found[2]) < 0:
        raise UsageError("set-spread", text=short(value))
    number = Quantity.of(found[1], half=found[2])
    return number if found[3] is None else {_VALUE: number, _UNIT: found[3].strip()}


def bare(value: Any) -> str | None:
    """Return the digits of a number that may have a unit or a rounding; ``None`` for anything else.

    >>> bare("4.0 kWh"), bare(2), bare("gas")
    ('4.0', '2', None)
    """
    if _number(value):
        return value.text if isinstance(value, Quantity) else str(value).strip()
    found = _MEASURED.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None


def numbers_at(payload: Any, path: str) -> list[tuple[str, Any]]:
    """Return every number ``path`` leads to, with its own path.

    >>> numbers_at({"gases": [{"mass": "1.0"}, {"mass": {"value": 2, "unit": "g"}}]}, "gases.mass")
    [('gases[0].mass', '1.0'), ('gases[1].mass.value', 2)]
    """
    return list(_numbers(payload, parse_path(path), ""))


def _numbers(node: Any, steps: Path, at: str) -> Iterator[tuple[str, Any]]:
    if not steps:
        if isinstance(node, dict) and _number(node.get(_VALUE)):
            yield f"{at}.{_VALUE}", node[_VALUE]
        elif bare(node) is not None:
            yield at, node
        return
    step, rest = steps[0], steps[1:]
    if isinstance(node, list) and isinstance(step, str):
        for index, entry in enumerate(node):
            yield from _numbers(entry, steps, f"{at}[{index}]")
    elif isinstance(node, list) and isinstance(step, int) and step < len(node):
        yield from _numbers(node[step], rest, f"{at}[{step}]")
    elif isinstance(node, dict) and step in node:
        yield from _numbers(node[step], rest, f"{at}.{step}" if at else str(step))


def change(payload: Any, path: str, value: Any, shape: Shape | None) -> tuple[Any, list[Changed]]:
    """Return a copy of one footprint's payload with ``value`` at ``path``, and what was changed.

    ``None`` takes away what stands there. A field the file lacks is added where ``shape`` has it.
    Raises ``UnknownNameError`` naming near paths for one that is neither in the file nor in the shape.
    """
    steps = parse_path(path)
    changed = copy.deepcopy(payload)
    found = list(_Edit(changed, path, given(value), shape).walk(changed, steps, shape, ""))
    return changed, [one for one in found if one.before is not None or one.after is not None]


class _Edit(NamedTuple):
    """One change of one payload."""

    payload: Any
    path: str
    value: Any
    shape: Shape | None

    def walk(self, node: Any, steps: Path, shape: Shape | None, at: str) -> Iterator[Changed]:
        """Change what ``steps`` lead to from ``node``, which stands at ``at``."""
        step, rest = steps[0], steps[1:]
        if isinstance(node, list) and isinstance(step, str):
            if not node:
                raise InputError("set-none-listed", where=at, path=self.path)
            for index, entry in enumerate(node):
                yield from self.walk(entry, steps, shape, f"{at}[{index}]")
        elif isinstance(node, list) and isinstance(step, int):
            yield from self._entry(node, step, rest, shape, f"{at}[{step}]")
        elif isinstance(node, dict) and isinstance(step, str):
            yield from self._member(node, step, rest, shape, f"{at}.{step}" if at else step)
        else:
            raise self._unknown()

    def _entry(
        self, node: list[Any], index: int, rest: Path, shape: Shape | None, at: str
    ) -> Iterator[Changed]:
        if index > len(node):
            raise InputError("set-entry", where=at, count=len(node))
        if index == len(node):
            if self.value is None:
                return
            node.append(({} if isinstance(rest[0], str) else []) if rest else None)
        if rest:
            node[index] = self._container(node[index], rest, shape)
            yield from self.walk(node[index], rest, shape, at)
        elif self.value is None:
            yield Changed(at, shown(node.pop(index)), None)
        else:
            before, node[index] = node[index], self.value
            yield Changed(at, shown(before), shown(self.value))

    def _member(
        self, node: dict[str, Any], name: str, rest: Path, shape: Shape | None, at: str
    ) -> Iterator[Changed]:
        below = shape.below(name) if shape is not None else None
        if name not in node and below is None:
            raise self._unknown()
        if node.get(name) is None and self.value is None:
            return
        if not rest:
            yield self._put(node, name, at)
            return
        node[name] = self._container(node.get(name), rest, below)
        if isinstance(node[name], list) and not node[name] and isinstance(rest[0], str):
            raise InputError("set-none-listed", where=at, path=self.path)
        yield from self.walk(node[name], rest, below, at)

    def _container(self, node: Any, rest: Path, shape: Shape | None) -> Any:
        """Return what the rest of a path leads into, made where there is nothing yet."""
        if node is None:
            listed = isinstance(rest[0], int) or (shape is not None and shape.listed)
            wraps = shape is not None and shape.single and isinstance(rest[0], str)
            return ([{}] if wraps else []) if listed else {}
        if isinstance(node, (dict, list)):
            return node
        if shape is not None and rest[0] in shape.names and _VALUE in shape.names and _number(node):
            return {_VALUE: node}
        raise self._unknown()

    def _put(self, node: dict[str, Any], name: str, at: str) -> Changed:
        before = node.get(name)
        if self.value is None:
            del node[name]
            return Changed(at, shown(before), None)
        typed = _typed(self.value)
        if isinstance(before, dict) and typed is not None:
            if _VALUE not in before:
                members = ", ".join(map(short, before))
                raise InputError("set-object", where=at, members=members or "–")
            # What is typed has its own rounding; the unit, unless one is typed, and all else is kept.
            node[name] = {key: one for key, one in before.items() if key not in _ROUNDING} | typed
            return Changed(f"{at}.{_VALUE}", _measured(before), _measured(node[name]))
        had = _MEASURED.fullmatch(before) if isinstance(before, str) else None
        if had is not None and _number(self.value):
            exactly = isinstance(self.value, Quantity)
            text = f"{str(self.value).strip()} {had[2]}"
            node[name] = {_VALUE: self.value, _UNIT: had[2]} if exactly else text
            return Changed(at, shown(before), _measured(node[name]) if exactly else text)
        node[name] = self.value
        return Changed(at, shown(before), shown(self.value))

    def _unknown(self) -> UnknownNameError:
        return UnknownNameError(
            "set-path", path=short(self.path, 80), near=near(self.payload, self.path, self.shape)
        )


def near(payload: Any, path: str, shape: Shape | None = None) -> str:
    """Return the paths that come closest to ``path``: those of the file, and of its format."""
    known = dict.fromkeys(_paths(payload))
    known |= dict.fromkeys(shape.paths() if shape is not None else ())
    wanted = re.sub(r"\[\d+\]", "", path).casefold()
    folded: dict[str, list[str]] = {}
    for path in known:
        folded.setdefault(path.casefold(), []).append(path)
        folded.setdefault(path.rpartition(".")[2].casefold(), []).append(path)
    close = [
        *get_close_matches(wanted, sorted(folded), n=3, cutoff=0.6),
        *get_close_matches(wanted.rpartition(".")[2], sorted(folded), n=3, cutoff=0.75),
    ]
    found = dict.fromkeys(path for name in close for path in folded[name])
    return ", ".join(list(found)[:3]) or "–"


def _paths(node: Any, at: str = "") -> Iterator[str]:
    if isinstance(node, list):
        for entry in node:
            yield from _paths(entry, at)
    elif isinstance(node, dict):
        for name, below in node.items():
            yield f"{at}{name}"
            yield from _paths(below, f"{at}{name}.")


def _typed(value: Any) -> dict[str, Any] | None:
    """Return a number that was typed, with its unit where one was typed too; ``None`` for anything else."""
    if _number(value):
        return {_VALUE: value}
    if isinstance(value, dict) and value.keys() == {_VALUE, _UNIT}:
        return value
    found = _MEASURED.fullmatch(value) if isinstance(value, str) else None
    return {_VALUE: found[1], _UNIT: found[2].strip()} if found else None


def _measured(value: dict[str, Any]) -> str | None:
    number = shown(value[_VALUE])
    return f"{number} {value[_UNIT]}" if number and isinstance(value.get(_UNIT), str) else number


def _number(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(_NUMBER, value.strip(), re.ASCII) is not None
    return isinstance(value, (int, float, Decimal, Quantity)) and not isinstance(value, bool)


def shown(value: Any) -> str | None:
    """Return a value of a payload as people see it.

    >>> shown(True), shown(Quantity.of("3.1", half="0")), shown([1, 2])
    ('true', '3.1 ± 0', '[1, 2]')
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Quantity):
        half = value.half
        return f"{value.text} ± {half.numerator if half.denominator == 1 else float(half)}"
    if isinstance(value, (dict, list)):
        import json

        return short(json.dumps(value, ensure_ascii=False, default=str), 80)
    return short(value, 80)

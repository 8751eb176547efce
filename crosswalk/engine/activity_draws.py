"""Draws of the activity data behind a footprint: model operations are reckoned again for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np

from crosswalk.engine.cells import Floats
from crosswalk.engine.draws import Stream, drawn
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Footprint


@dataclass(frozen=True)
class Activities:
    """The numbers of the activity data that state a distribution, by their paths."""

    footprint: Footprint
    numbers: tuple[tuple[str, Quantity], ...]

    @classmethod
    def of(cls, footprint: Footprint) -> Activities:
        """Find the numbers, in the order of the records."""
        return cls(footprint, tuple(dict(_uncertain(footprint.activity, "")).items()))

    def deltas(
        self, base: Bounds, again: Callable[[Footprint], Bounds], stream: Stream
    ) -> tuple[Floats, Floats]:
        """Return both ends of what model operations add in every draw; ``base`` where none is uncertain."""
        if not self.numbers:
            least, most = _outward(base)
            return np.full(stream.draws, least), np.full(stream.draws, most)
        columns = {path: drawn(quantity, path, stream) for path, quantity in self.numbers}
        low, high = np.empty(stream.draws), np.empty(stream.draws)
        for draw in range(stream.draws):
            values = {path: (float(move[0][draw]), float(move[1][draw])) for path, move in columns.items()}
            activity = _replaced(self.footprint.activity, "", values)
            one = msgspec.structs.replace(self.footprint, activity=activity)
            low[draw], high[draw] = _outward(again(one))
        return low, high


def _uncertain(found: Any, path: str) -> Iterator[tuple[str, Quantity]]:
    if isinstance(found, Quantity):
        if found.spread is not None:
            yield path, found
    else:
        for name, part in _parts(found):
            yield from _uncertain(part, _path(found, path, name))


def _replaced(found: Any, path: str, values: dict[str, tuple[float, float]]) -> Any:
    """Return a record with the numbers at the paths of ``values`` put between these ends."""
    if isinstance(found, Quantity):
        if path not in values:
            return found
        low, high = (Fraction(end) for end in values[path])
        return Quantity(text=found.text, value=(low + high) / 2, half=(high - low) / 2)
    made = {name: _replaced(part, _path(found, path, name), values) for name, part in _parts(found)}
    if not made:
        return found
    if isinstance(found, tuple):
        return tuple(made.values())
    if isinstance(found, dict):
        return made
    return msgspec.structs.replace(found, **made)


def _parts(found: Any) -> list[tuple[str, Any]]:
    """The parts of a record, a list or a dictionary that may hold numbers."""
    if isinstance(found, tuple):
        return [(f"[{place}]", part) for place, part in enumerate(found)]
    if isinstance(found, dict):
        return [(f".{key}", part) for key, part in found.items()]
    if isinstance(found, msgspec.Struct):
        fields = ((name, getattr(found, name)) for name in found.__struct_fields__)
        return [(name, part) for name, part in fields if isinstance(part, (tuple, dict, msgspec.Struct))]
    return []


def _path(owner: Any, path: str, name: str) -> str:
    """The place of a part: a record that knows where it stands in the file says so."""
    if isinstance(owner, msgspec.Struct):
        path = getattr(owner, "path", path)
        return f"{path}.{name}" if path else name
    return f"{path}{name}"


def _outward(bounds: Bounds) -> tuple[float, float]:
    """Both ends as floats, rounded so that they hold what is between; open ones are infinite."""
    low, high = bounds.ends
    return (
        -np.inf if low is None else float(np.nextafter(float(low), -np.inf)),
        np.inf if high is None else float(np.nextafter(float(high), np.inf)),
    )

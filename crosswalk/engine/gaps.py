"""What was not disclosed, and how much each missing item would narrow the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from crosswalk.engine.cells import Mask, Universe
from crosswalk.engine.items import Number, items
from crosswalk.engine.middle import Middle, closing
from crosswalk.engine.program import Interval, Program
from crosswalk.engine.twins import Twins, Way, side
from crosswalk.knowledge.catalogue import Field
from crosswalk.knowledge.records import Text

_MOST = 12
_RANKED = 6


@dataclass(frozen=True)
class Missing:
    """One missing item of one scenario, and the widths that are left once it is known.

    ``emptied`` are the cells that are empty if it, and what is listed before it, is nothing; ``None``
    where that is nothing anybody would say. ``width`` is the widest the answer can then be, or, once both
    ends are closed, the widest it can be when the item is known, whatever it is; ``typical`` what it is if
    the item is what it is in the middle inventory (see ``engine.middle``). ``closes`` are the ends
    (``low``, ``high``) that are open without it and closed once it is known, with what is listed before it.
    """

    code: str
    label: Text
    emptied: Mask | None
    width: float | None
    cells: tuple[str, ...]
    typical: float | None = None
    closes: tuple[str, ...] = ()


def missing(universe: Universe, one: Way, *, typical: bool = True) -> list[Missing]:
    """Rank what is missing from one scenario; work out the ``typical`` widths where they are wanted.

    While an end is open, the ray names the cells nobody said anything about: the most specific item
    that covers some of them comes next, and is taken as nothing for those after it. Once both ends are
    closed, the remaining items are ranked by the width that would be left if they were known. Where only
    something that cannot be nothing would help, such as a whole stage, it is named without an interval.
    """
    dead, total = one.dead, one.wanted
    found: list[Missing] = []
    known = items(universe.catalogue)
    program = Program(universe, one.rows, dead, [total])
    interval = program.interval(0)
    while interval is not None and not interval.finite and len(found) < _MOST:
        unheld = _unheld(program, interval)
        left = [item for item in known if item.code not in {m.code for m in found}]
        item = _covering(universe, program, left, unheld)
        if item is None:
            break
        mask = universe.mask(item.on)
        dead = dead | mask
        program = Program(universe, one.rows, dead, [total])
        interval = program.interval(0)
        named = tuple(_describe(universe, cell) for cell in sorted(unheld) if mask[cell])[:5]
        emptied, width = (dead, _width(interval)) if item.may_be_nothing else (None, None)
        found.append(Missing(item.code, item.label, emptied, width, named))
    taken = {item.code for item in found}
    found = _closed(universe, one, found)
    if interval is not None and interval.finite and interval.value is None:
        rest = [item for item in known if item.code not in taken]
        found += _ranked(universe, replace(one, dead=dead, interval=interval), rest, typical)
    return found


def _closed(universe: Universe, one: Way, found: list[Missing]) -> list[Missing]:
    """Say of each item, with those before it, which open ends knowing it would close."""
    if not found:
        return found
    fields = {item.code: item for item in items(universe.catalogue)}
    whole = side(universe, one, [fields[m.code] for m in found])
    before = closing(whole, ())
    known: list[Number] = []
    told = []
    for item in found:
        known += [number for number in whole.told if number[0] == item.code]
        after = closing(whole, known)
        ends = zip(("low", "high"), before, after, strict=True)
        told.append(replace(item, closes=tuple(end for end, was, is_ in ends if is_ and not was)))
        before = after
    return told


def _unheld(program: Program, interval: Interval) -> set[int]:
    """Cells that may grow for ever by themselves; if there are none, those of the rays."""
    free = ~program.kernel.matrix.any(axis=0) & (program.costs[0] != 0)
    alone = {cell for column in np.flatnonzero(free).tolist() for cell in program.members[column]}
    return alone or {cell for cells in (*interval.low_ray, *interval.high_ray) for cell in cells}


def _covering(universe: Universe, program: Program, items: list[Field], unheld: set[int]) -> Field | None:
    """The item that names the cells that grow: one that is about nothing else, else the one with most."""
    counted = np.zeros(len(universe), dtype=bool)
    counted[[cell for cells in program.members for cell in cells]] = True
    growing = np.zeros(len(universe), dtype=bool)
    growing[sorted(unheld)] = True

    def key(item: Field) -> tuple[bool, bool, int, str]:
        mask = universe.mask(item.on) & counted
        inside = int((mask & growing).sum())
        return (inside < int(mask.sum()), not item.may_be_nothing, -inside, item.code)

    return min((item for item in items if key(item)[2] < 0), key=key, default=None)


def _describe(universe: Universe, cell: int) -> str:
    return " · ".join(universe.cells[cell])


def _ranked(universe: Universe, one: Way, rest: list[Field], typical: bool) -> list[Missing]:
    wide = _width(one.interval) or 0.0
    whole = side(universe, one, rest)
    found: list[Missing] = []
    for item in rest:
        known = [number for number in whole.told if number[0] == item.code]
        apart = Twins(whole, whole, known).width(proven=True) if known else None
        if apart is None or apart.most is None or float(apart.most) >= wide * (1 - 1e-9):
            continue
        emptied = one.dead | universe.mask(item.on) if item.may_be_nothing else None
        found.append(Missing(item.code, item.label, emptied, float(apart.most), ()))
    best = sorted(found, key=lambda m: (m.width or 0.0, m.code))[:_RANKED]
    if not best or not typical:
        return best
    middle = Middle(whole)
    told = []
    for one_of in best:
        width = middle.width([number for number in whole.told if number[0] == one_of.code])
        # The typical width is in floats; it is never more than the widest.
        told.append(replace(one_of, typical=None if width is None else min(width, one_of.width or 0.0)))
    return told


def _width(interval: Interval | None) -> float | None:
    if interval is None or interval.low is None or interval.high is None:
        return None
    return float(interval.high - interval.low)

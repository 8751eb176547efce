"""What was not disclosed, and how much each missing item would narrow the answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosswalk.engine.cells import Mask, Universe, Weights
from crosswalk.engine.kernel import Kernel, Status
from crosswalk.engine.program import Interval, Part, Parts, Program, Row
from crosswalk.knowledge.catalogue import Catalogue, Field, Text

#: The format whose fields are what one can ask a supplier for.
OWN = "crosswalk"
_MOST = 12
_RANKED = 6


@dataclass(frozen=True)
class Missing:
    """One missing item of one scenario, and the worst width once it is known.

    ``emptied`` are the cells that are empty if it, and what is listed before it, is nothing; ``None``
    where that is nothing anybody would say.
    """

    code: str
    label: Text
    emptied: Mask | None
    width: float | None
    cells: tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    """What is known of one scenario: its rows, its empty cells, the total wanted, plain CO2e weights."""

    universe: Universe
    rows: list[Row]
    dead: Mask
    total: Parts
    gross: Weights


def missing(universe: Universe, rows: list[Row], dead: Mask, total: Parts, gross: Weights) -> list[Missing]:
    """Rank what is missing from one scenario.

    While an end is open, the ray names the cells nobody said anything about: the most specific item
    that covers some of them comes next, and is taken as nothing for those after it. Once both ends are
    closed, the remaining items are ranked by the width that would be left if they were known. Where only
    something that cannot be nothing would help, such as a whole stage, it is named without an interval.
    """
    found: list[Missing] = []
    items = _items(universe.catalogue)
    program = Program(universe, rows, dead, [total])
    interval = program.interval(0)
    while interval is not None and not interval.finite and len(found) < _MOST:
        unheld = _unheld(program, interval)
        left = [item for item in items if item.code not in {m.code for m in found}]
        item = _covering(universe, program, left, unheld)
        if item is None:
            return found
        mask = universe.mask(item.on)
        dead = dead | mask
        program = Program(universe, rows, dead, [total])
        interval = program.interval(0)
        named = tuple(_describe(universe, cell) for cell in sorted(unheld) if mask[cell])[:5]
        emptied, width = (dead, _width(interval)) if item.may_be_nothing else (None, None)
        found.append(Missing(item.code, item.label, emptied, width, named))
    if interval is not None and interval.finite and interval.value is None:
        taken = {item.code for item in found}
        rest = [item for item in items if item.code not in taken]
        found += _ranked(_Known(universe, rows, dead, total, gross), interval, rest)
    return found


def _items(catalogue: Catalogue) -> list[Field]:
    own = catalogue.formats.get(OWN)
    fields = own.fields.values() if own else ()
    return sorted((f for f in fields if not f.headline), key=lambda f: f.code)


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


def _ranked(study: _Known, now: Interval, items: list[Field]) -> list[Missing]:
    wide = _width(now) or 0.0
    found: list[Missing] = []
    for item in items:
        mask = study.universe.mask(item.on)
        left = _width_if_known(study, item)
        if left is None or left >= wide * (1 - 1e-9):
            continue
        emptied = study.dead | mask if item.may_be_nothing else None
        found.append(Missing(item.code, item.label, emptied, left, ()))
    return sorted(found, key=lambda m: (m.width or 0.0, m.code))[:_RANKED]


def _width_if_known(study: _Known, item: Field) -> float | None:
    """Return the widest the answer can still be once ``item`` is known, whatever its value.

    Two inventories that fit, and agree on the item, are driven apart: one linear program of twice the
    size. An item on a mass basis is known gas by gas, one in CO2e or carbon as one sum.
    """
    mask = study.universe.mask(item.on)
    program = Program(study.universe, study.rows, study.dead, [study.total, (Part(mask, study.gross),)])
    matrix, cost, own = program.kernel.matrix, program.costs[0], program.costs[1]
    covered = np.flatnonzero(own)
    if not covered.size:
        return None
    agree = np.eye(own.size)[covered] if item.basis == "mass" else own[None, :]
    nothing = np.zeros_like(matrix)
    kernel = Kernel(np.vstack([np.block([[matrix, nothing], [nothing, matrix]]), np.hstack([agree, -agree])]))
    nil = np.zeros(len(agree))
    found = kernel.maximum(
        np.concatenate([cost, -cost]),
        np.concatenate([program.low, program.low, nil])[None, :],
        np.concatenate([program.high, program.high, nil])[None, :],
    )
    return float(found.value[0]) if found.status[0] == Status.OPTIMAL else None


def _width(interval: Interval | None) -> float | None:
    if interval is None or interval.low is None or interval.high is None:
        return None
    return float(interval.high - interval.low)

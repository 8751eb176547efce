"""One file after the other of one structure: the ends it brings, and the bases that held for the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from crosswalk.engine.cells import Floats, Mask
from crosswalk.engine.certificate import Ends
from crosswalk.engine.kernel import ROUNDING, Basis, Kernel, proven


class Data:
    """The ends of all rows for one file: exact, and in floats."""

    def __init__(self, ends: Sequence[tuple[Fraction | None, Fraction | None]]) -> None:
        self.pairs = tuple(ends)
        self.exact = Ends.of(ends)
        self.low = np.array([-np.inf if low is None else float(low) for low, _ in ends])
        self.high = np.array([np.inf if high is None else float(high) for _, high in ends])


#: Cells that can grow for ever together, in groups that nothing tells apart.
Ray: TypeAlias = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Bracket:
    """What holds one objective at either end: a basis, or cells that can grow for ever where it is open.

    ``empty``, where it is set, bounds the cells that count by a factor nobody knows: ``above`` holds only
    where these are nothing.
    """

    below: Basis | None
    above: Basis | None
    low_ray: Ray = ()
    high_ray: Ray = ()
    empty: Basis | None = None

    def holds_nothing(self, data: Data) -> bool:
        """Whether the cells without a factor must be empty."""
        assert self.empty is not None
        return bool(proven(self.empty, data.low[:, None], data.high[:, None])[0][0] <= 0)


@dataclass(frozen=True)
class Held:
    """The brackets of all objectives of one file, arranged so that one product checks them for another.

    Every basic amount, and every sum of a row that does not bind, less or plus its ends, is a linear
    function of the ends; all must be nothing or more. ``finite`` are the ends that are not open.
    """

    brackets: list[Bracket]
    finite: Mask
    matrix: Floats
    size: Floats

    @classmethod
    def of(cls, kernel: Kernel, brackets: list[Bracket], data: Data) -> Held | None:
        """Arrange ``brackets`` for files whose open ends are those of ``data``; needs a basis among them."""
        finite = np.isfinite(np.concatenate([data.low, data.high]))
        pieces: dict[int, tuple[Floats, Floats]] = {}
        for bracket in brackets:
            for basis in (bracket.below, bracket.above, bracket.empty):
                if basis is not None and id(basis) not in pieces:
                    pieces[id(basis)] = _linear(kernel, basis, finite)
        if not pieces:
            return None
        stacked = [np.vstack([piece[part] for piece in pieces.values()]) for part in (0, 1)]
        return cls(brackets, finite, stacked[0], stacked[1])

    def covers(self, data: Data) -> bool:
        """Whether all bases are optimal for ``data`` too."""
        ends = np.concatenate([data.low, data.high])
        if not np.array_equal(np.isfinite(ends), self.finite):
            return False
        ends = np.where(self.finite, ends, 0.0)
        return bool((self.matrix @ ends >= self.size @ np.abs(ends) * -ROUNDING).all())


def _linear(kernel: Kernel, basis: Basis, finite: Mask) -> tuple[Floats, Floats]:
    """What must not be negative for ``basis`` to be optimal, over (low ends, high ends); and its size."""
    reach, size, others = kernel.check(basis)
    count = kernel.matrix.shape[0]
    picks = np.where(basis.tops, count + basis.rows, basis.rows)
    amounts, sizes = np.zeros((len(reach), 2 * count)), np.zeros((len(reach), 2 * count))
    amounts[:, picks], sizes[:, picks] = reach, size
    basic = basis.columns.size
    below, above = amounts[basic:].copy(), -amounts[basic:]
    below[np.arange(others.size), others] -= 1
    above[np.arange(others.size), count + others] += 1
    checks = [amounts[:basic], below[finite[others]], above[finite[count + others]]]
    return np.vstack(checks), np.vstack(
        [sizes[:basic], sizes[basic:][finite[others]], sizes[basic:][finite[count + others]]]
    )

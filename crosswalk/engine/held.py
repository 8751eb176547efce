"""One file after the other of one structure: the ends it brings, and the bases that held for the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from crosswalk.engine.cells import Floats, Mask
from crosswalk.engine.certificate import Ends
from crosswalk.engine.kernel import ROUNDING, Basis, Kernel


class Data:
    """The ends of all rows for one file: exact, and in floats."""

    def __init__(self, ends: Sequence[tuple[Fraction | None, Fraction | None]]) -> None:
        self.exact = Ends.of(ends)
        self.low = np.array([-np.inf if low is None else float(low) for low, _ in ends])
        self.high = np.array([np.inf if high is None else float(high) for _, high in ends])


@dataclass(frozen=True)
class Held:
    """The bases that were optimal for all objectives of one file, so arranged that one product checks all.

    Every basic amount, and every sum of a row that does not bind, less or plus its ends, is a linear
    function of the ends; all must be nothing or more. ``picks`` are the ends that are finite.
    """

    bases: list[tuple[Basis, Basis]]
    finite: Mask
    matrix: Floats
    size: Floats

    @classmethod
    def of(cls, kernel: Kernel, bases: list[tuple[Basis, Basis]], data: Data) -> Held:
        """Arrange ``bases`` for files whose open ends are those of ``data``."""
        finite = np.isfinite(np.concatenate([data.low, data.high]))
        pieces: dict[int, tuple[Floats, Floats]] = {}
        for basis in (one for pair in bases for one in pair):
            if id(basis) not in pieces:
                pieces[id(basis)] = _linear(kernel, basis, finite)
        stacked = [np.vstack([piece[part] for piece in pieces.values()]) for part in (0, 1)]
        return cls(bases, finite, stacked[0], stacked[1])

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

"""Weightings of the cells: sums of parts, each a coefficient times the weights of a method over a mask."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from crosswalk.engine.cells import Floats, Mask, Universe, Weights, shared


@dataclass(frozen=True)
class Part:
    """``coefficient`` times the weights of a method (1 where there is none) over the cells of ``mask``.

    ``blind`` marks cells that count here by a factor nobody knows.
    """

    mask: Mask
    weights: Weights | None = None
    coefficient: Fraction = Fraction(1)
    blind: Mask | None = None

    def __post_init__(self) -> None:
        # Few masks stand in many parts.
        object.__setattr__(self, "mask", shared(self.mask))
        if self.blind is not None:
            object.__setattr__(self, "blind", shared(self.blind))

    def vector(self) -> Floats:
        """Return the part on all cells, in floats."""
        values = 1.0 if self.weights is None else self.weights.value
        return np.where(self.mask, values, 0.0) * float(self.coefficient)

    def exact(self, universe: Universe, cell: int) -> Fraction:
        """Return the part on one cell, exactly."""
        if not self.mask[cell]:
            return Fraction(0)
        weight = Fraction(1) if self.weights is None else universe.exact(self.weights, cell)
        return self.coefficient * weight


class Term(Protocol):
    """A weighting of cells that is known in floats and, cell by cell, exactly."""

    @property
    def mask(self) -> Mask:
        """Cells it is about."""
        ...

    @property
    def blind(self) -> Mask | None:
        """Cells that count by a factor nobody knows."""
        ...

    def vector(self) -> Floats:
        """Return the weighting on all cells, in floats."""
        ...

    def exact(self, universe: Universe, cell: int) -> Fraction:
        """Return the weighting of one cell, exactly."""
        ...


Parts = tuple[Term, ...]


def blind(weights: Weights, known: Weights) -> Mask:
    """Cells that ``known`` characterises and ``weights`` would count, but has no factor for.

    What neither has a factor for counts in neither, by the convention of the sets.
    """
    found: Mask = weights.scope & (weights.factor != 0) & ~weights.known & known.known
    return found


@dataclass(frozen=True)
class Row:
    """``low <= sum(parts) <= high`` on the cells; ``None`` leaves an end open.

    ``name`` and ``path`` say where it comes from; ``stated`` tells a disclosed value from an assumption
    or a limit.
    """

    name: str
    path: str
    parts: Parts
    low: Fraction | None
    high: Fraction | None
    stated: bool = True


def vector(parts: Parts, size: int) -> Floats:
    """Return the sum of ``parts`` on all cells."""
    total = np.zeros(size)
    for part in parts:
        total += part.vector()
    return total

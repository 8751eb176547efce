"""Columns of numbers as they were given: values, rounding, and which rows are no numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crosswalk.engine.cells import Floats, Mask
from crosswalk.engine.solver import Ints
from crosswalk.footprint.quantity import Quantity

#: Decimals beyond this many are taken for noise of binary numbers, which then are exact.
_MOST = 12


@dataclass(frozen=True)
class Numbers:
    """One column: ``value`` and ``half`` (of the last digit given), NaN where nothing was given.

    ``nothing`` are exact zeros; ``wrong`` are rows that hold something that is no number.
    """

    value: Floats
    half: Floats
    nothing: Mask
    wrong: Mask

    @property
    def given(self) -> Mask:
        """Rows that hold a number."""
        found: Mask = ~np.isnan(self.value)
        return found

    def of(self, rows: Ints) -> Numbers:
        """Return the numbers of some rows."""
        return Numbers(self.value[rows], self.half[rows], self.nothing[rows], self.wrong[rows])


def numbers(column: npt.NDArray[Any]) -> Numbers:
    """Return what an array of numbers says.

    Binary numbers are taken as the shortest decimal they print as, so that 2.30 is read as 2.3: half a
    unit of the digit that is left, which is wider than what was printed and never narrower. Whole numbers
    are whole numbers; a zero there is exactly nothing.

    >>> numbers(np.array([2.3, 0.125])).half.tolist()
    [0.05, 0.0005]
    """
    if column.dtype.kind in "iu":
        value = column.astype(np.float64)
        half = np.where(value == 0, 0.0, 0.5)
        return Numbers(value, half, value == 0, np.zeros(len(value), dtype=bool))
    return _binary(column.astype(np.float64))


def _binary(value: Floats) -> Numbers:
    value = np.where(np.isfinite(value), value, np.nan)
    half = np.full(len(value), np.nan)
    open_rows = np.flatnonzero(~np.isnan(value))
    for decimals in range(1, _MOST + 1):
        scaled = value[open_rows] * 10.0**decimals
        fits = np.abs(scaled - np.round(scaled)) <= np.abs(scaled) * 2.0**-51
        half[open_rows[fits]] = 0.5 * 10.0**-decimals
        open_rows = open_rows[~fits]
        if not open_rows.size:
            break
    half[open_rows] = 0.0
    none = np.zeros(len(value), dtype=bool)
    return Numbers(value, half, none, none)


def written(codes: Ints, spellings: Sequence[str]) -> Numbers:
    """Return what decimals say as they are written: the spelling of each row by its place, -1 for none.

    >>> written(np.array([0, -1, 1]), ["2.30", "0"]).half.tolist()
    [0.005, nan, 0.0]
    """
    values = np.full(len(spellings) + 1, np.nan)
    halves = np.full(len(spellings) + 1, np.nan)
    wrong = np.zeros(len(spellings) + 1, dtype=bool)
    for place, spelling in enumerate(spellings):
        text = spelling.strip()
        if text == "":
            continue
        try:
            read = Quantity.of(text)
        except (ArithmeticError, ValueError):
            wrong[place] = True
            continue
        values[place], halves[place] = float(read.value), float(read.half)
    nothing = (values == 0) & (halves == 0)
    # The code of a row without anything is -1: the last place.
    return Numbers(values[codes], halves[codes], nothing[codes], wrong[codes])

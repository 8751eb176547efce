"""Draws of numbers with a stated distribution: for each number, where it stands in every draw.

A draw moves the number as its distribution says; rounding stays what it is, an interval around it. The
random numbers of a group, or of a number by itself, come from a stream that only the seed and its name
decide: other numbers, and their order, change nothing, and more draws begin with the same ones.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from crosswalk.engine.cells import Floats
from crosswalk.footprint.quantity import Quantity, Spread

#: A number in every draw: its lower ends, its upper ends, and its slip.
Move: TypeAlias = tuple[Floats, Floats, Floats]


class Stream:
    """Standard normal random numbers by name, as many as there are draws."""

    def __init__(self, draws: int, seed: int) -> None:
        self.draws = draws
        self.seed = seed
        self._kept: dict[str, Floats] = {}

    def normal(self, name: str) -> Floats:
        """Return the random numbers of a name, always the same ones."""
        if name not in self._kept:
            digest = hashlib.sha256(name.encode()).digest()
            words = [int.from_bytes(digest[i : i + 4], "little") for i in range(0, 32, 4)]
            source = np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, *words])))
            self._kept[name] = source.standard_normal(self.draws)
        return self._kept[name]

    def of(self, spread: Spread, name: str) -> Floats:
        """Return the random numbers of a distribution: of its group, or of the number where it is stated."""
        if spread.group is not None:
            return self.normal(f"group {spread.group}")
        return self.normal(f"number {spread.path or name}")


def drawn(quantity: Quantity, name: str, stream: Stream) -> Move:
    """Return a number in every draw: both ends, rounding included, and its slip.

    Before rounding the number was another than was printed, and may have moved by more or by less: by how
    much is its slip. ``name`` stands for where the number is stated, if it does not say.
    """
    spread, none = quantity.spread, np.zeros(stream.draws)
    half = float(quantity.half)
    least, most = float(quantity.value - quantity.half), float(quantity.value + quantity.half)
    if spread is None:
        return least + none, most + none, none
    if spread.terms:
        terms = [drawn(term, f"{name} #{place}", stream) for place, term in enumerate(spread.terms)]
        return _reckoned(spread, terms, half)
    z = stream.of(spread, name)
    if spread.kind == "lognormal":
        factor = np.exp(z * _sides(spread, z, math.log))
        return least * factor, most * factor, half * np.abs(factor - 1)
    shift = z * _sides(spread, z, float) if spread.kind == "normal" else _placed(quantity, spread, z)
    return least + shift, most + shift, none


def _reckoned(spread: Spread, terms: list[Move], half: float) -> Move:
    """The sum, the product or the quotient of numbers in every draw."""
    if spread.kind == "sum":
        low, high, slip = (np.sum([term[which] for term in terms], axis=0) for which in range(3))
        return low, high, slip
    (low, high, _), *others = terms
    for least, most, _ in others:
        if spread.kind == "quotient":
            # A draw that takes the divisor to zero says nothing of the quotient.
            sound = (least > 0) | (most < 0)
            with np.errstate(divide="ignore", invalid="ignore"):
                least, most = np.where(sound, 1 / most, -np.inf), np.where(sound, 1 / least, np.inf)
        with np.errstate(invalid="ignore"):
            corners = np.stack([low * least, low * most, high * least, high * most])
        corners[np.isnan(corners)] = 0.0
        low, high = corners.min(axis=0), corners.max(axis=0)
    return low, high, (high - low) / 2 + half


def _sides(spread: Spread, z: Floats, of: Callable[..., float]) -> Floats | float:
    """Return the deviation above the median, and that below it where it is another."""
    assert spread.sigma is not None
    above = of(spread.sigma)
    return above if spread.below is None else np.where(z < 0, of(spread.below), above)


def _placed(quantity: Quantity, spread: Spread, z: Floats) -> Floats:
    """Return how far from the number a distribution between two ends is at the quantiles of ``z``."""
    assert spread.low is not None
    assert spread.high is not None
    low, value, high = float(spread.low), float(quantity.value), float(spread.high)
    quantile = np.array([0.5 * math.erfc(-one / math.sqrt(2)) for one in z.tolist()])
    if spread.kind == "uniform":
        return low + (high - low) * quantile - value
    turn = (value - low) / (high - low)
    rising = low + np.sqrt(quantile * (high - low) * (value - low))
    falling = high - np.sqrt((1 - quantile) * (high - low) * (high - value))
    found: Floats = np.where(quantile < turn, rising, falling) - value
    return found

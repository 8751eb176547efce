"""How a field is reckoned: under which options, and over which cells.

A field may be defined under options of its own, whatever the study chose. Another one is stated beside a
total that leaves out all it covers: it is then reckoned under an option that counts it, and else as the
study counts. Exactly nothing beside such a total may be what it counts: it says nothing. A number of carbon
may be a balance: further masses belong to it, with coefficients.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import numpy as np

from crosswalk.engine.cells import Mask, Method, Universe, excluded
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Disclosure
from crosswalk.knowledge.catalogue import Field, Selection


def asked(universe: Universe, one: Disclosure | Field, on: Selection, method: Method) -> dict[str, str]:
    """Return the options a field is reckoned under, on the cells of ``on``, in a study done by ``method``."""
    options = universe.catalogue.options
    found = {**method, **{options[option].dimension: option for option in one.under}}
    for option in beside(one):
        dimension = options[option].dimension
        if dimension in found:
            found[dimension] = counting(universe, one, found[dimension], option, on)
    return found


def beside(one: Disclosure | Field) -> tuple[str, ...]:
    """Return the options that take the place of those that leave out all a field covers."""
    return () if isinstance(one, Disclosure) and nothing(one.quantity) else one.beside


def counting(universe: Universe, one: Disclosure | Field, own: str, beside: str, on: Selection) -> str:
    """Return the option of the study, or ``beside`` where that leaves out all cells of ``on``.

    A mass is of what the study looked at, whether or not it counts.
    """
    mask = universe.mask(on)
    left = excluded(universe, own, weights=one.basis == "co2e")
    return beside if mask.any() and not (mask & ~left).any() else own


def balanced(universe: Universe, one: Disclosure | Field) -> Iterator[tuple[Fraction, Mask]]:
    """Yield the further masses of a balance, each with its coefficient."""
    for coefficient, selection in one.balance.terms if one.balance else ():
        yield Fraction(coefficient), universe.mask(selection)


def nothing(quantity: Quantity) -> bool:
    """Whether a number says that there is exactly nothing."""
    return quantity.value == 0 and quantity.half == 0 and quantity.spread is None


def covered(universe: Universe, one: Disclosure | Field) -> Mask:
    """Cells a field is about, those of its balance included."""
    mask = universe.mask(one.on).copy()
    for _, more in balanced(universe, one):
        mask |= more
    return mask


def fixed(universe: Universe, several: Iterable[Disclosure | Field]) -> dict[str, Mask]:
    """Return, by dimension, the cells of which something is reckoned under an option not the study's own."""
    found: dict[str, Mask] = {}
    for one in several:
        for option in (*one.under, *one.beside):
            dimension = universe.catalogue.options[option].dimension
            nothing = np.zeros(len(universe), dtype=bool)
            found[dimension] = found.get(dimension, nothing) | universe.mask(one.on)
    return found

"""What one can ask a supplier for, and which numbers that would be.

The items are the fields of our own format but the totals and what is no more than a limit. One in CO2e, or
of carbon, is one number under the method of the study; one that is a mass is a number for every gas and
origin it covers, summed over stages and activities, as a list of gases gives it. An item is known when its
numbers are, exactly: whatever rounding they come with is not told beforehand.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from crosswalk.engine.cells import Mask, Method, Universe
from crosswalk.engine.parts import Part, Parts
from crosswalk.engine.reckoning import asked, balanced
from crosswalk.knowledge.catalogue import Catalogue, Field

#: The format whose fields are what one can ask for.
OWN = "crosswalk"
#: A number of an item: its code, and gas and origin where the item is known gas by gas.
Number: TypeAlias = tuple[str, str, str]


def items(catalogue: Catalogue) -> list[Field]:
    """Return everything one can ask for, by code."""
    own = catalogue.formats.get(OWN)
    fields = own.fields.values() if own else ()
    asked_for = (f for f in fields if not f.headline and not f.relation_only and not f.upper_limit)
    return sorted(asked_for, key=lambda f: f.code)


def numbers(universe: Universe, item: Field, method: Method, live: Mask) -> dict[Number, Parts]:
    """Return the numbers of an item in a study done under ``method``, as sums over the ``live`` cells."""
    weights = universe.weights(asked(universe, item, item.on, method))
    mask = universe.mask(item.on) & live
    if item.basis == "co2e":
        return {(item.code, "", ""): (Part(mask, weights),)}
    seen = weights.scope & live
    mask = mask & seen
    if item.basis == "carbon":
        more = (Part(m & seen, None, by) for by, m in balanced(universe, item))
        return {(item.code, "", ""): (Part(mask), *more)}
    kinds, kind = _kinds(universe)
    found = np.unique(kind[mask]).tolist()
    return {(item.code, *kinds[index]): (Part(mask & (kind == index)),) for index in found}


@lru_cache(maxsize=4)
def _kinds(universe: Universe) -> tuple[list[tuple[str, str]], npt.NDArray[np.int64]]:
    """Return every pair of gas and origin, and which of them each cell is of."""
    pairs = [(gas, origin) for _, _, gas, origin in universe.cells]
    kinds = sorted(set(pairs))
    place = {pair: index for index, pair in enumerate(kinds)}
    return kinds, np.array([place[pair] for pair in pairs])


def ease(item: Field) -> int:
    """Return how hard an item is to get, easiest first.

    0: something a supplier may well say is not there at all; 1: carbon in the product; 2: a part of the
    total in CO2e; 3: the mass of one gas; 4: the masses of many.
    """
    if item.basis == "mass":
        return 3 if len(item.on.gases) == 1 else 4
    if item.may_be_nothing:
        return 0
    return 1 if item.basis == "carbon" else 2

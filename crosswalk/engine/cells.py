"""The cells of an inventory, and the weights a method gives them.

A cell is (stage, activity, gas, origin) and holds a mass of gas per declared unit, never negative.
A method, one option for each dimension, gives every cell a weight; the footprint under the method is
the weighted sum. Weights are kept twice: as floats for the linear programs, and, cell by cell on
demand, as exact fractions for their certificates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import product
from typing import Any, TypeAlias, TypeVar
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from crosswalk.knowledge.catalogue import Catalogue, Selection

Floats: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]
_Value = TypeVar("_Value", bound=np.generic)

#: How many methods' weights are kept; a method takes some two hundred kilobytes.
_KEPT = 256

#: One option code (``dimension.option``) for each dimension code.
Method: TypeAlias = Mapping[str, str]

Cell: TypeAlias = tuple[str, str, str, str]


@dataclass(frozen=True)
class Weights:
    """What one method does to all cells.

    ``factor`` holds what the options multiply to, without characterisation; ``value`` includes it;
    ``scope`` tells which cells the study looks at; ``known`` which have a characterisation factor.
    """

    factor: Floats
    value: Floats
    scope: Mask
    known: Mask
    gwp_set: str
    origin: tuple[str, ...]


class Universe:
    """All cells of a catalogue, with cached selections and weights.

    Cells are sorted, so that the same catalogue gives the same order everywhere.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.cells: tuple[Cell, ...] = tuple(sorted(_enumerate(catalogue)))
        self._masks: dict[Selection, Mask] = {}
        self._weights: dict[tuple[str, ...], Weights] = {}
        self._gwps: dict[tuple[str, tuple[str, ...]], Floats] = {}
        self._axes = tuple(np.array(axis) for axis in zip(*self.cells, strict=True))

    def __len__(self) -> int:
        return len(self.cells)

    @cached_property
    def _members(self) -> dict[str, frozenset[str]]:
        """Gases of each family, the pseudo-families included."""
        members: dict[str, set[str]] = {}
        for gas in self.catalogue.gases.values():
            for family in gas.families:
                members.setdefault(family, set()).add(gas.code)
        return {family: frozenset(gases) for family, gases in members.items()}

    @cached_property
    def conditions(self) -> frozenset[str]:
        """Options that the effect of some other option hangs on."""
        effects = (effect for option in self.catalogue.options.values() for effect in option.effects)
        return frozenset(effect.when for effect in effects if effect.when is not None)

    def gases_of(self, families: Iterable[str]) -> frozenset[str]:
        """Return the codes of all gases in ``families``."""
        return frozenset().union(*(self._members.get(family, frozenset()) for family in families))

    def _activities(self, codes: Iterable[str]) -> set[str]:
        wanted = set(codes)
        concepts = self.catalogue.activities
        for code in concepts:
            parent = concepts[code].broader
            while parent is not None:
                if parent in wanted:
                    wanted.add(code)
                    break
                parent = concepts[parent].broader
        return wanted

    def mask(self, selection: Selection) -> Mask:
        """Return which cells ``selection`` covers."""
        found = self._masks.get(selection)
        if found is not None:
            return found
        stage, activity, gas, origin = self._axes
        mask = np.ones(len(self), dtype=bool)
        if selection.stages:
            mask &= np.isin(stage, selection.stages)
        if selection.activities:
            mask &= np.isin(activity, sorted(self._activities(selection.activities)))
        if selection.gases or selection.families:
            wanted = self.gases_of(selection.families) | set(selection.gases)
            mask &= np.isin(gas, sorted(wanted))
        if selection.origins:
            mask &= np.isin(origin, selection.origins)
        for taken_out in selection.excepts:
            mask &= ~self.mask(taken_out)
        mask.setflags(write=False)
        self._masks[selection] = mask
        return mask

    def weights(self, method: Method) -> Weights:
        """Return the weights ``method`` gives; options with ``when`` count only beside that option."""
        key = tuple(sorted(method.values()))
        found = self._weights.get(key)
        if found is None:
            if len(self._weights) >= _KEPT:
                self._weights.clear()
                self._gwps.clear()
            found = self._weights[key] = self._weigh(frozenset(key))
        return found

    def _weigh(self, chosen: frozenset[str]) -> Weights:
        factor = np.ones(len(self))
        scope = np.ones(len(self), dtype=bool)
        origin = self._axes[3].copy()
        gwp_set = ""
        for code in sorted(chosen):
            for effect in self.catalogue.options[code].effects:
                if effect.when is not None and effect.when not in chosen:
                    continue
                mask = self.mask(effect.on)
                if effect.weight is not None:
                    factor[mask] *= float(effect.weight)
                elif effect.out_of_scope:
                    scope[mask] = False
                elif effect.as_origin is not None:
                    origin[mask] = effect.as_origin
                elif effect.characterised_by is not None:
                    gwp_set = effect.characterised_by
        origins: tuple[str, ...] = tuple(origin.tolist())
        gwp = self._characterise(gwp_set, origins)
        known = ~np.isnan(gwp)
        value = np.where(scope & known, factor * np.where(known, gwp, 0.0), 0.0)
        for array in (factor, value, scope, known):
            array.setflags(write=False)
        return Weights(factor, value, scope, known, gwp_set, origins)

    def _characterise(self, gwp_set: str, origins: tuple[str, ...]) -> Floats:
        """GWP of each cell's gas, each of its origin; NaN where the set has no factor for it."""
        if not gwp_set:
            return np.ones(len(self))
        key = (gwp_set, origins)
        if key not in self._gwps:
            values = self.catalogue.gwp_sets[gwp_set].values
            pairs = list(zip(self._axes[2].tolist(), origins, strict=True))
            table = {pair: lookup(values, *pair) for pair in set(pairs)}
            self._gwps[key] = np.array(
                [np.nan if table[pair] is None else float(table[pair] or 0) for pair in pairs]
            )
        return self._gwps[key]

    def exact(self, weights: Weights, cell: int) -> Fraction:
        """Return the weight of one cell as an exact fraction of the decimals in the knowledge."""
        if not weights.scope[cell] or not weights.known[cell]:
            return Fraction(0)
        factor = _fraction(repr(float(weights.factor[cell])))
        if not weights.gwp_set:
            return factor
        values = self.catalogue.gwp_sets[weights.gwp_set].values
        gwp = lookup(values, self.cells[cell][2], weights.origin[cell])
        return factor * _fraction(gwp or "0")


_shared: WeakValueDictionary[tuple[str, bytes], npt.NDArray[Any]] = WeakValueDictionary()


def shared(array: npt.NDArray[_Value]) -> npt.NDArray[_Value]:
    """Return the one array, not to be written to, for all that hold the same of the cells."""
    key = (array.dtype.char, array.tobytes())
    found = _shared.get(key)
    if found is None:
        found = _shared[key] = array if array.base is None else array.copy()
        found.setflags(write=False)
    return found


def excluded(universe: Universe, option: str, *, weights: bool = True) -> Mask:
    """Cells that an option puts out of scope or, with ``weights``, gives weight 0, whatever else holds."""
    mask = np.zeros(len(universe), dtype=bool)
    for effect in universe.catalogue.options[option].effects:
        nothing = weights and effect.weight is not None and float(effect.weight) == 0
        if effect.when is None and (effect.out_of_scope or nothing):
            mask |= universe.mask(effect.on)
    return mask


def unlooked(universe: Universe, option: str) -> Mask:
    """Cells a study with this option did not look at: out of scope, or left out by what they come from.

    A list of gases to be counted leaves out gases, and is no reason not to have seen them.
    """
    mask = excluded(universe, option, weights=False)
    for effect in universe.catalogue.options[option].effects:
        if effect.weight is not None and float(effect.weight) == 0 and beyond_gases(effect.on):
            mask |= universe.mask(effect.on)
    return mask


def beyond_gases(selection: Selection) -> bool:
    """Whether a selection goes by stage, activity or origin, and not by gases alone."""
    return bool(selection.stages or selection.activities or selection.origins) or any(
        beyond_gases(one) for one in selection.excepts
    )


@lru_cache(maxsize=4096)
def _fraction(decimal: str) -> Fraction:
    return Fraction(decimal)


def lookup(values: Mapping[str, Mapping[str, str]], gas: str, origin: str) -> str | None:
    """Return the factor a set gives a gas of an origin, as spelled; ``None`` where it has none."""
    by_origin = values.get(gas)
    if by_origin is None:
        return None
    return by_origin.get(origin, by_origin.get(""))


def _enumerate(catalogue: Catalogue) -> set[Cell]:
    cells: set[Cell] = set()
    for family in catalogue.cell_families:
        gases = set(family.gases)
        for gas in catalogue.gases.values():
            if not set(gas.families).isdisjoint(family.families):
                gases.add(gas.code)
        cells.update(product(family.stages, family.activities, gases, family.origins))
    return cells

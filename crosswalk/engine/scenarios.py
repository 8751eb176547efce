"""Every combination of options a study may have used and the target may ask for, as far as it matters.

Options that treat all live cells alike, and lead to target options that do, are one and the same to
the numbers; only one of them is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

import numpy as np

from crosswalk.engine.cells import Mask, Universe
from crosswalk.engine.methods import combinations, target_options
from crosswalk.engine.study import Reading, Study
from crosswalk.errors import RefusedError
from crosswalk.knowledge.catalogue import Regime

#: More combinations than this are not enumerated: the file must say more.
MOST = 768


@dataclass(frozen=True)
class Scenario:
    """One method of the study, one reading of its fields, and the target method that goes with it."""

    source: dict[str, str]
    target: dict[str, str]
    reading: Reading


@dataclass(frozen=True)
class Group:
    """Options of one dimension that the numbers cannot tell apart; the first stands for all.

    ``moved`` tells whether the target weighs live cells otherwise than the study.
    """

    options: tuple[str, ...]
    targets: tuple[str, ...]
    moved: bool

    @property
    def option(self) -> str:
        """The option that stands for the group."""
        return self.options[0]


def groups(study: Study, target: Regime, live: Mask) -> dict[str, tuple[Group, ...]]:
    """Return, for each numeric dimension, the groups of options that differ in numbers."""
    found: dict[str, tuple[Group, ...]] = {}
    for dimension in study.numeric:
        alike: dict[tuple[bytes, ...], list[str]] = {}
        wanted: dict[tuple[bytes, ...], tuple[tuple[str, ...], bool]] = {}
        for option in study.choices[dimension].options:
            targets = _distinct(
                target_options(dimension, option, target, study.footprint), study.universe, live
            )
            key = (
                signature(study.universe, option, live),
                *(signature(study.universe, t, live) for t in targets),
            )
            moved = any(other != key[0] for other in key[1:])
            alike.setdefault(key, []).append(option)
            wanted.setdefault(key, (targets, moved))
        found[dimension] = tuple(Group(tuple(options), *wanted[key]) for key, options in alike.items())
    return found


def scenarios(study: Study, parts: dict[str, tuple[Group, ...]]) -> Iterator[Scenario]:
    """Yield all scenarios in stable order.

    Raises ``RefusedError`` once they are too many to look at one by one; a caller may stop before.
    """
    readings = list(study.readings())
    axes = [(dimension, tuple(range(len(choices)))) for dimension, choices in parts.items()]
    count = 0
    for picked in product(*(indexes for _, indexes in axes)):
        chosen = {d: parts[d][index] for (d, _), index in zip(axes, picked, strict=True)}
        source = {dimension: group.option for dimension, group in chosen.items()}
        for target in combinations([(d, group.targets) for d, group in chosen.items()]):
            for reading in readings:
                count += 1
                if count > MOST:
                    raise RefusedError("too-many-open", dimensions=", ".join(_widest(parts)), most=MOST)
                yield Scenario(source, target, reading)


def _widest(parts: dict[str, tuple[Group, ...]]) -> list[str]:
    ranked = sorted(parts, key=lambda d: (-len(parts[d]), d))
    return list(islice((d for d in ranked if len(parts[d]) > 1), 5))


def _distinct(options: Sequence[str], universe: Universe, live: Mask) -> tuple[str, ...]:
    seen: dict[bytes, str] = {}
    for option in options:
        seen.setdefault(signature(universe, option, live), option)
    return tuple(seen.values())


def signature(universe: Universe, option: str, live: Mask) -> bytes:
    """Return what ``option`` does to the live cells, as bytes: equal bytes, equal numbers."""
    pieces: list[bytes] = []
    for effect in universe.catalogue.options[option].effects:
        mask = universe.mask(effect.on) & live
        if not mask.any():
            continue
        if effect.characterised_by is not None:
            pieces.append(_factors(universe, effect.characterised_by, mask))
        elif effect.weight is not None and float(effect.weight) == 1:
            continue
        else:
            kind = f"{effect.weight}|{effect.out_of_scope}|{effect.as_origin}|{effect.when}"
            pieces.append(kind.encode() + np.packbits(mask).tobytes())
    return b"\n".join(sorted(pieces))


def _factors(universe: Universe, gwp_set: str, mask: Mask) -> bytes:
    values = universe.catalogue.gwp_sets[gwp_set].values
    gases = sorted({universe.cells[cell][2] for cell in np.flatnonzero(mask).tolist()})
    return repr([(gas, sorted(values.get(gas, {}).items())) for gas in gases]).encode()

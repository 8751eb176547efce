"""Every combination of options a study may have used and the target may ask for, as far as it matters.

Options that treat all live cells alike, and lead to target options that do, are one and the same to
the numbers; only one of them is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

import numpy as np

from crosswalk.engine.cells import Mask, Universe, excluded
from crosswalk.engine.methods import combinations, target_options
from crosswalk.engine.reckoning import covered, fixed
from crosswalk.engine.study import Reading, Study
from crosswalk.errors import RefusedError
from crosswalk.knowledge.catalogue import Profile, Regime

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
            key = tuple(signature(study.universe, one, live) for one in (option, *targets))
            moved = any(other != key[0] for other in key[1:])
            # What another option's effect hangs on is never one of several that are alike.
            tied = tuple(one.encode() for one in (option, *targets) if one in study.universe.conditions)
            alike.setdefault(key + tied, []).append(option)
            wanted.setdefault(key + tied, (targets, moved))
        found[dimension] = tuple(Group(tuple(options), *wanted[key]) for key, options in alike.items())
    return found


def count(study: Study, parts: dict[str, tuple[Group, ...]]) -> int:
    """Return how many scenarios ``parts`` gives."""
    found = len(list(study.readings()))
    for choices in parts.values():
        found *= sum(len(group.targets) for group in choices)
    return found


def prune(
    study: Study, parts: dict[str, tuple[Group, ...]], live: Mask, profile: Profile | None = None
) -> dict[str, tuple[Group, ...]]:
    """Leave out options whose every inventory is also one under another option, with the same result.

    If a study leaves some cells out, and the target does too, the value is that of a study that counts
    them and happens to have nothing there: only the latter need be looked at. Cells that a balance of
    the ``profile`` ties to others cannot be emptied.
    """
    bound = study.balanced(profile)
    return {
        dimension: tuple(
            group
            for group in choices
            if not any(
                _within(study, dimension, group, other, live, bound)
                for other in choices
                if other is not group
            )
        )
        for dimension, choices in parts.items()
    }


def _within(study: Study, dimension: str, inner: Group, outer: Group, live: Mask, bound: Mask) -> bool:
    if len(inner.targets) != 1 or len(outer.targets) != 1:
        return False
    universe = study.universe
    involved = (inner.option, outer.option, *inner.targets, *outer.targets)
    if any(e.when for option in involved for e in universe.catalogue.options[option].effects):
        return False
    if not universe.conditions.isdisjoint(involved):
        return False
    apart = excluded(universe, inner.option) & ~excluded(universe, outer.option) & live
    if not apart.any() or (apart & ~excluded(universe, inner.targets[0])).any():
        return False
    if (apart & (_spoken_of(study, dimension) | bound)).any():
        return False
    rest = live & ~apart
    return signature(universe, inner.option, rest) == signature(universe, outer.option, rest) and signature(
        universe, inner.targets[0], rest
    ) == signature(universe, outer.targets[0], rest)


def _spoken_of(study: Study, dimension: str) -> Mask:
    """Cells of which the file says something whatever the option of ``dimension``."""
    disclosures = study.footprint.disclosures
    nothing = np.zeros(len(study.universe), dtype=bool)
    mask = fixed(study.universe, disclosures).get(dimension, nothing)
    for disclosure in disclosures:
        if disclosure.basis != "co2e":
            mask = mask | covered(study.universe, disclosure)
    return mask


def scenarios(study: Study, parts: dict[str, tuple[Group, ...]]) -> Iterator[Scenario]:
    """Yield all scenarios in stable order.

    Raises ``RefusedError`` once they are too many to look at one by one; a caller may stop before.
    """
    readings = list(study.readings())
    axes = [(dimension, tuple(range(len(choices)))) for dimension, choices in parts.items()]
    seen = 0
    for picked in product(*(indexes for _, indexes in axes)):
        chosen = {d: parts[d][index] for (d, _), index in zip(axes, picked, strict=True)}
        source = {dimension: group.option for dimension, group in chosen.items()}
        for target in combinations([(d, group.targets) for d, group in chosen.items()]):
            for reading in readings:
                seen += 1
                if seen > MOST:
                    raise RefusedError("too-many-open", dimensions=", ".join(_widest(parts)), most=MOST)
                yield Scenario(source, target, reading)


def by_target(study: Study, parts: dict[str, tuple[Group, ...]]) -> Iterator[Scenario]:
    """Yield one scenario for each method the target may ask for, whatever the study did.

    Raises ``RefusedError`` once they are too many.
    """
    source = {dimension: choices[0].option for dimension, choices in parts.items()}
    reading = next(iter(study.readings()))
    wanted = [
        (dimension, tuple(dict.fromkeys(option for group in choices for option in group.targets)))
        for dimension, choices in parts.items()
    ]
    for seen, target in enumerate(combinations(wanted)):
        if seen == MOST:
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

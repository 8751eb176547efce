"""Random inventories on the real cells, what a study of them would print, and what is true of them elsewhere.

A ``Setting`` is one study without its numbers: a regime with a method it permits, the fields it discloses,
what it says is absent, and several targets. ``Setting.batch`` makes inventories for it in blocks: amounts of
gas in a few dozen cells, disclosures by one matrix product, rounded as printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import msgspec
import numpy as np

from crosswalk.engine.cells import Floats, Mask, Universe, Weights
from crosswalk.engine.methods import target_options
from crosswalk.engine.parts import blind
from crosswalk.engine.program import Program
from crosswalk.engine.study import Study
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Absence, Disclosure, Footprint
from crosswalk.knowledge.catalogue import Catalogue, Field, Regime, Selection
from tests.engine.conftest import SIGNED, footprint

#: What a printed number may be before it is known; it must not say that something is nothing.
_BLANK = Quantity.of("1.0")
#: Cells an inventory may use, and targets of one study.
_CELLS, _TARGETS = 64, 2
_COMMON = ("CO2", "CH4", "N2O", "SF6", "HFC-134a", "CO2e")
_PLAIN = Selection(gases=("CO2", "CH4", "N2O", "CO2e"))


class Batch(NamedTuple):
    """Data of many studies: ends of all rows (files, rows), true values and their sizes (files, targets)."""

    low: Floats
    high: Floats
    truth: Floats
    gross: Floats


class Tally(NamedTuple):
    """How many intervals were held against a true value, how many were closed, how many missed it."""

    held: int
    closed: int
    missed: int


class Setting(NamedTuple):
    """One study without its numbers. Weights are over ``cells``; those of ``stated`` make printed numbers."""

    program: Program
    cells: list[int]
    stated: Floats
    scale: Floats
    digits: list[int]
    asked: Floats
    left_out: Mask
    counted: Floats
    share: float | None

    def tally(self, batch: Batch) -> Tally:
        """Bound every file of a batch towards every target, all through one kernel."""
        closed = missed = 0
        for target, (truth, gross) in enumerate(zip(batch.truth.T, batch.gross.T, strict=True)):
            low, high, fits = self.program.bounds(target, batch.low, batch.high)
            # The bounds are rounded outwards; the noise is that of the sums made here.
            noise = 1e-12 * gross
            inside = fits & (low - noise <= truth) & (truth <= high + noise)
            missed += int((~inside).sum())
            closed += int((np.isfinite(low) & np.isfinite(high)).sum())
        return Tally(batch.truth.size, closed, missed)

    def batch(self, rng: np.random.Generator, count: int) -> Batch:
        """Return ``count`` inventories as files that print them, and their values under every target."""
        amounts = self._amounts(rng, count)
        exact = amounts @ self.stated.T / self.scale
        unit = 10.0 ** -np.array(self.digits)
        printed = np.rint(exact / unit) * unit
        low, high = (printed - unit / 2) * self.scale, (printed + unit / 2) * self.scale
        if self.share is not None:
            low = np.hstack([low, np.full((count, 1), -np.inf)])
            high = np.hstack([high, np.zeros((count, 1))])
        return Batch(low, high, amounts @ self.asked.T, amounts @ np.abs(self.asked).T)

    def _amounts(self, rng: np.random.Generator, count: int) -> Floats:
        """Some cells full, most empty, from milligrams to tens of kilograms; some inventories of one cell."""
        size = (count, len(self.cells))
        filled = rng.random(size) < rng.choice([0.02, 0.1, 0.5], (count, 1))
        amounts = rng.integers(1, 10_000, size) * 10.0 ** -rng.integers(3, 8, (count, 1)) * filled
        if self.share is None:
            return amounts
        # A study leaves out no more than it says: what it left out is scaled down where it is more.
        least = amounts @ (self.counted * ~self.left_out)
        left_out = amounts @ (self.counted * self.left_out)
        most = least * self.share / (1 - self.share)
        fits = np.divide(most, left_out, out=np.ones(count), where=left_out > most)
        return np.where(self.left_out, amounts * fits[:, None], amounts)


def setting(rng: np.random.Generator, universe: Universe, catalogue: Catalogue) -> Setting:
    """Return a random study of any regime, towards random targets."""
    regimes = [catalogue.regimes[code] for code in sorted(catalogue.regimes)]
    source = regimes[int(rng.integers(len(regimes)))]
    made = msgspec.structs.replace(
        footprint(source.code, _disclosures(rng, source, catalogue), absences=_absences(rng)),
        complete=Selection(excepts=(Selection(activities=SIGNED),)) if rng.random() < 0.2 else None,
        exempted=_exempted(rng),
    )
    study = Study(made, source, universe)
    method = {d: str(rng.choice(study.choices[d].options)) for d in study.numeric}
    methods = [
        _asked(rng, study.footprint, method, regimes[int(rng.integers(len(regimes)))])
        for _ in range(_TARGETS)
    ]
    reading = list(study.readings())[int(rng.integers(len(list(study.readings()))))]
    dead = study.dead(method)
    program = Program(
        universe, study.rows(method, reading), dead, [study.total(method, asked) for asked in methods]
    )
    own = universe.weights(method)
    stated = np.array([_printed(universe, d, reading.get(d.path, d.on), method) for d in made.disclosures])
    asked = np.array([_truth(rng, universe.weights(one), own) for one in methods])
    cells = _some(rng, universe, dead, stated)
    share = study.footprint.exempted
    return Setting(
        program=program,
        cells=cells,
        stated=stated[:, cells],
        scale=np.array([float(d.scale) for d in made.disclosures]),
        digits=[int(digits) for digits in rng.integers(1, 6, len(made.disclosures))],
        asked=asked[:, cells],
        left_out=study.left_out()[cells],
        counted=_gross(universe, method, own)[cells],
        share=float(share.value + share.half) if share is not None and share.value > 0 else None,
    )


def _asked(
    rng: np.random.Generator, made: Footprint, method: dict[str, str], target: Regime
) -> dict[str, str]:
    """Return a method a study of the same product under ``target`` may use."""
    return {d: str(rng.choice(target_options(d, option, target, made))) for d, option in method.items()}


def _disclosures(rng: np.random.Generator, source: Regime, catalogue: Catalogue) -> list[Disclosure]:
    """Return a total, most of the time, and some lines of a format and gas masses."""
    own = [f for f in catalogue.formats.values() if f.regime == source.code]
    chosen = own[0] if own and rng.random() < 0.5 else catalogue.formats["crosswalk"]
    fields = [f for f in chosen.fields.values() if not f.relation_only and not f.path.endswith("[]")]
    heads, lines = [f for f in fields if f.headline], [f for f in fields if not f.headline]
    picked = heads[:1] if rng.random() < 0.9 else []
    more = rng.choice(len(lines), min(len(lines), int(rng.integers(0, 4))), replace=False)
    picked += [lines[index] for index in sorted(more)]
    made = [_disclosure(field, field.on, field.path) for field in picked]
    masses = catalogue.formats["crosswalk"].fields["gas-mass"]
    for gas, origin in (("CO2", "fossil"), ("CH4", "fossil"), ("CH4", "biogenic"), ("N2O", "fossil")):
        if rng.random() < 0.3:
            on = msgspec.structs.replace(masses.on, gases=(gas,), origins=(origin,))
            made.append(_disclosure(masses, on, f"gases.{gas}.{origin}"))
    return made or [_disclosure(heads[0], heads[0].on, heads[0].path)]


def _disclosure(field: Field, on: Selection, path: str) -> Disclosure:
    return Disclosure(
        name=path,
        path=path,
        field=field.code,
        on=on,
        quantity=_BLANK,
        basis=field.basis,
        scale=Fraction(field.scale),
        under=field.under,
        beside=field.beside,
        balance=field.balance,
        readings=field.readings if on is field.on else (),
        headline=field.headline,
    )


def _absences(rng: np.random.Generator) -> tuple[Absence, ...]:
    """Return nothing, or so much that an interval has a chance to be closed."""
    said: list[Selection] = []
    if rng.random() < 0.6:
        said.append(Selection(excepts=(_PLAIN,)))
    if rng.random() < 0.5:
        said.append(Selection(activities=SIGNED))
    if rng.random() < 0.4:
        said.append(Selection(origins=("biogenic", "land", "air")))
    if rng.random() < 0.4:
        said.append(Selection(activities=("capital-goods", "overheads", "exempted", "packaging")))
    if rng.random() < 0.4:
        said.append(Selection(stages=("distribution", "use", "end-of-life")))
    return tuple(Absence(name=str(i), path=f"absent[{i}]", on=on) for i, on in enumerate(said))


def _exempted(rng: np.random.Generator) -> Quantity | None:
    said = rng.random()
    if said < 0.6:
        return None
    return Quantity.of(0) if said < 0.8 else Quantity.of(f"0.0{rng.integers(1, 9)}")


def _printed(universe: Universe, disclosure: Disclosure, on: Selection, method: dict[str, str]) -> Floats:
    """Return what each cell adds to a printed number."""
    options, mask = universe.catalogue.options, universe.mask(on)
    own = {**method, **{options[one].dimension: one for one in disclosure.under}}
    counts = {"gwp-set": method["gwp-set"]}
    for one in disclosure.beside:
        dimension = options[one].dimension
        said = universe.weights({**counts, dimension: own[dimension]})
        counting = said.scope & (said.factor != 0) if disclosure.basis == "co2e" else said.scope
        if not counting[mask].any():
            own[dimension] = one
    weights = universe.weights(own)
    each = weights.value if disclosure.basis == "co2e" else weights.scope.astype(float)
    found = np.where(mask, each, 0.0)
    for coefficient, selection in disclosure.balance.terms if disclosure.balance else ():
        found += np.where(universe.mask(selection), each, 0.0) * float(Fraction(coefficient))
    return found


def _truth(rng: np.random.Generator, target: Weights, own: Weights) -> Floats:
    """Return what each cell is worth under a target; where its set has no factor, it may be any."""
    unknown = blind(target, own)
    return np.where(unknown, target.factor * 10.0 ** rng.uniform(0, 4, len(unknown)), target.value)


def _gross(universe: Universe, method: dict[str, str], own: Weights) -> Floats:
    """Return what each cell is worth by characterisation alone, where a study counts it or left it out.

    What it would not have counted is no share of its total: of that it may have left out any amount.
    """
    plain = {d: o for d, o in method.items() if d in ("gwp-set", "biogenic-methane")}
    whole = universe.weights({**method, "cut-off": "cut-off.none"})
    left_out = universe.mask(Selection(activities=("exempted",))) & (whole.value > 0)
    return np.where((own.value > 0) | left_out, universe.weights(plain).value, 0.0)


def _some(rng: np.random.Generator, universe: Universe, dead: Mask, stated: Floats) -> list[int]:
    """Return cells that may hold something: common gases, any others, and some of every disclosed field."""
    alive = ~dead
    common = np.isin([cell[2] for cell in universe.cells], _COMMON)
    pools: Sequence[Mask] = [alive & common, alive, *(alive & (row != 0) for row in stated)]
    found: set[int] = set()
    for pool in pools:
        places = np.flatnonzero(pool)
        found.update(rng.choice(places, min(_CELLS // len(pools), places.size), replace=False).tolist())
    return sorted(found)

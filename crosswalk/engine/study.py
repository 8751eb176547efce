"""A footprint as the engine sees it: what it states, as rows on the cells, under one of its methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

import msgspec
import numpy as np

from crosswalk.engine.cells import Mask, Method, Universe, Weights, unlooked
from crosswalk.engine.methods import COUNT_ALL, CUT_OFF, Choice, choices, numeric, share_permitted
from crosswalk.engine.parts import Part, Parts, Row, blind
from crosswalk.engine.reckoning import asked, balanced, nothing
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.knowledge.catalogue import Assumption, Profile, Regime, Requirement, Selection

#: Which reading of each ambiguous disclosure is used, by its path.
Reading = Mapping[str, Selection]


class Study:
    """One footprint under its own regime, with the universe of cells it lives in.

    Where the file says nothing of what a cut-off left out, and the regime permits a share, that is the most
    it can be: ``permitted`` is then the requirement this rests on, and the share stands in ``footprint``.
    """

    def __init__(self, footprint: Footprint, regime: Regime | None, universe: Universe) -> None:
        stated = regime.code if regime else None
        self.footprint = msgspec.structs.replace(footprint, regime=stated)
        self.regime = regime
        self.universe = universe
        self.choices: dict[str, Choice] = choices(footprint, regime, universe.catalogue)
        self.numeric = numeric(universe.catalogue)
        self.permitted: Requirement | None = None
        if footprint.exempted is None and self.choices[CUT_OFF].options != (COUNT_ALL,):
            self._permitted()

    def _permitted(self) -> None:
        """Take what the regime permits to be left out as the most that was, unless there is nothing."""
        own = share_permitted(self.footprint, self.choices[CUT_OFF])
        if own is None or own.limit is None or not (self.left_out() & ~self.absent()).any():
            return
        self.permitted = own
        most = Quantity.of(own.limit, half="0")
        self.footprint = msgspec.structs.replace(self.footprint, exempted=most)

    def absent(self) -> Mask:
        """Cells the file says are empty, whatever its method."""
        mask = np.zeros(len(self.universe), dtype=bool)
        for absence in self.footprint.absences:
            mask |= self.universe.mask(absence.on)
        if self.footprint.exempted is not None and nothing(self.footprint.exempted):
            mask |= self.left_out()
        return mask

    def left_out(self) -> Mask:
        """Cells that a cut-off leaves out: what its options put out of scope."""
        mask = np.zeros(len(self.universe), dtype=bool)
        for option in self.universe.catalogue.dimensions[CUT_OFF].options:
            for effect in self.universe.catalogue.options[option].effects:
                if effect.out_of_scope:
                    mask |= self.universe.mask(effect.on)
        return mask

    def unseen(self, method: Method) -> Mask:
        """Cells that a cut-off leaves out and ``method`` would count: only these are a share of its total."""
        would: Mask = self.universe.weights({**method, CUT_OFF: COUNT_ALL}).value > 0
        return self.left_out() & would

    def tells_left_out(self) -> bool:
        """Whether the file says how much its cut-off left out: a share, an amount, that there is nothing."""
        stated = self.footprint.exempted is not None and self.permitted is None
        if stated or self.choices[CUT_OFF].options == (COUNT_ALL,):
            return True
        left = self.left_out()
        masks = (self.universe.mask(disclosure.on) for disclosure in self.footprint.disclosures)
        return not (left & ~self.absent()).any() or any(m.any() and not (m & ~left).any() for m in masks)

    def dead(self, method: Method) -> Mask:
        """Cells known to be empty under ``method``: absent, or unlisted in a complete list of gases."""
        mask = self.absent()
        if self.footprint.complete is not None:
            mask |= self.unlisted() & self.looked(method)
        for disclosure in self.footprint.disclosures:
            if states_nothing(disclosure):
                mask = mask | self._emptied(disclosure, method)
        return mask

    def looked(self, method: Method) -> Mask:
        """Cells a study done under ``method`` looked at, whether or not its rules count their gas."""
        mask = np.ones(len(self.universe), dtype=bool)
        for option in method.values():
            mask &= ~unlooked(self.universe, option)
        return mask

    def balanced(self, profile: Profile | None) -> Mask:
        """Cells that a balance of ``profile`` ties to others."""
        mask = np.zeros(len(self.universe), dtype=bool)
        for assumption in profile.assumptions if profile else ():
            for _, selection in assumption.balance.terms if assumption.balance else ():
                mask |= self.universe.mask(selection)
        return mask

    def unlisted(self) -> Mask:
        """Cells that a complete list of gases says nothing about: empty where the study looked."""
        listed = self.footprint.complete
        if listed is None:
            return np.zeros(len(self.universe), dtype=bool)
        covered = np.zeros(len(self.universe), dtype=bool)
        for disclosure in self.footprint.disclosures:
            if disclosure.basis == "mass":
                covered |= self.universe.mask(disclosure.on)
        return self.universe.mask(listed) & ~covered

    def _emptied(self, disclosure: Disclosure, method: Method) -> Mask:
        """Cells that a value of exactly nothing empties: all it covers, if none of them can cancel."""
        total = np.zeros(len(self.universe))
        for part in self._parts(disclosure, disclosure.on, method):
            total += part.vector()
        one_sided = bool((total >= 0).all() or (total <= 0).all())
        return total != 0 if one_sided else np.zeros(len(self.universe), dtype=bool)

    def readings(self) -> Iterator[Reading]:
        """Yield every combination of readings of ambiguous fields, the fields' own definition first."""
        ambiguous = [d for d in self.footprint.disclosures if d.readings]
        for picked in product(*((d.on, *d.readings) for d in ambiguous)):
            yield {d.path: selection for d, selection in zip(ambiguous, picked, strict=True)}

    def rows(self, method: Method, reading: Reading) -> list[Row]:
        """Return the disclosed values as rows, rounding included, and the limit on what was left out."""
        found = []
        for disclosure in self.footprint.disclosures:
            on = reading.get(disclosure.path, disclosure.on)
            low, high = ends(disclosure)
            found.append(
                Row(
                    name=disclosure.name,
                    path=disclosure.path,
                    parts=self._parts(disclosure, on, method),
                    low=low,
                    high=high,
                )
            )
        exempted = self.footprint.exempted
        if exempted is not None and not nothing(exempted):
            share = exempted.value + exempted.half
            if share < 1:
                parts = self._beyond(share / (1 - share), method, self.unseen(method))
                found.append(Row("exempted", "exempted_share", parts, None, Fraction(0), stated=False))
        return found

    def admissible(self, method: Method, limit: Fraction) -> Row | None:
        """What a study that left out a share adds at least, where only ``limit`` may be left out.

        Taken that the share is what was left out, not the most it may be; ``None`` if it is within the
        limit. With P counted and a share x, the whole is P/(1 - x), of which 1 - limit has to count.
        """
        exempted = self.footprint.exempted
        if exempted is None or exempted.value - exempted.half <= limit or exempted.value >= 1:
            return None
        ratio = (1 - limit) / (1 - exempted.value + exempted.half) - 1
        parts = self._beyond(ratio, method, self.unseen(method))
        return Row("exempted", "exempted_share", parts, Fraction(0), None, stated=False)

    def _parts(self, disclosure: Disclosure, on: Selection, method: Method) -> Parts:
        weights = self.universe.weights(asked(self.universe, disclosure, on, method))
        mask = self.universe.mask(on)
        if disclosure.basis == "co2e":
            return (Part(mask, weights),)
        more = balanced(self.universe, disclosure)
        return (Part(mask & weights.scope), *(Part(m & weights.scope, None, by) for by, m in more))

    def _beyond(self, ratio: Fraction, method: Method, left_out: Mask) -> Parts:
        """What was left out less ``ratio`` times what was counted."""
        gross = self.gross(method)
        counted = self.universe.weights({**method}).value > 0
        return (Part(left_out, gross), Part(counted & ~self.left_out(), gross, -ratio))

    def gross(self, method: Method) -> Weights:
        """Weights of characterisation alone: every cell counted, every sign positive."""
        catalogue = self.universe.catalogue
        kept = {
            dimension: option
            for dimension, option in method.items()
            if any(e.characterised_by or e.as_origin for e in catalogue.options[option].effects)
        }
        return self.universe.weights(kept)

    def assumed(self, profile: Profile, method: Method, target: Method) -> tuple[list[Row], Mask]:
        """Return the rows a profile adds, and the cells it empties.

        A share is of the gross positive CO2e of the study, as its own set characterises it; a gas
        that set does not know is taken at the target's factor.
        """
        rows: list[Row] = []
        for assumption in profile.assumptions:
            if assumption.balance is not None:
                rows.append(self._balance(assumption))
            elif not _empties(assumption):
                rows.append(self._share(assumption, method, target))
        return rows, self.emptied(profile)

    def emptied(self, profile: Profile) -> Mask:
        """Cells that a profile says are empty."""
        dead = np.zeros(len(self.universe), dtype=bool)
        for assumption in profile.assumptions:
            if assumption.on is not None and _empties(assumption):
                dead |= self.universe.mask(assumption.on)
        return dead

    def _balance(self, assumption: Assumption) -> Row:
        assert assumption.balance is not None
        parts = tuple(
            Part(self.universe.mask(selection), None, Fraction(coefficient))
            for coefficient, selection in assumption.balance.terms
        )
        return Row(assumption.code, "", parts, Fraction(0), Fraction(0), stated=False)

    def _share(self, assumption: Assumption, method: Method, target: Method) -> Row:
        assert assumption.on is not None
        share = Fraction(assumption.share_at_most or "0")
        own, other = self.gross(method), self.gross(target)
        mask = self.universe.mask(assumption.on)
        counted = self.universe.weights(method).value > 0
        parts = (
            Part(mask & own.known, own),
            Part(mask & ~own.known, other),
            Part(counted, own, -share),
        )
        return Row(assumption.code, "", parts, None, Fraction(0), stated=False)

    def total(self, source: Method, target: Method) -> Parts:
        """Return the footprint under ``target``, of a study done under ``source``, as an objective."""
        return self.field(Selection(), source, target)

    def field(self, on: Selection, source: Method, target: Method) -> Parts:
        """Return the part of ``total`` that a selection covers, as an objective."""
        weights = self.universe.weights(target)
        return (Part(self.universe.mask(on), weights, blind=blind(weights, self.universe.weights(source))),)

    def change(self, before: Method, after: Method) -> Parts:
        """Return the difference of two methods as an objective."""
        every = self.universe.mask(Selection())
        own, other = self.universe.weights(before), self.universe.weights(after)
        return (Part(every, other, blind=blind(other, own)), Part(every, own, Fraction(-1)))


def _empties(assumption: Assumption) -> bool:
    return assumption.balance is None and Fraction(assumption.share_at_most or "0") == 0


def ends(disclosure: Disclosure) -> tuple[Fraction | None, Fraction | None]:
    """Return what a disclosed number stands for, rounding included, on the basis of its row.

    A number that is a limit leaves the other end open.
    """
    quantity = disclosure.quantity
    low = (quantity.value - quantity.half) * disclosure.scale
    high = (quantity.value + quantity.half) * disclosure.scale
    return (None if disclosure.limit == "most" else low, None if disclosure.limit == "least" else high)


def states_nothing(disclosure: Disclosure) -> bool:
    """Whether a number says of the cells it covers, however it is read, that they hold nothing."""
    return nothing(disclosure.quantity) and not disclosure.readings and disclosure.limit != "least"

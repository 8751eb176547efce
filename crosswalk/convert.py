"""Convert a footprint from the regime it is stated under to another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from crosswalk.errors import UnknownNameError, UsageError
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import DeclaredUnit, Footprint
from crosswalk.footprint.spreads import stated, without
from crosswalk.formats import Given, given
from crosswalk.knowledge.catalogue import Catalogue, Profile
from crosswalk.messages import both

if TYPE_CHECKING:
    from crosswalk.engine.operations.situation import Factors
    from crosswalk.engine.tolerance import Tolerance
    from crosswalk.engine.wanted import Wanted
    from crosswalk.footprint.per import Count
    from crosswalk.results import Conversion

#: What a caller may allow beyond exact, documentary and bounded steps.
ALLOWABLE = ("estimated",)
#: More draws than this are more likely a slip than a wish.
MOST_DRAWS = 10_000_000


def listed(given: str | Sequence[str]) -> tuple[str, ...]:
    """Return names as a list; one name alone is a list of one.

    >>> listed("estimated"), listed(["a", "b"])
    (('estimated',), ('a', 'b'))
    """
    return (given,) if isinstance(given, str) else tuple(given)


def profiles(names: Sequence[str], catalogue: Catalogue) -> Profile | None:
    """Return the assumptions of all named profiles, as one."""
    chosen: list[Profile] = []
    for name in names:
        if name not in catalogue.profiles:
            raise UnknownNameError("unknown-profile", name=name, known=", ".join(sorted(catalogue.profiles)))
        chosen.append(catalogue.profiles[name])
    if not chosen:
        return None
    merged = {assumption.code: assumption for profile in chosen for assumption in profile.assumptions}
    return Profile(
        code="+".join(profile.code for profile in chosen),
        label=chosen[0].label,
        assumptions=tuple(merged[code] for code in sorted(merged)),
    )


def wanted(
    tolerance: str | float | Decimal | Tolerance | None, against: str | float | Decimal | Quantity | None
) -> Wanted | None:
    """Return what is wanted of an answer. Raises ``UsageError`` for a value without a tolerance."""
    if tolerance is None:
        if against is not None:
            raise UsageError("against-alone")
        return None
    from crosswalk.engine.tolerance import Tolerance, asserted
    from crosswalk.engine.wanted import Wanted

    return Wanted(Tolerance.of(tolerance), None if against is None else asserted(against))


def unit_asked(text: str, catalogue: Catalogue) -> DeclaredUnit:
    """Return the amount of a unit that answers are wanted per; raises as ``footprint.per.asked`` does."""
    from crosswalk.footprint.per import asked

    return asked(text, catalogue)


@dataclass(frozen=True)
class Draws:
    """How often the distributions a file states are drawn, from which seed, and the GWP ranges with them."""

    draws: int
    seed: int
    gwp_ranges: bool

    def __post_init__(self) -> None:
        if not (1 <= self.draws <= MOST_DRAWS and self.seed >= 0):
            raise UsageError("draws", draws=self.draws, seed=self.seed, most=MOST_DRAWS)


@dataclass(frozen=True)
class Question:
    """A footprint and all that is asked of it; see ``convert``. ``source`` is set where it overrides."""

    footprint: Footprint
    to: str
    source: str | None
    assume: tuple[str, ...]
    allow: tuple[str, ...]
    catalogue: Catalogue
    draws: Draws | None = None
    wanted: Wanted | None = None
    per: DeclaredUnit | None = None

    def of(self, footprint: Footprint) -> Question:
        """Return the same question about another footprint."""
        return replace(self, footprint=footprint)

    def plain(self) -> Question:
        """Return the question without what is wanted beside the answer itself."""
        return replace(self, wanted=None, draws=None)

    @property
    def bare(self) -> Footprint:
        """The footprint without what is said of the spread of its activity data.

        The same factor in two places is one number to a model operation, whatever is said of its spread.
        """
        return msgspec.structs.replace(self.footprint, activity=without(self.footprint.activity))

    @property
    def count(self) -> Count | None:
        """How many declared units are in the unit asked for; ``None`` where none was asked for."""
        if self.per is None:
            return None
        from crosswalk.footprint.per import count

        return count(self.footprint, self.per, self.catalogue)

    @property
    def per_declared(self) -> Wanted | None:
        """What is wanted, per declared unit of the footprint."""
        count = None if self.wanted is None else self.count
        return (
            self.wanted if count is None or self.wanted is None else self.wanted.over(count.low, count.high)
        )

    def answer(self) -> Conversion:
        """Return the answer, which keeps the question."""
        from crosswalk.engine.answer import answer
        from crosswalk.lookup import find_regime, universe_of

        for word in self.allow:
            if word not in ALLOWABLE:
                raise UsageError("unknown-allow", word=word, known=", ".join(ALLOWABLE))
        footprint, known = self.footprint, self.catalogue
        name = self.source if self.source is not None else footprint.regime
        if name is None:
            standards = ", ".join(footprint.standards) or "–"
            raise UsageError("no-source-regime", where=footprint.source, standards=standards)
        regimes = find_regime(name, known), find_regime(self.to, known)
        asked = *regimes, universe_of(known), profiles(self.assume, known)
        factors, count = _tables(footprint, known), self.count
        found = answer(self.bare, *asked, frozenset(self.allow), factors, self.per_declared)
        if self.draws is not None:
            from crosswalk.engine.propagation import propagate

            drawn = self.draws
            spread = propagate(
                found,
                footprint,
                *asked,
                factors,
                draws=drawn.draws,
                seed=drawn.seed,
                gwp=drawn.gwp_ranges,
            )
            found = msgspec.structs.replace(found, uncertainty=spread)
        elif next(stated(footprint), None) is not None:
            found = msgspec.structs.replace(found, notes=(*found.notes, both("note.uncertainty-stated")))
        if count is not None:
            from crosswalk.engine.per import told

            found = told(found, footprint, count, self.wanted)
        msgspec.structs.force_setattr(found, "question", self)
        return found


def _tables(footprint: Footprint, catalogue: Catalogue) -> Factors | None:
    """Where model operations look up factors; a file without activity data pays for none."""
    if footprint.activity is None:
        return None
    from crosswalk.factors.for_operations import Tables

    return Tables(catalogue)


def convert(
    footprint: Given,
    *,
    to: str,
    source: str | None = None,
    assume: str | Sequence[str] = (),
    allow: str | Sequence[str] = (),
    set: Mapping[str, Any] | None = None,
    draws: int = 0,
    seed: int = 0,
    gwp_ranges: bool = False,
    tolerance: str | float | Decimal | Tolerance | None = None,
    against: str | float | Decimal | Quantity | None = None,
    per: str | None = None,
    catalogue: Catalogue | None = None,
) -> Conversion:
    """Return a footprint, a file or a payload as the regime ``to`` would state it.

    ``source`` overrides the regime the file names. ``assume`` names assumption profiles (one, or a list);
    what they add is shown apart. ``allow`` may hold ``"estimated"``: then a modelling choice the target
    does not permit is replaced from the data of the file, or kept, and the answer is called an estimate;
    otherwise it is refused. ``set`` changes inputs of the file by path before it is read
    (``{"gases[0].mass": "0.012"}``); the answer then says what it was before. With ``draws`` (10 000, say),
    ``answer.uncertainty`` has what the distributions stated in the file mean, the same for the same
    ``seed``; ``gwp_ranges`` adds the ranges of the target's global warming potentials. With a
    ``tolerance`` (``"5%"``, or kg CO2e per declared unit) the answer says whether it is within it of the
    value asserted ``against`` (of the one stated, if none is), and, where it is wider than that share of its
    midpoint, or than that amount, and no assertion was proven or refuted, the smallest set of things to ask
    for. ``per`` is the unit the answer is wanted per (``"1 kg"``, ``"tonne"``, ``"1 kWh"``, ``"1 t N"``);
    everything asked and answered is then per that unit. Between units of different kinds the file must state
    the property that leads from one to the other (density, heating value, content; docs/footprint.md).

    A refusal is a result (``answered`` is false), not an exception. Values are kg CO2e per declared unit, or
    per the unit asked for. Raises ``InputError`` for a file that cannot be read, ``UnknownNameError`` for
    names not in the catalogue and paths not in the file, ``UsageError`` if no source regime is known, or if
    so many draws cannot be made, ``RefusedError`` if a property the unit asked for needs is not stated, and
    ``InconsistentError`` if two that are stated contradict each other.

    >>> from crosswalk import convert, read
    >>> answer = convert(read("examples/polyethylene.json"), to="PACT:3.0")  # doctest: +SKIP
    """
    from crosswalk.knowledge.load import load

    known = catalogue if catalogue is not None else load()
    drawn = Draws(draws, seed, gwp_ranges) if draws or seed or gwp_ranges else None

    wants, unit = wanted(tolerance, against), None if per is None else unit_asked(per, known)

    def question(one: Footprint) -> Question:
        return Question(one, to, source, listed(assume), listed(allow), known, drawn, wants, unit)

    if set:
        from crosswalk.whatif import changed, converted

        return converted(changed(footprint, set, known), question)
    return question(given(footprint, known)).answer()

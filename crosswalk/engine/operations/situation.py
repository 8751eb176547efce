"""What a model operation is given, and what it answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from crosswalk.engine.cells import Method, Universe
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.parts import Row
from crosswalk.footprint.activity import Activity, Burden
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Catalogue, Regime
from crosswalk.knowledge.records import Text
from crosswalk.results import Cited


@dataclass(frozen=True)
class Factor:
    """A factor that was looked up: its burden, and the statement it rests on.

    The burden has no GWP set where its source states none. ``beside`` are factors of the same grid, year
    and kind of another scope.
    """

    burden: Burden
    cited: Cited
    beside: tuple[Factor, ...] = ()


class Factors(Protocol):
    """Where an operation finds factors the file does not give."""

    def electricity(self, place: str, year: int | None, kind: str) -> Factor | None:
        """Return the factor of a grid by option of ``electricity-grid``, if known.

        It is per kWh delivered where it covers the life cycle, per kWh generated where generation only.
        """
        ...


@dataclass(frozen=True)
class Asked:
    """One modelling question between a study and a target.

    ``used`` are the options the study may have used (``declared`` tells whether it says so itself),
    ``permitted`` what the target permits (empty: it asks for nothing), ``preferred`` the one it prefers.
    ``own`` and ``fixed`` are what the two regimes fix of the choice, each by what it is of: the values a
    parameter of a formula may take, or the key of a group of outputs.
    """

    dimension: str
    used: tuple[str, ...]
    declared: bool
    permitted: tuple[str, ...]
    preferred: str | None = None
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def wanted(self, used: str | None) -> tuple[str, ...]:
        """Return what the target asks for where ``used`` was done; several leave the choice open.

        >>> Asked("allocation", (), False, ("allocation.mass", "allocation.energy")).wanted("allocation.mass")
        ('allocation.mass',)
        """
        if not self.permitted:
            return (used,) if used is not None else ()
        if used in self.permitted:
            assert used is not None
            return (used,)
        return (self.preferred,) if self.preferred is not None else self.permitted

    def pairs(self, stated: str | None) -> tuple[tuple[str, str], ...]:
        """Return each option the study may have used, with each the target asks for then.

        ``stated`` is the option, by code or alone, that a part of the study says it used.

        >>> Asked("recycling", ("recycling.cff",), False, ()).pairs("closed-loop")
        (('recycling.closed-loop', 'recycling.closed-loop'),)
        """
        if stated is None:
            options = self.used
        else:
            options = (f"{self.dimension}.{stated.removeprefix(f'{self.dimension}.')}",)
        return tuple((used, wanted) for used in options for wanted in self.wanted(used))


@dataclass(frozen=True)
class Situation:
    """One study, done under ``source``, on its way to ``target`` (both give conventions only).

    ``asked`` holds every modelling dimension by code, ``regime`` is the target where it is known.
    """

    footprint: Footprint
    activity: Activity
    universe: Universe
    source: Method
    target: Method
    asked: Mapping[str, Asked]
    factors: Factors | None = None
    regime: Regime | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The knowledge."""
        return self.universe.catalogue

    @property
    def own(self) -> bool:
        """Whether the target is the regime of the study itself, which asks it for nothing."""
        return not any(one.permitted for one in self.asked.values())

    def input(self, operation: str, code: str) -> Text:
        """Return the label of an input of an operation, as the knowledge has it."""
        return self.catalogue.operations[operation].input(code)


@dataclass(frozen=True)
class Lack:
    """An input that was not given: where it would stand, and what it is."""

    path: str
    label: Text


@dataclass(frozen=True)
class Outcome:
    """What one operation does to the total of a study, in kg CO2e per declared unit under the target.

    ``delta`` is added to the converted total; an open end means that ``lacks`` stand in the way. ``rows``,
    where there are any, state instead what cells of the target hold. ``dimensions`` are those it settles
    (none for an operation that only does what the file asks for), ``to`` the options it went to. ``tight``
    is false where the interval may be wider than the range. ``parts`` are the single changes, by name, and
    ``cited`` the factors that were looked up. ``notes`` are for the reader. ``alone``: what the target counts
    are other cells than those of the study, so that no other operation adds to it; ``whole``: the rows
    state all of them, and nothing else of the study matters.
    """

    dimensions: tuple[str, ...]
    to: tuple[str, ...]
    delta: Bounds
    rows: tuple[Row, ...] = ()
    lacks: tuple[Lack, ...] = ()
    parts: tuple[tuple[str, Bounds], ...] = ()
    cited: tuple[Cited, ...] = ()
    tight: bool = True
    notes: tuple[Text, ...] = ()
    alone: bool = False
    whole: bool = False


class Operation(Protocol):
    """A model operation: one file of this package. ``CODE`` is its code in the knowledge."""

    CODE: str

    def apply(self, situation: Situation) -> Outcome | None:
        """Return what crossing to the target does, or ``None`` if the file has no data for it."""
        ...

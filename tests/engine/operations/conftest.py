"""A study with activity data, on its way from one regime to another."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

import pytest

from crosswalk.engine.modelled import asked
from crosswalk.engine.operations.situation import Factors, Situation
from crosswalk.engine.study import Study
from crosswalk.footprint.activity import Activity, Burden, GasMass
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import DeclaredUnit, Footprint
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.lookup import find_regime, universe_of

Make = Callable[..., Situation]
#: What the study says of itself; few choices are left open.
METHOD = {
    "boundary": ("boundary.cradle-to-gate",),
    "gwp-set": ("gwp-set.ar5-28",),
    "ghg-set": ("ghg-set.ipcc-all",),
    "capital-goods": ("capital-goods.excluded",),
    "overheads": ("overheads.excluded",),
    "uptake-at-gate": ("uptake-at-gate.in-total",),
    "land-management": ("land-management.in-total",),
    "carbon-not-released": ("carbon-not-released.credited",),
    "ccs": ("ccs.not-deducted",),
}


def q(text: str) -> Quantity:
    """A number without rounding."""
    return Quantity.of(text, half="0")


def burden(text: str | None = None, *, gwp_set: str | None = None, **gases: str) -> Burden:
    """A burden in CO2e, or in gases of fossil origin."""
    masses = tuple(GasMass(gas=gas, mass=q(mass)) for gas, mass in gases.items())
    return Burden(path="burden", co2e=None if text is None else q(text), gwp_set=gwp_set, gases=masses)


def make(
    catalogue: Catalogue,
    activity: Activity,
    *,
    source: str = "ISO:14067-2018",
    target: str = "PACT:3.0",
    method: dict[str, tuple[str, ...]] | None = None,
    sets: tuple[str, str] = ("gwp-set.ar6-t715", "gwp-set.ar6-t715"),
    factors: Factors | None = None,
) -> Situation:
    footprint = Footprint(
        source="test",
        format="crosswalk",
        id="",
        product="",
        declared_unit=DeclaredUnit(amount=Fraction(1), unit="kilogram"),
        regime=source,
        standards=(source,),
        method=method or {},
        disclosures=(),
        activity=activity,
    )
    study = Study(footprint, find_regime(source, catalogue), universe_of(catalogue))
    own = {"gwp-set": sets[0]}
    return Situation(
        footprint=footprint,
        activity=activity,
        universe=study.universe,
        source=own,
        target={"gwp-set": sets[1]},
        asked=asked(study, find_regime(target, catalogue)),
        factors=factors,
    )


@pytest.fixture
def situation(catalogue: Catalogue) -> Make:
    return partial(make, catalogue)

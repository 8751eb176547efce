"""Footprints made on the spot, and inventories to try them on."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest

from crosswalk.engine.cells import Universe
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Absence, DeclaredUnit, Disclosure, Footprint
from crosswalk.knowledge.catalogue import Catalogue, Selection
from crosswalk.knowledge.load import load
from crosswalk.lookup import universe_of

#: Activities that hold something else than emissions of the product's own chain.
SIGNED = (
    "uptake",
    "stored-carbon",
    "delayed",
    "offset",
    "avoided",
    "technical-removal",
    "captured",
    "land-removal",
    "aircraft-uplift",
)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture(scope="session")
def universe(catalogue: Catalogue) -> Universe:
    return universe_of(catalogue)


def total(value: str) -> Disclosure:
    return Disclosure(
        name="total", path="total", field="total", on=Selection(), quantity=Quantity.of(value), headline=1
    )


def mass(gas: str, origin: str, value: str, *activities: str) -> Disclosure:
    return Disclosure(
        name=f"{gas} {origin}",
        path=f"gases.{gas}.{origin}",
        field="gas-mass",
        on=Selection(gases=(gas,), origins=(origin,), activities=activities),
        quantity=Quantity.of(value),
        basis="mass",
    )


def carbon(value: str) -> Disclosure:
    return Disclosure(
        name="biogenic carbon",
        path="carbon.biogenic_content",
        field="biogenic-carbon-content",
        on=Selection(activities=("uptake-product",)),
        quantity=Quantity.of(value),
        basis="carbon",
        scale=Fraction(44, 12),
    )


def absent(*activities: str, origins: tuple[str, ...] = ()) -> Absence:
    on = Selection(activities=activities, origins=origins)
    return Absence(name="absent", path="absent", on=on)


def footprint(
    regime: str | None,
    disclosures: list[Disclosure],
    *,
    method: dict[str, str | tuple[str, ...]] | None = None,
    absences: tuple[Absence, ...] = (),
    complete: bool = False,
    exempted: str | None = None,
) -> Footprint:
    chosen = {
        dimension: tuple(f"{dimension}.{o}" for o in ((given,) if isinstance(given, str) else given))
        for dimension, given in (method or {}).items()
    }
    return Footprint(
        source="made.json",
        format="crosswalk",
        id="made",
        product="made",
        declared_unit=DeclaredUnit(amount=Fraction(1), unit="kilogram"),
        regime=regime,
        standards=(),
        method=chosen,
        disclosures=tuple(disclosures),
        absences=absences,
        complete=Selection(excepts=(Selection(activities=SIGNED),)) if complete else None,
        exempted=None if exempted is None else Quantity.of(exempted, half="0"),
    )


#: What a plain fossil product states, so that only the gases are in question.
PLAIN: dict[str, str | tuple[str, ...]] = {
    "boundary": "cradle-to-gate",
    "capital-goods": "excluded",
    "overheads": "excluded",
    "packaging": "included",
}
NOTHING_ELSE = (absent(origins=("biogenic", "land", "air")), absent(*SIGNED))


def worth(universe: Universe, method: dict[str, str], cell: int) -> Fraction:
    return universe.exact(universe.weights(method), cell)


def over_all_orders(
    universe: Universe, before: dict[str, str], after: dict[str, str], cell: int
) -> dict[str, Fraction]:
    """The mean change of each dimension over every order in which they can change."""
    differing = [d for d in before if before[d] != after[d]]
    orders = list(permutations(differing))
    found = dict.fromkeys(differing, Fraction(0))
    for order in orders:
        method = dict(before)
        for dimension in order:
            here = worth(universe, method, cell)
            method[dimension] = after[dimension]
            found[dimension] += worth(universe, method, cell) - here
    return {d: sum_ / len(orders) for d, sum_ in found.items()}

"""Capital goods from factors known with and without them: what they amount to is a line of the study.

Counting them or leaving them out is a convention on cells. Where a file does not state what they amount
to, but the factors behind it with and without, their difference says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from crosswalk.engine.operations.bounds import NOTHING, Bounds, total
from crosswalk.footprint.activity import Burden, CapitalGoods
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Absence, Disclosure, Footprint
from crosswalk.knowledge.catalogue import Selection

ACTIVITY = "capital-goods"
INCLUDED = "capital-goods.included"
Stated: TypeAlias = tuple[tuple[Disclosure, ...], tuple[Absence, ...]]


def with_line(footprint: Footprint) -> Footprint:
    """Return a footprint with what the factors behind it say of capital goods: amount times difference.

    In gases where every factor has them, else in CO2e of one set. Where the factors are neither, the sum is
    not known, and the footprint stays as it is.
    """
    goods = footprint.activity.capital_goods if footprint.activity is not None else ()
    if not goods:
        return footprint
    disclosures, absences = _stated(goods)
    return msgspec.structs.replace(
        footprint,
        disclosures=(*footprint.disclosures, *disclosures),
        absences=(*footprint.absences, *absences),
    )


def _stated(goods: Sequence[CapitalGoods]) -> Stated:
    burdens = [burden for one in goods for burden in (one.included, one.excluded)]
    if all(burden.gases for burden in burdens):
        return _by_gas(goods)
    sets = {burden.gwp_set for burden in burdens}
    if any(burden.co2e is None for burden in burdens) or len(sets) > 1:
        return (), ()
    (gwp_set,) = sets
    found = total(Bounds.of(one.amount) * (_co2e(one.included) - _co2e(one.excluded)) for one in goods)
    under = (INCLUDED,) if gwp_set is None else (INCLUDED, gwp_set)
    return (_disclosure(goods, ACTIVITY, Selection(activities=(ACTIVITY,)), found, under),), ()


def _by_gas(goods: Sequence[CapitalGoods]) -> Stated:
    sums: dict[tuple[str, str], Bounds] = {}
    for one in goods:
        for burden, sign in ((one.included, 1), (one.excluded, -1)):
            for gas in burden.gases:
                key = (gas.gas, gas.origin)
                part = Bounds.of(one.amount) * Bounds.of(gas.mass) * Bounds.point(sign)
                sums[key] = sums.get(key, NOTHING) + part
    listed = [Selection(activities=(ACTIVITY,), gases=(gas,), origins=(origin,)) for gas, origin in sums]
    masses = tuple(
        _disclosure(goods, f"{ACTIVITY} {gas} {origin}", on, found, (INCLUDED,), mass=True)
        for (gas, origin), found, on in zip(sums, sums.values(), listed, strict=True)
    )
    others = Selection(activities=(ACTIVITY,), excepts=tuple(listed))
    return masses, (Absence(name=ACTIVITY, path=goods[0].path, on=others),)


def _disclosure(
    goods: Sequence[CapitalGoods],
    name: str,
    on: Selection,
    found: Bounds,
    under: tuple[str, ...],
    *,
    mass: bool = False,
) -> Disclosure:
    assert found.low is not None
    assert found.high is not None
    middle, half = (found.low + found.high) / 2, (found.high - found.low) / 2
    return Disclosure(
        name=name,
        path=", ".join(one.path for one in goods),
        field=ACTIVITY,
        on=on,
        quantity=Quantity(text=f"{float(middle):.6g}", value=middle, half=half),
        basis="mass" if mass else "co2e",
        under=under,
    )


def _co2e(burden: Burden) -> Bounds:
    assert burden.co2e is not None
    return Bounds.of(burden.co2e)

"""Find the numbers of a footprint that state a distribution, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from crosswalk.footprint.quantity import Quantity, Spread
from crosswalk.footprint.records import Footprint


def uncertain(found: Any) -> Iterator[Quantity]:
    """Yield the numbers with a spread in a record, a list or a dictionary, in the order of the records."""
    if isinstance(found, Quantity):
        if found.spread is not None:
            yield found
    elif isinstance(found, (tuple, list)):
        for part in found:
            yield from uncertain(part)
    elif isinstance(found, dict):
        for part in found.values():
            yield from uncertain(part)
    elif isinstance(found, msgspec.Struct):
        for name in found.__struct_fields__:
            yield from uncertain(getattr(found, name))


def stated(footprint: Footprint) -> Iterator[Spread]:
    """Yield the distributions a file states, as far as they reach a number that is used."""
    for part in (footprint.disclosures, footprint.activity, footprint.exempted):
        for quantity in uncertain(part):
            if quantity.spread is not None:
                yield from quantity.spread.leaves()


def without(found: Any) -> Any:
    """Return a record, a list or a dictionary with no spread in it: what the interval is worked out from."""
    if isinstance(found, Quantity):
        return found if found.spread is None else msgspec.structs.replace(found, spread=None)
    if isinstance(found, (tuple, list)):
        return type(found)(without(part) for part in found)
    if isinstance(found, dict):
        return {key: without(part) for key, part in found.items()}
    if isinstance(found, msgspec.Struct):
        parts = {name: without(getattr(found, name)) for name in found.__struct_fields__}
        return msgspec.structs.replace(found, **parts)
    return found

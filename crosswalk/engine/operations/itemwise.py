"""A choice of method made differently, item by item: what each item's change comes to, over open options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from crosswalk.engine.operations.bounds import Bounds, total
from crosswalk.engine.operations.enclosure import Box, Formula, enclose, matters
from crosswalk.engine.operations.situation import Lack, Outcome, Situation


class Item(Protocol):
    """Something of the activity data that was treated by a method."""

    @property
    def path(self) -> str:
        """Where it stands in the file."""
        ...

    @property
    def method(self) -> str | None:
        """The option it was treated by, if it says."""
        ...


_Item = TypeVar("_Item", bound=Item)


def itemwise(
    situation: Situation,
    code: str,
    dimension: str,
    items: Sequence[_Item],
    change: Callable[[_Item, str, str], tuple[Formula, Box] | Bounds],
) -> Outcome:
    """Return the change of all items, from what was used of each to what is wanted.

    ``change`` gives it from one option to another: a formula of the numbers of an item, or an amount. Numbers
    an item lacks, where the formula depends on them, are named.
    """
    parts: list[tuple[str, Bounds]] = []
    lacks: list[Lack] = []
    to: list[str] = []
    tight = True
    for one in items:
        found = []
        missing: set[str] = set()
        for used, wanted in situation.asked[dimension].pairs(one.method):
            made = change(one, used, wanted)
            if isinstance(made, Bounds):
                found.append(made)
                continue
            formula, box = made
            delta, reached = enclose(formula, box, affine=box)
            found.append(delta)
            to.append(wanted)
            tight = tight and reached
            missing |= {name for name in matters(formula, box) if getattr(one, name, "") is None}
        parts.append((one.path, Bounds.hull(found)))
        lacks += [Lack(f"{one.path}.{name}", situation.input(code, name)) for name in sorted(missing)]
    return Outcome(
        dimensions=(dimension,),
        to=tuple(dict.fromkeys(to)),
        delta=total(change for _, change in parts),
        lacks=tuple(lacks),
        parts=tuple(parts),
        tight=tight,
    )

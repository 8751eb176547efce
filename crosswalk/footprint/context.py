"""What a footprint stands for: period and place, under whichever name its format keeps them."""

from __future__ import annotations

import re

from crosswalk.footprint.records import Footprint

#: How formats call them; the facts of a footprint carry the names of its own format.
_PERIOD = ("period", "referencePeriod", "referenceYear")
_PLACE = ("place", "geography", "location")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def period(footprint: Footprint) -> tuple[str, ...]:
    """Return what a file says of the period its data stand for, in its own words."""
    return _facts(footprint, _PERIOD)


def place(footprint: Footprint) -> tuple[str, ...]:
    """Return what a file says of the place its data stand for, in its own words."""
    return _facts(footprint, _PLACE)


def same_period(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether two periods read alike: the same words, or the same first and last year.

    >>> same_period(("2021",), ("2021-01-01T00:00:00Z", "2021-12-31T00:00:00Z"))
    True
    >>> same_period(("2021",), ("2022",))
    False
    """
    one, other = (sorted(_YEAR.findall(" ".join(words))) for words in (first, second))
    if one and other:
        return (one[0], one[-1]) == (other[0], other[-1])
    return first == second


def same_place(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether two places read alike: what one says, the other says too.

    >>> same_place(("CN",), ("CN", "CN-SD")), same_place(("CN",), ("DE",))
    (True, False)
    """
    one, other = ({word.casefold() for word in words} for words in (first, second))
    return one <= other or other <= one


def _facts(footprint: Footprint, names: tuple[str, ...]) -> tuple[str, ...]:
    found = (value for name, value in footprint.facts.items() if name.startswith(names))
    return tuple(dict.fromkeys(found))

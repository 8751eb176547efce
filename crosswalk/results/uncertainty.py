"""How uncertain a conversion is by what the file states of its numbers: beside the interval, never in it."""

from __future__ import annotations

from typing import Literal

from crosswalk.knowledge.records import Record, Text
from crosswalk.results.base import Cited

Role = Literal["drawn", "unused"]


class Percentiles(Record):
    """The 5, 50 and 95 % points of a distribution; ``None`` where a point is without bound."""

    p5: float | None
    p50: float | None
    p95: float | None


class PBox(Record):
    """A distribution that is known between two others: those of the lower and of the upper ends.

    In every draw the value is an interval, by rounding and by what is not disclosed; ``low`` has the
    percentiles of its lower ends, ``high`` those of its upper ends, and a percentile of the value lies
    between the two. ``contradicting`` draws fit no inventory; they count as unknown, below all others in
    ``low`` and above them in ``high``, so that a percentile is open once there are too many of them.
    ``open_low`` and ``open_high`` draws have no bound at that end.
    """

    low: Percentiles
    high: Percentiles
    contradicting: int
    open_low: int
    open_high: int


class Drawn(Record):
    """A number that states a distribution, with its parameters; ``unused`` where it enters no draw.

    ``sigma`` is the geometric standard deviation of a lognormal distribution, the standard deviation of a
    normal one; ``below`` the one below the median where it is another; ``pedigree`` the matrix it was
    reckoned by, ``ranged`` whether it was from a range. Where the number is the sum of others, ``stated``
    has the percentiles of its own distribution and ``implied`` those that theirs give. Values are in the
    unit in which the number enters the footprint.
    """

    path: str
    name: str
    value: str
    distribution: str
    role: Role
    sigma: float | None = None
    below: float | None = None
    low: float | None = None
    high: float | None = None
    group: str | None = None
    pedigree: str | None = None
    ranged: bool = False
    stated: Percentiles | None = None
    implied: Percentiles | None = None


class Moved(Record):
    """A number without a distribution that could not stay as it is while others were drawn.

    One that ``follows`` is the sum of others, and was let go. One that was ``eased`` is a part of a sum
    that is drawn: it may be off by what is missing between the sum and its parts.
    """

    path: str
    name: str
    value: str
    how: Literal["follows", "eased"]


class Uncertainty(Record):
    """What the stated distributions of a file mean for its conversion, by seeded Monte Carlo.

    ``guaranteed`` goes with the guaranteed interval of the conversion, ``assumed`` with that under
    assumptions; either is ``None`` where the conversion has none. ``climate``, where it was asked for,
    adds the ranges of the global warming potentials to ``guaranteed``: how uncertain the effect on the
    climate is, which no regime counts. It is an outer bound unless ``climate_tight``. ``unranged`` are
    gases that may be there and whose factor has no range here. Values are kg CO2e per declared unit.
    """

    draws: int
    seed: int
    guaranteed: PBox | None
    assumed: PBox | None
    numbers: tuple[Drawn, ...]
    moved: tuple[Moved, ...]
    climate: PBox | None = None
    climate_tight: bool = False
    unranged: tuple[str, ...] = ()
    rests_on: tuple[Cited, ...] = ()
    notes: tuple[Text, ...] = ()

"""What to ask for so that an answer is near enough, and whether it is near an asserted value."""

from __future__ import annotations

from typing import Literal

from crosswalk.knowledge.records import Record, Text

#: What an interval proves of an asserted value.
Judged = Literal["proven-within", "proven-outside", "undecided"]


class Ask(Record):
    """One thing to ask for: an item of our own format, or a choice the study made and does not state.

    ``path`` is where it stands in our own file. ``if_nothing`` marks an item that helps only if there is
    none of it.
    """

    kind: Literal["item", "choice"]
    code: str
    label: Text
    path: str
    if_nothing: bool = False


class Asks(Record):
    """The smallest set of things to ask for that brings the width under a tolerance.

    If they are ``enough``, the answer is at most ``width_at_most`` wide once all ``items`` are known,
    whatever they turn out to be, but for the rounding they are told with; ``exact`` says that then only
    rounding is left. Where nothing that could be asked for is enough, ``stays_open`` says why. Among sets
    of one size the one that is easiest to get comes first. ``smallest`` is false where there was too much
    to try, and a smaller set may do. ``assumed`` tells that it holds under the assumptions asked for.
    """

    tolerance: str
    items: tuple[Ask, ...]
    enough: bool
    exact: bool
    width_at_most: float | None
    stays_open: tuple[Text, ...] = ()
    smallest: bool = True
    assumed: bool = False


class Within(Record):
    """Whether the converted value is near enough to an asserted one, from ``low`` to ``high``.

    ``stated`` tells that the asserted value is the one the file states under its own regime. ``verdict``
    follows from what is guaranteed, ``assumed`` from the interval under assumptions, where there is one.
    """

    tolerance: str
    asserted: str
    stated: bool
    low: float
    high: float
    verdict: Judged
    assumed: Judged | None = None

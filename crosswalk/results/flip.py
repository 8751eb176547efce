"""The smallest change of one input after which a verdict is another."""

from __future__ import annotations

from typing import Literal

from crosswalk.knowledge.records import Record, Text
from crosswalk.results.asks import Judged


class Turn(Record):
    """Where a verdict turns: at ``value``, ``change`` away from the file's own, it is ``verdict``.

    ``before`` is the value one step nearer to the file's own, where the verdict still is the present one:
    both were converted. A step is one unit in the last digit the file gives.
    """

    direction: Literal["up", "down"]
    value: str
    change: float
    verdict: Judged
    before: str


class Flip(Record):
    """How far one input of a file would have to be off for the verdict within tolerance to be another.

    ``turns`` are the nearest upwards and downwards, the smaller change first; none where the verdict stays
    what it is from ``low`` to ``high``, or as far as the file can be read and does not contradict itself
    (``reasons``). ``basis`` tells which interval is judged. With ``method`` ``program`` no nearer value
    turns it: each end of the interval is a linear program in the input; with ``search`` values were tried,
    ever further away, and a turn and its return between two of them would not be seen.
    """

    path: str
    value: str
    verdict: Judged
    basis: Literal["guaranteed", "assumed"]
    tolerance: str
    asserted: str
    low: str
    high: str
    method: Literal["program", "search"]
    turns: tuple[Turn, ...] = ()
    reasons: tuple[Text, ...] = ()

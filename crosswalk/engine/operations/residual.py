"""The residual mix: what is left of a grid when power that somebody claimed is taken out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from crosswalk.engine.operations.bounds import Bounds

#: Share of all power, and its factor; both closed.
Claim: TypeAlias = tuple[Bounds, Bounds]

_Pick: TypeAlias = Callable[[Bounds], Fraction]


def residual(average: Bounds, claims: Sequence[Claim]) -> Bounds:
    """Return (average - Σ share·factor) / (1 - Σ share): exactly the range over all inputs.

    The formula rises with the average and falls with every factor. A larger share of a source lowers the
    result if the source emits more than what remains, and raises it if less; hence each end is reached
    with the dirtiest (for the low end) or cleanest sources at their upper share and the others at their
    lower. Both ends are open where everything may have been claimed.

    >>> share, factor = Bounds.point(Fraction(1, 2)), Bounds.point(Fraction(1, 5))
    >>> residual(Bounds.point(1), [(share, factor)]).ends
    (Fraction(9, 5), Fraction(9, 5))
    """
    if sum(_high(share) for share, _ in claims) >= 1:
        return Bounds(None, None)
    dirtiest = sorted(claims, key=lambda claim: _high(claim[1]), reverse=True)
    cleanest = sorted(claims, key=lambda claim: _low(claim[1]))
    return Bounds(min(_ends(average, dirtiest, _low, _high)), max(_ends(average, cleanest, _high, _low)))


def _ends(average: Bounds, claims: Sequence[Claim], whole: _Pick, factor: _Pick) -> list[Fraction]:
    """The result with the first so many claims at their upper share, for every such number."""
    found = []
    for taken in range(len(claims) + 1):
        shares = [_high(share) if n < taken else _low(share) for n, (share, _) in enumerate(claims)]
        carried = sum(part * factor(given) for part, (_, given) in zip(shares, claims, strict=True))
        found.append((whole(average) - carried) / (1 - sum(shares)))
    return found


def _low(bounds: Bounds) -> Fraction:
    assert bounds.low is not None
    return bounds.low


def _high(bounds: Bounds) -> Fraction:
    assert bounds.high is not None
    return bounds.high

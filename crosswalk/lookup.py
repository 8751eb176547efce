"""Find things in a catalogue by the names people use, and keep what is costly to build once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from crosswalk.errors import UnknownNameError
from crosswalk.knowledge.catalogue import Catalogue, Regime

if TYPE_CHECKING:
    from crosswalk.engine.cells import Universe


@lru_cache(maxsize=4)
def _universe(catalogue_hash: str, version: str) -> list[Universe]:
    """One universe per catalogue, kept between calls (a list, filled on first use)."""
    return []


def universe_of(catalogue: Catalogue) -> Universe:
    """Return the universe of cells of ``catalogue``, built once."""
    from crosswalk.engine.cells import Universe

    kept = _universe(catalogue.hash, catalogue.version)
    if not kept:
        kept.append(Universe(catalogue))
    return kept[0]


def find_regime(name: str, catalogue: Catalogue) -> Regime:
    """Return the regime a name, code or any known spelling denotes.

    Raises ``UnknownNameError`` for a name that is unknown, known but not described here, or ambiguous.
    """
    from crosswalk.footprint.names import resolve

    if name in catalogue.regimes:
        return catalogue.regimes[name]
    codes = resolve("regime", name, catalogue)
    if len(codes) != 1:
        raise UnknownNameError("ambiguous-regime", name=name, candidates=", ".join(codes))
    if codes[0] not in catalogue.regimes:
        raise UnknownNameError("regime-undescribed", name=name, codes=codes[0])
    return catalogue.regimes[codes[0]]

"""Why footprints of one product differ: what each choice of method explains, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, overload

from crosswalk.convert import listed, profiles
from crosswalk.errors import UsageError
from crosswalk.formats import Given, given
from crosswalk.knowledge.catalogue import Catalogue

if TYPE_CHECKING:
    from crosswalk.results import Reconciliation, Series, Which


@overload
def reconcile(
    first: Given,
    second: Given,
    /,
    *,
    assume: str | Sequence[str] = (),
    same: bool = False,
    basis: Which | None = None,
    catalogue: Catalogue | None = None,
) -> Reconciliation: ...


@overload
def reconcile(
    first: Given,
    second: Given,
    third: Given,
    /,
    *more: Given,
    assume: str | Sequence[str] = (),
    same: bool = False,
    basis: Which | None = None,
    catalogue: Catalogue | None = None,
) -> Series: ...


def reconcile(
    first: Given,
    second: Given,
    /,
    *more: Given,
    assume: str | Sequence[str] = (),
    same: bool = False,
    basis: Which | None = None,
    catalogue: Catalogue | None = None,
) -> Reconciliation | Series:
    """Return how much of the difference of two footprints each choice of method explains, and what is left.

    The share of a dimension is its Shapley value (the mean over all orders of changing the methods), so no
    order of steps matters; shares and residual make the difference, to the last digit. A share is an
    interval where what is disclosed does not determine it. Values are the second less the first, in kg
    CO2e per declared unit of the first.

    With three or more versions each is reconciled with the one before, and the sums lead from first to
    last. ``assume`` names assumption profiles; ``same`` takes choices that both files leave open to be the
    same: with either, nothing is guaranteed. ``basis`` (``"first"`` or ``"second"``) says whose disclosure
    to use; by default it is the first's, unless the second's says more. A refusal is a result
    (``answered`` is false). Raises ``InputError`` for a file that cannot be read and ``UnknownNameError``
    for a profile that is not in the catalogue.

    >>> made = {"crosswalk": "footprint/1", "declared_unit": "kg", "regime": "ISO 14067", "total": "2.31"}
    >>> found = reconcile(made, made)
    >>> found.shares, found.difference.exact, found.residual.exact
    ((), '0', '0')
    """
    from crosswalk.engine.operations.capital_goods import with_line
    from crosswalk.engine.reconciliation import Terms, reconciliation
    from crosswalk.engine.series import series
    from crosswalk.engine.study import Study
    from crosswalk.factors.for_operations import Tables
    from crosswalk.knowledge.load import load
    from crosswalk.lookup import universe_of

    known = catalogue if catalogue is not None else load()
    if basis not in (None, "first", "second"):
        raise UsageError("unknown-basis", word=basis)
    profile = profiles(listed(assume), known)
    studies = []
    for one in (first, second, *more):
        footprint = with_line(given(one, known))
        studies.append(Study(footprint, known.regimes.get(footprint.regime or ""), universe_of(known)))
    terms = Terms(studies[0].footprint.declared_unit, profile, same, basis, Tables(known))
    found = [reconciliation(one, other, terms) for one, other in pairwise(studies)]
    return found[0] if len(found) == 1 else series(found)

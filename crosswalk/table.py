"""Convert a table of footprints: one row in, one interval out, by the kernel a single one goes through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crosswalk.convert import ALLOWABLE, listed, profiles, unit_asked
from crosswalk.errors import CrosswalkError, RefusedError, UsageError
from crosswalk.knowledge.catalogue import Catalogue, Profile, Regime
from crosswalk.messages import both

if TYPE_CHECKING:
    import pandas as pd

    from crosswalk.batch.groups import Group
    from crosswalk.footprint.per import Count
    from crosswalk.footprint.records import DeclaredUnit

#: How a row came out: an interval closed at both ends; one that is open; no inventory fits; no defensible
#: answer; a value that cannot be read.
STATUS = ("answered", "open", "inconsistent", "refused", "error")


def convert_table(
    frame: Any,
    *,
    to: str,
    source: str | None = None,
    template: Mapping[str, Any] | None = None,
    assume: str | Sequence[str] = (),
    allow: str | Sequence[str] = (),
    per: str | None = None,
    lang: str = "en",
    catalogue: Catalogue | None = None,
) -> pd.DataFrame:
    """Return the intervals of many footprints under the regime ``to``, a row each.

    ``frame`` is a pandas, polars or Arrow table; a column is named by where its value stands in our own
    footprint file (``total``, ``stages.production``, ``carbon.biogenic_content``, ``gases.CH4.fossil`` in
    kg, ``method.gwp-set``, ``regime``, ...), and what all rows share stands in ``template``, such a file
    without numbers. An empty value is not disclosed. ``source``, ``assume``, ``allow`` and
    ``per`` are those of ``crosswalk.convert``; a property that ``per`` needs stands in ``template``.

    The answer has the index of ``frame`` (where it has one) and the columns ``low``, ``high`` (what is
    guaranteed; infinite where open, NaN where there is none), ``assumed_low``, ``assumed_high`` (what
    follows under the assumptions, or with a forbidden model choice kept), ``status`` (see ``STATUS``) and
    ``reason``, in ``lang``. Values are kg CO2e per declared unit, or ``per``; ends are rounded
    outwards. A row that cannot be read costs that row only. Columns that mean nothing are listed in
    ``attrs["unused"]``.

    Raises ``UsageError`` for something that is no table, ``UnknownNameError`` for names not known.

    >>> import pandas as pd
    >>> given = pd.DataFrame({"gases.CO2.fossil": ["2.00", "2.10"], "gases.CH4.fossil": ["0.010", "0.020"]})
    >>> common = {"declared_unit": "kg", "regime": "PACT:3.0", "gases_complete": True,
    ...           "absent": ["land", "biogenic", "aircraft", "captured", "technical-removal"],
    ...           "method": {"gwp-set": "ar6-t715", "boundary": "cradle-to-gate", "cut-off": "none"}}
    >>> found = convert_table(given, to="PACT:3.0", template=common)
    >>> found[["low", "high"]].round(4).values.tolist()
    [[2.2781, 2.3179], [2.6761, 2.7159]]
    """
    import numpy as np
    import pandas as pd

    from crosswalk.batch.columns import PandasColumns
    from crosswalk.batch.groups import Reader
    from crosswalk.knowledge.load import load
    from crosswalk.lookup import find_regime

    known = catalogue if catalogue is not None else load()
    target = find_regime(to, known)
    assume, allow = listed(assume), listed(allow)
    for word in allow:
        if word not in ALLOWABLE:
            raise UsageError("unknown-allow", word=word, known=", ".join(ALLOWABLE))
    profile = profiles(assume, known)
    unit = None if per is None else unit_asked(per, known)
    given = _pandas(frame)
    common = {"declared_unit": "kg", **(template or {}), **({"regime": source} if source else {})}
    read = Reader(known, common).table(PandasColumns(given), "table")
    numbers = np.full((len(given), 4), np.nan)
    status = np.full(len(given), "error", dtype=object)
    reason = np.full(len(given), "", dtype=object)
    for group in read.groups:
        found = _answers(group, target, known, profile, frozenset(allow), unit, lang)
        numbers[group.rows], status[group.rows], reason[group.rows] = found
    for row, error in read.wrong.items():
        status[row], reason[row] = "error", error.message(lang)
    answer = pd.DataFrame(
        {
            **dict(zip(("low", "high", "assumed_low", "assumed_high"), numbers.T, strict=True)),
            "status": pd.Categorical(status, categories=list(STATUS)),
            "reason": reason,
        },
        index=given.index,
    )
    answer.attrs["unused"] = read.unused
    return answer


def _pandas(frame: Any) -> pd.DataFrame:
    """Return any table as a data frame."""
    import narwhals
    import pandas as pd

    if isinstance(frame, pd.DataFrame):
        return frame
    try:
        made: pd.DataFrame = narwhals.from_native(frame, eager_only=True).to_pandas()
    except TypeError:
        raise UsageError("table-kind", kind=type(frame).__name__) from None
    return made


def _answers(
    group: Group,
    target: Regime,
    catalogue: Catalogue,
    profile: Profile | None,
    allow: frozenset[str],
    per: DeclaredUnit | None,
    lang: str,
) -> tuple[Any, Any, Any]:
    """Return the four ends, the status and the reason of every row of a group."""
    import numpy as np

    from crosswalk.engine.answer import structural
    from crosswalk.engine.compiled import Structure, compiled
    from crosswalk.footprint.per import count as count_in
    from crosswalk.lookup import find_regime, universe_of

    count = group.rows.size
    nothing = np.full((count, 4), np.nan)
    footprint = group.footprint
    try:
        if footprint is None:
            assert group.error is not None
            raise group.error
        if footprint.regime is None:
            known = ", ".join(footprint.standards) or "–"
            raise UsageError("no-source-regime", where=footprint.source, standards=known)
        units = None if per is None else count_in(footprint, per, catalogue)
        universe, regime = universe_of(catalogue), find_regime(footprint.regime, catalogue)
        plain = compiled(Structure.of(footprint, regime, target, None), universe)
        verdict = structural(plain, allow)
        if verdict.refusal is not None:
            return nothing, "refused", verdict.refusal.get(lang)
        low, high, fits = plain.bounds(group.low, group.high)
        more = (low, high)
        if profile is not None:
            assuming = compiled(Structure.of(footprint, regime, target, profile), universe)
            more = assuming.bounds(group.low, group.high)[:2]
    except RefusedError as error:
        return nothing, "refused", error.message(lang)
    except CrosswalkError as error:
        return nothing, "error", error.message(lang)
    blank = np.full(count, np.nan)
    guaranteed = (blank, blank) if verdict.remodelled else (low, high)
    assumed = more if profile is not None or verdict.remodelled else (blank, blank)
    closed = np.isfinite(assumed).all(axis=0) | np.isfinite(guaranteed).all(axis=0)
    status = np.where(fits, np.where(closed, "answered", "open"), "inconsistent")
    said = {
        "answered": "",
        "open": both("reason.open-row").get(lang),
        "inconsistent": both("reason.inconsistent-row").get(lang),
    }
    reasons = np.array([said[one] for one in status.tolist()], dtype=object)
    ends = np.column_stack([*guaranteed, *assumed])
    return ends if units is None else _per(ends, units), status, reasons


def _per(ends: Any, count: Count) -> Any:
    """Return ends per declared unit per the unit asked for, rounded outwards."""
    import numpy as np

    low, high = ends[:, ::2], ends[:, 1::2]
    few, many = float(count.low), float(count.high)
    told = np.empty_like(ends)
    told[:, ::2] = np.where(low > 0, low * few, low * many)
    told[:, 1::2] = np.where(high > 0, high * many, high * few)
    slack = np.where(np.isfinite(told), np.abs(told), 0.0) * 2.0**-51
    told[:, ::2] -= slack[:, ::2]
    told[:, 1::2] += slack[:, 1::2]
    return told

"""Compare what a pack says with what comes of asking again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crosswalk.formats import _json

#: How far, relatively, a number may be off where another machine asks again.
_MACHINE = Decimal("1e-9")
#: No amount is further from one than this, in powers of ten.
_FARTHEST = 400


def spoken(found: Any) -> Any:
    """Return plain data as it is once written and read again."""
    from crosswalk.report.out import as_json

    return _json.loads(as_json(found).encode(), "answer")


def plain(content: bytes) -> Any:
    """Return what a line of JSON holds."""
    return _json.loads(content, "answer")


def bare(document: Any) -> Any:
    """Return certificates without multipliers, and without bounds, which these give.

    >>> bare({"program": 0, "low": {"bound": "1"}, "ends": [["1", None]]})
    {'program': 0, 'ends': [['1', None]]}
    """
    if isinstance(document, dict):
        proving = ("low", "high", "refuted")
        return {name: bare(one) for name, one in document.items() if name not in proving}
    return [bare(one) for one in document] if isinstance(document, list) else document


def different(one: Any, other: Any, place: str) -> str | None:
    """Return the first place where two payloads differ by more than the rounding of a machine.

    >>> different({"a": [1, Decimal("2.0")]}, {"a": [1, Decimal("2.1")]}, "")
    'a[1]'
    """
    if number(one) and number(other):
        one, other = Decimal(one), Decimal(other)
        return None if abs(one - other) <= max(abs(one), abs(other)) * _MACHINE else place
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            inner = f"{place}.{name}".lstrip(".")
            if name not in one or name not in other:
                return inner
            found = different(one[name], other[name], inner)
            if found is not None:
                return found
        return None
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return place
        pairs = (different(a, b, f"{place}[{n}]") for n, (a, b) in enumerate(zip(one, other, strict=True)))
        return next((found for found in pairs if found is not None), None)
    return None if type(one) is type(other) and one == other else place


def number(value: Any) -> bool:
    """Whether a value is a number of a size that amounts have."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return False
    found = Decimal(value)
    return found.is_finite() and abs(found.adjusted()) <= _FARTHEST

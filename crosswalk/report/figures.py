"""Numbers for people: few digits, never more certain than they are, an open end in words."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from crosswalk.knowledge.records import Text
from crosswalk.messages import say

#: Significant digits of a single value, of the larger end of an interval, and of an interval's width.
_VALUE, _END, _WIDTH = 5, 4, 2


def figure(value: float) -> str:
    """Return a value with five significant digits.

    >>> figure(2.30999999), figure(1234567.0), figure(0.0), figure(-0.000123456)
    ('2.31', '1234600', '0', '-0.00012346')
    """
    return _rounded(Decimal(repr(value)), _VALUE - 1 - _magnitude(value), ROUND_HALF_EVEN)


def ends(low: float, high: float) -> tuple[str, str]:
    """Return both ends of an interval, rounded outwards, so that what is shown still holds all of it.

    Four significant digits of the larger end, and two of the width where it is narrow.

    >>> ends(1.84996, 1.85004), ends(0.0, 123.456), ends(2.31, 2.31)
    (('1.84996', '1.85004'), ('0', '123.5'), ('2.31', '2.31'))
    """
    places = _END - 1 - _magnitude(max(abs(low), abs(high)))
    if high > low:
        places = max(places, _WIDTH - 1 - _magnitude(high - low))
    return (
        _rounded(Decimal(repr(low)), places, ROUND_FLOOR),
        _rounded(Decimal(repr(high)), places, ROUND_CEILING),
    )


def interval(low: float | None, high: float | None, lang: str) -> str:
    """Return an interval in words; an end that is open says so.

    >>> interval(1.2, 2.5, "en"), interval(None, 2.5, "en"), interval(None, None, "zh")
    ('1.2 to 2.5', 'at most 2.5, no lower bound', '上下均无界')
    """
    if low is not None and high is not None:
        shown = ends(low, high)
        if shown[0] == shown[1]:
            return shown[0]
        return say("report.interval", lang, low=shown[0], high=shown[1])
    if low is not None:
        return say("report.interval-low", lang, low=ends(low, low)[0])
    if high is not None:
        return say("report.interval-high", lang, high=ends(high, high)[1])
    return say("report.interval-open", lang)


def reasons(low: Text | None, high: Text | None, lang: str) -> list[str]:
    """Return why ends are open, each reason once."""
    return list(dict.fromkeys(reason.get(lang) for reason in (low, high) if reason is not None))


def _magnitude(value: float) -> int:
    return Decimal(repr(value)).adjusted() if value else 0


def _rounded(value: Decimal, places: int, rounding: str) -> str:
    quantum = Decimal(1).scaleb(-places)
    shown = format(value.quantize(quantum, rounding=rounding), "f")
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown

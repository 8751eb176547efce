"""What a case may expect of a conversion, an inspection or a claim, and how what came is held against it.

A number in a case means what its digits say: half a unit in the last place either way.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from crosswalk.errors import CrosswalkError, RefusedError
from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import Class, Range
from crosswalk.results.recognition import Decision

if TYPE_CHECKING:
    from crosswalk.recognition.cases import Looked
    from crosswalk.results import Assumed, Conversion, Inspection

#: What a rule may say of a claim.
Said = Literal["pass", "fail", "unknown", "not-applicable"]

#: Expectations an inspection can meet; all others need a conversion. ``error`` needs neither.
_INSPECTED = ("consistent", "identities")
_EITHER = ("error", "unused")
#: Expectations that mean something of a claim only, and those that mean something of it too.
_CLAIMED = ("verdict", "level", "rules", "because", "asks")
_CLAIMED_TOO = ("error", "naming", "provisional")
#: Floating-point noise of a value that is exact as a fraction.
_NOISE = 1e-12


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"class_": "class"}):
    """What must come of a case. Every key given must hold."""

    exact: Decimal | UnsetType = UNSET
    digits: int | UnsetType = UNSET
    within: tuple[Decimal, Decimal] | UnsetType = UNSET
    covers: Decimal | UnsetType = UNSET
    assumed_within: tuple[Decimal, Decimal] | UnsetType = UNSET
    assumed_covers: Decimal | UnsetType = UNSET
    low: Decimal | UnsetType | None = UNSET
    high: Decimal | UnsetType | None = UNSET
    tolerance: Decimal | UnsetType = UNSET
    class_: Class | UnsetType = UNSET
    refuses: str | UnsetType = UNSET
    naming: tuple[str, ...] | UnsetType = UNSET
    error: str | UnsetType = UNSET
    gaps: tuple[str, ...] | UnsetType = UNSET
    provisional: bool | UnsetType = UNSET
    rests_on: tuple[str, ...] | UnsetType = UNSET
    unused: dict[str, str | None] | UnsetType = UNSET
    identities: dict[str, str] | UnsetType = UNSET
    consistent: bool | UnsetType = UNSET
    lines: dict[str, Decimal | None] | UnsetType = UNSET
    verdict: Decision | UnsetType = UNSET
    level: int | UnsetType = UNSET
    rules: dict[str, Said] | UnsetType = UNSET
    because: str | UnsetType | None = UNSET
    asks: tuple[str, ...] | UnsetType = UNSET

    @property
    def inspects(self) -> bool:
        """Whether something is expected that an inspection tells."""
        return any(name in _INSPECTED or name == "unused" for name in self.asked())

    def asked(self) -> list[str]:
        """Return the keys that are given, as they stand in a file."""
        names = zip(self.__struct_fields__, self.__struct_encode_fields__, strict=True)
        return [encoded for name, encoded in names if getattr(self, name) is not UNSET]

    def needing_conversion(self) -> list[str]:
        """Return the keys given that mean nothing without a conversion."""
        return [name for name in self.asked() if name not in (*_INSPECTED, *_EITHER)]

    def of_claims(self) -> list[str]:
        """Return the keys given that mean nothing without a claim."""
        return [name for name in self.asked() if name in _CLAIMED]

    def not_of_claims(self) -> list[str]:
        """Return the keys given that mean nothing of a claim."""
        return [name for name in self.asked() if name not in (*_CLAIMED, *_CLAIMED_TOO)]


class Got(NamedTuple):
    """What came of a case: an answer, an inspection, an error, or a claim with the facts it must have."""

    conversion: Conversion | None = None
    inspection: Inspection | None = None
    error: CrosswalkError | None = None
    looked: Looked | None = None
    facts: dict[str, Any] | None = None


def mismatches(expect: Expect, got: Got) -> Iterator[Text]:
    """Yield a sentence for every expectation that what came does not meet."""
    if got.error is not None:
        yield from _raised(expect, got.error)
        return
    if got.looked is not None:
        yield from _judged(expect, got.looked, got.facts or {})
        return
    if expect.error is not UNSET:
        yield _differs("error", expect.error, _brief(got))
    if got.inspection is not None:
        yield from _inspected(expect, got.inspection)
    if got.conversion is not None:
        yield from _converted(expect, got.conversion)


def _raised(expect: Expect, error: CrosswalkError) -> Iterator[Text]:
    wanted = expect.refuses if isinstance(error, RefusedError) and expect.error is UNSET else expect.error
    key = "refuses" if wanted is expect.refuses and wanted is not UNSET else "error"
    if wanted != error.code:
        yield both(
            "verify.differs",
            key=key,
            expected=_absent() if wanted is UNSET else wanted,
            came=Text(en=f"{error.code}: {error}", zh=f"{error.code}: {error.message('zh')}"),
        )
    for name in expect.naming if expect.naming is not UNSET else ():
        if name not in str(error):
            yield _differs("naming", name, str(error))


def _judged(expect: Expect, looked: Looked, facts: dict[str, Any]) -> Iterator[Text]:
    for broken in looked.found.errors:
        if expect.error != broken.code:
            yield _differs("error", _absent() if expect.error is UNSET else expect.error, broken.code)
        for name in expect.naming if expect.naming is not UNSET else ():
            if name not in f"{broken.field} {broken.reason}":
                yield _differs("naming", name, broken.reason)
        return
    if expect.error is not UNSET:
        yield _differs("error", expect.error, both("verify.no-error"))
    (one,) = looked.found.verdicts
    ground = one.levels[0].outcome == "pass"
    for name, wanted, came in (
        ("verdict", expect.verdict, one.verdict),
        ("level", expect.level, one.level if ground else -1),
        ("because", expect.because, one.because),
        ("provisional", expect.provisional, one.provisional),
    ):
        if wanted is not UNSET and wanted != came:
            yield _differs(name, wanted, came)
    asked = [ask.code for ask in one.asks]
    if expect.asks is not UNSET and not (set(expect.asks) <= set(asked) and bool(expect.asks) == bool(asked)):
        yield _differs("asks", ", ".join(expect.asks) or "–", ", ".join(asked))
    for code, said in (expect.rules or {}).items():
        if looked.rules.get(code) != said:
            yield _differs(f"rules.{code}", said, looked.rules.get(code, _absent()))
    for name, fact in facts.items():
        came = looked.facts.get(name)
        if not _same(fact, came):
            yield _differs(name, fact, came)


def _same(wanted: Any, came: Any) -> bool:
    """Whether a fact is what a file says: numbers as numbers, dates as they are written."""
    if isinstance(wanted, Decimal):
        return isinstance(came, float) and came == float(wanted)
    return bool(came.isoformat() == wanted) if isinstance(came, date) else bool(came == wanted)


def _inspected(expect: Expect, found: Inspection) -> Iterator[Text]:
    if expect.consistent is not UNSET and expect.consistent != found.consistent:
        clash = "; ".join(" + ".join(one.fields) for one in found.inconsistencies)
        yield _differs("consistent", expect.consistent, clash or found.consistent)
    verdicts = {one.code: one.verdict for one in found.identities}
    for code, verdict in (expect.identities or {}).items():
        if verdicts.get(code) != verdict:
            yield _differs(f"identities.{code}", verdict, verdicts.get(code))
    likely = {one.path: one.likely for one in found.unused_fields}
    for path, meant in (expect.unused or {}).items():
        if path not in likely or likely[path] != meant:
            yield _differs(f"unused.{path}", meant, likely.get(path) if path in likely else _absent())


def _converted(expect: Expect, found: Conversion) -> Iterator[Text]:
    yield from _number(expect, found)
    yield from _interval("", expect.within, expect.covers, found.guaranteed)
    yield from _interval("assumed_", expect.assumed_within, expect.assumed_covers, found.assumed)
    yield from _ends(expect, found.guaranteed)
    if expect.class_ is not UNSET and expect.class_ != found.class_:
        yield _differs("class", expect.class_, found.class_)
    yield from _refusal(expect, found)
    yield from _listed(expect, found)
    if expect.provisional is not UNSET and expect.provisional != found.provisional:
        yield _differs("provisional", expect.provisional, found.provisional)
    evidence = sorted({one.evidence for one in found.provisional_reasons})
    for word in expect.rests_on or ():
        if word not in evidence:
            yield _differs("rests_on", word, ", ".join(evidence))


def _number(expect: Expect, found: Conversion) -> Iterator[Text]:
    if expect.exact is not UNSET:
        half = _half(expect.exact) if expect.digits is UNSET else 0.5 * 10.0**-expect.digits
        # A value may stand beside a refusal (a modelling choice the target does not permit): no answer.
        if not found.answered or found.value is None or not _near(found.value, expect.exact, half):
            yield _differs("exact", expect.exact, _brief(Got(found, None, None)))
    values = {line.field: line.value for line in found.lines}
    for name, wanted in (expect.lines or {}).items():
        came = values.get(name)
        same = came is None if wanted is None else came is not None and _near(came, wanted, _half(wanted))
        if name not in values or not same:
            yield _differs(f"lines.{name}", wanted, came if name in values else _absent())


def _interval(
    prefix: str,
    within: tuple[Decimal, Decimal] | UnsetType,
    covers: Decimal | UnsetType,
    found: Range | Assumed | None,
) -> Iterator[Text]:
    low, high = (found.low, found.high) if found is not None else (None, None)
    if within is not UNSET:
        inside = low is not None and high is not None
        if not (inside and float(within[0]) <= _or(low) and _or(high) <= float(within[1])):
            yield _differs(f"{prefix}within", f"[{within[0]}, {within[1]}]", _shown(found))
    if covers is not UNSET:
        number, noise = float(covers), _NOISE * max(1.0, abs(float(covers)))
        below = low is None or low <= number + noise
        above = high is None or number - noise <= high
        if found is None or not (below and above):
            yield _differs(f"{prefix}covers", covers, _shown(found))


def _ends(expect: Expect, found: Range) -> Iterator[Text]:
    for name, wanted, came in (("low", expect.low, found.low), ("high", expect.high, found.high)):
        if wanted is UNSET:
            continue
        if wanted is None or came is None:
            same = wanted is None and came is None
        else:
            half = _half(wanted) if expect.tolerance is UNSET else float(expect.tolerance)
            same = _near(came, wanted, half)
        if not same:
            yield _differs(name, wanted, came)


def _refusal(expect: Expect, found: Conversion) -> Iterator[Text]:
    kind, names = refusal(found)
    if expect.refuses is not UNSET and expect.refuses != kind:
        yield _differs("refuses", expect.refuses, kind or _brief(Got(found, None, None)))
    if expect.naming is UNSET:
        return
    wanted = set(expect.naming)
    # Of a contradiction every field must be named, and no other; of what is missing, these among others.
    fits = [set(one) == wanted if kind == "inconsistent" else wanted <= set(one) for one in names]
    if not any(fits):
        yield _differs("naming", ", ".join(expect.naming), "; ".join(", ".join(one) for one in names))


def refusal(found: Conversion) -> tuple[str | None, list[tuple[str, ...]]]:
    """Return why there is no answer, and what it names: fields, items that are missing, or dimensions.

    The reasons are ``inconsistent``, ``model`` and ``gap``; ``None`` is a conversion with an answer.
    """
    if found.answered:
        return None, []
    if found.inconsistencies:
        return "inconsistent", [one.fields for one in found.inconsistencies]
    models = [one for one in found.steps if one.note is not None]
    blocked = tuple(one.dimension for one in models if one.class_ == "unbridgeable")
    if not blocked and found.assumed is None:
        # What could be estimated was not allowed to be.
        blocked = tuple(one.dimension for one in models)
    if blocked:
        return "model", [blocked]
    return "gap", [tuple(one.item for one in found.gaps)]


def _listed(expect: Expect, found: Conversion) -> Iterator[Text]:
    if expect.gaps is UNSET:
        return
    items = [one.item for one in found.gaps]
    if not set(expect.gaps) <= set(items) or (not expect.gaps and items):
        yield _differs("gaps", ", ".join(expect.gaps) or "–", ", ".join(items))


def _half(number: Decimal) -> float:
    return float(Quantity.of(number).half)


def _near(came: float, wanted: Decimal, half: float) -> bool:
    return abs(came - float(wanted)) <= half + _NOISE * max(1.0, abs(came))


def _or(end: float | None) -> float:
    return float("nan") if end is None else end


def _shown(found: Range | Assumed | None) -> Any:
    return None if found is None else f"[{found.low}, {found.high}]".replace("None", "open")


def _brief(got: Got) -> Any:
    if got.conversion is None:
        return both("verify.no-error")
    kind, names = refusal(got.conversion)
    if kind is not None:
        return f"{kind} ({'; '.join(', '.join(one) for one in names)}) {_shown(got.conversion.guaranteed)}"
    if got.conversion.value is not None:
        return got.conversion.value
    return _shown(got.conversion.guaranteed)


def _absent() -> Text:
    return both("verify.nothing")


def _differs(key: str, expected: Any, came: Any) -> Text:
    return both("verify.differs", key=key, expected=_plain(expected), came=_plain(came))


def _plain(value: Any) -> Any:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else value

"""What if an input were another? Convert a footprint again with its file changed, and say what moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from crosswalk.errors import CrosswalkError, InputError, UnknownNameError, UsageError
from crosswalk.footprint.records import Footprint
from crosswalk.formats import Given
from crosswalk.formats._edit import Changed, parse_path, parse_setting
from crosswalk.formats._edited import Edited, edited
from crosswalk.formats._json import load_file
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import Change, Conversion, Outcome, Range, Shift, WhatIf

if TYPE_CHECKING:
    from crosswalk.convert import Question

if TYPE_CHECKING:
    from crosswalk.convert import Question


def settings(given: Sequence[str]) -> dict[str, Any]:
    """Return paths and values of ``PATH=VALUE`` texts. Raises ``UsageError`` for one that is none.

    >>> settings(["total=3.10", "gases_complete=true"])
    {'total': Decimal('3.10'), 'gases_complete': True}
    """
    found: dict[str, Any] = {}
    for text in given:
        path, value = parse_setting(text)
        if path in found:
            raise UsageError("set-twice", path=path)
        found[path] = value
    return found


def editions(payload: Any, where: str, changes: Mapping[str, Any], catalogue: Catalogue) -> list[Edited]:
    """Return every footprint of a payload before and after ``changes``.

    Raises ``UnknownNameError`` for a path that was added and means nothing to the reader.
    """
    for path in changes:
        parse_path(path)
    found = edited(payload, where, changes, catalogue)
    for one in found:
        if not isinstance(one.after, Footprint):
            continue
        idle = {field.path: field.likely for field in one.after.unused}
        for change in one.changes:
            if change.before is None and change.path in idle:
                raise UnknownNameError("set-path", path=change.path, near=idle[change.path] or "–")
    return found


def changed(given: Given, changes: Mapping[str, Any], catalogue: Catalogue) -> Edited:
    """Return the one footprint of a file or payload before and after ``changes``."""
    if isinstance(given, Footprint):
        payload, where = given.raw, given.source
        if payload is None:
            raise UsageError("set-no-file", name=given.id or given.source)
    elif isinstance(given, dict):
        payload, where = given, "payload"
    else:
        payload, where = load_file(Path(given)), str(given)
    found = editions(payload, where, changes, catalogue)
    if len(found) > 1:
        raise InputError("file-several", where=where, count=len(found), ids="–")
    return found[0]


def again(answer: Conversion, changes: Mapping[str, Any]) -> Conversion:
    """Return ``answer`` with inputs of its footprint changed; see ``Conversion.what_if``."""
    question = answer.question
    if question is None:
        raise UsageError("set-no-question")
    return converted(changed(question.footprint, changes, question.catalogue), question.of)


def converted(one: Edited, question: Callable[[Footprint], Question]) -> Conversion:
    """Ask the same of a footprint as changed, and as it was, and say what moved."""
    if isinstance(one.after, CrosswalkError):
        raise one.after
    after = question(one.after).answer()
    changes = tuple(Change(path=c.path, before=c.before, after=c.after) for c in one.changes)
    told = WhatIf(changes=changes, before=None, moved=Shift())
    try:
        if isinstance(one.before, CrosswalkError):
            raise one.before
        before = question(one.before).plain().answer()
        told = WhatIf(changes=changes, before=_outcome(before), moved=_moved(before, after))
    except CrosswalkError as error:
        told = msgspec.structs.replace(told, reason=Text(en=error.message("en"), zh=error.message("zh")))
    notes = (*after.notes, *(_note(change, one) for change in one.changes))
    made = msgspec.structs.replace(after, changed=told, notes=notes)
    msgspec.structs.force_setattr(made, "question", after.question)
    return made


def _note(change: Changed, one: Edited) -> Text:
    """Say what was changed, and where the file's own reader makes nothing of it."""
    nothing = both("word.nothing")
    values = {"before": change.before or nothing, "after": change.after or nothing, "path": change.path}
    assert isinstance(one.after, Footprint)
    if change.path in {field.path for field in one.after.unused}:
        return both("note.what-if-unused", **values)
    return both("note.what-if", **values)


def _outcome(found: Conversion) -> Outcome:
    assumed = found.assumed
    return Outcome(
        answered=found.answered,
        class_=found.class_,
        value=found.value,
        guaranteed=found.guaranteed,
        assumed=None
        if assumed is None
        else Range(
            low=assumed.low,
            high=assumed.high,
            low_reason=assumed.low_reason,
            high_reason=assumed.high_reason,
        ),
        refusal=found.refusal,
    )


def _moved(before: Conversion, after: Conversion) -> Shift:
    one, other = before.assumed, after.assumed
    return Shift(
        value=_less(after.value, before.value),
        low=_less(after.guaranteed.low, before.guaranteed.low),
        high=_less(after.guaranteed.high, before.guaranteed.high),
        assumed_low=None if one is None or other is None else _less(other.low, one.low),
        assumed_high=None if one is None or other is None else _less(other.high, one.high),
    )


def _less(value: float | None, other: float | None) -> float | None:
    """Return a difference, free of the digits that binary fractions would add."""
    if value is None or other is None:
        return None
    return float(Decimal(repr(value)) - Decimal(repr(other)))

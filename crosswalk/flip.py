"""How far off would an input have to be? Its smallest change that turns the verdict within tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from crosswalk.errors import InputError, UnknownNameError, UsageError
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.formats._edit import bare, near, numbers_at
from crosswalk.formats._edited import edited
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import Conversion, Flip, Judged, Turn

if TYPE_CHECKING:
    from crosswalk.convert import Question
    from crosswalk.engine.flip import Judge

#: Where an input is searched for by default: from nothing to so many times what it is.
_TIMES = 10
#: More steps than this are not taken; further digits than these are not what a verdict hangs on.
_STEPS = 10**9
#: Steps at which it is looked whether stated amounts follow the input on a line.
_PROBES = (0, 1, -1, 2, -2, 7, -7)
#: So many values, evenly apart, are tried on either side beside those ever further away.
_TRIED = 24


def flip(answer: Conversion, path: str, between: tuple[str, str] | None = None) -> Flip:
    """Return the smallest change of the number at ``path`` that turns the verdict of ``answer``.

    ``between`` are the least and the largest value looked at; from nothing to ten times the present value
    where it is not given. Raises ``UsageError`` where no tolerance was given, and ``UnknownNameError``
    where there is no number at ``path``.
    """
    question: Question | None = answer.question
    if question is None or question.footprint.raw is None:
        raise UsageError("set-no-question")
    from crosswalk.engine.wanted import stated

    within = answer.within_tolerance
    if question.wanted is None:
        raise UsageError("flip-tolerance")
    if within is None:
        raise UsageError("flip-no-verdict", where=answer.file)
    # What is asserted does not move with the input, even where it is the value stated.
    against = question.wanted.against or stated(question.footprint)
    assumed = within.verdict == "undecided" and within.assumed is not None
    verdict = within.assumed if assumed and within.assumed is not None else within.verdict
    own = question.wanted.against is None
    wanted = replace(question.wanted, against=against, ask=False, own=own)
    asked = replace(question, draws=None, wanted=wanted)
    line = _Line.of(question.footprint, path, between, asked)
    found = Flip(
        path=line.path,
        value=line.text(0),
        verdict=verdict,
        basis="assumed" if assumed else "guaranteed",
        tolerance=within.tolerance,
        asserted=within.asserted,
        low=line.text(line.low),
        high=line.text(line.high),
        method="program",
    )
    if not assumed and any(step.note is not None for step in answer.steps):
        return msgspec.structs.replace(found, reasons=(both("reason.flip-model"),))
    return _Search(line, asked, verdict, assumed).fill(found)


def parse(given: Sequence[str], tolerance: str | None) -> dict[str, tuple[str, str] | None]:
    """Return paths and ranges of ``PATH`` and ``PATH=LOW..HIGH`` texts.

    >>> parse(["total", "gases[0].mass=0..0.1"], "5%")
    {'total': None, 'gases[0].mass': ('0', '0.1')}
    """
    if given and tolerance is None:
        raise UsageError("flip-tolerance")
    found: dict[str, tuple[str, str] | None] = {}
    for text in given:
        path, equals, reach = text.partition("=")
        low, dots, high = reach.partition("..")
        if equals and not dots:
            raise UsageError("flip-syntax", text=text[:60])
        if path.strip() in found:
            raise UsageError("set-twice", path=path.strip())
        found[path.strip()] = (low, high) if equals else None
    return found


def with_flips(answer: Conversion, paths: dict[str, tuple[str, str] | None]) -> Conversion:
    """Return a conversion with the smallest changes of the numbers at ``paths`` that turn its verdict."""
    if not paths or answer.within_tolerance is None:
        return answer
    told = tuple(flip(answer, path, between) for path, between in paths.items())
    made = msgspec.structs.replace(answer, flips=told)
    msgspec.structs.force_setattr(made, "question", answer.question)
    return made


@dataclass
class _Line:
    """The footprints of one file with one number in place of another, in steps of its last digit."""

    question: Question
    where: str
    payload: Any
    path: str
    given: Any
    number: Decimal
    unit: Decimal
    low: int = 0
    high: int = 0
    _read: dict[int, Footprint | None] = field(default_factory=dict)

    @classmethod
    def of(
        cls, footprint: Footprint, path: str, between: tuple[str, str] | None, question: Question
    ) -> _Line:
        """Find the number at ``path``, and how far it is to be followed."""
        from crosswalk.engine.tolerance import asserted

        numbers = numbers_at(footprint.raw, path)
        if not numbers:
            close = near(footprint.raw, path)
            raise UnknownNameError("flip-path", where=footprint.source, path=path, near=close)
        if len(numbers) > 1:
            raise InputError(
                "flip-several", where=footprint.source, path=path, paths=", ".join(p for p, _ in numbers[:4])
            )
        at, given = numbers[0]
        number = Decimal(bare(given) or "0")
        reach = [Decimal(asserted(text).text) for text in between or ()]
        unit = min(Decimal(1).scaleb(_exponent(one)) for one in (number, *reach))
        found = cls(question, footprint.source, footprint.raw, at, given, number, unit)
        found.low, found.high = found._reach(reach)
        return found

    def _reach(self, between: list[Decimal]) -> tuple[int, int]:
        """Return the range in steps."""
        far = self.number * _TIMES if self.number else self.unit * 1000
        low, high = between or (min(far, Decimal(0)), max(far, Decimal(0)))
        if not low <= self.number <= high:
            raise UsageError("flip-range", low=str(low), high=str(high), value=str(self.number))
        steps = [int((end - self.number) / self.unit) for end in (low, high)]
        if max(map(abs, steps)) > _STEPS:
            raise UsageError("flip-far", steps=_STEPS, path=self.path)
        return steps[0], steps[1]

    def text(self, steps: int) -> str:
        """Return the number so many steps away, with the digits the file gives."""
        return format(self.number + steps * self.unit, "f")

    def footprint(self, steps: int) -> Footprint | None:
        """Return the footprint with the number so many steps away; ``None`` if that cannot be read."""
        if steps == 0:
            return self.question.footprint
        if steps not in self._read:
            put = {self.path: self._value(steps)}
            found = edited(self.payload, self.where, put, self.question.catalogue)[0].after
            self._read[steps] = found if isinstance(found, Footprint) else None
        return self._read[steps]

    def _value(self, steps: int) -> Any:
        text = self.text(steps)
        if isinstance(self.given, Quantity):
            return Quantity(text=text, value=Fraction(Decimal(text)), half=self.given.half)
        # Beside a unit only the number is put in place of the old one.
        return text if bare(self.given) == self.given else Decimal(text)


@dataclass
class _Search:
    """Looks for the nearest value on either side at which the verdict is another."""

    line: _Line
    question: Question
    verdict: Judged
    assumed: bool
    _seen: dict[int, Judged | None] = field(default_factory=dict)

    def fill(self, found: Flip) -> Flip:
        """Return the answer with what was found."""
        judge = self._judge()
        steps = self._program(judge)
        turns, reasons = [], []
        for direction in (1, -1):
            turn, reason = self._turn(judge, direction, steps)
            turns += [turn] if turn is not None else []
            reasons += [reason] if reason is not None else []
        turns.sort(key=lambda turn: (abs(Decimal(turn.value) - self.line.number), turn.direction))
        return msgspec.structs.replace(
            found,
            turns=tuple(turns),
            reasons=tuple(dict.fromkeys(reasons)),
            method="search" if steps is None else "program",
        )

    def _judge(self) -> Judge:
        from crosswalk.convert import profiles
        from crosswalk.engine.flip import Judge
        from crosswalk.factors.for_operations import Tables
        from crosswalk.lookup import find_regime, universe_of

        known, question = self.question.catalogue, self.question
        name = question.source if question.source is not None else question.footprint.regime
        wanted = question.per_declared
        assert name is not None
        assert wanted is not None
        return Judge(
            source=find_regime(name, known),
            target=find_regime(question.to, known),
            universe=universe_of(known),
            profile=profiles(question.assume, known),
            wanted=wanted,
            assumed=self.assumed,
            factors=Tables(known),
        )

    def _program(self, judge: Judge) -> list[int] | None:
        """Return the steps at which the verdict may turn, where programs tell; else ``None``."""
        line = self.line
        probes = {steps: line.footprint(steps) for steps in _PROBES if line.low <= steps <= line.high}
        read = {steps: one for steps, one in probes.items() if one is not None}
        if len(read) < 3 or not _straight(read) or not judge.linear(read[0]):
            return None
        by = next(steps for steps in read if steps)
        found: set[int] = set()
        for end in judge.turns(read[0], read[by], by, line.low, line.high):
            lower = int(end // 1)
            found.update((lower - 1, lower, lower + 1, lower + 2))
        # What is exactly nothing empties cells, whatever a program of amounts says.
        nothing = -line.number / line.unit
        if nothing == int(nothing):
            found.add(int(nothing))
        return sorted(steps for steps in found if line.low <= steps <= line.high)

    def _turn(
        self, judge: Judge, direction: Literal[1, -1], steps: list[int] | None
    ) -> tuple[Turn | None, Text | None]:
        before, reason = 0, None
        tried = self._away(direction) if steps is None else _beyond(steps, direction)
        for at in tried:
            verdict = self._verdict(judge, at)
            if verdict is None:
                reason = reason or self._why(at)
            elif verdict == self.verdict:
                before = at
            else:
                before, at = self._nearest(judge, before, at)
                return self._told(before, at, direction), None
        return None, reason or both(
            "reason.flip-never", end=self.line.text(self.line.high if direction > 0 else self.line.low)
        )

    def _away(self, direction: int) -> Iterator[int]:
        """Yield steps ever further away, and some evenly apart, up to the end of the range."""
        end = abs(self.line.high if direction > 0 else self.line.low)
        found = {end} | {end * part // _TRIED for part in range(1, _TRIED)}
        step = 1
        while step < end:
            found.add(step)
            step *= 2
        yield from (direction * one for one in sorted(found - {0}))

    def _nearest(self, judge: Judge, before: int, at: int) -> tuple[int, int]:
        """Halve the distance between a value before the turn and one after it until they are neighbours."""
        while abs(at - before) > 1:
            middle = (at + before) // 2
            verdict = self._verdict(judge, middle)
            if verdict is None or verdict == self.verdict:
                before = middle
            else:
                at = middle
        return before, at

    def _verdict(self, judge: Judge, steps: int) -> Judged | None:
        if steps not in self._seen:
            footprint = self.line.footprint(steps)
            asked = None if footprint is None else self.question.of(footprint)
            wanted = None if asked is None else asked.per_declared
            self._seen[steps] = None if asked is None or wanted is None else judge.verdict(asked.bare, wanted)
        return self._seen[steps]

    def _why(self, steps: int) -> Text:
        code = "reason.flip-unread" if self.line.footprint(steps) is None else "reason.flip-contradicts"
        return both(code, value=self.line.text(steps))

    def _told(self, before: int, at: int, direction: int) -> Turn:
        """Convert on both sides of the turn in full, and say what came of it."""
        after = self._full(at)
        if after == self.verdict or self._full(before) not in (self.verdict, None):
            raise ArithmeticError("a verdict that turned does not turn when it is worked out in full")
        assert after is not None
        return Turn(
            direction="up" if direction > 0 else "down",
            value=self.line.text(at),
            change=float(at * self.line.unit),
            verdict=after,
            before=self.line.text(before),
        )

    def _full(self, steps: int) -> Judged | None:
        footprint = self.line.footprint(steps)
        if footprint is None:
            return None
        found = self.question.of(footprint).answer().within_tolerance
        if found is None:
            return None
        return found.assumed if self.assumed else found.verdict


def _straight(footprints: dict[int, Footprint]) -> bool:
    """Whether footprints by steps differ in stated amounts alone, on a line, and keep their rounding."""
    plain = [
        msgspec.structs.replace(one, disclosures=(), raw=None, facts={}, notes=())
        for one in footprints.values()
    ]
    if any(one != plain[0] for one in plain):
        return False
    if len({len(one.disclosures) for one in footprints.values()}) != 1:
        return False
    return all(
        _even(dict(zip(footprints, stated, strict=True)))
        for stated in zip(*(one.disclosures for one in footprints.values()), strict=True)
    )


def _even(stated: dict[int, Disclosure]) -> bool:
    """Whether one disclosure, by steps, is the same but for its amount, which lies on a line."""
    first = stated[0]
    by = next(steps for steps in stated if steps)
    slope = (stated[by].quantity.value - first.quantity.value) / by
    return all(
        msgspec.structs.replace(one, quantity=first.quantity) == first
        and one.quantity.half == first.quantity.half
        and one.quantity.value == first.quantity.value + slope * steps
        for steps, one in stated.items()
    )


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def _beyond(steps: list[int], direction: int) -> Iterator[int]:
    """Yield the steps on one side, the nearest first."""
    yield from sorted((one for one in steps if one * direction > 0), key=abs)

"""What readers share: numbers and texts out of a payload, fields into disclosures, problems collected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

import msgspec

from crosswalk.errors import CrosswalkError, InputError
from crosswalk.footprint import units
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Disclosure, Footprint, UnusedField
from crosswalk.formats._json import MOST_DIGITS, short
from crosswalk.knowledge.catalogue import Catalogue, Field, Format, Selection
from crosswalk.knowledge.records import Text
from crosswalk.messages import both

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
#: A message lists this many problems of a file and counts the others.
_LISTED = 5


class Problems:
    """What is wrong with one footprint, collected so that a file is corrected in one go."""

    def __init__(self, where: str, prefix: str = "") -> None:
        """``where`` names the file; ``prefix`` is put before every path inside it."""
        self.where = where
        self.prefix = prefix
        self.found: list[CrosswalkError] = []

    def add(self, path: str, code: str, **values: Any) -> None:
        """Note a problem at ``path``."""
        self.found.append(InputError(code, where=self.at(path), **values))

    def add_error(self, path: str, error: CrosswalkError) -> None:
        """Note an error raised elsewhere as a problem at ``path``."""
        self.found.append(type(error)(error.code, where=self.at(path), **error.values))

    def at(self, path: str) -> str:
        """Return file and path as messages show them."""
        full = f"{self.prefix}{path}" if path else self.prefix.rstrip(".")
        return f"{self.where}: {full}" if full else self.where

    def settle(self) -> None:
        """Raise what was found: one problem as it is, several as one ``InputError``."""
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            raise InputError(
                "footprint-several", where=self.where, count=len(self.found), problems=self._joined()
            )

    def _joined(self) -> Text:
        spoken = {}
        for lang in ("en", "zh"):
            told = [error.message(lang).removeprefix(f"{self.where}: ") for error in self.found[:_LISTED]]
            rest = len(self.found) - _LISTED
            more = both("word.more", count=rest).get(lang) if rest > 0 else ""
            spoken[lang] = " | ".join(told) + more
        return Text(en=spoken["en"], zh=spoken["zh"])


def quantity(given: Any, path: str, problems: Problems) -> Quantity | None:
    """Read a number or a decimal string as written; note a problem and return ``None`` otherwise.

    A payload that was changed (see ``_edit``) may hold a number with a rounding of its own.
    """
    if isinstance(given, Quantity):
        return given
    if isinstance(given, bool) or not isinstance(given, (int, float, Decimal, str)):
        problems.add(path, "footprint-number", value=short(given))
        return None
    text = str(given).strip()
    if len(text) > MOST_DIGITS or not _NUMBER.fullmatch(text):
        problems.add(
            path, "footprint-number", value=f'"{short(given)}"' if isinstance(given, str) else short(given)
        )
        return None
    return Quantity.of(text)


def plain(given: Any) -> bool:
    """Whether what stands in a file is a number without a unit, as a number or as a text.

    >>> plain("2.50"), plain("2.50 kg"), plain({"value": 2})
    (True, False, False)
    """
    return (
        not isinstance(given, str) or _NUMBER.fullmatch(given.strip()) is not None
        if _scalar(given)
        else False
    )


def scaled(given: Quantity, by: Fraction) -> Quantity:
    """Return a quantity times a factor, its rounding with it.

    >>> scaled(Quantity.of("4.50"), Fraction(1, 1000)).text, scaled(Quantity.of("1.2"), Fraction(44, 12)).text
    ('0.00450', '4.4')
    """
    if by == 1:
        return given
    value = given.value * by
    return msgspec.structs.replace(given.scaled(by), text=_digits(given.text, value, by))


def _digits(text: str, value: Fraction, by: Fraction) -> str:
    """Digits of a scaled number: those given where the point alone moves, else six that matter."""
    power = len(str(abs(by.numerator))) - len(str(by.denominator))
    if abs(by) == Fraction(10) ** power and _NUMBER.fullmatch(text):
        moved = Decimal(text).scaleb(power)
        return f"{moved.copy_negate() if by < 0 and moved else moved:f}"
    return digits(value)


def digits(value: Fraction) -> str:
    """Return a number in six digits that matter.

    >>> digits(Fraction(22, 3)), digits(Fraction(5, 2))
    ('7.33333', '2.5')
    """
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.6g}"


def weighed(amount: Fraction, unit: str, catalogue: Catalogue) -> Quantity | None:
    """Return the mass of so much of a unit, in kg, where the unit is one of mass."""
    if units.dimension(unit, catalogue) != "mass":
        return None
    value = amount * units.factor(unit, "kilogram", catalogue)
    return Quantity(text=digits(value), value=value, half=Fraction(0))


def signed(given: Quantity, field: Field, path: str, problems: Problems) -> Quantity | None:
    """Return the quantity if the field allows its sign, else note the problem."""
    if field.sign == "+" and given.value < 0:
        problems.add(path, "footprint-negative", value=given.text, name=field.label)
        return None
    if field.sign == "-" and given.value > 0:
        problems.add(path, "footprint-positive", value=given.text, name=field.label)
        return None
    return given


def disclosure(
    field: Field, given: Quantity, path: str, *, name: str | None = None, on: Selection | None = None
) -> Disclosure:
    """Return what a field says once its value is known; ``on`` narrows what it covers."""
    return Disclosure(
        name=name or field.code,
        path=path,
        field=field.code,
        on=on or field.on,
        quantity=given,
        basis=field.basis,
        scale=fraction(field.scale),
        under=field.under,
        beside=field.beside,
        balance=field.balance,
        readings=field.readings if on is None else (),
        headline=field.headline,
        limit="most" if field.upper_limit else None,
    )


def fraction(text: str) -> Fraction:
    """Return the exact value of a decimal or a fraction of integers.

    >>> fraction("44/12"), fraction("-1")
    (Fraction(11, 3), Fraction(-1, 1))
    """
    return Fraction(text)


def by_name(fields: Iterable[Field]) -> dict[str, Field]:
    """Return fields by their names and by the other spellings of them."""
    found: dict[str, Field] = {}
    for field in fields:
        for name in (*field.spellings, field.code):
            found[name] = field
    return found


def unused(name: str, path: str, described: Format) -> UnusedField:
    """Return a field that was not used, with the field it may be meant as."""
    for field in described.fields.values():
        if name in field.hints:
            return UnusedField(path=path, likely=field.code)
    if name in described.unusable:
        return UnusedField(path=path)
    known = {code.casefold(): code for code in (*described.administrative, *described.fields)}
    close = get_close_matches(name.casefold(), sorted(known), n=1, cutoff=0.8)
    return UnusedField(path=path, likely=known[close[0]] if close else None)


def facts(payload: Mapping[str, Any], names: Iterable[str], prefix: str = "") -> dict[str, str]:
    """Return the scalars (and lists of scalars) of a payload as texts, by name."""
    found = {}
    for name in names:
        value = payload.get(name)
        if isinstance(value, list) and all(_scalar(item) for item in value):
            value = ", ".join(str(item) for item in value)
        if isinstance(value, Quantity):
            value = value.text
        if _scalar(value) and value != "":
            found[prefix + name] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def _scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float, Decimal))


_KINDS = {dict: "object", list: "list", type(None): "null", str: "text", bool: "truth"}


def typed(value: Any, wanted: type, path: str, problems: Problems) -> bool:
    """Whether ``value`` is an object, a list or a text, as ``wanted`` says; notes a problem if not."""
    if isinstance(value, wanted):
        return True
    found = both(f"word.json-{_KINDS.get(type(value), 'number')}")
    problems.add(path, "footprint-type", found=found, expected=both(f"word.json-{_KINDS[wanted]}"))
    return False


def texts(given: Any, path: str, problems: Problems) -> list[str]:
    """Return a text or a list of texts as a list; notes a problem for anything else."""
    found = given if isinstance(given, list) else [given]
    return [one for one in found if typed(one, str, path, problems)]


def each(
    payload: Any, where: str, make: Callable[[dict[str, Any], Problems, str], Footprint]
) -> list[Footprint]:
    """Read an object, or every object of a list, with ``make(object, problems, source)``."""
    several = isinstance(payload, list)
    found = []
    for index, one in enumerate(payload if several else [payload]):
        problems = Problems(where, f"[{index}]." if several else "")
        if not typed(one, dict, "", problems):
            problems.settle()
        source = f"{where}#{index + 1}" if several and len(payload) > 1 else where
        found.append(make(one, problems, source))
    return found

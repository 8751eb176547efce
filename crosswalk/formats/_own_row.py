"""One object of our own file, key by key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import names
from crosswalk.footprint.quantity import Quantity
from crosswalk.formats import _read
from crosswalk.formats._json import short
from crosswalk.formats._own_values import Unit, Values, as_written

_YEAR = re.compile(r"(19|20|21)\d\d", re.ASCII)
#: Where something needed is missing or wrong, a problem is noted, no footprint is made, and what stands
#: in its place is never seen.
_STAND_IN = Quantity(text="", value=Fraction(1), half=Fraction(0))


class Row:
    """One object of a file, or the file itself, whose path is empty.

    ``close`` notes as unused what the methods were not asked for.
    """

    def __init__(self, values: Values, given: dict[str, Any], path: str) -> None:
        # JSON null says no more than a field left out.
        self.given = {name: value for name, value in given.items() if value is not None}
        self.path = path
        self.values = values
        self.problems = values.problems
        self._known = {"comment"}

    def at(self, name: str) -> str:
        """Return the path of a key."""
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        """Whether the key is there and not null."""
        return name in self.given

    def take(self, *names: str) -> Any:
        """Return what stands under the first of some keys, as it is; all of them count as asked for."""
        self._known.update(names)
        return self.given.get(names[0])

    def needed(self, name: str) -> Any:
        """Return what stands under a key; notes a problem where nothing does."""
        if not self.has(name):
            self.problems.add(self.at(name), "footprint-missing", name=name)
        return self.take(name)

    def close(self) -> None:
        """Note the keys that nobody asked for."""
        self.values.leave(self.given, sorted(self._known), self.path)

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the objects of a list; each is closed when the next one is asked for."""
        given = self.take(name)
        if given is None or not _read.typed(given, list, self.at(name), self.problems):
            return
        for index, one in enumerate(given):
            at = f"{self.at(name)}[{index}]"
            if _read.typed(one, dict, at, self.problems):
                row = Row(self.values, one, at)
                yield row
                row.close()

    def object(self, name: str) -> Row | None:
        """Return the object under a key, to be closed by whoever reads it."""
        given = self.take(name)
        if given is None or not _read.typed(given, dict, self.at(name), self.problems):
            return None
        return Row(self.values, given, self.at(name))

    # Numbers

    def amount(self, name: str, wanted: Unit, *, signed: bool = False) -> Quantity | None:
        """Read a number with a unit, zero or more unless ``signed``."""
        given = self.take(name)
        found = None if given is None else self.values.amount(given, self.at(name), wanted)
        return found if signed else self._least(name, found)

    def number(self, name: str) -> Quantity | None:
        """Read a plain number, zero or more."""
        given = self.take(name)
        return None if given is None else self._least(name, self.values.number(given, self.at(name)))

    def chosen(self, name: str) -> Quantity | None:
        """Read a number that somebody chose: exactly what is written, unless the file says otherwise."""
        found = self.number(name)
        return None if found is None else as_written(found)

    def share(self, name: str) -> Quantity | None:
        """Read a share from 0 to 1."""
        given = self.take(name)
        found = None if given is None else self.values.number(given, self.at(name))
        if found is not None and not 0 <= found.value <= 1:
            self.problems.add(self.at(name), "footprint-share", value=found.text)
            return None
        return found

    def _least(self, name: str, found: Quantity | None) -> Quantity | None:
        if found is not None and found.value < 0:
            self.problems.add(self.at(name), "footprint-below-zero", value=found.text)
            return None
        return found

    def needed_amount(
        self, name: str, wanted: Unit, *, above: bool = False, signed: bool = False
    ) -> Quantity:
        """Read a number with a unit that has to be there, zero or more, or ``above`` zero, or ``signed``."""
        self.needed(name)
        found = self.amount(name, wanted, signed=signed)
        if above and found is not None and found.value <= found.half:
            self.problems.add(self.at(name), "footprint-zero", value=found.text)
            return _STAND_IN
        return found or _STAND_IN

    def needed_share(self, name: str) -> Quantity:
        """Read a share that has to be there."""
        self.needed(name)
        return self.share(name) or _STAND_IN

    # Words

    def text(self, name: str) -> str:
        """Read a text; empty where there is none."""
        given = self._string(name)
        return "" if given is None else " ".join(given.split())

    def needed_text(self, name: str) -> str:
        """Read a text that has to be there."""
        self.needed(name)
        found = self.text(name)
        if not found and isinstance(self.given.get(name), str):
            self.problems.add(self.at(name), "footprint-missing", name=name)
        return found

    def truth(self, name: str) -> bool | None:
        """Read true or false."""
        given = self.take(name)
        if given is None or not _read.typed(given, bool, self.at(name), self.problems):
            return None
        return bool(given)

    def year(self, name: str) -> int | None:
        """Read a year of four digits."""
        given = self.take(name)
        if given is None:
            return None
        if not isinstance(given, (int, str)) or not _YEAR.fullmatch(str(given)):
            self.problems.add(self.at(name), "footprint-year", value=short(given))
            return None
        return int(given)

    def choice(self, name: str, words: Sequence[str]) -> str | None:
        """Read one of a few words."""
        given = self._string(name)
        if given is None:
            return None
        wanted = names.normalise(given)
        for word in words:
            if names.normalise(word) == wanted:
                return word
        self.problems.add(self.at(name), "footprint-choice", value=short(given), known=", ".join(words))
        return None

    def needed_choice(self, name: str, words: Sequence[str]) -> str:
        """Read one of a few words that has to be there."""
        self.needed(name)
        return self.choice(name, words) or words[0]

    def option(self, name: str, dimension: str) -> str | None:
        """Read one option of a dimension, by code, short code, label or alias."""
        given = self._string(name)
        if given is None:
            return None
        try:
            found = names.resolve_option(dimension, given, self.values.catalogue)
        except CrosswalkError as error:
            self.problems.add_error(self.at(name), error)
            return None
        return self._single(name, given, found)

    def named(self, name: str, kind: str) -> str | None:
        """Read the name of a gas, an origin, a stage: its code."""
        given = self._string(name)
        if given is None:
            return None
        try:
            found = names.resolve(kind, given, self.values.catalogue)
        except CrosswalkError as error:
            self.problems.add_error(self.at(name), error)
            return None
        return self._single(name, given, found)

    def listed(self, name: str, known: Sequence[str]) -> str:
        """Read a name that has to be there and among those listed elsewhere in the file."""
        found = self.needed_text(name)
        self.check(name, found, known)
        return found

    def check(self, name: str, found: str, known: Sequence[str]) -> None:
        """Note a problem where a name is not among those listed elsewhere in the file."""
        if found and found not in known:
            shown = ", ".join(known) or "–"
            self.problems.add(self.at(name), "footprint-reference", name=short(found), known=short(shown, 80))

    def _string(self, name: str) -> str | None:
        given = self.take(name)
        return given if given is not None and _read.typed(given, str, self.at(name), self.problems) else None

    def _single(self, name: str, given: str, found: tuple[str, ...]) -> str | None:
        if len(found) == 1:
            return found[0]
        codes = ", ".join(found)
        self.problems.add(self.at(name), "footprint-several-codes", name=short(given), codes=codes)
        return None

"""Everything Crosswalk raises, in one family.

::

    CrosswalkError
    ├── UsageError            the call itself is wrong                            exit 2
    ├── InputError            a file or field cannot be read or understood        exit 2
    ├── UnknownNameError      a regime, option, unit, gas or profile is unknown   exit 2
    ├── KnowledgeError        the knowledge graph itself is broken                exit 1
    ├── InconsistentError     what a file discloses contradicts itself            exit 1
    └── RefusedError          no defensible answer exists                         exit 3

Each message says what is wrong, where, and what to do. The sentences stand in
``crosswalk/messages.toml`` in English and Chinese under the error's ``code``;
``str(error)`` is English, ``error.message("zh")`` Chinese.
"""

from __future__ import annotations

from typing import Any, ClassVar


class CrosswalkError(Exception):
    """Base of all errors: a message code, where it happened, and the values the sentence needs."""

    exit_code: ClassVar[int] = 2

    def __init__(self, code: str, *, where: str = "", **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.where = where
        self.values = values

    def message(self, lang: str = "en") -> str:
        """Return the sentence in ``lang``: place, what is wrong, what to do."""
        from crosswalk.messages import say

        # What a user wrote may hold line breaks; a message is one line.
        given = {k: " ".join(v.split()) if isinstance(v, str) else v for k, v in self.values.items()}
        text = say(f"error.{self.code}", lang, **given)
        return f"{self.where}: {text}" if self.where else text

    def __str__(self) -> str:
        return self.message("en")

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.code, self.where, self.values))


def _rebuild(kind: type[CrosswalkError], code: str, where: str, values: dict[str, Any]) -> CrosswalkError:
    return kind(code, where=where, **values)


class UsageError(CrosswalkError):
    """The call is wrong: a bad argument, or two that do not go together."""


class InputError(CrosswalkError):
    """A file, or a field in it, cannot be read or understood. ``where`` is ``file: field``."""


class UnknownNameError(CrosswalkError):
    """A name is not in the catalogue; ``values["near"]`` holds the likeliest spellings."""


class KnowledgeError(CrosswalkError):
    """The knowledge graph is broken: a file does not parse, or a statement is incomplete."""

    exit_code = 1


class InconsistentError(CrosswalkError):
    """What a file discloses contradicts itself; ``values["fields"]`` names the fields."""

    exit_code = 1


class RefusedError(CrosswalkError):
    """There is no defensible answer; the message says why and what would make one possible."""

    exit_code = 3

"""Options of commands that leave an evidence pack, and the writing of packs beside answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crosswalk.errors import UsageError

if TYPE_CHECKING:
    from crosswalk.results import Conversion

evidence_option = click.option(
    "--evidence", metavar="DIR", help="Leave an evidence pack here (see 'crosswalk evidence verify')."
)
sign_option = click.option(
    "--sign", metavar="KEYFILE", help="Sign the pack with this key (see 'crosswalk evidence keygen')."
)


@dataclass(frozen=True)
class Packing:
    """Where packs go and what they are made of; without ``folder`` none are written."""

    folder: str | None
    key: str | None
    as_of: str | None = None
    knowledge: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.folder is None:
            if self.key is not None or self.as_of is not None:
                raise UsageError("sign-alone")
            return
        from crosswalk.evidence.pack import free
        from crosswalk.evidence.signing import private_key

        # Better now than after the work.
        free(self.folder)
        if self.key is not None:
            private_key(self.key)

    def keeping(
        self, content: bytes, where: str, count: int, **asked: Any
    ) -> Callable[[Conversion, int], Conversion]:
        """Return what writes the pack of a footprint, by its number; of several, each in its own folder.

        ``asked`` are the fields of :class:`crosswalk.evidence.Asked`.
        """

        def keep(found: Conversion, number: int) -> Conversion:
            if self.folder is None:
                return found
            from crosswalk.evidence import Asked, write
            from crosswalk.evidence.conversions import Given

            folder = Path(self.folder) if count == 1 else Path(self.folder) / str(number)
            given = Given(content, where, Asked(which=number, **asked))
            write(found, folder, self.key, given=given, knowledge=self.knowledge, as_of=self.as_of)
            return found

        return keep


def numbered(given: Sequence[object]) -> Iterator[int]:
    """Yield the numbers of what is no error, counted from 1."""
    return (number for number, one in enumerate(given, 1) if not isinstance(one, Exception))

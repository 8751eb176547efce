"""What a batch run is told of judging claims: plain values that travel, and what a process makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from crosswalk.checking.work import Judge as Judging
from crosswalk.convert import profiles
from crosswalk.errors import UsageError
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.records import Record


class Claims(Record):
    """Claims judged on a day, against a target where they name none; see ``crosswalk.check``."""

    to: str | None
    as_of: date
    assume: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    lang: str = "en"

    def catalogue(self) -> Catalogue:
        """Return the knowledge the claims are judged by."""
        from crosswalk.knowledge.load import load

        return load([Path(folder) for folder in self.knowledge])

    def judge(self) -> Judging:
        """Return the function that judges a table of claims."""
        from crosswalk.recognition.judge import Asked, Judge

        known = self.catalogue()
        asked = Asked(target(self.to, known), self.as_of, lang=self.lang)
        return Judge(known, asked, profiles(self.assume, known)).judge

    def columns(self, names: Sequence[str]) -> Sequence[str]:
        """Return those of the columns of a table that a claim has."""
        from crosswalk.recognition.claims import Schema

        schema = Schema.of(self.catalogue().recognition)
        return [name for name in names if schema.has(name)]

    def identity(self) -> Mapping[str, str]:
        """Return all that decides the verdicts besides the claims."""
        known = self.catalogue()
        return {
            "as_of": self.as_of.isoformat(),
            "assume": ", ".join(self.assume),
            "knowledge": known.hash,
            "to": target(self.to, known) or "",
            "version": known.version,
        }


def target(name: str | None, catalogue: Catalogue) -> str | None:
    """Return the code of the regime, or the scheme, that a name denotes.

    Raises ``UnknownNameError`` for a name that is neither.
    """
    from crosswalk.lookup import find_regime
    from crosswalk.recognition.claims import Schema, code_of

    if name is None:
        return None
    found = code_of(name, Schema.of(catalogue.recognition), catalogue)
    if found is not None and found.startswith("body:"):
        return found
    return find_regime(name, catalogue).code


def day(text: str | None) -> date:
    """Return the day written as ``2026-01-31``; today where none is. Raises ``UsageError`` for others."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("as-of", text=text[:40]) from None


def work(
    to: str | None, as_of: str | None, assume: tuple[str, ...], knowledge: tuple[str, ...], lang: str
) -> Claims:
    """Return what is to be done with claims. Raises ``CrosswalkError`` for names that are not known."""
    made = Claims(to=to, as_of=day(as_of), assume=assume, knowledge=knowledge, lang=lang)
    known = made.catalogue()
    profiles(assume, known)
    target(to, known)
    return made

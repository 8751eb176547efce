"""What a pack says of itself, and what becomes of checking it."""

from __future__ import annotations

from typing import Literal

from crosswalk.knowledge.records import Record, Text
from crosswalk.results.base import Answer, KnowledgeId

Outcome = Literal["holds", "fails", "skipped"]


class Packed(Record):
    """One file of a pack: its name, its size in bytes and its SHA-256, in hexadecimal."""

    name: str
    size: int
    sha256: str


class Asked(Record):
    """All that was asked of a footprint, as on the command line; ``which`` counts footprints of the file."""

    to: str
    source: str | None = None
    which: int = 1
    set: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    draws: int = 0
    seed: int = 0
    gwp_ranges: bool = False
    tolerance: str | None = None
    against: str | None = None
    flips: tuple[str, ...] = ()
    per: str | None = None


class AskedOfClaims(Record):
    """All that was asked of a table of claims.

    ``claims`` is how many rows there were, ``each`` whether each of them is in the pack. ``inputs`` are the
    files they came from, as they were read, ``outputs`` those that were written.
    """

    to: str | None
    as_of: str
    claims: int
    each: bool
    assume: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    inputs: tuple[Packed, ...] = ()
    outputs: tuple[Packed, ...] = ()


class Manifest(Record):
    """What is in a pack. There is no clock in it: ``as_of`` is what whoever made it said, if anything."""

    format: Literal["crosswalk-evidence"]
    version: Literal[1]
    kind: Literal["conversion", "check"]
    crosswalk: str
    knowledge: KnowledgeId
    file: str
    files: tuple[Packed, ...]
    question: Asked | None = None
    check: AskedOfClaims | None = None
    as_of: str | None = None
    limits: tuple[Text, ...] = ()


class Check(Record):
    """One thing that was looked at: whether it holds, and in words what was found."""

    code: str
    outcome: Outcome
    said: Text


class Verification(Answer):
    """What became of checking a pack, check by check."""

    where: str
    kind: str
    crosswalk: str
    knowledge: KnowledgeId
    checks: tuple[Check, ...]
    holds: bool

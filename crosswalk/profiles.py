"""Assumption profiles: which there are, and those a user brings along in a Turtle file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from crosswalk.errors import UsageError
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.results import KnowledgeId, ProfileList


def list_profiles(catalogue: Catalogue) -> ProfileList:
    """Return the assumption profiles ``catalogue`` has."""
    return ProfileList(
        profiles=tuple(catalogue.profiles[code] for code in sorted(catalogue.profiles)),
        knowledge=KnowledgeId(version=catalogue.version, hash=catalogue.hash),
    )


def with_profiles(
    assume: str | Sequence[str], knowledge: Sequence[str | os.PathLike[str]] = ()
) -> tuple[Catalogue, tuple[str, ...]]:
    """Return the catalogue and the profiles meant by ``assume``: names, or Turtle files that describe some.

    All profiles a file adds are meant. Raises ``UsageError`` for a file that adds none.

    >>> with_profiles(["fossil-polymer"])[1]
    ('fossil-polymer',)
    """
    from crosswalk.knowledge.load import load

    folders = [Path(folder) for folder in knowledge]
    names: list[str] = []
    for given in (assume,) if isinstance(assume, str) else assume:
        if not given.lower().endswith(".ttl"):
            names.append(given)
            continue
        before = load(folders).profiles
        folders.append(Path(given))
        added = sorted(set(load(folders).profiles) - set(before))
        if not added:
            raise UsageError("profile-none", where=given)
        names += added
    return load(folders), tuple(dict.fromkeys(names))

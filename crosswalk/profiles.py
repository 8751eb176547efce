"""Assumption profiles: which there are, and those a user brings along in a Turtle file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosswalk.errors import UsageError
from crosswalk.knowledge.catalogue import Catalogue, Profile, Record
from crosswalk.results import KnowledgeId, to_plain

if TYPE_CHECKING:
    import pandas as pd


class ProfileList(Record):
    """All assumption profiles, by code, with their assumptions and how each is known."""

    profiles: tuple[Profile, ...]
    knowledge: KnowledgeId

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with every field present."""
        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain

    def to_frame(self) -> pd.DataFrame:
        """Return the list as a data frame, one row an assumption of a profile."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "profile": profile.code,
                    "assumption": one.code,
                    "label": one.label.en,
                    "evidence": one.statement.evidence,
                    "clause": one.statement.clause,
                }
                for profile in self.profiles
                for one in profile.assumptions
            ]
        )

    def __repr__(self) -> str:
        from crosswalk.report.text import brief

        return brief(self)


def list_profiles(catalogue: Catalogue) -> ProfileList:
    """Return the assumption profiles ``catalogue`` has."""
    return ProfileList(
        profiles=tuple(catalogue.profiles[code] for code in sorted(catalogue.profiles)),
        knowledge=KnowledgeId(version=catalogue.version, hash=catalogue.hash),
    )


def with_profiles(
    assume: Sequence[str], knowledge: Sequence[str | os.PathLike[str]] = ()
) -> tuple[Catalogue, tuple[str, ...]]:
    """Return the catalogue and the profiles meant by ``assume``: names, or Turtle files that describe some.

    All profiles a file adds are meant. Raises ``UsageError`` for a file that adds none.

    >>> with_profiles(["fossil-polymer"])[1]
    ('fossil-polymer',)
    """
    from crosswalk.knowledge.load import load

    folders = [Path(folder) for folder in knowledge]
    names: list[str] = []
    for given in assume:
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

"""Names: every spelling under which a regime, an option, a stage or a gas travels, resolved to codes.

Spellings are compared without regard to case, width, spaces, dashes and other punctuation. A spelling
may stand for several things ("AR5"): all of them are returned, never one of them by guess.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from crosswalk.errors import UnknownNameError
from crosswalk.knowledge.catalogue import Catalogue

#: What can be named, and the part of the Catalogue it stands in.
KINDS = (
    "regime",
    "option",
    "dimension",
    "stage",
    "activity",
    "origin",
    "gas",
    "gas family",
    "format",
    "profile",
)

_tables: dict[tuple[int, str], tuple[Catalogue, dict[str, Found]]] = {}


class Found(NamedTuple):
    """What a spelling stands for: codes, and codes of regimes known by name only."""

    codes: tuple[str, ...] = ()
    undescribed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.codes or self.undescribed)


def normalise(text: str) -> str:
    """Reduce a spelling to what tells it apart.

    >>> normalise("GB/T 24067—2024"), normalise("ＧＢＴ24067-2024"), normalise("生命末期")
    ('gbt240672024', 'gbt240672024', '生命末期')
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def find(kind: str, text: str, catalogue: Catalogue) -> Found:
    """Return what ``text`` may stand for among the things of ``kind``; empty if nothing is known."""
    return _table(kind, catalogue).get(normalise(text), Found())


def resolve(kind: str, text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the codes ``text`` stands for; several mean that it is ambiguous.

    Raises ``UnknownNameError`` with the nearest spellings, or one that says so where the name is that
    of a regime we know of but have not described.
    """
    found = find(kind, text, catalogue)
    if found.codes:
        return found.codes
    if found.undescribed:
        raise UnknownNameError("regime-undescribed", name=text, codes=", ".join(found.undescribed))
    raise unknown(kind, text, catalogue)


def resolve_option(dimension: str, text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the options of ``dimension`` (a code) that ``text`` stands for, by code, notation or alias.

    Raises ``UnknownNameError`` that lists the options there are.
    """
    options = catalogue.dimensions[dimension].options
    wanted = normalise(text)
    for code in options:
        if wanted in (normalise(code), normalise(code.removeprefix(f"{dimension}."))):
            return (code,)
    named = tuple(code for code in find("option", text, catalogue).codes if code in options)
    if named:
        return named
    sets = find("GWP set", text, catalogue).codes
    made = tuple(code for code in options if _characterised_by(code, catalogue) in sets)
    if made:
        return made
    short = ", ".join(code.removeprefix(f"{dimension}.") for code in options)
    raise UnknownNameError("option-unknown", name=text, dimension=dimension, near=short)


def unknown(kind: str, text: str, catalogue: Catalogue) -> UnknownNameError:
    """Return the error for a name that is not known, with up to three near spellings.

    Where none comes close to the name of a regime, the error says how to list all there are.
    """
    from crosswalk.messages import both

    word = both(f"word.kind-{kind.replace(' ', '-')}")
    close = near(kind, text, catalogue)
    if kind == "regime" and not close:
        return UnknownNameError("regime-unknown", name=text)
    return UnknownNameError("name-unknown", kind=word, name=text, near=", ".join(close) or "–")


def near(kind: str, text: str, catalogue: Catalogue) -> list[str]:
    """Return codes whose spellings come close to ``text``, nearest first, at most three."""
    from difflib import get_close_matches

    table = _table(kind, catalogue)
    close = get_close_matches(normalise(text), sorted(table), n=6, cutoff=0.6)
    found = [code for spelling in close for code in (*table[spelling].codes, *table[spelling].undescribed)]
    return list(dict.fromkeys(found))[:3]


def _characterised_by(option: str, catalogue: Catalogue) -> str | None:
    return next((e.characterised_by for e in catalogue.options[option].effects if e.characterised_by), None)


def _table(kind: str, catalogue: Catalogue) -> dict[str, Found]:
    key = (id(catalogue), kind)
    if key in _tables and _tables[key][0] is catalogue:
        return _tables[key][1]
    codes: dict[str, set[str]] = {}
    undescribed: dict[str, set[str]] = {}
    for code, spellings in _own_names(kind, catalogue):
        for spelling in spellings:
            codes.setdefault(normalise(spelling), set()).add(code)
    for alias in catalogue.aliases:
        if alias.kind == kind:
            spelling = normalise(alias.spelling)
            codes.setdefault(spelling, set()).update(alias.denotes)
            undescribed.setdefault(spelling, set()).update(alias.undescribed)
    table = {
        name: Found(tuple(sorted(codes.get(name, ()))), tuple(sorted(undescribed.get(name, ()))))
        for name in sorted({*codes, *undescribed} - {""})
    }
    while len(_tables) >= 64:
        _tables.pop(next(iter(_tables)))
    _tables[key] = (catalogue, table)
    return table


def _own_names(kind: str, catalogue: Catalogue) -> Iterator[tuple[str, Iterable[str]]]:
    """Codes and labels of everything of a kind."""
    if kind == "gas":
        for gas in catalogue.gases.values():
            yield gas.code, (gas.code, gas.label.en, gas.label.zh, *((gas.cas,) if gas.cas else ()))
        return
    records: dict[str, Mapping[str, Any]] = {
        "regime": catalogue.regimes,
        "option": catalogue.options,
        "dimension": catalogue.dimensions,
        "stage": catalogue.stages,
        "activity": catalogue.activities,
        "origin": catalogue.origins,
        "gas family": catalogue.gas_families,
        "format": catalogue.formats,
        "profile": catalogue.profiles,
        "GWP set": catalogue.gwp_sets,
    }
    for code, record in records[kind].items():
        yield code, (code, record.label.en, record.label.zh)

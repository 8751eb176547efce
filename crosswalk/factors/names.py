"""Places, kinds and subjects by the names people use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from crosswalk.errors import UnknownNameError
from crosswalk.factors.records import Factor, Place, QuantityKind
from crosswalk.footprint.names import normalise


def find_place(name: str, places: Mapping[str, Place]) -> str:
    """Return the code of the place ``name`` denotes: a code, a label or another name.

    Raises ``UnknownNameError`` for a name that is unknown or stands for several places.
    """
    if name in places:
        return name
    wanted = normalise(name)
    found = [
        code
        for code, place in places.items()
        if wanted
        and wanted in {normalise(one) for one in (code, place.label.en, place.label.zh, *place.names)}
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownNameError("factor-place-ambiguous", name=name, candidates=", ".join(found))
    raise UnknownNameError("factor-place-unknown", name=name, near=", ".join(near_places(name, places)))


def near_places(name: str, places: Mapping[str, Place]) -> list[str]:
    """Return the likeliest places for a name that is not known, each as code and label."""
    table = {
        one.casefold(): place
        for place in places.values()
        for one in (place.code, place.label.en, place.label.zh, *place.names)
    }
    found = get_close_matches(name.casefold(), table, n=3, cutoff=0.5)
    near = [f"{place.code} ({place.label.en})" for place in dict.fromkeys(table[one] for one in found)]
    return near or ["CN", "CN-SD", "DE", "EU", "001"]


def find_kind(name: str, kinds: Mapping[str, QuantityKind], domain: str = "") -> QuantityKind:
    """Return the kind ``name`` denotes: a code, a label, or its short name within ``domain``.

    ``electricity:life-cycle`` names domain and short name at once. Raises ``UnknownNameError``, which
    lists the kinds of the domain, for any other name.
    """
    if name in kinds:
        return kinds[name]
    given, colon, short = name.partition(":")
    domain, wanted = (given, normalise(short)) if colon else (domain, normalise(name))
    inside = [kind for kind in kinds.values() if not domain or kind.domain == domain]
    for kind in inside:
        names = {kind.label.en, kind.label.zh} | ({kind.short} if domain else set())
        if wanted and wanted in {normalise(one) for one in (kind.code, *names)}:
            return kind
    listed = ", ".join(kind.short for kind in inside) if domain and inside else ""
    near = get_close_matches(name, kinds, n=4, cutoff=0.5)
    raise UnknownNameError("factor-kind-unknown", name=name, near=listed or ", ".join(near or sorted(kinds)))


def find_subject(name: str, factors: Iterable[Factor]) -> str:
    """Return the subject ``name`` denotes among ``factors``: its code, or the label of one of its rows.

    Raises ``UnknownNameError``, which lists the subjects there are.
    """
    wanted = normalise(name)
    known: dict[str, set[str]] = {}
    for factor in factors:
        names = known.setdefault(factor.subject, {normalise(factor.subject)})
        names |= {normalise(factor.label.en), normalise(factor.label.zh)}
    found = [subject for subject, names in known.items() if wanted and wanted in names]
    if name in known:
        return name
    if len(found) == 1:
        return found[0]
    near = get_close_matches(name.casefold(), known, n=6, cutoff=0.5)
    listed = ", ".join(found or near or sorted(known))
    raise UnknownNameError("factor-subject-unknown", name=name, near=listed)

"""Convert a footprint from the regime it is stated under to another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crosswalk.errors import UnknownNameError, UsageError
from crosswalk.formats import Given, given
from crosswalk.knowledge.catalogue import Catalogue, Profile

if TYPE_CHECKING:
    from crosswalk.results import Conversion

#: What a caller may allow beyond exact, documentary and bounded steps.
ALLOWABLE = ("estimated",)


def listed(given: str | Sequence[str]) -> tuple[str, ...]:
    """Return names as a list; one name alone is a list of one.

    >>> listed("estimated"), listed(["a", "b"])
    (('estimated',), ('a', 'b'))
    """
    return (given,) if isinstance(given, str) else tuple(given)


def profiles(names: Sequence[str], catalogue: Catalogue) -> Profile | None:
    """Return the assumptions of all named profiles, as one."""
    chosen: list[Profile] = []
    for name in names:
        if name not in catalogue.profiles:
            raise UnknownNameError("unknown-profile", name=name, known=", ".join(sorted(catalogue.profiles)))
        chosen.append(catalogue.profiles[name])
    if not chosen:
        return None
    merged = {assumption.code: assumption for profile in chosen for assumption in profile.assumptions}
    return Profile(
        code="+".join(profile.code for profile in chosen),
        label=chosen[0].label,
        assumptions=tuple(merged[code] for code in sorted(merged)),
    )


def convert(
    footprint: Given,
    *,
    to: str,
    source: str | None = None,
    assume: str | Sequence[str] = (),
    allow: str | Sequence[str] = (),
    catalogue: Catalogue | None = None,
) -> Conversion:
    """Return a footprint, a file or a payload as the regime ``to`` would state it.

    ``source`` overrides the regime the file names. ``assume`` names assumption profiles (one, or a list);
    what they add is shown apart. ``allow`` may hold ``"estimated"``: then a modelling choice the target
    does not permit is kept, and the answer is called an estimate; otherwise it is refused. A refusal is a
    result (``answered`` is false), not an exception. Values are kg CO2e per declared unit. Raises
    ``InputError`` for a file that cannot be read, ``UnknownNameError`` for names not in the catalogue and
    ``UsageError`` if no source regime is known.

    >>> from crosswalk import convert, read
    >>> answer = convert(read("examples/polyethylene.json"), to="PACT:3.0")  # doctest: +SKIP
    """
    from crosswalk.engine.answer import answer
    from crosswalk.factors.for_operations import Tables
    from crosswalk.knowledge.load import load
    from crosswalk.lookup import find_regime, universe_of

    known = catalogue if catalogue is not None else load()
    footprint = given(footprint, known)
    assume, allow = listed(assume), listed(allow)
    for word in allow:
        if word not in ALLOWABLE:
            raise UsageError("unknown-allow", word=word, known=", ".join(ALLOWABLE))
    name = source if source is not None else footprint.regime
    if name is None:
        raise UsageError(
            "no-source-regime", where=footprint.source, standards=", ".join(footprint.standards) or "–"
        )
    return answer(
        footprint,
        find_regime(name, known),
        find_regime(to, known),
        universe_of(known),
        profiles(assume, known),
        frozenset(allow),
        Tables(known),
    )

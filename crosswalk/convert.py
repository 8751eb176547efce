"""Convert a footprint from the regime it is stated under to another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from crosswalk.errors import UnknownNameError, UsageError
from crosswalk.footprint.spreads import stated, without
from crosswalk.formats import Given, given
from crosswalk.knowledge.catalogue import Catalogue, Profile
from crosswalk.messages import both

if TYPE_CHECKING:
    from crosswalk.footprint.records import Footprint
    from crosswalk.results import Conversion

#: What a caller may allow beyond exact, documentary and bounded steps.
ALLOWABLE = ("estimated",)
#: More draws than this are more likely a slip than a wish.
MOST_DRAWS = 10_000_000


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
    draws: int = 0,
    seed: int = 0,
    gwp_ranges: bool = False,
    catalogue: Catalogue | None = None,
) -> Conversion:
    """Return a footprint, a file or a payload as the regime ``to`` would state it.

    ``source`` overrides the regime the file names. ``assume`` names assumption profiles (one, or a list);
    what they add is shown apart. ``allow`` may hold ``"estimated"``: then a modelling choice the target
    does not permit is kept, and the answer is called an estimate; otherwise it is refused. A refusal is a
    result (``answered`` is false), not an exception. With ``draws`` (10 000, say), ``answer.uncertainty`` has
    what the distributions stated in the file mean, the same for the same ``seed``; ``gwp_ranges`` adds the
    ranges of the target's global warming potentials. Values are kg CO2e per declared unit. Raises
    ``InputError`` for a file that cannot be read, ``UnknownNameError`` for names not in the catalogue and
    ``UsageError`` if no source regime is known, or if so many draws cannot be made.

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
    asked = find_regime(name, known), find_regime(to, known), universe_of(known), profiles(assume, known)
    factors = Tables(known)
    # The same factor in two places is one number to a model operation, whatever is said of its spread.
    plain = msgspec.structs.replace(footprint, activity=without(footprint.activity))
    found = answer(plain, *asked, frozenset(allow), factors)
    if not (draws or seed or gwp_ranges):
        return _hinted(found, footprint)
    if not (1 <= draws <= MOST_DRAWS and seed >= 0):
        raise UsageError("draws", draws=draws, seed=seed, most=MOST_DRAWS)
    from crosswalk.engine.propagation import propagate

    spread = propagate(found, footprint, *asked, factors, draws=draws, seed=seed, gwp=gwp_ranges)
    return msgspec.structs.replace(found, uncertainty=spread)


def _hinted(found: Conversion, footprint: Footprint) -> Conversion:
    """Return an answer with a note if the file states distributions nobody asked for."""
    if next(stated(footprint), None) is None:
        return found
    return msgspec.structs.replace(found, notes=(*found.notes, both("note.uncertainty-stated")))

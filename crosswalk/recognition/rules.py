"""The rules by which claims are judged, their packs, and the arrangements between schemes: to look up."""

from __future__ import annotations

from crosswalk.errors import UnknownNameError
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.recognition import Arrangement, Rule
from crosswalk.messages import both
from crosswalk.results import KnowledgeId, RuleList


def rules(pack: str | None = None, *, catalogue: Catalogue | None = None) -> RuleList:
    """Return the packs, the rules by level and code, and the arrangements; or those of one pack alone.

    An arrangement that is named as a pack is counted to it.

    >>> [one.code for one in rules("method-consistency").rules]
    ['M01', 'M02']
    """
    from crosswalk.knowledge.load import load

    known = catalogue if catalogue is not None else load()
    recognition = known.recognition
    ordered = sorted(
        recognition.rules.values(), key=lambda one: (recognition.levels[one.level].rank, one.code)
    )
    return RuleList(
        packs=tuple(one for code, one in sorted(recognition.packs.items()) if pack in (None, code)),
        rules=tuple(one for one in ordered if pack in (None, one.pack)),
        arrangements=tuple(
            one for code, one in sorted(recognition.arrangements.items()) if pack in (None, code)
        ),
        knowledge=KnowledgeId(version=known.version, hash=known.hash),
    )


def find(name: str, catalogue: Catalogue) -> RuleList | Rule | Arrangement:
    """Return the rule, the pack or the arrangement of a code, in any case.

    Raises ``UnknownNameError`` for a name that is none of them, with the codes that come close.
    """
    from difflib import get_close_matches

    recognition = catalogue.recognition
    wanted = name.strip().casefold()
    found: dict[str, Rule | Arrangement | str] = {
        **{code.casefold(): one for code, one in recognition.arrangements.items()},
        **{code.casefold(): code for code in recognition.packs},
        **{code.casefold(): one for code, one in recognition.rules.items()},
    }
    one = found.get(wanted)
    if one is None:
        codes = {code.casefold(): code for code in (*recognition.rules, *recognition.packs)}
        codes |= {code.casefold(): code for code in recognition.arrangements}
        close = [codes[near] for near in get_close_matches(wanted, sorted(codes), n=3, cutoff=0.6)]
        word = both("word.kind-rule")
        raise UnknownNameError("name-unknown", kind=word, name=name, near=", ".join(close) or "–")
    return rules(one, catalogue=catalogue) if isinstance(one, str) else one

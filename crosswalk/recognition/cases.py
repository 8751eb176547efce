"""One claim looked at closely, as a case of a corpus holds it against what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.results import Verdicts

#: Outcomes of a rule by code of the ladder.
_OUTCOMES = ("not-applicable", "pass", "unknown", "fail")


class Looked(NamedTuple):
    """A claim judged: the verdict (or the error), what each rule says, and the facts worked out of it."""

    found: Verdicts
    rules: dict[str, str]
    facts: dict[str, Any]


def look(claim: Mapping[str, Any], to: str | None, as_of: str, catalogue: Catalogue) -> Looked:
    """Judge one claim as :func:`crosswalk.check` does, and say how each rule came out.

    Raises ``UsageError`` and ``UnknownNameError`` as that does.
    """
    import polars as pl

    from crosswalk.checking.work import Where
    from crosswalk.recognition.check import check, rows_of
    from crosswalk.recognition.judge import Asked, Judge
    from crosswalk.recognition.work import day, target

    found = check(claim, to=to, as_of=as_of, catalogue=catalogue)
    if found.errors:
        return Looked(found, {}, {})
    judge = Judge(catalogue, Asked(target(to, catalogue), day(as_of)))
    number = pl.Series("row", [0], dtype=pl.UInt64)
    seen = judge.examine(rows_of([claim]), Where("", number, number + 1))
    rules = {
        rule.code: _OUTCOMES[int(seen.outcomes[place, 0])] for place, rule in enumerate(judge.ladder.rules)
    }
    facts = {
        name: value for name, value in seen.claims.row(0, named=True).items() if name.startswith("fact.")
    }
    return Looked(found, rules, facts)

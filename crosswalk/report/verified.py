"""What became of the cases of a corpus, for people."""

from __future__ import annotations

from collections.abc import Iterator

from crosswalk.messages import say
from crosswalk.verify import CaseResult, Report, summary


def lines(found: Report, lang: str) -> Iterator[str]:
    """Yield a line a case, what is wrong with it below, and the counts at the end."""
    for one in found.results:
        name = f"{one.file}: {one.case}" if one.case else one.file
        yield say("report.case", lang, outcome=say(f"outcome.{one.outcome}", lang), name=name)
        yield from (f"    {detail}" for detail in _details(one, lang))
    yield summary(found).get(lang)


def _details(one: CaseResult, lang: str) -> Iterator[str]:
    for detail in one.details:
        yield from detail.get(lang).splitlines()

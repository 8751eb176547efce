"""What became of checking an evidence pack, for people."""

from __future__ import annotations

from collections.abc import Iterator

from crosswalk.evidence.records import Verification
from crosswalk.messages import say


def lines(found: Verification, lang: str) -> Iterator[str]:
    """Yield a line a check, and one for all of them."""
    for one in found.checks:
        yield say(
            "word.told", lang, label=say(f"evidence-pack.mark-{one.outcome}", lang), what=one.said.get(lang)
        )
    yield say("evidence-pack.held" if found.holds else "evidence-pack.failed", lang, where=found.where)

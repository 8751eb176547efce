"""A run over claims as its counts tell it: from the manifest of a run, or from verdicts at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from crosswalk.knowledge.records import Record

if TYPE_CHECKING:
    from crosswalk.checking.manifest import Manifest
    from crosswalk.results import Verdicts


class File(Record):
    """A file that was read or written; ``sha256`` is empty where it was not taken."""

    path: str
    size: int = 0
    sha256: str = ""


class Run(Record):
    """What was asked, and how many claims came out how; ``counts`` as in a manifest.

    ``asked`` is what decides the verdicts besides the claims (``to``, ``as_of``, ``knowledge``, ...).
    ``unused`` are columns that mean nothing: of which file, how many, the names of the first.
    """

    rows: int
    verdicts: int
    failed: int
    counts: dict[str, dict[str, int]]
    codes: dict[str, int]
    asked: dict[str, str]
    versions: dict[str, str] = msgspec.field(default_factory=dict)
    unused: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
    inputs: tuple[File, ...] = ()
    outputs: tuple[File, ...] = ()

    def of(self, column: str) -> dict[str, int]:
        """Return how often each value of a column of the verdicts came out."""
        return self.counts.get(column, {})


def counted(made: Manifest, out: str = "") -> Run:
    """Return what a manifest tells of a run whose verdicts are in ``out``."""
    return Run(
        rows=made.rows,
        verdicts=made.verdicts,
        failed=made.failed,
        counts=made.counts,
        codes=made.codes,
        asked=made.run.work,
        versions=made.run.versions,
        unused=tuple((one.path, one.count, one.names) for one in made.unused),
        inputs=tuple(File(path=one.path, size=one.size, sha256=one.sha256) for one in made.run.inputs),
        outputs=tuple(File(path=one.path, size=one.size, sha256=one.sha256) for one in made.outputs),
    )


def told(found: Verdicts, to: str | None = None, assume: Sequence[str] = ()) -> Run:
    """Return the same counts of verdicts at hand."""
    failed = len({one.row for one in found.errors})
    columns: dict[str, Iterable[str | None]] = {
        "verdict": (one.verdict for one in found.verdicts),
        "level": (str(one.level) for one in found.verdicts),
        "open": (one.open for one in found.verdicts),
        "because": (one.because for one in found.verdicts),
        "value": (one.value for one in found.verdicts),
        "value_status": (one.value_status for one in found.verdicts),
        "provisional": (str(one.provisional).lower() for one in found.verdicts),
        "reasons": (f"{reason.rule}:{reason.outcome}" for one in found.verdicts for reason in one.reasons),
        "asks": (ask.code for one in found.verdicts for ask in one.asks),
    }
    unused = (("", len(found.unused), tuple(one.path for one in found.unused)),) if found.unused else ()
    return Run(
        rows=len(found.verdicts) + failed,
        verdicts=len(found.verdicts),
        failed=failed,
        counts={name: dict(Counter(value or "" for value in values)) for name, values in columns.items()},
        codes=dict(Counter(one.code for one in found.errors)),
        asked={
            "as_of": found.as_of,
            "assume": ", ".join(assume),
            "to": to or "",
            "knowledge": found.knowledge.hash,
            "version": found.knowledge.version,
        },
        unused=unused,
    )


def rules(run: Run) -> list[tuple[str, int, int, int]]:
    """Return each rule with how many claims fail it, leave it unknown, and are kept by it first.

    The most frequent first.
    """
    found: dict[str, list[int]] = {}
    for told_, count in run.of("reasons").items():
        code, _, outcome = told_.rpartition(":")
        if code:
            found.setdefault(code, [0, 0, 0])[0 if outcome == "fail" else 1] += count
    for code, count in run.of("because").items():
        if code:
            found.setdefault(code, [0, 0, 0])[2] += count
    rows = [(code, fails, unknown, first) for code, (fails, unknown, first) in found.items()]
    return sorted(rows, key=lambda one: (-one[1] - one[2], -one[3], one[0]))


def heights(run: Run) -> dict[int | None, int]:
    """Return how many claims stand at each level of the ladder; ``None`` where none is proven."""
    found: dict[int | None, int] = {int(rank): count for rank, count in run.of("level").items()}
    none = run.of("open").get("assessable", 0)
    # A claim with no level proven is written as level 0.
    return {None: none, **found, 0: found.get(0, 0) - none}


def share(part: int, of: Mapping[str, int] | int) -> float:
    """Return a part of a whole; nothing of nothing is nothing."""
    whole = of if isinstance(of, int) else sum(of.values())
    return part / whole if whole else 0.0

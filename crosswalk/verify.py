"""Run a folder of cases in plain YAML: a footprint and a conversion, or a claim, and what must come of it.

The format of a case is described in ``tests/corpus/README.md``. Anyone may keep such a folder, to test
Crosswalk or themselves.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from crosswalk.errors import CrosswalkError, UsageError
from crosswalk.expectations import Expect, Got, mismatches
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.records import Record, Text
from crosswalk.messages import both
from crosswalk.results import KnowledgeId, to_plain

if TYPE_CHECKING:
    import pandas as pd

    from crosswalk.footprint.records import Footprint
    from crosswalk.recognition.cases import Looked

#: ``known-failure`` is a case that is expected to fail and does; ``broken`` a file that cannot be used.
Outcome = Literal["pass", "fail", "skip", "known-failure", "broken"]
OUTCOMES: tuple[Outcome, ...] = ("pass", "fail", "skip", "known-failure", "broken")
#: Where ``sample:`` is looked for, beside any folder above the case.
SAMPLES = ("shared", "samples")
_GIVEN = ("footprint", "file", "sample", "text", "base64", "claim")
#: Keys that mean nothing beside a claim, and those that mean nothing without one.
_OF_FOOTPRINTS = ("which", "from_", "assume", "allow", "per")
_OF_CLAIMS = ("as_of", "facts")


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """One case as it stands in a file.

    Exactly one of ``footprint`` ... ``base64`` gives the footprint, or ``claim`` the claim, judged ``as_of``
    a day; ``facts`` are what must be worked out of it.
    """

    case: str
    source: str
    expect: Expect
    footprint: dict[str, Any] | list[Any] | None = None
    file: str | None = None
    sample: str | None = None
    text: str | None = None
    base64: str | None = None
    claim: dict[str, Any] | None = None
    as_of: str | None = None
    facts: dict[str, Any] | None = None
    which: int | str | None = None
    from_: str | None = None
    to: str | None = None
    assume: list[str] = []
    allow: list[str] = []
    per: str | None = None
    known_failure: str | None = None


class CaseResult(Record):
    """What became of one case; ``details`` say what was expected and what came, or why it was skipped."""

    file: str
    case: str
    source: str
    outcome: Outcome
    details: tuple[Text, ...] = ()


class Report(Record):
    """All cases of a folder, in order of file and place; a broken file counts as one entry."""

    directory: str
    counts: dict[str, int]
    results: tuple[CaseResult, ...]
    knowledge: KnowledgeId

    @property
    def passed(self) -> bool:
        """Whether nothing failed and no file is broken; skipped cases and known failures do not count."""
        return not (self.counts["fail"] or self.counts["broken"])

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with every field present."""
        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain

    def to_frame(self) -> pd.DataFrame:
        """Return one row a case: file, case, source, outcome, details."""
        import pandas as pd

        rows = [to_plain(one) | {"details": "; ".join(d.en for d in one.details)} for one in self.results]
        return pd.DataFrame(rows, columns=["file", "case", "source", "outcome", "details"])

    def __repr__(self) -> str:
        lines = [summary(self).en]
        for one in self.results:
            if one.outcome in ("fail", "broken"):
                lines.append(f"{one.file}: {one.case}" if one.case else one.file)
                lines.extend(f"    {detail.en}" for detail in one.details)
        return "\n".join(lines)


def summary(report: Report) -> Text:
    """Return the counts of a report in one sentence."""
    counts = {outcome.replace("-", "_"): report.counts[outcome] for outcome in OUTCOMES}
    return both("verify.summary", directory=report.directory, **counts)


def run(directory: Path, *, catalogue: Catalogue | None = None) -> Report:
    """Run every case in the YAML files of ``directory`` and the folders in it (or in one file).

    Raises ``UsageError`` where there is no such folder or no YAML file in it. Whatever is wrong inside
    a file costs that file only.
    """
    from crosswalk.knowledge.load import load

    known = catalogue if catalogue is not None else load()
    results = [result for path in _files(directory) for result in _run_file(path, directory, known)]
    found = Counter(result.outcome for result in results)
    return Report(
        directory=str(directory),
        counts={outcome: found[outcome] for outcome in OUTCOMES},
        results=tuple(results),
        knowledge=KnowledgeId(version=known.version, hash=known.hash),
    )


def cases(path: Path) -> list[Case]:
    """Return the cases of one file. Raises ``UsageError`` naming file and key where it is broken."""
    from crosswalk.formats._yaml import load_yaml

    given = load_yaml(path)
    listed = given if isinstance(given, list) else [given]
    try:
        found = msgspec.convert(listed, list[Case])
    except msgspec.ValidationError as error:
        raise UsageError("case-invalid", where=str(path), problem=str(error)) from None
    for number, case in enumerate(found):
        _check(case, f"{path}: [{number}] {case.case}")
    return found


def run_case(case: Case, path: Path, catalogue: Catalogue) -> CaseResult:
    """Run one case of the file at ``path``."""
    from crosswalk.convert import convert
    from crosswalk.inspection import inspect

    conversion = inspection = error = looked = None
    try:
        if case.claim is not None:
            looked = _look(case, catalogue)
            return _ended(case, path, mismatches(case.expect, Got(looked=looked, facts=case.facts)))
        given = _footprint(case, path, catalogue)
        if isinstance(given, Text):
            return _result(case, path, "skip", (given,))
        if case.expect.inspects:
            inspection = inspect(given, catalogue=catalogue)
        if case.to is not None:
            conversion = convert(
                given,
                to=case.to,
                source=case.from_,
                assume=case.assume,
                allow=case.allow,
                per=case.per,
                catalogue=catalogue,
            )
    except CrosswalkError as raised:
        error = raised
    except Exception as crash:
        # A fault of ours costs its case, not the report of all others.
        said = f"{type(crash).__name__}: {crash}"
        return _result(case, path, "fail", (both("verify.crashed", problem=said),))
    return _ended(case, path, mismatches(case.expect, Got(conversion, inspection, error)))


def _ended(case: Case, path: Path, differing: Iterator[Text]) -> CaseResult:
    found = tuple(differing)
    if case.known_failure is None:
        return _result(case, path, "fail" if found else "pass", found)
    if found:
        return _result(case, path, "known-failure", (Text(en=case.known_failure, zh=case.known_failure),))
    return _result(case, path, "fail", (both("verify.passes-now"),))


def _result(case: Case, path: Path, outcome: Outcome, details: tuple[Text, ...]) -> CaseResult:
    return CaseResult(file=str(path), case=case.case, source=case.source, outcome=outcome, details=details)


def _files(directory: Path) -> list[Path]:
    if directory.is_file():
        return [directory]
    if not directory.is_dir():
        raise UsageError("verify-folder", where=str(directory))
    found = sorted(path for path in directory.rglob("*") if path.suffix in (".yaml", ".yml"))
    if not found:
        raise UsageError("verify-empty", where=str(directory))
    return found


def _run_file(path: Path, directory: Path, catalogue: Catalogue) -> Iterator[CaseResult]:
    shown = path.relative_to(directory) if path != directory else Path(path.name)
    try:
        for case in cases(path):
            yield msgspec.structs.replace(run_case(case, path, catalogue), file=shown.as_posix())
    except UsageError as error:
        en, zh = (error.message(lang).removeprefix(f"{path}: ") for lang in ("en", "zh"))
        yield CaseResult(
            file=shown.as_posix(), case="", source="", outcome="broken", details=(Text(en=en, zh=zh),)
        )


def _check(case: Case, where: str) -> None:
    """Raise ``UsageError`` where the keys of a case do not go together."""
    given = [name for name in _GIVEN if getattr(case, name) is not None]
    if len(given) != 1:
        raise UsageError("case-footprint", where=where, keys=", ".join(_GIVEN), given=", ".join(given) or "–")
    if not case.case or not case.source:
        raise UsageError("case-source", where=where)
    if not case.expect.asked():
        raise UsageError("case-expects-nothing", where=where)
    if case.claim is not None:
        _check_claim(case, where)
        return
    strange = [name for name in _OF_CLAIMS if getattr(case, name) is not None] + case.expect.of_claims()
    if strange:
        raise UsageError("case-claim", where=where, keys=", ".join(strange))
    wanting = case.expect.needing_conversion()
    if case.to is None and wanting:
        raise UsageError("case-to", where=where, keys=", ".join(wanting))


def _check_claim(case: Case, where: str) -> None:
    """Raise ``UsageError`` where the keys of a case with a claim do not go together."""
    if case.as_of is None:
        raise UsageError("case-as-of", where=where)
    strange = [name.rstrip("_") for name in _OF_FOOTPRINTS if getattr(case, name) not in (None, [])]
    strange += case.expect.not_of_claims()
    if strange:
        raise UsageError("case-no-claim", where=where, keys=", ".join(strange))


def _look(case: Case, catalogue: Catalogue) -> Looked:
    from crosswalk.recognition.cases import look

    assert case.claim is not None
    assert case.as_of is not None
    return look(case.claim, case.to, case.as_of, catalogue)


def _footprint(case: Case, path: Path, catalogue: Catalogue) -> Footprint | Text:
    """Return the footprint of a case, or why there is none to be had here."""
    from crosswalk.formats import read
    from crosswalk.formats._json import loads

    source: Any = case.footprint
    if case.file is not None:
        source = path.parent / case.file
    elif case.sample is not None:
        source = _sample(case.sample, path)
        if source is None:
            return both("verify.sample-absent", path=case.sample)
    elif case.text is not None:
        source = loads(case.text.encode(), "text")
    elif case.base64 is not None:
        source = loads(_bytes(case.base64, path), "base64")
    return read(source, catalogue, which=case.which)


def _bytes(given: str, path: Path) -> bytes:
    try:
        return base64.b64decode(given, validate=True)
    except binascii.Error as error:
        raise UsageError("case-invalid", where=str(path), problem=f"base64: {error}") from None


def _sample(name: str, path: Path) -> Path | None:
    for folder in path.resolve().parents:
        found = folder.joinpath(*SAMPLES, name)
        if found.is_file():
            return found
    return None

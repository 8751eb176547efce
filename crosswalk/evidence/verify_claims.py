"""What is checked of the pack of a check of claims, beyond what is checked of every pack."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from crosswalk.errors import InputError
from crosswalk.evidence import certificates, claims_rdf, pack
from crosswalk.evidence.claims import Given, Made, Row, read_lines
from crosswalk.evidence.compare import bare, different, number, plain
from crosswalk.evidence.records import AskedOfClaims, Check, Manifest
from crosswalk.formats import _json
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.messages import both

#: Packs of up to so many claims are put to pySHACL.
MOST_BY_SHACL = 1_000
#: How far, relatively, ends of a verdict may lie outside what is proven: they are floats, rounded outwards.
_OUTWARDS = Fraction(1, 2**30)


def _check(code: str, holds: bool, sentence: Any) -> Check:
    return Check(code=code, outcome="holds" if holds else "fails", said=sentence)


def intervals(folder: Path, found: Mapping[str, certificates.Proven | None]) -> Check:
    """Check that every end a verdict states is proven, and rounded outwards if at all."""
    count = 0
    for verdict in read_lines(folder / "verdicts.jsonl"):
        row = verdict.get("row") if isinstance(verdict, dict) else None
        for name in ("guaranteed", "assumed"):
            stated = verdict.get(name) if isinstance(verdict, dict) else 0
            if stated is None:
                continue
            proven = found.get(f"{row} {name}")
            for side, sign in (("low", -1), ("high", 1)):
                end = stated.get(side) if isinstance(stated, dict) else ""
                limit = None if proven is None else (proven.low if side == "low" else proven.high)
                if end is not None and not _near(end, limit, sign):
                    return _check("interval", False, both("evidence-pack.intervals-fail", row=row))
            count += 1
    return _check("interval", True, both("evidence-pack.intervals-hold", count=count))


def _near(stated: Any, proven: Fraction | None, sign: int) -> bool:
    if proven is None or not number(stated):
        return False
    beyond = (Fraction(stated) - proven) * sign
    return 0 <= beyond <= abs(proven) * _OUTWARDS + Fraction(1, 10**15)


def by_shacl(folder: Path) -> Check:
    """Put the shapes of the pack to its claims, with pySHACL and nothing of ours."""
    from rdflib import Graph

    stated: dict[int, dict[str, str]] = {}
    for line in read_lines(folder / "outcomes.jsonl"):
        try:
            one = msgspec.convert(line, _Outcomes)
        except msgspec.ValidationError as error:
            where = str(folder / "outcomes.jsonl")
            raise InputError("evidence-manifest", where=where, problem=str(error)) from error
        stated[one.row] = one.outcomes
    if len(stated) > MOST_BY_SHACL:
        sentence = both("evidence-pack.shacl-skipped", most=MOST_BY_SHACL, claims=len(stated))
        return Check(code="shacl", outcome="skipped", said=sentence)
    graphs = []
    for name in ("claims.ttl", "shapes.ttl", "lenient.ttl"):
        content = pack.read_regular(folder / name)
        try:
            graphs.append(Graph().parse(data=content, format="turtle"))
        except Exception as error:  # rdflib raises a class of its own for each thing it cannot read
            where = str(folder / name)
            raise InputError("file-unreadable", where=where, problem=_json.short(error, 120)) from error
    said = _json.loads(pack.read_regular(folder / "statements.json"), "statements.json")
    listed = said.get("statements") if isinstance(said, dict) else None
    rules = {
        str(one.get("about")): str(one.get("iri"))
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and one.get("kind") == "rule"
    }
    found = claims_rdf.outcomes_by_shacl(graphs[0], graphs[1], graphs[2], list(stated), rules)
    for row, outcomes in stated.items():
        for rule in sorted(outcomes.keys() | found[row].keys()):
            if outcomes.get(rule) != found[row].get(rule):
                return _check("shacl", False, both("evidence-pack.shacl-fails", row=row, rule=rule))
    sentence = both("evidence-pack.shacl-holds", claims=len(stated), rules=len(rules))
    return _check("shacl", True, sentence)


class _Outcomes(msgspec.Struct, frozen=True):
    row: int
    outcomes: dict[str, str]


def judged_again(
    folder: Path, manifest: Manifest, catalogue: Catalogue, knowledge: Sequence[str | os.PathLike[str]]
) -> Iterator[Check]:
    """Judge the claims of the pack again, and compare all that comes of it."""
    from crosswalk.recognition.work import Claims

    asked = manifest.check
    assert asked is not None
    work = Claims(
        to=asked.to,
        as_of=_day(asked, folder),
        assume=asked.assume,
        knowledge=tuple(os.fspath(one) for one in knowledge),
    )
    made = Made.of(_given(folder), work, catalogue)
    told = {one.name: one for one in manifest.files}
    files = {**made.files, "prov.ttl": made.provenance(asked, told, manifest.crosswalk)}
    for name, content in files.items():
        if not _same(folder / name, content):
            yield _check("judged", False, both("evidence-pack.judged-fails", name=name))
            return
    count = files["verdicts.jsonl"].count(b"\n")
    yield _check("judged", True, both("evidence-pack.judged-holds", count=count))


def _same(path: Path, content: bytes) -> bool:
    """Whether a file is what was made again; numbers may differ by the rounding of machines."""
    there = pack.read_regular(path)
    if there == content:
        return True
    if path.name == "certificates.json":
        stated, again = _json.loads(there, str(path)), _json.loads(content, str(path))
        return different(bare(stated), bare(again), "") is None
    if path.name == "verdicts.jsonl":
        one = list(read_lines(path))
        other = [plain(line) for line in content.splitlines()]
        return different(one, other, "") is None
    return False


def _given(folder: Path) -> Given:
    where = folder / "claims.jsonl"
    try:
        rows = tuple(msgspec.convert(one, Row) for one in read_lines(where))
    except msgspec.ValidationError as error:
        raise InputError("evidence-manifest", where=str(where), problem=str(error)) from error
    footprints: dict[str, str] = {}
    path = folder / "footprints.json"
    if os.path.lexists(path):
        try:
            footprints = msgspec.convert(_json.loads(pack.read_regular(path), str(path)), dict[str, str])
        except msgspec.ValidationError as error:
            raise InputError("evidence-manifest", where=str(path), problem=str(error)) from error
    return Given(rows, footprints)


def _day(asked: AskedOfClaims, folder: Path) -> date:
    try:
        return date.fromisoformat(asked.as_of)
    except ValueError as error:
        where = str(folder / pack.MANIFEST)
        raise InputError("evidence-manifest", where=where, problem="as_of") from error

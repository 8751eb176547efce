"""Check a pack: hashes, signature, certificates, statements, and the answer itself, asked again.

Needs no network, and no key unless one wants to know whose pack it is. What cannot be checked here, because
the knowledge installed is another, is said to be skipped; certificates hold whatever is installed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosswalk.errors import CrosswalkError, InputError
from crosswalk.evidence import certificates, pack, signing
from crosswalk.evidence.compare import bare, different, number, spoken
from crosswalk.evidence.records import Check, Manifest, Outcome, Verification
from crosswalk.formats import _json
from crosswalk.knowledge.records import Text
from crosswalk.messages import both

if TYPE_CHECKING:
    from crosswalk.evidence.conversions import Made

#: How far, relatively, an end of the answer may be from the fraction that is proven: it is a float.
_FLOAT = Fraction(1, 2**44)


def verify(
    where: str | os.PathLike[str], key: str | None = None, *, knowledge: Sequence[str | os.PathLike[str]] = ()
) -> Verification:
    """Return what becomes of checking the pack in the folder ``where``.

    ``key`` is the public key (a PEM file, or its Base64 text) that must have signed it. ``knowledge`` are
    folders added to the built-in knowledge, as when the pack was made. Raises ``InputError`` where there is
    no pack, or its manifest is none.
    """
    folder = Path(where)
    manifest, content = pack.read_manifest(folder)
    wanted = None if key is None else signing.public_key(key)
    checks = [
        *_files(folder, manifest),
        *_signature(folder, content, wanted),
        *_guarded("certificates", lambda: _certificates(folder, manifest)),
    ]
    checks += _guarded("provenance", lambda: _provenance(folder, manifest))
    checks += _guarded("answer", lambda: _again(folder, manifest, knowledge))
    return Verification(
        where=str(where),
        kind=manifest.kind,
        crosswalk=manifest.crosswalk,
        knowledge=manifest.knowledge,
        checks=tuple(checks),
        holds=all(one.outcome != "fails" for one in checks),
    )


def _check(code: str, outcome: Outcome, sentence: Text) -> Check:
    return Check(code=code, outcome=outcome, said=sentence)


def _guarded(code: str, job: Callable[[], Iterator[Check]]) -> list[Check]:
    """Do a check; a file that cannot be read is what it finds."""
    try:
        return list(job())
    except CrosswalkError as error:
        return [_check(code, "fails", Text(en=error.message("en"), zh=error.message("zh")))]
    except certificates.Fault as fault:
        return [_check(code, "fails", both(f"evidence-fault.{fault.code}", place=fault.where))]


def _files(folder: Path, manifest: Manifest) -> Iterator[Check]:
    there = pack.listed(folder)
    wrong: list[Text] = []
    for one in manifest.files:
        path = folder / one.name
        if one.name not in there:
            wrong.append(both("evidence-pack.file-missing", name=one.name))
            continue
        try:
            pack.require_regular(path)
            if pack.hashed(path) != one:
                wrong.append(both("evidence-pack.file-changed", name=one.name))
        except (CrosswalkError, OSError):
            wrong.append(both("evidence-pack.file-changed", name=one.name))
    for name in sorted(there - {one.name for one in manifest.files}):
        wrong.append(both("evidence-pack.file-added", name=_json.short(name)))
    for sentence in wrong:
        yield _check("files", "fails", sentence)
    if not wrong:
        yield _check("files", "holds", both("evidence-pack.files-hold", count=len(manifest.files)))


def _signature(folder: Path, content: bytes, wanted: str | None) -> Iterator[Check]:
    path = folder / pack.SIGNATURE
    if not os.path.lexists(path):
        if wanted is None:
            yield _check("signature", "skipped", both("evidence-pack.signature-none"))
        else:
            yield _check("signature", "fails", both("evidence-pack.signature-wanted"))
        return
    try:
        document = _json.loads(pack.read_regular(path), str(path))
        found = signing.signed_by(content, document)
    except InputError as error:
        yield _check("signature", "fails", Text(en=error.message("en"), zh=error.message("zh")))
    except CrosswalkError as error:
        # Without the library nobody can tell; who names a key wants to know.
        outcome: Outcome = "skipped" if wanted is None else "fails"
        yield _check("signature", outcome, Text(en=error.message("en"), zh=error.message("zh")))
    else:
        if found is None:
            yield _check("signature", "fails", both("evidence-pack.signature-fails"))
        elif wanted is None:
            yield _check("signature", "holds", both("evidence-pack.signature-holds", key=found))
        elif wanted == found:
            yield _check("signature", "holds", both("evidence-pack.signature-yours", key=found))
        else:
            yield _check("signature", "fails", both("evidence-pack.signature-other", key=found))


def load(folder: Path, name: str) -> Any:
    """Return what a JSON file of a pack holds. Raises ``InputError``."""
    path = folder / name
    return _json.loads(pack.read_regular(path), str(path))


def _certificates(folder: Path, manifest: Manifest) -> Iterator[Check]:
    """Check all certificates, and that the answer states what they prove and no more."""
    document = load(folder, "certificates.json")
    found = certificates.intervals(document)
    every = [one for one in found.values() if one is not None]
    yield _check(
        "certificates",
        "holds",
        both(
            "evidence-pack.certificates-hold",
            scenarios=sum(one.scenarios for one in every),
            ends=sum(one.ends for one in every),
            refuted=sum(one.refuted for one in every),
        ),
    )
    if manifest.kind == "conversion":
        answer = load(folder, "answer.json")
        if not isinstance(answer, dict):
            raise InputError("evidence-manifest", where=str(folder / "answer.json"), problem="answer")
        for name in ("guaranteed", "assumed"):
            stated = answer.get(name)
            if stated is not None:
                proven = found.get(name)
                ends = (None, None) if proven is None else certificates.told(document, proven)
                yield _interval(name, stated, ends)
        yield from _contradiction(answer, found.get("guaranteed"))
    else:
        from crosswalk.evidence.verify_claims import by_shacl, intervals

        yield intervals(folder, found)
        yield by_shacl(folder)


def _interval(name: str, stated: Any, proven: tuple[Fraction | None, Fraction | None]) -> Check:
    """Check that both ends an answer states are proven; an open end states nothing."""
    label = both(f"evidence-pack.interval-{'assumed' if name == 'assumed' else 'guaranteed'}")
    shown = []
    for side, limit in zip(("low", "high"), proven, strict=True):
        end = stated.get(side) if isinstance(stated, dict) else ""
        if end is not None and not _is(end, limit):
            return _check(
                "interval", "fails", both("evidence-pack.interval-fails", interval=label, side=side)
            )
        shown.append("…" if end is None else str(end))
    low, high = shown
    return _check(
        "interval", "holds", both("evidence-pack.interval-holds", interval=label, low=low, high=high)
    )


def _is(stated: Any, proven: Fraction | None) -> bool:
    if proven is None or not number(stated):
        return False
    return abs(Fraction(stated) - proven) <= abs(proven) * _FLOAT


def _contradiction(answer: dict[str, Any], proven: certificates.Proven | None) -> Iterator[Check]:
    if answer.get("inconsistencies"):
        holds = proven is not None and proven.empty
        code = "evidence-pack.contradiction-holds" if holds else "evidence-pack.contradiction-fails"
        yield _check("contradiction", "holds" if holds else "fails", both(code))


def _provenance(folder: Path, manifest: Manifest) -> Iterator[Check]:
    """Check that the graph is one, and speaks of the files that are there."""
    from pyoxigraph import NamedNode, RdfFormat, parse

    from crosswalk.evidence.provenance import named

    path = folder / "prov.ttl"
    try:
        graph = list(parse(pack.read_regular(path), format=RdfFormat.TURTLE))
    except (SyntaxError, ValueError) as error:
        problem = _json.short(error, 120)
        yield _check("provenance", "fails", both("evidence-pack.provenance-broken", problem=problem))
        return
    subjects = {one.subject.value for one in graph if isinstance(one.subject, NamedNode)}
    told = [*manifest.files, *(manifest.check.inputs if manifest.check else ())]
    known = {named(one.sha256): one.name for one in told if _hash(one.sha256)}
    entities = {one for one in subjects if one.startswith("ni:")}
    stray = sorted(entities - set(known))
    needed = {name for name in known.values() if name in ("answer.json", "input.json", "verdicts.jsonl")}
    missing = needed - {known[one] for one in entities if one in known}
    if stray or missing:
        yield _check("provenance", "fails", both("evidence-pack.provenance-other"))
    else:
        yield _check("provenance", "holds", both("evidence-pack.provenance-holds", count=len(graph)))


def _hash(text: str) -> bool:
    return len(text) == 64 and all(one in "0123456789abcdef" for one in text)


def _again(folder: Path, manifest: Manifest, knowledge: Sequence[str | os.PathLike[str]]) -> Iterator[Check]:
    """Ask again, where the knowledge is the same, and compare all that comes of it."""
    from crosswalk.api import load as load_catalogue

    catalogue = load_catalogue(knowledge)
    there, here = manifest.knowledge.hash[:12], catalogue.hash[:12]
    if catalogue.hash != manifest.knowledge.hash:
        yield _check("answer", "skipped", both("evidence-pack.answer-skipped", pack=there, here=here))
    elif manifest.question is not None:
        from crosswalk.evidence.conversions import Given, Made

        given = Given(pack.read_regular(folder / "input.json"), manifest.file, manifest.question)
        made = Made.of(given, catalogue, knowledge)
        yield _same_answer(load(folder, "answer.json"), made.answer.to_dict())
        yield _same_programs(load(folder, "certificates.json"), made.certificates)
        yield _same_statements(folder, manifest, made)
    else:
        from crosswalk.evidence.verify_claims import judged_again

        yield from judged_again(folder, manifest, catalogue, knowledge)


def _same_answer(stated: Any, again: Any) -> Check:
    found = spoken(again)
    if stated == found:
        return _check("answer", "holds", both("evidence-pack.answer-holds"))
    place = different(stated, found, "")
    if place is None:
        return _check("answer", "holds", both("evidence-pack.answer-rounding"))
    return _check("answer", "fails", both("evidence-pack.answer-fails", place=place or "–"))


def _same_programs(stated: Any, again: Any) -> Check:
    """Compare all but what proves the ends: of several proofs any will do."""
    one, other = bare(stated), bare(again)
    place = None if one == other else different(one, other, "")
    if place is None:
        return _check("programs", "holds", both("evidence-pack.programs-hold"))
    return _check("programs", "fails", both("evidence-pack.programs-fail", place=place or "–"))


def _same_statements(folder: Path, manifest: Manifest, made: Made) -> Check:
    told = {one.name: one for one in manifest.files}
    found = {
        "statements.json": made.statements,
        "statements.ttl": made.turtle,
        "prov.ttl": made.provenance(told, manifest.crosswalk, manifest.as_of),
    }
    for name, content in found.items():
        if pack.read_regular(folder / name) != content:
            return _check("statements", "fails", both("evidence-pack.statements-fail", name=name))
    return _check("statements", "holds", both("evidence-pack.statements-hold", count=len(made.iris)))

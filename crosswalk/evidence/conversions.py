"""The pack of one conversion: written, and asked again."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from crosswalk.convert import Draws, Question, _tables, profiles, unit_asked, wanted
from crosswalk.engine.compiled import Structure, compiled
from crosswalk.engine.operations import capital_goods
from crosswalk.engine.proofs import Proofs, proofs
from crosswalk.errors import CrosswalkError, InputError, KnowledgeError, UsageError
from crosswalk.evidence import pack, signing, statements
from crosswalk.evidence.certificates import Fault, intervals
from crosswalk.evidence.programs import Programs
from crosswalk.evidence.provenance import provenance
from crosswalk.evidence.records import Asked, Manifest, Packed
from crosswalk.footprint.per import Count
from crosswalk.formats import _json
from crosswalk.formats._each import each
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.lookup import find_regime, universe_of
from crosswalk.messages import both
from crosswalk.results import Conversion

Path_ = str | os.PathLike[str]


@dataclass(frozen=True)
class Given:
    """What a conversion was made of: the bytes of the file, what messages call it, and what was asked."""

    content: bytes
    where: str
    asked: Asked

    def answer(self, catalogue: Catalogue) -> Conversion:
        """Ask again. Raises as ``crosswalk.convert`` does, and ``InputError`` for a footprint not there."""
        from crosswalk.flip import parse, with_flips
        from crosswalk.whatif import converted, editions, settings

        asked = self.asked
        payload = _json.loads(self.content, self.where)
        put = settings(asked.set)
        wants, turned = wanted(asked.tolerance, asked.against), parse(asked.flips, asked.tolerance)
        drawn = asked.draws or asked.seed or asked.gwp_ranges
        unit = None if asked.per is None else unit_asked(asked.per, catalogue)
        draws = Draws(asked.draws, asked.seed, asked.gwp_ranges) if drawn else None

        def question(one: Any) -> Question:
            names, allow = asked.assume, asked.allow
            return Question(one, asked.to, asked.source, names, allow, catalogue, draws, wants, unit)

        found: Sequence[Any] = (
            editions(payload, self.where, put, catalogue) if put else each(payload, self.where, catalogue)
        )
        if not 1 <= asked.which <= len(found):
            raise InputError("file-several", where=self.where, count=len(found), ids=str(asked.which))
        one = found[asked.which - 1]
        if isinstance(one, CrosswalkError):
            raise one
        return with_flips(converted(one, question) if put else question(one).answer(), turned)


def write(
    conversion: Conversion,
    where: Path_,
    key: str | None = None,
    *,
    given: Given | None = None,
    knowledge: Sequence[Path_] = (),
    as_of: str | None = None,
) -> Path:
    """Write the evidence pack of a conversion to the folder ``where``, and return it.

    ``key`` is the file of an Ed25519 private key to sign with. ``given`` is the file and the question, where
    they are at hand; otherwise they are taken from the conversion, which must then have been made by
    ``crosswalk.convert``. ``knowledge`` are the folders that were added to the built-in knowledge. ``as_of``
    is a date or a time (ISO 8601) to state; no clock is read. The question is asked again first, and nothing
    is written unless it has the same answer. Raises ``UsageError`` where the folder is not free, where the
    conversion does not say what was asked, or where it is not what comes of asking again.
    """
    target, catalogue = pack.free(where), _catalogue(conversion, knowledge)
    secret = None if key is None else signing.private_key(key)
    _check_date(as_of)
    made_of = given if given is not None else _given(conversion)
    made = Made.of(made_of, catalogue, knowledge)
    if made.answer.to_dict() != conversion.to_dict():
        raise UsageError("evidence-other-answer", where=made_of.where)
    files = {
        "answer.json": pack.readable(made.answer.to_dict()),
        "certificates.json": pack.compact(made.certificates),
        "input.json": made_of.content,
        "statements.json": made.statements,
        "statements.ttl": made.turtle,
    }
    told = {name: pack.packed(name, content) for name, content in files.items()}
    files["prov.ttl"] = made.provenance(told, version(), as_of)
    manifest = Manifest(
        format="crosswalk-evidence",
        version=1,
        kind="conversion",
        crosswalk=version(),
        knowledge=made.answer.knowledge,
        file=made_of.where,
        files=_sorted(files),
        question=made_of.asked,
        as_of=as_of,
        limits=(both("evidence-pack.limit-arithmetic"), both("evidence-pack.limit-steps")),
    )
    return pack.write_folder(target, with_manifest(files, manifest, secret))


@dataclass(frozen=True)
class Made:
    """All that comes of asking, and of asking again with the same knowledge."""

    answer: Conversion
    certificates: dict[str, Any]
    statements: bytes
    turtle: bytes
    iris: tuple[str, ...]

    @classmethod
    def of(cls, given: Given, catalogue: Catalogue, knowledge: Sequence[Path_]) -> Made:
        """Ask, and gather what the answer rests on. Raises as :meth:`Given.answer` does."""
        answer = given.answer(catalogue)
        question: Question = answer.question
        source = question.source if question.source is not None else question.footprint.regime
        assert source is not None
        regimes = find_regime(source, catalogue), find_regime(question.to, catalogue)
        universe, profile = universe_of(catalogue), profiles(question.assume, catalogue)
        factors = _tables(question.footprint, catalogue)
        assumed = answer.assumed is not None
        found = proofs(question.bare, *regimes, universe, profile, factors, assumed=assumed)
        structure = Structure.of(capital_goods.with_line(question.bare), *regimes, profile)
        said = statements.of_conversion(answer, compiled(structure, universe), found)
        documented = statements.document(said, catalogue)
        sources = [source["code"] for source in documented["sources"]]
        iris = [*(one.iri for one in said), *statements.options_of((*found.guaranteed, *found.assumed))]
        index = statements.index_of([Path(folder) for folder in knowledge])
        return cls(
            answer,
            certificates(found, catalogue, question.count),
            pack.readable(documented),
            statements.as_turtle(iris, sources, index).encode(),
            tuple(one.iri for one in said),
        )

    def provenance(self, told: Mapping[str, Packed], software: str, as_of: str | None) -> bytes:
        """Return ``prov.ttl`` for the files of a pack, by their names."""
        made = [told["answer.json"], told["certificates.json"]]
        return provenance(
            [told["input.json"]], made, self.answer.knowledge, software, self.iris, as_of
        ).encode()


def with_manifest(files: dict[str, bytes], manifest: Manifest, secret: Any) -> dict[str, bytes]:
    """Return the files of a pack with its manifest and, where there is a key, its signature."""
    content = pack.manifest_bytes(manifest)
    found = {**files, pack.MANIFEST: content}
    if secret is not None:
        found[pack.SIGNATURE] = pack.readable(signing.signature(content, secret))
    return found


def certificates(found: Proofs, catalogue: Catalogue, count: Count | None = None) -> dict[str, Any]:
    """Return what proves the ends of both intervals as plain data, checked once more.

    They are per declared unit; ``count`` is how many of these are in the unit the answer is told per.
    """
    programs = Programs(universe_of(catalogue))
    made: dict[str, Any] = {}
    for name, several, whole in (
        ("guaranteed", found.guaranteed, found.whole),
        ("assumed", found.assumed, found.assumed_whole),
    ):
        made[name] = programs.interval(several, whole) if several else None
    document = programs.document(made)
    if count is not None:
        document["count"] = {"per": str(count.asked), "low": str(count.low), "high": str(count.high)}
    try:
        intervals(document)
    except Fault as fault:
        raise KnowledgeError("evidence-unproven", where=fault.where, problem=fault.what) from fault
    return document


def _sorted(files: dict[str, bytes]) -> tuple[Packed, ...]:
    return tuple(pack.packed(name, files[name]) for name in sorted(files))


def version() -> str:
    """Return the version of this package."""
    from crosswalk.knowledge.cache import package_version

    return package_version()


def _check_date(as_of: str | None) -> None:
    from datetime import date, datetime

    if as_of is None:
        return
    try:
        (date if len(as_of) == 10 else datetime).fromisoformat(as_of)
    except ValueError:
        raise UsageError("evidence-as-of", text=_json.short(as_of)) from None


def _catalogue(conversion: Conversion, knowledge: Sequence[Path_]) -> Catalogue:
    from crosswalk.api import load

    catalogue = load(knowledge)
    if catalogue.hash != conversion.knowledge.hash:
        raise UsageError("evidence-knowledge", hash=conversion.knowledge.hash[:12])
    return catalogue


def _given(conversion: Conversion) -> Given:
    """Return what a conversion was made of, from the question it keeps and the file that names."""
    question: Question | None = conversion.question
    if question is None:
        raise UsageError("set-no-question")
    footprint = question.footprint
    path = Path(footprint.source)
    changes = () if conversion.changed is None else conversion.changed.changes
    asked = Asked(
        to=question.to,
        source=question.source,
        set=tuple(f"{one.path}={'null' if one.after is None else one.after}" for one in changes),
        assume=question.assume,
        allow=question.allow,
        draws=0 if question.draws is None else question.draws.draws,
        seed=0 if question.draws is None else question.draws.seed,
        gwp_ranges=question.draws is not None and question.draws.gwp_ranges,
        tolerance=None if question.wanted is None else question.wanted.tolerance.text,
        against=_against(question),
        flips=tuple(f"{one.path}={one.low}..{one.high}" for one in conversion.flips),
        per=None if question.per is None else str(question.per),
    )
    if path.is_file():
        content = _json.read_bytes(path)
        which = _which(content, conversion, question)
        return Given(content, footprint.source, _numbered(asked, which))
    if footprint.raw is None or changes:
        raise UsageError("evidence-no-file", where=footprint.source)
    return Given(pack.payload(footprint.raw), footprint.source, asked)


def _which(content: bytes, conversion: Conversion, question: Question) -> int:
    """Return the number of the footprint in its file: by its id, where there are several."""
    found = each(_json.loads(content, conversion.file), conversion.file, question.catalogue)
    for number, one in enumerate(found, 1):
        if not isinstance(one, CrosswalkError) and one.id == conversion.id:
            return number
    return 1


def _numbered(asked: Asked, which: int) -> Asked:
    import msgspec

    return msgspec.structs.replace(asked, which=which)


def _against(question: Question) -> str | None:
    against = None if question.wanted is None else question.wanted.against
    if against is None:
        return None
    half = Decimal(against.half.numerator) / against.half.denominator
    return f"{against.text}±{half:f}" if half else against.text

"""The pack of a run of ``crosswalk check``: claims, verdicts, rules, certificates."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from crosswalk.errors import CrosswalkError, InputError, UsageError
from crosswalk.evidence import claims_rdf, pack, signing, statements
from crosswalk.evidence.certificates import Fault, intervals
from crosswalk.evidence.conversions import Path_, version, with_manifest
from crosswalk.evidence.programs import Programs
from crosswalk.evidence.provenance import provenance
from crosswalk.evidence.records import AskedOfClaims, Manifest, Packed
from crosswalk.formats import _json
from crosswalk.knowledge.catalogue import Catalogue, Profile
from crosswalk.knowledge.index import Index
from crosswalk.knowledge.recognition import Rule
from crosswalk.messages import both
from crosswalk.results import KnowledgeId, to_plain

if TYPE_CHECKING:
    import polars as pl

    from crosswalk.checking.work import Work
    from crosswalk.footprint.records import Footprint
    from crosswalk.recognition.judge import Examined, Judge
    from crosswalk.recognition.work import Claims

#: Of more claims than this, one of each structure is packed.
MOST_CLAIMS = 10_000
#: Structures that are packed of a large run.
_MOST_STRUCTURES = 1_000
#: Scenarios a pack has at most; beyond, claims are left out as of a large run.
MOST_SCENARIOS = 100_000
_NUMERIC = ("answered", "open", "inconsistent")
_FOOTPRINT = "footprint"


class _TooManyError(UsageError):
    """There are more scenarios than a pack can hold."""


class Row(msgspec.Struct, frozen=True):
    """One claim as it was read: its number over all inputs, its file and line, and its fields as text."""

    row: int
    file: str
    line: int
    claim: dict[str, str]


@dataclass(frozen=True)
class Given:
    """Claims to be judged, and the footprint files they name, by the name they use."""

    rows: tuple[Row, ...]
    footprints: Mapping[str, str]

    def judged(self, judge: Judge, catalogue: Catalogue) -> Judged:
        """Judge the claims. Nothing is read but what is at hand."""
        import polars as pl

        from crosswalk.checking.work import Where

        # Names lead nowhere: each file stands in a folder of its own making, under a number.
        named = dict.fromkeys(one.claim[_FOOTPRINT] for one in self.rows if _FOOTPRINT in one.claim)
        numbers = {name: f"{place}.json" for place, name in enumerate(named)}
        names = list(dict.fromkeys(name for one in self.rows for name in one.claim))
        table = {name: [one.claim.get(name) for one in self.rows] for name in names}
        if _FOOTPRINT in table:
            table[_FOOTPRINT] = [None if one is None else numbers[one] for one in table[_FOOTPRINT]]
        raw = pl.DataFrame(table, schema=dict.fromkeys(names, pl.String))
        rows = pl.Series("row", [one.row for one in self.rows], dtype=pl.UInt64)
        lines = pl.Series("line", [one.line for one in self.rows], dtype=pl.UInt64)
        with tempfile.TemporaryDirectory() as folder:
            for name, content in self.footprints.items():
                if name in numbers:
                    (Path(folder) / numbers[name]).write_text(content, "utf-8")
            where = Where(str(Path(folder) / "claims"), rows, lines)
            examined = judge.examine(raw, where)
            verdicts, _ = judge.judge(raw, where)
            read = {name: _read(Path(folder) / number, catalogue) for name, number in numbers.items()}
            spelt = {str(Path(folder) / number): name for name, number in numbers.items()}
        errors = examined.errors.with_columns(
            pl.col(one).str.replace_many(list(spelt), list(spelt.values()))
            for one in ("value", "reason")
            if spelt
        )
        examined = examined._replace(errors=errors)
        return Judged(examined, verdicts, {name: one for name, one in read.items() if one is not None})


def _read(path: Path, catalogue: Catalogue) -> Footprint | None:
    from crosswalk.formats import read

    try:
        return read(path, catalogue)
    except CrosswalkError:
        return None


@dataclass(frozen=True)
class Judged:
    """What became of claims; ``footprints`` are those their files hold."""

    examined: Examined
    verdicts: pl.DataFrame
    footprints: Mapping[str, Footprint]


def write_check(
    where: Path_,
    inputs: Sequence[str],
    work: Work,
    *,
    key: str | None = None,
    outputs: Sequence[str] = (),
    encoding: str | None = None,
    counts: Mapping[str, int] | None = None,
) -> Path:
    """Write the evidence pack of a check of the claims in ``inputs`` to the folder ``where``, and return it.

    ``work`` is what was asked (``crosswalk.recognition.work.work``), ``outputs`` the files that were
    written, ``encoding`` that of inputs, where it was given; ``counts`` how many claims came out how, which
    must be so again. The claims are read and judged again. Of more than 10 000 claims, or where they have
    too many scenarios between them, the pack holds one of each structure (the same fields stated, between
    the same regimes under the same method), with everything about it, and the hashes of all inputs and
    outputs. Raises as reading and judging them does, and ``UsageError`` where the folder is not free.
    """
    from crosswalk.checking.inputs import sources
    from crosswalk.recognition.work import Claims

    assert isinstance(work, Claims)
    target = pack.free(where)
    secret = None if key is None else signing.private_key(key)
    catalogue = work.catalogue()
    files = sources(tuple(inputs), work, out="", encoding=encoding)
    rows, structures, total = _rows(files, work)
    while True:
        given = Given(tuple(rows), _footprints(rows))
        try:
            made = Made.of(given, work, catalogue)
            break
        except _TooManyError:
            rows = structures if len(structures) < len(rows) else rows[: len(rows) // 2]
    if counts is not None and total == len(rows) and made.counts != {n: c for n, c in counts.items() if c}:
        raise UsageError("evidence-other-answer", where=", ".join(inputs))
    content = {
        **made.files,
        "claims.jsonl": _lines(msgspec.to_builtins(one) for one in rows),
    }
    if given.footprints:
        content["footprints.json"] = pack.readable(dict(given.footprints))
    asked = AskedOfClaims(
        to=work.to,
        as_of=work.as_of.isoformat(),
        claims=total,
        each=total == len(rows),
        assume=work.assume,
        inputs=tuple(_named(one.path, one.path) for one in files),
        outputs=tuple(_named(one, Path(one).name) for one in outputs if Path(one).is_file()),
    )
    content["prov.ttl"] = made.provenance(
        asked, {name: pack.packed(name, one) for name, one in content.items()}, version()
    )
    limits = [both("evidence-pack.limit-arithmetic"), both("evidence-pack.limit-claims")]
    if not asked.each:
        limits.append(both("evidence-pack.limit-large", packed=len(rows), claims=total))
    manifest = Manifest(
        format="crosswalk-evidence",
        version=1,
        kind="check",
        crosswalk=version(),
        knowledge=KnowledgeId(version=catalogue.version, hash=catalogue.hash),
        file=", ".join(inputs),
        files=tuple(pack.packed(name, content[name]) for name in sorted(content)),
        check=asked,
        as_of=work.as_of.isoformat(),
        limits=tuple(limits),
    )
    return pack.write_folder(target, with_manifest(content, manifest, secret))


def _named(path: str, shown: str) -> Packed:
    found = pack.hashed(Path(path))
    return Packed(name=shown, size=found.size, sha256=found.sha256)


def _rows(files: Sequence[Any], work: Claims) -> tuple[list[Row], list[Row], int]:
    """Return the claims to be packed, one of each structure, and how many there are.

    Of many, those to be packed are the ones of each structure.
    """
    from crosswalk.checking.chunks import chunks
    from crosswalk.checking.reading import read
    from crosswalk.recognition.claims import Schema, flattened

    schema = Schema.of(work.catalogue().recognition)
    every: list[Row] = []
    first: dict[object, Row] = {}
    total = 0
    for chunk in chunks(files):
        found = read(chunk, files[chunk.source], work)
        total += chunk.rows
        if len(every) > MOST_CLAIMS and len(first) >= _MOST_STRUCTURES:
            continue
        table = flattened(found.raw, schema)
        for at, line, claim in zip(found.at, found.lines, table.iter_rows(named=True), strict=True):
            stated = {name: _text(value) for name, value in claim.items() if value is not None}
            one = Row(chunk.row + int(at), files[chunk.source].path, int(line), stated)
            if len(every) <= MOST_CLAIMS:
                every.append(one)
            if len(first) < _MOST_STRUCTURES:
                first.setdefault(_structure(stated), one)
    structures = list(first.values())
    return every if total <= MOST_CLAIMS else structures, structures, total


def _structure(claim: Mapping[str, str]) -> object:
    said = {name: one for name, one in claim.items() if name in ("regime", "target") or name[:7] == "method."}
    return (tuple(sorted(claim)), tuple(sorted(said.items())))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ";".join(str(one) for one in value)
    return str(value)


def _footprints(rows: Iterable[Row]) -> dict[str, str]:
    """Return the files that claims name, as text; one that cannot be read costs its claims only."""
    found: dict[str, str] = {}
    for one in rows:
        name = one.claim.get(_FOOTPRINT)
        if name is not None and name not in found:
            try:
                found[name] = _json.read_bytes(Path(one.file).parent / name).decode("utf-8-sig")
            except (InputError, UnicodeDecodeError):
                continue
    return found


@dataclass(frozen=True)
class Made:
    """All that comes of judging, and of judging again with the same knowledge: files by their names."""

    files: dict[str, bytes]
    certificates: dict[str, Any]
    iris: tuple[str, ...]
    counts: dict[str, int]
    knowledge: KnowledgeId

    @classmethod
    def of(cls, given: Given, work: Claims, catalogue: Catalogue) -> Made:
        """Judge claims and gather what the verdicts rest on."""
        from crosswalk.convert import profiles
        from crosswalk.knowledge.graph import from_index
        from crosswalk.recognition.explain import Explainer
        from crosswalk.recognition.facts import Knowledge
        from crosswalk.recognition.judge import Asked, Judge
        from crosswalk.recognition.work import target

        profile = profiles(work.assume, catalogue)
        judge = Judge(catalogue, Asked(target(work.to, catalogue), work.as_of), profile)
        judged = given.judged(judge, catalogue)
        told = list(Explainer(Knowledge(catalogue, work.as_of)).verdicts(judged.verdicts))
        rules = list(judge.ladder.rules)
        wrong = set(judged.examined.errors["row"])
        numbers = [given.rows[place].row for place in judged.examined.claims["row"]]
        good = [number not in wrong for number in numbers]
        rows = [number for number, kept in zip(numbers, good, strict=True) if kept]
        claims = judged.examined.claims.filter(good)
        outcomes = judged.examined.outcomes.T[good].tolist()
        fields = catalogue.recognition.fields
        folders = [Path(folder) for folder in work.knowledge]
        index = statements.index_of(folders)
        knowledge = from_index(_part(index, rules))
        document = certificates(given, judged, catalogue, profile)
        said = {
            one.iri: statements.Said.of("arrangement", one.about, _label(one.about, catalogue), one)
            for verdict in told
            for one in verdict.rests_on
        }
        for rule in rules:
            said[rule.iri] = statements.Said.of("rule", rule.code, rule.label, rule.statement)
        ordered = [said[iri] for iri in sorted(said)]
        documented = statements.document(ordered, catalogue)
        sources = [source["code"] for source in documented["sources"]]
        errors = judged.examined.errors.select("row", "field", "code", "value", "reason")
        files = {
            "verdicts.jsonl": _lines(to_plain(one) for one in told),
            "errors.jsonl": _lines(errors.iter_rows(named=True)),
            "outcomes.jsonl": _lines(
                {"row": row, "outcomes": dict(zip((r.code for r in rules), map(_word, one), strict=True))}
                for row, one in zip(rows, outcomes, strict=True)
            ),
            "claims.ttl": claims_rdf.claims_turtle(rows, claims, fields).encode(),
            "shapes.ttl": claims_rdf.shapes_turtle(knowledge, rules, lenient=False).encode(),
            "lenient.ttl": claims_rdf.shapes_turtle(knowledge, rules, lenient=True).encode(),
            "certificates.json": pack.compact(document),
            "statements.json": pack.readable(documented),
            "statements.ttl": statements.as_turtle(said, sources, index).encode(),
        }
        known = KnowledgeId(version=catalogue.version, hash=catalogue.hash)
        counts = dict(Counter(str(one.verdict) for one in told))
        return cls(files, document, tuple(sorted(said)), counts, known)

    def provenance(self, asked: AskedOfClaims, told: Mapping[str, Packed], software: str) -> bytes:
        """Return ``prov.ttl`` for the files of a pack, by their names."""
        made = [told["verdicts.jsonl"], told["certificates.json"], told["outcomes.jsonl"]]
        used = [*asked.inputs, told["claims.jsonl"]]
        return provenance(used, made, self.knowledge, software, self.iris, asked.as_of).encode()


def _part(index: Index, rules: Iterable[Rule]) -> Index:
    """Return what the knowledge says of rules and their shapes, and nothing else."""
    wanted = [iri for rule in rules for iri in (rule.iri, rule.shape, rule.when_shape) if iri]
    found = Index()
    subjects = dict.fromkeys(one[0] for one in statements.triples_of(wanted, index))
    found.nodes = {subject: index.nodes[subject] for subject in subjects}
    return found


def _word(outcome: int) -> str:
    return claims_rdf.OUTCOMES[outcome]


def _label(code: str, catalogue: Catalogue) -> Any:
    from crosswalk.knowledge.records import Text

    known = catalogue.recognition.arrangements.get(code)
    return Text(en=code, zh=code) if known is None else known.label


def _lines(found: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False, allow_nan=False).encode() + b"\n" for one in found)


def certificates(
    given: Given, judged: Judged, catalogue: Catalogue, profile: Profile | None
) -> dict[str, Any]:
    """Return what proves the ends of the intervals of all claims that have any, by row."""
    from crosswalk.engine.proofs import proofs
    from crosswalk.lookup import universe_of

    by_row = {one.row: one for one in given.rows}
    programs, made, scenarios = Programs(universe_of(catalogue)), dict[str, Any](), 0
    for verdict in judged.verdicts.iter_rows(named=True):
        if verdict["value_status"] not in _NUMERIC:
            continue
        row = by_row[verdict["row"]]
        name = row.claim.get(_FOOTPRINT)
        footprint = judged.footprints[name] if name is not None else _footprint(row, verdict, catalogue)
        footprint = msgspec.structs.replace(footprint, raw=None, activity=None)
        regimes = catalogue.regimes[verdict["source"]], catalogue.regimes[verdict["target"]]
        more = verdict["assumed_low"] is not None
        found = proofs(footprint, *regimes, universe_of(catalogue), profile, assumed=more)
        made[f"{row.row} guaranteed"] = programs.interval(found.guaranteed, found.whole)
        if more:
            made[f"{row.row} assumed"] = programs.interval(found.assumed, found.assumed_whole)
        scenarios += len(found.guaranteed) + len(found.assumed)
        if scenarios > MOST_SCENARIOS and len(given.rows) > 1:
            raise _TooManyError("evidence-many", most=MOST_SCENARIOS)
    document = programs.document(made)
    try:
        intervals(document)
    except Fault as fault:
        raise UsageError("evidence-unproven", where=fault.where, problem=fault.what) from fault
    return document


def _footprint(row: Row, verdict: Mapping[str, Any], catalogue: Catalogue) -> Footprint:
    """Return the footprint a claim states in its own columns."""
    from crosswalk.batch.groups import payload_of
    from crosswalk.formats import own
    from crosswalk.recognition.judge import as_decimal

    stated = {**row.claim, "regime": verdict["source"]}
    if "exempted_share" in stated:
        stated["exempted_share"] = as_decimal(stated["exempted_share"])
    payload = payload_of(stated, {"declared_unit": "kg"})
    return own.read(payload, f"{row.file}[{row.row}]", catalogue)[0]


def read_lines(path: Path) -> Iterator[Any]:
    """Yield what each line of a file holds. Raises ``InputError`` for one that is no JSON."""
    content = pack.read_regular(path)
    for number, line in enumerate(content.splitlines(), 1):
        yield _json.loads(line, f"{path}:{number}")

"""Index in, Catalogue out: pedigree matrices, and the ranges of climate metrics."""

from __future__ import annotations

from crosswalk.knowledge.catalogue import Concept, MetricRange, Pedigree
from crosswalk.knowledge.reader import Reader


def compile_pedigrees(read: Reader) -> dict[str, Pedigree]:
    """Return pedigree matrices by code. Raises ``KnowledgeError`` where a score has no variance."""
    indicators = sorted(
        (
            Concept(code=code, label=read.text(subject), order=read.integer(subject, "cw:order"))
            for code, subject in read.subjects("pedigree indicator")
        ),
        key=lambda one: (one.order, one.code),
    )
    found: dict[str, dict[str, dict[int, str]]] = {}
    for node in read.index.of_type("PedigreeFactor"):
        scheme = read.ref(node, "cw:scheme", "pedigree")
        indicator = read.ref(node, "cw:indicator", "pedigree indicator")
        scores = found.setdefault(scheme, {}).setdefault(indicator, {})
        score = read.integer(node, "cw:score")
        if score in scores:
            read.fail("knowledge-duplicate", node, name=f"{scheme} / {indicator} / {score}", other=scheme)
        scores[score] = read.number(node, "cw:variance")
    made = {}
    for code, subject in read.subjects("pedigree"):
        own = found.get(code, {})
        used = tuple(one for one in indicators if one.code in own)
        for one in used:
            if sorted(own[one.code]) != list(range(1, len(own[one.code]) + 1)):
                read.fail("knowledge-missing", subject, predicate=f"cw:score ({one.code})")
        made[code] = Pedigree(
            code=code,
            label=read.text(subject),
            statement=read.statement(subject),
            indicators=used,
            variances={one.code: tuple(v for _, v in sorted(own[one.code].items())) for one in used},
        )
    return made


def compile_ranges(read: Reader) -> dict[str, tuple[MetricRange, ...]]:
    """Return the ranges of climate metrics by GWP set."""
    found: dict[str, list[MetricRange]] = {}
    for node in read.index.of_type("MetricRange"):
        made = MetricRange(
            gas=read.ref(node, "cw:gas", "gas"),
            origin=read.maybe_ref(node, "cw:origin", "origin") or "",
            coverage=read.number(node, "cw:coverage"),
            half=read.maybe_number(node, "cw:halfWidth"),
            relative=read.maybe_number(node, "cw:relativeHalfWidth"),
            statement=read.statement(node),
        )
        if (made.half is None) == (made.relative is None):
            read.fail("knowledge-missing", node, predicate="cw:halfWidth")
        found.setdefault(read.ref(node, "cw:gwpSet", "GWP set"), []).append(made)
    return {
        code: tuple(sorted(ranges, key=lambda one: (one.gas, one.origin)))
        for code, ranges in sorted(found.items())
    }

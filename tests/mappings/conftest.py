"""The real products and mappings, and small made-up ones to search chains in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crosswalk.knowledge.records import Text
from crosswalk.mappings import load_mappings
from crosswalk.mappings.records import Mapping, Mappings, Product, Scheme
from crosswalk.mappings.relations import Relation

ROOT = Path(__file__).parents[2]
Row = tuple[str, Relation, str]
Make = Callable[..., Mappings]


@pytest.fixture(scope="session")
def mappings() -> Mappings:
    return load_mappings()


def scheme(prefix: str, classification: str, edition: str) -> Scheme:
    return Scheme(
        prefix=prefix,
        classification=classification,
        edition=edition,
        namespace=f"https://example.org/{prefix}/",
        pattern=".*",
        label=Text(en=prefix, zh=prefix),
        authority="us",
        kind="trade",
        sources=(),
        evidence="inferred",
    )


def product(code: str) -> Product:
    return Product(
        code=code,
        label=Text(en=code, zh=code),
        names=(),
        units=("kilogram",),
        properties=(),
        clause="unknown",
        sources=(),
        evidence="inferred",
    )


@pytest.fixture
def small() -> Make:
    """Mappings of rows given as (subject, relation, object); schemes a, b, c, and two editions of d."""

    def make(*rows: Row, confidence: float | None = 0.9, denied: tuple[Row, ...] = ()) -> Mappings:
        schemes = [scheme(one, one.upper(), "1") for one in "abc"]
        schemes += [scheme("d1", "D", "1"), scheme("d2", "D", "2")]
        made = [
            Mapping(
                subject=subject,
                relation=relation,
                object=object_,
                justification="semapv:ManualMappingCuration",
                set="s",
                line=line,
                evidence="inferred",
                sources=("x",),
                confidence=confidence,
                negated=line > len(rows),
            )
            for line, (subject, relation, object_) in enumerate((*rows, *denied), 1)
        ]
        ends = {end for row in made for end in (row.subject, row.object) if end.startswith("product:")}
        return Mappings(
            hash="",
            schemes={one.prefix: one for one in schemes},
            products={end[8:]: product(end[8:]) for end in sorted(ends)},
            collections=(),
            rules=(),
            sources={},
            sets={},
            rows=tuple(made),
        )

    return make

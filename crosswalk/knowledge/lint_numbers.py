"""Checks of numbers: bounds around their value, units that can be read, rows of factor tables."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from crosswalk.errors import CrosswalkError, KnowledgeError
from crosswalk.knowledge.finding import Finding, finding
from crosswalk.knowledge.index import CW, Index, Value, curie, expand
from crosswalk.knowledge.records import Text


def number_checks(index: Index) -> Iterator[Finding]:
    """Yield bounds that do not hold their value between them, and units that cannot be read."""
    yield from _bounds(index)
    yield from _expressions(index)
    yield from _spellings(index)


def table_checks(extra: Sequence[Path] = ()) -> Iterator[Finding]:
    """Yield the faults of the factor tables: built in, and below the folders in ``extra``."""
    from crosswalk.factors.lint import table_findings

    try:
        yield from table_findings([os.fspath(folder) for folder in extra])
    except KnowledgeError:
        # Broken Turtle is what the other checks report.
        return
    except CrosswalkError as error:
        bare = type(error)(error.code, **error.values)
        problem = Text(en=bare.message("en"), zh=bare.message("zh"))
        yield finding("table", error.where, "", problem=problem)


def _bounds(index: Index) -> Iterator[Finding]:
    names = ("cw:low", "cw:value", "cw:high")
    bounded = {expand("cw:low"), expand("cw:high")}
    for subject, node in index.nodes.items():
        if not node.keys() & bounded:
            continue
        given = [(name, value) for name in names for value in index.values(subject, name)]
        known = [(name, value, _number(value)) for name, value in given]
        for name, value, number in known:
            if number is None:
                where = value.file, curie(index.owner(subject))
                yield finding("bound-number", *where, predicate=name, value=value.text)
        ordered = [(name, value, number) for name, value, number in known if number is not None]
        for (_, _, less), (_, above, more) in pairwise(ordered):
            if less > more:
                shown = " … ".join(f"{name} {value.text}" for name, value in given)
                yield finding("bounds", above.file, curie(index.owner(subject)), shown=shown)
                break


def _number(value: Value) -> Fraction | None:
    try:
        return None if value.is_ref else Fraction(value.text)
    except (ValueError, ZeroDivisionError):
        return None


def _units(index: Index) -> list[str]:
    # In the order of reading: what came first is right, what came later is at fault.
    return list(dict.fromkeys(index.types.get(CW + "Unit", ())))


def _expressions(index: Index) -> Iterator[Finding]:
    from crosswalk.footprint.units import dimensions_of

    first: dict[str, tuple[str, str]] = {}
    for subject in _units(index):
        for value in index.values(subject, "cw:expression"):
            where = value.file, curie(subject)
            found = dimensions_of(value.text)
            if found is None:
                yield finding("unit", *where, expression=value.text)
                continue
            for measured in index.values(subject, "cw:measures"):
                other, expected = first.setdefault(measured.text, (curie(subject), found))
                if expected != found:
                    yield finding("unit-measures", *where, measures=measured.text, other=other)


def _spellings(index: Index) -> Iterator[Finding]:
    taken: dict[str, str] = {}
    for subject in _units(index):
        if any(value.text in ("true", "1") for value in index.values(subject, "cw:trap")):
            continue
        for value in index.values(subject, "cw:spelling"):
            other = taken.setdefault(value.text, subject)
            if other != subject:
                yield finding(
                    "spelling-twice", value.file, curie(subject), name=value.text, other=curie(other)
                )

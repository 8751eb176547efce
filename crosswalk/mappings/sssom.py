"""A strict reader of SSSOM/TSV: nothing is dropped, defaulted or repaired without a word.

Every fault names the file, the line, the column and what to do. Faults of a single row are found
here, faults between rows in :mod:`crosswalk.mappings.checks`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from crosswalk.mappings.relations import PREDICATES
from crosswalk.mappings.slots import (
    BUILT_IN,
    CARDINALITIES,
    COLUMNS,
    JUSTIFICATIONS,
    LITERAL,
    METADATA,
    REQUIRED_COLUMNS,
    REQUIRED_METADATA,
)

_CURIE = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*):([^\s|]*)")
_ENTITIES = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_SOURCES = ("subject_source", "object_source")


class Fault(NamedTuple):
    """One fault: a rule code, the line in the file, the column (or key of the block), and values."""

    rule: str
    line: int
    column: str
    values: dict[str, str]


class Row(NamedTuple):
    """One row as it stands, with its line, and its entities as IRIs (``""`` where there is none)."""

    line: int
    cells: dict[str, str]
    iris: dict[str, str]

    def get(self, column: str) -> str:
        """Return a cell, empty where the column is absent."""
        return self.cells.get(column, "")


class Sheet(NamedTuple):
    """A file: its metadata, its prefixes, its rows, and what is wrong with it."""

    metadata: dict[str, Any]
    prefixes: dict[str, str]
    rows: list[Row]
    faults: list[Fault]

    def expand(self, curie: str) -> str | None:
        """Return the IRI of a CURIE; ``None`` where it is malformed or its prefix is not declared."""
        found = _CURIE.fullmatch(curie)
        namespace = self.prefixes.get(found[1]) if found else None
        return None if namespace is None or found is None else namespace + found[2]


def read(content: bytes) -> Sheet:
    """Read one file. Never raises: what is wrong stands in ``faults``.

    >>> sheet = read(b"#license: https://example.org/l\\nsubject_id\\nx:1\\n")
    >>> sorted({fault.rule for fault in sheet.faults})
    ['sssom-column-missing', 'sssom-metadata', 'sssom-prefix']
    """
    sheet = Sheet({}, dict(BUILT_IN), [], [])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sheet.faults.append(Fault("sssom-encoding", 1, "", {"byte": str(error.start)}))
        return sheet
    block, body, offset = _split(text)
    _read_block(block, sheet)
    if not any(fault.rule == "sssom-header" for fault in sheet.faults):
        # Without its prefixes every row would look broken.
        _read_table(body, offset, sheet)
    return sheet


def _split(text: str) -> tuple[str, str, int]:
    lines = text.splitlines(keepends=True)
    count = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "".join(line[1:] for line in lines[:count]), "".join(lines[count:]), count


def _read_block(block: str, sheet: Sheet) -> None:
    import yaml

    try:
        found = yaml.load(block, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", "") or "YAML")
        sheet.faults.append(Fault("sssom-header", mark.line + 1 if mark else 1, "", {"problem": problem}))
        return
    if not isinstance(found, dict):
        sheet.faults.append(Fault("sssom-header", 1, "", {"problem": "key: value"}))
        return
    sheet.metadata.update(found)
    sheet.faults.extend(_block_faults(found, sheet.prefixes))


def _block_faults(found: dict[str, Any], prefixes: dict[str, str]) -> Iterator[Fault]:
    for key in REQUIRED_METADATA:
        if not found.get(key):
            yield Fault("sssom-metadata", 1, key, {"name": key})
    for key in found:
        if key not in METADATA and key not in COLUMNS:
            yield Fault("sssom-slot", 1, str(key), {"name": str(key)})
    declared = found.get("curie_map") or {}
    if not isinstance(declared, dict):
        yield Fault("sssom-header", 1, "curie_map", {"problem": "curie_map"})
        return
    for prefix, namespace in declared.items():
        if BUILT_IN.get(prefix, namespace) != namespace:
            yield Fault("sssom-prefix-meaning", 1, "curie_map", {"name": prefix, "known": BUILT_IN[prefix]})
        prefixes.setdefault(prefix, str(namespace))
    for key in _SOURCES:
        given = found.get(key)
        if isinstance(given, str) and not _known_source(given, prefixes):
            yield Fault("sssom-prefix", 1, key, {"name": given})


def _known_source(given: str, prefixes: dict[str, str]) -> bool:
    found = _CURIE.fullmatch(given)
    return found is not None and (found[1] in prefixes or found[2].startswith("//"))


def _read_table(body: str, offset: int, sheet: Sheet) -> None:
    reader = csv.reader(io.StringIO(body), delimiter="\t", strict=True)
    try:
        header = next(reader, [])
        sheet.faults.extend(_header_faults(header, offset + 1))
        start = offset + reader.line_num + 1
        for cells in reader:
            line, start = start, offset + reader.line_num + 1
            if not cells:
                continue
            if len(cells) != len(header):
                values = {"found": str(len(cells)), "expected": str(len(header))}
                sheet.faults.append(Fault("sssom-cells", line, "", values))
                continue
            row = _row(line, dict(zip(header, cells, strict=True)), sheet)
            sheet.rows.append(row)
            sheet.faults.extend(_row_faults(row, sheet))
    except csv.Error as error:
        line = offset + reader.line_num
        sheet.faults.append(Fault("sssom-quoting", line, "", {"problem": str(error)}))


def _header_faults(header: list[str], line: int) -> Iterator[Fault]:
    for column in header:
        if column not in COLUMNS:
            yield Fault("sssom-column", line, column, {"name": column, "near": _near(column)})
    for column in sorted({one for one in header if header.count(one) > 1}):
        yield Fault("sssom-column-twice", line, column, {"name": column})
    for column in REQUIRED_COLUMNS:
        # A literal has a label in place of an identifier.
        literal = column[: -len("_id")] + "_type" in header if column.endswith("_id") else False
        if column not in header and not literal:
            yield Fault("sssom-column-missing", line, column, {"name": column})


def _near(name: str) -> str:
    from difflib import get_close_matches

    return ", ".join(get_close_matches(name, sorted(COLUMNS), n=1, cutoff=0.75))


def _row(line: int, cells: dict[str, str], sheet: Sheet) -> Row:
    iris = {column: sheet.expand(cells.get(column, "")) or "" for column in _ENTITIES}
    return Row(line, cells, iris)


def _row_faults(row: Row, sheet: Sheet) -> Iterator[Fault]:
    yield from _entity_faults(row, sheet)
    predicate, how = row.iris["predicate_id"], row.iris["mapping_justification"]
    if predicate and predicate not in PREDICATES:
        yield Fault("sssom-predicate", row.line, "predicate_id", {"name": row.get("predicate_id")})
    if how and how not in JUSTIFICATIONS:
        name = row.get("mapping_justification")
        yield Fault("sssom-justification", row.line, "mapping_justification", {"name": name})
    if row.get("predicate_modifier") not in ("", "Not"):
        name = row.get("predicate_modifier")
        yield Fault("sssom-modifier", row.line, "predicate_modifier", {"name": name})
    if row.get("confidence") and not _share(row.get("confidence")):
        yield Fault("sssom-confidence", row.line, "confidence", {"value": row.get("confidence")})
    if row.get("mapping_cardinality") not in CARDINALITIES | {""}:
        value = row.get("mapping_cardinality")
        yield Fault("sssom-cardinality", row.line, "mapping_cardinality", {"value": value})


def _entity_faults(row: Row, sheet: Sheet) -> Iterator[Fault]:
    for column in _ENTITIES:
        given = row.get(column)
        if given:
            if not _CURIE.fullmatch(given):
                yield Fault("sssom-curie", row.line, column, {"name": given})
            elif not row.iris[column]:
                yield Fault("sssom-prefix", row.line, column, {"name": given})
        elif column == "mapping_justification":
            if column in row.cells:
                yield Fault("sssom-justification-missing", row.line, column, {})
        elif not _is_literal(row, column) and column in row.cells:
            yield Fault("sssom-empty", row.line, column, {"name": column})


def _is_literal(row: Row, column: str) -> bool:
    side = column.removesuffix("_id")
    return row.get(f"{side}_type") == LITERAL and bool(row.get(f"{side}_label"))


def _share(text: str) -> bool:
    try:
        return 0.0 <= float(text) <= 1.0
    except ValueError:
        return False


def extra(row: Row) -> dict[str, list[str]]:
    """Return what stands in ``other`` as ``key=value`` pairs between pipes; several values have ``;``.

    >>> extra(Row(1, {"other": "evidence=inferred|source=a;b"}, {}))
    {'evidence': ['inferred'], 'source': ['a', 'b']}
    """
    pairs: Iterable[str] = filter(None, row.get("other").split("|"))
    found: dict[str, list[str]] = {}
    for pair in pairs:
        key, _, value = pair.partition("=")
        found[key.strip()] = [one.strip() for one in value.split(";") if one.strip()]
    return found

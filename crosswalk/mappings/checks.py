"""Faults of an SSSOM file that show only between its rows, or against what is known of codes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from crosswalk.knowledge.records import EvidenceClass
from crosswalk.mappings.records import Scheme
from crosswalk.mappings.relations import PREDICATES
from crosswalk.mappings.slots import CARDINALITIES, NO_TERM
from crosswalk.mappings.sssom import Fault, Row, Sheet, extra

_EVIDENCE = get_args(EvidenceClass)
_STRONG = ("exact", "broad", "narrow")


def between_rows(sheet: Sheet) -> Iterator[Fault]:
    """Yield rows that repeat or contradict one another, and cardinalities that are not so."""
    yield from _duplicates(sheet)
    yield from _contradictions(sheet)
    yield from _cardinalities(sheet)


def _ends(row: Row) -> tuple[str, str]:
    return row.iris["subject_id"], row.iris["object_id"]


def _duplicates(sheet: Sheet) -> Iterator[Fault]:
    seen: dict[tuple[str, ...], int] = {}
    for row in sheet.rows:
        if not all(_ends(row)):
            continue
        kind = tuple(row.get(one) for one in ("predicate_modifier", "subject_source", "object_source"))
        key = (*_ends(row), row.iris["predicate_id"], row.iris["mapping_justification"], *kind)
        first = seen.setdefault(key, row.line)
        if first != row.line:
            yield Fault("sssom-duplicate", row.line, "subject_id", {"line": str(first)})


def _contradictions(sheet: Sheet) -> Iterator[Fault]:
    said: dict[tuple[str, str], dict[tuple[str, bool], int]] = defaultdict(dict)
    for row in sheet.rows:
        subject, object_ = _ends(row)
        relation = PREDICATES.get(row.iris["predicate_id"], "")
        if not subject or not object_ or NO_TERM in (subject, object_) or not relation:
            continue
        negated = row.get("predicate_modifier") == "Not"
        here = said[subject, object_]
        back = said[object_, subject]
        rivals = [
            (line, name)
            for (name, denied), line in here.items()
            if (denied != negated if name == relation else not denied and not negated)
            and (name == relation or {name, relation} <= set(_STRONG))
        ]
        rivals += [
            (line, name)
            for (name, denied), line in back.items()
            if not denied and not negated and (name, relation) in (("broad", "broad"), ("narrow", "narrow"))
        ]
        if rivals:
            line, name = min(rivals)
            values = {"one": name, "other": relation, "line": str(line)}
            yield Fault("sssom-contradiction", row.line, "predicate_id", values)
        here.setdefault((relation, negated), row.line)


def cardinalities(rows: Iterable[Row], scope: tuple[str, ...] = ()) -> dict[int, str]:
    """Return, by line, the cardinality each row really has among rows alike in the columns of ``scope``."""
    rows = [row for row in rows if not row.get("predicate_modifier")]
    objects: dict[tuple[str, ...], set[str]] = defaultdict(set)
    subjects: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        subject, object_ = _sides(row)
        if NO_TERM not in (subject, object_):
            group = tuple(row.get(column) for column in scope)
            objects[*group, subject].add(object_)
            subjects[*group, object_].add(subject)
    found = {}
    for row in rows:
        subject, object_ = _sides(row)
        group = tuple(row.get(column) for column in scope)
        left = "0" if subject == NO_TERM else "n" if len(subjects[*group, object_]) > 1 else "1"
        right = "0" if object_ == NO_TERM else "n" if len(objects[*group, subject]) > 1 else "1"
        if "0" in (left, right):
            left, right = left.replace("n", "1"), right.replace("n", "1")
        found[row.line] = f"{left}:{right}"
    return found


def _sides(row: Row) -> tuple[str, str]:
    # A literal has no identifier; its label stands for it.
    subject, object_ = _ends(row)
    return subject or f'"{row.get("subject_label")}"', object_ or f'"{row.get("object_label")}"'


def _cardinalities(sheet: Sheet) -> Iterator[Fault]:
    given = {row.line: row.get("mapping_cardinality") for row in sheet.rows}
    if not any(given.values()):
        return
    scopes: dict[str, list[Row]] = defaultdict(list)
    for row in sheet.rows:
        scopes[row.get("cardinality_scope") or _metadata_scope(sheet)].append(row)
    for scope in scopes:
        real = cardinalities(sheet.rows, tuple(filter(None, scope.split("|"))))
        for row in scopes[scope]:
            said, is_ = given[row.line], real.get(row.line, "")
            if said in CARDINALITIES and is_ and said != is_ and all(_sides(row)):
                values = {"given": said, "real": is_}
                yield Fault("sssom-cardinality-wrong", row.line, "mapping_cardinality", values)


def _metadata_scope(sheet: Sheet) -> str:
    given = sheet.metadata.get("cardinality_scope", "")
    return "|".join(given) if isinstance(given, list) else str(given)


def against_schemes(
    sheet: Sheet, schemes: Mapping[str, Scheme], products: Mapping[str, object], product_space: str
) -> Iterator[Fault]:
    """Yield codes that no edition can have, unknown products, and ends outside the sources declared."""
    by_space = sorted(schemes.values(), key=lambda one: -len(one.namespace))
    for row in sheet.rows:
        for side in ("subject", "object"):
            column, iri = f"{side}_id", row.iris[f"{side}_id"]
            if not iri or iri == NO_TERM:
                continue
            if iri.startswith(product_space) and iri.removeprefix(product_space) not in products:
                yield Fault("sssom-product", row.line, column, {"name": row.get(column)})
            scheme = next((one for one in by_space if iri.startswith(one.namespace)), None)
            if scheme and not _fits(iri, scheme):
                values = {"name": row.get(column), "scheme": scheme.name, "pattern": scheme.pattern}
                yield Fault("sssom-code", row.line, column, values)
            source = sheet.expand(
                str(row.get(f"{side}_source") or sheet.metadata.get(f"{side}_source") or "")
            )
            if source and not iri.startswith(source):
                values = {"name": row.get(column), "source": source}
                yield Fault("sssom-source", row.line, column, values)
        yield from _provenance(row)


def _fits(iri: str, scheme: Scheme) -> bool:
    code = iri.removeprefix(scheme.namespace)
    if not code.endswith(scheme.suffix):
        return False
    code = code.removesuffix(scheme.suffix)
    return re.fullmatch(scheme.pattern, code) is not None and (
        scheme.kind != "substance" or check_digit(code)
    )


def check_digit(cas: str) -> bool:
    """Return whether the check digit of a CAS number holds.

    >>> check_digit("74-85-1"), check_digit("74-85-2")
    (True, False)
    """
    digits = cas.replace("-", "")
    body = reversed(digits[:-1])
    return sum(place * int(digit) for place, digit in enumerate(body, 1)) % 10 == int(digits[-1])


def _provenance(row: Row) -> Iterator[Fault]:
    said = extra(row)
    evidence = said.get("evidence", [])
    if len(evidence) != 1 or evidence[0] not in _EVIDENCE:
        yield Fault("sssom-evidence", row.line, "other", {"value": ", ".join(evidence) or "–"})
    if not said.get("source"):
        yield Fault("sssom-no-source", row.line, "other", {})
    if said.get("relation") not in (None, ["overlap"]):
        yield Fault("sssom-relation", row.line, "other", {"value": ", ".join(said["relation"])})

"""Names and codes as people write them, resolved to products and to nodes of the graph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from crosswalk.errors import UnknownNameError
from crosswalk.footprint.names import normalise
from crosswalk.mappings.records import Code, Mappings, Scheme

_PRODUCT = "product"


class Known(NamedTuple):
    """What names and codes stand for: products by name, nodes by bare code, labels by node."""

    names: dict[str, tuple[str, ...]]
    codes: dict[str, tuple[str, ...]]
    labels: dict[str, str]


@lru_cache(maxsize=2)
def _tables(key: str) -> list[Known]:
    return []


def known(mappings: Mappings) -> Known:
    """Return the tables of names, built once."""
    kept = _tables(mappings.hash)
    if not kept or not mappings.hash:
        kept[:] = [_build(mappings)]
    return kept[0]


def _build(mappings: Mappings) -> Known:
    names: dict[str, list[str]] = {}
    for product in mappings.products.values():
        for name in (product.code, product.label.en, product.label.zh, *product.names):
            names.setdefault(normalise(name), []).append(product.code)
    labels: dict[str, str] = {}
    for row in mappings.rows:
        for node, label in ((row.subject, row.subject_label), (row.object, row.object_label)):
            if node and (label or node not in labels):
                labels[node] = label or labels.get(node, "")
    codes: dict[str, list[str]] = {}
    for node in labels:
        prefix, _, code = node.partition(":")
        if prefix in mappings.schemes:
            codes.setdefault(squeeze(code), []).append(node)
    order = {prefix: edition_key(one) for prefix, one in mappings.schemes.items()}
    newest = {
        code: tuple(sorted(found, key=lambda node: (order[node.partition(":")[0]], node), reverse=True))
        for code, found in codes.items()
    }
    return Known({name: tuple(dict.fromkeys(found)) for name, found in names.items()}, newest, labels)


def squeeze(code: str) -> str:
    """Return a code without the blanks and dots people set in it; hyphens stay, CAS numbers have them.

    >>> squeeze("2901 21 00"), squeeze("20.14.11"), squeeze("74-85-1")
    ('29012100', '201411', '74-85-1')
    """
    return re.sub(r"[\s.]", "", code)


def edition_key(scheme: Scheme) -> tuple[int, ...]:
    """Return what orders the editions of a classification."""
    return tuple(int(part) for part in re.findall(r"\d+", scheme.edition))


def code_of(node: str, mappings: Mappings) -> Code:
    """Return a node as a record."""
    prefix, _, code = node.partition(":")
    scheme = mappings.schemes.get(prefix)
    label = known(mappings).labels.get(node, "")
    if scheme is None:
        product = mappings.products.get(code) if prefix == _PRODUCT else None
        shown = product.label.en if product else label
        return Code(id=node, classification=prefix, edition="", code=code, label=shown)
    return Code(id=node, classification=scheme.classification, edition=scheme.edition, code=code, label=label)


def find_schemes(name: str, mappings: Mappings) -> list[Scheme]:
    """Return the editions a name stands for, newest first: ``CPC``, ``CPC 2.1``, ``cpc21``, ``CN-2026``.

    Raises ``UnknownNameError`` that lists the classifications there are.
    """
    wanted = normalise(name)
    found = [
        one
        for one in mappings.schemes.values()
        if wanted
        in (
            normalise(one.classification),
            normalise(one.name),
            normalise(one.prefix),
            normalise(one.label.en),
            normalise(one.label.zh),
        )
    ]
    if not found:
        there = ", ".join(sorted(dict.fromkeys(one.name for one in mappings.schemes.values())))
        raise UnknownNameError("scheme-unknown", name=name, near=there)
    return sorted(found, key=edition_key, reverse=True)


def find_nodes(text: str, mappings: Mappings) -> tuple[str, ...]:
    """Return the nodes a code stands for, newest edition first; several classifications are possible.

    ``CN:29012100`` and ``CPC 2.1:34110`` name the classification, a bare code need not.
    Raises ``UnknownNameError`` where no mapping knows the code.
    """
    head, colon, tail = text.rpartition(":")
    if colon and normalise(head) == _PRODUCT:
        return (f"{_PRODUCT}:{tail}",) if tail in mappings.products else _unknown(text, mappings)
    found = known(mappings).codes.get(squeeze(tail if colon else text), ())
    if colon:
        editions = {one.prefix for one in find_schemes(head, mappings)}
        found = tuple(node for node in found if node.partition(":")[0] in editions)
    return found or _unknown(text, mappings)


def _unknown(text: str, mappings: Mappings) -> tuple[str, ...]:
    from difflib import get_close_matches

    table = known(mappings)
    wanted = squeeze(text.rpartition(":")[2])
    near = get_close_matches(wanted, sorted(table.codes), n=3, cutoff=0.8)
    nodes = [show(table.codes[one][0], mappings) for one in near]
    raise UnknownNameError("code-unknown", name=text, near=", ".join(nodes) or "–")


def find_products(text: str, mappings: Mappings) -> tuple[str, ...]:
    """Return the products a name stands for, in English or Chinese; empty if none."""
    return known(mappings).names.get(normalise(text), ())


def near_products(text: str, mappings: Mappings) -> str:
    """Return the products whose names are the likeliest spellings of ``text``."""
    from difflib import get_close_matches

    table = known(mappings).names
    near = get_close_matches(normalise(text), sorted(table), n=3, cutoff=0.7)
    return ", ".join(dict.fromkeys(code for one in near for code in table[one])) or "–"


def show(node: str, mappings: Mappings) -> str:
    """Return a node for reading: ``CN 2026:29012100``, ``product:px``."""
    one = code_of(node, mappings)
    return f"{one.classification} {one.edition}:{one.code}" if one.edition else node


def showing(nodes: Iterable[str], mappings: Mappings) -> str:
    """Return nodes for reading, in one line."""
    return ", ".join(show(node, mappings) for node in nodes)

"""How an answer came about, in PROV-O (W3C, 2013): what was used, what was made, by which software."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence

from crosswalk.evidence.records import Packed
from crosswalk.knowledge.index import BASE, DCTERMS, PREFIXES, RDFS, TYPE, Value
from crosswalk.knowledge.write import Triple, turtle
from crosswalk.results.base import KnowledgeId

_PROV, _XSD = PREFIXES["prov"], PREFIXES["xsd"]


def named(sha256: str) -> str:
    """Return the name of content by its hash (RFC 6920).

    >>> named("00" * 32)
    'ni:///sha-256;AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
    """
    text = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{text}"


def provenance(
    used: Sequence[Packed],
    made: Sequence[Packed],
    knowledge: KnowledgeId,
    software: str,
    statements: Iterable[str],
    as_of: str | None = None,
) -> str:
    """Return the graph as Turtle.

    ``used`` are the inputs, ``made`` what came of them, the answer first; ``statements`` the IRIs the answer
    rests on.
    """
    agent = f"{BASE}software/carbon-crosswalk/{software}"
    known = f"{BASE}knowledge/{knowledge.hash}"
    activity = f"{BASE}evidence/{made[0].sha256}"
    found: list[Triple] = [
        (agent, TYPE, _ref(_PROV + "SoftwareAgent")),
        (agent, RDFS + "label", _text(f"carbon-crosswalk {software}")),
        (known, TYPE, _ref(_PROV + "Collection")),
        (known, DCTERMS + "identifier", _text(knowledge.hash)),
        (known, PREFIXES["owl"] + "versionInfo", _text(knowledge.version)),
        (activity, TYPE, _ref(_PROV + "Activity")),
        (activity, _PROV + "wasAssociatedWith", _ref(agent)),
        (activity, _PROV + "used", _ref(known)),
    ]
    for iri in statements:
        if not iri.startswith("_:"):
            found.append((known, _PROV + "hadMember", _ref(iri)))
            found.append((iri, TYPE, _ref(_PROV + "Entity")))
    for one in used:
        found += _entity(one)
        found.append((activity, _PROV + "used", _ref(named(one.sha256))))
    for one in made:
        made_iri = named(one.sha256)
        found += _entity(one)
        found.append((made_iri, _PROV + "wasGeneratedBy", _ref(activity)))
        found.append((made_iri, _PROV + "wasAttributedTo", _ref(agent)))
        found += [(made_iri, _PROV + "wasDerivedFrom", _ref(named(source.sha256))) for source in used]
        found.append((made_iri, _PROV + "wasDerivedFrom", _ref(known)))
    if as_of is not None:
        kind = "date" if re.fullmatch(r"\d{4}-\d\d-\d\d", as_of) else "dateTime"
        found.append((activity, DCTERMS + "date", Value(as_of, False, "", _XSD + kind, "")))
    return turtle(found)


def _entity(one: Packed) -> list[Triple]:
    iri = named(one.sha256)
    return [
        (iri, TYPE, _ref(_PROV + "Entity")),
        (iri, DCTERMS + "title", _text(one.name)),
        (iri, DCTERMS + "extent", Value(str(one.size), False, "", _XSD + "integer", "")),
    ]


def _ref(iri: str) -> Value:
    return Value(iri, True, "", "", "")


def _text(text: str) -> Value:
    return Value(text, False, "", "", "")

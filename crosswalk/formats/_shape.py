"""Which paths a format knows, so that a field can be added where it is none yet, and a slip is told.

Our own format says so in its JSON Schema, exchange formats by the paths of their fields in the
catalogue. A format that says neither (its fields stand at places found by search) has no shape: then
only what is in a file can be changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crosswalk.knowledge.catalogue import Format

#: A path of plain names, each maybe a list of one; others are words for places found by search.
_PLAIN = re.compile(r"[\w-]+(\[0\])?(\.[\w-]+(\[0\])?)*", re.ASCII)
#: Deeper than any footprint file; a schema that refers to itself ends here.
_DEEP = 12


@dataclass(eq=False)
class Shape:
    """What may stand below a place: ``names``, names of ``patterns``, ``anything``.

    ``listed`` tells whether the place is a list; ``single`` whether that list only wraps one object.

    >>> carbon = Shape(names={"stored": Shape()})
    >>> carbon.below("stored") is not None, carbon.below("mass")
    (True, None)
    """

    names: dict[str, Shape] = field(default_factory=dict)
    patterns: list[str] = field(default_factory=list)
    anything: bool = False
    listed: bool = False
    single: bool = False

    def below(self, name: str) -> Shape | None:
        """Return the shape of ``name`` below this place, ``None`` where the format has no such field."""
        if name in self.names:
            return self.names[name]
        free = self.anything or any(re.search(pattern, name) for pattern in self.patterns)
        return Shape(anything=True) if free else None

    def paths(self, at: str = "") -> Iterator[str]:
        """Yield every path there is, without numbers of list entries."""
        for name, below in self.names.items():
            yield f"{at}{name}"
            yield from below.paths(f"{at}{name}.")

    def merge(self, other: Shape) -> None:
        """Add all that ``other`` allows."""
        self.anything |= other.anything
        self.listed |= other.listed
        self.single |= other.single
        self.patterns += other.patterns
        for name, below in other.names.items():
            self.names.setdefault(name, Shape()).merge(below)


def of_schema(schema: Mapping[str, Any]) -> Shape:
    """Return the shape a JSON Schema describes.

    >>> of_schema({"properties": {"a": {"items": {"properties": {"b": {}}}}}}).names["a"].listed
    True
    """
    return _of(schema, schema, 0)


def _of(node: Any, root: Mapping[str, Any], depth: int) -> Shape:
    found = Shape()
    if not isinstance(node, Mapping) or depth > _DEEP:
        return found
    if "$ref" in node:
        found.merge(_of(_referred(str(node["$ref"]), root), root, depth + 1))
    for word in ("allOf", "anyOf", "oneOf"):
        for one in node.get(word, ()):
            found.merge(_of(one, root, depth + 1))
    if "items" in node:
        found.listed = True
        found.merge(_of(node["items"], root, depth + 1))
    for name, below in node.get("properties", {}).items():
        found.names.setdefault(name, Shape()).merge(_of(below, root, depth + 1))
    found.patterns += node.get("patternProperties", {})
    if node.get("type") == "object" or "properties" in node:
        # A schema that does not close an object allows any name in it, whatever its parts add.
        closed = node.get("additionalProperties", True) is False
        found.anything = not closed
    return found


def _referred(reference: str, root: Mapping[str, Any]) -> Any:
    node: Any = root
    for name in reference.removeprefix("#/").split("/"):
        node = node.get(name, {}) if isinstance(node, Mapping) else {}
    return node


def of_format(described: Format) -> Shape | None:
    """Return the shape an exchange format has by the paths of its fields; ``None`` if these are no paths.

    Names without a place of their own (``administrative``, ``unusable``) may stand wherever fields do;
    what stands below them is not described.
    """
    fields = list(described.fields.values())
    if not all(_PLAIN.fullmatch(one.path) for one in fields):
        return None
    found = Shape()
    homes = [found]
    for one in fields:
        *groups, name = one.path.split(".")
        here = found
        for group in groups:
            here = here.names.setdefault(group.removesuffix("[0]"), Shape())
            here.listed = here.single = group.endswith("[0]")
            if here not in homes:
                homes.append(here)
        for spelling in (name, *one.spellings):
            here.names.setdefault(spelling, Shape())
    for home in homes:
        for name in (*described.administrative, *described.unusable):
            home.names.setdefault(name, Shape(anything=True))
    return found

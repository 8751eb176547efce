"""Products, their codes in classifications, and what a match between two codes still says.

>>> from crosswalk.mappings import find_product, map_code
>>> find_product("PX").product.label.zh
'对二甲苯'
>>> map_code("CN:29012100", "CPC 3.0").matches[0].relation
'broad'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosswalk.mappings.find import find_product
    from crosswalk.mappings.load import load_mappings
    from crosswalk.mappings.map import map_code
    from crosswalk.mappings.scope import in_scope
    from crosswalk.mappings.terms import find_term
    from crosswalk.mappings.values import carry, combine

__all__ = ["carry", "combine", "find_product", "find_term", "in_scope", "load_mappings", "map_code"]

# Reports need the records only; what finds and maps loads when it is asked for.
_HOMES = {
    "carry": "values",
    "combine": "values",
    "find_product": "find",
    "find_term": "terms",
    "in_scope": "scope",
    "load_mappings": "load",
    "map_code": "map",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)

"""Crosswalk lets a product carbon footprint cross from one standard to another.

>>> import crosswalk
>>> crosswalk.convert("examples/polyethylene.json", to="PACT:3.0")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crosswalk.api import graph, load, read, read_all
from crosswalk.comparison import compare, plan
from crosswalk.convert import convert
from crosswalk.errors import CrosswalkError
from crosswalk.footprint.records import Footprint
from crosswalk.inspection import inspect
from crosswalk.reconcile import reconcile
from crosswalk.regimes import regimes
from crosswalk.results import Conversion, Reconciliation, Verdicts
from crosswalk.table import convert_table

if TYPE_CHECKING:
    from crosswalk.factors.lookup import factor
    from crosswalk.recognition.check import check

__all__ = [
    "Conversion",
    "CrosswalkError",
    "Footprint",
    "Reconciliation",
    "Verdicts",
    "check",
    "compare",
    "convert",
    "convert_table",
    "factor",
    "graph",
    "inspect",
    "load",
    "plan",
    "read",
    "read_all",
    "reconcile",
    "regimes",
]


def __getattr__(name: str) -> Any:
    # Asking the installation for its version takes longer than all the rest of the import.
    if name == "__version__":
        from crosswalk.knowledge.cache import package_version

        return package_version()
    # A conversion reads no factor table and judges no claim, and pays for neither.
    if name == "factor":
        from crosswalk.factors.lookup import factor

        return factor
    if name == "check":
        from crosswalk.recognition.check import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])

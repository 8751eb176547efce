"""Model operations: replace a modelling choice, from activity data, by one formula a file.

A module here with a ``CODE`` and an ``apply`` is an operation; its inputs, labels and sources stand in
``mappings/operations/``. Each takes a ``Situation`` and returns an ``Outcome``: a signed interval to be
added to the converted total. They answer with estimates, never with what a study under the target is.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import cast

from crosswalk.engine.operations.situation import Operation


@cache
def operations() -> dict[str, Operation]:
    """Return all model operations by code, in stable order."""
    found: dict[str, Operation] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        loaded = import_module(f"{__name__}.{module.name}")
        if hasattr(loaded, "CODE"):
            found[loaded.CODE] = cast(Operation, loaded)
    return dict(sorted(found.items()))

"""Commands that are files: each module here named without an underscore is a command.

``crosswalk/commands/query.py`` holds the click command ``command`` that people call as ``crosswalk
query``. A module loads only when its command is called, or its line of help is asked for, so it
imports what is heavy inside its functions. To add a command, add a file.
"""

from __future__ import annotations

from functools import cache
from pkgutil import iter_modules


@cache
def names() -> tuple[str, ...]:
    """Return the names of the commands that stand in this package, sorted.

    >>> "query" in names()
    True
    """
    found = (one.name for one in iter_modules(__path__) if not one.name.startswith("_"))
    return tuple(sorted(name.replace("_", "-") for name in found))

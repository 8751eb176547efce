"""YAML as people write it, with every digit kept: ``1.600`` is ``Decimal("1.600")``, not 1.6.

Only what JSON knows is read as more than text: numbers, ``true``, ``false`` and ``null``. A bare ``NO``
is Norway and ``2024-01-01`` a text, as in the files that are described in this way.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from crosswalk.errors import UsageError

#: Aliases may repeat a part many times over; more values than this are not a case anyone wrote.
MOST_VALUES = 200_000
#: Deeper than any footprint (see ``_json.py``).
MOST_DEEP = 100

_RESOLVED = {
    "null": (re.compile(r"^(?:null|~|)$"), ["n", "~", ""]),
    "bool": (re.compile(r"^(?:true|false)$"), ["t", "f"]),
    "int": (re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789")),
    "float": (
        re.compile(r"^[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$"),
        list("-+0123456789"),
    ),
    "merge": (re.compile(r"^<<$"), ["<"]),
}


def load_yaml(path: Path) -> Any:
    """Read one YAML document. Raises ``UsageError`` naming file and line where it is broken."""
    import yaml

    try:
        with path.open("rb") as file:
            found = yaml.load(file, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{path}: {mark.line + 1}" if mark is not None else str(path)
        problem = " ".join((error.problem or str(error)).split())
        raise UsageError("yaml-broken", where=where, problem=problem) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        problem = " ".join(str(error).split())
        raise UsageError("yaml-broken", where=str(path), problem=problem) from None
    except OSError as error:
        raise UsageError("file-unreadable", where=str(path), problem=error.strerror or str(error)) from error
    if not _bounded(found):
        raise UsageError("yaml-broken", where=str(path), problem=f"more than {MOST_VALUES} values")
    return found


def _bounded(found: Any) -> bool:
    """Whether a document holds few enough values once every alias is written out."""
    count, level = 0, [found]
    for _ in range(MOST_DEEP):
        count += len(level)
        if not level or count > MOST_VALUES:
            return not level and count <= MOST_VALUES
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            if len(below) > MOST_VALUES:
                return False
        level = below
    return False


@cache
def _loader() -> Any:
    """Return the loader class; PyYAML loads where it is used."""
    import yaml

    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            seen: set[str] = set()
            for key, _ in node.value:
                if key.tag != "tag:yaml.org,2002:merge" and key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"{key.value} stands twice", key.start_mark
                    )
                seen.add(str(key.value))
            self.flatten_mapping(node)
            return {str(key.value): self.construct_object(value, deep=True) for key, value in node.value}

    def number(loader: Any, node: Any) -> Decimal:
        return Decimal(node.value)

    def integer(loader: Any, node: Any) -> int:
        return int(node.value)

    def mapping(loader: Any, node: Any) -> dict[Any, Any]:
        found: dict[Any, Any] = loader.construct_mapping(node)
        return found

    def sequence(loader: Any, node: Any) -> list[Any]:
        found: list[Any] = loader.construct_sequence(node, deep=True)
        return found

    Loader.yaml_implicit_resolvers = {}
    for name, (pattern, first) in _RESOLVED.items():
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", pattern, first)
    constructors = {"float": number, "int": integer, "map": mapping, "seq": sequence}
    for name, constructor in constructors.items():
        Loader.add_constructor(f"tag:yaml.org,2002:{name}", constructor)
    return Loader

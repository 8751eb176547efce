"""The public face: a short list of names, light to import."""

from __future__ import annotations

import subprocess
import sys
import types

import crosswalk

NAMES = [
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
HEAVY = (
    "rdflib",
    "pandas",
    "polars",
    "numpy",
    "scipy",
    "pint",
    "networkx",
    "highspy",
    "rich",
    "pyshacl",
    "pyoxigraph",
)


def loaded_after(code: str) -> list[str]:
    """The heavy modules that are loaded once ``code`` has run, in a fresh process."""
    program = f"{code}\nimport sys\nprint(*(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1].split()


def test_the_list_of_names_is_kept() -> None:
    assert sorted(crosswalk.__all__) == NAMES == crosswalk.__all__
    assert all(hasattr(crosswalk, name) for name in NAMES)
    assert dir(crosswalk) == sorted([*NAMES, "__version__"])


def test_every_name_explains_itself() -> None:
    assert all(getattr(crosswalk, name).__doc__ for name in NAMES)


def test_functions_are_not_hidden_by_modules_of_the_same_name() -> None:
    import crosswalk.convert
    import crosswalk.reconcile
    import crosswalk.regimes

    for name in ("convert", "reconcile", "regimes"):
        assert isinstance(getattr(crosswalk, name), types.FunctionType)


def test_the_version_is_the_one_installed() -> None:
    from importlib.metadata import version

    assert crosswalk.__version__ == version("carbon-crosswalk")


def test_unknown_names_are_attribute_errors() -> None:
    assert not hasattr(crosswalk, "no_such_name")


def test_import_loads_nothing_heavy() -> None:
    assert loaded_after("import crosswalk") == []


def test_help_loads_nothing_heavy() -> None:
    code = "from crosswalk.cli import app\napp.main(['--help'], standalone_mode=False)"
    assert loaded_after(code) == []
    assert loaded_after(code.replace("['--help']", "['convert', '--help']")) == []

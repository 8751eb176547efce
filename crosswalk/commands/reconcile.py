"""``crosswalk reconcile``: why footprints of one product differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from crosswalk.commands._shared import INCONSISTENT, OK, REFUSED, Command, emit, reporting, show
from crosswalk.errors import UsageError

if TYPE_CHECKING:
    from crosswalk.footprint.records import Footprint
    from crosswalk.knowledge.catalogue import Catalogue
    from crosswalk.results import Reconciliation, Series


@click.command(
    cls=Command,
    epilog="Examples:  crosswalk reconcile ours.json theirs.json --explain  |  "
    "crosswalk reconcile v1.json v2.json v3.json --same",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE FILE [FILE]...")
@click.option(
    "--assume",
    multiple=True,
    metavar="NAME",
    help="Add the assumptions of a profile (see 'crosswalk profiles'), or of a Turtle file; may be repeated.",
)
@click.option("--same", is_flag=True, help="Take choices that both files leave open to be the same.")
@click.option(
    "--basis",
    type=click.Choice(["first", "second"]),
    help="Whose disclosure to use; by default the first's, unless the second's says more.",
)
@click.option("--explain", is_flag=True, help="Say it in sentences instead of a report.")
@click.option("--plot", metavar="FILE", help="Draw the bridge from the first to the second (png, svg, pdf).")
@reporting
def command(
    files: tuple[str, ...],
    assume: tuple[str, ...],
    same: bool,
    basis: str | None,
    explain: bool,
    plot: str | None,
    **shown: Any,
) -> int:
    """Say why footprints of one product differ: what each choice of method explains, and what is left.

    Values are second less first. Three files or more are versions: each is compared with the one before.
    One file alone must hold several footprints.
    """
    import crosswalk
    from crosswalk.profiles import with_profiles

    if explain and shown["form"] == "json":
        raise UsageError("explain-json")
    catalogue, names = with_profiles(assume, shown["knowledge"])
    found = crosswalk.reconcile(
        *_footprints(files, catalogue),
        assume=names,
        same=same,
        basis=basis,  # type: ignore[arg-type]  # click admits no other word
        catalogue=catalogue,
    )
    if plot is not None:
        _draw(found, plot, shown["lang"])
    if explain:
        emit("\n".join(_sentences(found, shown["lang"], catalogue)) + "\n", shown["out"])
    else:
        show([found], catalogue, **shown)
    return _code(found)


def _footprints(files: Sequence[str], catalogue: Catalogue) -> list[Footprint]:
    from crosswalk.formats import read, read_all

    if len(files) > 1:
        return [read(file, catalogue) for file in files]
    found = read_all(files[0], catalogue)
    if len(found) < 2:
        raise UsageError("reconcile-one", file=files[0])
    return found


def _draw(found: Reconciliation | Series, path: str, lang: str) -> None:
    from crosswalk.report.plots import save
    from crosswalk.results import Series

    if isinstance(found, Series):
        raise UsageError("plot-series")
    save(found, path, lang=lang)


def _sentences(found: Reconciliation | Series, lang: str, catalogue: Catalogue) -> list[str]:
    from crosswalk.report.reconciliation import sentences

    return sentences(found, lang, catalogue)


def _code(found: Reconciliation | Series) -> int:
    from crosswalk.results import Series

    pairs = found.pairs if isinstance(found, Series) else (found,)
    if any(pair.inconsistencies for pair in pairs):
        return INCONSISTENT
    return OK if found.answered else REFUSED

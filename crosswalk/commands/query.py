"""``crosswalk query``: SPARQL over the merged knowledge."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosswalk.commands._shared import OK, Command, emit, knowledge_option, lang_option, out_option
from crosswalk.errors import InputError, UsageError

if TYPE_CHECKING:
    from crosswalk.report.found import FoundForm


@click.command(
    cls=Command,
    epilog="Examples:  crosswalk query 'SELECT ?code { ?r a cw:Regime ; skos:notation ?code } ORDER BY ?code'"
    "  |  crosswalk query --file weak.rq --format csv",
)
@click.argument("sparql", required=False)
@click.option("--file", metavar="FILE", help="Read the query from a file ('-': standard input).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "turtle"]),
    default="table",
    show_default=True,
    help="Turtle is for CONSTRUCT and DESCRIBE only.",
)
@knowledge_option
@out_option
@lang_option
def command(
    sparql: str | None,
    file: str | None,
    form: FoundForm,
    knowledge: tuple[str, ...],
    out: str | None,
    lang: str,
) -> int:
    """Ask the knowledge a SPARQL query (SELECT, ASK, CONSTRUCT, DESCRIBE).

    The prefixes of the project (cw, reg, dim, opt, gwp, src, skos, dcterms ...) need no declaration.
    GRAPH ?file { ... } tells in which file a statement stands. Decimals lose trailing zeros: compare
    codes and texts, not numbers.
    """
    from crosswalk.knowledge.query import query
    from crosswalk.report.found import found_text

    if (sparql is None) == (file is None):
        raise UsageError("query-one")
    text, where = (sparql or "", "query") if file is None else (_read(file), file)
    found = query(text, [Path(folder) for folder in knowledge], where=where)
    emit(found_text(found, form, lang), out)
    return OK


def _read(file: str) -> str:
    try:
        return (sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError("file-missing", where=file) from error
    except UnicodeDecodeError as error:
        raise InputError("file-encoding", where=file, byte=error.start) from error
    except (OSError, ValueError) as error:
        raise InputError("file-unreadable", where=file, problem=str(error)) from error

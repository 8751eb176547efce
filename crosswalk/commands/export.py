"""``crosswalk export``: the whole knowledge as one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosswalk.commands._shared import OK, Command, emit, knowledge_option, lang_option, out_option

if TYPE_CHECKING:
    from crosswalk.knowledge.write import Form


@click.command(cls=Command, epilog="Example:  crosswalk export --format nquads --out knowledge.nq")
@click.option(
    "--format",
    "form",
    type=click.Choice(["turtle", "nquads", "ntriples", "jsonld"]),
    default="turtle",
    show_default=True,
    help="N-Quads name the file each statement stands in; the others merge all files.",
)
@knowledge_option
@out_option
@lang_option
def command(form: Form, knowledge: tuple[str, ...], out: str | None, lang: str) -> int:
    """Write all knowledge as RDF, always in the same order."""
    from crosswalk.knowledge.write import export

    emit(export(form, [Path(folder) for folder in knowledge]), out)
    return OK

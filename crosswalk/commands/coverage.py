"""``crosswalk coverage``: how firmly the regimes are known."""

from __future__ import annotations

from pathlib import Path

import click

from crosswalk.commands._shared import (
    OK,
    Command,
    coloured,
    emit,
    full_option,
    knowledge_option,
    lang_option,
    out_option,
)
from crosswalk.errors import InputError, UsageError


@click.command(
    cls=Command,
    epilog="Examples:  crosswalk coverage  |  crosswalk coverage --write docs/knowledge.md",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "markdown"]),
    default="text",
    show_default=True,
    help="A report for people, or the same as JSON, CSV or Markdown.",
)
@click.option("--write", "page", metavar="FILE", help="Renew the matrix between the markers of a page.")
@knowledge_option
@out_option
@full_option
@lang_option
def command(
    form: str, page: str | None, knowledge: tuple[str, ...], out: str | None, full: bool, lang: str
) -> int:
    """Show regime by dimension by evidence class: what was read, presumed, or is not known."""
    import crosswalk
    from crosswalk.coverage import coverage
    from crosswalk.report.coverage import between_markers, coverage_csv, coverage_markdown
    from crosswalk.report.out import as_json, as_text
    from crosswalk.report.speaker import Speaker

    if page is not None and out is not None:
        raise UsageError("coverage-one")
    before = "" if page is None else _read(page)
    catalogue = crosswalk.load(knowledge)
    found = coverage(catalogue=catalogue)
    if page is not None:
        matrix = coverage_markdown(found, Speaker(lang, catalogue))
        emit(between_markers(before, matrix, page), page)
    elif form == "json":
        emit(as_json(found.to_dict()), out)
    elif form == "csv":
        emit(coverage_csv(found), out)
    elif form == "markdown":
        emit(coverage_markdown(found, Speaker(lang, catalogue)), out)
    else:
        emit(as_text([found], lang, catalogue, full=full, colour=coloured(out)), out)
    return OK


def _read(page: str) -> str:
    try:
        return Path(page).read_text("utf-8")
    except FileNotFoundError as error:
        raise InputError("file-missing", where=page) from error
    except UnicodeDecodeError as error:
        raise InputError("file-encoding", where=page, byte=error.start) from error
    except (OSError, ValueError) as error:
        raise InputError("file-unreadable", where=page, problem=str(error)) from error

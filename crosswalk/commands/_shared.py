"""What commands have in common: options, exit codes, errors as one line, output whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crosswalk.errors import CrosswalkError

if TYPE_CHECKING:
    from crosswalk.knowledge.catalogue import Catalogue
    from crosswalk.report.text import Reportable

OK, INCONSISTENT, USAGE, REFUSED, INTERRUPTED, PIPE = 0, 1, 2, 3, 130, 141

_F = TypeVar("_F", bound=Callable[..., Any])


class Failure(click.ClickException):
    """An error of ours, as one line on standard error and an exit code."""

    def __init__(self, error: CrosswalkError, lang: str) -> None:
        super().__init__(error_line(error, lang))
        self.code = error.exit_code

    def show(self, file: Any = None) -> None:
        """Print the line on standard error."""
        click.echo(self.message, err=True)


class Command(click.Command):
    """A command whose errors speak the language asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn an error of ours into a :class:`Failure`."""
        try:
            return super().invoke(ctx)
        except CrosswalkError as error:
            raise Failure(error, ctx.params.get("lang") or language()) from error
        except BrokenPipeError:
            # Whoever read our output has gone; nothing may be written on the way out either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(PIPE)


class Group(click.Group):
    """The commands given in code, and those that are files of :mod:`crosswalk.commands`."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        from crosswalk.commands import names

        return sorted({*super().list_commands(ctx), *names()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loading its module only now."""
        from crosswalk.commands import names

        found = super().get_command(ctx, cmd_name)
        if found is None and cmd_name in names():
            module = import_module(f"crosswalk.commands.{cmd_name.replace('-', '_')}")
            found = module.command
        return found


def language() -> str:
    """Return ``zh`` where the environment asks for Chinese, else ``en``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def error_line(error: CrosswalkError, lang: str) -> str:
    """Return an error as one line for standard error."""
    return f"crosswalk: {' '.join(error.message(lang).split())}"


lang_option = click.option(
    "--lang", type=click.Choice(["en", "zh"]), default=language, help="Language of reports and messages."
)
form_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A report for people, or the same as JSON.",
)
full_option = click.option("--full", is_flag=True, help="Leave nothing out of the report.")
knowledge_option = click.option(
    "--knowledge",
    multiple=True,
    metavar="DIR",
    help="A folder of Turtle (or one file) to add to the built-in knowledge; may be repeated.",
)
out_option = click.option(
    "--out", metavar="FILE", help="Write here instead of to standard output, whole or not at all."
)


def reporting(command: _F) -> _F:
    """Add the options every reporting command has."""
    return lang_option(form_option(full_option(knowledge_option(out_option(command)))))


def show(
    found: Sequence[Reportable | CrosswalkError],
    catalogue: Catalogue,
    *,
    form: str,
    lang: str,
    full: bool,
    out: str | None,
    **_: Any,
) -> None:
    """Write answers as text or JSON; errors among them go to standard error too."""
    from crosswalk.report.out import as_json, as_text
    from crosswalk.results import to_plain

    if form == "json":
        plain = [_plain(one, lang) if isinstance(one, CrosswalkError) else to_plain(one) for one in found]
        text = as_json(plain[0] if len(plain) == 1 else plain)
    else:
        good = [one for one in found if not isinstance(one, CrosswalkError)]
        text = as_text(good, lang, catalogue, full=full, colour=coloured(out))
    for one in found:
        if isinstance(one, CrosswalkError):
            click.echo(error_line(one, lang), err=True)
    emit(text, out)


def coloured(out: str | None) -> bool:
    """Return whether what is written to ``out`` (``None``: standard output) may be in colour."""
    return out is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _plain(error: CrosswalkError, lang: str) -> dict[str, Any]:
    return {"error": {"code": error.code, "where": error.where, "message": error.message(lang)}}


def emit(text: str, out: str | None = None) -> None:
    """Write text to a file, or to standard output where none (or ``-``) is given."""
    from crosswalk.report.out import write

    if out is None or out == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        write(text, out)

"""``crosswalk factors``: look factors up, and see what there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crosswalk.commands._shared import (
    OK,
    Command,
    coloured,
    emit,
    form_option,
    knowledge_option,
    lang_option,
    out_option,
    reporting,
)

if TYPE_CHECKING:
    from crosswalk.factors.records import RowFault

#: So many faults of tables are shown one by one.
_MOST = 10
_DOMAINS = {
    "electricity": "Find a factor of electricity.",
    "heat": "Find a factor of heat or steam.",
    "fuels": "Find a property or a factor of a fuel.",
    "products": "Find a reference value of a product.",
}
_EXAMPLES = {
    "electricity": "crosswalk factors electricity --place CN-SD --year 2023 --kind life-cycle",
    "heat": "crosswalk factors heat --place CN --kind co2",
    "fuels": "crosswalk factors fuels 柴油 --place CN --kind ncv --series GBT-32151.34-2024",
    "products": "crosswalk factors products hydrogen --place CN --kind cbam --boundary cbam-total",
}


class _Group(click.Group):
    """A group whose commands report our errors."""

    command_class = Command


@click.group("factors", cls=_Group, epilog=f"Example:  {_EXAMPLES['electricity']}")
def command() -> None:
    """Find emission and footprint factors: by kind, place and year, with the way they were found."""


_tables = click.option(
    "--factors", "tables", multiple=True, metavar="FILE",
    help="A factor table of your own, or an export of CPCD; goes before the built-in ones. May be repeated.",
)  # fmt: skip
_looking = (
    click.option("--place", required=True, metavar="PLACE", help="A code (CN-SD, DE) or a name."),
    click.option("--year", type=int, metavar="YEAR", help="The year wanted; the latest if left out."),
    click.option("--kind", metavar="KIND", help="Which quantity: a short name such as co2 or life-cycle."),
    click.option("--boundary", metavar="CODE", help="Only factors with this boundary."),
    click.option("--series", metavar="NAME", help="Only factors of this series."),
    click.option("--origin", metavar="CODE", help="Only factors of gas of this origin, e.g. fossil."),
    click.option("--unit", metavar="UNIT", help="Convert the answer, e.g. 'kg CO2e/MWh'."),
    click.option(
        "--year-fallback", type=click.Choice(["earlier", "nearest", "none"]), default="earlier",
        show_default=True, help="Which year to take where the one wanted is missing.",
    ),
    click.option("--weak", is_flag=True, help="Admit rows that default look-ups leave out."),
    _tables,
)  # fmt: skip


def _add(domain: str, text: str) -> None:
    def look_up(subject: str | None, kind: str | None, **given: Any) -> int:
        return _look_up(domain, subject, kind, **given)

    for option in reversed(_looking):
        look_up = option(look_up)
    named: Callable[[Any], Any] = (
        click.argument("subject", required=False)
        if domain in ("fuels", "products")
        else click.option("--of", "subject", metavar="NAME", help="Of what, e.g. coal; the grid if left out.")
    )
    command.command(domain, help=text, epilog=f"Example:  {_EXAMPLES[domain]}")(named(reporting(look_up)))


for _domain, _text in _DOMAINS.items():
    _add(_domain, _text)


def _look_up(
    domain: str,
    subject: str | None,
    kind: str | None,
    *,
    form: str,
    lang: str,
    full: bool,
    out: str | None,
    tables: tuple[str, ...],
    knowledge: tuple[str, ...],
    **asked: Any,
) -> int:
    from crosswalk.errors import UsageError
    from crosswalk.factors.load import load_factors
    from crosswalk.factors.lookup import Request, look_up
    from crosswalk.knowledge.records import Text

    base = load_factors(tables, knowledge)
    _warn(base.faults, lang)
    if kind is None:
        kinds = [one for one in base.kinds.values() if one.domain == domain]
        spoken = Text(
            en=", ".join(f"--kind {one.short} ({one.label.en})" for one in kinds),
            zh="、".join(f"--kind {one.short}({one.label.zh})" for one in kinds),
        )
        raise UsageError("factor-kind-needed", kinds=spoken)
    found = look_up(Request(kind=kind, domain=domain, subject=subject, **asked), base)
    if form == "json":
        from crosswalk.report.out import as_json

        emit(as_json(found.to_dict()), out)
        return OK
    from crosswalk.report.factors import as_text, found_report
    from crosswalk.report.speaker import Speaker

    emit(as_text(found_report(found, Speaker(lang, full=full)), colour=coloured(out)), out)
    return OK


@command.command("list", epilog="Examples:  crosswalk factors list  |  crosswalk factors list --place CN-SD")
@click.option("--domain", type=click.Choice(sorted(_DOMAINS)), help="Only this domain.")
@click.option("--kind", metavar="KIND", help="Only this kind: its code, or with --domain its short name.")
@click.option("--place", metavar="PLACE", help="Only this place.")
@click.option("--of", "subject", metavar="NAME", help="Only this subject.")
@click.option("--series", metavar="NAME", help="Only this series.")
@_tables
@knowledge_option
@form_option
@out_option
@lang_option
def list_factors(
    tables: tuple[str, ...],
    knowledge: tuple[str, ...],
    form: str,
    lang: str,
    out: str | None,
    **filters: str | None,
) -> int:
    """List the factors there are: a summary, or with a filter each row."""
    from crosswalk.factors.listing import select
    from crosswalk.factors.load import load_factors
    from crosswalk.report.factors import as_text, rows_report, summary_report
    from crosswalk.report.out import as_json
    from crosswalk.report.speaker import Speaker
    from crosswalk.results import to_plain

    base = load_factors(tables, knowledge)
    _warn(base.faults, lang)
    rows = select(base, **filters)
    if form == "json":
        emit(as_json(to_plain(rows)), out)
        return OK
    speaker = Speaker(lang)
    any_filter = any(filters.values())
    parts = rows_report(rows, base, speaker) if any_filter else summary_report(base, speaker)
    emit(as_text(parts, colour=coloured(out)), out)
    return OK


@command.command("gwp", epilog="Examples:  crosswalk factors gwp CH4  |  crosswalk factors gwp --set AR4")
@click.argument("gas", required=False)
@click.option("--set", "gwp_set", metavar="CODE", help="Only this set, or those a label (AR5) may stand for.")
@reporting
def gwp(
    gas: str | None,
    gwp_set: str | None,
    form: str,
    lang: str,
    full: bool,
    out: str | None,
    knowledge: tuple[str, ...],
) -> int:
    """List what a gas counts for, set by set: GWP and GTP, each horizon and origin.

    With --set alone: every gas of the set. With neither: the sets there are.
    """
    from crosswalk.factors.gwp import gas_values

    found = gas_values(gas, gwp_set=gwp_set, knowledge=knowledge)
    if form == "json":
        from crosswalk.report.out import as_json

        emit(as_json(found.to_dict()), out)
        return OK
    from crosswalk.knowledge.load import load
    from crosswalk.report.factors import as_text
    from crosswalk.report.gwp import gwp_report
    from crosswalk.report.speaker import Speaker

    speaker = Speaker(lang, load([Path(path) for path in knowledge]), full)
    emit(as_text(gwp_report(found, speaker), colour=coloured(out)), out)
    return OK


@command.command("columns", epilog="Example:  crosswalk factors columns > factor-table.json")
@out_option
@lang_option
def columns(out: str | None, lang: str) -> int:
    """Print the description of the columns of a factor table (CSV on the Web, JSON)."""
    from crosswalk.factors.load import description

    emit(description(), out)
    return OK


def _warn(faults: Sequence[RowFault], lang: str) -> None:
    """Show the first faults of the tables on standard error, and count the others."""
    from crosswalk.messages import say

    for fault in faults[:_MOST]:
        click.echo(f"crosswalk: {fault.show(lang)}", err=True)
    if len(faults) > _MOST:
        more = say("report.factor-more-faults", lang, count=len(faults) - _MOST)
        click.echo(f"crosswalk: {more}", err=True)

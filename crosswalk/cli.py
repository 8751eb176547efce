"""The command line: reads arguments, calls the library, prints what it returns.

Exit codes: 0 answered; 1 inconsistent data or knowledge; 2 wrong usage or unreadable input; 3 refused.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from crosswalk.commands._evidence import Packing, evidence_option, numbered, sign_option
from crosswalk.commands._shared import (
    INCONSISTENT,
    INTERRUPTED,
    OK,
    REFUSED,
    USAGE,
    Failure,
    Group,
    emit,
    form_option,
    knowledge_option,
    lang_option,
    out_option,
    reporting,
    show,
)
from crosswalk.errors import CrosswalkError

if TYPE_CHECKING:
    from crosswalk.footprint.records import Footprint
    from crosswalk.knowledge.catalogue import Catalogue
    from crosswalk.report.text import Reportable
    from crosswalk.results import Conversion

_One = TypeVar("_One")


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from crosswalk.knowledge.cache import package_version

        click.echo(f"crosswalk {package_version()}")
        ctx.exit()


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 answered; 1 inconsistent data or knowledge; 2 wrong usage or unreadable "
    "input; 3 no defensible answer.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version."
)
def app() -> None:
    """Take a product carbon footprint from one standard to another.

    Says what the value is under the other standard, or the tightest interval that can be proven, with
    every step, its clause, and what is missing.
    """


@app.command(
    epilog="Examples:  crosswalk convert examples/polyethylene.json --to PACT:3.0  |  "
    "crosswalk convert - --to ISO:14067-2018 --format json < footprint.json"
)
@click.argument("file")
@click.option("--to", required=True, metavar="CODE", help="The regime wanted, by code or name.")
@click.option(
    "--from", "source", metavar="CODE", help="The regime the file is stated under, if it does not say."
)
@click.option(
    "--assume",
    multiple=True,
    metavar="NAME",
    help="Add the assumptions of a profile (see 'crosswalk profiles'), or of a Turtle file; may be repeated.",
)
@click.option("--allow", multiple=True, metavar="CLASS", help="Admit 'estimated' answers; may be repeated.")
@click.option(
    "--draws", type=int, default=0, metavar="N", help="Draw the distributions the file states N times."
)
@click.option("--seed", type=int, default=0, metavar="N", help="Seed of the draws.", show_default=True)
@click.option("--gwp-ranges", is_flag=True, help="Draw the ranges of the target's GWPs too, shown apart.")
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=VALUE",
    help="What if: change an input of the file before it is read (total=3.1, gases[0].mass=0.012, "
    "method.gwp-set=ar6-t715; 3.1±0 is exact, null takes it away); may be repeated.",
)
@click.option(
    "--tolerance",
    metavar="T",
    help="Say what to ask for until the answer is this near (5%, or 0.1 kg CO2e; 0: exact), and whether it "
    "is this near --against, else the value stated.",
)
@click.option("--against", metavar="VALUE", help="The value asserted under the regime wanted.")
@click.option(
    "--flip",
    "flips",
    multiple=True,
    metavar="PATH[=LOW..HIGH]",
    help="The smallest change of an input after which it is no longer, or only then, within the tolerance; "
    "may be repeated.",
)
@click.option(
    "--per",
    metavar="UNIT",
    help="The unit the answer is wanted per: 'kg', '1 t', '1 kWh', '1 t N'. Between kinds of units the file "
    "must state the property (density, heating value, content).",
)
@evidence_option
@sign_option
@click.option("--as-of", metavar="DATE", help="A date or time to state in the pack; no clock is read.")
@reporting
def convert(
    file: str,
    to: str,
    source: str | None,
    assume: tuple[str, ...],
    allow: tuple[str, ...],
    draws: int,
    seed: int,
    gwp_ranges: bool,
    changes: tuple[str, ...],
    tolerance: str | None,
    against: str | None,
    flips: tuple[str, ...],
    per: str | None,
    evidence: str | None,
    sign: str | None,
    as_of: str | None,
    **shown: Any,
) -> int:
    """Convert the footprints in FILE ('-' for standard input) to another regime."""
    from crosswalk.convert import Draws, Question, unit_asked, wanted
    from crosswalk.flip import parse, with_flips
    from crosswalk.formats._each import each, load
    from crosswalk.profiles import with_profiles
    from crosswalk.whatif import converted, editions, settings

    put, wants, turned = settings(changes), wanted(tolerance, against), parse(flips, tolerance)
    drawn = Draws(draws, seed, gwp_ranges) if draws or seed or gwp_ranges else None
    catalogue, names = with_profiles(assume, shown["knowledge"])
    unit = None if per is None else unit_asked(per, catalogue)
    added = (*shown["knowledge"], *(one for one in assume if one.lower().endswith(".ttl")))
    packing = Packing(evidence, sign, as_of, added)
    where, content = _content(file)
    payload = load(content, where)

    def question(footprint: Footprint) -> Question:
        return Question(footprint, to, source, tuple(names), allow, catalogue, drawn, wants, unit)

    given: Sequence[Any] = (
        editions(payload, where, put, catalogue) if put else each(payload, where, catalogue)
    )
    numbers = numbered(given)

    def job(one: Any) -> Conversion:
        number = next(numbers)
        found = with_flips(converted(one, question) if put else question(one).answer(), turned)
        return keep(found, number)

    keep = packing.keeping(
        content, where, len(given),
        to=to, source=source, set=changes, assume=tuple(names), allow=allow, draws=draws, seed=seed,
        gwp_ranges=gwp_ranges, tolerance=tolerance, against=against, flips=flips, per=per,
    )  # fmt: skip
    return _all(given, job, catalogue, **shown)


@app.command(epilog="Example:  crosswalk inspect examples/polyethylene.json")
@click.argument("file")
@reporting
def inspect(file: str, **shown: Any) -> int:
    """Say what the footprints in FILE disclose, and whether they hold together."""
    import crosswalk

    catalogue = crosswalk.load(shown["knowledge"])
    return _each(
        file, lambda footprint: crosswalk.inspect(footprint, catalogue=catalogue), catalogue, **shown
    )


@app.command(epilog="Example:  crosswalk compare GBT:24067-2024 ISO:14067-2018")
@click.argument("first")
@click.argument("second")
@reporting
def compare(first: str, second: str, **shown: Any) -> int:
    """Show the dimensions in which two regimes differ."""
    import crosswalk

    catalogue = crosswalk.load(shown["knowledge"])
    show([crosswalk.compare(first, second, catalogue=catalogue)], catalogue, **shown)
    return OK


@app.command(epilog="Example:  crosswalk plan GBT:24067-2024 PACT:3.0")
@click.argument("source")
@click.argument("target")
@reporting
def plan(source: str, target: str, **shown: Any) -> int:
    """Show the operations a conversion would use, and what each needs."""
    import crosswalk

    catalogue = crosswalk.load(shown["knowledge"])
    show([crosswalk.plan(source, target, catalogue=catalogue)], catalogue, **shown)
    return OK


@app.command(epilog="Examples:  crosswalk regimes  |  crosswalk regimes PACT:3.0")
@click.argument("code", required=False)
@reporting
def regimes(code: str | None, **shown: Any) -> int:
    """List the regimes that are described, or show one with clauses and evidence."""
    import crosswalk
    from crosswalk.lookup import find_regime

    catalogue = crosswalk.load(shown["knowledge"])
    found = find_regime(code, catalogue) if code else crosswalk.regimes(catalogue=catalogue)
    show([found], catalogue, **shown)
    return OK


@app.command(epilog="Example:  crosswalk profiles --lang zh")
@reporting
def profiles(**shown: Any) -> int:
    """List the assumption profiles that 'convert --assume' can add."""
    import crosswalk
    from crosswalk.profiles import list_profiles

    catalogue = crosswalk.load(shown["knowledge"])
    show([list_profiles(catalogue)], catalogue, **shown)
    return OK


@app.command(epilog="Example:  crosswalk lint --knowledge my-sector/")
@knowledge_option
@form_option
@lang_option
def lint(knowledge: tuple[str, ...], form: str, lang: str) -> int:
    """Check the knowledge: built in, and in the folders given."""
    from crosswalk.knowledge.lint import lint as check
    from crosswalk.messages import say
    from crosswalk.report.out import as_json
    from crosswalk.results import to_plain

    found = check([Path(folder) for folder in knowledge])
    if form == "json":
        emit(as_json(to_plain(found)))
    else:
        lines = [finding.show(lang) for finding in found]
        emit(
            "\n".join(
                [
                    *lines,
                    say("report.lint-findings" if found else "report.lint-clean", lang, count=len(found)),
                ]
            )
            + "\n"
        )
    return INCONSISTENT if any(finding.severity == "error" for finding in found) else OK


@app.command(
    epilog="Examples:  crosswalk schema > footprint.schema.json  |  "
    "crosswalk schema --claims > claim.schema.json"
)
@click.option("--claims", is_flag=True, help="Of a claim of recognition, a row of a claims table, instead.")
@knowledge_option
@out_option
@lang_option
def schema(claims: bool, knowledge: tuple[str, ...], out: str | None, lang: str) -> int:
    """Print the JSON Schema of Crosswalk's own footprint format."""
    from crosswalk.report.out import as_json

    if claims:
        import crosswalk
        from crosswalk.recognition.claim_schema import claim_schema

        found = claim_schema(crosswalk.load(knowledge).recognition)
    else:
        from crosswalk.formats.own import schema as own

        found = own()
    emit(as_json(found), out)
    return OK


@app.command(epilog="Example:  crosswalk verify tests/corpus")
@click.argument("folder", metavar="DIR")
@form_option
@lang_option
def verify(folder: str, form: str, lang: str) -> int:
    """Run the cases in DIR: plain YAML that says what a conversion must give."""
    from crosswalk.report.out import as_json
    from crosswalk.report.verified import lines
    from crosswalk.verify import run

    found = run(Path(folder))
    emit(as_json(found.to_dict()) if form == "json" else "\n".join(lines(found, lang)) + "\n")
    return OK if found.passed else INCONSISTENT


def _each(file: str, job: Callable[[Footprint], Reportable], catalogue: Catalogue, **shown: Any) -> int:
    """Do a job for every footprint of a file; a bad one costs only itself. Return the worst exit code."""
    from crosswalk.formats._each import each

    where, payload = _payload(file)
    return _all(each(payload, where, catalogue), job, catalogue, **shown)


def _payload(file: str) -> tuple[str, Any]:
    """Return how messages name a file, and what it holds."""
    from crosswalk.formats._each import load

    where, content = _content(file)
    return where, load(content, where)


def _content(file: str) -> tuple[str, bytes]:
    """Return how messages name a file, and its bytes."""
    from crosswalk.formats._json import read_bytes

    return ("stdin", sys.stdin.buffer.read()) if file == "-" else (file, read_bytes(Path(file)))


def _all(
    given: Sequence[_One | CrosswalkError],
    job: Callable[[_One], Reportable],
    catalogue: Catalogue,
    *,
    form: str,
    lang: str,
    full: bool,
    out: str | None,
    **_: Any,
) -> int:
    """Do a job for each of several things; a bad one costs only itself. Return the worst exit code."""
    found: list[Reportable | CrosswalkError] = []
    for one in given:
        try:
            found.append(one if isinstance(one, CrosswalkError) else job(one))
        except CrosswalkError as error:
            if len(given) == 1:
                raise
            found.append(error)
    show(found, catalogue, form=form, lang=lang, full=full, out=out)
    return max(_code(one) for one in found)


def _code(one: Reportable | CrosswalkError) -> int:
    from crosswalk.results import Conversion, Inspection

    match one:
        case CrosswalkError():
            return one.exit_code
        case Conversion():
            return OK if one.answered else INCONSISTENT if one.inconsistencies else REFUSED
        case Inspection():
            return OK if one.consistent else INCONSISTENT
    return OK


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code; never a traceback for what a user can cause."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Labels and names are Chinese as often as not, whatever the terminal claims to be.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = app.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.code if isinstance(error, Failure) else USAGE
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    return code if isinstance(code, int) else OK

"""``crosswalk check``: judge recognition claims, a few on the screen or any number into files."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from crosswalk.commands._evidence import Packing, evidence_option, sign_option
from crosswalk.commands._shared import (
    INCONSISTENT,
    OK,
    Command,
    coloured,
    emit,
    full_option,
    knowledge_option,
    lang_option,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crosswalk.checking.manifest import Manifest
    from crosswalk.checking.run import Order
    from crosswalk.checking.work import Work
    from crosswalk.report.run import Run

#: Verdicts from the worst, a row that cannot be judged, to the least one may mind.
_WORST = ("error", "refused", "not-assessable", "undecided", "conditional")
#: Levels by rank.
_LEVELS = ("assessable", "reference", "method", "rule", "verification", "result", "label")
#: Reasons, and names of columns, that the summary shows.
_SHOWN = 10
#: Options that mean something for a run into files only.
_OF_A_RUN = ("errors", "engine", "workers", "resume", "overwrite", "evidence", "sign")


@click.command(
    cls=Command,
    epilog="Examples:  crosswalk check claims.csv --to PACT:3.0  |  "
    "crosswalk check claims/ --to PACT:3.0 --out verdicts.parquet --resume --report run.html",
)
@click.argument("claims", nargs=-1, required=True, metavar="CLAIMS...")
@click.option("--to", metavar="CODE", help="The regime or scheme wanted, where a claim does not say.")
@click.option(
    "--out",
    metavar="FILE",
    help="Write the verdicts here instead of telling them: .parquet, .csv or .jsonl; without suffix, "
    "a folder of Parquet files.",
)
@click.option(
    "--errors", default="", metavar="FILE", help="Where rows that cannot be judged go (FILE.errors.csv)."
)
@click.option("--report", metavar="FILE", help="Write a page on the run (HTML), with or without --out.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Without --out: a report for people, or the same as JSON or Markdown.",
)
@full_option
@click.option("--as-of", metavar="DATE", help="Judge as on this day (today).")
@click.option(
    "--assume",
    multiple=True,
    metavar="NAME",
    help="Add the assumptions of a profile (see 'crosswalk profiles'), or of a Turtle file; may be repeated.",
)
@knowledge_option
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="The processors of this machine, or Spark.",
)
@click.option(
    "--workers", type=click.IntRange(1), metavar="N", help="Processes to use (one to each processor)."
)
@click.option("--resume", is_flag=True, help="Go on with what was begun; if nothing was, begin.")
@click.option("--overwrite", is_flag=True, help="Replace what is there, an unfinished run too.")
@click.option(
    "--encoding",
    type=click.Choice(["utf-8", "gb18030", "cp1252", "latin-1"]),
    help="What text is written in, where it cannot be told (UTF-8, else GB18030).",
)
@click.option(
    "--fail-on",
    type=click.Choice((*_WORST[::-1], *_LEVELS)),
    metavar="VERDICT|LEVEL",
    help="Exit with 1 if any claim comes out so or worse (conditional, undecided, not-assessable, refused, "
    "error), or is not proven up to a level (assessable, reference, method, rule, verification, result, "
    "label).",
)
@evidence_option
@sign_option
@click.option("--quiet", is_flag=True, help="With --out: show neither progress nor a summary.")
@lang_option
def command(
    claims: tuple[str, ...],
    out: str | None,
    report: str | None,
    form: str,
    full: bool,
    fail_on: str | None,
    quiet: bool,
    lang: str,
    to: str | None,
    as_of: str | None,
    assume: tuple[str, ...],
    knowledge: tuple[str, ...],
    workers: int | None,
    evidence: str | None,
    sign: str | None,
    **given: Any,
) -> int:
    """Judge every claim in CLAIMS: how far recognition is proven, what fails, what to ask for.

    CLAIMS are tables (CSV, JSONL, Parquet), folders of tables, patterns, JSON files with a claim or a list of
    them, or '-' for such JSON on standard input. A few are told on the screen. With --out any number is
    judged into files: a verdict a row, the rows that cannot be judged and why, and a manifest of what was
    read, known and written. Stopped at any moment, that goes on with --resume.
    """
    if out is None:
        told = {**given, "workers": workers, "evidence": evidence, "sign": sign}
        _only_in_runs([name for name in _OF_A_RUN if told[name] and told[name] != "local"])
        return _tell(
            claims, to, as_of, assume, knowledge, lang, form, full, fail_on, report, given["encoding"]
        )
    from crosswalk.checking.progress import progress
    from crosswalk.checking.run import Order, Places, recorded, run

    packing = Packing(evidence, sign)
    if as_of is None and given["resume"]:
        # What was begun yesterday is finished as of yesterday.
        as_of = recorded(out).get("as_of")
    order = Order(inputs=claims, out=out, workers=workers or 0, lang=lang, **given)
    begin = time.monotonic()
    asked = work(to, as_of, assume, knowledge, lang)
    made = run(order, asked, progress(lang, quiet=quiet))
    if report is not None:
        from crosswalk.report.run import counted

        _page(counted(made, order.out), report, knowledge, lang)
    if packing.folder is not None:
        from crosswalk.evidence import write_check

        places = Places.of(order.out, order.errors)
        outputs = (str(places.out), str(places.errors), str(places.manifest))
        found = made.counts.get("verdict", {})
        write_check(
            packing.folder, claims, asked, key=sign, outputs=outputs, encoding=order.encoding, counts=found
        )
    if not quiet:
        for line in _summary(made, order, time.monotonic() - begin):
            click.echo(line, err=True)
    return INCONSISTENT if fail_on and _fails(made.counts, made.failed, fail_on) else OK


def _only_in_runs(given: Sequence[str]) -> None:
    if given:
        from crosswalk.errors import UsageError

        raise UsageError("check-needs-out", options=", ".join(f"--{name}" for name in given))


def _tell(
    claims: tuple[str, ...],
    to: str | None,
    as_of: str | None,
    assume: tuple[str, ...],
    knowledge: tuple[str, ...],
    lang: str,
    form: str,
    full: bool,
    fail_on: str | None,
    page: str | None,
    encoding: str | None,
) -> int:
    """Judge claims in memory, and print what comes of them."""
    from crosswalk.profiles import with_profiles
    from crosswalk.recognition.check import check
    from crosswalk.recognition.work import target
    from crosswalk.report.markdown import verdicts_markdown
    from crosswalk.report.out import as_json, as_text
    from crosswalk.report.run import told
    from crosswalk.report.speaker import Speaker

    catalogue, names = with_profiles(assume, knowledge)
    found = check(
        list(claims), to=to, as_of=as_of, assume=names, encoding=encoding, lang=lang, catalogue=catalogue
    )
    counts = told(found, target(to, catalogue), names)
    if page is not None:
        _page(counts, page, knowledge, lang)
    if form == "json":
        emit(as_json(found.to_dict()))
    elif form == "markdown":
        emit(verdicts_markdown(found, Speaker(lang, catalogue, full)))
    else:
        emit(as_text([found], lang, catalogue, full=full, colour=coloured(None)))
    return INCONSISTENT if fail_on and _fails(counts.counts, counts.failed, fail_on) else OK


def _page(run: Run, path: str, knowledge: tuple[str, ...], lang: str) -> None:
    import crosswalk
    from crosswalk.report.out import write
    from crosswalk.report.page import page
    from crosswalk.report.speaker import Speaker

    write(page(run, Speaker(lang, crosswalk.load(knowledge))), path)


def work(
    to: str | None, as_of: str | None, assume: tuple[str, ...], knowledge: tuple[str, ...], lang: str
) -> Work:
    """Return what is done with each chunk; here, and only here, it is said what judging is."""
    from importlib import import_module

    made: Work = import_module("crosswalk.recognition.work").work(
        to=to, as_of=as_of, assume=assume, knowledge=knowledge, lang=lang
    )
    return made


def _fails(counts: Mapping[str, Mapping[str, int]], failed: int, on: str) -> bool:
    """Whether any claim came out as bad as that, or is not proven up to that level."""
    if on in _LEVELS:
        found = counts.get("open", {})
        return bool(failed) or any(found.get(one) for one in _LEVELS[: _LEVELS.index(on) + 1])
    found = {**counts.get("verdict", {}), "error": failed}
    return any(found.get(one) for one in _WORST[: _WORST.index(on) + 1])


def _summary(made: Manifest, order: Order, seconds: float) -> list[str]:
    from crosswalk.checking.run import Places
    from crosswalk.messages import say

    lang, places = order.lang, Places.of(order.out, order.errors)
    lines = [
        say(
            "check.done",
            lang,
            rows=f"{made.rows:,}",
            verdicts=f"{made.verdicts:,}",
            failed=f"{made.failed:,}",
            seconds=f"{seconds:.1f}",
            rate=f"{made.rows / max(seconds, 1e-9):,.0f}",
        )
    ]
    if found := made.counts.get("verdict"):
        lines.append(say("check.verdicts", lang, list=_listed(found)))
    if found := made.counts.get("level"):
        lines.append(say("check.levels", lang, list=_listed(found, by_name=True)))
    reasons = {name: count for name, count in made.counts.get("reasons", {}).items() if name}
    if reasons:
        lines.append(say("check.reasons", lang, list=_listed(reasons)))
    if made.codes:
        lines.append(say("check.failed", lang, list=_listed(made.codes), path=str(places.errors)))
    for one in made.unused:
        names = ", ".join(one.names[:_SHOWN]) + (" …" if one.count > _SHOWN else "")
        lines.append(say("check.unused", lang, path=one.path, count=one.count, names=names))
    for read in made.run.inputs:
        if read.encoding not in ("", "utf-8") and order.encoding is None:
            lines.append(say("check.encoding", lang, path=read.path, encoding=read.encoding))
    lines.append(say("check.written", lang, out=order.out, manifest=str(places.manifest)))
    return lines


def _listed(found: dict[str, int], *, by_name: bool = False) -> str:
    ordered = sorted(found.items(), key=lambda one: one[0] if by_name else (-one[1], one[0]))
    return ", ".join(f"{name or '–'} {count:,}" for name, count in ordered[:_SHOWN])

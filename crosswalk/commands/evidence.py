"""``crosswalk evidence``: check evidence packs, and make keys to sign them with."""

from __future__ import annotations

import click

from crosswalk.commands._shared import (
    INCONSISTENT,
    OK,
    Command,
    emit,
    form_option,
    knowledge_option,
    lang_option,
    out_option,
)


class _Group(click.Group):
    """A group whose commands report our errors."""

    command_class = Command


@click.group("evidence", cls=_Group, epilog="Example:  crosswalk evidence verify pack/")
def command() -> None:
    """Check evidence packs ('convert --evidence DIR' writes one), and make keys to sign them with."""


@command.command("verify", epilog="Examples:  crosswalk evidence verify pack/  |  "
                 "crosswalk evidence verify pack/ --key maker.pub")  # fmt: skip
@click.argument("folder", metavar="DIR")
@click.option("--key", metavar="PUBLIC", help="The public key that must have signed it: a file, or its text.")
@knowledge_option
@form_option
@out_option
@lang_option
def verify(
    folder: str, key: str | None, knowledge: tuple[str, ...], form: str, out: str | None, lang: str
) -> int:
    """Check the pack in DIR: hashes, signature, certificates, and the answer, asked again.

    Exits with 0 if everything that can be checked here holds, else with 1. Needs no network.
    """
    from crosswalk import evidence
    from crosswalk.report.evidence import lines
    from crosswalk.report.out import as_json

    found = evidence.verify(folder, key, knowledge=knowledge)
    emit(as_json(found.to_dict()) if form == "json" else "\n".join(lines(found, lang)) + "\n", out)
    return OK if found.holds else INCONSISTENT


@command.command("keygen", epilog="Example:  crosswalk evidence keygen maker.pem")
@click.argument("file")
@lang_option
def keygen(file: str, lang: str) -> int:
    """Write a new Ed25519 private key to FILE and the public one to FILE.pub, and print the public one."""
    from crosswalk.evidence.signing import generate

    emit(generate(file) + "\n")
    return OK

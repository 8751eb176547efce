"""``crosswalk map``: from a code to the codes of another classification, or a reason why not."""

from __future__ import annotations

from typing import Any

import click

from crosswalk.commands._shared import OK, Command, reporting, show


@click.command(
    cls=Command,
    epilog="Examples:  crosswalk map CN:29012100 --to CPC  |  crosswalk map 'CPC 2.1:34110' --to 'CPC 3.0'",
)
@click.argument("code")
@click.option(
    "--to", required=True, metavar="NAME", help="A classification (CPC, 'CPC 2.1') or one of its codes."
)
@reporting
def command(code: str, to: str, **shown: Any) -> int:
    """Map a code (CN:29012100) or a product to another classification: path, relation, reason."""
    import crosswalk
    from crosswalk.mappings import load_mappings, map_code

    found = map_code(code, to, mappings=load_mappings(shown["knowledge"]))
    show([found], crosswalk.load(shown["knowledge"]), **shown)
    return OK

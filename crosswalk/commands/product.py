"""``crosswalk product``: what a product is, and its codes in every classification."""

from __future__ import annotations

from typing import Any

import click

from crosswalk.commands._shared import OK, Command, reporting, show


@click.command(
    cls=Command,
    epilog="Examples:  crosswalk product ethylene  |  crosswalk product 乙烯  |  crosswalk product 290121",
)
@click.argument("name")
@reporting
def command(name: str, **shown: Any) -> int:
    """Show a product by name, in English or Chinese, or by a code."""
    import crosswalk
    from crosswalk.mappings import find_product, load_mappings

    found = find_product(name, mappings=load_mappings(shown["knowledge"]))
    show([found], crosswalk.load(shown["knowledge"]), **shown)
    return OK

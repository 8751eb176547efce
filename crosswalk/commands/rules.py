"""``crosswalk rules``: the rules claims are judged by, and the arrangements between schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crosswalk.commands._shared import OK, Command, emit, reporting, show
from crosswalk.errors import UsageError

if TYPE_CHECKING:
    from crosswalk.knowledge.recognition import Rule

_PREFIXES = ("claim", "rule", "pack", "level", "source")


@click.command(
    cls=Command,
    epilog="Examples:  crosswalk rules  |  crosswalk rules R08  |  crosswalk rules pact --lang zh  |  "
    "crosswalk rules R08 --shacl",
)
@click.argument("code", required=False)
@click.option("--shacl", is_flag=True, help="Print the rule as it stands in the knowledge: SHACL in Turtle.")
@reporting
def command(code: str | None, shacl: bool, **shown: Any) -> int:
    """List the rules of recognition by pack, or show a rule, a pack or an arrangement by its CODE."""
    import crosswalk
    from crosswalk.knowledge.recognition import Rule
    from crosswalk.recognition.rules import find, rules

    catalogue = crosswalk.load(shown["knowledge"])
    found = find(code, catalogue) if code else rules(catalogue=catalogue)
    if not shacl:
        show([found], catalogue, **shown)
        return OK
    if not isinstance(found, Rule):
        raise UsageError("rules-shacl")
    emit(_turtle(found, shown["knowledge"]), shown["out"])
    return OK


def _turtle(rule: Rule, knowledge: tuple[str, ...]) -> str:
    """Return all that the knowledge says of a rule, and of the nameless nodes that hang from it."""
    from rdflib import URIRef

    import crosswalk
    from crosswalk.knowledge.index import BASE, CW

    found = crosswalk.graph(knowledge).cbd(URIRef(rule.iri))
    for prefix, iri in {"cw": CW, **{one: f"{BASE}{one}#" for one in _PREFIXES}}.items():
        found.bind(prefix, iri, override=True, replace=True)
    return found.serialize(format="turtle")

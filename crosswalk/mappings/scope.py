"""Tests of scope (CBAM): rules of prefixes with exceptions, each for an edition, never lists of codes."""

from __future__ import annotations

from crosswalk.errors import UnknownNameError
from crosswalk.mappings.records import Mappings, Scope, ScopeRule


def in_scope(code: str, mappings: Mappings, scope: str = "CBAM") -> Scope:
    """Return whether a CN or HS code is in a scope, by the newest edition of its rules.

    ``listed`` is ``None`` where only a part of what the code holds is in. Raises
    ``UnknownNameError`` for a scope that is not described.

    >>> from crosswalk.mappings import load_mappings
    >>> found = load_mappings()
    >>> in_scope("2814 10 00", found).listed, in_scope("31056000", found).listed
    (True, False)
    >>> print(in_scope("250700", found).listed)
    None
    """
    return in_scope_all([code], mappings, scope)


def in_scope_all(codes: list[str], mappings: Mappings, scope: str = "CBAM") -> Scope:
    """Return whether what several codes hold together is in a scope."""
    rules = _newest(mappings, scope)
    digits = ["".join(filter(str.isdigit, code)) for code in codes]
    answers = [_one(code, rules) for code in digits]
    listed = {answer for answer, _ in answers}
    deciding = [rule for _, rule in answers if rule is not None]
    goods = {rule.good for rule in deciding if rule.listed}
    one = rules[0]
    return Scope(
        scope=one.scope,
        edition=one.edition,
        rests_on=one.rests_on,
        listed=listed.pop() if len(listed) == 1 else None,
        good=goods.pop() if len(goods) == 1 else None,
        rule=", ".join(dict.fromkeys(rule.prefix for rule in deciding)),
        evidence=one.evidence,
        sources=one.sources,
    )


def scopes(mappings: Mappings) -> tuple[str, ...]:
    """Return the scopes that are described."""
    return tuple(dict.fromkeys(rule.scope for rule in mappings.rules))


def _newest(mappings: Mappings, scope: str) -> list[ScopeRule]:
    rules = [rule for rule in mappings.rules if rule.scope == scope]
    if not rules:
        raise UnknownNameError("scope-unknown", name=scope, near=", ".join(scopes(mappings)))
    newest = max(rule.edition for rule in rules)
    return [rule for rule in rules if rule.edition == newest]


def _one(code: str, rules: list[ScopeRule]) -> tuple[bool | None, ScopeRule | None]:
    above = [rule for rule in rules if code.startswith(rule.prefix)]
    deciding = max(above, key=lambda rule: len(rule.prefix), default=None)
    listed = deciding is not None and deciding.listed
    # A rule for a part of the code that says otherwise leaves the whole open.
    parts = [rule for rule in rules if rule.prefix.startswith(code) and rule.prefix != code]
    return (None if any(rule.listed != listed for rule in parts) else listed), deciding

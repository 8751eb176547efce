"""The regular expressions a rule may use: those that mean the same to every engine that reads rules.

``sh:pattern`` speaks the dialect of SPARQL; pySHACL reads it with Python's ``re``, a compiled rule with
Rust's ``regex``. They agree on literals, ``.``, classes of characters and ranges, groups, alternatives and
greedy repetition. Where they do not (``\\d`` and ``\\b`` beyond ASCII, look-around, back references, set
operations in a class, ``{,n}``, flags), a pattern is refused.
"""

from __future__ import annotations

import re

_ESCAPED = r"\\[.\-+*?()\[\]{}|^$\\]"
_MEMBER = rf"(?:{_ESCAPED}|[0-9A-Za-z _./:;,+%#=@]|[^\x00-\x7f])"
_TOKEN = re.compile(
    rf"""(?P<atom>{_ESCAPED}|\[\^?(?:{_MEMBER}(?:-{_MEMBER})?)+\]|[^\\\[\]{{}}()|^$*+?\x00-\x1f\x7f])
    |(?P<times>[*+?]|\{{[0-9]{{1,3}}(?:,(?:[0-9]{{1,3}})?)?\}})
    |(?P<open>\((?:\?:)?)
    |(?P<close>\))
    |(?P<either>\|)""",
    re.VERBOSE,
)


def common(pattern: str) -> bool:
    """Whether a pattern is anchored at both ends and within what all engines read alike.

    >>> common("^[A-Z]{2}(-[0-9]+)?$"), common("^(?:a|b)$")
    (True, True)
    >>> [common(one) for one in ("[A-Z]{2}", "^a|b$", r"^\\d+$", "^a++$", "^(?i:a)$", "^[a&&b]$")]
    [False, False, False, False, False, False]
    """
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return False
    body, place, depth, repeatable = pattern[1:-1], 0, 0, False
    while place < len(body):
        token = _TOKEN.match(body, place)
        if token is None:
            return False
        kind, place = token.lastgroup, token.end()
        if kind == "times" and not repeatable:
            return False
        if kind == "either" and depth == 0:
            # An alternative at the outermost level would leave one of the two anchors.
            return False
        depth += {"open": 1, "close": -1}.get(kind or "", 0)
        if depth < 0:
            return False
        repeatable = kind in ("atom", "close")
    return depth == 0 and _compiles(pattern)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        return False
    return True

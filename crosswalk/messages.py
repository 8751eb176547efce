"""Sentences people read, in English and Chinese, by message code.

They stand in ``messages.toml`` beside this file, one table per code with ``en`` and ``zh``;
``{name}`` is filled from the values given.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from crosswalk.knowledge.records import Text


@cache
def _messages() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("crosswalk").joinpath("messages.toml").read_text("utf-8"))


def say(code: str, lang: str = "en", **values: Any) -> str:
    """Return the sentence ``code`` in ``lang``, filled with ``values``; a ``Text`` speaks ``lang`` too.

    >>> say("word.bounded")
    'bounded'
    """
    spoken = {name: value.get(lang) if isinstance(value, Text) else value for name, value in values.items()}
    return _messages()[code][lang].format(**spoken)


def both(code: str, **values: Any) -> Text:
    """Return the sentence ``code`` in both languages."""
    return Text(en=say(code, "en", **values), zh=say(code, "zh", **values))


def codes() -> frozenset[str]:
    """Return all message codes."""
    return frozenset(_messages())


def pattern(code: str, lang: str = "en") -> str:
    """Return the sentence ``code`` with dots in the place of what fills it.

    >>> pattern("report.clause")
    'clause …'
    """
    gaps = {name: "…" for _, name, _, _ in Formatter().parse(_messages()[code][lang]) if name}
    return _messages()[code][lang].format(**gaps)

"""Sentences people read, in English and Chinese, by message code.

They stand in ``messages.toml`` beside this file, one table per code with ``en`` and ``zh``;
``{name}`` is filled from the values given.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _messages() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("crosswalk.report").joinpath("messages.toml").read_text("utf-8"))


def say(code: str, lang: str = "en", **values: Any) -> str:
    """Return the sentence ``code`` in ``lang``, filled with ``values``.

    >>> say("word.bounded")
    'bounded'
    """
    return _messages()[code][lang].format(**values)


def codes() -> frozenset[str]:
    """Return all message codes."""
    return frozenset(_messages())

"""``crosswalk.convert``: what its arguments may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosswalk import convert
from crosswalk.errors import UsageError

EXAMPLE = Path(__file__).parents[1] / "examples" / "polyethylene.json"


def test_one_name_is_a_list_of_one() -> None:
    one = convert(EXAMPLE, to="PACT:3.0", assume="fossil-polymer", allow="estimated")
    several = convert(EXAMPLE, to="PACT:3.0", assume=["fossil-polymer"], allow=["estimated"])
    assert one == several


def test_one_word_that_is_not_known_is_named_whole() -> None:
    with pytest.raises(UsageError) as caught:
        convert(EXAMPLE, to="PACT:3.0", allow="guessed")
    assert caught.value.values["word"] == "guessed"

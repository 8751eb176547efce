"""What tests share: how examples are drawn, and a command line called in this process."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import settings

from crosswalk import cli

# The suite draws the same examples on every run, so that it says the same of the same code; `make fuzz`
# draws fresh ones. No test of this project depends on a clock.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("fresh", derandomize=False, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def call(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as exit_:
            cli.main(arguments)
        shown = capsys.readouterr()
        assert isinstance(exit_.value.code, int)
        return Done(exit_.value.code, shown.out, shown.err)

    return call

"""Work of which the verdicts can be reckoned by hand, in place of the judging of claims.

Imported by the processes of a run too, so it stands in a module of its own.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from crosswalk.checking.work import Judge, Where

VERDICT = pl.Enum(["recognised", "refused", "undecided"])
KNOWN = ("id", "regime", "total", "product.name", "databases", "place")


def judge(raw: pl.DataFrame, where: Where) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Recognise PACT, refuse what begins with I, leave the rest open; a row without a total is an error."""
    for name in KNOWN:
        if name not in raw.columns:
            raw = raw.with_columns(pl.lit(None, pl.String).alias(name))
    raw = raw.with_columns(where.rows.alias("row"))
    total = pl.col("total").cast(pl.String).cast(pl.Float64, strict=False)
    bad = raw.filter(total.is_null()).select(
        pl.lit(where.file).alias("file"),
        "row",
        pl.lit("total").alias("field"),
        pl.lit("no-total").alias("code"),
        pl.col("total").cast(pl.String).fill_null("").alias("value"),
        pl.lit("no total").alias("reason"),
    )
    regime = pl.col("regime").fill_null("")
    verdict = (
        pl.when(regime.str.starts_with("PACT"))
        .then(pl.lit("recognised"))
        .when(regime.str.starts_with("I"))
        .then(pl.lit("refused"))
        .otherwise(pl.lit("undecided"))
    )
    good = raw.filter(total.is_not_null()).select(
        "row",
        pl.col("id").cast(pl.String),
        pl.col("regime").alias("source"),
        verdict.cast(VERDICT).alias("verdict"),
        pl.when(verdict == "recognised").then(5).otherwise(1).cast(pl.UInt8).alias("level"),
        pl.when(verdict == "refused").then(pl.lit("R08:fail;R11:unknown")).otherwise(None).alias("reasons"),
        (total * 0.9).alias("low"),
        (total * 1.1).alias("high"),
    )
    return good, bad


@dataclass(frozen=True)
class Plain:
    """The work as such; ``slow`` seconds a chunk leave time to kill it."""

    to: str = "PACT:3.0"
    slow: float = 0.0

    def judge(self) -> Judge:
        def slowly(raw: pl.DataFrame, where: Where) -> tuple[pl.DataFrame, pl.DataFrame]:
            time.sleep(self.slow)
            return judge(raw, where)

        return slowly if self.slow else judge

    def columns(self, names: Sequence[str]) -> Sequence[str]:
        return [name for name in names if name in KNOWN]

    def identity(self) -> Mapping[str, str]:
        return {"to": self.to, "knowledge": "1"}


@dataclass(frozen=True)
class Failing(Plain):
    """Fails once at the row ``at``, as a disk may, or dies, as of a process without memory."""

    marker: str = ""
    at: int = 0
    dies: bool = False
    always: bool = False

    def judge(self) -> Judge:
        def once(raw: pl.DataFrame, where: Where) -> tuple[pl.DataFrame, pl.DataFrame]:
            marker = Path(self.marker)
            if self.at in where.rows and (self.always or not marker.exists()):
                marker.touch()
                if self.dies:
                    os.kill(os.getpid(), signal.SIGKILL)
                raise OSError(5, "Input/output error")
            return judge(raw, where)

        return once


@dataclass(frozen=True)
class Fragile(Plain):
    """Breaks on rows named ``broken``."""

    def judge(self) -> Judge:
        def breaking(raw: pl.DataFrame, where: Where) -> tuple[pl.DataFrame, pl.DataFrame]:
            if (raw["id"] == "broken").any():
                raise ValueError("this one\nbreaks")
            return judge(raw, where)

        return breaking


@dataclass(frozen=True)
class Forgetful(Plain):
    """Loses a row, which must not pass."""

    def judge(self) -> Judge:
        def losing(raw: pl.DataFrame, where: Where) -> tuple[pl.DataFrame, pl.DataFrame]:
            good, bad = judge(raw, where)
            return good[1:], bad

        return losing

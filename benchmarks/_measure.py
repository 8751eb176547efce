"""What the benchmarks share: medians of repeated runs, and a table with ratios to its first line."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def process(arguments: Sequence[str], *, runs: int = 9, env: Mapping[str, str] | None = None) -> float:
    """Return the median time of a whole Python process, after one that is not counted."""

    def once() -> float:
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdout=subprocess.DEVNULL,
            check=False,
        )
        taken = time.perf_counter() - start
        # 3 is a refusal, which is an answer.
        if done.returncode not in (0, 3):
            raise SystemExit(f"exit code {done.returncode}: {' '.join(arguments)}")
        return taken

    once()
    return statistics.median(once() for _ in range(runs))


def call(job: Callable[[], object], *, seconds: float = 1.0, most: int = 2000) -> float:
    """Return the median time of a call in this process, after one that is not counted."""
    job()
    taken: list[float] = []
    until = time.perf_counter() + seconds
    while len(taken) < 5 or (time.perf_counter() < until and len(taken) < most):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def table(title: str, rows: Mapping[str, float], goals: Mapping[str, float] | None = None) -> None:
    """Print medians in milliseconds, each with its ratio to the first and the goal it is held to."""
    print(f"{title}  (Python {platform.python_version()}, {os.cpu_count()} cores; medians)")
    first = next(iter(rows.values()))
    for name, seconds in rows.items():
        goal = (goals or {}).get(name)
        aim = "" if goal is None else f"   goal {goal * 1000:g} ms"
        print(f"  {name:<46}{seconds * 1000:10.2f} ms {seconds / first:9.2f} ×{aim}")

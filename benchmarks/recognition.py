"""``crosswalk check`` on synthetic claims: claims a second, memory, shares of time, and pySHACL a claim.

Ten million claims take two minutes and half a gigabyte of disk. ``ROWS=2000000 python
benchmarks/recognition.py`` takes fewer, of which start-up is a larger part.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars as pl
from claims import table, write

from crosswalk.api import graph
from crosswalk.checking.work import Where
from crosswalk.evidence.claims_rdf import claims_turtle
from crosswalk.knowledge.load import load
from crosswalk.recognition.judge import Asked, Judge
from crosswalk.recognition.shapes import shapes_of_rules, violations
from crosswalk.recognition.value import Valuer

ROWS = int(os.environ.get("ROWS", "10000000"))
PART = 1_000_000
AS_OF = date(2026, 6, 30)
#: Claims that pySHACL is asked about, one shapes graph of all rules, as written and lenient.
SAMPLE = 20
CHUNK = 131_072


def memory(root: int) -> float:
    """Return the memory of a process and all below it in MiB, mapped files left out, shared counted once."""
    total, todo = 0, [root]
    while todo:
        process = todo.pop()
        try:
            rolled = Path(f"/proc/{process}/smaps_rollup").read_text()
            total += int(rolled.split("Pss_Anon:")[1].split()[0])
            children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        except (OSError, IndexError):
            continue
        todo += map(int, children)
    return total / 1024


def check(folder: Path, out: Path, workers: int) -> tuple[float, float]:
    """Run the command; return its seconds, start-up and all, and the peak of its memory in MiB."""
    command = [sys.executable, "-c", "from crosswalk.cli import main; main()", "check", str(folder)]
    options = ["--as-of", AS_OF.isoformat(), "--workers", str(workers), "--overwrite", "--quiet"]
    start, peak = time.perf_counter(), 0.0
    running = subprocess.Popen([*command, "--out", str(out), *options])
    while running.poll() is None:
        peak = max(peak, memory(running.pid))
        time.sleep(0.2)
    if running.returncode:
        raise SystemExit(running.returncode)
    return time.perf_counter() - start, peak


def chunk(claims: pl.DataFrame) -> tuple[pl.DataFrame, Where]:
    """Return claims as the judge is given them."""
    rows = pl.Series("row", range(claims.height), dtype=pl.UInt64)
    return claims, Where("bench", rows, rows)


@contextmanager
def measured(where: dict[str, float], name: str) -> Iterator[None]:
    """Add the processor time of a block."""
    start = time.process_time()
    yield
    where[name] = where.get(name, 0.0) + time.process_time() - start


def shares(path: Path, folder: Path) -> dict[str, float]:
    """Return the processor time of the steps of one chunk, in one process that is warm."""
    judge = Judge(load(), Asked(None, AS_OF))
    claims = pl.read_parquet(path)[:CHUNK]
    judge.judge(*chunk(claims))
    taken: dict[str, float] = {}
    with measured(taken, "reading"):
        claims = pl.scan_parquet(path).slice(0, CHUNK).collect()
    plain = Valuer.values

    def bounds(self: Valuer, *given: object) -> object:
        with measured(taken, "bounds"):
            return plain(self, *given)  # type: ignore[arg-type]  # handed through as they come

    Valuer.values = bounds  # type: ignore[assignment,method-assign]  # so that its share is seen
    with measured(taken, "judging"):
        verdicts, _ = judge.judge(*chunk(claims))
    Valuer.values = plain  # type: ignore[method-assign]  # as it was
    taken["rules, levels, reasons"] = taken.pop("judging") - taken["bounds"]
    with measured(taken, "writing"):
        verdicts.write_parquet(folder / "one.parquet")
    return taken


def oracle() -> float:
    """Return the seconds pySHACL takes for a claim and all rules, as written and lenient."""
    known = load()
    judge = Judge(known, Asked(None, AS_OF))
    claims = judge.examine(*chunk(table(SAMPLE, kinds=SAMPLE))).claims
    turtle = claims_turtle(list(range(SAMPLE)), claims, known.recognition.fields)
    rules = [rule.iri for rule in known.recognition.rules.values()]
    shapes = [shapes_of_rules(graph(), rules, lenient=lenient) for lenient in (False, True)]
    from rdflib import Graph

    stated = Graph().parse(data=turtle, format="turtle")
    start = time.perf_counter()
    for one in shapes:
        violations(stated, one)
    return (time.perf_counter() - start) / SAMPLE


def main() -> None:
    """Print claims a second, end to end, with what they are to be compared with."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        parts = write(folder / "claims", ROWS, PART)
        size = sum(path.stat().st_size for path in parts) / 2**20
        claims = pl.read_parquet(parts[0], n_rows=1)
        print(
            f"{ROWS:,} claims, {claims.width} columns, {len(load().recognition.rules)} rules, {size:,.0f} MiB"
        )
        seconds, peak = check(folder / "claims", folder / "verdicts.parquet", 2)
        one, _ = check(folder / "claims", folder / "one.parquet", 1)
        start = time.perf_counter()
        pl.scan_parquet(folder / "claims").sink_parquet(folder / "copy.parquet")
        copied = time.perf_counter() - start
        write(folder / "hard", min(ROWS, 200_000), PART, kinds=10**9)
        hard, _ = check(folder / "hard", folder / "hard.parquet", 2)
        each = oracle()
        rate = ROWS / seconds
        print(f"  {'end to end, 2 processes':<52}{rate:12,.0f} claims/s   peak {peak:,.0f} MiB in all")
        print(f"  {'end to end, 1 process':<52}{ROWS / one:12,.0f} claims/s")
        print(f"  {'plain scan and write of the same table':<52}{ROWS / copied:12,.0f} claims/s")
        print(
            f"  {'every field of every claim drawn by itself':<52}{min(ROWS, 200_000) / hard:12,.0f} claims/s"
        )
        print(f"  {'pySHACL, the same rules, a claim at a time':<52}{1 / each:12,.1f} claims/s")
        print(f"  check is {rate * each:,.0f} × pySHACL, and {rate / (ROWS / copied):.1%} of scan and write")
        taken = shares(parts[0], folder)
        whole = sum(taken.values())
        told = ", ".join(f"{name} {spent / whole:.0%}" for name, spent in taken.items())
        print(f"  of the processor time of a warm chunk, {whole / CHUNK * 1e6:.2f} µs a claim: {told}")


if __name__ == "__main__":
    main()

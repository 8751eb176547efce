"""Bounds for a million footprints: the kernel, the table, one linear program a row, and plain reading."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from crosswalk.engine.cells import Floats
from crosswalk.engine.compiled import Compiled, Structure, compiled
from crosswalk.formats import read
from crosswalk.knowledge.load import load
from crosswalk.lookup import find_regime, universe_of
from crosswalk.table import convert_table

ROWS = 1_000_000
SAMPLE = 300
#: What all rows share; the total and three gases are disclosed, other gases may be there.
COMMON = {
    "crosswalk": "footprint/1",
    "declared_unit": "kg",
    "regime": "GBT:24067-2024",
    "method": {
        "boundary": "cradle-to-gate",
        "gwp-set": "ar5-28",
        "ghg-set": "ipcc-all",
        "capital-goods": "excluded",
        "overheads": "excluded",
        "packaging": "included",
        "cut-off": "none",
    },
    "absent": ["land", "aircraft", "captured", "technical-removal", "biogenic", "stored-carbon", "gas.other"],
    "exempted_share": 0,
}
COLUMNS = ("total", "gases.CO2.fossil", "gases.CH4.fossil", "stages.raw")


def table(count: int) -> pd.DataFrame:
    """Synthetic footprints that hold together: a total, two gases, a stage."""
    rng = np.random.default_rng(1)
    co2, methane, nitrous = (
        rng.lognormal(0.6, 0.5, count),
        rng.lognormal(-4.5, 0.5, count),
        rng.lognormal(-9, 0.5, count),
    )
    total = co2 + 28 * methane + 265 * nitrous
    values = (total, co2, methane, total * rng.uniform(0.2, 0.8, count))
    return pd.DataFrame(
        {name: value.round(digits) for name, value, digits in zip(COLUMNS, values, (3, 4, 6, 3), strict=True)}
    )


def ends(frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """Both ends of every number."""
    half = 0.5 * 10.0 ** -np.array([3.0, 4, 6, 3])
    values = frame.to_numpy()
    return values - half, values + half


def prepared() -> Compiled:
    """The structure of the table on its way to PACT."""
    catalogue = load()
    payload = {
        **COMMON,
        "total": "3.000",
        "stages": {"raw": "1.000"},
        "gases": [
            {"gas": "CO2", "origin": "fossil", "mass": "2.0000"},
            {"gas": "CH4", "origin": "fossil", "mass": "0.010000"},
        ],
    }
    footprint = read(payload, catalogue)
    source, target = (find_regime(name, catalogue) for name in ("GBT:24067-2024", "PACT:3.0"))
    return compiled(Structure.of(footprint, source, target, None), universe_of(catalogue))


def programs(structure: Compiled, low: Floats, high: Floats) -> int:
    """One pair of linear programs a row, by SciPy; returns how many rows."""
    problem = next(structure.problems()).total
    matrix, cost = problem.kernel.matrix, problem.costs[0]
    upper = np.vstack([matrix, -matrix])
    for row in range(len(low)):
        right = np.concatenate([high[row], -low[row]])
        for sign in (1, -1):
            linprog(sign * cost, A_ub=upper, b_ub=right, bounds=(0, None), method="highs")
    return len(low)


def timed(job: Callable[[], object]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def main() -> None:
    """Print rows a second, each with its ratio to one linear program a row."""
    frame = table(ROWS)
    low, high = ends(frame)
    order = [0, 1, 2, 3]
    low, high = low[:, order], high[:, order]
    structure = prepared()
    stated = [disclosure.path for disclosure in structure.study.footprint.disclosures]
    assert stated[-1] == "stages.raw", stated
    structure.bounds(low[:100], high[:100])
    one_by_one = SAMPLE / timed(lambda: programs(structure, low[:SAMPLE], high[:SAMPLE]))
    bounded = ROWS / min(timed(lambda: structure.bounds(low, high)) for _ in range(3))
    plain = ROWS / min(timed(lambda: (low * 1.0000001).copy()) for _ in range(3))
    whole = ROWS / timed(lambda: convert_table(frame, to="PACT:3.0", template=COMMON))
    lower, upper, fits = structure.bounds(low, high)
    closed = np.isfinite(upper)
    print(
        f"bounds for {ROWS:,} rows, {len(stated)} numbers each, {structure.count} scenario(s); "
        f"{fits.mean():.1%} fit, {closed.mean():.1%} closed; "
        f"median width {np.median((upper - lower)[closed]):.3g}"
    )
    for name, rate in (
        ("one linear program a row (SciPy)", one_by_one),
        ("bounds alone", bounded),
        ("a table in, a table out", whole),
        ("plain read, multiply, write of the same numbers", plain),
    ):
        print(f"  {name:<50}{rate:14,.0f} rows/s {rate / one_by_one:12,.0f} ×")
    print(f"  bounds reach {bounded / plain:.2%} of plain read, multiply, write")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(3):
        structure.bounds(low, high)
    again = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  memory: peak {peak / 1024:,.0f} MiB, after three million rows more {again / 1024:,.0f} MiB")


if __name__ == "__main__":
    main()

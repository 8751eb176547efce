"""A table of synthetic claims, as exports of suppliers look: few kinds, each with numbers of its own.

Each supplier states the same fields in the same words for all its products (a *kind*); totals, shares and
dates differ from claim to claim. With as many kinds as claims every field is drawn by itself, which no
table of anybody looks like: the hardest case.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

_WORDS: dict[str, tuple[tuple[str, ...], float]] = {
    "product.name": (("polyethylene", "ethylene", "urea", "hydrogen", "steel"), 0.0),
    "goods": (("390120", "290121", "310210", "280410", "720851"), 0.3),
    "regime": (("TFS:3.0", "PACT:3.0", "CATENAX:4", "GBT:24067-2024"), 0.01),
    "claimed": (("value", "value", "rule", "verification", "method"), 0.0),
    "method.gwp-set": (("ar6-t715", "ar5-28"), 0.0),
    "method.boundary": (("cradle-to-gate",), 0.0),
    "tolerance": (("5%", "10%"), 0.4),
    "verification.kind": (("none", "self", "statement", "certificate", "programme"), 0.2),
    "verification.party": (("first", "second", "third"), 0.3),
    "verification.body": (("verifier one", "verifier two"), 0.3),
    "verification.standard": (("iso-14064-3", "cx-tfs-verification", "other"), 0.3),
    "verification.accreditation": (("iso-17029", "iso-14065", "none"), 0.3),
    "verification.accreditor": (("CNAS", "DAkkS", "UKAS", "ANAB"), 0.4),
    "verification.assurance": (("limited", "reasonable"), 0.3),
    "exempted_share": (("0", "0.01", "0.02", "0.03", "0.05"), 0.3),
    "allocation": (("none", "physical", "economic", "substitution"), 0.2),
    "recycling": (("none", "cut-off", "upstream-expansion"), 0.2),
    "waste_to_energy": (("none", "cut-off", "reverse-cut-off"), 0.2),
    "mass_balance": (("none", "attribution", "credit"), 0.2),
    "databases": (("EF 3.1", "ecoinvent 3.10", "CPCD 2025"), 0.3),
    "statement.kind": (("none", "none", "none", "method-consistency"), 0.4),
}
_FLAGS = {
    "verification.appointed": 0.5,
    "verification.upstream": 0.6,
    "completeness_screening": 0.8,
    "custody_conditions": 0.5,
    "book_and_claim": 0.1,
    "residual_mix": 0.7,
    "both_totals": 0.8,
    "annual_review": 0.7,
    "recalculated": 0.2,
    "delta_statement": 0.2,
    "programme.certificate": 0.5,
    "prospective": 0.05,
}
_NUMBERS = {
    "carbon.biogenic_content": (0.0, 0.2, 3, 0.7),
    "verification.coverage": (0.5, 1.0, 2, 0.4),
    "verification.third_party_share": (0.0, 1.0, 2, 0.4),
    "primary_data_share": (0.0, 1.0, 2, 0.2),
    "data_quality": (1.0, 5.0, 1, 0.4),
    "change_share": (0.0, 0.3, 2, 0.4),
    "biogenic_share": (0.0, 0.2, 2, 0.5),
}
_DAYS = {
    "period.start": (-400, 0, 0.1),
    "period.end": (0, 1000, 0.1),
    "calculated": (0, 1400, 0.1),
    "valid_until": (1000, 2500, 0.3),
    "verification.date": (0, 1400, 0.4),
}
_WHOLE = {"price_years": (1, 5), "activity_years": (1, 5)}
_START = (date(2023, 1, 1) - date(1970, 1, 1)).days


def table(
    count: int, *, kinds: int = 40, targets: tuple[str, ...] = ("CATENAX:4", "PACT:3.0"), seed: int = 1
) -> pl.DataFrame:
    """Return so many claims of so many kinds, the same for the same seed."""
    rng = np.random.default_rng(seed)
    shared = np.random.default_rng(7)
    which = rng.integers(0, kinds, count) if kinds < count else np.arange(count)
    size = min(kinds, count)
    columns: dict[str, pl.Series] = {"id": pl.Series([f"claim {place}" for place in range(count)])}

    def given(lack: float, values: pl.Series) -> pl.Series:
        keep = pl.Series(shared.random(size) >= lack)[which]
        return pl.select(pl.when(keep).then(values)).to_series()

    for name, (words, lack) in {**_WORDS, "target": (targets, 0.0)}.items():
        columns[name] = given(lack, pl.Series(list(words))[shared.integers(0, len(words), size)][which])
    for name, share in _FLAGS.items():
        columns[name] = given(0.25, pl.Series(shared.random(size) < share)[which])
    for name, (low, high) in _WHOLE.items():
        columns[name] = given(0.2, pl.Series(shared.integers(low, high, size))[which])
    for name, (least, most, digits, lack) in _NUMBERS.items():
        columns[name] = given(lack, pl.Series(rng.uniform(least, most, count).round(digits)))
    for name, (first, last, lack) in _DAYS.items():
        day = rng.integers(_START + first, _START + last, count).astype(np.int32)
        columns[name] = given(lack, pl.Series(day).cast(pl.Date))
    total = rng.uniform(0.5, 6, count).round(3)
    columns["total"] = pl.Series(total)
    columns["asserted"] = pl.Series((total * rng.choice([1, 1.01, 1.2], count)).round(2))
    return pl.DataFrame(columns)


def write(folder: Path, rows: int, part: int, *, kinds: int = 40) -> list[Path]:
    """Write a table in parts of Parquet, a part at a time in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number, start in enumerate(range(0, rows, part)):
        path = folder / f"{number:04d}.parquet"
        found = table(min(part, rows - start), kinds=kinds, seed=number + 1)
        found.write_parquet(path, compression="snappy", row_group_size=131_072)
        made.append(path)
    return made

"""One reconciliation in a process that is already running: few dimensions, ten, much disclosed, little."""

from __future__ import annotations

from typing import Any

from _measure import call, table

from crosswalk.engine.attribution import shapley
from crosswalk.engine.pairs import Party, pairs
from crosswalk.engine.plan import alive
from crosswalk.engine.split import split
from crosswalk.engine.study import Study
from crosswalk.footprint.records import Footprint
from crosswalk.formats import read
from crosswalk.knowledge.load import load
from crosswalk.lookup import universe_of
from crosswalk.reconcile import reconcile

#: A choice in every dimension that weighs cells, and ten of them made otherwise.
BEFORE = {
    "boundary": "cradle-to-gate",
    "capital-goods": "included",
    "packaging": "included",
    "overheads": "included",
    "cut-off": "none",
    "ghg-set": "ipcc-all",
    "gwp-set": "ar5-28",
    "biogenic-co2": "minus1-plus1",
    "uptake-at-gate": "in-total",
    "biogenic-methane": "fossil",
    "carbon-not-released": "not-credited",
    "dluc": "included",
    "iluc": "in-total",
    "land-management": "in-total",
    "aircraft": "multiplier",
    "delayed-emissions": "weighting",
    "offsets": "deducted",
    "avoided-emissions": "deducted",
    "ccs": "physical-flows",
}
AFTER = {
    **BEFORE,
    "capital-goods": "excluded",
    "packaging": "excluded",
    "overheads": "excluded",
    "ghg-set": "kyoto6",
    "gwp-set": "ar6-t715",
    "biogenic-methane": "non-fossil",
    "dluc": "excluded",
    "iluc": "not-in-total",
    "aircraft": "no-multiplier",
    "offsets": "excluded",
}
#: Everything these ten act on, and that there is nothing else.
FULL: dict[str, Any] = {
    "crosswalk": "footprint/1",
    "declared_unit": "kg",
    "regime": "ISO:14067-2018",
    "method": BEFORE,
    "total": "3.18",
    "gases": [
        {"gas": "CO2", "origin": "fossil", "mass": "2.949"},
        {"gas": "CH4", "origin": "fossil", "mass": "0.0110"},
        {"gas": "N2O", "origin": "fossil", "mass": "0.00005"},
        {"gas": "NF3", "origin": "fossil", "mass": "0.0000010"},
        {"gas": "CH4", "origin": "biogenic", "mass": "0.0020"},
        {"gas": "CO2", "origin": "land", "mass": "0.080"},
    ],
    "gases_complete": True,
    "lines": {
        "capital-goods": "0.050",
        "packaging": "0.100",
        "overheads": "0.020",
        "dluc": "0.060",
        "iluc": "0.020",
        "aircraft-uplift": "0.010",
        "offsets": "-0.250",
    },
    "absent": [
        "uptake",
        "stored-carbon",
        "delayed",
        "avoided",
        "technical-removal",
        "captured",
        "land-removal",
    ],
}


def main() -> None:
    """Print the medians; the first line is what a person waits for."""
    catalogue = load()
    universe = universe_of(catalogue)
    full = read(FULL, catalogue)
    total = {name: value for name, value in FULL.items() if name not in ("gases", "gases_complete", "lines")}
    bare = read({**total, "total": "3.18"}, catalogue)
    other = read({**total, "method": AFTER, "total": "3.40"}, catalogue)
    one = read({**total, "method": {**BEFORE, "gwp-set": "ar6-t715"}, "total": "3.40"}, catalogue)
    study, second = (Study(f, catalogue.regimes["ISO:14067-2018"], universe) for f in (full, other))
    methods = [{d: s.choices[d].options[0] for d in s.numeric} for s in (study, second)]
    parties = [Party(study), Party(second)]
    live = alive(study, {d: second.choices[d].options for d in study.numeric})
    every = universe.weights(methods[0]).scope | True

    def bounded() -> object:
        found = pairs(Party(study), parties[1], frozenset(), None)
        return split(Party(study), parties[1], found, None, None)

    def timed(first: Footprint, then: Footprint) -> float:
        return call(lambda: reconcile(first, then, basis="first", catalogue=catalogue))

    rows = {
        "reconcile, ten dimensions, all disclosed": timed(full, other),
        "reconcile, one dimension, all disclosed": timed(full, one),
        "reconcile, ten dimensions, total only": timed(bare, other),
        "reconcile, a footprint with itself": timed(full, full),
        "shares of ten dimensions with their bounds": call(bounded),
        "Shapley shares of ten dimensions, cells disclosed": call(lambda: shapley(universe, *methods, live)),
        "Shapley shares of ten dimensions, all cells": call(lambda: shapley(universe, *methods, every)),
    }
    goals = dict.fromkeys(list(rows)[-3:], 0.05)
    table("one reconciliation, warm", rows, goals)


if __name__ == "__main__":
    main()

"""One conversion in a process that is already running: everything known, little known, much left open."""

from __future__ import annotations

import json

from _measure import ROOT, call, table

from crosswalk.convert import convert
from crosswalk.footprint.records import Footprint
from crosswalk.formats import read
from crosswalk.inspection import inspect
from crosswalk.knowledge.load import load

#: A file that says as little as a file can: nothing about its method, no gases.
BARE = {"crosswalk": "footprint/1", "declared_unit": "kg", "regime": "ISO:14067-2018", "total": "3.27"}


def main() -> None:
    """Print the medians; the first line is the plain case."""
    catalogue = load()
    payloads = {
        name: json.loads((ROOT / "examples" / f"{name}.json").read_text("utf-8"))
        for name in ("polyethylene", "polyethylene-total-only", "polyethylene-inconsistent")
    }
    given = {name: read(payload, catalogue) for name, payload in payloads.items()}
    bare, split = read(BARE, catalogue), given["polyethylene"]
    total = given["polyethylene-total-only"]

    def timed(footprint: Footprint, to: str = "PACT:3.0", assume: tuple[str, ...] = ()) -> float:
        return call(lambda: convert(footprint, to=to, assume=assume, catalogue=catalogue))

    rows = {
        "convert, every gas": timed(split),
        "convert, every gas, onto itself": timed(split, "GBT:24067-2024"),
        "convert, every gas, to GHG Protocol": timed(split, "GHGP:PRODUCT-2011"),
        "convert, total only": timed(total),
        "convert, total only, with assumptions": timed(total, assume=("fossil-polymer",)),
        "convert, nothing but a total": timed(bare),
        "convert, nothing but a total, to GB/T 24067": timed(bare, "GBT:24067-2024"),
        "convert, inconsistent": timed(given["polyethylene-inconsistent"]),
        "inspect, every gas": call(lambda: inspect(split, catalogue=catalogue)),
        "read, every gas": call(lambda: read(payloads["polyethylene"], catalogue)),
    }
    table("one call, warm", rows, {"convert, every gas": 0.001})


if __name__ == "__main__":
    main()

"""How long a person waits: import, --help and whole conversions, each in a fresh process."""

from __future__ import annotations

import tempfile

from _measure import process, table

COMMAND = "import sys; from crosswalk.cli import main; main(sys.argv[1:])"
CONVERT = ("convert", "examples/polyethylene.json", "--to", "PACT:3.0")


def main() -> None:
    """Print the medians, with the bare interpreter for comparison."""
    with tempfile.TemporaryDirectory() as folder:
        warm, off = {"CROSSWALK_CACHE": folder}, {"CROSSWALK_CACHE": "off"}
        rows = {
            "bare python": process(["-c", "pass"]),
            "import crosswalk": process(["-c", "import crosswalk"]),
            "crosswalk --help": process(["-c", COMMAND, "--help"]),
            "crosswalk inspect, warm cache": process(["-c", COMMAND, "inspect", CONVERT[1]], env=warm),
            "crosswalk convert, warm cache": process(["-c", COMMAND, *CONVERT], env=warm),
            "crosswalk convert, JSON, warm cache": process(
                ["-c", COMMAND, *CONVERT, "--format", "json"], env=warm
            ),
            "crosswalk convert, no cache": process(["-c", COMMAND, *CONVERT], env=off, runs=5),
        }
    goals = {"import crosswalk": 0.15, "crosswalk --help": 0.2, "crosswalk convert, warm cache": 0.8}
    table("whole processes", rows, goals)


if __name__ == "__main__":
    main()

"""Write what the commands in README.md really print into the blocks that show it.

A ``text`` block shows the output of the ``console`` block before it: the sections named in its first
line's comment, the others as ``...``. Run this when the output has changed for good reason;
``--check`` writes nothing and exits 1 where README.md differs.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
#: A command, and the block that shows its output, with the headings of the sections to show.
SHOWN = re.compile(
    r"```console\n\$ crosswalk (?P<command>[^\n#]*)(?P<rest>[^\n]*)\n```\n\n"
    r"<!-- shows: (?P<sections>[^>]*) -->\n```text\n.*?\n```",
    re.DOTALL,
)


def main() -> int:
    """Write README.md, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where it differs")
    check = parser.parse_args().check
    before = README.read_text("utf-8")
    after = SHOWN.sub(_block, before)
    if not check:
        README.write_text(after, "utf-8")
    elif after != before:
        print("README.md shows old output; run python tools/build_readme.py")
        return 1
    return 0


def _block(found: re.Match[str]) -> str:
    sections = [name.strip() for name in found["sections"].split(",")]
    shown = _cut(_output(shlex.split(found["command"])), sections)
    head = f"```console\n$ crosswalk {found['command']}{found['rest']}\n```\n\n"
    return f"{head}<!-- shows: {found['sections']} -->\n```text\n{shown}\n```"


def _output(arguments: list[str]) -> str:
    program = [sys.executable, "-c", "from crosswalk.cli import main; main()", *arguments]
    settings = {**os.environ, "COLUMNS": "100", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(program, cwd=ROOT, env=settings, capture_output=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 1, 3):
        raise SystemExit(done.stderr)
    return done.stdout


def _cut(text: str, sections: list[str]) -> str:
    """Keep the head and the sections named; a long one is cut after its first item, or after some lines."""
    shown: list[str] = []
    for index, part in enumerate(re.split(r"\n\n(?=\S)", text.rstrip())):
        if index == 0 or part.startswith(tuple(sections)):
            shown.append(_shortened(part))
        elif shown[-1] != "...":
            shown.append("...")
    return "\n\n".join(shown)


def _shortened(part: str, most: int = 24, rows: int = 36) -> str:
    lines = part.split("\n")
    if len(lines) <= most:
        return part
    items = [number for number, line in enumerate(lines) if line.startswith("  • ")]
    if len(items) > 1:
        return "\n".join([*lines[: items[1]], "  ..."])
    return part if len(lines) <= rows else "\n".join([*lines[:rows], "..."])


if __name__ == "__main__":
    sys.exit(main())

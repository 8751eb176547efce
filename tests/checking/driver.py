"""A run in a process of its own, to be killed: ``driver.py ORDER ROWS SLOW [LIMIT]``."""

from __future__ import annotations

import json
import resource
import sys

import msgspec

from crosswalk.checking import chunks
from crosswalk.checking.run import Order, run
from crosswalk.errors import CrosswalkError
from tests.checking.works import Plain


def main() -> None:
    order = msgspec.convert(json.loads(sys.argv[1]), Order)
    chunks.ROWS = chunks.TEXT_ROWS = int(sys.argv[2])
    if len(sys.argv) > 4:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]),) * 2)
    try:
        run(order, Plain(slow=float(sys.argv[3])))
    except CrosswalkError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()

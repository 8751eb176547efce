"""How long the knowledge takes: from Turtle, and from the cache."""

from __future__ import annotations

import os
import tempfile

from _measure import call, table

from crosswalk.knowledge import cache
from crosswalk.knowledge import load as loading
from crosswalk.knowledge.compile import compile_catalogue
from crosswalk.knowledge.index import build


def main() -> None:
    """Print the medians of loading as a whole, and of its parts."""

    def fresh() -> object:
        loading._load.cache_clear()
        return loading.load()

    with tempfile.TemporaryDirectory() as folder:
        os.environ[cache.VARIABLE] = folder
        cached = call(fresh)
        os.environ[cache.VARIABLE] = "off"
        uncached = call(fresh, seconds=3)
    documents = loading.knowledge_documents()
    index = build(documents)
    rows = {
        "load, cached": cached,
        "load, not cached": uncached,
        "  read the files": call(loading.knowledge_documents),
        "  hash them": call(lambda: cache.content_hash(documents)),
        "  parse the Turtle": call(lambda: build(documents)),
        "  compile": call(lambda: compile_catalogue(index, version="0", content_hash="")),
    }
    table("knowledge", rows)
    print(f"  {len(documents)} files, {sum(len(one[2]) for one in documents) / 1e6:.1f} MB of Turtle")


if __name__ == "__main__":
    main()

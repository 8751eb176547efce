"""Claims whose footprint stands in a file of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from crosswalk.batch.groups import Group
from crosswalk.engine.methods import headline
from crosswalk.engine.solver import Ints
from crosswalk.engine.study import ends
from crosswalk.errors import CrosswalkError
from crosswalk.footprint.records import Footprint
from crosswalk.formats import read
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.recognition.table import Table

FOOTPRINT = "footprint"
#: What a file may state in place of the claim.
_FILLED = ("regime", "total", "goods")


class Documents:
    """The footprints that claims of one table name; each file is read once."""

    def __init__(self, claims: Table, file: str, catalogue: Catalogue) -> None:
        """Read the files named in ``claims``; a path is relative to the folder of ``file``."""
        self._of: dict[str, Footprint] = {}
        self.wrong: dict[int, CrosswalkError] = {}
        self._named: pl.Series = claims.column(FOOTPRINT)
        folder = Path(file).parent
        for name in self._named.drop_nulls().unique(maintain_order=True):
            try:
                self._of[name] = read(folder / name, catalogue)
            except CrosswalkError as error:
                rows = (self._named == name).arg_true().to_list()
                self.wrong |= dict.fromkeys(rows, error)

    def fill(self, claims: Table) -> None:
        """Give claims what they do not state themselves, and their files do."""
        if not self._of:
            return
        facts = []
        for name, footprint in self._of.items():
            head = headline(footprint)
            facts.append(
                {
                    FOOTPRINT: name,
                    "regime": footprint.regime,
                    "total": None if head is None else float(head.quantity.value * head.scale),
                    "goods": footprint.goods,
                }
            )
        stated = claims.frame((FOOTPRINT, *_FILLED))
        known = pl.DataFrame(facts, schema={name: stated.schema[name] for name in (FOOTPRINT, *_FILLED)})
        joined = stated.join(known, on=FOOTPRINT, how="left", suffix=" of file", maintain_order="left")
        filled = joined.select(pl.coalesce(name, f"{name} of file").alias(name) for name in _FILLED)
        for column in filled:
            claims.put(column.name, column)

    def groups(self) -> list[Group]:
        """Return the claims of each file, as a table of footprints has them."""
        found = []
        for name, footprint in self._of.items():
            rows: Ints = (self._named == name).fill_null(False).arg_true().to_numpy().astype(np.int64)
            pairs = [ends(disclosure) for disclosure in footprint.disclosures]
            low = np.array([-np.inf if one is None else _down(float(one)) for one, _ in pairs])
            high = np.array([np.inf if one is None else -_down(-float(one)) for _, one in pairs])
            shape = (rows.size, len(pairs))
            found.append(Group(rows, footprint, np.broadcast_to(low, shape), np.broadcast_to(high, shape)))
        return found


def _down(value: float) -> float:
    """The next float below: a fraction was rounded to the nearest."""
    return float(np.nextafter(value, -np.inf)) if value else value

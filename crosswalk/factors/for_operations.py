"""Factors of the tables for the operations of the engine: loaded when the first one is asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from crosswalk.engine.operations.situation import Factor
from crosswalk.footprint.activity import Burden, GasMass
from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.messages import both
from crosswalk.results import Cited

if TYPE_CHECKING:
    from crosswalk.factors.records import Factor as Row
    from crosswalk.factors.records import FactorBase

#: Which rows of a table stand for which option of ``electricity-grid``.
_SUBJECTS = {
    "electricity-grid.consumption-mix": "grid-average",
    "electricity-grid.regional-average": "grid-average",
    "electricity-grid.national-average": "grid-average",
    "electricity-grid.consumption-mix-excl-claimed": "grid-residual",
    "electricity-grid.fossil-mix": "fossil",
}
_NATIONAL = "electricity-grid.national-average"
_REGIONAL = "electricity-grid.regional-average"
#: Kinds of quantities, each with the boundary and the scope it stands for. They are never mixed.
_SERIES = (
    ("electricity-carbon-footprint-factor", "life-cycle", "electricity-scope.life-cycle"),
    ("electricity-co2-emission-factor", "generation", "electricity-scope.generation-only"),
    ("electricity-ghg-emission-factor", "generation", "electricity-scope.generation-only"),
)


class Tables:
    """The factor tables as operations see them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._found: dict[tuple[str, int | None, str], Factor | None] = {}

    @cached_property
    def base(self) -> FactorBase:
        """All factors."""
        from crosswalk.factors.load import load_factors

        return load_factors()

    def electricity(self, place: str, year: int | None, kind: str) -> Factor | None:
        """Return the factor of a grid in a year by option of ``electricity-grid``.

        A factor that covers the life cycle goes first, one of generation only stands beside it. There is
        none for another year, for a place nobody knows, where rows disagree, and for the region of a
        whole country that has several.

        >>> from crosswalk.knowledge.load import load
        >>> found = Tables(load()).electricity("CN", 2024, "electricity-grid.national-average")
        >>> found.burden.co2e.text, found.burden.scope
        ('0.5777', 'electricity-scope.life-cycle')
        """
        key = (place, year, kind)
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, place: str, year: int | None, kind: str) -> Factor | None:
        where = self._place(place, kind)
        if where is None or year is None or kind not in _SUBJECTS:
            return None
        found: dict[str, Factor] = {}
        for quantity, boundary, scope in _SERIES:
            row = self._row(quantity, _SUBJECTS[kind], boundary, where, year)
            if row is not None:
                found.setdefault(scope, self._factor(row, scope))
        if not found:
            return None
        first, *others = found.values()
        return Factor(first.burden, first.cited, tuple(others))

    def _place(self, name: str, kind: str) -> str | None:
        """The place a kind of factor is about: the country for an average of the nation."""
        from crosswalk.errors import UnknownNameError
        from crosswalk.factors.ladder import ladder
        from crosswalk.factors.names import find_place

        places = self.base.places
        try:
            place = find_place(name, places)
        except UnknownNameError:
            return None
        if kind == _REGIONAL and any(place in one.broader for one in places.values()):
            return None
        if kind != _NATIONAL:
            return place
        # Countries, and they alone, have the codes of two letters of ISO 3166-1.
        around = (code for level in ladder(place, places) for code in level)
        return next((code for code in around if len(code) == 2 and code.isalpha()), None)

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str, str, int], list[Row]]:
        found: dict[tuple[str, str, str, str, int], list[Row]] = {}
        for row in self.base.factors:
            if row.default:
                key = (row.kind, row.subject, row.boundary, row.place, row.year)
                found.setdefault(key, []).append(row)
        return found

    def _row(self, quantity: str, subject: str, boundary: str, place: str, year: int) -> Row | None:
        """The row that says it, the firmest of several that say the same; none where they disagree."""
        rows = self._rows.get((quantity, subject, boundary, place, year), [])
        if len({(row.number, row.numerator, row.denominator, row.gwp_set) for row in rows}) != 1:
            return None
        return min(rows, key=lambda row: (row.rank, not row.firm, row.code))

    def _factor(self, row: Row, scope: str) -> Factor:
        from crosswalk.factors.units import Ratio, parse_ratio, scale

        wanted = parse_ratio(f"kg {row.gas}/kWh", self.catalogue)
        by = scale(Ratio(row.numerator, row.denominator, row.counts, row.per), wanted, self.catalogue)
        printed = Quantity.of(row.value)
        value = Quantity(text=row.value, value=printed.value * by, half=printed.half * by)
        whole = row.gas == "CO2e"
        burden = Burden(
            path=f"{row.table}:{row.row}",
            co2e=value if whole else None,
            gwp_set=self._option(row.gwp_set) if whole else None,
            gases=() if whole else (GasMass(gas=row.gas, mass=value),),
            scope=scope,
            source=row.source,
        )
        note = both(
            "note.electricity-table",
            label=row.label,
            year=row.year,
            printed=f"{row.value} {row.unit}",
            name=row.code,
        )
        cited = Cited(
            about=row.code,
            iri=row.url or row.code,
            clause=row.clause,
            evidence=row.evidence,
            sources=(row.source,),
            note=note,
        )
        return Factor(burden, cited)

    def _option(self, gwp_set: str) -> str | None:
        """The option that characterises by a set; none where the source does not state one we know."""
        options = self.catalogue.options.values()
        found = (one.code for one in options if any(e.characterised_by == gwp_set for e in one.effects))
        return next(found, None) if gwp_set else None

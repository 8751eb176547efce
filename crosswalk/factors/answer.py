"""Turn the row that was found into the answer."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from crosswalk.factors.found import Alternative, FactorFound, Rung
from crosswalk.factors.ladder import ladder
from crosswalk.factors.records import Factor, FactorBase
from crosswalk.factors.units import Ratio, scale
from crosswalk.knowledge.records import Text
from crosswalk.messages import both, say
from crosswalk.results import KnowledgeId


def found(
    one: Factor,
    base: FactorBase,
    place: str,
    year: int | None,
    unit: Ratio | None,
    unit_text: str,
    rungs: Sequence[Rung],
    pool: Sequence[Factor],
) -> FactorFound:
    """Return the answer: ``one`` in the unit asked for, with the ladder and the alternatives."""
    by = Fraction(1)
    if unit is not None:
        by = scale(Ratio(one.numerator, one.denominator, one.counts, one.per), unit)
    kind = base.kinds[one.kind]
    return FactorFound(
        kind=one.kind,
        kind_label=kind.label,
        code=one.code,
        subject=one.subject,
        label=one.label,
        value=float(one.number * by),
        low=float(Fraction(one.low) * by) if one.low else None,
        high=float(Fraction(one.high) * by) if one.high else None,
        bounds=one.bounds,
        unit=unit_text or one.unit,
        printed=f"{one.value} {one.unit}",
        gas=one.gas,
        origin=one.origin,
        gwp_set=one.gwp_set,
        boundary=one.boundary,
        boundary_label=base.boundaries[one.boundary],
        place=one.place,
        place_label=base.places[one.place].label,
        asked_place=place,
        year=one.year,
        asked_year=year,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        series=one.series,
        method=one.method,
        source=one.source,
        clause=one.clause,
        url=one.url,
        evidence=one.evidence,
        provisional=not one.firm,
        licence=one.licence,
        note=one.note,
        table=f"{one.table}:{one.row}",
        rungs=tuple(rungs),
        alternatives=tuple(_alternatives(one, base, place, pool)),
        faults=base.faults,
        knowledge=KnowledgeId(version=base.version, hash=base.hash),
    )


def _alternatives(one: Factor, base: FactorBase, place: str, pool: Sequence[Factor]) -> list[Alternative]:
    chain = [code for level in ladder(place, base.places) for code in level]
    others = [other for other in pool if other.code != one.code and other.place in chain]
    others.sort(key=lambda other: (chain.index(other.place), abs(other.year - one.year), other.code))
    return [
        Alternative(
            code=other.code,
            place=other.place,
            year=other.year,
            value=float(other.number),
            unit=other.unit,
            series=other.series,
            why=_why(other, one),
        )
        for other in others
    ]


def _why(other: Factor, one: Factor) -> Text:
    if not other.default:
        evidence = Text(en=say(f"evidence.{other.evidence}"), zh=say(f"evidence.{other.evidence}", "zh"))
        return both("factor-alternative.weak", evidence=evidence)
    if other.place != one.place:
        return both("factor-alternative.other-place")
    if other.series != one.series:
        return both("factor-alternative.other-series")
    return both("factor-alternative.other-year")

"""What two footprints of one product should have in common, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence

from crosswalk.engine.study import Study
from crosswalk.footprint import context
from crosswalk.footprint.records import DeclaredUnit
from crosswalk.knowledge.records import Text
from crosswalk.messages import both

_BOUNDARY = "boundary"


def cautions(first: Study, second: Study, unit: DeclaredUnit) -> tuple[Text, ...]:
    """Return a sentence for each of product, declared unit, period, place and boundary that do not match.

    What one of the files does not say is not held against them. Values are compared per ``unit``.
    """
    one, other = first.footprint, second.footprint
    found = []
    if one.product.strip() and other.product.strip() and _plain(one.product) != _plain(other.product):
        found.append(both("caution.product", first=one.product, second=other.product))
    given = [(one_.declared_unit.amount, one_.declared_unit.unit) for one_ in (one, other)]
    if given[0] != given[1]:
        stated = (str(one.declared_unit), str(other.declared_unit))
        found.append(both("caution.unit", first=stated[0], second=stated[1], unit=str(unit)))
    periods = context.period(one), context.period(other)
    if all(periods) and not context.same_period(*periods):
        found.append(both("caution.period", first=", ".join(periods[0]), second=", ".join(periods[1])))
    places = context.place(one), context.place(other)
    if all(places) and not context.same_place(*places):
        found.append(both("caution.place", first=", ".join(places[0]), second=", ".join(places[1])))
    extents = [study.choices[_BOUNDARY].options for study in (first, second)]
    if set(extents[0]).isdisjoint(extents[1]):
        options = first.universe.catalogue.options
        labels = [_any_of([options[code].label for code in extent]) for extent in extents]
        found.append(both("caution.boundary", first=labels[0], second=labels[1]))
    return tuple(found)


def _plain(product: str) -> str:
    return "".join(product.casefold().split())


def _any_of(labels: Sequence[Text]) -> Text:
    return Text(en=" / ".join(label.en for label in labels), zh=" / ".join(label.zh for label in labels))

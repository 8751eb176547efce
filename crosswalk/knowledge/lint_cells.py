"""Checks of selections against the cells of the inventory: one that no cell matches does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from crosswalk.knowledge.catalogue import Catalogue, Selection
from crosswalk.knowledge.finding import Finding, finding
from crosswalk.knowledge.index import Index, curie

#: A cell with all it is matched by: stage, activity and those above it, gas and its families, origin.
Cell = tuple[str, frozenset[str], str, frozenset[str], str]


def cell_checks(index: Index, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a warning for each effect, field and assumption whose selection no cell matches."""
    cells = _cells(catalogue)
    known: dict[Selection, bool] = {}
    if not cells:
        return
    for subject, selection in _selections(index, catalogue):
        if selection not in known:
            known[selection] = any(_covers(selection, cell) for cell in cells)
        if not known[selection]:
            yield finding(
                "no-cells",
                index.home.get(subject, "?"),
                curie(subject),
                severity="warning",
                selection=_shown(selection),
            )


def _cells(catalogue: Catalogue) -> set[Cell]:
    above = {code: _upwards(code, catalogue) for code in catalogue.activities}
    families = {gas.code: frozenset(gas.families) for gas in catalogue.gases.values()}
    cells: set[Cell] = set()
    for family in catalogue.cell_families:
        gases = {code for code, of in families.items() if not of.isdisjoint(family.families)}
        axes = product(family.stages, family.activities, {*gases, *family.gases}, family.origins)
        for stage, activity, gas, origin in axes:
            cells.add((stage, above[activity], gas, families[gas], origin))
    return cells


def _upwards(code: str, catalogue: Catalogue) -> frozenset[str]:
    found = {code}
    parent = catalogue.activities[code].broader
    while parent is not None and parent not in found:
        found.add(parent)
        parent = catalogue.activities[parent].broader if parent in catalogue.activities else None
    return frozenset(found)


def _covers(selection: Selection, cell: Cell) -> bool:
    stage, activities, gas, families, origin = cell
    return (
        (not selection.stages or stage in selection.stages)
        and (not selection.activities or not activities.isdisjoint(selection.activities))
        and (
            not (selection.gases or selection.families)
            or gas in selection.gases
            or not families.isdisjoint(selection.families)
        )
        and (not selection.origins or origin in selection.origins)
        and not any(_covers(taken_out, cell) for taken_out in selection.excepts)
    )


def _selections(index: Index, catalogue: Catalogue) -> Iterator[tuple[str, Selection]]:
    def code(subject: str) -> str:
        found = index.values(subject, "skos:notation")
        return found[0].text if found else ""

    def part_of(subject: str, whole: str) -> str:
        return next((code(value.text) for value in index.values(subject, whole)), "")

    for subject in index.of_type("Option"):
        option = catalogue.options.get(f"{part_of(subject, 'cw:dimension')}.{code(subject)}")
        for effect in option.effects if option is not None else ():
            yield subject, effect.on
    for subject in index.of_type("Field"):
        described = catalogue.formats.get(part_of(subject, "cw:format"))
        field = described.fields.get(code(subject)) if described is not None else None
        if field is not None and not field.relation_only:
            yield from ((subject, one) for one in (field.on, *field.readings))
    assumptions = {
        one.code: one.on for profile in catalogue.profiles.values() for one in profile.assumptions if one.on
    }
    for subject in index.of_type("Assumption"):
        if code(subject) in assumptions:
            yield subject, assumptions[code(subject)]


def _shown(selection: Selection) -> str:
    axes = (selection.stages, selection.activities, selection.gases, selection.families, selection.origins)
    return " + ".join("/".join(codes) for codes in axes if codes) or "–"

"""What a method does to one cell, written out again from the knowledge, cell by cell and in fractions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from crosswalk.engine.cells import Cell
from crosswalk.knowledge.catalogue import Catalogue, Selection


def covers(selection: Selection, cell: Cell, catalogue: Catalogue) -> bool:
    """Whether a selection covers a cell."""
    stage, activity, gas, origin = cell
    line = [activity]
    while (parent := catalogue.activities[line[-1]].broader) is not None:
        line.append(parent)
    families = next((g.families for g in catalogue.gases.values() if g.code == gas), ())
    of_gas = gas in selection.gases or bool(set(families) & set(selection.families))
    return (
        (not selection.stages or stage in selection.stages)
        and (not selection.activities or bool(set(line) & set(selection.activities)))
        and (not (selection.gases or selection.families) or of_gas)
        and (not selection.origins or origin in selection.origins)
        and not any(covers(one, cell, catalogue) for one in selection.excepts)
    )


def weight(method: Mapping[str, str], cell: Cell, catalogue: Catalogue) -> Fraction:
    """Return what a kilogram in a cell counts for under a method; a gas without a factor counts nothing."""
    factor, origin, values = Fraction(1), cell[3], None
    for option in method.values():
        for effect in catalogue.options[option].effects:
            if effect.when is not None and effect.when not in method.values():
                continue
            if effect.characterised_by is not None:
                values = catalogue.gwp_sets[effect.characterised_by].values
            elif not covers(effect.on, cell, catalogue):
                continue
            elif effect.out_of_scope:
                return Fraction(0)
            elif effect.as_origin is not None:
                origin = effect.as_origin
            elif effect.weight is not None:
                factor *= Fraction(effect.weight)
    if values is None:
        return factor
    of_gas = values.get(cell[2], {})
    return factor * Fraction(of_gas.get(origin, of_gas.get("", "0")))

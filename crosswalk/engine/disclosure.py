"""What a file says, taken by itself: values, methods, identities, contradictions."""

from __future__ import annotations

from fractions import Fraction

from crosswalk.engine.case import contradiction
from crosswalk.engine.cells import Universe
from crosswalk.engine.methods import asking, choices
from crosswalk.engine.plan import live
from crosswalk.engine.program import Program
from crosswalk.engine.scenarios import groups, scenarios
from crosswalk.engine.study import Study
from crosswalk.errors import RefusedError
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Footprint
from crosswalk.knowledge.catalogue import Catalogue, Field, Identity, Regime, Term
from crosswalk.knowledge.records import Text
from crosswalk.messages import both
from crosswalk.results import Chosen, Disclosed, How, IdentityCheck, Inconsistency

_UNITS = {"co2e": "kg CO2e", "mass": "kg", "carbon": "kg C"}


def disclosed(footprint: Footprint, catalogue: Catalogue) -> tuple[Disclosed, ...]:
    """Return the numbers of a file in its own order, each with the range rounding leaves open."""
    known = catalogue.formats.get(footprint.format)
    found = []
    for disclosure in footprint.disclosures:
        field = known.fields.get(disclosure.field) if known else None
        quantity = disclosure.quantity
        found.append(
            Disclosed(
                field=disclosure.name,
                path=disclosure.path,
                value=quantity.text,
                low=None if disclosure.limit == "most" else float(quantity.value - quantity.half),
                high=None if disclosure.limit == "least" else float(quantity.value + quantity.half),
                unit=_UNITS[disclosure.basis],
                label=field.label if field else Text(en=disclosure.name, zh=disclosure.name),
            )
        )
    return tuple(found)


def chosen(footprint: Footprint, regime: Regime | None, catalogue: Catalogue) -> tuple[Chosen, ...]:
    """Return the options of every dimension, and whether the file, its regime or nobody says so."""
    found = []
    for code, choice in choices(footprint, regime, catalogue).items():
        dimension = catalogue.dimensions[code]
        how: How
        if choice.declared:
            how = "open" if choice.open else "stated"
        elif choice.requirement is None or not choice.requirement.permits:
            how = "unknown"
        else:
            how = "open" if choice.open else "regime"
        found.append(
            Chosen(
                dimension=code,
                label=dimension.label,
                family=dimension.family,
                options=choice.options,
                how=how,
            )
        )
    return tuple(found)


def identities(footprint: Footprint, catalogue: Catalogue) -> tuple[IdentityCheck, ...]:
    """Check every identity of the file's format, within rounding."""
    known = catalogue.formats.get(footprint.format)
    if known is None:
        return ()
    values = {name: _quantity(text) for name, text in footprint.facts.items()}
    values |= {d.field: d.quantity for d in footprint.disclosures}
    return tuple(_check(identity, values, known.fields) for identity in known.identities.values())


def _quantity(text: str) -> Quantity | None:
    try:
        return Quantity.of(text)
    except (ArithmeticError, ValueError):
        return None


def _check(identity: Identity, values: dict[str, Quantity | None], fields: dict[str, Field]) -> IdentityCheck:
    """Check one identity, taking fields that are left out as nothing.

    If the sum misses zero, and a field left out could make up for it, the identity cannot be tested.
    """
    missing = tuple(term.field for term in identity.terms if values.get(term.field) is None)
    residual, tolerance = Fraction(0), Fraction(0)
    for term in identity.terms:
        quantity = values.get(term.field)
        if quantity is not None:
            residual += Fraction(term.coefficient) * quantity.value
            tolerance += abs(Fraction(term.coefficient)) * quantity.half
    holds = abs(residual) <= tolerance
    stated = len(identity.terms) - len(missing)
    untestable = any(
        _mends(term, residual, holds, stated, fields) for term in identity.terms if term.field in missing
    )
    return IdentityCheck(
        code=identity.code,
        label=identity.label,
        verdict="untestable" if untestable else "holds" if holds else "breaks",
        fields=tuple(term.field for term in identity.terms),
        missing=missing,
        residual=float(residual),
        tolerance=float(tolerance),
        alternative=identity.alternative,
        evidence=identity.statement.evidence,
    )


def _mends(term: Term, residual: Fraction, holds: bool, stated: int, fields: dict[str, Field]) -> bool:
    """Whether a field left out keeps the identity from being tested."""
    field = fields.get(term.field)
    if field is None or field.headline or field.sign == "" or stated < 2:
        return True
    pushes = Fraction(term.coefficient) * (1 if field.sign == "+" else -1)
    return not holds and pushes * residual < 0


def clashes(
    footprint: Footprint, regime: Regime | None, universe: Universe
) -> tuple[tuple[Inconsistency, ...], tuple[Text, ...]]:
    """Return the smallest contradictions if nothing fits the file, and remarks on the search."""
    own = regime if regime is not None else asking({})
    study = Study(footprint, regime, universe)
    found: dict[tuple[str, ...], Inconsistency] = {}
    try:
        every = list(scenarios(study, groups(study, own, live(study, own))))
    except RefusedError:
        return (), (both("note.consistency-unchecked"),)
    for scenario in every:
        rows, dead = study.rows(scenario.source, scenario.reading), study.dead(scenario.source)
        if (
            Program(universe, rows, dead, [study.total(scenario.source, scenario.source)]).interval(0)
            is not None
        ):
            return (), ()
        if len(found) < 8:
            clash = contradiction(universe, footprint, rows, dead)
            found.setdefault(clash.fields, clash)
    smallest = min((len(fields) for fields in found), default=0)
    if smallest == 1:
        names = ", ".join(sorted({fields[0] for fields in found if len(fields) == 1}))
        return (), (both("reason.unrepresentable", fields=names),)
    return tuple(found[key] for key in sorted(found) if len(key) == smallest), ()

"""What border adjustment counts of a good, from the inventory of the installation that makes it."""

from __future__ import annotations

from fractions import Fraction

from crosswalk.engine.cells import Method, excluded
from crosswalk.engine.methods import goods
from crosswalk.engine.operations.bounds import NOTHING, Bounds
from crosswalk.engine.operations.installation import Embedded, embedded
from crosswalk.engine.operations.situation import Lack, Outcome, Situation
from crosswalk.engine.parts import Part, Row
from crosswalk.footprint import units
from crosswalk.footprint.activity import BorderConditions, Installation
from crosswalk.footprint.records import DeclaredUnit
from crosswalk.knowledge.catalogue import Catalogue, GoodsRule, Selection
from crosswalk.knowledge.records import Statement, Text
from crosswalk.messages import both
from crosswalk.results import Cited

CODE = "F21"
#: The dimension under which the step is shown; the other one says that the rules list what is counted.
BOUNDARY = "boundary"
_LISTED = "process-inclusion"
DIRECT = Selection(activities=("attributed-direct",))
INDIRECT = Selection(activities=("attributed-indirect",))
PRECURSORS = Selection(activities=("attributed-precursors",))
#: Direct emissions with those of precursors, and the emissions of a footprint that may bound them.
_ALL_DIRECT = Selection(activities=("attributed-direct", "attributed-precursors"))
_FOSSIL_GATE = Selection(stages=("raw", "production"), origins=("fossil",))


def apply(situation: Situation) -> Outcome | None:
    """State what the cells of border adjustment hold, kg CO2e per declared unit.

    Without an inventory of the installation there is nothing to state, unless the file states all that
    makes its footprint a bound. Raises ``RefusedError`` where streams contradict a stated number.
    """
    counted = situation.universe.weights(situation.target).scope & situation.universe.mask(DIRECT)
    own = situation.regime is not None and situation.regime.code == situation.footprint.regime
    # What is stated under the target stays as it is stated.
    if (own and situation.footprint.disclosures) or not counted.any():
        return None
    activity = situation.activity
    if activity.installation is not None:
        return _projected(activity.installation, situation)
    return _bounded(activity.border, situation) if activity.border is not None else None


def _projected(installation: Installation, situation: Situation) -> Outcome:
    operation = situation.catalogue.operations[CODE]
    values = {code: Fraction(one.value) for code, one in operation.constants.items()}
    rules: dict[str, GoodsRule] = {}

    def counts(what: str | None) -> bool | None:
        return _counts(what, situation, rules)

    found, lacking, used = embedded(installation, values, counts)
    good = found.get(installation.product)
    if good is None:
        return _nothing(situation, f"{installation.path}.product", "process")
    mass = mass_of(situation.footprint.declared_unit, situation.catalogue)
    if mass is None:
        return _nothing(situation, "declared_unit.mass", "mass")
    kilograms = Bounds.point(mass)
    product = next(one for one in installation.processes if one.name == installation.product)
    if counts(goods(situation.footprint)) is None:
        lacking.add(f"{product.path}.goods", "goods")
    rows = tuple(
        _row(name, product.path, on, bounds * kilograms, situation)
        for name, on, bounds in (
            ("direct", DIRECT, good.own_direct),
            ("indirect", INDIRECT, good.own_indirect),
            ("precursors", PRECURSORS, good.precursors),
        )
    )
    cited = [_cited(f"{CODE} {code}", operation.constants[code].statement) for code in sorted(used)]
    cited += [_cited(f"{CODE} {', '.join(one.permits)}", one.statement) for one in rules.values()]
    return Outcome(
        dimensions=_settled(situation),
        to=(situation.target[BOUNDARY],),
        delta=NOTHING,
        rows=rows,
        lacks=tuple(Lack(path, situation.input(CODE, code)) for path, code in lacking.found.items()),
        parts=tuple((name, bounds * kilograms) for name, bounds in _shown(good)),
        cited=tuple(dict.fromkeys(cited)),
        notes=(_note(good),),
        alone=True,
        whole=True,
    )


def _nothing(situation: Situation, path: str, code: str) -> Outcome:
    """What is said where one thing is missing without which nothing follows."""
    return Outcome(
        dimensions=_settled(situation),
        to=(situation.target[BOUNDARY],),
        delta=Bounds(None, None),
        lacks=(Lack(path, situation.input(CODE, code)),),
        alone=True,
    )


def _settled(situation: Situation) -> tuple[str, ...]:
    """Every modelling choice of the study: the installation is reckoned anew."""
    return (BOUNDARY, _LISTED, *sorted(situation.asked))


def _counts(what: str | None, situation: Situation, rules: dict[str, GoodsRule]) -> bool | None:
    """Whether the indirect emissions of a precursor count: by the rules of the target for its goods.

    Where the target has no such rules its own choice holds for precursors as well.
    """
    requirements = situation.regime.requirements.values() if situation.regime else ()
    for requirement in requirements:
        if requirement.goods:
            rule = requirement.rule(what)
            if rule is None:
                return None
            rules[rule.statement.iri] = rule
            return all(_in_scope(option, situation) for option in rule.permits)
    return bool(
        (situation.universe.weights(situation.target).scope & situation.universe.mask(INDIRECT)).any()
    )


def _in_scope(option: str, situation: Situation) -> bool:
    cells = situation.universe.mask(INDIRECT)
    return not bool((excluded(situation.universe, option) & cells).any())


def mass_of(unit: DeclaredUnit, catalogue: Catalogue) -> Fraction | None:
    """Return kilograms in a declared unit, ``None`` where the file does not say."""
    if unit.mass_kg is not None:
        return unit.mass_kg
    if units.dimension(unit.unit, catalogue) == "mass":
        return unit.amount * units.factor(unit.unit, "kilogram", catalogue)
    return None


def _row(name: str, path: str, on: Selection, bounds: Bounds, situation: Situation) -> Row:
    part = Part(situation.universe.mask(on))
    return Row(name, path, (part,), bounds.low, bounds.high, stated=False)


def _cited(about: str, statement: Statement) -> Cited:
    return Cited.of(about, statement)


def _shown(good: Embedded) -> tuple[tuple[str, Bounds], ...]:
    return (
        ("direct", good.direct),
        ("indirect", good.indirect),
        ("own direct", good.own_direct),
        ("own indirect", good.own_indirect),
        ("precursors", good.precursors),
    )


def _note(good: Embedded) -> Text:
    share = good.default_share
    return both(
        "note.embedded",
        direct=_text(good.direct),
        indirect=_text(good.indirect),
        total=_text(good.direct + good.indirect),
        electricity=_text(good.electricity),
        share="–" if share is None else _text(share * Bounds.point(100)),
    )


def _text(bounds: Bounds) -> str:
    ends = ["–" if end is None else f"{float(end):.6g}" for end in bounds.ends]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} … {ends[1]}"


def _bounded(conditions: BorderConditions, situation: Situation) -> Outcome | None:
    """Direct emissions as border rules count them are at most the fossil emissions up to the gate.

    This holds only where the file states all the conditions for it; otherwise nothing is said.
    """
    stated = (
        conditions.actual_values,
        conditions.same_product_and_period,
        conditions.no_credits,
        conditions.biomass_zero_rated,
        conditions.share_no_larger,
    )
    if not all(stated):
        return None
    universe = situation.universe
    counted, factors = universe.weights(situation.source), universe.weights(_characterisation(situation))
    gate = universe.mask(_FOSSIL_GATE) & (counted.value > 0) & factors.known
    parts = (Part(universe.mask(_ALL_DIRECT)), Part(gate, factors, Fraction(-1)))
    return Outcome(
        dimensions=_settled(situation),
        to=(situation.target[BOUNDARY],),
        delta=NOTHING,
        rows=(Row("border", conditions.path, parts, None, Fraction(0), stated=False),),
        alone=True,
    )


def _characterisation(situation: Situation) -> Method:
    """The options of the target that say which factor a gas has, and no others."""
    options = situation.catalogue.options
    return {
        dimension: option
        for dimension, option in situation.target.items()
        if any(effect.characterised_by or effect.as_origin for effect in options[option].effects)
    }

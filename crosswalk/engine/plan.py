"""Which operations a conversion uses, dimension by dimension, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from crosswalk.engine.cells import Mask, Universe, excluded, unlooked
from crosswalk.engine.methods import Choice, target_options
from crosswalk.engine.reckoning import covered, fixed
from crosswalk.engine.scenarios import Group, Scenario, signature
from crosswalk.engine.study import Study
from crosswalk.knowledge.catalogue import Catalogue, Dimension, Field, Regime, Requirement
from crosswalk.knowledge.records import FIRM
from crosswalk.results import Cited


@dataclass(frozen=True)
class Crossing:
    """A dimension in which the target asks for something the study did not do, or may not have done.

    ``moved`` tells whether that changes numbers, or only what is reported.
    """

    dimension: Dimension
    before: tuple[str, ...]
    after: tuple[str, ...]
    moved: bool
    rests_on: tuple[Requirement, ...]


def crossings(study: Study, target: Regime, parts: dict[str, tuple[Group, ...]]) -> list[Crossing]:
    """Return the numeric dimensions in which some possible option of the study is not kept.

    Where the study does not say what it did, only options that change the numbers count.
    """
    found = []
    for code, groups in parts.items():
        declared = study.choices[code].declared
        changed = [g for g in groups if set(g.targets) != {g.option} and (declared or g.moved)]
        if not changed:
            continue
        before = tuple(option for group in changed for option in group.options)
        after = tuple(dict.fromkeys(option for group in changed for option in group.targets))
        moved = any(group.moved for group in changed)
        dimension = study.universe.catalogue.dimensions[code]
        found.append(Crossing(dimension, before, after, moved, rests_on(study, target, code)))
    return found


def rests_on(study: Study, target: Regime, dimension: str) -> tuple[Requirement, ...]:
    """Return the requirements an answer rests on in one dimension.

    The study's own regime counts only where the study does not say itself what it did, or how much.
    """
    found: list[Requirement] = []
    choice = study.choices[dimension]
    unsaid = not choice.declared or choice.requirement is study.permitted
    if unsaid and choice.requirement is not None:
        found.append(choice.requirement)
    asked = target.requirements.get(dimension)
    if asked is not None and asked not in found:
        found.append(asked)
    return tuple(found)


def matters(universe: Universe, dimension: str, live: Mask) -> bool:
    """Whether options of the dimension differ on cells that may hold something."""
    options = universe.catalogue.dimensions[dimension].options
    return len({signature(universe, option, live) for option in options}) > 1


def unmet(choice: Choice, source: Regime | None, target: Regime) -> Requirement | None:
    """Return the target's requirement if the study may fail it; ``None`` if it is met or nothing is asked.

    A study that says nothing is taken to conform to its own regime, so it meets whatever that regime's
    whole set of options meets.
    """
    asked = target.requirements.get(choice.dimension)
    if asked is None or not asked.permits:
        return None
    if choice.declared:
        return None if set(choice.options) <= set(asked.permits) else asked
    own = source.requirements.get(choice.dimension) if source else None
    if own is not None and own.permits and set(own.permits) <= set(asked.permits):
        return None
    return asked


def cite(requirements: Iterable[Requirement]) -> tuple[Cited, ...]:
    """Turn requirements into citations, in stable order, each once."""
    found = {
        requirement.statement.iri: Cited.of(
            f"{requirement.regime} {requirement.dimension}", requirement.statement
        )
        for requirement in requirements
    }
    return tuple(found[iri] for iri in sorted(found))


def weakest(cited: Iterable[Cited]) -> str:
    """Return the weakest evidence class among the citations; ``unknown`` if there are none."""
    order = ("read", "secondary", "draft", "inferred", "memory", "presumed", "unknown")
    return max((c.evidence for c in cited), key=order.index, default="unknown")


def unstated(regime: Regime, dimension: str) -> Cited:
    """Return the citation of a requirement that is missing: nothing is known."""
    return Cited(
        about=f"{regime.code} {dimension}",
        iri=f"{regime.iri}#{dimension}",
        clause="unknown",
        evidence="unknown",
    )


def weak(cited: Iterable[Cited]) -> tuple[Cited, ...]:
    """Return the citations that make an answer provisional."""
    return tuple(c for c in cited if c.evidence not in FIRM)


def path(catalogue: Catalogue, dimensions: Iterable[str], scenario: Scenario) -> list[dict[str, str]]:
    """Return the methods from source to target, one dimension changed at a time, in order."""
    methods = [dict(scenario.source)]
    for dimension in dimensions:
        methods.append({**methods[-1], dimension: scenario.target[dimension]})
    return methods


def live(study: Study, target: Regime) -> Mask:
    """Cells that may hold something and may count, whichever method the study used."""
    asked: dict[str, list[str]] = {code: [] for code in study.choices}
    for code, choice in study.choices.items():
        for option in choice.options:
            asked[code] += target_options(code, option, target, study.footprint)
    return alive(study, asked, fields_of(study.universe.catalogue, target))


def alive(study: Study, others: Mapping[str, Iterable[str]], fields: Iterable[Field] = ()) -> Mask:
    """Cells that may hold something and may count, under the study's options or under ``others``.

    ``others`` are options by dimension; ``fields`` are further fields that will be reckoned.
    """
    found: Mask = ~study.absent() & ~_outside(study, others, fields)
    if study.footprint.complete is None:
        return found
    scoped = np.ones(len(study.universe), dtype=bool)
    for choice in study.choices.values():
        for option in choice.options:
            scoped &= ~unlooked(study.universe, option)
    return found & ~(study.unlisted() & scoped)


def _outside(study: Study, others: Mapping[str, Iterable[str]], fields: Iterable[Field]) -> Mask:
    """Cells that count nowhere: some dimension excludes them under every option it may have here.

    Where a field, of the file or of the target, is reckoned under an option of that dimension, the cells
    it covers are not outside.
    """
    universe = study.universe
    own = fixed(universe, (*study.footprint.disclosures, *fields))
    outside = np.zeros(len(universe), dtype=bool)
    for code in study.numeric:
        everywhere = np.ones(len(universe), dtype=bool)
        for option in {*study.choices[code].options, *others.get(code, ())}:
            everywhere &= excluded(universe, option)
        if code in own:
            everywhere &= ~own[code]
        outside |= everywhere
    for disclosure in study.footprint.disclosures:
        if disclosure.basis != "co2e":
            outside &= ~covered(universe, disclosure)
    return outside


def fields_of(catalogue: Catalogue, regime: Regime) -> list[Field]:
    """Return the CO2e fields of the exchange formats that belong to a regime, those that are equations."""
    formats = [f for f in catalogue.formats.values() if f.regime == regime.code]
    fields = [field for fmt in formats for field in fmt.fields.values()]
    return [field for field in fields if field.basis == "co2e" and not field.relation_only]

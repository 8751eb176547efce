"""Which options a study may have used, and which the target regime then asks for.

A regime fixes sets of options; a study chooses from them. What a study does not state could be any
option its regime permits, so a conversion looks at every combination that matters to the numbers. The
target keeps a choice it permits, otherwise takes the one it prefers, otherwise leaves it open too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.knowledge.catalogue import Catalogue, Regime, Requirement
from crosswalk.knowledge.records import Statement, Text

#: The dimension whose requirement carries the share a regime allows to be left out.
CUT_OFF = "cut-off"
COUNT_ALL = "cut-off.none"


@dataclass(frozen=True)
class Choice:
    """The options a study may have used in one dimension.

    ``declared`` tells whether the study says so itself; otherwise the options are what its regime
    permits, by ``requirement`` (``None`` where even that is unknown: then they are all there are).
    """

    dimension: str
    options: tuple[str, ...]
    declared: bool
    requirement: Requirement | None

    @property
    def open(self) -> bool:
        """Whether more than one option is possible."""
        return len(self.options) > 1


def choices(footprint: Footprint, regime: Regime | None, catalogue: Catalogue) -> dict[str, Choice]:
    """Return the choice of a study in every dimension, in order of application.

    The headline total of a file is defined under options of its own (a total excluding biogenic
    uptake is a 0/0 total whatever the study did); these count as declared.
    """
    stated = dict(footprint.method)
    head = headline(footprint)
    for option in head.under if head is not None else ():
        stated[catalogue.options[option].dimension] = (option,)
    found: dict[str, Choice] = {}
    for dimension in sorted(catalogue.dimensions.values(), key=lambda d: (d.order, d.code)):
        requirement = regime.requirements.get(dimension.code) if regime else None
        if dimension.code in stated:
            found[dimension.code] = Choice(dimension.code, stated[dimension.code], True, requirement)
            continue
        permitted = _permits(requirement, footprint) if requirement else ()
        found[dimension.code] = Choice(dimension.code, permitted or dimension.options, False, requirement)
    return found


def headline(footprint: Footprint) -> Disclosure | None:
    """Return the disclosure that states the total of the study, if there is one."""
    totals = [disclosure for disclosure in footprint.disclosures if disclosure.headline]
    return min(totals, key=lambda d: d.headline) if totals else None


def target_options(dimension: str, option: str, target: Regime, footprint: Footprint) -> tuple[str, ...]:
    """Return what the target asks for where the study used ``option``; several leave it open.

    Towards its own regime a study keeps what it did. Where the target permits less for the goods the
    footprint is about, that is what it asks for.
    """
    if footprint.regime == target.code:
        return (option,)
    requirement = target.requirements.get(dimension)
    if requirement is None or not requirement.permits:
        return (option,)
    if dimension == CUT_OFF and (option == COUNT_ALL or exceeds(footprint, requirement)):
        return (COUNT_ALL,)
    permits = _permits(requirement, footprint)
    if option in permits:
        return (option,)
    if requirement.prefers in permits:
        return (requirement.prefers,)
    return permits


def _permits(requirement: Requirement, footprint: Footprint) -> tuple[str, ...]:
    """Return what a requirement permits for the goods a footprint is about."""
    rule = requirement.rule(goods(footprint)) if requirement.goods else None
    return requirement.permits if rule is None else rule.permits


def goods(footprint: Footprint) -> str | None:
    """Return the customs code or category of the product: as its installation has it, else its own."""
    installation = footprint.activity.installation if footprint.activity else None
    made = {one.name: one.goods for one in installation.processes} if installation else {}
    return made.get(installation.product if installation else "") or footprint.goods


def asking(permitted: Mapping[str, Choice]) -> Regime:
    """Return a regime that is none: it permits these choices, by dimension, and asks for nothing else.

    What the regime of a choice fixes stays fixed.
    """
    return Regime(
        code="",
        iri="",
        label=Text(en="", zh=""),
        authority="",
        edition="",
        status="",
        requirements={
            dimension: Requirement(
                regime="",
                dimension=dimension,
                permits=choice.options,
                prefers=None,
                modality="unknown",
                statement=Statement(iri=""),
                fixes=choice.requirement.fixes if choice.requirement else {},
            )
            for dimension, choice in permitted.items()
        },
    )


def share_permitted(footprint: Footprint, choice: Choice) -> Requirement | None:
    """Return the requirement that limits the share a study may have left out; ``None`` if none is known.

    It limits a study only if what the study did is what its regime permits, or leaves out nothing.
    """
    own = choice.requirement
    if own is None or own.limit is None:
        return None
    return own if {*choice.options} <= {*_permits(own, footprint), COUNT_ALL} else None


def exceeds(footprint: Footprint, requirement: Requirement) -> bool:
    """Whether the study left out more than the requirement allows, or lists what it left out.

    What is listed is known at most, and a list has no share: all of it is asked for.
    """
    if requirement.limit is None:
        return False
    if footprint.exempted is None:
        return any(COUNT_ALL in disclosure.under for disclosure in footprint.disclosures)
    from fractions import Fraction

    share = footprint.exempted.value
    # Rounding alone does not make a share that is stated at the limit exceed it; a stated spread may.
    if footprint.exempted.half != Quantity.of(footprint.exempted.text).half:
        share += footprint.exempted.half
    return share > Fraction(requirement.limit)


def numeric(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the dimensions whose options weigh cells, in order of application."""
    ordered = sorted(catalogue.dimensions.values(), key=lambda d: (d.order, d.code))
    return tuple(d.code for d in ordered if d.family == "convention")


def combinations(choices: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[dict[str, str]]:
    """Yield every assignment of one option to each dimension, in stable order."""
    names = [name for name, _ in choices]
    for picked in product(*(options for _, options in choices)):
        yield dict(zip(names, picked, strict=True))

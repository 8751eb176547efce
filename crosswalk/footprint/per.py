"""From the unit a footprint is declared per to the one asked for: how many of the one are in the other.

Units of one kind turn into each other exactly. Between kinds a property of the product is needed, and only
what the file states counts: nothing is looked up and nothing assumed. A property is what its digits say,
half a unit in the last place either way, so the number of declared units is an interval.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from crosswalk.errors import InconsistentError, RefusedError, UsageError
from crosswalk.footprint import units
from crosswalk.footprint.properties import KINDS, PART, Property
from crosswalk.footprint.records import DeclaredUnit, Footprint
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.records import Text
from crosswalk.messages import both

#: The format that has a field for every property.
OWN = "crosswalk"
_ASKED = re.compile(
    r"\s*(?P<amount>[+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,2})?)?\s*(?P<unit>[^\d\s,.+-].*?)?\s*",
    re.ASCII,
)


@dataclass(frozen=True)
class Count:
    """So many declared units are in the unit asked for: ``value`` as printed, from ``low`` to ``high``.

    ``by`` are the properties it rests on; without any the number is exact.
    """

    asked: DeclaredUnit
    value: Fraction
    low: Fraction
    high: Fraction
    by: tuple[Property, ...] = ()


def asked(text: str, catalogue: Catalogue) -> DeclaredUnit:
    """Read an amount of a unit; without an amount it is one.

    Raises ``UsageError`` for what is neither or not above zero, ``UnknownNameError`` for a unit that is not
    on the list and ``InputError`` for one that may mean different things.

    >>> from crosswalk.knowledge.load import load
    >>> str(asked("tonne", load())), str(asked("2.50 kWh", load())), str(asked("1 t N", load()))
    ('t', '2.5 kWh', 't N')
    """
    found = _ASKED.fullmatch(text)
    if found is None or not found["unit"]:
        raise UsageError("per", text=text.strip()[:40])
    amount = Fraction(Decimal(found["amount"])) if found["amount"] else Fraction(1)
    if amount <= 0:
        raise UsageError("per-zero", text=text.strip()[:40])
    return DeclaredUnit(amount=amount, unit=units.parse_unit(found["unit"], catalogue))


def count(footprint: Footprint, wanted: DeclaredUnit, catalogue: Catalogue) -> Count:
    """Return how many declared units of ``footprint`` are in the unit ``wanted``.

    Where the two measure different things, the properties the file states are tried in every chain that
    leads from the one to the other. Raises ``RefusedError`` naming the property that is missing,
    ``InconsistentError`` where two chains cannot both be right, and ``UsageError`` where no property of a
    product leads there at all.
    """
    start, end = (units.dimension(one.unit, catalogue) for one in (wanted, footprint.declared_unit))
    chains = list(_chains(_steps(footprint, wanted, catalogue), start, end))
    if not chains:
        raise UsageError(
            "per-kind", where=footprint.source, asked=str(wanted), declared=str(footprint.declared_unit)
        )
    lacking = min(sum(step.stated is None for step in chain) for chain in chains)
    best = [chain for chain in chains if sum(step.stated is None for step in chain) == lacking]
    if lacking:
        raise _missing(footprint, wanted, best)
    return _agreed([_counted(footprint, wanted, chain, catalogue) for chain in best], footprint)


@dataclass(frozen=True)
class _Step:
    """A property between two dimensions, ``of`` over ``per``: stated, or to be stated under ``lacks``."""

    kind: str
    of: str
    per: str
    stated: Property | None = None
    lacks: str = ""


def _steps(footprint: Footprint, wanted: DeclaredUnit, catalogue: Catalogue) -> list[_Step]:
    """Return all properties that are stated, and those that might be."""
    declared = footprint.declared_unit
    main = {units.dimension(u, catalogue): units.main(u, catalogue) for u in (wanted.unit, declared.unit)}
    end = units.dimension(declared.unit, catalogue)
    stated = [*footprint.properties]
    if declared.mass is not None and end != "mass":
        stated.insert(0, _declared_mass(declared))
    found = []
    for one in stated:
        of, per = (units.dimension(code, catalogue) for code in (one.unit, one.per))
        found.append(_Step(one.kind, of, per, one))
    known = {(step.kind, step.of) for step in found}
    if end != "mass" and ("mass", "mass") not in known:
        found.append(_Step("mass", "mass", end, lacks=f"{declared.mass_path} (kg)"))
    for kind, (of, bases, written) in KINDS.items():
        for part in [of] if of else sorted(one for one in main if one.startswith(PART)):
            if (kind, part) in known:
                continue
            for per, unit in zip(bases, written, strict=True):
                spelled = unit if of else f"{units.label(main[part], catalogue=catalogue)}/kg"
                lacks = f"product_properties.{kind} ({spelled})"
                found.append(_Step(kind, part, per, lacks=lacks))
    return found


def _declared_mass(declared: DeclaredUnit) -> Property:
    assert declared.mass is not None
    return Property(
        kind="mass",
        path=declared.mass_path,
        text=f"{declared.mass.text} kg",
        amount=declared.mass,
        unit="kilogram",
        per=declared.unit,
        count=declared.amount,
    )


def _chains(
    steps: Sequence[_Step], start: str, end: str, passed: tuple[str, ...] = ()
) -> Iterator[list[_Step]]:
    """Yield every chain of steps from one dimension to another that passes none twice."""
    if start == end:
        yield []
        return
    for step in steps:
        if start in (step.of, step.per):
            other = step.per if start == step.of else step.of
            if other not in (*passed, start):
                for rest in _chains(steps, other, end, (*passed, start)):
                    yield [step, *rest]


def _counted(
    footprint: Footprint, wanted: DeclaredUnit, chain: Sequence[_Step], catalogue: Catalogue
) -> Count:
    """Follow a chain of stated properties from the unit asked for to the declared one."""
    declared, used = footprint.declared_unit, []
    at, unit, ends = units.dimension(wanted.unit, catalogue), wanted.unit, [wanted.amount] * 3
    for step in chain:
        found = step.stated
        assert found is not None
        number = found.amount
        middle, low, high = (
            one / found.count
            for one in (number.value, number.value - number.half, number.value + number.half)
        )
        if step.of == at:
            into, onto, by, at = found.unit, found.per, (1 / middle, 1 / high, 1 / low), step.per
        else:
            into, onto, by, at = found.per, found.unit, (middle, low, high), step.of
        turned = units.factor(unit, into, catalogue)
        ends = [end * turned * times for end, times in zip(ends, by, strict=True)]
        unit = onto
        used.append(found)
    last = units.factor(unit, declared.unit, catalogue) / declared.amount
    value, low, high = (end * last for end in ends)
    return Count(wanted, value, low, high, tuple(used))


def _agreed(found: Sequence[Count], footprint: Footprint) -> Count:
    """Return the narrowest of several counts; all of them must have a value in common."""
    best = min(found, key=lambda one: (one.high - one.low, len(one.by)))
    for other in found:
        if other.low > best.high or other.high < best.low:
            names = [", ".join(f"{one.path} = {one.text}" for one in count.by) for count in (best, other)]
            raise InconsistentError("per-contradiction", where=footprint.source, one=names[0], other=names[1])
    return best


def _missing(footprint: Footprint, wanted: DeclaredUnit, chains: Sequence[Sequence[_Step]]) -> RefusedError:
    """Name what is missing: in the file's own format where that has a field for it."""
    able = [chain for chain in chains if footprint.format == OWN or _weighed(chain)]
    told = able or chains
    ways = [" + ".join(step.lacks for step in chain if step.stated is None) for chain in told]
    values = {"asked": str(wanted), "declared": str(footprint.declared_unit), "lacks": _either(ways)}
    if able:
        return RefusedError("per-property", where=footprint.source, **values)
    return RefusedError("per-property-elsewhere", where=footprint.source, **values)


def _weighed(chain: Sequence[_Step]) -> bool:
    """Whether nothing but the mass of the declared unit is missing, for which every format has a field."""
    return all(step.kind == "mass" for step in chain if step.stated is None)


def _either(ways: Sequence[str]) -> Text:
    """Return alternatives in words."""
    words = both("word.or")
    return Text(en=f" {words.en} ".join(ways), zh=f" {words.zh} ".join(ways))

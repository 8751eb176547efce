"""Specific embedded emissions of what an installation makes, from its source streams and processes.

SEE = (attributed emissions + Σ mass of precursor · SEE of precursor) / activity level, for direct and
indirect emissions alike, along the whole chain of processes. Everything is per tonne of what a process
makes, in t CO2e (electricity: MWh). The rules and their constants stand in ``mappings/operations/F21.ttl``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds, total
from crosswalk.errors import RefusedError
from crosswalk.footprint.activity import Installation, Precursor, ProductionProcess, SourceStream
from crosswalk.footprint.quantity import Quantity

ANYTHING = Bounds(Fraction(0), None)
_ONE = Bounds.point(1)

#: Whether the indirect emissions of goods count when they are a precursor; ``None`` if nobody can tell.
Counts = Callable[[str | None], bool | None]


@dataclass
class Constants:
    """The constants of the rules by code, which remembers those that were used."""

    values: Mapping[str, Fraction]
    used: set[str] = field(default_factory=set)

    def __getitem__(self, code: str) -> Bounds:
        self.used.add(code)
        return Bounds.point(self.values[code])

    def __contains__(self, code: str) -> bool:
        return code in self.values


@dataclass
class Lacking:
    """What was needed and not given: paths, each with the code of the input."""

    found: dict[str, str] = field(default_factory=dict)

    def add(self, path: str, code: str) -> None:
        """Note an input that was not given."""
        self.found.setdefault(path, code)


@dataclass(frozen=True)
class Embedded:
    """Specific embedded emissions of one good, per tonne of it.

    ``own_direct`` and ``own_indirect`` are those of its own process; ``precursors`` what its precursors
    carry in as the rules count it: their direct emissions, and the indirect ones of goods that count
    them. ``direct`` and ``indirect`` hold both, whatever counts; ``defaults`` is the part of ``direct``
    that rests on default values, ``electricity`` in MWh.
    """

    own_direct: Bounds
    own_indirect: Bounds
    precursors: Bounds
    direct: Bounds
    indirect: Bounds
    defaults: Bounds
    electricity: Bounds

    @property
    def default_share(self) -> Bounds | None:
        """The share of direct emissions that rests on default values; ``None`` where there are none."""
        if self.direct == NOTHING:
            return None
        if self.defaults == NOTHING:
            return NOTHING
        found = self.defaults / self.direct
        low = Fraction(0) if found.low is None else found.low
        return Bounds(low, Fraction(1) if found.high is None else min(found.high, Fraction(1)))


def emitted(stream: SourceStream, constants: Constants, lacking: Lacking) -> Bounds:
    """Return what a source stream emits, t CO2e per period; less than nothing for carbon that leaves."""
    amount = Bounds.of(stream.amount)
    method = stream.method or _method(stream)
    if method is None:
        lacking.add(f"{stream.path}.method", "method")
        return UNKNOWN
    if method == "measured":
        if stream.gas == "CO2":
            return amount
        # A gas the rules have no factor for does not count.
        code = f"gwp-{stream.gas}"
        return amount * constants[code] if code in constants else NOTHING
    counted = _ONE - (NOTHING if stream.biomass is None else Bounds.share(stream.biomass))
    if stream.oxidation is not None:
        counted = counted * Bounds.share(stream.oxidation)
    if method == "mass-balance":
        carbon = _needed(stream.carbon, f"{stream.path}.carbon", "carbon", lacking)
        return amount * carbon * constants["carbon-to-co2"] * counted
    factor = _needed(stream.factor, f"{stream.path}.factor", "factor", lacking)
    if method == "combustion":
        path = f"{stream.path}.heating_value"
        factor = factor * _needed(stream.heating_value, path, "heating_value", lacking)
    return amount * factor * counted


def _method(stream: SourceStream) -> str | None:
    """Tell a method by what is given. A factor alone may be per tonne or per unit of energy."""
    if stream.gas != "CO2":
        return "measured"
    if stream.carbon is not None:
        return "mass-balance"
    return None if stream.heating_value is None else "combustion"


def _needed(quantity: Quantity | None, path: str, code: str, lacking: Lacking) -> Bounds:
    if quantity is None:
        lacking.add(path, code)
        return ANYTHING
    return _positive(Bounds.of(quantity))


def _positive(bounds: Bounds) -> Bounds:
    """Leave out what is below nothing."""
    nothing = Fraction(0)
    low = nothing if bounds.low is None else max(bounds.low, nothing)
    return Bounds(low, None if bounds.high is None else max(bounds.high, nothing))


def _direct(
    process: ProductionProcess, installation: Installation, constants: Constants, lacking: Lacking
) -> Bounds:
    """Direct emissions before heat, waste gas and electricity: as stated, or of the streams of the process.

    Streams that several processes share may belong to any of them.
    """
    alone = len(installation.processes) == 1
    streams = [(one, emitted(one, constants, lacking)) for one in installation.streams]
    mine = [b for one, b in streams if one.process == process.name or (alone and one.process is None)]
    shared = [b for one, b in streams if one.process is None and not alone]
    stated = None if process.direct is None else Bounds.of(process.direct)
    if stated is not None:
        own = bool(mine) and not shared and process.complete
        return _both(stated, total(mine), f"{process.path}.direct", installation.path) if own else stated
    if shared or not (mine or process.complete):
        lacking.add(f"{process.path}.direct", "direct")
    found = total([*mine, *(Bounds.hull([NOTHING, one]) for one in shared)])
    return found if process.complete else UNKNOWN


def _both(stated: Bounds, summed: Bounds, path: str, where: str) -> Bounds:
    """Return what two statements of one number leave possible. Raises ``RefusedError`` if nothing."""
    lows = [low for low in (stated.low, summed.low) if low is not None]
    highs = [high for high in (stated.high, summed.high) if high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    if low is not None and high is not None and low > high:
        raise RefusedError("installation-streams", path=path, streams=where)
    return Bounds(low, high)


def _flow(process: ProductionProcess, name: str, lacking: Lacking) -> Bounds:
    """Return an amount that comes in or leaves: none where the list of flows is complete."""
    given: Quantity | None = getattr(process, name)
    if given is not None:
        return _positive(Bounds.of(given))
    if process.complete:
        return NOTHING
    lacking.add(f"{process.path}.{name}", name)
    return ANYTHING


def _weighed(process: ProductionProcess, name: str, lacking: Lacking) -> Bounds:
    """Return a flow times its factor."""
    amount = _flow(process, name, lacking)
    if amount in (NOTHING, ANYTHING):
        return amount
    code = f"{name}_factor"
    factor: Quantity | None = getattr(process, code)
    return amount * _needed(factor, f"{process.path}.{code}", code, lacking)


def _waste_gas(
    process: ProductionProcess, name: str, factor: Callable[[], Bounds], lacking: Lacking
) -> Bounds:
    """Return waste gas as the rule counts it; a stated factor that is another leaves both possible."""
    amount = _flow(process, name, lacking)
    if amount in (NOTHING, ANYTHING):
        return amount
    stated: Quantity | None = getattr(process, f"{name}_factor")
    rule = factor()
    return amount * (rule if stated is None else Bounds.hull([rule, _positive(Bounds.of(stated))]))


def attributed(
    process: ProductionProcess, installation: Installation, constants: Constants, lacking: Lacking
) -> Bounds:
    """Return the direct emissions attributed to a process, t CO2e per period, never below nothing."""
    gas, poorer = "natural-gas", "waste-gas-correction"
    found = (
        _direct(process, installation, constants, lacking)
        + _weighed(process, "heat_in", lacking)
        - _weighed(process, "heat_out", lacking)
        + _waste_gas(process, "waste_gas_in", lambda: constants[gas], lacking)
        - _waste_gas(process, "waste_gas_out", lambda: constants[gas] * constants[poorer], lacking)
        - _weighed(process, "electricity_out", lacking)
    )
    return _positive(found)


def embedded(
    installation: Installation, values: Mapping[str, Fraction], counts: Counts
) -> tuple[dict[str, Embedded], Lacking, set[str]]:
    """Return the embedded emissions of each process, what was lacking, and which constants were used.

    ``values`` are the constants by code, ``counts`` says of goods whether their indirect emissions count
    as those of a precursor. Raises ``RefusedError`` where the streams contradict a stated number.
    """
    constants, lacking = Constants(values), Lacking()
    processes = installation.processes
    chain = _Chain(installation, lacking)
    own = [attributed(one, installation, constants, lacking) for one in processes]
    power = [_flow(one, "electricity", lacking) for one in processes]
    indirect = [_weighed(one, "electricity", lacking) for one in processes]
    counted = [_if(counts(one.goods), bounds) for one, bounds in zip(processes, indirect, strict=True)]
    nothing = [NOTHING] * len(processes)
    bought = chain.bought(lambda one: _value(one, "direct", None, lacking))
    bought_indirect = chain.bought(lambda one: _value(one, "indirect", None, None))
    bought_counted = chain.bought(lambda one: _value(one, "indirect", counts, lacking))
    by_default = chain.bought(lambda one: _value(one, "direct", None, None) if one.default else NOTHING)
    direct, as_counted = chain.solve(own, bought), chain.solve(counted, bought_counted)
    total_indirect, defaults = chain.solve(indirect, bought_indirect), chain.solve(nothing, by_default)
    electricity = chain.solve(power, chain.bought(lambda one: _value(one, "electricity", None, None)))
    found = {}
    for index, process in enumerate(processes):
        found[process.name] = Embedded(
            own_direct=chain.specific(index, own[index]),
            own_indirect=chain.specific(index, indirect[index]),
            precursors=chain.carried(index, direct, bought)
            + chain.carried(index, as_counted, bought_counted),
            direct=direct[index],
            indirect=total_indirect[index],
            defaults=defaults[index],
            electricity=electricity[index],
        )
    return found, lacking, constants.used


def _if(counts: bool | None, bounds: Bounds) -> Bounds:
    if counts is None:
        return Bounds.hull([NOTHING, bounds])
    return bounds if counts else NOTHING


def _value(one: Precursor, name: str, counts: Counts | None, lacking: Lacking | None) -> Bounds:
    """Return one of the specific values of a precursor that was bought in."""
    if one.exempt:
        return NOTHING
    matters = True if counts is None else counts(one.goods)
    if matters is False:
        return NOTHING
    if matters is None and lacking is not None:
        lacking.add(f"{one.path}.goods", "goods")
    given: Quantity | None = getattr(one, name)
    if given is not None:
        return _if(matters, _positive(Bounds.of(given)))
    if lacking is not None:
        lacking.add(f"{one.path}.{name}", "precursor" if name == "direct" else "precursor-indirect")
    return ANYTHING


class _Chain:
    """Which process takes how much from which, and the linear equations that follow.

    With shares and additions never below nothing, what is embedded grows with each of them: both ends of
    an interval are solutions of the equations with the ends of the inputs.
    """

    def __init__(self, installation: Installation, lacking: Lacking) -> None:
        self.processes = installation.processes
        self.levels = [_positive(Bounds.of(one.activity_level)) for one in self.processes]
        size = len(self.processes)
        place = {one.name: index for index, one in enumerate(self.processes)}
        taken = [[NOTHING] * size for _ in range(size)]
        self.purchased: list[list[tuple[Bounds, Precursor]]] = [[] for _ in range(size)]
        #: Processes that may take in more than is listed: nothing limits what is embedded there.
        self.open = {index for index, one in enumerate(self.processes) if not one.complete}
        for index in sorted(self.open):
            lacking.add(f"{self.processes[index].path}.complete", "complete")
        for index, process in enumerate(self.processes):
            for one in process.precursors:
                amount = _positive(Bounds.of(one.amount))
                if one.process is None:
                    self.purchased[index].append((amount, one))
                elif one.process in place:
                    taken[index][place[one.process]] += amount
                else:
                    lacking.add(f"{one.path}.process", "process")
                    self.open.add(index)
        self.shares = [[self.specific(index, one) for one in row] for index, row in enumerate(taken)]

    def specific(self, index: int, bounds: Bounds) -> Bounds:
        """Return an amount of a process per tonne of what it makes."""
        level = self.levels[index]
        if bounds == NOTHING:
            return NOTHING
        low = bounds.low / level.high if bounds.low and level.high else Fraction(0)
        return Bounds(low, bounds.high / level.low if bounds.high is not None and level.low else None)

    def bought(self, value: Callable[[Precursor], Bounds]) -> list[Bounds]:
        """Return what each process buys in, per tonne of what it makes."""
        return [
            self.specific(index, total(amount * value(one) for amount, one in rows))
            for index, rows in enumerate(self.purchased)
        ]

    def solve(self, own: list[Bounds], bought: list[Bounds]) -> list[Bounds]:
        """Return what is embedded in a tonne made by each process."""
        added = [self.specific(index, one) + bought[index] for index, one in enumerate(own)]
        unlimited = self._unlimited(added)
        least = _solved(
            [[one.low or Fraction(0) for one in row] for row in self.shares],
            [one.low or Fraction(0) for one in added],
        )
        limited = [index not in unlimited for index in range(len(added))]
        most = _solved(
            [
                [(one.high or Fraction(0)) * known for one in row]
                for known, row in zip(limited, self.shares, strict=True)
            ],
            [(one.high or Fraction(0)) * known for known, one in zip(limited, added, strict=True)],
        )
        return [
            Bounds(
                Fraction(0) if least is None else least[index],
                most[index] if most is not None and limited[index] else None,
            )
            for index in range(len(added))
        ]

    def carried(self, index: int, solved: list[Bounds], bought: list[Bounds]) -> Bounds:
        """Return what the precursors of a process carry in, per tonne of what it makes."""
        found = bought[index] + total(
            share * one for share, one in zip(self.shares[index], solved, strict=True)
        )
        return Bounds(found.low, None) if index in self.open else found

    def _unlimited(self, added: list[Bounds]) -> set[int]:
        """Processes whose upper end is open: by themselves, or by what they take from others."""
        found = self.open | {index for index, one in enumerate(added) if one.high is None}
        found |= {index for index, row in enumerate(self.shares) if any(one.high is None for one in row)}
        while True:
            more = {
                index
                for index, row in enumerate(self.shares)
                if any(one != NOTHING and other in found for other, one in enumerate(row))
            }
            if more <= found:
                return found
            found |= more


def _solved(shares: list[list[Fraction]], added: list[Fraction]) -> list[Fraction] | None:
    """Solve x = shares · x + added; ``None`` where a circle of processes feeds itself without end."""
    size = len(added)
    rows = [[Fraction(int(i == j)) - shares[i][j] for j in range(size)] + [added[i]] for i in range(size)]
    for column in range(size):
        # Every pivot is above nothing exactly where each circle gives back less than it takes.
        pivot = rows[column][column]
        if pivot <= 0:
            return None
        rows[column] = [value / pivot for value in rows[column]]
        for other in range(size):
            by = rows[other][column]
            if other != column and by:
                rows[other] = [a - by * b for a, b in zip(rows[other], rows[column], strict=True)]
    return [row[size] for row in rows]

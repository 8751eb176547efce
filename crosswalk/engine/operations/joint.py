"""Joint processes and chains of them: the burden a declared unit bears under one rule for each process.

With burden E of a run, amounts q and keys x of its outputs, output i bears ``E x_i / sum(x_j q_j)`` per
unit under a key, and ``(E - sum(q_j EF_j)) / q_i`` over the other outputs j where the products these
displace, at EF_j, are credited. What a process takes from another joint process is part of its burden, so
that a chain is worked from the bottom up. Waste bears nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Literal, TypeAlias

from crosswalk.engine.operations.bounds import NOTHING, UNKNOWN, Bounds
from crosswalk.engine.operations.burdens import worth
from crosswalk.engine.operations.enclosure import Box, Slope, number, unknown
from crosswalk.engine.operations.situation import Situation
from crosswalk.footprint.activity import JointProcess, Output
from crosswalk.footprint.quantity import Quantity


@dataclass(frozen=True)
class Rule:
    """How a joint process hands on its burden.

    ``key``: by the key of that name, among the outputs of ``group`` only if there is one; ``credit``: all
    to the product, less what the other outputs displace; ``whole``: all to the product; ``any``: any
    share, where ``key`` (``used`` or ``wanted``) tells one unknown share from another.
    """

    kind: Literal["key", "credit", "whole", "any"]
    key: str = ""
    group: str | None = None

    def bearing(self, process: JointProcess) -> tuple[Output, ...]:
        """Return the outputs that bear a share."""
        return tuple(
            one
            for one in process.outputs
            if not one.waste and (self.group is None or one.group == self.group)
        )

    def lacking(self, process: JointProcess) -> tuple[Output, ...]:
        """Return the outputs that do not give what the rule needs of them."""
        if self.kind == "key":
            return tuple(one for one in self.bearing(process) if self.key not in one.keys)
        if self.kind == "credit":
            others = (one for one in self.bearing(process) if one.name != process.product)
            return tuple(one for one in others if one.displaced is None)
        return ()


CREDIT, WHOLE = Rule("credit"), Rule("whole")
#: One rule for each process of a chain, in its order.
Rules: TypeAlias = tuple[Rule, ...]
Values: TypeAlias = Mapping[str, Slope]
Known: TypeAlias = dict[tuple[int, int], Slope]


@dataclass(frozen=True, eq=False)
class Chain:
    """All joint processes of a file. Which feeds which must hold together: see ``fault``.

    Two chains are the same if they are built alike, whatever their numbers.
    """

    processes: tuple[JointProcess, ...]

    @cached_property
    def _built(self) -> tuple[object, ...]:
        return tuple(
            (
                one.name,
                one.product,
                one.used is None,
                tuple((output.name, output.waste, output.group) for output in one.outputs),
                tuple((taken.process, taken.output) for taken in one.inputs),
            )
            for one in self.processes
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Chain) and self._built == other._built

    def __hash__(self) -> int:
        return hash(self._built)

    def fault(self) -> str | None:
        """Return the place that keeps the chain from being worked out, if there is one."""
        names = [one.name for one in self.processes]
        for process in self.processes:
            outputs = [one.name for one in process.outputs]
            if names.count(process.name) > 1:
                return f"{process.path}.name"
            if outputs.count(process.product) != 1:
                return f"{process.path}.product"
            for one in process.inputs:
                given = [p for p in self.processes if p.name == one.process]
                if [o.name for p in given for o in p.outputs].count(one.output) != 1:
                    return one.path
        try:
            TopologicalSorter(self._sources).prepare()
        except CycleError as circle:
            name = circle.args[1][0]
            return f"{self.processes[names.index(name)].path}.inputs"
        return None

    @cached_property
    def _sources(self) -> dict[str, tuple[str, ...]]:
        return {one.name: tuple(made.process for made in one.inputs) for one in self.processes}

    def behind(self, name: str) -> frozenset[str]:
        """Return a process and all that feed it, directly or not."""
        found = {name}
        todo = [name]
        while todo:
            for source in self._sources[todo.pop()]:
                if source not in found:
                    found.add(source)
                    todo.append(source)
        return frozenset(found)

    @cached_property
    def ends(self) -> tuple[JointProcess, ...]:
        """The processes that go into the declared unit itself: those that say so, or feed no other."""
        feeding = {name for sources in self._sources.values() for name in sources}
        return tuple(one for one in self.processes if one.used is not None or one.name not in feeding)

    def box(self, situation: Situation) -> Box:
        """Return every number of the chain by name, in kg CO2e under the target where it is a burden."""
        found: Box = {}
        for at, process in enumerate(self.processes):
            found[f"{at}.burden"] = worth(process.burden, situation, "process")
            found[f"{at}.used"] = amount(process.used)
            for index, one in enumerate(process.inputs):
                found[f"{at}.takes.{index}"] = amount(one.amount)
            for index, output in enumerate(process.outputs):
                name = f"{at}.{index}"
                found[f"{name}.amount"] = amount(output.amount)
                found[f"{name}.displaced"] = worth(output.displaced, situation, "process")
                for key, value in output.keys.items():
                    found[f"{name}.key.{key}"] = amount(value)
        return found

    def unit_of(self, box: Box, at: int) -> Box:
        """Return the box in which process ``at`` has a burden of one, and nothing else any."""
        bare = dict(box)
        for place, process in enumerate(self.processes):
            bare[f"{place}.burden"] = Bounds.point(1 if place == at else 0)
            for index in range(len(process.outputs)):
                bare[f"{place}.{index}.displaced"] = NOTHING
        return bare

    def linear(self) -> frozenset[str]:
        """Return the names of numbers in which every total is linear while the others stand still."""
        found = set()
        for at, process in enumerate(self.processes):
            found |= {f"{at}.burden", f"{at}.used"}
            found |= {f"{at}.takes.{index}" for index in range(len(process.inputs))}
            for index in range(len(process.outputs)):
                found |= {f"{at}.{index}.displaced", f"{at}.{index}.share.used", f"{at}.{index}.share.wanted"}
        return frozenset(found)

    def shares(self, rules: Rules) -> Box:
        """Return the unknown shares of ``rules``, each from none to all."""
        return {
            _share(at, index, rule): Bounds(Fraction(0), Fraction(1))
            for at, rule in enumerate(rules)
            if rule.kind == "any"
            for index in range(len(self.processes[at].outputs))
        }

    def total(self, rules: Rules, values: Values) -> Slope:
        """Return what a declared unit bears of the whole chain."""
        known: Known = {}
        return self._sum(values, lambda at, index: self._per_unit(at, index, rules, values, known))

    def change(self, before: Rules, after: Rules, values: Values) -> Slope:
        """Return the total under ``after`` less that under ``before``; what does not change cancels."""
        first: Known = {}
        then: Known = {}

        def changed(at: int, index: int) -> Slope:
            if before[at] == after[at]:
                passed_on = number(0)
                for taken, place, output in self._taken(at, values):
                    passed_on = passed_on + taken * changed(place, output)
                rule = WHOLE if before[at] == CREDIT else before[at]
                return self._borne(at, index, rule, passed_on, values)
            now = self._per_unit(at, index, after, values, then)
            return now - self._per_unit(at, index, before, values, first)

        return self._sum(values, changed)

    def _sum(self, values: Values, per_unit: Callable[[int, int], Slope]) -> Slope:
        found = number(0)
        for process in self.ends:
            at, index = self._place(process.name, process.product)
            found = found + values[f"{at}.used"] * per_unit(at, index)
        return found

    def _taken(self, at: int, values: Values) -> Iterator[tuple[Slope, int, int]]:
        """Yield how much a process takes of which output of which other one."""
        for place, one in enumerate(self.processes[at].inputs):
            yield (values[f"{at}.takes.{place}"], *self._place(one.process, one.output))

    def _place(self, process: str, output: str) -> tuple[int, int]:
        at = next(at for at, one in enumerate(self.processes) if one.name == process)
        outputs = self.processes[at].outputs
        return at, next(index for index, one in enumerate(outputs) if one.name == output)

    def _per_unit(self, at: int, index: int, rules: Rules, values: Values, known: Known) -> Slope:
        """Return the burden per unit of one output; ``known`` keeps those already worked out."""
        if (at, index) not in known:
            burden = values[f"{at}.burden"]
            for taken, place, output in self._taken(at, values):
                burden = burden + taken * self._per_unit(place, output, rules, values, known)
            known[at, index] = self._borne(at, index, rules[at], burden, values)
        return known[at, index]

    def _borne(self, at: int, index: int, rule: Rule, burden: Slope, values: Values) -> Slope:
        process = self.processes[at]
        output = process.outputs[index]
        bearing = {
            place: values[f"{at}.{place}.amount"]
            for place, one in enumerate(process.outputs)
            if one in rule.bearing(process)
        }
        if index not in bearing:
            return number(0)
        if rule.kind == "key":
            keys = {place: values[f"{at}.{place}.key.{rule.key}"] for place in bearing}
            whole = number(0)
            for place, made in bearing.items():
                whole = whole + keys[place] * made
            return burden * (keys[index] / whole)
        if rule.kind == "any":
            return burden * values[_share(at, index, rule)] / bearing[index]
        if output.name != process.product:
            # Who takes a co-product of a process whose product takes the credit: no formula says what.
            return unknown()
        if rule.kind == "credit":
            for place, made in bearing.items():
                if place != index:
                    burden = burden - made * values[f"{at}.{place}.displaced"]
        return burden / bearing[index]


def amount(quantity: Quantity | None) -> Bounds:
    """Return an amount or a key as given; rounding does not take it below zero.

    >>> amount(Quantity.of("0.0")).ends
    (Fraction(0, 1), Fraction(1, 20))
    """
    if quantity is None:
        return UNKNOWN
    found = Bounds.of(quantity)
    if quantity.value < 0 or found.low is None or found.low >= 0:
        return found
    return Bounds(Fraction(0), found.high)


def _share(at: int, index: int, rule: Rule) -> str:
    return f"{at}.{index}.share.{rule.key}"

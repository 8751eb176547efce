"""Which rule a joint process was shared out by, and which ones a target asks for instead.

The study's option is the one the process names, or any the study may have used. A target that permits it
keeps it, unless a rule of the sector goes first, prices must be averaged otherwise, or a credit was taken
under conditions the target does not accept. Otherwise every rule it permits is possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crosswalk.engine.operations.joint import CREDIT, WHOLE, Rule
from crosswalk.engine.operations.situation import Asked, Lack, Situation
from crosswalk.footprint.activity import JointProcess

OPERATION = "OP-ALLOC"
DIMENSION = "allocation"
PHYSICAL = "allocation.physical"
ECONOMIC = "allocation.economic"
DIVIDED = "allocation.subdivision"
EXPANDED = "allocation.system-expansion"
CREDITED = ("allocation.substitution", EXPANDED)
CO_PRODUCTS = "co-products"
SECTOR = "co-products.sector-rule"
CONDITIONS = "substitution"
NEVER = "substitution.not-used"
PRICES = "price-averaging"

#: The product bears any share: under the rules of the study, and under those of the target.
USED, WANTED = Rule("any", "used"), Rule("any", "wanted")


@dataclass(frozen=True)
class Change:
    """A rule the study may have used, the one that takes its place, and the option this stands for."""

    before: Rule
    after: Rule
    to: str
    lacks: tuple[Lack, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether nothing changes."""
        return self.before == self.after


def changes(process: JointProcess, situation: Situation) -> tuple[Change, ...]:
    """Return every change that is possible for one process."""
    found: dict[tuple[Rule, Rule], Change] = {}
    for one in _Choices(process, situation).all():
        same = found.get((one.before, one.after))
        lacks = tuple(dict.fromkeys((*(same.lacks if same else ()), *one.lacks)))
        found[one.before, one.after] = Change(one.before, one.after, same.to if same else one.to, lacks)
    return tuple(found.values())


@dataclass(frozen=True)
class _Choices:
    process: JointProcess
    situation: Situation

    def all(self) -> Iterator[Change]:
        """Yield the changes by the sector's rule, where it may have one, and by the general order."""
        groups = tuple(dict.fromkeys(one.group for one in self.process.outputs if one.group))
        sector = self.situation.asked.get(CO_PRODUCTS)
        if not groups or sector is None:
            yield from self._general()
            return
        for used in (SECTOR,) if self.process.key in groups else sector.used:
            first = sector.preferred == SECTOR
            for wanted in (SECTOR,) if first else sector.wanted(used):
                yield from self._sector(groups, sector, used == SECTOR, wanted == SECTOR)

    def _sector(self, groups: tuple[str, ...], sector: Asked, before: bool, after: bool) -> Iterator[Change]:
        if before:
            own = self._of_group(groups, {**sector.own, **_stated(self.process, groups)}, USED)
            if after:
                yield Change(own[0], own[0], SECTOR, own[1])
                return
            yield from self._instead(own[0], own[1], self._permitted())
        elif after:
            wanted, lacks = self._of_group(groups, sector.fixed, WANTED)
            for option in self._used():
                for rule, missing in self._stated(option):
                    yield Change(rule, wanted, SECTOR, (*missing, *lacks))
        else:
            yield from self._general()

    def _of_group(
        self, groups: tuple[str, ...], keys: Mapping[str, tuple[str, ...]], unknown: Rule
    ) -> tuple[Rule, tuple[Lack, ...]]:
        """Return the rule by which a group of outputs alone bears the burden, if one is known."""
        known = [(group, keys[group]) for group in groups if keys.get(group)]
        if len(groups) != 1 or not known:
            # What the study did has a place in the file; what the target wants is for the sector to say.
            place = f"{self.process.path}.key" if unknown == USED else self.process.path
            return unknown, (self._lack(place, "sector"),)
        group, options = known[0]
        return self._keyed(options[0].partition(".")[2], unknown, group)

    def _general(self) -> Iterator[Change]:
        for option in self._used():
            for rule, lacks in self._stated(option):
                yield from self._from(option, rule, lacks)

    def _from(self, option: str, rule: Rule, lacks: tuple[Lack, ...]) -> Iterator[Change]:
        asked = self.situation.asked[DIMENSION]
        wanted = asked.wanted(option)
        if option not in wanted:
            yield from self._instead(rule, lacks, wanted)
        elif option in CREDITED and not self._credit("used"):
            if self._credit("wanted"):
                yield Change(rule, rule, option, lacks)
            yield from self._instead(
                rule, lacks, tuple(one for one in self._permitted() if one not in CREDITED)
            )
        elif option == ECONOMIC and self._prices():
            yield from self._instead(rule, lacks, (option,))
        else:
            yield Change(rule, rule, option, lacks)

    def _instead(self, before: Rule, lacks: tuple[Lack, ...], options: Iterable[str]) -> Iterator[Change]:
        """Yield the changes to any of ``options``; what is listed as joint cannot be divided further."""
        open_to = [one for one in options if one not in CREDITED or self._credit("wanted")]
        for option in [one for one in open_to if one != DIVIDED] or [DIVIDED]:
            for after, missing in self._rules(option, WANTED):
                yield Change(before, after, option, (*lacks, *missing))

    def _permitted(self) -> tuple[str, ...]:
        asked = self.situation.asked[DIMENSION]
        return asked.permitted or self._options()

    def _credit(self, side: str) -> bool:
        """Whether the target takes credits, or those the study has taken."""
        asked = self.situation.asked.get(CONDITIONS)
        if asked is None or not asked.permitted:
            return True
        if side == "wanted":
            return asked.permitted != (NEVER,)
        return asked.permitted != (NEVER,) and not _fails(asked)

    def _prices(self) -> tuple[str, ...]:
        """Return how the target wants prices averaged, where the study says that it did otherwise."""
        asked = self.situation.asked.get(PRICES)
        return asked.wanted(None) if asked is not None and _fails(asked) else ()

    def _used(self) -> tuple[str, ...]:
        """Return the options of allocation the study may have used."""
        key = self.process.key
        if key is None:
            return self.situation.asked[DIMENSION].used
        option = f"{DIMENSION}.{key.removeprefix(f'{DIMENSION}.')}"
        return (option if option in self._options() else PHYSICAL,)

    def _options(self) -> tuple[str, ...]:
        return self.situation.catalogue.dimensions[DIMENSION].options

    def _stated(self, option: str) -> list[tuple[Rule, tuple[Lack, ...]]]:
        """Return the rules of the study's option; which physical key it used is for the process to name."""
        if option != PHYSICAL:
            return self._rules(option, USED)
        key = self.process.key
        if key is None or key.removeprefix(f"{DIMENSION}.") == "physical":
            return [(USED, (self._lack(f"{self.process.path}.key", "physical"),))]
        return [self._keyed(key, USED)]

    def _rules(self, option: str, unknown: Rule) -> list[tuple[Rule, tuple[Lack, ...]]]:
        """Return the rules an option may stand for, each with what it lacks."""
        code = option.partition(".")[2]
        if option in CREDITED:
            lacking = CREDIT.lacking(self.process)
            lacks = tuple(self._lack(f"{one.path}.displaced", "displaced") for one in lacking)
            # An expanded system may stand for all its products, or be charged with one after credits.
            return [(CREDIT, lacks), *([(WHOLE, ())] if option == EXPANDED else [])]
        if option == DIVIDED:
            return [(unknown, (self._lack(self.process.path, "divided"),))]
        if option == PHYSICAL:
            named = {one.partition(".")[2] for one in self._options()}
            keys = {key for one in self.process.outputs for key in one.keys}
            others = sorted(key for key in keys if key.partition(":")[0] not in named)
            if not others:
                return [(unknown, (self._lack(f"{self.process.path}.outputs", "physical"),))]
            return [self._keyed(key, unknown) for key in others]
        if option == ECONOMIC and unknown == WANTED and self._prices():
            periods = (one.partition(".")[2] for one in self._prices())
            return [self._keyed(f"{code}:{period}", unknown) for period in periods]
        return [self._keyed(code, unknown)]

    def _keyed(self, key: str, unknown: Rule, group: str | None = None) -> tuple[Rule, tuple[Lack, ...]]:
        rule = Rule("key", key, group)
        lacking = rule.lacking(self.process)
        lacks = tuple(self._lack(f"{one.path}.keys.{key}", "keys") for one in lacking)
        return (unknown, lacks) if lacking else (rule, ())

    def _lack(self, path: str, code: str) -> Lack:
        return Lack(path, self.situation.input(OPERATION, code))


def _fails(asked: Asked) -> bool:
    """Whether the study says it did what the target does not permit."""
    return asked.declared and bool(asked.permitted) and set(asked.used).isdisjoint(asked.permitted)


def _stated(process: JointProcess, groups: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the key the process names, as that of its groups."""
    if process.key is None or process.key in groups:
        return {}
    key = process.key.removeprefix(f"{DIMENSION}.")
    return dict.fromkeys(groups, (f"{DIMENSION}.{key}",))

"""The distribution that stands beside a number of our own file, under ``uncertainty``.

``{"distribution": "lognormal", "sigma_g": "1.2"}`` (geometric standard deviation), or instead of it the
scores of a ``pedigree`` matrix with the basic uncertainty, ``basic_sigma_g`` or ``basic_variance`` (of the
natural logarithm); ``normal`` with ``sd`` or ``relative_sd``; ``triangular`` and ``uniform`` with ``low`` and
``high``; ``range`` with ``low``, ``high`` and the ``coverage`` of it, 0.90 if left out: 5 % of the
probability lie below and 5 % above, as the IPCC states ranges. Numbers with the same ``group`` move together.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import Any

import msgspec

from crosswalk.footprint.quantity import Quantity, Spread
from crosswalk.formats import _read
from crosswalk.formats._json import short
from crosswalk.formats._read import Problems
from crosswalk.knowledge.catalogue import Catalogue, Pedigree

#: What ``coverage`` is where a range does not say.
_COVERAGE = Fraction(9, 10)
#: A geometric standard deviation above this says that nothing is known, and is more likely a slip.
_LARGEST = 100
#: The pedigree matrix that is meant where none is named.
_SCHEME = "ecoinvent-3"
_BASIC = ("basic_sigma_g", "basic_variance")
_KEYS = {
    "lognormal": ("sigma_g", "pedigree", "scheme", *_BASIC),
    "normal": ("sd", "relative_sd"),
    "triangular": ("low", "high"),
    "uniform": ("low", "high"),
    "range": ("low", "high", "coverage"),
}


def with_spread(
    given: dict[str, Any], value: Quantity, path: str, problems: Problems, catalogue: Catalogue
) -> Quantity:
    """Return ``value`` with the distribution ``given`` states beside it, if it states one."""
    stated = given.get("uncertainty")
    if stated is None or not _read.typed(stated, dict, f"{path}.uncertainty", problems):
        return value
    spread = _Reader(stated, value, f"{path}.uncertainty", problems, catalogue).spread()
    if spread is None:
        return value
    return msgspec.structs.replace(value, spread=msgspec.structs.replace(spread, path=path))


@dataclass(frozen=True)
class _Reader:
    """Reads one distribution; what is wrong is noted, and then there is none."""

    given: dict[str, Any]
    value: Quantity
    path: str
    problems: Problems
    catalogue: Catalogue

    def spread(self) -> Spread | None:
        kind = self.given.get("distribution")
        if not isinstance(kind, str) or kind not in _KEYS:
            self._fault("distribution", "distribution", value=short(kind), known=", ".join(_KEYS))
            return None
        known = ("distribution", "group", "comment", *_KEYS[kind])
        for name in self.given:
            if name not in known:
                self._fault(name, "key", name=short(name), distribution=kind, known=", ".join(known))
                return None
        group = self.given.get("group")
        if group is not None and not _read.typed(group, str, f"{self.path}.group", self.problems):
            return None
        makers: dict[str, Callable[[], Spread | None]] = {
            "lognormal": self._lognormal,
            "normal": self._normal,
            "triangular": lambda: self._between("triangular"),
            "uniform": lambda: self._between("uniform"),
            "range": self._range,
        }
        made = makers[kind]()
        return None if made is None else msgspec.structs.replace(made, group=group or None)

    def _lognormal(self) -> Spread | None:
        if self.value.value == 0:
            self._fault("", "zero", value=self.value.text)
            return None
        way = self._one_of("lognormal", ("sigma_g", "pedigree"))
        if way == "sigma_g":
            sigma = self._sigma("sigma_g")
            return None if sigma is None else Spread(kind="lognormal", sigma=sigma)
        if way == "pedigree":
            variance = self._pedigree()
            if variance is not None:
                sigma = Fraction(math.exp(math.sqrt(variance)))
                return Spread(kind="lognormal", sigma=sigma, pedigree=self.given.get("scheme", _SCHEME))
        return None

    def _sigma(self, name: str) -> Fraction | None:
        return self._number(name, lambda value: 1 <= value <= _LARGEST, "1", str(_LARGEST))

    def _pedigree(self) -> float | None:
        """Return the variance of the natural logarithm: that of each score, and the basic one."""
        name = self.given.get("scheme", _SCHEME)
        if not isinstance(name, str) or name not in self.catalogue.pedigrees:
            known = ", ".join(self.catalogue.pedigrees)
            self._fault("scheme", "scheme", name=short(name), known=known)
            return None
        matrix = self.catalogue.pedigrees[name]
        scores = self._scores(matrix)
        way = self._one_of("pedigree", _BASIC)
        if scores is None or way is None:
            return None
        if way == "basic_variance":
            basic = self._number(way, lambda value: value >= 0, "0")
        else:
            sigma = self._sigma(way)
            basic = None if sigma is None else Fraction(math.log(sigma) ** 2)
        if basic is None:
            return None
        worth = [
            Fraction(matrix.variances[one.code][score - 1])
            for one, score in zip(matrix.indicators, scores, strict=True)
        ]
        return float(sum(worth, basic))

    def _scores(self, matrix: Pedigree) -> list[int] | None:
        given = self.given["pedigree"]
        names = [one.code for one in matrix.indicators]
        if isinstance(given, dict) and sorted(given) == sorted(names):
            given = [given[name] for name in names]
        most = {name: len(matrix.variances[name]) for name in names}
        if isinstance(given, list) and len(given) == len(names):
            read = [_whole(one) for one in given]
            if all(one is not None and 1 <= one <= most[name] for one, name in zip(read, names, strict=True)):
                return [one for one in read if one is not None]
        self._fault("pedigree", "pedigree", names=", ".join(names), most=max(most.values()))
        return None

    def _normal(self) -> Spread | None:
        way = self._one_of("normal", ("sd", "relative_sd"))
        if way is None:
            return None
        sd = self._number(way, lambda value: value > 0, "0")
        if sd is None:
            return None
        if way == "relative_sd":
            if self.value.value == 0:
                self._fault("", "zero", value=self.value.text)
                return None
            sd *= abs(self.value.value)
        return Spread(kind="normal", sigma=sd)

    def _between(self, kind: Any) -> Spread | None:
        found = self._ends()
        return None if found is None else Spread(kind=kind, low=found[0].value, high=found[1].value)

    def _range(self) -> Spread | None:
        """The distribution with the number as its median and the ends at the quantiles stated.

        One whose middle is the number, to its last digit, is normal; of any other, each half is lognormal
        with a deviation of its own, or normal where it reaches beyond zero. This follows chapter 3 of
        volume 1 of the IPCC 2006 Guidelines (from memory), which takes symmetric ranges as normal, skewed
        ones as lognormal.
        """
        found = self._ends()
        coverage = Fraction(_COVERAGE)
        if "coverage" in self.given:
            stated = self._number("coverage", lambda value: 0 < value < 1, "0", "1")
            if stated is None:
                return None
            coverage = stated
        if found is None:
            return None
        low, high = found
        value, z = self.value.value, Fraction(NormalDist().inv_cdf(float(1 + coverage) / 2))
        down, up = value - low.value, high.value - value
        if down <= 0 or up <= 0:
            self._order(low, high)
            return None
        middle = abs(up - down) / 2
        if middle == 0 or middle < self.value.half:
            return Spread(kind="normal", sigma=(up + down) / 2 / z, ranged=True)
        if low.value > 0 or high.value < 0:
            # Of a negative number, up is the way to zero: it is taken by size, as its factor is.
            far, near = (high.value, low.value) if low.value > 0 else (low.value, high.value)
            above, below = (Fraction(math.exp(abs(math.log(end / value)) / float(z))) for end in (far, near))
            return Spread(kind="lognormal", sigma=above, below=below, ranged=True)
        return Spread(kind="normal", sigma=up / z, below=down / z, ranged=True)

    def _ends(self) -> tuple[Quantity, Quantity] | None:
        if self._needs("low", "high"):
            return None
        low, high = (
            _read.quantity(self.given[name], f"{self.path}.{name}", self.problems) for name in ("low", "high")
        )
        if low is None or high is None:
            return None
        if not low.value <= self.value.value <= high.value or low.value == high.value:
            self._order(low, high)
            return None
        return low, high

    def _order(self, low: Quantity, high: Quantity) -> None:
        self._fault("", "order", low=low.text, value=self.value.text, high=high.text)

    def _needs(self, *names: str) -> bool:
        missing = [name for name in names if self.given.get(name) is None]
        if missing:
            self._fault("", "needs", distribution=self.given["distribution"], names=", ".join(missing))
        return bool(missing)

    def _one_of(self, what: str, names: tuple[str, ...]) -> str | None:
        """Return which of several keys is given; notes a problem unless it is exactly one."""
        found = [name for name in names if self.given.get(name) is not None]
        if len(found) == 1:
            return found[0]
        self._fault("", "one", what=what, names=", ".join(names))
        return None

    def _number(
        self, name: str, good: Callable[[Fraction], bool], least: str, most: str = ""
    ) -> Fraction | None:
        path = f"{self.path}.{name}"
        found = _read.quantity(self.given[name], path, self.problems)
        if found is None:
            return None
        if not good(found.value):
            code = "between" if most else "least" if good(Fraction(least)) else "above"
            self._fault(name, code, name=name, value=found.text, least=least, most=most)
            return None
        return found.value

    def _fault(self, key: str, kind: str, /, **values: Any) -> None:
        path = f"{self.path}.{key}" if key else self.path
        self.problems.add(path, f"footprint-uncertainty-{kind}", **values)


def _whole(given: Any) -> int | None:
    problems = Problems("")
    found = None if isinstance(given, bool) else _read.quantity(given, "", problems)
    if found is None or found.value.denominator != 1:
        return None
    return int(found.value)

"""A split is true of the inventory that is really there, whoever discloses it and whatever is left open."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from crosswalk.engine import split as splitting
from crosswalk.engine.cells import Universe
from crosswalk.engine.reconciliation import Terms, reconciliation
from crosswalk.engine.study import Study
from crosswalk.footprint.activity import Activity, Burden, MassBalanced
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Disclosure, Footprint
from crosswalk.knowledge.catalogue import Catalogue, Selection
from crosswalk.results import Figure, Reconciliation
from tests.engine.conftest import NOTHING_ELSE, PLAIN, footprint, mass, over_all_orders, total

_FEW = ("CO2", "CH4", "N2O", "SF6", "NF3", "HFC-134a")
#: What a random study may do one way or the other; more would make the mean over all orders long.
_CHOICES = {
    "gwp-set": ("ar4", "ar5-28", "ar6-t715"),
    "ghg-set": ("kyoto6", "kyoto7", "ipcc-all"),
    "packaging": ("included", "excluded"),
    "capital-goods": ("included", "excluded"),
}


def decimal(value: Fraction, digits: int) -> str:
    return str(Decimal(round(value * 10**digits)).scaleb(-digits))


def worth(universe: Universe, method: dict[str, str], inventory: dict[int, Fraction]) -> Fraction:
    weights = universe.weights(method)
    return sum((amount * universe.exact(weights, cell) for cell, amount in inventory.items()), Fraction(0))


def study(made: Footprint, universe: Universe, catalogue: Catalogue) -> Study:
    return Study(made, catalogue.regimes[made.regime or ""], universe)


def reconciled(first: Study, second: Study, **terms: Any) -> Reconciliation:
    return reconciliation(first, second, Terms(**terms))


def inside(figure: Figure, value: Fraction) -> bool:
    slack = 1e-9 * max(1.0, abs(float(value)))
    above = figure.low is None or figure.low - slack <= value
    return above and (figure.high is None or value <= figure.high + slack)


class Case:
    """A random inventory, two methods, what each study makes of it, and how far the second is off."""

    def __init__(self, seed: int, universe: Universe) -> None:
        self.rng = rng = np.random.default_rng(seed)
        self.universe = universe
        options = [{d: str(rng.choice(o)) for d, o in _CHOICES.items()} for _ in range(2)]
        self.stated = [{**PLAIN, **one} for one in options]
        live = universe.mask(Selection(gases=_FEW, origins=("fossil",), stages=("raw", "production")))
        live = live & universe.mask(Selection(activities=("process", "packaging", "capital-goods")))
        cells = rng.choice(np.flatnonzero(live), size=int(rng.integers(2, 12)), replace=False)
        self.inventory = {int(c): Fraction(int(rng.integers(1, 20_000)), 10_000) for c in cells.tolist()}
        self.off = Fraction(int(rng.integers(0, 500)), 100)

    def study(self, side: int, catalogue: Catalogue, *, said: float, gases: float, off: bool) -> Study:
        """One side, which says some of its choices and some of its gases."""
        made = footprint("GHGP:PRODUCT-2011", [total("1")], method=self.stated[side])
        method = self.method(side, catalogue)
        value = worth(self.universe, method, self.inventory) + (self.off if off else 0)
        disclosures = [total(decimal(value, 3))]
        for gas in _FEW:
            if self.rng.random() < gases:
                on = self.universe.mask(Selection(gases=(gas,))) & self.universe.weights(method).scope
                amount = sum((a for cell, a in self.inventory.items() if on[cell]), Fraction(0))
                disclosures.append(mass(gas, "fossil", decimal(amount, 4)))
        # Left unsaid, packaging would be taken as the regime has it, which a random study need not do.
        unsaid = {d for d in _CHOICES if d != "packaging" and self.rng.random() >= said}
        keep = {d: o for d, o in self.stated[side].items() if d not in unsaid}
        nothing = (*NOTHING_ELSE, *made.absences)
        made = footprint("GHGP:PRODUCT-2011", disclosures, method=keep, absences=nothing)
        return study(made, self.universe, catalogue)

    def method(self, side: int, catalogue: Catalogue) -> dict[str, str]:
        made = footprint("GHGP:PRODUCT-2011", [total("1")], method=self.stated[side])
        chosen = study(made, self.universe, catalogue)
        return {d: chosen.choices[d].options[0] for d in chosen.numeric}

    def truth(self, catalogue: Catalogue) -> dict[str, Fraction]:
        before, after = self.method(0, catalogue), self.method(1, catalogue)
        found = {d: Fraction(0) for d in before if before[d] != after[d]}
        for cell, amount in self.inventory.items():
            for d, share in over_all_orders(self.universe, before, after, cell).items():
                found[d] += share * amount
        return found


@pytest.mark.parametrize("seed", range(40))
def test_the_true_shares_are_inside_whatever_is_disclosed(
    seed: int, universe: Universe, catalogue: Catalogue
) -> None:
    """Every share, their sum and the residual hold for the inventory behind the first footprint."""
    case = Case(seed, universe)
    first = case.study(0, catalogue, said=0.9, gases=0.6, off=False)
    second = case.study(1, catalogue, said=0.9, gases=0.0, off=True)
    found = reconciled(first, second, basis="first")
    truth = case.truth(catalogue)
    assert not found.inconsistencies
    shown = {share.dimension: share.delta for share in found.shares}
    for dimension, value in truth.items():
        assert inside(shown.get(dimension, Figure(low=0.0, high=0.0)), value)
    assert inside(found.explained, sum(truth.values(), Fraction(0)))
    # Both totals are rounded, so the residual is what was put there but for that.
    assert inside(found.residual, case.off)
    assert inside(found.difference, sum(truth.values(), Fraction(0)) + case.off)


@pytest.mark.parametrize("seed", range(12))
def test_from_the_other_side_it_is_the_same_with_the_sign_turned(
    seed: int, universe: Universe, catalogue: Catalogue
) -> None:
    case = Case(seed, universe)
    first = case.study(0, catalogue, said=0.9, gases=0.7, off=False)
    second = case.study(1, catalogue, said=0.9, gases=0.7, off=True)
    there, back = reconciled(first, second, basis="first"), reconciled(second, first, basis="second")
    pairs = [(there.explained, back.explained), (there.residual, back.residual)]
    pairs += [(there.difference, back.difference)]
    assert [s.dimension for s in there.shares] == [s.dimension for s in back.shares]
    pairs += [(s.delta, t.delta) for s, t in zip(there.shares, back.shares, strict=True)]
    for one, other in pairs:
        turned = (other.high, other.low)
        assert (one.low, one.high) == tuple(None if end is None else -end for end in turned)
        assert (one.exact is None) == (other.exact is None)
        assert Fraction(one.exact or 0) == -Fraction(other.exact or 0)
    for share, other_share in zip(there.shares, back.shares, strict=True):
        assert (share.from_, share.to) == (other_share.to, other_share.from_)


@pytest.mark.parametrize("seed", range(12))
def test_an_open_choice_is_the_hull_over_its_options(
    seed: int, universe: Universe, catalogue: Catalogue
) -> None:
    case = Case(seed, universe)
    first = case.study(0, catalogue, said=1.0, gases=1.0, off=False)
    second = case.study(1, catalogue, said=1.0, gases=0.0, off=True)
    left = msgspec.structs.replace(second.footprint, method={**second.footprint.method})
    del left.method["gwp-set"]
    whole = reconciled(first, study(left, universe, catalogue), basis="first")
    permitted = catalogue.regimes["GHGP:PRODUCT-2011"].requirements["gwp-set"].permits
    each = []
    for option in permitted:
        said = msgspec.structs.replace(left, method={**left.method, "gwp-set": (option,)})
        each.append(reconciled(first, study(said, universe, catalogue), basis="first"))
    for name in ("explained", "residual"):
        figures = [getattr(one, name) for one in each]
        lows, highs = [f.low for f in figures], [f.high for f in figures]
        assert getattr(whole, name).low == (None if None in lows else min(lows))
        assert getattr(whole, name).high == (None if None in highs else max(highs))
    if whole.explained.low != whole.explained.high and whole.answered:
        assert [one.dimension for one in whole.unsettled if one.which == "second"] == ["gwp-set"]


def _balanced(regime: str, option: str, value: str, activity: Activity | None) -> Footprint:
    made = footprint(regime, [total(value)], method={**PLAIN, "gwp-set": "ar6-t715"}, absences=NOTHING_ELSE)
    return msgspec.structs.replace(
        made, method={**made.method, "mass-balance": (f"mass-balance.{option}",)}, activity=activity
    )


def _activity(**changes: Any) -> Activity:
    def q(text: str) -> Quantity:
        return Quantity.of(text, half="0")

    given: dict[str, Any] = {
        "conventional": Burden(path="c", co2e=q("2.0")),
        "alternative": Burden(path="a", co2e=q("0.5")),
        "assigned": q("1.0"),
        "physical": q("0.1"),
    }
    return Activity(mass_balanced=(MassBalanced(path="mass_balance[0]", **{**given, **changes}),))


@pytest.mark.parametrize("side", ["first", "second"])
def test_a_modelling_choice_has_a_share_of_its_own(
    side: str, universe: Universe, catalogue: Catalogue
) -> None:
    # By hand: (0.1 − 1.0) · (0.5 − 2.0) = +1.35 from credits to physical content; 2.50 − 1.00 − 1.35 = 0.15.
    data = _activity()
    first = _balanced("ISO:14067-2018", "credits", "1.00", data if side == "first" else None)
    second = _balanced("ISO:14067-2018", "physical", "2.50", data if side == "second" else None)
    found = reconciled(*(study(one, universe, catalogue) for one in (first, second)), basis=side)
    (share,) = found.shares
    assert (share.dimension, share.operation, share.family) == ("mass-balance", "OP-MASSBAL", "model")
    assert (share.from_, share.to) == (("mass-balance.credits",), ("mass-balance.physical",))
    assert (share.class_, found.class_) == ("estimated", "estimated")
    assert share.delta.exact == "27/20"
    assert found.residual.exact == "3/20"
    assert "mass-balance" not in [one.dimension for one in found.suspects]


def test_a_modelling_choice_without_data_is_only_named(universe: Universe, catalogue: Catalogue) -> None:
    first = _balanced("ISO:14067-2018", "credits", "1.00", None)
    second = _balanced("ISO:14067-2018", "physical", "2.50", None)
    found = reconciled(*(study(one, universe, catalogue) for one in (first, second)))
    assert found.shares == ()
    assert found.residual.exact == "3/2"
    (suspect,) = [one for one in found.suspects if one.certain and one.first_stated]
    assert (suspect.dimension, suspect.first_stated, suspect.second_stated) == ("mass-balance", True, True)


def test_an_operation_that_lacks_an_input_names_it_and_gives_no_number(
    universe: Universe, catalogue: Catalogue
) -> None:
    first = _balanced("ISO:14067-2018", "credits", "1.00", _activity(alternative=None))
    second = _balanced("ISO:14067-2018", "physical", "2.50", None)
    found = reconciled(*(study(one, universe, catalogue) for one in (first, second)))
    assert found.answered
    assert found.shares == ()
    (suspect,) = [one for one in found.suspects if one.lacks]
    assert [lack.zh for lack in suspect.lacks] == ["替代投入下的碳足迹"]


def test_what_the_second_file_refutes_of_its_own_method_is_left_out(
    universe: Universe, catalogue: Catalogue
) -> None:
    """An ambiguous label is settled by the file's own gas masses and total."""
    masses = [mass("CO2", "fossil", "1.0000"), mass("CH4", "fossil", "0.1000")]
    label = ("ar5-28", "ar5-30", "ar5-feedback")

    def made(value: str, sets: str | tuple[str, ...], *more: Disclosure) -> Study:
        given = footprint(
            "ISO:14067-2018",
            [total(value), *more],
            method={**PLAIN, "gwp-set": sets},
            absences=NOTHING_ELSE,
            complete=bool(more),
        )
        return study(given, universe, catalogue)

    first = made("3.980", "ar6-t715", *masses)
    found = reconciled(first, made("4.000", label, *masses), basis="first")
    assert found.explained.exact == "1/50"
    assert found.unsettled == ()
    bare = reconciled(first, made("4.000", label), basis="first")
    assert bare.explained.value is None
    assert [(one.which, one.dimension) for one in bare.unsettled] == [("second", "gwp-set")]


def test_files_of_one_structure_share_what_was_compiled(universe: Universe, catalogue: Catalogue) -> None:
    """The same answer with and without what earlier files left behind."""

    def made(co2: str, value: str, gwp: str) -> Study:
        masses = [mass("CO2", "fossil", co2), mass("CH4", "fossil", "0.1000")]
        given = footprint(
            "ISO:14067-2018",
            [total(value), *masses],
            method={**PLAIN, "gwp-set": gwp},
            absences=NOTHING_ELSE,
            complete=True,
        )
        return study(given, universe, catalogue)

    splitting._kept.clear()
    firsts = [made(f"1.{n}000", f"{3.98 + n / 10:.3f}", "ar6-t715") for n in range(4)]
    pairs = [(one, made("1.0000", "3.500", "ar4")) for one in firsts]
    warm = [reconciled(one, other, basis="first") for one, other in pairs]
    assert len(splitting._kept) == 1
    cold = []
    for one, other in pairs:
        splitting._kept.clear()
        cold.append(reconciled(one, other, basis="first"))
    assert warm == cold
    assert len({one.residual.exact for one in warm}) == 4


@pytest.mark.parametrize("seed", range(15))
def test_choices_taken_to_be_the_same_hold_and_lose_nothing_by_what_is_left_out(
    seed: int, universe: Universe, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both leave several choices open that they answered alike; those left unlooked at change no end."""
    from crosswalk.engine import pairs as pairing

    case = Case(seed, universe)
    left = ("capital-goods", "overheads", "ghg-set")
    case.stated[1] |= {d: case.stated[0][d] for d in left if d in case.stated[0]}
    sides = []
    for side in (0, 1):
        made = case.study(side, catalogue, said=1.0, gases=0.6 * (1 - side), off=bool(side))
        kept = {d: options for d, options in made.footprint.method.items() if d not in left}
        sides.append(study(msgspec.structs.replace(made.footprint, method=kept), universe, catalogue))
    found = reconciled(*sides, same=True, basis="first")
    assert not found.inconsistencies
    shown = {share.dimension: share.delta for share in found.shares}
    for dimension, value in case.truth(catalogue).items():
        assert inside(shown.get(dimension, Figure(low=0.0, high=0.0)), value)
    assert inside(found.residual, case.off)
    monkeypatch.setattr(pairing, "prune", lambda study, parts, live, profile=None: parts)
    again = reconciled(*sides, same=True, basis="first")
    assert (again.explained, again.residual) == (found.explained, found.residual)
    assert [(s.dimension, s.delta) for s in again.shares] == [(s.dimension, s.delta) for s in found.shares]
    assert "same-choices" in [one.code for one in found.assumptions]


def test_where_nothing_can_differ_nothing_is_enumerated(universe: Universe, catalogue: Catalogue) -> None:
    """However much two files leave open: what they did alike explains nothing."""
    first, second = (
        study(footprint("PACT:2.3", [total(value)], method={}), universe, catalogue)
        for value in ("2.0", "2.5")
    )
    found = reconciled(first, second, same=True)
    assert (found.answered, found.shares, found.class_) == (True, (), "estimated")
    assert (found.residual.exact, found.residual.low, found.residual.high) == ("1/2", 0.4, 0.6)
    assert not reconciled(first, second).answered

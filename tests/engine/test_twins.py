"""Once it is known, whatever it is: the widths promised, held against a linear program written anew."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from crosswalk.engine.answer import solve_all
from crosswalk.engine.cells import Universe
from crosswalk.engine.compiled import Structure, compiled
from crosswalk.engine.gaps import missing
from crosswalk.engine.items import items, numbers
from crosswalk.engine.middle import DRAWS, Middle, closing
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.engine.parts import Parts, vector
from crosswalk.engine.study import Study
from crosswalk.engine.twins import Side, Twins, Way, side
from crosswalk.footprint.records import Absence, Disclosure, Footprint
from crosswalk.knowledge.catalogue import Catalogue, Field, Selection
from tests.engine.conftest import NOTHING_ELSE, PLAIN, footprint, mass, total

FEW = ("CO2", "CH4", "N2O")
ONLY_FEW = Absence(name="other gases", path="absent[1]", on=Selection(excepts=(Selection(gases=FEW),)))
STATED = {**PLAIN, "gwp-set": "ar5-28", "ghg-set": "ipcc-all", "cut-off": "numeric"}


def line(item: Field, value: str) -> Disclosure:
    from crosswalk.footprint.quantity import Quantity
    from crosswalk.formats._read import disclosure

    return disclosure(item, Quantity.of(value), item.path)


def ways(made: Footprint, target: str, universe: Universe) -> tuple[Study, list[Way]]:
    """The study and all its scenarios towards a target that some inventory fits."""
    catalogue = universe.catalogue
    source = catalogue.regimes[made.regime or ""]
    kind = compiled(Structure.of(made, source, catalogue.regimes[target], None), universe)
    solved, whole = solve_all(kind, made)
    assert whole
    return Study(made, source, universe), [Way.of(one) for one in solved if one.interval is not None]


def made(seed: int, catalogue: Catalogue, **method: str | tuple[str, ...]) -> Footprint:
    """A total of three gases, and some of its parts."""
    rng = np.random.default_rng(seed)
    own = catalogue.formats["crosswalk"].fields
    found = [total("3.00")]
    for code, value in (("electricity", "0.80"), ("fossil", "3.00"), ("packaging", "0.10")):
        if rng.random() < 0.4:
            found.append(line(own[code], value))
    if rng.random() < 0.4:
        found.append(mass("CH4", "fossil", "0.020"))
    stated = {**STATED, **method}
    return footprint("GBT:24067-2024", found, method=stated, absences=(*NOTHING_ELSE, ONLY_FEW))


def dense(parts: Parts, cells: list[int], size: int) -> np.ndarray:
    return vector(parts, size)[cells]


def widest(study: Study, one: Way, other: Way, known: list[Field]) -> float | None:
    """The same promise as a program on all cells, twice: nothing merged, nothing lumped, no certificate.

    No bound is ``None``, no such inventories -1.
    """
    universe, size = study.universe, len(study.universe)
    blocks, costs, uppers, rights, equal, numbers_ = [], [], [], [], [], []
    for way in (one, other):
        cells = np.flatnonzero(~way.dead).tolist()
        rows = np.array([dense(row.parts, cells, size) for row in way.rows]).reshape(-1, len(cells))
        low = np.array([-np.inf if row.low is None else float(row.low) for row in way.rows])
        high = np.array([np.inf if row.high is None else float(row.high) for row in way.rows])
        blocks.append((rows, low, high))
        costs.append(dense(way.wanted, cells, size))
        told = {}
        for item in known:
            for number, parts in numbers(universe, item, way.scenario.source, ~way.dead).items():
                told[number] = dense(parts, cells, size)
        numbers_.append(told)
    count = [len(cost) for cost in costs]
    for index, (rows, low, high) in enumerate(blocks):
        before, after = sum(count[:index]), sum(count[index + 1 :])
        wide = np.hstack([np.zeros((len(rows), before)), rows, np.zeros((len(rows), after))])
        for sign, ends in ((1, high), (-1, -low)):
            kept = np.isfinite(ends)
            uppers.append(sign * wide[kept])
            rights.append(ends[kept])
    for number in dict.fromkeys([*numbers_[0], *numbers_[1]]):
        first = numbers_[0].get(number, np.zeros(count[0]))
        second = numbers_[1].get(number, np.zeros(count[1]))
        equal.append(np.concatenate([first, -second]))
    found = linprog(
        -np.concatenate([costs[0], -costs[1]]),
        A_ub=np.vstack(uppers),
        b_ub=np.concatenate(rights),
        A_eq=np.array(equal) if equal else None,
        b_eq=np.zeros(len(equal)) if equal else None,
        method="highs",
    )
    if found.status == 3:
        return None
    if found.status == 2:
        return -1.0
    assert found.status == 0
    return float(-found.fun)


@pytest.mark.parametrize("seed", range(12))
def test_the_width_promised_is_that_of_a_program_written_anew(
    seed: int, universe: Universe, catalogue: Catalogue
) -> None:
    rng = np.random.default_rng(seed + 100)
    study, fitting = ways(
        made(seed, catalogue, **{"gwp-set": ("ar5-28", "ar5-feedback")}), "PACT:3.0", universe
    )
    asked = [item for item in items(catalogue) if rng.random() < 0.15]
    one, other = (fitting[int(rng.integers(len(fitting)))] for _ in range(2))
    sides = side(study.universe, one, items(catalogue)), side(study.universe, other, items(catalogue))
    known = [n for n in dict.fromkeys([*sides[0].told, *sides[1].told]) if n[0] in {i.code for i in asked}]
    expected = widest(study, one, other, asked)
    for proven in (False, True):
        found = Twins(*sides, known).width(proven=proven)
        assert found.fits == (expected != -1)
        if not found.fits:
            continue
        assert (found.most is None) == (expected is None)
        if found.most is not None and expected is not None:
            assert float(found.most) == pytest.approx(expected, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_no_two_inventories_that_report_alike_are_further_apart(
    seed: int, universe: Universe, catalogue: Catalogue
) -> None:
    """Inventories drawn at random that fit, each paired with others that report the same numbers."""
    rng = np.random.default_rng(seed)
    study, fitting = ways(made(seed, catalogue), "PACT:3.0", universe)
    whole = side(study.universe, fitting[0], items(catalogue))
    codes = {str(code) for code in rng.choice([item.code for item in items(catalogue)], 5)}
    known = [number for number in whole.told if number[0] in codes]
    promised = Twins(whole, whole, known).width(proven=True)
    assert promised.most is not None
    rows = np.array([one.values for one in whole.stated])
    low = np.array([-np.inf if end is None else float(end) for end, _ in whole.ends])
    high = np.array([np.inf if end is None else float(end) for _, end in whole.ends])
    told = np.array([whole.told[number].values for number in known]).reshape(-1, rows.shape[1])

    def drawn(cost: np.ndarray, values: np.ndarray | None) -> np.ndarray | None:
        sums = [rows[np.isfinite(high)], -rows[np.isfinite(low)]]
        ends = [high[np.isfinite(high)], -low[np.isfinite(low)]]
        if values is not None and len(told):
            sums += [told, -told]
            ends += [values + 1e-9, 1e-9 - values]
        found = linprog(cost, A_ub=np.vstack(sums), b_ub=np.concatenate(ends), method="highs")
        if found.status == 3 and (cost < 0).any():
            return drawn(np.abs(cost), values)
        return found.x if found.status == 0 else None

    tried = 0
    for _ in range(6):
        first = drawn(rng.standard_normal(rows.shape[1]), None)
        if first is None:
            continue
        for _ in range(4):
            second = drawn(rng.standard_normal(rows.shape[1]), told @ first)
            if second is not None:
                apart = abs(float(whole.wanted.values @ (first - second)))
                assert apart <= float(promised.most) + 1e-5
                tried += 1
    assert tried > 4


def test_knowing_everything_leaves_what_rounding_leaves(universe: Universe, catalogue: Catalogue) -> None:
    """A total alone, masses asked for: they settle the value, whatever the total was rounded to."""
    study, (one,) = ways(made(3, catalogue), "PACT:3.0", universe)
    whole = side(study.universe, one, items(catalogue))
    twins = Twins(whole, whole, [number for number in whole.told if number[0] == "gas-mass"])
    assert twins.width(proven=True).most == 0
    assert twins.loose() is None
    alone = Twins(whole, whole, [])
    interval = one.interval
    assert interval is not None
    assert interval.low is not None
    assert interval.high is not None
    assert alone.width(proven=True).most == interval.high - interval.low
    assert alone.loose() is not None


def test_the_total_itself_is_loose_by_its_rounding_alone(universe: Universe) -> None:
    """From AR5 to AR5 the total is the answer: 0.01 wide, and nothing parts two inventories beyond that."""
    plain = footprint("GBT:24067-2024", [total("3.00")], method=STATED, absences=(*NOTHING_ELSE, ONLY_FEW))
    study, fitting = ways(plain, "GHGP:PRODUCT-2011", universe)
    whole = side(study.universe, fitting[0], [])
    twins = Twins(whole, whole, [])
    assert twins.width(proven=True).most == Fraction("0.01")
    assert twins.loose() is None


@pytest.mark.parametrize("share", [Fraction(1, 100), Fraction(1, 20), Fraction(1, 2)])
def test_a_share_of_the_midpoint_is_passed_where_the_interval_passes_it(
    share: Fraction, universe: Universe, catalogue: Catalogue
) -> None:
    study, (one,) = ways(made(5, catalogue), "PACT:3.0", universe)
    interval = one.interval
    assert interval is not None
    assert interval.low is not None
    assert interval.high is not None
    whole = side(study.universe, one, [])
    found = Twins(whole, whole, []).beyond(share, proven=True)
    low, high = interval.low, interval.high
    assert found.most is not None
    assert (found.most > 0) == (high - low > share * abs(high + low) / 2)


def test_values_around_zero_never_are_near_in_relative_terms(universe: Universe) -> None:
    """From -1 to 1 the midpoint is 0, and no share of it is anything."""
    cells = np.zeros(len(universe), dtype=bool)
    cells[:2] = True
    from crosswalk.engine.parts import Part, Row

    one, other = cells.copy(), cells.copy()
    one[1] = other[0] = False
    rows = [
        Row("a", "a", (Part(one),), Fraction(0), Fraction(1)),
        Row("b", "b", (Part(other),), Fraction(0), Fraction(1)),
    ]
    made_up = Side(universe, rows, ~cells, (Part(one), Part(other, None, Fraction(-1))), {})
    twins = Twins(made_up, made_up, [])
    assert twins.width(proven=True).most == 2
    for share in (Fraction(1, 2), Fraction(19, 10)):
        found = twins.beyond(share, proven=True)
        assert found.most is not None
        assert found.most > 0
    shifted = Side(universe, rows, ~cells, made_up.total, {}, Bounds.point(5))
    near = Twins(shifted, shifted, [])
    # From 4 to 6: 2 wide, 40 % of the midpoint.
    assert near.beyond(Fraction(2, 5), proven=True).most == 0
    below = near.beyond(Fraction(1, 3), proven=True).most
    assert below is not None
    assert below > 0
    spread = Side(universe, rows, ~cells, made_up.total, {}, Bounds(Fraction(0), Fraction(1)))
    assert Twins(spread, spread, []).width(proven=True).most == 3
    open_end = Side(universe, rows, ~cells, made_up.total, {}, Bounds(Fraction(0), None))
    assert Twins(open_end, open_end, []).width(proven=True).most is None


# The middle, and open ends


def test_the_middle_fits_and_is_the_same_every_time(universe: Universe, catalogue: Catalogue) -> None:
    study, (one,) = ways(made(1, catalogue), "PACT:3.0", universe)
    whole = side(study.universe, one, items(catalogue))
    first, second = Middle(whole), Middle(whole)
    assert first.amounts is not None
    assert second.amounts is not None
    assert (first.amounts == second.amounts).all()
    for row, stated in zip(one.rows, whole.stated, strict=True):
        value = float(stated.values / first._scale @ first.amounts)
        assert row.low is None or value >= float(row.low) - 1e-9
        assert row.high is None or value <= float(row.high) + 1e-9
    assert DRAWS > 8


@pytest.mark.parametrize("seed", range(6))
def test_a_typical_width_is_no_wider_than_the_worst(
    seed: int, universe: Universe, catalogue: Catalogue
) -> None:
    study, fitting = ways(made(seed, catalogue), "PACT:3.0", universe)
    interval = fitting[0].interval
    assert interval is not None
    found = missing(study.universe, fitting[0])
    assert interval.value is not None or found
    for one in found:
        assert one.width is not None
        assert one.typical is not None
        assert one.typical <= one.width * (1 + 1e-6) + 1e-9


def test_a_typical_width_is_the_one_left_at_the_value_in_the_middle(
    universe: Universe, catalogue: Catalogue
) -> None:
    """Disclose the methane the middle holds, exactly: what is left is the typical width."""
    import msgspec

    plain = footprint("GBT:24067-2024", [total("3.00")], method=STATED, absences=(*NOTHING_ELSE, ONLY_FEW))
    study, (one,) = ways(plain, "PACT:3.0", universe)
    methane = catalogue.formats["crosswalk"].fields["gas.ch4-fossil"]
    whole = side(study.universe, one, [methane])
    (number,) = whole.told
    middle = Middle(whole)
    value, typical = middle.value(number), middle.width([number])
    assert value is not None
    assert typical is not None
    known = mass("CH4", "fossil", f"{value:.30f}")
    told = msgspec.structs.replace(plain, disclosures=(*plain.disclosures, known))
    _, (after,) = ways(told, "PACT:3.0", universe)
    assert after.interval is not None
    assert after.interval.low is not None
    assert after.interval.high is not None
    assert typical == pytest.approx(float(after.interval.high - after.interval.low), rel=1e-6)


def test_knowing_what_can_grow_for_ever_closes_the_end(universe: Universe, catalogue: Catalogue) -> None:
    """Carbon that leaves in the product is not in the total, and the target deducts it."""
    method = {
        **PLAIN,
        "uptake-at-gate": "not-in-total",
        "gwp-set": "ar5-28",
        "land-management": "not-in-total",
        "ccs": "not-deducted",
        "ghg-set": "ipcc-all",
    }
    made_up = footprint("ISO:14067-2018", [total("816.92")], method=method)
    study, fitting = ways(made_up, "GHGP:PRODUCT-2011", universe)
    one = next(w for w in fitting if w.interval is not None and w.interval.low is None)
    first = missing(study.universe, one, typical=False)[0]
    assert (first.code, first.closes) == ("biogenic-carbon-content", ("low",))
    whole = side(study.universe, one, items(catalogue))
    assert closing(whole, ()) == (False, True)
    assert closing(whole, [n for n in whole.told if n[0] == "biogenic-carbon-content"]) == (True, True)
    assert closing(whole, [n for n in whole.told if n[0] == "electricity"]) == (False, True)

"""Laws a conversion obeys, whatever the study: tried on random ones."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import NamedTuple

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from crosswalk.convert import convert, profiles
from crosswalk.engine.answer import answer
from crosswalk.engine.cells import Cell, Universe
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import Absence, Disclosure, Footprint
from crosswalk.formats import read
from crosswalk.knowledge.catalogue import Catalogue, Regime, Selection
from crosswalk.knowledge.load import load
from crosswalk.lookup import universe_of
from crosswalk.results import Conversion
from tests.engine.conftest import SIGNED, absent, footprint
from tests.engine.weights import covers, weight

CATALOGUE: Catalogue = load()
UNIVERSE: Universe = universe_of(CATALOGUE)
REGIMES = ("GBT:24067-2024", "ISO:14067-2018", "GHGP:PRODUCT-2011", "PACT:2.3", "PACT:3.0", "EU:PEF-2021")
NUMERIC = tuple(d for d in CATALOGUE.dimensions.values() if d.family == "convention")

#: Cells of every kind an inventory here may hold something in.
CELLS: tuple[Cell, ...] = (
    ("production", "process", "CO2", "fossil"),
    ("raw", "process", "CH4", "fossil"),
    ("production", "process", "N2O", "fossil"),
    ("production", "process", "SF6", "fossil"),
    ("production", "electricity", "CO2", "fossil"),
    ("production", "packaging", "CO2", "fossil"),
    ("production", "capital-goods", "CO2", "fossil"),
    ("production", "process", "CH4", "biogenic"),
    ("production", "process", "CO2", "biogenic"),
    ("raw", "land-use-change", "CO2", "land"),
    ("raw", "indirect-land-use-change", "CO2", "land"),
    ("raw", "land-management", "CO2", "land"),
    ("raw", "land-removal", "CO2", "land"),
    ("raw", "uptake-product", "CO2", "biogenic"),
    ("raw", "uptake-chain", "CO2", "biogenic"),
    ("raw", "aircraft", "CO2", "fossil"),
    ("raw", "aircraft-uplift", "CO2e", "fossil"),
    ("production", "captured", "CO2", "fossil"),
    ("production", "offset", "CO2e", "fossil"),
    ("production", "avoided", "CO2e", "fossil"),
    ("use", "process", "CO2", "fossil"),
    ("end-of-life", "process", "CH4", "biogenic"),
)
#: Lines of our own format a study here may state besides its total and its gases.
LINES = (
    "aircraft",
    "aircraft-uplift",
    "avoided-deducted",
    "biogenic-carbon-content",
    "biogenic-emissions",
    "capital-goods",
    "captured",
    "fossil",
    "gas.ch4-biogenic",
    "gas.ch4-fossil",
    "gas.co2-fossil",
    "gas.n2o",
    "indirect-land-use-change",
    "land-removals",
    "offsets-deducted",
    "packaging",
    "stage.raw",
    "total",
    "uptake-along-chain",
    "uptake-in-product",
)
#: Nothing else than the gases of ``CELLS`` can occur, so that intervals have a chance to be closed.
ONLY = Absence(
    name="others",
    path="absent",
    on=Selection(excepts=(Selection(gases=("CO2", "CH4", "N2O", "SF6", "CO2e")),)),
)


class Case(NamedTuple):
    """A study, with the inventory and the method behind it."""

    made: Footprint
    inventory: dict[int, Fraction]
    method: dict[str, str]


def _value(field: str, method: dict[str, str], inventory: dict[int, Fraction]) -> Fraction:
    """Return what a study of an inventory states in a field, exactly."""
    described = CATALOGUE.formats["crosswalk"].fields[field]
    under = {CATALOGUE.options[option].dimension: option for option in described.under}
    weights, mask = UNIVERSE.weights({**method, **under}), UNIVERSE.mask(described.on)
    total = Fraction(0)
    for cell, amount in inventory.items():
        if mask[cell]:
            each = UNIVERSE.exact(weights, cell) if described.basis == "co2e" else int(weights.scope[cell])
            total += amount * each
    return total / Fraction(described.scale)


def _disclosure(field: str, exact: Fraction, digits: int | None) -> Disclosure:
    """Return a field as printed with so many digits, or exactly."""
    described = CATALOGUE.formats["crosswalk"].fields[field]
    value, half = exact, Fraction(0)
    if digits is not None:
        unit = Fraction(1, 10**digits)
        value, half = round(exact / unit) * unit, unit / 2
    return Disclosure(
        name=field,
        path=described.path + field,
        field=field,
        on=described.on,
        quantity=Quantity(text=str(float(value)), value=value, half=half),
        basis=described.basis,
        scale=Fraction(described.scale),
        under=described.under,
        headline=described.headline,
    )


@st.composite
def studies(draw: st.DrawFn) -> Case:
    """Draw an inventory, a method its regime permits, and some of the fields it would state."""
    regime = CATALOGUE.regimes[draw(st.sampled_from(REGIMES))]
    place = {cell: index for index, cell in enumerate(UNIVERSE.cells)}
    held = draw(st.dictionaries(st.sampled_from(CELLS), st.integers(1, 5000), min_size=1, max_size=8))
    inventory = {place[cell]: Fraction(amount, 1000) for cell, amount in held.items()}
    method = {}
    for dimension in NUMERIC:
        asked = regime.requirements.get(dimension.code)
        method[dimension.code] = draw(
            st.sampled_from(asked.permits if asked and asked.permits else dimension.options)
        )
    open_ = draw(st.sets(st.sampled_from([d.code for d in NUMERIC]), max_size=2))
    fields = draw(st.lists(st.sampled_from(LINES), max_size=5, unique=True))
    disclosures = [
        _disclosure(field, _value(field, method, inventory), draw(st.sampled_from([None, 2, 4])))
        for field in ("total", *fields)
        if field != "total" or "total" not in fields
    ]
    made = msgspec.structs.replace(
        footprint(regime.code, disclosures, absences=(ONLY,)),
        method={code: (option,) for code, option in method.items() if code not in open_},
    )
    return Case(made, inventory, method)


def _answer(made: Footprint, target: str, universe: Universe = UNIVERSE, assumed: str = "") -> Conversion:
    assert made.regime is not None
    own, other = CATALOGUE.regimes[made.regime], CATALOGUE.regimes[target]
    profile = profiles([assumed], CATALOGUE) if assumed else None
    return answer(made, own, other, universe, profile, frozenset({"estimated"}))


def _ends(found: Conversion) -> tuple[float, float]:
    """Return the interval of an answer, guaranteed or kept, open ends as infinity."""
    shown = found.guaranteed
    if found.assumed is not None and any(note.code.startswith("kept.") for note in found.assumed.assumptions):
        shown = found.assumed
    low = -np.inf if shown.low is None else shown.low
    return low, np.inf if shown.high is None else shown.high


def _inside(inner: tuple[float, float], outer: tuple[float, float]) -> bool:
    noise = 1e-12 * max(1.0, *(abs(end) for end in (*inner, *outer) if np.isfinite(end)), 1.0)
    return outer[0] - noise <= inner[0] and inner[1] <= outer[1] + noise


_EXAMPLES = 8 if os.environ.get("HYPOTHESIS_PROFILE", "suite") == "suite" else 100
laws = settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
targets = st.sampled_from(REGIMES)


@laws
@given(studies())
def test_a_regime_to_itself_is_the_identity(case: Case) -> None:
    assert case.made.regime is not None
    found = _answer(case.made, case.made.regime)
    stated = next((d for d in case.made.disclosures if d.headline), None)
    assert found.answered == (stated is not None)
    if stated is not None:
        value, half = stated.quantity.value, stated.quantity.half
        assert _inside(_ends(found), (float(value - half), float(value + half)))
        assert found.class_ == "exact"
        assert all(step.class_ == "documentary" for step in found.steps)


@laws
@given(studies(), targets)
def test_a_figure_lies_in_its_interval(case: Case, target: str) -> None:
    found = _answer(case.made, target)
    if found.value is not None:
        assert _inside((found.value, found.value), _ends(found))
    for line in found.lines:
        if line.value is not None:
            assert line.low is not None
            assert line.high is not None
            assert _inside((line.value, line.value), (line.low, line.high))


@laws
@given(studies(), targets, st.sampled_from([Fraction(1, 1000), Fraction(1, 3), Fraction(12), Fraction(2000)]))
def test_a_declared_unit_so_many_times_as_large_gives_so_many_times_the_answer(
    case: Case, target: str, times: Fraction
) -> None:
    scaled = [
        msgspec.structs.replace(
            d,
            quantity=Quantity(
                text=d.quantity.text, value=d.quantity.value * times, half=d.quantity.half * times
            ),
        )
        for d in case.made.disclosures
    ]
    one = _answer(case.made, target)
    other = _answer(msgspec.structs.replace(case.made, disclosures=tuple(scaled)), target)
    assert one.class_ == other.class_
    assert _ends(other) == pytest.approx([end * float(times) for end in _ends(one)], rel=1e-12, abs=1e-15)
    assert (one.value is None) == (other.value is None)
    if one.value is not None:
        assert other.value == pytest.approx(one.value * float(times), rel=1e-12, abs=1e-15)


@laws
@given(studies(), targets, st.randoms(use_true_random=False))
def test_the_order_of_what_is_said_does_not_matter(case: Case, target: str, random) -> None:
    mixed = list(case.made.disclosures)
    random.shuffle(mixed)
    method = list(case.made.method.items())
    random.shuffle(method)
    turned = msgspec.structs.replace(case.made, disclosures=tuple(mixed), method=dict(method))
    one, other = _answer(case.made, target), _answer(turned, target)
    assert _ends(one) == _ends(other)
    assert (one.value, one.class_, one.lines) == (other.value, other.class_, other.lines)
    assert [gap.item for gap in one.gaps] == [gap.item for gap in other.gaps]
    assert [(step.dimension, step.class_, step.delta.low, step.delta.high) for step in one.steps] == [
        (step.dimension, step.class_, step.delta.low, step.delta.high) for step in other.steps
    ]


@pytest.fixture(scope="module")
def turned() -> Universe:
    """The same cells in another order."""
    found = Universe(CATALOGUE)
    order = np.random.default_rng(2).permutation(len(found))
    found.cells = tuple(found.cells[index] for index in order)
    found._axes = tuple(axis[order] for axis in found._axes)
    return found


@laws
@given(case=studies(), target=targets)
def test_the_order_of_cells_does_not_matter(turned: Universe, case: Case, target: str) -> None:
    one, other = _answer(case.made, target), _answer(case.made, target, turned)
    assert _ends(one) == pytest.approx(_ends(other), rel=1e-12, abs=1e-15)
    assert (one.value, one.class_) == (other.value, other.class_)


@laws
@given(studies(), targets, st.sampled_from(LINES), st.sampled_from([None, 1, 4]))
def test_one_more_number_never_widens_an_answer(
    case: Case, target: str, field: str, digits: int | None
) -> None:
    assume(field not in {d.field for d in case.made.disclosures} | {"total"})
    more = _disclosure(field, _value(field, case.method, case.inventory), digits)
    told = msgspec.structs.replace(case.made, disclosures=(*case.made.disclosures, more))
    before, after = _answer(case.made, target), _answer(told, target)
    assert not after.inconsistencies
    if _ends(before) != (-np.inf, np.inf):
        assert _inside(_ends(after), _ends(before))


@laws
@given(studies(), targets, st.sampled_from(SIGNED))
def test_one_more_absence_never_widens_an_answer(case: Case, target: str, activity: str) -> None:
    empty = UNIVERSE.mask(Selection(activities=(activity,)))
    assume(not any(empty[cell] for cell in case.inventory))
    told = msgspec.structs.replace(case.made, absences=(*case.made.absences, absent(activity)))
    before, after = _answer(case.made, target), _answer(told, target)
    assert not after.inconsistencies
    assert _inside(_ends(after), _ends(before))


@laws
@given(studies(), targets, st.sampled_from(sorted(CATALOGUE.profiles)))
def test_an_assumption_never_widens_an_answer_and_leaves_the_guaranteed_one(
    case: Case, target: str, profile: str
) -> None:
    plain, assumed = _answer(case.made, target), _answer(case.made, target, assumed=profile)
    assume(not any(step.note for step in plain.steps))
    assert plain.guaranteed == assumed.guaranteed
    found = assumed.assumed
    if found is None or (found.low is None and found.high is None):
        return
    inner = (-np.inf if found.low is None else found.low, np.inf if found.high is None else found.high)
    assert _inside(inner, _ends(plain))


@laws
@given(studies(), targets, st.sampled_from([None, 2, 4]))
def test_saying_the_same_twice_changes_nothing(case: Case, target: str, digits: int | None) -> None:
    """The carbon in the product, and the uptake that is 44/12 of it; the total, and the total again."""
    told = tuple(
        d for d in case.made.disclosures if d.field not in ("biogenic-carbon-content", "uptake-in-product")
    )
    content = _disclosure(
        "biogenic-carbon-content", _value("biogenic-carbon-content", case.method, case.inventory), digits
    )
    factor = Fraction(-44, 12)
    uptake = msgspec.structs.replace(
        _disclosure("uptake-in-product", Fraction(0), None),
        quantity=Quantity(
            text="implied",
            value=content.quantity.value * factor,
            half=content.quantity.half * -factor,
        ),
    )
    again = msgspec.structs.replace((*told, content)[0], name="again", path="again", headline=0)
    once = msgspec.structs.replace(case.made, disclosures=(*told, content))
    twice = msgspec.structs.replace(case.made, disclosures=(*told, content, uptake, again))
    one, other = _answer(once, target), _answer(twice, target)
    assert (one.guaranteed.low, one.guaranteed.high) == (other.guaranteed.low, other.guaranteed.high)
    assert (one.value, one.class_) == (other.value, other.class_)


def _seen(option: str) -> bool:
    """Whether an option keeps all cells in sight, so that every mass can be disclosed."""
    effects = [effect for effect in CATALOGUE.options[option].effects if effect.out_of_scope]
    return not any(covers(effect.on, cell, CATALOGUE) for effect in effects for cell in CELLS)


methods = st.fixed_dictionaries(
    {d.code: st.sampled_from([o for o in d.options if _seen(o)]) for d in NUMERIC}
)


def _strict(side: str, method: dict[str, str]) -> Regime:
    """Return a regime that permits one option in every dimension, and asks for nothing else."""
    like, code = CATALOGUE.regimes["PACT:3.0"], " ".join((side, *method.values()))
    asked = {
        dimension: msgspec.structs.replace(
            like.requirements["gwp-set"],
            regime=code,
            dimension=dimension,
            permits=(option,),
            prefers=option,
            limit=None,
        )
        for dimension, option in method.items()
    }
    return msgspec.structs.replace(like, code=code, requirements=asked)


def _inventoried(method: dict[str, str], inventory: dict[int, Fraction]) -> Footprint:
    """Return a study that tells the mass in every cell, and its total."""
    masses = [
        Disclosure(
            name=str(cell),
            path=f"cells.{cell}",
            field="gas-mass",
            on=Selection(
                stages=UNIVERSE.cells[cell][:1],
                activities=UNIVERSE.cells[cell][1:2],
                gases=UNIVERSE.cells[cell][2:3],
                origins=UNIVERSE.cells[cell][3:],
            ),
            quantity=Quantity(text=str(amount), value=amount, half=Fraction(0)),
            basis="mass",
        )
        for cell, amount in inventory.items()
    ]
    rest = Selection(excepts=tuple(one.on for one in masses))
    # Land use change spread over another period has cells of its own, which a mass covers too.
    other_period = Selection(activities=("land-use-change-other-period",))
    return msgspec.structs.replace(
        footprint(None, [_disclosure("total", _total(method, inventory), None), *masses]),
        method={code: (option,) for code, option in method.items()},
        absences=tuple(
            Absence(name=str(place), path=f"absent[{place}]", on=on)
            for place, on in enumerate((rest, other_period))
        ),
    )


def _total(method: dict[str, str], inventory: dict[int, Fraction]) -> Fraction:
    return sum(
        (amount * weight(method, UNIVERSE.cells[cell], CATALOGUE) for cell, amount in inventory.items()),
        Fraction(0),
    )


def _crossed(one: dict[str, str], other: dict[str, str], inventory: dict[int, Fraction]) -> Conversion:
    """Convert a study that tells its whole inventory between two regimes that permit one method each."""
    source, target = _strict("A", one), _strict("B", other)
    return answer(_inventoried(one, inventory), source, target, UNIVERSE, None, frozenset())


@laws
@given(methods, methods, methods, studies())
def test_steps_compose_and_come_back(
    one: dict[str, str], other: dict[str, str], third: dict[str, str], case: Case
) -> None:
    """A to B and B to C give what A to C gives, and A to B to A what there was: on inventories, exactly."""
    held = case.inventory
    for method in (one, other, third):
        known = UNIVERSE.weights(method).known
        assume(all(known[cell] for cell in held))
    there, onwards = _crossed(one, other, held), _crossed(other, third, held)
    straight, back = _crossed(one, third, held), _crossed(other, one, held)
    assert there.value == float(_total(other, held))
    assert straight.value == onwards.value == float(_total(third, held))
    assert (straight.guaranteed.low, straight.guaranteed.high) == (straight.value, straight.value)
    assert back.value == float(_total(one, held))
    assert {found.class_ for found in (there, onwards, straight, back)} == {"exact"}


FILE = {
    "crosswalk": "footprint/1",
    "declared_unit": "kg",
    "regime": "PACT:2.3",
    "method": {
        "boundary": "cradle-to-gate",
        "cut-off": "none",
        "packaging": "included",
        "gwp-set": "ar5-28",
        "biogenic-co2": "product-uptake",
    },
    "gases": [
        {"gas": "CO2", "origin": "fossil", "mass": {"value": "1.600", "exact": True}},
        {"gas": "CH4", "origin": "fossil", "mass": {"value": "0.0120", "exact": True}},
        {"gas": "N2O", "origin": "fossil", "mass": {"value": "0.00005", "exact": True}},
    ],
    "gases_complete": True,
    "carbon": {"biogenic_content": {"value": "0.12", "exact": True}},
    "absent": ["aircraft", "captured", "technical-removal", "land"],
    "exempted_share": 0,
}


@pytest.mark.parametrize(
    "redundant",
    [
        {"total": {"value": "1.50925", "exact": True}},
        {"lines": {"fossil": {"value": "1.94925", "exact": True}}},
        {"lines": {"uptake-in-product": {"value": "-0.44", "exact": True}}},
        {"lines": {"biogenic-non-co2": 0}},
        {"absent": ["aircraft", "captured", "technical-removal", "land", "SF6", "offset"]},
        {"gases": [*FILE["gases"], {"gas": "CH4", "origin": "biogenic", "mass": 0}]},
        {"gases": FILE["gases"][::-1]},
    ],
    ids=["total", "fossil", "uptake", "nothing", "absent", "zero", "reversed"],
)
@pytest.mark.parametrize("target", ["PACT:3.0", "GHGP:PRODUCT-2011"])
def test_a_file_with_a_number_that_follows_from_the_others_says_the_same(
    redundant: dict[str, object], target: str
) -> None:
    """1.6 + 0.012 · 28 + 0.00005 · 265 is 1.94925; less 44/12 · 0.12 it is 1.50925."""
    plain = convert(read(FILE, CATALOGUE), to=target, catalogue=CATALOGUE)
    more = convert(read({**FILE, **redundant}, CATALOGUE), to=target, catalogue=CATALOGUE)
    assert (plain.guaranteed.low, plain.guaranteed.high) == (more.guaranteed.low, more.guaranteed.high)
    assert (plain.value, plain.class_, plain.answered) == (more.value, more.class_, more.answered)
    assert [gap.item for gap in plain.gaps] == [gap.item for gap in more.gaps]

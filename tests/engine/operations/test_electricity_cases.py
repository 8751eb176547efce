"""Location-based against residual mix, on published factors of American and Canadian grids.

The rows give CO2, CH4 and N2O per kWh and two totals, under AR4 (25, 298) and under AR5 (28, 265). The
residual rows print 0.000000 for CH4 and N2O, and their totals are the CO2 alone: Green-e's residual rates
count CO2 and nothing else. What is printed as zero is thus not known to be nothing. A difference between the
two series takes off CH4 and N2O that merely were not counted on one side; in the location rows they are 0.3
to 0.8 % of the total, 1.7 and 3 % where there is next to no CO2. The intervals below cover the printed
rounding, not that.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from crosswalk.engine.operations import electricity
from crosswalk.engine.operations.bounds import Bounds
from crosswalk.footprint.activity import Activity, Burden, ElectricityUse, GasMass, Grid
from crosswalk.footprint.quantity import Quantity
from tests.engine.operations.conftest import Make, q

CASES = Path(__file__).resolve().parents[4] / "shared" / "samples" / "cases"
F = Fraction
LIFE = "electricity-scope.life-cycle"
AVERAGE = "electricity-grid.consumption-mix"
RESIDUAL = "electricity-grid.consumption-mix-excl-claimed"
GASES = (("CO2", "co2_kg_per_unit"), ("CH4", "ch4_kg_per_unit"), ("N2O", "n2o_kg_per_unit"))
#: Option, column of the totals, and the factors the totals were made with.
SETS = (
    ("gwp-set.ar4", "ar4_kgCO2e", {"CO2": 1, "CH4": 25, "N2O": 298}),
    ("gwp-set.ar5-28", "ar5_kgCO2e", {"CO2": 1, "CH4": 28, "N2O": 265}),
)
Rows = dict[str, dict[str, str]]


def rows(name: str) -> Rows:
    path = CASES / f"electricity_{name}.csv"
    if not path.is_file():
        pytest.skip("the published cases are not beside this checkout")
    with path.open(newline="", encoding="utf-8") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def burden(row: dict[str, str], *, exact: bool) -> Burden:
    masses = tuple(
        GasMass(gas=gas, mass=Quantity.of(row[column], half="0" if exact else None)) for gas, column in GASES
    )
    return Burden(path=row["code"], gases=masses, scope=LIFE)


def crossed(make: Make, used: Burden, other: Burden, gwp_set: str, amount: Quantity) -> Bounds:
    """The change from the location-based factor to the residual mix."""
    use = ElectricityUse(
        path="electricity[0]", amount=amount, grid="grid", year=2018, grid_factor=AVERAGE, factor=used
    )
    grid = Grid(path="grids[0]", place="grid", year=2018, factors={RESIDUAL: other})
    found = electricity.apply(
        make(
            Activity(electricity=(use,), grids=(grid,)),
            source="GHGP:PRODUCT-2011",
            target="EU:PEF-2021",
            sets=(gwp_set, gwp_set),
        )
    )
    assert found is not None
    assert found.tight
    return found.delta


def within(delta: Bounds, value: Fraction, slack: Fraction) -> bool:
    assert delta.low is not None
    assert delta.high is not None
    return delta.low - slack <= value <= delta.high + slack


def test_both_series_have_thirteen_grids_in_common() -> None:
    location, residual = rows("location_based"), rows("residual_mix")
    assert len(set(location) & set(residual)) == 13


def test_gas_masses_cross_exactly(situation: Make) -> None:
    location, residual = rows("location_based"), rows("residual_mix")
    for code in sorted(set(location) & set(residual)):
        for gwp_set, _, factors in SETS:
            before, after = (
                sum(F(row[column]) * factors[gas] for gas, column in GASES)
                for row in (location[code], residual[code])
            )
            delta = crossed(
                situation,
                burden(location[code], exact=True),
                burden(residual[code], exact=True),
                gwp_set,
                q("7.5"),
            )
            assert delta == Bounds.point(F("7.5") * (after - before))


def test_the_printed_totals_lie_within_the_printed_rounding(situation: Make) -> None:
    location, residual = rows("location_based"), rows("residual_mix")
    printed = F(1, 2_000_000)
    for code in sorted(set(location) & set(residual)):
        for gwp_set, column, factors in SETS:
            delta = crossed(
                situation,
                burden(location[code], exact=False),
                burden(residual[code], exact=False),
                gwp_set,
                q("1"),
            )
            apart = F(residual[code][column]) - F(location[code][column])
            assert within(delta, apart, 2 * printed), (code, column)
            # Half a unit of the sixth decimal of each gas, times its factor, on both sides.
            low, high = delta.ends
            assert low is not None
            assert high is not None
            assert high - low == 4 * printed * sum(factors.values())


def test_the_residual_rows_count_carbon_dioxide_only() -> None:
    for row in rows("residual_mix").values():
        for name in ("ch4_kg_per_unit", "n2o_kg_per_unit"):
            # Six decimals of zero: rounded, never a statement that there is none.
            assert Quantity.of(row[name]).half > 0
        assert F(row["ar4_kgCO2e"]) == F(row["ar5_kgCO2e"]) == F(row["co2_kg_per_unit"])
    shares = {}
    for code, row in rows("location_based").items():
        if F(row["ar5_kgCO2e"]) and code in rows("residual_mix"):
            shares[code] = 1 - F(row["co2_kg_per_unit"]) / F(row["ar5_kgCO2e"])
    hydro = {"manitoba", "british-columbia"}
    assert all(F("0.003") < share < F("0.008") for code, share in shares.items() if code not in hydro)
    assert all(F("0.015") < shares[code] < F("0.031") for code in hydro)

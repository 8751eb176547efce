"""The activity data of our own file: what lies behind a footprint, read into its records."""

from __future__ import annotations

from typing import Literal, cast, get_args

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import names
from crosswalk.footprint.activity import (
    Activity,
    Burden,
    CapitalGoods,
    CapturedCarbon,
    ClaimedPower,
    ElectricityUse,
    FactorUse,
    Grid,
    MassBalanced,
    Per,
    PrimaryShare,
    RecycledMaterial,
    WasteBurnt,
)
from crosswalk.formats import _own_installation, _own_joint
from crosswalk.formats._json import short
from crosswalk.formats._own_burden import burden
from crosswalk.formats._own_row import Row
from crosswalk.formats._own_values import Unit

CO2 = Unit("kilogram CO2", also=("kilogram",), declared=True)
CO2E = Unit("kilogram CO2e", declared=True)
PER_KWH = Unit("kilogram CO2e", ("kilowatt hour",))
PER_KG = Unit("kilogram CO2e", ("kilogram",))
PER_MJ = Unit("kilogram CO2e", ("megajoule",))


def read(file: Row) -> Activity | None:
    """Return the activity data of a file; ``None`` where it holds none."""
    joint = _own_joint.read(file)
    processes = [process.name for process in joint]
    made = Activity(
        electricity=tuple(_electricity(row, processes) for row in file.rows("electricity")),
        grids=tuple(_grid(row) for row in file.rows("grids")),
        joint=joint,
        recycled=tuple(_recycled(row) for row in file.rows("recycling")),
        burnt=tuple(_burnt(row) for row in file.rows("waste_to_energy")),
        mass_balanced=tuple(_mass_balanced(row) for row in file.rows("mass_balance")),
        captured=tuple(_captured(row) for row in file.rows("captured_carbon")),
        factors=tuple(made for row in file.rows("factors") if (made := _factor(row)) is not None),
        capital_goods=tuple(
            pair for row in file.rows("capital_goods_factors") if (pair := _capital_goods(row)) is not None
        ),
        primary=_primary(file.object("primary_share")),
        installation=_own_installation.read(file.object("installation")),
        border=_own_installation.conditions(file.object("border_conditions")),
    )
    return made if made != Activity() else None


def _electricity(row: Row, processes: list[str]) -> ElectricityUse:
    process = row.text("process") or None
    row.check("process", process or "", processes)
    per = _per(row, process)
    stage = row.named("stage", "stage")
    connection = row.choice("connection", ("grid", "direct", "own"))
    return ElectricityUse(
        path=row.path,
        amount=row.needed_amount("amount", Unit("kilowatt hour", declared=per != "process")),
        per=per,
        process=process,
        stage=stage or "production",
        grid=row.text("grid") or None,
        year=row.year("year"),
        connection=cast(Literal["grid", "direct", "own"], connection or "grid"),
        instrument=row.option("instrument", "electricity-instruments"),
        grid_factor=row.option("grid_factor", "electricity-grid"),
        criteria_met=row.truth("criteria_met"),
        removed_from_grid=row.truth("removed_from_grid"),
        sold=row.truth("sold"),
        losses=row.share("losses"),
        factor=burden(row, "factor", PER_KWH),
    )


def _per(row: Row, process: str | None) -> Per:
    """What an amount is per; beside the name of a process it has to be said."""
    if process is not None:
        row.needed("per")
    given = row.choice("per", get_args(Per))
    if process is None and given == "process":
        row.needed("process")
    return cast(Per, given or "declared-unit")


def _grid(row: Row) -> Grid:
    return Grid(
        path=row.path,
        place=row.needed_text("place"),
        year=row.year("year"),
        factors=_grid_factors(row),
        claimed=tuple(_claimed(one) for one in row.rows("claimed")),
        generation=burden(row, "generation", PER_KWH),
        upstream=burden(row, "upstream", PER_KWH),
        losses=row.share("losses"),
    )


def _claimed(row: Row) -> ClaimedPower:
    return ClaimedPower(path=row.path, share=row.needed_share("share"), factor=burden(row, "factor", PER_KWH))


def _grid_factors(row: Row) -> dict[str, Burden]:
    """Factors by option of ``electricity-grid``, whose names are the keys of the object."""
    given = row.object("factors")
    if given is None:
        return {}
    found: dict[str, Burden] = {}
    for name in given.given:
        try:
            codes = names.resolve_option("electricity-grid", name, row.values.catalogue)
        except CrosswalkError as error:
            row.problems.add_error(given.at(short(name)), error)
            continue
        made = burden(given, name, PER_KWH)
        if len(codes) > 1 or codes[0] in found:
            row.problems.add(given.at(short(name)), "footprint-twice", name=short(name))
        elif made is not None:
            found[codes[0]] = made
    return dict(sorted(found.items()))


def _recycled(row: Row) -> RecycledMaterial:
    return RecycledMaterial(
        name=row.needed_text("name"),
        path=row.path,
        mass=row.needed_amount("mass", Unit("kilogram", declared=True)),
        method=row.option("method", "recycling"),
        recycled_content=row.share("recycled_content"),
        recycled_output=row.share("recycled_output"),
        energy_recovered=row.share("energy_recovered"),
        virgin=burden(row, "virgin", PER_KG),
        recycling=burden(row, "recycling", PER_KG),
        disposal=burden(row, "disposal", PER_KG),
        recycling_at_end=burden(row, "recycling_at_end", PER_KG),
        virgin_replaced=burden(row, "virgin_replaced", PER_KG),
        quality_in=row.number("quality_in"),
        quality_out=row.number("quality_out"),
        allocation=row.share("allocation"),
        energy_allocation=row.share("energy_allocation"),
        open_loop=row.number("open_loop"),
        credit=row.amount("credit", PER_KG),
        energy_recovery=burden(row, "energy_recovery", PER_KG),
        heating_value=row.amount("heating_value", Unit("megajoule", ("kilogram",))),
        heat_efficiency=row.share("heat_efficiency"),
        power_efficiency=row.share("power_efficiency"),
        heat_displaced=burden(row, "heat_displaced", PER_MJ),
        power_displaced=burden(row, "power_displaced", PER_MJ),
    )


def _burnt(row: Row) -> WasteBurnt:
    side = row.needed_choice("side", ("delivers", "uses"))
    return WasteBurnt(
        path=row.path,
        mass=row.needed_amount("mass", Unit("kilogram", declared=True)),
        side=cast(Literal["delivers", "uses"], side),
        method=row.option("method", "waste-to-energy"),
        burning=burden(row, "burning", PER_KG),
        energy=row.amount("energy", Unit("megajoule", ("kilogram",))),
        displaced=burden(row, "displaced", PER_MJ),
    )


def _mass_balanced(row: Row) -> MassBalanced:
    return MassBalanced(
        path=row.path,
        method=row.option("method", "mass-balance"),
        conventional=burden(row, "conventional", CO2E),
        alternative=burden(row, "alternative", CO2E),
        assigned=row.share("assigned"),
        physical=row.share("physical"),
        certificate=row.text("certificate"),
    )


def _captured(row: Row) -> CapturedCarbon:
    fate = row.needed_choice("fate", ("stored", "used"))
    side = row.needed_choice("side", ("delivers", "takes"))
    counted = row.choice("counted", ("credited", "not-credited"))
    return CapturedCarbon(
        path=row.path,
        carbon_dioxide=row.needed_amount("carbon_dioxide", CO2),
        fate=cast(Literal["stored", "used"], fate),
        side=cast(Literal["delivers", "takes"], side),
        counted=cast(Literal["credited", "not-credited"] | None, counted),
        gross=row.truth("gross"),
        process=burden(row, "process", CO2E),
        certificate=row.text("certificate"),
    )


def _factor(row: Row) -> FactorUse | None:
    """An activity in any unit, and factors per that unit."""
    name = row.needed_text("name")
    found = row.values.free(row.needed("amount"), row.at("amount"), declared=True)
    if found is None:
        row.take("factor", "other")
        return None
    amount, unit = found
    per = Unit("kilogram CO2e", (unit,))
    return FactorUse(
        path=row.path,
        name=name,
        amount=amount,
        factor=burden(row, "factor", per),
        other=burden(row, "other", per),
        unit=unit,
    )


def _capital_goods(row: Row) -> CapitalGoods | None:
    """An activity in any unit, and its factor per that unit with and without capital goods."""
    name = row.needed_text("name")
    found = row.values.free(row.needed("amount"), row.at("amount"), declared=True)
    row.needed("included")
    row.needed("excluded")
    if found is None:
        return None
    amount, unit = found
    per = Unit("kilogram CO2e", (unit,))
    included, excluded = burden(row, "included", per), burden(row, "excluded", per)
    if included is None or excluded is None:
        return None
    return CapitalGoods(
        path=row.path, name=name, amount=amount, included=included, excluded=excluded, unit=unit
    )


def _primary(row: Row | None) -> PrimaryShare | None:
    if row is None:
        return None
    basis = row.needed_choice("basis", ("including-uptake", "excluding-uptake"))
    uptake = row.amount("uptake", CO2E, signed=True)
    if uptake is not None and uptake.value > 0:
        row.problems.add(row.at("uptake"), "footprint-above-zero", value=uptake.text)
    made = PrimaryShare(
        path=row.path,
        share=row.needed_share("share"),
        basis=cast(Literal["including-uptake", "excluding-uptake"], basis),
        uptake=uptake,
        of_uptake=row.share("of_uptake"),
    )
    row.close()
    return made

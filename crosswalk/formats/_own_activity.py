"""The activity data of our own file: what lies behind a footprint, read into its records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar, cast, get_args

from crosswalk.errors import CrosswalkError
from crosswalk.footprint import names
from crosswalk.footprint.activity import (
    Activity,
    Burden,
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
from crosswalk.formats import _own_installation, _own_joint, _read
from crosswalk.formats._json import short
from crosswalk.formats._own_values import Row, Unit, Values

Made = TypeVar("Made")

CO2 = Unit("kilogram CO2", also=("kilogram",), declared=True)
CO2E = Unit("kilogram CO2e", declared=True)
PER_KWH = Unit("kilogram CO2e", ("kilowatt hour",))
PER_KG = Unit("kilogram CO2e", ("kilogram",))
PER_MJ = Unit("kilogram CO2e", ("megajoule",))
SECTIONS = (
    "electricity",
    "grids",
    "joint_processes",
    "recycling",
    "waste_to_energy",
    "mass_balance",
    "captured_carbon",
    "factors",
    "primary_share",
    "installation",
)


def read(payload: dict[str, Any], values: Values) -> Activity | None:
    """Return the activity data of a file; ``None`` where it holds none."""
    joint = _own_joint.read(payload.get("joint_processes"), values)
    processes = {process.name for process in joint}
    primary = payload.get("primary_share")
    made = Activity(
        electricity=_each(payload, "electricity", values, lambda row: _electricity(row, values, processes)),
        grids=_each(payload, "grids", values, lambda row: _grid(row, values)),
        joint=joint,
        recycled=_each(payload, "recycling", values, _recycled),
        burnt=_each(payload, "waste_to_energy", values, _burnt),
        mass_balanced=_each(payload, "mass_balance", values, _mass_balanced),
        captured=_each(payload, "captured_carbon", values, _captured),
        factors=_each(payload, "factors", values, lambda row: _factor(row, values)),
        primary=_object(primary, "primary_share", values, lambda row: _primary(row, values)),
        installation=_object(
            payload.get("installation"),
            "installation",
            values,
            lambda row: _own_installation.read(row, values),
        ),
    )
    return made if made != Activity() else None


def _each(
    payload: dict[str, Any], name: str, values: Values, make: Callable[[Row], Made | None]
) -> tuple[Made, ...]:
    found = []
    for row in values.rows(payload.get(name), name):
        made = make(row)
        row.close()
        if made is not None:
            found.append(made)
    return tuple(found)


def _object(given: Any, name: str, values: Values, make: Callable[[Row], Made | None]) -> Made | None:
    if given is None or not _read.typed(given, dict, name, values.problems):
        return None
    row = Row(values, given, name)
    made = make(row)
    row.close()
    return made


def _electricity(row: Row, values: Values, processes: set[str]) -> ElectricityUse:
    process = row.text("process") or None
    if process is not None and process not in processes:
        known = ", ".join(sorted(processes)) or "–"
        values.problems.add(row.at("process"), "footprint-reference", name=short(process), known=known)
    per = _per(row, process, values)
    amount = row.needed_amount("amount", Unit("kilowatt hour", declared=per != "process"))
    stage = row.named("stage", "stage")
    connection = row.choice("connection", ("grid", "direct", "own"))
    return ElectricityUse(
        path=row.path,
        amount=amount,
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
        factor=row.burden("factor", PER_KWH),
    )


def _per(row: Row, process: str | None, values: Values) -> Per:
    """What an amount is per; beside the name of a process it has to be said."""
    given = row.choice("per", get_args(Per))
    if process is not None and given is None and not row.has("per"):
        values.problems.add(row.at("per"), "footprint-missing", name="per")
    if process is None and given == "process":
        values.problems.add(row.at("process"), "footprint-missing", name="process")
    return cast(Per, given or "declared-unit")


def _grid(row: Row, values: Values) -> Grid:
    place = row.needed_text("place")
    claimed = []
    for one in values.rows(row.take("claimed"), row.at("claimed")):
        share = one.needed_share("share")
        claimed.append(ClaimedPower(path=one.path, share=share, factor=one.burden("factor", PER_KWH)))
        one.close()
    return Grid(
        path=row.path,
        place=place,
        year=row.year("year"),
        factors=_grid_factors(row, values),
        claimed=tuple(claimed),
        generation=row.burden("generation", PER_KWH),
        upstream=row.burden("upstream", PER_KWH),
        losses=row.share("losses"),
    )


def _grid_factors(row: Row, values: Values) -> dict[str, Burden]:
    given = row.take("factors")
    if given is None or not _read.typed(given, dict, row.at("factors"), values.problems):
        return {}
    found: dict[str, Burden] = {}
    for name, one in given.items():
        path = f"{row.at('factors')}.{short(name)}"
        if one is None:
            continue
        try:
            codes = names.resolve_option("electricity-grid", name, values.catalogue)
        except CrosswalkError as error:
            values.problems.add_error(path, error)
            continue
        burden = values.burden(one, path, PER_KWH)
        if len(codes) > 1 or codes[0] in found:
            values.problems.add(path, "footprint-twice", name=short(name))
        elif burden is not None:
            found[codes[0]] = burden
    return dict(sorted(found.items()))


def _recycled(row: Row) -> RecycledMaterial:
    name = row.needed_text("name")
    mass = row.needed_amount("mass", Unit("kilogram", declared=True))
    return RecycledMaterial(
        name=name,
        path=row.path,
        mass=mass,
        method=row.option("method", "recycling"),
        recycled_content=row.share("recycled_content"),
        recycled_output=row.share("recycled_output"),
        energy_recovered=row.share("energy_recovered"),
        virgin=row.burden("virgin", PER_KG),
        recycling=row.burden("recycling", PER_KG),
        disposal=row.burden("disposal", PER_KG),
        recycling_at_end=row.burden("recycling_at_end", PER_KG),
        virgin_replaced=row.burden("virgin_replaced", PER_KG),
        quality_in=row.number("quality_in"),
        quality_out=row.number("quality_out"),
        allocation=row.share("allocation"),
        energy_allocation=row.share("energy_allocation"),
        open_loop=row.number("open_loop"),
        energy_recovery=row.burden("energy_recovery", PER_KG),
        heating_value=row.amount("heating_value", Unit("megajoule", ("kilogram",))),
        heat_efficiency=row.share("heat_efficiency"),
        power_efficiency=row.share("power_efficiency"),
        heat_displaced=row.burden("heat_displaced", PER_MJ),
        power_displaced=row.burden("power_displaced", PER_MJ),
    )


def _burnt(row: Row) -> WasteBurnt:
    mass = row.needed_amount("mass", Unit("kilogram", declared=True))
    side = row.needed_choice("side", ("delivers", "uses"))
    return WasteBurnt(
        path=row.path,
        mass=mass,
        side=cast(Literal["delivers", "uses"], side),
        method=row.option("method", "waste-to-energy"),
        burning=row.burden("burning", PER_KG),
        energy=row.amount("energy", Unit("megajoule", ("kilogram",))),
        displaced=row.burden("displaced", PER_MJ),
    )


def _mass_balanced(row: Row) -> MassBalanced:
    return MassBalanced(
        path=row.path,
        method=row.option("method", "mass-balance"),
        conventional=row.burden("conventional", CO2E),
        alternative=row.burden("alternative", CO2E),
        assigned=row.share("assigned"),
        physical=row.share("physical"),
        certificate=row.text("certificate"),
    )


def _captured(row: Row) -> CapturedCarbon:
    carbon_dioxide = row.needed_amount("carbon_dioxide", CO2)
    fate = row.needed_choice("fate", ("stored", "used"))
    side = row.needed_choice("side", ("delivers", "takes"))
    counted = row.choice("counted", ("credited", "not-credited"))
    return CapturedCarbon(
        path=row.path,
        carbon_dioxide=carbon_dioxide,
        fate=cast(Literal["stored", "used"], fate),
        side=cast(Literal["delivers", "takes"], side),
        counted=cast(Literal["credited", "not-credited"] | None, counted),
        gross=row.truth("gross"),
        process=row.burden("process", CO2E),
        certificate=row.text("certificate"),
    )


def _factor(row: Row, values: Values) -> FactorUse | None:
    name = row.needed_text("name")
    found = values.free(row.needed("amount"), row.at("amount"))
    unit = found[1] if found is not None else None
    per = Unit("kilogram CO2e", (unit,) if unit is not None else ())
    factor = row.burden("factor", per) if unit is not None else row.take("factor")
    other = row.burden("other", per) if unit is not None else row.take("other")
    if found is None or unit is None:
        return None
    return FactorUse(path=row.path, name=name, amount=found[0], factor=factor, other=other, unit=unit)


def _primary(row: Row, values: Values) -> PrimaryShare:
    share = row.needed_share("share")
    basis = row.needed_choice("basis", ("including-uptake", "excluding-uptake"))
    uptake = row.amount("uptake", CO2E, signed=True)
    if uptake is not None and uptake.value > 0:
        values.problems.add(row.at("uptake"), "footprint-above-zero", value=uptake.text)
    return PrimaryShare(
        path=row.path,
        share=share,
        basis=cast(Literal["including-uptake", "excluding-uptake"], basis),
        uptake=uptake,
        of_uptake=row.share("of_uptake"),
    )

"""The inventory of an installation in our own file, as border rules see it."""

from __future__ import annotations

from typing import Literal

from crosswalk.footprint.activity import (
    BorderConditions,
    Installation,
    Precursor,
    ProductionProcess,
    SourceStream,
)
from crosswalk.formats._json import short
from crosswalk.formats._own_row import Row
from crosswalk.formats._own_values import Unit

TONNE = Unit("tonne")
#: These rules count CO2 and other gases as CO2e; a mass of CO2 is as much CO2e.
EMISSIONS = Unit("tonne CO2e", also=("tonne CO2",))
EMBEDDED = EMISSIONS._replace(per=("tonne",))
PER_TJ = EMISSIONS._replace(per=("terajoule",))
PER_MWH = EMISSIONS._replace(per=("megawatt hour",))
HEAT = Unit("terajoule")
POWER = Unit("megawatt hour")


def read(row: Row | None) -> Installation | None:
    """Return the installation; every process that is named has to be listed."""
    if row is None:
        return None
    row.needed("processes")
    listed = row.given.get("processes")
    names = [one.get("name") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    known = [name for name in names if isinstance(name, str)]
    streams = tuple(_stream(one, known) for one in row.rows("streams"))
    processes: dict[str, ProductionProcess] = {}
    for one in row.rows("processes"):
        made = _process(one, known)
        if made.name in processes:
            row.problems.add(one.at("name"), "footprint-twice", name=short(made.name))
        processes[made.name] = made
    product = row.listed("product", known)
    row.close()
    return Installation(path=row.path, product=product, processes=tuple(processes.values()), streams=streams)


def conditions(row: Row | None) -> BorderConditions | None:
    """Return what the file states so that its footprint is a bound for border rules."""
    if row is None:
        return None
    made = BorderConditions(
        path=row.path,
        actual_values=row.truth("actual_values") or False,
        same_product_and_period=row.truth("same_product_and_period") or False,
        no_credits=row.truth("no_credits") or False,
        biomass_zero_rated=row.truth("biomass_zero_rated") or False,
        share_no_larger=row.truth("share_no_larger") or False,
    )
    row.close()
    return made


def _stream(row: Row, known: list[str]) -> SourceStream:
    heating_value = row.amount("heating_value", Unit("terajoule", ("tonne",)))
    carbon = row.amount("carbon", Unit("tonne carbon", ("tonne",)))
    gas, process = row.text("gas") or "CO2", row.text("process")
    row.check("process", process, known)
    method: Literal["combustion", "process", "mass-balance", "measured"]
    if row.has("carbon"):
        method = "mass-balance"
    elif gas != "CO2":
        method = "measured"
    else:
        method = "combustion" if row.has("heating_value") else "process"
    # With a heating value the factor is per energy, without one per mass.
    factor = PER_TJ if method == "combustion" else EMBEDDED
    asked = method in ("combustion", "process")
    return SourceStream(
        name=row.needed_text("name"),
        path=row.path,
        amount=row.needed_amount("amount", TONNE, signed=method == "mass-balance"),
        factor=row.needed_amount("factor", factor) if asked else None,
        heating_value=heating_value,
        oxidation=row.share("oxidation"),
        biomass=row.share("biomass"),
        carbon=carbon,
        method=method,
        gas=gas,
        process=process or None,
    )


def _process(row: Row, known: list[str]) -> ProductionProcess:
    return ProductionProcess(
        name=row.needed_text("name"),
        path=row.path,
        activity_level=row.needed_amount("activity_level", TONNE, above=True),
        direct=row.amount("direct", EMISSIONS),
        heat_in=row.amount("heat_in", HEAT),
        heat_in_factor=row.amount("heat_in_factor", PER_TJ),
        heat_out=row.amount("heat_out", HEAT),
        heat_out_factor=row.amount("heat_out_factor", PER_TJ),
        waste_gas_in=row.amount("waste_gas_in", HEAT),
        waste_gas_in_factor=row.amount("waste_gas_in_factor", PER_TJ),
        waste_gas_out=row.amount("waste_gas_out", HEAT),
        waste_gas_out_factor=row.amount("waste_gas_out_factor", PER_TJ),
        electricity=row.amount("electricity", POWER),
        electricity_factor=row.amount("electricity_factor", PER_MWH),
        electricity_out=row.amount("electricity_out", POWER),
        electricity_out_factor=row.amount("electricity_out_factor", PER_MWH),
        precursors=tuple(_precursor(one, known) for one in row.rows("precursors")),
        goods=row.text("goods") or None,
        complete=row.truth("complete") or False,
    )


def _precursor(row: Row, known: list[str]) -> Precursor:
    process = row.text("process")
    row.check("process", process, known)
    return Precursor(
        name=row.needed_text("name"),
        path=row.path,
        amount=row.needed_amount("amount", TONNE),
        process=process or None,
        direct=row.amount("direct", EMBEDDED),
        indirect=row.amount("indirect", EMBEDDED),
        default=row.truth("default") or False,
        goods=row.text("goods") or None,
        electricity=row.amount("electricity", POWER._replace(per=("tonne",))),
        exempt=row.truth("exempt") or False,
    )

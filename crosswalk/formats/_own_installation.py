"""The inventory of an installation in our own file, as border rules see it."""

from __future__ import annotations

from crosswalk.footprint.activity import Installation, Precursor, ProductionProcess, SourceStream
from crosswalk.formats._json import short
from crosswalk.formats._own_values import Row, Unit, Values

TONNE = Unit("tonne")
#: These rules count CO2 and other gases as CO2e; a mass of CO2 is as much CO2e.
EMISSIONS = Unit("tonne CO2e", also=("tonne CO2",))
EMBEDDED = EMISSIONS._replace(per=("tonne",))
PER_TJ = EMISSIONS._replace(per=("terajoule",))
PER_MWH = EMISSIONS._replace(per=("megawatt hour",))
HEAT = Unit("terajoule")
POWER = Unit("megawatt hour")


def read(row: Row, values: Values) -> Installation:
    """Return the installation; every process that is named has to be listed."""
    streams = tuple(_stream(one) for one in values.rows(row.take("streams"), row.at("streams")))
    processes: dict[str, ProductionProcess] = {}
    for one in values.rows(row.needed("processes"), row.at("processes")):
        made = _process(one, values)
        if made.name in processes:
            values.problems.add(one.at("name"), "footprint-twice", name=short(made.name))
        processes[made.name] = made
    product = row.needed_text("product")
    named = [(row.at("product"), product)]
    for process in processes.values():
        named += [(f"{p.path}.process", p.process) for p in process.precursors if p.process is not None]
    for path, name in named:
        if name and name not in processes:
            known = ", ".join(processes) or "–"
            values.problems.add(path, "footprint-reference", name=short(name), known=known)
    return Installation(path=row.path, product=product, processes=tuple(processes.values()), streams=streams)


def _stream(row: Row) -> SourceStream:
    heating_value = row.amount("heating_value", Unit("terajoule", ("tonne",)))
    # With a heating value the factor is per energy, without one per mass.
    factor = PER_TJ if row.has("heating_value") else EMBEDDED
    made = SourceStream(
        name=row.needed_text("name"),
        path=row.path,
        amount=row.needed_amount("amount", TONNE),
        factor=row.needed_amount("factor", factor),
        heating_value=heating_value,
        oxidation=row.share("oxidation"),
        biomass=row.share("biomass"),
    )
    row.close()
    return made


def _process(row: Row, values: Values) -> ProductionProcess:
    made = ProductionProcess(
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
        precursors=tuple(
            _precursor(one) for one in values.rows(row.take("precursors"), row.at("precursors"))
        ),
    )
    row.close()
    return made


def _precursor(row: Row) -> Precursor:
    made = Precursor(
        name=row.needed_text("name"),
        path=row.path,
        amount=row.needed_amount("amount", TONNE),
        process=row.text("process") or None,
        direct=row.amount("direct", EMBEDDED),
        indirect=row.amount("indirect", EMBEDDED),
        default=row.truth("default") or False,
    )
    row.close()
    return made

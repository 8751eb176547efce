"""What lies behind a footprint: the activity data with which a modelling choice can be replaced.

All of it is optional. Amounts are per declared unit unless ``per`` says that they are per run of a
process; units are those the field names (kWh, kg, MJ, kg C, kg CO2e), whatever the file was written in.
``path`` is the place in the file, so that a gap or a contradiction can be pointed at. A number nobody
gave is ``None``, never zero.

The selection follows what makes a conversion exact instead of bounded: electricity by grid, year and
instrument; joint processes with all outputs and keys; recycled material; waste burnt for energy; mass
balance; captured carbon; factors that were taken from a database; installations, as border rules see them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.records import Record

#: Whether an amount is per declared unit of the footprint or per run of the process it belongs to.
Per = Literal["declared-unit", "process"]


class GasMass(Record):
    """Kilograms of one gas of one origin."""

    gas: str
    mass: Quantity
    origin: str = "fossil"


class Burden(Record):
    """What one unit of something emits: kg CO2e, or the masses of gases behind it, or both.

    ``gwp_set`` is the option (``gwp-set.ar5-28``) that characterised ``co2e``; ``None`` means as the study
    does. ``gases``, where given, are all gases of the burden. ``scope`` is an option of
    ``electricity-scope`` where the burden is one of electricity. ``source`` says where it was taken from.
    """

    path: str
    co2e: Quantity | None = None
    gwp_set: str | None = None
    gases: tuple[GasMass, ...] = ()
    scope: str | None = None
    source: str = ""


class ElectricityUse(Record):
    """Electricity one process uses, and how the study counted it.

    ``amount`` is kWh delivered. ``grid`` and ``year`` say which factor stands for it; ``connection`` how
    it came: over the grid, from a directly connected plant, or generated on site. ``instrument`` is an
    option of ``electricity-instruments`` under which the study's own factor was used (``None``: no
    instrument, a grid factor); ``grid_factor`` an option of ``electricity-grid`` where it used a grid
    factor. ``criteria_met``: whether the instrument meets the quality criteria; ``removed_from_grid``:
    whether what it claims was taken out of the grid factor; ``sold``: whether the attributes of own or
    direct generation were sold. ``losses`` is the share of the power generated that is lost on its way,
    where ``factor`` is per kWh generated. ``process`` names a joint process this use is part of;
    ``per`` tells per what the amount is.
    """

    path: str
    amount: Quantity
    per: Per = "declared-unit"
    process: str | None = None
    stage: str = "production"
    grid: str | None = None
    year: int | None = None
    connection: Literal["grid", "direct", "own"] = "grid"
    instrument: str | None = None
    grid_factor: str | None = None
    criteria_met: bool | None = None
    removed_from_grid: bool | None = None
    sold: bool | None = None
    losses: Quantity | None = None
    factor: Burden | None = None


class ClaimedPower(Record):
    """Power of a grid that somebody claimed with an instrument: its share of all power, and its factor."""

    path: str
    share: Quantity
    factor: Burden | None = None


class Grid(Record):
    """Factors of one grid in one year, per kWh delivered, by option of ``electricity-grid``.

    With an average and everything that was claimed, the residual mix follows. ``generation`` and
    ``upstream`` are per kWh generated and become delivered with ``losses``.
    """

    path: str
    place: str
    year: int | None = None
    factors: dict[str, Burden] = msgspec.field(default_factory=dict)
    claimed: tuple[ClaimedPower, ...] = ()
    generation: Burden | None = None
    upstream: Burden | None = None
    losses: Quantity | None = None


class Output(Record):
    """One output of a joint process. ``amount`` is per run, in the unit the process counts outputs in.

    ``keys`` are per unit of amount, by allocation key: ``mass`` (kg), ``energy`` (MJ), ``economic``
    (any one currency; ``economic:three-years`` where prices have to be averaged otherwise than the study
    did), ``mole`` (mol), ``carbon`` (kg C). ``group`` marks what a sector rule singles out
    (``high-value-chemical``); ``waste`` bears no burden. ``displaced`` is the burden, per unit of
    amount, of the product this output replaces. ``unit`` is the unit of ``amount``, by code.
    """

    name: str
    path: str
    amount: Quantity
    keys: dict[str, Quantity] = msgspec.field(default_factory=dict)
    group: str | None = None
    waste: bool = False
    displaced: Burden | None = None
    unit: str = "kilogram"


class JointInput(Record):
    """What a joint process takes from another one: an output of it, per run of this process."""

    process: str
    output: str
    amount: Quantity
    path: str


class JointProcess(Record):
    """A process with several products.

    ``burden`` is per run and leaves out what comes through ``inputs`` from other joint processes listed.
    ``key`` is the option of ``allocation`` (or a key of the outputs) the study used. ``product`` names the
    output the footprint is about, or that goes into it; ``used`` how much of it per declared unit (where
    it is not known that this is a whole chain, the last process of it has ``used``). ``currency`` is that
    of the prices of its outputs.
    """

    name: str
    path: str
    product: str
    burden: Burden | None = None
    key: str | None = None
    outputs: tuple[Output, ...] = ()
    inputs: tuple[JointInput, ...] = ()
    used: Quantity | None = None
    currency: str = ""


class RecycledMaterial(Record):
    """One material with its recycling, per kg of it; ``mass`` kg are in a declared unit.

    ``recycled_content`` R1, ``recycled_output`` R2, ``energy_recovered`` R3 (shares); burdens of virgin
    material E_V, of recycling E_rec (collection included), of disposal E_D, of the recycling at end of
    life E_recEoL and the virgin material it replaces E*_V (E_rec and E_V where not given);
    ``quality_in`` Qs_in/Qp, ``quality_out`` Qs_out/Qp; ``allocation`` A and ``energy_allocation`` B of the
    circular footprint formula; ``open_loop`` the factor A of an open loop. Energy recovery: burden E_ER,
    heating value MJ/kg, efficiencies and the burdens per MJ of the heat and power displaced. ``credit``
    is what upstream system expansion took off, in kg CO2e per kg, without a sign.
    ``method`` is the option of ``recycling`` the study used.
    """

    name: str
    path: str
    mass: Quantity
    method: str | None = None
    recycled_content: Quantity | None = None
    recycled_output: Quantity | None = None
    energy_recovered: Quantity | None = None
    virgin: Burden | None = None
    recycling: Burden | None = None
    disposal: Burden | None = None
    recycling_at_end: Burden | None = None
    virgin_replaced: Burden | None = None
    quality_in: Quantity | None = None
    quality_out: Quantity | None = None
    allocation: Quantity | None = None
    energy_allocation: Quantity | None = None
    open_loop: Quantity | None = None
    credit: Quantity | None = None
    energy_recovery: Burden | None = None
    heating_value: Quantity | None = None
    heat_efficiency: Quantity | None = None
    power_efficiency: Quantity | None = None
    heat_displaced: Burden | None = None
    power_displaced: Burden | None = None


class WasteBurnt(Record):
    """Waste burnt with energy recovery, or energy that comes from it.

    ``side`` tells whether the product delivers the waste or uses the energy. ``burning`` is per kg of
    waste, ``displaced`` per MJ of ``energy`` recovered per kg. ``method`` is the option of
    ``waste-to-energy`` the study used.
    """

    path: str
    mass: Quantity
    side: Literal["delivers", "uses"] = "delivers"
    method: str | None = None
    burning: Burden | None = None
    energy: Quantity | None = None
    displaced: Burden | None = None


class MassBalanced(Record):
    """An input whose attributes were assigned beyond what the product physically holds.

    ``conventional`` and ``alternative`` are the footprint of a declared unit made all of one or of the
    other; ``assigned`` and ``physical`` the shares. ``method`` is the option of ``mass-balance`` used.
    """

    path: str
    method: str | None = None
    conventional: Burden | None = None
    alternative: Burden | None = None
    assigned: Quantity | None = None
    physical: Quantity | None = None
    certificate: str = ""


class CapturedCarbon(Record):
    """CO2 captured and used or stored, per declared unit.

    ``fate``: stored underground, or used in the product. ``side``: whether the product delivers the CO2
    or takes it up. ``counted`` tells what the study did: credited it, or not. ``process`` is the burden of
    capture, compression and so on.
    """

    path: str
    carbon_dioxide: Quantity
    fate: Literal["stored", "used"] = "stored"
    side: Literal["delivers", "takes"] = "delivers"
    counted: Literal["credited", "not-credited"] | None = None
    gross: bool | None = None
    process: Burden | None = None
    certificate: str = ""


class FactorUse(Record):
    """An activity and the factor taken for it from a database; ``other`` the factor wanted instead.

    ``unit`` is the unit of ``amount``, by code; both factors are per one of it.
    """

    path: str
    name: str
    amount: Quantity
    factor: Burden | None = None
    other: Burden | None = None
    unit: str = "kilogram"


class CapitalGoods(Record):
    """An activity whose factor is known with capital goods (plants, machines, roads) and without them.

    All activities through which capital goods enter the footprint have to be listed: what they add up to
    is taken to be all there is. ``unit`` is the unit of ``amount``, by code; both factors are per one of it.
    """

    path: str
    name: str
    amount: Quantity
    included: Burden
    excluded: Burden
    unit: str = "kilogram"


class PrimaryShare(Record):
    """The share of a footprint that rests on primary data, and the basis it was reckoned on.

    ``uptake`` (kg CO2e, zero or less) is what one basis holds beyond the other, ``of_uptake`` the primary
    share of it.
    """

    path: str
    share: Quantity
    basis: Literal["including-uptake", "excluding-uptake"] = "excluding-uptake"
    uptake: Quantity | None = None
    of_uptake: Quantity | None = None


class SourceStream(Record):
    """A fuel or material whose carbon an installation emits, or a gas it was measured to emit, per period.

    ``method``: ``combustion`` is amount (t), ``heating_value`` (TJ/t) and ``factor`` (t CO2/TJ); ``process``
    amount and factor (t CO2/t); ``mass-balance`` amount, below zero for what leaves, and ``carbon``
    (t C/t); ``measured`` tonnes of ``gas``. Where it is not given, a heating value, a carbon content or a
    gas tells. ``oxidation`` (or conversion; all of it where not given) and ``biomass``, the share that may
    be counted as zero (none where not given), apply to all but what was measured. ``process`` names the
    production process the stream belongs to; one that names none is shared.
    """

    name: str
    path: str
    amount: Quantity
    factor: Quantity | None = None
    heating_value: Quantity | None = None
    oxidation: Quantity | None = None
    biomass: Quantity | None = None
    carbon: Quantity | None = None
    method: Literal["combustion", "process", "mass-balance", "measured"] | None = None
    gas: str = "CO2"
    process: str | None = None


class Precursor(Record):
    """A good that another one is made from, with its embedded emissions (t CO2e/t) and consumed mass (t).

    ``amount`` is all that was consumed, losses included. ``process`` names the process of this
    installation it comes from; otherwise it was bought in. ``default`` tells whether its values are default
    values, ``exempt`` whether it comes from a place whose goods count as nothing. ``goods`` is its customs
    code or category, ``electricity`` what was used to make it (MWh/t).
    """

    name: str
    path: str
    amount: Quantity
    process: str | None = None
    direct: Quantity | None = None
    indirect: Quantity | None = None
    default: bool = False
    goods: str | None = None
    electricity: Quantity | None = None
    exempt: bool = False


class ProductionProcess(Record):
    """A production process of an installation as border rules see it, per reporting period.

    Emissions in t CO2e, energy in TJ and MWh, mass in t (or whatever the rules count the good in).
    ``activity_level`` is the mass that leaves or is used in another process, without scrap. Heat and waste
    gases that come in add, those that leave are taken off, each energy times its factor (t CO2/TJ);
    ``direct`` are the emissions before that, where streams do not tell. ``goods`` is the customs code or
    category of what it makes. ``complete``: what is not listed, flows and precursors alike, is not there.
    """

    name: str
    path: str
    activity_level: Quantity
    direct: Quantity | None = None
    heat_in: Quantity | None = None
    heat_in_factor: Quantity | None = None
    heat_out: Quantity | None = None
    heat_out_factor: Quantity | None = None
    waste_gas_in: Quantity | None = None
    waste_gas_in_factor: Quantity | None = None
    waste_gas_out: Quantity | None = None
    waste_gas_out_factor: Quantity | None = None
    electricity: Quantity | None = None
    electricity_factor: Quantity | None = None
    electricity_out: Quantity | None = None
    electricity_out_factor: Quantity | None = None
    precursors: tuple[Precursor, ...] = ()
    goods: str | None = None
    complete: bool = False


class Installation(Record):
    """An installation with its source streams and production processes; ``product`` names the process
    that makes the product of this footprint."""

    path: str
    product: str
    processes: tuple[ProductionProcess, ...]
    streams: tuple[SourceStream, ...] = ()


class BorderConditions(Record):
    """What a file states so that its footprint bounds the direct emissions border rules count.

    ``actual_values``: no default values on either side; ``same_product_and_period``; ``no_credits``: no
    credit, substitution or transfer of captured carbon in the footprint; ``biomass_zero_rated`` on both
    sides; ``share_no_larger``: attribution gives the product no larger share than its allocation here.
    """

    path: str
    actual_values: bool = False
    same_product_and_period: bool = False
    no_credits: bool = False
    biomass_zero_rated: bool = False
    share_no_larger: bool = False


class Activity(Record):
    """Everything a file says of what lies behind its footprint."""

    electricity: tuple[ElectricityUse, ...] = ()
    grids: tuple[Grid, ...] = ()
    joint: tuple[JointProcess, ...] = ()
    recycled: tuple[RecycledMaterial, ...] = ()
    burnt: tuple[WasteBurnt, ...] = ()
    mass_balanced: tuple[MassBalanced, ...] = ()
    captured: tuple[CapturedCarbon, ...] = ()
    factors: tuple[FactorUse, ...] = ()
    capital_goods: tuple[CapitalGoods, ...] = ()
    primary: PrimaryShare | None = None
    installation: Installation | None = None
    border: BorderConditions | None = None

"""Three filled official workbooks: every result they show, from their inputs alone.

Source: European Commission, template for operators V2.1, filled examples 1 (cement), 4 (screws and nuts)
and 7 (hydrogen). Spreadsheet numbers are read as the decimals they are shown as.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from crosswalk import convert
from crosswalk.engine.operations.installation import Constants, Embedded, Lacking, embedded, emitted
from crosswalk.footprint.activity import (
    Activity,
    Installation,
    Precursor,
    ProductionProcess,
    SourceStream,
)
from crosswalk.footprint.quantity import Quantity
from crosswalk.footprint.records import DeclaredUnit, Footprint
from crosswalk.knowledge.catalogue import Catalogue
from tests.cases.conftest import exactly, number
from tests.engine.operations.conftest import METHOD

#: Relative, as the workbooks keep about 16 digits.
CLOSE = Fraction(1, 10**9)
_METHODS = {"Combustion": "combustion", "Process emissions": "process", "Mass balance": "mass-balance"}


@pytest.fixture(scope="module")
def workbooks(cases: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((cases / "cbam_examples.json").read_text("utf-8"))
    assert len(found) == 3
    return found


def q(given: float | None, scale: Fraction | int = 1) -> Quantity | None:
    return None if given is None else exactly(number(given) * scale)


def needed(given: float) -> Quantity:
    return exactly(number(given))


def streams(workbook: dict[str, Any]) -> tuple[SourceStream, ...]:
    """Heating values are in GJ/t there, shares in per cent."""
    return tuple(
        SourceStream(
            name=one["name"],
            path=f"streams[{index}]",
            method=_METHODS[one["method"]],
            amount=needed(one["AD"]),
            factor=q(one["EF"]),
            heating_value=q(one["NCV"], Fraction(1, 1000)),
            oxidation=q(one["OxF"] if one["OxF"] is not None else one["ConvF"], Fraction(1, 100)),
            biomass=q(one["BioC"], Fraction(1, 100)),
            carbon=q(one["Ccontent"]),
        )
        for index, one in enumerate(workbook["source_streams"])
    )


def precursors(workbook: dict[str, Any], process: str) -> tuple[Precursor, ...]:
    bought = [
        Precursor(
            name=one["name"],
            path=f"precursors[{index}]",
            amount=needed(amount),
            direct=q(one["SEE_dir"]),
            indirect=q(one["SEE_ind"]),
            electricity=q(one["spec_elec"]),
            default=one["SEE_dir_src"] == "Default",
            goods=one["goods_category"],
        )
        for index, one in enumerate(workbook["purchased_precursors"])
        for user, amount in one["use"]
        if user == process
    ]
    made = [
        Precursor(name=one["name"], path=f"{one['name']}.use", amount=needed(amount), process=one["name"])
        for one in workbook["processes"]
        for user, amount in one["internal_use"]
        if user == process
    ]
    return (*bought, *made)


def installation(workbook: dict[str, Any], product: str) -> Installation:
    """A cell left empty in the template counts as nothing there: its lists are complete.

    With one process its direct emissions follow from the streams; with several, how they share the
    streams is an input of the workbook.
    """
    rows = workbook["processes"]
    codes = {one["process"]: one["CN"] for one in workbook["expected_products"]}
    made = tuple(
        ProductionProcess(
            name=one["name"],
            path=f"processes[{index}]",
            activity_level=needed(one["total_production_t"]),
            direct=q(one["DirEm_tCO2e"]) if len(rows) > 1 else None,
            heat_in=q(one["heat_import_TJ"]),
            heat_in_factor=q(one["heat_EF_import"]),
            heat_out=q(one["heat_export_TJ"]),
            heat_out_factor=q(one["heat_EF_export"]),
            waste_gas_in=q(one["wg_import_TJ"]),
            waste_gas_in_factor=q(one["wg_EF_import"]),
            waste_gas_out=q(one["wg_export_TJ"]),
            waste_gas_out_factor=q(one["wg_EF_export"]),
            electricity=q(one["elec_MWh"]),
            electricity_factor=q(one["elec_EF"]),
            electricity_out=q(one["elec_export_MWh"]),
            electricity_out_factor=q(one["elec_export_EF"]),
            precursors=precursors(workbook, one["name"]),
            goods=codes[one["name"]],
            complete=True,
        )
        for index, one in enumerate(rows)
    )
    return Installation(path="installation", product=product, processes=made, streams=streams(workbook))


def products(workbooks: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    found = [(workbook, one) for workbook in workbooks for one in workbook["expected_products"]]
    assert len(found) == 5
    return found


def close(got: Fraction, wanted: float) -> bool:
    return abs(got - number(wanted)) <= CLOSE * abs(number(wanted))


def values(catalogue: Catalogue) -> dict[str, Fraction]:
    return {code: Fraction(one.value) for code, one in catalogue.operations["F21"].constants.items()}


def reckoned(workbook: dict[str, Any], process: str, catalogue: Catalogue) -> Embedded:
    found, lacking, used = embedded(installation(workbook, process), values(catalogue), lambda goods: True)
    assert not lacking.found
    # No workbook has waste gases, a mass balance or other gases than CO2.
    assert not used
    return found[process]


def test_streams_add_up_to_what_the_installation_emits(
    workbooks: list[dict[str, Any]], catalogue: Catalogue
) -> None:
    for workbook in workbooks:
        lacking = Lacking()
        each = [emitted(one, Constants(values(catalogue)), lacking) for one in streams(workbook)]
        summed = sum((one.low or Fraction(0) for one in each), Fraction(0))
        assert all(one.low == one.high for one in each)
        assert close(summed, workbook["installation_totals"]["direct"])
        # How the processes share them is stated beside, and leaves nothing over.
        stated = sum((number(one["DirEm_tCO2e"]) for one in workbook["processes"]), Fraction(0))
        assert close(summed, float(stated))


def test_every_result_of_every_product(workbooks: list[dict[str, Any]], catalogue: Catalogue) -> None:
    for workbook, wanted in products(workbooks):
        got = reckoned(workbook, wanted["process"], catalogue)
        for bounds, name in (
            (got.direct, "SEE_direct"),
            (got.indirect, "SEE_indirect"),
            (got.direct + got.indirect, "SEE_total"),
            (got.electricity, "embedded_elec"),
        ):
            assert bounds.low is not None
            assert bounds.low == bounds.high
            assert close(bounds.low, wanted[name]), (wanted["product"], name)
        share = got.default_share
        assert (None if share is None else share.low) == wanted["default_share"]


def footprint(workbook: dict[str, Any], wanted: dict[str, Any], unit: str = "kilogram") -> Footprint:
    return Footprint(
        source="workbook",
        format="crosswalk",
        id=wanted["product"],
        product=wanted["CN_name"],
        declared_unit=DeclaredUnit(amount=Fraction(1), unit=unit),
        regime="ISO:14067-2018",
        standards=("ISO:14067-2018",),
        method=METHOD,
        disclosures=(),
        activity=Activity(installation=installation(workbook, wanted["process"])),
    )


def test_conversion_to_the_transitional_rules_gives_both(workbooks: list[dict[str, Any]]) -> None:
    for workbook, wanted in products(workbooks):
        answer = convert(footprint(workbook, wanted), to="EU:CBAM-2023-1773", allow="estimated")
        assert answer.answered
        assert answer.class_ == "estimated"
        assert answer.value is None
        assert answer.assumed is not None
        assert answer.assumed.low == answer.assumed.high
        assert answer.assumed.low == pytest.approx(wanted["SEE_total"], rel=1e-9)


def test_conversion_to_the_definitive_rules_goes_by_goods(workbooks: list[dict[str, Any]]) -> None:
    counted = {}
    for workbook, wanted in products(workbooks):
        answer = convert(footprint(workbook, wanted), to="EU:CBAM-2025-2547", allow="estimated")
        counts = wanted["category"] == "Cement"
        assert answer.assumed is not None
        expected = wanted["SEE_total"] if counts else wanted["SEE_direct"]
        assert answer.assumed.low == answer.assumed.high == pytest.approx(expected, rel=1e-9)
        counted[wanted["category"]] = counts
    assert counted == {"Cement": True, "Iron or steel products": False, "Hydrogen": False}


def test_the_declared_unit_is_what_the_value_is_per(workbooks: list[dict[str, Any]]) -> None:
    workbook, wanted = products(workbooks)[0]
    answer = convert(footprint(workbook, wanted, "tonne"), to="EU:CBAM-2023-1773", allow="estimated")
    assert answer.assumed is not None
    assert answer.assumed.low == pytest.approx(1000 * wanted["SEE_total"], rel=1e-9)

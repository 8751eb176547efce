"""One file of ours with every section of activity data and every itemised line; its numbers mean nothing."""

from __future__ import annotations

from typing import Any

ACTIVITY: dict[str, Any] = {
    "electricity": [
        {
            "amount": "4.00 MWh",
            "per": "process",
            "process": "cracker",
            "stage": "production",
            "grid": "CN",
            "year": 2024,
            "connection": "grid",
            "grid_factor": "national-average",
            "factor": {"value": "577.7", "unit": "g CO2e/kWh", "gwp_set": "ar6-t715", "scope": "life-cycle"},
            "comment": "compressors",
        },
        {
            "amount": {"value": "0.250", "unit": "kWh", "plus_minus": "0.010"},
            "connection": "direct",
            "instrument": "gec-only",
            "criteria_met": True,
            "removed_from_grid": False,
            "sold": False,
            "losses": "0.04",
            "factor": {
                "gases": [
                    {"gas": "CO2", "origin": "fossil", "mass": "30.0", "unit": "g/kWh"},
                    {"gas": "CH4", "origin": "fossil", "mass": "0.10 g CH4/kWh"},
                ],
                "source": "contract",
            },
        },
    ],
    "grids": [
        {
            "place": "CN",
            "year": "2024",
            "factors": {"national-average": "0.5777 kg CO2e/kWh"},
            "claimed": [{"share": "0.12", "factor": "0.03 kg CO2e/kWh"}],
            "generation": "0.50 kg CO2e/kWh",
            "upstream": {"co2e": "0.05 kg CO2e/kWh"},
            "losses": "0.05",
        }
    ],
    "joint_processes": [
        {
            "name": "crude unit",
            "product": "naphtha",
            "outputs": [{"name": "naphtha", "amount": "200 kg"}, {"name": "gasoil", "amount": "800 kg"}],
            "burden": "40 kg CO2e",
        },
        {
            "name": "cracker",
            "product": "ethylene",
            "burden": {"value": "120", "unit": "kg CO2e"},
            "key": "economic",
            "used": "1.02 kg",
            "outputs": [
                {
                    "name": "ethylene",
                    "amount": "0.030 t",
                    "group": "high-value-chemical",
                    "keys": {
                        "energy": "47.2 GJ/t",
                        "economic": "7200 CNY/t",
                        "economic:one-year": "7100 CNY/t",
                        "economic:three-years": "6800 CNY/t",
                        "mole": "35.6 mol/kg",
                    },
                },
                {
                    "name": "steam",
                    "amount": "100 kWh",
                    "waste": False,
                    "keys": {"economic": "0.30 CNY/kWh", "carbon": "0 kg C/MJ", "mass": "0.36 kg/MJ"},
                    "displaced": "0.25 kg CO2e/kWh",
                },
            ],
            "inputs": [{"process": "crude unit", "output": "naphtha", "amount": "0.100 t"}],
        },
    ],
    "recycling": [
        {
            "name": "aluminium",
            "mass": "300 g",
            "method": "cff",
            "recycled_content": "0.3",
            "recycled_output": "0.9",
            "energy_recovered": 0,
            "virgin": "10.0 kg CO2e/kg",
            "recycling": "2.0 kg CO2e/kg",
            "disposal": "0.1 t CO2e/t",
            "recycling_at_end": "2.1 kg CO2e/kg",
            "virgin_replaced": "9.0 kg CO2e/kg",
            "quality_in": "0.9",
            "quality_out": "0.8",
            "allocation": "0.2",
            "energy_allocation": 0,
            "open_loop": "0.5",
            "energy_recovery": "1.0 kg CO2e/kg",
            "heating_value": "30.0 MJ/kg",
            "heat_efficiency": "0.6",
            "power_efficiency": "0.2",
            "heat_displaced": "70 g CO2e/MJ",
            "power_displaced": "0.5 kg CO2e/kWh",
            "credit": "0.30 kg CO2e/kg",
        }
    ],
    "waste_to_energy": [
        {
            "mass": "0.10 kg",
            "side": "delivers",
            "method": "cut-off",
            "burning": "2.5 kg CO2e/kg",
            "energy": "8.0 MJ/kg",
            "displaced": "0.07 kg CO2e/MJ",
        }
    ],
    "mass_balance": [
        {
            "method": "credits",
            "conventional": "2.0 kg CO2e",
            "alternative": "0.50 kg CO2e/kg",
            "assigned": "1.0",
            "physical": "0.1",
            "certificate": "scheme 1",
        }
    ],
    "captured_carbon": [
        {
            "carbon_dioxide": "0.20 kg CO2",
            "fate": "used",
            "side": "takes",
            "counted": "credited",
            "gross": True,
            "process": "0.05 kg CO2e",
            "certificate": "scheme 2",
        }
    ],
    "factors": [
        {
            "name": "road transport",
            "amount": "12 tkm",
            "factor": "0.10 kg CO2e/tkm",
            "other": "0.08 kg CO2e/tkm",
        }
    ],
    "capital_goods_factors": [
        {
            "name": "steam",
            "amount": "5.0 MJ",
            "included": "0.081 kg CO2e/MJ",
            "excluded": "0.078 kg CO2e/MJ",
        }
    ],
    "primary_share": {
        "share": "0.50",
        "basis": "excluding-uptake",
        "uptake": "-0.3667 kg CO2e",
        "of_uptake": 0,
    },
    "installation": {
        "product": "urea",
        "streams": [
            {
                "name": "natural gas",
                "amount": "100.0 t",
                "factor": "56.1 t CO2/TJ",
                "heating_value": "48.0 GJ/t",
                "oxidation": 1,
                "biomass": 0,
            },
            {"name": "limestone", "amount": "10.0 t", "factor": "0.440 t CO2/t", "process": "urea"},
            {"name": "scrap", "amount": "-5.0 t", "carbon": "0.010 t C/t"},
            {"name": "stack", "amount": "0.20 t", "gas": "N2O"},
        ],
        "processes": [
            {
                "name": "ammonia",
                "activity_level": "570 t",
                "direct": "1100 t CO2e",
                "heat_out": "1.0 TJ",
                "heat_out_factor": "56.1 t CO2/TJ",
            },
            {
                "name": "urea",
                "goods": "3102.10",
                "complete": True,
                "activity_level": "1000 t",
                "direct": "500 t CO2",
                "heat_in": "1.0 TJ",
                "heat_in_factor": "56.1 t CO2/TJ",
                "waste_gas_in": "0.2 TJ",
                "waste_gas_in_factor": "100 t CO2/TJ",
                "waste_gas_out": "0.1 TJ",
                "waste_gas_out_factor": "100 t CO2/TJ",
                "electricity": "100 MWh",
                "electricity_factor": "0.5 t CO2/MWh",
                "electricity_out": "1 MWh",
                "electricity_out_factor": "0.5 t CO2/MWh",
                "precursors": [
                    {"name": "ammonia", "amount": "560 t", "process": "ammonia"},
                    {
                        "name": "bought ammonia",
                        "amount": "10 t",
                        "direct": "2.0 t CO2e/t",
                        "indirect": "0.1 t CO2e/t",
                        "default": True,
                        "goods": "2814.10",
                        "electricity": "0.80 MWh/t",
                        "exempt": False,
                    },
                ],
            },
        ],
    },
    "border_conditions": {
        "actual_values": True,
        "same_product_and_period": True,
        "no_credits": True,
        "biomass_zero_rated": True,
        "share_no_larger": False,
    },
}
LINES: dict[str, Any] = {
    "capital_goods": [
        {"name": "plant", "kind": "capital-goods", "burden": "1000 t CO2e", "lifetime_output": "50000 t"},
        {"kind": "overheads", "burden": "10 kg CO2e", "lifetime_output": "1000 kg"},
    ],
    "aircraft": [
        {"name": "PVG-FRA", "co2e": "0.110 kg CO2e", "co2": "0.100 kg CO2", "multiplier": "1.9"},
        {"co2e": "0.30 kg CO2e", "co2": "0.19 kg CO2", "multiplier": "1.9", "multiplied": True},
    ],
    "exclusions": [
        {"name": "catalyst", "mass": "1.0 g", "largest_factor": "20 kg CO2e/kg"},
        {"estimate": "0.010 kg CO2e"},
    ],
    "land_use_change": [
        {
            "name": "palm",
            "carbon_before": "110 t C/ha",
            "carbon_after": "10 t C/ha",
            "other_gases": "100 kg CO2e/ha",
            "period": "20 years",
            "since": "5 years",
            "yield": "3.0 t/ha/year",
            "allocation": "0.8",
            "mass": "10 g",
        }
    ],
    "credits": [{"name": "VCS 1", "kind": "offsets", "registry": "VCS", "deducted": "0.10 kg CO2e"}],
}
EVERYTHING: dict[str, Any] = {
    "crosswalk": "footprint/2",
    "declared_unit": {"amount": 2, "unit": "kg"},
    "regime": "GB/T 24067-2024",
    "total": "2.30",
    **ACTIVITY,
    **LINES,
}

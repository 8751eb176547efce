"""Read an export of CPCD, the China Products Carbon Footprint Factors Database.

The database may not be passed on: what is read here is the user's own file. It mixes boundaries and
mislabels rows, so each one passes the quarantine before any look-up sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from crosswalk.errors import CrosswalkError, InputError, UnknownNameError
from crosswalk.factors.names import find_place
from crosswalk.factors.quarantine import Quarantine
from crosswalk.factors.read import rows
from crosswalk.factors.records import Factor, FactorBase, FactorTable, RowFault
from crosswalk.factors.rows import Known
from crosswalk.factors.units import parse_ratio
from crosswalk.knowledge.records import Text
from crosswalk.messages import both

#: Columns of the export: code, name, boundary, footprint with its unit, year.
_CODE, _NAME, _BOUNDARY, _VALUE, _YEAR = COLUMNS = ("产品ID", "产品名称", "核算边界", "碳足迹", "数据年份")
_AMOUNT = re.compile(r"(?P<value>-?[0-9]+(\.[0-9]+)?)\s*(?P<unit>[A-Za-z]+CO2e\s*/.+)", re.ASCII)
_KIND = "product-carbon-footprint"


class Refusal(NamedTuple):
    """Why a row is not taken: the column, what is wrong and what to do."""

    column: str
    message: Text


def is_export(text: str) -> bool:
    """Whether a table is an export of the database: its header says so."""
    header = text.partition("\n")[0]
    return _CODE in header and _VALUE in header


def parse_export(text: str, shown: str, known: Known, base: FactorBase) -> FactorTable:
    """Return the factors of an export; rows in quarantine are faults, each with its reason.

    Raises ``InputError`` where a column is missing.
    """
    lines = list(rows(text, shown))
    header = lines[0][1]
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise InputError("cpcd-columns", where=shown, missing=", ".join(missing))
    checks = Quarantine(base, known.catalogue)
    factors: dict[str, Factor] = {}
    faults: list[RowFault] = []
    seen: set[tuple[str, ...]] = set()
    for number, cells in lines[1:]:
        row = dict(zip(header, cells, strict=False))
        # An export of several pages repeats rows whole: that is no fault.
        if not any(cells) or tuple(cells) in seen:
            continue
        seen.add(tuple(cells))
        made = _factor(row, shown, number, known)
        refusals = [made] if isinstance(made, Refusal) else list(_refusals(made, factors, checks))
        if isinstance(made, Factor) and not refusals:
            factors[made.code] = made
        faults += [
            RowFault(file=shown, row=number, column=one.column, message=one.message) for one in refusals
        ]
    return FactorTable(factors=tuple(factors.values()), faults=tuple(faults))


def _refusals(made: Factor, factors: dict[str, Factor], checks: Quarantine) -> Iterator[Refusal]:
    twin = factors.get(made.code)
    if twin is not None:
        yield Refusal(_CODE, both("factor-row.twice", name=made.code, other=twin.row))
        return
    columns = {"value": _VALUE, "unit": _VALUE}
    for column, message in checks.suspicions(made):
        yield Refusal(columns[column], message)


def _factor(row: dict[str, str], shown: str, number: int, known: Known) -> Factor | Refusal:
    code, name, year = (row.get(column, "").strip() for column in (_CODE, _NAME, _YEAR))
    amount = _AMOUNT.fullmatch(row.get(_VALUE, "").strip())
    if not code or not name:
        return Refusal(_CODE if not code else _NAME, both("factor-row.empty"))
    if not amount:
        return Refusal(_VALUE, both("factor-row.number", given=row.get(_VALUE, "")))
    if not re.fullmatch("(19|20)[0-9]{2}", year, re.ASCII):
        return Refusal(_YEAR, both("factor-row.year", given=year))
    boundary = _boundary(row.get(_BOUNDARY, "").strip(), known)
    if boundary not in known.kinds[_KIND].boundaries:
        return Refusal(_BOUNDARY, both("factor-row.quarantine-boundary", given=row.get(_BOUNDARY, "")))
    try:
        ratio = parse_ratio(amount["unit"], known.catalogue)
    except CrosswalkError:
        return Refusal(_VALUE, both("factor-row.quarantine-unit", given=row[_VALUE]))
    if ratio.per not in known.kinds[_KIND].denominators:
        return Refusal(_VALUE, both("factor-row.quarantine-unit", given=row[_VALUE]))
    subject, place = _place(name, known)
    return Factor(
        code=f"cpcd.{code}",
        kind=_KIND,
        subject=subject,
        label=Text(en=name, zh=name),
        place=place,
        year=int(year),
        value=amount["value"],
        unit=" ".join(amount["unit"].split()),
        **ratio._asdict(),
        gas=ratio.gas,
        gwp_set="unknown",
        boundary=boundary,
        method="published",
        series="CPCD-export",
        source="China Products Carbon Footprint Factors Database (CPCD), the user's export",
        clause=code,
        table=shown,
        row=number,
        rank=0,
    )


def _boundary(given: str, known: Known) -> str:
    return next((code for code, label in known.boundaries.items() if label.zh == given), "")


def _place(name: str, known: Known) -> tuple[str, str]:
    """Return subject and place: a name may end in a province, as in 热力-上海."""
    subject, dash, last = name.rpartition("-")
    if dash:
        try:
            code = find_place(last, known.places)
        except UnknownNameError:
            return name, "CN"
        if code.startswith("CN"):
            return subject, code
    return name, "CN"

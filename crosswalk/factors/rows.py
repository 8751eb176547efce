"""One row of a factor table, checked cell by cell and turned into a Factor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import NamedTuple, cast, get_args

from crosswalk.errors import CrosswalkError, UnknownNameError
from crosswalk.factors.names import find_place, near_places
from crosswalk.factors.records import Factor, Place, QuantityKind, RowFault
from crosswalk.factors.units import Ratio, parse_ratio
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.records import EvidenceClass, Text
from crosswalk.messages import both

#: The columns a table must have; the others may be left out. README.md in ontologies/factors has them all.
REQUIRED = ("code", "quantity_kind", "place", "year", "value", "unit", "source")
COLUMNS = (
    *("code", "quantity_kind", "subject", "label_en", "label_zh", "place", "year", "valid_from", "valid_to"),
    *("value", "low", "high", "bounds", "unit", "gas", "origin", "gwp_set", "boundary", "method", "series"),
    *("source", "clause_or_table", "url", "evidence", "licence", "default", "note_en", "note_zh"),
)
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?", re.ASCII)
_YEAR = re.compile(r"(19|20|21)[0-9]{2}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DEFAULT = {"": True, "yes": True, "true": True, "1": True, "是": True}
_DEFAULT |= {"no": False, "false": False, "0": False, "否": False}
_EVIDENCE: tuple[str, ...] = get_args(EvidenceClass)
#: So many words of a list are shown whole.
_FEW = 8
#: Longer numbers are no measurements, and would make exact arithmetic slow.
_LONGEST = 40


class Known(NamedTuple):
    """What a row may refer to."""

    catalogue: Catalogue
    places: Mapping[str, Place]
    kinds: Mapping[str, QuantityKind]
    boundaries: Mapping[str, Text]
    #: Places by the names met so far: a table of many rows repeats a few.
    met: dict[str, str]


class RowReader:
    """Reads one row; collects every fault instead of stopping at the first."""

    def __init__(self, cells: Mapping[str, str], file: str, row: int, known: Known) -> None:
        """Take the cells of the row by column name."""
        self.cells, self.file, self.row, self.known = cells, file, row, known
        self.faults: list[RowFault] = []

    def factor(self, series: str, rank: int) -> Factor | None:
        """Return the factor, or ``None`` where the row has a fault; ``series`` stands in for an empty one."""
        for column in REQUIRED:
            if not self.cell(column):
                self.fault(column, both("factor-row.empty"))
        kind = self.kind()
        ratio = self.ratio(kind)
        gas = self.gas(ratio)
        value, low, high = self.numbers(kind, ratio)
        valid_from, valid_to = self.period()
        label = Text(
            en=self.cell("label_en") or self.cell("code"), zh=self.cell("label_zh") or self.cell("label_en")
        )
        fields = {
            "place": self.place(),
            "year": self.year(),
            "boundary": self.boundary(kind),
            "origin": self.origin(gas),
            "gwp_set": self.gwp_set(gas),
            "evidence": cast(EvidenceClass, self.one_of("evidence", _EVIDENCE, "unknown")),
            "default": self.default(),
            "note": self.note(),
            "subject": self.subject(kind),
        }
        if self.faults or kind is None or ratio is None:
            return None
        return Factor(
            code=self.cell("code"),
            kind=kind.code,
            label=label if label.zh else Text(en=label.en, zh=label.en),
            value=value,
            low=low,
            high=high,
            bounds=self.cell("bounds"),
            unit=self.cell("unit"),
            **ratio._asdict(),
            gas=gas,
            valid_from=valid_from,
            valid_to=valid_to,
            method=self.cell("method"),
            series=self.cell("series") or series,
            source=self.cell("source"),
            clause=self.cell("clause_or_table") or "unknown",
            url=self.cell("url"),
            licence=self.cell("licence"),
            table=self.file,
            row=self.row,
            rank=rank,
            **fields,  # type: ignore[arg-type]  # names and types are those of the columns checked above
        )

    def cell(self, column: str) -> str:
        """Return a cell without blanks around it; a column left out is empty."""
        return (self.cells.get(column) or "").strip()

    def fault(self, column: str, message: Text) -> None:
        """Note a fault of this row."""
        self.faults.append(RowFault(file=self.file, row=self.row, column=column, message=message))

    def one_of(self, column: str, allowed: Iterable[str], empty: str) -> str:
        """Return a cell that must hold one word of a list."""
        given = self.cell(column) or empty
        words = list(allowed)
        if given not in words:
            named = [word for word in words if word]
            close = get_close_matches(given, named, n=3, cutoff=0.4) if len(named) > _FEW else []
            near = close or named[:_FEW]
            self.fault(column, both("factor-row.not-listed", given=given, near=", ".join(near)))
        return given

    def kind(self) -> QuantityKind | None:
        """Return the quantity kind."""
        given = self.cell("quantity_kind")
        found = self.known.kinds.get(given)
        if given and found is None:
            self.one_of("quantity_kind", self.known.kinds, "")
        return found

    def ratio(self, kind: QuantityKind | None) -> Ratio | None:
        """Return the unit; it must measure what the kind is."""
        given = self.cell("unit")
        if not given:
            return None
        try:
            ratio = parse_ratio(given, self.known.catalogue)
        except CrosswalkError as error:
            self.fault("unit", Text(en=error.message("en"), zh=error.message("zh")))
            return None
        if kind and (ratio.counts not in kind.numerators or ratio.per not in kind.denominators):
            wanted = f"{' | '.join(kind.numerators)} / {' | '.join(kind.denominators)}"
            self.fault("unit", both("factor-row.unit-kind", given=given, kind=kind.code, wanted=wanted))
        return ratio

    def gas(self, ratio: Ratio | None) -> str:
        """Return what is counted: the unit says it, and the column may not say otherwise."""
        given = self.cell("gas")
        counted = ratio.gas if ratio else given
        if ratio and given and given != counted:
            self.fault("gas", both("factor-row.gas", given=given, unit=self.cell("unit"), gas=counted or "–"))
        return counted

    def numbers(self, kind: QuantityKind | None, ratio: Ratio | None) -> tuple[str, str, str]:
        """Return value, low and high; the bounds bracket the value."""
        texts = tuple(self.number(column) for column in ("value", "low", "high"))
        value, low, high = (Fraction(text) if text else None for text in texts)
        if value is None:
            return cast(tuple[str, str, str], texts)
        if low is not None and low > value:
            self.fault("low", both("factor-row.low", low=texts[1], value=texts[0]))
        if high is not None and high < value:
            self.fault("high", both("factor-row.high", high=texts[2], value=texts[0]))
        if value < 0 and kind and kind.domain != "products":
            self.fault("value", both("factor-row.negative", given=texts[0]))
        if value > 1 and ratio and ratio.numerator == ratio.denominator and ratio.gas == "C":
            self.fault("value", both("factor-row.fraction", given=texts[0]))
        return cast(tuple[str, str, str], texts)

    def number(self, column: str) -> str:
        """Return a decimal as the cell spells it, or nothing."""
        given = self.cell(column)
        if given and (len(given) > _LONGEST or not _NUMBER.fullmatch(given)):
            self.fault(column, both("factor-row.number", given=given[:_LONGEST]))
            return ""
        return given

    def year(self) -> int:
        """Return the year."""
        given = self.cell("year")
        if not given or _YEAR.fullmatch(given):
            return int(given or 0)
        self.fault("year", both("factor-row.year", given=given))
        return 0

    def period(self) -> tuple[str, str]:
        """Return the first and the last day on which the factor may be used, where they are given."""
        days = []
        for column in ("valid_from", "valid_to"):
            given = self.cell(column)
            try:
                if given and (not _DATE.fullmatch(given) or not date.fromisoformat(given)):
                    raise ValueError(given)
            except ValueError:
                self.fault(column, both("factor-row.date", given=given))
            days.append(given)
        if all(days) and days[0] > days[1]:
            self.fault("valid_to", both("factor-row.period", first=days[0], last=days[1]))
        return days[0], days[1]

    def place(self) -> str:
        """Return the code of the place."""
        given = self.cell("place")
        if not given:
            return ""
        try:
            if given not in self.known.met:
                self.known.met[given] = find_place(given, self.known.places)
            return self.known.met[given]
        except UnknownNameError:
            near = ", ".join(near_places(given, self.known.places))
            self.fault("place", both("factor-row.place", given=given, near=near))
            return ""

    def subject(self, kind: QuantityKind | None) -> str:
        """Return what the factor is of; the kind may have one that is meant where none is named."""
        given = self.cell("subject") or (kind.subject if kind else "")
        if not given and kind:
            self.fault("subject", both("factor-row.subject", kind=kind.code))
        return given

    def boundary(self, kind: QuantityKind | None) -> str:
        """Return the boundary; a kind that permits one only need not be told."""
        if kind is None:
            return self.cell("boundary")
        only = kind.boundaries[0] if len(kind.boundaries) == 1 else ""
        if not self.cell("boundary") and not only:
            self.fault("boundary", both("factor-row.boundary", known=", ".join(kind.boundaries)))
            return ""
        return self.one_of("boundary", kind.boundaries, only)

    def origin(self, gas: str) -> str:
        """Return the origin of the gas: methane must say it, or say that it is not known."""
        given = self.cell("origin")
        if not given and gas == "CH4":
            self.fault("origin", both("factor-row.origin"))
        return self.one_of("origin", ["", "unknown", *self.known.catalogue.origins], "")

    def gwp_set(self, gas: str) -> str:
        """Return the GWP set: of CO2e always, if only as unknown; of a mass of gas never."""
        given = self.cell("gwp_set")
        if gas == "CO2e":
            return self.one_of("gwp_set", ["unknown", *self.known.catalogue.gwp_sets], "unknown")
        if given:
            self.fault("gwp_set", both("factor-row.gwp-set", given=given))
        return ""

    def default(self) -> bool:
        """Return whether look-ups use the row unasked."""
        given = self.cell("default").lower()
        if given not in _DEFAULT:
            self.fault("default", both("factor-row.default", given=given))
        return _DEFAULT.get(given, False)

    def note(self) -> Text | None:
        """Return the note; what stands in one language only serves for both."""
        en, zh = self.cell("note_en"), self.cell("note_zh")
        return Text(en=en or zh, zh=zh or en) if en or zh else None

"""What the factor tables hold, as frozen records: plain data that knows no file and no RDF."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from crosswalk.knowledge.records import FIRM, EvidenceClass, Record, Text

if TYPE_CHECKING:
    import pandas as pd


class Place(Record):
    """A place of factors; ``broader`` says from where one may be borrowed when it has none of its own."""

    code: str
    label: Text
    names: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()


class QuantityKind(Record):
    """What a factor is. A look-up for one kind is never answered with another.

    ``numerators`` and ``denominators`` are the dimensions its unit may have; ``subject`` is what is
    meant where none is named.
    """

    code: str
    domain: str
    short: str
    label: Text
    definition: Text
    numerators: tuple[str, ...]
    denominators: tuple[str, ...]
    boundaries: tuple[str, ...]
    subject: str = ""


class Factor(Record):
    """One row of a factor table, checked.

    ``value``, ``low`` and ``high`` are decimal strings as the table spells them, in ``unit``;
    ``numerator`` and ``denominator`` are unit codes of the closed list, ``counts`` and ``per`` what they
    measure. ``gas`` is what the numerator counts (``CO2``, ``CO2e``, ``CH4``, ``C``, ...), empty for an
    amount of energy. ``gwp_set`` is empty unless ``gas`` is ``CO2e``. A row that is not ``default`` is
    left out of look-ups that do not ask for weak ones. ``rank`` 0 is a table a user brought.
    """

    code: str
    kind: str
    subject: str
    label: Text
    place: str
    year: int
    value: str
    unit: str
    numerator: str
    denominator: str
    counts: str
    per: str
    gas: str = ""
    origin: str = ""
    gwp_set: str = ""
    boundary: str = "unknown"
    low: str = ""
    high: str = ""
    bounds: str = ""
    valid_from: str = ""
    valid_to: str = ""
    method: str = ""
    series: str = ""
    source: str = ""
    clause: str = "unknown"
    url: str = ""
    evidence: EvidenceClass = "unknown"
    licence: str = ""
    default: bool = True
    note: Text | None = None
    table: str = ""
    row: int = 0
    rank: int = 1

    @property
    def number(self) -> Fraction:
        """The exact value, in ``unit``."""
        return Fraction(self.value)

    @property
    def key(self) -> tuple[str | int, ...]:
        """What tells two rows apart: the same key twice is a fault."""
        return (
            self.kind,
            self.subject,
            self.place,
            self.year,
            self.boundary,
            self.gas,
            self.origin,
            self.series,
            self.per,
        )

    @property
    def firm(self) -> bool:
        """Whether the value was read, in the source or a secondary one."""
        return self.evidence in FIRM


class RowFault(Record):
    """One fault of a table: file, row (the header is 1), column, what is wrong and what to do.

    ``lost`` says whether the row was left out because of it.
    """

    file: str
    row: int
    column: str
    message: Text
    lost: bool = True

    def show(self, lang: str = "en") -> str:
        """Return the fault as one line: ``file:row: column: what is wrong; what to do``.

        >>> RowFault(file="a.csv", row=3, column="value", message=Text(en="is empty", zh="为空")).show()
        'a.csv:3: value: is empty'
        """
        return f"{self.file}:{self.row}: {self.column}: {self.message.get(lang)}"


class FactorTable(Record):
    """What came of reading a table: the factors, and the faults that cost the other rows."""

    factors: tuple[Factor, ...]
    faults: tuple[RowFault, ...] = ()


class FactorBase(Record):
    """All factors at hand with the places and kinds they use; codes in the order of the tables."""

    factors: tuple[Factor, ...]
    faults: tuple[RowFault, ...]
    places: dict[str, Place]
    kinds: dict[str, QuantityKind]
    boundaries: dict[str, Text]
    version: str
    hash: str

    def to_frame(self) -> pd.DataFrame:
        """Return the factors as a data frame, one row a factor; ``number`` is the value as a float."""
        import pandas as pd

        plain = [
            {
                **{
                    name: getattr(one, name)
                    for name in one.__struct_fields__
                    if name not in ("label", "note")
                },
                "number": float(one.number),
                "label_en": one.label.en,
                "label_zh": one.label.zh,
            }
            for one in self.factors
        ]
        return pd.DataFrame(plain)

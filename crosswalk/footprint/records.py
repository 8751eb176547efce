"""What a user brings: a footprint, as disclosed, before any regime is applied to it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import msgspec

from crosswalk.footprint.activity import Activity
from crosswalk.footprint.properties import Property
from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.catalogue import Balance, Basis, Selection
from crosswalk.knowledge.records import Record

#: Rank of what is no total among the disclosures of a file.
_LAST = 1_000
#: Amounts with more decimals than this are shown as fractions.
_PLACES = 20


class Disclosure(Record):
    """One number a report states, as a linear equation on the cells of its inventory.

    ``name`` is the field's own name, ``path`` its place in the file, ``field`` the code of the
    catalogue field it came through. The weighted sum over ``on`` (or over one of ``readings``, where
    the field can be read in several ways) equals ``quantity`` times ``scale``; the weights are those
    of the study's method with the options of ``under`` put in its place, or 1 where ``basis`` is a mass.
    Where the study's own option in a dimension leaves out all of ``on``, that of ``beside`` takes its place,
    unless the number is exactly nothing.
    A ``balance`` adds further masses to the sum, each with a coefficient.
    With a ``limit`` the sum is only known to be at ``most`` or at ``least`` that, which is no rounding.
    Values are per declared unit as the file states it.
    """

    name: str
    path: str
    field: str
    on: Selection
    quantity: Quantity
    basis: Basis = "co2e"
    scale: Fraction = Fraction(1)
    under: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    balance: Balance | None = None
    readings: tuple[Selection, ...] = ()
    headline: int = 0
    limit: Literal["most", "least"] | None = None


class Absence(Record):
    """A statement that cells are zero: ``path`` says where it stands."""

    name: str
    path: str
    on: Selection


class DeclaredUnit(Record):
    """What one footprint value refers to: ``amount`` of ``unit`` (a code of our closed list).

    ``mass`` is the mass of all of it, in kg, with the rounding of the number the file gives; ``mass_path``
    is where the file states it, or would.

    >>> str(DeclaredUnit(Fraction(5, 2), "kilogram")), str(DeclaredUnit(Fraction(1), "cubic metre"))
    ('2.5 kg', 'm³')
    """

    amount: Fraction
    unit: str
    mass: Quantity | None = None
    mass_path: str = ""

    @property
    def mass_kg(self) -> Fraction | None:
        """The mass as a number, in kg."""
        return None if self.mass is None else self.mass.value

    def __str__(self) -> str:
        from crosswalk.footprint.units import label

        return label(self.unit) if self.amount == 1 else f"{_plain(self.amount)} {label(self.unit)}"


def _plain(number: Fraction) -> str:
    """Return a number as a decimal where it is one, else as a fraction."""
    places = next((p for p in range(_PLACES) if 10**p % number.denominator == 0), None)
    return str(number) if places is None else f"{Decimal(int(number * 10**places)).scaleb(-places):f}"


class Footprint(Record):
    """A product footprint as disclosed.

    ``regime`` is the code of the regime it is stated under, or ``None`` where the file names none we
    know. ``standards`` are all standards the file names, resolved or not. ``method`` gives, per
    dimension, the options the study states; several mean that the statement is ambiguous.
    ``goods`` is the customs code of the product, where the file gives one, and ``activity`` what lies
    behind the numbers, where it gives that (see ``footprint.activity``). ``properties`` are those of the
    product that take a value from one unit to another of a different kind.
    ``mixed`` are dimensions in which the study used several of its options side by side.
    ``complete``, where set, covers the cells in which every gas mass the study looked at is
    listed. ``exempted`` is the share of emissions left out under a cut-off. ``unused`` lists what was
    read and kept but means nothing to the engine, with the likeliest intended field where there is
    one; ``raw`` is the payload.

    ``disclosures`` are kept in one order, totals first and then by path, and so are ``method`` and
    ``absences``: no answer may depend on the order in which a file says things.
    """

    source: str
    format: str
    id: str
    product: str
    declared_unit: DeclaredUnit
    regime: str | None
    standards: tuple[str, ...]
    method: dict[str, tuple[str, ...]]
    disclosures: tuple[Disclosure, ...]
    absences: tuple[Absence, ...] = ()
    complete: Selection | None = None
    mixed: tuple[str, ...] = ()
    exempted: Quantity | None = None
    unused: tuple[UnusedField, ...] = ()
    notes: tuple[Note, ...] = ()
    facts: dict[str, str] = msgspec.field(default_factory=dict)
    activity: Activity | None = None
    properties: tuple[Property, ...] = ()
    goods: str | None = None
    raw: Any = msgspec.field(default=None)

    def __post_init__(self) -> None:
        disclosures = sorted(self.disclosures, key=lambda d: (d.headline or _LAST, d.path, d.name))
        msgspec.structs.force_setattr(self, "disclosures", tuple(disclosures))
        msgspec.structs.force_setattr(self, "method", dict(sorted(self.method.items())))
        absences = sorted(self.absences, key=lambda absence: absence.path)
        msgspec.structs.force_setattr(self, "absences", tuple(absences))


class UnusedField(Record):
    """A field that was read and kept but not used; ``likely`` is the field it may be meant as."""

    path: str
    likely: str | None = None


class Note(Record):
    """Something a reader noticed, as a message code with its values (see ``messages.toml``)."""

    code: str
    values: dict[str, str] = msgspec.field(default_factory=dict)

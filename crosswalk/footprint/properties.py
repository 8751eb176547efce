"""Properties that say how much of one thing there is in another: density, heating value, content.

With one of them a value per one unit becomes a value per another unit of a different kind. They are read
from the file and never assumed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from crosswalk.footprint.quantity import Quantity
from crosswalk.knowledge.records import Record

#: What measures a constituent (``mass of nitrogen``) begins like this.
PART = "mass of "


class Kind(NamedTuple):
    """What a property is a quotient of, in dimensions, and how its unit is written.

    The content of a constituent has no ``of``: any mass of a part will do.
    """

    of: str
    per: tuple[str, ...]
    written: tuple[str, ...]


#: The properties a file may state, by the key they stand under.
KINDS = {
    "density": Kind("mass", ("volume",), ("kg/m3",)),
    "net_calorific_value": Kind("energy", ("mass", "volume"), ("MJ/kg", "MJ/m3")),
    "molar_mass": Kind("mass", ("amount of substance",), ("g/mol",)),
    "mass_per_area": Kind("mass", ("area",), ("kg/m2",)),
    "mass_per_piece": Kind("mass", ("count",), ("kg/piece",)),
    "content": Kind("", ("mass",), ("kg/kg",)),
}


class Property(Record):
    """So much ``unit`` of one thing there is in ``count`` of ``per`` of another (both are codes of units).

    ``kind`` is a key of ``KINDS``, or ``mass`` for the mass of the declared unit. ``text`` is the number
    with its unit as the file has it, ``source`` where the file says it is from, ``comment`` what else it
    says (the temperature a density is at, say). The number is above zero with all its rounding.
    """

    kind: str
    path: str
    text: str
    amount: Quantity
    unit: str
    per: str
    count: Fraction = Fraction(1)
    source: str = ""
    comment: str = ""

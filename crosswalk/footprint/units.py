"""Units: a closed list read from the knowledge; conversions are exact and stay inside one dimension.

A spelling that is not on the list is refused, and so is one that means different things to different
people (``ton``, ``bbl``). CO2 equivalent is a dimension of its own: kg CO2e never turns into kg.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from crosswalk.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from crosswalk.knowledge.catalogue import Catalogue, Unit

_PER = re.compile(r"\s*/\s*|\s+per\s+|\s*每\s*")
#: What amounts of a kind are kept in; of any other kind, the unit whose code comes first.
_MAIN = {"mass": "kilogram", "energy": "megajoule", "CO2 equivalent": "kilogram CO2e"}
_spellings: tuple[Catalogue | None, dict[str, list[Unit]]] = (None, {})


def parse_unit(text: str, catalogue: Catalogue | None = None) -> str:
    """Return the code of the unit ``text`` spells, in English, Chinese, UCUM or a format's own words.

    Raises ``InputError`` for a spelling that is a trap and ``UnknownNameError`` for any other that is
    not on the list; both say what to write instead.

    >>> parse_unit("liter"), parse_unit("千瓦时"), parse_unit("m³"), parse_unit("ton kilometer")
    ('litre', 'kilowatt hour', 'cubic metre', 'tonne kilometre')
    """
    table = _table(_known(catalogue))
    squeezed = _squeeze(text)
    # Case tells units apart (MJ is not mJ), so a spelling that matches as written wins.
    found = table.get(squeezed) or table.get(squeezed.casefold()) or []
    if len(found) == 1 and not found[0].trap:
        return found[0].code
    if found:
        raise InputError("unit-trap", name=text, meaning=found[0].label)
    from difflib import get_close_matches

    near = get_close_matches(squeezed.casefold(), sorted(table), n=3, cutoff=0.7)
    codes = list(dict.fromkeys(unit.code for name in near for unit in table[name] if not unit.trap))
    raise UnknownNameError(
        "unit-unknown", name=text, near=", ".join(codes) or "kg, t, L, m3, kWh, MJ, tkm, m2"
    )


def split(text: str) -> list[str]:
    """Return the parts of a unit per another one, as spelled.

    >>> split("kg CO2e/kWh"), split("t C per ha"), split("kg")
    (['kg CO2e', 'kWh'], ['t C', 'ha'], ['kg'])
    """
    return _PER.split(text.strip())


def label(code: str, lang: str = "en", catalogue: Catalogue | None = None) -> str:
    """Return how a unit is written for people.

    >>> label("litre"), label("litre", "zh")
    ('L', '升')
    """
    return _unit(code, catalogue).label.get(lang)


def dimension(code: str, catalogue: Catalogue | None = None) -> str:
    """Return what a unit measures.

    >>> dimension("tonne"), dimension("tonne CO2e")
    ('mass', 'CO2 equivalent')
    """
    return _unit(code, catalogue).dimension


def factor(given: str, wanted: str, catalogue: Catalogue | None = None) -> Fraction:
    """Return the exact factor that turns an amount in ``given`` into ``wanted`` (both are codes).

    Call it once for a whole column. Raises ``InputError`` where the two measure different things.

    >>> factor("tonne", "kilogram"), factor("kilowatt hour", "megajoule")
    (Fraction(1000, 1), Fraction(18, 5))
    """
    one, other = _unit(given, catalogue), _unit(wanted, catalogue)
    if one.code == other.code:
        return Fraction(1)
    if one.dimension != other.dimension:
        raise InputError("unit-dimension", given=one.label, wanted=other.label)
    return _in_base(one.expression) / _in_base(other.expression)


def main(code: str, catalogue: Catalogue | None = None) -> str:
    """Return the unit of the same kind that amounts of it are kept in.

    >>> main("gram"), main("kilowatt hour"), main("litre"), main("gram nitrogen")
    ('kilogram', 'megajoule', 'cubic metre', 'kilogram nitrogen')
    """
    kind = dimension(code, catalogue)
    if kind in _MAIN:
        return _MAIN[kind]
    # A constituent is weighed in kilograms, as everything else is.
    alike = (unit for unit in _known(catalogue).units.values() if unit.dimension == kind)
    return min(alike, key=lambda unit: (unit.expression != "kilogram", unit.code)).code


def dimensions_of(expression: str) -> str | None:
    """Return what an expression measures, in dimensions of pint; ``None`` where it cannot be read.

    >>> dimensions_of("1000 * kilogram"), dimensions_of("kilogram / fortnight ("), dimensions_of("stoone")
    ('[mass] ** 1', None, None)
    """
    from tokenize import TokenError

    from pint.errors import PintError

    try:
        unit = _split(expression)[1]
        found = _registry().Quantity(Fraction(1), unit).dimensionality
        return " * ".join(f"{name} ** {power}" for name, power in sorted(found.items()))
    # Whatever stands there, pint's parser may end in any of these.
    except (PintError, TokenError, AttributeError, SyntaxError, TypeError, ValueError, KeyError):
        return None


def _known(catalogue: Catalogue | None) -> Catalogue:
    if catalogue is not None:
        return catalogue
    from crosswalk.knowledge.load import load

    return load()


def _unit(code: str, catalogue: Catalogue | None) -> Unit:
    units = _known(catalogue).units
    if code not in units or units[code].trap:
        raise UnknownNameError(
            "unit-unknown", name=code, near=", ".join(c for c, u in units.items() if not u.trap)
        )
    return units[code]


def _squeeze(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _table(catalogue: Catalogue) -> dict[str, list[Unit]]:
    """Spellings as written, and folded where folding brings no two units together."""
    global _spellings
    if _spellings[0] is catalogue:
        return _spellings[1]
    exact: dict[str, list[Unit]] = {}
    folded: dict[str, list[Unit]] = {}
    for unit in catalogue.units.values():
        for spelling in sorted({_squeeze(one) for one in (unit.code, *unit.spellings)}):
            exact.setdefault(spelling, []).append(unit)
            if unit not in folded.setdefault(spelling.casefold(), []):
                folded[spelling.casefold()].append(unit)
    table = {**folded, **exact}
    _spellings = (catalogue, table)
    return table


@cache
def _registry() -> Any:
    import pint

    # Fractions all the way, so that factors are exact; CO2e and pieces are dimensions of their own.
    registry: Any = pint.UnitRegistry(non_int_type=Fraction)
    registry.define("piece = [count]")
    registry.define("kilogram_co2e = [co2_equivalent]")
    return registry


@cache
def _in_base(expression: str) -> Fraction:
    scale, unit = _split(expression)
    in_base = _registry().Quantity(Fraction(scale), unit).to_root_units()
    return Fraction(in_base.magnitude)


def _split(expression: str) -> tuple[str, str]:
    """Return the leading factor, if any, and the units behind it."""
    scale, star, unit = expression.partition(" * ")
    return (scale, unit) if star and scale.replace(".", "", 1).isdigit() else ("1", expression)

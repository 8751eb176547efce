"""Columns of a claims table, from how people write them to what rules compare.

Every reader takes a whole column and returns it typed, with a mask of the values that cannot be read. What
is empty is not stated. Nothing is guessed: of a day only forms with the year first are read, of a number only
plain digits (with an exponent or without), of a share a percentage or a number from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from crosswalk.footprint.names import normalise

if TYPE_CHECKING:
    from crosswalk.knowledge.recognition import ClaimField, Kind

#: What a typed column holds, by the kind of its field.
DTYPES: dict[Kind, pl.DataType] = {
    "text": pl.String(),
    "word": pl.String(),
    "list": pl.List(pl.String()),
    "decimal": pl.Float64(),
    "share": pl.Float64(),
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
}


def dtype(field: ClaimField) -> pl.DataType:
    """Return what the typed column of a field holds: of a closed list, its words."""
    if field.kind == "word" and field.values:
        return pl.Enum(list(field.values))
    return DTYPES[field.kind]


#: Longer than any word or name; what is longer is not looked up.
_LONG = 300
_NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"
_PERCENT = r"^\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)\s?%$"
_INTEGER = r"^[+-]?[0-9]{1,18}(?:\.0*)?$"
_DAY = (
    r"^([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月)([0-9]{1,2})日?"
    r"(?:[T ][0-9]{2}:[0-9]{2}.*)?$"
)
_TRUE, _FALSE = ("true", "yes", "是", "1"), ("false", "no", "否", "0")

#: Returns the codes of distinct spellings, ``None`` for one that is not known.
Resolve = Callable[[str], "str | None"]


class Column(NamedTuple):
    """A typed column; ``wrong`` marks the values that could not be read (``None``: there are none)."""

    values: pl.Series
    wrong: pl.Series | None = None


def read(column: pl.Series, field: ClaimField, resolve: Resolve | None = None) -> Column:
    """Return a column as its field has it.

    ``resolve`` gives the code of a spelling; a spelling without one is wrong where the field has a closed
    list of words, and stays as it is written elsewhere.

    >>> from crosswalk.knowledge.recognition import ClaimField
    >>> from crosswalk.knowledge.records import Text
    >>> share = ClaimField(code="s", iri="", label=Text(en="", zh=""), kind="share")
    >>> found = read(pl.Series(["5%", "0.05", "5", ""]), share)
    >>> found.values.to_list(), found.wrong.to_list()
    ([0.05, 0.05, None, None], [False, False, True, False])
    """
    if column.dtype == pl.Null:
        return Column(column.cast(DTYPES[field.kind]))
    if column.dtype in (pl.Categorical, pl.Enum):
        column = column.cast(pl.String)
    if field.kind == "list":
        return _list(column, field, resolve)
    if column.dtype == pl.String:
        # Most columns are written in the plainest way: only the others are gone through with care.
        plain = _plain(column, field)
        if plain is not None and plain.null_count() == column.null_count():
            return Column(plain)
        column = _stripped(column)
    if field.kind in ("text", "word"):
        return _words(column, field, resolve)
    return _checked(column, _READERS[field.kind](column))


def _plain(column: pl.Series, field: ClaimField) -> pl.Series | None:
    """Return a column of strings typed where each is in the plainest form; null, or ``None``, where not."""
    v = pl.col("v")
    if field.kind in ("decimal", "share"):
        numbers = _finite(column.cast(pl.Float64, strict=False))
        return numbers if field.kind == "decimal" else _within(numbers)
    if field.kind == "integer":
        return column.cast(pl.Int64, strict=False)
    if field.kind == "date":
        # The parser also reads years of two digits, and signs.
        day = pl.when((v.str.len_bytes() == 10) & (v.str.slice(4, 1) == "-")).then(v)
        read_as = day.str.to_date("%Y-%m-%d", strict=False)
        return _computed(column, pl.when(read_as.dt.year() >= 1000).then(read_as))
    if field.kind == "boolean":
        return column == "true" if _all_among(column, ("true", "false")) else None
    return column.cast(dtype(field), strict=False) if field.values else None


def spellings(field: ClaimField) -> dict[str, str]:
    """Return the codes of a closed list by spelling: code, label in either language, whatever the case."""
    found: dict[str, set[str]] = {}
    for code, label in field.values.items():
        for spelling in (label.en, label.zh):
            found.setdefault(normalise(spelling), set()).add(code)
    # A word is itself, whatever else is called so; a label that two words share is neither.
    words = {spelling: codes.pop() for spelling, codes in found.items() if len(codes) == 1}
    return words | {normalise(code): code for code in field.values}


def _stripped(column: pl.Series) -> pl.Series:
    made = column.str.strip_chars()
    return made.set(made == "", None) if (made == "").any() else made


def _checked(given: pl.Series, values: pl.Series) -> Column:
    """Whatever was stated and did not come out is wrong."""
    if values.null_count() == given.null_count():
        return Column(values)
    missing = given.is_nan() | given.is_null() if given.dtype.is_float() else given.is_null()
    wrong = values.is_null() & ~missing
    return Column(values, wrong if wrong.any() else None)


def _nothing(column: pl.Series, dtype: pl.DataType) -> pl.Series:
    return pl.Series(column.name, [None], dtype=dtype).new_from_index(0, len(column))


def _computed(column: pl.Series, made: pl.Expr) -> pl.Series:
    """Return what an expression of the column ``v`` makes of a column."""
    return column.alias("v").to_frame().select(made.alias(column.name)).to_series()


def _decimals(column: pl.Series) -> pl.Series:
    if column.dtype == pl.String:
        v = pl.col("v")
        column = _computed(column, pl.when(v.str.contains(_NUMBER)).then(v).cast(pl.Float64, strict=False))
    elif column.dtype == pl.Float32:
        # The shortest decimal that stands for it, not its neighbour in twice the digits.
        column = column.cast(pl.String).cast(pl.Float64)
    elif column.dtype.is_numeric():
        column = column.cast(pl.Float64)
    else:
        return _nothing(column, pl.Float64())
    return _finite(column)


def _finite(numbers: pl.Series) -> pl.Series:
    finite = numbers.is_finite()
    return numbers if finite.all() else numbers.set(~finite, None)


def _within(shares: pl.Series) -> pl.Series:
    outside = (shares < 0) | (shares > 1)
    return shares.set(outside, None) if outside.any() else shares


def _shares(column: pl.Series) -> pl.Series:
    percent = None
    if column.dtype == pl.String:
        v = pl.col("v").str.replace("％", "%", literal=True)
        # A decimal shifted by its exponent is read once, and so rounded once.
        digits = v.str.strip_chars_end("% ") + "e-2"
        percent = _computed(
            column, pl.when(v.str.contains(_PERCENT)).then(digits).cast(pl.Float64, strict=False)
        )
    plain = _within(_decimals(column))
    if percent is None or percent.null_count() == len(percent):
        return plain
    return plain.zip_with(plain.is_not_null(), percent)


def _integers(column: pl.Series) -> pl.Series:
    if column.dtype == pl.String:
        v = pl.col("v")
        whole = pl.when(v.str.contains(_INTEGER)).then(v.str.replace(r"\.0*$", ""))
        return _computed(column, whole.str.strip_prefix("+").cast(pl.Int64, strict=False))
    if column.dtype.is_integer():
        return column.cast(pl.Int64, strict=False)
    if column.dtype.is_numeric():
        numbers = column.cast(pl.Float64)
        exact = (numbers == numbers.floor()) & (numbers.abs() < 2**53)
        return numbers.set(~exact, None).cast(pl.Int64, strict=False)
    return _nothing(column, pl.Int64())


def _booleans(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Boolean:
        return column
    if column.dtype == pl.String or column.dtype.is_integer():
        v = pl.col("v").cast(pl.String).str.to_lowercase()
        told = pl.when(v.is_in(_TRUE)).then(True).when(v.is_in(_FALSE)).then(False)
        return _computed(column, told)
    return _nothing(column, pl.Boolean())


def _dates(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Date:
        return column
    if column.dtype == pl.Datetime:
        return column.cast(pl.Date)
    if column.dtype != pl.String:
        return _nothing(column, pl.Date())
    parts = pl.col("v").str.extract_groups(_DAY).struct
    month = pl.coalesce([parts.field(str(place)) for place in (2, 3, 4, 5)])
    spelt = pl.concat_str(
        [parts.field("1"), month.str.zfill(2), parts.field("6").str.zfill(2)], separator="-"
    )
    return _computed(column, spelt.str.to_date("%Y-%m-%d", strict=False))


_READERS: dict[str, Callable[[pl.Series], pl.Series]] = {
    "decimal": _decimals,
    "share": _shares,
    "integer": _integers,
    "boolean": _booleans,
    "date": _dates,
}


def _words(column: pl.Series, field: ClaimField, resolve: Resolve | None) -> Column:
    if column.dtype != pl.String:
        if column.dtype.is_nested() or column.dtype == pl.Binary or column.dtype == pl.Object:
            return _checked(column, _nothing(column, pl.String()))
        column = column.cast(pl.String)
    if resolve is None:
        return Column(column)
    distinct = column.drop_nulls().unique()
    codes = _codes(distinct, resolve, closed=bool(field.values))
    if _as_written(codes, distinct):
        return Column(column)
    return _checked(column, _replaced(column, codes))


def _all_among(column: pl.Series, words: Iterable[str]) -> bool:
    """Whether every value is such a word as it stands; comparing is faster than looking up."""
    known = None
    for word in words:
        same = column == word
        known = same if known is None else known | same
    return known is not None and bool(known.all())


def _codes(distinct: pl.Series, resolve: Resolve, *, closed: bool) -> dict[str, str]:
    found = {}
    for spelling in distinct.to_list():
        code = resolve(spelling) if len(spelling) <= _LONG else None
        if code is not None or not closed:
            found[spelling] = spelling if code is None else code
    return found


def _as_written(codes: Mapping[str, str], distinct: pl.Series) -> bool:
    return len(codes) == len(distinct) and all(spelling == code for spelling, code in codes.items())


def _replaced(column: pl.Series, codes: Mapping[str, str]) -> pl.Series:
    if not codes:
        return _nothing(column, pl.String())
    return column.replace_strict(list(codes), list(codes.values()), default=None, return_dtype=pl.String)


def _list(column: pl.Series, field: ClaimField, resolve: Resolve | None) -> Column:
    if column.dtype == pl.String:
        known = column.unique(maintain_order=True)
        if 2 * len(known) < len(column):
            # Lists are written in few ways: each is taken apart once.
            found = _list(known, field, resolve)
            places = column.replace_strict(known, pl.Series(range(len(known)), dtype=pl.UInt32))
            wrong = None if found.wrong is None else found.wrong.gather(places)
            return Column(found.values.gather(places), wrong)
        parts = column.str.replace_all("；", ";", literal=True).str.split(";")
    elif isinstance(column.dtype, pl.List) and not column.dtype.inner.is_nested():
        parts = column.cast(pl.List(pl.String))
    elif column.dtype.is_nested() or column.dtype == pl.Object:
        return _checked(column, _nothing(column, DTYPES["list"]))
    else:
        parts = column.cast(pl.String).reshape((-1, 1)).arr.to_list()
    element = pl.element().str.strip_chars()
    listed = parts.list.eval(element.filter(element != ""))
    listed = _unless_empty(listed)
    if resolve is None:
        return Column(listed)
    distinct = listed.explode().drop_nulls().unique()
    codes = _codes(distinct, resolve, closed=bool(field.values))
    if _as_written(codes, distinct):
        return Column(listed)
    made = pl.element().replace_strict(
        list(codes), list(codes.values()), default=None, return_dtype=pl.String
    )
    known = listed.list.eval(made) if codes else listed.list.eval(pl.lit(None, pl.String))
    unknown = known.list.eval(pl.element().is_null()).list.any().fill_null(False)
    table = pl.DataFrame({"v": known, "w": unknown})
    values = table.select(pl.when(~pl.col("w")).then(pl.col("v"))).to_series().alias(column.name)
    return Column(values, unknown if unknown.any() else None)


def _unless_empty(listed: pl.Series) -> pl.Series:
    table = listed.alias("v").to_frame()
    return table.select(pl.when(pl.col("v").list.len() > 0).then(pl.col("v")).alias(listed.name)).to_series()

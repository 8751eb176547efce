"""The schema of a claim, and a table of claims as people write them made one that rules can be put to."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from crosswalk.errors import InputError
from crosswalk.footprint.names import find, normalise
from crosswalk.messages import both, say

if TYPE_CHECKING:
    import polars as pl

    from crosswalk.knowledge.catalogue import Catalogue
    from crosswalk.knowledge.recognition import ClaimField, Recognition
    from crosswalk.knowledge.records import Text
    from crosswalk.recognition.values import Column, Resolve

#: Columns of a footprint table that a claims table may have besides; the numeric leg reads them.
FOOTPRINT = ("total", "declared_unit", "lines.", "stages.", "carbon.", "gases.", "method.")
#: The number of a row among those given.
ROW = "row"
#: What a row that cannot be read comes to, column by column.
ERROR_COLUMNS = (ROW, "field", "code", "value", "reason")
#: More hints than anybody reads; each is a search through all names.
_HINTS = 20
_SHOWN = 200


class Unread(NamedTuple):
    """A column that means nothing here, and the field it was likeliest meant to be."""

    column: str
    near: str | None

    def text(self) -> Text:
        """Return it as a sentence."""
        if self.near is None:
            return both("claims.unread", column=self.column)
        return both("claims.unread-near", column=self.column, near=self.near)


@dataclass(frozen=True)
class Schema:
    """What a claim may state: its fields by name of column, without those that are worked out.

    ``bodies`` are the codes of bodies and schemes by spelling, normalised.
    """

    fields: Mapping[str, ClaimField]
    bodies: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, recognition: Recognition) -> Schema:
        """Return the schema of what is known of recognition."""
        found: dict[str, set[str]] = {}
        for code, body in recognition.bodies.items():
            for spelling in (code, f"body:{code}", body.label.en, body.label.zh):
                found.setdefault(normalise(spelling), set()).add(code)
        return cls(
            {code: one for code, one in recognition.fields.items() if not one.derived},
            {spelling: codes.pop() for spelling, codes in found.items() if len(codes) == 1},
        )

    def has(self, column: str) -> bool:
        """Whether a column is a field of a claim or of a footprint table."""
        return column in self.fields or any(
            column == name or (name.endswith(".") and column.startswith(name)) for name in FOOTPRINT
        )

    def unread(self, columns: Iterable[str]) -> list[Unread]:
        """Return the columns that mean nothing, with the field each was likeliest meant to be.

        A heading is compared with the codes and with the labels in both languages.
        """
        from difflib import get_close_matches

        names: dict[str, str] = {}
        for code, one in self.fields.items():
            for spelling in (one.label.zh, one.label.en, code.rpartition(".")[2]):
                names.setdefault(normalise(spelling), code)
        names |= {normalise(code): code for code in self.fields}
        found: list[Unread] = []
        for column in columns:
            if not self.has(column):
                close: list[str] = []
                if len(found) < _HINTS and len(column) < _SHOWN:
                    close = get_close_matches(normalise(column), sorted(names), n=1, cutoff=0.6)
                found.append(Unread(column, names[close[0]] if close else None))
        return found


class Typed(NamedTuple):
    """Claims as rules can be put to them, and what could not be read.

    ``frame`` has ``row`` (``UInt32``, from 0 among those given), the fields stated as columns (text
    ``String``, word ``String`` or, of a closed list, ``Enum``, list ``List(String)``, decimal and share
    ``Float64``, integer ``Int64``, boolean ``Boolean``, date ``Date``; null where not stated) and the columns
    of a footprint as they were given. ``errors`` has one row for each row that is not in ``frame``: its
    number, the first field that is wrong, the code and the value (cut short), and the sentence. ``unread``
    are the columns that mean nothing.
    """

    frame: pl.DataFrame
    errors: pl.DataFrame
    unread: list[Unread]


def typed(
    raw: pl.DataFrame,
    schema: Schema,
    catalogue: Catalogue,
    lang: str = "en",
    used: Container[str] | None = None,
) -> Typed:
    """Return claims typed: from strings, as CSV has them, from JSON objects, or from native types.

    A value that cannot be read as its field has it costs its row. Regimes and bodies are named by any
    spelling the catalogue knows; a name that is unknown or ambiguous stays as it is written. Objects in a
    column are flattened to columns with dotted names. Plain text that is not among the fields ``used``
    (``None``: all are) is left out: nothing in it can be wrong.

    Raises ``InputError`` where two columns state one field.
    """
    import polars as pl

    from crosswalk.recognition.values import dtype, read

    flat = flattened(raw, schema)

    def spare(name: str, one: ClaimField) -> bool:
        return used is not None and name not in used and one.kind == "text"

    columns: dict[str, Column] = {
        name: read(flat[name], one, resolver(one, schema, catalogue))
        for name, one in schema.fields.items()
        if name in flat.columns and not (spare(name, one) and flat[name].dtype == pl.String)
    }

    rows = pl.int_range(len(flat), dtype=pl.UInt32, eager=True).alias(ROW)
    kept = [flat[name] for name in flat.columns if name not in schema.fields and schema.has(name)]
    made = [columns[name].values.cast(dtype(schema.fields[name])).alias(name) for name in columns]
    frame = pl.DataFrame([rows, *made, *kept])
    errors = _errors(flat, columns, schema, lang)
    if len(errors):
        frame = frame.filter(~pl.col(ROW).is_in(errors[ROW].implode()))
    return Typed(frame, errors, schema.unread(flat.columns))


def flattened(raw: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return a table with every object that holds fields of a claim as columns with dotted names.

    >>> import polars as pl
    >>> flattened(pl.DataFrame({"period": [{"start": "2025-01-01"}]}), Schema({})).columns
    ['period.start']
    """
    import polars as pl

    columns: dict[str, pl.Series] = {}

    def add(column: pl.Series) -> None:
        if isinstance(column.dtype, pl.Struct) and column.name not in schema.fields:
            for part in column.dtype.fields:
                add(column.struct.field(part.name).alias(f"{column.name}.{part.name}"))
        elif column.name in columns:
            raise InputError("claim-field-twice", where=column.name)
        else:
            columns[column.name] = column

    for column in raw.get_columns():
        add(column)
    return pl.DataFrame(list(columns.values())) if columns else raw


def resolver(field: ClaimField, schema: Schema, catalogue: Catalogue) -> Resolve | None:
    """Return what gives the codes of the spellings in a column; ``None`` where a spelling is the value."""
    if field.values:
        from crosswalk.recognition.values import spellings

        words = spellings(field)
        return lambda text: words.get(normalise(text))
    if field.names == "body":
        return lambda text: schema.bodies.get(normalise(text))
    if field.names == "regime":
        return lambda text: code_of(text, schema, catalogue)
    return None


def code_of(text: str, schema: Schema, catalogue: Catalogue) -> str | None:
    """Return the code of a regime or, as ``body:…``, of a scheme; ``None`` where there is no one such."""
    if text in catalogue.regimes:
        return text
    found = find("regime", text, catalogue)
    codes = found.codes or found.undescribed
    if codes:
        return codes[0] if len(codes) == 1 else None
    body = schema.bodies.get(normalise(text))
    return None if body is None else f"body:{body}"


def _errors(flat: pl.DataFrame, columns: Mapping[str, Column], schema: Schema, lang: str) -> pl.DataFrame:
    import polars as pl

    kinds = {ROW: pl.UInt32, **dict.fromkeys(ERROR_COLUMNS[1:], pl.String)}
    found = [pl.DataFrame(schema=kinds)]
    for name, column in columns.items():
        if column.wrong is not None:
            rows = column.wrong.arg_true()
            one = schema.fields[name]
            code = f"claim-{one.kind if not one.values else 'words' if one.kind == 'list' else 'closed'}"
            known = ", ".join(one.values)
            found.append(
                pl.DataFrame(
                    {
                        ROW: rows.cast(pl.UInt32),
                        "field": [name] * len(rows),
                        "code": [code] * len(rows),
                        "value": list(_shown(flat[name].gather(rows))),
                        "reason": [say(f"error.{code}", lang, known=known)] * len(rows),
                    },
                    schema=kinds,
                )
            )
    # The first wrong field of a row stands for it: a row is either judged or an error, once.
    return pl.concat(found).unique(subset=[ROW], keep="first", maintain_order=True).sort(ROW)


def _shown(values: pl.Series) -> Iterator[str]:
    for value in values.to_list():
        text = str(value)
        yield text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"

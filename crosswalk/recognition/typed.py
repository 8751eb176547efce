"""A table of claims as people write them, made one that rules can be put to."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.recognition import ClaimField
from crosswalk.messages import say
from crosswalk.recognition import values
from crosswalk.recognition.claims import Schema, Unread, flattened, of_footprint, resolver
from crosswalk.recognition.table import ROW, Coded, Coder, Column, Spelt, Table, coded

#: What a row that cannot be read comes to, column by column.
ERROR_COLUMNS = (ROW, "field", "code", "value", "reason")
_SHOWN = 200


class Typed(NamedTuple):
    """Claims as rules can be put to them, and what could not be read.

    ``table`` has the fields stated as columns (text ``String``, word ``String`` or, of a closed list,
    ``Enum``, list ``List(String)``, decimal and share ``Float64``, integer ``Int64``, boolean ``Boolean``,
    date ``Date``; null where not stated) and, as they were given, the columns of a footprint. ``errors`` has
    one row for each row that is not in ``table``: its number (``UInt32``, from 0 among those given), the
    first field that is wrong, the code and the value (cut short), and the sentence. ``unread`` are the
    columns that mean nothing.
    """

    table: Table
    errors: pl.DataFrame
    unread: list[Unread]


class Typist:
    """Types tables of claims, one after the other; what it learns of the words of one serves the next."""

    def __init__(
        self,
        schema: Schema,
        catalogue: Catalogue,
        lang: str = "en",
        used: Container[str] | None = None,
    ) -> None:
        """Plain text that is not among the fields ``used`` (``None``: all are) is left out.

        Nothing in it can be wrong.
        """
        self._schema = schema
        self._lang = lang
        self._used = used
        self._resolvers = {name: resolver(one, schema, catalogue) for name, one in schema.fields.items()}
        self._coder = Coder()
        self._read: dict[str, tuple[list[str], values.Column]] = {}

    def typed(self, raw: pl.DataFrame) -> Typed:
        """Return claims typed: from strings, as CSV has them, from JSON objects, or from native types.

        A value that cannot be read as its field has it costs its row. Regimes and bodies are named by any
        spelling the catalogue knows; a name that is unknown or ambiguous stays as it is written. Objects in
        a column are flattened to columns with dotted names.

        Raises ``InputError`` where two columns state one field.
        """
        flat = flattened(raw, self._schema)
        given = [_text(column) for column in flat.get_columns() if self._wanted(column)]
        text = self._coder.words([column for column in given if column.dtype == pl.String])
        columns: dict[str, Column] = {}
        wrong: dict[str, pl.Series] = {}
        for column in given:
            name, field = column.name, self._schema.fields.get(column.name)
            if field is None:
                continue
            if name in text:
                columns[name], bad = self._distinct(name, field, text[name])
            else:
                found = values.read(column, field, self._resolvers[name])
                made = found.values.cast(values.dtype(field))
                columns[name], bad = coded(made) if field.kind == "list" else made, found.wrong
            if bad is not None:
                wrong[name] = bad
        rows = pl.int_range(len(flat), dtype=pl.UInt32, eager=True)
        kept = flat.select(name for name in flat.columns if of_footprint(name))
        spelt = {name: one for name, one in text.items() if of_footprint(name)}
        table = Table(rows, columns, kept, spelt)
        errors = _errors(flat, wrong, self._schema, self._lang)
        if len(errors):
            keep = np.ones(len(flat), dtype=bool)
            keep[errors[ROW].to_numpy()] = False
            table = table.kept(keep)
        return Typed(table, errors, self._schema.unread(flat.columns))

    def _wanted(self, column: pl.Series) -> bool:
        """Whether a column is a field that is of use, or one of a footprint."""
        field = self._schema.fields.get(column.name)
        if field is None:
            return of_footprint(column.name)
        spare = self._used is not None and column.name not in self._used
        return not (spare and field.kind == "text" and column.dtype == pl.String)

    def _distinct(self, name: str, field: ClaimField, text: Spelt) -> tuple[Coded, pl.Series | None]:
        """Return a column of text typed, and which rows of it are wrong, if any are."""
        if name not in self._read or self._read[name][0] is not text.spellings:
            spelt = pl.Series(name, text.spellings, dtype=pl.String)
            found = values.read(spelt, field, self._resolvers[name])
            made = found.values.cast(values.dtype(field))
            nothing = pl.Series(name, [None], dtype=made.dtype)
            self._read[name] = text.spellings, values.Column(pl.concat([nothing, made]), found.wrong)
        column = self._read[name][1]
        bad = None
        if column.wrong is not None:
            rows = np.append(False, column.wrong.to_numpy())[text.places]
            bad = pl.Series(rows) if rows.any() else None
        return Coded(text.places, column.values), bad


def _text(column: pl.Series) -> pl.Series:
    return column.cast(pl.String) if column.dtype in (pl.Categorical, pl.Enum) else column


def _errors(flat: pl.DataFrame, wrong: Mapping[str, pl.Series], schema: Schema, lang: str) -> pl.DataFrame:
    kinds = {ROW: pl.UInt32, **dict.fromkeys(ERROR_COLUMNS[1:], pl.String)}
    found = [pl.DataFrame(schema=kinds)]
    for name, one in schema.fields.items():
        if name in wrong:
            rows = wrong[name].arg_true()
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

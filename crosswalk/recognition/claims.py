"""The schema of a claim: what it may state, and in which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from crosswalk.errors import InputError
from crosswalk.footprint.names import find, normalise
from crosswalk.messages import both

if TYPE_CHECKING:
    import polars as pl

    from crosswalk.knowledge.catalogue import Catalogue
    from crosswalk.knowledge.recognition import ClaimField, Recognition
    from crosswalk.knowledge.records import Text
    from crosswalk.recognition.values import Resolve

#: Columns of a footprint table that a claims table may have besides; the numeric leg reads them.
FOOTPRINT = ("total", "declared_unit", "lines.", "stages.", "carbon.", "gases.", "method.")
#: More hints than anybody reads; each is a search through all names.
_HINTS = 20
#: Longer than any heading meant for a field.
_LONG = 200


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
                if len(found) < _HINTS and len(column) < _LONG:
                    close = get_close_matches(normalise(column), sorted(names), n=1, cutoff=0.6)
                found.append(Unread(column, names[close[0]] if close else None))
        return found


def flattened(raw: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return a table with every object that holds fields of a claim as columns with dotted names.

    >>> import polars as pl
    >>> flattened(pl.DataFrame({"period": [{"start": "2025-01-01"}]}), Schema({})).columns
    ['period.start']
    """
    import polars as pl

    columns: dict[str, pl.Series] = {}
    for column in (leaf for whole in raw.get_columns() for leaf in _leaves(whole, schema)):
        if column.name in columns:
            raise InputError("claim-field-twice", where=column.name)
        columns[column.name] = column
    return pl.DataFrame(list(columns.values())) if columns else raw


def _leaves(column: pl.Series, schema: Schema) -> Iterator[pl.Series]:
    import polars as pl

    if isinstance(column.dtype, pl.Struct) and column.name not in schema.fields:
        for part in column.dtype.fields:
            yield from _leaves(column.struct.field(part.name).alias(f"{column.name}.{part.name}"), schema)
    else:
        yield column


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


def of_footprint(name: str) -> bool:
    """Whether a column is one of a footprint table, or is read with its digits as they are written."""
    if name in ("asserted", "tolerance", "exempted_share"):
        return True
    return any(name == one or (one.endswith(".") and name.startswith(one)) for one in FOOTPRINT)

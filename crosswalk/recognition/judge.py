"""Judge claims: a table of claims in, a table of verdicts and a table of errors out.

One claim and a hundred million go through the same code, a chunk at a time. A claim that cannot be read is an
error row, and costs nobody else anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from crosswalk.batch.columns import PolarsColumns
from crosswalk.batch.numbers import Numbers
from crosswalk.engine.solver import Ints
from crosswalk.engine.tolerance import Tolerance
from crosswalk.errors import CrosswalkError, InputError
from crosswalk.recognition.asks import Asking
from crosswalk.recognition.claims import FOOTPRINT, ROW, Schema, Typed, Unread, flattened, typed
from crosswalk.recognition.documents import FOOTPRINT as FILE
from crosswalk.recognition.documents import Documents
from crosswalk.recognition.enrich import ALWAYS, Enricher, Part
from crosswalk.recognition.expressions import settled
from crosswalk.recognition.facts import Knowledge
from crosswalk.recognition.ladder import Ladder, Outcomes
from crosswalk.recognition.tally import Tally
from crosswalk.recognition.value import Valuer, Values
from crosswalk.recognition.values import dtype

if TYPE_CHECKING:
    from crosswalk.checking.work import Where
    from crosswalk.knowledge.catalogue import Catalogue, Profile

#: Fields of a claim that are told again with its verdict, or say what it is about.
TOLD = ("id", "regime", "target", "claimed", "goods", FILE)
#: The columns of errors, in order.
ERRORS = {
    "file": pl.String,
    "row": pl.UInt64,
    "field": pl.String,
    "code": pl.String,
    "value": pl.String,
    "reason": pl.String,
}


@dataclass(frozen=True)
class Asked:
    """What is asked of every claim: the target where it names none, the day, what is allowed.

    ``lang`` is the language of what errors say.
    """

    to: str | None
    as_of: date
    allow: tuple[str, ...] = ()
    lang: str = "en"


class Examined(NamedTuple):
    """Claims with all facts, the outcome of every rule (rules, claims), and what costs the others."""

    claims: pl.DataFrame
    outcomes: Outcomes
    errors: pl.DataFrame


class _Read(NamedTuple):
    """Claims as they were read, where their values lie, the numbers asserted, and rows that are errors."""

    stated: pl.DataFrame
    words: PolarsColumns
    values: Values
    asserted: Numbers
    errors: pl.DataFrame


class Judge:
    """Judges chunk after chunk; what is learnt of one serves the next."""

    def __init__(self, catalogue: Catalogue, asked: Asked, profile: Profile | None = None) -> None:
        self._catalogue = catalogue
        self._asked = asked
        recognition = catalogue.recognition
        self._fields = recognition.fields
        self._schema = Schema.of(recognition)
        self.ladder = Ladder(recognition)
        self._enricher = Enricher(Knowledge(catalogue, asked.as_of))
        self._valuer = Valuer(catalogue, profile, asked.allow, tuple(recognition.fields))
        self._asking = Asking(self.ladder, recognition)
        #: Columns that mean nothing, of all chunks so far.
        self.unread: dict[str, Unread] = {}
        self._mentioned = frozenset().union(*self.ladder.mentioned)
        self._used = self._mentioned | {*TOLD, *ALWAYS}
        self._scopes: dict[str, bool] = {}
        self._plans: dict[tuple[object, ...], list[pl.Expr | int]] = {}

    def judge(self, raw: pl.DataFrame, where: Where) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the verdicts of a chunk, and its errors: together as many rows as the chunk has."""
        read = self._read(raw, where)
        made = Tally(self.ladder, read.stated)
        asked = [one.name for one in read.stated if self._asks(one)]
        for part in self._enricher.parts(read.words, self._scoped):
            some = _rows_of(read.stated.select(asked), part.rows)
            claims = self._enricher.own(some, part, read.values, read.asserted)
            made.put(part, claims, self._outcomes(claims, part), self._asking)
        good = ~where.rows.gather(read.stated[ROW]).is_in(read.errors["row"].implode())
        verdicts = made.frame(read.values, where.rows)
        return (verdicts if good.all() else verdicts.filter(good)), read.errors

    def examine(self, raw: pl.DataFrame, where: Where) -> Examined:
        """Return what the verdicts on a chunk follow from, in the order of its rows."""
        read = self._read(raw, where)
        outcomes = np.zeros((len(self.ladder.rules), read.stated.height), dtype=np.uint8)
        parts = []
        for part in self._enricher.parts(read.words, self._scoped):
            claims = self._enricher.own(_rows_of(read.stated, part.rows), part, read.values, read.asserted)
            outcomes[:, part.rows] = self._outcomes(claims, part)
            parts.append(self._enricher.whole(claims, part))
        whole = pl.concat(parts, how="diagonal") if parts else read.stated
        return Examined(whole.sort(ROW), outcomes, read.errors)

    def _read(self, raw: pl.DataFrame, where: Where) -> _Read:
        flat = flattened(raw, self._schema)
        read = typed(flat, self._schema, self._catalogue, self._asked.lang, self._used)
        self.unread |= {one.column: one for one in read.unread}
        to = pl.lit(self._asked.to, dtype=pl.String)
        stated = _with_all(read.frame, self._schema).with_columns(target=pl.col("target").fill_null(to))
        documents = Documents(stated, where.file, self._catalogue)
        stated = documents.filled(stated)
        words = PolarsColumns(stated)
        values, asserted, faults = self._values(flat, stated, words, documents, where)
        errors = pl.concat([_typed_errors(read, where), self._faults(faults, where)]).sort("row")
        return _Read(stated, words, values, asserted, errors)

    def _described(self, regimes: Ints, codes: list[str]) -> tuple[Ints, list[str]]:
        """Leave out regimes that are not described: there is then nothing to convert from, and no error."""
        known = np.array([code in self._catalogue.regimes for code in codes] + [False])
        return np.where(known[regimes], regimes, -1), codes

    def _asks(self, column: pl.Series) -> bool:
        """Whether a rule, or what is worked out of claims, asks about a column that any claim states."""
        return column.name in ALWAYS or (column.name in self._mentioned and column.null_count() < len(column))

    def _scoped(self, target: str) -> bool:
        """Whether a rule for a target asks what scopes goods are in."""
        if target not in self._scopes:
            rules = zip(self.ladder.rules, self.ladder.mentioned, strict=True)
            asking = [rule for rule, names in rules if any("fact.scope" in name for name in names)]
            found = (settled(rule, self._fields, None, {"target": target}) for rule in asking)
            self._scopes[target] = any(not isinstance(one, int) for one in found)
        return self._scopes[target]

    def _outcomes(self, claims: pl.DataFrame, part: Part) -> Outcomes:
        """Return the outcome of every rule (rules, claims)."""
        columns = frozenset(one.name for one in claims if one.null_count() < claims.height)
        key = (tuple(sorted((name, str(value)) for name, value in part.known.items())), columns)
        if key not in self._plans:
            rules = self.ladder.rules
            self._plans[key] = [settled(rule, self._fields, columns, part.known) for rule in rules]
        plan = self._plans[key]
        made = np.empty((len(plan), claims.height), dtype=np.uint8)
        open_ones = {str(place): one for place, one in enumerate(plan) if not isinstance(one, int)}
        for place, one in enumerate(plan):
            if isinstance(one, int):
                made[place] = one
        for found in claims.lazy().select(**open_ones).collect():
            made[int(found.name)] = found.to_numpy()
        return made

    def _values(
        self,
        flat: pl.DataFrame,
        stated: pl.DataFrame,
        words: PolarsColumns,
        documents: Documents,
        where: Where,
    ) -> tuple[Values, Numbers, dict[int, _Fault]]:
        """Return where the values lie, the asserted numbers, and the claims whose numbers cannot be read.

        Numbers are taken as they were given, digits and all.
        """
        written = [name for name in flat.columns if _of_footprint(name)]
        given = _shares(stated.select(ROW).with_columns(_given(flat[name], stated) for name in written))
        regimes = self._described(*words.words("regime"))
        columns = PolarsColumns(given.with_columns(stated["regime"]), {"regime": regimes})
        count, known = stated.height, columns.names
        asserted = columns.numbers("asserted") if "asserted" in known else _no_numbers(count)
        nowhere = np.full(count, -1, dtype=np.int64)
        codes, spelt = columns.words("tolerance") if "tolerance" in known else (nowhere, [])
        tolerances, faults = _tolerances(codes, spelt)
        places, targets = words.words("target")
        wanted = [
            (target, places == place)
            for place, target in enumerate(targets)
            if target in self._catalogue.regimes
        ]
        files = documents.groups()
        values = self._valuer.values(columns, wanted, asserted, tolerances, where.file, files)
        rows = stated[ROW].to_numpy()
        faults = {**_read_faults(values.wrong), **_unread(documents), **faults}
        return values, asserted, {int(where.rows[int(rows[row])]): fault for row, fault in faults.items()}

    def _faults(self, faults: Mapping[int, _Fault], where: Where) -> pl.DataFrame:
        rows = [
            {
                "file": where.file,
                "row": row,
                "field": fault.field,
                "code": fault.error.code,
                "value": fault.value,
                "reason": fault.error.message(self._asked.lang),
            }
            for row, fault in faults.items()
        ]
        return pl.DataFrame(rows, schema=ERRORS, orient="row")


def _rows_of(claims: pl.DataFrame, rows: Ints) -> pl.DataFrame:
    return claims if rows.size == claims.height else claims[rows]


def _no_numbers(count: int) -> Numbers:
    none = np.zeros(count, dtype=bool)
    return Numbers(np.full(count, np.nan), np.full(count, np.nan), none, none)


class _Fault(NamedTuple):
    """A number of a claim that cannot be read: its field, what stands there, and why."""

    field: str
    value: str
    error: CrosswalkError


def _tolerances(codes: Ints, spelt: Sequence[str]) -> tuple[tuple[Ints, list[Tolerance]], dict[int, _Fault]]:
    """Return the place of each claim's tolerance and the tolerances, and the claims whose is none."""
    known: list[Tolerance] = []
    places = np.full(len(spelt) + 1, -1, dtype=np.int64)
    wrong: dict[int, _Fault] = {}
    for place, text in enumerate(spelt):
        if not text.strip():
            continue
        try:
            known.append(Tolerance.of(text))
        except CrosswalkError as error:
            rows = np.flatnonzero(codes == place).tolist()
            wrong |= dict.fromkeys(rows, _Fault("tolerance", text[:200], error))
        else:
            places[place] = len(known) - 1
    return (places[codes], known), wrong


def _unread(documents: Documents) -> dict[int, _Fault]:
    return {row: _Fault(FILE, error.where[:200], error) for row, error in documents.wrong.items()}


def _read_faults(wrong: Mapping[int, CrosswalkError]) -> dict[int, _Fault]:
    found = {}
    for row, error in wrong.items():
        bare = InputError(error.code, **error.values)
        field = error.where.rpartition(": ")[2] if ": " in error.where else ""
        found[row] = _Fault(field, str(error.values.get("value", "")), bare)
    return found


def _typed_errors(read: Typed, where: Where) -> pl.DataFrame:
    return read.errors.select(
        file=pl.lit(where.file),
        row=where.rows.gather(read.errors[ROW]),
        field=pl.col("field"),
        code=pl.col("code"),
        value=pl.col("value"),
        reason=pl.col("reason"),
    )


def _given(column: pl.Series, stated: pl.DataFrame) -> pl.Series:
    """Return a column as it was given, of the claims that could be read."""
    return column if len(column) == stated.height else column.gather(stated[ROW])


def _with_all(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Add the fields that judging itself needs, where no claim of a table states them."""
    absent = [schema.fields[code] for code in (*TOLD, *ALWAYS) if code not in frame.columns]
    return frame.with_columns(pl.lit(None, dtype=dtype(field)).alias(field.code) for field in absent)


def _of_footprint(name: str) -> bool:
    if name in ("asserted", "tolerance", "exempted_share"):
        return True
    return any(name == one or (one.endswith(".") and name.startswith(one)) for one in FOOTPRINT)


def _shares(frame: pl.DataFrame) -> pl.DataFrame:
    """Write a share of emissions left out as a decimal, all its digits kept."""
    name = "exempted_share"
    if name not in frame.columns or frame[name].dtype != pl.String:
        return frame
    given = frame[name].drop_nulls().unique()
    written = {text: as_decimal(text) for text in given.to_list()}
    return frame.with_columns(frame[name].replace(written))


def as_decimal(text: str) -> str:
    """Return a share, which may be written in per cent, as a decimal with all its digits."""
    bare = text.strip().rstrip("%％").strip()
    if bare == text.strip():
        return bare
    try:
        return format(Decimal(bare).scaleb(-2), "f")
    except ArithmeticError:
        return text

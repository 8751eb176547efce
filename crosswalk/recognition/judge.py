"""Judge claims: a table of claims in, a table of verdicts and a table of errors out.

One claim and a hundred million go through the same code, a chunk at a time. A claim that cannot be read is an
error row, and costs nobody else anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from crosswalk.batch.columns import PolarsColumns
from crosswalk.batch.numbers import Numbers
from crosswalk.engine.solver import Ints
from crosswalk.engine.tolerance import Tolerance
from crosswalk.errors import CrosswalkError, InputError
from crosswalk.recognition.alike import MANY, Marker
from crosswalk.recognition.asks import Asking
from crosswalk.recognition.claims import Schema, Unread
from crosswalk.recognition.documents import FOOTPRINT as FILE
from crosswalk.recognition.documents import Documents
from crosswalk.recognition.enrich import ALWAYS, OWN, WEAK, Division, Enricher
from crosswalk.recognition.expressions import settled
from crosswalk.recognition.facts import Knowledge
from crosswalk.recognition.ladder import Ladder, Outcomes
from crosswalk.recognition.standing import OPEN, Setting, Standings
from crosswalk.recognition.table import ROW, Coded, Table
from crosswalk.recognition.tally import standing, verdicts_of
from crosswalk.recognition.typed import Typed, Typist
from crosswalk.recognition.value import Valuer, Values
from crosswalk.recognition.values import dtype

if TYPE_CHECKING:
    from crosswalk.checking.work import Where
    from crosswalk.knowledge.catalogue import Catalogue, Profile

#: Fields of a claim that are told again with its verdict, or say what it is about.
TOLD = ("id", "regime", "target", "claimed", "goods", FILE)
#: So many pairs of regimes are kept with the rules they leave open.
_PLANS = 2_000
#: Of so few claims, rules are put to one after the other.
_FEW = 64
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
    """Claims with their facts, what they have in common, where their values lie, and rows that are errors."""

    table: Table
    division: Division
    values: Values
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
        self._asking = Asking(self.ladder, recognition)
        self._mentioned = frozenset().union(*self.ladder.mentioned)
        asks = frozenset().union(*(rule.asks for rule in self.ladder.rules))
        used = self._mentioned | asks | {*TOLD, *ALWAYS}
        self._typist = Typist(self._schema, catalogue, asked.lang, used)
        watched = (self._mentioned | asks) - {"regime", "target"}
        self._marker = Marker(self.ladder.rules, watched, ("claimed", WEAK), self._fields)
        self._enricher = Enricher(Knowledge(catalogue, asked.as_of))
        self._valuer = Valuer(catalogue, profile, asked.allow, tuple(recognition.fields))
        self._standings = Standings()
        #: Columns that mean nothing, of all chunks so far.
        self.unread: dict[str, Unread] = {}
        self._scopes: dict[str, bool] = {}
        self._plans: dict[tuple[object, ...], list[pl.Expr | int]] = {}

    def judge(self, raw: pl.DataFrame, where: Where) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the verdicts of a chunk, and its errors: together as many rows as the chunk has."""
        read = self._read(raw, where)
        common = read.division.numbers()
        compared = self._enricher.common(read.division, self._marker.compared)
        marks = self._marker.marks(read.table, common, compared, OWN)
        found = self._standings.of(marks, partial(self._stand, read), partial(self._settings, read))
        rows = where.rows.gather(read.table.rows)
        verdicts = verdicts_of(rows, read.table, found, read.values)
        good = ~rows.is_in(read.errors["row"].implode()) if read.errors.height else None
        return (verdicts if good is None or good.all() else verdicts.filter(good)), read.errors

    def _stand(self, read: _Read, rows: Ints, settings: Sequence[Setting | None]) -> pl.DataFrame:
        """Return how some claims stand, each judged by itself."""
        stated, division = read.table.frame(rows=rows), read.division.of(rows)
        known = [one for one in settings if one is not None]
        if 0 < len(settings) == len(known) <= _FEW:
            outcomes = self._one_by_one(stated, division, known)
        else:
            outcomes = self._outcomes(read, stated, division)
        return standing(stated, division, outcomes, self.ladder, self._asking)

    def _one_by_one(self, stated: pl.DataFrame, division: Division, settings: Sequence[Setting]) -> Outcomes:
        """Return the outcome of every rule (rules, claims) for a few claims whose settings are known."""
        found = np.stack([one.outcomes for one in settings], axis=1)
        claims = zip(stated.iter_rows(named=True), division.places.tolist(), found.T, strict=True)
        for claim, place, outcomes in claims:
            known = {name: one for name, one in claim.items() if one is not None}
            known |= division.common[place].known
            for rule in np.flatnonzero(outcomes == OPEN).tolist():
                came = settled(self.ladder.rules[rule], self._fields, known.keys(), known)
                assert isinstance(came, int)
                outcomes[rule] = came
        return found

    def _settings(self, read: _Read, rows: Ints) -> list[Setting]:
        """Return what follows of what claims say in words."""
        outside = {name for name, field in self._fields.items() if field.kind in MANY}
        # What is compared differs among claims that say it in different words.
        outside |= {*OWN, *self._marker.compared}
        found = []
        for row, claim in zip(rows, read.table.frame(rows=rows).iter_rows(named=True), strict=True):
            said = {name: one for name, one in claim.items() if one is not None and name in self._fields}
            known = {name: one for name, one in said.items() if name not in outside}
            known |= read.division.common[read.division.places[row]].known
            rules = [settled(rule, self._fields, {*said, *OWN}, known) for rule in self.ladder.rules]
            outcomes = np.array([one if isinstance(one, int) else OPEN for one in rules], dtype=np.uint8)
            asked = (one.meta.root_names() for one in rules if not isinstance(one, int))
            found.append(Setting(outcomes, frozenset().union(*asked)))
        return found

    def examine(self, raw: pl.DataFrame, where: Where) -> Examined:
        """Return what the verdicts on a chunk follow from, in the order of its rows."""
        read = self._read(raw, where)
        stated = read.table.frame()
        outcomes = self._outcomes(read, stated, read.division)
        parts = [self._enricher.whole(stated[rows], common) for common, rows in read.division.parts()]
        whole = pl.concat(parts, how="diagonal").sort(ROW) if parts else stated
        return Examined(whole, outcomes, read.errors)

    def _read(self, raw: pl.DataFrame, where: Where) -> _Read:
        read = self._typist.typed(raw)
        self.unread |= {one.column: one for one in read.unread}
        table = read.table
        for code in (*TOLD, *ALWAYS):
            if code not in table.columns:
                table.put(code, Coded.nothing(table.height, dtype(self._fields[code])))
        if self._asked.to is not None:
            table.fill("target", self._asked.to)
        documents = Documents(table, where.file, self._catalogue)
        documents.fill(table)
        values, asserted, faults = self._values(table, documents, where)
        errors = pl.concat([_typed_errors(read, where), self._faults(faults, where)]).sort("row")
        division = self._enricher.divided(table, self._scoped)
        for name, fact in self._enricher.facts(table, division, values, asserted).items():
            table.put(name, fact)
        return _Read(table, division, values, errors)

    def _described(self, regimes: Ints, codes: list[str]) -> tuple[Ints, list[str]]:
        """Leave out regimes that are not described: there is then nothing to convert from, and no error."""
        known = np.array([code in self._catalogue.regimes for code in codes] + [False])
        return np.where(known[regimes], regimes, -1), codes

    def _asks(self, name: str, table: Table) -> bool:
        """Whether a rule asks about a column that a claim may state."""
        return name in self._mentioned and table.states(name)

    def _scoped(self, target: str) -> bool:
        """Whether a rule for a target asks what scopes goods are in."""
        if target not in self._scopes:
            rules = zip(self.ladder.rules, self.ladder.mentioned, strict=True)
            asking = [rule for rule, names in rules if any("fact.scope" in name for name in names)]
            found = (settled(rule, self._fields, None, {"target": target}) for rule in asking)
            self._scopes[target] = any(not isinstance(one, int) for one in found)
        return self._scopes[target]

    def _outcomes(self, read: _Read, claims: pl.DataFrame, division: Division) -> Outcomes:
        """Return the outcome of every rule (rules, claims)."""
        stated = frozenset(name for name in read.table.columns if self._asks(name, read.table))
        asked = claims.select(sorted(stated))
        found = np.empty((len(self.ladder.rules), claims.height), dtype=np.uint8)
        for common, rows in division.parts():
            key = (common.number, stated)
            if len(self._plans) >= _PLANS:
                self._plans.clear()
            if key not in self._plans:
                rules = self.ladder.rules
                self._plans[key] = [settled(rule, self._fields, stated, common.known) for rule in rules]
            plan = self._plans[key]
            made = np.empty((len(plan), rows.size), dtype=np.uint8)
            open_ones = {str(place): one for place, one in enumerate(plan) if not isinstance(one, int)}
            for place, one in enumerate(plan):
                if isinstance(one, int):
                    made[place] = one
            for came in _rows_of(asked, rows).lazy().select(**open_ones).collect():
                made[int(came.name)] = came.to_numpy()
            found[:, rows] = made
        return found

    def _values(
        self, table: Table, documents: Documents, where: Where
    ) -> tuple[Values, Numbers, dict[int, _Fault]]:
        """Return where the values lie, the asserted numbers, and the claims whose numbers cannot be read.

        Numbers are taken as they were given, digits and all.
        """
        spelt = {name: one.words() for name, one in table.spelt.items()}
        spelt["regime"] = self._described(*table.words("regime"))
        given = pl.DataFrame([*table.written, table.column("regime")])
        share = "exempted_share"
        if share in given.columns and given[share].dtype == pl.String:
            places, texts = spelt.get(share) or PolarsColumns(given).words(share)
            spelt[share] = places, [as_decimal(text) for text in texts]
        columns = PolarsColumns(given, spelt)
        count, known = table.height, columns.names
        asserted = columns.numbers("asserted") if "asserted" in known else _no_numbers(count)
        nowhere = np.full(count, -1, dtype=np.int64)
        tolerances, faults = _tolerances(
            *columns.words("tolerance") if "tolerance" in known else (nowhere, [])
        )
        places, targets = table.words("target")
        regimes = self._catalogue.regimes
        wanted = [(code, places == place) for place, code in enumerate(targets) if code in regimes]
        files = documents.groups()
        values = self._valuer.values(columns, wanted, asserted, tolerances, where.file, files)
        rows = table.rows.to_numpy()
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


def as_decimal(text: str) -> str:
    """Return a share, which may be written in per cent, as a decimal with all its digits."""
    bare = text.strip().rstrip("%％").strip()
    if bare == text.strip():
        return bare
    try:
        return format(Decimal(bare).scaleb(-2), "f")
    except ArithmeticError:
        return text

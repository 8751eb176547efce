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
from crosswalk.engine.cells import Mask
from crosswalk.engine.solver import Ints
from crosswalk.engine.tolerance import Tolerance
from crosswalk.errors import CrosswalkError, InputError
from crosswalk.knowledge.recognition import Rule
from crosswalk.knowledge.records import FIRM
from crosswalk.recognition.asks import Asking, mentioned
from crosswalk.recognition.claims import FOOTPRINT, ROW, Schema, Typed, Unread, flattened, typed
from crosswalk.recognition.documents import FOOTPRINT as FILE
from crosswalk.recognition.documents import Documents
from crosswalk.recognition.enrich import Enricher
from crosswalk.recognition.expressions import outcomes
from crosswalk.recognition.facts import Knowledge
from crosswalk.recognition.ladder import CLAIMED, OUTCOMES, PASS, VERDICTS, Climbed, Ladder, Outcomes
from crosswalk.recognition.value import JUDGED, STATUSES, Valuer, Values, words
from crosswalk.recognition.values import DTYPES

if TYPE_CHECKING:
    from crosswalk.checking.work import Where
    from crosswalk.knowledge.catalogue import Catalogue, Profile

#: The source of what this project defines itself.
OWN = "INFERENCE"
_LEVELS = ("assessable", "reference", "method", "rule", "verification", "result", "label")
#: The columns of verdicts, in order.
COLUMNS: tuple[str, ...] = (
    *("row", "id", "source", "target", "claimed", "verdict", "level", *_LEVELS, "open", "because"),
    *("reasons", "asks", "low", "high", "assumed_low", "assumed_high", "value", "value_assumed"),
    *("value_status", "provisional"),
)
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
    """Claims with all facts, their values, the outcome of every rule (rules, claims), which of them are
    ``good``, and what costs the others."""

    claims: pl.DataFrame
    values: Values
    outcomes: Outcomes
    good: pl.Series
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
        rules = self.ladder.rules
        self._weak = [place for place, rule in enumerate(rules) if _weak(rule)]
        self._rests = [
            (place, sorted(f"weak.{one}" for one in mentioned(rule) if one.startswith("fact.")))
            for place, rule in enumerate(rules)
        ]
        #: Columns that mean nothing, of all chunks so far.
        self.unread: dict[str, Unread] = {}

    def judge(self, raw: pl.DataFrame, where: Where) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the verdicts of a chunk, and its errors: together as many rows as the chunk has."""
        found = self.examine(raw, where)
        return self._verdicts(found, where), found.errors

    def examine(self, raw: pl.DataFrame, where: Where) -> Examined:
        """Return all that the verdicts on a chunk follow from."""
        flat = flattened(raw, self._schema)
        read = typed(flat, self._schema, self._catalogue, self._asked.lang)
        self.unread |= {one.column: one for one in read.unread}
        to = pl.lit(self._asked.to, dtype=pl.String)
        stated = _with_all(read.frame, self._schema).with_columns(target=pl.col("target").fill_null(to))
        documents = Documents(stated, where.file, self._catalogue)
        stated = documents.filled(stated)
        values, asserted, faults = self._values(flat, stated, documents, where)
        claims = self._enricher.enriched(stated, values, asserted)
        outcomes = self._outcomes(claims)
        errors = pl.concat([_typed_errors(read, where), self._faults(faults, where)]).sort("row")
        good = ~where.rows.gather(claims[ROW]).is_in(errors["row"].implode())
        return Examined(claims, values, outcomes, good, errors)

    def _values(
        self, flat: pl.DataFrame, stated: pl.DataFrame, documents: Documents, where: Where
    ) -> tuple[Values, Numbers, dict[int, _Fault]]:
        """Return where the values lie, the asserted numbers, and the claims whose numbers cannot be read.

        Numbers are taken as they were given, digits and all.
        """
        written = [name for name in flat.columns if _of_footprint(name)]
        # A regime that is not described is no error of the numbers: there is then nothing to convert from.
        described = pl.col("regime").is_in(list(self._catalogue.regimes))
        given = stated.select(pl.when(described).then("regime").alias("regime")).with_columns(
            flat[name].gather(stated[ROW]) for name in written
        )
        columns = PolarsColumns(_shares(given))
        count, known = stated.height, columns.names
        asserted = columns.numbers("asserted") if "asserted" in known else _no_numbers(count)
        nowhere = np.full(count, -1, dtype=np.int64)
        codes, spelt = columns.words("tolerance") if "tolerance" in known else (nowhere, [])
        tolerances, faults = _tolerances(codes, spelt)
        places, targets = PolarsColumns(stated).words("target")
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

    def _outcomes(self, claims: pl.DataFrame) -> Outcomes:
        """Return the outcome of every rule (rules, claims)."""
        asked = outcomes(self.ladder.rules, self._fields, claims.columns)
        found = claims.lazy().select(asked).collect()
        full = [one.to_numpy() for one in found]
        made = np.empty((len(full), claims.height), dtype=np.uint8)
        for place, one in enumerate(full):
            made[place] = one
        return made

    def _verdicts(self, examined: Examined, where: Where) -> pl.DataFrame:
        claims, values, found, good, _ = examined
        words_ = list(CLAIMED)
        codes = claims["claimed"].replace_strict(
            pl.Series(words_), pl.Series(np.arange(len(words_))), default=-1
        )
        claimed = codes.to_numpy()
        climbed = self.ladder.climb(found, words_, claimed)
        needed = self._needed(climbed, words_, claimed)
        decided = np.isin(climbed.verdict, [VERDICTS.index(one) for one in _DECIDED])
        missing = {name: claims[name].is_null().to_numpy() for name in claims.columns if name in self._fields}
        reasons, asks = self._asking.told(found, missing, needed, decided)
        rules = [rule.code for rule in self.ladder.rules]
        levels = {
            level.code: words(climbed.levels[level.rank].astype(np.int64), OUTCOMES)
            for level in self.ladder.levels
        }
        above = np.minimum(climbed.height + 1, len(_LEVELS))
        return (
            pl.DataFrame(
                {
                    "row": where.rows.gather(claims[ROW]),
                    "id": claims["id"],
                    "source": claims["regime"],
                    "target": claims["target"],
                    "claimed": claims["claimed"],
                    "verdict": words(climbed.verdict, VERDICTS),
                    "level": pl.Series(np.maximum(climbed.height, 0).astype(np.uint8)),
                    **levels,
                    "open": words(above, (*_LEVELS, "")).replace("", None),
                    "because": words(climbed.because, (*rules, "")).replace("", None),
                    "reasons": reasons,
                    "asks": asks,
                    "low": pl.Series(values.low, nan_to_null=True),
                    "high": pl.Series(values.high, nan_to_null=True),
                    "assumed_low": pl.Series(values.assumed_low, nan_to_null=True),
                    "assumed_high": pl.Series(values.assumed_high, nan_to_null=True),
                    "value": words(values.judged, JUDGED),
                    "value_assumed": words(values.assumed, JUDGED),
                    "value_status": words(values.status, STATUSES),
                    "provisional": pl.Series(self._provisional(claims, found, climbed, needed)),
                }
            )
            .select(COLUMNS)
            .filter(good)
        )

    def _needed(self, climbed: Climbed, claimed: Sequence[str], codes: Ints) -> Mask:
        """Return which levels a claim rests on; of one that claims nothing, the ones up to the next."""
        needed: Mask = np.arange(len(_LEVELS))[:, None] <= np.minimum(climbed.height + 1, len(_LEVELS) - 1)
        for place, word in enumerate(claimed):
            rests = np.isin(np.arange(len(_LEVELS)), self.ladder.needs(CLAIMED[word]))
            needed = np.where(codes == place, rests[:, None], needed)
        return needed

    def _provisional(self, claims: pl.DataFrame, found: Outcomes, climbed: Climbed, needed: Mask) -> Mask:
        """Claims whose proven levels rest on something weaker than a secondary source."""
        ranks = [self.ladder.rank(rule) for rule in self.ladder.rules]
        proven = climbed.levels == PASS
        within = np.arange(len(_LEVELS))[:, None] <= climbed.height
        used = proven & (within | needed)
        weak = np.zeros(claims.height, dtype=bool)
        for place in self._weak:
            weak |= (found[place] == PASS) & used[ranks[place]]
        unsure = {
            name: claims[name].fill_null(False).to_numpy()
            for name in claims.columns
            if name.startswith("weak.")
        }
        for place, names in self._rests:
            for name in names:
                if name in unsure:
                    weak |= unsure[name] & (found[place] == PASS) & used[ranks[place]]
        return weak

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


#: Verdicts that nothing more can change, as far as what is stated stays.
_DECIDED = ("recognised", "refused", "not-applicable")


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


def _with_all(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Add the fields no claim of a table states, so that there is a column for each."""
    absent = [field for code, field in schema.fields.items() if code not in frame.columns]
    return frame.with_columns(pl.lit(None, dtype=DTYPES[field.kind]).alias(field.code) for field in absent)


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
    written = {text: _decimal(text) for text in given.to_list()}
    return frame.with_columns(frame[name].replace(written))


def _decimal(text: str) -> str:
    bare = text.strip().rstrip("%％").strip()
    if bare == text.strip():
        return bare
    try:
        return format(Decimal(bare).scaleb(-2), "f")
    except ArithmeticError:
        return text


def _weak(rule: Rule) -> bool:
    """Whether a rule rests on something weaker than a secondary source: what the ladder means is ours."""
    return rule.statement.evidence not in FIRM and rule.statement.sources != (OWN,)

"""Rules as column expressions: a condition on claims in, a polars expression out.

The logic is Kleene's, with null as unknown. A condition is *true* of a claim that conforms to the SHACL shape
as written, *false* of one that does not conform even where nothing has to be stated (every ``sh:minCount``
taken away), and *unknown* between. What that means of a test on one field:

* a value is stated: the demand holds of every value, or it does not; a list without values is not stated;
* none is stated: unknown where the test is ``required`` (``sh:minCount 1``), else true, since SHACL demands
  nothing of values that are not there. Such a test can turn from true to false when a claim states more;
* a comparison with another field that is ``required`` is unknown unless both are stated. SHACL passes where
  the other is missing, so a shape must demand it too (``sh:minCount 1`` on both), else it does not compile;
* ``stated`` (a bare ``sh:minCount 1``) is true or unknown, never false.

Numbers are compared as the doubles nearest to the decimals written, in the rule and in the claim. Rounding to
the nearest keeps the order of decimals, and two decimals of up to 15 significant digits never fall on one
double: among such the outcome is that of exact arithmetic, at the limits too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from crosswalk.knowledge.recognition import AllOf, ClaimField, Condition, Rule, Test

if TYPE_CHECKING:
    import polars as pl

#: What an outcome means, by its number.
NOT_APPLICABLE, PASS, UNKNOWN, FAIL = 0, 1, 2, 3

_Fields: TypeAlias = Mapping[str, ClaimField]
#: A condition that does not depend on the row is its value.
_Truth: TypeAlias = "pl.Expr | bool | None"

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {"at-least": ge, "at-most": le, "above": gt, "below": lt}
#: The comparison of a column of strings with a few values is faster one by one than through a hash table.
_FEW = 12


def truth(condition: Condition, fields: _Fields, columns: Collection[str] | None = None) -> pl.Expr:
    """Return whether a condition holds: true, false, or null for unknown.

    ``columns`` are those the table has (``None``: all); a field without a column is not stated. The condition
    is one the knowledge compiled: every test is such that its field can meet it.

    >>> import polars as pl
    >>> from crosswalk.knowledge.records import Text
    >>> fields = {"share": ClaimField(code="share", iri="", label=Text(en="", zh=""), kind="share")}
    >>> test = Test(field="share", operator="at-least", values=("0.05",))
    >>> pl.DataFrame({"share": [0.04, 0.05, None]}).select(truth(test, fields))["share"].to_list()
    [False, True, None]
    """
    return _column(_truth(condition, _Table(fields, columns, {})))


def outcome(rule: Rule, fields: _Fields, columns: Collection[str] | None = None) -> pl.Expr:
    """Return the outcome of a rule: 0 not applicable, 1 pass, 2 unknown, 3 fail (``UInt8``, by its code).

    A rule is not applicable where ``when`` is false. Where ``when`` is unknown it passes if ``requires``
    holds, and is unknown else.
    """
    found = settled(rule, fields, columns)
    return (_code(found) if isinstance(found, int) else found).alias(rule.code)


def outcomes(rules: Iterable[Rule], fields: _Fields, columns: Collection[str] | None = None) -> list[pl.Expr]:
    """Return the outcomes of many rules, to be added to a claims table in one go (``with_columns``).

    What rules have in common is written out in each of them; a lazy query works it out once
    (``comm_subexpr_elim``). A rule that no column of the table touches is a constant.
    """
    return [outcome(rule, fields, columns) for rule in rules]


def settled(
    rule: Rule,
    fields: _Fields,
    columns: Collection[str] | None = None,
    known: Mapping[str, Any] | None = None,
) -> pl.Expr | int:
    """Return the outcome of a rule as an expression, or as it is where it is the same for all rows.

    ``known`` are fields that have one value in all rows (not null), whether or not there is a column.
    """
    whole = _Table(fields, columns, known or {})
    when = True if rule.when is None else _truth(rule.when, whole)
    if when is False:
        return NOT_APPLICABLE
    holds = _truth(rule.requires, whole)
    refuted = _all([when, _not(holds)])
    if holds is True and not _is_open(when):
        return PASS
    if not any(_is_open(one) for one in (when, holds)):
        return FAIL if refuted is True else UNKNOWN
    # Built from the inside: the later a case is added, the earlier it is asked.
    found = _code(UNKNOWN)
    found = _chosen(refuted, _code(FAIL), found)
    found = _chosen(holds, _code(PASS), found)
    return _chosen(_not(when), _code(NOT_APPLICABLE), found)


def demanded(test: Test, fields: _Fields) -> pl.Expr:
    """Return what a test comes to of every value of a field: null where none is stated."""
    import msgspec

    found = _test(msgspec.structs.replace(test, required=True), _Table(fields, None, {}))
    assert not isinstance(found, bool | None)
    return found


def _is_open(value: _Truth) -> bool:
    return value is not None and not isinstance(value, bool)


def _code(number: int) -> pl.Expr:
    import polars as pl

    return pl.lit(number, dtype=pl.UInt8)


class _Table(NamedTuple):
    """What is known of a table beforehand: see ``settled``."""

    fields: _Fields
    columns: Collection[str] | None
    known: Mapping[str, Any]

    def has(self, name: str) -> bool:
        """Whether rows may state a field."""
        return name in self.known or self.columns is None or name in self.columns


def _truth(condition: Condition, table: _Table) -> _Truth:
    if isinstance(condition, Test):
        return _test(condition, table)
    parts = [_truth(one, table) for one in condition.of]
    return _all(parts) if isinstance(condition, AllOf) else _any(parts)


def _test(test: Test, table: _Table) -> _Truth:
    import polars as pl

    named = [test.field] if test.other is None else [test.field, test.other]
    if not all(table.has(name) for name in named):
        return None if test.required else True
    field = table.fields[test.field]
    if test.field in table.known and test.other is None:
        return _of_value(test, field, table.known[test.field])
    if test.field in table.known and test.other is not None and test.other in table.known:
        return bool(_COMPARE[test.operator](table.known[test.field], table.known[test.other]))
    column = _operand(test.field, table)
    if test.operator == "stated":
        if not test.required:
            return True
        return pl.when(_given(column, field)).then(pl.lit(True))
    if field.kind == "list":
        every = column.list.eval(_demand(test, field, pl.element(), table)).list.all()
        found: pl.Expr = pl.when(_given(column, field)).then(every)
    else:
        found = _demand(test, field, column, table)
    return found if test.required else found.fill_null(True)


def _operand(name: str, table: _Table) -> pl.Expr:
    import polars as pl

    return pl.lit(table.known[name]) if name in table.known else pl.col(name)


def _of_value(test: Test, field: ClaimField, value: Any) -> bool:
    """Return whether a value that all rows have, or every one of a list, is as a test demands."""
    if test.operator == "stated":
        return True
    values = [_value(one, field) for one in test.values]
    each = value if field.kind == "list" else [value]
    if test.operator in _COMPARE:
        return all(bool(_COMPARE[test.operator](one, values[0])) for one in each)
    if test.operator == "matches":
        return all(re.search(test.values[0], one) is not None for one in each)
    return all((one in values) == (test.operator == "in") for one in each)


def _given(column: pl.Expr, field: ClaimField) -> pl.Expr:
    import polars as pl

    if field.kind == "list":
        return column.list.eval(pl.element().is_not_null()).list.any()
    return column.is_not_null()


def _demand(test: Test, field: ClaimField, column: pl.Expr, table: _Table) -> pl.Expr:
    """Return what a test demands of a value: null of none."""
    import polars as pl

    if test.operator == "matches":
        return column.str.contains(test.values[0])
    values = [_value(value, field) for value in test.values]
    if test.operator in _COMPARE:
        with_what = pl.lit(values[0]) if test.other is None else _operand(test.other, table)
        found: pl.Expr = _COMPARE[test.operator](column, with_what)
        return found
    inside = test.operator == "in"
    if len(values) > _FEW:
        listed = column.is_in(values)
        return listed if inside else ~listed
    one_by_one = [(eq if inside else ne)(column, pl.lit(value)) for value in values]
    joined: pl.Expr = reduce(or_ if inside else and_, one_by_one)
    return joined


def _value(text: str, field: ClaimField) -> str | bool | int | float | date:
    """Return a value of a rule as a column of its field holds it."""
    if field.kind == "date":
        return date.fromisoformat(text)
    if field.kind == "boolean":
        return text == "true"
    if field.kind not in ("decimal", "share", "integer"):
        return text
    number = Decimal(text)
    return int(number) if field.kind == "integer" and number == int(number) else float(number)


def _column(value: _Truth) -> pl.Expr:
    import polars as pl

    return value if isinstance(value, pl.Expr) else pl.lit(value, dtype=pl.Boolean)


def _not(value: _Truth) -> _Truth:
    if value is None or isinstance(value, bool):
        return None if value is None else not value
    return ~value


def _all(parts: Collection[_Truth]) -> _Truth:
    """Kleene's conjunction, without what cannot change it."""
    if any(part is False for part in parts):
        return False
    return _joined(and_, [part for part in parts if part is not True], True)


def _any(parts: Collection[_Truth]) -> _Truth:
    if any(part is True for part in parts):
        return True
    return _joined(or_, [part for part in parts if part is not False], False)


def _joined(how: Callable[[Any, Any], Any], parts: list[_Truth], nothing: bool) -> _Truth:
    import polars as pl

    open_ones = [part for part in parts if isinstance(part, pl.Expr)]
    if not open_ones:
        return None if parts else nothing
    if len(open_ones) < len(parts):
        open_ones.append(_column(None))
    joined: pl.Expr = reduce(how, open_ones)
    return joined


def _chosen(condition: _Truth, then: pl.Expr, otherwise: pl.Expr) -> pl.Expr:
    """Return ``then`` where a condition is true, ``otherwise`` where it is false or unknown."""
    import polars as pl

    if isinstance(condition, pl.Expr):
        return pl.when(condition).then(then).otherwise(otherwise)
    return then if condition is True else otherwise

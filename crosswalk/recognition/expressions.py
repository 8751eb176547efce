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

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_
from typing import TYPE_CHECKING, Any, TypeAlias

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
    return _column(_truth(condition, fields, columns))


def outcome(rule: Rule, fields: _Fields, columns: Collection[str] | None = None) -> pl.Expr:
    """Return the outcome of a rule: 0 not applicable, 1 pass, 2 unknown, 3 fail (``UInt8``, by its code).

    A rule is not applicable where ``when`` is false. Where ``when`` is unknown it passes if ``requires``
    holds, and is unknown else.
    """
    import polars as pl

    def code(number: int) -> pl.Expr:
        return pl.lit(number, dtype=pl.UInt8)

    when = True if rule.when is None else _truth(rule.when, fields, columns)
    found = code(NOT_APPLICABLE)
    if when is not False:
        holds = _truth(rule.requires, fields, columns)
        refuted = _all([when, _not(holds)])
        # Built from the inside: the later a case is added, the earlier it is asked.
        found = code(UNKNOWN)
        found = _chosen(refuted, code(FAIL), found)
        found = _chosen(holds, code(PASS), found)
        found = _chosen(_not(when), code(NOT_APPLICABLE), found)
    return found.alias(rule.code)


def outcomes(rules: Iterable[Rule], fields: _Fields, columns: Collection[str] | None = None) -> list[pl.Expr]:
    """Return the outcomes of many rules, to be added to a claims table in one go (``with_columns``).

    What rules have in common is written out in each of them. A lazy query works it out once
    (``comm_subexpr_elim``); a ``DataFrame`` does not, and takes four times as long. A rule that no column of
    the table touches is a constant, so that ``select`` alone may give fewer rows than there are.
    """
    return [outcome(rule, fields, columns) for rule in rules]


def _truth(condition: Condition, fields: _Fields, columns: Collection[str] | None) -> _Truth:
    if isinstance(condition, Test):
        return _test(condition, fields, columns)
    parts = [_truth(one, fields, columns) for one in condition.of]
    return _all(parts) if isinstance(condition, AllOf) else _any(parts)


def _test(test: Test, fields: _Fields, columns: Collection[str] | None) -> _Truth:
    import polars as pl

    named = [test.field] if test.other is None else [test.field, test.other]
    if columns is not None and any(name not in columns for name in named):
        return None if test.required else True
    field, column = fields[test.field], pl.col(test.field)
    if test.operator == "stated":
        if not test.required:
            return True
        return pl.when(_given(column, field)).then(pl.lit(True))
    if field.kind == "list":
        every = column.list.eval(_demand(test, field, pl.element())).list.all()
        found: pl.Expr = pl.when(_given(column, field)).then(every)
    else:
        found = _demand(test, field, column)
    return found if test.required else found.fill_null(True)


def _given(column: pl.Expr, field: ClaimField) -> pl.Expr:
    import polars as pl

    if field.kind == "list":
        return column.list.eval(pl.element().is_not_null()).list.any()
    return column.is_not_null()


def _demand(test: Test, field: ClaimField, column: pl.Expr) -> pl.Expr:
    """Return what a test demands of a value: null of none."""
    import polars as pl

    if test.operator == "matches":
        return column.str.contains(test.values[0])
    values = [_value(value, field) for value in test.values]
    if test.operator in _COMPARE:
        with_what = pl.lit(values[0]) if test.other is None else pl.col(test.other)
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

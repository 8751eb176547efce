"""Joint processes for tests, and situations that ask for options none of our regimes asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from crosswalk.engine.operations.situation import Outcome, Situation
from crosswalk.footprint.activity import JointProcess, Output
from crosswalk.footprint.quantity import Quantity
from tests.engine.operations.conftest import burden, q

KEYS = ("mass", "energy", "economic", "mole", "carbon")


def output(
    name: str,
    amount: str,
    displaced: str | None = None,
    *,
    group: str | None = None,
    waste: bool = False,
    **keys: str,
) -> Output:
    return Output(
        name=name,
        path=f"outputs.{name}",
        amount=q(amount),
        keys={key: q(value) for key, value in keys.items()},
        displaced=None if displaced is None else burden(displaced),
        group=group,
        waste=waste,
    )


def joint(*outputs: Output, name: str = "joint", key: str | None = "mass", **changes: Any) -> JointProcess:
    given = {"burden": burden("10"), "used": q("1"), "product": outputs[0].name, "path": name}
    return JointProcess(name=name, key=key, outputs=outputs, **{**given, **changes})


def asking(situation: Situation, dimension: str, *permitted: str, **changes: Any) -> Situation:
    """The same situation towards a target that permits these options, as none of ours may do."""
    one = replace(situation.asked[dimension], permitted=permitted, **changes)
    return replace(situation, asked={**situation.asked, dimension: one})


def found(outcome: Outcome | None) -> Outcome:
    assert outcome is not None
    return outcome


def share(outputs: Sequence[tuple[str, str]], at: int) -> Fraction:
    """Key times amount over the sum of them, for (key, amount) of each output."""
    made = [Fraction(key) * Fraction(amount) for key, amount in outputs]
    return made[at] / sum(made)


def exact(value: Fraction) -> Quantity:
    """A number without rounding."""
    return Quantity(text=str(value), value=value, half=Fraction(0))


A, B = output("a", "2", mass="1", energy="30"), output("b", "6", "0.5", mass="1", energy="10")

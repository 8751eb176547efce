"""Proofs as plain data: ``certificates.json``, with every number as an exact fraction.

A program is written once, however many scenarios or claims share it; the ends of its rows stand with the
scenario, for they are the numbers of the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from crosswalk.engine.cells import Mask, Universe
from crosswalk.engine.certificate import Certificate
from crosswalk.engine.held import Ray
from crosswalk.engine.operations.bounds import NOTHING
from crosswalk.engine.program import Program
from crosswalk.engine.proofs import End, Proof, columns
from crosswalk.evidence.certificates import FORMAT, VERSION

_AXES = ("stage", "activity", "gas", "origin")


class Programs:
    """The programs written so far, each once."""

    def __init__(self, universe: Universe) -> None:
        self._universe = universe
        self._written: list[dict[str, Any]] = []
        self._texts: dict[str, int] = {}
        self._known: dict[tuple[int, tuple[int, int]], tuple[Program, int]] = {}

    def document(self, intervals: dict[str, Any]) -> dict[str, Any]:
        """Return everything, with ``intervals`` made by :meth:`interval`."""
        names = [sorted({cell[place] for cell in self._universe.cells}) for place in range(len(_AXES))]
        numbers = [{name: number for number, name in enumerate(one)} for one in names]
        return {
            "format": FORMAT,
            "version": VERSION,
            "axes": dict(zip(_AXES, names, strict=True)),
            "cells": [
                [numbers[axis][name] for axis, name in enumerate(cell)] for cell in self._universe.cells
            ],
            "programs": self._written,
            "intervals": intervals,
        }

    def interval(self, proofs: Sequence[Proof], whole: bool) -> dict[str, Any]:
        """Return one interval: its ends as far as they are proven, and all scenarios behind it."""
        scenarios = [self._scenario(one) for one in proofs]
        fitting = [one for one in scenarios if "refuted" not in one]
        ends: dict[str, str | None] = {}
        for side, choose in (("low", min), ("high", max)):
            found = [_total(one, side) for one in fitting]
            known = [one for one in found if one is not None]
            closed = whole and known and len(known) == len(found)
            ends[side] = str(choose(known)) if closed else None
        return {**ends, "whole": whole, "scenarios": scenarios}

    def _scenario(self, proof: Proof) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if proof.scenario is not None:
            made["source"] = dict(sorted(proof.scenario.source.items()))
            made["target"] = dict(sorted(proof.scenario.target.items()))
        made["program"] = self._number(proof)
        made["ends"] = [[_text(low), _text(high)] for low, high in proof.data.pairs]
        if proof.low is None or proof.high is None:
            multipliers = _multipliers(proof.refutation)
            return {**made, "refuted": {} if multipliers is None else multipliers}
        same = proof.objectives[0] == proof.objectives[1]
        made["low"] = self._end(proof, proof.low, 0, -1)
        made["high"] = self._end(proof, proof.high, 0 if same else 1, 1)
        if proof.delta != NOTHING:
            made["delta"] = {
                "low": _text(proof.delta.low),
                "high": _text(proof.delta.high),
                "operations": list(proof.operations),
            }
        return made

    def _end(self, proof: Proof, end: End, objective: int, sign: int) -> dict[str, Any]:
        if end.proof is None:
            return {"bound": None, "multipliers": None, "open": _cells(end.ray)}
        bound = sign * end.proof.bound(proof.data.exact)
        made: dict[str, Any] = {"objective": objective, "bound": _text(bound)}
        made["multipliers"] = _multipliers(end.proof, sign)
        if end.empty is not None:
            made["empty"] = _multipliers(end.empty)
        return made

    def _number(self, proof: Proof) -> int:
        program, key = proof.program, (id(proof.program), proof.objectives)
        if key not in self._known:
            made = self._program(program, list(dict.fromkeys(proof.objectives)))
            text = json.dumps(made, sort_keys=True)
            if text not in self._texts:
                self._texts[text] = len(self._written)
                self._written.append(made)
            self._known[key] = (program, self._texts[text])
        return self._known[key][1]

    def _program(self, program: Program, objectives: list[int]) -> dict[str, Any]:
        found = columns(program, objectives)
        used = {cell for column in found for cell in column.cells}
        dead = [cell for cell in range(len(self._universe)) if program.dead[cell]]
        return {
            "rows": [{"name": row.name, "path": row.path, "stated": row.stated} for row in program.rows],
            "objectives": ["value"] if len(objectives) == 1 else ["value at least", "value at most"],
            "columns": [
                {
                    "cells": ranges(column.cells),
                    "rows": {str(row): str(value) for row, value in column.rows.items()},
                    "objectives": [str(value) for value in column.objectives],
                    **({"unknown": list(column.blind)} if any(column.blind) else {}),
                }
                for column in found
            ],
            "empty": ranges(dead),
            "idle": ranges(_idle(program.dead, used)),
        }


def _total(scenario: dict[str, Any], side: str) -> Fraction | None:
    bound, delta = scenario[side]["bound"], scenario.get("delta")
    if bound is None or (delta is not None and delta[side] is None):
        return None
    return Fraction(bound) + (Fraction(delta[side]) if delta else 0)


def _idle(dead: Mask, used: set[int]) -> list[int]:
    """Cells that may hold something, but count nowhere."""
    return [cell for cell, empty in enumerate(dead.tolist()) if not empty and cell not in used]


def _multipliers(certificate: Certificate | None, sign: int = 1) -> dict[str, str] | None:
    if certificate is None:
        return None
    return {str(row): str(sign * value) for row, value in enumerate(certificate.multipliers) if value}


def _cells(ray: Ray) -> str:
    return ranges(sorted({cell for cells in ray for cell in cells}))


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def ranges(numbers: Iterable[int]) -> str:
    """Return ascending numbers as ranges.

    >>> ranges([0, 1, 2, 5, 7, 8])
    '0-2,5,7-8'
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ",".join(f"{low}-{high}" if high > low else str(low) for low, high in found)

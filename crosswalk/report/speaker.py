"""How codes are spoken: options, dimensions, classes and evidence in words of one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.records import Text
from crosswalk.messages import codes, say
from crosswalk.results import Cited

#: So many of a long list are named; the others are counted.
FEW = 4


class Speaker(NamedTuple):
    """One language, with the catalogue that knows the labels; ``full`` leaves nothing out."""

    lang: str = "en"
    catalogue: Catalogue | None = None
    full: bool = False

    def say(self, code: str, **values: object) -> str:
        """Return a sentence of ours."""
        return say(code, self.lang, **values)

    def text(self, text: Text) -> str:
        """Return a label of the catalogue."""
        return text.get(self.lang)

    def option(self, code: str) -> str:
        """Return the label of an option, or what the catalogue lacks, its code."""
        known = self.catalogue.options.get(code) if self.catalogue else None
        return self.text(known.label) if known else code

    def dimension(self, code: str) -> str:
        """Return the label of a dimension."""
        known = self.catalogue.dimensions.get(code) if self.catalogue else None
        return self.text(known.label) if known else code

    def regime(self, code: str) -> str:
        """Return the label of a regime, with its code."""
        known = self.catalogue.regimes.get(code) if self.catalogue else None
        return self.named(self.text(known.label), code) if known else code

    def thing(self, code: str) -> str:
        """Return the label of an activity, an origin, a stage, a gas or a family of gases."""
        if self.catalogue is not None:
            for scheme in (
                self.catalogue.activities,
                self.catalogue.origins,
                self.catalogue.stages,
                self.catalogue.gases,
                self.catalogue.gas_families,
            ):
                if code in scheme:
                    return self.text(scheme[code].label)
        return code

    def named(self, label: str, code: str) -> str:
        """Return a label with its code behind it."""
        return self.say("report.named", label=label, name=code)

    def word(self, kind: str, code: str) -> str:
        """Return a word of a closed list of ours (``class``, ``evidence``, ...); the code if it is new."""
        key = f"{kind}.{code}"
        return self.say(key) if key in codes() else code

    def told(self, label: str, what: str) -> str:
        """Return what is said under a label."""
        return self.say("word.told", label=label, what=what)

    def parts(self, items: Iterable[str]) -> str:
        """Return parts of a sentence, each of which may have commas."""
        return ("；" if self.lang == "zh" else "; ").join(items)

    def join(self, items: Iterable[str]) -> str:
        """Return a list in one line."""
        return self.say("report.list-separator").join(items)

    def some(self, items: Sequence[str], most: int = FEW) -> str:
        """Return the first few of a list, and how many more there are."""
        # Labels hold commas and semicolons of their own.
        shown = " | ".join(items if self.full else items[:most])
        left = len(items) - most
        return shown if self.full or left <= 0 else shown + self.say("report.more", count=left)

    def options(self, found: Sequence[str]) -> str:
        """Return options by label, one after the other; "not stated" if there are none."""
        if not found:
            return self.say("report.not-stated")
        return self.some([self.option(code) for code in found])

    def clause(self, clause: str) -> str:
        """Return a clause, or that it is not known."""
        return (
            self.say("report.clause-unknown")
            if clause == "unknown"
            else self.say("report.clause", clause=clause)
        )

    def about(self, cited: Cited) -> str:
        """Return what a citation is about: a regime and a dimension, or whatever it names."""
        regime, _, dimension = cited.about.partition(" ")
        return f"{regime} {self.dimension(dimension)}" if dimension else regime

    def resting(self, cited: Cited) -> str:
        """Return one citation: regime, clause, evidence, sources."""
        regime = cited.about.partition(" ")[0]
        return self.say(
            "report.resting",
            about=regime,
            clause=self.clause(cited.clause),
            evidence=self.word("evidence", cited.evidence),
        )

    def status(self, status: str) -> str:
        """Return the status of a regime, which may have several parts."""
        return self.join(self.word("status", part) for part in status.split(", "))

    def cell(self, codes_of_cell: str) -> str:
        """Return a cell, given as codes with dots between, in words."""
        return " · ".join(self.thing(part) for part in codes_of_cell.split(" · "))

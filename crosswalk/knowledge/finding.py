"""Faults of the knowledge: what a check of any kind reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from crosswalk.knowledge.records import Record, Text
from crosswalk.messages import say

Severity = Literal["error", "warning"]


class Finding(Record):
    """One fault: the file, the subject (a CURIE), a rule code, what is wrong and what to do."""

    file: str
    subject: str
    rule: str
    severity: Severity
    message: Text
    fix: Text

    def show(self, lang: str = "en") -> str:
        """Return the finding as one line of text.

        >>> text = Text(en="has no code", zh="缺少代码")
        >>> fix = Text(en="Add skos:notation.", zh="请补充 skos:notation。")
        >>> Finding(
        ...     file="a.ttl", subject="reg:X", rule="notation", severity="error", message=text, fix=fix
        ... ).show()
        'a.ttl: reg:X has no code [notation]. Add skos:notation.'
        """
        head = f"{self.file}: {self.subject} " if self.subject else f"{self.file}: "
        stop = "。" if lang == "zh" else ". "
        return f"{head}{self.message.get(lang)} [{self.rule}]{stop}{self.fix.get(lang)}"


def finding(
    rule: str, file: str, subject: str, severity: Severity = "error", **values: str | int | Text
) -> Finding:
    """Return a finding with the sentences ``lint.<rule>`` and ``lint.<rule>.fix``."""
    return Finding(
        file=file,
        subject=subject,
        rule=rule,
        severity=severity,
        message=_say(f"lint.{rule}", values),
        fix=_say(f"lint.{rule}.fix", values),
    )


def _say(code: str, values: dict[str, str | int | Text]) -> Text:
    def filled(lang: str) -> str:
        given = {name: one.get(lang) if isinstance(one, Text) else one for name, one in values.items()}
        return say(code, lang, **given)

    return Text(en=filled("en"), zh=filled("zh"))


def ordered(faults: Iterable[Finding]) -> list[Finding]:
    """Return faults without repetitions: errors first, then by file and subject."""
    return sorted(
        set(faults), key=lambda one: (one.severity, one.file, one.subject, one.rule, one.message.en)
    )

"""A run over claims as a page: one file, no script, nothing from elsewhere.

It is made from counts, so it costs the same for ten claims and for a hundred million. It is built as a tree,
which escapes whatever files, columns and labels hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from xml.etree.ElementTree import Element, SubElement, tostring

from crosswalk.messages import codes
from crosswalk.report.run import File, Run, heights, rules, share
from crosswalk.report.speaker import Speaker

#: Rules, fields and columns that are listed; the others are counted.
_MOST = 25
_VERDICTS = ("recognised", "conditional", "undecided", "refused", "not-assessable", "not-applicable")
_VALUES = ("proven-within", "undecided", "proven-outside")
_STATUSES = ("answered", "open", "refused", "inconsistent", "error", "none")
#: What no page may hold: controls, and halves of characters, as names of files may.
_NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def page(run: Run, speaker: Speaker) -> str:
    """Return the page on a run, as HTML."""
    root = Element("html", lang="zh-CN" if speaker.lang == "zh" else "en")
    head = SubElement(root, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    SubElement(head, "meta", attrib={"http-equiv": "Content-Security-Policy", "content": _POLICY})
    _text(SubElement(head, "title"), speaker.say("page.title"))
    SubElement(head, "style").text = files("crosswalk.report").joinpath("page.css").read_text("utf-8")
    main = SubElement(SubElement(root, "body"), "main")
    _head(main, run, speaker)
    _verdicts(main, run, speaker)
    _levels(main, run, speaker)
    _rules(main, run, speaker)
    _asks(main, run, speaker)
    _values(main, run, speaker)
    _errors(main, run, speaker)
    _origin(main, run, speaker)
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def _text(element: Element, text: str) -> Element:
    element.text = _NEVER.sub("\ufffd", text)
    return element


def _add(parent: Element, tag: str, text: str = "", of: str = "", **attributes: str) -> Element:
    if of:
        attributes["class"] = of
    made = SubElement(parent, tag, attributes)
    return _text(made, text) if text else made


def _section(parent: Element, title: str, lead: str = "") -> Element:
    made = _add(parent, "section")
    _add(made, "h2", title)
    if lead:
        _add(made, "p", lead, of="lead")
    return made


def _head(main: Element, run: Run, speaker: Speaker) -> None:
    header = _add(main, "header")
    _add(header, "h1", speaker.say("page.title"))
    to = run.asked.get("to", "")
    target = _party(to, speaker) if to else speaker.say("page.each-its-own")
    _add(header, "p", speaker.say("page.asked", target=target, day=run.asked.get("as_of", "–")), of="lead")
    if run.asked.get("assume"):
        _add(header, "p", speaker.say("page.assumed", names=run.asked["assume"]), of="lead")
    tiles = _add(main, "div", of="tiles")
    provisional = share(run.of("provisional").get("true", 0), run.verdicts)
    for value, label in (
        (f"{run.rows:,}", "page.rows"),
        (f"{run.of('verdict').get('recognised', 0):,}", "page.recognised"),
        (f"{run.failed:,}", "page.failed"),
        (_percent(provisional), "page.provisional"),
    ):
        tile = _add(tiles, "div", of="tile")
        _add(tile, "b", value)
        _add(tile, "span", speaker.say(label))


def _party(code: str, speaker: Speaker) -> str:
    bodies = speaker.catalogue.recognition.bodies if speaker.catalogue else {}
    body = bodies.get(code.removeprefix("body:"))
    return speaker.named(speaker.text(body.label), code) if body else speaker.regime(code)


def _verdicts(main: Element, run: Run, speaker: Speaker) -> None:
    found = run.of("verdict")
    made = _section(main, speaker.say("page.verdicts"))
    parts = {one: _percent(share(found.get(one, 0), found)) for one in _VERDICTS}
    band = _add(made, "div", of="band", role="img")
    band.set(
        "aria-label", speaker.join(f"{speaker.say(f'decision.{one}')} {parts[one]}" for one in _VERDICTS)
    )
    for one in _VERDICTS:
        if found.get(one):
            _add(band, "i", of=f"of {one}", style=f"width:{100 * share(found[one], found):.4f}%")
    body = _table(made, ["", "claim.verdict", "page.meaning", "claim.claims", "page.share"], speaker)
    for one in _VERDICTS:
        row = _add(body, "tr")
        _add(_add(row, "td"), "i", of=f"dot {one}")
        _add(row, "th", speaker.say(f"decision.{one}"), scope="row")
        _add(row, "td", speaker.say(f"decision-meaning.{one}"), of="soft")
        _add(row, "td", f"{found.get(one, 0):,}", of="number")
        _add(row, "td", parts[one], of="number")


def _levels(main: Element, run: Run, speaker: Speaker) -> None:
    levels = speaker.catalogue.recognition.levels.values() if speaker.catalogue else ()
    known = {one.rank: speaker.text(one.label) for one in levels}
    made = _section(main, speaker.say("page.levels"), speaker.say("page.levels-lead"))
    found = heights(run)
    body = _table(made, ["claim.level", "", "claim.claims", "page.share"], speaker)
    for rank in (None, *sorted(known)):
        name = speaker.say("page.no-level") if rank is None else f"{rank} {known[rank]}"
        _bar(body, name, found.get(rank, 0), run.verdicts)


def _rules(main: Element, run: Run, speaker: Speaker) -> None:
    found = rules(run)
    if not found:
        return
    made = _section(main, speaker.say("page.rules"), speaker.say("page.rules-lead"))
    heads = ["page.rule", "page.must-hold", "page.fails", "page.unknowns", "page.first"]
    body = _table(made, heads, speaker)
    for code, fails, unknown, first in found[:_MOST]:
        row = _add(body, "tr")
        _add(row, "th", code, scope="row")
        cell = _add(row, "td")
        _rule(cell, code, speaker)
        for count, of in ((fails, "refused"), (unknown, "undecided"), (first, "")):
            one = _add(row, "td", f"{count:,}" if count else "–", of="number")
            if of and count:
                _meter(one, share(count, run.verdicts), of)
    _left(made, len(found), speaker)


def _rule(cell: Element, code: str, speaker: Speaker) -> None:
    rule = speaker.catalogue.recognition.rules.get(code) if speaker.catalogue else None
    if rule is None:
        return
    _add(cell, "div", speaker.text(rule.label))
    told = speaker.say(
        "report.assumption-rests",
        clause=speaker.clause(rule.statement.clause),
        evidence=speaker.word("evidence", rule.statement.evidence),
        sources=speaker.join(rule.statement.sources) or speaker.say("report.none"),
    )
    severity = speaker.say(f"claim.severity-{rule.severity}")
    _add(cell, "div", speaker.say("claim.rests", severity=severity, cited=told), of="soft")


def _asks(main: Element, run: Run, speaker: Speaker) -> None:
    found = sorted(
        ((code, n) for code, n in run.of("asks").items() if code), key=lambda one: (-one[1], one[0])
    )
    if not found:
        return
    fields = speaker.catalogue.recognition.fields if speaker.catalogue else {}
    made = _section(main, speaker.say("page.asks"), speaker.say("page.asks-lead"))
    body = _table(made, ["page.field", "", "claim.claims", "page.share"], speaker)
    for code, count in found[:_MOST]:
        label = speaker.named(speaker.text(fields[code].label), code) if code in fields else code
        _bar(body, label, count, run.verdicts)
    _left(made, len(found), speaker)


def _values(main: Element, run: Run, speaker: Speaker) -> None:
    made = _section(main, speaker.say("page.values"), speaker.say("page.values-lead"))
    judged, status = run.of("value"), run.of("value_status")
    body = _table(made, ["page.asserted", "", "claim.claims", "page.share"], speaker)
    for code in _VALUES:
        _bar(body, speaker.say(f"page.value-{code}"), judged.get(code, 0), run.verdicts)
    _bar(body, speaker.say("page.value-nothing"), judged.get("", 0), run.verdicts)
    body = _table(made, ["page.converted", "", "claim.claims", "page.share"], speaker)
    for code in _STATUSES:
        _bar(body, speaker.say(f"page.status-{code}"), status.get(code, 0), run.verdicts)


def _errors(main: Element, run: Run, speaker: Speaker) -> None:
    if run.codes:
        made = _section(
            main, speaker.say("page.errors"), speaker.say("page.errors-lead", count=f"{run.failed:,}")
        )
        body = _table(made, ["page.kind", "page.says", "page.errors-count"], speaker)
        for code, count in sorted(run.codes.items(), key=lambda one: (-one[1], one[0])):
            row = _add(body, "tr")
            _add(row, "th", code, scope="row")
            _add(row, "td", _pattern(code, speaker), of="soft")
            _add(row, "td", f"{count:,}", of="number")
    if run.unused:
        made = _section(main, speaker.say("claim.unused"))
        listed = _add(made, "ul")
        for path, count, names in run.unused:
            told = speaker.join(names[:_MOST])
            left = speaker.say("report.more", count=count - _MOST) if count > _MOST else ""
            _add(listed, "li", (speaker.say("page.of-file", path=path, names=told) if path else told) + left)


def _pattern(code: str, speaker: Speaker) -> str:
    """Return the sentence of a kind of error, with what differs from row to row left out."""
    key = f"error.{code}"
    if key not in codes():
        return ""
    from crosswalk.messages import pattern

    return pattern(key, speaker.lang)


def _origin(main: Element, run: Run, speaker: Speaker) -> None:
    made = _section(main, speaker.say("page.origin"))
    names = {name: text for name, text in (*run.asked.items(), *run.versions.items()) if text}
    body = _table(made, ["page.what", "page.which"], speaker)
    for name, text in names.items():
        row = _add(body, "tr")
        _add(row, "th", speaker.word("page-asked", name), scope="row")
        _add(_add(row, "td"), "code", text)
    for title, found in (("page.inputs", run.inputs), ("page.outputs", run.outputs)):
        if found:
            _files(made, title, found, speaker)


def _files(parent: Element, title: str, found: Sequence[File], speaker: Speaker) -> None:
    body = _table(parent, [title, "page.size", "page.hash"], speaker)
    for one in found[: 4 * _MOST]:
        row = _add(body, "tr")
        _add(row, "th", one.path, scope="row")
        _add(row, "td", f"{one.size:,}", of="number")
        _add(_add(row, "td"), "code", one.sha256)
    _left(parent, len(found), speaker, 4 * _MOST)


def _table(parent: Element, heads: Iterable[str], speaker: Speaker) -> Element:
    """Add a table with headings, each the code of a sentence or nothing; return its body."""
    made = _add(_add(parent, "div", of="wide"), "table")
    row = _add(_add(made, "thead"), "tr")
    numbers = ("claim.claims", "page.share", "page.first", "page.fails", "page.unknowns", "page.size")
    for head in heads:
        of = "number" if head in (*numbers, "page.errors-count") else ""
        _add(row, "th", speaker.say(head) if head else "", of, scope="col")
    return _add(made, "tbody")


def _bar(body: Element, name: str, count: int, whole: int) -> None:
    row = _add(body, "tr")
    _add(row, "th", name, scope="row")
    _meter(_add(row, "td", of="bar"), share(count, whole), "plain")
    _add(row, "td", f"{count:,}", of="number")
    _add(row, "td", _percent(share(count, whole)), of="number")


def _meter(cell: Element, part: float, of: str) -> None:
    _add(_add(cell, "div", of="meter"), "i", of=f"of {of}", style=f"width:{100 * min(part, 1):.4f}%")


def _left(parent: Element, count: int, speaker: Speaker, most: int = _MOST) -> None:
    if count > most:
        _add(parent, "p", speaker.say("report.and-more", count=f"{count - most:,}"), of="soft")


def _percent(part: float) -> str:
    """Return a share in percent: never 0 for something, never 100 for less than all.

    >>> _percent(0.0), _percent(0.00001), _percent(0.1234), _percent(0.99999), _percent(1.0)
    ('0 %', '<0.1 %', '12.3 %', '>99.9 %', '100 %')
    """
    if 0 < part < 0.001:
        return "<0.1 %"
    if 0.999 < part < 1:
        return ">99.9 %"
    return f"{100 * part:.1f} %" if 0 < part < 1 else f"{100 * part:.0f} %"

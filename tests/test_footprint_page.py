"""docs/footprint.md: its samples are read as they stand, and it names every section and every field."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema

from crosswalk.formats import _own_lines, read, schema
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.load import load
from tests.formats.everything import ACTIVITY, LINES

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "footprint.md").read_text("utf-8")


def samples() -> dict[str, Any]:
    found = re.findall(r"<!-- section: (\w+) -->\n```json\n(.*?)```", PAGE, re.S)
    return {name: json.loads(text) for name, text in found}


def rows(head: str) -> dict[str, str]:
    part = PAGE.partition(f"## {head}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", part, re.M))


def test_the_samples_are_read_as_they_stand() -> None:
    catalogue: Catalogue = load()
    assert samples()
    payload = {"crosswalk": "footprint/2", "declared_unit": "kg", "total": "1.2", **samples()}
    jsonschema.validate(payload, schema())
    footprint = read(payload, catalogue)
    assert footprint.unused == ()
    assert footprint.activity is not None
    assert len(footprint.activity.electricity) == 2


def test_every_section_is_named_with_its_fields() -> None:
    lines, activity = rows("Itemised lines"), rows("Activity data")
    assert (list(lines), list(activity)) == (list(LINES), list(ACTIVITY))
    properties = schema()["properties"]
    for name, row in {**lines, **activity}.items():
        if name != "recycling":
            given = {**LINES, **ACTIVITY}[name]
            fields = given[-1] if isinstance(given, list) else given
            assert all(
                f"`{field}`" in row for field in fields if field not in ("comment", "name", "registry")
            ), name
        assert name in properties


def test_the_kinds_are_those_the_reader_knows() -> None:
    row = rows("Itemised lines")
    assert all(f"`{kind}`" in row["credits"] for kind in _own_lines._CREDITS)
    assert all(f"`{kind}`" in row["capital_goods"] for kind in _own_lines._GOODS)


def test_files_named_exist() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", PAGE) if "://" not in link]
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []

"""The strict reader: every fault is found, with its line and its column, and no row is lost."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from crosswalk.mappings.checks import between_rows, cardinalities
from crosswalk.mappings.sssom import Fault, read

ROOT = Path(__file__).parents[2]
BROKEN = Path(__file__).parent / "broken"
SHARED = ROOT.parent / "shared" / "samples"
CONFORMANCE = SHARED / "conformance" / "sssom"
needs_samples = pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the shared samples are not here")
HEAD = (
    b"#curie_map:\n#  a: https://example.org/a/\n#mapping_set_id: https://example.org/s\n"
    b"#license: https://example.org/l\nsubject_id\tpredicate_id\tobject_id\tmapping_justification\tcomment\n"
)
GOOD = b"a:1\tskos:exactMatch\ta:2\tsemapv:MappingReview\t\n"

#: What each official example holds that our closed lists refuse; all others must pass.
REFUSED = {
    "example1.sssom.tsv": {"sssom-header"},  # its block is a file of its own
    "extension-slots.sssom.tsv": {"sssom-slot", "sssom-column"},
    "predicate-types.sssom.tsv": {"sssom-predicate"},
    "version.sssom.tsv": {"sssom-metadata"},
    "basic.tsv": {"sssom-predicate", "sssom-justification", "sssom-duplicate"},
    "sssom11-extensions.sssom.tsv": {"sssom-slot", "sssom-column", "sssom-predicate", "sssom-duplicate"},
}


def faults(content: bytes) -> list[Fault]:
    sheet = read(content)
    return [*sheet.faults, *between_rows(sheet)]


def test_a_good_file_has_no_faults() -> None:
    sheet = read(HEAD + GOOD)
    assert sheet.faults == []
    assert sheet.rows[0].line == 6
    assert sheet.rows[0].iris["object_id"] == "https://example.org/a/2"


@pytest.mark.parametrize("count", [1, 7, 40])
def test_no_row_is_dropped(count: int) -> None:
    bad = b"\tskos:none\t\t\t\n"
    assert len(read(HEAD + (GOOD + bad) * count).rows) == 2 * count


def test_lines_count_cells_that_break_over_lines() -> None:
    broken = GOOD.replace(b"\t\n", b'\t"two\nlines"\n') + GOOD.replace(b"skos:", b"nope:")
    (fault,) = faults(HEAD + broken)
    assert (fault.rule, fault.line) == ("sssom-prefix", 8)


def test_windows_line_ends_and_a_byte_order_mark_are_fine() -> None:
    assert faults(b"\xef\xbb\xbf" + (HEAD + GOOD).replace(b"\n", b"\r\n")) == []


@pytest.mark.parametrize("content", [b"", b"#", b"\n\n", b"#a: [", b"# - 1\n", b"a\tb\n1\n", b"\x00\t\n"])
def test_any_input_gives_faults_and_no_exception(content: bytes) -> None:
    assert faults(content)


def test_a_hidden_near_miss_is_named() -> None:
    (fault,) = read(HEAD.replace(b"comment", b"coment")).faults
    assert fault.values["near"] == "comment"


@needs_samples
def test_official_examples() -> None:
    files = sorted(CONFORMANCE.rglob("*.tsv"))
    assert len(files) >= 15
    for file in files:
        found = {fault.rule for fault in faults(file.read_bytes())}
        assert found == REFUSED.get(file.name, set()), file.name


@needs_samples
@pytest.mark.parametrize("name", ["cardinality.sssom.tsv", "cardinality-with-NoTermFound.sssom.tsv"])
def test_cardinalities_are_those_of_the_official_examples(name: str) -> None:
    (file,) = CONFORMANCE.rglob(name)
    sheet = read(file.read_bytes())
    real = cardinalities(sheet.rows)
    assert [real[row.line] for row in sheet.rows] == [row.get("mapping_cardinality") for row in sheet.rows]


@needs_samples
def test_no_row_of_the_official_examples_is_dropped() -> None:
    for file in CONFORMANCE.rglob("*.tsv"):
        if file.name == "example1.sssom.tsv":
            continue
        lines = [line for line in file.read_text("utf-8").splitlines() if line and line[0] != "#"]
        assert len(read(file.read_bytes()).rows) == sum(1 for _ in csv.reader(lines, delimiter="\t")) - 1

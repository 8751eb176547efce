"""Each file in ``broken`` has one fault; its first line says which finding must name it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosswalk.knowledge.index import Document
from crosswalk.knowledge.lint import lint, lint_documents

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.ttl"))
PREFIXES = "".join(
    line
    for line in (Path(__file__).parent / "base.ttl").read_text("utf-8").splitlines(True)
    if line.startswith("@prefix")
)
EXTENSION = """
@prefix ex: <http://example.org/> .
ex:thing ex:knows <http://example.org/other> .
"""


def test_well_formed_knowledge_has_no_findings(base: list[Document]) -> None:
    assert [one.show() for one in lint_documents(base)] == []


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_one_fault_a_file(path: Path, base: list[Document]) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    rule, _, subject = first.removeprefix("# expect: ").partition(" ")
    found = lint_documents([*base, Document(path.name, path.name, path.read_bytes())])
    assert {one.rule for one in found} == {rule}, [one.show() for one in found]
    assert rule == "syntax" or {one.subject for one in found} == {subject}
    for one in found:
        warned = rule == "incomplete"
        assert one.severity == ("warning" if warned else "error")
        assert one.file.startswith("base.ttl" if warned else path.name)
        for text in (one.message, one.fix):
            assert text.en
            assert any("一" <= letter <= "鿿" for letter in text.zh)
        assert one.message.en in one.show("en")
        assert one.fix.zh in one.show("zh")


def test_a_parse_error_names_the_line(base: list[Document]) -> None:
    broken = Document("b.ttl", "b.ttl", b"@prefix a: <http://a/> .\na:x a:y a:z .\na:x a:y .\n")
    (found,) = lint_documents([*base, broken])
    assert found.file == "b.ttl:3"


def test_the_likeliest_spelling_is_proposed(base: list[Document]) -> None:
    path = next(path for path in BROKEN if path.stem == "term-misspelt")
    (found,) = lint_documents([*base, Document(path.name, path.name, path.read_bytes())])
    assert "cw:permits" in found.fix.en
    assert "cw:permits" in found.fix.zh


def test_terms_of_others_are_left_alone(base: list[Document]) -> None:
    assert lint_documents([*base, Document("ex.ttl", "ex.ttl", EXTENSION.encode())]) == []


OPTION = """
opt:wood.more a cw:Option ; cw:dimension dim:wood ; skos:notation "more" ;
    skos:prefLabel "more"@en, "更多"@zh ; cw:effect [ cw:on [ %s ] ; cw:outOfScope true ] .
"""


def more(turtle: str) -> Document:
    return Document("more.ttl", "more.ttl", (PREFIXES + turtle).encode())


@pytest.mark.parametrize(
    ("turtle", "subject"),
    [
        ("opt:wood.in cw:effect [ cw:on [] ; cw:outOfScope true ] .", "opt:wood.in"),
        ("<https://w3id.org/carbon-crosswalk/regime/R/gwp> cw:permits opt:gwp.s .", "reg:R/gwp"),
        ("gwp:S cw:horizon 100 .", "gwp:S"),
        ("fmt:F.wood cw:on [ cw:gas inv:X4 ] .", "fmt:F.wood"),
        ("reg:R cw:buildsOn reg:R2 .", "reg:R"),
    ],
)
def test_what_a_file_defines_no_other_file_changes(turtle: str, subject: str, base: list[Document]) -> None:
    found = [one for one in lint_documents([*base, more(turtle)]) if one.rule == "elsewhere"]
    assert [(one.file, one.subject, one.severity) for one in found] == [("more.ttl", subject, "error")]
    assert "base.ttl" in found[0].message.en


def test_new_subjects_and_other_names_may_stand_anywhere(base: list[Document]) -> None:
    turtle = OPTION % "cw:origin inv:tree" + 'fmt:F.wood skos:hiddenLabel "timber" .'
    assert lint_documents([*base, more(turtle)]) == []


def test_an_effect_on_no_cell_is_warned_of(base: list[Document]) -> None:
    cells = """inv:air a cw:Origin ; skos:notation "air" ; skos:prefLabel "air"@en, "空气"@zh ."""
    found = lint_documents([*base, more(cells + OPTION % "cw:origin inv:air ; cw:gas inv:X4")])
    assert [(one.rule, one.subject, one.severity) for one in found] == [
        ("no-cells", "opt:wood.more", "warning")
    ]
    assert "X4 + air" in found[0].message.en


def test_findings_are_ordered_and_repeatable(base: list[Document]) -> None:
    many = [Document(path.name, path.name, path.read_bytes()) for path in BROKEN if path.stem != "syntax"]
    first, second = lint_documents([*base, *many]), lint_documents([*base, *many])
    assert first == second
    keys = [(one.severity, one.file, one.subject) for one in first]
    assert keys == sorted(keys)


@pytest.mark.slow
def test_the_real_knowledge_is_clean() -> None:
    errors = [one.show() for one in lint() if one.severity == "error"]
    assert errors == []

"""Every case of the corpus, one test each."""

from pathlib import Path

import pytest

from crosswalk.convert import convert
from crosswalk.errors import InputError
from crosswalk.formats import read
from crosswalk.formats._json import loads
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.load import load
from crosswalk.verify import Case, cases, run_case

CORPUS = Path(__file__).resolve().parent / "corpus"
CASES = [
    pytest.param(path, case, id=f"{path.stem}: {case.case}")
    for path in sorted(CORPUS.glob("*.yaml"))
    for case in cases(path)
]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


@pytest.mark.parametrize(("path", "case"), CASES)
def test_case(path: Path, case: Case, catalogue: Catalogue) -> None:
    found = run_case(case, path, catalogue)
    said = "\n".join(detail.en for detail in found.details)
    if found.outcome == "skip":
        pytest.skip(said)
    if found.outcome == "known-failure":
        pytest.xfail(said)
    assert found.outcome == "pass", said


def test_every_case_has_a_name_of_its_own() -> None:
    names = [param.id for param in CASES]
    assert len(names) == len(set(names))


def test_every_pair_of_core_regimes_is_tried() -> None:
    core = {"GBT:24067-2024", "ISO:14067-2018", "GHGP:PRODUCT-2011", "PACT:3.0"}
    tried = {
        (case.footprint["regime"], case.to)
        for case in cases(CORPUS / "regimes.yaml")
        if isinstance(case.footprint, dict)
    }
    assert {(a, b) for a in core for b in core} <= tried


# Too large, or too odd, to stand in a file.


@pytest.mark.parametrize(
    "content",
    [b"[" * 5_000_000 + b"]" * 5_000_000, b'{"data":' * 500 + b"1" + b"}" * 500],
    ids=["lists", "objects"],
)
def test_deep_nesting_is_refused(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        loads(content, "deep.json")
    assert caught.value.code == "file-deep"


def test_a_float_that_is_not_a_number_is_refused(catalogue: Catalogue) -> None:
    payload = {"crosswalk": "footprint/1", "declared_unit": "kg", "total": float("nan")}
    with pytest.raises(InputError) as caught:
        read(payload, catalogue)
    assert caught.value.code == "footprint-number"


def test_the_same_case_gives_the_same_answer_twice(catalogue: Catalogue) -> None:
    case = cases(CORPUS / "gwp-sets.yaml")[0]
    assert case.footprint is not None
    assert case.to is not None
    first, second = (
        convert(read(case.footprint, catalogue), to=case.to, catalogue=catalogue) for _ in range(2)
    )
    assert first.to_dict() == second.to_dict()

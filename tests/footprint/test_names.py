import msgspec
import pytest

from crosswalk.errors import UnknownNameError
from crosswalk.footprint import names
from crosswalk.knowledge.catalogue import Alias, Catalogue
from crosswalk.knowledge.load import load


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GB/T 24067-2024", "GBT:24067-2024"),
        ("GBT24067—2024", "GBT:24067-2024"),
        ("ＧＢ／Ｔ　24067－2024", "GBT:24067-2024"),
        ("gb/t 24067-2024", "GBT:24067-2024"),
        ("ISO14067", "ISO:14067-2018"),
        ("ISO Standard 14067", "ISO:14067-2018"),
        ("GHG Protocol Product standard", "GHGP:PRODUCT-2011"),
        ("GHGP-Product", "GHGP:PRODUCT-2011"),
        ("PACT-3.0", "PACT:3.0"),
        ("PACT:3.0", "PACT:3.0"),
    ],
)
def test_regimes_under_their_many_names(text: str, code: str, catalogue: Catalogue) -> None:
    assert names.resolve("regime", text, catalogue) == (code,)


def test_a_regime_known_by_name_only_says_so(catalogue: Catalogue) -> None:
    found = names.find("regime", "ISO 14083:2023", catalogue)
    assert found == names.Found((), ("ISO:14083-2023",))
    with pytest.raises(UnknownNameError) as caught:
        names.resolve("regime", "ISO 14083:2023", catalogue)
    assert caught.value.code == "regime-undescribed"
    assert "ISO:14083-2023" in str(caught.value)


def test_an_unknown_name_comes_with_near_ones(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownNameError) as caught:
        names.resolve("regime", "GB/T 24067-2042", catalogue)
    assert "GBT:24067-2024" in caught.value.values["near"]
    assert "核算制度" in caught.value.message("zh")


def test_a_regime_like_no_other_comes_with_how_to_list_all(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownNameError) as caught:
        names.resolve("regime", "qqqqqqqq", catalogue)
    assert caught.value.code == "regime-unknown"
    for lang in ("en", "zh"):
        assert "crosswalk regimes" in caught.value.message(lang)
        assert "PACT" not in caught.value.message(lang)


def test_several_meanings_are_all_returned(catalogue: Catalogue) -> None:
    found = names.resolve_option("gwp-set", "AR6", catalogue)
    assert set(found) == {"gwp-set.ar6-t715", "gwp-set.ar6-7sm7"}


@pytest.mark.parametrize(
    ("dimension", "text", "code"),
    [
        ("gwp-set", "ar5-28", "gwp-set.ar5-28"),
        ("gwp-set", "gwp-set.ar5-28", "gwp-set.ar5-28"),
        ("gwp-set", "AR6, Table 7.15", "gwp-set.ar6-t715"),
        ("gwp-set", "EF 3.1", "gwp-set.ef-3.1"),
        ("boundary", "cradle to gate", "boundary.cradle-to-gate"),
        ("boundary", "从摇篮到大门", "boundary.cradle-to-gate"),
        ("capital-goods", "excluded", "capital-goods.excluded"),
        ("packaging", "excluded", "packaging.excluded"),
    ],
)
def test_options_stay_inside_their_dimension(
    dimension: str, text: str, code: str, catalogue: Catalogue
) -> None:
    assert names.resolve_option(dimension, text, catalogue) == (code,)


def test_an_unknown_option_comes_with_all_there_are(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownNameError) as caught:
        names.resolve_option("boundary", "cradle to cradle", catalogue)
    options = (code.split(".", 1)[1] for code in catalogue.dimensions["boundary"].options)
    assert caught.value.values["near"] == ", ".join(sorted(options))


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("gas", "甲烷", "CH4"),
        ("gas", "74-82-8", "CH4"),
        ("gas", "ch4", "CH4"),
        ("gas family", "hfc", "HFC"),
        ("stage", "End of life", "end-of-life"),
        ("activity", "电力", "electricity"),
        ("origin", "land use", "land"),
        ("format", "pact-3.0", "PACT-3.0"),
        ("dimension", "gwp set", "gwp-set"),
    ],
)
def test_other_kinds(kind: str, text: str, code: str, catalogue: Catalogue) -> None:
    assert names.resolve(kind, text, catalogue) == (code,)


def test_nothing_resolves_to_nothing(catalogue: Catalogue) -> None:
    for text in ("", " ", "-/–"):
        assert not names.find("regime", text, catalogue)


def test_another_catalogue_has_its_own_names(catalogue: Catalogue) -> None:
    alias = Alias(spelling="house rule", kind="regime", denotes=("PACT:3.0",))
    other = msgspec.structs.replace(catalogue, aliases=(*catalogue.aliases, alias))
    assert names.find("regime", "House-Rule", other).codes == ("PACT:3.0",)
    assert not names.find("regime", "House-Rule", catalogue)

"""A product is found by any name or code it travels under, or refused with the names of its rivals."""

from __future__ import annotations

import pytest

from crosswalk.errors import UnknownNameError
from crosswalk.mappings import find_product, find_term
from crosswalk.mappings.records import Mappings


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ethylene", "ethylene"),
        ("乙烯", "ethylene"),
        ("290121", "ethylene"),
        ("2901 21 00", "ethylene"),
        ("HS:290121", "ethylene"),
        ("CN:29012100", "ethylene"),
        ("74-85-1", "ethylene"),
        ("1070202010200000000", "ethylene"),
        ("PX", "p-xylene"),
        ("烧碱", "caustic-soda"),
        ("naphtha", "naphtha"),
        ("33330", "naphtha"),
        ("product:urea", "urea"),
        ("27101942", "diesel"),
        ("2394", "clinker"),
    ],
)
def test_names_and_codes(name: str, code: str, mappings: Mappings) -> None:
    assert find_product(name, mappings=mappings).product.code == code


def test_every_product_is_found_by_its_labels_and_its_code(mappings: Mappings) -> None:
    for code, product in mappings.products.items():
        for name in (code, product.label.en, product.label.zh):
            assert find_product(name, mappings=mappings).product.code == code


def test_a_shared_code_names_all_who_share_it(mappings: Mappings) -> None:
    with pytest.raises(UnknownNameError) as caught:
        find_product("34110", mappings=mappings)
    assert caught.value.code == "product-ambiguous"
    assert len(caught.value.values["near"].split(", ")) == 8


def test_a_dead_code_leads_to_the_product_of_its_successors(mappings: Mappings) -> None:
    found = find_product("31021010", mappings=mappings)
    assert found.product.code == "urea"
    assert found.found_by == "dead code"
    assert found.note is not None
    assert "31021019" in found.note.en


def test_a_misspelt_name_is_answered_with_the_likeliest(mappings: Mappings) -> None:
    with pytest.raises(UnknownNameError, match="ethylene"):
        find_product("ethylen", mappings=mappings)


def test_the_view_tells_how_each_match_was_made(mappings: Mappings) -> None:
    found = find_product("ammonia", mappings=mappings)
    codes = {f"{one.code.classification} {one.code.edition}": one for one in found.codes}
    assert set(codes) >= {"HS 2022", "CN 2026", "CPC 2.1", "CPC 3.0", "ISIC 4", "NACE 2", "CAS registry"}
    assert codes["CPC 2.1"].relation == "exact"
    assert codes["ISIC 4"].relation == "related"
    assert codes["CPC 3.0"].justification == "semapv:LexicalMatching"
    assert all(one.sources and one.carries.zh for one in found.codes)
    assert {one.code.code for one in found.rejected} == {"34233", "34652"}
    assert [name for name, _ in found.missing] == ["GB/T 4754 2017"]
    (cbam,) = found.scopes
    assert (cbam.listed, cbam.good and cbam.good.en) == (True, "Ammonia")
    assert [one.assumed for one in found.collections] == [True]


def test_terms_are_found_from_either_side(mappings: Mappings) -> None:
    assert [row.object_label for row in find_term("鉴定性评审", mappings=mappings)] == ["critical review"]
    both = find_term("critical review", mappings=mappings)
    assert {row.relation for row in both} == {"exact", "related"}
    with pytest.raises(UnknownNameError):
        find_term("no such term at all", mappings=mappings)

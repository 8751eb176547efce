from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from crosswalk.errors import KnowledgeError
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.graph import graph
from crosswalk.knowledge.lint import lint_documents
from crosswalk.knowledge.load import knowledge_dirs, knowledge_documents, load

ROOT = Path(__file__).parents[2]
MORE = """
@prefix cw: <https://w3id.org/carbon-crosswalk/vocab#> .
@prefix inv: <https://w3id.org/carbon-crosswalk/inventory#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
inv:sell a cw:Stage ; skos:notation "sell" ; cw:order 2 ; skos:prefLabel "sell"@en, "销售"@zh .
"""


@pytest.fixture
def more(tmp_path: Path) -> Path:
    folder = tmp_path / "mine" / "deep"
    folder.mkdir(parents=True)
    (folder / "stage.ttl").write_text(MORE, "utf-8")
    return folder.parent


def test_a_checkout_is_found() -> None:
    assert knowledge_dirs()[:2] == (ROOT / "ontologies", ROOT / "mappings")


def test_an_installed_package_is_found(small: Path, cache_dir: Path) -> None:
    assert knowledge_dirs()[:2] == (small / "_data" / "ontologies", small / "_data" / "mappings")
    assert sorted(load().regimes) == ["T:R-1"]


def test_without_knowledge_the_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosswalk.knowledge.load._PACKAGE", tmp_path / "crosswalk")
    with pytest.raises(KnowledgeError) as caught:
        knowledge_dirs()
    assert caught.value.code == "knowledge-absent"


def test_user_folders_add_to_the_knowledge(small: Path, cache_dir: Path, more: Path) -> None:
    assert list(load().stages) == ["make"]
    assert list(load([more]).stages) == ["make", "sell"]
    assert load([more]) is load((more,))
    assert load([more]).hash != load().hash


def test_a_folder_without_turtle_is_refused(tmp_path: Path, small: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "absent"):
        with pytest.raises(KnowledgeError) as caught:
            load([folder])
        assert caught.value.code == "knowledge-folder"
        assert str(folder) in str(caught.value)


def test_a_syntax_error_names_file_and_line(small: Path, cache_dir: Path, more: Path) -> None:
    (more / "bad.ttl").write_text("@prefix a: <http://a/> .\n\na:x a:y , .\n", "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load([more])
    assert caught.value.code == "knowledge-syntax"
    assert caught.value.where.endswith("bad.ttl:3")


@pytest.mark.parametrize("statement", ["a:x a:y <<( a:s a:p a:o )>> .", "<< a:s a:p a:o >> a:y a:z ."])
def test_a_statement_about_a_statement_is_refused(
    statement: str, small: Path, cache_dir: Path, more: Path
) -> None:
    (more / "bad.ttl").write_text(f"@prefix a: <http://a/> .\n{statement}\n", "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load([more])
    assert caught.value.code == "knowledge-triple-term"
    assert caught.value.where.endswith("bad.ttl")
    (found,) = lint_documents(knowledge_documents([more]))
    assert (found.rule, found.file) == ("syntax", caught.value.where)


def _entry_points(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    found = EntryPoints([EntryPoint("ours", value, "crosswalk.knowledge")])
    monkeypatch.setattr("importlib.metadata.entry_points", lambda *, group: found.select(group=group))


@pytest.mark.parametrize("value", ["sector_rules", "sector_rules:FOLDER", "sector_rules:folder"])
def test_installed_packages_add_knowledge(
    value: str, small: Path, cache_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "plugins" / "sector_rules"
    package.mkdir(parents=True)
    (package / "stage.ttl").write_text(MORE, "utf-8")
    code = "import pathlib\nFOLDER = str(pathlib.Path(__file__).parent)\ndef folder(): return FOLDER\n"
    (package / "__init__.py").write_text(code, "utf-8")
    monkeypatch.syspath_prepend(package.parent)
    monkeypatch.delitem(sys.modules, "sector_rules", raising=False)
    _entry_points(monkeypatch, value)
    assert knowledge_dirs()[-1] == package
    assert list(load().stages) == ["make", "sell"]


def test_a_broken_package_is_named(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _entry_points(monkeypatch, "no_such_module_anywhere")
    with pytest.raises(KnowledgeError) as caught:
        knowledge_dirs()
    assert caught.value.code == "knowledge-entry-point"
    assert "no_such_module_anywhere" in str(caught.value)


PROGRAM = """
import sys, hashlib, pathlib, msgspec
import crosswalk.knowledge.load as load
load._PACKAGE = pathlib.Path(sys.argv[1])
print(hashlib.sha256(msgspec.msgpack.encode(load.load())).hexdigest())
"""


def test_the_hash_seed_changes_nothing(small: Path) -> None:
    def digest(seed: str) -> str:
        env = {**os.environ, "PYTHONHASHSEED": seed, "CROSSWALK_CACHE": "off", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", PROGRAM, str(small)]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout

    digests = {digest(seed) for seed in ("0", "1", "2")}
    assert len(digests) == 1
    assert len(digests.pop().strip()) == hashlib.sha256().digest_size * 2


def test_loading_from_the_cache_imports_no_rdf(small: Path, cache_dir: Path) -> None:
    load()
    program = PROGRAM + "print(sorted({'rdflib', 'pyshacl', 'pyoxigraph', 'pandas'} & sys.modules.keys()))"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program, str(small)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_graph_keeps_lexical_forms(small: Path) -> None:
    from rdflib import URIRef

    found = graph()
    value = URIRef("https://w3id.org/carbon-crosswalk/vocab#value")
    assert {"29.80", "27.0"} <= {str(one) for one in found.objects(None, value)}
    assert {prefix for prefix, _ in found.namespaces()} >= {"cw", "opt", "reg", "skos"}
    assert len(found.query("SELECT ?s { ?s a cw:Option }")) == 3


def test_the_graph_belongs_to_the_caller(small: Path) -> None:
    first = graph()
    first.remove((None, None, None))
    assert len(graph()) > 0


def test_the_real_knowledge_loads_alike_from_files_and_cache(cache_dir: Path) -> None:
    from crosswalk.knowledge.load import _load

    compiled = load()
    assert len(list(cache_dir.glob("*.catalogue"))) == 1
    _load.cache_clear()
    cached = load()
    assert isinstance(cached, Catalogue)
    assert cached is not compiled
    assert cached == compiled

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from crosswalk.knowledge import cache
from crosswalk.knowledge.catalogue import Catalogue
from crosswalk.knowledge.index import Document
from crosswalk.knowledge.load import _load, load

ROOT = Path(__file__).parents[2]


def again() -> Catalogue:
    _load.cache_clear()
    return load()


def entry(folder: Path) -> Path:
    (found,) = folder.glob("*.catalogue")
    return found


def test_a_second_start_reads_the_cache(
    small: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load()

    def never(*_: object, **__: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr("crosswalk.knowledge.compile.compile_catalogue", never)
    assert again() == first


@pytest.mark.parametrize("damage", ["empty", "short", "flipped", "foreign"])
def test_a_damaged_entry_is_made_again(damage: str, small: Path, cache_dir: Path) -> None:
    first = load()
    path = entry(cache_dir)
    whole = path.read_bytes()
    spoilt = {
        "empty": b"",
        "short": whole[:-7],
        "flipped": whole.replace(b"29.80", b"92.80"),
        "foreign": msgspec.msgpack.encode({"version": 1}),
    }[damage]
    assert spoilt != whole
    path.write_bytes(spoilt)
    assert again() == first
    assert entry(cache_dir).read_bytes() == whole


def test_an_entry_that_is_whole_but_not_ours_is_made_again(small: Path, cache_dir: Path) -> None:
    import hashlib

    first = load()
    for payload in (
        msgspec.msgpack.encode([1, 2]),
        msgspec.msgpack.encode(msgspec.structs.replace(first, hash="x")),
    ):
        entry(cache_dir).write_bytes(hashlib.sha256(payload).digest() + payload)
        assert again() == first


def test_changed_content_has_another_hash(small: Path, cache_dir: Path) -> None:
    first = load()
    path = small / "_data" / "ontologies" / "base.ttl"
    path.write_text(path.read_text("utf-8").replace("29.80", "29.81"), "utf-8")
    second = again()
    assert second.hash != first.hash
    assert second.gwp_sets["S"].values["X4"][""] == "29.81"
    assert len(list(cache_dir.glob("*.catalogue"))) == 2


def test_names_and_borders_of_files_are_part_of_the_hash() -> None:
    def hashed(*files: tuple[str, bytes]) -> str:
        return cache.content_hash([Document(name, name, content) for name, content in files])

    assert hashed(("a", b"xy"), ("b", b"z")) == hashed(("b", b"z"), ("a", b"xy"))
    assert hashed(("a", b"xy"), ("b", b"z")) != hashed(("a", b"x"), ("b", b"yz"))
    assert hashed(("a", b"x")) != hashed(("b", b"x"))


def test_the_version_is_part_of_the_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    one = cache.content_hash([])
    monkeypatch.setattr(cache, "package_version", lambda: "999")
    assert cache.content_hash([]) != one


def test_every_module_the_result_depends_on_is_part_of_the_hash() -> None:
    folder = Path(cache.__file__).parent
    assert {name for name in cache._SOURCES if (folder / name).is_file()} == set(cache._SOURCES)


def test_off_means_off(small: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSWALK_CACHE", "off")
    assert cache.folder() is None
    assert again().regimes
    assert not cache_dir.exists()


def test_a_place_that_cannot_be_a_folder(
    small: Path, cache_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CROSSWALK_CACHE", str(tmp_path / "file" / "cache"))
    assert again().regimes


def test_a_folder_that_may_only_be_read(
    small: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load()
    cache_dir.chmod(0o500)
    try:

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError("read-only")

        # Whoever runs the tests as root can write everywhere: the refusal is played.
        monkeypatch.setattr("tempfile.mkstemp", refuse)
        assert again() == first
        entry(cache_dir).write_bytes(b"damaged")
        assert again() == first
    finally:
        cache_dir.chmod(0o700)


def test_a_disk_that_fills_up_leaves_nothing_behind(
    small: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("crosswalk.knowledge.cache.os.replace", full)
    assert again().regimes
    assert list(cache_dir.iterdir()) == []


def test_old_entries_are_dropped(small: Path, cache_dir: Path) -> None:
    cache_dir.mkdir()
    for age in range(12):
        path = cache_dir / f"old-{age:02}.catalogue"
        path.write_bytes(b"old")
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    load()
    names = sorted(path.name for path in cache_dir.glob("*.catalogue"))
    assert len(names) == cache.KEEP
    old = [name for name in names if name.startswith("old-")]
    assert old == [f"old-{age:02}.catalogue" for age in range(cache.KEEP - 1)]


PROGRAM = """
import sys, pathlib
import crosswalk.knowledge.load as load
load._PACKAGE = pathlib.Path(sys.argv[1])
print(load.load().hash)
"""


def test_processes_that_start_at_once_agree(small: Path, cache_dir: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PROGRAM, str(small)]
    running = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate()[0].strip() for process in running]
    assert [process.returncode for process in running] == [0] * 4
    assert set(said) == {load().hash}
    assert [path.name for path in cache_dir.iterdir()] == [f"{said[0]}.catalogue"]

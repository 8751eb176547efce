"""Killed, out of room, or run twice at once: in the end the same bytes, and no row lost or doubled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.checking.test_run import digest

ROOT = Path(__file__).resolve().parents[2]
DRIVER = ROOT / "tests" / "checking" / "driver.py"
ROWS = 4000


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same claims as CSV (with errors of its own) and Parquet."""
    folder = tmp_path_factory.mktemp("claims")
    frame = pl.DataFrame(
        {
            "id": [f"c{n}" for n in range(ROWS)],
            "regime": [("PACT:3.0", "ISO:14067-2018", "")[n % 3] for n in range(ROWS)],
            "total": [None if n % 50 == 7 else n + 0.25 for n in range(ROWS)],
        }
    )
    frame.write_parquet(folder / "claims.parquet")
    lines = frame.write_csv().splitlines()
    lines[1234] += ",more"
    (folder / "claims.csv").write_text("\n".join(lines))
    return folder


@pytest.fixture(scope="module")
def whole(claims: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The bytes of runs that nothing came in between."""
    found = {}
    for name in ("claims.csv", "claims.parquet"):
        folder = tmp_path_factory.mktemp("whole")
        finished(start(claims / name, folder))
        found[name] = digest(folder)
        assert len(found[name]) == 3
    return found


def start(
    given: Path, folder: Path, *, slow: float = 0.0, limit: int | None = None, rows: int = 250, **more: object
) -> subprocess.Popen[str]:
    order = {"inputs": [str(given)], "out": str(folder / "verdicts.parquet"), "workers": 2, **more}
    return subprocess.Popen(
        [sys.executable, str(DRIVER), json.dumps(order), str(rows), str(slow)]
        + ([str(limit)] if limit else []),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def parts(folder: Path) -> int:
    return len(list((folder / "verdicts.parquet.parts").glob("[0-9]*.json")))


def until(process: subprocess.Popen[str], condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        assert time.monotonic() < deadline
        time.sleep(0.005)


def finished(process: subprocess.Popen[str], code: int = 0) -> str:
    _, said = process.communicate(timeout=120)
    assert process.returncode == code, said
    return said


@pytest.mark.slow
@pytest.mark.parametrize("name", ["claims.csv", "claims.parquet"])
@pytest.mark.parametrize("at", [0, 1, 7, 15])
def test_killed_after_so_many_parts_it_goes_on(
    claims: Path, whole: dict[str, dict[str, str]], tmp_path: Path, name: str, at: int
) -> None:
    process = start(claims / name, tmp_path, slow=0.05)
    run_file = tmp_path / "verdicts.parquet.parts" / "run.json"
    until(process, lambda: run_file.exists() and parts(tmp_path) >= at)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (tmp_path / "verdicts.parquet").exists()
    assert "--resume" in finished(start(claims / name, tmp_path), 2)
    finished(start(claims / name, tmp_path, resume=True))
    assert digest(tmp_path) == whole[name]
    assert not (tmp_path / "verdicts.parquet.parts").exists()
    assert not (tmp_path / "verdicts.parquet.lock").exists()


@pytest.mark.slow
def test_killed_again_and_again_at_any_moment(
    claims: Path, whole: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    for pause in (0.3, 0.6, 0.9, 1.1, 1.3, 1.6):
        process = start(claims / "claims.csv", tmp_path, slow=0.02, resume=True)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    finished(start(claims / "claims.csv", tmp_path, resume=True))
    assert digest(tmp_path) == whole["claims.csv"]


@pytest.mark.slow
def test_processes_end_with_the_one_that_started_them(claims: Path, tmp_path: Path) -> None:
    process = start(claims / "claims.csv", tmp_path, slow=0.2)
    until(process, lambda: parts(tmp_path) >= 1)
    group = process.pid
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stderr is not None
    process.stderr.close()
    deadline = time.monotonic() + 20
    while alive(group):
        assert time.monotonic() < deadline, alive(group)
        time.sleep(0.05)


def alive(group: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, leader = stat.read_text().rsplit(")", 1)[1].split()[:3]
        except OSError:
            continue
        if int(leader) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


@pytest.mark.slow
def test_parts_that_were_damaged_are_done_again(
    claims: Path, whole: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    process = start(claims / "claims.csv", tmp_path, slow=0.05)
    until(process, lambda: parts(tmp_path) >= 4)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    folder = tmp_path / "verdicts.parquet.parts"
    done = sorted(folder.glob("[0-9]*[0-9].parquet"))
    done[0].write_bytes(done[0].read_bytes()[:-1] + b"X")
    done[1].unlink()
    (folder / ".000009.parquet.gone-1.tmp").write_bytes(b"half")
    finished(start(claims / "claims.csv", tmp_path, resume=True))
    assert digest(tmp_path) == whole["claims.csv"]


@pytest.mark.slow
def test_nothing_but_the_same_is_gone_on_with(claims: Path, tmp_path: Path) -> None:
    given = tmp_path / "claims.csv"
    given.write_bytes((claims / "claims.csv").read_bytes())
    process = start(given, tmp_path, slow=0.05)
    until(process, lambda: parts(tmp_path) >= 1)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert "have changed: chunk" in finished(start(given, tmp_path, resume=True, rows=300), 2)
    assert "have changed: lang" in finished(start(given, tmp_path, resume=True, lang="zh"), 2)
    time.sleep(0.01)
    given.write_text(given.read_text().replace("c17,", "c18,"))
    assert f"have changed: {given}" in finished(start(given, tmp_path, resume=True), 2)
    finished(start(given, tmp_path, overwrite=True))


@pytest.mark.slow
def test_two_at_once_the_second_is_refused(
    claims: Path, whole: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    first = start(claims / "claims.csv", tmp_path, slow=0.1)
    until(first, lambda: parts(tmp_path) >= 1)
    said = finished(start(claims / "claims.csv", tmp_path, resume=True), 2)
    assert f"process {first.pid}" in said
    said = finished(start(claims / "claims.csv", tmp_path, overwrite=True), 2)
    assert "another run" in said
    finished(first)
    assert digest(tmp_path) == whole["claims.csv"]


def test_a_lock_of_another_machine_is_believed_one_of_the_dead_is_not(tmp_path: Path) -> None:
    from crosswalk.checking.lock import locked
    from crosswalk.errors import UsageError

    path = tmp_path / "x.lock"
    path.write_text('{"pid": 1, "host": "elsewhere"}')
    with pytest.raises(UsageError, match="process 1 on elsewhere"), locked(path):
        pass
    path.write_text('{"pid": 1, "ho')
    with locked(path):
        assert json.loads(path.read_text())["pid"] == os.getpid()
        with pytest.raises(UsageError, match=f"process {os.getpid()}"), locked(path):
            pass
    assert not path.exists()


@pytest.mark.slow
def test_a_limit_on_files_ends_the_run_in_words(
    claims: Path, whole: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    # Large enough for any part, too small for the whole.
    said = finished(start(claims / "claims.parquet", tmp_path, limit=30_000), 2)
    assert "no room to write" in said
    assert "--resume" in said
    assert "Traceback" not in said
    assert not (tmp_path / "verdicts.parquet").exists()
    assert parts(tmp_path) == 16
    finished(start(claims / "claims.parquet", tmp_path, resume=True))
    assert digest(tmp_path) == whole["claims.parquet"]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 128 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_a_full_disk_ends_the_run_in_words(
    claims: Path, whole: dict[str, dict[str, str]], disk: Path
) -> None:
    for code in ("parts", "whole"):
        # First so full that not all parts fit, then that the whole does not.
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * (70_000 if code == "parts" else 0))
        said = finished(start(claims / "claims.parquet", disk, resume=True), 2)
        assert "no room to write" in said
        assert "Traceback" not in said
        assert not (disk / "verdicts.parquet").exists()
        ballast.unlink()
    subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
    finished(start(claims / "claims.parquet", disk, resume=True))
    assert digest(disk) == whole["claims.parquet"]

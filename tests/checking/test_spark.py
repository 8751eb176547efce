"""Spark: the same bytes as one machine, whatever happens to its tasks."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crosswalk.checking import chunks
from crosswalk.checking.run import Order, run
from crosswalk.errors import InputError
from tests.checking.test_run import digest, write
from tests.checking.works import Failing, Plain

pyspark = pytest.importorskip("pyspark", reason="PySpark is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
ROOT = str(Path(__file__).resolve().parents[2])


@pytest.fixture(scope="module", autouse=True)
def spark() -> Iterator[Any]:
    """One Spark of two workers for all tests, which find our modules."""
    from pyspark.sql import SparkSession

    before = {name: os.environ.get(name) for name in ("PYSPARK_PYTHON", "PYTHONPATH", "SPARK_LOCAL_IP")}
    path = os.pathsep.join(filter(None, [ROOT, os.environ.get("PYTHONPATH", "")]))
    os.environ.update(PYSPARK_PYTHON=sys.executable, PYTHONPATH=path, SPARK_LOCAL_IP="127.0.0.1")
    session = (
        SparkSession.builder.master("local[2,4]")
        .config("spark.ui.enabled", "false")
        .config("spark.executorEnv.PYTHONPATH", path)
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
    for name, value in before.items():
        os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


@pytest.fixture
def claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Inputs of three formats, in thirty chunks."""
    monkeypatch.setattr(chunks, "ROWS", 10)
    monkeypatch.setattr(chunks, "TEXT_ROWS", 10)
    return [write(tmp_path / f"claims.{form}") for form in ("csv", "parquet", "jsonl")]


def bytes_of(tmp_path: Path, name: str, given: list[str], work: Plain, **more: Any) -> dict[str, str]:
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    order = Order(
        inputs=tuple(given), out=str(folder / more.pop("out", "verdicts.parquet")), workers=2, **more
    )
    assert run(order, work).rows == 300
    return digest(folder)


@pytest.mark.parametrize("out", ["verdicts.parquet", "verdicts.csv", "verdicts"])
def test_spark_and_one_machine_agree_to_the_byte(tmp_path: Path, claims: list[str], out: str) -> None:
    local = bytes_of(tmp_path, "local", claims, Plain(), out=out)
    assert bytes_of(tmp_path, "spark", claims, Plain(), out=out, engine="spark") == local
    assert len(local) >= 3


@pytest.mark.parametrize("dies", [False, True])
def test_a_task_that_fails_or_is_killed_is_done_again(tmp_path: Path, claims: list[str], dies: bool) -> None:
    local = bytes_of(tmp_path, "local", claims, Plain())
    marker = tmp_path / "failed"
    work = Failing(marker=str(marker), at=155, dies=dies)
    assert bytes_of(tmp_path, "spark", claims, work, engine="spark") == local
    assert marker.exists()


def test_what_spark_left_unfinished_one_machine_finishes(tmp_path: Path, claims: list[str]) -> None:
    local = bytes_of(tmp_path, "local", claims, Plain())
    work = Failing(marker=str(tmp_path / "failed"), at=155, always=True)
    with pytest.raises(Exception, match="Input/output error"):
        bytes_of(tmp_path, "spark", claims, work, engine="spark")
    assert list((tmp_path / "spark" / "verdicts.parquet.parts").glob("[0-9]*.json"))
    assert bytes_of(tmp_path, "spark", claims, Plain(), resume=True) == local


def test_an_error_of_ours_comes_back_as_such(tmp_path: Path, claims: list[str]) -> None:
    from crosswalk.checking.inputs import sources

    found = sources(claims[1:2], Plain(), out="v.parquet")
    write(Path(claims[1]), [{"id": "a", "regime": "x", "total": "1"}])
    from crosswalk.checking import spark
    from crosswalk.checking.task import Job

    folder = tmp_path / "parts"
    folder.mkdir()
    job = Job(work=Plain(), sources=tuple(found), folder=str(folder), form="csv", errors_form="csv")
    with pytest.raises(InputError, match="changed while"):
        list(spark.execute(job, chunks.chunks(found), 2))


def test_spark_reads_what_was_joined(tmp_path: Path, claims: list[str], spark: Any) -> None:
    bytes_of(tmp_path, "local", claims, Plain())
    frame = spark.read.parquet(str(tmp_path / "local" / "verdicts.parquet"))
    assert frame.count() == 300 - 42
    rows = sorted(int(row["row"]) for row in frame.select("row").collect())
    assert rows == [n for n in range(300) if n % 100 % 7 != 3]
    assert frame.where("level = 5").count() == 3 * sum(n % 3 == 0 and n % 7 != 3 for n in range(100))

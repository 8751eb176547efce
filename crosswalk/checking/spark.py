"""Judge chunks with Spark: file names travel, not rows, and each task reads and writes its own files.

A task may be lost, repeated, or run twice at once: it is the same function as on one machine, which writes
the same bytes under the same names. Inputs, the folder of the output and the knowledge must be on a file
system that all machines see under the same paths; ``spark.master`` is that of the environment, else this
machine.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from crosswalk.checking.chunks import Chunk
from crosswalk.checking.task import Done, Job, check
from crosswalk.checking.work import Judge
from crosswalk.errors import CrosswalkError, UsageError

#: Times a task may fail before the run does, where nothing else is configured.
_FAILURES = 4

#: The judge of this process, and of which job it is: a worker of Spark lives through many tasks.
_made: tuple[bytes, Judge] | None = None


def execute(job: Job, todo: Iterable[Chunk], workers: int) -> Iterator[Done]:
    """Judge chunks as tasks of Spark; yields what is done once all of it is.

    Raises ``UsageError`` without PySpark, and the error of a task that failed too often.
    """
    chunks = list(todo)
    if not chunks:
        return
    context = _context(workers)
    shared = context.broadcast(job)
    try:
        outcomes = context.parallelize(chunks, len(chunks)).map(lambda chunk: _task(shared, chunk)).collect()
    finally:
        shared.unpersist()
    for outcome in outcomes:
        if isinstance(outcome, CrosswalkError):
            raise outcome
        yield msgspec.json.decode(outcome, type=Done)


def _task(shared: Any, chunk: Chunk) -> bytes | CrosswalkError:
    """Judge one chunk in a worker; what is wrong with the input is an answer, and is not tried again."""
    try:
        job = shared.value
        return msgspec.json.encode(check(job, _judge(job), chunk))
    except CrosswalkError as error:
        return error


def _judge(job: Job) -> Judge:
    global _made
    key = pickle.dumps(job.work)
    if _made is None or _made[0] != key:
        _made = (key, job.work.judge())
    return _made[1]


def _context(workers: int) -> Any:
    try:
        from pyspark import SparkConf
        from pyspark.sql import SparkSession
    except ImportError:
        raise UsageError("check-spark-missing") from None
    conf = SparkConf()
    if not conf.contains("spark.master"):
        conf.setMaster(f"local[{workers},{_FAILURES}]")
        conf.setIfMissing("spark.ui.enabled", "false")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
        conf.setIfMissing(f"spark.executorEnv.{name}", "1")
    conf.setIfMissing("spark.app.name", "crosswalk check")
    try:
        return SparkSession.builder.config(conf=conf).getOrCreate().sparkContext
    except Exception as error:
        problem = (str(error).splitlines() or [type(error).__name__])[0]
        raise UsageError("check-spark-start", problem=problem) from error

"""Judge chunks on the processors of this machine."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing.connection import wait as wait_for

from crosswalk.checking.chunks import Chunk
from crosswalk.checking.task import Done, Job, check
from crosswalk.checking.work import Judge
from crosswalk.errors import UsageError

#: How often a chunk is tried whose process dies.
_TRIES = 3
#: Libraries that would start threads of their own, which with a process to each processor only get in the
#: way; and the allocator of columns, which would keep what it is given back.
_SETTINGS = {
    **dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    "MKL_NUM_THREADS": "1",
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:500,muzzy_decay_ms:500",
}

_job: Job | None = None
_judge: Judge | None = None


def execute(job: Job, todo: Iterable[Chunk], workers: int) -> Iterator[Done]:
    """Judge chunks in ``workers`` processes; yields what is done, in the order in which it is.

    A single chunk is judged in this process. Raises ``UsageError`` for a chunk on which processes keep dying.
    """
    chunks = iter(todo)
    first = list(islice(chunks, 2))
    if len(first) < 2:
        judge = job.work.judge() if first else None
        for one in first:
            assert judge is not None
            yield check(job, judge, one)
        return
    with _environment():
        yield from _pooled(job, chain(first, chunks), workers)


def _pooled(job: Job, chunks: Iterator[Chunk], workers: int) -> Iterator[Done]:
    tries: dict[int, int] = {}
    again: list[Chunk] = []
    pool = _pool(job, workers)
    running: dict[Future[Done], Chunk] = {}
    try:
        while True:
            broken = False
            try:
                while len(running) < 2 * workers:
                    chunk = again.pop() if again else next(chunks, None)
                    if chunk is None:
                        break
                    again.append(chunk)
                    running[pool.submit(_run, chunk)] = again.pop()
            except BrokenProcessPool:
                broken = True
            if not running and not again:
                return
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                chunk = running.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    broken = True
                    again.append(chunk)
            if broken:
                # One process has died, killed from outside or for want of memory, and with it the pool.
                again.extend(running.values())
                running.clear()
                pool.shutdown(cancel_futures=True)
                _count(tries, again, job)
                pool = _pool(job, workers)
    finally:
        pool.shutdown(cancel_futures=True)


def _count(tries: dict[int, int], again: list[Chunk], job: Job) -> None:
    again.sort(key=lambda one: one.index, reverse=True)
    for chunk in again:
        tries[chunk.index] = tries.get(chunk.index, 0) + 1
        if tries[chunk.index] >= _TRIES:
            raise UsageError("check-process-died", where=job.sources[chunk.source].path, tries=_TRIES)


def _pool(job: Job, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=(job,),
    )


def _start(job: Job) -> None:
    global _job
    _job = job
    # The interrupt is for the process that started us, which ends us in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _run(chunk: Chunk) -> Done:
    global _judge
    assert _job is not None
    if _judge is None:
        _judge = _job.work.judge()
    return check(_job, _judge, chunk)


@contextlib.contextmanager
def _environment() -> Iterator[None]:
    """Keep the processes to one thread and little memory; libraries read the environment as they load."""
    before = {name: os.environ.get(name) for name in _SETTINGS}
    os.environ.update(_SETTINGS)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

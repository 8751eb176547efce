"""A whole run: inputs, parts, outputs; stopped at any moment, and gone on with later."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from crosswalk.checking.chunks import Chunk, chunks
from crosswalk.checking.files import disk_error, put, sha256, speaking, sync_folder
from crosswalk.checking.forms import form_of
from crosswalk.checking.inputs import Source, sources
from crosswalk.checking.lock import locked
from crosswalk.checking.manifest import Identity, Manifest, Output, changes, identity, manifest
from crosswalk.checking.parts import Parts, own_only
from crosswalk.checking.progress import Progress
from crosswalk.checking.task import Done, Job
from crosswalk.checking.work import Work
from crosswalk.errors import InputError, UsageError
from crosswalk.knowledge.records import Record

Engine = Literal["local", "spark"]
_Execute: TypeAlias = Callable[[Job, Iterable[Chunk], int], Iterator[Done]]


class Order(Record):
    """What is asked for: files in, files out, and how.

    ``out`` without suffix is a folder of Parquet files. ``errors`` is ``OUT.errors.csv`` unless given.
    ``workers`` are processes; by default as many as there are processors. ``encoding`` is that of all inputs
    that are text, where it is not to be found out.
    """

    inputs: tuple[str, ...]
    out: str
    errors: str = ""
    workers: int = 0
    resume: bool = False
    overwrite: bool = False
    engine: Engine = "local"
    encoding: str | None = None
    lang: str = "en"


class Places(Record):
    """Where a run keeps what."""

    out: Path
    errors: Path
    manifest: Path
    parts: Path
    lock: Path

    @classmethod
    def of(cls, out: str, errors: str = "") -> Places:
        """Return the places of an output."""
        path = Path(out)

        def beside(what: str) -> Path:
            return path.with_name(path.name + what)

        return cls(
            out=path,
            errors=Path(errors) if errors else beside(".errors.csv"),
            manifest=beside(".manifest.json"),
            parts=beside(".parts"),
            lock=beside(".lock"),
        )


def run(order: Order, work: Work, progress: Progress | None = None) -> Manifest:
    """Judge all rows of the inputs and write the verdicts, the errors and the manifest.

    Nothing appears under the names asked for before all of it is whole. The bytes depend on the inputs, the
    work and the versions in the manifest, not on workers, engine, or how often the run was stopped.

    Raises ``UsageError`` where the output exists (without ``overwrite``), an unfinished run is in the way
    (without ``resume`` or ``overwrite``), it was of something else, another run holds it, or the disk is
    full; ``InputError`` for inputs that cannot be read.
    """
    places = Places.of(order.out, order.errors)
    _reachable(order, places)
    with locked(places.lock):
        return _run(order, work, places, progress or Progress())


def recorded(out: str) -> Mapping[str, str]:
    """Return the identity of the work at ``out``, unfinished or complete; empty if there is none."""
    places = Places.of(out)
    unfinished = Parts(places.parts).identity()
    if unfinished is not None:
        return unfinished.work
    complete = _complete(places)
    return complete.run.work if complete is not None else {}


def _reachable(order: Order, places: Places) -> None:
    form_of(order.out)
    form_of(str(places.errors))
    if places.out.suffix and places.out.is_dir():
        raise UsageError("out-directory", where=order.out)
    if not places.out.suffix and places.out.is_file():
        raise UsageError("check-out-file", where=order.out)
    if not places.out.suffix:
        own_only(places.out)
    if order.errors and places.errors.resolve() == places.out.resolve():
        raise UsageError("check-onto-itself", where=order.errors)
    for path in (places.out, places.errors):
        if not path.resolve().parent.is_dir():
            raise UsageError("check-out-folder", where=str(path))


def _run(order: Order, work: Work, places: Places, progress: Progress) -> Manifest:
    parts = Parts(places.parts)
    exists = places.out.exists() or places.manifest.exists()
    unfinished = places.parts.exists()
    if unfinished and not (order.resume or order.overwrite):
        raise UsageError("check-unfinished", where=str(places.parts))
    if exists and not unfinished and not (order.resume or order.overwrite):
        raise UsageError("check-out-exists", where=order.out)
    found = sources(order.inputs, work, out=order.out, encoding=order.encoding)
    if any(Path(one.path).resolve() == places.errors.resolve() for one in found):
        raise UsageError("check-onto-itself", where=str(places.errors))
    form, errors_form = form_of(order.out), form_of(str(places.errors))
    now = identity(found, work.identity(), form, errors_form, order.lang)
    if order.resume:
        whole = None if unfinished else _finished(places, now, order)
        if whole is not None:
            parts.remove()
            return whole
        before = parts.identity()
        if before is not None and (changed := changes(before, now)):
            raise UsageError("check-resume-other", where=str(places.parts), changed=", ".join(changed))
    with speaking(str(places.parts)):
        if not order.resume or parts.identity() is None:
            parts.begin(now)
        parts.sweep()
    job = Job(
        work=work,
        sources=tuple(found),
        folder=str(places.parts.resolve()),
        form=form,
        errors_form=errors_form,
        lang=order.lang,
    )
    done = _execute(job, parts, order, progress)
    _unchanged(found)
    try:
        return _publish(places, parts, now, found, done, form_of(order.out), errors_form)
    except OSError as error:
        raise disk_error(error, order.out) from error


def _execute(job: Job, parts: Parts, order: Order, progress: Progress) -> list[Done]:
    """Do what is not done yet; returns the records of all parts in order."""
    done: dict[int, Done] = {}
    weights = [one.size / max(1, one.rows if one.rows is not None else one.size) for one in job.sources]

    def note(one: Done, *, kept: bool) -> None:
        done[one.chunk.index] = one
        size = round(one.chunk.length * weights[one.chunk.source])
        progress.advance(size, one.chunk.rows, kept=kept)

    def todo() -> Iterator[Chunk]:
        for chunk in chunks(job.sources):
            kept = parts.done(chunk)
            if kept is None:
                yield chunk
            else:
                note(kept, kept=True)

    progress.start(sum(one.size for one in job.sources))
    try:
        for one in _engine(order.engine)(job, todo(), order.workers or _processors()):
            note(one, kept=False)
    finally:
        progress.stop()
    return [done[index] for index in sorted(done)]


def _engine(engine: Engine) -> _Execute:
    if engine == "spark":
        from crosswalk.checking import spark

        return spark.execute
    from crosswalk.checking import local

    return local.execute


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _unchanged(found: Sequence[Source]) -> None:
    for one in found:
        now = Path(one.path).stat()
        if (now.st_size, now.st_mtime_ns) != (one.size, one.changed):
            raise InputError("check-changed", where=one.path)


def _publish(
    places: Places,
    parts: Parts,
    now: Identity,
    found: Sequence[Source],
    done: Sequence[Done],
    form: Literal["parquet", "csv", "jsonl"],
    errors_form: Literal["parquet", "csv", "jsonl"],
) -> Manifest:
    """Put parts together, and move what is whole to where it was asked for; the manifest last."""
    outputs: list[Output] = []
    if places.out.suffix:
        verdicts, digest, size = parts.verdicts(done, form)
        outputs.append(Output(path=places.out.name, size=size, sha256=digest))
    else:
        verdicts, held = parts.folder_of(done)
        outputs.extend(
            Output(path=f"{places.out.name}/{name}", size=one.size, sha256=one.sha256) for name, one in held
        )
    errors, digest, size = parts.errors(done, errors_form)
    outputs.append(Output(path=places.errors.name, size=size, sha256=digest))
    made = manifest(now, found, done, outputs)
    places.manifest.unlink(missing_ok=True)
    _move(errors, places.errors)
    if places.out.is_dir():
        aside = places.parts / "replaced"
        places.out.rename(aside)
    _move(verdicts, places.out)
    put(places.manifest, msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n", sync=True)
    sync_folder(places.out.resolve().parent)
    with contextlib.suppress(OSError):
        parts.remove()
    return made


def _move(source: Path, target: Path) -> None:
    """Move a file that is whole; across file systems, copied beside its place first."""
    try:
        source.replace(target)
    except OSError:
        if source.is_dir():
            raise
        import shutil

        near = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            shutil.copyfile(source, near)
            near.replace(target)
        finally:
            near.unlink(missing_ok=True)


def _complete(places: Places) -> Manifest | None:
    try:
        return msgspec.json.decode(places.manifest.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return None


def _finished(places: Places, now: Identity, order: Order) -> Manifest | None:
    """Return the manifest if the output is of this very run and whole; raises if it is of another."""
    if not places.out.exists() and not places.manifest.exists():
        return None
    made = _complete(places)
    if made is None:
        raise UsageError("check-out-exists", where=order.out)
    if changed := changes(made.run, now):
        raise UsageError("check-resume-other", where=str(places.manifest), changed=", ".join(changed))
    for one in made.outputs:
        inside = places.out.parent / one.path
        path = places.errors if one is made.outputs[-1] else inside
        if not path.exists() or sha256(path) != one.sha256:
            raise UsageError("check-out-exists", where=order.out)
    return made

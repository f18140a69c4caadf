"""The folder of a run: made, locked for one process, and refused where it holds another run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hashwalk.crosswalk.lock import WriterLock
from hashwalk.durable import make_private_folder
from hashwalk.errors import UsageError
from hashwalk_bench.run.manifest import Manifest, read_manifest, write_manifest
from hashwalk_bench.run.tables import MANIFEST_FILE

_SCRATCH = ".scratch"


@contextmanager
def opened_run(folder: Path, wanted: Manifest) -> Iterator[Manifest]:
    """Yield the manifest of the run in `folder`, which is begun as `wanted` if there is none.

    Nobody else can work at the run meanwhile. Raises UsageError for a folder that holds another
    run or anything else, CrosswalkBusyError while another process works at it.
    """
    check_folder(folder)
    make_private_folder(folder)
    lock = WriterLock(folder)
    try:
        yield _held(folder, wanted)
    finally:
        lock.release()


@contextmanager
def scratch_of(folder: Path) -> Iterator[Path]:
    """Yield an empty folder for the variants, inside the run's; it is gone at the end."""
    scratch = folder / _SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def check_folder(folder: Path) -> None:
    """Raise UsageError for a folder that cannot be, or become, that of a run."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file: name a folder for the run")
    if not folder.is_dir() or (folder / MANIFEST_FILE).is_file():
        return
    if any(not path.name.startswith(".") for path in folder.iterdir()):
        raise UsageError(f"{folder} holds something else than a run: name a new folder")


def _held(folder: Path, wanted: Manifest) -> Manifest:
    if not (folder / MANIFEST_FILE).is_file():
        write_manifest(folder, wanted)
        return wanted
    held = read_manifest(folder)
    difference = held.difference(wanted)
    if difference:
        raise UsageError(f"{folder} holds a run with {difference}: name a new folder")
    return held

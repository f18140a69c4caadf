"""``run.json``: what a run was made of and with, so that it can be made again and compared."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from hashwalk.crosswalk.manifest import FormatEntry, library_versions
from hashwalk.durable import written_whole
from hashwalk.format import Format
from hashwalk_bench.errors import RunError
from hashwalk_bench.run.storage import absence
from hashwalk_bench.run.tables import MANIFEST_FILE

SCHEMA_VERSION = 1
_OWN_LIBRARIES = ("pyarrow", "scipy")
"""Distributions that decide, beside those of the formats, what the files of a run look like."""


class SuiteFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The suite of a run, with its whole text."""

    name: str
    sha256: str
    text: str


class CorpusFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The sources of a run; `sha256` is that of the list of their paths and digests.

    `left_out` counts the files that are no media, or were not wanted.
    """

    pictures: int
    videos: int
    left_out: int
    synthetic: bool
    sha256: str


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """Where and when a run was made: the one part of a manifest that is not reproducible.

    Times are UTC; `finished` is empty until all tables are written.
    """

    started: str
    finished: str = ""
    workers: int
    machine: str
    processors: int
    system: str
    python: str

    @classmethod
    def here(cls, workers: int) -> Circumstances:
        """Return those of this moment and machine."""
        return cls(
            started=_now(),
            workers=workers,
            machine=platform.machine(),
            processors=os.cpu_count() or 1,
            system=f"{platform.system()} {platform.release()}",
            python=platform.python_version(),
        )


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that determines the tables of a run, and its circumstances.

    `libraries` has a version by distribution, `parameters` what limits the work on one file.
    """

    schema: int
    hashwalk: str
    libraries: dict[str, str]
    seed: int
    suite: SuiteFacts
    formats: dict[str, FormatEntry]
    parameters: dict[str, int]
    corpus: CorpusFacts
    not_reproducible: Circumstances

    @classmethod
    def of(  # noqa: PLR0913 - each is a fact of its own
        cls,
        formats: Mapping[str, Format],
        *,
        seed: int,
        suite: SuiteFacts,
        corpus: CorpusFacts,
        parameters: Mapping[str, int],
        workers: int,
    ) -> Manifest:
        """Return the manifest of a run that begins now."""
        versions = library_versions(formats.values())
        return cls(
            schema=SCHEMA_VERSION,
            hashwalk=version("hashwalk"),
            libraries={name: found for name, (found,) in versions.items()}
            | {name: version(name) for name in _OWN_LIBRARIES},
            seed=seed,
            suite=suite,
            formats={name: FormatEntry.of(made) for name, made in formats.items()},
            parameters=dict(parameters),
            corpus=corpus,
            not_reproducible=Circumstances.here(workers),
        )

    @property
    def is_finished(self) -> bool:
        """Whether all tables of the run are written."""
        return bool(self.not_reproducible.finished)

    def finished(self) -> Manifest:
        """Return it with the end of the run, which is now."""
        ended = msgspec.structs.replace(self.not_reproducible, finished=_now())
        return msgspec.structs.replace(self, not_reproducible=ended)

    def difference(self, other: Manifest) -> str:
        """Return in words what makes `other` another run, nothing if it gives the same tables."""
        for name in self.__struct_fields__:
            ours, theirs = getattr(self, name), getattr(other, name)
            if name != "not_reproducible" and ours != theirs:
                return _WORDS.get(name, f"another {name}")
        return ""


_WORDS = {
    "hashwalk": "another version of hashwalk",
    "libraries": "other versions of libraries",
    "formats": "other formats",
    "parameters": "other limits",
    "corpus": "other media",
}


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``run.json`` into a run's folder, with mode 0600, whole or not at all."""
    text = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=2)
    with written_whole(folder / MANIFEST_FILE) as file:
        file.write(text + b"\n")


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the run in `folder`; raises RunError when there is none that fits."""
    path = folder / MANIFEST_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        raise RunError(absence(folder, MANIFEST_FILE)) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise RunError(f"{path} cannot be read as the manifest of a run: {error}") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

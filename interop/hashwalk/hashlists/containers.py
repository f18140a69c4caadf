"""The containers there are, by name, and which of them a file is."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

from hashwalk.errors import HashListError, UsageError
from hashwalk.hashlists.container import (
    HEAD_BYTES,
    Container,
    ContainerReader,
    ContainerWriter,
    Head,
)

_MODULES = {
    "base64-lines": "hash_lines:Base64Lines",
    "csv": "flat_csv:FlatCsv",
    "hex-lines": "hash_lines:HexLines",
    "icse": "icse:Icse",
    "jsonl": "json_lines:JsonLines",
    "ncmec": "ncmec:Ncmec",
    "parquet": "parquet:Parquet",
    "stopncii": "stopncii:StopNcii",
    "threatexchange": "threat_updates:ThreatUpdates",
    "tmk": "tmk_file:TmkFile",
    "vics": "vics:Vics",
    "vpdq-json": "vpdq_files:VpdqArray",
    "vpdq-json-frames": "vpdq_files:VpdqByFrame",
    "vpdq-text": "vpdq_files:VpdqLines",
    "hma": "hma:Hma",
    "tat": "tech_against_terrorism:TechAgainstTerrorism",
    "tx-file": "tx_file:TxFile",
    "tx-dataset": "tx_dataset:TxDataset",
    "tx-state": "tx_state:TxState",
}
"""Where each container is, by name; none is imported before it is needed."""


@cache
def containers() -> tuple[Container, ...]:
    """Return all containers, by name."""
    return tuple(_load(_MODULES[name]) for name in sorted(_MODULES))


def reader_named(name: str) -> ContainerReader:
    """Return the reader called `name`; raises UsageError, which lists those there are."""
    found = _named(name)
    if isinstance(found, ContainerReader):
        return found
    raise UsageError(f"{name} lists can be written, not read")


def writer_named(name: str) -> ContainerWriter:
    """Return the writer called `name`; raises UsageError, which lists those there are."""
    found = _named(name)
    if isinstance(found, ContainerWriter):
        return found
    raise UsageError(f"{name} lists can be read, not written")


def reader_of(path: Path) -> ContainerReader:
    """Return the reader of the file at `path`, told by its content.

    Raises HashListError when it cannot be read, is empty, or is none that is known here.
    """
    head = _head(path)
    if not head.data.strip():
        raise HashListError(f"{path} is empty: there is no hash list in it")
    readers = [found for found in containers() if isinstance(found, ContainerReader)]
    for reader in readers:
        if reader.recognises(head):
            return reader
    names = ", ".join(reader.name for reader in readers)
    raise HashListError(f"{path} is no hash list that is known here; --from names one of {names}")


def _head(path: Path) -> Head:
    try:
        with path.open("rb") as file:
            return Head(path.name, file.read(HEAD_BYTES))
    except OSError as error:
        raise HashListError(f"cannot read {path}: {error.strerror}") from error


def _named(name: str) -> Container:
    if name not in _MODULES:
        raise UsageError(f"there is no container {name!r}: choose one of {', '.join(_MODULES)}")
    return _load(_MODULES[name])


@cache
def _load(place: str) -> Container:
    module, _, name = place.partition(":")
    made: Container = getattr(importlib.import_module(f"hashwalk.hashlists.{module}"), name)()
    return made

"""The containers there are, by name, and which of them a file is."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path, PurePath

from hashwalk.errors import HashListError, UsageError
from hashwalk.hashlists.container import (
    HEAD_BYTES,
    Container,
    ContainerReader,
    ContainerWriter,
    Head,
)

_MODULES = {
    "csv": "flat_csv:FlatCsv",
    "base64-lines": "hash_lines:Base64Lines",
    "hex-lines": "hash_lines:HexLines",
    "jsonl": "json_lines:JsonLines",
    "parquet": "parquet:Parquet",
    "misp": "misp:Misp",
    "ncmec": "ncmec:Ncmec",
    "stix": "stix:Stix",
    "tmk": "tmk_file:TmkFile",
    "vics": "vics:Vics",
    "icse": "icse:Icse",
    "vpdq-json": "vpdq_files:VpdqArray",
    "vpdq-json-frames": "vpdq_files:VpdqByFrame",
    "vpdq-text": "vpdq_files:VpdqLines",
    "stopncii": "stopncii:StopNcii",
    "threatexchange": "threat_updates:ThreatUpdates",
    "hma": "hma:Hma",
    "tat": "tech_against_terrorism:TechAgainstTerrorism",
    "tx-file": "tx_file:TxFile",
    "tx-dataset": "tx_dataset:TxDataset",
    "tx-state": "tx_state:TxState",
}
"""Where each container is, by name; none is imported before it is needed."""

OWN = frozenset({"csv", "jsonl", "parquet"})
"""hashwalk's own lists; looked for first: the source records in them look like other lists."""


@cache
def containers() -> tuple[Container, ...]:
    """Return all containers, by name."""
    return tuple(_load(_MODULES[name]) for name in sorted(_MODULES))


def reader_named(name: str) -> ContainerReader:
    """Return the reader called `name`; raises UsageError, which lists those there are."""
    found = container_named(name)
    if isinstance(found, ContainerReader):
        return found
    raise UsageError(f"{name} lists can be written, not read")


def writer_named(name: str) -> ContainerWriter:
    """Return the writer called `name`; raises UsageError, which lists those there are."""
    found = container_named(name)
    if isinstance(found, ContainerWriter):
        return found
    raise UsageError(f"{name} lists can be read, not written")


def container_named(name: str) -> Container:
    """Return the container called `name`; raises UsageError, which lists those there are."""
    if name not in _MODULES:
        raise UsageError(
            f"there is no container {name!r}: choose one of {', '.join(sorted(_MODULES))}"
        )
    return _load(_MODULES[name])


def name_by_suffix(path: PurePath, option: str) -> str:
    """Return the container that the suffix of a file name is the name of.

    Otherwise raises UsageError, which says that `option` tells the container.
    """
    name = path.suffix.lower().removeprefix(".")
    if name in _MODULES:
        return name
    raise UsageError(f"the name {path} does not tell what to write: say it with {option}")


def reader_of(path: Path) -> ContainerReader:
    """Return the reader of the file at `path`, told by its content.

    Raises HashListError when it cannot be read, is empty, or is none that is known here.
    """
    head = _head(path)
    if not head.data.strip():
        raise HashListError(f"{path} is empty: there is no hash list in it")
    found = sorted(containers(), key=lambda each: each.name not in OWN)
    readers = [each for each in found if isinstance(each, ContainerReader)]
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


@cache
def _load(place: str) -> Container:
    module, _, name = place.partition(":")
    made: Container = getattr(importlib.import_module(f"hashwalk.hashlists.{module}"), name)()
    return made

"""``crosswalk.json``: what a cross-walk holds and what it was made with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from hashwalk.crosswalk.manifest_grammar import check_format_id, check_manifest
from hashwalk.crosswalk.schema import MANIFEST_FILE, SCHEMA_VERSION
from hashwalk.durable import written_whole
from hashwalk.errors import CrosswalkError, CrosswalkSchemaError
from hashwalk.format import Format, VideoHasher

DECODERS = ("Pillow", "av", "numpy", "opencv-contrib-python-headless")
"""Distributions whose version can change the pixels that every format sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatEntry:
    """What the manifest records of a format; `version` changes when any output bit does."""

    version: int
    kind: str
    shape: str
    bits: int | None
    parameters: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, made: Format) -> FormatEntry:
        """Return the entry of an installed format."""
        spec = made.spec
        parameters = {"distance": spec.distance.name, "encoding": spec.encodings[0].name}
        if isinstance(made, VideoHasher):
            parameters["sampling"] = repr(made.sampling)
        return cls(
            version=spec.version,
            kind=spec.kind.value,
            shape=spec.shape.value,
            bits=spec.bits,
            parameters=parameters,
        )

    @property
    def value_bytes(self) -> int | None:
        """The length of one packed value in bytes, None when it varies."""
        return None if self.bits is None else (self.bits + 7) // 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A cross-walk that was merged into this one."""

    name: str
    created: str
    media: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The manifest of a cross-walk.

    `libraries` holds, by distribution, every version the cross-walk was written with, oldest
    first; `members` the cross-walks it was merged from, if it was.
    """

    schema: int
    created: str
    hashwalk: str
    formats: dict[str, FormatEntry] = field(default_factory=dict)
    libraries: dict[str, tuple[str, ...]] = field(default_factory=dict)
    members: tuple[Member, ...] = ()

    @classmethod
    def new(cls) -> Manifest:
        """Return the manifest of an empty cross-walk made now."""
        created = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(schema=SCHEMA_VERSION, created=created, hashwalk=version("hashwalk"))

    def with_formats(self, entries: Mapping[str, FormatEntry], newcomer: str) -> Manifest:
        """Return it with formats added.

        Raises CrosswalkSchemaError when one is there with another version than `newcomer`
        has it: their hashes cannot be mixed; or has an id that no format may have.
        """
        for format_id, entry in entries.items():
            _refuse_id(format_id)
            known = self.formats.get(format_id)
            if known is not None and known.version != entry.version:
                raise CrosswalkSchemaError(
                    f"{format_id} hashes of version {known.version} are recorded, {newcomer} "
                    f"has version {entry.version}, and the two are not interchangeable: "
                    "re-hash into a new cross-walk, or leave the format out"
                )
        return replace(self, formats={**entries, **self.formats})

    def with_libraries(self, libraries: Mapping[str, Iterable[str]]) -> Manifest:
        """Return it with library versions added to those it was written with."""
        merged = dict(self.libraries)
        for name, versions in libraries.items():
            merged[name] = tuple(dict.fromkeys((*merged.get(name, ()), *versions)))
        return replace(self, libraries=merged)

    def warnings(self) -> list[str]:
        """Return one line for each library that several versions of wrote the cross-walk."""
        return [
            f"written with several versions of {name} ({', '.join(versions)}): "
            "hashes of one picture may differ between them in a few bits"
            for name, versions in sorted(self.libraries.items())
            if len(versions) > 1
        ]

    def save(self, root: Path) -> None:
        """Write it into the cross-walk at `root`, whole or not at all."""
        text = json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False)
        with written_whole(root / MANIFEST_FILE) as file:
            file.write(text.encode() + b"\n")

    @classmethod
    def load(cls, root: Path) -> Manifest:
        """Read the manifest of the cross-walk at `root`.

        Raises CrosswalkError when there is none, CrosswalkSchemaError when it is damaged or
        of a newer schema.
        """
        try:
            read = json.loads((root / MANIFEST_FILE).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            raise CrosswalkError(_absence(root)) from None
        except (OSError, ValueError, RecursionError) as error:
            reason = (isinstance(error, OSError) and error.strerror) or "it is not JSON"
            raise CrosswalkSchemaError(
                f"{root / MANIFEST_FILE} cannot be read ({reason}): restore it from a copy"
            ) from error
        _check_schema(root, read)
        try:
            check_manifest(read)
            return cls._of(read)
        except ValueError as error:
            raise CrosswalkSchemaError(
                f"{root / MANIFEST_FILE} is damaged ({error}): restore it from a copy"
            ) from error

    @classmethod
    def _of(cls, read: dict[str, Any]) -> Manifest:
        return cls(
            schema=read["schema"],
            created=read["created"],
            hashwalk=read["hashwalk"],
            formats={i: FormatEntry(**entry) for i, entry in read["formats"].items()},
            libraries={name: tuple(versions) for name, versions in read["libraries"].items()},
            members=tuple(Member(**member) for member in read["members"]),
        )


def library_versions(formats: Iterable[Format]) -> dict[str, tuple[str]]:
    """Return the installed versions of the libraries that can change a hash."""
    names = {*DECODERS, *(name for made in formats for name in made.spec.libraries)}
    found = ((name, _installed(name)) for name in sorted(names))
    return {name: (release,) for name, release in found if release is not None}


def _installed(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _refuse_id(format_id: str) -> None:
    try:
        check_format_id(format_id)
    except ValueError as error:
        raise CrosswalkSchemaError(str(error)) from error


def _absence(root: Path) -> str:
    if not root.exists():
        return f"there is no cross-walk at {root}: `hashwalk rehash PATH -o {root}` makes one"
    return f"{root} is not a cross-walk: it has no {MANIFEST_FILE}"


def _check_schema(root: Path, read: object) -> None:
    found = read.get("schema") if isinstance(read, dict) else None
    if type(found) is not int or found < 1:
        raise CrosswalkSchemaError(f"{root / MANIFEST_FILE} is not the manifest of a cross-walk")
    if found > SCHEMA_VERSION:
        raise CrosswalkSchemaError(
            f"{root} has schema {found}, this hashwalk reads up to {SCHEMA_VERSION}: "
            "install a newer hashwalk"
        )

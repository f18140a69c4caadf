"""Media, hashes and cross-walks made on the spot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hashwalk.crosswalk import CrosswalkWriter, FormatEntry, Manifest
from hashwalk.errors import FailureCode
from hashwalk.format import Hash
from hashwalk.results import ALL_FORMATS, Failure, HashedFile, Label, Media

MakeMedia = Callable[..., Media]
MakeFailure = Callable[..., Failure]
WriteCrosswalk = Callable[..., Path]

ENTRIES = {
    "phash": FormatEntry(version=1, kind="picture", shape="whole", bits=64),
    "vpdq": FormatEntry(version=1, kind="video", shape="frames", bits=256),
    "sha256": FormatEntry(version=1, kind="file", shape="whole", bits=256),
    "gone": FormatEntry(version=1, kind="picture", shape="segments", bits=None),
}
"""Three installed formats, and one of a package that is not."""


@pytest.fixture
def make_media() -> MakeMedia:
    """Make a picture's row from its name and its content: ``make_media("a.jpg", "bytes")``."""

    def make(
        name: str, content: str = "", *, kind: str = "picture", labels: Sequence[Label] = ()
    ) -> Media:
        data = (content or name).encode()
        return Media(
            uri=f"file:///media/{name}",
            sha256=hashlib.sha256(data).hexdigest(),
            md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
            size=len(data),
            mtime_ns=1,
            type=kind,
            labels=tuple(labels),
        )

    return make


@pytest.fixture
def make_failure() -> MakeFailure:
    """Make a failure of a media row, for all formats unless one is named."""

    def make(media: Media, format_id: str = ALL_FORMATS, *, readable: bool = True) -> Failure:
        return Failure(
            uri=media.uri,
            format=format_id,
            code=FailureCode.TRUNCATED,
            message="breaks off",
            size=media.size,
            mtime_ns=media.mtime_ns,
            sha256=media.sha256 if readable else None,
        )

    return make


@pytest.fixture
def write_crosswalk(tmp_path: Path) -> WriteCrosswalk:
    """Write a cross-walk, a batch from each list of results: ``write_crosswalk([r], [r, r])``."""

    def write(*batches: Sequence[HashedFile], name: str = "walk") -> Path:
        root = tmp_path / name
        manifest = Manifest.new().with_formats(ENTRIES, "the test")
        with CrosswalkWriter.create(root, manifest) as writer:
            for batch in batches:
                for result in batch:
                    writer.add(result)
                writer.flush()
        return root

    return write


def phash(number: int) -> Hash:
    """A phash that says `number`."""
    return Hash.of("phash", number.to_bytes(8, "big"))

"""What one file gives: a row of media, its hashes, and what failed."""

from __future__ import annotations

from dataclasses import dataclass, field

from hashwalk.errors import FailureCode
from hashwalk.format import Hash

ALL_FORMATS = "*"
"""Stands for every format in a failure that concerns the whole file."""


@dataclass(frozen=True, slots=True)
class Label:
    """A classification label, carried verbatim and never mapped to another scheme."""

    scheme: str
    version: str
    region: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One media file: where it is, what it is, and how it was decoded.

    `uri` is a ``file:`` URI; `sha256` and `md5` are lower-case hex. `type` is ``picture``,
    ``video`` or ``other`` (nothing that can be decoded). `frames` counts the frames of an
    animated picture, of which picture formats see the first; None for videos. `orientation`
    is the EXIF tag (1 to 8), `rotation` a video's display matrix in degrees; neither is
    applied to the pixels.
    """

    uri: str
    sha256: str
    md5: str
    size: int
    mtime_ns: int
    type: str
    container: str | None = None
    codec: str | None = None
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    frames: int | None = None
    orientation: int | None = None
    rotation: int | None = None
    decoder: str | None = None
    decoder_version: str | None = None
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A file, or one format of it, that has no hash, with one line of reason.

    `format` is a format id, or ALL_FORMATS when nothing that needs decoding could be computed.
    `sha256` is None when the bytes could not be read to their end.
    """

    uri: str
    format: str
    code: FailureCode
    message: str
    size: int
    mtime_ns: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HashedFile:
    """Everything one file gave; `media` is None when its bytes could not be read."""

    media: Media | None
    hashes: tuple[Hash, ...] = field(default=())
    failures: tuple[Failure, ...] = field(default=())

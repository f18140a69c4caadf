"""The files of a corpus, each looked at and numbered: what a run makes its variants of."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hashwalk.errors import MediaError, UnreadableError, UsageError
from hashwalk.job.discover import reason_of, walk
from hashwalk.media.facts import Facts
from hashwalk.media.limits import DEFAULT_LIMITS
from hashwalk.media.pictures import OpenPicture
from hashwalk.media.sniff import HEAD_BYTES, Sniffed, sniff
from hashwalk.media.source import Source as OpenFile
from hashwalk.media.source import open_source
from hashwalk.media.videos import OpenVideo
from hashwalk_bench.corpus.manifest import GENERATED, MANIFEST_NAME, Described, read_manifest
from hashwalk_bench.transforms.contract import Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One picture or video of a corpus.

    `number` counts from 0 in the order of `sha256` (lower-case hex), so that it depends on the
    contents of a corpus alone. `path` is where the file is, `name` its path inside the corpus,
    with slashes. `width` and `height` are in pixels as stored, `duration_s` is None for pictures
    and where the container does not tell. `group` is the manifest's, else the topmost folder
    inside the corpus, else None.
    """

    number: int
    path: Path
    name: str
    sha256: str
    medium: Medium
    bytes: int
    width: int | None
    height: int | None
    duration_s: float | None
    licence: str | None
    group: str | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is no source: its path inside the corpus, and why in one line."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """The sources by number, the files that are none, and whether a program made them all up."""

    sources: tuple[Source, ...]
    left_out: tuple[LeftOut, ...]
    synthetic: bool


def read_corpus(
    folder: str | os.PathLike[str], manifest: str | os.PathLike[str] | None = None
) -> Corpus:
    """Return what is in a folder and the folders below it, whatever the files are called.

    Files of equal bytes are one source, the first by path. Every file is decoded once: what is
    neither picture nor video, is damaged or breaks off is left out, with the reason. Licence and
    group are read from `manifest`, by default ``manifest.csv`` in the folder if it is there.
    Raises UsageError where the folder cannot be read, holds no source, or the manifest is
    malformed.
    """
    top = Path(folder)
    names = sorted(_names(top))
    told = read_manifest(top, manifest)
    sources: dict[str, Source] = {}
    left_out = []
    for name in names:
        try:
            found = _look_at(top, name, told.get(name, Described()))
        except MediaError as error:
            left_out.append(LeftOut(name, str(error)))
            continue
        first = sources.setdefault(found.sha256, found)
        if first is not found:
            left_out.append(LeftOut(name, f"has the same bytes as {first.name}"))
    if not sources:
        raise UsageError(f"{top} holds no picture and no video that can be read")
    synthetic = all(source.licence == GENERATED for source in sources.values())
    return Corpus(_numbered(sources), tuple(left_out), synthetic)


def _numbered(sources: dict[str, Source]) -> tuple[Source, ...]:
    ordered = (sources[sha256] for sha256 in sorted(sources))
    return tuple(replace(source, number=number) for number, source in enumerate(ordered))


def _names(top: Path) -> Iterator[str]:
    if not top.is_dir():
        raise UsageError(f"{top} is not a folder: --media names a folder of pictures and videos")
    for path in walk(str(top), None, _refuse):
        name = Path(path).relative_to(top).as_posix()
        if name != MANIFEST_NAME:
            yield name


def _refuse(folder: str, error: OSError | None) -> None:
    """Stop at a folder that cannot be listed; a cross-walk in the corpus is none of it."""
    if error is not None:
        raise UsageError(f"the folder {folder} cannot be listed: {reason_of(error)}")


def _look_at(top: Path, name: str, described: Described) -> Source:
    """Raise MediaError for what is no source."""
    path = top / name
    with open_source(path) as opened:
        head, sha256 = _digest(opened)
        facts = _facts(opened, sniff(head))
    folders = Path(name).parent.parts
    return Source(
        number=0,
        path=path,
        name=name,
        sha256=sha256,
        medium=Medium(facts.type),
        bytes=opened.size,
        width=facts.width,
        height=facts.height,
        duration_s=facts.duration_s,
        licence=described.licence,
        group=described.group or (folders[0] if folders else None),
    )


def _digest(opened: OpenFile) -> tuple[bytes, str]:
    head, digest = b"", hashlib.sha256()
    for chunk in opened.chunks():
        head = head or bytes(chunk[:HEAD_BYTES])
        digest.update(chunk)
    return head, digest.hexdigest()


def _facts(opened: OpenFile, sniffed: Sniffed | None) -> Facts:
    container = sniffed.container if sniffed else None
    try:
        if sniffed and sniffed.type == "picture":
            return _decode_picture(OpenPicture(opened.file, opened.size, sniffed.container))
        with OpenVideo(opened.file, opened.size, container) as video:
            return _decode_video(video)
    except MediaError:
        raise
    except Exception as error:
        raise UnreadableError(f"the file is damaged ({type(error).__name__})") from error


def _decode_picture(picture: OpenPicture) -> Facts:
    picture.decode(DEFAULT_LIMITS)
    return picture.facts


def _decode_video(video: OpenVideo) -> Facts:
    for _ in video.frames(DEFAULT_LIMITS, key_frames_only=False):
        pass
    return video.facts

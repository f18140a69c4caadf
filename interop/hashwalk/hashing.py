"""One file to all its hashes: opened once, read once, decoded once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

from hashwalk.errors import UnreadableError
from hashwalk.format import (
    ByteSink,
    FileHasher,
    Format,
    Kind,
    PathHasher,
    PictureHasher,
    VideoHasher,
)
from hashwalk.media.facts import Facts
from hashwalk.media.limits import DEFAULT_LIMITS, Limits
from hashwalk.media.pictures import OpenPicture
from hashwalk.media.sniff import HEAD_BYTES, Sniffed, sniff
from hashwalk.media.source import Source, open_source
from hashwalk.media.videos import NoVideoError, OpenVideo
from hashwalk.picture import Picture
from hashwalk.registry import get_formats, require_computable
from hashwalk.results import HashedFile, Media
from hashwalk.tally import Tally, failure_reason
from hashwalk.viewing import show

__all__ = ["failure_reason", "file_uri", "hash_file", "hash_with"]


def hash_file(
    path: str | os.PathLike[str],
    formats: Iterable[str],
    *,
    limits: Limits = DEFAULT_LIMITS,
    uri: str | None = None,
) -> HashedFile:
    """Return every hash that `formats` (ids) can make of one file, and what failed.

    The file is opened once, read once for digests, and decoded at most once (once more for a
    video format that raises AnotherPassError, and for key frames alone where a video is damaged);
    a format that does not apply to the kind of media gives neither hash nor failure. What a
    format gives does not depend on the others. What is wrong with the file is never raised, it
    is a failure; what is raised concerns the ids: UnknownFormatError, DuplicateFormatError,
    BrokenFormatError, NotComputableError for a format that can only be carried, and UsageError
    for a text in place of a list. `uri` names the file in the result, by default its ``file:`` URI.
    """
    wanted = tuple(get_formats(formats).values())
    return hash_with(path, wanted, limits=limits, uri=uri)


def hash_with(
    path: str | os.PathLike[str],
    formats: Sequence[Format],
    *,
    limits: Limits = DEFAULT_LIMITS,
    uri: str | None = None,
) -> HashedFile:
    """Do what ``hash_file`` does, with format objects whether installed or not."""
    require_computable(formats)
    tally = Tally(uri or file_uri(path))
    media: Media | None = None
    with tally.blaming(), open_source(path) as source:
        media = _hash_source(source, formats, limits, tally)
        _hash_path(path, source, media.type, formats, tally)
    if media is None:
        tally.stat(path)
    return tally.result(media, formats)


def file_uri(path: str | os.PathLike[str]) -> str:
    """Return the ``file:`` URI of a path, made absolute; a ``..`` is followed, a link is not."""
    absolute = Path(path).absolute()
    if ".." in absolute.parts:
        with suppress(ValueError):  # a name that no file can have
            absolute = Path(os.path.realpath(absolute.parent)) / absolute.name
    return absolute.as_uri()


def _hash_source(source: Source, formats: Sequence[Format], limits: Limits, tally: Tally) -> Media:
    tally.size, tally.mtime_ns = source.size, source.mtime_ns
    head, digests = _digest(source, formats, tally)
    sniffed = sniff(head)
    facts = Facts(type=sniffed.type if sniffed else "other")
    with tally.blaming():
        if sniffed and sniffed.type == "picture":
            facts = _hash_picture(source, sniffed.container, formats, limits, tally)
        else:
            facts = _hash_video(source, sniffed, formats, limits, tally)
    source.check_unchanged()
    return Media(
        uri=tally.uri,
        sha256=digests["sha256"],
        md5=digests["md5"],
        size=source.size,
        mtime_ns=source.mtime_ns,
        **{fact.name: getattr(facts, fact.name) for fact in fields(facts)},
    )


def _digest(
    source: Source, formats: Sequence[Format], tally: Tally
) -> tuple[bytes, dict[str, str]]:
    """Feed the bytes to all digests; return the first bytes and the digests every file gets."""
    always = {"sha256": hashlib.sha256(), "md5": hashlib.md5(usedforsecurity=False)}
    sinks: dict[str, ByteSink] = {}
    for hasher in formats:
        if isinstance(hasher, FileHasher):
            with tally.blaming(hasher.spec.id):
                sinks[hasher.spec.id] = hasher.start_file()
    head = b""
    for chunk in source.chunks():
        head = head or bytes(chunk[:HEAD_BYTES])
        for digest in always.values():
            digest.update(chunk)
        for format_id in sinks.keys() - tally.failed.keys():
            with tally.blaming(format_id):
                sinks[format_id].update(chunk)
    for format_id in sinks.keys() - tally.failed.keys():
        with tally.blaming(format_id):
            tally.hashes[format_id] = sinks[format_id].finish()
    tally.sha256 = always["sha256"].hexdigest()
    return head, {name: digest.hexdigest() for name, digest in always.items()}


def _hash_path(
    path: str | os.PathLike[str],
    source: Source,
    media_type: str,
    formats: Sequence[Format],
    tally: Tally,
) -> None:
    """Have the formats that open the file by themselves do so, each for its kind of media."""
    for hasher in formats:
        if isinstance(hasher, PathHasher) and hasher.spec.kind in {Kind.FILE, media_type}:
            with tally.blaming(hasher.spec.id):
                absolute = Path(path).absolute()
                found = hasher.hash_path(absolute)
                status = absolute.stat()
                if (status.st_size, status.st_mtime_ns) != (source.size, source.mtime_ns):
                    raise UnreadableError("the file was changed while it was read")
                tally.hashes[hasher.spec.id] = found


def _hash_picture(
    source: Source, container: str, formats: Sequence[Format], limits: Limits, tally: Tally
) -> Facts:
    hashers = [f for f in formats if isinstance(f, PictureHasher)]
    facts = Facts(type="picture", container=container)
    with tally.blaming() if hashers else suppress(Exception):
        opened = OpenPicture(source.file, source.size, container)
        facts = opened.facts
        if hashers:
            sizes = frozenset(size for h in hashers for size in h.grey_sizes)
            picture = Picture(opened.decode(limits), sizes)
            for hasher in hashers:
                with tally.blaming(hasher.spec.id):
                    tally.hashes[hasher.spec.id] = hasher.hash_picture(picture)
    return facts


def _hash_video(
    source: Source,
    sniffed: Sniffed | None,
    formats: Sequence[Format],
    limits: Limits,
    tally: Tally,
) -> Facts:
    container = sniffed.container if sniffed else None
    hashers = {f.spec.id: f for f in formats if isinstance(f, VideoHasher)}
    try:
        video = OpenVideo(source.file, source.size, container)
    except NoVideoError as error:
        if any(f.spec.kind is not Kind.FILE for f in formats):
            tally.fail(error)
        return Facts(type="other", container=container)
    except Exception as error:  # noqa: BLE001 - a demuxer may raise anything
        if hashers:
            tally.fail(error)
        return Facts(type="video", container=container)
    with video:
        if hashers:
            with tally.blaming():
                show(video, hashers, limits, tally)
        return video.facts

"""Examples from outside, and the hashes that a format's checks are tried on."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from hashwalk.errors import MediaError
from hashwalk.format import FileHasher, Format, Hash, Kind, PathHasher, PictureHasher, VideoHasher
from hashwalk.picture import Picture
from hashwalk.testing.check import expect
from hashwalk.testing.clips import clip_file, hash_clip
from hashwalk.testing.pictures import make_image, make_picture

FILES = (b"", b"a", b"hashwalk", bytes(range(256)) * 512)


@dataclass(frozen=True, slots=True)
class Example:
    """The text of a hash that somebody else published, and where.

    `encoding` names the text form, where it is not the first that fits. `of` is the file's
    bytes or the picture that the hash is of, where they are at hand.
    """

    text: str
    source: str
    encoding: str | None = None
    of: bytes | Picture | None = None


def sample_hashes(candidate: Format, examples: Sequence[Example]) -> list[Hash]:
    """Return the examples' hashes and some of small files, pictures and clips."""
    parsed = [candidate.parse(e.text, e.encoding) for e in examples]
    return parsed + [job() for job in sample_jobs(candidate)]


def sample_jobs(candidate: Format) -> list[Callable[[], Hash]]:
    """Return functions that each compute the hash of another file, picture or clip."""
    if isinstance(candidate, FileHasher):
        return [partial(hash_bytes, candidate, [data]) for data in FILES]
    if isinstance(candidate, PictureHasher):
        return [partial(hash_seed, candidate, seed) for seed in range(6)]
    if isinstance(candidate, VideoHasher):
        return [partial(hash_clip, candidate, seed=seed) for seed in range(4)]
    if isinstance(candidate, PathHasher):
        return [partial(hash_file_of, candidate, data) for data in path_samples(candidate)]
    return []


def hash_bytes(hasher: FileHasher, chunks: Iterable[bytes | memoryview]) -> Hash:
    """Return the hash of a file that arrives in `chunks`."""
    sink = hasher.start_file()
    for chunk in chunks:
        sink.update(chunk)
    return sink.finish()


def path_samples(candidate: Format) -> list[bytes]:
    """Return the bytes of small files of the kind that a format hashes."""
    if candidate.spec.kind is Kind.PICTURE:
        return [_png(seed) for seed in range(3)]
    if candidate.spec.kind is Kind.VIDEO:
        return [clip_file(seed) for seed in range(2)]
    return [data for data in FILES if data]


def hash_file_of(hasher: PathHasher, data: bytes, name: str = "sample") -> Hash:
    """Return the hash of a file with these bytes under this name; it is gone afterwards."""
    with TemporaryDirectory() as folder:
        path = Path(folder).resolve() / name
        path.write_bytes(data)
        return hasher.hash_path(path)


def _png(seed: int) -> bytes:
    file = io.BytesIO()
    make_image("RGB", 96, 64, seed).save(file, "PNG")
    return file.getvalue()


def hash_seed(hasher: PictureHasher, seed: int) -> Hash:
    """Return the hash of a fresh picture made from `seed`."""
    return hasher.hash_picture(make_picture(seed=seed, grey_sizes=hasher.grey_sizes))


def hash_or_reason(compute: Callable[[], Hash]) -> Hash | None:
    """Return the hash, or None for a MediaError with a reason; other errors pass through."""
    try:
        return compute()
    except MediaError as error:
        expect(bool(str(error).strip()), f"a {type(error).__name__} without a reason")
        return None

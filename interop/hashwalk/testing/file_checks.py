"""Checks of formats that compute a hash from the bytes of a file."""

from __future__ import annotations

from hashwalk.format import FileHasher, Format
from hashwalk.testing.check import expect, guarded
from hashwalk.testing.samples import FILES, hash_bytes

CHUNKS = (1, 63, 64, 65, 4096)


@guarded
def check_chunks(candidate: Format) -> None:
    """Check that a file gives the same hash in any chunks, also empty ones and memoryviews."""
    hasher = _file_hasher(candidate)
    for data in FILES:
        whole = hash_bytes(hasher, [data])
        for size in CHUNKS:
            view = memoryview(data[: 64 * size])
            pieces = [view[i : i + size] for i in range(0, len(view), size)]
            rest = memoryview(data[64 * size :])
            same = hash_bytes(hasher, [b"", *pieces, b"", rest]) == whole
            expect(same, f"a file read in chunks of {size} bytes has another hash")


@guarded
def check_empty_file(candidate: Format) -> None:
    """Check that a file without bytes has a hash, whether or not an empty chunk arrives."""
    hasher = _file_hasher(candidate)
    none = hash_bytes(hasher, [])
    expect(none == hash_bytes(hasher, [b""]), "an empty chunk changes the hash of an empty file")


def _file_hasher(candidate: Format) -> FileHasher:
    if isinstance(candidate, FileHasher):
        return candidate
    raise AssertionError("it does not compute hashes of files")

"""Checks of formats that open and read files by themselves."""

from __future__ import annotations

from functools import partial

from hashwalk.format import Format, PathHasher
from hashwalk.testing.check import expect, guarded
from hashwalk.testing.samples import hash_file_of, hash_or_reason, path_samples
from hashwalk.testing.value_checks import check_well_formed

NAMES = ("-rf", "two words", "$(exit 1);'\"", "näme.jpg")


@guarded
def check_path_determinism(candidate: Format) -> None:
    """Check that a file has the same hash under any name, however hard on a command line."""
    hasher = _path_hasher(candidate)
    for data in path_samples(candidate):
        first = hash_file_of(hasher, data)
        for name in NAMES:
            same = hash_file_of(hasher, data, name) == first
            expect(same, f"a file has another hash under the name {name!r}")


@guarded
def check_path_garbage(candidate: Format) -> None:
    """Check that a file of no sense has a hash, or is refused with a reason."""
    hasher = _path_hasher(candidate)
    for data in (b"\0", bytes(range(256)) * 64):
        found = hash_or_reason(partial(hash_file_of, hasher, data))
        if found is not None:
            check_well_formed(candidate, found)


def _path_hasher(candidate: Format) -> PathHasher:
    if isinstance(candidate, PathHasher):
        return candidate
    raise AssertionError("it does not compute hashes of paths")

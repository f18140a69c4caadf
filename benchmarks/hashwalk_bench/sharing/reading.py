"""Reads and writes what members share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from hashwalk.durable import written_whole
from hashwalk_bench.errors import RunError
from hashwalk_bench.sharing.model import SHARED_SCHEMA, Shared, SharedFormat


def write_shared(path: Path, shared: Shared) -> None:
    """Write counts to a file, with mode 0600, whole or not at all."""
    with written_whole(path) as file:
        file.write(msgspec.json.encode(shared))


def read_shared(path: Path) -> Shared:
    """Return the counts in a file; raises RunError, in one line, for what is none of them."""
    try:
        shared = msgspec.json.decode(path.read_bytes(), type=Shared)
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RunError(
            f"{path} has no shared counts ({error}): `hashwalk bench share` makes them"
        ) from error
    if shared.schema != SHARED_SCHEMA:
        raise RunError(f"{path} has counts of schema {shared.schema}, not {SHARED_SCHEMA}")
    _check(path, shared)
    return shared


def check_alike(paths: Sequence[Path], members: Sequence[Shared]) -> None:
    """Raise RunError where two members measured different things under one name."""
    known: dict[tuple[str, str], tuple[object, Path]] = {}
    for path, member in zip(paths, members, strict=True):
        for each in member.formats:
            made = (each.version, each.grid, each.published_threshold)
            first, where = known.setdefault((each.format, each.medium), (made, path))
            if made != first:
                raise RunError(
                    f"{path} and {where} measured different versions of {each.format}: "
                    "run both with the same version of hashwalk"
                )


def _check(path: Path, shared: Shared) -> None:
    for each in shared.formats:
        if any(len(line) != len(each.grid) for line in _lines(each)):
            raise RunError(f"{path} is damaged: the counts of {each.format} do not fit its grid")
        if not {"all", "choose", "report"} <= each.pairs.keys():
            raise RunError(f"{path} is damaged: {each.format} lacks pairs of a half")


def _lines(each: SharedFormat) -> list[tuple[int, ...]]:
    pairs = [
        line
        for scope in each.pairs.values()
        for line in (
            scope.counts,
            scope.node_squares,
            scope.node_products,
            scope.pair_squares,
            scope.pair_products,
        )
    ]
    copies = [edited.counts for half in each.edited.values() for edited in half]
    return [each.original_counts, *pairs, *copies]
